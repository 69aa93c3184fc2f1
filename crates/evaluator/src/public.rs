//! Is a bucket policy public, in the sense of S3 Block Public Access (rule E-46).

use bailiwick_normalizer::{Condition, Policy, Principal, Statement, Test};
use bailiwick_parser::syntax::Effect;

/// Whether some Allow of the policy reaches everyone: its principal is anyone, and no condition holds it to fixed
/// values of a key that tells callers apart. A Deny beside it changes nothing.
pub(crate) fn is_public(policy: &Policy) -> bool {
    policy.statements.iter().any(|statement| {
        statement.effect == Effect::Allow
            && reaches_everyone(statement)
            && !statement.conditions.iter().any(is_fixed)
    })
}

fn reaches_everyone(statement: &Statement) -> bool {
    statement
        .principal
        .as_ref()
        .is_some_and(|element| element.negated || element.principals.contains(&Principal::Everyone))
}

/// The keys whose fixed values make a statement non-public.
const TELLING_KEYS: [&str; 16] = [
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceip",
    "aws:sourceorgid",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
];

/// Whether the condition admits only fixed values (no wildcard, no variable) of a key that tells callers apart.
fn is_fixed(condition: &Condition) -> bool {
    let fixed = |text: &str| !text.contains(['*', '?']) && !text.contains("${");
    if condition.operator.if_exists || !TELLING_KEYS.contains(&&*condition.key) {
        return false;
    }
    match &condition.test {
        Test::String { negated: false, .. } if &*condition.key == "aws:userid" => {
            // A role's sessions share what stands before the colon.
            condition.texts.iter().all(|text| fixed(text.split_once(":*").map_or(text, |(role, _)| role)))
        }
        Test::String { negated: false, .. } | Test::Arn { negated: false, .. } => {
            condition.texts.iter().all(|text| fixed(text))
        }
        Test::Ip { negated: false, values } => {
            values.iter().flatten().all(|range| is_narrow(range.network()))
        }
        _ => false,
    }
}

/// Ranges of at least /8 (IPv4) and /32 (IPv6) count as fixed.
fn is_narrow(network: ipnet::IpNet) -> bool {
    match network {
        ipnet::IpNet::V4(network) => network.prefix_len() >= 8,
        ipnet::IpNet::V6(network) => network.prefix_len() >= 32,
    }
}
