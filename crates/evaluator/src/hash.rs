//! Hashes of short names, and names in lower case: so that a look-up compares a number first and a text once.

/// Hash of a text. Equal texts have equal hashes; unequal texts are told apart by comparing them.
///
/// PERF: eight bytes at a time with one multiplication each; an action and half a dozen keys are hashed when a
/// request is built, where SipHash would take some 20 ns apiece.
#[inline]
pub(crate) const fn hash(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let mut state = SEED ^ bytes.len() as u64;
    let mut rest = bytes;
    while let Some((chunk, behind)) = rest.split_first_chunk::<8>() {
        state = mix(state ^ u64::from_le_bytes(*chunk));
        rest = behind;
    }
    mix(state ^ tail(bytes, rest))
}

/// Eight bytes of ASCII in lower case. Of others, those beyond ASCII stay beyond it.
#[inline]
const fn lower(word: u64) -> u64 {
    // A byte's top bit says what no ASCII has: that the sum went beyond 127.
    let at_least_a = word.wrapping_add(splat(0x80 - b'A'));
    let beyond_z = word.wrapping_add(splat(0x7f - b'Z'));
    word | ((at_least_a & !beyond_z & splat(0x80)) >> 2)
}

/// Eight times the same byte.
const fn splat(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// What is left behind the last whole chunk: of a text that has one, its last eight bytes, some for the second time.
#[inline]
const fn tail(bytes: &[u8], rest: &[u8]) -> u64 {
    if let Some(last) = bytes.last_chunk::<8>() {
        return u64::from_le_bytes(*last);
    }
    match (rest.first_chunk::<4>(), rest.last_chunk::<4>()) {
        (Some(first), Some(last)) => {
            (u32::from_le_bytes(*first) as u64) << 32 | u32::from_le_bytes(*last) as u64
        }
        _ => match rest {
            [a] => *a as u64,
            [a, b] => (*a as u64) << 8 | *b as u64,
            [a, b, c] => (*a as u64) << 16 | (*b as u64) << 8 | *c as u64,
            _ => 0,
        },
    }
}

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

/// Spreads every bit over all: the two halves of a product of 128 bits, folded.
#[inline]
const fn mix(state: u64) -> u64 {
    let product = state as u128 * 0xa076_1d64_78bd_642f_u128;
    (product as u64) ^ ((product >> 64) as u64)
}

/// Half of a hash: what tables are keyed by.
#[inline]
pub(crate) const fn short_hash(text: &str) -> u32 {
    (hash(text) >> 32) as u32
}

/// Whether two short texts are equal.
///
/// PERF: a call to `memcmp` costs some 25 instructions and what the caller keeps in registers; two names of 20 bytes
/// are told equal here in 14, in place.
#[inline(always)]
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    // The beginning and the end, which overlap: most names are no longer than both.
    fn ends<const N: usize>(a: &[u8], b: &[u8]) -> bool {
        a.last_chunk::<N>() == b.last_chunk::<N>() && a.first_chunk::<N>() == b.first_chunk::<N>()
    }
    a.len() == b.len()
        && match a.len() {
            33.. => a == b,
            16.. => ends::<16>(a, b),
            8.. => ends::<8>(a, b),
            4.. => ends::<4>(a, b),
            _ => a.iter().eq(b),
        }
}

/// Whether a text is another one when its ASCII letters are in lower case; that other is all ASCII.
#[inline]
pub(crate) fn same_folded(folded: &[u8], text: &[u8]) -> bool {
    if folded.len() != text.len() {
        return false;
    }
    let ((a, a_rest), (b, b_rest)) = (folded.as_chunks::<8>(), text.as_chunks::<8>());
    tail(folded, a_rest) == lower(tail(text, b_rest))
        && a.iter().zip(b).all(|(a, b)| u64::from_le_bytes(*a) == lower(u64::from_le_bytes(*b)))
}

/// Where the first `:` of a text stands, and where the first `*` or `?`; its length, if there is none.
///
/// PERF: eight bytes at a time, an action's 25 take some 70 instructions; looking at each took 150.
#[inline]
pub(crate) fn first_marks(text: &[u8]) -> (usize, usize) {
    let (mut colon, mut wildcard) = (text.len(), text.len());
    // The lowest bit that is set is the top bit of the first byte that is zero.
    let zero = |word: u64| word.wrapping_sub(splat(1)) & !word & splat(0x80);
    let place = |found: u64| (found.trailing_zeros() / u8::BITS) as usize;
    let mut see = |start: usize, chunk: &[u8; 8]| {
        let word = u64::from_le_bytes(*chunk);
        let colons = zero(word ^ splat(b':'));
        if colons != 0 {
            colon = colon.min(start + place(colons));
        }
        let wildcards = zero(word ^ splat(b'*')) | zero(word ^ splat(b'?'));
        if wildcards != 0 {
            wildcard = wildcard.min(start + place(wildcards));
        }
    };
    let Some(last) = text.last_chunk::<8>() else {
        let first = |wanted: &[u8]| text.iter().position(|byte| wanted.contains(byte)).unwrap_or(text.len());
        return (first(b":"), first(b"*?"));
    };
    let mut start = 0;
    let mut rest = text;
    while let Some((chunk, behind)) = rest.split_first_chunk::<8>() {
        see(start, chunk);
        start += chunk.len();
        rest = behind;
    }
    // It may overlap the one before it.
    see(text.len() - last.len(), last);
    (colon, wildcard)
}

/// The fifth of the fields that colons end, the end of the text being the last one's.
///
/// PERF: eight bytes at a time, the account of an ARN takes some 100 instructions; splitting all of the ARN took 200, an
/// eighth of what a request is built in.
pub(crate) fn fifth_field(text: &str) -> Option<&str> {
    const BEFORE: usize = 4;
    const LOW: u64 = splat(0x7f);
    let (chunks, rest) = text.as_bytes().as_chunks::<8>();
    let (mut ended, mut start, mut at) = (0, 0, 0);
    for chunk in chunks {
        let word = u64::from_le_bytes(*chunk) ^ splat(b':');
        // The top bit of every byte that is zero: no sum reaches into the next byte.
        let mut colons = !(((word & LOW) + LOW) | word | LOW);
        while colons != 0 {
            let colon = at + (colons.trailing_zeros() / u8::BITS) as usize;
            if ended == BEFORE {
                return text.get(start..colon);
            }
            (ended, start) = (ended + 1, colon + 1);
            colons &= colons.wrapping_sub(1);
        }
        at += chunk.len();
    }
    for colon in (at..).zip(rest).filter(|(_, byte)| **byte == b':').map(|(colon, _)| colon) {
        if ended == BEFORE {
            return text.get(start..colon);
        }
        (ended, start) = (ended + 1, colon + 1);
    }
    if ended == BEFORE { text.get(start..) } else { None }
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
    use super::{fifth_field, first_marks, fold_into, hash, same, same_folded, short_hash};

    #[test]
    fn keys_that_differ_only_in_case_fold_alike() {
        let mut folded = String::from("x");
        fold_into(&mut folded, "AWS:SourceArn");
        assert_eq!(folded, "xaws:sourcearn");
    }

    #[test]
    fn close_names_have_different_hashes() {
        let names =
            ["aws:sourcearn", "aws:sourceacc", "aws:sourcear", "aws:sourcearnn", "", "a", "aa", "aaaaa"];
        for (i, a) in names.iter().enumerate() {
            for b in names.iter().skip(i + 1) {
                assert_ne!(hash(a), hash(b), "{a} {b}");
            }
        }
    }

    /// Whatever looks names up by their hashes must bear it; that it does is measured (`benches/growth`, with more of these).
    #[test]
    fn names_can_be_chosen_so_that_their_hashes_are_alike() {
        let names = [
            r"s3:beginaaaaaaaabbbbbbbbaaaaaaaabbbbbbbbaaaaaaaabbbbbbbb-the-end",
            r"s3:beginaaaaaaaabbbbbbbbbqtaaaaa^;`c1/e#rhmcaaaajrb]~^#b-the-end",
            r"s3:beginynvdaaaa4[{;e8 ybqtaaaaa^;`c1/e#aaaaaaaabbbbbbbb-the-end",
            r"s3:beginynvdaaaa4[{;e8 ybqtaaaaa^;`c1/e#rhmcaaaajrb]~^#b-the-end",
        ];
        assert!(names.iter().all(|name| hash(name) == hash(names[0])));
    }

    #[test]
    fn texts_are_the_same_in_any_case_if_every_byte_is() {
        let every: String = (0..128_u8).map(char::from).collect();
        for start in 0..every.len() {
            for end in start..=every.len().min(start + 20) {
                let text = every.get(start..end).unwrap();
                let folded = text.to_ascii_lowercase();
                assert!(same_folded(folded.as_bytes(), text.as_bytes()), "{text:?}");
                for place in 0..text.len() {
                    let mut other = folded.clone().into_bytes();
                    other[place] ^= 1;
                    assert!(!same_folded(&other, text.as_bytes()), "{text:?} {place}");
                }
            }
        }
        for text in ["source\u{e9}", "aws:source\u{c4}", "\u{c0}\u{c1}\u{c2}\u{c3}AAAA", "\u{212a}"] {
            for name in every.as_bytes().windows(text.len()) {
                assert!(!same_folded(name, text.as_bytes()), "{text}");
            }
        }
    }

    #[test]
    fn texts_are_the_same_if_every_byte_is() {
        let text = &(0..70).collect::<Vec<u8>>();
        for length in 0..text.len() {
            let own = text[..length].to_vec();
            assert!(same(&own, &text[..length]));
            assert!(!same(&own, &text[..length + 1]));
            for place in 0..length {
                let mut other = own.clone();
                other[place] ^= 1;
                assert!(!same(&own, &other), "{place} of {length}");
            }
        }
    }

    #[test]
    fn marks_are_found_wherever_they_stand() {
        for length in 0..30 {
            for filler in [0_u8, b'+', b')', b'>', b'9', b';', 0x80, 0xaa, 0xff] {
                let text = vec![filler; length];
                assert_eq!(first_marks(&text), (length, length), "{text:?}");
                for (one, other) in (0..length).flat_map(|one| (0..length).map(move |other| (one, other))) {
                    let mut text = text.clone();
                    text[one] = b'*';
                    assert_eq!(first_marks(&text), (length, one), "{text:?}");
                    text[other] = b'?';
                    assert_eq!(first_marks(&text), (length, one.min(other)), "{text:?}");
                    text[one] = b':';
                    text[length - 1] = b':';
                    let wildcard = if other == one || other == length - 1 { length } else { other };
                    assert_eq!(first_marks(&text), (one, wildcard), "{text:?}");
                }
            }
        }
    }

    #[test]
    fn the_fifth_field_is_the_one_that_splitting_gives() {
        for length in 0..40_usize {
            for step in 1..9 {
                for filler in ['a', ';', '9', '\u{e9}', '\u{1f4a9}'] {
                    for shift in 0..step {
                        let mark = |at: usize| if at % step == shift { ':' } else { filler };
                        let text: String = (0..length).map(mark).collect();
                        assert_eq!(fifth_field(&text), text.split(':').nth(4), "{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn numbered_names_spread_over_a_table() {
        let mut buckets = [0_u32; 256];
        for number in 0..2_560 {
            buckets[(short_hash(&format!("svc{number:05}")) >> 24) as usize] += 1;
        }
        assert!(buckets.iter().all(|count| (1..40).contains(count)), "{buckets:?}");
    }
}
