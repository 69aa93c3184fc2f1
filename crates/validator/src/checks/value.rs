//! Condition values: whether they read as what their operator compares.
//!
//! Addresses are `address`'s. What reads as a number, date or boolean is decided as evaluation does.

use bailiwick_normalizer::value::{binary, boolean, date::Timestamp, number::Number};
use bailiwick_parser::syntax::{BaseOperator, Condition, ConditionKey, ConditionValue, Family, Qualifier};

use crate::Origin::{Aws, Own};
use crate::Severity::{Error, Suggestion, Warning};
use crate::check::{checks, statements};
use crate::checks::arn;
use crate::checks::key::condition;
use crate::findings::Findings;
use crate::glob;
use crate::tables;
use crate::view::{Policy, conditions, is_key, takes_wildcards, without_variables};
use crate::{Finding, Kinds};

checks! {
    TYPE_MISMATCH_BOOLEAN {
        severity: Warning, kinds: Kinds::ALL, origin: Aws, rule: "V-89",
        reason: "a boolean is neither `true` nor `false`",
        explanation: "With `Bool` every value other than `true` counts as false; with `Null` every value \
            other than `true` requires the key to be present.",
        example: condition!("s3:GetObject", r#""Bool":{"aws:SecureTransport":"yes"}"#, r#""Bool":{"aws:SecureTransport":"true"}"#),
    }
    TYPE_MISMATCH_NUMBER {
        severity: Warning, kinds: Kinds::ALL, origin: Aws, rule: "V-89",
        reason: "a number cannot be read",
        explanation: "A value that is not a number never equals and always differs.",
        example: condition!("s3:ListBucket", r#""NumericLessThan":{"s3:max-keys":"ten"}"#, r#""NumericLessThan":{"s3:max-keys":"10"}"#),
    }
    TYPE_MISMATCH_DATE {
        severity: Warning, kinds: Kinds::ALL, origin: Aws, rule: "V-89",
        reason: "a date cannot be read",
        explanation: "A date is `2030-01-01`, `2030-01-01T00:00:00Z` or with an offset, or epoch seconds. A \
            value that is not a date never equals and always differs.",
        example: condition!("s3:GetObject", r#""DateLessThan":{"aws:CurrentTime":"tomorrow"}"#, r#""DateLessThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"}"#),
    }
    TYPE_MISMATCH_STRING {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-89, C-20",
        reason: "a value of `BinaryEquals` is not base64",
        explanation: "Binary values are written in base64 with padding. AWS lists this as a warning; it is \
            an error here because AWS refuses to save a document with such a value.",
        example: condition!("s3:GetObject", r#""BinaryEquals":{"aws:PrincipalTag/k":"YQ"}"#, r#""StringEquals":{"aws:PrincipalTag/k":"YQ"}"#),
    }
    INVALID_DATE_VALUE {
        severity: Warning, kinds: Kinds::ALL, origin: Aws, rule: "V-82",
        reason: "a date is written as epoch seconds",
        explanation: "It works but is hard to read. Write `2030-01-01T00:00:00Z`.",
        example: condition!("s3:GetObject", r#""DateLessThan":{"aws:CurrentTime":"1893456000"}"#, r#""DateLessThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"}"#),
    }
    INVALID_CONDITION_DATA_TYPE {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-11, G-31",
        reason: "the values of one key have different JSON types",
        explanation: "Write all values of a list as strings, or all as numbers, or all as booleans.",
        example: condition!("s3:ListBucket", r#""NumericEquals":{"s3:max-keys":["1",2]}"#, r#""NumericEquals":{"s3:max-keys":["1","2"]}"#),
    }
    INVALID_CONDITION_MULTIPLE_BOOLEAN {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-13, G-31",
        reason: "`Bool` has several values",
        explanation: "A key that is true or false matches one of the two; a list of both is always true.",
        example: condition!("s3:GetObject", r#""Bool":{"aws:SecureTransport":["true","false"]}"#, r#""Bool":{"aws:SecureTransport":"true"}"#),
    }
    WILDCARD_WITHOUT_LIKE_OPERATOR {
        severity: Warning, kinds: Kinds::ALL, origin: Aws, rule: "V-86, C-8",
        reason: "a `*` or `?` is used with an operator that compares it literally",
        explanation: "`StringEquals` and similar operators compare the characters literally. Use \
            `StringLike` or `StringNotLike` for patterns.",
        example: condition!("s3:ListBucket", r#""StringEquals":{"s3:prefix":"home/*"}"#, r#""StringLike":{"s3:prefix":"home/*"}"#),
    }
    MALFORMED_ARN_IN_CONDITION {
        severity: Warning, kinds: Kinds::ALL, origin: Own, rule: "C-23, observation 11",
        reason: "a value of an ARN operator is not an ARN",
        explanation: "ARN operators need six colon-separated fields; a `*` does not replace missing ones. \
            `arn:aws:logs:*` has four and matches nothing. Worse, evaluation of the statement fails closed: \
            an Allow grants nothing and a Deny applies to everyone, whatever the other values are.",
        example: condition!("s3:GetObject", r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam:*"}"#, r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/app"}"#),
    }
    INVALID_REGION {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-21",
        reason: "the value of `aws:RequestedRegion` is not a Region",
        explanation: "The value is a Region's code such as `eu-central-1`.",
        example: condition!("s3:GetObject", r#""StringEquals":{"aws:RequestedRegion":"us-east"}"#, r#""StringEquals":{"aws:RequestedRegion":"us-east-1"}"#),
    }
    INVALID_VPC_FORMAT {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-58",
        reason: "the value of `aws:SourceVpc` is not a VPC ID",
        explanation: "A VPC ID is `vpc-` and 8 or 17 letters and digits.",
        example: condition!("s3:GetObject", r#""StringEquals":{"aws:SourceVpc":"vpc-1"}"#, r#""StringEquals":{"aws:SourceVpc":"vpc-0123456789abcdef0"}"#),
    }
    INVALID_VPCE_FORMAT {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-58",
        reason: "the value of `aws:SourceVpce` is not a VPC endpoint ID",
        explanation: "A VPC endpoint ID is `vpce-` and 8 or 17 letters and digits.",
        example: condition!("s3:GetObject", r#""StringEquals":{"aws:SourceVpce":"vpc-0123456789abcdef0"}"#, r#""StringEquals":{"aws:SourceVpce":"vpce-0123456789abcdef0"}"#),
    }
    INVALID_KMS_KEY_VALUE {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-72",
        reason: "a value that names a KMS key is not the ARN of one",
        explanation: "The value of the key is the ARN `arn:aws:kms:<region>:<account>:key/<id>`; an ID or an alias \
            never equals it.",
        example: condition!("s3:PutObject", r#""StringEquals":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"alias/logs"}"#, r#""StringEquals":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:us-east-1:111122223333:key/1234"}"#),
    }
    EMPTY_OBJECT_CONDITION {
        severity: Suggestion, kinds: Kinds::ALL, origin: Aws, rule: "V-121, C-7",
        reason: "a condition is empty",
        explanation: "An empty `Condition`, or an operator without keys, restricts nothing. Remove it.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{}"#,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*""#,
        ),
    }
    EMPTY_ARRAY_CONDITION {
        severity: Suggestion, kinds: Kinds::ALL, origin: Aws, rule: "V-120, C-34, D-64",
        reason: "a condition key has an empty list of values",
        explanation: "No value matches an empty list: a positive operator is never true, so the statement \
            never applies; a negated one is always true.",
        example: condition!("s3:GetObject", r#""StringEquals":{"aws:username":[]}"#, r#""StringEquals":{"aws:username":["x"]}"#),
    }
    EMPTY_ARRAY_CONDITION_FORALLVALUES {
        severity: Suggestion, kinds: Kinds::ALL, origin: Aws, rule: "V-120, C-34",
        reason: "a condition key under `ForAllValues` has an empty list of values",
        explanation: "Only a request without the key, or with an empty list, matches.",
        example: condition!("ec2:CreateTags", r#""ForAllValues:StringEquals":{"aws:TagKeys":[]}"#, r#""ForAllValues:StringEquals":{"aws:TagKeys":["x"]}"#),
    }
    EMPTY_ARRAY_CONDITION_FORANYVALUE {
        severity: Suggestion, kinds: Kinds::ALL, origin: Aws, rule: "V-120, C-34",
        reason: "a condition key under `ForAnyValue` has an empty list of values",
        explanation: "No request matches, so the statement never applies.",
        example: condition!("ec2:CreateTags", r#""ForAnyValue:StringEquals":{"aws:TagKeys":[]}"#, r#""ForAnyValue:StringEquals":{"aws:TagKeys":["x"]}"#),
    }
    EMPTY_ARRAY_CONDITION_IFEXISTS {
        severity: Suggestion, kinds: Kinds::ALL, origin: Aws, rule: "V-120, C-34",
        reason: "a condition key under an `IfExists` operator has an empty list of values",
        explanation: "Only a request without the key matches.",
        example: condition!("s3:GetObject", r#""StringEqualsIfExists":{"aws:username":[]}"#, r#""StringEqualsIfExists":{"aws:username":["x"]}"#),
    }
}

pub(super) fn run(policy: &Policy<'_>, findings: &mut Findings) {
    for statement in policy.statements() {
        if let Some(block) = &statement.condition {
            // A block whose operators could not be read is not empty.
            let lost = policy.is_partial(block.span);
            if block.value.is_empty() && !lost {
                findings.push(Finding::new(&EMPTY_OBJECT_CONDITION, block.span, "the condition is empty"));
            }
            for condition in block.value.iter().filter(|condition| condition.keys.is_empty() && !lost) {
                let message = format!("`{}` has no keys and restricts nothing", condition.operator.value);
                findings.push(Finding::new(&EMPTY_OBJECT_CONDITION, condition.operator.span, message));
            }
        }
        for (condition, key) in conditions(statement) {
            list(policy, condition, key, findings);
            for value in &key.values {
                one(condition, key, value, findings);
            }
        }
    }
}

fn list(policy: &Policy<'_>, condition: &Condition<'_>, key: &ConditionKey<'_>, findings: &mut Findings) {
    let operator = condition.operator.value;
    if key.is_list && key.values.is_empty() && !policy.is_partial(key.span) {
        let (check, when) = match (operator.qualifier, operator.if_exists) {
            (Some(Qualifier::ForAllValues), _) => {
                (&EMPTY_ARRAY_CONDITION_FORALLVALUES, "unless it has no value")
            }
            (Some(Qualifier::ForAnyValue), _) => (
                &EMPTY_ARRAY_CONDITION_FORANYVALUE,
                "whatever its values \
                are",
            ),
            (None, true) => (&EMPTY_ARRAY_CONDITION_IFEXISTS, "unless it is absent"),
            (None, false) => (&EMPTY_ARRAY_CONDITION, "whatever it is"),
        };
        let message = if operator.base.is_negated() {
            format!("`{}` is compared with no values, which is always true", key.key.value)
        } else {
            format!("`{}` never matches an empty list of values, {when}", key.key.value)
        };
        findings.push(Finding::new(check, key.span, message));
    }
    if let Some(first) = key.values.first()
        && let Some(other) = key.values.iter().find(|value| value.json != first.json)
    {
        let message = format!("the values of `{}` have different JSON types", key.key.value);
        findings.push(
            Finding::new(&INVALID_CONDITION_DATA_TYPE, key.span, message)
                .related(other.text.span, "another type than the first")
                .help("write all of them as strings"),
        );
    }
    if operator.base == BaseOperator::Bool && key.values.len() > 1 {
        let message = format!("`Bool` has {} values for `{}`", key.values.len(), key.key.value);
        findings.push(
            Finding::new(&INVALID_CONDITION_MULTIPLE_BOOLEAN, key.span, message)
                .help("write `\"true\"` or `\"false\"`"),
        );
    }
}

fn one(
    condition: &Condition<'_>,
    key: &ConditionKey<'_>,
    value: &ConditionValue<'_>,
    findings: &mut Findings,
) {
    let base = condition.operator.value.base;
    let text = value.text.value.as_ref();
    let has_variable = text.contains("${");
    literal(base, key, value, findings);
    if base.family() == Family::String
        && !takes_wildcards(base)
        && glob::has_wildcard(&without_variables(text))
    {
        let like = match base.is_negated() {
            true => "StringNotLike",
            false => "StringLike",
        };
        let message = format!("`{base}` compares the wildcard in `{text}` literally");
        let finding = Finding::new(&WILDCARD_WITHOUT_LIKE_OPERATOR, value.text.span, message);
        findings.push(
            finding
                .related(condition.operator.span, "the operator")
                .help(format!("use `{like}` for a pattern")),
        );
    }
    if base.family() == Family::Arn
        && arn::fields(text).len() < 6
        && !(has_variable && text.starts_with("${"))
    {
        let message = format!(
            "`{text}` has {} of the six fields of an ARN, so it matches none",
            arn::fields(text).len()
        );
        let finding = Finding::new(&MALFORMED_ARN_IN_CONDITION, value.text.span, message);
        findings.push(finding.help("write all six fields, such as `arn:aws:logs:*:111122223333:*`"));
    }
    if has_variable || base == BaseOperator::Null {
        return;
    }
    format(base, key, value, findings);
}

/// Values whose reading the operator decides.
fn literal(base: BaseOperator, key: &ConditionKey<'_>, value: &ConditionValue<'_>, findings: &mut Findings) {
    let text = value.text.value.as_ref();
    if text.contains("${") {
        return;
    }
    let span = value.text.span;
    match base.family() {
        Family::Bool | Family::Null if boolean::parse(text).is_none() => {
            let message = format!("`{text}` is neither `true` nor `false`");
            findings
                .push(Finding::new(&TYPE_MISMATCH_BOOLEAN, span, message).help("write `true` or `false`"));
        }
        Family::Numeric if Number::parse(text).is_none() => {
            findings.push(Finding::new(&TYPE_MISMATCH_NUMBER, span, format!("`{text}` is not a number")));
        }
        Family::Date if Timestamp::parse(text).is_none() => {
            let finding = Finding::new(&TYPE_MISMATCH_DATE, span, format!("`{text}` is not a date"));
            findings.push(finding.help("write it as `2030-01-01T00:00:00Z`"));
        }
        Family::Date if text.bytes().all(|byte| byte.is_ascii_digit()) && !is_key(key, "aws:EpochTime") => {
            let message = format!("`{text}` is a date in epoch seconds");
            findings.push(
                Finding::new(&INVALID_DATE_VALUE, span, message).help("write it as `2030-01-01T00:00:00Z`"),
            );
        }
        Family::Binary if binary::decode(text).is_none() => {
            findings.push(Finding::new(&TYPE_MISMATCH_STRING, span, format!("`{text}` is not base64")));
        }
        _ => {}
    }
}

/// Keys whose values hold a KMS key's ARN.
const KMS_KEYS: [&str; 4] = [
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "sagemaker:VolumeKmsKey",
    "sagemaker:OutputKmsKey",
    "sagemaker:DomainSharingOutputKmsKey",
];

/// Values of keys with a format of their own.
fn format(base: BaseOperator, key: &ConditionKey<'_>, value: &ConditionValue<'_>, findings: &mut Findings) {
    let text = value.text.value.as_ref();
    let span = value.text.span;
    let pattern = glob::has_wildcard(text);
    if is_key(key, "aws:RequestedRegion")
        && base.family() == Family::String
        && !tables::is_region_matched(text)
    {
        let names: Vec<&str> = tables::regions().collect();
        let finding = Finding::new(&INVALID_REGION, span, format!("`{text}` is not a Region"));
        findings.push(match bailiwick_source::nearest(text, &names) {
            Some(meant) => finding.help(format!("did you mean `{meant}`?")),
            None => finding,
        });
    }
    for (name, prefix, check) in
        [("aws:SourceVpc", "vpc-", &INVALID_VPC_FORMAT), ("aws:SourceVpce", "vpce-", &INVALID_VPCE_FORMAT)]
    {
        let id = |id: &str| matches!(id.len(), 8 | 17) && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if is_key(key, name) && !pattern && !text.strip_prefix(prefix).is_some_and(id) {
            let message = format!("`{text}` is not `{prefix}` and 8 or 17 letters and digits");
            findings.push(Finding::new(check, span, message));
        }
    }
    if KMS_KEYS.iter().any(|known| is_key(key, known)) && !glob::fits(text, "arn:{p}:kms:{r}:{a}:key/{x}") {
        let finding =
            Finding::new(&INVALID_KMS_KEY_VALUE, span, format!("`{text}` is not the ARN of a KMS key"));
        findings.push(finding.help("write `arn:aws:kms:<region>:<account>:key/<id>`"));
    }
}
