//! The condition context of a request: what the caller gave, and what follows from the principal and the resource.
//!
//! Names are folded and hashed once, when a key is given; a condition's key when its policy is compiled. A look-up
//! compares numbers, and then one name.

use std::borrow::Cow;

use crate::hash::{fold_into, hash, same};
use crate::keys::{COMMON_KEYS, KeyCode, common};

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
    /// Something of the request's own, then every key, all in lower case.
    names: String,
    entries: Vec<Entry<'a>>,
    /// For every common key its place among the entries, from 1; 0 is absent.
    common: [u8; COMMON_KEYS + 1],
    /// When there are many entries: the places of all, from 1, each in the slot that the top bits of
    /// its hash say, or behind it. At least half of the slots are empty.
    slots: Vec<u32>,
    /// The few keys whose case has a meaning, those of an encryption context, as they were given, each with
    /// its folded name's hash.
    cased: Vec<(u64, Box<str>, Given<'a>)>,
}

#[derive(Clone, Debug)]
struct Entry<'a> {
    hash: u64,
    /// Where its name begins and ends.
    name: (u32, u32),
    value: Given<'a>,
}

/// As many entries are looked at one by one.
const FEW: usize = 16;

/// As many entries can hold common keys.
const MARKED: usize = u8::MAX as usize;

/// A value as it was given.
#[derive(Clone, Debug)]
pub(crate) enum Given<'a> {
    One(Cow<'a, str>),
    Many(Box<[Cow<'a, str>]>),
}

/// The prefix of the condition keys that carry the encryption context, in lower case.
const ENCRYPTION_CONTEXT: &str = "kms:encryptioncontext:";

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

impl<'a> Context<'a> {
    /// Room for the action and half a dozen keys: one allocation for most requests.
    pub(crate) fn room_for_names() -> String {
        String::with_capacity(192)
    }

    /// A context without keys.
    pub(crate) fn new(names: String) -> Self {
        let common = [0; COMMON_KEYS + 1];
        Self { names, entries: Vec::with_capacity(6), common, slots: Vec::new(), cased: Vec::new() }
    }

    #[inline]
    pub(crate) fn names(&self) -> &str {
        &self.names
    }

    /// Adds a key, or gives it another value.
    pub(crate) fn insert(&mut self, key: &str, value: Given<'a>) {
        let start = self.names.len();
        fold_into(&mut self.names, key);
        let name = self.names.get(start..).unwrap_or_default();
        let hash = hash(name);
        let common = common(hash, name);
        let value = if name.starts_with(ENCRYPTION_CONTEXT) {
            self.insert_cased(start, hash, key, value)
        } else {
            value
        };
        let name = self.names.get(start..).unwrap_or_default();
        if let Some(place) = self.place_of(hash, common, || name.as_bytes()) {
            self.names.truncate(start);
            if let Some(entry) = self.entries.get_mut(place) {
                entry.value = value;
            }
            return;
        }
        self.entries.push(Entry { hash, name: (start as u32, self.names.len() as u32), value });
        self.note(common);
    }

    /// Makes the last entry one that is found.
    #[inline]
    fn note(&mut self, common: u8) {
        let place = self.entries.len();
        if common != 0
            && let Ok(place) = u8::try_from(place)
            && let Some(mark) = self.common.get_mut(usize::from(common))
        {
            *mark = place;
        }
        if place > FEW {
            self.note_among_many();
        }
    }

    #[cold]
    fn note_among_many(&mut self) {
        let count = self.entries.len();
        if 2 * count > self.slots.len() {
            // Twice as many slots each time: a context of many keys is filled in linear time.
            self.slots = vec![0; (4 * count).next_power_of_two()];
            (0..count).for_each(|place| self.fill_slot(place));
        } else {
            self.fill_slot(count - 1);
        }
    }

    fn fill_slot(&mut self, place: usize) {
        let Some(entry) = self.entries.get(place) else { return };
        let mut slot = first_slot(entry.hash, self.slots.len());
        while self.slots.get(slot).is_some_and(|taken| *taken != 0) {
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        if let Some(free) = self.slots.get_mut(slot) {
            *free = place as u32 + 1;
        }
    }

    /// The value of a key.
    #[inline]
    pub(crate) fn find<'k>(&self, code: KeyCode, name: impl Fn() -> &'k [u8]) -> Option<&Given<'a>> {
        let entry = self.entries.get(self.place_of(code.hash, code.common, name)?)?;
        Some(&entry.value)
    }

    /// The place of a key among the entries.
    #[inline]
    fn place_of<'k>(&self, hash: u64, common: u8, name: impl Fn() -> &'k [u8]) -> Option<usize> {
        if common == 0 || self.entries.len() > MARKED {
            return self.search(hash, name());
        }
        self.common.get(usize::from(common)).and_then(|mark| usize::from(*mark).checked_sub(1))
    }

    #[inline(never)]
    fn search(&self, hash: u64, name: &[u8]) -> Option<usize> {
        let has = |entry: &Entry<'_>| {
            let own = self.names.as_bytes().get(entry.name.0 as usize..entry.name.1 as usize);
            entry.hash == hash && own.is_some_and(|own| same(own, name))
        };
        if self.entries.len() <= FEW {
            return self.entries.iter().position(has);
        }
        let mut slot = first_slot(hash, self.slots.len());
        loop {
            let place = (*self.slots.get(slot)? as usize).checked_sub(1)?;
            if self.entries.get(place).is_some_and(has) {
                return Some(place);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    /// Keeps a key of the encryption context apart from those it differs from in letter case alone. Returns what a
    /// condition finds under its folded name, which begins at `start`: of several keys, all their values.
    #[cold]
    fn insert_cased(&mut self, start: usize, hash: u64, key: &str, value: Given<'a>) -> Given<'a> {
        match self.cased.iter_mut().find(|(its, cased, _)| *its == hash && **cased == *key) {
            Some((_, _, given)) => *given = value,
            None => self.cased.push((hash, key.into(), value)),
        }
        let name = self.names.get(start..).unwrap_or_default();
        let mut folded = String::new();
        let mut same = self.cased.iter().filter(|(its, cased, given)| {
            folded.clear();
            *its == hash && !given.all().is_empty() && {
                fold_into(&mut folded, cased);
                folded == name
            }
        });
        match (same.next(), same.next()) {
            (Some((_, _, given)), None) => given.clone(),
            (first, second) => {
                let all = first.into_iter().chain(second).chain(same);
                Given::Many(all.flat_map(|(_, _, given)| given.all().iter().cloned()).collect())
            }
        }
    }

    /// The encryption context: every key as it was given, without the prefix, and its value if it has exactly one.
    pub(crate) fn encryption_context(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.cased.iter().filter(|(_, _, given)| !given.all().is_empty()).map(|(_, key, given)| {
            let value = match given {
                Given::One(value) => Some(&**value),
                Given::Many(_) => None,
            };
            (key.splitn(3, ':').nth(2).unwrap_or_default(), value)
        })
    }
}

/// The slot, of a power of two of them, that a hash is looked for from.
#[inline]
fn first_slot(hash: u64, count: usize) -> usize {
    (hash >> (u64::BITS - count.trailing_zeros())) as usize
}

#[cfg(test)]
mod tests {
    use super::{Context, FEW, Given, MARKED};
    use crate::keys::KeyCode;

    #[test]
    fn every_key_is_found_however_many_there_are_and_the_later_value_wins() {
        for count in [0, 1, FEW - 1, FEW, FEW + 1, MARKED - 1, MARKED, MARKED + 1, 2_000] {
            let mut context = Context::new("s3:getobject".to_owned());
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
                let found = context.find(KeyCode::of(&folded), || folded.as_bytes());
                let Some(Given::One(value)) = found else { panic!("{name} of {count}") };
                assert_eq!(*value, format!("second {name}"));
            }
            for absent in ["aws:requesttag/t", "aws:currenttime"] {
                assert!(context.find(KeyCode::of(absent), || absent.as_bytes()).is_none(), "{absent}");
            }
        }
    }
}
