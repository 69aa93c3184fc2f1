//! What a step leaves out: which documents decide, how they do, and who owns the resource.

use bailiwick_evaluator::PolicyKind;

use crate::policies::{self, Policies};
use crate::step::{Caller, Combine};
use bailiwick_environment::DocumentKind;
use bailiwick_environment::arn::field;
use bailiwick_environment::{DocumentGroup, Environment};

/// Where no document of the resource is listed, it has none; one that is added later counts.
pub(super) fn with_resource(
    mut listed: Vec<DocumentGroup>,
    usual: &[DocumentGroup],
    environment: &Environment,
) -> Vec<DocumentGroup> {
    let is_resource = |want: &DocumentGroup| {
        let documents = environment.find(want).documents;
        documents.iter().any(|document| document.id.kind.policy_kind() == PolicyKind::Resource)
    };
    if !listed.iter().any(is_resource) {
        listed.extend(usual.iter().find_map(|want| match want {
            DocumentGroup::Attached(kind, arn) | DocumentGroup::ResourceSide(kind, arn) => {
                Some(DocumentGroup::AttachedOrNone(*kind, arn.clone()))
            }
            _ => None,
        }));
    }
    listed
}

/// Which side decides where the step does not say it: services and strangers need the resource's Allow, everybody
/// else follows the rules of one account or of two.
pub(super) fn usual_combine(caller: &Caller, resource: &str) -> Combine {
    match caller.account() {
        None => Combine::Resource,
        Some(account) if field(resource, 4).is_empty() || field(resource, 4) == account => {
            Combine::IdentityOrResource
        }
        Some(_) => Combine::IdentityAndResource,
    }
}

/// The documents that decide about a call, where the step does not list them.
pub(super) fn usual_documents(
    caller: &Caller,
    action: &str,
    resource: &str,
    combine: Combine,
) -> Vec<DocumentGroup> {
    let mut wants = Vec::new();
    if let Caller::Arn(arn) = caller
        && combine != Combine::Resource
        && !arn.ends_with(":root")
        && arn.starts_with("arn:")
    {
        wants.push(DocumentGroup::Identity(arn.clone()));
    }
    if combine == Combine::Identity {
        return wants;
    }
    match policies::of(action, resource) {
        // Streams and buses are seldom without the callers' own policies.
        Policies::Document(kind @ (DocumentKind::Stream | DocumentKind::EventBus), arn)
            if !caller.is_service() =>
        {
            wants.push(DocumentGroup::ResourceSide(kind, arn));
        }
        Policies::Document(kind, arn) => wants.push(DocumentGroup::Attached(kind, arn)),
        // Only services are under the resource policies of CloudWatch Logs.
        Policies::LogGroup(group) if caller.is_service() => wants.push(DocumentGroup::LogGroup(group)),
        Policies::LogGroup(_) | Policies::None | Policies::Unknown => {}
    }
    wants
}

/// Who owns a resource whose ARN does not say it: the account that the consulted document of the resource
/// belongs to.
pub(super) fn owner(environment: &Environment, resource: &str, consult: &[DocumentGroup]) -> Option<String> {
    if !field(resource, 4).is_empty() || resource == "*" {
        return None;
    }
    let documents = consult.iter().flat_map(|want| environment.find(want).documents);
    let mut owners = documents
        .filter(|document| document.id.kind.policy_kind() == PolicyKind::Resource)
        .map(|document| document.id.account);
    owners.next().filter(|account| !account.is_empty())
}
