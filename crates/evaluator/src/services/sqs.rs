//! SQS: what a queue's policy does not open to other accounts.

use super::ServiceRule;
use super::declared::{Actions, Callers, Effects, Owner, Rule};

pub(super) const RULES: &[Rule] = &[
    // Rule E-64. Within the queue's account the policy reaches them (observed: a Deny of
    // StartMessageMoveTask).
    Rule {
        actions: Actions::Only(WITHIN_THE_ACCOUNT),
        callers: Callers::SERVICES.but(),
        owner: Owner::Other,
        name: Some(ServiceRule::QueuePolicyAcrossAccounts),
        ..Rule::that(Effects::SILENCES_RESOURCE)
    },
];

/// In lower case.
const WITHIN_THE_ACCOUNT: &[&str] = &[
    "addpermission",
    "cancelmessagemovetask",
    "createqueue",
    "deletequeue",
    "listmessagemovetasks",
    "listqueues",
    "listqueuetags",
    "removepermission",
    "setqueueattributes",
    "startmessagemovetask",
    "tagqueue",
    "untagqueue",
];
