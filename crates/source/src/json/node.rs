//! The nodes of a document: its flat list of values.

use std::fmt;

/// The JSON types.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// A list.
    Array,
    /// An object.
    Object,
}

/// The type with its article, as messages need it: "a string".
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "a list",
            Self::Object => "an object",
        })
    }
}

/// One value or member name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) start: u32,
    pub(super) end: u32,
    /// The index of the node after all that this one holds; while a container is open, of its parent.
    pub(super) next: u32,
    pub(super) kind: Kind,
    pub(super) flags: u8,
}

/// The string holds escapes and must be decoded.
pub(super) const ESCAPED: u8 = 1;
/// The string was written without quotes (a mistake that was reported).
pub(super) const BARE: u8 = 2;
/// The value was cut short or could not be read (a mistake that was reported).
pub(super) const BROKEN: u8 = 4;

/// An offset as nodes keep it: lossless, because longer texts are refused at the door.
#[inline]
pub(super) fn to_offset(at: usize) -> u32 {
    at as u32
}
