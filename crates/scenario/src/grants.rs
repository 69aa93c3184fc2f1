//! KMS grants, as `aws kms list-grants` prints them.

use std::borrow::Cow;
use std::collections::HashMap;

use bailiwick_aws::GRANT_OPERATIONS;
use bailiwick_evaluator::{Arn, GrantConstraint, GrantPrincipal, KmsGrant, is_account_id};
use bailiwick_source::json::{Kind, Value};
use bailiwick_source::{Code, Error, Quoted, Span, nearest};

use bailiwick_source::object::Reader;

const MEMBERS: [&str; 11] = [
    "GranteePrincipal",
    "GranteeServicePrincipal",
    "RetiringPrincipal",
    "RetiringServicePrincipal",
    "IssuingAccount",
    "Operations",
    "Constraints",
    "GrantId",
    "KeyId",
    "Name",
    "CreationDate",
];

/// Reads `policies.grants`.
pub(crate) fn read(reader: &mut Reader, value: Value<'_, '_>) -> Vec<KmsGrant> {
    let items = reader.list(value, "grants");
    items.into_iter().filter_map(|item| grant(reader, item)).collect()
}

fn grant(reader: &mut Reader, value: Value<'_, '_>) -> Option<KmsGrant> {
    let fields = reader.object(value, "a grant", &MEMBERS)?;
    // Left out, each of these reads as a grant that reaches farther.
    for name in ["KeyId", "Constraints", "IssuingAccount"] {
        if let Some(value) = value.member(name).filter(|value| value.kind() == Kind::Null) {
            reader.wrong_type(value, name, if name == "Constraints" { "an object" } else { "a string" });
        }
    }
    let principal =
        |reader: &mut Reader, arn: &str, service: &str| match (fields.get(arn), fields.get(service)) {
            (Some(value), _) => named(reader, value, arn).map(|text| GrantPrincipal::new(&text)),
            (None, Some(value)) => named(reader, value, service).map(|text| GrantPrincipal::service(&text)),
            (None, None) => None,
        };
    let grantee = principal(reader, "GranteePrincipal", "GranteeServicePrincipal");
    let retiring = principal(reader, "RetiringPrincipal", "RetiringServicePrincipal");
    if fields.get("GranteePrincipal").is_none() && fields.get("GranteeServicePrincipal").is_none() {
        reader.required(&fields, "GranteePrincipal", "a grant");
    }
    let issuing_account = fields.get("IssuingAccount").and_then(|value| issuer(reader, value));
    let key = fields.get("KeyId").and_then(|value| key_id(reader, value));
    let operations = reader.required(&fields, "Operations", "a grant").map(|value| operations(reader, value));
    let id = fields.get("GrantId").and_then(|value| reader.string(value, "GrantId"));
    let constraints = fields.get("Constraints").map_or_else(Vec::new, |value| constraints(reader, value));
    let mut grant = KmsGrant::new(grantee?, operations?);
    if let Some(retiring) = retiring {
        grant = grant.with_retiring_principal(retiring);
    }
    if let Some(id) = id {
        grant = grant.with_id(&id);
    }
    if let Some(key) = key {
        grant = grant.with_key_id(&key);
    }
    if let Some(account) = issuing_account {
        grant = grant.with_issuing_account(&account);
    }
    Some(constraints.into_iter().fold(grant, KmsGrant::with_constraint))
}

/// A principal's text, which names somebody.
fn named<'src>(reader: &mut Reader, value: Value<'_, 'src>, what: &str) -> Option<Cow<'src, str>> {
    let text = reader.string(value, what)?;
    if text.is_empty() {
        reader.invalid(value, format!("{what} is empty"), "write whom the grant names, by ARN");
        return None;
    }
    Some(text)
}

/// The account that issued the grant. The CLI prints the account's root ARN.
fn issuer(reader: &mut Reader, value: Value<'_, '_>) -> Option<String> {
    let text = reader.string(value, "IssuingAccount")?;
    let account = match Arn::split(&text) {
        Some(arn) if arn.service() == "iam" && arn.region().is_empty() && arn.resource() == "root" => {
            arn.account()
        }
        _ => &text,
    };
    if !is_account_id(account) {
        let message = format!("IssuingAccount is {}, which is no account", Quoted(&text));
        reader.invalid(value, message, "write an account ID, or the account's root ARN");
        return None;
    }
    Some(account.to_owned())
}

/// The key that the grant is on: AWS prints its ARN or ID, never an alias.
fn key_id<'src>(reader: &mut Reader, value: Value<'_, 'src>) -> Option<Cow<'src, str>> {
    let text = reader.string(value, "KeyId")?;
    let id = match Arn::split(&text) {
        Some(arn) if arn.service() == "kms" => arn.resource().strip_prefix("key/").unwrap_or_default(),
        _ => &text,
    };
    if id.is_empty() || id.contains(['/', ':', '*', '?']) || id.contains(char::is_whitespace) {
        let message = format!("KeyId is {}, which names no key", Quoted(&text));
        reader.invalid(value, message, "write the key's ARN or its ID, as list-grants prints it");
        return None;
    }
    Some(text)
}

fn operations(reader: &mut Reader, value: Value<'_, '_>) -> Vec<String> {
    let is_list = value.kind() == Kind::Array;
    let items = reader.list(value, "Operations");
    if is_list && items.is_empty() {
        reader.invalid(value, "Operations is an empty list", "a grant has at least one operation");
    }
    let mut operations = Vec::new();
    for item in items {
        let Some(text) = reader.string(item, "an operation") else { continue };
        // Letter case does not matter here, as of actions.
        if !GRANT_OPERATIONS.iter().any(|known| known.eq_ignore_ascii_case(&text)) {
            let help = match nearest(&text, &GRANT_OPERATIONS) {
                Some(near) => format!("did you mean {near:?}?"),
                None => format!("operations of grants: {}", GRANT_OPERATIONS.join(", ")),
            };
            let message = format!("{} is no operation that a grant can have", Quoted(&text));
            reader.invalid(item, message, &help);
        }
        operations.push(text.into_owned());
    }
    operations
}

fn constraints(reader: &mut Reader, value: Value<'_, '_>) -> Vec<GrantConstraint> {
    const KINDS: [&str; 2] = ["EncryptionContextSubset", "EncryptionContextEquals"];
    let Some(fields) = reader.object(value, "Constraints", &KINDS) else { return Vec::new() };
    for (name, value) in value.members().filter(|(_, value)| value.kind() == Kind::Null) {
        // Left out it would read as no constraint, which opens the grant.
        reader.wrong_type(value, &name.value, "an object");
    }
    let mut pairs = |value: Value<'_, '_>| {
        let mut pairs: Vec<(String, String)> = Vec::new();
        let mut places: HashMap<Cow<'_, str>, Span> = HashMap::new();
        if value.kind() != Kind::Object {
            // Anything else would read as a constraint that everything meets.
            reader.wrong_type(value, "a constraint on the encryption context", "an object");
        }
        for (name, value) in value.members() {
            if let Some(first) = places.insert(name.value.clone(), name.span) {
                let message = format!("the encryption context has {} twice", Quoted(&name.value));
                let error = Error::new(Code::DUPLICATE_MEMBER, name.span, message);
                reader.report(error.with_related(first, "first here"));
                continue;
            }
            if let Some(text) = reader.string(value, "a value of an encryption context") {
                pairs.push((name.value.into_owned(), text.into_owned()));
            }
        }
        pairs
    };
    let [subset, equals] = KINDS.map(|kind| fields.get(kind).map(&mut pairs));
    let subset = subset.map(GrantConstraint::EncryptionContextSubset);
    subset.into_iter().chain(equals.map(GrantConstraint::EncryptionContextEquals)).collect()
}
