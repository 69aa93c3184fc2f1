//! The condition context of a request: what the caller gave.
//!
//! Names are folded and hashed once, when a key is given; a condition's key when its policy is compiled. A look-up
//! compares numbers, and then one name.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::action::ActionCode;
use crate::hash::{fold_into, hash, same};
use crate::keys::{COMMON_KEYS, KeyCode, common};

mod cased;

use self::cased::{Cased, ENCRYPTION_CONTEXT, Update};

/// The value of a context key.
#[derive(Clone, Copy, Debug)]
pub enum Value<'r> {
    /// A single-valued key.
    One(&'r str),
    /// A multivalued key, also with one element or none.
    Many(&'r [Cow<'r, str>]),
}

/// What the caller gave.
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct Context<'a> {
    /// The request's action, then every key that has its name here, all in lower case.
    names: String,
    entries: Vec<Entry<'a>>,
    /// For every common key its place among the entries, from 1; 0 is absent, or not among those that can be marked.
    common: [u8; COMMON_KEYS + 1],
    rest: Option<Box<Rest<'a>>>,
}

/// What few requests have.
#[derive(Clone, Debug, Default)]
struct Rest<'a> {
    /// When there are many entries: the places of those with names, from 1, each in the slot that the top bits of its
    /// hash say, or behind it. At least half of the slots are empty.
    slots: Vec<u32>,
    /// The places of entries that have no slot near enough: names may be chosen so that their hashes are alike.
    crowded: BTreeMap<Box<str>, usize>,
    /// The keys whose case has a meaning.
    cased: Cased<'a>,
}

#[derive(Clone, Debug)]
pub(crate) struct Entry<'a> {
    /// Its name's.
    hash: u64,
    /// Where its name begins and ends; [`UNNAMED`] of a common key that is marked.
    name: (usize, usize),
    value: Given<'a>,
}

/// The place of no name.
const UNNAMED: (usize, usize) = (1, 0);

/// As many entries are looked at one by one.
const FEW: usize = 16;

/// As many entries can be marked as common keys.
const MARKED: usize = u8::MAX as usize;

/// As many slots are looked at for an entry.
const NEAR: usize = 16;

/// A value as it was given.
#[derive(Clone, Debug)]
pub(crate) enum Given<'a> {
    One(Cow<'a, str>),
    Many(Vec<Cow<'a, str>>),
}

impl<'a> Given<'a> {
    fn all(&self) -> &[Cow<'a, str>] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }

    #[inline]
    pub(crate) fn value(&self) -> Option<Value<'_>> {
        match self {
            Self::One(value) => Some(Value::One(value)),
            // A list without elements is no value (rule C-29).
            Self::Many(values) if values.is_empty() => None,
            Self::Many(values) => Some(Value::Many(values)),
        }
    }
}

/// Room for the action and a few keys that are not common.
pub(crate) const NAMES: usize = 128;

/// Room for the keys of most requests.
const KEYS: usize = 8;

/// The memory of a context that is no longer needed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Room {
    names: String,
    entries: Vec<Entry<'static>>,
}

impl Room {
    /// Empty room for names.
    pub(crate) fn names(&mut self) -> String {
        let mut names = std::mem::take(&mut self.names);
        names.clear();
        names
    }

    /// Empty room for entries.
    pub(crate) fn entries<'a>(self) -> Vec<Entry<'a>> {
        emptied(self.entries)
    }
}

impl<'a> Context<'a> {
    /// A context without keys.
    #[inline]
    pub(crate) fn new(names: String, entries: Vec<Entry<'a>>) -> Self {
        Self { names, entries, common: [0; COMMON_KEYS + 1], rest: None }
    }

    /// The memory, for another context.
    pub(crate) fn into_room(self) -> Room {
        Room { names: self.names, entries: emptied(self.entries) }
    }

    #[inline]
    pub(crate) fn names(&self) -> &str {
        &self.names
    }

    /// Puts another action where the names begin with one.
    pub(crate) fn replace_own(&mut self, action: &str) -> ActionCode {
        // Every name stands behind those that came before, the first of them behind the action.
        let is_named = |entry: &&mut Entry<'_>| entry.name != UNNAMED;
        let first = self.entries.iter_mut().find(is_named);
        let before = first.map_or(self.names.len(), |entry| entry.name.0);
        let (code, after) = ActionCode::replace(&mut self.names, before, action);
        for entry in self.entries.iter_mut().filter(is_named) {
            for place in [&mut entry.name.0, &mut entry.name.1] {
                *place = *place - before + after;
            }
        }
        code
    }

    /// Adds a key, or gives it another value.
    ///
    /// PERF: a common key, given in any case, takes some 100 instructions; its name is neither folded nor copied.
    #[inline]
    pub(crate) fn insert(&mut self, key: &str, value: Given<'a>) {
        match common(key) {
            0 => self.insert_other(key, value),
            common => self.insert_common(common, key, value),
        }
    }

    fn insert_other(&mut self, key: &str, value: Given<'a>) {
        // There are letters beyond ASCII whose lower case is not.
        match if key.is_ascii() { 0 } else { common(&key.to_lowercase()) } {
            0 => self.insert_named(key, value),
            common => self.insert_common(common, key, value),
        }
    }

    fn insert_common(&mut self, common: u8, key: &str, value: Given<'a>) {
        let Some(mark) = self.common.get_mut(usize::from(common)) else { return };
        match u8::try_from(self.entries.len() + 1) {
            _ if *mark != 0 => {
                if let Some(entry) = self.entries.get_mut(usize::from(*mark) - 1) {
                    entry.value = value;
                }
            }
            Ok(place) => {
                *mark = place;
                self.push(Entry { hash: 0, name: UNNAMED, value });
            }
            Err(_) => self.insert_named(key, value),
        }
    }

    /// Adds a key that is not marked as a common one.
    fn insert_named(&mut self, key: &str, value: Given<'a>) {
        let start = self.names.len();
        fold_into(&mut self.names, key);
        let name = self.names.get(start..).unwrap_or_default();
        let hash = hash(name);
        let update = if name.starts_with(ENCRYPTION_CONTEXT) {
            // The prefix is a condition key's, and so the same in any letter case.
            let own = key.splitn(3, ':').nth(2).unwrap_or_default();
            self.rest.get_or_insert_default().cased.insert(name, own, value)
        } else {
            Update::Set(value)
        };
        if let Some(entry) = self.search(hash, name.as_bytes()).and_then(|place| self.entries.get_mut(place))
        {
            update.apply(&mut entry.value);
            self.names.truncate(start);
            return;
        }
        let mut value = Given::Many(Vec::new());
        update.apply(&mut value);
        self.push(Entry { hash, name: (start, self.names.len()), value });
    }

    #[inline]
    fn push(&mut self, entry: Entry<'a>) {
        if self.entries.capacity() == 0 {
            self.entries = Vec::with_capacity(KEYS);
        }
        self.entries.push(entry);
        if self.entries.len() > FEW {
            self.note_among_many();
        }
    }

    /// Makes the last entry one that is found.
    #[cold]
    fn note_among_many(&mut self) {
        let Self { names, entries, rest, .. } = self;
        let rest = rest.get_or_insert_default();
        let count = entries.len();
        if 2 * count > rest.slots.len() {
            // Twice as many slots each time: a context of many keys is filled in linear time.
            rest.slots.clear();
            rest.slots.resize((4 * count).next_power_of_two(), 0);
            rest.crowded.clear();
            entries.iter().enumerate().for_each(|(place, entry)| rest.note(names, entry, place));
        } else if let Some(entry) = entries.last() {
            rest.note(names, entry, count - 1);
        }
    }

    /// The value of a key.
    #[inline]
    pub(crate) fn find<'k>(&self, code: &KeyCode, name: impl Fn() -> &'k [u8]) -> Option<&Given<'a>> {
        let place = match self.common.get(usize::from(code.common)) {
            Some(mark @ 1..) => usize::from(*mark) - 1,
            _ => self.find_unmarked(code, name)?,
        };
        Some(&self.entries.get(place)?.value)
    }

    /// The place of a key that is not marked as a common one.
    #[inline(never)]
    fn find_unmarked<'k>(&self, code: &KeyCode, name: impl Fn() -> &'k [u8]) -> Option<usize> {
        match code.common {
            // A common key that is not marked is there only if it came after many others.
            1.. if self.entries.len() <= MARKED => None,
            _ => self.search(code.hash, name()),
        }
    }

    /// The place of a key among the entries with names.
    #[inline]
    fn search(&self, hash: u64, name: &[u8]) -> Option<usize> {
        match &self.rest {
            Some(rest) if self.entries.len() > FEW => self.search_among_many(rest, hash, name),
            _ => {
                // PERF: the loop compares hashes alone: 40 instructions less for a key behind some others.
                let place = self.entries.iter().position(|entry| entry.hash == hash)?;
                let is_it = self.entries.get(place).is_some_and(|entry| self.has_name(entry, hash, name));
                if is_it { Some(place) } else { self.search_one_by_one(hash, name) }
            }
        }
    }

    /// The same where another key has the hash.
    #[cold]
    #[inline(never)]
    fn search_one_by_one(&self, hash: u64, name: &[u8]) -> Option<usize> {
        self.entries.iter().position(|entry| self.has_name(entry, hash, name))
    }

    #[inline(never)]
    fn search_among_many(&self, rest: &Rest<'_>, hash: u64, name: &[u8]) -> Option<usize> {
        for place in rest.near(hash) {
            let place = place.checked_sub(1)?;
            if self.entries.get(place).is_some_and(|entry| self.has_name(entry, hash, name)) {
                return Some(place);
            }
        }
        rest.crowded.get(std::str::from_utf8(name).ok()?).copied()
    }

    #[inline(always)]
    fn has_name(&self, entry: &Entry<'_>, hash: u64, name: &[u8]) -> bool {
        let (start, end) = entry.name;
        entry.hash == hash && self.names.as_bytes().get(start..end).is_some_and(|own| same(own, name))
    }

    /// The encryption context: every key as it was given, without the prefix, and its value if it has exactly one.
    pub(crate) fn encryption_context(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.rest.iter().flat_map(|rest| rest.cased.pairs())
    }

    /// The value of one key of the encryption context, in the letter case it was given in, if it has exactly one;
    /// nothing if the key is absent.
    pub(crate) fn encryption_context_of(&self, key: &str) -> Option<Option<&str>> {
        self.rest.as_ref()?.cased.get(key)
    }
}

impl Rest<'_> {
    /// What the slots that an entry with this hash may have hold.
    #[inline]
    fn near(&self, hash: u64) -> impl Iterator<Item = usize> {
        let (start, mask) = (first_slot(hash, self.slots.len()), self.slots.len().wrapping_sub(1));
        (start..start + NEAR).map_while(move |slot| self.slots.get(slot & mask).map(|place| *place as usize))
    }

    fn note(&mut self, names: &str, entry: &Entry<'_>, place: usize) {
        let Some(name) = name_of(names, entry) else { return };
        let start = first_slot(entry.hash, self.slots.len());
        let mask = self.slots.len().wrapping_sub(1);
        let free = self.near(entry.hash).position(|taken| taken == 0).map(|offset| (start + offset) & mask);
        match (free.and_then(|free| self.slots.get_mut(free)), u32::try_from(place + 1)) {
            (Some(free), Ok(place)) => *free = place,
            _ => drop(self.crowded.insert(name.into(), place)),
        }
    }
}

fn name_of<'n>(names: &'n str, entry: &Entry<'_>) -> Option<&'n str> {
    names.get(entry.name.0..entry.name.1)
}

/// The slot, of a power of two of them, that a hash is looked for from.
#[inline]
fn first_slot(hash: u64, count: usize) -> usize {
    (hash >> (u64::BITS - count.trailing_zeros())) as usize
}

/// No entries, in the same memory.
///
/// PERF: what is collected from a vector of items of the same size stays where it is, so nothing is allocated.
#[inline]
fn emptied<'b>(mut entries: Vec<Entry<'_>>) -> Vec<Entry<'b>> {
    entries.clear();
    entries.into_iter().map_while(|_| None).collect()
}

#[cfg(test)]
mod tests {
    use super::{Context, FEW, Given, MARKED, NEAR, first_slot, hash};
    use crate::keys::KeyCode;

    #[test]
    fn every_key_is_found_however_many_there_are_and_the_later_value_wins() {
        for count in [0, 1, FEW - 1, FEW, FEW + 1, MARKED - 1, MARKED, MARKED + 1, 2_000] {
            let mut context = Context::new("s3:getobject".to_owned(), Vec::new());
            // Common keys come first, in the middle, and last.
            let mut names: Vec<String> =
                (0..count).map(|number| format!("aws:RequestTag/t{number}")).collect();
            names.insert(0, "aws:SourceIp".to_owned());
            names.insert(names.len() / 2, "aws:UserAgent".to_owned());
            names.push("aws:SourceArn".to_owned());
            for round in ["first", "second"] {
                for name in &names {
                    context.insert(name, Given::One(format!("{round} {name}").into()));
                }
            }
            assert_eq!(context.entries.len(), names.len());
            for name in &names {
                let folded = name.to_lowercase();
                let found = context.find(&KeyCode::of(&folded), || folded.as_bytes());
                let Some(Given::One(value)) = found else { panic!("{name} of {count}") };
                assert_eq!(*value, format!("second {name}"));
            }
            for absent in ["aws:requesttag/t", "aws:currenttime"] {
                assert!(context.find(&KeyCode::of(absent), || absent.as_bytes()).is_none(), "{absent}");
            }
        }
    }
    #[test]
    fn keys_of_alike_hashes_are_found_too() {
        let is_alike = |name: &String| first_slot(hash(name), 512) == 0;
        let names: Vec<String> =
            (0..).map(|number| format!("x:k{number}")).filter(is_alike).take(4 * NEAR).collect();
        let mut context = Context::new(String::new(), Vec::new());
        for round in ["first", "second"] {
            for name in &names {
                context.insert(name, Given::One(format!("{round} {name}").into()));
            }
        }
        assert_eq!(context.entries.len(), names.len());
        assert!(!context.rest.as_ref().unwrap().crowded.is_empty());
        for name in &names {
            let Some(Given::One(value)) = context.find(&KeyCode::of(name), || name.as_bytes()) else {
                panic!("{name}");
            };
            assert_eq!(*value, format!("second {name}"));
        }
        assert!(context.find(&KeyCode::of("x:k"), || b"x:k").is_none());
    }
}
