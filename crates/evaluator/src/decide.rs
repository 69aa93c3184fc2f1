//! The traversal: every applicable policy's statements, kind by kind, then the combination.

use std::cmp::Reverse;
use std::ops::ControlFlow;

use bailiwick_normalizer::PolicyKind;
use bailiwick_parser::syntax::Effect;

use crate::attached::Attached;
use crate::combine::{Caller, Decision, Grant, Outcome, Outcomes, Situation, Verdict, combine};
use crate::compiled::CompiledPolicy;
use crate::explain::{Explanation, Recorder, near_grants};
use crate::index::SMALL;
use crate::kms::{Consent, KmsGrant};
use crate::principal::PrincipalType;
use crate::request::Request;
use crate::services::{self, Effects, Service};
use crate::statement::{Limits, Observer, Place, Subject, Unobserved, applies};

/// The policies that are attached to what a request touches, by kind. A kind of which nothing is attached
/// does not apply: there is no boundary, the request came through no VPC endpoint. An empty list is attached and says
/// nothing.
///
/// ```
/// use bailiwick_evaluator::{Attached, CompiledPolicy, Decision, Policies, Principal, Request};
/// use bailiwick_normalizer::{PolicyKind, normalize};
///
/// let text = r#"{"Version": "2012-10-17", "Statement": {
///     "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::reports/${aws:username}/*"}}"#;
/// let document = bailiwick_parser::parse(text)?;
/// let policy = CompiledPolicy::new(normalize(&document, Some(PolicyKind::Identity))?);
///
/// let amy = Principal::from_arn("arn:aws:iam::111122223333:user/amy").unwrap();
/// let policies = Policies { identity: Attached::List(&[&policy]), ..Policies::default() };
/// let decide = |key| policies.decide(&Request::new(&amy, "s3:GetObject", key));
/// assert_eq!(decide("arn:aws:s3:::reports/amy/2024.csv"), Decision::Allowed);
/// assert_eq!(decide("arn:aws:s3:::reports/bob/2024.csv"), Decision::ImplicitDeny);
/// # Ok::<(), bailiwick_source::Errors>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Policies<'p> {
    /// Identity policies of the caller: managed and inline, a user's groups' included.
    pub identity: Attached<'p>,
    /// All resource policies of the resource.
    pub resource: Attached<'p>,
    /// The caller's permissions boundary.
    pub permissions_boundary: Attached<'p>,
    /// The session's policies.
    pub session: Attached<'p>,
    /// Service control policies: levels from the organization's root to the account, each of which must allow. A level
    /// without a policy denies; `None`, and `Some(&[])`, a list of no levels, limit nothing (rule E-36).
    pub service_control: Option<&'p [Attached<'p>]>,
    /// Resource control policies, by level; every level holds `RCPFullAWSAccess` besides those given.
    pub resource_control: Option<&'p [Attached<'p>]>,
    /// The policy of the VPC endpoint the request came through.
    pub vpc_endpoint: Attached<'p>,
    /// Grants on the KMS key that the request is about.
    pub grants: &'p [KmsGrant],
}

impl<'p> Policies<'p> {
    /// Decides the request. Allocates nothing, does no I/O and cannot fail.
    #[must_use]
    pub fn decide(&self, request: &Request<'_>) -> Decision {
        if self.has_sides_alone() && !request.effects().concern() {
            return self.decide_sides(request);
        }
        self.traverse(request, &mut Unobserved).decision
    }

    /// Decides the request and says why: the same traversal, with every statement looked at to its end.
    #[must_use]
    pub fn explain(&self, request: &Request<'_>) -> Explanation<'p> {
        let mut recorder = Recorder::new(request);
        let verdict = self.traverse(request, &mut recorder);
        let mut explanation = recorder.into_explanation(verdict);
        let resource_matters =
            self.resource.is_attached() || verdict.blocked_by.contains(PolicyKind::Resource);
        explanation.rule = services::rule(request, resource_matters);
        if !verdict.decision.is_allowed() && request.service() == Service::Kms {
            let (near, missing) = near_grants(self.grants, request);
            (explanation.near_grants, explanation.missing_encryption_context) = (near, missing);
        }
        explanation
    }

    /// Whether nothing is attached but to the two sides, the caller and the resource.
    #[inline]
    fn has_sides_alone(&self) -> bool {
        // Without short cuts, so that all of them are one branch.
        !(self.permissions_boundary.is_attached()
            | self.session.is_attached()
            | self.vpc_endpoint.is_attached()
            | self.service_control.is_some()
            | self.resource_control.is_some()
            | !self.grants.is_empty())
    }

    /// What [`traverse`](Self::traverse) comes to when there are but the two sides and no service has a say of its own.
    ///
    /// PERF: most decisions are like this, and the combination with five kinds known to be absent takes a tenth of
    /// its 200 instructions. Explanations are traversals of all kinds, and a law compares the two.
    #[inline]
    fn decide_sides(&self, request: &Request<'_>) -> Decision {
        let caller = request.caller();
        let limits = Limits { has_boundary: false };
        let mut walk = Walk { request, limits, observer: &mut Unobserved, denied: false };
        let applies = !request.effects().has(Effects::SILENCES_RESOURCE);
        let (mut resource, mut grant) = walk.resource(applies, &self.resource);
        if resource == Outcome::Allows && self.is_beyond_bucket_policy(request) {
            (resource, grant) = (Outcome::Silent, None);
        }
        let identity = walk.kind(PolicyKind::Identity, caller.has_identity(), &self.identity);
        let situation =
            Situation { caller, same_account: request.is_same_account(), resource_policy_required: false };
        combine(situation, &Outcomes { identity, resource, grant, ..Outcomes::default() }).decision
    }

    #[inline(never)]
    fn traverse<O: Observer<'p>>(&self, request: &Request<'_>, observer: &mut O) -> Verdict {
        let effects = request.effects();
        if effects.has(Effects::NEEDS_NO_PERMISSION) {
            return Verdict::ALLOWED;
        }
        let caller = request.caller();
        let has_identity = caller.has_identity();
        let limits = Limits { has_boundary: has_identity && self.permissions_boundary.is_attached() };
        let mut walk = Walk { request, limits, observer, denied: false };

        let applies = !effects.has(Effects::SILENCES_RESOURCE);
        let (mut resource, mut grant) = walk.resource(applies, &self.resource);
        if resource == Outcome::Denies && effects.has(Effects::SPARES_RESOURCE_DENY) {
            resource = Outcome::Silent;
            walk.denied = false;
        }
        if resource == Outcome::Allows
            && (effects.has(Effects::CALLER_DECIDES) || self.is_beyond_bucket_policy(request))
        {
            (resource, grant) = (Outcome::Silent, None);
        }
        let consent = self.consent(request);
        if let Some((place, consent)) = consent
            && resource != Outcome::Denies
        {
            resource = Outcome::Allows;
            // Rule E-20: what names the caller across accounts lifts nothing, also not beside a grant that works as
            // in one account.
            let lifting = request.is_same_account() || !consent.from_callers_account;
            grant = grant.filter(|_| lifting);
            if grant < Some(consent.grant) {
                grant = Some(consent.grant);
                walk.observer.consented(place);
            }
        }
        let outcomes = Outcomes {
            resource,
            grant,
            identity: walk.kind(PolicyKind::Identity, has_identity, &self.identity),
            permissions_boundary: walk.kind(
                PolicyKind::PermissionsBoundary,
                has_identity,
                &self.permissions_boundary,
            ),
            session: walk.kind(PolicyKind::Session, has_identity || caller == Caller::Root, &self.session),
            service_control: walk.levels(
                PolicyKind::ServiceControl,
                self.service_control.filter(|_| !services::ignores_service_control(request)),
            ),
            resource_control: walk.levels(
                PolicyKind::ResourceControl,
                self.resource_control.filter(|_| !services::ignores_resource_control(request)),
            ),
            vpc_endpoint: walk.kind(PolicyKind::VpcEndpoint, true, &self.vpc_endpoint),
        };
        let situation = Situation {
            caller,
            same_account: request.is_same_account()
                || effects.has(Effects::CALLER_DECIDES)
                || consent.is_some_and(|(_, consent)| consent.from_callers_account),
            resource_policy_required: effects.has(Effects::REQUIRES_RESOURCE),
        };
        let verdict = combine(situation, &outcomes);
        if verdict.decision.is_allowed() && services::refuses(request) {
            let principal = request.principal();
            let is_federated_user = principal.principal_type() == PrincipalType::FederatedUser;
            return Verdict::refused(is_federated_user || principal.has_session_token());
        }
        verdict
    }

    /// The strongest consent of the key's grants (rule E-43), and the place of the first that gives it.
    fn consent(&self, request: &Request<'_>) -> Option<(usize, Consent)> {
        if self.grants.is_empty() || request.service() != Service::Kms {
            return None;
        }
        self.grants
            .iter()
            .enumerate()
            .filter_map(|(place, grant)| Some((place, grant.consent(request)?)))
            .max_by_key(|(place, consent)| (consent.from_callers_account, consent.grant, Reverse(*place)))
    }

    /// Whether an S3 bucket's policy allows the caller nothing: of another account's object (rule E-44), or being
    /// public.
    fn is_beyond_bucket_policy(&self, request: &Request<'_>) -> bool {
        request.is_foreign_object() || self.is_closed_to_the_public(request)
    }

    /// Whether Block Public Access takes the bucket policy's Allows from the caller (rule E-46): a policy that is
    /// public serves only the owner's account and AWS services.
    fn is_closed_to_the_public(&self, request: &Request<'_>) -> bool {
        request.public_access_block().restrict_public_buckets
            && request.service() == Service::S3
            && !request.is_same_account()
            && request.principal().principal_type() != PrincipalType::Service
            && self.resource.any(&mut CompiledPolicy::is_public)
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
    #[inline]
    fn resource(&mut self, applies: bool, policies: &Attached<'p>) -> (Outcome, Option<Grant>) {
        if !applies {
            return (Outcome::NotApplicable, None);
        }
        self.attached(PolicyKind::Resource, 0, policies, Grant::Session)
    }

    #[inline]
    fn kind(&mut self, kind: PolicyKind, applies: bool, policies: &Attached<'p>) -> Outcome {
        if !applies {
            return Outcome::NotApplicable;
        }
        // How a limiting kind names the caller is of no interest: any Allow is as good as the strongest.
        self.attached(kind, 0, policies, Grant::Account).0
    }

    /// Organizations' policies: a Deny at any level counts (rule E-35), and each level must allow (rule E-34); of
    /// resource control policies each level does (rule E-39).
    fn levels(&mut self, kind: PolicyKind, levels: Option<&'p [Attached<'p>]>) -> Outcome {
        let Some(levels) = levels else { return Outcome::NotApplicable };
        let implied = if kind == PolicyKind::ResourceControl { Outcome::Allows } else { Outcome::Silent };
        let mut all = Outcome::Allows;
        for (level, policies) in levels.iter().enumerate() {
            match self.attached(kind, level, policies, Grant::Account).0 {
                Outcome::Denies => all = Outcome::Denies,
                Outcome::Silent | Outcome::NotApplicable if all == Outcome::Allows => all = implied,
                _ => {}
            }
            if self.is_done() {
                break;
            }
        }
        all
    }

    /// The statements of the policies of one kind or level, a union (rule E-3). An Allow that names the caller as
    /// strongly as `enough` makes further Allows uninteresting.
    #[inline]
    fn attached(
        &mut self,
        kind: PolicyKind,
        level: usize,
        policies: &Attached<'p>,
        enough: Grant,
    ) -> (Outcome, Option<Grant>) {
        if !policies.is_attached() {
            return (Outcome::NotApplicable, None);
        }
        if self.is_done() {
            return (Outcome::Silent, None);
        }
        let mut tally =
            Tally { place: Place { kind, level, policy: 0 }, enough, strongest: None, denies: false };
        let _: ControlFlow<()> = match *policies {
            Attached::List(policies) => {
                policies.iter().try_for_each(|policy| self.policy(policy, &mut tally))
            }
            _ => self.policies(policies, &mut tally),
        };
        (tally.outcome(), tally.strongest)
    }

    #[inline(never)]
    fn policies(&mut self, policies: &Attached<'p>, tally: &mut Tally) -> ControlFlow<()> {
        match *policies {
            Attached::Nothing => ControlFlow::Continue(()),
            Attached::Everything => {
                tally.strongest = tally.strongest.max(Some(tally.enough));
                ControlFlow::Continue(())
            }
            Attached::List(policies) => policies.iter().try_for_each(|policy| self.policy(policy, tally)),
            Attached::Shared(policies) => policies.iter().try_for_each(|policy| self.policy(policy, tally)),
            Attached::Set(set) if O::EXHAUSTIVE => {
                set.iter().try_for_each(|(_, policy)| self.policy(policy, tally))
            }
            Attached::Set(set) => {
                set.candidates(self.request, |policy, number| {
                    self.candidate::<false>(policy, number, tally)
                })?;
                set.loose().try_for_each(|policy| self.policy(policy, tally))
            }
            Attached::Union(parts) => parts.iter().try_for_each(|part| self.policies(part, tally)),
        }
    }

    #[inline(never)]
    fn policy(&mut self, policy: &'p CompiledPolicy, tally: &mut Tally) -> ControlFlow<()> {
        if O::EXHAUSTIVE {
            let listed = policy.listed(&self.request.action_text());
            for ((number, statement), listed) in (0..).zip(policy.statements()).zip(listed) {
                self.statement(Subject { policy, number, statement, listed }, tally)?;
            }
        } else if policy.begins_with_deny() || !tally.has_enough() {
            if policy.statement_count() <= SMALL {
                let candidates = policy.index().candidate_bits(self.request);
                if candidates.is_power_of_two() {
                    self.candidate::<true>(policy, candidates.trailing_zeros(), tally)?;
                } else if candidates != 0 {
                    self.candidates(policy, candidates, tally)?;
                }
            } else {
                let request = self.request;
                policy
                    .index()
                    .candidates(request, &mut |number| self.candidate::<false>(policy, number, tally))?;
            }
        }
        tally.place.policy += 1;
        ControlFlow::Continue(())
    }

    /// Several statements, each by a bit: each once, and those that deny first.
    ///
    /// PERF: apart, because a loop around a statement has everything prepared that any may ask for: 40 instructions, and
    /// most requests have one candidate.
    #[inline(never)]
    fn candidates(&mut self, policy: &'p CompiledPolicy, bits: u64, tally: &mut Tally) -> ControlFlow<()> {
        let mut left = bits;
        while left != 0 {
            self.candidate::<true>(policy, left.trailing_zeros(), tally)?;
            left &= left - 1;
        }
        ControlFlow::Continue(())
    }

    /// A statement that an index led to: its `Action` lists the request's, or it has a `NotAction`. `HERE` is for the
    /// places where it is judged without a call.
    #[inline(always)]
    fn candidate<const HERE: bool>(
        &mut self,
        policy: &'p CompiledPolicy,
        number: u32,
        tally: &mut Tally,
    ) -> ControlFlow<()> {
        let Some(statement) = policy.statements().get(number as usize) else {
            return ControlFlow::Continue(());
        };
        if statement.effect == Effect::Allow && tally.has_enough() {
            return ControlFlow::Continue(());
        }
        let subject = Subject { policy, number, statement, listed: true };
        if HERE { self.judge(subject, tally) } else { self.statement(subject, tally) }
    }

    #[inline(never)]
    fn statement(&mut self, subject: Subject<'p>, tally: &mut Tally) -> ControlFlow<()> {
        self.judge(subject, tally)
    }

    #[inline(always)]
    fn judge(&mut self, subject: Subject<'p>, tally: &mut Tally) -> ControlFlow<()> {
        let Some(grant) = applies(subject, tally.place, self.limits, self.request, self.observer) else {
            return ControlFlow::Continue(());
        };
        if subject.statement.effect == Effect::Allow {
            tally.strongest = tally.strongest.max(Some(grant));
            return ControlFlow::Continue(());
        }
        tally.denies = true;
        self.denied = true;
        if self.is_done() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    #[inline]
    fn is_done(&self) -> bool {
        self.denied && !O::EXHAUSTIVE
    }
}

/// What the statements of one kind or level came to so far.
struct Tally {
    place: Place,
    enough: Grant,
    strongest: Option<Grant>,
    denies: bool,
}

impl Tally {
    #[inline]
    fn has_enough(&self) -> bool {
        self.strongest.is_some_and(|grant| grant >= self.enough)
    }

    fn outcome(&self) -> Outcome {
        match (self.denies, self.strongest) {
            (true, _) => Outcome::Denies,
            (false, Some(_)) => Outcome::Allows,
            (false, None) => Outcome::Silent,
        }
    }
}
