//! What the readers of all elements share: the list of errors, and values of the expected type.

use bailiwick_source::display::shown;
use bailiwick_source::json::{Kind, Limits, Value};
use bailiwick_source::{Code, Error, Span, Text, nearest};

use crate::codes;
use crate::syntax::{List, Operator};

/// The elements of a document.
pub(super) const DOCUMENT_ELEMENTS: [&str; 3] = ["Version", "Id", "Statement"];

/// Collects the mistakes while it reads.
pub(super) struct Reader {
    pub(super) errors: Vec<Error>,
    /// How many mistakes are listed at most, and how many more.
    most: usize,
    left: usize,
    pub(super) max_statements: usize,
}

impl Reader {
    /// A reader for a text that already has `found` mistakes; without a first mistake, one is listed in any
    /// case.
    pub(super) fn new(limits: &Limits, found: usize) -> Self {
        let most = limits.max_errors.max(1);
        let left = most.saturating_sub(found);
        Self { errors: Vec::new(), most, left, max_statements: limits.max_statements }
    }

    /// The value of an element that is a string.
    pub(super) fn string<'src>(&mut self, element: &str, value: Value<'_, 'src>) -> Option<Text<'src>> {
        let text = value.as_text();
        if text.is_none() {
            self.wrong_type(element, value, "a string");
        }
        text.filter(|_| !value.is_broken())
    }

    /// The value of an element that is a string or a list of strings.
    pub(super) fn list<'src>(&mut self, element: &str, value: Value<'_, 'src>) -> Option<List<'src>> {
        let span = value.span();
        if let Some(text) = value.as_text() {
            return (!value.is_broken()).then(|| List { span, is_list: false, items: vec![text] });
        }
        if value.kind() != Kind::Array {
            self.wrong_type(element, value, "a string or a list of strings");
            return None;
        }
        let mut items = Vec::with_capacity(value.items().at_most());
        for item in value.items() {
            match item.as_text() {
                Some(text) if !item.is_broken() => items.push(text),
                Some(_) => {}
                None => self.wrong_item(element, item, "strings"),
            }
        }
        Some(List { span, is_list: true, items })
    }

    pub(super) fn wrong_type(&mut self, element: &str, value: Value<'_, '_>, expected: &str) {
        if value.is_broken() {
            return;
        }
        let message = format!("`{element}` is {}, expected {expected}", value.kind());
        self.report(type_help(Error::new(Code::DATA_TYPE_MISMATCH, value.span(), message), value.kind()));
    }

    pub(super) fn wrong_item(&mut self, element: &str, item: Value<'_, '_>, expected: &str) {
        if item.is_broken() {
            return;
        }
        let message = format!("`{element}` holds {}, expected only {expected}", item.kind());
        self.report(type_help(Error::new(Code::DATA_TYPE_MISMATCH, item.span(), message), item.kind()));
    }

    pub(super) fn unknown_element(
        &mut self,
        name: &Text<'_>,
        place: &str,
        here: &[&str],
        elsewhere: &[&str],
    ) {
        if self.is_full() {
            return;
        }
        let message = format!("{} is not an element of {place}", shown(&name.value));
        let error = Error::new(codes::INVALID_POLICY_ELEMENT, name.span, message);
        self.report(if let Some(meant) = nearest(&name.value, here) {
            error.with_help(format!("did you mean `{meant}`?"))
        } else if name.value.parse::<Operator>().is_ok() {
            error.with_help("a condition operator belongs in `Condition`")
        } else if let Some(meant) = nearest(&name.value, elsewhere) {
            let other = if elsewhere.len() > here.len() { "a statement" } else { "the policy itself" };
            error.with_help(format!("`{meant}` is an element of {other}"))
        } else {
            error.with_help(format!("the elements of {place} are {}", listed(here)))
        });
    }

    /// Reports that the object has `name` a second time.
    pub(super) fn duplicate(&mut self, code: Code, name: &Text<'_>, first: Span, place: &str) {
        let message = format!("duplicate {} in {place}", shown(&name.value));
        let error = Error::new(code, name.span, message).with_related(first, "first here");
        self.report(error.with_help("keep one and list all values in it"));
    }

    /// Whether no more mistakes are listed, so that no name need be compared with those that may have been
    /// meant.
    pub(super) fn is_full(&self) -> bool {
        self.left == 0
    }

    pub(super) fn report(&mut self, error: Error) {
        let Some(left) = self.left.checked_sub(1) else {
            return;
        };
        self.left = left;
        let span = error.span;
        self.errors.push(error);
        if left == 0 {
            self.errors.push(Error::too_many(self.most, span));
        }
    }
}

/// The opening brace or bracket of a value: where something is missing inside.
pub(super) fn opening(value: Value<'_, '_>) -> Span {
    let start = value.span().start;
    Span::new(start, start.saturating_add(1))
}

fn type_help(error: Error, found: Kind) -> Error {
    match found {
        Kind::Null => error.with_help("leave the element out, or give it a value"),
        Kind::Number | Kind::Boolean => error.with_help("write the value in double quotes"),
        Kind::Array => error.with_help("a list holds its values directly"),
        Kind::String | Kind::Object => error,
    }
}

/// The names in backticks, with commas.
pub(super) fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
