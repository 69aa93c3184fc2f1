//! AWS Organizations: the policies that AWS manages.

use super::ServiceRule;
use super::declared::{Actions, Effects, On, Rule};

pub(super) const RULES: &[Rule] = &[
    // Rule E-65. To attach and detach them changes a target, not the policy.
    Rule {
        actions: Actions::Only(&["deletepolicy", "tagresource", "untagresource", "updatepolicy"]),
        on: On::AwsOwned,
        name: Some(ServiceRule::AwsOwnedUnchangeable),
        ..Rule::that(Effects::REFUSES)
    },
];
