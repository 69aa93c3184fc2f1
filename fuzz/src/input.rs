//! Targets over what the program is given: scenarios, batches of them, deliveries.

use bailiwick::Errors;
use bailiwick_delivery::{Delivery, StepResult, Verdict};
use bailiwick_scenario::Scenario;
use bailiwick_source::json::decode_utf8;
use serde_json::Value;

use crate::scenarios::assert_consistent;
use crate::text::assert_errors;

/// A scenario is answered, or refused with places.
pub fn scenario(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    answered(text);
}

/// Every line of a batch is answered, or refused with places, on one line.
pub fn batch(bytes: &[u8]) {
    for line in bytes.split(|byte| *byte == b'\n') {
        match decode_utf8(line) {
            Ok(text) => answered(text),
            Err(error) => {
                assert!(std::str::from_utf8(line).is_err(), "{error:?}");
                assert!(error.span.end as usize <= line.len(), "{error:?}");
            }
        }
    }
}

fn answered(text: &str) {
    match Scenario::parse(text) {
        Ok(scenario) => {
            let answer = scenario.answer();
            assert_eq!(answer.decision, scenario.decide());
            assert_consistent(&answer, &Value::String(text.to_owned()));
        }
        Err(errors) => refused(text, &errors),
    }
}

fn refused(text: &str, errors: &Errors) {
    assert!(!errors.as_slice().is_empty());
    // The places of mistakes in a document that stands as a string are those of the string.
    assert_errors(text, errors.as_slice());
}

/// A delivery is simulated, or refused with places.
pub fn deliver(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Err(errors) = Delivery::collect(text) {
        refused(text, &errors);
    }
    let delivery = match Delivery::parse(text) {
        Ok(delivery) => delivery,
        Err(errors) => return refused(text, &errors),
    };
    let answer = delivery.simulate();
    // An optional step says what happens where the service makes that call; the delivery does not hang on it.
    let has = |result: StepResult| answer.steps.iter().any(|step| step.result == result && !step.optional);
    let expected = match (has(StepResult::Fails), has(StepResult::Uncertain)) {
        (true, _) => Verdict::Fails,
        (false, true) => Verdict::Uncertain,
        (false, false) => Verdict::Succeeds,
    };
    assert_eq!(answer.verdict, expected, "{answer:#?}");
    assert!(answer.verdict == Verdict::Fails || answer.first_failure().is_none(), "{answer:#?}");
    let again = delivery.simulate();
    assert_eq!(again.verdict, answer.verdict, "the same delivery has the same verdict");
    let json = serde_json::to_string(&answer).unwrap_or_else(|error| panic!("{error}"));
    assert!(serde_json::from_str::<Value>(&json).is_ok(), "{json}");
}
