//! The known name that an unknown one was probably meant to be.

/// Longer names are not compared: none of ours is near them.
const LONGEST: usize = 64;

/// The candidate that `name` spells in another case, or else the one that differs in the fewest letters, if
/// those are less than a third.
///
/// ```
/// use bailiwick_source::nearest;
///
/// assert_eq!(nearest("resourcs", &["Action", "Resource"]), Some("Resource"));
/// assert_eq!(nearest("Rules", &["Action", "Resource"]), None);
/// ```
#[must_use]
pub fn nearest<'a>(name: &str, candidates: &[&'a str]) -> Option<&'a str> {
    if name.len() > LONGEST {
        return None;
    }
    let folded = name.to_ascii_lowercase();
    candidates
        .iter()
        .map(|&candidate| (strsim::osa_distance(&folded, &candidate.to_ascii_lowercase()), candidate))
        .filter(|&(distance, candidate)| distance * 3 <= candidate.len())
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_letter_case_is_the_nearest_name() {
        assert_eq!(nearest("notaction", &["Action", "NotAction"]), Some("NotAction"));
        assert_eq!(nearest("ACTION", &["Action", "NotAction"]), Some("Action"));
    }

    #[test]
    fn a_name_far_from_all_has_no_nearest() {
        assert_eq!(nearest("Principle", &["Action", "Resource"]), None);
        assert_eq!(nearest("", &["Id", "Sid"]), None);
        assert_eq!(nearest("Axxion", &["Action"]), Some("Action"));
        assert_eq!(nearest("Axxxon", &["Action"]), None);
        assert_eq!(nearest(&"Action".repeat(1_000), &["Action"]), None);
    }
}
