//! The policy stores: what CloudWatch Logs and X-Ray keep in one account and Region, and the operations on it.
//!
//! An operation is a function of the state, its input, and the time and identifiers its caller hands in. It
//! answers with the output the AWS CLI prints, or with AWS's exception by name; an operation that is refused has
//! changed nothing. What these stores do not know is *who* calls: whether a caller may perform an operation is
//! authorization, which the simulator decides. The one exception is X-Ray's lockout check, which asks a question
//! about the caller and takes the answer as a function.
//!
//! Messages are AWS's own where AWS's answer has been seen. Where only the name of an exception is documented,
//! the message is ours and says which limit was met.

mod deliveries;
mod delivery_destination_policies;
mod delivery_destinations;
mod delivery_sources;
mod destination_policies;
mod destinations;
mod document;
pub mod limits;
mod log_groups;
mod logs;
mod page;
mod resource_policies;
mod restore;
mod subscription_filters;
mod validate;
mod xray;

#[cfg(test)]
mod tests;

pub use deliveries::{
    CreateDeliveryInput, Delivery as StoredDelivery, DeliveryOutput, DescribeDeliveriesOutput,
    S3DeliveryConfiguration, UpdateDeliveryConfigurationInput,
};
pub use delivery_destination_policies::{
    DeliveryDestinationPolicy, DeliveryDestinationPolicyOutput, PutDeliveryDestinationPolicyInput,
};
pub use delivery_destinations::{
    DeliveryDestination, DeliveryDestinationConfiguration, DeliveryDestinationOutput,
    DescribeDeliveryDestinationsOutput, PutDeliveryDestinationInput,
};
pub use delivery_sources::{
    DeliverySource, DeliverySourceOutput, DescribeDeliverySourcesOutput, PutDeliverySourceInput,
};
pub use destination_policies::PutDestinationPolicyInput;
pub(crate) use destination_policies::names_organization;
pub use destinations::{
    DescribeDestinationsInput, DescribeDestinationsOutput, Destination, DestinationOutput,
    PutDestinationInput,
};
pub use log_groups::{DescribeLogGroupsOutput, LogGroup};
pub use logs::LogsStore;
pub use page::PageInput;
pub use resource_policies::{
    DeleteResourcePolicyInput, DescribeResourcePoliciesInput, DescribeResourcePoliciesOutput, PolicyScope,
    PutResourcePolicyInput, PutResourcePolicyOutput, ResourcePolicy,
};
pub use subscription_filters::{
    DescribeSubscriptionFiltersInput, DescribeSubscriptionFiltersOutput, PutSubscriptionFilterInput,
    SubscriptionFilter,
};
pub use xray::{
    DeleteXrayResourcePolicyInput, ListXrayResourcePoliciesOutput, PutXrayResourcePolicyInput,
    PutXrayResourcePolicyOutput, Timestamp, XrayResourcePolicy, XrayStore,
};

use serde::Serialize;

/// An operation was refused: AWS's exception, by the name the SDKs know it by.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct ServiceError {
    /// The exception, such as `LimitExceededException`.
    pub name: &'static str,
    /// AWS's message where it has been observed; X-Ray's malformed-document answer has an empty one.
    pub message: String,
}

impl ServiceError {
    pub(crate) fn new(name: &'static str, message: impl Into<String>) -> Self {
        Self { name, message: message.into() }
    }
}

impl std::fmt::Display for ServiceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.message.is_empty() {
            f.write_str(self.name)
        } else {
            write!(f, "{}: {}", self.name, self.message)
        }
    }
}

impl std::error::Error for ServiceError {}

/// What an operation answers with when it has nothing to say.
pub type Done = Result<(), ServiceError>;
