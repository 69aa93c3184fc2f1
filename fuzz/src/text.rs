//! Targets over the text of policies: what reading promises.

use bailiwick::{Code, Error, LineIndex, PolicyKind, Span};
use bailiwick_normalizer::canonical_json;
use bailiwick_normalizer::normalize;
use bailiwick_parser::syntax::{Document, Element, List, PrincipalValue, Scalar, Statement};
use bailiwick_parser::{parse, parse_partial};
use bailiwick_source::json::{self, Limits};
use serde_json::Value;

/// Reading accepts what serde_json accepts, and a policy printed and read again is the same policy.
pub fn print(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let limit =
        |error: &Error| matches!(error.code, Code::JSON_DEPTH_EXCEEDS_LIMIT | Code::JSON_ITEMS_EXCEED_LIMIT);
    match (json::parse(text, &Limits::default()), serde_json::from_str::<Value>(text)) {
        (Ok(document), Ok(value)) => assert_same(document.root(), &value),
        (Err(_), Err(_)) => {}
        (Err(error), Ok(_)) => assert!(limit(&error), "only serde_json reads this: {error}"),
        (Ok(_), Err(error)) => panic!("serde_json does not read this: {error}"),
    }
    let Ok(document) = parse(text) else { return };
    for kind in PolicyKind::ALL.into_iter().map(Some).chain([None]) {
        let Ok(policy) = normalize(&document, kind) else { continue };
        let printed = canonical_json(&policy);
        let again = parse(&printed).and_then(|document| normalize(&document, kind));
        let again = again.unwrap_or_else(|errors| panic!("{errors}: {printed}"));
        assert_eq!(canonical_json(&again), printed);
    }
}

/// Both readers read the same values. serde_json keeps the last of repeated members, and so does this comparison.
fn assert_same(ours: json::Value<'_, '_>, theirs: &Value) {
    match theirs {
        Value::Object(members) => {
            for (name, member) in members {
                let last = ours.members().filter(|(other, _)| other.value == *name).last();
                let (_, last) = last.unwrap_or_else(|| panic!("{name} is missing"));
                assert_same(last, member);
            }
            let unknown = ours.members().find(|(name, _)| !members.contains_key(&*name.value));
            assert!(unknown.is_none(), "a member of nobody: {unknown:?}");
        }
        Value::Array(items) => {
            assert_eq!(ours.items().count(), items.len());
            ours.items().zip(items).for_each(|(ours, theirs)| assert_same(ours, theirs));
        }
        Value::String(text) => assert_eq!(ours.as_str().as_deref(), Some(&**text)),
        Value::Bool(flag) => assert_eq!(ours.as_bool(), Some(*flag)),
        Value::Number(number) => {
            // serde_json writes the sign of every exponent.
            let plain = |text: &str| text.to_ascii_lowercase().replace("e+", "e");
            assert_eq!(ours.as_number().map(plain), Some(plain(&number.to_string())));
        }
        Value::Null => assert_eq!(ours.kind(), json::Kind::Null),
    }
}

/// Every span, of what was read and of what was wrong, lies on character boundaries, and reads again to its value.
pub fn spans(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let lines = LineIndex::new(text);
    let (document, errors) = parse_partial(text);
    assert_errors(text, &errors);
    let reader = Spans { text, is_complete: errors.is_empty(), lines: &lines };
    if let Some(document) = document {
        reader.document(&document);
    }
    assert_eq!(parse(text).is_ok(), errors.is_empty(), "a document is read exactly if nothing is wrong");
}

/// Mistakes have places in the text, in order, and something to say.
pub(crate) fn assert_errors(text: &str, errors: &[Error]) {
    let lines = LineIndex::new(text);
    for error in errors {
        let places = [Some(error.span), error.related.map(|(span, _)| span)];
        for span in places.into_iter().flatten() {
            assert!(
                span.start <= span.end && span.text(text).is_some(),
                "{span:?} of {} bytes: {error:?}",
                text.len()
            );
            let (start, end) = lines.range(span);
            assert!(
                start.line >= 1 && start.column >= 1 && (start.line, start.column) <= (end.line, end.column)
            );
        }
        assert!(!error.message.is_empty() && !error.message.ends_with('.'), "{error:?}");
    }
    assert!(errors.is_sorted_by_key(|error| error.span.start), "mistakes are in reading order: {errors:?}");
}

struct Spans<'a> {
    text: &'a str,
    /// Whether nothing was wrong: then every text is a JSON string.
    is_complete: bool,
    lines: &'a LineIndex<'a>,
}

impl Spans<'_> {
    fn inside(&self, outer: Span, inner: Span) {
        assert!(outer.contains(inner), "{inner:?} outside of {outer:?}");
        assert!(inner.text(self.text).is_some(), "{inner:?} is not on character boundaries");
        let _ = self.lines.range(inner);
    }

    fn string(&self, outer: Span, span: Span, value: &str) {
        self.inside(outer, span);
        let written = span.text(self.text).unwrap_or_default();
        match serde_json::from_str::<String>(written) {
            Ok(read) => assert_eq!(read, value),
            Err(error) => assert!(!self.is_complete, "{error}: {written}"),
        }
    }

    fn document(&self, document: &Document<'_>) {
        let whole = Span::new(0, u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        self.inside(whole, document.span);
        if let Some(version) = document.version {
            self.string(document.span, version.span, version.value.as_str());
        }
        if let Some(id) = &document.id {
            self.string(document.span, id.span, &id.value);
        }
        for statement in &document.statements {
            self.inside(document.span, statement.span);
            self.statement(statement);
        }
    }

    fn statement(&self, statement: &Statement<'_>) {
        let span = statement.span;
        if let Some(sid) = &statement.sid {
            self.string(span, sid.span, &sid.value);
        }
        if let Some(effect) = statement.effect {
            self.string(span, effect.span, effect.value.as_str());
        }
        if let Some(element) = &statement.principal {
            self.name(span, element, "Principal");
            match &element.value {
                PrincipalValue::Text(text) => self.string(span, text.span, &text.value),
                PrincipalValue::Map { span: map, members } => {
                    self.inside(span, *map);
                    for member in members {
                        self.string(*map, member.key.span, member.key.value.as_str());
                        self.list(*map, &member.values);
                    }
                }
            }
        }
        for (element, name) in [(&statement.action, "Action"), (&statement.resource, "Resource")] {
            if let Some(element) = element {
                self.name(span, element, name);
                self.list(span, &element.value);
            }
        }
        let Some(conditions) = &statement.condition else { return };
        self.inside(span, conditions.span);
        for condition in &conditions.value {
            self.string(conditions.span, condition.operator.span, &condition.operator.value.to_string());
            for key in &condition.keys {
                self.string(conditions.span, key.key.span, &key.key.value);
                self.inside(conditions.span, key.span);
                for value in &key.values {
                    match value.json {
                        Scalar::String => self.string(key.span, value.text.span, &value.text.value),
                        Scalar::Number | Scalar::Boolean => {
                            self.inside(key.span, value.text.span);
                            assert_eq!(value.text.span.text(self.text), Some(&*value.text.value));
                        }
                    }
                }
            }
        }
    }

    fn name<T>(&self, span: Span, element: &Element<T>, name: &str) {
        let not = if element.negated { "Not" } else { "" };
        self.string(span, element.name_span, &format!("{not}{name}"));
    }

    fn list(&self, outer: Span, list: &List<'_>) {
        self.inside(outer, list.span);
        list.items.iter().for_each(|item| self.string(list.span, item.span, &item.value));
    }
}
