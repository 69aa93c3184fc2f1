//! Condition keys: their folded spelling and a hash of it, so that a look-up compares a number first.

/// Hash of a key's folded spelling. Equal keys have equal hashes; unequal keys are told apart by their text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct KeyHash(u64);

impl KeyHash {
    /// The hash of a key that is already in lower case.
    pub(crate) const fn of(folded: &str) -> Self {
        // Multiply and rotate over eight bytes at a time: the hash only has to scatter a few dozen short names.
        const SEED: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut bytes = folded.as_bytes();
        let mut hash = SEED ^ (bytes.len() as u64);
        while let Some((chunk, rest)) = bytes.split_first_chunk::<8>() {
            hash = (hash ^ u64::from_le_bytes(*chunk)).wrapping_mul(SEED).rotate_left(29);
            bytes = rest;
        }
        let mut last = 0;
        while let Some((byte, rest)) = bytes.split_first() {
            last = last << 8 | *byte as u64;
            bytes = rest;
        }
        Self((hash ^ last).wrapping_mul(SEED).rotate_left(29))
    }
}

/// Appends `name` in lower case: letters beyond ASCII too, since tag names are matched without their case.
pub(crate) fn fold_into(folded: &mut String, name: &str) {
    let start = folded.len();
    if name.is_ascii() {
        folded.push_str(name);
        if let Some(added) = folded.get_mut(start..) {
            added.make_ascii_lowercase();
        }
    } else {
        folded.push_str(&name.to_lowercase());
    }
}

#[cfg(test)]
mod tests {
    use super::{KeyHash, fold_into};

    #[test]
    fn keys_that_differ_only_in_case_fold_alike() {
        let mut folded = String::from("x");
        fold_into(&mut folded, "AWS:SourceArn");
        assert_eq!(folded, "xaws:sourcearn");
    }

    #[test]
    fn close_names_have_different_hashes() {
        let names = ["aws:sourcearn", "aws:sourceacc", "aws:sourcear", "aws:sourcearnn", "", "a", "aa"];
        for (i, a) in names.iter().enumerate() {
            for b in names.iter().skip(i + 1) {
                assert_ne!(KeyHash::of(a), KeyHash::of(b), "{a} {b}");
            }
        }
    }
}
