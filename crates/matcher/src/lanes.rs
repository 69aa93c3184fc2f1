//! Eight bytes looked at together.
//!
//! PERF: policy texts are some hundred bytes long. There the call into a vectorized search costs 4 to 5 ns, as much as
//! looking at forty bytes this way.

/// The number of bytes looked at together.
pub(crate) const LANES: usize = 8;

/// Eight consecutive bytes, the first one lowest.
#[inline]
pub(crate) const fn load(bytes: [u8; LANES]) -> u64 {
    u64::from_le_bytes(bytes)
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
    use super::{load, lowest, splat, without_lowest, zeros};

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
