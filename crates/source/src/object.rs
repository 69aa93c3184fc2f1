//! Reads JSON objects whose members are known, and reports all errors of a document at once.

use std::borrow::Cow;

use crate::json::{Kind, Value};
use crate::{Code, Error, Errors, Quoted, Span, nearest};

/// At most this many errors are listed; one more says that there are others.
const MAX_ERRORS: usize = 1_000;

/// Collects the errors of a document while it is read: at most a thousand, then one that says there are more.
#[derive(Debug, Default)]
pub struct Reader {
    errors: Vec<Error>,
}

/// The members of an object. Each name is known and occurs once.
#[derive(Debug)]
pub struct Fields<'doc, 'src> {
    /// The place of the object.
    pub span: Span,
    members: Vec<(Cow<'src, str>, Value<'doc, 'src>)>,
}

impl<'doc, 'src> Fields<'doc, 'src> {
    /// The value of a member; `None` when it is not there or is null.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Value<'doc, 'src>> {
        self.members.iter().find(|(member, _)| member == name).map(|(_, value)| *value)
    }
}

impl Reader {
    /// Records an error.
    pub fn report(&mut self, error: Error) {
        match self.errors.len() {
            MAX_ERRORS => {
                let message = format!("there are more than {MAX_ERRORS} errors");
                self.errors.push(Error::new(Code::ERRORS_EXCEED_LIMIT, error.span, message));
            }
            len if len > MAX_ERRORS => {}
            _ => self.errors.push(error),
        }
    }

    /// Returns the value if there were no errors.
    ///
    /// # Errors
    ///
    /// All mistakes recorded so far; also when there is no value, which readers only leave out after
    /// recording why.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Errors> {
        match (Errors::new(self.errors), value) {
            (None, Some(value)) => Ok(value),
            (Some(errors), _) => Err(errors),
            (None, None) => {
                let error =
                    Error::new(Code::INVALID_VALUE, Span::default(), "the document could not be read");
                Err(Errors::from(error))
            }
        }
    }

    /// The members of an object whose member names are `known`; a member that is null counts as absent.
    pub fn object<'doc, 'src>(
        &mut self,
        value: Value<'doc, 'src>,
        what: &str,
        known: &[&str],
    ) -> Option<Fields<'doc, 'src>> {
        if value.kind() != Kind::Object {
            self.wrong_type(value, what, "an object");
            return None;
        }
        let mut seen: Vec<(Cow<'src, str>, Span)> = Vec::new();
        let mut members = Vec::new();
        for (name, member) in value.members() {
            if !known.contains(&&*name.value) {
                self.unknown_member(&name.value, name.span, what, known);
                continue;
            }
            // A linear search: formats have few members.
            if let Some((_, first)) = seen.iter().find(|(earlier, _)| *earlier == name.value) {
                let message = format!("{what} has the member {} twice", Quoted(&name.value));
                self.report(
                    Error::new(Code::DUPLICATE_MEMBER, name.span, message).with_related(*first, "first here"),
                );
                continue;
            }
            seen.push((name.value.clone(), name.span));
            if member.kind() != Kind::Null {
                members.push((name.value, member));
            }
        }
        Some(Fields { span: value.span(), members })
    }

    fn unknown_member(&mut self, name: &str, span: Span, what: &str, known: &[&str]) {
        if self.errors.len() > MAX_ERRORS {
            return;
        }
        let help = match nearest(name, known) {
            Some(near) => format!("did you mean {near:?}?"),
            None => format!("known members: {}", known.join(", ")),
        };
        let message = format!("{what} has no member {}", Quoted(name));
        self.report(Error::new(Code::UNKNOWN_MEMBER, span, message).with_help(help));
    }

    /// Returns a member, and reports an error if the object lacks it.
    pub fn required<'doc, 'src>(
        &mut self,
        fields: &Fields<'doc, 'src>,
        name: &str,
        what: &str,
    ) -> Option<Value<'doc, 'src>> {
        let value = fields.get(name);
        if value.is_none() {
            self.report(Error::new(
                Code::MISSING_MEMBER,
                fields.span,
                format!("{what} must have the member {name:?}"),
            ));
        }
        value
    }

    /// A string.
    pub fn string<'src>(&mut self, value: Value<'_, 'src>, what: &str) -> Option<Cow<'src, str>> {
        let text = value.as_str();
        if text.is_none() {
            self.wrong_type(value, what, "a string");
        }
        text
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, value: Value<'_, '_>, what: &str) -> Option<bool> {
        let flag = value.as_bool();
        if flag.is_none() {
            self.wrong_type(value, what, "true or false");
        }
        flag
    }

    /// The items of a list.
    pub fn list<'doc, 'src>(&mut self, value: Value<'doc, 'src>, what: &str) -> Vec<Value<'doc, 'src>> {
        if value.kind() != Kind::Array {
            self.wrong_type(value, what, "a list");
            return Vec::new();
        }
        value.items().collect()
    }

    /// Records that a value has the wrong JSON type.
    pub fn wrong_type(&mut self, value: Value<'_, '_>, what: &str, expected: &str) {
        let message = format!("{what} is {}, expected {expected}", value.kind());
        self.report(Error::new(Code::DATA_TYPE_MISMATCH, value.span(), message));
    }

    /// Records that a value has the right type but not the required form.
    pub fn invalid(&mut self, value: Value<'_, '_>, message: impl Into<String>, help: &str) {
        self.report(Error::new(Code::INVALID_VALUE, value.span(), message).with_help(help));
    }
}
