//! Changes of a policy's text that leave the rest of it as it was written.

use std::ops::Range;

use bailiwick_parser::syntax::{self, List};
use bailiwick_source::Span;

use super::Statement;
use bailiwick_environment::PolicySource;

/// A document with one more statement; `None` when it has none.
pub(crate) fn append(source: &PolicySource, statement: &Statement) -> Option<String> {
    let (text, document) = (source.text(), source.syntax());
    let last = document.statements.last()?.span;
    let (start, end) = range(last);
    let behind = text.get(end..)?.trim_start();
    let first = range(document.statements.first()?.span).0;
    let in_list = behind.starts_with(']') || document.statements.len() > 1;
    let many_lines = text.trim().contains('\n');
    let new = if many_lines {
        let indent = indent_at(text, start);
        let body = serde_json::to_string_pretty(statement).ok()?.replace('\n', &format!("\n{indent}"));
        format!(",\n{indent}{body}")
    } else {
        format!(", {}", serde_json::to_string(statement).ok()?)
    };
    let mut changed = text.to_string();
    if in_list {
        changed.insert_str(end, &new);
    } else {
        changed.insert_str(end, &format!("{new}]"));
        changed.insert(first, '[');
    }
    Some(changed)
}

/// A new document of one statement.
pub(crate) fn document(statement: &Statement) -> String {
    #[derive(serde::Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Document<'s> {
        version: &'static str,
        statement: [&'s Statement; 1],
    }
    let document = Document { version: "2012-10-17", statement: [statement] };
    serde_json::to_string_pretty(&document).unwrap_or_default()
}

/// The list of a statement that a value is added to.
#[derive(Clone, Debug)]
pub(crate) enum Element<'e> {
    Action,
    Resource,
    Condition { operator: &'e str, key: &'e str },
}

/// A document whose statement has one more value in a list; `None` when it has no such list, or has the value.
pub(crate) fn add_value(
    source: &PolicySource,
    statement: usize,
    element: &Element<'_>,
    value: &str,
) -> Option<String> {
    let statement = source.syntax().statements.get(statement)?;
    let of_list = |element: Option<&syntax::Element<List<'_>>>| {
        let list = &element.filter(|element| !element.negated)?.value;
        let has = list.items.iter().any(|item| item.value == value);
        (!has).then_some((list.span, list.is_list, list.items.is_empty()))
    };
    let (span, is_list, is_empty) = match element {
        Element::Action => of_list(statement.action.as_ref())?,
        Element::Resource => of_list(statement.resource.as_ref())?,
        Element::Condition { operator, key } => {
            let condition = find(statement, operator, key)?;
            let has = condition.values.iter().any(|known| known.text.value == value);
            (!has).then_some((condition.span, condition.is_list, condition.values.is_empty()))?
        }
    };
    insert(source.text(), span, is_list, is_empty, value)
}

/// A document whose statement asks for one thing more.
pub(crate) fn add_condition(
    source: &PolicySource,
    statement: usize,
    operator: &str,
    key: &str,
    value: &str,
) -> Option<String> {
    let text = source.text();
    let found = source.syntax().statements.get(statement)?;
    if find(found, operator, key).is_some() {
        return add_value(source, statement, &Element::Condition { operator, key }, value);
    }
    let (key, value) = (quoted(key)?, quoted(value)?);
    let operators = found.condition.as_ref();
    let same =
        operators.into_iter().flat_map(|c| &c.value).find(|c| c.operator.value.to_string() == operator);
    let mut changed = text.to_string();
    if let Some(same) = same {
        // Before the operator's first key.
        let first = range(same.keys.first()?.key.span).0;
        changed.insert_str(first, &format!("{key}: {value}, "));
        return Some(changed);
    }
    let operator = quoted(operator)?;
    match operators {
        Some(condition) if !condition.value.is_empty() => {
            let first = range(condition.value.first()?.operator.span).0;
            changed.insert_str(first, &format!("{operator}: {{{key}: {value}}}, "));
        }
        Some(condition) => {
            let (start, end) = range(condition.span);
            changed.replace_range(start..end, &format!("{{{operator}: {{{key}: {value}}}}}"));
        }
        None => {
            let end = range(found.span).1.checked_sub(1)?;
            let before = text.get(..end)?.trim_end().len();
            changed.insert_str(before, &format!(", \"Condition\": {{{operator}: {{{key}: {value}}}}}"));
        }
    }
    Some(changed)
}

fn find<'s, 'd>(
    statement: &'s syntax::Statement<'d>,
    operator: &str,
    key: &str,
) -> Option<&'s syntax::ConditionKey<'d>> {
    let operators = statement.condition.iter().flat_map(|condition| &condition.value);
    let same = operators.filter(|condition| condition.operator.value.to_string() == operator);
    same.flat_map(|condition| &condition.keys).find(|known| known.key.value.eq_ignore_ascii_case(key))
}

/// Puts a value into a list, or makes a list of the one value there is.
fn insert(text: &str, span: Span, is_list: bool, is_empty: bool, value: &str) -> Option<String> {
    let value = quoted(value)?;
    let (start, end) = range(span);
    let mut changed = text.to_owned();
    if !is_list {
        let old = text.get(start..end)?;
        changed.replace_range(start..end, &format!("[{old}, {value}]"));
        return Some(changed);
    }
    if is_empty {
        changed.replace_range(start..end, &format!("[{value}]"));
        return Some(changed);
    }
    let inside = text.get(start..end.checked_sub(1)?)?;
    let place = start + inside.trim_end().len();
    let separator = match inside.rfind('\n') {
        Some(_) => format!(",\n{}", indent_at(text, place)),
        None => ", ".to_owned(),
    };
    changed.insert_str(place, &format!("{separator}{value}"));
    Some(changed)
}

fn quoted(text: &str) -> Option<String> {
    serde_json::to_string(text).ok()
}

fn range(span: Span) -> (usize, usize) {
    (span.start as usize, span.end as usize)
}

/// The blanks at the beginning of the line a place is in.
fn indent_at(text: &str, place: usize) -> String {
    let before: Range<usize> = 0..place.min(text.len());
    let line = text.get(before).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
    line.chars().take_while(|c| c.is_whitespace()).collect()
}

/// The text without blanks between its tokens, as a command line takes it.
pub(crate) fn compact(text: &str) -> String {
    let mut compact = String::with_capacity(text.len());
    let (mut in_string, mut escaped) = (false, false);
    for c in text.chars() {
        if in_string {
            (in_string, escaped) = (escaped || c != '"', !escaped && c == '\\');
        } else if c == '"' {
            in_string = true;
        } else if c.is_whitespace() {
            continue;
        }
        compact.push(c);
    }
    compact
}

#[cfg(test)]
mod tests {
    use bailiwick_evaluator::PolicyKind;
    use bailiwick_source::json::Limits;

    use super::{Element, Statement, add_condition, add_value, append, compact};
    use bailiwick_environment::PolicySource;

    const ONE: &str =
        r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": ["a", "b"]}}"#;

    fn read(text: &str) -> PolicySource {
        PolicySource::parse(text, PolicyKind::Identity, &Limits::default()).expect("a policy")
    }

    fn statement() -> Statement {
        Statement {
            effect: "Deny".into(),
            resource: Some(super::super::OneOrMany::One("*".into())),
            ..Statement::default()
        }
    }

    fn is_policy(text: &str) -> String {
        bailiwick_parser::parse(text).map(|_| text.to_owned()).expect("still a policy")
    }

    #[test]
    fn a_single_statement_becomes_a_list_and_a_list_grows() {
        let both = append(
            &read(ONE),
            &Statement { action: Some(super::super::OneOrMany::One("s3:*".into())), ..statement() },
        );
        let both = is_policy(&both.unwrap());
        assert!(both.ends_with(r#""b"]}, {"Effect":"Deny","Action":"s3:*","Resource":"*"}]}"#), "{both}");
        let three = append(
            &read(&both),
            &Statement { action: Some(super::super::OneOrMany::One("*".into())), ..statement() },
        );
        assert_eq!(bailiwick_parser::parse(&is_policy(&three.unwrap())).unwrap().statements.len(), 3);
    }

    #[test]
    fn lines_keep_their_indentation() {
        let text = "{\n  \"Statement\": [\n    {\n      \"Effect\": \"Allow\",\n      \"Resource\": \"*\",\n      \"Action\": [\n        \"a:b\"\n      ]\n    }\n  ]\n}";
        let more = add_value(&read(text), 0, &Element::Action, "c:d").unwrap();
        assert!(more.contains("        \"a:b\",\n        \"c:d\"\n      ]"), "{more}");
        let new = Statement { action: Some(super::super::OneOrMany::One("e:f".into())), ..statement() };
        let more = append(&read(text), &new).unwrap();
        assert!(
            more.contains(
                "    },\n    {\n      \"Effect\": \"Deny\",\n      \"Action\": \"e:f\",\n      \"Resource\": \"*\"\n    }\n  ]"
            ),
            "{more}"
        );
    }

    #[test]
    fn a_value_joins_its_list_once() {
        assert!(
            is_policy(&add_value(&read(ONE), 0, &Element::Resource, "c").unwrap())
                .contains(r#"["a", "b", "c"]"#)
        );
        assert!(
            is_policy(&add_value(&read(ONE), 0, &Element::Action, "s3:PutObject").unwrap())
                .contains(r#"["s3:GetObject", "s3:PutObject"]"#)
        );
        assert_eq!(add_value(&read(ONE), 0, &Element::Resource, "a"), None);
        assert_eq!(add_value(&read(ONE), 1, &Element::Resource, "c"), None);
    }

    #[test]
    fn a_condition_is_added_to_what_is_there() {
        let first =
            is_policy(&add_condition(&read(ONE), 0, "StringEquals", "aws:SourceAccount", "1").unwrap());
        let second =
            is_policy(&add_condition(&read(&first), 0, "StringEquals", "aws:PrincipalOrgID", "o").unwrap());
        let third =
            is_policy(&add_condition(&read(&second), 0, "ArnLike", "aws:SourceArn", "arn:x").unwrap());
        let fourth =
            is_policy(&add_condition(&read(&third), 0, "ArnLike", "AWS:sourcearn", "arn:y").unwrap());
        assert!(fourth.contains(
            r#""Condition": {"ArnLike": {"aws:SourceArn": ["arn:x", "arn:y"]}, "StringEquals": {"aws:PrincipalOrgID": "o", "aws:SourceAccount": "1"}}"#
        ), "{fourth}");
    }

    #[test]
    fn blanks_inside_strings_stay() {
        assert_eq!(compact("{ \"a b\" : \"\\\" c\" ,\n \"d\": 1 }"), r#"{"a b":"\" c","d":1}"#);
    }
}
