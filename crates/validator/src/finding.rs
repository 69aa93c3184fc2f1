//! What a check found: which check, where, why, and what to do about it.
//!
//! Rendering is the program's. Messages are one lower-case sentence without a full stop, as the parser's are.

use std::fmt;

use bailiwick_source::{Error, Span};

use crate::Check;

/// The severity of a finding, in the words of AWS's policy validation. Ordered from light to heavy.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Severity {
    /// The document could be tidier; nothing is wrong.
    Suggestion,
    /// The document is accepted but probably does not do what was intended.
    Warning,
    /// The document grants more than was probably intended.
    SecurityWarning,
    /// The document is refused, or a part of it cannot work.
    Error,
}

impl Severity {
    /// The name in outputs: `error`, `securityWarning`, `warning` or `suggestion`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Suggestion => "suggestion",
            Self::Warning => "warning",
            Self::SecurityWarning => "securityWarning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One finding in one document.
///
/// ```
/// use bailiwick_validator::{Kind, check};
///
/// let policy = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "allow", "Action": "s3:GetObject", "Resource": "*"}]}"#;
/// let found = check(policy, Kind::Identity);
/// assert_eq!((found[0].code, found[0].pointer.as_str()), ("INVALID_EFFECT", "/Statement/0/Effect"));
/// assert_eq!(found[0].fix.as_ref().map(|fix| fix.replacement.as_str()), Some("\"Allow\""));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Finding {
    /// The issue code of AWS's policy validation where one exists, else our own in the same style.
    pub code: &'static str,
    /// Its severity.
    pub severity: Severity,
    /// What was found, for this document.
    pub message: String,
    /// What to do about it, for this document; [`explain`](crate::explain) has the general text.
    pub help: Option<String>,
    /// Where: byte offsets into the document's text.
    pub span: Span,
    /// The JSON Pointer (RFC 6901) of the value that the span lies in; empty for the whole document, and for a text
    /// that is not JSON.
    pub pointer: String,
    /// A second place that belongs to the finding and what it is, such as the entry that makes this one redundant.
    pub related: Option<(Span, &'static str)>,
    /// A change of the text that corrects it without changing the intended meaning of the document.
    pub fix: Option<Fix>,
}

/// A change of a document's text.
///
/// ```
/// use bailiwick_validator::{Kind, check};
///
/// let mut policy = r#"{"Version": "2012-10-17", "Statment": []}"#.to_owned();
/// let fix = check(&policy, Kind::Identity).into_iter().find_map(|finding| finding.fix).expect("a fix");
/// policy.replace_range(fix.span.start as usize..fix.span.end as usize, &fix.replacement);
/// assert_eq!(policy, r#"{"Version": "2012-10-17", "Statement": []}"#);
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Fix {
    /// What is replaced: byte offsets.
    pub span: Span,
    /// The new text; empty to delete.
    pub replacement: String,
}

/// An error that keeps a text from being read, as a finding.
impl From<Error> for Finding {
    fn from(error: Error) -> Self {
        Self {
            code: error.code.as_str(),
            severity: Severity::Error,
            message: error.message,
            help: error.help,
            span: error.span,
            pointer: String::new(),
            related: error.related,
            fix: None,
        }
    }
}

impl Finding {
    pub(crate) fn new(check: &Check, span: Span, message: impl Into<String>) -> Self {
        Self {
            code: check.code,
            severity: check.severity,
            message: message.into(),
            help: None,
            span,
            pointer: String::new(),
            related: None,
            fix: None,
        }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn related(mut self, span: Span, what: &'static str) -> Self {
        self.related = Some((span, what));
        self
    }

    pub(crate) fn fix(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.fix = Some(Fix { span, replacement: replacement.into() });
        self
    }
}
