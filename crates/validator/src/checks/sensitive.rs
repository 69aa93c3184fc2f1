//! Conditions that look stricter than they are: wildcards in what names an account, keys that callers set,
//! conditions that are always or never true.

use bailiwick_matcher::{Segment, TemplateOptions, segments};
use bailiwick_parser::syntax::{
    BaseOperator, Condition, ConditionKey, ConditionValue, Family, Qualifier, Statement,
};

use crate::Origin::Aws;
use crate::Severity::{Error, SecurityWarning, Suggestion};
use crate::check::{checks, statements};
use crate::checks::key::condition;
use crate::findings::Findings;
use crate::glob;
use crate::tables;
use crate::view::{Policy, actions, allows, conditions, denies, is_key, known, looks_at, without_variables};
use crate::{Finding, Kind, Kinds};

checks! {
    WILDCARD_USAGE_TOO_PERMISSIVE {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-73, K-6, G-38",
        reason: "a pattern is used where an account, an organization or a network is named",
        explanation: "`aws:PrincipalAccount`, `aws:PrincipalOrgID`, `aws:ResourceAccount`, \
            `aws:ResourceOrgID`, `aws:SourceAccount`, `aws:SourceOrgID`, `aws:SourceVpc`, `aws:SourceVpce`, \
            `aws:VpceAccount` and `aws:VpceOrgID` are IDs whose parts have no meaning: a pattern matches \
            unrelated accounts too. In `aws:userid` the part before the colon names the principal and should \
            have no wildcard. VPC endpoint policies need six consecutive literal characters besides a \
            wildcard.",
        example: condition!("s3:GetObject", r#""StringLike":{"aws:PrincipalOrgID":"o-*"}"#, r#""StringEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}"#),
    }
    VARIABLE_USAGE_TOO_PERMISSIVE {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-73, K-6, M-47",
        reason: "a variable that the caller controls is used where an account, an organization or a network \
            is named",
        explanation: "The caller chooses the value of a tag or a session name, so the condition matches any \
            value. Variables that AWS sets, such as `${aws:PrincipalAccount}`, are not reported except in \
            role trust policies.",
        example: condition!("s3:GetObject", r#""StringEquals":{"aws:ResourceAccount":"${aws:PrincipalTag/account}"}"#, r#""StringEquals":{"aws:ResourceAccount":"${aws:PrincipalAccount}"}"#),
    }
    UNTRUSTWORTHY_CONDITION_KEY {
        severity: SecurityWarning, kinds: Kinds::ALL, origin: Aws, rule: "V-108",
        reason: "a condition relies on a value that the caller sets",
        explanation: "`aws:Referer` and `aws:UserAgent` are headers that any client can set.",
        example: condition!("s3:GetObject", r#""StringEquals":{"aws:UserAgent":"backup"}"#, r#""StringEquals":{"aws:PrincipalTag/role":"backup"}"#),
    }
    MISSING_PAIRED_CONDITION_KEYS {
        severity: SecurityWarning, kinds: Kinds::ALL, origin: Aws, rule: "V-103",
        reason: "`aws:VpcSourceIp` is used without a condition on the VPC",
        explanation: "Private addresses are the same in many VPCs. Add a condition on `aws:SourceVpc` or \
            `aws:SourceVpce`.",
        example: condition!("s3:GetObject", r#""IpAddress":{"aws:VpcSourceIp":"10.0.0.0/8"}"#, r#""IpAddress":{"aws:VpcSourceIp":"10.0.0.0/8"},"StringEquals":{"aws:SourceVpc":"vpc-0123456789abcdef0"}"#),
    }
    DYNAMODB_ATTRIBUTES_WITHOUT_SELECT {
        severity: SecurityWarning, kinds: Kinds::ALL, origin: Aws, rule: "V-110",
        reason: "`dynamodb:Attributes` is used without `dynamodb:Select`",
        explanation: "A request without attribute names returns all attributes, and the key is absent from \
            it. Require `SPECIFIC_ATTRIBUTES` for `dynamodb:Select` too.",
        example: condition!("dynamodb:Query", r#""ForAllValues:StringEquals":{"dynamodb:Attributes":["id"]}"#, r#""ForAllValues:StringEquals":{"dynamodb:Attributes":["id"]},"StringEqualsIfExists":{"dynamodb:Select":"SPECIFIC_ATTRIBUTES"}"#),
    }
    S3_PREFIX_IN_NEGATIVE_CONTEXT {
        severity: SecurityWarning, kinds: Kinds::ALL, origin: Aws, rule: "V-111",
        reason: "`s3:prefix` excludes what must not be listed",
        explanation: "A listing with a shorter prefix, or with none, shows the same keys: denying one \
            prefix, or allowing all others, hides nothing. Allow the prefixes that may be listed.",
        example: statements!(
            Identity,
            r#""Effect":"Deny","Action":"s3:ListBucket","Resource":"*","Condition":{"StringLike":{"s3:prefix":"secret/*"}}"#,
            r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"*","Condition":{"StringLike":{"s3:prefix":"public/*"}}"#,
        ),
    }
    USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES {
        severity: SecurityWarning, kinds: Kinds::ALL, origin: Aws, rule: "V-94",
        reason: "a key that few services support is used for all services",
        explanation: "`aws:VpceAccount`, `aws:VpceOrgID` and `aws:VpceOrgPaths` are absent from requests to \
            services that do not support them. Name the services in `Action`.",
        example: statements!(
            Identity,
            r#""Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:VpceOrgID":"o-abcdefghij"}}"#,
            r#""Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:VpceOrgID":"o-abcdefghij"}}"#,
        ),
    }
    EQUIVALENT_TO_NULL_FALSE {
        severity: Suggestion, kinds: Kinds::ALL, origin: Aws, rule: "V-123",
        reason: "a pattern matches every value, so the condition only requires the key to be present",
        explanation: "`StringLike` with `*` is true whenever the key is present. Use `\"Null\": {key: \
            \"false\"}` instead.",
        example: condition!("s3:GetObject", r#""StringLike":{"aws:PrincipalTag/team":"*"}"#, r#""Null":{"aws:PrincipalTag/team":"false"}"#),
    }
    EQUIVALENT_TO_NULL_TRUE {
        severity: Suggestion, kinds: Kinds::ALL, origin: Aws, rule: "V-123",
        reason: "a negated pattern matches no value, so the condition only requires the key to be absent",
        explanation: "`StringNotLike` with `*` is true only when the key is absent. Use `\"Null\": {key: \
            \"true\"}` instead.",
        example: condition!("s3:GetObject", r#""StringNotLike":{"aws:PrincipalTag/team":"*"}"#, r#""Null":{"aws:PrincipalTag/team":"true"}"#),
    }
    REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION {
        severity: Suggestion, kinds: Kinds::ALL, origin: Aws, rule: "V-132",
        reason: "a pattern makes a condition true for every request",
        explanation: "With `IfExists` or `ForAllValues`, `*` is true for every value and for an absent key. \
            Remove the key.",
        example: condition!("s3:GetObject", r#""StringLikeIfExists":{"aws:PrincipalTag/team":"*"}"#, r#""StringLikeIfExists":{"aws:PrincipalTag/team":"a*"}"#),
    }
    REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION {
        severity: Suggestion, kinds: Kinds::ALL, origin: Aws, rule: "V-132",
        reason: "a negated pattern makes a condition false for every request",
        explanation: "`ForAnyValue:StringNotLike` with `*` is never true, so the statement never applies.",
        example: condition!("ec2:CreateTags", r#""ForAnyValue:StringNotLike":{"aws:TagKeys":"*"}"#, r#""ForAnyValue:StringNotLike":{"aws:TagKeys":"a*"}"#),
    }
}

/// Keys that callers can set.
const UNTRUSTWORTHY: [&str; 2] = ["aws:Referer", "aws:UserAgent"];

pub(super) fn run(policy: &Policy<'_>, findings: &mut Findings) {
    for statement in policy.statements() {
        for (condition, key) in conditions(statement) {
            for value in &key.values {
                wildcard(policy, condition, key, value, findings);
                variable(policy, key, value, findings);
            }
            everything(condition, key, findings);
            presence(statement, condition, key, findings);
        }
    }
}

fn wildcard(
    policy: &Policy<'_>,
    condition: &Condition<'_>,
    key: &ConditionKey<'_>,
    value: &ConditionValue<'_>,
    findings: &mut Findings,
) {
    let base = condition.operator.value.base;
    let text = without_variables(&value.text.value);
    if !matches!(base, BaseOperator::StringLike | BaseOperator::StringNotLike) || !glob::has_wildcard(&text) {
        return;
    }
    let sensitive = known(key).is_some_and(|known| known.sensitive);
    let message = if sensitive {
        format!("`{}` does not support patterns: parts of an ID have no meaning", key.key.value)
    } else if is_key(key, "aws:userid") && text.split(':').next().is_some_and(glob::has_wildcard) {
        format!("the pattern `{text}` may match the unique ID of another principal")
    } else if policy.kind == Kind::VpcEndpoint && longest_literal(&text) < 6 && text != "*" {
        format!("`{text}` has fewer than six consecutive literal characters besides its wildcard")
    } else {
        return;
    };
    let finding = Finding::new(&WILDCARD_USAGE_TOO_PERMISSIVE, value.text.span, message);
    findings.push(match sensitive {
        true => finding.help("write each ID with `StringEquals` or `StringNotEquals`"),
        false => finding.help("write a longer literal part"),
    });
}

fn longest_literal(text: &str) -> usize {
    text.split(['*', '?']).map(|run| run.chars().count()).max().unwrap_or_default()
}

fn variable(
    policy: &Policy<'_>,
    key: &ConditionKey<'_>,
    value: &ConditionValue<'_>,
    findings: &mut Findings,
) {
    if !known(key).is_some_and(|known| known.sensitive) || !policy.has_variables() {
        return;
    }
    let options = TemplateOptions { wildcards: false, variables: true };
    let chosen = segments(&value.text.value, options).find_map(|(_, segment)| match segment {
        Segment::Variable { name, .. } => (policy.kind == Kind::Trust || is_chosen(name)).then_some(name),
        _ => None,
    });
    if let Some(name) = chosen {
        let message = format!(
            "the caller controls `${{{name}}}`, and with it the value required of `{}`",
            key.key.value
        );
        let finding = Finding::new(&VARIABLE_USAGE_TOO_PERMISSIVE, value.text.span, message);
        findings.push(finding.help("write the IDs"));
    }
}

/// Whether the caller chooses the value of a variable: a tag, a session's or a user's name, a header, and what
/// services take from the request.
fn is_chosen(name: &str) -> bool {
    let named = ["aws:SourceIdentity", "aws:userid", "aws:username", "aws:Referer", "aws:UserAgent"];
    let global = name.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:"));
    !global
        || tables::of_key(name).is_some_and(tables::Key::is_open)
        || named.iter().any(|key| key.eq_ignore_ascii_case(name))
}

/// Patterns that match everything.
fn everything(condition: &Condition<'_>, key: &ConditionKey<'_>, findings: &mut Findings) {
    let operator = condition.operator.value;
    let all = |value: &&ConditionValue<'_>| {
        !value.text.value.is_empty() && value.text.value.bytes().all(|byte| byte == b'*')
    };
    let Some(value) = key.values.iter().find(all) else { return };
    let (check, message) = match (operator.base, operator.qualifier, operator.if_exists) {
        (BaseOperator::StringLike, Some(Qualifier::ForAllValues), _)
        | (BaseOperator::StringLike, None, true) => {
            (&REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION, "is always true")
        }
        (BaseOperator::StringLike, ..) => (&EQUIVALENT_TO_NULL_FALSE, "is true whenever the key is present"),
        (BaseOperator::StringNotLike, Some(Qualifier::ForAnyValue), _) => {
            (&REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION, "is never true")
        }
        (BaseOperator::StringNotLike, ..) => {
            (&EQUIVALENT_TO_NULL_TRUE, "is true only when the key is absent")
        }
        _ => return,
    };
    let message = format!("`{operator}` of `{}` with `*` {message}", key.key.value);
    findings
        .push(Finding::new(check, value.text.span, message).related(condition.operator.span, "the operator"));
}

/// Keys that need another key, or another use.
fn presence(
    statement: &Statement<'_>,
    condition: &Condition<'_>,
    key: &ConditionKey<'_>,
    findings: &mut Findings,
) {
    let span = key.key.span;
    let operator = condition.operator.value;
    if UNTRUSTWORTHY.iter().any(|name| is_key(key, name)) {
        let message = format!("the caller sets `{}`", key.key.value);
        findings.push(Finding::new(&UNTRUSTWORTHY_CONDITION_KEY, span, message));
    }
    if is_key(key, "aws:VpcSourceIp")
        && !looks_at(statement, &["aws:SourceVpc", "aws:SourceVpce", "aws:SourceVpcArn"])
    {
        let message = "private addresses are the same in many VPCs";
        findings.push(
            Finding::new(&MISSING_PAIRED_CONDITION_KEYS, span, message)
                .help("add a condition on `aws:SourceVpc` or `aws:SourceVpce`"),
        );
    }
    if is_key(key, "dynamodb:Attributes") && allows(statement) && !looks_at(statement, &["dynamodb:Select"]) {
        let message = "a request without attribute names returns all attributes";
        findings.push(
            Finding::new(&DYNAMODB_ATTRIBUTES_WITHOUT_SELECT, span, message)
                .help("add a condition on `dynamodb:Select`"),
        );
    }
    let hides = (denies(statement) && operator.base == BaseOperator::StringLike)
        || (allows(statement) && operator.base == BaseOperator::StringNotLike);
    if is_key(key, "s3:prefix") && hides {
        let message = "a listing with a shorter prefix shows the same keys";
        findings.push(
            Finding::new(&S3_PREFIX_IN_NEGATIVE_CONTEXT, span, message)
                .help("allow the prefixes that may be listed"),
        );
    }
    let unscoped = statement.action.as_ref().is_some_and(|action| action.negated)
        || actions(statement).iter().any(|action| action.value == "*");
    let partial =
        ["aws:VpceAccount", "aws:VpceOrgID", "aws:VpceOrgPaths"].iter().any(|name| is_key(key, name));
    if partial && unscoped && operator.base.family() != Family::Null {
        let message =
            format!("few services support `{}`, and the statement applies to all services", key.key.value);
        findings.push(
            Finding::new(&USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES, span, message)
                .help("name the services in `Action`"),
        );
    }
}
