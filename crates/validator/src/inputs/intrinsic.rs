//! CloudFormation's functions inside a policy document.
//!
//! Each is replaced by a JSON string of the same length, so that all places stay where they are. What `Ref`, `Fn::Sub`
//! and `Fn::Join` make is known as far as it matters: pseudo parameters get a value they may have, names of
//! resources and parameters are kept. A value that may be anything, most often an ARN of some resource, is opaque: it has
//! no findings.

use std::borrow::Cow;

use bailiwick_source::Span;
use bailiwick_source::json::{Kind as Json, Value};

use super::Function;

/// Whether an object is a call of a function: it has one member, `Ref` or `Fn::…`.
pub(super) fn is_function(value: Value<'_, '_>) -> bool {
    let mut members = value.members();
    let called =
        members.next().is_some_and(|(name, _)| name.value == "Ref" || name.value.starts_with("Fn::"));
    called && members.next().is_none()
}

/// The text of a document without functions, and where these are.
pub(super) fn replaced<'src>(document: Value<'_, 'src>) -> (Cow<'src, str>, Vec<Function>) {
    let start = document.span().start;
    let mut functions = Vec::new();
    let mut values = vec![document];
    while let Some(value) = values.pop() {
        if is_function(value) {
            functions.push(value);
        } else {
            values.extend(value.items());
            values.extend(value.members().map(|(_, member)| member));
        }
    }
    if functions.is_empty() {
        return (Cow::Borrowed(document.text()), Vec::new());
    }
    functions.sort_by_key(|value| value.span());
    let source = document.text();
    let (mut text, mut places, mut at) = (String::with_capacity(source.len()), Vec::new(), 0);
    for function in functions {
        let span = function.span();
        let (from, to) = ((span.start - start) as usize, (span.end - start) as usize);
        text.push_str(source.get(at..from).unwrap_or_default());
        let known = made(function).map(|made| quoted(&made)).filter(|made| made.len() <= to - from);
        places.push(Function {
            span: Span::new(span.start - start, span.end - start),
            opaque: known.is_none(),
        });
        let made = known.unwrap_or_else(|| "\"*\"".to_owned());
        text.push_str(&made);
        text.extend(std::iter::repeat_n(' ', (to - from).saturating_sub(made.len())));
        at = to;
    }
    text.push_str(source.get(at..).unwrap_or_default());
    (Cow::Owned(text), places)
}

/// A text as a JSON string.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for found in text.chars() {
        match found {
            '"' | '\\' => quoted.extend(['\\', found]),
            '\u{0}'..='\u{1f}' => quoted.push(' '),
            _ => quoted.push(found),
        }
    }
    quoted.push('"');
    quoted
}

/// What a function makes, if that is a text of which enough is known.
fn made(function: Value<'_, '_>) -> Option<String> {
    let (name, argument) = function.members().next()?;
    match name.value.as_ref() {
        "Ref" => pseudo(&argument.as_str()?).map(str::to_owned),
        "Fn::Sub" => {
            let text = argument.as_str().or_else(|| argument.items().next().and_then(Value::as_str))?;
            substituted(&text)
        }
        "Fn::Join" => joined(argument),
        _ => None,
    }
}

/// A value that a pseudo parameter may have.
fn pseudo(name: &str) -> Option<&'static str> {
    Some(match name {
        "AWS::AccountId" => "111122223333",
        "AWS::Partition" => "aws",
        "AWS::Region" => "us-east-1",
        "AWS::URLSuffix" => "amazonaws.com",
        _ => return None,
    })
}

/// `Fn::Sub`: `${Name}` is replaced, `${!Name}` is the policy variable `${Name}`.
fn substituted(text: &str) -> Option<String> {
    let mut made = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, variable)) = rest.split_once("${") {
        made.push_str(before);
        let (name, after) = variable.split_once('}')?;
        match name.strip_prefix('!') {
            Some(variable) => made.extend(["${", variable, "}"]),
            // What a text begins with decides what it is.
            None => match pseudo(name) {
                Some(value) => made.push_str(value),
                None if made.is_empty() => return None,
                None => made.push_str(name),
            },
        }
        rest = after;
    }
    made.push_str(rest);
    Some(made)
}

/// `Fn::Join`: a separator and a list of texts and functions.
fn joined(argument: Value<'_, '_>) -> Option<String> {
    let mut arguments = argument.items();
    let (separator, list) = (arguments.next()?.as_str()?, arguments.next()?);
    let mut made = String::new();
    for (at, part) in list.items().enumerate() {
        if at > 0 {
            made.push_str(&separator);
        }
        match part.kind() {
            Json::String => made.push_str(&part.as_str()?),
            _ => {
                let (name, argument) = part.members().next()?;
                let argument = argument.as_str();
                match (name.value.as_ref(), argument) {
                    ("Ref", Some(name)) => match pseudo(&name) {
                        Some(value) => made.push_str(value),
                        None if made.is_empty() => return None,
                        None => made.push_str(&name),
                    },
                    ("Fn::Sub", Some(text)) => made.push_str(&substituted(&text)?),
                    // Some part of some resource.
                    _ if made.is_empty() => return None,
                    _ => made.push_str("value"),
                }
            }
        }
    }
    Some(made)
}
