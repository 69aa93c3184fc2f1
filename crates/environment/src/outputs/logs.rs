//! Outputs of `aws logs` and of `aws xray` about policies: they fill the stores.

use bailiwick_source::json::Value;

use crate::document::DocumentKind;
use crate::loader::{Loader, Place, at};
use crate::model::partition_of;
use bailiwick_store::{
    DeliveryDestinationPolicyOutput, DescribeDeliveriesOutput, DescribeDeliveryDestinationsOutput,
    DescribeDeliverySourcesOutput, DescribeDestinationsOutput, DescribeLogGroupsOutput,
    DescribeResourcePoliciesOutput, DescribeSubscriptionFiltersOutput, ListXrayResourcePoliciesOutput,
};

// What an item may leave out, and what its name is told by.
const RESOURCE_POLICY: &[&str] =
    &["policyName", "policyDocument", "policyScope", "resourceArn", "revisionId"];
const LOG_GROUP: &[&str] = &["logGroupName", "arn", "logGroupArn", "kmsKeyId", "logGroupClass"];
const DESTINATION: &[&str] = &["destinationName", "targetArn", "roleArn", "accessPolicy", "arn"];
const SUBSCRIPTION_FILTER: &[&str] = &["filterName", "logGroupName", "destinationArn", "roleArn"];

pub(crate) fn resource_policies(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    let output = loader.typed::<DescribeResourcePoliciesOutput>(value);
    let Some(output) = output else { return };
    loader.refuse_misspelt_in(value, "resourcePolicies", RESOURCE_POLICY);
    let items = at(value, &["resourcePolicies"]);
    let mut all_read = true;
    for (policy, item) in output.resource_policies.iter().zip(items.into_iter().flat_map(Value::items)) {
        all_read &= loader.text(DocumentKind::LogsAccount, &policy.policy_document, item).is_some();
    }
    if all_read {
        let of_log_group = |output: &DescribeResourcePoliciesOutput| {
            output.resource_policies.iter().any(|policy| policy.resource_arn.is_some())
        };
        let region = loader.environment.region_mut(place.account, place.region);
        // The output for one log group says nothing of the account's policies.
        if place.subject.is_empty() {
            region.resource_policies_known |= !of_log_group(&output);
        } else {
            region.group_policies_known.insert(place.subject.to_owned());
        }
        region.logs.restore_resource_policies(output);
    }
}

pub(crate) fn log_groups(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    if let Some(output) = loader.typed::<DescribeLogGroupsOutput>(value) {
        loader.refuse_misspelt_in(value, "logGroups", LOG_GROUP);
        // The output for one log group was asked for by its name, and proves nothing about others.
        let logs = &mut loader.environment.region_mut(place.account, place.region).logs;
        logs.restore_log_groups(place.subject, output);
    }
}

pub(crate) fn destinations(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    let Some(output) = loader.typed::<DescribeDestinationsOutput>(value) else {
        return;
    };
    loader.refuse_misspelt_in(value, "destinations", DESTINATION);
    let items = at(value, &["destinations"]).into_iter().flat_map(Value::items);
    let mut all_read = true;
    for (destination, item) in output.destinations.iter().zip(items) {
        if let Some(policy) = &destination.access_policy {
            all_read &= loader.text(DocumentKind::Destination, policy, item).is_some();
        }
    }
    if all_read {
        let region = loader.environment.region_mut(place.account, place.region);
        region.destinations_known.insert(place.subject.to_owned());
        region.logs.restore_destinations(output);
    }
}

pub(crate) fn subscription_filters(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    if let Some(output) = loader.typed::<DescribeSubscriptionFiltersOutput>(value) {
        loader.refuse_misspelt_in(value, "subscriptionFilters", SUBSCRIPTION_FILTER);
        let region = loader.environment.region_mut(place.account, place.region);
        // An empty output that does not say what it is about is that of the log group in question.
        if !place.subject.is_empty() || output.subscription_filters.is_empty() {
            region.filters_known.insert(place.subject.to_owned());
        }
        region
            .filters_known
            .extend(output.subscription_filters.iter().map(|filter| filter.log_group_name.clone()));
        region.logs.restore_subscription_filters(output);
    }
}

pub(crate) fn delivery_sources(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    if let Some(output) = loader.typed::<DescribeDeliverySourcesOutput>(value) {
        loader.environment.region_mut(place.account, place.region).logs.restore_delivery_sources(output);
    }
}

pub(crate) fn delivery_destinations(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    if let Some(output) = loader.typed::<DescribeDeliveryDestinationsOutput>(value) {
        loader.environment.region_mut(place.account, place.region).logs.restore_delivery_destinations(output);
    }
}

pub(crate) fn delivery_destination_policy(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    let Some(output) = loader.typed::<DeliveryDestinationPolicyOutput>(value) else { return };
    let text = output.policy.and_then(|policy| policy.delivery_destination_policy);
    let source = text.map(|text| loader.text(DocumentKind::DeliveryDestination, &text, value));
    // A document that is not a policy was reported.
    if let Some(source) = source.map_or(Some(None), |source| source.map(Some)) {
        let partition = partition_of(place.region);
        let arn = format!(
            "arn:{partition}:logs:{}:{}:delivery-destination:{}",
            place.region, place.account, place.subject
        );
        loader.attach(DocumentKind::DeliveryDestination, &arn, place, source);
    }
}

pub(crate) fn deliveries(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    if let Some(output) = loader.typed::<DescribeDeliveriesOutput>(value) {
        loader.environment.region_mut(place.account, place.region).logs.restore_deliveries(output);
    }
}

pub(crate) fn xray_policies(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    let Some(output) = loader.typed::<ListXrayResourcePoliciesOutput>(value) else { return };
    loader.refuse_misspelt_in(value, "ResourcePolicies", &["PolicyName", "PolicyDocument"]);
    let items = at(value, &["ResourcePolicies"]).into_iter().flat_map(Value::items);
    let mut all_read = true;
    for (policy, item) in output.resource_policies.iter().zip(items) {
        all_read &= loader.text(DocumentKind::Xray, &policy.policy_document, item).is_some();
    }
    if all_read {
        let region = loader.environment.region_mut(place.account, place.region);
        region.xray_known = true;
        region.xray.restore(output);
    }
}
