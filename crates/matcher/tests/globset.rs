//! globset, an independent implementation, agrees about every pattern it can express.
//!
//! Its `?` takes a character and its `**`, `[` and `{` have meanings of their own, so patterns are translated, and texts
//! are ASCII.

use bailiwick_matcher::Pattern;
use globset::GlobBuilder;
use proptest::prelude::{ProptestConfig, Strategy, prop_oneof, proptest};
use proptest::{collection::vec, prop_assert_eq};

/// The pattern in globset's syntax: one star for a run of them, every other character but `?` bracketed.
fn translate(pattern: &str) -> String {
    let mut translated = String::new();
    for character in pattern.chars() {
        match character {
            '*' if translated.ends_with('*') => {}
            // The last two negate a bracket that begins with them, and mean nothing outside of one.
            '*' | '?' | '!' | '^' => translated.push(character),
            other => translated.extend(['[', other, ']']),
        }
    }
    translated
}

/// A pattern that globset cannot read is a mistake of `translate`, and shows as a match of ours that it misses.
fn globset_matches(pattern: &str, text: &str) -> bool {
    let translated = translate(pattern);
    let glob = GlobBuilder::new(&translated).literal_separator(false).backslash_escape(false).build();
    glob.is_ok_and(|glob| glob.compile_matcher().is_match(text))
}

/// A pattern, and a text made from it so that it often matches.
fn pattern_and_text() -> impl Strategy<Value = (String, String)> {
    let literal = || prop_oneof!["[ab]{1,3}", "[ -~]{1,12}", "[a-z:/]{1,20}"];
    let plain = literal().prop_map(|text| text.replace(['*', '?'], "."));
    let part = prop_oneof![
        3 => plain.prop_map(|text| (text.clone(), text)),
        2 => literal().prop_map(|text| ("*".to_owned(), text)),
        1 => "[ -~]".prop_map(|text| ("?".to_owned(), text)),
        // What makes the text miss.
        1 => literal().prop_map(|text| (String::new(), text)),
    ];
    vec(part, 0..8)
        .prop_map(|parts| parts.into_iter().unzip::<_, _, Vec<_>, Vec<_>>())
        .prop_map(|(patterns, texts)| (patterns.concat(), texts.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn patterns_match_what_globset_matches((pattern, text) in pattern_and_text()) {
        prop_assert_eq!(Pattern::new(&pattern).is_match(&text), globset_matches(&pattern, &text));
    }
}
