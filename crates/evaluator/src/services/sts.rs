//! STS: which credentials may call what, and what a role's trust policy decides.

use super::ServiceRule;
use super::declared::{Actions, Callers, Effects, On, Rule};

pub(super) const RULES: &[Rule] = &[
    // Rule E-49.
    Rule {
        actions: Actions::Only(&["getcalleridentity"]),
        callers: SIGNED,
        ..Rule::that(Effects::NEEDS_NO_PERMISSION)
    },
    Rule {
        actions: Actions::Only(&["getsessiontoken"]),
        callers: Callers::LONG_TERM,
        ..Rule::that(Effects::NEEDS_NO_PERMISSION)
    },
    // Rule E-51.
    Rule {
        callers: Callers::FEDERATED_USERS,
        name: Some(ServiceRule::FederatedUserSession),
        ..Rule::that(Effects::REFUSES)
    },
    // Rule E-50. What STS authorizes along with a call, such as tags, is no call.
    Rule {
        actions: Actions::Except(&[
            "assumerole",
            "getcalleridentity",
            "setcontext",
            "setsourceidentity",
            "tagsession",
        ]),
        callers: Callers::SESSION_TOKENS,
        name: Some(ServiceRule::SessionToken),
        ..Rule::that(Effects::REFUSES)
    },
    // Rule E-67: root users.
    Rule {
        actions: Actions::Only(&["assumerole", "assumeroot"]),
        callers: Callers::ROOT,
        name: Some(ServiceRule::RootAssumesNoRole),
        ..Rule::that(Effects::REFUSES)
    },
    Rule {
        actions: ALONG,
        on: On::NotBeginning(FEDERATED_SESSIONS),
        callers: Callers::ROOT,
        name: Some(ServiceRule::RootAssumesNoRole),
        ..Rule::that(Effects::REFUSES)
    },
    // Rule E-67: sessions of roles.
    Rule {
        actions: Actions::Only(&["getfederationtoken", "getsessiontoken"]),
        callers: ROLE_SESSIONS,
        name: Some(ServiceRule::RoleSessionGetsNoToken),
        ..Rule::that(Effects::REFUSES)
    },
    Rule {
        actions: ALONG,
        on: On::Beginning(FEDERATED_SESSIONS),
        callers: ROLE_SESSIONS,
        name: Some(ServiceRule::RoleSessionGetsNoToken),
        ..Rule::that(Effects::REFUSES)
    },
    // Rule E-67: whom an identity provider vouches for, and who calls what is for them.
    Rule {
        actions: Actions::Except(&[
            "assumerolewithsaml",
            "assumerolewithwebidentity",
            "setcontext",
            "setsourceidentity",
            "tagsession",
        ]),
        callers: Callers::PROVIDERS,
        name: Some(ServiceRule::FederatedCalls),
        ..Rule::that(Effects::REFUSES)
    },
    Rule {
        actions: Actions::Only(&["assumerolewithsaml", "assumerolewithwebidentity"]),
        callers: Callers::PROVIDERS.but(),
        name: Some(ServiceRule::FederatedCalls),
        ..Rule::that(Effects::REFUSES)
    },
    // Rule E-40. Tags may be passed for a user's federated session too, which has no trust policy.
    Rule { actions: Actions::Beginning("assumerole"), ..Rule::that(Effects::REQUIRES_RESOURCE) },
    Rule {
        actions: ALONG,
        on: On::NotBeginning(FEDERATED_SESSIONS),
        ..Rule::that(Effects::REQUIRES_RESOURCE)
    },
    // Rule E-64, of trust policies (G-41).
    Rule {
        actions: Actions::Except(&[
            "assumerole",
            "assumerolewithsaml",
            "assumerolewithwebidentity",
            "setcontext",
            "setsourceidentity",
            "tagsession",
        ]),
        name: Some(ServiceRule::TrustPolicyActions),
        ..Rule::that(Effects::SILENCES_RESOURCE)
    },
    // Rule E-68: the member account has no policy that could allow it.
    Rule { actions: Actions::Only(&["assumeroot"]), ..Rule::that(Effects::CALLER_DECIDES) },
    // Rule E-39: service-linked roles, whose trust policies resource control policies do not touch.
    Rule { on: On::Beginning(&["role/aws-service-role/"]), ..Rule::that(Effects::SPARES_RESOURCE_CONTROL) },
];

const ROLE_SESSIONS: Callers = Callers::ROLES.or(Callers::LINKED_ROLES);

const SIGNED: Callers =
    ROLE_SESSIONS.or(Callers::FEDERATED_USERS).or(Callers::LONG_TERM).or(Callers::SESSION_TOKENS);

/// What STS authorizes along with a call that creates a session.
const ALONG: Actions = Actions::Only(&["setcontext", "setsourceidentity", "tagsession"]);

/// The sessions of `sts:GetFederationToken`, which have no trust policy.
const FEDERATED_SESSIONS: &[&str] = &["user/", "federated-user/"];
