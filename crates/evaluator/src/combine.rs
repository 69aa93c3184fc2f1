//! How the answers of the policy kinds become one decision.
//!
//! A pure function over per-kind results: it knows no statements and no requests. The rule behind each branch
//! stands beside it; section 4 of the rules is the whole of it.

use bailiwick_normalizer::PolicyKind;
use bailiwick_source::Quoted;

use crate::principal::{Principal, PrincipalType};

/// What the policies of one kind say about a request.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Outcome {
    /// The kind does not apply: nothing of it is attached, or it does not concern this principal.
    #[default]
    NotApplicable,
    /// It applies and neither allows nor denies.
    Silent,
    /// Some statement allows and none denies.
    Allows,
    /// Some statement denies.
    Denies,
}

/// How a resource policy's Allow names the caller, weakest first (rule E-11): the strongest decides which other
/// kinds' silence it makes up for.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Grant {
    /// By account: delegation, the caller's own policies must allow (rule E-12).
    Account,
    /// A federated user, by the ARN of the user who created the session (rule E-15).
    FederatedUserIssuer,
    /// A session, by the ARN of its role (rule E-16).
    Role,
    /// As anyone, by `*` (rule E-18).
    Everyone,
    /// A user, by its ARN (rule E-14); a service or provider, by its name.
    Principal,
    /// By the ARN of this very session (rule E-17).
    Session,
}

impl Grant {
    /// Whether, within one account, it needs no identity policy.
    fn lifts_identity(self) -> bool {
        self != Self::Account
    }

    /// Whether, within one account, no permissions boundary and no session policy limits it by silence.
    fn lifts_limits(self) -> bool {
        matches!(self, Self::Everyone | Self::Principal | Self::Session)
    }
}

/// Who asks, as far as combining needs to know.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Caller {
    /// The root user of an account.
    Root,
    /// An IAM user or a role session.
    UserOrRole,
    /// A session from `sts:GetFederationToken`: without a session policy it has no identity permissions (rule E-19).
    FederatedUser,
    /// Somebody without identity policies: a service acting as itself (rule E-28), an unsigned request (rule E-32),
    /// somebody an identity provider vouches for (rule E-41).
    WithoutIdentity,
}

impl Caller {
    /// What kind of caller a principal is.
    pub(crate) fn of(principal: &Principal<'_>) -> Self {
        match principal.principal_type() {
            PrincipalType::Account => Self::Root,
            PrincipalType::User | PrincipalType::AssumedRole => Self::UserOrRole,
            PrincipalType::FederatedUser => Self::FederatedUser,
            PrincipalType::Anonymous
            | PrincipalType::Service
            | PrincipalType::Federated
            | PrincipalType::CanonicalUser => Self::WithoutIdentity,
        }
    }

    /// Whether there are identity policies that speak for such a caller.
    #[inline]
    pub(crate) fn has_identity(self) -> bool {
        matches!(self, Self::UserOrRole | Self::FederatedUser)
    }
}

/// The facts around the per-kind results.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Situation {
    /// Who asks.
    pub caller: Caller,
    /// Whether the caller's account owns the resource.
    pub same_account: bool,
    /// Whether the resource's own policy must allow even within one account: role trust policies (rule E-40) and
    /// KMS key policies (rule E-42).
    pub resource_policy_required: bool,
}

/// The results of all kinds.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Outcomes {
    /// Identity policies.
    pub identity: Outcome,
    /// Resource policies.
    pub resource: Outcome,
    /// When resource policies allow, how they name the caller at the strongest.
    pub grant: Option<Grant>,
    /// The permissions boundary.
    pub permissions_boundary: Outcome,
    /// Session policies.
    pub session: Outcome,
    /// Service control policies, all levels together.
    pub service_control: Outcome,
    /// Resource control policies, all levels together.
    pub resource_control: Outcome,
    /// The VPC endpoint's policy.
    pub vpc_endpoint: Outcome,
}

impl Outcomes {
    /// The result of one kind.
    #[must_use]
    pub fn of(&self, kind: PolicyKind) -> Outcome {
        match kind {
            PolicyKind::Identity => self.identity,
            PolicyKind::Resource => self.resource,
            PolicyKind::PermissionsBoundary => self.permissions_boundary,
            PolicyKind::Session => self.session,
            PolicyKind::ServiceControl => self.service_control,
            PolicyKind::ResourceControl => self.resource_control,
            PolicyKind::VpcEndpoint => self.vpc_endpoint,
        }
    }
}

/// The decision, in the words of AWS's `SimulateCustomPolicy`.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub enum Decision {
    /// `allowed`.
    Allowed,
    /// `explicitDeny`: some statement denies.
    ExplicitDeny,
    /// `implicitDeny`: something that must allow does not.
    ImplicitDeny,
}

impl Decision {
    /// All decisions.
    pub const ALL: [Self; 3] = [Self::Allowed, Self::ExplicitDeny, Self::ImplicitDeny];

    /// The decision's name in answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::ExplicitDeny => "explicitDeny",
            Self::ImplicitDeny => "implicitDeny",
        }
    }

    /// Whether the request may go ahead.
    #[must_use]
    pub const fn is_allowed(self) -> bool {
        matches!(self, Self::Allowed)
    }
}

impl std::fmt::Display for Decision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Decision {
    type Err = ParseDecisionError;

    /// Reads the name that answers use, in its exact letters.
    ///
    /// ```
    /// use bailiwick_evaluator::Decision;
    ///
    /// assert_eq!("explicitDeny".parse(), Ok(Decision::ExplicitDeny));
    /// let error = "denied".parse::<Decision>().unwrap_err();
    /// assert!(error.to_string().ends_with("is not a decision, expected allowed, explicitDeny or implicitDeny"));
    /// ```
    fn from_str(name: &str) -> Result<Self, ParseDecisionError> {
        Self::ALL
            .into_iter()
            .find(|known| known.as_str() == name)
            .ok_or_else(|| ParseDecisionError(name.to_owned()))
    }
}

/// A text that is not the name of a decision.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ParseDecisionError(String);

impl std::fmt::Display for ParseDecisionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} is not a decision, expected allowed, explicitDeny or implicitDeny", Quoted(&self.0))
    }
}

impl std::error::Error for ParseDecisionError {}

/// A set of policy kinds.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct KindSet(u8);

impl KindSet {
    fn insert(&mut self, kind: PolicyKind) {
        self.0 |= 1 << kind as u8;
    }

    /// Whether the set has `kind`.
    #[must_use]
    pub fn contains(self, kind: PolicyKind) -> bool {
        self.0 & 1 << kind as u8 != 0
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The kinds, in the order of [`PolicyKind::ALL`].
    pub fn iter(self) -> impl Iterator<Item = PolicyKind> {
        PolicyKind::ALL.into_iter().filter(move |kind| self.contains(*kind))
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for KindSet {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// What combining came to.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Verdict {
    /// The decision.
    pub decision: Decision,
    /// Every kind that stands in the way on its own; empty when allowed.
    pub blocked_by: KindSet,
    /// When allowed, the kind whose Allow grants; `None` for a root user, who needs none.
    pub granted_by: Option<PolicyKind>,
}

impl Verdict {
    /// Allowed without anybody's grant.
    pub(crate) const ALLOWED: Self =
        Self { decision: Decision::Allowed, blocked_by: KindSet(0), granted_by: None };

    /// Refused by a rule about the service, which is said of the session where the session's origin is why.
    pub(crate) fn refused(for_its_session: bool) -> Self {
        let mut blocked_by = KindSet::default();
        if for_its_session {
            blocked_by.insert(PolicyKind::Session);
        }
        Self { decision: Decision::ImplicitDeny, blocked_by, granted_by: None }
    }
}

/// Combines the kinds' results.
// PERF: inlined, because where most kinds are known to be absent a tenth of its 130 instructions are left.
#[inline(always)]
#[must_use]
pub fn combine(situation: Situation, outcomes: &Outcomes) -> Verdict {
    let mut blocked_by = KindSet::default();
    for kind in PolicyKind::ALL {
        if outcomes.of(kind) == Outcome::Denies {
            blocked_by.insert(kind);
        }
    }
    // Rule E-2: one Deny anywhere ends it.
    let explicit = !blocked_by.is_empty();

    // Rules E-4, E-34, E-48: what limits everyone it applies to, whoever grants.
    for kind in [PolicyKind::ServiceControl, PolicyKind::ResourceControl, PolicyKind::VpcEndpoint] {
        if outcomes.of(kind) == Outcome::Silent {
            blocked_by.insert(kind);
        }
    }

    let granted_by = match (situation.caller, situation.same_account) {
        (Caller::WithoutIdentity, _) => by_resource_alone(outcomes, &mut blocked_by),
        (caller, true) => within_account(caller, situation, outcomes, &mut blocked_by),
        (caller, false) => across_accounts(caller, outcomes, &mut blocked_by),
    };
    let decision = match (explicit, blocked_by.is_empty()) {
        (true, _) => Decision::ExplicitDeny,
        (false, true) => Decision::Allowed,
        (false, false) => Decision::ImplicitDeny,
    };
    Verdict { decision, blocked_by, granted_by: granted_by.filter(|_| decision.is_allowed()) }
}

/// Rules E-28, E-32, E-41: who has no identity policies needs the resource's Allow, and nothing else.
#[inline(always)]
fn by_resource_alone(outcomes: &Outcomes, blocked_by: &mut KindSet) -> Option<PolicyKind> {
    require(PolicyKind::Resource, outcomes, blocked_by);
    Some(PolicyKind::Resource)
}

/// Rule E-7: within one account either side's Allow suffices, unless the resource's own policy is required.
#[inline(always)]
fn within_account(
    caller: Caller,
    situation: Situation,
    outcomes: &Outcomes,
    blocked_by: &mut KindSet,
) -> Option<PolicyKind> {
    let grant = outcomes.grant.filter(|_| outcomes.resource == Outcome::Allows);
    if situation.resource_policy_required {
        require(PolicyKind::Resource, outcomes, blocked_by);
    }
    if caller == Caller::Root {
        // Rule E-30: the account's root user starts from "everything allowed".
        limit(caller, outcomes, blocked_by);
        return grant.map(|_| PolicyKind::Resource);
    }
    // Table E-13.
    let (lifts_identity, lifts_limits) =
        grant.map_or((false, false), |grant| (grant.lifts_identity(), grant.lifts_limits()));
    if !lifts_identity {
        require(PolicyKind::Identity, outcomes, blocked_by);
    }
    if !lifts_limits {
        limit(caller, outcomes, blocked_by);
    }
    Some(if lifts_identity { PolicyKind::Resource } else { PolicyKind::Identity })
}

/// Rules E-20 to E-25: each side must allow by itself, and naming the caller closely lifts nothing.
#[inline(always)]
fn across_accounts(caller: Caller, outcomes: &Outcomes, blocked_by: &mut KindSet) -> Option<PolicyKind> {
    require(PolicyKind::Resource, outcomes, blocked_by);
    if caller != Caller::Root {
        require(PolicyKind::Identity, outcomes, blocked_by);
    }
    limit(caller, outcomes, blocked_by);
    Some(PolicyKind::Resource)
}

/// The kind must allow; that nothing of it is attached is no excuse.
#[inline(always)]
fn require(kind: PolicyKind, outcomes: &Outcomes, blocked_by: &mut KindSet) {
    if outcomes.of(kind) != Outcome::Allows {
        blocked_by.insert(kind);
    }
}

/// Rules E-8 and E-10: a boundary or session policy that is there must allow. A federated user's session policy
/// must be there too (rule E-19); a root user has one only in a session of `sts:AssumeRoot`, whose task policy it is
/// (rule E-31).
#[inline(always)]
fn limit(caller: Caller, outcomes: &Outcomes, blocked_by: &mut KindSet) {
    for kind in [PolicyKind::PermissionsBoundary, PolicyKind::Session] {
        let outcome = outcomes.of(kind);
        let missing = caller == Caller::FederatedUser
            && kind == PolicyKind::Session
            && outcome == Outcome::NotApplicable;
        if outcome == Outcome::Silent || missing {
            blocked_by.insert(kind);
        }
    }
}

#[cfg(test)]
mod tests;
