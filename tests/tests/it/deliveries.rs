//! The fixes of deliveries hold, and allow nothing beyond them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use bailiwick_delivery::{Answer, Delivery, Fix, StepResult, Verdict, catalogue, documentation};
use bailiwick_environment::{Environment, File};
use bailiwick_tests::case::{self, DeliveryCase};
use bailiwick_tests::expected;
use serde_json::{Map, Value, json};

use crate::nothing;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/deliveries")
}

fn json_of(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn answer(title: &str, text: &str) -> Answer {
    match Delivery::parse(text) {
        Ok(delivery) => delivery.simulate(),
        Err(errors) => {
            let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
            panic!("{title} is no delivery: {}", messages.join("; "));
        }
    }
}

/// The cases of `cases/deliveries`; whether each comes to its verdict is a test of its own, in `tests/cases`.
fn cases() -> Vec<DeliveryCase> {
    let cases = DeliveryCase::load_of(&case::folder(), |_| true);
    let cases = cases.unwrap_or_else(|mistakes| panic!("{}", mistakes.join("\n")));
    assert!(cases.len() > 300, "only {} cases were read", cases.len());
    cases
}

/// The case with the fixes put in by hand, as a person would paste them.
fn mended(case: &DeliveryCase, answer: &Answer) -> String {
    let mut text = case.text();
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    for fix in &answer.fixes {
        if let Some(before) = &fix.before {
            text = text.replace(&quoted(before), &quoted(&fix.after)).replace(before, &fix.after);
        }
    }
    text
}

#[test]
fn a_pasted_fix_makes_the_delivery_succeed_for_its_source_and_for_no_other() {
    let mut tried = 0;
    for case in cases().into_iter().filter(DeliveryCase::is_fixed) {
        let first = answer(&case.title(), &case.text());
        if first.fixes.iter().any(|fix| fix.before.is_none()) {
            continue;
        }
        let text = mended(&case, &first);
        assert_eq!(answer(&case.title(), &text).verdict, Verdict::Succeeds, "{}", case.title());
        for (key, other) in [
            ("aws:SourceAccount", "999999999999"),
            ("aws:SourceArn", "arn:aws:logs:us-east-1:999999999999:other"),
        ] {
            let mut delivery: Value = serde_json::from_str(&text).unwrap();
            let was_sent = first.first_failure().is_some_and(|step| step.context.contains_key(key));
            // What the statement in question does not ask for cannot tell sources apart.
            let asked = first.fixes.iter().any(|fix| fix.after.contains(key));
            if !was_sent || !asked {
                continue;
            }
            for step in delivery["delivery"]["steps"].as_array_mut().unwrap() {
                if let Some(value) = step.get_mut("context").and_then(|context| context.get_mut(key)) {
                    *value = json!(other);
                }
            }
            let other = answer(&case.title(), &delivery.to_string());
            assert_eq!(other.verdict, Verdict::Fails, "{} with another {key}", case.title());
            tried += 1;
        }
    }
    assert!(tried > 40, "only {tried} other sources were tried");
}

#[test]
fn what_a_case_expects_has_no_say() {
    let policies = json!({"111122223333": [{"ref": "q", "kind": "sqs_queue_policy", "document": {
        "Statement": {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:*", "Resource": "*"}}}]});
    let case = |expected: &str, decision: &str| {
        json!({"id": "x", "policies": policies, "expected": expected, "fails_at_step": 1, "requests": [{
            "step": 1, "principal": {"type": "Service", "value": "s3.amazonaws.com"}, "action": "sqs:SendMessage",
            "resource": "arn:aws:sqs:us-east-1:111122223333:q", "context": {}, "consult": ["q"], "combine": "resource",
            "expected_decision": decision}]})
        .to_string()
    };
    for (expected, decision) in [("succeed", "allow"), ("fail", "implicit_deny")] {
        assert_eq!(answer("x", &case(expected, decision)).verdict, Verdict::Fails);
    }
}

#[test]
#[ignore = "needs BAILIWICK_CASES: the folder of deliveries.json, deliveries as lists of requests"]
fn deliveries_as_lists_of_requests_answer_as_they_expect() {
    let folder = std::env::var_os("BAILIWICK_CASES").expect("BAILIWICK_CASES is the folder of the cases");
    let Value::Array(cases) = json_of(&Path::new(&folder).join("deliveries.json")) else { panic!("no list") };
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let title = case["id"].as_str().unwrap_or_default();
            let answer = answer(title, &case.to_string());
            let expected = if case["expected"] == "succeed" { Verdict::Succeeds } else { Verdict::Fails };
            let step = case["fails_at_step"].as_u64();
            let fits = answer.verdict == expected && answer.fails_at_step.map(|step| step as u64) == step;
            (!fits).then(|| format!("{title}: {:?} at {:?}", answer.verdict, answer.fails_at_step))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// The ends of one delivery of each kind whose fault can lie in a policy.
fn ends() -> BTreeMap<String, Map<String, Value>> {
    serde_json::from_value(json_of(&folder().join("ends.json"))).unwrap()
}

#[test]
fn every_kind_is_mended_where_aws_holds_nothing() {
    // What these write with is AWS's own, or must be there before it can be mended.
    let exceptions = [
        "vended-v1-firehose",
        "vended-v2-firehose",
        "vpc-flow-logs-firehose",
        "vpc-flow-logs-firehose-cross-account",
        "waf-firehose",
        "subscription-destination",
    ];
    let ends = ends();
    for kind in catalogue::kinds() {
        let Some(members) = ends.get(kind.name) else {
            assert!(exceptions.contains(&kind.name), "{} has no ends in ends.json", kind.name);
            continue;
        };
        let mut delivery = members.clone();
        delivery.insert("kind".to_owned(), json!(kind.name));
        let text = json!({ "delivery": delivery }).to_string();
        let commands = Delivery::collect(&text).unwrap();
        let printed: Vec<(String, String)> =
            commands.iter().flat_map(|command| nothing::printed(&command.path)).collect();
        let files: Vec<File<'_>> = printed.iter().map(|(path, text)| File { path, text }).collect();
        let environment = Environment::from_files(&files).unwrap();
        let answer = Delivery::parse_with(&text, Some(environment)).unwrap().simulate();
        assert_eq!(answer.verdict, Verdict::Fails, "{}: {}", kind.name, answer.summary);
        // A policy does not create a log group or change a setting: that is left, and named.
        let leaves_settings = |fix: &Fix| {
            let is_setting = |left: &String| {
                answer.steps.iter().filter(|step| step.required.is_some()).any(|step| {
                    left.starts_with(&format!("step {} ", step.step))
                        || left.starts_with(&format!("unresolved: {}", step.name))
                })
            };
            fix.leaves.iter().all(is_setting)
        };
        let uncertain = answer
            .steps
            .iter()
            .find(|step| step.result == StepResult::Uncertain && answer.fixes.is_empty() && !step.optional);
        assert!(
            uncertain.is_none(),
            "{}: collecting leaves open {:?}",
            kind.name,
            uncertain.map(|step| &step.why)
        );
        assert!(!answer.fixes.is_empty(), "{}: {}", kind.name, answer.summary);
        for fix in &answer.fixes {
            let left = &fix.leaves;
            assert!(leaves_settings(fix), "{}: {}: {} leaves {left:?}", kind.name, fix.document, fix.change);
        }
    }
}

#[test]
fn a_delivery_about_which_nothing_was_looked_up_is_uncertain() {
    for (name, members) in ends() {
        let mut delivery = members;
        delivery.insert("kind".to_owned(), json!(name));
        let answer = answer(&name, &json!({ "delivery": delivery }).to_string());
        assert_eq!(answer.verdict, Verdict::Uncertain, "{name}: {}", answer.summary);
        assert!(!answer.unsettled.is_empty(), "{name} does not say what would settle it");
        assert!(answer.fixes.is_empty(), "{name}: nothing is known to mend");
    }
}

#[test]
fn the_documentation_is_that_of_the_catalogue() {
    let path = root().join("docs/DELIVERIES.md");
    expected::is_in(&path, &documentation());
}

#[test]
fn the_examples_answer_as_their_names_say() {
    for (file, expected) in [
        ("route53-query-logging.json", Verdict::Succeeds),
        ("route53-wrong-account.json", Verdict::Fails),
        ("flow-logs-encrypted-bucket.json", Verdict::Fails),
        ("subscription-cross-account.json", Verdict::Fails),
        ("eventbridge-uncertain.json", Verdict::Uncertain),
    ] {
        let text = fs::read_to_string(root().join("examples").join(file)).unwrap();
        let answer = answer(file, &text);
        assert_eq!(answer.verdict, expected, "{file}: {}", answer.summary);
        assert_eq!(answer.fixes.is_empty(), expected == Verdict::Succeeds, "{file}");
    }
}

/// An account with ten full policies, none of which covers the log group.
fn full_account() -> Value {
    let policy = |number: usize| {
        let groups: Vec<String> = (0..64)
            .map(|group| {
                format!(
                    "arn:aws:logs:us-east-1:111122223333:log-group:service-{number}-{group:02}:log-stream:*"
                )
            })
            .collect();
        let document = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Principal": {"Service": "delivery.logs.amazonaws.com"},
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": groups}]});
        json!({"policyName": format!("p{number}"), "policyDocument": document.to_string()})
    };
    json!({"resourcePolicies": (0..10).map(policy).collect::<Vec<_>>()})
}

#[test]
fn where_the_account_s_policies_are_full_the_log_group_gets_its_own() {
    let text = json!({
        "delivery": {"kind": "route53-query-logging", "source": "arn:aws:route53:::hostedzone/Z1",
            "destination": "arn:aws:logs:us-east-1:111122223333:log-group:dns"},
        "environment": {"111122223333": {"us-east-1": {"describe-resource-policies": full_account()}}},
    });
    let answer = answer("full", &text.to_string());
    let [fix] = answer.fixes.as_slice() else { panic!("{:?}", answer.fixes) };
    assert!(fix.verified && fix.document.contains("resource policy of the log group"), "{}", fix.document);
    assert!(fix.change.contains("of at most 5120 characters"), "{}", fix.change);
    assert!(fix.change.contains("LimitExceededException"), "{}", fix.change);
    assert!(
        fix.command.contains("--resource-arn arn:aws:logs:us-east-1:111122223333:log-group:dns"),
        "{}",
        fix.command
    );
    // The account's policies are close to their limits, in size and in number.
    let limits: Vec<&str> = answer.limits.iter().map(|limit| limit.unit).collect();
    assert!(limits.contains(&"policies") && limits.contains(&"characters"), "{limits:?}");
}

#[test]
fn operations_change_the_stores_for_the_steps_behind_them() {
    let document = r#"{"Statement": {"Effect": "Allow", "Principal": {"Service": "es.amazonaws.com"}, "Action": "logs:PutLogEvents", "Resource": "*"}}"#;
    let write = json!({"principal": "es.amazonaws.com", "action": "logs:PutLogEvents",
        "resource": "arn:aws:logs:us-east-1:111122223333:log-group:g:log-stream:s"});
    let put = json!({"operation": "logs put-resource-policy", "account": "111122223333", "region": "us-east-1",
        "input": {"policyName": "p", "policyDocument": document}});
    let environment =
        json!({"111122223333": {"us-east-1": {"describe-resource-policies": {"resourcePolicies": []}}}});
    let run = |steps: &[&Value]| {
        answer("steps", &json!({"delivery": {"steps": steps}, "environment": environment}).to_string())
    };
    assert_eq!(run(&[&write, &put]).fails_at_step, Some(1));
    assert_eq!(run(&[&put, &write]).verdict, Verdict::Succeeds);
}

#[test]
fn a_delivery_cut_off_anywhere_is_an_error_and_nothing_worse() {
    for case in cases().iter().step_by(7) {
        let text = case.text();
        for end in (0..text.len()).step_by(97).filter(|end| text.is_char_boundary(*end)) {
            assert!(Delivery::parse(&text[..end]).is_err(), "{} cut off at {end}", case.title());
        }
    }
}
