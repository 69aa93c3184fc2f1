//! What an answer says of its reasons.

use bailiwick_scenario::Scenario;
use bailiwick_tests::generate::{self, Kind};
use bailiwick_tests::rewrite::{self, plain};
use serde_json::Value;

use crate::laws::driver::{allows, broken, for_all};

/// The scenario without the Allow statements of a kind but one: the policy's place and the statement's.
fn without_other_allows(scenario: &Value, of: Kind, but: Option<(usize, usize)>) -> Value {
    let mut scenario = scenario.clone();
    rewrite::lists(&mut scenario, |kind, documents| {
        if kind != of {
            return;
        }
        for (policy, document) in documents.iter_mut().enumerate() {
            let statements = match document["Statement"].take() {
                Value::Array(list) => list,
                one => vec![one],
            };
            let keep =
                |at: usize, statement: &Value| statement["Effect"] == "Deny" || but == Some((policy, at));
            let kept = statements.into_iter().enumerate().filter(|(at, statement)| keep(*at, statement));
            document["Statement"] = kept.map(|(_, statement)| statement).collect();
        }
    });
    scenario
}

#[test]
fn what_decided_allows_by_itself_without_the_other_allows_of_its_kind() {
    for_all(61, 12_000, |bytes| {
        let mut scenario = plain(&generate::scenario(bytes));
        if let Some(request) = scenario["request"].as_object_mut() {
            request.remove("dependentActions");
        }
        let Ok(read) = Scenario::parse(&scenario.to_string()) else { return Ok(()) };
        let answer = read.answer();
        let after = match (&answer.decided_by, &answer.decided_by_grant) {
            (Some(by), None) if answer.decision.is_allowed() => {
                let kind = Kind::ALL.into_iter().find(|kind| kind.member() == by.kind.as_str());
                let Some(kind) = kind else { return Err(format!("no kind {}", by.kind)) };
                without_other_allows(&scenario, kind, Some((by.place, by.statement)))
            }
            (None, Some(_)) => without_other_allows(&scenario, Kind::Resource, None),
            (Some(_), Some(_)) => return Err(format!("two decided: {scenario:#}")),
            _ => return Ok(()),
        };
        if allows(&after) { Ok(()) } else { Err(broken("what decided allows", &scenario, &after)) }
    });
}

#[test]
fn a_key_that_is_missing_is_not_in_the_context() {
    for_all(62, 6_000, |bytes| {
        let scenario = plain(&generate::scenario(bytes));
        let Ok(read) = Scenario::parse(&scenario.to_string()) else { return Ok(()) };
        let context = scenario["request"]["context"].as_object();
        let given = |key: &String| {
            context
                .into_iter()
                .flatten()
                .any(|(name, value)| generate::same_key(name, key) && *value != Value::Array(vec![]))
        };
        match read.answer().missing_context_keys.iter().find(|key| given(key)) {
            Some(key) => Err(format!("{key} is not missing: {scenario:#}")),
            None => Ok(()),
        }
    });
}
