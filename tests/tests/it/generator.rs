//! The generator draws everything there is, and all three answers often.

use std::collections::{BTreeMap, BTreeSet};

use arbitrary::Unstructured;
use bailiwick_tests::generate::{self, mix};
use bailiwick_tests::model::{self, Decision};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::Value;

const DRAWS: usize = 10_000;

fn drawn() -> Vec<Value> {
    let mut runner = TestRunner::deterministic();
    let bytes = proptest::collection::vec(proptest::num::u8::ANY, 1024..2048);
    let mut draw = |_| {
        let bytes = bytes.new_tree(&mut runner).unwrap().current();
        generate::scenario(&mut Unstructured::new(&bytes))
    };
    (0..DRAWS).map(&mut draw).collect()
}

#[test]
fn every_answer_is_common_and_refusals_are_rare() {
    let mut answers: BTreeMap<Option<Decision>, usize> = BTreeMap::new();
    let drawn = drawn();
    for scenario in &drawn {
        *answers.entry(model::decide(scenario).ok()).or_default() += 1;
    }
    println!("of {} scenarios: {answers:?}", drawn.len());
    let share = |answer| answers.get(&answer).copied().unwrap_or(0) * 100 / drawn.len();
    for decision in [Decision::Allowed, Decision::ExplicitDeny, Decision::ImplicitDeny] {
        assert!(share(Some(decision)) >= 20, "{decision:?}: {answers:?}");
    }
    assert!((1..=10).contains(&share(None)), "refused: {answers:?}");
}

#[test]
fn everything_there_is_occurs() {
    let drawn = drawn();
    let seen: BTreeSet<String> = drawn.iter().flat_map(mix::features).collect();
    let missing: Vec<String> = mix::expected().difference(&seen).cloned().collect();
    println!("{} features expected, {} seen", mix::expected().len(), seen.len());
    assert!(missing.is_empty(), "{} never occurred:\n{}", missing.len(), missing.join("\n"));
}
