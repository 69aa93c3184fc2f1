//! From a text and its hash to what stands under it.

use super::groups::Group;
use crate::compiled::Part;
use crate::hash::same;

/// Texts by their hashes: whole actions and service prefixes.
///
/// PERF: a look-up that finds something waits for one entry, where a text of up to 24 bytes stands as well: one
/// cache line or two that follow each other.
#[derive(Clone, Debug, Default)]
#[repr(C)]
pub(crate) struct Table {
    /// In the order of their hashes and texts, each in its home or behind it, where a place is free. What stays free holds
    /// the entry before it once more, at the beginning the first one: so hashes are in order from every place on.
    entries: Box<[Entry]>,
    /// How many places are homes: most of them.
    homes: u32,
    /// Whether an entry is too far from its home to be looked for from there.
    is_crowded: bool,
}

/// A text and what stands under it.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
struct Entry {
    hash: u32,
    text: Part,
    found: Found,
    ends: Ends,
}

/// The beginning and the end of a text: all of one that is not longer than both.
#[derive(Clone, Copy, Debug)]
struct Ends {
    /// Zeros stand behind a shorter text.
    first: [u8; END],
    /// All zero of a text that is shorter.
    last: [u8; END],
}

const END: usize = 12;

/// No entry is as far from its home, but in a crowded table: names may be chosen so that their hashes are alike. By chance
/// none of a million comes as far.
const FAR: usize = 512;

/// As many entries make a large table.
const LARGE: usize = 4_096;

/// What a table leads to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found {
    /// An action's statements.
    Statements(Group),
    /// A service's patterns: a run of rows.
    Patterns(Part),
}

impl Table {
    /// A table of different texts, parts of one text, each with its hash.
    pub(super) fn new(mut entries: Vec<(u32, Part, Found)>, texts: &str) -> Self {
        entries.sort_unstable_by_key(|(hash, text, _)| (*hash, text.bytes(texts)));
        // PERF: a quarter of the homes is free, and half of them in a large table: there a look-up takes 1.5 steps in the mean
        // instead of 2.5, some 1 ns of a decision over 10,000 statements. Small tables are what most policies have.
        let free = if entries.len() < LARGE { entries.len() / 3 } else { entries.len() };
        let count = entries.len() + free;
        let homes = count as u32;
        let mut placed = Vec::with_capacity(count);
        let mut is_crowded = false;
        for (hash, text, found) in entries {
            let entry = Entry { hash, text, found, ends: Ends::of(text.bytes(texts)) };
            let before = *placed.last().unwrap_or(&entry);
            placed.resize(placed.len().max(home(hash, homes)), before);
            is_crowded |= placed.len() >= home(hash, homes) + FAR;
            placed.push(entry);
        }
        Self { entries: placed.into(), homes, is_crowded }
    }

    /// What stands under a text, a part of `texts`.
    ///
    /// PERF: the loop is about hashes alone, and needs nothing of what a text is compared with: 25 instructions less. That a
    /// text has the hash of another is so rare that it may cost a binary search.
    #[inline(always)]
    pub(super) fn find(&self, hash: u32, text: &[u8], texts: &str) -> Option<&Found> {
        if self.is_crowded {
            return self.find_in_order(hash, text, texts);
        }
        let entry = self.entries.get(home(hash, self.homes)..)?.iter().find(|entry| entry.hash >= hash)?;
        if entry.hash != hash {
            return None;
        }
        if entry.is(text, texts) { Some(&entry.found) } else { self.find_in_order(hash, text, texts) }
    }

    /// The same for any entry, however far from its home.
    #[cold]
    #[inline(never)]
    fn find_in_order(&self, hash: u32, text: &[u8], texts: &str) -> Option<&Found> {
        let order = |entry: &Entry| (entry.hash, entry.text.bytes(texts)).cmp(&(hash, text));
        let place = self.entries.binary_search_by(order).ok()?;
        self.entries.get(place).map(|entry| &entry.found)
    }

    /// The texts, and what stands under each.
    pub(super) fn entries(&self) -> impl Iterator<Item = (Part, Found)> {
        let once = self.entries.chunk_by(|a, b| a.text == b.text).filter_map(<[Entry]>::first);
        once.map(|entry| (entry.text, entry.found))
    }
}

/// The place from which an entry with this hash is looked for: of greater hashes none before it.
#[inline(always)]
fn home(hash: u32, homes: u32) -> usize {
    ((u64::from(hash) * u64::from(homes)) >> u32::BITS) as usize
}

impl Entry {
    /// Whether its text, a part of `texts`, is this one.
    #[inline(always)]
    fn is(&self, text: &[u8], texts: &str) -> bool {
        if self.text.len() != text.len() {
            return false;
        }
        match (text.first_chunk::<END>(), text.last_chunk::<END>()) {
            (Some(first), Some(last)) => {
                *first == self.ends.first
                    && *last == self.ends.last
                    && (text.len() <= 2 * END || same(text, self.text.bytes(texts)))
            }
            _ => self.ends.first.get(..text.len()).is_some_and(|own| same(own, text)),
        }
    }
}

impl Ends {
    fn of(text: &[u8]) -> Self {
        if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
            return Self { first: *first, last: *last };
        }
        let mut first = [0; END];
        first.iter_mut().zip(text).for_each(|(to, from)| *to = *from);
        Self { first, last: [0; END] }
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, Table};
    use crate::compiled::Part;
    use crate::hash::short_hash;

    #[test]
    fn a_text_with_the_hash_of_another_is_told_from_it_wherever_they_differ() {
        for length in [1, 8, 12, 13, 20, 24, 25, 40, 70] {
            let mut texts = String::new();
            let kept = "a".repeat(length);
            let part = Part::push(&mut texts, &kept);
            let table = Table::new(vec![(7, part, Found::Patterns(part))], &texts);
            assert!(table.find(7, kept.as_bytes(), &texts).is_some());
            for place in 0..length {
                let mut other = kept.clone();
                other.replace_range(place..=place, "b");
                assert!(table.find(7, other.as_bytes(), &texts).is_none(), "{other}");
            }
        }
    }

    #[test]
    fn every_text_is_found_and_no_other_is_also_when_hashes_collide() {
        for count in [0_u32, 1, 2, 3, 4, 9, 100, 300, 600] {
            for crowd in [1, 7, u32::MAX] {
                let mut texts = String::new();
                let mut entries = Vec::new();
                let hash_of = |text: &str| short_hash(text) / crowd * crowd;
                // Many of one length differ near the beginning, near the end, or in the middle alone.
                let named = |number: u32| {
                    let (before, behind) = (number as usize % 40, number as usize % 8 * 3);
                    format!("{}{number}{}", "x".repeat(before), "x".repeat(behind))
                };
                for number in 0..count {
                    let text = named(number);
                    let part = Part::push(&mut texts, &text);
                    entries.push((hash_of(&text), part, Found::Patterns(part)));
                }
                let table = Table::new(entries.clone(), &texts);
                for number in 0..2 * count {
                    let text = named(number);
                    match table.find(hash_of(&text), text.as_bytes(), &texts) {
                        Some(Found::Patterns(part)) => assert_eq!(part.of(&texts), text),
                        Some(Found::Statements(_)) => panic!("there are no statements"),
                        None => assert!(number >= count, "{text} of {count}"),
                    }
                }
                assert_eq!(table.entries().count(), entries.len());
            }
        }
    }
}
