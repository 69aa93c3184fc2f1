//! Documents in what Terraform writes: plans and states (`terraform show -json`), and state files.
//!
//! A value that is not known before it is applied is absent from a plan, so that every document found is whole. These
//! files are records, written by Terraform alone: their documents have no fixes.

use bailiwick_source::json::Value;

use super::recognize::Evidence;
use super::{PolicyDocument, document, escaped, organization_kind};
use crate::Kind;

/// Whether an object is a plan, or a state as it is printed.
pub(super) fn is_plan(value: Value<'_, '_>) -> bool {
    let is_printed = value.member("format_version").is_some() && value.member("terraform_version").is_some();
    is_printed || value.member("planned_values").is_some()
}

/// Whether an object is a state file.
pub(super) fn is_state(value: Value<'_, '_>) -> bool {
    value.member("terraform_version").is_some()
        && value.member("lineage").is_some()
        && value.member("format_version").is_none()
}

/// The documents of a plan.
pub(super) fn documents<'src>(plan: Value<'_, 'src>, pointer: &str, found: &mut Vec<PolicyDocument<'src>>) {
    let start = found.len();
    for name in ["planned_values", "values"] {
        let Some(module) = plan.member(name).and_then(|values| values.member("root_module")) else {
            continue;
        };
        let mut modules = vec![(module, format!("{pointer}/{name}/root_module"))];
        while let Some((module, pointer)) = modules.pop() {
            for (at, resource) in module.member("resources").into_iter().flat_map(Value::items).enumerate() {
                of_resource(resource, &format!("{pointer}/resources/{at}"), found);
            }
            for (at, child) in module.member("child_modules").into_iter().flat_map(Value::items).enumerate() {
                modules.push((child, format!("{pointer}/child_modules/{at}")));
            }
        }
        // What is planned comes from the changes, so that each document counts once.
        if found.len() > start {
            return;
        }
    }
    for (at, change) in plan.member("resource_changes").into_iter().flat_map(Value::items).enumerate() {
        let pointer = format!("{pointer}/resource_changes/{at}");
        if let Some(after) = change.member("change").and_then(|change| change.member("after")) {
            let resource = change.member("type").and_then(Value::as_str).unwrap_or_default();
            of_values(&resource, after, &format!("{pointer}/change/after"), found);
        }
    }
}

/// The documents of a state file.
pub(super) fn documents_of_state<'src>(
    state: Value<'_, 'src>,
    pointer: &str,
    found: &mut Vec<PolicyDocument<'src>>,
) {
    for (at, resource) in state.member("resources").into_iter().flat_map(Value::items).enumerate() {
        if is_data(resource) {
            continue;
        }
        let name = resource.member("type").and_then(Value::as_str).unwrap_or_default();
        for (instance, values) in resource.member("instances").into_iter().flat_map(Value::items).enumerate()
        {
            if let Some(attributes) = values.member("attributes") {
                let pointer = format!("{pointer}/resources/{at}/instances/{instance}/attributes");
                of_values(&name, attributes, &pointer, found);
            }
        }
    }
}

/// Whether a resource is a data source, which is read; the resources that use its document have it too.
fn is_data(resource: Value<'_, '_>) -> bool {
    resource.member("mode").and_then(Value::as_str).is_some_and(|mode| mode == "data")
}

fn of_resource<'src>(resource: Value<'_, 'src>, pointer: &str, found: &mut Vec<PolicyDocument<'src>>) {
    if is_data(resource) {
        return;
    }
    let name = resource.member("type").and_then(Value::as_str).unwrap_or_default();
    if let Some(values) = resource.member("values") {
        of_values(&name, values, &format!("{pointer}/values"), found);
    }
}

fn of_values<'src>(
    resource: &str,
    values: Value<'_, 'src>,
    pointer: &str,
    found: &mut Vec<PolicyDocument<'src>>,
) {
    let mut push = |value: Value<'_, 'src>, pointer: String, kind: Kind, is_carrier: bool| {
        let Some(mut document) = document(value, pointer, Some(kind)) else { return };
        if is_carrier || document.is_evident() {
            document.evidence = Evidence::Probable;
            found.push(document);
        }
    };
    for (name, value) in values.members() {
        let pointer = format!("{pointer}/{}", escaped(&name.value));
        if name.value == "inline_policy" {
            for (at, inline) in value.items().enumerate() {
                if let Some(policy) = inline.member("policy") {
                    push(policy, format!("{pointer}/{at}/policy"), Kind::Identity, true);
                }
            }
        }
        match (resource, name.value.as_ref()) {
            ("aws_organizations_policy", "content") => {
                let kind = values.member("type").and_then(Value::as_str);
                if let Some(kind) = organization_kind(kind.as_deref().unwrap_or("SERVICE_CONTROL_POLICY")) {
                    push(value, pointer, kind, true);
                }
            }
            (resource, attribute) if ATTRIBUTES.contains(&attribute) && !resource.starts_with("aws_iot_") => {
                match kind(resource, attribute) {
                    Some(kind) => push(value, pointer, kind, true),
                    // Attributes of these names hold other languages too: of lifecycle rules, of data protection.
                    None => push(value, pointer, Kind::Resource, false),
                }
            }
            _ => {}
        }
    }
}

/// Attributes whose value is a policy document.
const ATTRIBUTES: [&str; 9] = [
    "access_policies",
    "access_policy",
    "assume_role_policy",
    "delivery_destination_policy",
    "inline_policy",
    "policy",
    "policy_document",
    "repository_policy",
    "resource_policy",
];

/// The kind of the policy in an attribute, where the resource is known to hold one.
fn kind(resource: &str, attribute: &str) -> Option<Kind> {
    Some(match (resource, attribute) {
        (_, "assume_role_policy") => Kind::Trust,
        ("aws_s3_bucket_policy" | "aws_s3_bucket", _) => Kind::S3Bucket,
        ("aws_kms_key" | "aws_kms_key_policy" | "aws_kms_external_key" | "aws_kms_replica_key", _) => {
            Kind::KmsKey
        }
        ("aws_cloudwatch_log_resource_policy", _) => Kind::LogsResource,
        ("aws_cloudwatch_log_destination_policy", _) => Kind::LogsDestination,
        ("aws_cloudwatch_log_delivery_destination_policy", _) => Kind::LogsDeliveryDestination,
        ("aws_xray_resource_policy", _) => Kind::XrayResource,
        ("aws_vpc_endpoint" | "aws_vpc_endpoint_policy", _) => Kind::VpcEndpoint,
        ("aws_ssoadmin_permission_set_inline_policy", _) => Kind::Identity,
        (resource, _) if resource.starts_with("aws_iam_") => Kind::Identity,
        _ => return None,
    })
}
