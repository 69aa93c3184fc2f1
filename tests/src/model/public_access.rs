//! S3 Block Public Access (E-46): whether a bucket policy is public, as GetBucketPolicyStatus answered.

use serde_json::Value;

use super::condition::parts;
use super::document::{scalar, scalars, statements, texts};
use super::pattern::{action_matches, resource_matches};
use super::principal::listed;
use super::value::{boolean, range};

/// Public: some Allow reaches everybody, nothing in it ties the request to fixed values, and no Deny takes
/// everybody else out again (observed: an identical Deny, or one of all but a fixed account).
pub fn is_public(policy: &Value) -> bool {
    let all = statements(policy);
    let effect = |name: &'static str| all.iter().filter(move |statement| statement["Effect"] == name);
    let mut open = effect("Allow").filter(|allow| {
        (reaches_everybody(allow) || allow.get("NotPrincipal").is_some())
            && !conditions(allow)
                .iter()
                .any(|(operator, key, values)| restricts(allow, operator, key, values))
    });
    open.any(|allow| !effect("Deny").any(|deny| takes_back(deny, allow)))
}

/// The operators that can tie a request to fixed values.
const POSITIVE: [&str; 6] =
    ["StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike", "IpAddress"];

fn reaches_everybody(statement: &Value) -> bool {
    let everybody = ("AWS".to_owned(), "*".to_owned());
    statement.get("Principal").is_some_and(|principal| listed(principal).contains(&everybody))
}

fn conditions(statement: &Value) -> Vec<(String, String, Vec<String>)> {
    let operators = statement.get("Condition").and_then(Value::as_object).into_iter().flatten();
    let keys = operators.flat_map(|(operator, keys)| {
        keys.as_object().into_iter().flatten().map(move |(key, values)| {
            (
                operator.clone(),
                key.to_ascii_lowercase(),
                scalars(values).into_iter().filter_map(scalar).collect(),
            )
        })
    });
    keys.collect()
}

/// A condition that is false for an absent key and asks for fixed values of a key that says where from.
fn restricts(statement: &Value, operator: &str, key: &str, values: &[String]) -> bool {
    let Some((set, base, if_exists)) = parts(operator) else { return false };
    let is_present = |(operator, asked, values): &(String, String, Vec<String>)| {
        operator == "Null" && asked == key && !values.is_empty() && !values.iter().any(|value| boolean(value))
    };
    let needs_key = (set != "ForAllValues" && !if_exists) || conditions(statement).iter().any(is_present);
    needs_key && POSITIVE.contains(&base) && is_fixed(base, key, values)
}

/// Observed: `aws:SourceOwner` does not count, though the documentation lists it.
fn is_fixed(base: &str, key: &str, values: &[String]) -> bool {
    let keys = [
        "aws:sourcearn",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:sourceaccount",
        "aws:sourceip",
        "aws:principalarn",
        "aws:principalaccount",
        "aws:principalorgid",
        "aws:userid",
        "s3:dataaccesspointarn",
        "s3:dataaccesspointaccount",
    ];
    let wild = |text: &str| text.contains(['*', '?']);
    let fixed = |value: &String| match base {
        _ if value.contains("${") => false,
        // Observed: 0.0.0.0/7 and fe80::/10 are everybody, 11.0.0.0/9 and 2001:db8::/32 are not.
        "IpAddress" => {
            range(value).is_some()
                && value.split_once('/').is_none_or(|(address, prefix)| {
                    prefix
                        .parse::<u8>()
                        .is_ok_and(|prefix| prefix >= if address.contains(':') { 32 } else { 8 })
                })
        }
        "StringEquals" | "StringEqualsIgnoreCase" => true,
        _ if key == "aws:userid" => value.split_once(':').is_some_and(|(id, _)| !wild(id)) || !wild(value),
        // Observed: wildcards may stand anywhere but in the account.
        _ => {
            !wild(value)
                || value.split(':').nth(4).is_some_and(|account| !account.is_empty() && !wild(account))
        }
    };
    keys.contains(&key) && !values.is_empty() && values.iter().all(fixed)
}

/// A Deny of everybody, or of everybody but some fixed values, that covers the Allow.
fn takes_back(deny: &Value, allow: &Value) -> bool {
    let all = |name: &str, covers: &dyn Fn(&str, &str) -> bool| {
        let (denied, allowed) = (deny.get(name).map_or(vec![], texts), allow.get(name).map_or(vec![], texts));
        !allowed.is_empty()
            && allowed.iter().all(|allowed| denied.iter().any(|denied| covers(denied, allowed)))
    };
    let but_fixed = |(operator, key, values): &(String, String, Vec<String>)| {
        let base = operator.strip_suffix("IfExists").unwrap_or(operator);
        let positive = base.replacen("Not", "", 1);
        positive != base && POSITIVE.contains(&positive.as_str()) && is_fixed(&positive, key, values)
    };
    let conditions = conditions(deny);
    reaches_everybody(deny)
        && all("Action", &action_matches)
        && all("Resource", &|denied, allowed| {
            // Of what a variable stands for, or `${*}`, nothing but the same text is known to be covered.
            denied == allowed || !denied.contains("${") && resource_matches(denied, None, allowed)
        })
        && conditions.len() <= 1
        && conditions.iter().all(but_fixed)
}
