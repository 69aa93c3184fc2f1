//! The policy stores: what CloudWatch Logs and X-Ray keep in one account and Region, and the operations on it.
//!
//! An operation is a function of the state, its input, and the time and identifiers that its caller passes. It
//! returns the output that the AWS CLI prints, or AWS's exception by name. An operation that is refused changes
//! nothing. The stores do not know *who* calls: whether a caller may perform an operation is authorization, which
//! is not decided here. The one exception is X-Ray's lockout check, which asks a question about the caller and
//! takes a function that answers it.
//!
//! Messages are AWS's own where AWS's answer has been observed. Where only the name of an exception is documented,
//! the message is ours and says which limit was exceeded.
//!
//! ```
//! use bailiwick_store::{LogsStore, PutDestinationInput, PutDestinationPolicyInput};
//!
//! let mut logs = LogsStore::new("aws", "111122223333", "us-east-1");
//! logs.put_destination(
//!     &PutDestinationInput {
//!         destination_name: "central".into(),
//!         target_arn: "arn:aws:kinesis:us-east-1:111122223333:stream/s".into(),
//!         role_arn: "arn:aws:iam::111122223333:role/r".into(),
//!     },
//!     1_700_000_000_000,
//! )?;
//! let policy = r#"{"Statement": {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
//!     "Action": "logs:PutSubscriptionFilter", "Resource": "*"}}"#;
//! let input = PutDestinationPolicyInput {
//!     destination_name: "central".into(),
//!     access_policy: policy.into(),
//!     force_update: None,
//! };
//! // A destination policy names accounts by their number, not by an ARN.
//! let error = logs.put_destination_policy(&input).unwrap_err();
//! assert!(error.message.starts_with("Principal section of policy contains ARN instead of account ID"));
//! let access_policy = policy.replace("arn:aws:iam::444455556666:root", "444455556666");
//! logs.put_destination_policy(&PutDestinationPolicyInput { access_policy, ..input })?;
//! # Ok::<(), bailiwick_store::ServiceError>(())
//! ```

#![forbid(unsafe_code)]

mod arn;
mod document;
mod error;
pub mod limits;
mod logs;
mod member;
mod operations;
mod page;
mod revision;
mod shapes;
mod xray;

#[cfg(test)]
mod tests;

pub use error::{Done, ServiceError};
pub use logs::LogsStore;
pub use operations::destination_policies::DestinationPolicyScope;
pub use shapes::deliveries::{
    CreateDeliveryInput, Delivery, DeliveryOutput, DescribeDeliveriesOutput, S3DeliveryConfiguration,
    UpdateDeliveryConfigurationInput,
};
pub use shapes::delivery_destination_policies::{
    DeliveryDestinationPolicy, DeliveryDestinationPolicyOutput, PutDeliveryDestinationPolicyInput,
};
pub use shapes::delivery_destinations::{
    DeliveryDestination, DeliveryDestinationConfiguration, DeliveryDestinationOutput,
    DescribeDeliveryDestinationsOutput, PutDeliveryDestinationInput,
};
pub use shapes::delivery_sources::{
    DeliverySource, DeliverySourceOutput, DescribeDeliverySourcesOutput, PutDeliverySourceInput,
};
pub use shapes::destination_policies::PutDestinationPolicyInput;
pub use shapes::destinations::{
    DescribeDestinationsInput, DescribeDestinationsOutput, Destination, DestinationOutput,
    PutDestinationInput,
};
pub use shapes::log_groups::{DescribeLogGroupsOutput, LogGroup};
pub use shapes::page::PageInput;
pub use shapes::resource_policies::{
    DeleteResourcePolicyInput, DescribeResourcePoliciesInput, DescribeResourcePoliciesOutput, PolicyScope,
    PutResourcePolicyInput, PutResourcePolicyOutput, ResourcePolicy,
};
pub use shapes::subscription_filters::{
    DescribeSubscriptionFiltersInput, DescribeSubscriptionFiltersOutput, PutSubscriptionFilterInput,
    SubscriptionFilter,
};
pub use xray::{
    DeleteXrayResourcePolicyInput, ListXrayResourcePoliciesOutput, PutXrayResourcePolicyInput,
    PutXrayResourcePolicyOutput, Timestamp, XrayResourcePolicy, XrayStore,
};
