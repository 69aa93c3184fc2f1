//! AWS Backup: what a vault's access policy opens to other accounts.

use super::ServiceRule;
use super::declared::{Actions, Callers, Effects, On, Owner, Rule};

pub(super) const RULES: &[Rule] = &[
    // Rule E-64.
    Rule {
        actions: Actions::Except(&["copyintobackupvault"]),
        on: On::Beginning(&["backup-vault:"]),
        callers: Callers::SERVICES.but(),
        owner: Owner::Other,
        name: Some(ServiceRule::VaultPolicyAcrossAccounts),
        ..Rule::that(Effects::SILENCES_RESOURCE)
    },
];
