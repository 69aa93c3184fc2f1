//! Filling a store with what the AWS CLI printed. No rule is applied: what AWS already holds, it holds.

use super::{
    DeliveryDestinationPolicyOutput, DescribeDeliveriesOutput, DescribeDeliveryDestinationsOutput,
    DescribeDeliverySourcesOutput, DescribeDestinationsOutput, DescribeLogGroupsOutput,
    DescribeResourcePoliciesOutput, DescribeSubscriptionFiltersOutput, LogsStore, PolicyScope,
};

impl LogsStore {
    /// Takes over `aws logs describe-resource-policies`, of either scope.
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

    /// Takes over `aws logs describe-log-groups`; a log group that is not in it does not exist.
    pub fn restore_log_groups(&mut self, output: DescribeLogGroupsOutput) {
        self.know_log_groups();
        output.log_groups.into_iter().for_each(|group| self.add_log_group(group));
    }

    /// Takes over `aws logs describe-destinations`.
    pub fn restore_destinations(&mut self, output: DescribeDestinationsOutput) {
        self.destinations.extend(output.destinations.into_iter().map(|d| (d.destination_name.clone(), d)));
    }

    /// Takes over `aws logs describe-subscription-filters`.
    pub fn restore_subscription_filters(&mut self, output: DescribeSubscriptionFiltersOutput) {
        let keyed = output.subscription_filters.into_iter();
        self.subscription_filters.extend(
            keyed.map(|filter| ((filter.log_group_name.clone(), filter.filter_name.clone()), filter)),
        );
    }

    /// Takes over `aws logs describe-delivery-sources`.
    pub fn restore_delivery_sources(&mut self, output: DescribeDeliverySourcesOutput) {
        self.delivery_sources.extend(output.delivery_sources.into_iter().map(|s| (s.name.clone(), s)));
    }

    /// Takes over `aws logs describe-delivery-destinations`.
    pub fn restore_delivery_destinations(&mut self, output: DescribeDeliveryDestinationsOutput) {
        self.delivery_destinations
            .extend(output.delivery_destinations.into_iter().map(|d| (d.name.clone(), d)));
    }

    /// Takes over `aws logs get-delivery-destination-policy` of the named delivery destination.
    pub fn restore_delivery_destination_policy(
        &mut self,
        name: &str,
        output: DeliveryDestinationPolicyOutput,
    ) {
        if let Some(text) = output.policy.and_then(|policy| policy.delivery_destination_policy) {
            self.delivery_destination_policies.insert(name.to_owned(), text);
        }
    }

    /// Takes over `aws logs describe-deliveries`.
    pub fn restore_deliveries(&mut self, output: DescribeDeliveriesOutput) {
        self.deliveries.extend(output.deliveries.into_iter().map(|d| (d.id.clone(), d)));
    }
}
