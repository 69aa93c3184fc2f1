//! What a fix must not allow: the same calls for another source, on another resource, by another service.

use super::need;
use crate::answer::Beyond;
use crate::evaluate::{self, Question};
use crate::step::{Call, Caller, ContextValue};
use bailiwick_environment::Environment;
use bailiwick_environment::arn::field;

const OTHER_ACCOUNTS: [&str; 2] = ["999999999999", "888888888888"];

/// Calls that the delivery does not make, each with what differs.
fn others(call: &Call) -> Vec<(String, Call)> {
    let mut others = Vec::new();
    let account = OTHER_ACCOUNTS
        .into_iter()
        .find(|account| !format!("{call:?}").contains(account))
        .unwrap_or("000000000000");
    let with = |key: &str, value: &str| {
        let mut other = call.clone();
        other.unknowns.clear();
        for (name, given) in &mut other.context {
            if name.eq_ignore_ascii_case(key) {
                *given = ContextValue::One(value.to_owned());
            }
        }
        other
    };
    for (key, value) in &call.context {
        let ContextValue::One(value) = value else { continue };
        // Where nobody knows that the account is sent, its ARN tells sources apart.
        if key.eq_ignore_ascii_case("aws:SourceAccount") && !need::may_be_absent(call, key) {
            others.push((format!("aws:SourceAccount {account}"), with(key, account)));
        }
        if key.eq_ignore_ascii_case("aws:SourceArn") {
            for arn in other_arns(call, value, account) {
                others.push((format!("aws:SourceArn {arn}"), with(key, &arn)));
            }
        }
    }
    if call.caller.is_service() {
        let mut other =
            Call { caller: Caller::Service(vec!["other.amazonaws.com".to_owned()]), ..call.clone() };
        // What follows from the principal follows from the other one.
        other.context.retain(|(key, _)| !key.to_ascii_lowercase().starts_with("aws:principal"));
        others.push(("the service other.amazonaws.com".to_owned(), other));
    } else if call.resource != "*" {
        let resource = match (call.resource.split_once(":log-stream:"), call.resource.split_once('/')) {
            (Some((group, stream)), _) => format!("{group}-other:log-stream:{stream}"),
            (None, Some((bucket, key))) if field(bucket, 2) == "s3" => format!("{bucket}-other/{key}"),
            _ => format!("{}-other", call.resource),
        };
        others.push((format!("the resource {resource}"), Call { resource, ..call.clone() }));
    }
    others
}

/// Another resource of the same account, where the source is known to its end, and the same one of another
/// account, where the ARN names one.
fn other_arns(call: &Call, arn: &str, account: &str) -> Vec<String> {
    let mut arns = Vec::new();
    let known = call.unknowns.iter().all(|unknown| !unknown.key.eq_ignore_ascii_case("aws:SourceArn"));
    let bare = arn.strip_suffix(":*").unwrap_or(arn);
    if known {
        arns.push(format!("{bare}-other{}", arn.get(bare.len()..).unwrap_or_default()));
    }
    if !field(arn, 4).is_empty() {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        if let [arn, partition, service, region, _, resource] = parts.as_slice() {
            arns.push(format!("{arn}:{partition}:{service}:{region}:{account}:{resource}"));
        }
    }
    arns
}

/// Tries the calls beyond a delivery before and after a change.
pub(crate) fn of_call(before: &Environment, after: &Environment, call: &Call) -> Vec<Beyond> {
    let decide = |environment: &Environment, call: &Call| {
        let mut found = Vec::new();
        for want in &call.consult {
            found.extend(environment.find(want).documents);
        }
        let (call, _) = evaluate::complete(environment, call, &found);
        Question::new(environment, &call, &found).decide(&call.context).ok()
    };
    others(call)
        .into_iter()
        .filter_map(|(with, other)| {
            let (was, is) = (decide(before, &other)?, decide(after, &other)?);
            Some(Beyond { with, decision: is, allowed_before: was.is_allowed() })
        })
        .collect()
}

/// Whether a change allows nothing that was not allowed before.
pub(crate) fn grants_nothing(beyond: &[Beyond]) -> bool {
    !beyond.iter().any(is_granted)
}

/// Whether a change allows a call that was not allowed before.
pub(crate) fn is_granted(beyond: &Beyond) -> bool {
    !beyond.allowed_before && beyond.decision.is_allowed()
}
