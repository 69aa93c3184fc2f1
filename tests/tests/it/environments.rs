//! What was not looked up, was refused, or is not there to read passes for nothing, in a document as in a folder.

use std::fs;
use std::path::Path;

use bailiwick_delivery::{Answer, Delivery, Verdict};
use bailiwick_environment::{Environment, File};
use serde_json::{Value, json};

use crate::nothing;

fn answer(text: &str) -> Answer {
    match Delivery::parse(text) {
        Ok(delivery) => delivery.simulate(),
        Err(errors) => panic!("{text} is no delivery: {errors}"),
    }
}

/// Flow logs to a bucket that may be encrypted under a key.
fn flow_logs() -> Value {
    json!({"kind": "vpc-flow-logs-s3", "source": "arn:aws:ec2:us-east-1:111122223333:vpc/vpc-1",
        "destination": "arn:aws:s3:::flows", "destinationAccount": "111122223333"})
}

/// The output of `get-bucket-policy` that lets the flow logs in.
fn bucket_policy() -> Value {
    let policy = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*",
        "Principal": {"Service": "delivery.logs.amazonaws.com"}, "Resource": ["arn:aws:s3:::flows", "arn:aws:s3:::flows/*"]}});
    json!({"Policy": policy.to_string()})
}

fn bucket_encryption() -> Value {
    json!({"ServerSideEncryptionConfiguration": {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}})
}

/// The answer to the flow logs over these files of the account's `global` folder.
fn over(files: &[(&str, &str)]) -> Answer {
    let policy = bucket_policy().to_string();
    let paths: Vec<String> = files.iter().map(|(path, _)| format!("111122223333/global/{path}")).collect();
    let mut list: Vec<File<'_>> =
        paths.iter().zip(files).map(|(path, (_, text))| File { path, text }).collect();
    list.push(File { path: "111122223333/global/get-bucket-policy/flows.json", text: &policy });
    let environment = Environment::from_files(&list).unwrap_or_else(|errors| panic!("{}", errors[0]));
    let text = json!({"delivery": flow_logs()}).to_string();
    Delivery::parse_with(&text, Some(environment)).unwrap().simulate()
}

#[test]
fn a_key_that_nobody_looked_up_leaves_the_answer_uncertain() {
    let answer = over(&[]);
    assert_eq!(answer.verdict, Verdict::Uncertain);
    assert!(
        answer.unsettled.iter().any(|fact| fact.contains("get-bucket-encryption")),
        "{:?}",
        answer.unsettled
    );
    let encryption = bucket_encryption().to_string();
    let answer = over(&[("get-bucket-encryption/flows.json", &encryption)]);
    assert_eq!(answer.verdict, Verdict::Succeeds, "{}", answer.summary);
    // Whoever writes the delivery may say that there is none.
    let mut delivery = flow_logs();
    delivery["key"] = json!("none");
    let text = json!({"delivery": delivery, "environment":
        {"111122223333": {"global": {"get-bucket-policy": {"flows": bucket_policy()}}}}});
    assert_eq!(self::answer(&text.to_string()).verdict, Verdict::Succeeds);
}

#[test]
fn only_an_error_that_says_there_is_none_counts_as_none() {
    let encryption = |error: &str| {
        over(&[("get-bucket-encryption/flows.json", ""), ("get-bucket-encryption/flows.err", error)])
    };
    let error = |code: &str| {
        format!("\nAn error occurred ({code}) when calling the GetBucketEncryption operation: no\n")
    };
    let none = encryption(&error("ServerSideEncryptionConfigurationNotFoundError"));
    assert_eq!(none.verdict, Verdict::Succeeds, "{}", none.summary);
    for code in ["AccessDenied", "ThrottlingException", "ExpiredToken", "NoSuchBucketPolicy"] {
        let answer = encryption(&error(code));
        assert_eq!(answer.verdict, Verdict::Uncertain, "{code}");
        assert!(answer.unsettled.iter().any(|fact| fact.contains(code)), "{code}: {:?}", answer.unsettled);
    }
    assert_eq!(encryption("Unable to locate credentials").verdict, Verdict::Uncertain);
    assert_eq!(encryption("").verdict, Verdict::Uncertain);
    // Nobody kept the error, or nobody kept the output.
    assert_eq!(over(&[("get-bucket-encryption/flows.json", "")]).verdict, Verdict::Uncertain);
    assert_eq!(
        over(&[("get-bucket-encryption/flows.err", &error("AccessDenied"))]).verdict,
        Verdict::Uncertain
    );
}

#[test]
fn a_call_that_failed_is_never_taken_to_have_found_the_usual() {
    let encryption = bucket_encryption().to_string();
    for (command, region) in [("get-bucket-ownership-controls", "global"), ("get-bucket-location", "global")]
    {
        let failed = format!("{command}/flows.err");
        let answer = over(&[
            ("get-bucket-encryption/flows.json", &encryption),
            (&failed, "An error occurred (AccessDenied) when calling the operation: no"),
        ]);
        assert_eq!(answer.verdict, Verdict::Uncertain, "{command} in {region}");
        // That of another bucket does not matter.
        let other = format!("{command}/other.err");
        let answer = over(&[("get-bucket-encryption/flows.json", &encryption), (&other, "no")]);
        assert_eq!(answer.verdict, Verdict::Succeeds, "{command}");
    }
}

#[test]
fn an_empty_list_of_policies_that_nobody_explains_is_no_list() {
    let delivery = json!({"delivery": {"kind": "route53-query-logging", "source": "arn:aws:route53:::hostedzone/Z1",
        "destination": "arn:aws:logs:us-east-1:111122223333:log-group:dns"}});
    let run = |text: &str| {
        let path = "111122223333/us-east-1/describe-resource-policies.json";
        let environment = Environment::from_files(&[File { path, text }]).unwrap();
        Delivery::parse_with(&delivery.to_string(), Some(environment)).unwrap().simulate().verdict
    };
    assert_eq!(run(""), Verdict::Uncertain);
    assert_eq!(run(r#"{"resourcePolicies": []}"#), Verdict::Fails);
}

#[test]
fn what_was_taken_to_be_so_is_said() {
    let policies = json!({"resourcePolicies": [{"policyName": "p", "policyDocument": json!({"Statement": {"Effect": "Allow",
        "Principal": {"Service": "route53.amazonaws.com"}, "Action": "logs:*", "Resource": "*"}}).to_string()}]});
    let text = json!({"delivery": {"kind": "route53-query-logging", "source": "arn:aws:route53:::hostedzone/Z1",
        "destination": "arn:aws:logs:us-east-1:111122223333:log-group:dns"},
        "environment": {"111122223333": {"us-east-1": {"describe-resource-policies": policies}}}});
    let answer = answer(&text.to_string());
    assert_eq!(answer.verdict, Verdict::Succeeds);
    for what in [
        "the hosted zone belongs to account 111122223333",
        "the log group exists",
        "no key",
        "resource control",
    ] {
        assert!(
            answer.assumptions.iter().any(|taken| taken.contains(what)),
            "{what}: {:?}",
            answer.assumptions
        );
    }
}

#[test]
fn a_key_that_is_disabled_encrypts_nothing() {
    let key = "arn:aws:kms:us-east-1:111122223333:key/k";
    let policy = json!({"Statement": {"Effect": "Allow", "Principal": {"Service": "delivery.logs.amazonaws.com"},
        "Action": "kms:*", "Resource": "*"}});
    let mut delivery = flow_logs();
    delivery["key"] = json!(key);
    let run = |state: &str| {
        let text = json!({"delivery": delivery, "environment": {"111122223333": {
            "global": {"get-bucket-policy": {"flows": bucket_policy()}},
            "us-east-1": {"get-key-policy": {"k": {"Policy": policy.to_string()}},
                "describe-key": {"KeyMetadata": {"Arn": key, "KeyManager": "CUSTOMER", "KeyState": state}}}}}});
        answer(&text.to_string()).verdict
    };
    assert_eq!(run("Enabled"), Verdict::Succeeds);
    assert_eq!(run("Disabled"), Verdict::Fails);
    assert_eq!(run("PendingDeletion"), Verdict::Fails);
}

#[test]
fn policies_of_a_role_that_were_named_and_not_read_leave_the_answer_uncertain() {
    let role = "arn:aws:iam::111122223333:role/to-stream";
    let trust = json!({"Statement": {"Effect": "Allow", "Principal": {"Service": "logs.amazonaws.com"}, "Action": "sts:AssumeRole"}});
    let allow = json!({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}});
    let run = |names: Value, more: &[(&str, Value)]| {
        let mut global = json!({"get-role": {"Role": {"Arn": role, "AssumeRolePolicyDocument": trust}},
            "list-role-policies": {"to-stream": {"PolicyNames": names}},
            "get-role-policy": [{"RoleName": "to-stream", "PolicyName": "a", "PolicyDocument": allow}]});
        for (command, output) in more {
            global[*command] = output.clone();
        }
        let text = json!({"delivery": {"kind": "subscription-kinesis", "role": role,
            "source": "arn:aws:logs:us-east-1:111122223333:log-group:app",
            "destination": "arn:aws:kinesis:us-east-1:111122223333:stream/s"},
            "environment": {"111122223333": {"global": global}}});
        answer(&text.to_string())
    };
    let attached = ("list-attached-role-policies", json!({"to-stream": {"AttachedPolicies": []}}));
    let whole = run(json!(["a"]), std::slice::from_ref(&attached));
    assert_eq!(whole.verdict, Verdict::Succeeds, "{}", whole.summary);
    assert_eq!(run(json!(["a", "b"]), &[attached]).verdict, Verdict::Uncertain);
    assert_eq!(run(json!(["a"]), &[]).verdict, Verdict::Uncertain);
}

#[test]
fn what_an_optional_step_misses_is_not_said_to_pass() {
    // Log delivery also looks whether the bucket is there; it does without.
    let policy = json!({"Statement": [
        {"Effect": "Allow", "Action": "s3:GetBucketAcl", "Principal": {"Service": "delivery.logs.amazonaws.com"}, "Resource": "arn:aws:s3:::flows"},
        {"Effect": "Allow", "Action": "s3:PutObject", "Principal": {"Service": "delivery.logs.amazonaws.com"}, "Resource": "arn:aws:s3:::flows/*"}]});
    let mut delivery = flow_logs();
    delivery["key"] = json!("none");
    let text = json!({"delivery": delivery, "environment": {"111122223333": {"global":
        {"get-bucket-policy": {"flows": {"Policy": policy.to_string()}}}}}});
    let answer = answer(&text.to_string());
    assert_eq!(answer.verdict, Verdict::Succeeds);
    assert_eq!(answer.summary, "all 2 checks that must pass do; one more, which may fail, does not");
}

#[test]
fn what_collecting_prints_where_there_is_nothing_is_read() {
    let text = json!({"delivery": flow_logs()}).to_string();
    let commands = Delivery::collect(&text).unwrap();
    assert!(commands.iter().any(|command| command.shell("e").contains(" 2> e/111122223333/global/")));
    let printed: Vec<(String, String)> =
        commands.iter().flat_map(|command| nothing::printed(&command.path)).collect();
    let files: Vec<File<'_>> = printed.iter().map(|(path, text)| File { path, text }).collect();
    let environment = Environment::from_files(&files).unwrap();
    let answer = Delivery::parse_with(&text, Some(environment)).unwrap().simulate();
    assert_eq!(answer.verdict, Verdict::Fails, "{}", answer.summary);
    assert!(answer.unsettled.is_empty(), "{:?}", answer.unsettled);
}

#[test]
fn an_environment_in_the_document_is_added_to_the_folder() {
    let policy = bucket_policy().to_string();
    let path = "111122223333/global/get-bucket-policy/flows.json";
    let environment = Environment::from_files(&[File { path, text: &policy }]).unwrap();
    let text = json!({"delivery": flow_logs(),
        "environment": {"111122223333": {"global": {"get-bucket-encryption": {"flows": bucket_encryption()}}}}});
    let answer = Delivery::parse_with(&text.to_string(), Some(environment)).unwrap().simulate();
    assert_eq!(answer.verdict, Verdict::Succeeds, "{}", answer.summary);
}

#[test]
fn a_folder_says_the_same_as_the_document() {
    let inline = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/route53-wrong-account.json"),
    )
    .unwrap();
    let value: Value = serde_json::from_str(&inline).unwrap();
    let output = value["environment"]["111122223333"]["us-east-1"]["describe-resource-policies"].to_string();
    let path = "111122223333/us-east-1/describe-resource-policies.json";
    let environment = Environment::from_files(&[File { path, text: &output }]).unwrap();
    let alone = json!({"name": value["name"], "delivery": value["delivery"]}).to_string();
    let from_folder = Delivery::parse_with(&alone, Some(environment)).unwrap().simulate();
    let from_document = answer(&inline);
    assert_eq!(
        serde_json::to_string(&from_folder).unwrap(),
        serde_json::to_string(&from_document).unwrap(),
        "the folder and the document differ"
    );
}

#[test]
fn a_bucket_that_two_accounts_are_said_to_own_leaves_the_answer_uncertain() {
    let mut delivery = flow_logs();
    delivery["key"] = json!("none");
    let run = |account: &str| {
        let text = json!({"delivery": delivery, "environment":
            {account: {"global": {"get-bucket-policy": {"flows": bucket_policy()}}}}});
        answer(&text.to_string()).verdict
    };
    assert_eq!(run("111122223333"), Verdict::Succeeds);
    assert_eq!(run("444455556666"), Verdict::Uncertain);
}
