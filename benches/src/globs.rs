//! Patterns of `*` and `?` for globset, whose other signs mean other things.

#![expect(clippy::expect_used, reason = "an escaped pattern is a glob")]

use globset::{GlobBuilder, GlobMatcher};

/// The pattern for globset: one star for a run of them, and every other character but `?` literal.
pub fn glob(pattern: &str) -> GlobMatcher {
    let mut escaped = String::new();
    for character in pattern.chars() {
        match character {
            '*' if escaped.ends_with('*') => {}
            '*' | '?' => escaped.push(character),
            '[' | ']' | '{' | '}' => escaped.extend(['[', character, ']']),
            other => escaped.push(other),
        }
    }
    let mut builder = GlobBuilder::new(&escaped);
    builder.literal_separator(false).backslash_escape(false);
    builder.build().expect("an escaped pattern is a glob").compile_matcher()
}
