//! What an answer rests on that the request does not say.

use bailiwick_normalizer::PolicyKind;
use bailiwick_source::Quoted;

use super::request::OwnedRequest;
use crate::combine::Decision;
use crate::explain::Explanation;
use crate::request::Request;

/// What the answer rests on that was not given; `decisive` is the action that the answer is about.
pub(super) fn notes(
    asked: &OwnedRequest,
    decisive: &str,
    has_resource_policies: bool,
    request: &Request<'_>,
    explanation: &Explanation<'_>,
) -> Vec<String> {
    let mut notes = Vec::new();
    let is_resource_missing = !has_resource_policies
        && explanation.rule.is_none()
        && explanation.decision == Decision::ImplicitDeny
        && explanation.blocked_by.contains(PolicyKind::Resource);
    if is_resource_missing {
        let missing = match request.action().split(':').next() {
            Some("sts") => "the role's trust policy is not given, which must always allow",
            Some("kms") => "the key policy is not given, which must always allow",
            _ => "the resource's policy is not given, which must allow across accounts",
        };
        notes.push(missing.to_owned());
    }
    if request.is_foreign_object() {
        notes.push(
            "the object is another account's than the bucket: the bucket policy's Allows do not reach it, \
             and what an ACL allows is not evaluated"
                .to_owned(),
        );
    }
    if request.resource() != asked.resource() {
        notes.push(
            "the request names a key by an alias, and AWS authorizes on the key: what speaks of single keys \
             is not known to be about this one; ask with the key's ARN, and the alias as kms:RequestAlias"
                .to_owned(),
        );
    }
    let arn_has_account = asked.resource().split(':').nth(4).is_some_and(|account| !account.is_empty());
    if asked.resource_account().is_none()
        && !arn_has_account
        && let Some(account) = request.resource_account()
    {
        notes.push(format!(
            "resourceAccount is not given and the resource's ARN names none: taken to be the principal's \
             account {account}"
        ));
    }
    let (_, name) = decisive.split_once(':').unwrap_or_default();
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        let action = Quoted(decisive);
        notes.push(format!("no action of AWS is spelled {action}: only an entry with a wildcard matches it"));
    }
    if holds_stray_wildcards(asked.resource()) {
        notes.push(
            "the resource holds `*` or `?`, which stand for themselves: the request is about one resource, \
             not about all that match"
                .to_owned(),
        );
    }
    if decisive != asked.action() {
        notes
            .push(format!("the answer is about {decisive}, which the call needs besides {}", asked.action()));
    }
    notes
}

/// Whether a request's resource holds wildcard characters where AWS puts none: it ends the ARN of what is yet
/// to be made with `/*` and that of a log group with `:*`, which S3, whose names may end so, does not.
fn holds_stray_wildcards(resource: &str) -> bool {
    let own = resource.splitn(6, ':').nth(5).unwrap_or_default();
    let own = match own.strip_suffix("/*").or_else(|| own.strip_suffix(":*")) {
        Some(own_but_end) if resource.split(':').nth(2) != Some("s3") => own_but_end,
        _ => own,
    };
    own.contains(['*', '?'])
}
