//! The definitional model answers every case as the case says.

use bailiwick_tests::case::{self, Case, Expect};
use bailiwick_tests::model;

#[test]
fn cases_are_well_formed_and_named_once() {
    let mistakes = case::load(&case::folder()).err().unwrap_or_default();
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
}

#[test]
fn model_answers_every_case() {
    let cases = case::load(&case::folder()).unwrap_or_default();
    let wrong: Vec<String> = cases.iter().filter_map(wrong).collect();
    assert!(!cases.is_empty(), "there are no cases");
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

fn wrong(case: &Case) -> Option<String> {
    let answer = model::decide(&case.scenario());
    let got = answer.as_ref().map_or(Expect::Refused, |decision| Expect::Decision(*decision));
    let why = answer.err().map(|refused| format!(" ({})", refused.0)).unwrap_or_default();
    let line = format!(
        "{}: {}: expected {}, got {}{why}",
        case.topic,
        case.name,
        case.expect.as_str(),
        got.as_str()
    );
    (got != case.expect).then_some(line)
}
