//! The keys whose letter case has a meaning: those of an encryption context.
//!
//! A condition finds such a key in any case, as it does every other. What a grant's constraint is compared with is the
//! key as it was given, so two that differ in case alone are kept apart, and a condition finds the values of both.

use std::collections::BTreeMap;

use super::Given;

/// The prefix of the condition keys that carry the encryption context, in lower case.
pub(super) const ENCRYPTION_CONTEXT: &str = "kms:encryptioncontext:";

/// The keys behind the prefix, as they were given.
#[derive(Clone, Debug, Default)]
pub(super) struct Cased<'a> {
    keys: BTreeMap<Box<str>, Key<'a>>,
    /// By name in lower case.
    groups: BTreeMap<Box<str>, Group>,
}

#[derive(Clone, Debug)]
struct Key<'a> {
    given: Given<'a>,
    /// Where its values begin among those of its group.
    start: usize,
}

/// The keys that are one key in lower case.
#[derive(Clone, Debug, Default)]
struct Group {
    keys: Vec<Box<str>>,
    /// How many values they have together.
    values: usize,
}

/// What becomes of the value that conditions find.
#[derive(Debug)]
pub(super) enum Update<'a> {
    /// It is this one.
    Set(Given<'a>),
    /// These come behind what is there.
    Append(Given<'a>),
    /// These take the place of as many from there.
    Replace(usize, Given<'a>),
}

impl<'a> Update<'a> {
    pub(super) fn apply(self, value: &mut Given<'a>) {
        match self {
            Self::Set(given) => *value = given,
            Self::Append(given) => match value {
                _ if given.all().is_empty() => {}
                Given::Many(values) if values.is_empty() => *value = given,
                Given::Many(values) => values.extend_from_slice(given.all()),
                Given::One(first) => {
                    let first = std::mem::take(first);
                    *value = Given::Many([&[first], given.all()].concat());
                }
            },
            Self::Replace(start, given) => {
                if let Given::Many(values) = value {
                    values.iter_mut().skip(start).zip(given.all()).for_each(|(to, from)| to.clone_from(from));
                }
            }
        }
    }
}

impl<'a> Cased<'a> {
    /// Keeps a key, given without the prefix, apart from those it differs from in letter case alone; `name` is the key in lower case. What conditions
    /// find under it is all values of those keys; if only one of them has any, exactly what was given for that one.
    ///
    /// Takes time by the values given, but for a key given again with another number of them.
    pub(super) fn insert(&mut self, name: &str, key: &str, given: Given<'a>) -> Update<'a> {
        let group = self.groups.entry(name.into()).or_default();
        let (count, place) = (given.all().len(), group.values);
        let Some(known) = self.keys.get_mut(key) else {
            group.keys.push(key.into());
            group.values += count;
            self.keys.insert(key.into(), Key { given: given.clone(), start: place });
            return Update::Append(given);
        };
        let before = known.given.all().len();
        known.given = given.clone();
        if before == group.values {
            (known.start, group.values) = (0, count);
            Update::Set(given)
        } else if before == 0 {
            (known.start, group.values) = (place, place + count);
            Update::Append(given)
        } else if before == count {
            Update::Replace(known.start, given)
        } else {
            self.gather(name)
        }
    }

    /// Puts the values of a group together anew.
    fn gather(&mut self, name: &str) -> Update<'a> {
        let mut all = Given::Many(Vec::new());
        if let Some(group) = self.groups.get_mut(name) {
            for key in &group.keys {
                if let Some(key) = self.keys.get_mut(key) {
                    key.start = all.all().len();
                    Update::Append(key.given.clone()).apply(&mut all);
                }
            }
            group.values = all.all().len();
        }
        Update::Set(all)
    }

    /// Every key as it was given, and its value if it has exactly one.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.keys.iter().filter_map(|(name, key)| Some((&**name, key.value()?)))
    }

    /// The value of a key in this letter case, if it has exactly one; nothing if the key is absent.
    pub(super) fn get(&self, key: &str) -> Option<Option<&str>> {
        self.keys.get(key)?.value()
    }
}

impl Key<'_> {
    /// Nothing if it has no value, and so is none (rule C-29); else the value if it is one.
    fn value(&self) -> Option<Option<&str>> {
        match &self.given {
            Given::One(value) => Some(Some(value)),
            Given::Many(values) if values.is_empty() => None,
            Given::Many(_) => Some(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cased, Given};

    fn given(values: &[&'static str]) -> Given<'static> {
        match values {
            ["one", value] => Given::One((*value).into()),
            values => Given::Many(values.iter().map(|value| (*value).into()).collect()),
        }
    }

    #[test]
    fn a_condition_finds_the_values_of_all_keys_that_differ_in_case_alone_however_often_they_were_given() {
        const CHOICES: [&[&str]; 4] = [&[], &["one", "1"], &["2"], &["3", "4"]];
        const KEYS: [&str; 3] = ["K", "k", "\u{212a}"];
        // Every way of giving three keys four times in all.
        for mut number in 0..(CHOICES.len() * KEYS.len()).pow(4) {
            let mut cased = Cased::default();
            let mut found = Given::Many(Vec::new());
            let mut last: [&[&str]; 3] = [&[]; 3];
            for _ in 0..4 {
                let (key, choice) = (number % KEYS.len(), number / KEYS.len() % CHOICES.len());
                number /= CHOICES.len() * KEYS.len();
                cased.insert("k", KEYS[key], given(CHOICES[choice])).apply(&mut found);
                last[key] = CHOICES[choice];
            }
            let mut values: Vec<&str> = last.iter().flat_map(|one| one.iter().copied()).collect();
            values.retain(|value| *value != "one");
            values.sort_unstable();
            let mut sorted: Vec<&str> = found.all().iter().map(|value| &**value).collect();
            sorted.sort_unstable();
            assert_eq!(sorted, values, "{last:?}");
            let is_one = last.iter().all(|one| one.is_empty() || one[0] == "one") && values.len() == 1;
            assert_eq!(matches!(found, Given::One(_)), is_one, "{last:?}");
        }
    }
}
