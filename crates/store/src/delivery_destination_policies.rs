//! The policy of a delivery destination: which other accounts may create a delivery to it.
//!
//! Follows `PutDeliveryDestinationPolicy`, `GetDeliveryDestinationPolicy` and `DeleteDeliveryDestinationPolicy`.
//! Their documentation asks for two statements, but every published example has one, and AWS is not known to enforce
//! it: one is accepted here. A `Resource` that names another destination is accepted too, and grants nothing.

use serde::{Deserialize, Serialize};

use crate::{
    Done, LogsStore, ServiceError, delivery_sources::check_delivery_name, document, limits, member::Member,
};

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

impl LogsStore {
    /// `PutDeliveryDestinationPolicy`.
    ///
    /// # Errors
    ///
    /// `ValidationException`, `ResourceNotFoundException`.
    pub fn put_delivery_destination_policy(
        &mut self,
        input: &PutDeliveryDestinationPolicyInput,
    ) -> Result<DeliveryDestinationPolicyOutput, ServiceError> {
        let PutDeliveryDestinationPolicyInput {
            delivery_destination_name: name,
            delivery_destination_policy: text,
        } = input;
        check_delivery_name("deliveryDestinationName", name)?;
        Member::validated("deliveryDestinationPolicy", text)
            .length(1, limits::DELIVERY_DESTINATION_POLICY_CHARACTERS)?;
        if document::statements(text).is_none() {
            return Err(ServiceError::validation(
                "Invalid Delivery Destination resource Policy is provided.",
            ));
        }
        self.require_delivery_destination(name)?;
        self.delivery_destination_policies.insert(name.clone(), text.clone());
        Ok(output(Some(text)))
    }

    /// `GetDeliveryDestinationPolicy`.
    ///
    /// # Errors
    ///
    /// `ResourceNotFoundException` for a missing destination. A destination without a policy is not an error.
    pub fn get_delivery_destination_policy(
        &self,
        name: &str,
    ) -> Result<DeliveryDestinationPolicyOutput, ServiceError> {
        self.require_delivery_destination(name)?;
        Ok(output(self.delivery_destination_policies.get(name)))
    }

    /// `DeleteDeliveryDestinationPolicy`.
    ///
    /// # Errors
    ///
    /// `ResourceNotFoundException`, for the destination and for its policy.
    pub fn delete_delivery_destination_policy(&mut self, name: &str) -> Done {
        if self.delivery_destination_policies.remove(name).is_some() {
            return Ok(());
        }
        self.require_delivery_destination(name)?;
        Err(ServiceError::not_found("policy of the delivery destination", name))
    }
}

fn output(text: Option<&String>) -> DeliveryDestinationPolicyOutput {
    DeliveryDestinationPolicyOutput {
        policy: text
            .map(|text| DeliveryDestinationPolicy { delivery_destination_policy: Some(text.clone()) }),
    }
}
