//! Statements that can never apply: contradictory conditions, actions without a resource of their type, impossible
//! sources.

use bailiwick_parser::syntax::{BaseOperator, ConditionKey, Operator, Qualifier, Statement};
use bailiwick_source::{Span, Text};

use crate::Origin::Own;
use crate::Severity::{Error, Warning};
use crate::check::{checks, statements};
use crate::checks::arn;
use crate::findings::Findings;
use crate::glob;
use crate::tables::{self, ArnFormat};
use crate::view::{Policy, actions, as_pattern, conditions, is_key, resources};
use crate::{Finding, Kind, Kinds};

checks! {
    CONTRADICTORY_CONDITIONS {
        severity: Warning, kinds: Kinds::ALL, origin: Own, rule: "C-1, C-2, C-5",
        reason: "two operators on one key contradict each other",
        explanation: "All operators and keys of a condition must match. If one operator requires the key to \
            be absent and another compares it, or if two require different values, the statement applies to \
            no request. Put alternative values in one list.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"a"},"StringLike":{"aws:PrincipalTag/team":"b*"}}"#,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"aws:PrincipalTag/team":["a","b*"]}}"#,
        ),
    }
    SOURCE_ARN_AND_SOURCE_ACCOUNT_DISAGREE {
        severity: Warning, kinds: Kinds::ALL, origin: Own, rule: "K-9",
        reason: "`aws:SourceArn` and `aws:SourceAccount` name different accounts",
        explanation: "`aws:SourceAccount` is the account of the resource that the ARN names. When the two \
            differ, the statement never applies; most often one of them was copied from another account.",
        example: statements!(
            LogsResource,
            r#""Effect":"Allow","Principal":{"Service":"es.amazonaws.com"},"Action":"logs:PutLogEvents","Resource":"arn:aws:logs:us-east-1:111122223333:log-group:/es:*","Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"},"ArnLike":{"aws:SourceArn":"arn:aws:es:us-east-1:444455556666:domain/d"}}"#,
            r#""Effect":"Allow","Principal":{"Service":"es.amazonaws.com"},"Action":"logs:PutLogEvents","Resource":"arn:aws:logs:us-east-1:111122223333:log-group:/es:*","Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"},"ArnLike":{"aws:SourceArn":"arn:aws:es:us-east-1:111122223333:domain/d"}}"#,
        ),
    }
    IMPOSSIBLE_SOURCE_ARN {
        severity: Warning, kinds: Kinds::ALL, origin: Own, rule: "K-9",
        reason: "`aws:SourceArn` has a Region or account where such ARNs have none",
        explanation: "The ARN of a hosted zone is `arn:aws:route53:::hostedzone/Z1`, that of a bucket \
            `arn:aws:s3:::b`: no Region, no account. Name the account by `aws:SourceAccount`.",
        example: statements!(
            LogsResource,
            r#""Effect":"Allow","Principal":{"Service":"route53.amazonaws.com"},"Action":"logs:PutLogEvents","Resource":"arn:aws:logs:us-east-1:111122223333:log-group:/aws/route53/*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:route53::111122223333:hostedzone/*"}}"#,
            r#""Effect":"Allow","Principal":{"Service":"route53.amazonaws.com"},"Action":"logs:PutLogEvents","Resource":"arn:aws:logs:us-east-1:111122223333:log-group:/aws/route53/*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:route53:::hostedzone/*"}}"#,
        ),
    }
    ACTION_WITHOUT_MATCHING_RESOURCE {
        severity: Warning,
        kinds: Kinds::IDENTITY.with(&[Kind::Resource, Kind::ServiceControl, Kind::ResourceControl, Kind::VpcEndpoint]),
        origin: Own, rule: "M-10, G-42",
        reason: "an action is authorized on a type of resource that the statement does not name",
        explanation: "A request for an action has a resource of a certain type: `s3:GetObject` an object, \
            `s3:ListBucket` a bucket, `logs:PutLogEvents` a log stream, others only `*`. An action has no \
            effect if the statement names no resource of its types. Known for the services that \
            docs/CHECKS.md lists.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b""#,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
        ),
    }
    S3_ACTION_WITHOUT_MATCHING_RESOURCE {
        severity: Error, kinds: Kinds::of(&[Kind::S3Bucket]), origin: Own, rule: "G-42, observation 22",
        reason: "an action of a bucket policy applies to no resource of its statement",
        explanation: "S3 refuses the document. Actions on objects need `arn:aws:s3:::bucket/*`, actions on \
            the bucket `arn:aws:s3:::bucket`.",
        example: statements!(
            S3Bucket,
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:ListBucket","Resource":"arn:aws:s3:::b/x""#,
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:ListBucket","Resource":"arn:aws:s3:::b""#,
        ),
    }
}

/// The largest number of resources of a statement that are compared with the formats of its actions.
const MOST: usize = 300;

pub(super) fn run(policy: &Policy<'_>, findings: &mut Findings) {
    for statement in policy.statements() {
        contradictions(statement, findings);
        sources(statement, findings);
        unmatched(statement, findings);
    }
}

/// Whether the operator is false without the key and true for a listed value only.
fn is_strict(operator: Operator) -> bool {
    operator.qualifier.is_none()
        && !operator.if_exists
        && !operator.base.is_negated()
        && operator.base != BaseOperator::Null
}

fn contradictions(statement: &Statement<'_>, findings: &mut Findings) {
    let all: Vec<_> = conditions(statement).collect();
    // Each key occurs under each operator once; a longer list is not written by hand.
    if all.len() > 200 {
        return;
    }
    for (at, (condition, key)) in all.iter().enumerate() {
        for (other_condition, other) in all.iter().take(at) {
            // A key that is repeated under one operator has a finding of its own.
            let apart = condition.operator.span != other_condition.operator.span;
            if !apart || !other.key.value.eq_ignore_ascii_case(&key.key.value) {
                continue;
            }
            let (first, second) = (other_condition.operator.value, condition.operator.value);
            let why = if (is_absent(first, other) && needs(second))
                || (is_absent(second, key) && needs(first))
            {
                format!("`Null` requires `{}` to be absent and another operator compares it", key.key.value)
            } else if is_strict(first) && is_strict(second) && disjoint((first, other), (second, key)) {
                format!("`{first}` and `{second}` require different values of `{}`", key.key.value)
            } else {
                continue;
            };
            findings.push(
                Finding::new(
                    &CONTRADICTORY_CONDITIONS,
                    key.key.span,
                    format!("{why}, so the statement never applies"),
                )
                .related(other.key.span, "the key under the other operator"),
            );
        }
    }
}

/// Whether the operator asks the key to be absent.
fn is_absent(operator: Operator, key: &ConditionKey<'_>) -> bool {
    operator.base == BaseOperator::Null
        && operator.qualifier.is_none()
        && !key.values.is_empty()
        && key.values.iter().all(|value| value.text.value.eq_ignore_ascii_case("true"))
}

/// Whether the operator is false without the key.
fn needs(operator: Operator) -> bool {
    let present = operator.qualifier == Some(Qualifier::ForAnyValue)
        || operator.qualifier.is_none() && !operator.base.is_negated();
    present && !operator.if_exists && operator.base != BaseOperator::Null
        || operator.qualifier == Some(Qualifier::ForAnyValue)
}

/// Whether no text is among the values of both; only of literal texts and patterns.
fn disjoint(
    (first, one): (Operator, &ConditionKey<'_>),
    (second, other): (Operator, &ConditionKey<'_>),
) -> bool {
    let comparable = |base| matches!(base, BaseOperator::StringEquals | BaseOperator::StringLike);
    if !comparable(first.base) || !comparable(second.base) || one.values.len() * other.values.len() > 10_000 {
        return false;
    }
    let may_be_same = |a: &str, b: &str| match (first.base, second.base) {
        (BaseOperator::StringEquals, BaseOperator::StringEquals) => a == b,
        (BaseOperator::StringEquals, _) => glob::matches(b, a),
        (_, BaseOperator::StringEquals) => glob::matches(a, b),
        // Two patterns may meet in a text that neither spells out.
        _ => true,
    };
    let values =
        one.values.iter().flat_map(|a| other.values.iter().map(move |b| (&a.text.value, &b.text.value)));
    let mut pairs = values.peekable();
    pairs.peek().is_some() && pairs.all(|(a, b)| !a.contains("${") && !b.contains("${") && !may_be_same(a, b))
}

fn sources(statement: &Statement<'_>, findings: &mut Findings) {
    let named = |name: &'static str| {
        conditions(statement)
            .filter(move |(condition, key)| is_key(key, name) && !condition.operator.value.base.is_negated())
            .filter(|(condition, _)| condition.operator.value.base != BaseOperator::Null)
    };
    let accounts: Vec<&Text<'_>> =
        named("aws:SourceAccount").flat_map(|(_, key)| key.values.iter().map(|value| &value.text)).collect();
    for (_, key) in named("aws:SourceArn") {
        for value in &key.values {
            source(&value.text, &accounts, findings);
        }
    }
}

fn source(value: &Text<'_>, accounts: &[&Text<'_>], findings: &mut Findings) {
    let fields = arn::fields(&value.value);
    let &[_, _, (_, service), (_, region), (_, account), (_, resource)] = fields.as_slice() else { return };
    let global = service == "route53" && resource.starts_with("hostedzone/")
        || service == "s3" && !resource.starts_with("accesspoint/");
    let given = |field: &str| !field.is_empty() && !field.contains(['*', '$']);
    if global && (given(region) || given(account)) {
        let message =
            format!("no ARN has the form `{}`: the resource has neither Region nor account", value.value);
        let finding = Finding::new(&IMPOSSIBLE_SOURCE_ARN, value.span, message);
        findings.push(
            finding.help(format!(
                "write `arn:aws:{service}:::{resource}`, and the account in `aws:SourceAccount`"
            )),
        );
        return;
    }
    let plain = |text: &&&Text<'_>| arn::is_account(&text.value);
    if arn::is_account(account)
        && let Some(first) = accounts.iter().find(plain)
        && accounts.iter().all(|named| arn::is_account(&named.value) && named.value != account)
    {
        let message =
            format!("`aws:SourceArn` names account {account}, `aws:SourceAccount` requires {}", first.value);
        findings.push(
            Finding::new(&SOURCE_ARN_AND_SOURCE_ACCOUNT_DISAGREE, value.span, message)
                .related(first.span, "the required account")
                .help("name the same account in both"),
        );
    }
}

/// Actions that are asked of other types of resources than those the statement names.
fn unmatched(statement: &Statement<'_>, findings: &mut Findings) {
    let resources = resources(statement);
    if resources.is_empty() || resources.len() > MOST {
        return;
    }
    let patterns: Vec<_> = resources.iter().map(|item| as_pattern(&item.value)).collect();
    // `*` matches every resource; an ARN that its service does not have has a finding of its own.
    if !patterns.iter().all(|pattern| is_sound(pattern)) {
        return;
    }
    for action in actions(statement) {
        let Some((prefix, name)) = action.value.split_once(':') else { continue };
        let Some(service) = tables::service(prefix) else { continue };
        let Some(known) = service.action(name).filter(|known| !known.types.contains(&"any")) else {
            continue;
        };
        let formats = service.formats_of(known);
        if formats.iter().any(|format| patterns.iter().any(|pattern| glob::fits(pattern, format.format))) {
            continue;
        }
        report_unmatched(action, &formats, resources, findings);
    }
}

/// No ARN is longer (rule G-45), so longer patterns are not compared with formats.
const LONGEST_ARN: usize = 2_048;

/// Whether a pattern may match resources of the service it names, as far as that is known.
fn is_sound(pattern: &str) -> bool {
    let fields = arn::fields(pattern);
    let Some((_, service)) = fields.get(2).filter(|_| pattern.starts_with("arn:")) else { return false };
    if fields.len() < 6 || pattern.len() > LONGEST_ARN {
        return false;
    }
    if glob::has_wildcard(service) {
        return true;
    }
    match tables::service(service).filter(|known| known.prefix == *service) {
        Some(known) => known.formats.iter().any(|format| glob::fits(pattern, format.format)),
        None => tables::is_arn_service(service),
    }
}

fn report_unmatched(
    action: &Text<'_>,
    formats: &[ArnFormat],
    resources: &[Text<'_>],
    findings: &mut Findings,
) {
    let mut names: Vec<&str> = formats.iter().map(|format| format.name).collect();
    names.dedup();
    let wanted = names.join("` or `");
    let (message, help) = if formats.is_empty() {
        (
            format!("`{}` has no resource types, so only the resource `*` matches it", action.value),
            "move it to a statement with `\"Resource\": \"*\"`".to_owned(),
        )
    } else {
        let shown = formats.first().map(|format| shown(format.format)).unwrap_or_default();
        (
            format!(
                "`{}` applies to resources of type `{wanted}`, and the statement names none",
                action.value
            ),
            format!("name resources of the form `{shown}`"),
        )
    };
    let first = resources.first().map_or(Span::default(), |item| item.span);
    for check in [&ACTION_WITHOUT_MATCHING_RESOURCE, &S3_ACTION_WITHOUT_MATCHING_RESOURCE] {
        let finding = Finding::new(check, action.span, message.clone());
        findings.push(finding.related(first, "what the statement names").help(help.clone()));
    }
}

/// A format as a person writes it.
fn shown(format: &str) -> String {
    let names = [
        ("{p}", "aws"),
        ("{r}", "<region>"),
        ("{a}", "<account>"),
        ("{n}", "<name>"),
        ("{s}", "<name>"),
        ("{x}", "*"),
    ];
    names.iter().fold(format.to_owned(), |text, (placeholder, name)| text.replace(placeholder, name))
}
