//! The codes of errors in scenarios alone.

bailiwick_source::codes! {
    /// A member of a document has more values than its limit. Our own.
    ITEMS_EXCEED_LIMIT;
}
