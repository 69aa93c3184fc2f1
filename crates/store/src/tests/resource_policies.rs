//! CloudWatch Logs resource policies.

use super::*;

const GROUP: &str = "arn:aws:logs:us-east-1:111122223333:log-group:app";
const MALFORMED: &str = "Error occurred while parsing accessPolicy. Please check if the accessPolicy has been \
                         constructed correctly using IAM grammar.";
const CONFLICT: &str =
    "A conflicting operation is currently in progress against this resource. Please try again.";

fn account_policy(name: &str) -> (&'static str, Value) {
    ("put-resource-policy", json!({"policyName": name, "policyDocument": GRANT}))
}

fn group_policy(revision: Option<&str>) -> (&'static str, Value) {
    let mut input = json!({"resourceArn": GROUP, "policyDocument": GRANT});
    if let Some(revision) = revision {
        input["expectedRevisionId"] = json!(revision);
    }
    ("put-resource-policy", input)
}

fn ten_policies() -> Vec<(&'static str, Value)> {
    (0..10).map(|n| account_policy(&format!("p{n}"))).collect()
}

fn of_length(characters: usize) -> String {
    format!("{GRANT}{}", " ".repeat(characters - GRANT.len()))
}

#[test]
fn put_resource_policy_answers_as_documented() {
    let put = "put-resource-policy";
    let invalid = "InvalidParameterException";
    check(vec![
        row(
            "an account policy has no revision",
            vec![],
            put,
            account_policy("p").1,
            ok(json!({
                "resourcePolicy": {"policyName": "p", "policyDocument": GRANT, "lastUpdatedTime": NOW,
                    "policyScope": "ACCOUNT", "revisionId": null, "resourceArn": null},
                "revisionId": null,
            })),
        ),
        row(
            "the first policy of a log group is revision 1",
            vec![],
            put,
            group_policy(None).1,
            ok(json!({
                "resourcePolicy": {"policyScope": "RESOURCE", "resourceArn": GROUP, "revisionId": "1"},
                "revisionId": "1",
            })),
        ),
        row(
            "the current revision gives the next",
            vec![group_policy(None)],
            put,
            group_policy(Some("1")).1,
            ok(json!({"revisionId": "2"})),
        ),
        row(
            "an omitted revision aborts an update",
            vec![group_policy(None)],
            put,
            group_policy(None).1,
            refused("OperationAbortedException", CONFLICT),
        ),
        row(
            "a stale revision aborts an update",
            vec![group_policy(None), group_policy(Some("1"))],
            put,
            group_policy(Some("1")).1,
            refused("OperationAbortedException", CONFLICT),
        ),
        row(
            "a revision of a policy that does not exist aborts",
            vec![],
            put,
            group_policy(Some("1")).1,
            refused("OperationAbortedException", CONFLICT),
        ),
        row(
            "a revision that is no number is invalid",
            vec![group_policy(None)],
            put,
            group_policy(Some("abc")).1,
            refused(invalid, "Invalid ExpectedRevisionId"),
        ),
        row(
            "an account policy ignores revisions",
            vec![account_policy("p")],
            put,
            json!({"policyName": "p", "policyDocument": GRANT, "expectedRevisionId": "abc"}),
            ok(json!({"resourcePolicy": {"policyName": "p"}})),
        ),
        row(
            "the eleventh account policy is refused",
            ten_policies(),
            put,
            account_policy("p10").1,
            refused("LimitExceededException", "Resource limit exceeded."),
        ),
        row(
            "the tenth policy may be replaced",
            ten_policies(),
            put,
            account_policy("p9").1,
            ok(json!({"resourcePolicy": {"policyName": "p9"}})),
        ),
        row(
            "policies of log groups do not count",
            ten_policies(),
            put,
            group_policy(None).1,
            ok(json!({"revisionId": "1"})),
        ),
        row(
            "name and ARN together are refused before the document is read",
            vec![],
            put,
            json!({"policyName": "p", "resourceArn": GROUP, "policyDocument": "not-json"}),
            refused(invalid, "Both policy name and resource arn cannot be specified at the same time."),
        ),
        row(
            "neither name nor ARN is refused",
            vec![],
            put,
            json!({"policyDocument": GRANT}),
            refused(invalid, "Either policy name or resource arn must be specified."),
        ),
        row(
            "text that is not JSON is refused",
            vec![],
            put,
            json!({"policyName": "p", "policyDocument": "not-json"}),
            refused(invalid, MALFORMED),
        ),
        row(
            "an empty object is refused",
            vec![],
            put,
            json!({"policyName": "p", "policyDocument": "{}"}),
            refused(invalid, MALFORMED),
        ),
        row(
            "51,200 characters are accepted",
            vec![],
            put,
            json!({"resourceArn": GROUP, "policyDocument": of_length(51_200)}),
            ok(json!({"revisionId": "1"})),
        ),
        row(
            "51,201 characters are refused",
            vec![],
            put,
            json!({"resourceArn": GROUP, "policyDocument": of_length(51_201)}),
            refused(
                invalid,
                "1 validation error detected: Value at 'policyDocument' failed to satisfy constraint: \
                Member must have length less than or equal to 51200",
            ),
        ),
        row(
            "an empty document is refused",
            vec![],
            put,
            json!({"policyName": "p", "policyDocument": ""}),
            refused(
                invalid,
                "1 validation error detected: Value at 'policyDocument' failed to satisfy constraint: \
                Member must have length greater than or equal to 1",
            ),
        ),
        row(
            "the ARN of a log stream is refused",
            vec![],
            put,
            json!({"resourceArn": format!("{GROUP}:log-stream:s"), "policyDocument": GRANT}),
            refused("ValidationException", "Invalid resourceArn"),
        ),
        row(
            "the ARN of all streams is refused",
            vec![],
            put,
            json!({"resourceArn": format!("{GROUP}:*"), "policyDocument": GRANT}),
            refused("ValidationException", "Invalid resourceArn"),
        ),
        row(
            "the ARN of a bucket is refused",
            vec![],
            put,
            json!({"resourceArn": "arn:aws:s3:::bucket", "policyDocument": GRANT}),
            refused("ValidationException", "Invalid resourceArn"),
        ),
        row(
            "a log group that does not exist is not found",
            vec![],
            put,
            json!({"resourceArn": "arn:aws:logs:us-east-1:111122223333:log-group:none", "policyDocument": GRANT}),
            refused("ResourceNotFoundException", "The specified log group does not exist."),
        ),
        row(
            "a log group of another account is not found",
            vec![],
            put,
            json!({"resourceArn": "arn:aws:logs:us-east-1:444455556666:log-group:app", "policyDocument": GRANT}),
            refused("ResourceNotFoundException", "The specified log group does not exist."),
        ),
        row(
            "an action that has no effect is accepted",
            vec![],
            put,
            json!({"policyName": "p", "policyDocument": GRANT.replace("PutLogEvents", "DeleteLogGroup")}),
            ok(json!({"resourcePolicy": {"policyName": "p"}})),
        ),
    ]);
}

#[test]
fn delete_resource_policy_answers_as_documented() {
    let delete = "delete-resource-policy";
    let of_group = |revision| json!({"resourceArn": GROUP, "expectedRevisionId": revision});
    check(vec![
        row(
            "an account policy goes by name",
            vec![account_policy("p")],
            delete,
            json!({"policyName": "p"}),
            ok(Value::Null),
        ),
        row(
            "a group policy goes by its current revision",
            vec![group_policy(None)],
            delete,
            of_group("1"),
            ok(Value::Null),
        ),
        row(
            "a stale revision aborts",
            vec![group_policy(None), group_policy(Some("1"))],
            delete,
            of_group("1"),
            refused("OperationAbortedException", CONFLICT),
        ),
        row(
            "an omitted revision aborts",
            vec![group_policy(None)],
            delete,
            json!({"resourceArn": GROUP}),
            refused("OperationAbortedException", CONFLICT),
        ),
        row(
            "a revision that is no number is invalid",
            vec![group_policy(None)],
            delete,
            of_group("x"),
            refused("InvalidParameterException", "Invalid ExpectedRevisionId"),
        ),
        row(
            "an unknown name is not found",
            vec![],
            delete,
            json!({"policyName": "p"}),
            refused("ResourceNotFoundException", "Policy with name [p] does not exist."),
        ),
        row(
            "a group without a policy is not found",
            vec![],
            delete,
            of_group("1"),
            refused("ResourceNotFoundException", format!("Policy with name [{GROUP}] does not exist.")),
        ),
        row(
            "name and ARN together are refused",
            vec![],
            delete,
            json!({"policyName": "p", "resourceArn": GROUP}),
            refused(
                "InvalidParameterException",
                "Both policy name and resource arn cannot be specified at the same time.",
            ),
        ),
    ]);
}

#[test]
fn describe_resource_policies_answers_as_documented() {
    let describe = "describe-resource-policies";
    let both = || vec![account_policy("b"), account_policy("a"), group_policy(None)];
    check(vec![
        row(
            "the default scope is the account, by name",
            both(),
            describe,
            json!({}),
            ok(json!({"resourcePolicies": [{"policyName": "a"}, {"policyName": "b"}], "nextToken": null})),
        ),
        row(
            "a log group's policy is found by its ARN",
            both(),
            describe,
            json!({"policyScope": "RESOURCE", "resourceArn": GROUP}),
            ok(json!({"resourcePolicies": [{"resourceArn": GROUP, "revisionId": "1"}]})),
        ),
        row(
            "a log group without a policy has none",
            vec![],
            describe,
            json!({"policyScope": "RESOURCE", "resourceArn": GROUP}),
            ok(json!({"resourcePolicies": []})),
        ),
        row(
            "deleting the log group deletes its policy",
            vec![group_policy(None), ("delete-log-group", json!({"logGroupName": "app"}))],
            describe,
            json!({"policyScope": "RESOURCE"}),
            ok(json!({"resourcePolicies": []})),
        ),
        row(
            "an ARN under the account scope is refused",
            both(),
            describe,
            json!({"resourceArn": GROUP}),
            refused("InvalidParameterException", "Cannot provide ResourceArn for PolicyScope ACCOUNT"),
        ),
        row(
            "a page ends with a token",
            both(),
            describe,
            json!({"limit": 1}),
            ok(json!({"resourcePolicies": [{"policyName": "a"}], "nextToken": format!("{NOW}/1")})),
        ),
        row(
            "the token continues, and the last page has none",
            both(),
            describe,
            json!({"limit": 1, "nextToken": format!("{NOW}/1")}),
            ok(json!({"resourcePolicies": [{"policyName": "b"}], "nextToken": null})),
        ),
        row(
            "a token lives for 24 hours",
            both(),
            describe,
            json!({"nextToken": format!("{}/1", NOW - 24 * 60 * 60 * 1000 - 1)}),
            refused("InvalidParameterException", "The specified nextToken is invalid."),
        ),
        row(
            "a text that is no token is refused",
            both(),
            describe,
            json!({"nextToken": "x"}),
            refused("InvalidParameterException", "The specified nextToken is invalid."),
        ),
        row(
            "a limit of 0 is refused",
            both(),
            describe,
            json!({"limit": 0}),
            refused(
                "InvalidParameterException",
                "1 validation error detected: Value at 'limit' failed to satisfy \
                constraint: Member must have value greater than or equal to 1",
            ),
        ),
        row(
            "a limit of 51 is refused",
            both(),
            describe,
            json!({"limit": 51}),
            refused(
                "InvalidParameterException",
                "1 validation error detected: Value at 'limit' failed to satisfy \
                constraint: Member must have value less than or equal to 50",
            ),
        ),
    ]);
}

#[test]
fn a_log_group_is_under_the_policies_of_the_account_and_its_own() {
    let mut logs = LogsStore::new("aws", "111122223333", "us-east-1");
    for input in [account_policy("p").1, group_policy(None).1] {
        logs.put_resource_policy(&read(input), NOW).expect("accepted");
    }
    assert_eq!(logs.policies_of_log_group("app").count(), 2);
    assert_eq!(logs.policies_of_log_group("other").count(), 1);
}
