//! The constraints of API members, worded as AWS words them: length, range and pattern.
//!
//! CloudWatch Logs' older operations report them as `InvalidParameterException`, the delivery operations and
//! X-Ray as `ValidationException`; the caller says which. A member that breaks its length is not repeated in the
//! message: a policy document may be 50 KB.

use super::ServiceError;

/// The exception of CloudWatch Logs' older operations.
pub(crate) const INVALID_PARAMETER: &str = "InvalidParameterException";
/// The exception of the delivery operations and of X-Ray.
pub(crate) const VALIDATION: &str = "ValidationException";

/// Length in characters, both ends included.
pub(crate) fn length(
    exception: &'static str,
    member: &str,
    value: &str,
    min: usize,
    max: usize,
) -> Result<(), ServiceError> {
    let count = value.chars().count();
    if count < min {
        Err(constraint(exception, member, &format!("Member must have length greater than or equal to {min}")))
    } else if count > max {
        Err(constraint(exception, member, &format!("Member must have length less than or equal to {max}")))
    } else {
        Ok(())
    }
}

/// A number in a range, both ends included.
pub(crate) fn range(
    exception: &'static str,
    member: &str,
    value: u64,
    min: u64,
    max: u64,
) -> Result<(), ServiceError> {
    if value < min {
        Err(constraint(exception, member, &format!("Member must have value greater than or equal to {min}")))
    } else if value > max {
        Err(constraint(exception, member, &format!("Member must have value less than or equal to {max}")))
    } else {
        Ok(())
    }
}

/// A pattern that is a class of characters; `pattern` is how AWS writes it.
pub(crate) fn characters(
    exception: &'static str,
    member: &str,
    value: &str,
    pattern: &str,
    allowed: impl Fn(char) -> bool,
) -> Result<(), ServiceError> {
    if value.chars().all(allowed) {
        return Ok(());
    }
    Err(ServiceError::new(
        exception,
        format!(
            "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must \
             satisfy regular expression pattern: {pattern}"
        ),
    ))
}

/// `\w`: ASCII letters, digits and the underscore.
pub(crate) fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn constraint(exception: &'static str, member: &str, text: &str) -> ServiceError {
    ServiceError::new(
        exception,
        format!("1 validation error detected: Value at '{member}' failed to satisfy constraint: {text}"),
    )
}
