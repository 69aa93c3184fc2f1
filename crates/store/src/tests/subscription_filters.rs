//! Subscription filters.

use super::{
    destinations::{ARN, INVALID, destination, organization, with},
    *,
};

pub(super) fn filter(name: &str) -> Value {
    json!({"logGroupName": "app", "filterName": name, "filterPattern": "",
        "destinationArn": "arn:aws:kinesis:us-east-1:111122223333:stream/s",
        "roleArn": "arn:aws:iam::111122223333:role/r"})
}

fn without(mut input: Value, member: &str) -> Value {
    input.as_object_mut().expect("an object").remove(member);
    input
}

#[test]
fn subscription_filters_answer_as_documented() {
    let put = "put-subscription-filter";
    let five = || (0..5).map(|n| (put, filter(&format!("f{n}")))).collect::<Vec<_>>();
    let to = |arn: &str| with(filter("f"), "destinationArn", json!(arn));
    let lambda = "arn:aws:lambda:us-east-1:111122223333:function:f";
    let firehose = "arn:aws:firehose:us-east-1:111122223333:deliverystream/s";
    let open_to_organization =
        || vec![("put-destination", destination("d")), ("put-destination-policy", organization())];
    let undeliverable =
        "Could not deliver test message to specified destination. Check if the destination is valid.";
    check(vec![
        row("a stream with a role", vec![], put, filter("f"), ok(Value::Null)),
        row(
            "a stream without a role",
            vec![],
            put,
            without(filter("f"), "roleArn"),
            refused(INVALID, "destinationArn for vendor kinesis cannot be used without roleArn"),
        ),
        row(
            "Firehose without a role",
            vec![],
            put,
            without(to(firehose), "roleArn"),
            refused(INVALID, "destinationArn for vendor firehose cannot be used without roleArn"),
        ),
        row("a function without a role", vec![], put, without(to(lambda), "roleArn"), ok(Value::Null)),
        row(
            "a function with a role",
            vec![],
            put,
            to(lambda),
            refused(INVALID, "destinationArn for vendor lambda cannot be used with roleArn"),
        ),
        row("a bucket", vec![], put, to("arn:aws:s3:::b"), refused(INVALID, undeliverable)),
        row(
            "a destination of this account that does not exist",
            vec![],
            put,
            to(ARN),
            refused(INVALID, undeliverable),
        ),
        row(
            "a destination of another account is not looked up",
            vec![],
            put,
            without(to("arn:aws:logs:us-east-1:444455556666:destination:d"), "roleArn"),
            ok(Value::Null),
        ),
        row(
            "an organization's destination with a role",
            open_to_organization(),
            put,
            to(ARN),
            ok(Value::Null),
        ),
        row(
            "an organization's destination without a role",
            open_to_organization(),
            put,
            without(to(ARN), "roleArn"),
            refused(INVALID, "a destination that is open to an organization cannot be used without roleArn"),
        ),
        row(
            "the sixth filter",
            five(),
            put,
            filter("f5"),
            refused("LimitExceededException", "Resource limit exceeded."),
        ),
        row("replacing the fifth", five(), put, filter("f4"), ok(Value::Null)),
        row(
            "the sixth filter on another log group",
            five(),
            put,
            with(filter("f"), "logGroupName", json!("other")),
            ok(Value::Null),
        ),
        row(
            "a log group that does not exist",
            vec![],
            put,
            with(filter("f"), "logGroupName", json!("none")),
            refused("ResourceNotFoundException", "The specified log group does not exist."),
        ),
        row(
            "a pattern of 1,025 characters",
            vec![],
            put,
            with(filter("f"), "filterPattern", json!("a".repeat(1025))),
            refused(
                INVALID,
                "1 validation error detected: Value at 'filterPattern' failed to satisfy constraint: \
                Member must have length less than or equal to 1024",
            ),
        ),
        row(
            "random distribution to Kinesis",
            vec![],
            put,
            with(filter("f"), "distribution", json!("Random")),
            ok(Value::Null),
        ),
        row(
            "random distribution to Firehose",
            vec![],
            put,
            with(to(firehose), "distribution", json!("Random")),
            refused(INVALID, "distribution Random is supported for Kinesis destinations only"),
        ),
        row(
            "another distribution",
            vec![],
            put,
            with(filter("f"), "distribution", json!("Even")),
            refused(INVALID, "distribution must be ByLogStream or Random"),
        ),
        row(
            "described by name",
            five(),
            "describe-subscription-filters",
            json!({"logGroupName": "app", "filterNamePrefix": "f3"}),
            ok(
                json!({"subscriptionFilters": [{"filterName": "f3", "distribution": "ByLogStream", "creationTime": NOW}]}),
            ),
        ),
        row(
            "deleting",
            five(),
            "delete-subscription-filter",
            json!({"logGroupName": "app", "filterName": "f1"}),
            ok(Value::Null),
        ),
        row(
            "deleting what is not there",
            vec![],
            "delete-subscription-filter",
            json!({"logGroupName": "app", "filterName": "f"}),
            refused("ResourceNotFoundException", "The specified subscription filter does not exist."),
        ),
        row(
            "deleting from a log group that is not there",
            vec![],
            "delete-subscription-filter",
            json!({"logGroupName": "none", "filterName": "f"}),
            refused("ResourceNotFoundException", "The specified log group does not exist."),
        ),
    ]);
}

#[test]
fn only_the_standard_log_class_has_filters() {
    let mut logs = LogsStore::new("aws", "111122223333", "us-east-1");
    logs.add_log_group(LogGroup {
        log_group_name: "app".into(),
        log_group_class: Some("INFREQUENT_ACCESS".into()),
        ..LogGroup::default()
    });
    let error = logs.put_subscription_filter(&read(filter("f")), NOW).unwrap_err();
    assert_eq!(error.name, "InvalidOperationException");
    assert_eq!(logs.subscription_filters_of("app").count(), 0);
}
