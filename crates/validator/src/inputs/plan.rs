//! Documents in Terraform plans (`terraform show -json`): the planned values of the resources that carry policies.
//!
//! A value that is not known before it is applied is absent from a plan, so that every document found is whole.

use bailiwick_parser::json::Value;

use super::{PolicyDocument, document, escaped, organization_kind};
use crate::Kind;

/// Whether an object is a plan or a state.
pub(super) fn is_plan(value: Value<'_, '_>) -> bool {
    let printed = value.member("format_version").is_some() && value.member("terraform_version").is_some();
    printed || value.member("planned_values").is_some()
}

/// The documents of a plan.
pub(super) fn documents<'src>(plan: Value<'_, 'src>, pointer: &str, found: &mut Vec<PolicyDocument<'src>>) {
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
        return;
    }
    for (at, change) in plan.member("resource_changes").into_iter().flat_map(Value::items).enumerate() {
        let pointer = format!("{pointer}/resource_changes/{at}");
        if let Some(after) = change.member("change").and_then(|change| change.member("after")) {
            let kind = change.member("type").and_then(Value::as_str).unwrap_or_default();
            of_values(&kind, after, &format!("{pointer}/change/after"), found);
        }
    }
}

fn of_resource<'src>(resource: Value<'_, 'src>, pointer: &str, found: &mut Vec<PolicyDocument<'src>>) {
    // Data sources are read, and their documents stand in the resources that use them.
    if resource.member("mode").and_then(Value::as_str).is_some_and(|mode| mode == "data") {
        return;
    }
    let kind = resource.member("type").and_then(Value::as_str).unwrap_or_default();
    if let Some(values) = resource.member("values") {
        of_values(&kind, values, &format!("{pointer}/values"), found);
    }
}

fn of_values<'src>(
    resource: &str,
    values: Value<'_, 'src>,
    pointer: &str,
    found: &mut Vec<PolicyDocument<'src>>,
) {
    for (name, value) in values.members() {
        let pointer = format!("{pointer}/{}", escaped(&name.value));
        if name.value == "inline_policy" {
            for (at, inline) in value.items().enumerate() {
                let policy = inline.member("policy");
                found.extend(policy.and_then(|policy| {
                    document(policy, format!("{pointer}/{at}/policy"), Some(Kind::Identity))
                }));
            }
        }
        let kind = match (resource, name.value.as_ref()) {
            ("aws_organizations_policy", "content") => {
                let kind = values.member("type").and_then(Value::as_str);
                organization_kind(kind.as_deref().unwrap_or("SERVICE_CONTROL_POLICY"))
            }
            (resource, attribute) if ATTRIBUTES.contains(&attribute) => Some(kind(resource, attribute)),
            _ => None,
        };
        if let Some(kind) = kind {
            found.extend(document(value, pointer, Some(kind)));
        }
    }
}

/// Attributes whose value is a policy document.
const ATTRIBUTES: [&str; 8] = [
    "access_policies",
    "access_policy",
    "assume_role_policy",
    "delivery_destination_policy",
    "inline_policy",
    "policy",
    "policy_document",
    "resource_policy",
];

fn kind(resource: &str, attribute: &str) -> Kind {
    match (resource, attribute) {
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
        _ => Kind::Resource,
    }
}
