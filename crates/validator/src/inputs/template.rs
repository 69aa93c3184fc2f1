//! Documents in CloudFormation templates in JSON: the properties of the resources that carry policies.

use bailiwick_parser::json::{Kind as Json, Value};

use super::{PolicyDocument, document, escaped, intrinsic, is_policy, organization_kind};
use crate::Kind;

/// Whether an object is a template: it has resources with types.
pub(super) fn is_template(value: Value<'_, '_>) -> bool {
    let mut resources = value.member("Resources").into_iter().flat_map(Value::members);
    let typed = |(_, resource): (_, Value<'_, '_>)| resource.member("Type").and_then(Value::as_str).is_some();
    value.member("AWSTemplateFormatVersion").is_some() || resources.any(typed)
}

/// The documents of a template.
pub(super) fn documents<'src>(
    template: Value<'_, 'src>,
    pointer: &str,
    found: &mut Vec<PolicyDocument<'src>>,
) {
    for (name, resource) in template.member("Resources").into_iter().flat_map(Value::members) {
        let (Some(kind), Some(properties)) =
            (resource.member("Type").and_then(Value::as_str), resource.member("Properties"))
        else {
            continue;
        };
        let pointer = format!("{pointer}/Resources/{}/Properties", escaped(&name.value));
        for (property, value) in properties.members() {
            let pointer = format!("{pointer}/{}", escaped(&property.value));
            of_property(&kind, &property.value, properties, (value, pointer), found);
        }
    }
}

fn of_property<'src>(
    resource: &str,
    property: &str,
    properties: Value<'_, 'src>,
    (value, pointer): (Value<'_, 'src>, String),
    found: &mut Vec<PolicyDocument<'src>>,
) {
    // The inline policies of a user, group or role.
    if property == "Policies" && resource.starts_with("AWS::IAM::") {
        for (at, inline) in value.items().enumerate() {
            if let Some(policy) = inline.member("PolicyDocument") {
                push(policy, format!("{pointer}/{at}/PolicyDocument"), Kind::Identity, found);
            }
        }
        return;
    }
    let kind = match (resource, property) {
        ("AWS::Organizations::Policy", "Content") => {
            properties.member("Type").and_then(Value::as_str).and_then(|kind| organization_kind(&kind))
        }
        ("AWS::IAM::Role", "AssumeRolePolicyDocument") => Some(Kind::Trust),
        ("AWS::SSO::PermissionSet", "InlinePolicy") => Some(Kind::Identity),
        ("AWS::KMS::Key" | "AWS::KMS::ReplicaKey", "KeyPolicy") => Some(Kind::KmsKey),
        ("AWS::S3::BucketPolicy", "PolicyDocument") => Some(Kind::S3Bucket),
        ("AWS::Logs::ResourcePolicy", "PolicyDocument") => Some(Kind::LogsResource),
        ("AWS::Logs::Destination", "DestinationPolicy") => Some(Kind::LogsDestination),
        ("AWS::Logs::DeliveryDestination", "DeliveryDestinationPolicy") => {
            Some(Kind::LogsDeliveryDestination)
        }
        ("AWS::XRay::ResourcePolicy", "PolicyDocument") => Some(Kind::XrayResource),
        ("AWS::EC2::VPCEndpoint", "PolicyDocument") => Some(Kind::VpcEndpoint),
        (resource, "PolicyDocument") if resource.starts_with("AWS::IAM::") => Some(Kind::Identity),
        (_, "PolicyDocument" | "ResourcePolicy" | "RepositoryPolicyText" | "Policy" | "AccessPolicies") => {
            Some(Kind::Resource)
        }
        _ => None,
    };
    let Some(kind) = kind else { return };
    // A delivery destination's policy stands in an object that names the destination.
    match value.member("DeliveryDestinationPolicy") {
        Some(inner) => push(inner, format!("{pointer}/DeliveryDestinationPolicy"), kind, found),
        None => push(value, pointer, kind, found),
    }
}

fn push<'src>(value: Value<'_, 'src>, pointer: String, kind: Kind, found: &mut Vec<PolicyDocument<'src>>) {
    // A document that a function makes is not known.
    if value.kind() == Json::Object && !is_policy(value) && intrinsic::is_function(value) {
        return;
    }
    let Some(mut document) = document(value, pointer, Some(kind)) else { return };
    if value.kind() == Json::Object {
        (document.text, document.functions) = intrinsic::replaced(value);
    }
    found.push(document);
}
