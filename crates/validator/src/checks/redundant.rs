//! What could be left out without changing anything: entries, values and statements that others cover.
//!
//! Covering is decided by text: a pattern covers what only it can match. Lists of more than [`MOST`] entries are
//! compared for equal entries only, so that hostile documents cost no more than their length.

use std::collections::HashMap;

use bailiwick_normalizer::value::number::Number;
use bailiwick_parser::syntax::{BaseOperator, Condition, ConditionKey, Element, List, PrincipalValue, Statement};
use bailiwick_parser::{Span, Text, json};

use crate::Origin::{Aws, Own};
use crate::Severity::{Suggestion, Warning};
use crate::check::{checks, statements};
use crate::checks::arn;
use crate::checks::key::condition;
use crate::glob;
use crate::view::{Findings, Policy, allows, conditions, denies, names_everyone};
use crate::{Check, Example, Finding, Kind, Kinds};

checks! {
    REDUNDANT_ACTION {
        severity: Suggestion, kinds: Kinds::ALL, origin: Aws, rule: "V-127",
        reason: "an action is covered by another one of the list",
        explanation: "The entry adds nothing to what the other one matches.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":["s3:Get*","s3:GetObject"],"Resource":"*""#,
            r#""Effect":"Allow","Action":["s3:Get*"],"Resource":"*""#,
        ),
    }
    REDUNDANT_RESOURCE {
        severity: Suggestion, kinds: Kinds::ALL, origin: Aws, rule: "V-127",
        reason: "a resource is covered by another one of the list",
        explanation: "The entry adds nothing to what the other one matches.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::b/*","arn:aws:s3:::b/x"]"#,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::b/*"]"#,
        ),
    }
    REDUNDANT_PRINCIPAL {
        severity: Suggestion, kinds: Kinds::PRINCIPAL, origin: Own, rule: "V-127",
        reason: "a principal stands twice in one list",
        explanation: "The second entry adds nothing.",
        example: statements!(
            Resource,
            r#""Effect":"Allow","Principal":{"AWS":["111122223333","111122223333"]},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
            r#""Effect":"Allow","Principal":{"AWS":["111122223333"]},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
        ),
    }
    REDUNDANT_CONDITION_VALUE {
        severity: Suggestion, kinds: Kinds::ALL, origin: Own, rule: "V-127",
        reason: "a condition value is covered by another one of the list",
        explanation: "The value stands twice, or a pattern of the list matches it.",
        example: condition!("s3:ListBucket", r#""StringLike":{"s3:prefix":["home/*","home/a"]}"#, r#""StringLike":{"s3:prefix":["home/*"]}"#),
    }
    REDUNDANT_CONDITION_VALUE_NUM {
        severity: Suggestion, kinds: Kinds::ALL, origin: Aws, rule: "V-127",
        reason: "several bounds where one decides",
        explanation: "Values are alternatives: of several upper bounds the greatest decides, of several lower ones the \
            least. Keep that one; most often the other one was meant.",
        example: condition!("s3:GetObject", r#""NumericLessThan":{"aws:MultiFactorAuthAge":["2700","3600"]}"#, r#""NumericLessThan":{"aws:MultiFactorAuthAge":"3600"}"#),
    }
    REDUNDANT_STATEMENT {
        severity: Suggestion, kinds: Kinds::ALL, origin: Aws, rule: "V-127",
        reason: "a statement is covered by another one",
        explanation: "The other statement has the same effect for everything this one is about.",
        example: Example {
            kind: Kind::Identity,
            found: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"},{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#,
            clean: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"},{"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*"}]}"#,
        },
    }
    ALLOW_OVERRIDDEN_BY_DENY {
        severity: Warning, kinds: Kinds::ALL, origin: Own, rule: "E-1",
        reason: "an Allow is denied by another statement of the same document, whatever the request",
        explanation: "A Deny wins over every Allow, so the statement never grants anything.",
        example: Example {
            kind: Kind::Identity,
            found: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"},{"Effect":"Deny","Action":"s3:Get*","Resource":"*"}]}"#,
            clean: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"},{"Effect":"Deny","Action":"s3:Get*","Resource":"*"}]}"#,
        },
    }
}

/// Up to so many entries are compared each with each.
const MOST: usize = 300;

pub(super) fn run(policy: &Policy<'_>, findings: &mut Findings) {
    for statement in policy.statements() {
        if let Some(Element { value, .. }) = &statement.action {
            list(policy, &REDUNDANT_ACTION, value, glob::covers_ignoring_case, findings);
        }
        if let Some(Element { value, .. }) = statement.resource.as_ref().filter(|_| policy.kind != Kind::Trust) {
            list(policy, &REDUNDANT_RESOURCE, value, covers_resource, findings);
        }
        for member in crate::view::members(statement) {
            list(policy, &REDUNDANT_PRINCIPAL, &member.values, |a, b| a == b, findings);
        }
        for (condition, key) in conditions(statement) {
            values(policy, condition, key, findings);
        }
    }
    statements(policy, findings);
}

/// Whether everything that one resource matches is matched by the other too. Fields are compared one by one, since a
/// star in front need not cross a colon.
fn covers_resource(general: &str, specific: &str) -> bool {
    if general == "*" || general == specific {
        return true;
    }
    // A variable may become any text, which a `?` does not cover.
    if general.contains("${") || (specific.contains("${") && general.contains('?')) {
        return false;
    }
    let (general, specific) = (arn::fields(general), arn::fields(specific));
    general.len() == 6
        && specific.len() == 6
        && general.iter().zip(&specific).all(|((_, general), (_, specific))| glob::covers(general, specific))
}

/// Reports the entries of a list that others cover.
fn list(policy: &Policy<'_>, check: &Check, list: &List<'_>, covers: impl Fn(&str, &str) -> bool, findings: &mut Findings) {
    let items: Vec<&Text<'_>> = list.items.iter().collect();
    for (at, by) in covered(&items, covers) {
        let (Some(item), Some(other)) = (items.get(at), items.get(by)) else { continue };
        findings.push(leave_out(policy, check, item, other, list.span));
    }
}

/// The entries that others cover, each with the first that does. Of equal ones the first stays.
fn covered(items: &[&Text<'_>], covers: impl Fn(&str, &str) -> bool) -> Vec<(usize, usize)> {
    let mut first: HashMap<&str, usize> = HashMap::with_capacity(items.len());
    let mut found = Vec::new();
    for (at, item) in items.iter().enumerate() {
        match first.get(item.value.as_ref()) {
            Some(by) => found.push((at, *by)),
            None => drop(first.insert(item.value.as_ref(), at)),
        }
    }
    if items.len() <= MOST {
        let patterns: Vec<usize> = (0..items.len())
            .filter(|at| items.get(*at).is_some_and(|item| glob::has_wildcard(&item.value)))
            .collect();
        for (at, item) in items.iter().enumerate() {
            let by = patterns.iter().find(|by| {
                items.get(**by).is_some_and(|other| **by != at && other.value != item.value && covers(&other.value, &item.value)
                    // Of two that cover each other the first stays.
                    && (**by < at || !covers(&item.value, &other.value)))
            });
            if let Some(by) = by
                && !found.iter().any(|(reported, _)| *reported == at)
            {
                found.push((at, *by));
            }
        }
    }
    found
}

fn leave_out(policy: &Policy<'_>, check: &Check, item: &Text<'_>, other: &Text<'_>, list: Span) -> Finding {
    let message = if item.value == other.value {
        format!("`{}` stands twice", item.value)
    } else {
        format!("`{}` is covered by `{}`", item.value, other.value)
    };
    let finding = Finding::new(check, item.span, message).related(other.span, "what covers it").help("leave it out");
    match removal(policy, list, item.span) {
        Some(span) => finding.fix(span, ""),
        None => finding,
    }
}

/// The text to delete so that an item leaves its list: with the comma in front, or that behind the first item.
fn removal(policy: &Policy<'_>, list: Span, item: Span) -> Option<Span> {
    let pointed = policy.json?;
    let mut value = pointed.root();
    'inner: loop {
        if value.span() == list && value.kind() == json::Kind::Array {
            break;
        }
        let members = value.members().map(|(_, member)| member);
        for inside in members.chain(value.items()) {
            if inside.span().contains(list) {
                value = inside;
                continue 'inner;
            }
        }
        return None;
    }
    let spans: Vec<Span> = value.items().map(json::Value::span).collect();
    let at = spans.iter().position(|span| *span == item)?;
    match at.checked_sub(1).and_then(|before| spans.get(before)) {
        Some(before) => Some(Span::new(before.end, item.end)),
        None => spans.get(at + 1).map(|next| Span::new(item.start, next.start)),
    }
}

fn values(policy: &Policy<'_>, condition: &Condition<'_>, key: &ConditionKey<'_>, findings: &mut Findings) {
    let base = condition.operator.value.base;
    let greatest = match base {
        BaseOperator::NumericLessThan | BaseOperator::NumericLessThanEquals => Some(true),
        BaseOperator::NumericGreaterThan | BaseOperator::NumericGreaterThanEquals => Some(false),
        _ => None,
    };
    if let Some(greatest) = greatest {
        return bounds(key, greatest, findings);
    }
    let items: Vec<&Text<'_>> = key.values.iter().map(|value| &value.text).collect();
    let like = matches!(base, BaseOperator::StringLike | BaseOperator::StringNotLike);
    // A star alone has findings of its own.
    let covers = |general: &str, specific: &str| {
        let vague = general.contains("${") || (specific.contains("${") && general.contains('?'));
        like && !vague && !general.bytes().all(|byte| byte == b'*') && glob::covers(general, specific)
    };
    for (at, by) in covered(&items, covers) {
        if let (Some(item), Some(other)) = (items.get(at), items.get(by)) {
            findings.push(leave_out(policy, &REDUNDANT_CONDITION_VALUE, item, other, key.span));
        }
    }
}

/// Of several bounds, those that do not decide.
fn bounds(key: &ConditionKey<'_>, greatest: bool, findings: &mut Findings) {
    let mut decides: Option<(&Text<'_>, Number)> = None;
    for value in &key.values {
        let Some(number) = Number::parse(&value.text.value) else { continue };
        let wider = match &decides {
            None => true,
            Some((best, _)) => number.cmp_text(&best.value).is_some_and(|order| order.is_gt() == greatest && order.is_ne()),
        };
        if wider {
            decides = Some((&value.text, number));
        }
    }
    let Some((decides, _)) = decides else { return };
    for value in key.values.iter().filter(|value| value.text.span != decides.span) {
        if Number::parse(&value.text.value).is_none() {
            continue;
        }
        let message = format!("`{}` does not decide beside `{}`", value.text.value, decides.value);
        findings.push(
            Finding::new(&REDUNDANT_CONDITION_VALUE_NUM, value.text.span, message)
                .related(decides.span, "the bound that decides")
                .help("keep one bound"),
        );
    }
}

fn statements(policy: &Policy<'_>, findings: &mut Findings) {
    let all = policy.statements();
    if all.len() > MOST {
        return;
    }
    for (at, statement) in all.iter().enumerate() {
        if !is_complete(policy, statement) {
            continue;
        }
        for (by, other) in all.iter().enumerate() {
            if at == by || !is_complete(policy, other) {
                continue;
            }
            let same = statement.effect.map(|effect| effect.value) == other.effect.map(|effect| effect.value);
            if same && is_covered(statement, other) && (by < at || !is_covered(other, statement)) {
                let finding = Finding::new(&REDUNDANT_STATEMENT, statement.span, "another statement says all that this one says");
                findings.push(finding.related(other.span, "the other statement").help("leave it out"));
                break;
            }
            if allows(statement) && denies(other) && is_covered(statement, other) {
                let message = "another statement denies all that this one allows";
                findings.push(
                    Finding::new(&ALLOW_OVERRIDDEN_BY_DENY, statement.span, message).related(other.span, "the Deny"),
                );
                break;
            }
        }
    }
}

/// Whether the statement says all that its kind wants, so that comparing it makes sense.
fn is_complete(policy: &Policy<'_>, statement: &Statement<'_>) -> bool {
    let readable = !policy.errors.iter().any(|error| statement.span.contains(error.span));
    let named = |element: &Option<Element<List<'_>>>| element.as_ref().is_some_and(|element| !element.value.items.is_empty());
    readable && statement.effect.is_some() && named(&statement.action) && (policy.kind == Kind::Trust || named(&statement.resource))
}

/// Whether `other` applies to every request that `statement` applies to.
fn is_covered(statement: &Statement<'_>, other: &Statement<'_>) -> bool {
    let unconditional = other.condition.as_ref().is_none_or(|block| block.value.is_empty());
    (unconditional || same_condition(statement, other))
        && covers_principal(statement, other)
        && covers_list(statement.action.as_ref(), other.action.as_ref(), glob::covers_ignoring_case)
        && covers_list(statement.resource.as_ref(), other.resource.as_ref(), covers_resource)
}

fn covers_list(
    specific: Option<&Element<List<'_>>>,
    general: Option<&Element<List<'_>>>,
    covers: impl Fn(&str, &str) -> bool,
) -> bool {
    let (Some(specific), Some(general)) = (specific, general) else { return specific.is_none() && general.is_none() };
    let (inner, outer) = match (specific.negated, general.negated) {
        (false, false) => (specific, general),
        // Whoever leaves out less covers whoever leaves out more.
        (true, true) => (general, specific),
        _ => return false,
    };
    if inner.value.items.len().saturating_mul(outer.value.items.len()) > MOST * MOST {
        return false;
    }
    let covered = |item: &Text<'_>| outer.value.items.iter().any(|by| covers(&by.value, &item.value));
    inner.value.items.iter().all(covered)
}

fn covers_principal(specific: &Statement<'_>, general: &Statement<'_>) -> bool {
    if general.principal.is_none() && specific.principal.is_none() {
        return true;
    }
    let negated = |statement: &Statement<'_>| statement.principal.as_ref().is_some_and(|principal| principal.negated);
    if negated(specific) || negated(general) {
        return false;
    }
    // Everyone takes in services and identity providers too, but saying so by name may be wanted.
    if names_everyone(general) {
        return true;
    }
    if names_everyone(specific) {
        return false;
    }
    let map = |statement: &Statement<'_>| {
        statement.principal.as_ref().is_some_and(|principal| matches!(principal.value, PrincipalValue::Map { .. }))
    };
    let named = |member: &bailiwick_parser::syntax::PrincipalMember<'_>, value: &Text<'_>| {
        crate::view::principals(general, member.key.value).any(|other| other.value == value.value)
    };
    map(specific)
        && map(general)
        && !crate::view::members(specific).is_empty()
        && crate::view::members(specific).iter().all(|member| member.values.items.iter().all(|value| named(member, value)))
}

/// Whether two conditions are the same but for the order of operators and keys.
fn same_condition(one: &Statement<'_>, other: &Statement<'_>) -> bool {
    fn rows<'a>(statement: &'a Statement<'_>) -> Vec<(String, String, Vec<&'a str>)> {
        let row = |(condition, key): (&Condition<'_>, &ConditionKey<'_>)| {
            (condition.operator.value.to_string(), key.key.value.to_lowercase())
        };
        let mut rows: Vec<_> = conditions(statement)
            .map(|pair| {
                let (operator, key) = row(pair);
                let mut values: Vec<&str> = pair.1.values.iter().map(|value| value.text.value.as_ref()).collect();
                // An ARN operator reads its values in order.
                if !operator.contains("Arn") {
                    values.sort_unstable();
                }
                (operator, key, values)
            })
            .collect();
        rows.sort();
        rows
    }
    rows(one) == rows(other)
}
