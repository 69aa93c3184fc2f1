//! Revisions: numbers that both services count up with each change of a policy, and write as texts.

/// The revision that follows `current`; the first is 1.
pub(crate) fn next(current: Option<&str>) -> String {
    current.and_then(|revision| revision.parse::<u64>().ok()).unwrap_or(0).saturating_add(1).to_string()
}
