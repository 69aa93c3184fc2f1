//! The exceptions of the operations.

use serde::Serialize;

/// The exception of CloudWatch Logs' older operations for a member.
pub(crate) const INVALID_PARAMETER: &str = "InvalidParameterException";
/// The exception of the delivery operations and of X-Ray for a member.
pub(crate) const VALIDATION: &str = "ValidationException";
const NOT_FOUND: &str = "ResourceNotFoundException";

/// The exception by which a service refuses an operation, by the name that the SDKs use.
///
/// ```
/// use bailiwick_store::LogsStore;
///
/// let mut logs = LogsStore::new("aws", "111122223333", "us-east-1");
/// let error = logs.delete_destination("d").unwrap_err();
/// assert_eq!(error.name, "ResourceNotFoundException");
/// assert_eq!(error.to_string(), "ResourceNotFoundException: The specified destination does not exist.");
/// ```
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ServiceError {
    /// The exception, such as `LimitExceededException`.
    pub name: &'static str,
    /// AWS's message where it has been observed; X-Ray's exception for a malformed document has an empty one.
    pub message: String,
}

impl ServiceError {
    pub(crate) fn new(name: &'static str, message: impl Into<String>) -> Self {
        Self { name, message: message.into() }
    }

    /// `InvalidParameterException` with this message.
    pub(crate) fn parameter(message: impl Into<String>) -> Self {
        Self::new(INVALID_PARAMETER, message)
    }

    /// `ValidationException` with this message.
    pub(crate) fn validation(message: impl Into<String>) -> Self {
        Self::new(VALIDATION, message)
    }

    /// `ResourceNotFoundException` with this message.
    pub(crate) fn missing(message: impl Into<String>) -> Self {
        Self::new(NOT_FOUND, message)
    }

    /// `ResourceNotFoundException` of the delivery operations, which name what is missing.
    pub(crate) fn not_found(what: &str, name: &str) -> Self {
        Self::missing(format!("The {what} {name} does not exist."))
    }

    /// `ConflictException` with this message.
    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::new("ConflictException", message)
    }

    /// `LimitExceededException` of CloudWatch Logs.
    pub(crate) fn limit_exceeded() -> Self {
        Self::new("LimitExceededException", "Resource limit exceeded.")
    }

    /// CloudWatch Logs' exception for a policy document that is malformed.
    pub(crate) fn malformed_document() -> Self {
        Self::parameter(
            "Error occurred while parsing accessPolicy. Please check if the accessPolicy has been constructed \
             correctly using IAM grammar.",
        )
    }
}

impl std::fmt::Display for ServiceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.message.is_empty() {
            f.write_str(self.name)
        } else {
            write!(f, "{}: {}", self.name, self.message)
        }
    }
}

impl std::error::Error for ServiceError {}

/// The result of an operation that has no output.
pub type Done = Result<(), ServiceError>;
