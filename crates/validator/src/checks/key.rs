//! Condition keys: whether they exist, and whether the operator asks them the right question.

use bailiwick_parser::syntax::{BaseOperator, Condition, ConditionKey, Family, Qualifier, Statement};
use bailiwick_source::nearest;

use crate::Origin::Aws;
use crate::Severity::{Error, SecurityWarning, Suggestion, Warning};
use crate::check::{checks, statements};
use crate::findings::Findings;
use crate::glob;
use crate::tables;
use crate::view::{Policy, actions, conditions, inside, is_key, known};
use crate::{Finding, Kind, Kinds};

/// An identity policy with one condition.
macro_rules! condition {
    ($action:literal, $found:literal, $clean:literal) => {
        statements!(
            Identity,
            concat!(
                r#""Effect":"Allow","Action":""#,
                $action,
                r#"","Resource":"*","Condition":{"#,
                $found,
                "}"
            ),
            concat!(
                r#""Effect":"Allow","Action":""#,
                $action,
                r#"","Resource":"*","Condition":{"#,
                $clean,
                "}"
            ),
        )
    };
}
pub(super) use condition;

checks! {
    INVALID_CONDITION_KEY_FORMAT {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-12, G-29",
        reason: "a condition key is not `prefix:name`",
        explanation: "A key has a prefix (`aws` for global keys, a service's, or the host name of an \
            identity provider) and a name.",
        example: condition!("s3:GetObject", r#""StringEquals":{"SourceAccount":"111122223333"}"#, r#""StringEquals":{"aws:SourceAccount":"111122223333"}"#),
    }
    INVALID_GLOBAL_CONDITION_KEY {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-16, K-1 to K-5",
        reason: "a global condition key does not exist",
        explanation: "A key that does not exist is absent from every request: positive operators are false, \
            negated ones true.",
        example: condition!("s3:GetObject", r#""StringEquals":{"aws:PrincipalOrg":"o-abcdefghij"}"#, r#""StringEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}"#),
    }
    INVALID_SERVICE_CONDITION_KEY {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-23",
        reason: "a condition key does not exist in its service",
        explanation: "Keys are checked for the services whose keys this program knows (docs/CHECKS.md lists \
            them), and the prefix of any key against the list of services.",
        example: condition!("s3:ListBucket", r#""StringEquals":{"s3:prefixes":"home"}"#, r#""StringEquals":{"s3:prefix":"home"}"#),
    }
    UNSUPPORTED_GLOBAL_CONDITION_KEY {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-42",
        reason: "`aws:ARN` is not supported",
        explanation: "Use `aws:PrincipalArn` for the caller or `aws:SourceArn` for the resource a service \
            calls for.",
        example: condition!("s3:GetObject", r#""ArnLike":{"aws:ARN":"arn:aws:iam::111122223333:role/r"}"#, r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/r"}"#),
    }
    DEPRECATED_GLOBAL_CONDITION_KEY {
        severity: Warning, kinds: Kinds::ALL, origin: Aws, rule: "V-81",
        reason: "a global condition key is deprecated",
        explanation: "`aws:SourceOwner` is older than `aws:SourceAccount` and sent by few services.",
        example: statements!(
            Resource,
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sns:Publish","Resource":"arn:aws:sns:us-east-1:111122223333:t","Condition":{"StringEquals":{"aws:SourceOwner":"111122223333"}}"#,
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sns:Publish","Resource":"arn:aws:sns:us-east-1:111122223333:t","Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}"#,
        ),
    }
    MISSING_TAG_KEY_IN_CONDITION {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-57",
        reason: "a tag condition does not name the tag",
        explanation: "`aws:ResourceTag/`, `aws:RequestTag/`, `aws:PrincipalTag/` and similar keys end with \
            the tag key.",
        example: condition!("ec2:StartInstances", r#""StringEquals":{"aws:ResourceTag/":"x"}"#, r#""StringEquals":{"aws:ResourceTag/team":"x"}"#),
    }
    UNSUPPORTED_ACTION_FOR_CONDITION_KEY {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-60",
        reason: "no action of the statement supports the condition key",
        explanation: "The key is absent from every request that the statement applies to, so positive \
            operators are never true. Reported for keys that few actions support, when no action of the \
            statement is one of them; statements with wildcards in their actions are not checked.",
        example: condition!("s3:GetObject", r#""StringLike":{"s3:prefix":"home/*"}"#, r#""StringLike":{"s3:ExistingObjectTag/team":"home/*"}"#),
    }
    MISSING_QUALIFIER {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-33, C-35, K-11",
        reason: "a multivalued key is compared without `ForAllValues` or `ForAnyValue`",
        explanation: "Without a set operator a multivalued key never matches, positive or negated, even with \
            one value: an Allow grants nothing and a Deny denies nothing.",
        example: condition!("ec2:CreateTags", r#""StringEquals":{"aws:TagKeys":"env"}"#, r#""ForAnyValue:StringEquals":{"aws:TagKeys":"env"}"#),
    }
    FORALLVALUES_WITH_SINGLE_VALUED_KEY {
        severity: SecurityWarning, kinds: Kinds::ALL, origin: Aws, rule: "V-101, C-29",
        reason: "`ForAllValues` is used with a single-valued key",
        explanation: "`ForAllValues` is true when the key is absent, so an Allow applies to requests without \
            it. Remove the set operator.",
        example: condition!("s3:GetObject", r#""ForAllValues:StringEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}"#, r#""StringEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}"#),
    }
    NULL_WITH_QUALIFIER {
        severity: Suggestion, kinds: Kinds::ALL, origin: Aws, rule: "V-125, C-37",
        reason: "`Null` is used with a set operator",
        explanation: "`ForAllValues:Null` is always true and `ForAnyValue:Null` always false. Write `Null`.",
        example: condition!("s3:GetObject", r#""ForAllValues:Null":{"aws:username":"true"}"#, r#""Null":{"aws:username":"true"}"#),
    }
    TYPE_MISMATCH {
        severity: Warning, kinds: Kinds::ALL, origin: Aws, rule: "V-88",
        reason: "the operator does not match the type of the key",
        explanation: "With the wrong operator, a value may match unintended values or nothing. ARNs may be \
            compared as strings, dates as numbers where the key is epoch seconds.",
        example: condition!("s3:GetObject", r#""StringEquals":{"aws:SourceIp":"203.0.113.0/24"}"#, r#""IpAddress":{"aws:SourceIp":"203.0.113.0/24"}"#),
    }
    STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS {
        severity: SecurityWarning, kinds: Kinds::ALL, origin: Aws, rule: "V-109, C-22",
        reason: "an ARN is compared by `StringLike`",
        explanation: "With `StringLike` a `*` matches colons too, so a pattern may match an ARN of another \
            account or type. `ArnLike` compares field by field.",
        example: condition!("s3:GetObject", r#""StringLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/app-*"}"#, r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/app-*"}"#),
    }
    IRRELEVANT_CONDITION_KEY_IN_POLICY {
        severity: Suggestion, kinds: Kinds::of(&[Kind::S3Bucket, Kind::Resource]), origin: Aws, rule: "V-131",
        reason: "a bucket policy has a condition on `s3:ResourceAccount`",
        explanation: "The policy is attached to one bucket, so its account is known and always the same. The \
            key is for identity-based and endpoint policies.",
        example: statements!(
            S3Bucket,
            r#""Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringNotEquals":{"s3:ResourceAccount":"111122223333"}}"#,
            r#""Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringNotEquals":{"aws:PrincipalAccount":"111122223333"}}"#,
        ),
    }
}

pub(super) fn run(policy: &Policy<'_>, findings: &mut Findings) {
    for statement in policy.statements() {
        for condition in statement.condition.iter().flat_map(|block| &block.value) {
            let operator = condition.operator.value;
            if operator.base == BaseOperator::Null && operator.qualifier.is_some() {
                let always = operator.qualifier == Some(Qualifier::ForAllValues);
                let message = format!("`{operator}` is always {always}");
                findings.push(
                    Finding::new(&NULL_WITH_QUALIFIER, condition.operator.span, message).help("write `Null`"),
                );
            }
        }
        for (condition, key) in conditions(statement) {
            if exists(key, findings) {
                asked(statement, condition, key, findings);
            }
            if is_key(key, "s3:ResourceAccount") {
                let message = "the account of the bucket that the policy is attached to is always the same";
                findings.push(Finding::new(&IRRELEVANT_CONDITION_KEY_IN_POLICY, key.key.span, message));
            }
        }
    }
}

/// Whether the key is well formed and not known to be none.
fn exists(key: &ConditionKey<'_>, findings: &mut Findings) -> bool {
    let text = key.key.value.as_ref();
    let span = key.key.span;
    let (prefix, name) = text.split_once(':').unwrap_or((text, ""));
    if prefix.is_empty()
        || name.is_empty()
        || text.starts_with(char::is_whitespace)
        || prefix.contains(char::is_whitespace)
    {
        let finding =
            Finding::new(&INVALID_CONDITION_KEY_FORMAT, span, format!("`{text}` is not `prefix:name`"));
        let global = format!("aws:{text}");
        findings.push(match tables::of_key(&global) {
            Some(known) => finding.help(format!("did you mean `aws:{}`?", known.name)),
            None => finding.help("write the key with its prefix, such as `aws:SourceAccount`"),
        });
        return false;
    }
    if is_key(key, "aws:ARN") {
        let message = "`aws:ARN` is not supported";
        findings.push(
            Finding::new(&UNSUPPORTED_GLOBAL_CONDITION_KEY, span, message)
                .help("use `aws:PrincipalArn` or `aws:SourceArn`"),
        );
        return false;
    }
    if is_key(key, "aws:SourceOwner") {
        let finding = Finding::new(&DEPRECATED_GLOBAL_CONDITION_KEY, span, "`aws:SourceOwner` is deprecated");
        findings.push(finding.help("use `aws:SourceAccount`"));
    }
    // `aws:ResourceTag/` and `aws:ResourceTag`; some services have tag keys of their own.
    let tag = name.split_once('/').filter(|(kind, _)| kind.to_ascii_lowercase().ends_with("tag"));
    let bare = tables::of_key(&format!("{text}/")).is_some_and(|known| known.name.len() == name.len() + 1);
    if tag.is_some_and(|(_, tag)| tag.is_empty()) || bare {
        let message = format!("`{text}` does not name the tag");
        let finding = Finding::new(&MISSING_TAG_KEY_IN_CONDITION, span, message);
        findings.push(finding.help(format!("write `{}/<tag key>`", text.trim_end_matches('/'))));
        return false;
    }
    if known(key).is_some() {
        return true;
    }
    if prefix.eq_ignore_ascii_case("aws") {
        let message = format!("the global condition key `{text}` does not exist");
        let finding = Finding::new(&INVALID_GLOBAL_CONDITION_KEY, span, message);
        findings.push(match tables::nearest_global(text) {
            Some(meant) => finding.help(format!("did you mean `{meant}`?")),
            None => finding,
        });
        return false;
    }
    of_service(key, prefix, name, findings)
}

/// Whether a service's key is not known to be none.
fn of_service(key: &ConditionKey<'_>, prefix: &str, name: &str, findings: &mut Findings) -> bool {
    if let Some(service) = tables::service(prefix) {
        let message = format!("the condition key `{prefix}:{name}` does not exist");
        let finding = Finding::new(&INVALID_SERVICE_CONDITION_KEY, key.key.span, message);
        let names: Vec<&str> = service.keys.iter().map(|key| key.name).collect();
        findings.push(match nearest(name, &names) {
            Some(meant) => finding.help(format!("did you mean `{prefix}:{meant}`?")),
            None => finding,
        });
        return false;
    }
    // Identity providers are host names, with a path at times; SAML's keys have a prefix of their own.
    if tables::is_prefix(prefix)
        || tables::is_arn_service(prefix)
        || prefix.contains('.')
        || prefix.eq_ignore_ascii_case("saml")
    {
        return true;
    }
    let message = format!("`{prefix}` is neither a service prefix nor an identity provider");
    let finding = Finding::new(&INVALID_SERVICE_CONDITION_KEY, inside(&key.key, 0, prefix.len()), message);
    let mut prefixes: Vec<&str> = tables::prefixes().chain(["aws", "saml"]).collect();
    prefixes.sort_unstable();
    findings.push(match nearest(prefix, &prefixes) {
        Some(meant) => finding.help(format!("did you mean `{meant}:{name}`?")),
        None => finding,
    });
    false
}

/// Whether the operator fits what is known of the key.
fn asked(
    statement: &Statement<'_>,
    condition: &Condition<'_>,
    key: &ConditionKey<'_>,
    findings: &mut Findings,
) {
    let Some(known) = known(key) else { return };
    let operator = condition.operator.value;
    let text = key.key.value.as_ref();
    if operator.base != BaseOperator::Null {
        match (operator.qualifier, known.multivalued) {
            (None, true) => {
                let message = format!("`{text}` is multivalued, and `{operator}` never matches it");
                findings.push(
                    Finding::new(&MISSING_QUALIFIER, condition.operator.span, message)
                        .related(key.key.span, "the key")
                        .help(format!("write `ForAnyValue:{operator}` or `ForAllValues:{operator}`")),
                );
            }
            (Some(Qualifier::ForAllValues), false) => {
                let message = format!(
                    "`{text}` is single-valued, and `ForAllValues` is true when it is \
                    absent"
                );
                findings.push(
                    Finding::new(&FORALLVALUES_WITH_SINGLE_VALUED_KEY, condition.operator.span, message)
                        .related(key.key.span, "the key")
                        .help("remove the set operator"),
                );
            }
            _ => {}
        }
        compared(condition, key, known, findings);
    }
    carried(statement, key, known, findings);
}

fn compared(condition: &Condition<'_>, key: &ConditionKey<'_>, known: &tables::Key, findings: &mut Findings) {
    let operator = condition.operator.value;
    let family = operator.base.family();
    let text = key.key.value.as_ref();
    let like = matches!(operator.base, BaseOperator::StringLike | BaseOperator::StringNotLike);
    if known.ty == Family::Arn && like {
        let meant =
            operator.to_string().replace("StringLike", "ArnLike").replace("StringNotLike", "ArnNotLike");
        let message = format!("`{text}` is an ARN, and with `{operator}` a `*` matches its colons too");
        findings.push(
            Finding::new(&STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS, condition.operator.span, message)
                .related(key.key.span, "the key")
                .help(format!("write `{meant}`")),
        );
        return;
    }
    // A tag, or a value of an encryption context, may hold anything.
    let fits = family == known.ty
        || known.is_open()
        // Only string operators replace variables, so an address that is compared with one has no other way.
        || (family == Family::String && known.ty == Family::Ip && all_variables(key))
        || (family == Family::String && known.ty == Family::Arn)
        || (family == Family::Numeric && known.ty == Family::Date && is_key(key, "aws:EpochTime"));
    if !fits {
        let wanted = match known.ty {
            Family::String => "a string operator (`StringEquals`, `StringLike`, …)",
            Family::Numeric => "a numeric operator (`NumericEquals`, `NumericLessThan`, …)",
            Family::Date => "a date operator (`DateLessThan`, `DateGreaterThan`, …)",
            Family::Bool => "`Bool`",
            Family::Binary => "`BinaryEquals`",
            Family::Ip => "`IpAddress` or `NotIpAddress`",
            Family::Arn => "an ARN operator (`ArnEquals`, `ArnLike`, …)",
            Family::Null => "`Null`",
        };
        let message = format!("`{operator}` does not match the type of `{text}`");
        findings.push(
            Finding::new(&TYPE_MISMATCH, condition.operator.span, message)
                .related(key.key.span, "the key")
                .help(format!("use {wanted}")),
        );
    }
}

fn all_variables(key: &ConditionKey<'_>) -> bool {
    key.values.iter().all(|value| value.text.value.contains("${"))
}

/// Whether some action of the statement carries the key.
fn carried(statement: &Statement<'_>, key: &ConditionKey<'_>, known: &tables::Key, findings: &mut Findings) {
    let actions = actions(statement);
    if known.only.is_empty() || actions.is_empty() {
        return;
    }
    let prefix = key.key.value.split(':').next().unwrap_or_default();
    let carries = |action: &bailiwick_source::Text<'_>| {
        glob::has_wildcard(&action.value)
            || known.only.iter().any(|name| action.value.eq_ignore_ascii_case(&format!("{prefix}:{name}")))
    };
    if !actions.iter().any(carries) {
        let message = format!("no action of the statement supports `{}`", key.key.value);
        let carriers =
            known.only.iter().map(|name| format!("`{prefix}:{name}`")).collect::<Vec<_>>().join(", ");
        findings.push(
            Finding::new(&UNSUPPORTED_ACTION_FOR_CONDITION_KEY, key.key.span, message)
                .help(format!("supported by {carriers}")),
        );
    }
}
