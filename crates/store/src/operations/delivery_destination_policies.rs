//! The policy of a delivery destination: which other accounts may create a delivery to it.
//!
//! Follows `PutDeliveryDestinationPolicy`, `GetDeliveryDestinationPolicy` and `DeleteDeliveryDestinationPolicy`.
//! Their documentation asks for two statements, but every published example has one, and AWS is not known to enforce
//! it: one is accepted here. A `Resource` that names another destination is accepted too, and grants nothing.

use crate::document;
use crate::error::{Done, ServiceError};
use crate::limits;
use crate::logs::LogsStore;
use crate::member::Member;
use crate::operations::delivery_sources::check_delivery_name;
use crate::shapes::delivery_destination_policies::{
    DeliveryDestinationPolicy, DeliveryDestinationPolicyOutput, PutDeliveryDestinationPolicyInput,
};

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
