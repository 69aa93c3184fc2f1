//! The engine answers every case as the case says.

use bailiwick_scenario::{Decision, Scenario};
use bailiwick_tests::case::{self, Case, Expect};
use bailiwick_tests::model;

#[test]
fn engine_answers_every_case() {
    let cases = case::load(&case::folder()).unwrap_or_default();
    let wrong: Vec<String> = cases.iter().filter_map(wrong).collect();
    assert!(!cases.is_empty(), "there are no cases");
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn the_explanation_of_every_case_has_its_decision() {
    let cases = case::load(&case::folder()).unwrap_or_default();
    let mut explained = 0;
    for case in &cases {
        if let Ok(scenario) = Scenario::parse(&case.scenario().to_string()) {
            assert_eq!(
                scenario.answer().decision,
                scenario.decide().as_str(),
                "{}: {}",
                case.topic,
                case.name
            );
            explained += 1;
        }
    }
    let refused = cases.iter().filter(|case| case.expect == Expect::Refused).count();
    assert!(explained > 0, "there are no cases");
    assert_eq!(explained, cases.len() - refused);
}

fn wrong(case: &Case) -> Option<String> {
    let (got, why) = match Scenario::parse(&case.scenario().to_string()) {
        Ok(scenario) => (Expect::Decision(of_the_model(scenario.decide())), String::new()),
        Err(errors) => (Expect::Refused, format!(" ({errors})")),
    };
    let expected = case.expect.as_str();
    let line = format!("{}: {}: expected {expected}, got {}{why}", case.topic, case.name, got.as_str());
    (got != case.expect).then_some(line)
}

fn of_the_model(decision: Decision) -> model::Decision {
    match decision {
        Decision::Allowed => model::Decision::Allowed,
        Decision::ExplicitDeny => model::Decision::ExplicitDeny,
        Decision::ImplicitDeny => model::Decision::ImplicitDeny,
    }
}
