//! Offsets to lines and columns.

use std::fmt;

use crate::Span;

/// Characters are counted up to every so many bytes, so that a lookup reads at most this much text.
const BLOCK: usize = 1024;

/// A place in a document as people count it: line and column from 1, the column in characters.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Position {
    /// The line, from 1; lines end with a line feed.
    pub line: u32,
    /// The column, from 1, in characters (Unicode scalar values).
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// The lines of one document: built once, on demand, in one pass; each lookup is a binary search.
///
/// ```
/// use bailiwick_source::LineIndex;
///
/// let index = LineIndex::new("{\n  \"é\": 1\n}");
/// assert_eq!(index.position(9).to_string(), "2:7");
/// assert_eq!(index.line_text(2), Some("  \"é\": 1"));
/// ```
#[derive(Clone, Debug)]
pub struct LineIndex<'src> {
    source: &'src str,
    /// The offset of the first byte of every line.
    starts: Vec<u32>,
    /// How many characters stand before every block; empty when every character is one byte.
    characters: Vec<u32>,
}

impl<'src> LineIndex<'src> {
    /// Reads `source` once. Of a text beyond 4 GiB the rest counts as its last line.
    #[must_use]
    pub fn new(source: &'src str) -> Self {
        let bytes = source.as_bytes();
        let mut starts = vec![0];
        starts
            .extend(memchr::memchr_iter(b'\n', bytes).map_while(|at| u32::try_from(at).ok()?.checked_add(1)));
        let mut characters = Vec::new();
        if !source.is_ascii() {
            let mut before = 0u32;
            for block in bytes.chunks(BLOCK) {
                characters.push(before);
                before = before.saturating_add(count_characters(block));
            }
        }
        Self { source, starts, characters }
    }

    /// Line and column of the byte at `offset`; past the end, those of the end.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        let offset = offset.min(u32::try_from(self.source.len()).unwrap_or(u32::MAX));
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = self.line_start(line);
        let column = self.characters_before(offset).saturating_sub(self.characters_before(start));
        Position { line: to_u32(line), column: column.saturating_add(1) }
    }

    /// Positions of both ends of a span; the second is the position after its last character.
    #[must_use]
    pub fn range(&self, span: Span) -> (Position, Position) {
        (self.position(span.start), self.position(span.end))
    }

    /// How many lines there are: one more than line feeds.
    #[must_use]
    pub fn line_count(&self) -> u32 {
        to_u32(self.starts.len())
    }

    /// The text of a line counted from 1, without its line end.
    #[must_use]
    pub fn line_text(&self, line: u32) -> Option<&'src str> {
        let line = line as usize;
        let start = *self.starts.get(line.checked_sub(1)?)? as usize;
        let end = self.starts.get(line).map_or(self.source.len(), |&next| next as usize);
        let text = self.source.get(start..end)?;
        let text = text.strip_suffix('\n').unwrap_or(text);
        Some(text.strip_suffix('\r').unwrap_or(text))
    }

    fn line_start(&self, line: usize) -> u32 {
        line.checked_sub(1).and_then(|at| self.starts.get(at)).copied().unwrap_or(0)
    }

    fn characters_before(&self, offset: u32) -> u32 {
        let at = offset as usize;
        let Some(&before) = self.characters.get(at / BLOCK).or(self.characters.last()) else {
            return offset;
        };
        let block = (at / BLOCK).min(self.characters.len().saturating_sub(1)) * BLOCK;
        let rest = self.source.as_bytes().get(block..at).unwrap_or_default();
        before.saturating_add(count_characters(rest))
    }
}

/// Counts bytes that begin a character.
fn count_characters(bytes: &[u8]) -> u32 {
    bytes.iter().map(|&byte| u32::from(byte & 0xC0 != 0x80)).sum()
}

fn to_u32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Line and column counted the slow way.
    fn counted(source: &str, offset: usize) -> Position {
        let (mut line, mut column) = (1, 1);
        for (at, character) in source.char_indices() {
            if at >= offset {
                break;
            }
            if character == '\n' {
                (line, column) = (line + 1, 1);
            } else {
                column += 1;
            }
        }
        Position { line, column }
    }

    #[test]
    fn every_boundary_has_the_position_that_counting_gives() {
        let long = "é→𝄞x".repeat(700);
        for source in
            ["", "\n", "a", "a\nb", "\r\n\r\n", "é\n\u{10ffff}b\n", long.as_str(), &"ab\n".repeat(900)]
        {
            let index = LineIndex::new(source);
            for offset in (0..=source.len()).filter(|&at| source.is_char_boundary(at)) {
                assert_eq!(
                    index.position(u32::try_from(offset).unwrap()),
                    counted(source, offset),
                    "{offset} of {source:?}"
                );
            }
        }
    }

    #[test]
    fn an_offset_behind_the_end_is_the_end() {
        assert_eq!(LineIndex::new("ab\nc").position(u32::MAX), Position { line: 2, column: 2 });
        let blocks = "é".repeat(BLOCK);
        assert_eq!(LineIndex::new(&blocks).position(u32::MAX).column as usize, BLOCK + 1);
    }

    #[test]
    fn lines_come_without_their_ends() {
        let index = LineIndex::new("a\r\nb\n\nc");
        let lines: Vec<_> = (0..=5).map(|line| index.line_text(line)).collect();
        assert_eq!(lines, [None, Some("a"), Some("b"), Some(""), Some("c"), None]);
        assert_eq!(index.line_count(), 4);
    }
}
