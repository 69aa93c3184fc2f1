//! An environment while it is filled: policy documents are read, and mistakes are collected.

use std::sync::Arc;

use bailiwick_source::json::{Kind, Value};
use bailiwick_source::object::Reader;
use bailiwick_source::url::decode;
use bailiwick_source::{Error, LineIndex, Span};

use crate::document::{DocumentKind, PolicySource};
use crate::model::{Attached, Environment, subject};

/// An environment while it is filled, and the mistakes met.
pub(crate) struct Loader<'l> {
    pub(crate) reader: &'l mut Reader,
    pub(crate) environment: &'l mut Environment,
    /// The command whose output is read, as it is typed.
    pub(crate) call: String,
}

/// Where an output belongs: its account, its Region, and what it is about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) account: &'a str,
    /// Empty for `global`.
    pub(crate) region: &'a str,
    /// Empty when the command has none.
    pub(crate) subject: &'a str,
}

impl<'l> Loader<'l> {
    pub(crate) fn new(reader: &'l mut Reader, environment: &'l mut Environment) -> Self {
        Self { reader, environment, call: String::new() }
    }
}

impl Loader<'_> {
    /// A policy document: an object, JSON text, or JSON text in URL encoding. It must be a policy.
    pub(crate) fn document(&mut self, kind: DocumentKind, value: Value<'_, '_>) -> Option<Arc<PolicySource>> {
        match value.kind() {
            Kind::Object => {
                let limits = value.document().limits();
                let result = self.environment.sources.get_within(kind.policy_kind(), value.text(), limits);
                match result {
                    Ok(source) => Some(source),
                    Err(errors) => {
                        for error in errors {
                            self.reader.report(moved(error, value.span().start));
                        }
                        None
                    }
                }
            }
            Kind::String => {
                let written = value.as_str()?;
                let text = match decode(&written) {
                    Ok(text) => text.into_owned(),
                    Err(error) => {
                        let message = format!("the {} in this output: {}", kind.words(), error.message);
                        self.reader.report(Error { span: value.span(), message, ..error });
                        return None;
                    }
                };
                self.text(kind, &text, value)
            }
            _ => {
                self.reader.wrong_type(value, kind.words(), "a policy document, or one as a JSON string");
                None
            }
        }
    }

    /// The policy document that `value` holds as a string.
    pub(crate) fn text(
        &mut self,
        kind: DocumentKind,
        text: &str,
        value: Value<'_, '_>,
    ) -> Option<Arc<PolicySource>> {
        let limits = value.document().limits();
        let errors = match self.environment.sources.get_within(kind.policy_kind(), text, limits) {
            Ok(source) => return Some(source),
            Err(errors) => errors,
        };
        let lines = LineIndex::new(text);
        for error in errors {
            let at = lines.position(error.span.start);
            let message = format!(
                "line {}, column {} of the {} in this output: {}",
                at.line,
                at.column,
                kind.words(),
                error.message
            );
            self.reader.report(Error { span: value.span(), message, related: None, ..error });
        }
        None
    }

    /// Keeps the document of a resource, or that it has none.
    pub(crate) fn attach(
        &mut self,
        kind: DocumentKind,
        arn: &str,
        place: &Place<'_>,
        source: Option<Arc<PolicySource>>,
    ) {
        let attached =
            Attached { account: place.account.to_owned(), region: place.region.to_owned(), source };
        self.environment.attached.insert((kind, subject(kind, arn)), attached);
    }
}

/// A mistake of a document that begins at `start` of the text it is part of.
fn moved(error: Error, start: u32) -> Error {
    let moved = |span: Span| Span::new(span.start.saturating_add(start), span.end.saturating_add(start));
    Error { span: moved(error.span), related: error.related.map(|(span, what)| (moved(span), what)), ..error }
}

/// A value at a path of members.
pub(crate) fn at<'d, 's>(value: Value<'d, 's>, path: &[&str]) -> Option<Value<'d, 's>> {
    let found = path.iter().try_fold(value, |value, name| value.member(name))?;
    (found.kind() != Kind::Null).then_some(found)
}

/// A text at a path of members.
pub(crate) fn text_at(value: Value<'_, '_>, path: &[&str]) -> Option<String> {
    at(value, path)?.as_str().map(std::borrow::Cow::into_owned)
}
