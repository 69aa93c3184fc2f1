//! The one pass over the text: what is well-formed. What is not is handed to `recover`.
//!
//! There is no stack: an open container keeps its parent's index where its own end will stand.

use super::recover::Next;
use super::{BROKEN, Document, ESCAPED, Kind, Limits, Node, mistake};
use crate::{Error, Span};

/// What a mistake does.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum OnMistake {
    /// It ends reading.
    Stop,
    /// Reading goes on where the repair is plain.
    GoOn,
}

/// Reading has ended early; the reason is the last of the errors.
pub(super) struct Stop;

/// Reads a text; without errors there is a document.
pub(super) fn scan<'src>(
    source: &'src str,
    limits: &Limits,
    on_mistake: OnMistake,
) -> (Option<Document<'src>>, Vec<Error>) {
    if let Some(error) = mistake::too_long(source, limits) {
        return (None, vec![error]);
    }
    let mut scanner = Scanner::new(source, limits, on_mistake);
    if scanner.document().is_err() {
        scanner.close_all();
    }
    let Scanner { nodes, errors, exceeded, .. } = scanner;
    let readable = !exceeded && !nodes.is_empty() && (errors.is_empty() || on_mistake == OnMistake::GoOn);
    let document = Document { source, nodes, is_complete: errors.is_empty(), limits: *limits };
    match mistake::too_large(&document).filter(|_| readable) {
        Some(error) => (None, vec![error]),
        None => (readable.then_some(document), errors),
    }
}

/// No container is open.
pub(super) const NONE: u32 = u32::MAX;

pub(super) struct Scanner<'src> {
    pub(super) source: &'src str,
    pub(super) at: usize,
    pub(super) nodes: Vec<Node>,
    /// The index of the innermost open container.
    pub(super) open: u32,
    /// Whether the innermost open container is an object.
    pub(super) in_object: bool,
    pub(super) limits: Limits,
    pub(super) on_mistake: OnMistake,
    pub(super) errors: Vec<Error>,
    depth: usize,
    /// A limit was exceeded: what was read says nothing about the rest.
    exceeded: bool,
}

impl<'src> Scanner<'src> {
    fn new(source: &'src str, limits: &Limits, on_mistake: OnMistake) -> Self {
        // Policies have one node in 13 to 40 bytes.
        let nodes = Vec::with_capacity((source.len() / 12 + 4).min(limits.max_nodes));
        Self {
            source,
            at: 0,
            nodes,
            open: NONE,
            in_object: false,
            limits: *limits,
            on_mistake,
            errors: Vec::new(),
            depth: 0,
            exceeded: false,
        }
    }

    fn document(&mut self) -> Result<(), Stop> {
        self.skip_blank();
        loop {
            match self.peek() {
                b'"' => self.string()?,
                b'{' => {
                    self.begin(Kind::Object)?;
                    if self.peek() == b'}' {
                        self.end();
                    } else if self.name()? {
                        continue;
                    }
                }
                b'[' => {
                    self.begin(Kind::Array)?;
                    if self.peek() != b']' {
                        continue;
                    }
                    self.end();
                }
                b'-' | b'0'..=b'9' => self.number()?,
                b't' if self.is_word("true") => self.scalar(Kind::Boolean, 4)?,
                b'f' if self.is_word("false") => self.scalar(Kind::Boolean, 5)?,
                b'n' if self.is_word("null") => self.scalar(Kind::Null, 4)?,
                _ => {
                    if self.no_value()? == Next::Again {
                        continue;
                    }
                }
            }
            if self.behind_value()? {
                return Ok(());
            }
        }
    }

    /// Reads on to where the next value is expected; true at the end of the document.
    fn behind_value(&mut self) -> Result<bool, Stop> {
        loop {
            self.skip_blank();
            if self.open == NONE {
                if self.at >= self.source.len() || self.trailing()? != Next::Again {
                    return Ok(true);
                }
                continue;
            }
            match (self.peek(), self.in_object) {
                (b',', _) => {
                    self.at += 1;
                    self.skip_blank();
                }
                (b'}', true) | (b']', false) => {
                    self.end();
                    continue;
                }
                _ => {
                    if self.no_separator()? == Next::Again {
                        continue;
                    }
                }
            }
            if !self.in_object || self.name()? {
                return Ok(false);
            }
        }
    }

    /// Reads a member's name and its colon; false when the object closes instead.
    fn name(&mut self) -> Result<bool, Stop> {
        loop {
            if self.peek() == b'"' {
                self.string()?;
                break;
            }
            match self.no_name()? {
                Next::Again => {}
                Next::GoOn => break,
                Next::Close => return Ok(false),
            }
        }
        self.skip_blank();
        loop {
            if self.peek() == b':' {
                self.at += 1;
                self.skip_blank();
                return Ok(true);
            }
            if self.no_colon()? != Next::Again {
                return Ok(true);
            }
        }
    }

    fn begin(&mut self, kind: Kind) -> Result<(), Stop> {
        if self.depth >= self.limits.max_depth {
            let span = Span::new(to_offset(self.at), to_offset(self.at + 1));
            return Err(self.exceed(mistake::too_deep(span, &self.limits)));
        }
        let index = to_offset(self.nodes.len());
        let start = to_offset(self.at);
        self.push(Node { start, end: start, next: self.open, kind, flags: 0 })?;
        self.open = index;
        self.in_object = kind == Kind::Object;
        self.depth += 1;
        self.at += 1;
        self.skip_blank();
        Ok(())
    }

    /// Closes the innermost open container with the byte that is next.
    fn end(&mut self) {
        self.at += 1;
        self.close(0);
    }

    fn close(&mut self, flags: u8) {
        let behind = to_offset(self.nodes.len());
        if let Some(node) = self.nodes.get_mut(self.open as usize) {
            self.open = node.next;
            node.next = behind;
            node.end = to_offset(self.at);
            node.flags = flags;
        }
        self.in_object = self.nodes.get(self.open as usize).is_some_and(|node| node.kind == Kind::Object);
        self.depth = self.depth.saturating_sub(1);
    }

    /// Closes what is open where reading ended; a member without value gets a broken one.
    fn close_all(&mut self) {
        self.at = self.at.min(self.source.len());
        if self.in_object && !self.exceeded {
            let (mut at, mut children) = (self.open as usize + 1, 0usize);
            while let Some(node) = self.nodes.get(at) {
                at = node.next as usize;
                children += 1;
            }
            if children % 2 == 1 {
                let _ = self.push_node(Kind::Null, self.at, self.at, BROKEN);
            }
        }
        while self.open != NONE {
            self.close(BROKEN);
        }
    }

    /// Reads a string whose opening quote is next.
    fn string(&mut self) -> Result<(), Stop> {
        let bytes = self.source.as_bytes();
        let start = self.at;
        let mut flags = 0;
        self.at += 1;
        loop {
            self.at = skip_plain(bytes, self.at);
            match bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => self.escape(&mut flags)?,
                _ => {
                    if self.bad_character(start, &mut flags)? == Next::Close {
                        return self.push_node(Kind::String, start, self.at, flags);
                    }
                }
            }
        }
        self.at += 1;
        self.push_node(Kind::String, start, self.at, flags)
    }

    /// Reads an escape whose backslash is next.
    fn escape(&mut self, flags: &mut u8) -> Result<(), Stop> {
        *flags |= ESCAPED;
        match self.source.as_bytes().get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 2;
                Ok(())
            }
            Some(b'u') => match self.unicode_escape_length() {
                Some(length) => {
                    self.at += length;
                    Ok(())
                }
                None => self.bad_escape(flags),
            },
            _ => self.bad_escape(flags),
        }
    }

    fn number(&mut self) -> Result<(), Stop> {
        let start = self.at;
        match number_end(self.source.as_bytes(), start) {
            Some(end) => {
                self.at = end;
                self.push_node(Kind::Number, start, end, 0)
            }
            None => self.bad_number(),
        }
    }

    /// Whether the word is next, and whole.
    fn is_word(&self, word: &str) -> bool {
        let rest = self.source.as_bytes().get(self.at..).unwrap_or_default();
        let behind = rest.get(word.len()).copied().unwrap_or(0);
        rest.starts_with(word.as_bytes()) && !behind.is_ascii_alphanumeric() && behind != b'_'
    }

    fn scalar(&mut self, kind: Kind, length: usize) -> Result<(), Stop> {
        let start = self.at;
        self.at += length;
        self.push_node(kind, start, self.at, 0)
    }

    /// Adds a value that holds no others.
    pub(super) fn push_node(&mut self, kind: Kind, start: usize, end: usize, flags: u8) -> Result<(), Stop> {
        let next = to_offset(self.nodes.len() + 1);
        self.push(Node { start: to_offset(start), end: to_offset(end), next, kind, flags })
    }

    #[inline]
    fn push(&mut self, node: Node) -> Result<(), Stop> {
        if self.nodes.len() >= self.limits.max_nodes {
            return Err(self.exceed(mistake::too_many(Span::new(node.start, node.end), &self.limits)));
        }
        self.nodes.push(node);
        Ok(())
    }

    #[cold]
    fn exceed(&mut self, error: Error) -> Stop {
        self.exceeded = true;
        self.errors.push(error);
        Stop
    }

    /// Notes a mistake that can be repaired.
    pub(super) fn report(&mut self, error: Error) -> Result<(), Stop> {
        let span = error.span;
        self.errors.push(error);
        if self.on_mistake == OnMistake::Stop {
            return Err(Stop);
        }
        if self.errors.len() >= self.limits.max_errors {
            self.errors.push(Error::too_many(self.limits.max_errors, span));
            return Err(Stop);
        }
        Ok(())
    }

    /// The next byte; 0, which no document may hold, at the end.
    #[inline]
    pub(super) fn peek(&self) -> u8 {
        self.source.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    #[inline]
    pub(super) fn skip_blank(&mut self) {
        while matches!(self.peek(), b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
        }
    }
}

/// An offset as nodes keep it: lossless, because longer texts are refused at the door.
#[inline]
pub(super) fn to_offset(at: usize) -> u32 {
    at as u32
}

/// The first place from `at` on whose byte ends a plain run in a string: a quote, a backslash or a control character.
///
/// PERF: most of a policy is short strings, so eight bytes at a time in registers; a call of memchr for each was not
/// measured. AWS's managed policies go through the scanner at 1.0 GB/s and through the whole parser at 0.45 GB/s,
/// where `serde_json::Value` does 0.26 (`benches/parse`).
#[inline]
fn skip_plain(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    // Sets the high bit of the first zero byte and of none below it; those above may be wrong.
    const fn zero(word: u64) -> u64 {
        word.wrapping_sub(ONES) & !word
    }
    while let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*word);
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        let quote = zero(word ^ (ONES * b'"' as u64));
        let backslash = zero(word ^ (ONES * b'\\' as u64));
        let found = (control | quote | backslash) & HIGH;
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while let Some(&byte) = bytes.get(at) {
        if byte < 0x20 || byte == b'"' || byte == b'\\' {
            break;
        }
        at += 1;
    }
    at
}

/// Where the number that begins at `start` ends, if it is well-formed: `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`.
fn number_end(bytes: &[u8], start: usize) -> Option<usize> {
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let digits = |mut at: usize| {
        let first = at;
        while byte(at).is_ascii_digit() {
            at += 1;
        }
        (at > first).then_some(at)
    };
    let mut at = start + usize::from(byte(start) == b'-');
    at = if byte(at) == b'0' { at + 1 } else { digits(at)? };
    if byte(at) == b'.' {
        at = digits(at + 1)?;
    }
    if matches!(byte(at), b'e' | b'E') {
        at = digits(at + 1 + usize::from(matches!(byte(at + 1), b'+' | b'-')))?;
    }
    // What goes on as if it were a number is one mistake, not a number and something behind it.
    let goes_on = byte(at).is_ascii_alphanumeric() || matches!(byte(at), b'.' | b'_' | b'+' | b'-');
    (!goes_on).then_some(at)
}
