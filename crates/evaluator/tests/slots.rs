//! What is attached in the wrong place, or in no part, must not widen a decision.

#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

use bailiwick_evaluator::{Attached, CompiledPolicy, Decision, Policies, PolicyKind, Principal, Request};
use bailiwick_normalizer::normalize;

fn allow_everything() -> CompiledPolicy {
    let text = r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
    let document = bailiwick_parser::parse(text).unwrap();
    CompiledPolicy::new(normalize(&document, Some(PolicyKind::Identity)).unwrap())
}

#[test]
fn an_identity_policy_attached_to_a_resource_allows_nobody() {
    let identity = allow_everything();
    let policies = Policies { resource: Attached::List(&[&identity]), ..Policies::default() };
    for principal in [Principal::anonymous(), Principal::service("s3.amazonaws.com")] {
        let request = Request::new(&principal, "s3:GetObject", "arn:aws:s3:::b/k");
        assert_eq!(policies.decide(&request), Decision::ImplicitDeny);
    }
}

#[test]
fn a_boundary_of_no_parts_is_a_boundary_that_allows_nothing() {
    let identity = allow_everything();
    let amy = Principal::from_arn("arn:aws:iam::111122223333:user/amy").unwrap();
    let request = Request::new(&amy, "s3:GetObject", "arn:aws:s3:::b/k");
    for boundary in [Attached::List(&[]), Attached::Union(&[])] {
        let identity = Attached::List(&[&identity]);
        let policies = Policies { identity, permissions_boundary: boundary, ..Policies::default() };
        assert_eq!(policies.decide(&request), Decision::ImplicitDeny);
    }
}
