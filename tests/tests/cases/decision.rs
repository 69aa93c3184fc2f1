//! A scenario is decided by the model, by the engine, by its explanation, and however its policies are attached.

use bailiwick_scenario::{Decision, Scenario};
use bailiwick_tests::case::{Case, Expect};
use bailiwick_tests::embed::{Embedded, How};
use bailiwick_tests::model;
use bailiwick_tests::rewrite::plain;
use serde_json::Value;

/// Everybody's answer, when one of them is not what the case says.
pub(crate) fn failure(case: &Case) -> Option<String> {
    let expected = case.expect.as_str();
    let answers = answers(case);
    let differs = answers.iter().any(|(_, answer)| answer.split(" (").next() != Some(expected));
    let mut lines: Vec<String> =
        answers.iter().map(|(who, answer)| format!("{:20} {answer}", format!("{who}:"))).collect();
    lines.insert(0, format!("{:20} {expected}", "expected:"));
    let members = members(case);
    let is_wrong = differs || !members.is_empty();
    lines.extend(members);
    is_wrong.then(|| lines.join("\n"))
}

/// Who answered what.
fn answers(case: &Case) -> Vec<(String, String)> {
    let scenario = case.scenario();
    let model = model::decide(&scenario);
    let why = model.as_ref().err().map(|refused| format!(" ({})", refused.0)).unwrap_or_default();
    let model = model.map_or(Expect::Refused, Expect::Decision).as_str();
    let mut answers = vec![("model".to_owned(), format!("{model}{why}"))];
    let read = match Scenario::parse(&scenario.to_string()) {
        Ok(read) => read,
        Err(errors) => {
            answers.push(("engine".to_owned(), format!("refused ({errors})")));
            return answers;
        }
    };
    answers.push(("engine".to_owned(), of_the_case(read.decide())));
    answers.push(("explanation".to_owned(), read.answer().decision.to_string()));
    // A call that needs several actions is several requests to those who embed the engine.
    if let Some(embedded) = Embedded::compile(&plain(&scenario)) {
        for how in How::ALL {
            answers.push((format!("engine, {how:?}"), of_the_case(embedded.decide(how, &[]))));
        }
    }
    answers
}

fn of_the_case(decision: Decision) -> String {
    let decision = match decision {
        Decision::Allowed => model::Decision::Allowed,
        Decision::ExplicitDeny => model::Decision::ExplicitDeny,
        Decision::ImplicitDeny => model::Decision::ImplicitDeny,
    };
    Expect::Decision(decision).as_str().to_owned()
}

/// The members of the answer that are not as the case says.
fn members(case: &Case) -> Vec<String> {
    if case.answer.is_empty() {
        return Vec::new();
    }
    let Ok(scenario) = Scenario::parse(&case.scenario().to_string()) else { return Vec::new() };
    let answer = serde_json::to_value(scenario.answer()).expect("an answer is JSON");
    let differs = case.answer.iter().filter(|(name, expected)| !holds(&answer[name.as_str()], expected));
    differs
        .map(|(name, expected)| format!("{name}:\n  expected {expected}\n  got {}", answer[name]))
        .collect()
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
