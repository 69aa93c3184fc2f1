//! Resource control policies: what Organizations accepts, and the callers that a Deny for everyone must exempt.
//!
//! Service control policies have taken the full language since September 2025; the older codes are not reported.

use bailiwick_parser::syntax::{BaseOperator, ConditionKey, PrincipalKey, PrincipalValue, Statement};

use crate::Origin::Aws;
use crate::Severity::{Error, Warning};
use crate::check::{checks, statements};
use crate::findings::Findings;
use crate::tables;
use crate::view::{Policy, actions, allows, conditions, is_key, members, principal_span, resources};
use crate::{Finding, Kind, Kinds};

const RCP: Kinds = Kinds::of(&[Kind::ResourceControl]);

checks! {
    RCP_SYNTAX_ERROR_ALLOW {
        severity: Error, kinds: RCP, origin: Aws, rule: "V-70, G-36",
        reason: "a resource control policy has an Allow statement",
        explanation: "Customer managed resource control policies can only deny. `RCPFullAWSAccess`, which \
            AWS attaches, allows everything else.",
        example: statements!(
            ResourceControl,
            r#""Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b""#,
            r#""Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b""#,
        ),
    }
    RCP_SYNTAX_ERROR_PRINCIPAL {
        severity: Error, kinds: RCP, origin: Aws, rule: "V-70, G-36, observation 15",
        reason: "the principal of a resource control policy is not everyone",
        explanation: "`Principal` is `\"*\"` (`{\"AWS\": \"*\"}` is accepted too). Narrow the statement by \
            conditions on `aws:PrincipalArn`, `aws:PrincipalAccount`, `aws:PrincipalOrgID`.",
        example: statements!(
            ResourceControl,
            r#""Effect":"Deny","Principal":{"AWS":"111122223333"},"Action":"s3:*","Resource":"*""#,
            r#""Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*""#,
        ),
    }
    RCP_SYNTAX_ERROR_NOTACTION {
        severity: Error, kinds: RCP, origin: Aws, rule: "V-70, G-36",
        reason: "a resource control policy has `NotAction`",
        explanation: "Name the actions in `Action`; wildcards are supported after the service prefix.",
        example: statements!(
            ResourceControl,
            r#""Effect":"Deny","Principal":"*","NotAction":"s3:Get*","Resource":"*""#,
            r#""Effect":"Deny","Principal":"*","Action":"s3:Put*","Resource":"*""#,
        ),
    }
    RCP_SYNTAX_ERROR_ACTION {
        severity: Error, kinds: RCP, origin: Aws, rule: "V-70, G-36, G-37",
        reason: "a resource control policy does not support the action",
        explanation: "A bare `*` is refused, and so are services that do not support resource control \
            policies. The list of services that support them grows; reported are services known not to \
            support them, and prefixes of no service.",
        example: statements!(
            ResourceControl,
            r#""Effect":"Deny","Principal":"*","Action":"*","Resource":"*""#,
            r#""Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*""#,
        ),
    }
    RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY {
        severity: Warning, kinds: RCP, origin: Aws, rule: "V-91, K-1",
        reason: "a Deny on a principal's key denies AWS services too",
        explanation: "`aws:PrincipalOrgID` and the like are absent when an AWS service calls on its own \
            behalf, and negated operators are true without the key. Add `\"BoolIfExists\": \
            {\"aws:PrincipalIsAWSService\": \"false\"}`.",
        example: statements!(
            ResourceControl,
            r#""Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-abcdefghij"}}"#,
            r#""Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-abcdefghij"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}"#,
        ),
    }
    RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY {
        severity: Warning, kinds: RCP, origin: Aws, rule: "V-92, K-9",
        reason: "a Deny on a source key denies all callers other than services",
        explanation: "`aws:SourceOrgID` and the like are absent unless an AWS service calls, and negated \
            operators are true without the key. Add `\"Bool\": {\"aws:PrincipalIsAWSService\": \"true\"}`.",
        example: statements!(
            ResourceControl,
            r#""Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:SourceOrgID":"o-abcdefghij"},"Null":{"aws:SourceAccount":"false"}}"#,
            r#""Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:SourceOrgID":"o-abcdefghij"},"Null":{"aws:SourceAccount":"false"},"Bool":{"aws:PrincipalIsAWSService":"true"}}"#,
        ),
    }
    RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK {
        severity: Warning, kinds: RCP, origin: Aws, rule: "V-93, K-9",
        reason: "a Deny on a source key does not ask whether the service sends it",
        explanation: "Not every integration of every service sends the source keys. Add \
            `\"Null\": {\"aws:SourceAccount\": \"false\"}` (or `aws:SourceArn`).",
        example: statements!(
            ResourceControl,
            r#""Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:SourceOrgID":"o-abcdefghij"},"Bool":{"aws:PrincipalIsAWSService":"true"}}"#,
            r#""Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:SourceOrgID":"o-abcdefghij"},"Null":{"aws:SourceAccount":"false"},"Bool":{"aws:PrincipalIsAWSService":"true"}}"#,
        ),
    }
}

/// Services known not to support resource control policies.
const OUT_OF_REACH: [&str; 6] = ["ec2", "iam", "kinesis", "lambda", "organizations", "sns"];

/// The keys that describe a principal and that a perimeter compares.
const PRINCIPAL_KEYS: [&str; 4] =
    ["aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalAccount", "aws:PrincipalArn"];

const SOURCE_KEYS: [&str; 4] =
    ["aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceAccount", "aws:SourceArn"];

pub(super) fn run(policy: &Policy<'_>, findings: &mut Findings) {
    if policy.kind != Kind::ResourceControl {
        return;
    }
    for statement in policy.statements() {
        // The document that AWS itself attaches.
        if allows(statement) && is_full_access(statement) {
            continue;
        }
        if let Some(effect) = statement.effect.filter(|_| allows(statement)) {
            let message = "a resource control policy can only deny";
            findings.push(
                Finding::new(&RCP_SYNTAX_ERROR_ALLOW, effect.span, message)
                    .help("use `\"Effect\": \"Deny\"`"),
            );
        }
        principal(statement, findings);
        action(statement, findings);
        related(statement, findings);
    }
}

fn is_full_access(statement: &Statement<'_>) -> bool {
    let all =
        |items: &[bailiwick_source::Text<'_>]| items.len() == 1 && items.iter().all(|item| item.value == "*");
    all(actions(statement))
        && all(resources(statement))
        && is_everyone(statement)
        && statement.condition.is_none()
}

fn is_everyone(statement: &Statement<'_>) -> bool {
    match statement.principal.as_ref() {
        Some(principal) if principal.negated => false,
        Some(principal) => match &principal.value {
            PrincipalValue::Text(text) => text.value == "*",
            PrincipalValue::Map { .. } => {
                let all = |values: &[bailiwick_source::Text<'_>]| {
                    !values.is_empty() && values.iter().all(|value| value.value == "*")
                };
                !members(statement).is_empty()
                    && members(statement)
                        .iter()
                        .all(|member| member.key.value == PrincipalKey::Aws && all(&member.values.items))
            }
        },
        // What is missing has a finding of its own.
        None => true,
    }
}

fn principal(statement: &Statement<'_>, findings: &mut Findings) {
    if !is_everyone(statement) {
        let message = "the principal of a resource control policy is `\"*\"`";
        findings.push(
            Finding::new(&RCP_SYNTAX_ERROR_PRINCIPAL, principal_span(statement), message)
                .help("write `\"Principal\": \"*\"`, and narrow the statement by its conditions"),
        );
    }
}

fn action(statement: &Statement<'_>, findings: &mut Findings) {
    let Some(element) = &statement.action else { return };
    if element.negated {
        let message = "a resource control policy supports `Action`, not `NotAction`";
        findings.push(
            Finding::new(&RCP_SYNTAX_ERROR_NOTACTION, element.name_span, message).help("name the actions"),
        );
        return;
    }
    for action in &element.value.items {
        let prefix = action.value.split(':').next().unwrap_or_default();
        let message = if action.value == "*" {
            "a resource control policy does not support a bare `*`".to_owned()
        } else if OUT_OF_REACH.iter().any(|known| known.eq_ignore_ascii_case(prefix)) {
            format!("`{prefix}` does not support resource control policies")
        } else if !tables::is_prefix(prefix) {
            format!("`{prefix}` is not a service that supports resource control policies")
        } else {
            continue;
        };
        findings.push(
            Finding::new(&RCP_SYNTAX_ERROR_ACTION, action.span, message).help("name the service: `s3:*`"),
        );
    }
}

fn related(statement: &Statement<'_>, findings: &mut Findings) {
    if allows(statement) {
        return;
    }
    let compared = |keys: &[&str]| {
        let asks = |key: &ConditionKey<'_>| keys.iter().any(|wanted| is_key(key, wanted));
        conditions(statement).find(|(condition, key)| condition.operator.value.base.is_negated() && asks(key))
    };
    let has = |base: BaseOperator, names: &[&str], value: &str| {
        conditions(statement).any(|(condition, key)| {
            condition.operator.value.base == base
                && names.iter().any(|name| is_key(key, name))
                && key.values.iter().any(|found| found.text.value.eq_ignore_ascii_case(value))
        })
    };
    let service = ["aws:PrincipalIsAWSService"];
    if let Some((_, key)) = compared(&PRINCIPAL_KEYS)
        && !has(BaseOperator::Bool, &service, "false")
    {
        let message = format!("without `{}`, AWS services are denied too", key.key.value);
        findings.push(
            Finding::new(&RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY, key.key.span, message)
                .help("add `\"BoolIfExists\": {\"aws:PrincipalIsAWSService\": \"false\"}`"),
        );
    }
    let Some((_, key)) = compared(&SOURCE_KEYS) else { return };
    if !has(BaseOperator::Bool, &service, "true") {
        let message = format!("without `{}`, all callers other than services are denied", key.key.value);
        findings.push(
            Finding::new(&RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY, key.key.span, message)
                .help("add `\"Bool\": {\"aws:PrincipalIsAWSService\": \"true\"}`"),
        );
    }
    if !has(BaseOperator::Null, &["aws:SourceAccount", "aws:SourceArn"], "false") {
        let message = format!("services that do not send `{}` are denied", key.key.value);
        findings.push(
            Finding::new(&RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK, key.key.span, message)
                .help("add `\"Null\": {\"aws:SourceAccount\": \"false\"}`"),
        );
    }
}
