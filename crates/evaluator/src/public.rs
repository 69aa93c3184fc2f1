//! Is a bucket policy public, in the sense of S3 Block Public Access (rule E-46), as live `GetBucketPolicyStatus`
//! answers.

use bailiwick_matcher::Pattern;
use bailiwick_normalizer::{Action, Condition, Policy, Principal, Statement, StringComparison, Test};
use bailiwick_parser::syntax::{Effect, Qualifier};

/// Whether some Allow of the policy reaches everyone: its principal is anyone, no condition holds it to fixed values
/// of a key that tells callers apart, and no Deny takes everyone else out again.
pub(crate) fn is_public(policy: &Policy) -> bool {
    let (allows, denies): (Vec<_>, Vec<_>) =
        policy.statements().partition(|statement| statement.effect() == Effect::Allow);
    allows
        .into_iter()
        .filter(|allow| reaches_everyone(*allow) || allow.principal().is_some_and(|element| element.negated))
        .filter(|allow| !allow.conditions().any(|condition| restricts(*allow, condition)))
        .any(|allow| !denies.iter().any(|deny| takes_back(*deny, allow)))
}

fn reaches_everyone(statement: Statement<'_>) -> bool {
    statement
        .principal()
        .is_some_and(|element| !element.negated && element.principals.contains(&Principal::Everyone))
}

/// Whether the condition is false for everyone without the key, and asks for fixed values of it.
fn restricts(statement: Statement<'_>, condition: Condition<'_>) -> bool {
    let demands_presence = |other: Condition<'_>| {
        other.key() == condition.key()
            && other.qualifier().is_none()
            && matches!(other.test(), Test::Null { values } if values == &[false])
    };
    let needs_key = (!condition.operator().if_exists
        && condition.qualifier() != Some(Qualifier::ForAllValues))
        || statement.conditions().any(demands_presence);
    needs_key && !condition.operator().base.is_negated() && has_fixed_values(condition)
}

/// The keys whose fixed values make a statement non-public. `aws:SourceOwner` is documented as one of them and is
/// not treated as one.
const TELLING_KEYS: [&str; 11] = [
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
];

/// Whether the operands, of an operator or its negation, are fixed values of a key that tells callers apart.
fn has_fixed_values(condition: Condition<'_>) -> bool {
    let every = |fixed: &dyn Fn(&str) -> bool| {
        let mut texts = condition.texts();
        texts.len() > 0 && texts.all(|text| !text.contains("${") && fixed(text))
    };
    if !TELLING_KEYS.contains(&condition.key()) {
        return false;
    }
    match condition.test() {
        Test::String { comparison: StringComparison::Like, .. } | Test::Arn { .. } => {
            every(&|text| is_fixed_pattern(condition.key(), text))
        }
        Test::String { .. } => every(&|_| true),
        Test::Ip { values, .. } => {
            !values.is_empty()
                && values.iter().all(|range| range.as_ref().is_some_and(|range| is_narrow(range.network())))
        }
        _ => false,
    }
}

/// Wildcards may stand anywhere but in the account of an ARN; in `aws:userid`, anywhere behind the colon.
fn is_fixed_pattern(key: &str, text: &str) -> bool {
    let is_literal = |text: &str| !text.contains(['*', '?']);
    is_literal(text)
        || if key == "aws:userid" {
            text.split_once(':').is_some_and(|(id, _)| is_literal(id))
        } else {
            text.split(':').nth(4).is_some_and(|account| !account.is_empty() && is_literal(account))
        }
}

/// Ranges of at least /8 (IPv4) and /32 (IPv6) count as fixed.
fn is_narrow(network: ipnet::IpNet) -> bool {
    match network {
        ipnet::IpNet::V4(network) => network.prefix_len() >= 8,
        ipnet::IpNet::V6(network) => network.prefix_len() >= 32,
    }
}

/// Whether a Deny of everyone, or of everyone but some fixed values, covers all of the Allow.
fn takes_back(deny: Statement<'_>, allow: Statement<'_>) -> bool {
    let (Some(denied), Some(allowed)) = (deny.resource(), allow.resource()) else { return false };
    if !reaches_everyone(deny) {
        return false;
    }
    let denied_actions: Vec<_> = deny.action().actions().map(|action| (action, action.patterns())).collect();
    let covers_actions = !deny.action().negated
        && !allow.action().negated
        && allow.action().actions().len() > 0
        && allow
            .action()
            .actions()
            .all(|action| denied_actions.iter().any(|(denied, patterns)| covers(*denied, patterns, action)));
    let covers_resources = !denied.negated
        && !allowed.negated
        && allowed.texts().len() > 0
        && allowed.texts().all(|text| {
            // As `covers`: a `?` would match the other's `*`.
            let mut patterns = denied.resources.iter().zip(denied.texts());
            patterns
                .any(|(pattern, denied)| denied == text || !denied.contains('?') && pattern.is_match(text))
        });
    let spares_only_fixed_values = match (deny.conditions().next(), deny.conditions().len()) {
        (None, _) => true,
        (Some(condition), 1) => {
            condition.operator().base.is_negated()
                && condition.qualifier().is_none()
                && has_fixed_values(condition)
        }
        _ => false,
    };
    covers_actions && covers_resources && spares_only_fixed_values
}

/// Whether a pattern surely matches all that the other does: it matches the other's text, and no `?` of it stands for
/// the other's `*`. A doubt leaves the policy public, which closes it.
fn covers(pattern: Action<'_>, (services, names): &(Pattern, Pattern), other: Action<'_>) -> bool {
    if pattern.text().contains('?') && pattern.text() != other.text() {
        return false;
    }
    let (service, name) = other.text().split_once(':').unwrap_or(("*", other.text()));
    services.is_match(service) && names.is_match(name)
}
