//! From a hash to the rows of a table that may have it.

/// Hashes in ascending order, the place of each being the place of its row.
///
/// Behind the top bits of a hash stand few of them, so that finding one is a step to where they begin and a look
/// at each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    hashes: Box<[u32]>,
    /// Where the hashes with the same top bits begin; one more entry than there are such groups. Empty when all are
    /// looked at.
    starts: Box<[u32]>,
    /// How many low bits are not top bits.
    shift: u32,
}

/// As many hashes are looked at without narrowing.
const FEW: usize = 8;

impl Rows {
    /// The rows of these hashes, which are in ascending order.
    pub(crate) fn new(hashes: Vec<u32>) -> Self {
        debug_assert!(hashes.is_sorted(), "rows stand in the order of their hashes");
        if hashes.len() <= FEW {
            return Self { hashes: hashes.into(), starts: Box::default(), shift: 0 };
        }
        // PERF: four to a group on average: a quarter of the table's own size, and one cache line to look at.
        let groups = (hashes.len() / 4).next_power_of_two().max(2);
        let shift = u32::BITS - groups.trailing_zeros();
        let mut starts = Vec::with_capacity(groups + 1);
        let mut place = 0;
        for group in 0..=groups as u64 {
            let first = group << shift;
            place += hashes.iter().skip(place).take_while(|hash| u64::from(**hash) < first).count();
            starts.push(place as u32);
        }
        Self { hashes: hashes.into(), starts: starts.into(), shift }
    }

    /// The rows with this hash.
    #[inline]
    pub(crate) fn with(&self, hash: u32) -> impl Iterator<Item = usize> {
        let (from, hashes) = self.near(hash);
        (from..).zip(hashes).filter(move |(_, other)| **other == hash).map(|(row, _)| row)
    }

    #[inline]
    fn near(&self, hash: u32) -> (usize, &[u32]) {
        if self.starts.is_empty() {
            return (0, &self.hashes);
        }
        let group = (hash >> self.shift) as usize;
        match self.starts.get(group..group + 2) {
            Some(&[from, to]) => {
                (from as usize, self.hashes.get(from as usize..to as usize).unwrap_or_default())
            }
            _ => (0, &[]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Rows;

    #[test]
    fn every_hash_is_found_at_all_its_places_and_no_other_is() {
        for count in [0, 1, 2, 8, 9, 33, 1_000] {
            // Every third is there twice; the first and last hash there are, too.
            let mut hashes: Vec<u32> = (0..count).map(|n: u32| n.wrapping_mul(0x9e37_79b9) | 1).collect();
            hashes.extend(hashes.clone().iter().step_by(3));
            hashes.extend((count > 0).then_some([1, u32::MAX]).into_iter().flatten());
            hashes.sort_unstable();
            let rows = Rows::new(hashes.clone());
            for hash in &hashes {
                let places: Vec<usize> = (0..hashes.len()).filter(|place| hashes[*place] == *hash).collect();
                assert_eq!(rows.with(*hash).collect::<Vec<_>>(), places, "{hash} of {count}");
            }
            for other in [0, 2, 0x8000_0000, u32::MAX - 1] {
                assert_eq!(rows.with(other).count(), 0, "{other} of {count}");
            }
        }
    }
}
