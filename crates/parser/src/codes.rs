//! The codes of errors in the grammar of policies.

bailiwick_source::codes! {
    /// A policy has more statements than [`Limits::max_statements`](bailiwick_source::json::Limits). Our own.
    STATEMENTS_EXCEED_LIMIT;
    /// An element that the policy language does not have (rules G-1, G-12, V-18).
    INVALID_POLICY_ELEMENT;
    /// An element is repeated in one object (rule G-4). Our own: AWS calls it a syntax error.
    DUPLICATE_ELEMENT;
    /// There is no `Statement` (rules G-2, V-35).
    MISSING_STATEMENT;
    /// `Version` is neither of the two versions (rules G-6, V-26).
    INVALID_VERSION;
    /// A statement without `Effect` (rules G-11, V-31).
    MISSING_EFFECT;
    /// `Effect` is neither `Allow` nor `Deny` (rules G-11, V-15).
    INVALID_EFFECT;
    /// A statement with neither `Action` nor `NotAction` (rules G-13, V-28).
    MISSING_ACTION;
    /// An element together with its `Not…` counterpart (rules G-13, V-41).
    UNSUPPORTED_ELEMENT_COMBINATION;
    /// `Principal` is neither `"*"` nor an object (rules G-16, V-19).
    INVALID_PRINCIPAL_FORMAT;
    /// A member of a principal object that is not one of the four (rules G-16, V-20).
    INVALID_PRINCIPAL_KEY;
    /// A member of a principal object is repeated (rule G-3). Our own.
    DUPLICATE_PRINCIPAL_KEY;
    /// A condition operator that the policy language does not have (rules G-29, V-14).
    INVALID_CONDITION_OPERATOR;
    /// `NullIfExists` (rules C-26, V-36).
    NULL_WITH_IF_EXISTS;
    /// A condition operator is repeated in one condition block (rule G-3). Our own.
    DUPLICATE_CONDITION_OPERATOR;
    /// A condition key is repeated under one operator (rule G-3). Our own.
    DUPLICATE_CONDITION_KEY;
    /// Two condition keys under one operator differ in letter case only (rules G-34, V-4).
    DUPLICATE_KEYS_WITH_DIFFERENT_CASE;
}
