//! KMS: the key policy is required, and reaches other accounts' callers for some operations only.

use bailiwick_matcher::Arn;

use super::ServiceRule;
use super::declared::{Actions, Callers, Effects, On, Owner, Rule};

pub(super) const RULES: &[Rule] = &[
    // Rule E-42: all but the operations that are about no key, and those on an alias as far as they are
    // about the alias. What names another service's resource is no call of KMS and has no key.
    Rule {
        actions: Actions::Except(WITHOUT_A_KEY),
        on: On::OwnNotBeginning("kms", &[]),
        ..Rule::that(Effects::REQUIRES_RESOURCE)
    },
    Rule {
        actions: Actions::Only(&["createalias", "updatealias", "deletealias"]),
        on: On::OwnNotBeginning("kms", &["alias/"]),
        ..Rule::that(Effects::REQUIRES_RESOURCE)
    },
    // Rule E-64.
    Rule {
        actions: Actions::Except(ACROSS_ACCOUNTS),
        callers: Callers::SERVICES.but(),
        owner: Owner::Other,
        name: Some(ServiceRule::KeyPolicyAcrossAccounts),
        ..Rule::that(Effects::SILENCES_RESOURCE)
    },
    // Rule E-66.
    Rule {
        actions: Actions::Only(&["createalias", "updatealias", "deletealias"]),
        on: On::Beginning(&["alias/aws/"]),
        name: Some(ServiceRule::ReservedAlias),
        ..Rule::that(Effects::REFUSES)
    },
    // Rule E-39.
    Rule { actions: Actions::Only(&["retiregrant"]), ..Rule::that(Effects::SPARES_RESOURCE_CONTROL) },
];

/// What a key policy decides for callers of other accounts: the cryptographic operations and a few more, in
/// lower case.
const ACROSS_ACCOUNTS: &[&str] = &[
    "creategrant",
    "decrypt",
    "derivesharedsecret",
    "describekey",
    "encrypt",
    "generatedatakey",
    "generatedatakeypair",
    "generatedatakeypairwithoutplaintext",
    "generatedatakeywithoutplaintext",
    "generatemac",
    "getkeyrotationstatus",
    "getpublickey",
    "listgrants",
    "reencryptfrom",
    "reencryptto",
    "retiregrant",
    "revokegrant",
    "sign",
    "verify",
    "verifymac",
];

/// The operations of KMS that are about no key, and those about an alias, in lower case.
const WITHOUT_A_KEY: &[&str] = &[
    "connectcustomkeystore",
    "createalias",
    "createcustomkeystore",
    "createkey",
    "deletealias",
    "deletecustomkeystore",
    "describecustomkeystores",
    "disconnectcustomkeystore",
    "generaterandom",
    "listaliases",
    "listkeys",
    "listretirablegrants",
    "updatealias",
    "updatecustomkeystore",
];

/// The alias, `alias/…`, by which a request of KMS names its key. AWS authorizes it on the key, whose ARN
/// is then not known; only on an alias itself are the operations that make, move and delete it (rule E-42).
pub(crate) fn alias_of_key<'r>(action_name: &str, resource: &'r str) -> Option<&'r str> {
    let arn = Arn::split(resource).filter(|arn| arn.service() == "kms")?;
    let is_alias = arn.resource().starts_with("alias/");
    (is_alias && !WITHOUT_A_KEY.contains(&action_name)).then_some(arn.resource())
}
