//! Why a check fails, in one sentence a person understands.

use bailiwick_evaluator::PolicyKind;
use bailiwick_evaluator::answer::{ElementKind, Miss, MissedElement, PolicyLabel};
use bailiwick_evaluator::{Answer, Decision};
use bailiwick_parser::syntax::Effect;

use crate::evaluate::Decided;
use crate::step::Requirement;

/// The sentence of a call.
pub(crate) fn of_call(decided: &Decided) -> String {
    let call = &decided.call;
    let who = &call.caller;
    let action = &call.action;
    if decided.decision.is_allowed() {
        return match (&decided.answer.decided_by, &decided.answer.decided_by_grant) {
            (Some(by), _) => format!("{who} may {action}: {} allows it", statement(by)),
            (None, Some(_)) => format!("{who} may {action}: a grant on the key allows it"),
            (None, None) => format!("{who} may {action}"),
        };
    }
    let may_not = format!("{who} may not {action} on {}", call.resource);
    if decided.decision == Decision::ExplicitDeny {
        let deny = decided.answer.matched_statements.iter().find(|matched| matched.effect == Effect::Deny);
        return match deny {
            Some(deny) => format!("{may_not}: {} denies it", statement(&deny.statement)),
            None => format!("{may_not}: it is denied"),
        };
    }
    match reason(decided) {
        Some(reason) => format!("{may_not}: {reason}"),
        None if !decided.found.absent.is_empty() => {
            format!("{may_not}: {}", decided.found.absent.join(", and "))
        }
        None => format!("{may_not}: {}", nothing_allows(&decided.answer, decided.found.documents.is_empty())),
    }
}

fn nothing_allows(answer: &Answer, no_documents: bool) -> String {
    if no_documents {
        return "there is no policy that could allow it".to_owned();
    }
    let blocked = answer.blocked_by.iter().filter(|kind| **kind != PolicyKind::Identity);
    let blocked: Vec<&str> = blocked.map(|kind| kind.as_str()).collect();
    match (
        answer.matched_statements.iter().any(|matched| matched.effect == Effect::Allow),
        blocked.as_slice(),
    ) {
        (true, []) => "the caller's own policies do not allow it".to_owned(),
        (true, ["resource"]) => "the resource's policy does not allow it".to_owned(),
        (true, kinds) => format!("policies of another kind do not allow it ({})", kinds.join(", ")),
        (false, _) => "no statement allows it".to_owned(),
    }
}

/// What the nearest statement misses.
fn reason(decided: &Decided) -> Option<String> {
    let answer = &decided.answer;
    // A statement of a side that allows already is not what is missing.
    let misses = answer.near_misses.iter().filter(|miss| answer.blocked_by.contains(&miss.statement.kind));
    let miss = misses.min_by_key(|miss| distance(miss))?;
    let written = |missed: &MissedElement| match missed.failed {
        ElementKind::Action => actions_as_written(decided, miss).unwrap_or_else(|| missed.expected.clone()),
        _ => missed.expected.clone(),
    };
    let mut reasons = vec![element(decided, &miss.first, &written(&miss.first), &statement(&miss.statement))];
    reasons.extend(miss.also_failed.iter().map(|missed| element(decided, missed, &written(missed), "it")));
    // A statement for another service on other resources is no near miss to a person.
    if is_far(miss) { None } else { Some(reasons.join(", and ")) }
}

/// How far a statement is from applying: a condition is nearer than a resource, a resource than an action.
fn distance(miss: &Miss) -> usize {
    let of = |missed: &MissedElement| match missed.failed {
        ElementKind::Condition => 4,
        ElementKind::Resource => 5,
        ElementKind::Action => 6,
        _ => 7,
    };
    of(&miss.first) + miss.also_failed.iter().map(of).sum::<usize>()
}

/// Whether a statement is about something else altogether.
pub(crate) fn is_far(miss: &Miss) -> bool {
    let others = miss.also_failed.iter().filter(|missed| missed.failed != ElementKind::Condition).count();
    miss.first.failed != ElementKind::Condition && others >= 1
}

/// The actions of a statement in the letters of its document; the evaluator knows them in lower case.
fn actions_as_written(decided: &Decided, miss: &Miss) -> Option<Vec<String>> {
    let document = decided.document(&miss.statement.policy)?;
    let statement = document.statement(miss.statement.statement)?;
    let action = statement.action.as_ref().filter(|action| !action.negated)?;
    Some(action.value.items.iter().map(|item| item.value.to_string()).collect())
}

fn element(decided: &Decided, missed: &MissedElement, expected: &[String], statement: &str) -> String {
    let is_service = decided.call.caller.is_service();
    let sends = if is_service { "the service sends" } else { "the request has" };
    let expected = list(expected);
    match (missed.failed, &missed.key) {
        (ElementKind::Condition, Some(key)) => {
            let operator = missed.operator.map(|operator| operator.to_string()).unwrap_or_default();
            let wants = match operator {
                _ if operator.contains("Not") => format!("wants {key} not to be {expected}"),
                _ if operator.ends_with("Null") => format!("wants {key} to be {}", absence(&missed.expected)),
                _ => format!("wants {key} {expected}"),
            };
            let is = match (decided.is_untold(key), missed.actual.is_empty(), is_service) {
                (true, true, true) => "nobody knows whether the service sends it".to_owned(),
                (true, true, false) => "nobody knows whether the request has it".to_owned(),
                (true, false, _) => "nobody knows which it is".to_owned(),
                (false, true, true) => "the service does not send it".to_owned(),
                (false, true, false) => "the request does not have it".to_owned(),
                (false, false, _) => format!("{sends} {}", list(&missed.actual)),
            };
            format!("{statement} {wants}, {is}")
        }
        (ElementKind::Principal, _) => format!("{statement} is for {expected}"),
        (ElementKind::Action, _) => format!("{statement} allows {expected} only"),
        (ElementKind::Resource, _) => format!("{statement} covers {expected} only"),
        (other, _) => format!("{statement} does not match in its {other}"),
    }
}

fn absence(expected: &[String]) -> &'static str {
    if expected.iter().any(|value| value.eq_ignore_ascii_case("true")) { "absent" } else { "present" }
}

fn list(values: &[String]) -> String {
    match values {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [init @ .., last] => format!("{} or {last}", init.join(", ")),
    }
}

/// A statement by its Sid, else by its place and policy.
fn statement(by: &bailiwick_evaluator::answer::Statement) -> String {
    match (&by.sid, &by.policy) {
        (Some(sid), _) => format!("the statement {sid}"),
        (None, PolicyLabel::Name(name)) => format!("statement {} of {name}", by.statement + 1),
        (None, PolicyLabel::Place(_)) => format!("statement {}", by.statement + 1),
    }
}

/// The sentence of a requirement.
pub(crate) fn of_requirement(requirement: &Requirement, holds: bool) -> String {
    let Requirement { rule, must, .. } = requirement;
    let is_flag = must.to_string() == "true";
    match (&requirement.observed, &requirement.assume) {
        (Some(_), _) if is_flag && holds => format!("{rule}: it is so"),
        (Some(observed), _) if is_flag && observed == "false" => format!("it is not so that {rule}"),
        (None, None) if is_flag => format!("{rule}: nobody looked"),
        (Some(observed), _) if holds => format!("{rule}: {observed} is as required"),
        (Some(observed), _) => format!("{rule}: it is {observed} and must be {must}"),
        (None, Some(assumed)) if assumed == "true" => format!("{rule}: taken to be so, nobody looked"),
        (None, Some(assumed)) => format!("{rule}: taken to be {assumed}, nobody looked"),
        (None, None) => format!("{rule}: it must be {must}, and nobody looked"),
    }
}
