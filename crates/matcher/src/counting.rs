//! Matching that counts its steps: for fuzzers, and for tests of the bound outside this crate.

use crate::steps::Counted;
use crate::{Arn, ArnPattern, Match, Resolved, ResourcePattern, TextPattern};

impl TextPattern {
    /// [`is_match_with`](Self::is_match_with), and the number of elementary steps it took.
    pub fn count_steps<'r>(&self, text: &str, resolve: impl Fn(usize) -> Resolved<'r>) -> (Match, usize) {
        let mut steps = Counted::default();
        (self.is_match_counting(text, resolve, &mut steps), steps.0)
    }
}

impl ResourcePattern {
    /// [`is_match_with`](Self::is_match_with), and the number of elementary steps it took.
    pub fn count_steps<'r>(&self, text: &str, resolve: impl Fn(usize) -> Resolved<'r>) -> (Match, usize) {
        let mut steps = Counted::default();
        (self.is_match_counting(text, resolve, &mut steps), steps.0)
    }
}

impl ArnPattern {
    /// [`is_match_with`](Self::is_match_with), and the number of elementary steps it took.
    pub fn count_steps<'r>(&self, arn: &Arn<'_>, resolve: impl Fn(usize) -> Resolved<'r>) -> (Match, usize) {
        let mut steps = Counted::default();
        (self.is_match_counting(arn, resolve, &mut steps), steps.0)
    }
}
