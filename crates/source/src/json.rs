//! JSON with places: one pass over the text, one flat list of nodes, nothing decoded until asked for.
//!
//! Accepts exactly RFC 8259 (as serde_json does), within [`Limits`]. It keeps what other readers lose: where
//! every value is, members that occur twice, and numbers as they were written. It knows nothing of
//! policies; whatever reads JSON from a user (policies, scenarios, command outputs) reads it here, so that
//! every message has a place.
//!
//! # Input safety
//!
//! No input panics, and none recurses: nesting is kept in the nodes themselves. Memory is 16 bytes a node,
//! and a node takes at least two bytes of text; time is linear in the text.

mod decode;
mod limits;
mod mistake;
mod node;
mod recover;
mod scan;
mod scanner;
mod value;

pub use self::decode::decode_utf8;
pub use self::limits::Limits;
pub use self::node::Kind;
use self::scan::scan;
use self::scanner::OnMistake;
pub use self::value::{Document, Items, Members, Value};
pub use crate::Error;

/// Reads one JSON document; the first mistake ends it.
///
/// # Errors
///
/// The first mistake, or the limit that the text exceeds.
///
/// ```
/// use bailiwick_source::json::{self, Kind, Limits};
///
/// let document = json::parse(r#"{"a": [1, "b"], "a": null}"#, &Limits::default())?;
/// let names: Vec<_> = document.root().members().map(|(name, value)| (name.value, value.kind())).collect();
/// assert_eq!(names, [("a".into(), Kind::Array), ("a".into(), Kind::Null)]);
///
/// let error = json::parse("[1, 2,]", &Limits::default()).unwrap_err();
/// assert_eq!(error.message, "found a comma before the closing `]`, expected another value");
/// # Ok::<(), json::Error>(())
/// ```
pub fn parse<'src>(source: &'src str, limits: &Limits) -> Result<Document<'src>, Error> {
    let (document, errors) = scan(source, limits, OnMistake::Stop);
    match errors.into_iter().next() {
        Some(error) => Err(error),
        None => document.ok_or_else(|| mistake::unclosed(source, None, "a value")),
    }
}

/// Reads as much of a text as can be made sense of, together with all mistakes found on the way.
///
/// After a mistake whose repair is plain (a trailing or missing comma, a comment, single quotes, …) reading
/// goes on; after others it ends, and what was open is closed. Values that were cut short or could not be
/// read are [broken](Value::is_broken). There is no document when a limit was exceeded or nothing could be
/// read.
#[must_use]
pub fn parse_partial<'src>(source: &'src str, limits: &Limits) -> (Option<Document<'src>>, Vec<Error>) {
    scan(source, limits, OnMistake::GoOn)
}

#[cfg(test)]
mod tests;
