//! The constraints of API members, worded as AWS words them: length, range and pattern.
//!
//! A member that breaks its length is not repeated in the message, because a policy document may have 50 KB.

use crate::error::{INVALID_PARAMETER, ServiceError, VALIDATION};

/// A text member of an input while its constraints are checked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member<'a> {
    /// The exception that reports a broken constraint.
    exception: &'static str,
    name: &'a str,
    value: &'a str,
}

impl<'a> Member<'a> {
    /// A member of an older CloudWatch Logs operation, which answers `InvalidParameterException`.
    pub(crate) fn parameter(name: &'a str, value: &'a str) -> Self {
        Self { exception: INVALID_PARAMETER, name, value }
    }

    /// A member of a delivery operation or of X-Ray, which answer `ValidationException`.
    pub(crate) fn validated(name: &'a str, value: &'a str) -> Self {
        Self { exception: VALIDATION, name, value }
    }

    /// Requires a length in characters, both ends included.
    pub(crate) fn length(self, min: usize, max: usize) -> Result<Self, ServiceError> {
        let count = self.value.chars().count();
        let constraint = if count < min {
            format!("Member must have length greater than or equal to {min}")
        } else if count > max {
            format!("Member must have length less than or equal to {max}")
        } else {
            return Ok(self);
        };
        Err(broken(self.exception, self.name, &constraint))
    }

    /// Requires that every character is allowed; `pattern` is how AWS writes that.
    pub(crate) fn characters(
        self,
        pattern: &str,
        is_allowed: impl Fn(char) -> bool,
    ) -> Result<Self, ServiceError> {
        if self.value.chars().all(is_allowed) {
            return Ok(self);
        }
        let Self { exception, name, value } = self;
        Err(ServiceError::new(
            exception,
            format!(
                "1 validation error detected: Value '{value}' at '{name}' failed to satisfy constraint: Member must \
                 satisfy regular expression pattern: {pattern}"
            ),
        ))
    }
}

/// Requires a number in a range, both ends included.
pub(crate) fn range(
    exception: &'static str,
    name: &str,
    value: u64,
    min: u64,
    max: u64,
) -> Result<(), ServiceError> {
    let constraint = if value < min {
        format!("Member must have value greater than or equal to {min}")
    } else if value > max {
        format!("Member must have value less than or equal to {max}")
    } else {
        return Ok(());
    };
    Err(broken(exception, name, &constraint))
}

/// `\w`: ASCII letters, digits and the underscore.
pub(crate) fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn broken(exception: &'static str, name: &str, constraint: &str) -> ServiceError {
    ServiceError::new(
        exception,
        format!("1 validation error detected: Value at '{name}' failed to satisfy constraint: {constraint}"),
    )
}
