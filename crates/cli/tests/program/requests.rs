//! Requests without a scenario: written on the command line, or for AWS's policy simulator.

use serde_json::{Value, json};

use crate::{file, run, run_on};

const POLICY: &str = r#"{
  "Version": "2012-10-17",
  "Statement": {"Sid": "Team", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::${aws:PrincipalTag/team}/*",
    "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}}}
}"#;

fn answer(args: &[&str]) -> (Option<i32>, Value) {
    let run = run(&[&["simulate", "--format", "json"], args].concat());
    assert_eq!(run.stderr, "", "{args:?}");
    (run.exit, serde_json::from_str(&run.stdout).expect("an answer is JSON"))
}

#[test]
fn options_make_a_request_and_places_are_those_of_the_policy_files() {
    let policy = file("team.json", POLICY.as_bytes());
    let common = [
        "--action",
        "S3:getobject",
        "--resource",
        "arn:aws:s3:::red/x",
        "--resource-account",
        "111122223333",
        "--identity-policy",
        &policy,
    ];
    let with = |more: &[&str]| answer(&[&common, more].concat());
    let (exit, allowed) = with(&["--context", "aws:PrincipalTag/team=red", "--context", "aws:TagKeys=a"]);
    assert_eq!((exit, &allowed["decision"]), (Some(0), &json!("allowed")));
    assert_eq!(allowed["decidedBy"]["policy"], policy.as_str());
    assert_eq!(allowed["matchedStatements"][0]["start"], json!({"line": 3, "column": 16}));
    let (exit, tag) = with(&[
        "--context",
        "aws:PrincipalTag/team=red",
        "--context",
        "aws:TagKeys=a",
        "--context",
        "aws:TagKeys=c",
    ]);
    assert_eq!((exit, &tag["nearMisses"][0]["actual"]), (Some(1), &json!(["a", "c"])));
    let principal = r#"{"arn": "arn:aws:iam::111122223333:user/amy", "tags": {"team": "red"}}"#;
    assert_eq!(with(&["--principal", principal]).0, Some(0));
    let user = with(&["--principal", "arn:aws:iam::444455556666:user/amy"]).1;
    assert_eq!(
        user["blockedBy"],
        json!(["identity", "resource"]),
        "the other account's bucket has no policy"
    );
}

#[test]
fn levels_of_organizations_policies_are_given_one_by_one() {
    let all = file("all.json", br#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#);
    let logs =
        file("logs.json", br#"{"Statement": {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}}"#);
    let decide = |levels: &[&str]| {
        let mut args = vec!["--action", "s3:GetObject", "--resource-account", "111122223333"];
        args.extend(["--identity-policy", &all]);
        args.extend(levels.iter().flat_map(|level| ["--service-control-policy", level]));
        answer(&args).0
    };
    let both = format!("{all},{logs}");
    assert_eq!(decide(&[&both]), Some(0), "one level allows what one of its policies allows");
    assert_eq!(decide(&[&all, &logs]), Some(1), "every level must allow");
}

#[test]
fn what_is_wrong_is_said_of_the_option_or_the_file() {
    let bad = file("bad.json", br#"{"Statement": {"Effect": "Allow", "Acton": "*", "Resource": "*"}}"#);
    let run = run(&[
        "simulate",
        "--action",
        "s3",
        "--principal",
        "amy",
        "--identity-policy",
        &bad,
        "--session-policy",
        "no/such",
    ]);
    assert_eq!((run.exit, run.stdout.as_str()), (Some(2), ""));
    assert!(run.stderr.contains(&format!("--> {bad}:1:35")), "{}", run.stderr);
    assert!(run.stderr.contains("= help: did you mean `Action`?"), "{}", run.stderr);
    assert!(run.stderr.contains("cannot read no/such"), "{}", run.stderr);
    let run = crate::run(&["simulate", "--action", "s3", "--principal", "amy"]);
    assert!(
        run.stderr.contains("error: --action: the action \"s3\" is not one concrete action"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("error[INVALID_VALUE]: the principal \"amy\""), "{}", run.stderr);
    assert!(run.stderr.contains("--> --principal:1:1"), "{}", run.stderr);
    for args in [["--context", "key"], ["--principal", "{"], ["--resource", "*"]] {
        let run = crate::run(&[&["simulate", "--action", "s3:GetObject"], args.as_slice()].concat());
        assert_eq!(run.exit, Some(2), "{args:?}: {}", run.stderr);
    }
}

fn simulator(input: &Value) -> Value {
    let run = run_on(&["simulate", "--format", "aws", "-"], input.to_string().as_bytes());
    assert_eq!(run.stderr, "");
    let answer: Value = serde_json::from_str(&run.stdout).expect("an answer is JSON");
    assert_eq!(answer["IsTruncated"], false);
    answer["EvaluationResults"].clone()
}

#[test]
fn inputs_of_the_policy_simulator_are_answered_in_its_shape() {
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"},
        {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/${aws:username}",
            "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}},
        {"Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "*"}]})
    .to_string();
    let boundary = r#"{"Statement": {"Effect": "Allow", "Action": ["s3:GetObject", "s3:DeleteObject"], "Resource": "*"}}"#;
    let results = simulator(&json!({
        "PolicyInputList": [policy],
        "PermissionsBoundaryPolicyInputList": [boundary],
        "ActionNames": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        "ResourceArns": ["arn:aws:s3:::b/k", "arn:aws:s3:::c/k"],
    }));
    let column = |name: &str| {
        results.as_array().expect("a list").iter().map(|row| row[name].clone()).collect::<Vec<_>>()
    };
    assert_eq!(column("EvalActionName"), ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]);
    assert_eq!(column("EvalDecision"), ["implicitDeny", "implicitDeny", "explicitDeny"]);
    let of_get = &results[0]["ResourceSpecificResults"];
    assert_eq!(
        (&of_get[0]["EvalResourceDecision"], &of_get[1]["EvalResourceDecision"]),
        (&json!("allowed"), &json!("implicitDeny"))
    );
    assert_eq!(
        of_get[0]["MatchedStatements"],
        json!([{"SourcePolicyId": "PolicyInputList.1", "SourcePolicyType": "IAM Policy",
            "StartPosition": {"Line": 1, "Column": 15}, "EndPosition": {"Line": 1, "Column": 87}}])
    );
    // A request that nothing allows names whatever any policy asks for.
    assert_eq!(results[1]["MissingContextValues"], json!(["aws:MultiFactorAuthPresent", "aws:username"]));
    assert_eq!(
        results[1]["PermissionsBoundaryDecisionDetail"],
        json!({"AllowedByPermissionsBoundary": false})
    );
    assert_eq!(
        results[2]["PermissionsBoundaryDecisionDetail"],
        json!({"AllowedByPermissionsBoundary": true})
    );
}

#[test]
fn mistakes_in_an_input_of_the_policy_simulator_are_shown() {
    let input = r#"{"PolicyInputList": ["{\"Statement\": [{\"Effect\": \"Alow\"}]}"], "ActionNames": ["s3:GetObject"],
        "ContextEntries": [{"ContextKeyName": "a", "ContextKeyType": "text", "ContextKeyValues": ["x"]}]}"#;
    let run = run_on(&["simulate", "-"], input.as_bytes());
    assert_eq!(run.exit, Some(2));
    assert!(run.stderr.contains("--> <stdin> PolicyInputList.1:1:27"), "{}", run.stderr);
    let run = run_on(
        &["simulate", "-"],
        input
            .replace("{\\\"Statement\\\": [{\\\"Effect\\\": \\\"Alow\\\"}]}", "{\\\"Statement\\\": []}")
            .as_bytes(),
    );
    assert!(run.stderr.contains("`text` is no type of a context key"), "{}", run.stderr);
    assert!(run.stderr.contains("--> <stdin>:2:70"), "{}", run.stderr);
}

#[test]
fn the_exit_code_is_the_decision_or_whether_it_is_the_expected_one() {
    let (allowed, denied) =
        ("examples/scenarios/cross-account.json", "examples/scenarios/region-guardrail.json");
    let exit = |args: &[&str]| run(&[&["simulate"], args].concat()).exit;
    assert_eq!((exit(&[allowed]), exit(&[denied])), (Some(0), Some(1)));
    assert_eq!(exit(&["--expect", "explicitDeny", denied]), Some(0));
    assert_eq!(exit(&["--expect", "implicitDeny", denied]), Some(1), "an explicit deny is no implicit one");
    assert_eq!(exit(&["--expect", "explicitDeny", allowed]), Some(1));
    // The scenario's own expectation counts when it is asked for; one without is unusable then.
    assert_eq!((exit(&["--expect", denied]), exit(&[denied, "--expect"])), (Some(0), Some(0)));
    assert_eq!(exit(&["--expect", allowed]), Some(2));
    let wrong = run(&["simulate", "--expect", "allowed", denied]);
    assert_eq!(wrong.stderr, "not as expected: allowed was, the decision is explicitDeny\n");
}
