//! The engine answers every case as the case says.

use bailiwick_scenario::{Decision, Scenario};
use bailiwick_tests::case::{self, Case, Expect};
use bailiwick_tests::embed::{Embedded, How};
use bailiwick_tests::model;
use bailiwick_tests::rewrite::plain;
use serde_json::Value;

#[test]
fn engine_answers_every_case() {
    let cases = case::load(&case::folder()).unwrap_or_default();
    let wrong: Vec<String> = cases.iter().filter_map(wrong).collect();
    assert!(!cases.is_empty(), "there are no cases");
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn answers_hold_what_their_cases_say() {
    let cases = case::load(&case::folder()).unwrap_or_default();
    let mut told = 0;
    for case in cases.iter().filter(|case| !case.answer.is_empty()) {
        let scenario = Scenario::parse(&case.scenario().to_string()).unwrap();
        let answer = serde_json::to_value(scenario.answer()).unwrap();
        for (name, expected) in &case.answer {
            let found = &answer[name];
            assert!(holds(found, expected), "{}: {}: {name} is {found}", case.topic, case.name);
            told += 1;
        }
    }
    assert!(told > 0, "no case has an answer");
}

/// Whether a value is as it should be; of an object, the members that are asked for, also within a list.
fn holds(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => expected
            .iter()
            .all(|(name, expected)| found.get(name).is_some_and(|found| holds(found, expected))),
        (Value::Array(found), Value::Array(expected)) => {
            found.len() == expected.len()
                && found.iter().zip(expected).all(|(found, expected)| holds(found, expected))
        }
        // The cases keep numbers as they are written, so that only their texts are alike.
        _ => found == expected || format!("{found}") == format!("{expected}"),
    }
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

#[test]
fn every_case_is_decided_alike_however_its_policies_are_attached() {
    let cases = case::load(&case::folder()).unwrap_or_default();
    let mut decided = 0;
    for case in &cases {
        let Expect::Decision(expected) = case.expect else { continue };
        let Some(embedded) = Embedded::compile(&plain(&case.scenario())) else { continue };
        for how in How::ALL {
            let found = of_the_model(embedded.decide(how, &[]));
            assert_eq!(found, expected, "{}: {}: {how:?}", case.topic, case.name);
        }
        decided += 1;
    }
    println!("{decided} of {} cases, attached in {} ways", cases.len(), How::ALL.len());
    assert!(decided > 0, "there are no cases");
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
