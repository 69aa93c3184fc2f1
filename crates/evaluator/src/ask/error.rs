//! What is wrong with a part of a request.

use std::fmt;

use bailiwick_source::{Code, Error, Span};

/// A part of a request.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum RequestMember {
    /// The principal.
    Principal,
    /// The action.
    Action,
    /// An action that the same call needs, too.
    DependentAction,
    /// The resource.
    Resource,
    /// The account that owns the resource.
    ResourceAccount,
    /// The account that owns the object of S3.
    ObjectOwner,
    /// The context.
    Context,
}

/// A value that a request cannot have.
///
/// ```
/// use bailiwick_evaluator::{OwnedRequest, RequestMember};
///
/// let error = OwnedRequest::builder().action("s3:*").unwrap_err();
/// assert_eq!(error.member(), RequestMember::Action);
/// assert_eq!(error.to_string(), r#"the action "s3:*" is not one concrete action"#);
/// assert_eq!(error.help(), Some("write service:Action, for example logs:PutLogEvents"));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RequestError {
    member: RequestMember,
    code: Code,
    message: String,
    help: Option<&'static str>,
}

impl RequestError {
    pub(super) fn invalid(member: RequestMember, message: String, help: &'static str) -> Self {
        Self { member, code: Code::INVALID_VALUE, message, help: Some(help) }
    }

    pub(super) fn new(member: RequestMember, code: Code, message: String) -> Self {
        Self { member, code, message, help: None }
    }

    /// Which part of the request.
    #[must_use]
    pub fn member(&self) -> RequestMember {
        self.member
    }

    /// What to write instead.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        self.help
    }

    /// The error of a reader that found the value at a place of a text.
    #[must_use]
    pub fn at(self, span: Span) -> Error {
        let error = Error::new(self.code, span, self.message);
        match self.help {
            Some(help) => error.with_help(help),
            None => error,
        }
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for RequestError {}
