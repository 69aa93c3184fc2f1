//! EventBridge: who manages an event bus.

use super::ServiceRule;
use super::declared::{Actions, Effects, Rule};

pub(super) const RULES: &[Rule] = &[
    // Rule E-63: the bus's owner manages its policy by identity permissions alone.
    Rule {
        actions: Actions::Only(&["putpermission", "removepermission", "deleteeventbus"]),
        name: Some(ServiceRule::EventBusPolicy),
        ..Rule::that(Effects::SILENCES_RESOURCE)
    },
];
