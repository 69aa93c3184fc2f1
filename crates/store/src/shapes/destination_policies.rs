//! `PutDestinationPolicy`: who may register a subscription filter against a destination.

use serde::{Deserialize, Serialize};

/// The input of `PutDestinationPolicy`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PutDestinationPolicyInput {
    /// An existing destination.
    pub destination_name: String,
    /// The policy as JSON text, at most 5,120 bytes.
    pub access_policy: String,
    /// Accepts that subscription filters without a role stop working when the policy goes from accounts to an
    /// organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub force_update: Option<bool>,
}
