//! KMS grants (E-43, observation 18): a third source of Allow beside key policy and identity policies.

use bailiwick_aws::GRANT_OPERATIONS;
use serde_json::Value;

use super::context::{Context, Held};
use super::document::{members, object, texts};
use super::principal::{Caller, Grant, Who};
use super::{Refused, Request, refused};

/// What the grants on the key give the caller: by grants issued in the caller's own account, and by others.
#[derive(Default)]
pub struct Granted {
    /// Issued from the caller's account: works as in one account.
    pub own: Grant,
    /// Issued from elsewhere: the key owner's consent.
    pub others: Grant,
}

/// The members of a grant, as `aws kms list-grants` prints it.
pub fn check(grants: &Value) -> Result<(), Refused> {
    let Some(grants) = grants.as_array() else { return refused("grants is no list") };
    for grant in grants {
        let known = [
            "GrantId",
            "KeyId",
            "Name",
            "CreationDate",
            "GranteePrincipal",
            "GranteeServicePrincipal",
            "RetiringPrincipal",
            "RetiringServicePrincipal",
            "IssuingAccount",
            "Operations",
            "Constraints",
        ];
        let grant = object(grant, "a grant")?;
        members(grant, &known)?;
        let given = |name: &str| grant.get(name).filter(|value| !value.is_null());
        let names =
            ["GranteePrincipal", "GranteeServicePrincipal", "RetiringPrincipal", "RetiringServicePrincipal"];
        if names.iter().any(|name| given(name).is_some_and(|name| name.as_str().is_none_or(str::is_empty))) {
            return refused("a grant that names nobody");
        }
        if given("GranteePrincipal").or(given("GranteeServicePrincipal")).is_none() {
            return refused("a grant without grantee");
        }
        let operations = grant.get("Operations").and_then(Value::as_array);
        let is_operation = |item: &Value| {
            item.as_str()
                .is_some_and(|text| GRANT_OPERATIONS.iter().any(|known| known.eq_ignore_ascii_case(text)))
        };
        if !operations.is_some_and(|operations| !operations.is_empty() && operations.iter().all(is_operation))
        {
            return refused("a grant without Operations, or with others than those of grants");
        }
        if grant.get("KeyId").is_some_and(|key| !key.as_str().is_some_and(is_key)) {
            return refused("a grant on no key");
        }
        let issuer = |text: &str| {
            let root = text.strip_suffix(":root").and_then(|text| text.strip_prefix("arn:"));
            super::principal::is_account(text)
                || root.is_some_and(|text| {
                    text.split_once(":iam::")
                        .is_some_and(|(_, account)| super::principal::is_account(account))
                })
        };
        if grant.get("IssuingAccount").is_some_and(|account| !account.as_str().is_some_and(issuer)) {
            return refused("a grant issued by no account");
        }
        if let Some(constraints) = grant.get("Constraints") {
            let constraints = object(constraints, "Constraints")?;
            members(constraints, &["EncryptionContextSubset", "EncryptionContextEquals"])?;
            for pairs in constraints.values() {
                if !object(pairs, "a constraint")?.values().all(Value::is_string) {
                    return refused("an encryption context of other than texts");
                }
            }
        }
    }
    Ok(())
}

/// A key's ARN, or its ID.
fn is_key(text: &str) -> bool {
    let fields: Vec<&str> = text.splitn(6, ':').collect();
    let id = match fields[..] {
        ["arn", _, "kms", _, _, resource] => resource.strip_prefix("key/").unwrap_or(""),
        _ => text,
    };
    !id.is_empty() && !id.contains(['/', ':', '*', '?']) && !id.contains(char::is_whitespace)
}

/// E-43: a grant is on one key. One that does not say which is on the request's.
fn is_on(key: Option<&str>, resource: &str) -> bool {
    let fields: Vec<&str> = resource.splitn(6, ':').collect();
    let id = match fields[..] {
        ["arn", _, "kms", _, _, resource] => resource.strip_prefix("key/"),
        _ => None,
    };
    key.is_none_or(|key| key == resource || Some(key) == id)
}

/// E-43: every grant that names the caller and covers the operation.
pub fn granted(grants: Option<&Value>, request: &Request) -> Granted {
    let mut granted = Granted::default();
    let Some(operation) = request.action.to_ascii_lowercase().strip_prefix("kms:").map(str::to_owned) else {
        return granted;
    };
    for grant in grants.and_then(Value::as_array).into_iter().flatten() {
        let has = |operation: &str| {
            grant
                .get("Operations")
                .map_or(vec![], texts)
                .iter()
                .any(|listed| listed.eq_ignore_ascii_case(operation))
        };
        if !is_on(grant.get("KeyId").and_then(Value::as_str), &request.resource) {
            continue;
        }
        let grantee = named(grant, "Grantee", request);
        let covers = has(&operation) && constraints_met(grant, &operation, &request.context);
        let asked = request.context.values("kms:GrantOperations");
        let delegates = operation != "creategrant" || (!asked.is_empty() && asked.iter().all(|o| has(o)));
        let by_grantee = if covers && delegates { grantee } else { Grant::Nothing };
        // Observed: the retiring principal may retire, whatever the operations are.
        let by_retiring =
            if operation == "retiregrant" { named(grant, "Retiring", request) } else { Grant::Nothing };
        let gives = by_grantee.max(by_retiring);
        let issuer = grant.get("IssuingAccount").and_then(Value::as_str);
        let issuer =
            issuer.map(|issuer| issuer.trim_end_matches(":root").rsplit(':').next().unwrap_or(issuer));
        let own = request.caller.account.is_some()
            && issuer.or(request.resource_account.as_deref()) == request.caller.account.as_deref();
        let side = if own { &mut granted.own } else { &mut granted.others };
        *side = gives.max(*side);
    }
    granted
}

fn named(grant: &Value, role: &str, request: &Request) -> Grant {
    let text = |name: String| grant.get(name).and_then(Value::as_str);
    let caller: &Caller = &request.caller;
    let service = text(format!("{role}ServicePrincipal")).or_else(|| {
        let principal = text(format!("{role}Principal"));
        principal.filter(|_| matches!(caller.who, Who::Service { .. }))
    });
    let by_service =
        service.map_or(Grant::Nothing, |name| caller.named_by("Service", name, &request.context));
    text(format!("{role}Principal")).map_or(Grant::Nothing, |name| caller.named_by_aws(name)).max(by_service)
}

/// The operations that have an encryption context, and the one that hands constraints on.
const CONSTRAINED: [&str; 9] = [
    "creategrant",
    "decrypt",
    "encrypt",
    "generatedatakey",
    "generatedatakeypair",
    "generatedatakeypairwithoutplaintext",
    "generatedatakeywithoutplaintext",
    "reencryptfrom",
    "reencryptto",
];

/// The encryption context of the call must hold the constraint's pairs, or be exactly them, spelled as they are.
/// A grant made by virtue of this one (CreateGrant) must be constrained at least as narrowly.
fn constraints_met(grant: &Value, operation: &str, context: &Context) -> bool {
    let asked = context.encryption_context();
    let wanted = |kind: &str| -> Option<Vec<(&str, &str)>> {
        let pairs = grant.get("Constraints")?.get(kind)?.as_object()?;
        Some(pairs.iter().filter_map(|(key, value)| Some((key.as_str(), value.as_str()?))).collect())
    };
    let holds =
        |pairs: &[(&str, &str)]| pairs.iter().all(|(key, value)| asked.contains(&(*key, Some(*value))));
    let hands_on = |kinds: &[&str]| {
        let type_of_child = context.get("kms:GrantConstraintType");
        operation != "creategrant"
            || matches!(type_of_child, Some(Held::One(kind)) if kinds.contains(&kind.as_str()))
    };
    let (subset, equals) = ("EncryptionContextSubset", "EncryptionContextEquals");
    !CONSTRAINED.contains(&operation)
        || (wanted(subset).is_none_or(|pairs| holds(&pairs) && hands_on(&[subset, equals]))
            && wanted(equals)
                .is_none_or(|pairs| holds(&pairs) && pairs.len() == asked.len() && hands_on(&[equals])))
}
