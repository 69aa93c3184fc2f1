//! KMS grants, as `aws kms list-grants` prints them.

use std::borrow::Cow;
use std::collections::HashMap;

use bailiwick_evaluator::{GrantConstraint, GrantPrincipal, KmsGrant};
use bailiwick_parser::json::{Kind, Value};
use bailiwick_parser::{Code, Error, Span};

use crate::read::Reader;

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
    let principal =
        |reader: &mut Reader, arn: &str, service: &str| match (fields.get(arn), fields.get(service)) {
            (Some(value), _) => reader.string(value, arn).map(|text| GrantPrincipal::new(&text)),
            (None, Some(value)) => reader.string(value, service).map(|text| GrantPrincipal::service(&text)),
            (None, None) => None,
        };
    let grantee = principal(reader, "GranteePrincipal", "GranteeServicePrincipal");
    let retiring = principal(reader, "RetiringPrincipal", "RetiringServicePrincipal");
    if grantee.is_none() {
        reader.required(&fields, "GranteePrincipal", "a grant");
    }
    let issuing_account = match fields.get("IssuingAccount") {
        Some(value) => {
            let text = reader.string(value, "IssuingAccount")?;
            // The CLI prints the account's root ARN.
            Some(text.split(':').nth(4).unwrap_or(&text).to_owned())
        }
        None => None,
    };
    let operations = reader.required(&fields, "Operations", "a grant")?;
    let operations: Vec<_> = reader
        .list(operations, "Operations")
        .into_iter()
        .filter_map(|item| reader.string(item, "an operation").map(std::borrow::Cow::into_owned))
        .collect();
    let id = fields.get("GrantId").and_then(|value| reader.string(value, "GrantId"));
    let constraints = fields.get("Constraints").map_or_else(Vec::new, |value| constraints(reader, value));
    let mut grant = KmsGrant::new(grantee?, operations);
    if let Some(retiring) = retiring {
        grant = grant.with_retiring_principal(retiring);
    }
    if let Some(id) = id {
        grant = grant.with_id(&id);
    }
    if let Some(account) = issuing_account {
        grant = grant.with_issuing_account(&account);
    }
    Some(constraints.into_iter().fold(grant, KmsGrant::with_constraint))
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
                let message = format!("the encryption context has {:?} twice", name.value);
                let error = Error::new(Code::DuplicateMember, name.span, message);
                reader.report(error.with_related(first, "it stands here first"));
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
