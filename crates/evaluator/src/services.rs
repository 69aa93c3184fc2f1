//! What single services do differently: the rules that are about a service and not about policies.
//!
//! Each is a question about the request; where the answers go stands in `decide`.

use bailiwick_matcher::Arn;

use crate::context::Value;
use crate::principal::PrincipalType;
use crate::request::Request;

/// The services that have rules of their own.
///
/// PERF: found out once, when a request is built: asking every rule for the action's text costs some 60 instructions
/// per decision.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Service {
    Events,
    Iam,
    Kms,
    S3,
    Sts,
    /// Any other.
    Plain,
}

impl Service {
    /// The service with this prefix, which is in lower case.
    pub(crate) fn of(prefix: &str) -> Self {
        match prefix {
            "events" => Self::Events,
            "iam" => Self::Iam,
            "kms" => Self::Kms,
            "s3" => Self::S3,
            "sts" => Self::Sts,
            _ => Self::Plain,
        }
    }
}

/// Whether a rule about its service may concern the request, of those that hold whatever is attached.
#[inline]
pub(crate) fn concern(request: &Request<'_>) -> bool {
    match request.service() {
        Service::Plain => false,
        // Its rule is about root users.
        Service::S3 if request.principal().principal_type() != PrincipalType::Account => false,
        _ => concern_rarely(request),
    }
}

/// The same where there may be such a rule.
///
/// PERF: apart, for most requests are about another service, and a branch is cheaper than a table of them.
#[inline(never)]
fn concern_rarely(request: &Request<'_>) -> bool {
    match request.service() {
        Service::Plain => false,
        Service::S3 => ignores_resource_deny(request),
        Service::Kms => requires_resource_policy(request),
        Service::Events => ignores_resource_policy(request),
        Service::Iam => is_closed_to_session(request),
        Service::Sts => {
            needs_no_permission(request) || requires_resource_policy(request) || is_closed_to_session(request)
        }
    }
}

/// Operations that need no permission and that no policy can deny (rule E-49).
#[inline]
pub(crate) fn needs_no_permission(request: &Request<'_>) -> bool {
    if request.service() != Service::Sts {
        return false;
    }
    let is_signed = matches!(
        request.principal().principal_type(),
        PrincipalType::Account
            | PrincipalType::User
            | PrincipalType::AssumedRole
            | PrincipalType::FederatedUser
    );
    match request.action_name() {
        "getcalleridentity" => is_signed,
        "getsessiontoken" => is_signed && !is_closed_to_session(request),
        _ => false,
    }
}

/// Whether the resource's own policy must allow even within one account: a role's trust policy (rule E-40), a KMS
/// key's policy (rule E-42). The action says so, also where the request names its role or key as `*`.
#[inline]
pub(crate) fn requires_resource_policy(request: &Request<'_>) -> bool {
    match request.service() {
        Service::Sts => is_about_a_role(request),
        Service::Kms => is_about_a_key(request),
        _ => false,
    }
}

/// Operations of STS that a role's trust policy must allow. Tags may be passed for a user's federated session too,
/// which has no trust policy.
fn is_about_a_role(request: &Request<'_>) -> bool {
    match request.action_name() {
        "tagsession" | "setsourceidentity" | "setcontext" => {
            Arn::split(request.resource()).is_none_or(|arn| {
                !arn.resource().starts_with("user/") && !arn.resource().starts_with("federated-user/")
            })
        }
        name => name.starts_with("assumerole"),
    }
}

/// Operations of KMS that a key's policy must allow: all but those that are about no key, and those on an alias as
/// far as they are about the alias. What names another service's resource is no call of KMS and has no key.
fn is_about_a_key(request: &Request<'_>) -> bool {
    let (is_kms, is_alias) = Arn::split(request.resource())
        .map_or((true, false), |arn| (arn.service() == "kms", arn.resource().starts_with("alias/")));
    is_kms
        && match request.action_name() {
            "createalias" | "updatealias" | "deletealias" => !is_alias,
            name => !WITHOUT_A_KEY.contains(&name),
        }
}

/// The alias, `alias/…`, by which a request of KMS names its key. AWS authorizes it on the key, whose ARN is then not
/// known; only on an alias itself are the operations that make, move and delete it (rule E-42).
pub(crate) fn alias_of_key<'r>(action_name: &str, resource: &'r str) -> Option<&'r str> {
    let arn = Arn::split(resource).filter(|arn| arn.service() == "kms")?;
    let is_about_alias = matches!(action_name, "createalias" | "updatealias" | "deletealias");
    let is_alias = arn.resource().starts_with("alias/");
    (is_alias && !is_about_alias && !WITHOUT_A_KEY.contains(&action_name)).then_some(arn.resource())
}

/// The operations of KMS that are about no key, in lower case.
const WITHOUT_A_KEY: [&str; 11] = [
    "connectcustomkeystore",
    "createcustomkeystore",
    "createkey",
    "deletecustomkeystore",
    "describecustomkeystores",
    "disconnectcustomkeystore",
    "generaterandom",
    "listaliases",
    "listkeys",
    "listretirablegrants",
    "updatecustomkeystore",
];

/// Operations on a resource's permissions that its own policy has no say in: an event bus's owner manages its
/// policy by identity permissions alone (rule E-63).
#[inline]
pub(crate) fn ignores_resource_policy(request: &Request<'_>) -> bool {
    request.service() == Service::Events
        && matches!(request.action_name(), "putpermission" | "removepermission" | "deleteeventbus")
}

/// S3's way out for a bucket whose policy locks everybody out: the root user of the owner's account may always
/// read, replace and delete the bucket policy, whatever it denies (rule E-45).
#[inline]
pub(crate) fn ignores_resource_deny(request: &Request<'_>) -> bool {
    request.service() == Service::S3
        && request.principal().principal_type() == PrincipalType::Account
        && request.is_same_account()
        && matches!(request.action_name(), "getbucketpolicy" | "putbucketpolicy" | "deletebucketpolicy")
}

/// Whether an operation of S3 is for the owner of the object to permit: what reads the object, or changes what belongs to
/// it. All else, operations that are not known included, is for the bucket's owner (rule E-44).
pub(crate) fn is_up_to_object_owner(request: &Request<'_>) -> bool {
    request.service() == Service::S3
        && (request.action_name().starts_with("getobject") || ON_AN_OBJECT.contains(&request.action_name()))
        && is_object(request.resource())
}

/// The operations of S3 besides the reading ones that are on an object as it is, in lower case.
const ON_AN_OBJECT: [&str; 9] = [
    "deleteobjecttagging",
    "deleteobjectversiontagging",
    "putobjectacl",
    "putobjectlegalhold",
    "putobjectretention",
    "putobjecttagging",
    "putobjectversionacl",
    "putobjectversiontagging",
    "updateobjectencryption",
];

/// Whether an ARN names an object of S3: by its bucket, `BUCKET/KEY`, or through an access point,
/// `accesspoint/NAME/object/KEY`.
fn is_object(resource: &str) -> bool {
    Arn::split(resource).is_some_and(|arn| {
        let mut names = arn.resource().splitn(4, '/');
        arn.service() == "s3"
            && if arn.account().is_empty() {
                names.nth(1).is_some()
            } else {
                names.next() == Some("accesspoint")
                    && names.nth(1) == Some("object")
                    && names.next().is_some()
            }
    })
}

/// What a session may not call whatever its policies say. Those from `sts:GetFederationToken`: IAM and STS (rule
/// E-51). Those from `sts:GetSessionToken`: IAM unless they were asked for with MFA, and STS but for `AssumeRole` (rule
/// E-50). What STS authorizes along with a call, such as tags, is no call.
pub(crate) fn is_closed_to_session(request: &Request<'_>) -> bool {
    let principal = request.principal();
    match request.service() {
        Service::Iam | Service::Sts if principal.principal_type() == PrincipalType::FederatedUser => true,
        Service::Iam => {
            let mfa = || match request.value_of("aws:multifactorauthpresent") {
                Some(Value::One(present)) => present.eq_ignore_ascii_case("true"),
                _ => false,
            };
            principal.has_session_token() && !mfa()
        }
        Service::Sts => {
            principal.has_session_token()
                && !matches!(
                    request.action_name(),
                    "assumerole" | "getcalleridentity" | "tagsession" | "setsourceidentity" | "setcontext"
                )
        }
        _ => false,
    }
}

/// Calls that resource control policies do not reach (rule E-39): of service-linked roles, on resources of the
/// management account, and `kms:RetireGrant`.
pub(crate) fn ignores_resource_control(request: &Request<'_>) -> bool {
    let principal = request.principal();
    principal.is_service_linked_role()
        || request.service() == Service::Kms && request.action_name() == "retiregrant"
        || principal.is_in_management_account()
            && principal.account().is_some()
            && principal.account() == request.resource_account()
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

#[cfg(test)]
mod tests {
    use crate::{Principal, Request};

    #[test]
    fn the_owner_of_an_object_is_asked_for_what_is_on_that_object_alone() {
        let owner = Principal::root("222222222222");
        let is_foreign = |action: &str, resource: &str| {
            let request = Request::new(&owner, action, resource).with_resource_account("111111111111");
            request.with_object_owner("222222222222").is_foreign_object()
        };
        let point = "arn:aws:s3:us-east-1:111111111111:accesspoint/ap";
        for object in ["arn:aws:s3:::b/k", "arn:aws-cn:s3:::b/k/l", &format!("{point}/object/k")] {
            for action in ["GetObject", "GetObjectVersionAcl", "PutObjectTagging"] {
                assert!(is_foreign(&format!("s3:{action}"), object), "{action} on {object}");
            }
            for action in
                ["PutObject", "ReplicateObject", "BypassGovernanceRetention", "PutLifecycleConfiguration"]
            {
                assert!(!is_foreign(&format!("s3:{action}"), object), "{action} on {object}");
            }
        }
        for bucket in ["arn:aws:s3:::b", point, "*", "arn:aws:s3:us-east-1:111111111111:job/object/k/l"] {
            for action in
                ["GetObject", "PutLifecycleConfiguration", "PutEncryptionConfiguration", "GetBucketPolicy"]
            {
                assert!(!is_foreign(&format!("s3:{action}"), bucket), "{action} on {bucket}");
            }
        }
    }
}
