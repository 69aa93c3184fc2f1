//! What single services do differently: the rules that are about a service and not about policies.
//!
//! Each service's file declares its rules as data: which actions, on which resources, of which callers, and
//! what the rule does. What the declared rules do to a request is found out once, when the request is built
//! or changed, and kept in it as one byte of [`Effects`]. A decision tests that byte, so that a rule that
//! is declared is in force.

use std::fmt;

use crate::context::Value;
use crate::principal::{Principal, PrincipalType};
use crate::request::Request;

mod backup;
mod declared;
mod events;
mod iam;
mod kms;
mod lambda;
mod logs;
mod organizations;
pub(crate) mod s3;
mod sqs;
mod sts;

pub(crate) use self::declared::{Candidates, Effects};
use self::declared::{Owner, Rule};
pub(crate) use self::kms::alias_of_key;
pub(crate) use self::s3::is_up_to_object_owner;

/// The services that have rules of their own.
///
/// PERF: found out once, when a request is built: asking every rule for the action's text costs some 60
/// instructions per decision.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Service {
    Backup,
    Events,
    Iam,
    Kms,
    Lambda,
    Logs,
    Organizations,
    S3,
    Sqs,
    Sts,
    /// Any other.
    Plain,
}

impl Service {
    /// The service with this prefix, which is in lower case.
    pub(crate) fn of(prefix: &str) -> Self {
        match prefix {
            "backup" => Self::Backup,
            "events" => Self::Events,
            "iam" => Self::Iam,
            "kms" => Self::Kms,
            "lambda" => Self::Lambda,
            "logs" => Self::Logs,
            "organizations" => Self::Organizations,
            "s3" => Self::S3,
            "sqs" => Self::Sqs,
            "sts" => Self::Sts,
            _ => Self::Plain,
        }
    }

    fn rules(self) -> &'static [Rule] {
        match self {
            Self::Backup => backup::RULES,
            Self::Events => events::RULES,
            Self::Iam => iam::RULES,
            Self::Kms => kms::RULES,
            Self::Lambda => lambda::RULES,
            Self::Logs => logs::RULES,
            Self::Organizations => organizations::RULES,
            Self::S3 => s3::RULES,
            Self::Sqs => sqs::RULES,
            Self::Sts => sts::RULES,
            Self::Plain => &[],
        }
    }
}

const _: () = assert!(
    Candidates::hold(backup::RULES)
        && Candidates::hold(events::RULES)
        && Candidates::hold(iam::RULES)
        && Candidates::hold(kms::RULES)
        && Candidates::hold(lambda::RULES)
        && Candidates::hold(logs::RULES)
        && Candidates::hold(organizations::RULES)
        && Candidates::hold(s3::RULES)
        && Candidates::hold(sqs::RULES)
        && Candidates::hold(sts::RULES)
        && Candidates::hold(AWS_OWNED)
);

/// Rules E-65 and E-39: what belongs to AWS, where nothing says that an account's policies decide about it,
/// has no policy that could allow, and is in no organization.
const AWS_OWNED: &[Rule] = &[Rule {
    owner: Owner::Aws,
    name: Some(ServiceRule::AwsOwned),
    ..Rule::that(Effects::CALLER_DECIDES.and(Effects::SPARES_RESOURCE_CONTROL))
}];

/// The rules of the service that are about a caller and an action.
#[inline]
pub(crate) fn candidates(service: Service, principal: &Principal<'_>, action: &str) -> Candidates {
    match service.rules() {
        [] => Candidates::default(),
        rules => Candidates::of(rules, principal, action),
    }
}

/// What the rules about its service do to a request.
#[inline]
pub(crate) fn effects(request: &Request<'_>) -> Effects {
    let candidates = request.candidates();
    let mut all = Effects::default();
    if !candidates.is_empty() {
        all = declared::effects(request.service().rules(), candidates, request);
    }
    if request.is_on_aws_own() {
        let candidates = Candidates::of(AWS_OWNED, request.principal(), request.action_name());
        all = all.and(declared::effects(AWS_OWNED, candidates, request));
    }
    all
}

/// Whether a rule about the service refuses the request, whatever the policies allow.
#[inline]
pub(crate) fn refuses(request: &Request<'_>) -> bool {
    let effects = request.effects();
    effects.has(Effects::REFUSES) || effects.has(Effects::REFUSES_WITHOUT_MFA) && lacks_mfa(request)
}

fn lacks_mfa(request: &Request<'_>) -> bool {
    match request.value_of("aws:multifactorauthpresent") {
        Some(Value::One(present)) => !present.eq_ignore_ascii_case("true"),
        _ => true,
    }
}

/// The rule that refuses a request, else the one that silences the resource policy, where that matters.
pub(crate) fn rule(request: &Request<'_>, resource_matters: bool) -> Option<ServiceRule> {
    if request.effects().has(Effects::NEEDS_NO_PERMISSION) {
        return None;
    }
    let named = |does| {
        let own = declared::named(request.service().rules(), request, does);
        own.or_else(|| declared::named(AWS_OWNED, request, does))
    };
    let refusing = if refuses(request) {
        named(Effects::REFUSES).or_else(|| named(Effects::REFUSES_WITHOUT_MFA))
    } else {
        None
    };
    refusing.or_else(|| {
        resource_matters.then(|| named(Effects::SILENCES_RESOURCE.and(Effects::CALLER_DECIDES))).flatten()
    })
}

/// A rule about a service that refuses requests whatever the policies say, or by which a resource policy
/// does not count.
///
/// Its text for programs is [`as_str`](Self::as_str); it displays as a sentence.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ServiceRule {
    /// A KMS key policy reaches other accounts' callers for some operations only (rule E-64).
    KeyPolicyAcrossAccounts,
    /// A bucket policy is managed by callers of the bucket's account alone (rule E-64).
    BucketPolicyOfOwner,
    /// A queue policy does not reach other accounts' callers for some operations (rule E-64).
    QueuePolicyAcrossAccounts,
    /// Resource policies of CloudWatch Logs are for services that write (rule E-64).
    LogsPolicyForServices,
    /// Policies of destinations in CloudWatch Logs reach other accounts' callers for one call each (rule
    /// E-64).
    DestinationPolicyAcrossAccounts,
    /// The policy of a layer's version reaches other accounts' callers for `lambda:GetLayerVersion` only
    /// (rule E-64).
    LayerPolicyAcrossAccounts,
    /// A vault's access policy reaches other accounts' callers for `backup:CopyIntoBackupVault` only (rule
    /// E-64).
    VaultPolicyAcrossAccounts,
    /// A trust policy decides about a few actions of STS only (rules E-64, G-41).
    TrustPolicyActions,
    /// An event bus's policy does not decide who manages the bus (rule E-63).
    EventBusPolicy,
    /// For what belongs to AWS the caller's policies must allow, and no other (rule E-65).
    AwsOwned,
    /// What AWS manages can be changed by AWS only (rule E-65).
    AwsOwnedUnchangeable,
    /// AWS alone changes service-linked and other reserved roles (rule E-66).
    ReservedRole,
    /// The aliases `alias/aws/…` are reserved for AWS (rule E-66).
    ReservedAlias,
    /// Sessions of `sts:GetFederationToken` call neither IAM nor STS (rule E-51).
    FederatedUserSession,
    /// Credentials from `sts:GetSessionToken` call IAM with MFA only, and of STS `AssumeRole` only (rule
    /// E-50).
    SessionToken,
    /// Root users assume no roles, and no other account's root (rule E-67).
    RootAssumesNoRole,
    /// Sessions of roles get neither session tokens nor federation tokens (rule E-67).
    RoleSessionGetsNoToken,
    /// Who is vouched for by an identity provider calls `AssumeRoleWithSAML` and
    /// `AssumeRoleWithWebIdentity`, and others do not (rule E-67).
    FederatedCalls,
}

impl ServiceRule {
    /// The rule's name in answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.texts().0
    }

    const fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::KeyPolicyAcrossAccounts => (
                "keyPolicyAcrossAccounts",
                "KMS does not apply a key policy to this action when the caller is of another \
                 account: only cryptographic operations, grants and a few reading operations work \
                 across accounts",
            ),
            Self::BucketPolicyOfOwner => (
                "bucketPolicyOfOwner",
                "S3 lets only callers of the bucket's own account read, replace or delete a bucket \
                 policy",
            ),
            Self::QueuePolicyAcrossAccounts => (
                "queuePolicyAcrossAccounts",
                "SQS does not apply a queue policy to this action when the caller is of another \
                 account",
            ),
            Self::LogsPolicyForServices => (
                "logsPolicyForServices",
                "CloudWatch Logs applies account and log group policies to AWS services only, and to \
                 logs:CreateLogStream and logs:PutLogEvents only",
            ),
            Self::DestinationPolicyAcrossAccounts => (
                "destinationPolicyAcrossAccounts",
                "CloudWatch Logs applies the policy of a destination to other accounts for \
                 logs:PutSubscriptionFilter and logs:PutAccountPolicy only, and that of a delivery \
                 destination for logs:CreateDelivery only",
            ),
            Self::LayerPolicyAcrossAccounts => (
                "layerPolicyAcrossAccounts",
                "Lambda applies the policy of a layer version to other accounts for \
                 lambda:GetLayerVersion only",
            ),
            Self::VaultPolicyAcrossAccounts => (
                "vaultPolicyAcrossAccounts",
                "AWS Backup accepts no request of another account on a backup vault but \
                 backup:CopyIntoBackupVault",
            ),
            Self::TrustPolicyActions => (
                "trustPolicyActions",
                "IAM and STS have one resource policy, a role's trust policy, and it decides only who \
                 assumes the role, with which tags, source identity and context",
            ),
            Self::EventBusPolicy => {
                ("eventBusPolicy", "EventBridge does not ask the policy of an event bus who manages the bus")
            }
            Self::AwsOwned => (
                "awsOwned",
                "The resource belongs to AWS: the caller's own policies must allow, and a resource \
                 policy cannot",
            ),
            Self::AwsOwnedUnchangeable => {
                ("awsOwnedUnchangeable", "The resource belongs to AWS, and only AWS can change it")
            }
            Self::ReservedRole => (
                "reservedRole",
                "The role is under a path that is reserved for AWS services, and only AWS can change \
                 it",
            ),
            Self::ReservedAlias => {
                ("reservedAlias", "Aliases that begin with alias/aws/ are reserved for AWS managed keys")
            }
            Self::FederatedUserSession => (
                "federatedUserSession",
                "A session of sts:GetFederationToken cannot call IAM, and of STS only \
                 sts:GetCallerIdentity",
            ),
            Self::SessionToken => (
                "sessionToken",
                "Credentials from sts:GetSessionToken can call IAM only when they were requested with \
                 MFA, and of STS only sts:AssumeRole and sts:GetCallerIdentity",
            ),
            Self::RootAssumesNoRole => {
                ("rootAssumesNoRole", "A root user cannot call sts:AssumeRole or sts:AssumeRoot")
            }
            Self::RoleSessionGetsNoToken => (
                "roleSessionGetsNoToken",
                "A role session cannot call sts:GetSessionToken or sts:GetFederationToken: they need \
                 the long-term credentials of a user",
            ),
            Self::FederatedCalls => (
                "federatedCalls",
                "sts:AssumeRoleWithSAML and sts:AssumeRoleWithWebIdentity are called with an identity \
                 provider's assertion or token, and nothing else is called with one",
            ),
        }
    }
}

impl fmt::Display for ServiceRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.texts().1)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for ServiceRule {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Calls that resource control policies do not reach (rule E-39): of service-linked roles, on resources of
/// the management account, and what a service's rules say.
pub(crate) fn ignores_resource_control(request: &Request<'_>) -> bool {
    let principal = request.principal();
    principal.is_service_linked_role()
        || request.effects().has(Effects::SPARES_RESOURCE_CONTROL)
        || principal.is_in_management_account()
            && principal.account().is_some()
            && principal.account() == request.resource_account()
}

/// Whether service control policies concern the principal: those of member accounts, but for service-linked
/// roles (rules E-29, E-33).
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
