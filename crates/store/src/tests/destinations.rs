//! Destinations and their policies.

use super::*;

pub(super) const ARN: &str = "arn:aws:logs:us-east-1:111122223333:destination:d";
pub(super) const INVALID: &str = "InvalidParameterException";
const MALFORMED: &str = "Error occurred while parsing accessPolicy. Please check if the accessPolicy has been \
                         constructed correctly using IAM grammar.";
const CONDITION_KEYS: &str = "Only 'aws:PrincipalOrgID' and 'aws:PrincipalOrgPaths' condition keys are allowed in \
                              Condition block of the policy.";
const MIGRATION: &str = "Cannot update existing policy on Subscription Destination. The existing policy specifies \
                         AWS Principals by Account Id while the provided policy specifies AWS Principals by Org \
                         Id. This can cause subscription delivery failures for Subscriptions using this \
                         destination that are not configured with a Role. Use the Force flag to accept this risk.";

pub(super) fn destination(name: &str) -> Value {
    json!({"destinationName": name, "targetArn": "arn:aws:kinesis:us-east-1:111122223333:stream/s",
        "roleArn": "arn:aws:iam::111122223333:role/r"})
}

pub(super) fn with(mut input: Value, member: &str, value: Value) -> Value {
    input[member] = value;
    input
}

#[expect(clippy::needless_pass_by_value, reason = "rows hand in what they build")]
fn policy(principal: Value, condition: Value) -> Value {
    let mut statement = json!({"Effect": "Allow", "Principal": principal, "Action": "logs:PutSubscriptionFilter",
        "Resource": ARN});
    if !condition.is_null() {
        statement["Condition"] = condition;
    }
    let text = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
    json!({"destinationName": "d", "accessPolicy": text})
}

fn account() -> Value {
    policy(json!({"AWS": "123456789012"}), Value::Null)
}

pub(super) fn organization() -> Value {
    policy(json!("*"), json!({"StringEquals": {"aws:PrincipalOrgID": "o-example1234"}}))
}

fn contains_arn(arn: &str) -> Answer {
    refused(INVALID, format!("Principal section of policy contains ARN instead of account ID: {arn}"))
}

#[test]
fn put_destination_policy_answers_as_recorded() {
    let put = "put-destination-policy";
    let d = || vec![("put-destination", destination("d"))];
    let root = "arn:aws:iam::123456789012:root";
    let role = "arn:aws:iam::123456789012:role/r";
    let org = || json!({"StringEquals": {"aws:PrincipalOrgID": "o-example1234"}});
    let accepted = || ok(Value::Null);
    let table = vec![
        ("an account", account(), accepted()),
        ("a list of one account", policy(json!({"AWS": ["123456789012"]}), Value::Null), accepted()),
        (
            "the unique identifier of a role",
            policy(json!({"AWS": "AROAQAAAAAAAGFBUJ2IVO"}), Value::Null),
            accepted(),
        ),
        (
            "an account beside a service",
            policy(json!({"AWS": "123456789012", "Service": "logs.amazonaws.com"}), Value::Null),
            accepted(),
        ),
        ("the ARN of an account", policy(json!({"AWS": root}), Value::Null), contains_arn(root)),
        ("the ARN of a role", policy(json!({"AWS": role}), Value::Null), contains_arn(role)),
        (
            "an ARN behind an account",
            policy(json!({"AWS": ["123456789012", role]}), Value::Null),
            contains_arn(role),
        ),
        (
            "a service alone",
            policy(json!({"Service": "logs.amazonaws.com"}), Value::Null),
            refused(INVALID, MALFORMED),
        ),
        ("everybody", policy(json!("*"), Value::Null), refused(INVALID, MALFORMED)),
        (
            "everybody as AWS",
            policy(json!({"AWS": "*"}), Value::Null),
            refused(INVALID, "Principal section of policy contains `*` instead of account ID: *"),
        ),
        ("everybody of an organization", organization(), accepted()),
        ("everybody as AWS of an organization", policy(json!({"AWS": "*"}), org()), accepted()),
        (
            "everybody by organization path",
            policy(json!("*"), json!({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a/*"}})),
            accepted(),
        ),
        (
            "everybody outside any organization",
            policy(json!("*"), json!({"Null": {"aws:PrincipalOrgID": "true"}})),
            accepted(),
        ),
        (
            "everybody but an organization",
            policy(json!("*"), json!({"StringNotEquals": {"aws:PrincipalOrgID": "o-a"}})),
            accepted(),
        ),
        ("an account of an organization", policy(json!({"AWS": "123456789012"}), org()), accepted()),
        (
            "the ARN of an account with an organization",
            policy(json!({"AWS": root}), org()),
            contains_arn(root),
        ),
        (
            "a service with an organization",
            policy(json!({"Service": "logs.amazonaws.com"}), org()),
            refused(INVALID, MALFORMED),
        ),
        (
            "another condition key",
            policy(json!("*"), json!({"StringEquals": {"aws:PrincipalAccount": "1"}})),
            refused(INVALID, CONDITION_KEYS),
        ),
        (
            "the condition is looked at before the principal",
            policy(json!({"AWS": root}), json!({"StringEquals": {"aws:PrincipalAccount": "1"}})),
            refused(INVALID, CONDITION_KEYS),
        ),
        (
            "a condition key in other letter case",
            policy(json!("*"), json!({"StringEquals": {"AWS:PrincipalOrgID": "o-a"}})),
            refused(INVALID, CONDITION_KEYS),
        ),
        (
            "any action",
            json!({"destinationName": "d", "accessPolicy": text(&account(), "accessPolicy").replace("logs:PutSubscriptionFilter", "*")}),
            accepted(),
        ),
        (
            "text that is not JSON",
            json!({"destinationName": "d", "accessPolicy": "{"}),
            refused(INVALID, MALFORMED),
        ),
        ("5,120 bytes", padded(5_120), accepted()),
        ("5,121 bytes", padded(5_121), refused(INVALID, "accessPolicy must be at most 5120 bytes.")),
        (
            "a destination that does not exist",
            with(account(), "destinationName", json!("x")),
            refused(INVALID, "Destination with name x does not exist"),
        ),
    ];
    check(table.into_iter().map(|(shows, input, answer)| row(shows, d(), put, input, answer)).collect());
}

fn padded(bytes: usize) -> Value {
    let text = text(&account(), "accessPolicy");
    let padding = " ".repeat(bytes - text.len());
    json!({"destinationName": "d", "accessPolicy": text + &padding})
}

#[test]
fn going_from_accounts_to_an_organization_wants_force() {
    let put = "put-destination-policy";
    let under = |policy| vec![("put-destination", destination("d")), (put, policy)];
    let stored = |policy: Value| json!({"destinations": [{"accessPolicy": policy["accessPolicy"]}]});
    check(vec![
        row("accounts to organization", under(account()), put, organization(), refused(INVALID, MIGRATION)),
        row(
            "force false is no force",
            under(account()),
            put,
            with(organization(), "forceUpdate", json!(false)),
            refused(INVALID, MIGRATION),
        ),
        row(
            "forced",
            under(account()),
            put,
            with(organization(), "forceUpdate", json!(true)),
            ok(Value::Null),
        ),
        row("organization to organization", under(organization()), put, organization(), ok(Value::Null)),
        row("organization to accounts", under(organization()), put, account(), ok(Value::Null)),
        row(
            "the policy is described as it was put",
            under(organization()),
            "describe-destinations",
            json!({}),
            ok(stored(organization())),
        ),
    ]);
}

#[test]
fn destinations_answer_as_documented() {
    let put = "put-destination";
    let two = || vec![(put, destination("d")), (put, destination("e"))];
    check(vec![
        row(
            "a new destination",
            vec![],
            put,
            destination("d"),
            ok(json!({"destination": {
            "destinationName": "d", "arn": ARN, "creationTime": NOW, "accessPolicy": null}})),
        ),
        row(
            "an update keeps the policy",
            vec![(put, destination("d")), ("put-destination-policy", account())],
            put,
            destination("d"),
            ok(json!({"destination": {"accessPolicy": account()["accessPolicy"]}})),
        ),
        row(
            "a name with a colon",
            vec![],
            put,
            destination("a:b"),
            refused(
                INVALID,
                "1 validation error detected: \
            Value 'a:b' at 'destinationName' failed to satisfy constraint: Member must satisfy regular expression \
            pattern: [^:*]*",
            ),
        ),
        row(
            "a name of 513 characters",
            vec![],
            put,
            destination(&"a".repeat(513)),
            refused(
                INVALID,
                "1 validation error detected: Value at 'destinationName' failed to satisfy constraint: Member must \
            have length less than or equal to 512",
            ),
        ),
        row(
            "a bucket as target",
            vec![],
            put,
            with(destination("d"), "targetArn", json!("arn:aws:s3:::b")),
            refused(INVALID, "targetArn must be a Kinesis or Firehose stream."),
        ),
        row(
            "a role that is none",
            vec![],
            put,
            with(destination("d"), "roleArn", json!("r")),
            refused(INVALID, "roleArn must be the ARN of a role."),
        ),
        row(
            "a prefix selects",
            two(),
            "describe-destinations",
            json!({"DestinationNamePrefix": "e"}),
            ok(json!({"destinations": [{"destinationName": "e"}]})),
        ),
        row(
            "a page of one",
            two(),
            "describe-destinations",
            json!({"limit": 1}),
            ok(json!({"destinations": [{"destinationName": "d"}], "nextToken": format!("{NOW}/1")})),
        ),
        row("deleting", two(), "delete-destination", json!({"destinationName": "d"}), ok(Value::Null)),
        row(
            "deleting what is not there",
            vec![],
            "delete-destination",
            json!({"destinationName": "d"}),
            refused("ResourceNotFoundException", "The specified destination does not exist."),
        ),
    ]);
}
