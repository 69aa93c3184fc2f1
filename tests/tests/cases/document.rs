//! The checks find in a document what its case says.

use bailiwick_tests::case::DocumentCase;
use bailiwick_validator::{Kind, check};

/// What is not as the case says.
pub(crate) fn failure(case: &DocumentCase) -> Option<String> {
    let kind: Kind = match case.kind.parse() {
        Ok(kind) => kind,
        Err(error) => return Some(format!("{error}")),
    };
    let mut found: Vec<_> = check(case.text(), kind).into_iter().map(|finding| finding.code).collect();
    found.sort_unstable();
    found.dedup();
    (!case.fits(&found)).then(|| format!("expected: {}\ngot:      {found:?}", case.expected()))
}
