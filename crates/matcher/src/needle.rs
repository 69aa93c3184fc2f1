//! A literal that is searched for.
//!
//! Two bytes of the literal that are rare in ARNs are looked for together, eight places at a time, and the
//! literal is compared where both stand. Long texts go to `memchr`, whose search is linear whatever the
//! input.

use memchr::{memchr, memmem};

use crate::lanes::{LANES, begins_with, load, lowest, splat, without_lowest, zeros};
use crate::steps::Steps;

/// A literal, never empty, and the two bytes to look for.
#[derive(Clone, Debug)]
pub(crate) struct Needle {
    text: Box<str>,
    first: Rare,
    second: Rare,
}

/// A byte of a literal and its offset.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Rare {
    byte: u8,
    at: u32,
}

/// Longer texts than this are searched with `memchr`.
///
/// PERF: building a searcher of `memmem` for one search costs some 30 ns, about what 250 bytes cost here; and
/// up to this length the worst case, a comparison at every place, stays small as well.
const LONG: usize = 512;

/// How often the rarest byte may mislead in a long text.
const CANDIDATES_OF_LONG: usize = 32;

impl Needle {
    pub(crate) fn new(text: Box<str>) -> Self {
        debug_assert!(!text.is_empty(), "a literal is never empty");
        let (mut first, mut second) = (Rare::default(), Rare::default());
        let (mut first_rank, mut second_rank) = (u8::MAX, u8::MAX);
        for (at, byte) in (0..u32::MAX).zip(text.bytes()) {
            let (rare, rank) = (Rare { byte, at }, commonness(byte));
            if rank < first_rank {
                (second, second_rank) = (first, first_rank);
                (first, first_rank) = (rare, rank);
            } else if rank < second_rank {
                (second, second_rank) = (rare, rank);
            }
        }
        if second_rank == u8::MAX {
            second = first;
        }
        Self { text, first, second }
    }

    #[inline]
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// The offset of the leftmost occurrence.
    ///
    /// PERF: not inlined, because two copies in the loop of a program cost it 10 ns.
    #[inline(never)]
    pub(crate) fn find(&self, haystack: &[u8], steps: &mut impl Steps) -> Option<usize> {
        self.find_here(haystack, steps)
    }

    /// The same, inlined: 25 instructions less.
    #[inline(always)]
    pub(crate) fn find_here(&self, haystack: &[u8], steps: &mut impl Steps) -> Option<usize> {
        steps.add(1);
        // An occurrence begins at one of so many places.
        let places = (haystack.len() + 1).checked_sub(self.text.len())?;
        if haystack.len() > LONG || places < LANES {
            return self.find_elsewise(haystack, places, steps);
        }
        let last = places - LANES;
        // PERF: of the same length, so that one check is for both: eight places take 22 instructions; with a
        // check for each, 34.
        let first = haystack.get(self.first.at as usize..)?.get(..places)?;
        let second = haystack.get(self.second.at as usize..)?.get(..places)?;
        let (first_lanes, second_lanes) = (splat(self.first.byte), splat(self.second.byte));
        let mut block = 0;
        loop {
            steps.add(LANES);
            let (first, second) = (first.get(block..)?.first_chunk()?, second.get(block..)?.first_chunk()?);
            let mut candidates = zeros((load(*first) ^ first_lanes) | (load(*second) ^ second_lanes));
            while candidates != 0 {
                let place = block + lowest(candidates);
                if self.is_at(place, haystack, steps) {
                    return Some(place);
                }
                candidates = without_lowest(candidates);
            }
            if block == last {
                return None;
            }
            // The last block may overlap the one before it.
            block = last.min(block + LANES);
        }
    }

    /// The same for a long text, and for one with fewer places than lanes.
    #[inline(never)]
    fn find_elsewise(&self, haystack: &[u8], places: usize, steps: &mut impl Steps) -> Option<usize> {
        if haystack.len() > LONG {
            return self.find_in_long(haystack, steps);
        }
        steps.add(places);
        let first = haystack.get(self.first.at as usize..)?;
        let second = haystack.get(self.second.at as usize..)?;
        let rare = (&self.first.byte, &self.second.byte);
        let mut places = (0..places).zip(first.iter().zip(second));
        places
            .find(|&(place, pair)| pair == rare && self.is_at(place, haystack, steps))
            .map(|(place, _)| place)
    }

    /// The same for a long text: by the rarest byte alone, and once that has misled too often, in linear
    /// time.
    #[cold]
    fn find_in_long(&self, haystack: &[u8], steps: &mut impl Steps) -> Option<usize> {
        let mut place = 0;
        for _ in 0..CANDIDATES_OF_LONG {
            let rest = haystack.get(place + self.first.at as usize..)?;
            let found = memchr(self.first.byte, rest);
            steps.add(1 + found.unwrap_or(rest.len()));
            place += found?;
            if self.is_at(place, haystack, steps) {
                return Some(place);
            }
            place += 1;
        }
        let rest = haystack.get(place..)?;
        steps.add(rest.len() + self.text.len());
        Some(place + memmem::find(rest, self.as_bytes())?)
    }

    #[inline]
    fn is_at(&self, place: usize, haystack: &[u8], steps: &mut impl Steps) -> bool {
        steps.add(self.text.len());
        haystack.get(place..).is_some_and(|rest| begins_with(rest, self.as_bytes()))
    }
}

/// How common a byte is in ARNs and context values; only the order matters.
fn commonness(byte: u8) -> u8 {
    COMMONNESS.get(usize::from(byte)).copied().unwrap_or_default()
}

/// The same for every byte.
const COMMONNESS: [u8; 256] = {
    let mut all = [0; 256];
    let mut rest: &mut [u8] = &mut all;
    let mut byte = 0;
    while let Some((first, after)) = rest.split_first_mut() {
        *first = commonness_of(byte);
        byte = byte.wrapping_add(1);
        rest = after;
    }
    all
};

const fn commonness_of(byte: u8) -> u8 {
    match byte {
        b'a' | b'e' | b'i' | b'n' | b'o' | b'r' | b's' | b't' | b'-' | b'/' | b':' | b'0'..=b'2' => 4,
        b'c' | b'd' | b'g' | b'l' | b'm' | b'p' | b'u' | b'3'..=b'9' => 3,
        b'b' | b'f' | b'h' | b'k' | b'v' | b'w' | b'y' | b'.' | b'_' => 2,
        b'A'..=b'Z' | b'j' | b'q' | b'x' | b'z' => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::{LONG, Needle};
    use crate::oracle::strings;
    use crate::steps::Counted;

    fn assert_finds_like_std(needle: &str, haystack: &str) {
        let mut steps = Counted::default();
        let found = Needle::new(needle.into()).find(haystack.as_bytes(), &mut steps);
        assert_eq!(found, haystack.find(needle), "{needle:?} in {haystack:?}");
        assert!(
            steps.0 <= 2 * (needle.len() + 1) * (haystack.len() + 1),
            "{} steps: {needle:?} in {haystack:?}",
            steps.0
        );
    }

    #[test]
    fn finds_the_leftmost_occurrence_of_every_short_literal() {
        let haystacks = strings("ab", 10);
        for needle in strings("ab", 4).iter().filter(|needle| !needle.is_empty()) {
            for haystack in &haystacks {
                assert_finds_like_std(needle, haystack);
                assert_finds_like_std(needle, &format!("zzzzzzz{haystack}zzzzzzzzzz"));
            }
        }
    }

    #[test]
    fn finds_bytes_that_differ_in_one_bit_or_by_one_apart() {
        for needle in ["\u{0}\u{1}", "\u{1}\u{0}", "ab", "`a", "\u{7f}", "é", "\u{10ffff}"] {
            for before in
                ["", "\u{1}\u{1}\u{0}", "\u{0}\u{0}", "aab", "bba", "c`b", "é\u{7f}a", "a\u{10ffff}é"]
            {
                for repeat in 1..5 {
                    assert_finds_like_std(needle, &format!("{}{needle}", before.repeat(repeat)));
                    assert_finds_like_std(needle, &before.repeat(repeat));
                }
            }
        }
    }

    #[test]
    fn finds_in_texts_around_the_length_where_the_search_changes() {
        for length in [LONG - 9, LONG - 1, LONG, LONG + 1, LONG + 9] {
            let text = "ab".repeat(length / 2);
            for needle in ["bb", "abba", "a", &"ab".repeat(200), &format!("{}b", "ab".repeat(100))] {
                assert_finds_like_std(needle, &text);
                assert_finds_like_std(needle, &format!("{text}{needle}"));
            }
        }
    }

    #[test]
    fn finds_right_behind_a_place_that_misled() {
        for length in [0, LONG] {
            assert_finds_like_std("xxy", &format!("{}xxxy", "a".repeat(length)));
        }
    }

    #[test]
    fn finds_literals_longer_than_an_offset_of_one_byte() {
        let needle = format!("{}b{}", "a".repeat(300), "a".repeat(50));
        assert_finds_like_std(&needle, &"a".repeat(400));
        assert_finds_like_std(&needle, &format!("{}{needle}", "a".repeat(100)));
    }
}
