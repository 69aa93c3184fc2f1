//! A delivery comes to its verdict at its step, and a fix makes it succeed and allows nothing more.

use bailiwick_delivery::{Answer, Delivery};
use bailiwick_tests::case::DeliveryCase;
use serde_json::{Map, Value};

/// What is not as the case says.
pub(crate) fn failure(case: &DeliveryCase) -> Option<String> {
    let delivery = match Delivery::parse(&case.text()) {
        Ok(delivery) => delivery,
        Err(errors) => return Some(format!("expected: {}\ngot:      {errors}", expected(&case.expect))),
    };
    let answer = delivery.simulate();
    let verdict = serde_json::to_value(answer.verdict).expect("a verdict is JSON");
    let step = case.expect.get("step").and_then(Value::as_u64);
    let says = case.expect.get("says").and_then(Value::as_str).unwrap_or_default();
    let fits = verdict == case.expect["verdict"]
        && (step.is_none() || step == answer.fails_at_step.map(|step| step as u64))
        && answer.summary.contains(says);
    if !fits {
        let step = answer.fails_at_step.map(|step| format!(" at step {step}")).unwrap_or_default();
        let got = format!("{verdict}{step}: {}", answer.summary);
        return Some(format!("expected: {}\ngot:      {got}", expected(&case.expect)));
    }
    if case.is_fixed() { fault(&answer) } else { None }
}

fn expected(expect: &Map<String, Value>) -> String {
    Value::Object(expect.clone()).to_string()
}

/// What is wrong with the fixes: each is verified and grants nothing beyond what it is for.
fn fault(answer: &Answer) -> Option<String> {
    if answer.fixes.is_empty() {
        return Some("expected: a fix\ngot:      none".to_owned());
    }
    answer.fixes.iter().find_map(|fix| {
        let beyond = fix.beyond.iter().find(|beyond| beyond.decision.is_allowed() && !beyond.allowed_before);
        if !fix.verified {
            return Some(format!("{} is not verified", fix.document));
        }
        if let Some(allowed) = beyond {
            return Some(format!("{} also allows {allowed:?}", fix.document));
        }
        let errors = bailiwick_parser::parse(&fix.after).err()?;
        Some(format!("{} becomes a document with mistakes: {errors}", fix.document))
    })
}
