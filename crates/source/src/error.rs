//! The errors of a document: code, place, message, and a hint where there is one.
//!
//! Rendering (the source line, carets, colours) is the program's. A message is one lower-case sentence
//! without a full stop; quotations from the document are in backticks.

use std::fmt;

use crate::{Code, Span};

/// One error of a document.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Error {
    /// What kind of error it is.
    pub code: Code,
    /// Where it is; [`LineIndex`](crate::LineIndex) turns offsets into line and column.
    pub span: Span,
    /// What was found and what was expected, as one sentence.
    pub message: String,
    /// How to fix it.
    pub help: Option<String>,
    /// A second place and what it is, such as the first of two equal members.
    pub related: Option<(Span, &'static str)>,
}

impl Error {
    /// An error without help and related place.
    #[must_use]
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self { code, span, message: message.into(), help: None, related: None }
    }

    /// Adds a hint how to fix it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a related place and what it is.
    #[must_use]
    pub fn with_related(mut self, span: Span, what: &'static str) -> Self {
        self.related = Some((span, what));
        self
    }

    /// The error that ends a list of `most` errors: reading stopped at `span`.
    #[must_use]
    pub fn too_many(most: usize, span: Span) -> Self {
        Self::new(Code::ERRORS_EXCEED_LIMIT, span, format!("parsing stopped after {most} errors"))
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

/// All errors of a document: at least one, sorted by place.
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
    /// Sorts errors by place; `None` when there are none.
    #[must_use]
    pub fn new(mut errors: Vec<Error>) -> Option<Self> {
        if errors.is_empty() {
            return None;
        }
        Error::sort(&mut errors);
        Some(Self(errors))
    }

    /// The errors in the order of their places.
    pub fn iter(&self) -> std::slice::Iter<'_, Error> {
        self.0.iter()
    }

    /// The errors as a slice; never empty.
    #[must_use]
    pub fn as_slice(&self) -> &[Error] {
        &self.0
    }

    /// The errors as a list; never empty.
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
