//! The codes of errors that depend on what a policy means or is used for.

bailiwick_source::codes! {
    /// The kind of policy needs a `Principal` (rules G-14, V-32).
    MISSING_PRINCIPAL;
    /// The kind of policy has no `Principal` (rules G-14, V-43).
    UNSUPPORTED_PRINCIPAL;
    /// The kind of policy needs a `Resource` (rules G-14, V-34).
    MISSING_RESOURCE;
    /// A document that was parsed with errors cannot be normalized or evaluated. Our own.
    INCOMPLETE_DOCUMENT;
    /// A value of `BinaryEquals` is not base64; AWS refuses the document. Our own.
    INVALID_BASE64;
}
