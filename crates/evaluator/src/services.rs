//! What single services do differently: the rules that are about a service and not about policies.
//!
//! Each is a question about the request; where the answers go stands in `decide`.

use bailiwick_matcher::Arn;

use crate::principal::PrincipalType;
use crate::request::Request;

/// Operations that need no permission and that no policy can deny (rule E-49).
pub(crate) fn needs_no_permission(request: &Request<'_>) -> bool {
    let is_signed = matches!(
        request.principal().principal_type(),
        PrincipalType::Account
            | PrincipalType::User
            | PrincipalType::AssumedRole
            | PrincipalType::FederatedUser
    );
    match request.action() {
        "sts:getcalleridentity" => is_signed,
        "sts:getsessiontoken" => is_signed && !is_closed_to_federated_users(request),
        _ => false,
    }
}

/// Whether the resource's own policy must allow even within one account: a role's trust policy (rule E-40), a KMS
/// key's policy (rule E-42).
pub(crate) fn requires_resource_policy(request: &Request<'_>) -> bool {
    match request.service() {
        "sts" => is_resource("iam", "role/", request),
        "kms" => is_resource("kms", "key/", request),
        _ => false,
    }
}

fn is_resource(service: &str, kind: &str, request: &Request<'_>) -> bool {
    Arn::split(request.resource())
        .is_some_and(|arn| arn.service() == service && arn.resource().starts_with(kind))
}

/// Operations on a resource's permissions that its own policy has no say in: an event bus's owner manages its
/// policy by identity permissions alone.
pub(crate) fn ignores_resource_policy(request: &Request<'_>) -> bool {
    matches!(request.action(), "events:putpermission" | "events:removepermission" | "events:deleteeventbus")
}

/// S3's way out for a bucket whose policy locks everybody out: the root user of the owner's account may always
/// read, replace and delete the bucket policy, whatever it denies (rule E-45).
pub(crate) fn ignores_resource_deny(request: &Request<'_>) -> bool {
    request.principal().principal_type() == PrincipalType::Account
        && request.is_same_account()
        && matches!(request.action(), "s3:getbucketpolicy" | "s3:putbucketpolicy" | "s3:deletebucketpolicy")
}

/// Sessions from `sts:GetFederationToken` may call neither IAM nor STS, whatever their policies say (rule E-51).
pub(crate) fn is_closed_to_federated_users(request: &Request<'_>) -> bool {
    request.principal().principal_type() == PrincipalType::FederatedUser
        && matches!(request.service(), "iam" | "sts")
}

/// Calls that resource control policies do not reach (rule E-39): of service-linked roles, on resources of the
/// management account, and `kms:RetireGrant`.
pub(crate) fn ignores_resource_control(request: &Request<'_>) -> bool {
    let principal = request.principal();
    principal.is_service_linked_role()
        || request.action() == "kms:retiregrant"
        || principal.is_in_management_account() && request.is_same_account()
}

/// Whether service control policies concern the principal: those of member accounts, but for service-linked roles
/// (rules E-29, E-33).
pub(crate) fn ignores_service_control(request: &Request<'_>) -> bool {
    let principal = request.principal();
    principal.is_service_linked_role()
        || principal.is_in_management_account()
        || !matches!(
            principal.principal_type(),
            PrincipalType::Account
                | PrincipalType::User
                | PrincipalType::AssumedRole
                | PrincipalType::FederatedUser
        )
}
