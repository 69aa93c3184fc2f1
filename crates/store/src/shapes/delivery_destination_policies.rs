//! The policy of a delivery destination: which other accounts may create a delivery to it.

use serde::{Deserialize, Serialize};

/// The input of `PutDeliveryDestinationPolicy`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PutDeliveryDestinationPolicyInput {
    /// An existing delivery destination.
    pub delivery_destination_name: String,
    /// The policy as JSON text, 1–51,200 characters.
    pub delivery_destination_policy: String,
}

/// The output of `PutDeliveryDestinationPolicy` and `GetDeliveryDestinationPolicy`.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct DeliveryDestinationPolicyOutput {
    /// The policy; absent when the destination has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<DeliveryDestinationPolicy>,
}

/// `policy` of that output.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryDestinationPolicy {
    /// The policy as JSON text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_destination_policy: Option<String>,
}
