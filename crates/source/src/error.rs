//! What can be wrong with a document: kind, place, one sentence, and a hint where one is known.
//!
//! Rendering (the source line, carets, colours) is the program's. A message is one lower-case sentence
//! without a full stop; what the document says stands in backticks.

use std::fmt;

use crate::{Code, Span};

/// One mistake of a document.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Error {
    /// The kind of mistake.
    pub code: Code,
    /// Where it is; [`LineIndex`](crate::LineIndex) turns offsets into line and column.
    pub span: Span,
    /// What was found and what was expected.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// A second place that belongs to the mistake and what it is, such as the first of two equal members.
    pub related: Option<(Span, &'static str)>,
}

impl Error {
    /// A mistake without help or second place.
    #[must_use]
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self { code, span, message: message.into(), help: None, related: None }
    }

    /// The same with a hint what to do about it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with a second place and what it is.
    #[must_use]
    pub fn with_related(mut self, span: Span, what: &'static str) -> Self {
        self.related = Some((span, what));
        self
    }

    /// The error that ends a list of `most` errors: reading stopped at `span`.
    #[must_use]
    pub fn too_many(most: usize, span: Span) -> Self {
        Self::new(Code::ERRORS_EXCEED_LIMIT, span, format!("reading ended after {most} mistakes"))
    }

    /// Sorts errors by place; errors at one place keep the order in which they were found.
    pub fn sort(errors: &mut [Self]) {
        errors.sort_by_key(|error| error.span);
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// All mistakes of a document: at least one, sorted by place.
///
/// ```
/// use bailiwick_source::{Code, Error, Errors, Span};
///
/// let second = Error::new(Code::MISSING_MEMBER, Span::new(20, 25), "the bucket has no name");
/// let first = Error::new(Code::INVALID_VALUE, Span::new(12, 16), "the colour is not one of the three");
/// let errors = Errors::new(vec![second, first]).unwrap();
/// let codes: Vec<_> = errors.iter().map(|error| error.code.as_str()).collect();
/// assert_eq!(codes, ["INVALID_VALUE", "MISSING_MEMBER"]);
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Errors(Vec<Error>);

impl Errors {
    /// The mistakes sorted by place, or nothing when there are none.
    #[must_use]
    pub fn new(mut errors: Vec<Error>) -> Option<Self> {
        if errors.is_empty() {
            return None;
        }
        Error::sort(&mut errors);
        Some(Self(errors))
    }

    /// The mistakes in the order of their places.
    pub fn iter(&self) -> std::slice::Iter<'_, Error> {
        self.0.iter()
    }

    /// The mistakes as a slice; never empty.
    #[must_use]
    pub fn as_slice(&self) -> &[Error] {
        &self.0
    }

    /// The mistakes as a list; never empty.
    #[must_use]
    pub fn into_vec(self) -> Vec<Error> {
        self.0
    }
}

impl From<Error> for Errors {
    fn from(error: Error) -> Self {
        Self(vec![error])
    }
}

impl IntoIterator for Errors {
    type Item = Error;
    type IntoIter = std::vec::IntoIter<Error>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Errors {
    type Item = &'a Error;
    type IntoIter = std::slice::Iter<'a, Error>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// The messages, one a line.
impl fmt::Display for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, error) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Errors {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_sorted_by_place_and_otherwise_keep_their_order() {
        let mistake = |start, message: &str| Error::new(Code::INVALID_VALUE, Span::new(start, 9), message);
        let errors = Errors::new(vec![mistake(3, "c"), mistake(1, "a"), mistake(3, "d"), mistake(1, "b")]);
        assert_eq!(errors.map(|errors| errors.to_string()).as_deref(), Some("a\nb\nc\nd"));
        assert_eq!(Errors::new(Vec::new()), None);
    }
}
