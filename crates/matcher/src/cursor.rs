//! A place in a text between two UTF-16 code units, kept as a place in its UTF-8 bytes.
//!
//! AWS compares UTF-16 strings, so `?` takes one *code unit*: a character beyond U+FFFF has two of them and a
//! place may lie between the two. Texts are never converted: the place is the byte offset of the character
//! plus the fact that its first unit is already taken.

/// A place between two UTF-16 code units of a text.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Cursor {
    /// Offset of the next character, or of the one whose first unit is taken.
    pub(crate) offset: usize,
    /// Whether the first unit of the character at `offset` is taken and its second is not.
    pub(crate) inside: bool,
}

impl Cursor {
    /// The place after the next code unit, or `None` at the end of the text.
    #[inline]
    pub(crate) fn after_unit(self, text: &[u8]) -> Option<Self> {
        let lead = *text.get(self.offset)?;
        let width = match lead {
            0x00..=0x7F => 1,
            0x80..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xFF if !self.inside => return Some(Self { offset: self.offset, inside: true }),
            0xF0..=0xFF => 4,
        };
        Some(Self { offset: self.offset + width, inside: false })
    }
}

#[cfg(test)]
mod tests {
    use super::Cursor;

    /// The number of code units that the cursor walks over.
    fn units(text: &str) -> usize {
        let mut cursor = Cursor::default();
        let mut count = 0;
        while let Some(next) = cursor.after_unit(text.as_bytes()) {
            cursor = next;
            count += 1;
        }
        assert_eq!(cursor, Cursor { offset: text.len(), inside: false });
        count
    }

    #[test]
    fn walks_over_as_many_units_as_utf_16_has() {
        for text in
            ["", "a", "\0", "\u{7f}\u{80}", "é", "\u{7ff}\u{800}", "€\u{ffff}", "\u{10000}", "a𐐀é\u{10ffff}z"]
        {
            assert_eq!(units(text), text.encode_utf16().count(), "{text:?}");
        }
    }
}
