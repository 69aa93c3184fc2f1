//! Lambda: what the policy of a layer's version opens to other accounts.

use super::ServiceRule;
use super::declared::{Actions, Callers, Effects, On, Owner, Rule};

pub(super) const RULES: &[Rule] = &[
    // Rule E-64.
    Rule {
        actions: Actions::Except(&["getlayerversion"]),
        on: On::Beginning(&["layer:"]),
        callers: Callers::SERVICES.but(),
        owner: Owner::Other,
        name: Some(ServiceRule::LayerPolicyAcrossAccounts),
        ..Rule::that(Effects::SILENCES_RESOURCE)
    },
];
