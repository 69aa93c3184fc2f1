//! The kinds of mistakes, named as AWS's policy validation names them.

use std::fmt;

/// Declares the codes once: variant, AWS's upper-snake spelling, meaning.
macro_rules! codes {
    ($($(#[$doc:meta])+ $variant:ident = $text:literal,)+) => {
        /// The kind of a mistake that makes a document unusable.
        ///
        /// Names are the issue codes of AWS's policy validation (IAM Access Analyzer, "policy check reference",
        /// error findings) where AWS has one, else our own in the same style.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[$doc])+ $variant,)+
        }

        impl Code {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The code in upper snake case.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }
    };
}

codes! {
    /// The text is not JSON (rules G-1, V-27).
    JsonSyntaxError = "JSON_SYNTAX_ERROR",
    /// The text is longer than [`Limits::max_bytes`](crate::json::Limits). Our own.
    JsonSizeExceedsLimit = "JSON_SIZE_EXCEEDS_LIMIT",
    /// Lists and objects are nested deeper than [`Limits::max_depth`](crate::json::Limits). Our own.
    JsonDepthExceedsLimit = "JSON_DEPTH_EXCEEDS_LIMIT",
    /// The text holds more values than [`Limits::max_nodes`](crate::json::Limits). Our own.
    JsonNodesExceedLimit = "JSON_NODES_EXCEED_LIMIT",
    /// A list or object holds more than [`Limits::max_items`](crate::json::Limits). Our own.
    JsonItemsExceedLimit = "JSON_ITEMS_EXCEED_LIMIT",
    /// A string is longer than [`Limits::max_string`](crate::json::Limits). Our own.
    JsonStringExceedsLimit = "JSON_STRING_EXCEEDS_LIMIT",
    /// A policy has more statements than [`Limits::max_statements`](crate::json::Limits). Our own.
    StatementsExceedLimit = "STATEMENTS_EXCEED_LIMIT",
    /// A line of a batch is longer than its limit, which is that of a text. Our own.
    LineExceedsLimit = "LINE_EXCEEDS_LIMIT",
    /// There are [`Limits::max_errors`](crate::json::Limits) mistakes; what follows was not read. Our own.
    ErrorsExceedLimit = "ERRORS_EXCEED_LIMIT",
    /// An element has the wrong JSON type (rule V-3).
    DataTypeMismatch = "DATA_TYPE_MISMATCH",
    /// An element that the policy language does not have (rules G-1, G-12, V-18).
    InvalidPolicyElement = "INVALID_POLICY_ELEMENT",
    /// An element stands twice in one object (rule G-4). Our own: AWS calls it a syntax error.
    DuplicateElement = "DUPLICATE_ELEMENT",
    /// There is no `Statement` (rules G-2, V-35).
    MissingStatement = "MISSING_STATEMENT",
    /// `Version` is neither of the two versions (rules G-6, V-26).
    InvalidVersion = "INVALID_VERSION",
    /// A statement without `Effect` (rules G-11, V-31).
    MissingEffect = "MISSING_EFFECT",
    /// `Effect` is neither `Allow` nor `Deny` (rules G-11, V-15).
    InvalidEffect = "INVALID_EFFECT",
    /// A statement with neither `Action` nor `NotAction` (rules G-13, V-28).
    MissingAction = "MISSING_ACTION",
    /// An element beside its `Not…` twin (rules G-13, V-41).
    UnsupportedElementCombination = "UNSUPPORTED_ELEMENT_COMBINATION",
    /// `Principal` is neither `"*"` nor an object (rules G-16, V-19).
    InvalidPrincipalFormat = "INVALID_PRINCIPAL_FORMAT",
    /// A member of a principal object that is none of the four (rules G-16, V-20).
    InvalidPrincipalKey = "INVALID_PRINCIPAL_KEY",
    /// A member of a principal object stands twice (rule G-3). Our own.
    DuplicatePrincipalKey = "DUPLICATE_PRINCIPAL_KEY",
    /// A condition operator that the policy language does not have (rules G-29, V-14).
    InvalidConditionOperator = "INVALID_CONDITION_OPERATOR",
    /// `NullIfExists` (rules C-26, V-36).
    NullWithIfExists = "NULL_WITH_IF_EXISTS",
    /// A condition operator stands twice in one condition block (rule G-3). Our own.
    DuplicateConditionOperator = "DUPLICATE_CONDITION_OPERATOR",
    /// A condition key stands twice under one operator (rule G-3). Our own.
    DuplicateConditionKey = "DUPLICATE_CONDITION_KEY",
    /// Two condition keys under one operator differ in letter case only (rules G-34, V-4).
    DuplicateKeysWithDifferentCase = "DUPLICATE_KEYS_WITH_DIFFERENT_CASE",
    /// The kind of policy needs a `Principal` (rules G-14, V-32).
    MissingPrincipal = "MISSING_PRINCIPAL",
    /// The kind of policy has no `Principal` (rules G-14, V-43).
    UnsupportedPrincipal = "UNSUPPORTED_PRINCIPAL",
    /// The kind of policy needs a `Resource` (rules G-14, V-34).
    MissingResource = "MISSING_RESOURCE",
    /// A document that had mistakes when it was read is to be evaluated all the same. Our own.
    IncompleteDocument = "INCOMPLETE_DOCUMENT",
    /// A value of `BinaryEquals` is no base64, which makes AWS refuse the document. Our own.
    InvalidBase64 = "INVALID_BASE64",
    /// A document of our own (a scenario, a delivery) has a member that its format does not have. Our own.
    UnknownMember = "UNKNOWN_MEMBER",
    /// A document of our own has a member twice. Our own.
    DuplicateMember = "DUPLICATE_MEMBER",
    /// A document of our own lacks a member. Our own.
    MissingMember = "MISSING_MEMBER",
    /// A member of a document of our own has a value that its format does not allow. Our own.
    InvalidValue = "INVALID_VALUE",
    /// A member of a document of our own holds more than its limit. Our own.
    ItemsExceedLimit = "ITEMS_EXCEED_LIMIT",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
