//! Choices out of bytes. They never fail: bytes that run out choose the first of what there is, and no.

use arbitrary::Unstructured;

/// Makes choices from what is left of the bytes.
pub(super) struct Draw<'d, 'b>(&'d mut Unstructured<'b>);

impl<'d, 'b> Draw<'d, 'b> {
    pub(super) fn new(bytes: &'d mut Unstructured<'b>) -> Self {
        Self(bytes)
    }

    /// A number below `end`, which is not zero.
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0.int_in_range(0..=end - 1).unwrap_or(0)
    }

    /// Yes in so many of a hundred cases.
    pub(super) fn chance(&mut self, percent: u8) -> bool {
        self.0.int_in_range(0..=99u8).unwrap_or(0) >= 100 - percent
    }

    /// One of a list that is not empty.
    pub(super) fn pick<'p, T: ?Sized>(&mut self, pool: &[&'p T]) -> &'p T {
        pool[self.below(pool.len())]
    }

    /// One of a list that is not empty, by reference.
    pub(super) fn one_of<'p, T>(&mut self, pool: &'p [T]) -> &'p T {
        &pool[self.below(pool.len())]
    }

    /// One of several, each with its weight; the weights of all are at most 255.
    pub(super) fn weighted<T: Copy>(&mut self, pool: &[(u8, T)]) -> T {
        let sum: u8 = pool.iter().map(|(weight, _)| weight).sum();
        let mut at = self.0.int_in_range(0..=sum - 1).unwrap_or(0);
        for (weight, item) in pool {
            if at < *weight {
                return *item;
            }
            at -= weight;
        }
        pool[0].1
    }

    /// As many as the weights say: `[60, 30, 10]` is one in 60 cases, two in 30, three in 10.
    pub(super) fn count(&mut self, weights: &[u8]) -> usize {
        let pool: Vec<(u8, usize)> =
            weights.iter().zip(1..).map(|(weight, count)| (*weight, count)).collect();
        self.weighted(&pool)
    }
}
