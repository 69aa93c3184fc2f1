//! The traversal: every applicable policy's statements, kind by kind, then the combination.

use bailiwick_normalizer::PolicyKind;
use bailiwick_parser::syntax::Effect;

use crate::combine::{Caller, Decision, Grant, Outcome, Outcomes, Situation, Verdict, combine};
use crate::compiled::CompiledPolicy;
use crate::explain::{Explanation, Recorder};
use crate::kms::{Consent, KmsGrant};
use crate::principal::PrincipalType;
use crate::request::Request;
use crate::services;
use crate::statement::{Limits, Observer, Place, Unobserved, applies};

/// The policies that are attached to what a request touches, by kind. A kind that is `None` does not apply: no
/// boundary is attached, the request came through no VPC endpoint. An empty list is attached and says nothing.
///
/// ```
/// use bailiwick_evaluator::{CompiledPolicy, Decision, Policies, Principal, Request};
/// use bailiwick_normalizer::{PolicyKind, normalize};
///
/// let text = r#"{"Version": "2012-10-17", "Statement": {
///     "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::reports/${aws:username}/*"}}"#;
/// let document = bailiwick_parser::parse(text)?;
/// let policy = CompiledPolicy::new(normalize(&document, Some(PolicyKind::Identity))?);
///
/// let amy = Principal::from_arn("arn:aws:iam::111122223333:user/amy").unwrap();
/// let policies = Policies { identity: Some(&[&policy]), ..Policies::default() };
/// let decide = |key| policies.decide(&Request::new(&amy, "s3:GetObject", key));
/// assert_eq!(decide("arn:aws:s3:::reports/amy/2024.csv"), Decision::Allowed);
/// assert_eq!(decide("arn:aws:s3:::reports/bob/2024.csv"), Decision::ImplicitDeny);
/// # Ok::<(), bailiwick_parser::Errors>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Policies<'p> {
    /// Identity policies of the caller: managed and inline, a user's groups' included.
    pub identity: Option<&'p [&'p CompiledPolicy]>,
    /// All resource policies of the resource.
    pub resource: Option<&'p [&'p CompiledPolicy]>,
    /// The caller's permissions boundary.
    pub permissions_boundary: Option<&'p [&'p CompiledPolicy]>,
    /// The session's policies.
    pub session: Option<&'p [&'p CompiledPolicy]>,
    /// Service control policies: levels from the organization's root to the account, each of which must allow.
    pub service_control: Option<&'p [&'p [&'p CompiledPolicy]]>,
    /// Resource control policies, by level; every level holds `RCPFullAWSAccess` besides those given.
    pub resource_control: Option<&'p [&'p [&'p CompiledPolicy]]>,
    /// The policy of the VPC endpoint the request came through.
    pub vpc_endpoint: Option<&'p [&'p CompiledPolicy]>,
    /// Grants on the KMS key that the request is about.
    pub grants: &'p [KmsGrant],
}

impl<'p> Policies<'p> {
    /// Decides the request. Allocates nothing, does no I/O and cannot fail.
    #[must_use]
    pub fn decide(&self, request: &Request<'_>) -> Decision {
        self.traverse(request, &mut Unobserved).decision
    }

    /// Decides the request and says why: the same traversal, with every statement looked at to its end.
    #[must_use]
    pub fn explain(&self, request: &Request<'_>) -> Explanation<'p> {
        let mut recorder = Recorder::new(self, request);
        let verdict = self.traverse(request, &mut recorder);
        recorder.into_explanation(verdict)
    }

    fn traverse<O: Observer<'p>>(&self, request: &Request<'_>, observer: &mut O) -> Verdict {
        if services::needs_no_permission(request) {
            return Verdict::ALLOWED;
        }
        let caller = caller_of(request);
        let has_identity = matches!(caller, Caller::UserOrRole | Caller::FederatedUser);
        let limits = Limits { has_boundary: has_identity && self.permissions_boundary.is_some() };
        let mut walk = Walk { request, limits, observer, denied: false };

        let resource_policies = self.resource.filter(|_| !services::ignores_resource_policy(request));
        let (mut resource, mut grant) = walk.resource(resource_policies);
        if resource == Outcome::Denies && services::ignores_resource_deny(request) {
            resource = Outcome::Silent;
            walk.denied = false;
        }
        if resource == Outcome::Allows && self.is_closed_to_the_public(request) {
            (resource, grant) = (Outcome::Silent, None);
        }
        let consent = self.consent(request);
        if let Some(consent) = consent
            && resource != Outcome::Denies
        {
            resource = Outcome::Allows;
            // Rule E-20: what names the caller across accounts lifts nothing, also not beside a grant that works as
            // in one account.
            let lifting = request.is_same_account() || !consent.from_callers_account;
            grant = grant.filter(|_| lifting).max(Some(consent.grant));
        }
        let outcomes = Outcomes {
            resource,
            grant,
            identity: walk.kind(PolicyKind::Identity, self.identity.filter(|_| has_identity)),
            permissions_boundary: walk
                .kind(PolicyKind::PermissionsBoundary, self.permissions_boundary.filter(|_| has_identity)),
            session: walk
                .kind(PolicyKind::Session, self.session.filter(|_| has_identity || caller == Caller::Root)),
            service_control: walk.levels(
                PolicyKind::ServiceControl,
                self.service_control.filter(|_| !services::ignores_service_control(request)),
            ),
            resource_control: walk.levels(
                PolicyKind::ResourceControl,
                self.resource_control.filter(|_| !services::ignores_resource_control(request)),
            ),
            vpc_endpoint: walk.kind(PolicyKind::VpcEndpoint, self.vpc_endpoint),
        };
        let situation = Situation {
            caller,
            same_account: request.is_same_account()
                || consent.is_some_and(|consent| consent.from_callers_account),
            resource_policy_required: services::requires_resource_policy(request),
        };
        let verdict = combine(situation, &outcomes);
        if verdict.decision.is_allowed() && services::is_closed_to_federated_users(request) {
            return Verdict::blocked_by(PolicyKind::Session);
        }
        verdict
    }

    /// The strongest consent of the key's grants (rule E-43).
    fn consent(&self, request: &Request<'_>) -> Option<Consent> {
        if self.grants.is_empty() || request.service() != "kms" {
            return None;
        }
        self.grants
            .iter()
            .filter_map(|grant| grant.consent(request))
            .max_by_key(|consent| (consent.from_callers_account, consent.grant))
    }

    /// Whether Block Public Access takes the bucket policy's Allows from the caller (rule E-46): a policy that is
    /// public serves only the owner's account and AWS services.
    fn is_closed_to_the_public(&self, request: &Request<'_>) -> bool {
        request.public_access_block().restrict_public_buckets
            && request.service() == "s3"
            && !request.is_same_account()
            && request.principal().principal_type() != PrincipalType::Service
            && self.resource.into_iter().flatten().any(|policy| policy.is_public())
    }
}

fn caller_of(request: &Request<'_>) -> Caller {
    match request.principal().principal_type() {
        PrincipalType::Account => Caller::Root,
        PrincipalType::User | PrincipalType::AssumedRole => Caller::UserOrRole,
        PrincipalType::FederatedUser => Caller::FederatedUser,
        PrincipalType::Anonymous
        | PrincipalType::Service
        | PrincipalType::Federated
        | PrincipalType::CanonicalUser => Caller::WithoutIdentity,
    }
}

/// A walk over the kinds, which ends early once something denies and nobody wants to know more.
struct Walk<'w, 'r, O> {
    request: &'w Request<'r>,
    limits: Limits,
    observer: &'w mut O,
    denied: bool,
}

impl<'p, O: Observer<'p>> Walk<'_, '_, O> {
    fn resource(&mut self, policies: Option<&'p [&'p CompiledPolicy]>) -> (Outcome, Option<Grant>) {
        let Some(policies) = policies else { return (Outcome::NotApplicable, None) };
        self.list(PolicyKind::Resource, 0, policies, Grant::Session)
    }

    fn kind(&mut self, kind: PolicyKind, policies: Option<&'p [&'p CompiledPolicy]>) -> Outcome {
        // How a limiting kind names the caller is of no interest: any Allow is as good as the strongest.
        policies.map_or(Outcome::NotApplicable, |policies| self.list(kind, 0, policies, Grant::Account).0)
    }

    /// Organizations' policies: a Deny at any level counts (rule E-35), and each level must allow (rule E-34); of
    /// resource control policies each level does (rule E-39).
    fn levels(&mut self, kind: PolicyKind, levels: Option<&'p [&'p [&'p CompiledPolicy]]>) -> Outcome {
        let Some(levels) = levels else { return Outcome::NotApplicable };
        let implied = if kind == PolicyKind::ResourceControl { Outcome::Allows } else { Outcome::Silent };
        let mut all = Outcome::Allows;
        for (level, policies) in levels.iter().enumerate() {
            match self.list(kind, level, policies, Grant::Account).0 {
                Outcome::Denies => all = Outcome::Denies,
                Outcome::Silent if all == Outcome::Allows => all = implied,
                _ => {}
            }
            if self.is_done() {
                break;
            }
        }
        all
    }

    /// The statements of one list of policies, a union (rule E-3). An Allow that names the caller as strongly as
    /// `enough` makes further Allows uninteresting.
    fn list(
        &mut self,
        kind: PolicyKind,
        level: usize,
        policies: &'p [&'p CompiledPolicy],
        enough: Grant,
    ) -> (Outcome, Option<Grant>) {
        let mut strongest: Option<Grant> = None;
        let mut denies = false;
        if self.is_done() {
            return (Outcome::Silent, None);
        }
        for (policy, compiled) in policies.iter().enumerate() {
            let place = Place { kind, level, policy };
            for statement in compiled.statements() {
                let is_allow = statement.effect == Effect::Allow;
                if !O::EXHAUSTIVE && is_allow && strongest.is_some_and(|grant| grant >= enough) {
                    // A policy's Deny statements stand before its Allows.
                    break;
                }
                let Some(grant) = applies(statement, place, self.limits, self.request, self.observer) else {
                    continue;
                };
                if is_allow {
                    strongest = strongest.max(Some(grant));
                } else {
                    denies = true;
                    self.denied = true;
                    if self.is_done() {
                        return (Outcome::Denies, None);
                    }
                }
            }
        }
        let outcome = match (denies, strongest) {
            (true, _) => Outcome::Denies,
            (false, Some(_)) => Outcome::Allows,
            (false, None) => Outcome::Silent,
        };
        (outcome, strongest)
    }

    fn is_done(&self) -> bool {
        self.denied && !O::EXHAUSTIVE
    }
}
