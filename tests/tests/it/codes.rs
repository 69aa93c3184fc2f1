//! The codes of errors: each is declared once, and documented.

use std::collections::BTreeSet;

use bailiwick_source::Code;

use crate::tidy::read;

/// The codes that a file declares one by one, as `Code::new("…")` or `Self::new("…")`.
fn declared_in(path: &str) -> Vec<Code> {
    let texts: Vec<String> = read(path)
        .split("::new(\"")
        .skip(1)
        .filter_map(|after| Some(after.split_once('"')?.0.to_owned()))
        .collect();
    texts.into_iter().map(|text| Code::new(text.leak())).collect()
}

#[test]
fn every_code_is_declared_once_and_documented() {
    let batch = declared_in("crates/cli/src/simulate/block.rs");
    let of_crates: [&[Code]; 5] = [
        Code::ALL,
        bailiwick_parser::codes::ALL,
        bailiwick_normalizer::codes::ALL,
        bailiwick_scenario::codes::ALL,
        &batch,
    ];
    let documents = ["docs/CHECKS.md", "docs/SCENARIOS.md", "SECURITY.md"].map(read);
    let mut seen = BTreeSet::new();
    for code in of_crates.into_iter().flatten() {
        assert!(seen.insert(*code), "{code} is declared twice");
        let text = code.as_str();
        assert!(
            text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_'),
            "{text} is not in upper snake case"
        );
        let is_word = |document: &String| {
            document.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|word| word == text)
        };
        assert!(documents.iter().any(is_word), "{text} is in no document");
    }
    assert_eq!(declared_in("crates/source/src/code.rs").len(), Code::ALL.len(), "Code::ALL lacks a code");
    assert!(batch.len() == 1 && seen.len() > 30, "{} codes, {} of them of batches", seen.len(), batch.len());
}
