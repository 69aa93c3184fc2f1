//! What CloudWatch Logs keeps in one account and Region, as far as its policies depend on it.

use std::collections::{BTreeMap, BTreeSet};

use crate::shapes::deliveries::Delivery;
use crate::shapes::delivery_destinations::DeliveryDestination;
use crate::shapes::delivery_sources::DeliverySource;
use crate::shapes::destinations::Destination;
use crate::shapes::log_groups::LogGroup;
use crate::shapes::resource_policies::ResourcePolicy;
use crate::shapes::subscription_filters::SubscriptionFilter;

/// CloudWatch Logs in one account and Region.
///
/// ```
/// use bailiwick_store::{LogsStore, PutResourcePolicyInput};
///
/// let mut logs = LogsStore::new("aws", "111122223333", "us-east-1");
/// let policy = r#"{"Version": "2012-10-17", "Statement": [{
///     "Effect": "Allow", "Principal": {"Service": "route53.amazonaws.com"},
///     "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*"
/// }]}"#;
/// let input = PutResourcePolicyInput {
///     policy_name: Some("route53".into()),
///     policy_document: policy.into(),
///     ..Default::default()
/// };
/// let output = logs.put_resource_policy(&input, 1_700_000_000_000)?;
/// assert_eq!(output.resource_policy.last_updated_time, Some(1_700_000_000_000));
/// # Ok::<(), bailiwick_store::ServiceError>(())
/// ```
#[derive(Clone, Debug)]
pub struct LogsStore {
    pub(crate) partition: String,
    pub(crate) account: String,
    pub(crate) region: String,
    /// The log groups that are known to exist.
    pub(crate) log_groups: BTreeMap<String, LogGroup>,
    /// Whether those are all. If not, no operation is refused because a log group is missing, except for these:
    pub(crate) knows_all_log_groups: bool,
    /// The names of log groups that were looked up.
    pub(crate) known_log_groups: BTreeSet<String>,
    /// By policy name.
    pub(crate) account_policies: BTreeMap<String, ResourcePolicy>,
    /// By log group ARN, without `:*`.
    pub(crate) group_policies: BTreeMap<String, ResourcePolicy>,
    /// By name, as are the delivery sources and destinations.
    pub(crate) destinations: BTreeMap<String, Destination>,
    /// By log group name and filter name.
    pub(crate) subscription_filters: BTreeMap<(String, String), SubscriptionFilter>,
    pub(crate) delivery_sources: BTreeMap<String, DeliverySource>,
    pub(crate) delivery_destinations: BTreeMap<String, DeliveryDestination>,
    /// By the name of the delivery destination.
    pub(crate) delivery_destination_policies: BTreeMap<String, String>,
    /// By identifier.
    pub(crate) deliveries: BTreeMap<String, Delivery>,
}

impl LogsStore {
    /// An empty store of `account` (twelve digits) in `region`. Which log groups exist is unknown until
    /// [`LogsStore::know_log_groups`] is called.
    #[must_use]
    pub fn new(partition: &str, account: &str, region: &str) -> Self {
        Self {
            partition: partition.to_owned(),
            account: account.to_owned(),
            region: region.to_owned(),
            log_groups: BTreeMap::new(),
            knows_all_log_groups: false,
            known_log_groups: BTreeSet::new(),
            account_policies: BTreeMap::new(),
            group_policies: BTreeMap::new(),
            destinations: BTreeMap::new(),
            subscription_filters: BTreeMap::new(),
            delivery_sources: BTreeMap::new(),
            delivery_destinations: BTreeMap::new(),
            delivery_destination_policies: BTreeMap::new(),
            deliveries: BTreeMap::new(),
        }
    }

    /// The account the store belongs to.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The Region the store belongs to.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    pub(crate) fn arn(&self, resource: &str) -> String {
        format!("arn:{}:logs:{}:{}:{resource}", self.partition, self.region, self.account)
    }
}
