//! KMS grants, as `aws kms list-grants` prints them.

use bailiwick_evaluator::{GrantConstraint, GrantPrincipal, KmsGrant};
use bailiwick_parser::json::{Kind, Value};

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
    let constraint = fields.get("Constraints").and_then(|value| constraint(reader, value));
    Some(KmsGrant::new(grantee?, retiring, issuing_account, &operations, constraint))
}

fn constraint(reader: &mut Reader, value: Value<'_, '_>) -> Option<GrantConstraint> {
    let fields =
        reader.object(value, "Constraints", &["EncryptionContextSubset", "EncryptionContextEquals"])?;
    let mut pairs = |value: Value<'_, '_>| {
        let mut pairs = Vec::new();
        if value.kind() != Kind::Object {
            // Anything else would read as a constraint that everything meets.
            reader.wrong_type(value, "a constraint on the encryption context", "an object");
        }
        for (name, value) in value.members() {
            if let Some(text) = reader.string(value, "a value of an encryption context") {
                pairs.push((name.value.into_owned(), text.into_owned()));
            }
        }
        pairs
    };
    if let Some(value) = fields.get("EncryptionContextEquals") {
        return Some(GrantConstraint::EncryptionContextEquals(pairs(value)));
    }
    fields.get("EncryptionContextSubset").map(|value| GrantConstraint::EncryptionContextSubset(pairs(value)))
}
