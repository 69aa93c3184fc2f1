//! The error of a name that the policy language does not have.

use std::error::Error;
use std::fmt;

use bailiwick_source::display::shown;

/// A text is not one of the names that it was parsed as.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnknownNameError {
    expected: &'static str,
    name: Box<str>,
}

impl UnknownNameError {
    /// The error of a name; `expected` has its article, as in "an effect".
    pub(super) fn new(expected: &'static str, name: &str) -> Self {
        Self { expected, name: name.into() }
    }

    /// The text that was parsed.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for UnknownNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not {}", shown(&self.name), self.expected)
    }
}

impl Error for UnknownNameError {}
