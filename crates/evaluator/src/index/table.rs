//! From a text and its hash to what stands under it.

use super::groups::Group;
use crate::compiled::Part;
use crate::hash::same;

/// Texts by their hashes: whole actions and service prefixes.
///
/// PERF: a look-up touches a cache line of slots, eight of which are in one, and if there is something to be found another
/// of entries, where the text itself stands as well. With texts elsewhere and wider slots it were one line more each.
#[derive(Clone, Debug, Default)]
#[repr(C)]
pub(crate) struct Table {
    /// None, or a power of two of them, at least a quarter of which are empty. An entry's slot is the one that the low
    /// bits of its hash say, or near behind it, without an empty slot between. An entry for which all of these were taken
    /// has none.
    slots: Box<[Slot]>,
    /// In the order of their hashes and texts.
    entries: Box<[Entry]>,
}

/// Where an entry stands, and its hash.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    hash: u32,
    /// From 1; 0 is none.
    entry: u32,
}

/// A text and what stands under it.
#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: u32,
    ends: Ends,
    text: Part,
    found: Found,
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

/// As many slots are looked at for an entry: names may be chosen so that their hashes are alike.
const NEAR: usize = 64;

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
        if entries.is_empty() {
            return Self::default();
        }
        let order = |a: &(u32, Part, Found), b: &(u32, Part, Found)| {
            a.0.cmp(&b.0).then_with(|| a.1.bytes(texts).cmp(b.1.bytes(texts)))
        };
        if !entries.is_sorted_by(|a, b| order(a, b).is_lt()) {
            entries.sort_unstable_by(order);
        }
        let count = (entries.len() + entries.len().div_ceil(3)).next_power_of_two();
        let mut slots = vec![Slot::default(); count];
        for ((hash, ..), entry) in entries.iter().zip(1..) {
            let free = near(*hash, count).find(|place| slots.get(*place).is_some_and(|slot| slot.entry == 0));
            if let Some(slot) = free.and_then(|place| slots.get_mut(place)) {
                *slot = Slot { hash: *hash, entry };
            }
        }
        let entry = |(hash, text, found): &(u32, Part, Found)| Entry {
            hash: *hash,
            ends: Ends::of(text.bytes(texts)),
            text: *text,
            found: *found,
        };
        Self { slots: slots.into(), entries: entries.iter().map(entry).collect() }
    }

    /// What stands under a text, a part of `texts`.
    ///
    /// PERF: the loop is about hashes alone, and needs nothing of what a text is compared with: 25 instructions less. That a
    /// text has the hash of another is so rare that it may cost a binary search.
    #[inline(always)]
    pub(super) fn find(&self, hash: u32, text: &[u8], texts: &str) -> Option<&Found> {
        for place in near(hash, self.slots.len()) {
            let slot = self.slots.get(place)?;
            if slot.hash == hash {
                let entry = self.entries.get((slot.entry as usize).wrapping_sub(1))?;
                if entry.is(text, texts) {
                    return Some(&entry.found);
                }
                break;
            }
            if slot.entry == 0 {
                return None;
            }
        }
        self.find_in_order(hash, text, texts)
    }

    /// The same for any entry, also one that has no slot.
    #[cold]
    #[inline(never)]
    fn find_in_order(&self, hash: u32, text: &[u8], texts: &str) -> Option<&Found> {
        let order = |entry: &Entry| (entry.hash, entry.text.bytes(texts)).cmp(&(hash, text));
        let place = self.entries.binary_search_by(order).ok()?;
        self.entries.get(place).map(|entry| &entry.found)
    }

    /// The texts, and what stands under each.
    pub(super) fn entries(&self) -> impl Iterator<Item = (Part, Found)> {
        self.entries.iter().map(|entry| (entry.text, entry.found))
    }
}

/// The places of the slots that an entry with this hash may have, of a power of two of them.
#[inline(always)]
fn near(hash: u32, count: usize) -> impl Iterator<Item = usize> {
    let last = count.wrapping_sub(1);
    (0..NEAR).map(move |step| (hash as usize).wrapping_add(step) & last)
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
    fn every_text_is_found_and_no_other_is_also_when_hashes_collide() {
        for count in [0_u32, 1, 2, 3, 4, 9, 100, 300] {
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
