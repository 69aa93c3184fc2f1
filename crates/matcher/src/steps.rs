//! The cost of a match, counted only on request.

/// Receives the number of elementary steps of a match: bytes compared, bytes skipped, tokens visited.
pub(crate) trait Steps {
    /// Notes that `count` further steps are done.
    fn add(&mut self, count: usize);
}

/// Counts nothing and costs nothing: what every public method uses.
pub(crate) struct Uncounted;

impl Steps for Uncounted {
    #[inline]
    fn add(&mut self, _count: usize) {}
}

/// Counts, for the tests of the bound.
#[cfg(any(test, feature = "steps"))]
#[derive(Default)]
pub(crate) struct Counted(pub(crate) usize);

#[cfg(any(test, feature = "steps"))]
impl Steps for Counted {
    fn add(&mut self, count: usize) {
        self.0 += count;
    }
}

/// Fails if a match took more than 12 · (pattern + 1) · (text + 1) steps.
#[cfg(test)]
pub(crate) fn assert_bounded(steps: &Counted, pattern: &str, text: &str) {
    const STEPS_PER_PAIR: usize = 12;
    let bound = STEPS_PER_PAIR * (pattern.len() + 1) * (text.len() + 1);
    assert!(steps.0 <= bound, "{} steps, more than {bound}, for {pattern:?} on {text:?}", steps.0);
}
