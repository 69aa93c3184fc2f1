//! What a check is: one entry with the documentation of one code.
//!
//! The entries are declared next to the code that reports them (`checks/`); [`CHECKS`](crate::CHECKS) lists them all.

use crate::{Kind, Kinds, Severity};

/// One check: its code, severity, kinds, documentation and example.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Check {
    /// The issue code, in upper snake case.
    pub code: &'static str,
    /// The severity of its findings.
    pub severity: Severity,
    /// The kinds of policies it applies to.
    pub kinds: Kinds,
    /// Who defined the code.
    pub origin: Origin,
    /// The rule of `docs/SEMANTICS.md` that it follows, or another basis.
    pub rule: &'static str,
    /// What it reports, in one line.
    pub reason: &'static str,
    /// The cause and what to do about it: the long text of `--explain`.
    pub explanation: &'static str,
    /// A document that has the finding and one that has not.
    pub example: Example,
}

/// Who defined the code of a check.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Origin {
    /// The code is AWS's (IAM Access Analyzer, "policy check reference").
    Aws,
    /// The code is our own.
    Own,
}

/// A document with the finding of a check, and one without.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Example {
    /// The kind of both documents.
    pub kind: Kind,
    /// A document that has the finding.
    pub found: &'static str,
    /// A document with the intended effect that does not have it.
    pub clean: &'static str,
}

/// Declares checks: each becomes a constant named as its code, and `ALL` lists those of the module.
macro_rules! checks {
    ($($code:ident { $($fields:tt)* })+) => {
        $(
            pub(crate) const $code: $crate::Check = $crate::Check {
                code: stringify!($code),
                $($fields)*
            };
        )+

        /// The checks of this module.
        pub(crate) const ALL: &[$crate::Check] = &[$($code),+];
    };
}

/// An example: kind, then the statements with and without the finding, without the braces around them.
macro_rules! statements {
    ($kind:ident, $found:expr, $clean:expr $(,)?) => {
        $crate::Example {
            kind: $crate::Kind::$kind,
            found: concat!(r#"{"Version":"2012-10-17","Statement":[{"#, $found, "}]}"),
            clean: concat!(r#"{"Version":"2012-10-17","Statement":[{"#, $clean, "}]}"),
        }
    };
}

pub(crate) use {checks, statements};
