//! Documents in outputs of the AWS CLI, and in files that hold them in members of the same names.
//!
//! Documents are recognized by the name of the member that holds them, at any depth: `PolicyDocument`,
//! `AssumeRolePolicyDocument`, `policyDocument`, `accessPolicy`, …

use bailiwick_source::json::Value;

use super::{PolicyDocument, document, escaped, infer, organization_kind};
use crate::Kind;

/// A value still to be looked into.
struct Place<'doc, 'src> {
    value: Value<'doc, 'src>,
    pointer: String,
    /// The nearest member name on the way that says what the documents below are for.
    owner: Option<Kind>,
}

/// The documents in a value, in the order of the text.
pub(super) fn documents<'src>(root: Value<'_, 'src>, pointer: &str, found: &mut Vec<PolicyDocument<'src>>) {
    let start = found.len();
    let mut places = vec![Place { value: root, pointer: pointer.to_owned(), owner: None }];
    while let Some(place) = places.pop() {
        for (at, item) in place.value.items().enumerate() {
            places.push(Place {
                value: item,
                pointer: format!("{}/{at}", place.pointer),
                owner: place.owner,
            });
        }
        for (name, member) in place.value.members() {
            let pointer = format!("{}/{}", place.pointer, escaped(&name.value));
            let is_holder = HOLDERS.contains(&name.value.as_ref()) && !is_of_iot(place.value);
            let inner = is_holder.then(|| document(member, pointer.clone(), None)).flatten();
            // Many formats have such members; one that is not a policy is looked into like any other.
            if let Some(mut document) = inner.filter(PolicyDocument::is_evident) {
                document.kind = kind(&place, &name.value, &document.text);
                found.push(document);
            } else {
                places.push(Place { value: member, pointer, owner: owner(&name.value).or(place.owner) });
            }
        }
    }
    if let Some(new) = found.get_mut(start..) {
        new.sort_by_key(|document| document.span);
    }
}

/// Whether an output is about a policy of AWS IoT, which looks like IAM's and has a language of its own.
fn is_of_iot(output: Value<'_, '_>) -> bool {
    let arn = output.member("policyArn").and_then(Value::as_str);
    arn.is_some_and(|arn| arn.split(':').nth(2) == Some("iot"))
}

/// Members whose value is a policy document.
const HOLDERS: [&str; 16] = [
    "AssumeRolePolicyDocument",
    "Content",
    "Document",
    "InlinePolicy",
    "KeyPolicy",
    "Policy",
    "PolicyDocument",
    "ResourcePolicy",
    "accessPolicy",
    "deliveryDestinationPolicy",
    "document",
    "keyPolicy",
    "policy",
    "policyDocument",
    "policyText",
    "text",
];

/// Members that determine the kind of the documents below them.
fn owner(name: &str) -> Option<Kind> {
    Some(match name {
        "resourcePolicies" | "resourcePolicy" => Kind::LogsResource,
        "ResourcePolicies" => Kind::XrayResource,
        "VpcEndpoints" => Kind::VpcEndpoint,
        "destinations" => Kind::LogsDestination,
        "UserPolicyList" | "GroupPolicyList" | "RolePolicyList" | "PolicyVersionList" | "PolicyVersion" => {
            Kind::Identity
        }
        _ => return None,
    })
}

/// What the document in a member is for, where the input says so.
fn kind(place: &Place<'_, '_>, name: &str, text: &str) -> Option<Kind> {
    let has = |name: &str| place.value.member(name).is_some();
    match name {
        "AssumeRolePolicyDocument" => Some(Kind::Trust),
        "KeyPolicy" | "keyPolicy" => Some(Kind::KmsKey),
        "InlinePolicy" => Some(Kind::Identity),
        "accessPolicy" => Some(Kind::LogsDestination),
        "deliveryDestinationPolicy" => Some(Kind::LogsDeliveryDestination),
        "ResourcePolicy" | "policyText" => Some(Kind::Resource),
        "Content" => {
            let summary = place.value.member("PolicySummary").and_then(|summary| summary.member("Type"));
            organization_kind(&summary.and_then(Value::as_str)?)
        }
        "Document" => place.owner.or(has("VersionId").then_some(Kind::Identity)),
        "PolicyDocument" => {
            let named = ["UserName", "RoleName", "GroupName"].iter().any(|name| has(name));
            place.owner.or(named.then_some(Kind::Identity))
        }
        "policyDocument" => place.owner,
        // The CLI prints the policies of buckets, keys, functions, queues, … all as `Policy`.
        "Policy" => Some(infer::resource_kind(text)),
        _ => None,
    }
}
