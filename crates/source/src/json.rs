//! JSON with places: one pass over the text, one flat list of nodes, nothing decoded until asked for.
//!
//! Accepts exactly RFC 8259 (as serde_json does), within [`Limits`]. It keeps what other readers lose: where every
//! value stands, members that occur twice, and numbers as they were written. It knows nothing of policies; whatever
//! reads JSON from a user (policies, scenarios, command outputs) reads it here, so that every message has a place.
//!
//! # Input safety
//!
//! No input panics, and none recurses: nesting is kept in the nodes themselves. Memory is 16 bytes a node, and a
//! node takes at least two bytes of text; time is linear in the text.

mod decode;
mod mistake;
mod recover;
mod scan;
mod value;

pub use self::decode::decode_utf8;
pub use self::value::{Items, Kind, Members, Value};
pub use crate::Error;
use crate::Span;

/// How much a document may hold. What is beyond a limit is refused with an error that names the limit.
///
/// The defaults are far above any document that AWS stores (at most 40 KB) and keep a hostile one below about
/// 150 MB of memory, its syntax tree included. Time and memory grow with the text, whatever it holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// The length of the text in bytes; 16 MiB by default. Texts of more than 1 GiB are refused in any case.
    pub max_bytes: usize,
    /// How deep lists and objects may nest; 64 by default. A policy needs 7.
    pub max_depth: usize,
    /// How many values, member names included; 1,000,000 by default.
    pub max_nodes: usize,
    /// How many items or members one list or object may hold, such as the values of a condition; 200,000 by default.
    pub max_items: usize,
    /// How many statements a policy may have, alone in the text or a part of it; 100,000 by default. It is the policy
    /// grammar that holds to it, not the JSON layer.
    pub max_statements: usize,
    /// The length of one string, as it is written, in bytes; 4 MiB by default.
    pub max_string: usize,
    /// How many mistakes are reported before reading stops; 1,000 by default.
    pub max_errors: usize,
}

impl Limits {
    /// The default, as a constant.
    pub const DEFAULT: Self = Self {
        max_bytes: 16 << 20,
        max_depth: 64,
        max_nodes: 1_000_000,
        max_items: 200_000,
        max_statements: 100_000,
        max_string: 4 << 20,
        max_errors: 1_000,
    };

    /// No limits but the one on length that always holds: for documents from a trusted source.
    pub const NONE: Self = Self {
        max_bytes: usize::MAX,
        max_depth: usize::MAX,
        max_nodes: usize::MAX,
        max_items: usize::MAX,
        max_statements: usize::MAX,
        max_string: usize::MAX,
        max_errors: usize::MAX,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// A document that was read: its text and the flat list of its values.
#[derive(Clone, Debug)]
pub struct Document<'src> {
    source: &'src str,
    /// In the order of the text; a container stands before what it holds, a member's name before its value.
    nodes: Vec<Node>,
    /// Nothing was wrong with the text.
    is_complete: bool,
    /// What it was read within; the policies in it are held to the same.
    limits: Limits,
}

impl<'src> Document<'src> {
    /// The outermost value.
    #[must_use]
    pub fn root(&self) -> Value<'_, 'src> {
        Value::at(self, 0)
    }

    /// Whether nothing was wrong with the text: what was read is all there is. Always so for [`parse`].
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// The limits it was read within. They hold for what is in it, too: for policies, and for texts in its strings.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The text it was read from.
    #[must_use]
    pub fn source(&self) -> &'src str {
        self.source
    }

    /// The JSON Pointer (RFC 6901) of the innermost value that covers `span`; of a member's name, that of its value.
    ///
    /// ```
    /// use bailiwick_source::{Span, json};
    ///
    /// let document = json::parse(r#"{"a": [1, {"b/c": 2}]}"#, &json::Limits::default())?;
    /// assert_eq!(document.pointer_to(Span::new(18, 19)), "/a/1/b~1c");
    /// # Ok::<(), json::Error>(())
    /// ```
    #[must_use]
    pub fn pointer_to(&self, span: Span) -> String {
        let mut pointer = String::new();
        let mut value = self.root();
        'inner: loop {
            for (name, member) in value.members() {
                let whole = Span::new(name.span.start, member.span().end);
                if whole.contains(span) {
                    pointer.push('/');
                    pointer.push_str(&name.value.replace('~', "~0").replace('/', "~1"));
                    value = member;
                    continue 'inner;
                }
            }
            for (at, item) in value.items().enumerate() {
                if item.span().contains(span) {
                    pointer.push('/');
                    pointer.push_str(&at.to_string());
                    value = item;
                    continue 'inner;
                }
            }
            return pointer;
        }
    }
}

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
    let (document, errors) = scan::scan(source, limits, scan::OnMistake::Stop);
    match errors.into_iter().next() {
        Some(error) => Err(error),
        None => document.ok_or_else(|| mistake::unclosed(source, None, "a value")),
    }
}

/// Reads as much of a text as can be made sense of, together with all mistakes found on the way.
///
/// After a mistake whose repair is plain (a trailing or missing comma, a comment, single quotes, …) reading goes on;
/// after others it ends, and what was open is closed. Values that were cut short or could not be read are
/// [broken](Value::is_broken). There is no document when a limit was exceeded or nothing could be read.
#[must_use]
pub fn parse_partial<'src>(source: &'src str, limits: &Limits) -> (Option<Document<'src>>, Vec<Error>) {
    scan::scan(source, limits, scan::OnMistake::GoOn)
}

/// One value or member name.
#[derive(Clone, Copy, Debug)]
struct Node {
    start: u32,
    end: u32,
    /// The index of the node behind everything this one holds; while a container is open, its parent.
    next: u32,
    kind: Kind,
    flags: u8,
}

/// The string holds escapes and must be decoded.
const ESCAPED: u8 = 1;
/// The string was written without quotes (a mistake that was reported).
const BARE: u8 = 2;
/// The value was cut short or could not be read (a mistake that was reported).
const BROKEN: u8 = 4;

#[cfg(test)]
mod tests;
