//! IAM: what some credentials may not call, and what belongs to AWS.

use super::ServiceRule;
use super::declared::{Actions, Callers, Effects, On, Rule};

pub(super) const RULES: &[Rule] = &[
    // Rule E-51.
    Rule {
        callers: Callers::FEDERATED_USERS,
        name: Some(ServiceRule::FederatedUserSession),
        ..Rule::that(Effects::REFUSES)
    },
    // Rule E-50.
    Rule {
        callers: Callers::SESSION_TOKENS,
        name: Some(ServiceRule::SessionToken),
        ..Rule::that(Effects::REFUSES_WITHOUT_MFA)
    },
    // Rule E-64: the one resource policy of IAM, a role's trust policy, is about actions of STS.
    Rule { name: Some(ServiceRule::TrustPolicyActions), ..Rule::that(Effects::SILENCES_RESOURCE) },
    // Rule E-65.
    Rule {
        actions: Actions::Only(&[
            "createpolicy",
            "createpolicyversion",
            "deletepolicy",
            "deletepolicyversion",
            "setdefaultpolicyversion",
            "tagpolicy",
            "untagpolicy",
        ]),
        on: On::AwsOwned,
        name: Some(ServiceRule::AwsOwnedUnchangeable),
        ..Rule::that(Effects::REFUSES)
    },
    // Rule E-66.
    Rule {
        actions: Actions::Only(ON_LINKED_ROLES),
        on: On::Beginning(&["role/aws-service-role/"]),
        callers: Callers::SERVICES.or(Callers::LINKED_ROLES).but(),
        name: Some(ServiceRule::ReservedRole),
        ..Rule::that(Effects::REFUSES)
    },
    Rule {
        actions: Actions::Only(ON_RESERVED_ROLES),
        on: On::Beginning(&["role/aws-reserved/"]),
        callers: Callers::SERVICES.or(Callers::LINKED_ROLES).but(),
        name: Some(ServiceRule::ReservedRole),
        ..Rule::that(Effects::REFUSES)
    },
];

/// The operations that change a role, in lower case, but for those that are open on service-linked roles:
/// to change the description and tags, and to delete the role by its own operation. To pass a role does not
/// change it.
const ON_LINKED_ROLES: &[&str] = &[
    "attachrolepolicy",
    "createrole",
    "deleterole",
    "deleterolepermissionsboundary",
    "deleterolepolicy",
    "detachrolepolicy",
    "putrolepermissionsboundary",
    "putrolepolicy",
    "updateassumerolepolicy",
];

/// The same of other reserved roles.
const ON_RESERVED_ROLES: &[&str] = &[
    "attachrolepolicy",
    "createrole",
    "deleterole",
    "deleterolepermissionsboundary",
    "deleterolepolicy",
    "detachrolepolicy",
    "putrolepermissionsboundary",
    "putrolepolicy",
    "tagrole",
    "untagrole",
    "updateassumerolepolicy",
    "updaterole",
    "updateroledescription",
];
