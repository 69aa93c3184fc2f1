//! A decision allocates nothing, whatever policies and requests it is over and however they are attached.
//!
//! This is a program of its own, since its allocator counts, thread by thread, and would slow all suites that are linked
//! with it. What precedes the decision (documents are compiled, policies attached, the request built) may allocate, and
//! an explanation does.

use allocation_counter::measure;
use bailiwick_evaluator::{Attached, Decision, Policies, Principal, Request, RequestMemory};
use bailiwick_tests::case::{self, Case, Expect};
use bailiwick_tests::embed::{Embedded, How};
use bailiwick_tests::model;
use bailiwick_tests::rewrite::plain;
use serde_json::{Value, json};

#[test]
fn no_case_allocates_in_its_decision() {
    let cases = case::load(&case::folder()).unwrap_or_default();
    let (mut decided, mut left_out, mut wrong) = (0, vec![], vec![]);
    for case in cases.iter().filter(|case| case.expect != Expect::Refused) {
        for how in How::ALL {
            match allocations(case, how) {
                None => left_out.push(&case.name),
                Some(0) => decided += 1,
                Some(count) => wrong.push(format!("{}: {}: {count}, {how:?}", case.topic, case.name)),
            }
        }
    }
    assert!(decided > 2_000 * How::ALL.len(), "only {decided} were decided");
    assert!(left_out.is_empty(), "cannot be embedded: {left_out:?}");
    assert!(wrong.is_empty(), "{} decisions allocate:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_counter_sees_what_an_explanation_allocates() {
    let scenario = json!({
        "request": {"principal": "arn:aws:iam::111122223333:user/amy", "action": "s3:GetObject", "resource": "*"},
        "policies": {"identity": [{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}]}
    });
    let embedded = Embedded::compile(&scenario).unwrap();
    let counted = embedded
        .with(How::Listed, &[], |policies, request| measure(|| drop(policies.explain(request))).count_total);
    assert!(counted > 0);
}

#[test]
fn a_request_in_the_memory_of_the_one_before_allocates_nothing() {
    let mut memory = RequestMemory::default();
    for round in 0..4 {
        // What lives no longer than one round may be borrowed.
        let address = format!("192.0.2.{round}");
        let principal = Principal::root("111122223333");
        let counted = measure(|| {
            let empty = std::mem::take(&mut memory);
            let mut request = Request::new_in(empty, &principal, "s3:GetObject", "arn:aws:s3:::b/k");
            for key in ["aws:SourceIp", "aws:RequestTag/Team", "s3:prefix", "x:y"] {
                request.set(key, address.as_str());
            }
            memory = request.into_memory();
        });
        assert_eq!(counted.count_total == 0, round > 0, "round {round}: {}", counted.count_total);
    }
}

#[test]
fn a_request_that_is_moved_allocates_nothing() {
    let principal = Principal::from_arn("arn:aws:iam::111122223333:user/amy").unwrap();
    let buckets: Vec<String> = (0..8).map(|number| format!("arn:aws:s3:::bucket-{number}/k")).collect();
    let policies = Policies { identity: Attached::List(&[]), ..Policies::default() };
    let mut request = Request::new(&principal, "s3:GetObject", "*").with("aws:RequestTag/Team", "red");
    let counted = measure(|| {
        for action in ["s3:GetObject", "s3:GetObjectVersionTagging", "kms:Decrypt", "s3:*"] {
            request.set_action(action);
            for bucket in &buckets {
                request.set_resource(bucket);
                request.set_resource_account("111122223333");
                assert_eq!(policies.decide(&request), Decision::ImplicitDeny);
            }
        }
    });
    assert_eq!(counted.count_total, 0);
}

#[test]
fn a_tag_beyond_ascii_is_found_without_allocating() {
    let scenario = json!({
        "request": {
            "principal": {
                "arn": "arn:aws:iam::111122223333:user/amy",
                "tags": {"\u{212a}": "x"},
                "sessionTags": {"É": "amy"}
            },
            "action": "s3:GetObject",
            "resource": "arn:aws:s3:::b/amy"
        },
        "policies": {"identity": [{
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Action": "*",
                "Resource": "arn:aws:s3:::b/${aws:PrincipalTag/é}",
                "Condition": {"StringEquals": {"aws:PrincipalTag/K": "x", "aws:PrincipalTag/É": "amy"}}
            }
        }]}
    });
    let embedded = Embedded::compile(&scenario).unwrap();
    for how in How::ALL {
        let counted = embedded.with(how, &[], |policies, request| {
            measure(|| assert_eq!(policies.decide(request), Decision::Allowed)).count_total
        });
        assert_eq!(counted, 0, "{how:?}");
    }
}

/// How many allocations the second run of a case's decisions makes; `None` if it cannot be embedded.
fn allocations(case: &Case, how: How) -> Option<u64> {
    let requests = requests(&plain(&case.scenario()));
    let mut count = 0;
    let mut worst = model::Decision::Allowed;
    for scenario in requests {
        let embedded = Embedded::compile(&scenario)?;
        embedded.with(how, &[], |policies, request| {
            let first = policies.decide(request);
            let mut second = None;
            count += measure(|| second = Some(policies.decide(request))).count_total;
            assert_eq!(second, Some(first), "{}: decided alike twice", case.name);
            worst = worse(worst, first);
        });
    }
    // A case that is decided otherwise than it says was not put as it is.
    assert_eq!(case.expect, Expect::Decision(worst), "{}, {how:?}", case.name);
    Some(count)
}

/// The scenario once for each action that the call needs.
fn requests(scenario: &Value) -> Vec<Value> {
    let request = &scenario["request"];
    let more = request["dependentActions"].as_array().into_iter().flatten();
    let actions = std::iter::once(&request["action"]).chain(more);
    let one = |action: &Value| {
        let mut one = scenario.clone();
        one["request"]["action"] = action.clone();
        one["request"]["dependentActions"] = json!([]);
        one
    };
    actions.map(one).collect()
}

fn worse(worst: model::Decision, next: Decision) -> model::Decision {
    match (worst, next) {
        (model::Decision::ExplicitDeny, _) | (_, Decision::ExplicitDeny) => model::Decision::ExplicitDeny,
        (model::Decision::ImplicitDeny, _) | (_, Decision::ImplicitDeny) => model::Decision::ImplicitDeny,
        (model::Decision::Allowed, Decision::Allowed) => model::Decision::Allowed,
    }
}

#[test]
fn looking_up_a_fact_of_aws_allocates_nothing() {
    let counted = measure(|| {
        let service = bailiwick_aws::service("S3").unwrap();
        let action = service.action("getobject").unwrap();
        assert!(action.name() == "GetObject" && action.resource_types().count() > 0);
        assert!(action.condition_keys().all(|key| !key.name().is_empty()));
        assert!(bailiwick_aws::condition_key("aws:RequestTag/team").is_some());
        assert!("eu-west-1".parse::<bailiwick_aws::Region>().is_ok());
    });
    assert_eq!(counted.count_total, 0);
}
