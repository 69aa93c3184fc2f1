//! Documents in CloudFormation templates in JSON: the properties of the resources that carry policies.

use bailiwick_source::Span;
use bailiwick_source::json::{Kind as Json, Value};

use super::recognize::{Evidence, is_policy};
use super::{PolicyDocument, Scope, document, escaped, intrinsic, organization_kind};
use crate::Kind;

/// Whether an object is a template: it says so, or it has resources with types.
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
    match (resource, property) {
        // A policy that looks like IAM's and has a language of its own.
        (resource, _) if resource.starts_with("AWS::IoT::") => {}
        // The inline policies of a user, group or role.
        (resource, "Policies") if resource.starts_with("AWS::IAM::") => {
            for (at, inline) in value.items().enumerate() {
                if let Some(policy) = inline.member("PolicyDocument") {
                    let pointer = format!("{pointer}/{at}/PolicyDocument");
                    push(policy, pointer, Carrier::Known(Kind::Identity), found);
                }
            }
        }
        // Names of managed policies, SAM's own templates, and documents.
        (resource, "Policies") if resource.starts_with("AWS::Serverless::") => {
            push(value, pointer.clone(), Carrier::Possible(Kind::Identity), found);
            for (at, item) in value.items().enumerate() {
                push(item, format!("{pointer}/{at}"), Carrier::Possible(Kind::Identity), found);
            }
        }
        ("AWS::Events::EventBusPolicy", "Statement") => found.extend(of_statement(properties, &pointer)),
        ("AWS::DynamoDB::GlobalTable", "Replicas") => {
            for (at, replica) in value.items().enumerate() {
                for (name, inner) in replica.members().filter(|(name, _)| name.value == "ResourcePolicy") {
                    let pointer = format!("{pointer}/{at}/{}", name.value);
                    nested(inner, pointer, Carrier::Known(Kind::Resource), found);
                }
            }
        }
        (resource, property) => {
            if let Some(carrier) = carrier(resource, property, properties) {
                nested(value, pointer, carrier, found);
            }
        }
    }
}

/// Whether a property is known to hold a policy.
#[derive(Clone, Copy)]
enum Carrier {
    /// It is: what it holds is checked as one.
    Known(Kind),
    /// It may: what it holds is checked if it looks like one.
    Possible(Kind),
}

fn carrier(resource: &str, property: &str, properties: Value<'_, '_>) -> Option<Carrier> {
    Some(Carrier::Known(match (resource, property) {
        ("AWS::Organizations::Policy", "Content") => {
            let kind = properties.member("Type").and_then(Value::as_str);
            kind.and_then(|kind| organization_kind(&kind))?
        }
        ("AWS::IAM::Role" | "AWS::Serverless::Function", "AssumeRolePolicyDocument") => Kind::Trust,
        ("AWS::SSO::PermissionSet", "InlinePolicy") => Kind::Identity,
        ("AWS::KMS::Key" | "AWS::KMS::ReplicaKey", "KeyPolicy") => Kind::KmsKey,
        ("AWS::S3::BucketPolicy", "PolicyDocument") => Kind::S3Bucket,
        ("AWS::Logs::ResourcePolicy", "PolicyDocument")
        | ("AWS::Logs::LogGroup", "ResourcePolicyDocument") => Kind::LogsResource,
        ("AWS::Logs::Destination", "DestinationPolicy") => Kind::LogsDestination,
        ("AWS::Logs::DeliveryDestination", "DeliveryDestinationPolicy") => Kind::LogsDeliveryDestination,
        ("AWS::XRay::ResourcePolicy", "PolicyDocument") => Kind::XrayResource,
        ("AWS::EC2::VPCEndpoint", "PolicyDocument") => Kind::VpcEndpoint,
        ("AWS::EFS::FileSystem", "FileSystemPolicy")
        | ("AWS::Backup::BackupVault", "AccessPolicy")
        | ("AWS::CodeArtifact::Domain" | "AWS::CodeArtifact::Repository", "PermissionsPolicyDocument")
        | ("AWS::DynamoDB::Table", "ResourcePolicy")
        | ("AWS::SNS::TopicPolicy" | "AWS::SQS::QueuePolicy", "PolicyDocument") => Kind::Resource,
        (resource, "PolicyDocument") if resource.starts_with("AWS::IAM::") => Kind::Identity,
        (
            _,
            "PolicyDocument"
            | "PolicyText"
            | "ResourcePolicy"
            | "ResourcePolicyDocument"
            | "RepositoryPolicyText"
            | "Policy"
            | "AccessPolicies"
            | "AccessPolicy",
        ) => return Some(Carrier::Possible(Kind::Resource)),
        _ => return None,
    }))
}

/// Properties in which the policy of a property is, one level deeper.
const NESTED: [&str; 3] = ["DeliveryDestinationPolicy", "PolicyDocument", "ResourcePolicy"];

/// A property's policy, which may be inside an object that names it once more.
fn nested<'src>(
    value: Value<'_, 'src>,
    pointer: String,
    carrier: Carrier,
    found: &mut Vec<PolicyDocument<'src>>,
) {
    let inner = NESTED.iter().find_map(|name| value.member(name).map(|inner| (name, inner)));
    match inner {
        Some((name, inner)) => push(inner, format!("{pointer}/{name}"), carrier, found),
        None => push(value, pointer, carrier, found),
    }
}

fn push<'src>(
    value: Value<'_, 'src>,
    pointer: String,
    carrier: Carrier,
    found: &mut Vec<PolicyDocument<'src>>,
) {
    // A document that a function makes is not known.
    if value.kind() == Json::Object && !is_policy(value) && intrinsic::is_function(value) {
        return;
    }
    let (Carrier::Known(kind) | Carrier::Possible(kind)) = carrier;
    let Some(mut document) = document(value, pointer, Some(kind)) else { return };
    if matches!(carrier, Carrier::Possible(_)) && !document.is_evident() {
        return;
    }
    if value.kind() == Json::Object {
        (document.text, document.functions) = intrinsic::replaced(value);
    }
    found.push(document);
}

/// The document of a resource that has a single statement: the text of its properties with all else blank, so that
/// places and pointers stay what they are.
fn of_statement<'src>(properties: Value<'_, 'src>, pointer: &str) -> Option<PolicyDocument<'src>> {
    const VERSION: &str = "{\"Version\":\"2012-10-17\",";
    let (name, statement) = properties.members().find(|(name, _)| name.value == "Statement")?;
    if statement.kind() != Json::Object || intrinsic::is_function(statement) {
        return None;
    }
    let pointer = pointer.rsplit_once('/')?.0.to_owned();
    let mut document = document(properties, pointer, Some(Kind::Resource))?;
    let (text, functions) = intrinsic::replaced(properties);
    let start = properties.span().start;
    let (from, to) = ((name.span.start - start) as usize, (statement.span().end - start) as usize);
    let opening = if from >= VERSION.len() { VERSION } else { "{" };
    let blank = |length: usize| " ".repeat(length);
    let before = blank(from.checked_sub(opening.len())?);
    let after = blank(text.len().checked_sub(to + 1)?);
    document.text = format!("{opening}{before}{}{after}}}", text.get(from..to)?).into();
    let inside = Span::new(name.span.start - start, statement.span().end - start);
    document.functions = functions.into_iter().filter(|function| inside.contains(function.span)).collect();
    // AWS makes the document of the statement.
    document.scope = Scope::Statement;
    document.evidence = Evidence::Probable;
    Some(document)
}
