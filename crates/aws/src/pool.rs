//! How the table is read: numbers of variable length, and pools of items that are found by their place.
//!
//! Reading is total: what lies outside of the bytes reads as zero or as empty. So a table that is wrong gives
//! wrong facts, which the suites would notice, and never a panic.

/// How many items share one offset.
pub(crate) const BLOCK: usize = 8;

/// Reads numbers and runs of bytes one after the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'b> {
    pub(crate) bytes: &'b [u8],
}

impl<'b> Reader<'b> {
    pub(crate) fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        *first
    }

    /// A number in groups of seven bits, the lowest first; the last group has its high bit clear.
    pub(crate) fn number(&mut self) -> usize {
        let mut number = 0;
        for shift in [0, 7, 14, 21] {
            let byte = self.byte();
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        number
    }

    /// The next bytes, as far as there are that many.
    pub(crate) fn run(&mut self, length: usize) -> &'b [u8] {
        let (run, rest) = self.bytes.split_at(length.min(self.bytes.len()));
        self.bytes = rest;
        run
    }

    /// A run of bytes with its length before it.
    pub(crate) fn counted(&mut self) -> &'b [u8] {
        let length = self.number();
        self.run(length)
    }
}

/// Items of variable length. A pool is the number of its blocks, the offset of each block, then the items,
/// each with its length before it; [`BLOCK`] items make a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pool<'b> {
    bytes: &'b [u8],
}

impl<'b> Pool<'b> {
    pub(crate) const fn new(bytes: &'b [u8]) -> Self {
        Self { bytes }
    }

    /// How many items there are.
    pub(crate) fn len(self) -> usize {
        three(self.bytes, 0)
    }

    /// The item at a place; an empty one when there is none.
    pub(crate) fn get(self, place: usize) -> &'b [u8] {
        if place >= self.len() {
            return &[];
        }
        let blocks = self.len().div_ceil(BLOCK);
        let offset = three(self.bytes, 1 + place / BLOCK);
        let items = self.bytes.get(3 * (1 + blocks) + offset..).unwrap_or_default();
        let mut reader = Reader { bytes: items };
        for _ in 0..place % BLOCK {
            reader.counted();
        }
        reader.counted()
    }
}

/// The number in three bytes at a place of a list of such numbers.
fn three(bytes: &[u8], place: usize) -> usize {
    match bytes.get(3 * place..3 * place + 3) {
        Some(&[low, middle, high]) => usize::from(low) | usize::from(middle) << 8 | usize::from(high) << 16,
        _ => 0,
    }
}

/// The number in two bytes at a place of a list of such numbers.
pub(crate) fn two(bytes: &[u8], place: usize) -> usize {
    match bytes.get(2 * place..2 * place + 2) {
        Some(&[low, high]) => usize::from(low) | usize::from(high) << 8,
        _ => 0,
    }
}

/// The place of the first of `count` items that is not less, and whether it is equal.
pub(crate) fn search(
    count: usize,
    mut compare: impl FnMut(usize) -> std::cmp::Ordering,
) -> Result<usize, usize> {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        match compare(middle) {
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
            std::cmp::Ordering::Equal => return Ok(middle),
        }
    }
    Err(low)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_pool_gives_its_items() {
        let bytes = [3, 0, 0, 0, 0, 0, 1, b'a', 0, 2, b'b', b'c'];
        let pool = Pool::new(&bytes);
        assert_eq!(pool.len(), 3);
        assert_eq!([pool.get(0), pool.get(1), pool.get(2), pool.get(3)], [&b"a"[..], b"", b"bc", b""]);
    }

    #[test]
    fn numbers_are_read_lowest_group_first() {
        let mut reader = Reader { bytes: &[5, 0x80, 1, 0xff, 0xff, 0xff, 0xff, 9] };
        assert_eq!([reader.number(), reader.number(), reader.number()], [5, 128, (1 << 28) - 1]);
        assert_eq!([reader.number(), reader.number()], [9, 0]);
    }

    proptest! {
        #[test]
        fn reading_is_total(
            bytes in proptest::collection::vec(any::<u8>(), 0..80),
            place in 0_usize..1 << 24,
        ) {
            let pool = Pool::new(&bytes);
            for place in [place, place % 16] {
                prop_assert!(pool.get(place).len() <= bytes.len());
            }
            let mut reader = Reader { bytes: pool.get(0) };
            while !reader.bytes.is_empty() {
                reader.counted();
            }
        }
    }
}
