//! A document as checks read it.

use std::borrow::Cow;
use std::collections::HashMap;

use bailiwick_matcher::{Segment, TemplateOptions, segments};
use bailiwick_parser::syntax::{
    BaseOperator, Condition, ConditionKey, Document, Effect, Element, Family, List, PrincipalKey,
    PrincipalMember, PrincipalValue, Statement, Version,
};
use bailiwick_source::{Code, Error, Span, Text, json};

use crate::tables::{self, Key};
use crate::{Kind, Kinds};

/// One document under check.
pub(crate) struct Policy<'a> {
    pub(crate) source: &'a str,
    pub(crate) kind: Kind,
    /// The syntax tree, as far as there is one.
    pub(crate) document: Option<&'a Document<'a>>,
    /// The errors that the parser found.
    pub(crate) errors: &'a [Error],
    /// The text as JSON: for what the syntax tree does not keep.
    pub(crate) json: Option<&'a json::Document<'a>>,
    /// The statements as JSON, by where they begin.
    objects: HashMap<u32, json::Value<'a, 'a>>,
}

impl<'a> Policy<'a> {
    pub(crate) fn new(
        source: &'a str,
        kind: Kind,
        (document, errors): (Option<&'a Document<'a>>, &'a [Error]),
        json: Option<&'a json::Document<'a>>,
    ) -> Self {
        let statement = json.and_then(|json| json.root().member("Statement"));
        let objects = statement.into_iter().flat_map(|value| std::iter::once(value).chain(value.items()));
        let objects = objects.map(|value| (value.span().start, value)).collect();
        Self { source, kind, document, errors, json, objects }
    }

    /// Whether the text is JSON. If not, what seems to be missing may have been lost.
    pub(crate) fn is_whole(&self) -> bool {
        !self.errors.iter().any(|error| error.code == Code::JSON_SYNTAX_ERROR)
    }

    /// Whether something in there could not be read, so that what is left may not be all.
    pub(crate) fn is_partial(&self, span: Span) -> bool {
        self.errors.iter().any(|error| span.contains(error.span))
    }

    /// The statement as JSON.
    pub(crate) fn json_of(&self, statement: &Statement<'_>) -> Option<json::Value<'a, 'a>> {
        self.objects.get(&statement.span.start).copied()
    }

    /// Whether the statement has an element, readable or not.
    pub(crate) fn is_written(&self, statement: &Statement<'_>, element: &str) -> bool {
        self.json_of(statement).is_some_and(|object| object.member(element).is_some())
    }

    pub(crate) fn statements(&self) -> &'a [Statement<'a>] {
        self.document.map(|document| document.statements.as_slice()).unwrap_or_default()
    }

    pub(crate) fn is(&self, kinds: Kinds) -> bool {
        kinds.contains(self.kind)
    }

    /// Whether `${…}` is a policy variable.
    pub(crate) fn has_variables(&self) -> bool {
        let version = self.document.and_then(|document| document.version);
        version.is_some_and(|version| version.value == Version::V2012)
    }
}

/// The operators, keys and values of a statement's condition.
pub(crate) fn conditions<'a>(
    statement: &'a Statement<'a>,
) -> impl Iterator<Item = (&'a Condition<'a>, &'a ConditionKey<'a>)> {
    let conditions = statement.condition.iter().flat_map(|block| &block.value);
    conditions.flat_map(|condition| condition.keys.iter().map(move |key| (condition, key)))
}

/// Whether some operator of the statement looks at one of the keys, letter case ignored.
pub(crate) fn looks_at(statement: &Statement<'_>, keys: &[&str]) -> bool {
    conditions(statement).any(|(_, key)| keys.iter().any(|wanted| is_key(key, wanted)))
}

/// Whether it is that key, letter case ignored (rule M-38).
pub(crate) fn is_key(key: &ConditionKey<'_>, wanted: &str) -> bool {
    key.key.value.eq_ignore_ascii_case(wanted)
}

/// What is known of the key.
pub(crate) fn known(key: &ConditionKey<'_>) -> Option<&'static Key> {
    tables::of_key(&key.key.value)
}

/// Whether the statement allows.
pub(crate) fn allows(statement: &Statement<'_>) -> bool {
    statement.effect.is_some_and(|effect| effect.value == Effect::Allow)
}

/// Whether the statement denies.
pub(crate) fn denies(statement: &Statement<'_>) -> bool {
    statement.effect.is_some_and(|effect| effect.value == Effect::Deny)
}

/// The items of `Action` (not of `NotAction`).
pub(crate) fn actions<'a>(statement: &'a Statement<'a>) -> &'a [Text<'a>] {
    positive(statement.action.as_ref())
}

/// The items of `Resource` (not of `NotResource`).
pub(crate) fn resources<'a>(statement: &'a Statement<'a>) -> &'a [Text<'a>] {
    positive(statement.resource.as_ref())
}

fn positive<'a>(element: Option<&'a Element<List<'a>>>) -> &'a [Text<'a>] {
    element
        .filter(|element| !element.negated)
        .map(|element| element.value.items.as_slice())
        .unwrap_or_default()
}

/// The members of `Principal` or `NotPrincipal`, when it is an object.
pub(crate) fn members<'a>(statement: &'a Statement<'a>) -> &'a [PrincipalMember<'a>] {
    match statement.principal.as_ref().map(|principal| &principal.value) {
        Some(PrincipalValue::Map { members, .. }) => members,
        _ => &[],
    }
}

/// The values that `Principal` (not `NotPrincipal`) names under one member.
pub(crate) fn principals<'a>(
    statement: &'a Statement<'a>,
    wanted: PrincipalKey,
) -> impl Iterator<Item = &'a Text<'a>> {
    let named = statement.principal.as_ref().is_some_and(|principal| !principal.negated);
    let members = members(statement).iter().filter(move |member| named && member.key.value == wanted);
    members.flat_map(|member| &member.values.items)
}

/// Whether `Principal` is `"*"`, in either spelling (rule G-19).
pub(crate) fn names_everyone(statement: &Statement<'_>) -> bool {
    let text = match statement.principal.as_ref() {
        Some(Element { negated: false, value: PrincipalValue::Text(text), .. }) => text.value == "*",
        _ => false,
    };
    text || principals(statement, PrincipalKey::Aws).any(|value| value.value == "*")
}

/// The span of `Principal` or `NotPrincipal`: its value.
pub(crate) fn principal_span(statement: &Statement<'_>) -> Span {
    match statement.principal.as_ref().map(|principal| &principal.value) {
        Some(PrincipalValue::Text(text)) => text.span,
        Some(PrincipalValue::Map { span, .. }) => *span,
        None => statement.span,
    }
}

/// The opening brace of an object: where something is missing inside.
pub(crate) fn opening(object: Span) -> Span {
    Span::new(object.start, object.start.saturating_add(1))
}

/// The text of a string without its quotes: where a part of it can be pointed at. Only of strings without escapes,
/// whose text is the document's; else the whole string.
pub(crate) fn inside(text: &Text<'_>, start: usize, end: usize) -> Span {
    let plain = matches!(text.value, Cow::Borrowed(_)) && text.span.len() as usize == text.value.len() + 2;
    match (u32::try_from(start), u32::try_from(end)) {
        (Ok(start), Ok(end)) if plain => Span::new(text.span.start + 1 + start, text.span.start + 1 + end),
        _ => text.span,
    }
}

/// Whether `*` and `?` are wildcards under the operator.
pub(crate) fn takes_wildcards(base: BaseOperator) -> bool {
    matches!(base, BaseOperator::StringLike | BaseOperator::StringNotLike) || base.family() == Family::Arn
}

/// A text without its policy variables: the text between them, wildcards included.
pub(crate) fn without_variables(text: &str) -> String {
    let options = TemplateOptions { wildcards: false, variables: true };
    let plain = |(_, segment)| match segment {
        Segment::Text(text) => Some(text),
        _ => None,
    };
    segments(text, options).filter_map(plain).collect()
}

/// A text as a pattern: a variable may become any text, an escape is a literal character. A
/// malformed variable has a finding of its own; the text after it may match anything.
pub(crate) fn as_pattern(text: &str) -> Cow<'_, str> {
    if !text.contains("${") {
        return Cow::Borrowed(text);
    }
    let mut pattern = String::with_capacity(text.len());
    for (_, segment) in segments(text, TemplateOptions { wildcards: false, variables: true }) {
        match segment {
            Segment::Text(text) => pattern.push_str(text),
            Segment::Escape(_) => pattern.push(ESCAPED),
            Segment::Variable { .. } | Segment::AnyRun | Segment::AnyOne => pattern.push('*'),
            Segment::Malformed(_) => {
                pattern.push('*');
                break;
            }
        }
    }
    Cow::Owned(pattern)
}

/// Replaces a literal wildcard character (`${*}`) in a pattern: no name has this character.
pub(crate) const ESCAPED: char = '\u{1}';
