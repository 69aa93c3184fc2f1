//! A stream cut into blocks of whole lines, as they come: whoever waits for an answer to a line gets it without the
//! next line being there. Memory is bounded by the longest line allowed.

use std::io::{self, Read};

/// How much is read at once.
const BLOCK: usize = 256 * 1024;

/// Whole lines that follow each other.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Block {
    /// The number of the first line, from 1.
    pub(crate) first: u64,
    pub(crate) content: Content,
    /// How many bytes of the stream it covers.
    pub(crate) length: u64,
}

/// What a block holds.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Content {
    /// One line after the other, separated by line feeds; the last may lack its own.
    Lines(Vec<u8>),
    /// One line that was longer than the limit, and is gone.
    TooLong,
}

/// The blocks of a stream.
#[derive(Debug)]
pub(crate) struct Blocks<R> {
    reader: R,
    buffer: Box<[u8]>,
    /// The longest line that is kept, in bytes.
    limit: usize,
    /// The number of the next line.
    line: u64,
    /// The beginning of a line whose end has not come yet.
    rest: Vec<u8>,
    /// How much of it is known to hold no line feed.
    searched: usize,
    /// How much of a line that is too long has been read and dropped.
    skipped: Option<u64>,
    is_at_end: bool,
}

impl<R: Read> Blocks<R> {
    pub(crate) fn new(reader: R, limit: usize) -> Self {
        Self {
            reader,
            buffer: vec![0; BLOCK].into_boxed_slice(),
            limit,
            line: 1,
            rest: Vec::new(),
            searched: 0,
            skipped: None,
            is_at_end: false,
        }
    }

    /// The next block; `None` at the end of the stream.
    pub(crate) fn next(&mut self) -> io::Result<Option<Block>> {
        loop {
            if let Some(block) = self.take() {
                return Ok(Some(block));
            }
            if self.is_at_end {
                return Ok(None);
            }
            self.read()?;
        }
    }

    /// Reads what there is, once.
    fn read(&mut self) -> io::Result<()> {
        loop {
            match self.reader.read(&mut self.buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
                Ok(length) => {
                    self.rest.extend_from_slice(self.buffer.get(..length).unwrap_or_default());
                    self.is_at_end = length == 0;
                    return Ok(());
                }
            }
        }
    }

    /// The lines that are complete in what was read.
    fn take(&mut self) -> Option<Block> {
        if let Some(dropped) = self.skipped {
            let feed = memchr::memchr(b'\n', &self.rest);
            let behind = feed.map_or(self.rest.len(), |feed| feed + 1);
            self.rest.drain(..behind);
            let dropped = dropped + behind as u64;
            let has_ended = feed.is_some() || self.is_at_end;
            self.skipped = (!has_ended).then_some(dropped);
            return has_ended.then(|| self.block(Content::TooLong, 1, dropped));
        }
        let fresh = self.rest.get(self.searched..).unwrap_or_default();
        let complete = match memchr::memrchr(b'\n', fresh) {
            Some(feed) => self.searched + feed + 1,
            None if self.is_at_end => self.rest.len(),
            None => 0,
        };
        let lines = (complete > 0).then(|| {
            let rest = self.rest.split_off(complete);
            std::mem::replace(&mut self.rest, rest)
        });
        if self.rest.len() > self.limit {
            self.skipped = Some(self.rest.len() as u64);
            self.rest.clear();
        }
        self.searched = self.rest.len();
        let lines = lines?;
        let feeds = memchr::memchr_iter(b'\n', &lines).count();
        let count = feeds + usize::from(lines.last() != Some(&b'\n'));
        let length = lines.len() as u64;
        Some(self.block(Content::Lines(lines), count as u64, length))
    }

    fn block(&mut self, content: Content, lines: u64, length: u64) -> Block {
        let first = self.line;
        self.line += lines;
        Block { first, content, length }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives its bytes in pieces of one length.
    struct Pieces<'a>(&'a [u8], usize);

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = self.0.len().min(self.1).min(buffer.len());
            buffer[..length].copy_from_slice(&self.0[..length]);
            self.0 = &self.0[length..];
            Ok(length)
        }
    }

    /// Number and text of every line; `None` for one that is too long.
    fn lines(text: &str, piece: usize, limit: usize) -> Vec<(u64, Option<String>)> {
        let mut blocks = Blocks::new(Pieces(text.as_bytes(), piece), limit);
        let mut lines = Vec::new();
        let mut length = 0;
        while let Some(block) = blocks.next().unwrap() {
            length += block.length;
            match block.content {
                Content::TooLong => lines.push((block.first, None)),
                Content::Lines(bytes) => {
                    let text = String::from_utf8(bytes).unwrap();
                    lines.extend((block.first..).zip(text.lines().map(|line| Some(line.to_owned()))));
                }
            }
        }
        assert_eq!(length, text.len() as u64);
        lines
    }

    #[test]
    fn lines_are_the_same_however_the_stream_is_cut() {
        for text in ["", "\n", "a", "a\n", "a\n\nb", "one\ntwo\nthree\n", "\n\n"] {
            let expected: Vec<_> = (1..).zip(text.lines().map(|line| Some(line.to_owned()))).collect();
            for piece in 1..=text.len().max(1) {
                assert_eq!(lines(text, piece, 1000), expected, "{text:?} in pieces of {piece}");
            }
        }
    }

    #[test]
    fn a_line_beyond_the_limit_is_named_and_the_next_ones_are_read() {
        let text = format!("a\n{}\nb\n{}", "x".repeat(50), "y".repeat(50));
        let expected = [(1, Some("a".to_owned())), (2, None), (3, Some("b".to_owned())), (4, None)];
        for piece in 1..=5 {
            assert_eq!(lines(&text, piece, 10), expected, "pieces of {piece}");
        }
    }
}
