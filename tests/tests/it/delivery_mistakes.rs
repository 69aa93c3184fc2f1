//! Mistakes in deliveries and their environments have their place and the nearest name; none passes for an answer.

use bailiwick_delivery::Delivery;
use serde_json::json;

#[test]
fn ends_of_the_wrong_sort_are_refused() {
    let group = "arn:aws:logs:us-east-1:111122223333:log-group:dns";
    let cases = [
        ("route53-query-logging", "arn:aws:s3:::zone", group, "hostedzone/NAME"),
        ("route53-query-logging", "arn:aws:ec2:us-east-1:111122223333:vpc/vpc-1", group, "hostedzone/NAME"),
        ("route53-query-logging", group, group, "hostedzone/NAME"),
        ("route53-query-logging", "arn:aws:route53:::healthcheck/1", group, "hostedzone/NAME"),
        ("route53-query-logging", "arn:aws:route53:::hostedzone/", group, "hostedzone/NAME"),
        ("route53-query-logging", "arn:aws:route53:::hostedzone/*", group, "hostedzone/NAME"),
        ("route53-query-logging", "arn:aws:route53:::hostedzone/Z1\n", group, "hostedzone/NAME"),
        ("route53-query-logging", "arn:aws:route53:::hostedzone/\u{1b}[31mZ1", group, "hostedzone/NAME"),
        ("route53-query-logging", "arn:aws:route53:::hostedzone/Z1", "arn:aws:s3:::b", "log-group:GROUP"),
        ("sns-sqs", "arn:aws:sns:us-east-1:12:t", "arn:aws:sqs:us-east-1:111122223333:q", "REGION:ACCOUNT"),
        (
            "sns-sqs",
            "arn:aws:sns:us-bad-9:111122223333:t",
            "arn:aws:sqs:us-east-1:111122223333:q",
            "REGION:ACCOUNT",
        ),
        (
            "sns-sqs",
            "arn:aws:sns:nowhere:111122223333:t",
            "arn:aws:sqs:us-east-1:111122223333:q",
            "REGION:ACCOUNT",
        ),
    ];
    for (kind, source, destination, form) in cases {
        let text =
            json!({"delivery": {"kind": kind, "source": source, "destination": destination}}).to_string();
        let errors = Delivery::parse(&text).err().unwrap_or_else(|| panic!("{text} is read"));
        let helps = errors.iter().any(|error| error.help.as_deref().unwrap_or_default().contains(form));
        assert!(helps, "{text}: {errors}");
        assert!(
            errors.iter().all(|error| error.span.start > 0 && !error.message.contains("sourceAccount")),
            "{text}"
        );
    }
}

#[test]
fn members_have_their_forms() {
    for (member, value) in [
        ("sourceAccount", json!(111_122_223_333_u64)),
        ("sourceAccount", json!("12")),
        ("region", json!("us-bad-9")),
        ("region", json!("nowhere")),
        ("caller", json!("arn:aws:s3:::b")),
        ("organization", json!("111122223333")),
        ("streamName", json!("a b\n")),
        ("streamName", json!(true)),
    ] {
        let mut delivery = json!({"kind": "route53-query-logging", "source": "arn:aws:route53:::hostedzone/Z1",
            "destination": "arn:aws:logs:us-east-1:111122223333:log-group:dns"});
        delivery[member] = value.clone();
        let errors = Delivery::parse(&json!({ "delivery": delivery }).to_string()).map(drop).unwrap_err();
        assert!(errors.to_string().contains(member), "{member} {value}: {errors}");
    }
}

#[test]
fn what_stands_twice_is_refused() {
    let whole = r#"{"delivery": {"kind": "sns-sqs", "source": "arn:aws:sns:us-east-1:111122223333:t",
        "destination": "arn:aws:sqs:us-east-1:111122223333:q"}, "environment": ENVIRONMENT}"#;
    for environment in [
        r#"{"111122223333": {}, "111122223333": {}}"#,
        r#"{"111122223333": {"us-east-1": {}, "us-east-1": {}}}"#,
        r#"{"111122223333": {"policies": [], "policies": []}}"#,
        r#"{"111122223333": {"us-east-1": {"describe-log-groups": null, "describe-log-groups": null}}}"#,
        r#"{"111122223333": {"us-east-1": {"describe-log-groups": null, "aws logs describe-log-groups": null}}}"#,
        r#"{"111122223333": {"global": {"get-bucket-policy": {"b": null, "b": null}}}}"#,
        r#"{"111122223333": {"global": {"get-bucket-location": {"b": {"LocationConstraint": null, "LocationConstraint": "EU"}}}}}"#,
    ] {
        let text = whole.replace("ENVIRONMENT", environment);
        let errors = Delivery::parse(&text).map(drop).unwrap_err();
        assert!(
            errors.iter().any(|error| error.code.as_str() == "DUPLICATE_MEMBER"),
            "{environment}: {errors}"
        );
    }
}

#[test]
fn a_misspelt_output_is_refused_with_the_nearest_name() {
    let cases = [
        ("us-east-1", "get-key-policy", json!({"k": {"Polcy": "{}"}}), "Policy"),
        ("us-east-1", "get-policy", json!({"f": {"policy": "{}"}}), "Policy"),
        (
            "us-east-1",
            "describe-key",
            json!({"KeyMetadata": {"Arn": "arn:aws:kms:us-east-1:111122223333:key/k", "KeyStat": "Disabled"}}),
            "KeyState",
        ),
        (
            "us-east-1",
            "get-queue-attributes",
            json!({"q": {"Attributes": {"KmsMasterKeyID_": "k"}}}),
            "KmsMasterKeyId",
        ),
        ("global", "get-bucket-policy", json!({"b": {"Policyy": "{}"}}), "Policy"),
        (
            "global",
            "get-bucket-encryption",
            json!({"b": {"ServerSideEncryptionConfiguration": {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithim": "aws:kms"}}]}}}),
            "SSEAlgorithm",
        ),
        (
            "global",
            "get-bucket-encryption",
            json!({"b": {"Error": {"Code": "AccessDenied"}}}),
            "--output json",
        ),
        (
            "global",
            "get-bucket-encryption",
            json!({"b": {"ServerSideEncryptionConfiguration": {"Rules": []}}}),
            "--output json",
        ),
        ("global", "get-bucket-location", json!({"b": null}), "leave the command out"),
        ("global", "get-object-lock-configuration", json!({"b": {}}), "--output json"),
        (
            "global",
            "get-role",
            json!({"Role": {"Arn": "arn:aws:iam::111122223333:role/r", "PermissionBoundary": {}}}),
            "PermissionsBoundary",
        ),
        ("global", "describe-log-groups", json!({"logGroups": []}), "such as us-east-1"),
        ("us-esat-1", "describe-log-groups", json!({"logGroups": []}), "such as us-east-1"),
        ("gobal", "get-bucket-policy", json!({}), "global"),
    ];
    for (region, command, output, help) in cases {
        let text = json!({"delivery": {"kind": "sns-sqs", "source": "arn:aws:sns:us-east-1:111122223333:t",
            "destination": "arn:aws:sqs:us-east-1:111122223333:q"},
            "environment": {"111122223333": {region: {command: output}}}})
        .to_string();
        let errors = Delivery::parse(&text).err().unwrap_or_else(|| panic!("{text} is read"));
        let helps = errors.iter().any(|error| error.help.as_deref().unwrap_or_default().contains(help));
        assert!(helps, "{text}: {errors:?}");
    }
}

#[test]
fn an_output_of_the_wrong_shape_is_described_in_our_words() {
    let log_groups = |output: &str| {
        let text = format!(
            r#"{{"delivery": {{"kind": "sns-sqs", "source": "arn:aws:sns:us-east-1:111122223333:t",
                "destination": "arn:aws:sqs:us-east-1:111122223333:q"}},
                "environment": {{"111122223333": {{"us-east-1": {{"describe-log-groups": {output}}}}}}}}}"#
        );
        let errors = Delivery::parse(&text).map(drop).unwrap_err().into_vec();
        (
            errors[0].message.clone(),
            text[errors[0].span.start as usize..errors[0].span.end as usize].to_owned(),
        )
    };
    let (message, at) = log_groups(r#"{"logGroups": "none"}"#);
    assert!(message.ends_with("here is a string, expected a list") && at == "\"none\"", "{message} at {at}");
    let (message, at) = log_groups("{\"logGroups\": [\n  {\"logGroupName\": 7}]}");
    assert!(message.ends_with("here is a number, expected a string") && at == "7", "{message} at {at}");
    let (message, at) = log_groups(r#"{"logGroups": [{}]}"#);
    assert!(message.ends_with("an object has no \"logGroupName\"") && at == "{}", "{message} at {at}");
}

#[test]
fn mistakes_have_their_place_and_the_nearest_name() {
    let cases = [
        (r#"{"delivery": {"kind": "route53-query-loging"}}"#, "no kind of delivery", "route53-query-logging"),
        (r#"{"delivery": {"kind": "sns-sqs", "sorce": "x"}}"#, "no member \"sorce\"", "source"),
        (r#"{"delivery": {"kind": "sns-sqs"}}"#, "needs \"source\"", ""),
        (r#"{"request": {}, "policies": {}}"#, "a scenario, not a delivery", "bailiwick simulate"),
        (r#"{"PolicyInputList": []}"#, "a scenario, not a delivery", "bailiwick simulate"),
        (r#"{"delivery": {}}"#, "must have the member \"kind\"", ""),
        (
            r#"{"delivery": {"kind": "sns-sqs", "source": "topic", "destination": "q"}}"#,
            "not an ARN",
            "six parts",
        ),
        (r#"{"delivery": {"steps": []}}"#, "at least one step", ""),
        (r#"{"environment": {}}"#, "must have the member \"delivery\"", ""),
        (
            r#"{"delivery": {"kind": "sns-lambda"}, "environment": {"1": {}}}"#,
            "not an account ID",
            "twelve digits",
        ),
        (
            r#"{"delivery": {"kind": "sns-lambda"}, "environment": {"111122223333": {"us-east-1": {"describe-resource-policy": {}}}}}"#,
            "no command",
            "describe-resource-policies",
        ),
        (
            r#"{"delivery": {"kind": "sns-lambda"}, "environment": {"111122223333": {"us-east-1": {"get-policy": {"f": {"Policy": "{"}}}}}}"#,
            "of the function policy in this output",
            "",
        ),
        (
            r#"{"delivery": {"kind": "sns-lambda"}, "environment": {"111122223333": {"us-east-1": {"describe-deliveries": {"deliveries": 1}}}}}"#,
            "not an output of aws logs describe-deliveries",
            "--output json",
        ),
        (
            r#"{"delivery": {"steps": [{"principal": "x.amazonaws.com", "action": "a:B", "resource": "*", "consult": ["polcy"]}]}, "environment": {"111122223333": {"policies": [{"ref": "policy", "kind": "bucket_policy", "document": {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}}]}}}"#,
            "no policy has the ref",
            "policy",
        ),
        (
            r#"{"delivery": {"steps": [{"principal": "x.amazonaws.com", "action": "a", "resource": "*"}]}}"#,
            "service:Name",
            "",
        ),
    ];
    for (text, message, help) in cases {
        let errors = Delivery::parse(text).err().unwrap_or_else(|| panic!("{text} is read"));
        let fits = errors.iter().any(|error| {
            error.message.contains(message) && error.help.as_deref().unwrap_or_default().contains(help)
        });
        assert!(fits, "{text}: {:?}", errors.iter().map(|e| (&e.message, &e.help)).collect::<Vec<_>>());
        assert!(errors.iter().all(|error| error.span.end as usize <= text.len()), "{text}");
    }
}

#[test]
fn what_a_failed_or_unfinished_call_printed_does_not_pass_for_nothing() {
    for output in [
        json!({}),
        json!({"Error": {"Code": "AccessDenied"}}),
        json!({"resourcePolices": []}),
        json!({"resourcePolicies": [], "nextToken": "abc"}),
    ] {
        let text = json!({
            "delivery": {"kind": "route53-query-logging", "source": "arn:aws:route53:::hostedzone/Z1",
                "destination": "arn:aws:logs:us-east-1:111122223333:log-group:/aws/route53/example.com"},
            "environment": {"111122223333": {"us-east-1": {"describe-resource-policies": output}}},
        });
        assert!(Delivery::parse(&text.to_string()).is_err(), "{text}");
    }
}

#[test]
fn one_mistake_is_said_once() {
    let of = |members: &str| {
        let text = format!(
            r#"{{"delivery": {{"kind": "s3-event-sqs", "source": "arn:aws:s3:::b",
            "destination": "arn:aws:sqs:us-east-1:111122223333:q"{members}}}}}"#
        );
        Delivery::parse(&text).map(drop).unwrap_err().iter().count()
    };
    assert_eq!(of(""), 1, "there is no sourceAccount");
    assert_eq!(of(r#", "sourceAccount": "12""#), 1);
}

#[test]
fn members_cannot_say_otherwise_than_the_arns() {
    for (member, value, message) in [
        ("sourceAccount", "444455556666", "sourceAccount is"),
        ("destinationAccount", "444455556666", "destinationAccount is"),
        ("region", "us-west-2", "region is"),
        ("destination", "arn:aws-cn:lambda:cn-north-1:111122223333:function:f", "partition aws"),
    ] {
        let mut delivery = json!({"kind": "sns-lambda", "source": "arn:aws:sns:us-east-1:111122223333:t",
            "destination": "arn:aws:lambda:us-east-1:111122223333:function:f"});
        delivery[member] = json!(value);
        let errors = Delivery::parse(&json!({ "delivery": delivery }).to_string()).map(drop).unwrap_err();
        assert!(errors.to_string().contains(message), "{member}: {errors}");
    }
}

/// One destination of each sort that can be under a key, with the output that says which.
fn under_key(destination: &str, key: &str) -> (String, serde_json::Value) {
    let rule =
        json!({"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}});
    let encryption = json!({"ServerSideEncryptionConfiguration": {"Rules": [rule]}});
    let attributes = json!({"QueueArn": destination, "KmsMasterKeyId": key});
    match destination.split(':').nth(2).unwrap() {
        "s3" => {
            let bucket = destination.trim_start_matches("arn:aws:s3:::").split('/').next().unwrap();
            ("global".to_owned(), json!({"get-bucket-encryption": {bucket: encryption}}))
        }
        "sqs" => ("us-east-1".to_owned(), json!({"get-queue-attributes": {"q": {"Attributes": attributes}}})),
        "sns" => {
            let attributes = json!({"TopicArn": destination, "KmsMasterKeyId": key});
            ("us-east-1".to_owned(), json!({"get-topic-attributes": {"Attributes": attributes}}))
        }
        other => panic!("{other} is under no key"),
    }
}

#[test]
fn a_key_cannot_be_said_otherwise_than_the_environment_says_it() {
    let ends: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(include_str!("../../cases/deliveries/ends.json")).unwrap();
    let key = "arn:aws:kms:us-east-1:444455556666:key/real";
    let other = "arn:aws:kms:us-east-1:444455556666:key/other";
    let mut tried = 0;
    for kind in bailiwick_delivery::catalogue::kinds() {
        let Some(option) = kind.options.iter().find(|option| option.name == "key") else { continue };
        let Some(mut members) = ends.get(kind.name).cloned() else { panic!("{} has no ends", kind.name) };
        members.as_object_mut().unwrap().insert("kind".to_owned(), json!(kind.name));
        let (region, outputs) = under_key(members["destination"].as_str().unwrap(), key);
        let account = members.get("destinationAccount").cloned().unwrap_or_else(|| json!("444455556666"));
        let parse = |said: Option<&str>, outputs: &serde_json::Value| {
            let mut members = members.clone();
            members.as_object_mut().unwrap().remove("key");
            if let Some(said) = said {
                members["key"] = json!(said);
            }
            let environment = json!({account.as_str().unwrap(): {region.as_str(): outputs}});
            let text = json!({"delivery": members, "environment": environment}).to_string();
            Delivery::parse(&text).map(drop).map_err(|errors| {
                let error = errors.into_vec().remove(0);
                let at = text[error.span.start as usize..error.span.end as usize].to_owned();
                (error.message, at)
            })
        };
        for said in [None, Some(key), Some("arn:aws:kms:us-east-1:444455556666:alias/mine")] {
            assert_eq!(parse(said, &outputs), Ok(()), "{}: {said:?}", kind.name);
        }
        let (message, at) = parse(Some("none"), &outputs).unwrap_err();
        assert!(message.contains("key/real") && at == "\"none\"", "{}: {message} at {at}", kind.name);
        // A trail, an inventory and an export may name a key themselves.
        let may_name = option.meaning.contains("names");
        assert_eq!(parse(Some(other), &outputs).is_ok(), may_name, "{}", kind.name);
        let (_, of_aws) = under_key(members["destination"].as_str().unwrap(), "alias/aws/sqs");
        assert!(parse(Some("none"), &of_aws).is_err(), "{}", kind.name);
        tried += 1;
    }
    assert!(tried > 10, "only {tried} kinds");
}
