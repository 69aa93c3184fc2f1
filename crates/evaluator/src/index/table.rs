//! From a text and its hash to what stands under it.

use super::groups::Group;
use crate::compiled::Part;
use crate::hash::same;

/// Texts by their hashes: whole actions and service prefixes.
///
/// PERF: hash, text and what is found stand together, so that a look-up touches one cache line of the table and one of
/// the texts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    /// None, or a power of two of them, at least a quarter of which are empty. An entry stands in the slot that the
    /// top bits of its hash say, or behind it, without an empty slot between.
    slots: Box<[Slot]>,
    /// How many low bits of a hash are not top bits.
    shift: u32,
}

/// A text and what stands under it.
#[derive(Clone, Copy, Debug)]
struct Slot {
    hash: u32,
    text: Part,
    found: Found,
}

/// What a table leads to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found {
    Nothing,
    /// An action's statements.
    Statements(Group),
    /// A service's patterns: a run of rows.
    Patterns(Part),
}

impl Table {
    /// A table of different texts, parts of one text, each with its hash.
    pub(super) fn new(entries: &[(u32, Part, Found)]) -> Self {
        if entries.is_empty() {
            return Self::default();
        }
        let count = (entries.len() + entries.len().div_ceil(3)).next_power_of_two();
        let shift = u32::BITS - count.trailing_zeros();
        let mut slots = vec![Slot { hash: 0, text: Part::default(), found: Found::Nothing }; count];
        for (hash, text, found) in entries {
            let mut place = (hash >> shift) as usize;
            while slots.get(place).is_some_and(|slot| !matches!(slot.found, Found::Nothing)) {
                place = (place + 1) & (count - 1);
            }
            if let Some(slot) = slots.get_mut(place) {
                *slot = Slot { hash: *hash, text: *text, found: *found };
            }
        }
        Self { slots: slots.into(), shift }
    }

    /// What stands under a text, a part of `texts`.
    #[inline(always)]
    pub(super) fn find(&self, hash: u32, text: &[u8], texts: &str) -> Found {
        let mut place = (hash >> self.shift) as usize;
        while let Some(slot) = self.slots.get(place) {
            if matches!(slot.found, Found::Nothing) || slot.hash == hash && same(slot.text.bytes(texts), text)
            {
                return slot.found;
            }
            place = (place + 1) & (self.slots.len() - 1);
        }
        Found::Nothing
    }

    /// The texts, and what stands under each.
    pub(super) fn entries(&self) -> impl Iterator<Item = (Part, Found)> {
        let entries = self.slots.iter().filter(|slot| !matches!(slot.found, Found::Nothing));
        entries.map(|slot| (slot.text, slot.found))
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, Table};
    use crate::compiled::Part;
    use crate::hash::short_hash;

    #[test]
    fn every_text_is_found_and_no_other_is_also_when_hashes_collide() {
        for count in [0_u32, 1, 2, 3, 4, 9, 100] {
            for crowd in [1, 7, u32::MAX] {
                let mut texts = String::new();
                let mut entries = Vec::new();
                let hash_of = |text: &str| short_hash(text) / crowd * crowd;
                for number in 0..count {
                    let text = format!("svc{number}");
                    let part = Part::push(&mut texts, &text);
                    entries.push((hash_of(&text), part, Found::Patterns(part)));
                }
                let table = Table::new(&entries);
                for number in 0..2 * count {
                    let text = format!("svc{number}");
                    match table.find(hash_of(&text), text.as_bytes(), &texts) {
                        Found::Patterns(part) => assert_eq!(part.of(&texts), text),
                        Found::Statements(_) => panic!("there are no statements"),
                        Found::Nothing => assert!(number >= count, "{text} of {count}"),
                    }
                }
                assert_eq!(table.entries().count(), entries.len());
            }
        }
    }
}
