//! Places in a document.

use std::borrow::Cow;

/// A half-open range of bytes of the document; both ends lie on character boundaries.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` up to and without `end`.
    #[must_use]
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The empty span before the byte at `offset`.
    #[must_use]
    pub const fn empty(offset: u32) -> Self {
        Self { start: offset, end: offset }
    }

    /// The number of bytes.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// Whether it is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Whether `other` lies inside, ends included.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The text it covers in `source`, or nothing when `source` is not the document it was made for.
    ///
    /// ```
    /// use bailiwick_source::Span;
    ///
    /// assert_eq!(Span::new(1, 3).text("abcd"), Some("bc"));
    /// assert_eq!(Span::new(1, 9).text("abcd"), None);
    /// ```
    #[must_use]
    pub fn text(self, source: &str) -> Option<&str> {
        source.get(self.start as usize..self.end as usize)
    }
}

/// A value and its place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// The place; of a string, including its quotes.
    pub span: Span,
}

/// A string of the document, decoded; borrowed from the source unless it held escapes.
pub type Text<'src> = Spanned<Cow<'src, str>>;
