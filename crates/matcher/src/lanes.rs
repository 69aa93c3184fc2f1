//! Eight bytes looked at together.
//!
//! PERF: policy texts are some hundred bytes long. There the call into a vectorized search costs 4 to 5 ns,
//! as much as looking at forty bytes this way.

/// The number of bytes looked at together.
pub(crate) const LANES: usize = 8;

/// Eight consecutive bytes, the first one lowest.
#[inline]
pub(crate) const fn load(bytes: [u8; LANES]) -> u64 {
    u64::from_le_bytes(bytes)
}

/// Whether two texts are equal.
///
/// PERF: the literals of patterns are short, and two or four words are compared in 14 instructions, where the
/// C library takes twice as many, and clobbers the registers of the caller.
#[inline(always)]
pub(crate) fn is_same(a: &[u8], b: &[u8]) -> bool {
    // The beginning and the end, which overlap: most literals are no longer than both.
    fn ends<const N: usize>(a: &[u8], b: &[u8]) -> bool {
        a.first_chunk::<N>() == b.first_chunk() && a.last_chunk::<N>() == b.last_chunk()
    }
    a.len() == b.len()
        && match a.len() {
            33.. => a == b,
            16.. => ends::<16>(a, b),
            8.. => ends::<8>(a, b),
            _ => a.iter().eq(b),
        }
}

/// Whether a text begins with a literal.
#[inline(always)]
pub(crate) fn begins_with(text: &[u8], literal: &[u8]) -> bool {
    text.get(..literal.len()).is_some_and(|beginning| is_same(beginning, literal))
}

/// One byte in every lane.
#[inline]
pub(crate) const fn splat(byte: u8) -> u64 {
    load([byte; LANES])
}

/// The lanes that are zero, each by its highest bit.
#[inline]
pub(crate) const fn zeros(lanes: u64) -> u64 {
    const LOW: u64 = splat(0x7F);
    // Adding cannot carry into the next lane, so each lane is judged on its own.
    !(((lanes & LOW) + LOW) | lanes | LOW)
}

/// The lowest lane of those that `zeros` gave, which must not be none.
#[inline]
pub(crate) const fn lowest(zeros: u64) -> usize {
    zeros.trailing_zeros() as usize / LANES
}

/// The lanes without the lowest one.
#[inline]
pub(crate) const fn without_lowest(zeros: u64) -> u64 {
    zeros & zeros.wrapping_sub(1)
}

#[cfg(test)]
mod tests {
    use super::{begins_with, is_same, load, lowest, splat, without_lowest, zeros};

    #[test]
    fn texts_are_the_same_if_every_byte_is() {
        let text: Vec<u8> = (0..70).collect();
        for length in 0..text.len() {
            let own = &text[..length];
            assert!(is_same(own, own) && begins_with(&text, own));
            assert!(!is_same(own, &text[..=length]) && !begins_with(own, &text[..=length]));
            for place in 0..length {
                let mut other = own.to_vec();
                other[place] ^= 1;
                assert!(!is_same(own, &other), "{place} of {length}");
            }
        }
    }

    #[test]
    fn exactly_the_lanes_that_hold_the_byte_are_found() {
        let bytes = [0, 1, 0x7F, 0x80, 0x81, 0xFF, b':', b';'];
        for sought in bytes {
            for rotation in 0..8 {
                for other in bytes {
                    let mut text = bytes;
                    text.rotate_left(rotation);
                    text[3] = other;
                    let mut found = Vec::new();
                    let mut lanes = zeros(load(text) ^ splat(sought));
                    while lanes != 0 {
                        found.push(lowest(lanes));
                        lanes = without_lowest(lanes);
                    }
                    let expected: Vec<_> = (0..8).filter(|&lane| text[lane] == sought).collect();
                    assert_eq!(found, expected, "{sought} in {text:?}");
                }
            }
        }
    }
}
