//! Filling a store with the output of the AWS CLI. No limit or constraint is checked, because AWS accepted the
//! content already.

use crate::logs::LogsStore;
use crate::shapes::deliveries::DescribeDeliveriesOutput;
use crate::shapes::delivery_destination_policies::DeliveryDestinationPolicyOutput;
use crate::shapes::delivery_destinations::DescribeDeliveryDestinationsOutput;
use crate::shapes::delivery_sources::DescribeDeliverySourcesOutput;
use crate::shapes::destinations::DescribeDestinationsOutput;
use crate::shapes::log_groups::DescribeLogGroupsOutput;
use crate::shapes::resource_policies::{DescribeResourcePoliciesOutput, PolicyScope};
use crate::shapes::subscription_filters::DescribeSubscriptionFiltersOutput;

impl LogsStore {
    /// Adds the policies in the output of `aws logs describe-resource-policies`, of either scope.
    ///
    /// ```
    /// use bailiwick_store::LogsStore;
    ///
    /// let mut logs = LogsStore::new("aws", "111122223333", "us-east-1");
    /// let printed = r#"{"resourcePolicies": [{"policyName": "p", "policyDocument": "{}"}]}"#;
    /// logs.restore_resource_policies(serde_json::from_str(printed)?);
    /// assert_eq!(logs.account_policy_count(), 1);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn restore_resource_policies(&mut self, output: DescribeResourcePoliciesOutput) {
        for mut policy in output.resource_policies {
            match (policy.resource_arn.clone(), policy.policy_name.clone()) {
                (Some(arn), _) => {
                    policy.policy_scope = PolicyScope::Resource;
                    let arn = arn.strip_suffix(":*").unwrap_or(&arn).to_owned();
                    self.group_policies.insert(arn, policy);
                }
                (None, name) => {
                    self.account_policies.insert(name.unwrap_or_default(), policy);
                }
            }
        }
    }

    /// Adds the log groups in the output of `aws logs describe-log-groups`, called for one log group, or for all if `name` is
    /// empty. A log group that was asked for and is not in the output does not exist; the output proves nothing about others.
    pub fn restore_log_groups(&mut self, name: &str, output: DescribeLogGroupsOutput) {
        if name.is_empty() {
            self.know_log_groups();
        } else {
            self.know_log_group(name);
        }
        output.log_groups.into_iter().for_each(|group| self.add_log_group(group));
    }

    /// Adds what the output of `aws logs describe-destinations` lists.
    pub fn restore_destinations(&mut self, output: DescribeDestinationsOutput) {
        self.destinations.extend(output.destinations.into_iter().map(|d| (d.destination_name.clone(), d)));
    }

    /// Adds what the output of `aws logs describe-subscription-filters` lists.
    pub fn restore_subscription_filters(&mut self, output: DescribeSubscriptionFiltersOutput) {
        let keyed = output.subscription_filters.into_iter();
        self.subscription_filters.extend(
            keyed.map(|filter| ((filter.log_group_name.clone(), filter.filter_name.clone()), filter)),
        );
    }

    /// Adds what the output of `aws logs describe-delivery-sources` lists.
    pub fn restore_delivery_sources(&mut self, output: DescribeDeliverySourcesOutput) {
        self.delivery_sources.extend(output.delivery_sources.into_iter().map(|s| (s.name.clone(), s)));
    }

    /// Adds what the output of `aws logs describe-delivery-destinations` lists.
    pub fn restore_delivery_destinations(&mut self, output: DescribeDeliveryDestinationsOutput) {
        self.delivery_destinations
            .extend(output.delivery_destinations.into_iter().map(|d| (d.name.clone(), d)));
    }

    /// Adds the policy in the output of `aws logs get-delivery-destination-policy` of the named delivery destination.
    pub fn restore_delivery_destination_policy(
        &mut self,
        name: &str,
        output: DeliveryDestinationPolicyOutput,
    ) {
        if let Some(text) = output.policy.and_then(|policy| policy.delivery_destination_policy) {
            self.delivery_destination_policies.insert(name.to_owned(), text);
        }
    }

    /// Adds what the output of `aws logs describe-deliveries` lists.
    pub fn restore_deliveries(&mut self, output: DescribeDeliveriesOutput) {
        self.deliveries.extend(output.deliveries.into_iter().map(|d| (d.id.clone(), d)));
    }
}
