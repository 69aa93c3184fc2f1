//! Several literals with runs between them: the prefix and suffix are compared in place, the literals between are
//! searched from left to right.

use memchr::memchr;

use crate::steps::Steps;

/// A pattern `prefix*piece*…*piece*suffix`, prefix and suffix possibly empty.
#[derive(Clone, Debug)]
pub(crate) struct Pieces {
    pub(crate) prefix: Box<str>,
    pub(crate) inner: Box<[Needle]>,
    pub(crate) suffix: Box<str>,
}

impl Pieces {
    /// Whether the text is the prefix, then the inner pieces in order and without overlap, then the suffix.
    ///
    /// Taking the leftmost occurrence of each piece loses nothing: it leaves the most text to the rest.
    #[inline]
    pub(crate) fn is_match(&self, text: &str, steps: &mut impl Steps) -> bool {
        let text = text.as_bytes();
        steps.add(1 + self.prefix.len() + self.suffix.len());
        let Some(rest) = text.strip_prefix(self.prefix.as_bytes()) else { return false };
        let Some(mut rest) = rest.strip_suffix(self.suffix.as_bytes()) else { return false };
        for needle in &self.inner {
            let Some(behind) = needle.find_end(rest, steps) else { return false };
            rest = rest.get(behind..).unwrap_or_default();
        }
        true
    }
}

/// A literal to search for, with the place of its byte that is rarest in policy texts.
#[derive(Clone, Debug)]
pub(crate) struct Needle {
    pub(crate) text: Box<str>,
    rare: u8,
    rare_at: usize,
}

impl Needle {
    /// A needle; the text must not be empty.
    pub(crate) fn new(text: Box<str>) -> Self {
        let rarest = text.bytes().enumerate().min_by_key(|&(_, byte)| commonness(byte));
        let (rare_at, rare) = rarest.unwrap_or_default();
        Self { text, rare, rare_at }
    }

    /// The offset behind the leftmost occurrence.
    #[inline]
    fn find_end(&self, haystack: &[u8], steps: &mut impl Steps) -> Option<usize> {
        let needle = self.text.as_bytes();
        let mut from = self.rare_at;
        loop {
            let rest = haystack.get(from..)?;
            let found = memchr(self.rare, rest);
            steps.add(1 + found.unwrap_or(rest.len()));
            let start = from + found? - self.rare_at;
            steps.add(needle.len());
            let candidate = haystack.get(start..)?;
            if candidate.starts_with(needle) {
                return Some(start + needle.len());
            }
            if candidate.len() < needle.len() {
                return None;
            }
            from = start + self.rare_at + 1;
        }
    }
}

/// How common a byte is in ARNs and context values, roughly: only the order matters.
fn commonness(byte: u8) -> u8 {
    match byte {
        b'a' | b'e' | b's' | b't' | b'o' | b'r' | b'i' | b'n' | b'-' | b'/' | b':' | b'1' | b'2' | b'0' => 4,
        b'c' | b'd' | b'g' | b'l' | b'm' | b'p' | b'u' | b'3'..=b'9' => 3,
        b'b' | b'f' | b'h' | b'k' | b'v' | b'w' | b'y' | b'.' | b'_' => 2,
        b'A'..=b'Z' | b'j' | b'q' | b'x' | b'z' => 1,
        _ => 0,
    }
}
