//! CloudWatch Logs: resource policies are for services, and the policies of destinations for one call each.

use super::ServiceRule;
use super::declared::{Actions, Callers, Effects, On, Owner, Rule};

pub(super) const RULES: &[Rule] = &[
    // Rule E-64: account and log group policies.
    Rule {
        on: On::NotBeginning(DESTINATIONS),
        callers: Callers::SERVICES.but(),
        name: Some(ServiceRule::LogsPolicyForServices),
        ..Rule::that(Effects::SILENCES_RESOURCE)
    },
    Rule {
        actions: Actions::Except(&["createlogstream", "putlogevents"]),
        on: On::NotBeginning(DESTINATIONS),
        callers: Callers::SERVICES,
        name: Some(ServiceRule::LogsPolicyForServices),
        ..Rule::that(Effects::SILENCES_RESOURCE)
    },
    // Policies of destinations.
    Rule {
        actions: Actions::Except(&["putsubscriptionfilter", "putaccountpolicy"]),
        on: On::Beginning(&["destination:"]),
        callers: Callers::SERVICES.but(),
        owner: Owner::Other,
        name: Some(ServiceRule::DestinationPolicyAcrossAccounts),
        ..Rule::that(Effects::SILENCES_RESOURCE)
    },
    Rule {
        actions: Actions::Except(&["createdelivery"]),
        on: On::Beginning(&["delivery-destination:"]),
        callers: Callers::SERVICES.but(),
        owner: Owner::Other,
        name: Some(ServiceRule::DestinationPolicyAcrossAccounts),
        ..Rule::that(Effects::SILENCES_RESOURCE)
    },
];

const DESTINATIONS: &[&str] = &["destination:", "delivery-destination:"];
