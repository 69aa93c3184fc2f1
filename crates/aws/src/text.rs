//! The texts of the reference: each is a sequence of words, and each word is stored once.

use std::cmp::Ordering;
use std::fmt;

use crate::pool::two;
use crate::table::{WORD_PLACES, WORDS};

/// A name or an ARN pattern. It is kept as its words, which all texts share, so it is compared and printed in
/// place; `to_string` makes one text of it.
///
/// ```
/// let name = bailiwick_aws::service("s3").unwrap().action("GETOBJECT").unwrap().name();
/// assert_eq!(name, "GetObject");
/// assert!(name.eq_ignore_ascii_case("getObject"));
/// assert_eq!(name.to_string(), "GetObject");
/// assert_eq!(name.pieces().collect::<Vec<_>>(), ["Get", "Object"]);
/// ```
#[derive(Clone, Copy)]
pub struct Text(Form);

#[derive(Clone, Copy)]
enum Form {
    Plain(&'static str),
    /// Codes of words: one byte below [`SHORT`], two bytes from there.
    Coded(&'static [u8]),
}

/// How many words have a code of one byte.
pub(crate) const SHORT: usize = 224;

impl Text {
    pub(crate) const fn plain(text: &'static str) -> Self {
        Self(Form::Plain(text))
    }

    pub(crate) const fn coded(codes: &'static [u8]) -> Self {
        Self(Form::Coded(codes))
    }

    /// The pieces that the text consists of, in order. Where it is divided means nothing.
    #[must_use]
    pub fn pieces(self) -> Pieces {
        match self.0 {
            Form::Plain(text) => Pieces { first: Some(text), codes: &[] },
            Form::Coded(codes) => Pieces { first: None, codes },
        }
    }

    /// How long it is, in bytes.
    #[must_use]
    pub fn len(self) -> usize {
        self.pieces().map(str::len).sum()
    }

    /// Whether it has no character.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Its bytes, in order.
    pub fn bytes(self) -> impl Iterator<Item = u8> + Clone {
        self.pieces().flat_map(str::bytes)
    }

    /// Whether it is this text, the case of ASCII letters ignored.
    #[must_use]
    pub fn eq_ignore_ascii_case(self, other: &str) -> bool {
        self.compare(other) == Ordering::Equal
    }

    /// How it is ordered, the case of ASCII letters ignored.
    pub(crate) fn compare(self, other: &str) -> Ordering {
        let mut rest = other.as_bytes();
        for piece in self.pieces() {
            for own in piece.bytes() {
                let Some((first, after)) = rest.split_first() else { return Ordering::Greater };
                let order = own.to_ascii_lowercase().cmp(&first.to_ascii_lowercase());
                if order.is_ne() {
                    return order;
                }
                rest = after;
            }
        }
        if rest.is_empty() { Ordering::Equal } else { Ordering::Less }
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces().try_for_each(|piece| f.write_str(piece))
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.bytes().eq(other.bytes())
    }
}

impl Eq for Text {}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.bytes().eq(other.bytes())
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

/// The pieces of a [`Text`].
#[derive(Clone, Debug)]
pub struct Pieces {
    first: Option<&'static str>,
    codes: &'static [u8],
}

impl Iterator for Pieces {
    type Item = &'static str;

    fn next(&mut self) -> Option<&'static str> {
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        let (&code, mut rest) = self.codes.split_first()?;
        let mut word = usize::from(code);
        if word >= SHORT {
            let low;
            (low, rest) = rest.split_first()?;
            word = SHORT + ((word - SHORT) << 8 | usize::from(*low));
        }
        self.codes = rest;
        let place = two(WORD_PLACES, word)..two(WORD_PLACES, word + 1);
        WORDS.get(place)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_are_compared_whatever_their_letter_case() {
        let text = Text::plain("GetObject");
        assert_eq!(text.compare("getobject"), Ordering::Equal);
        assert_eq!(text.compare("GETOBJ"), Ordering::Greater);
        assert_eq!(text.compare("getobjects"), Ordering::Less);
        assert_eq!(text.compare("h"), Ordering::Less);
        assert_eq!((text == "GetObject", text == "getObject", text.len()), (true, false, 9));
        assert!(Text::plain("").is_empty());
        assert_eq!(format!("{text} {text:?}"), "GetObject \"GetObject\"");
    }

    proptest! {
        /// Any run of the table's bytes reads as some text.
        #[test]
        fn decoding_is_total(start in 0_usize..500_000, length in 0_usize..200, other in ".{0,20}") {
            let table = crate::table::TABLE;
            let start = start.min(table.len());
            let codes = table.get(start..(start + length).min(table.len())).unwrap_or_default();
            let text = Text::coded(codes);
            let whole = text.to_string();
            prop_assert_eq!(whole.len(), text.len());
            prop_assert!(text == whole.as_str() && text.eq_ignore_ascii_case(&whole.to_ascii_uppercase()));
            let expected = whole.to_ascii_lowercase().as_bytes().cmp(other.to_ascii_lowercase().as_bytes());
            prop_assert_eq!(text.compare(&other), expected);
        }
    }
}
