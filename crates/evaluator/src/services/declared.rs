//! How a service's file declares its rules, and which of them a request meets.

use bailiwick_matcher::Arn;

use crate::principal::{Principal, PrincipalType};
use crate::request::Request;

use super::ServiceRule;

/// One rule of a service: when it concerns a request, and what it does.
///
/// A request meets a rule when all four parts of it hold. What the rules that it meets do is found out
/// once, when the request is built; whether any concerns it is the same byte.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    pub(crate) actions: Actions,
    pub(crate) on: On,
    pub(crate) callers: Callers,
    /// Whose the resource is, as seen from the caller.
    pub(crate) owner: Owner,
    pub(crate) does: Effects,
    /// What an explanation calls the rule, where it refuses a request or silences a resource policy.
    pub(crate) name: Option<ServiceRule>,
}

/// What the rules that a request meets do, as a set.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Effects(u8);

impl Effects {
    /// The request needs no permission, and no policy can deny it.
    pub(crate) const NEEDS_NO_PERMISSION: Self = Self(1);
    /// The resource policy does not count, neither its Allows nor its Denies.
    pub(crate) const SILENCES_RESOURCE: Self = Self(1 << 1);
    /// The caller's side must allow, as within one account, and the resource policy's Allows do not count.
    pub(crate) const CALLER_DECIDES: Self = Self(1 << 2);
    /// The request is refused whatever the policies allow.
    pub(crate) const REFUSES: Self = Self(1 << 3);
    /// The same, unless the credentials were asked for with MFA.
    pub(crate) const REFUSES_WITHOUT_MFA: Self = Self(1 << 4);
    /// The resource policy must allow even within one account.
    pub(crate) const REQUIRES_RESOURCE: Self = Self(1 << 5);
    /// The resource policy's Denies do not count.
    pub(crate) const SPARES_RESOURCE_DENY: Self = Self(1 << 6);
    /// Resource control policies do not reach the request.
    pub(crate) const SPARES_RESOURCE_CONTROL: Self = Self(1 << 7);

    /// What the fast path of a decision takes into account or does not meet.
    const LIGHT: Self = Self(Self::SILENCES_RESOURCE.0 | Self::SPARES_RESOURCE_CONTROL.0);

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    #[inline]
    pub(crate) const fn has(self, one: Self) -> bool {
        self.0 & one.0 != 0
    }

    /// Whether some rule concerns the request that the fast path does not know.
    #[inline]
    pub(crate) const fn concern(self) -> bool {
        self.0 & !Self::LIGHT.0 != 0
    }
}

/// Which actions, by their names in lower case.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Actions {
    All,
    Only(&'static [&'static str]),
    Except(&'static [&'static str]),
    Beginning(&'static str),
}

impl Actions {
    fn have(self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.contains(&name),
            Self::Except(names) => !names.contains(&name),
            Self::Beginning(start) => name.starts_with(start),
        }
    }
}

/// On which resources, as the request names them. A name such as `*`, which is not an ARN, has no beginning.
#[derive(Clone, Copy, Debug)]
pub(crate) enum On {
    All,
    /// The last field of the ARN begins with one of these.
    Beginning(&'static [&'static str]),
    /// It begins with none of these.
    NotBeginning(&'static [&'static str]),
    /// The last field begins with none of these, and the ARN is the service's; a name that is not an ARN
    /// counts.
    OwnNotBeginning(&'static str, &'static [&'static str]),
    /// The ARN names `aws` as the account.
    AwsOwned,
}

impl On {
    fn has(self, request: &Request<'_>) -> bool {
        let arn = || Arn::split(request.named());
        let begins =
            |arn: Arn<'_>, starts: &[&str]| starts.iter().any(|start| arn.resource().starts_with(start));
        match self {
            Self::All => true,
            Self::Beginning(starts) => arn().is_some_and(|arn| begins(arn, starts)),
            Self::NotBeginning(starts) => arn().is_none_or(|arn| !begins(arn, starts)),
            Self::OwnNotBeginning(service, starts) => {
                arn().is_none_or(|arn| arn.service() == service && !begins(arn, starts))
            }
            Self::AwsOwned => request.is_on_aws_own(),
        }
    }
}

/// Which callers, as a set.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Callers(u16);

impl Callers {
    pub(crate) const ROOT: Self = Self(1);
    /// Sessions of roles, but for service-linked ones.
    pub(crate) const ROLES: Self = Self(1 << 2);
    pub(crate) const FEDERATED_USERS: Self = Self(1 << 3);
    pub(crate) const SERVICES: Self = Self(1 << 5);
    /// What an identity provider vouches for.
    pub(crate) const PROVIDERS: Self = Self(1 << 6);
    /// Sessions of service-linked roles.
    pub(crate) const LINKED_ROLES: Self = Self(1 << 8);
    /// Users and root users with their own, long-term credentials.
    pub(crate) const LONG_TERM: Self = Self(1 << 9);
    /// Users and root users with credentials from `sts:GetSessionToken`.
    pub(crate) const SESSION_TOKENS: Self = Self(1 << 10);

    pub(crate) const EVERYONE: Self = Self(u16::MAX);
    const USERS: Self = Self(1 << 1);
    const UNSIGNED: Self = Self(1 << 4);
    const CANONICAL_USERS: Self = Self(1 << 7);

    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// All that are none of these.
    pub(crate) const fn but(self) -> Self {
        let kinds = self.0 & !(Self::LONG_TERM.0 | Self::SESSION_TOKENS.0);
        Self(!kinds & !(Self::LONG_TERM.0 | Self::SESSION_TOKENS.0))
    }

    /// What a principal is: its kind and its credentials.
    fn of(principal: &Principal<'_>) -> Self {
        let credentials = if principal.has_session_token() { Self::SESSION_TOKENS } else { Self::LONG_TERM };
        match principal.principal_type() {
            PrincipalType::Account => Self::ROOT.or(credentials),
            PrincipalType::User => Self::USERS.or(credentials),
            PrincipalType::AssumedRole if principal.is_service_linked_role() => Self::LINKED_ROLES,
            PrincipalType::AssumedRole => Self::ROLES,
            PrincipalType::FederatedUser => Self::FEDERATED_USERS,
            PrincipalType::Anonymous => Self::UNSIGNED,
            PrincipalType::Service => Self::SERVICES,
            PrincipalType::Federated => Self::PROVIDERS,
            PrincipalType::CanonicalUser => Self::CANONICAL_USERS,
        }
    }

    const fn meet(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// Whose the resource is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Owner {
    Anyone,
    /// The caller's own account.
    Caller,
    /// Another account than the caller's; of callers without an account, any.
    Other,
    /// AWS.
    Aws,
}

impl Rule {
    /// A rule that does this to every request of the service; what narrows it is said with `..`.
    pub(crate) const fn that(does: Effects) -> Self {
        Self {
            actions: Actions::All,
            on: On::All,
            callers: Callers::EVERYONE,
            owner: Owner::Anyone,
            does,
            name: None,
        }
    }

    /// Whether the rule is about such a caller and action.
    #[inline]
    fn is_about(&self, callers: Callers, action: &str) -> bool {
        self.callers.meet(callers) && self.actions.have(action)
    }

    /// Whether the rule, which is about the caller and the action, is about the resource too.
    fn is_on(&self, request: &Request<'_>) -> bool {
        let is_owner = match self.owner {
            Owner::Anyone => true,
            Owner::Caller => request.is_same_account(),
            Owner::Other => !request.is_same_account(),
            Owner::Aws => request.is_on_aws_own() && request.resource_account() == Some("aws"),
        };
        is_owner && self.on.has(request)
    }
}

/// The rules of a service that are about a caller and an action, each by a bit.
///
/// PERF: found out apart from the resource, because most requests have none of them, and a request that moves to
/// another resource keeps them.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Candidates(u32);

impl Candidates {
    /// Whether there is a bit for each of the rules.
    pub(super) const fn hold(rules: &[Rule]) -> bool {
        rules.len() <= u32::BITS as usize
    }

    #[inline]
    pub(super) fn of(rules: &[Rule], principal: &Principal<'_>, action: &str) -> Self {
        let callers = Callers::of(principal);
        let mut bits = 0;
        for (at, rule) in rules.iter().enumerate() {
            if rule.is_about(callers, action) {
                bits |= 1 << at;
            }
        }
        Self(bits)
    }

    #[inline]
    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn rules(self, rules: &[Rule]) -> impl Iterator<Item = &Rule> {
        rules.iter().enumerate().filter(move |(at, _)| self.0 & 1 << at != 0).map(|(_, rule)| rule)
    }
}

/// What the rules that a request meets do.
#[inline(never)]
pub(super) fn effects(rules: &[Rule], candidates: Candidates, request: &Request<'_>) -> Effects {
    candidates
        .rules(rules)
        .filter(|rule| rule.is_on(request))
        .fold(Effects::default(), |all, rule| all.and(rule.does))
}

/// The first rule with a name that a request meets, of those that do one of these.
pub(super) fn named(rules: &[Rule], request: &Request<'_>, does: Effects) -> Option<ServiceRule> {
    Candidates::of(rules, request.principal(), request.action_name())
        .rules(rules)
        .filter(|rule| rule.does.has(does) && rule.is_on(request))
        .find_map(|rule| rule.name)
}
