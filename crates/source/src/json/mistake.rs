//! How mistakes of a text are worded.

use super::limits::Limits;
use super::node::{Kind, to_offset};
use super::value::{Document, Value};
use crate::display::shown;
use crate::{Code, Error, Span};

/// The length that no text may exceed, whatever the limits. Places in it, and in what is made of it, are
/// counted in 32 bits; a policy's texts are kept as they are written and as they are compared, which is less
/// than four times as much.
const MOST_BYTES: usize = 1 << 30;

/// The limit on the length of the text, or the length that places can be counted in.
pub(super) fn too_long(source: &str, limits: &Limits) -> Option<Error> {
    let limit = limits.max_bytes.min(MOST_BYTES);
    (source.len() > limit).then(|| {
        let message = format!("the text has {} bytes, more than the limit of {limit}", source.len());
        Error::new(Code::JSON_SIZE_EXCEEDS_LIMIT, Span::empty(0), message)
    })
}

/// The limit on nesting.
pub(super) fn too_deep(span: Span, limits: &Limits) -> Error {
    let message = format!("lists and objects are nested deeper than the limit of {}", limits.max_depth);
    Error::new(Code::JSON_DEPTH_EXCEEDS_LIMIT, span, message)
}

/// The limit on the number of values.
pub(super) fn too_many(span: Span, limits: &Limits) -> Error {
    let message = format!("the text holds more values than the limit of {}", limits.max_nodes);
    Error::new(Code::JSON_NODES_EXCEED_LIMIT, span, message)
}

/// The limits on single values, of a text that was read to its end. A value cannot hold more than the whole
/// text, so that most texts need no second look.
pub(super) fn too_large(document: &Document<'_>) -> Option<Error> {
    let limits = &document.limits;
    let (many, long) = (document.nodes.len() > limits.max_items, document.source.len() > limits.max_string);
    if !many && !long {
        return None;
    }
    let mut nodes = (0..).zip(&document.nodes);
    nodes.find_map(|(index, node)| {
        let span = Span::new(node.start, node.end);
        let value = Value::at(document, index);
        let count = match node.kind {
            Kind::String if span.len() as usize > limits.max_string => {
                let message = format!(
                    "the string has {} bytes, more than the limit of {}",
                    span.len(),
                    limits.max_string
                );
                return Some(Error::new(Code::JSON_STRING_EXCEEDS_LIMIT, span, message));
            }
            Kind::Array if many => value.items().count(),
            Kind::Object if many => value.members().count(),
            _ => 0,
        };
        (count > limits.max_items).then(|| {
            let what = if node.kind == Kind::Array { "list" } else { "object" };
            let message =
                format!("the {what} holds {count} values, more than the limit of {}", limits.max_items);
            Error::new(
                Code::JSON_ITEMS_EXCEED_LIMIT,
                Span::new(node.start, node.start.saturating_add(1)),
                message,
            )
        })
    })
}

/// A syntax error at `start..end`.
pub(super) fn syntax(start: usize, end: usize, message: impl Into<String>) -> Error {
    Error::new(Code::JSON_SYNTAX_ERROR, Span::new(to_offset(start), to_offset(end)), message)
}

/// The text at `at` is not what was expected.
pub(super) fn unexpected(source: &str, at: usize, expected: &str) -> Error {
    let rest = source.get(at..).unwrap_or_default();
    let Some(first) = rest.chars().next() else {
        return syntax(at, at, format!("the text ends where {expected} is expected"));
    };
    if let Some(length) = string_length(rest) {
        return syntax(at, at + length, format!("found a string, expected {expected}"));
    }
    let length = word_length(rest).max(first.len_utf8());
    let found = rest.get(..length).unwrap_or_default();
    let error = syntax(at, at + length, format!("found {}, expected {expected}", shown(found)));
    match first {
        '\u{feff}' => error.with_help("remove the byte order mark; a document is UTF-8 text without one"),
        '“' | '”' | '„' | '‘' | '’' | '«' | '»' => {
            error.with_help("write plain double quotes (`\"`) around names and strings")
        }
        '\u{a0}' | '\u{200b}'..='\u{200d}' | '\u{2028}' | '\u{2029}' | '\u{3000}' => {
            error.with_help("only spaces, tabs and line breaks may separate values")
        }
        _ => error,
    }
}

/// The text ends in the container that `opener` opens.
pub(super) fn unclosed(source: &str, opener: Option<(u32, Kind)>, expected: &str) -> Error {
    let error = unexpected(source, source.len(), expected);
    match opener {
        Some((start, Kind::Object)) => {
            error.with_related(Span::new(start, start + 1), "this object is not closed")
        }
        Some((start, _)) => error.with_related(Span::new(start, start + 1), "this list is not closed"),
        None if source.trim().is_empty() => error.with_help("the document is empty"),
        None => error,
    }
}

/// How many bytes the string that `text` begins with has, if it begins with one that ends on its line.
fn string_length(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('"')?;
    let end = inner.find(['"', '\n'])?;
    inner.get(end..)?.starts_with('"').then_some(end + 2)
}

/// How many bytes the word that `text` begins with has: letters, digits, and what numbers are made of.
pub(super) fn word_length(text: &str) -> usize {
    text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '+' | '-' | '.' | '$')))
        .unwrap_or(text.len())
}
