//! Booleans: the operands of `Bool` and `Null`, and the texts of a request that `Bool` asks.
//!
//! Rules C-19 and C-28 as observed: letter case is ignored, nothing is trimmed, and every text other than
//! `true` counts as false, in a policy as in a request. Under `Null`, true means that the key is absent.

/// Whether a text counts as true.
///
/// ```
/// use bailiwick_normalizer::value::boolean::is_true;
///
/// assert!(is_true("TRUE"));
/// assert!(!is_true("false") && !is_true("yes") && !is_true(" true "));
/// ```
#[inline]
#[must_use]
pub fn is_true(text: &str) -> bool {
    text.eq_ignore_ascii_case("true")
}

/// The boolean that a text spells; `None` for a text that only counts as false.
///
/// Evaluation ignores the difference; checks report it, because the author may have meant something else.
///
/// ```
/// use bailiwick_normalizer::value::boolean::parse;
///
/// assert_eq!(parse("False"), Some(false));
/// assert_eq!(parse("no"), None);
/// ```
#[must_use]
pub fn parse(text: &str) -> Option<bool> {
    if is_true(text) { Some(true) } else { text.eq_ignore_ascii_case("false").then_some(false) }
}

#[cfg(test)]
mod tests {
    use super::{is_true, parse};

    #[test]
    fn every_text_but_true_counts_as_false() {
        for (text, counts_as, spells) in [
            ("true", true, Some(true)),
            ("TRUE", true, Some(true)),
            ("tRuE", true, Some(true)),
            ("false", false, Some(false)),
            ("False", false, Some(false)),
            ("yes", false, None),
            ("1", false, None),
            ("", false, None),
            (" true ", false, None),
            ("true\n", false, None),
            ("ｔｒｕｅ", false, None),
        ] {
            assert_eq!((is_true(text), parse(text)), (counts_as, spells), "{text:?}");
        }
    }
}
