//! Several literals with runs between them: the prefix and suffix are compared in place, the literals between
//! are searched from left to right.

use crate::lanes::is_same;
use crate::needle::Needle;
use crate::steps::Steps;

/// A pattern `prefix*literal*…*literal*suffix`, prefix and suffix possibly empty.
#[derive(Clone, Debug)]
pub(crate) struct Literals {
    pub(crate) prefix: Box<str>,
    pub(crate) inner: Box<[Needle]>,
    pub(crate) suffix: Box<str>,
}

impl Literals {
    /// Whether the text is the prefix, then the inner literals in order and without overlap, then the suffix.
    ///
    /// Taking the leftmost occurrence of each literal loses nothing: it leaves the most text to the rest.
    #[inline]
    pub(crate) fn is_match(&self, text: &[u8], steps: &mut impl Steps) -> bool {
        steps.add(1 + self.prefix.len() + self.suffix.len());
        let mut rest = text;
        // PERF: comparing with an empty slice costs a call, 2 ns, and most of these patterns end in a star.
        if !self.prefix.is_empty() {
            let prefix = self.prefix.as_bytes();
            let Some((beginning, after)) = rest.split_at_checked(prefix.len()) else { return false };
            if !is_same(beginning, prefix) {
                return false;
            }
            rest = after;
        }
        if !self.suffix.is_empty() {
            let Some(before) = rest.strip_suffix(self.suffix.as_bytes()) else { return false };
            rest = before;
        }
        for needle in &self.inner {
            let Some(start) = needle.find_here(rest, steps) else { return false };
            rest = rest.get(start + needle.as_bytes().len()..).unwrap_or_default();
        }
        true
    }
}
