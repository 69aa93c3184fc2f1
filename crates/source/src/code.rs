//! The codes of errors.

use std::fmt;

/// Declares codes as public constants of a module, with `ALL` to list them: each constant is named as its
/// code.
///
/// ```
/// bailiwick_source::codes! {
///     /// A colour that has no name.
///     INVALID_COLOUR;
/// }
///
/// assert_eq!(INVALID_COLOUR.as_str(), "INVALID_COLOUR");
/// assert_eq!(ALL, [INVALID_COLOUR]);
/// ```
#[macro_export]
macro_rules! codes {
    ($($(#[$doc:meta])+ $name:ident;)+) => {
        $($(#[$doc])+ pub const $name: $crate::Code = $crate::Code::new(stringify!($name));)+

        /// All codes that are declared here.
        pub const ALL: &[$crate::Code] = &[$($name,)+];
    };
}

/// What kind of error it is, in upper snake case.
///
/// A code that AWS's policy validation has too is spelled as there (IAM Access Analyzer, "policy check
/// reference", error findings). Here are the codes that readers of every format report; each other crate
/// declares those that it alone reports, in its module `codes`, by the macro [`codes!`](crate::codes!).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Code(&'static str);

impl Code {
    /// A code, spelled in upper snake case.
    #[must_use]
    pub const fn new(text: &'static str) -> Self {
        Self(text)
    }

    /// The code in upper snake case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

/// The codes that readers of every format report.
impl Code {
    /// The text is not JSON (rules G-1, V-27).
    pub const JSON_SYNTAX_ERROR: Self = Self::new("JSON_SYNTAX_ERROR");
    /// The text is longer than [`Limits::max_bytes`](crate::json::Limits). Our own.
    pub const JSON_SIZE_EXCEEDS_LIMIT: Self = Self::new("JSON_SIZE_EXCEEDS_LIMIT");
    /// Lists and objects are nested deeper than [`Limits::max_depth`](crate::json::Limits). Our own.
    pub const JSON_DEPTH_EXCEEDS_LIMIT: Self = Self::new("JSON_DEPTH_EXCEEDS_LIMIT");
    /// The text has more values than [`Limits::max_nodes`](crate::json::Limits). Our own.
    pub const JSON_NODES_EXCEED_LIMIT: Self = Self::new("JSON_NODES_EXCEED_LIMIT");
    /// A list or object has more values than [`Limits::max_items`](crate::json::Limits). Our own.
    pub const JSON_ITEMS_EXCEED_LIMIT: Self = Self::new("JSON_ITEMS_EXCEED_LIMIT");
    /// A string is longer than [`Limits::max_string`](crate::json::Limits). Our own.
    pub const JSON_STRING_EXCEEDS_LIMIT: Self = Self::new("JSON_STRING_EXCEEDS_LIMIT");
    /// There are [`Limits::max_errors`](crate::json::Limits) errors; the rest was not read. Our own.
    pub const ERRORS_EXCEED_LIMIT: Self = Self::new("ERRORS_EXCEED_LIMIT");
    /// An element has the wrong JSON type (rule V-3).
    pub const DATA_TYPE_MISMATCH: Self = Self::new("DATA_TYPE_MISMATCH");
    /// A document has a member that its format does not have. Our own.
    pub const UNKNOWN_MEMBER: Self = Self::new("UNKNOWN_MEMBER");
    /// A document has a member twice. Our own.
    pub const DUPLICATE_MEMBER: Self = Self::new("DUPLICATE_MEMBER");
    /// A document lacks a member. Our own.
    pub const MISSING_MEMBER: Self = Self::new("MISSING_MEMBER");
    /// A member of a document has a value that its format does not allow. Our own.
    pub const INVALID_VALUE: Self = Self::new("INVALID_VALUE");

    /// All codes that are declared here.
    pub const ALL: &[Self] = &[
        Self::JSON_SYNTAX_ERROR,
        Self::JSON_SIZE_EXCEEDS_LIMIT,
        Self::JSON_DEPTH_EXCEEDS_LIMIT,
        Self::JSON_NODES_EXCEED_LIMIT,
        Self::JSON_ITEMS_EXCEED_LIMIT,
        Self::JSON_STRING_EXCEEDS_LIMIT,
        Self::ERRORS_EXCEED_LIMIT,
        Self::DATA_TYPE_MISMATCH,
        Self::UNKNOWN_MEMBER,
        Self::DUPLICATE_MEMBER,
        Self::MISSING_MEMBER,
        Self::INVALID_VALUE,
    ];
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
