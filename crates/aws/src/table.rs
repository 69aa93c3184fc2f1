//! The Service Authorization Reference: the table `data/reference.bin`, and its sections.
//!
//! The table begins with [`SECTIONS`] offsets of three bytes, one for the end of each section:
//!
//! 1. Places of words: for each word, and for their end, two bytes that say where it begins.
//! 2. Words, one after the other.
//! 3. Services: flags (1: resource control policies apply), first action, number of actions, first resource
//!    type, number of resource types, number of condition keys, two bytes for each of these, prefix.
//! 4. Actions: details, name.
//! 5. Details: access level with flags; condition keys (flag 8), each a place among the service's; resource
//!    types (flag 16), each a place among the service's, times four, with flags (1: required, 2: condition
//!    keys follow).
//! 6. Resource types: name with its length, condition keys, ARN pattern.
//! 7. Condition keys: type with a flag (8: multivalued), name.
//! 8. Patterns: the condition keys with a placeholder, two bytes each.
//!
//! Sections 3 to 7 are pools (`pool.rs`). Services, the actions, resource types and condition keys of a
//! service, and all condition keys are ordered by name, letter case ignored.

use crate::pool::Pool;

/// The whole table.
pub(crate) const TABLE: &[u8] = include_bytes!("../data/reference.bin");

/// How many sections it has.
const SECTIONS: usize = 8;

/// A section of the table. It is cut when the crate is compiled, so a table without its sections does not
/// compile.
#[expect(clippy::indexing_slicing, reason = "evaluated when the crate is compiled")]
const fn section(place: usize) -> &'static [u8] {
    const fn end(place: usize) -> usize {
        let at = 3 * place;
        TABLE[at] as usize | (TABLE[at + 1] as usize) << 8 | (TABLE[at + 2] as usize) << 16
    }
    let start = if place == 0 { 3 * SECTIONS } else { end(place - 1) };
    TABLE.split_at(end(place)).0.split_at(start).1
}

pub(crate) static WORD_PLACES: &[u8] = section(0);
pub(crate) static WORDS: &str = match std::str::from_utf8(section(1)) {
    Ok(words) => words,
    Err(_) => "",
};
pub(crate) static SERVICES: Pool<'static> = Pool::new(section(2));
pub(crate) static ACTIONS: Pool<'static> = Pool::new(section(3));
pub(crate) static DETAILS: Pool<'static> = Pool::new(section(4));
pub(crate) static RESOURCE_TYPES: Pool<'static> = Pool::new(section(5));
pub(crate) static KEYS: Pool<'static> = Pool::new(section(6));
pub(crate) static PATTERNS: &[u8] = section(7);
