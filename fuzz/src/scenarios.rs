//! Targets over generated scenarios: the bytes are the generator's choices.

use std::sync::Arc;

use arbitrary::Unstructured;
use bailiwick::{Decision, PolicyKind};
use bailiwick_normalizer::canonical_json;
use bailiwick_normalizer::normalize as normalized;
use bailiwick_parser::parse;
use bailiwick_parser::syntax::Effect;
use bailiwick_scenario::{Answer, Scenario};
use bailiwick_tests::compare::compare;
use bailiwick_tests::embed::{Embedded, How, compile};
use bailiwick_tests::generate;
use bailiwick_tests::rewrite::{self, plain};
use serde_json::Value;

/// The engine decides as the model does, and explains as it decides.
pub fn model(bytes: &[u8]) {
    for scenario in generate::scenarios(&mut Unstructured::new(bytes)) {
        if let Err(disagreement) = compare(&scenario) {
            disagreement.dump();
            panic!("{disagreement}");
        }
    }
}

/// An answer is the decision's, and its parts fit each other.
pub fn explain(bytes: &[u8]) {
    for scenario in generate::scenarios(&mut Unstructured::new(bytes)) {
        let text = scenario.to_string();
        let Ok(read) = Scenario::parse(&text) else { continue };
        let answer = read.answer();
        assert_eq!(answer.decision, read.decide(), "{scenario:#}");
        assert_consistent(&answer, &scenario);
    }
}

/// What every answer must be, whatever was asked.
pub(crate) fn assert_consistent(answer: &Answer, scenario: &Value) {
    let because = |what: &str| format!("{what}\n{scenario:#}\n{answer:#?}");
    let allowed = answer.decision.is_allowed();
    assert_eq!(allowed, answer.blocked_by.is_empty(), "{}", because("blocked if and only if not allowed"));
    if let Some(statement) = &answer.decided_by {
        let effect = if allowed { Effect::Allow } else { Effect::Deny };
        let matched = answer
            .matched_statements
            .iter()
            .any(|other| other.statement == *statement && other.effect == effect);
        assert!(matched, "{}", because("what decided is among what matched"));
        assert_ne!(
            answer.decision,
            Decision::ImplicitDeny,
            "{}",
            because("no statement decides an implicit deny")
        );
    } else {
        assert_ne!(
            answer.decision,
            Decision::ExplicitDeny,
            "{}",
            because("a statement decides an explicit deny")
        );
    }
    assert!(answer.near_misses.len() <= 5, "{}", because("at most five near misses"));
    assert!(!allowed || answer.near_misses.is_empty(), "{}", because("no near miss of what is allowed"));
    for statement in &answer.matched_statements {
        let (start, end) = (statement.start, statement.end);
        assert!(start.line >= 1 && start.column >= 1, "{}", because("places count from one"));
        assert!((start.line, start.column) < (end.line, end.column), "{}", because("places are in order"));
    }
    let mut keys = answer.missing_context_keys.clone();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), answer.missing_context_keys.len(), "{}", because("each missing key once"));
    let json =
        serde_json::to_string(answer).unwrap_or_else(|error| panic!("{}", because(&error.to_string())));
    assert!(!json.contains('\n'), "{}", because("an answer is one line"));
    assert!(serde_json::from_str::<Value>(&json).is_ok(), "{}", because("an answer is JSON"));
}

/// The canonical documents decide as the documents do, and are their own canonical documents.
pub fn normalize(bytes: &[u8]) {
    for scenario in generate::scenarios(&mut Unstructured::new(bytes)) {
        let before = plain(&scenario);
        let Ok(read) = Scenario::parse(&before.to_string()) else { continue };
        let mut after = before.clone();
        rewrite::documents(&mut after, |kind, document| {
            let kind = PolicyKind::ALL.into_iter().find(|other| other.as_str() == kind.member());
            let once = canonical(&document.to_string(), kind);
            assert_eq!(once, canonical(&once, kind), "twice is once: {document:#}");
            *document = serde_json::from_str(&once).unwrap_or_else(|error| panic!("{error}: {once}"));
        });
        let decided = Scenario::parse(&after.to_string()).map(|after| after.decide());
        assert_eq!(decided, Ok(read.decide()), "{before:#}\nnormalized\n{after:#}");
    }
}

fn canonical(text: &str, kind: Option<PolicyKind>) -> String {
    let policy = parse(text).and_then(|document| normalized(&document, kind));
    canonical_json(&policy.unwrap_or_else(|errors| panic!("{errors}: {text}")))
}

/// The decision is the scenario's, whether policies are listed, shared, in a set under an index, or parts of a union.
pub fn index(bytes: &[u8]) {
    let draw = &mut Unstructured::new(bytes);
    let scenarios: Vec<Value> =
        (0..2).flat_map(|_| generate::scenarios(draw)).map(|scenario| plain(&scenario)).collect();
    let strangers: Vec<_> = (0..12)
        .filter_map(|_| {
            compile(&generate::document(draw, generate::Kind::Resource), generate::Kind::Resource)
        })
        .map(Arc::new)
        .collect();
    // The second world's policies beside the first one's, so that sets are worth an index.
    let mut many = scenarios[0].clone();
    rewrite::lists(&mut many, |kind, list| {
        let more = &scenarios[generate::REQUESTS]["policies"][kind.member()];
        let more = if kind.has_levels() { &more[0] } else { more };
        list.extend(more.as_array().cloned().unwrap_or_default());
    });
    for scenario in &scenarios {
        let mut asked = many.clone();
        asked["request"] = scenario["request"].clone();
        let Ok(expected) = Scenario::parse(&asked.to_string()).map(|read| read.decide()) else { continue };
        let Some(embedded) = Embedded::compile(&asked) else { continue };
        for how in How::ALL {
            assert_eq!(embedded.decide(how, &strangers), expected, "{how:?}\n{asked:#}");
        }
    }
}
