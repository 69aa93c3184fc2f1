//! Does a statement apply to a request: its principal, action, resource and conditions. What its effect then does
//! is the combination's.

use bailiwick_normalizer::{ActionElement, PolicyKind, Principal as Named, PrincipalElement};
use bailiwick_parser::syntax::Effect;

use crate::combine::Grant;
use crate::compiled::Statement;
use crate::condition::{Holds, holds, resource_matches};
use crate::key::KeyHash;
use crate::principal::PrincipalType;
use crate::request::{Endpoint, Request, Value};

/// Learns which elements of a statement did not match. The decision and its explanation are one traversal: they
/// differ in their observer alone.
pub(crate) trait Observer<'p> {
    /// Whether to look at every element and statement, or to stop where the answer is clear.
    const EXHAUSTIVE: bool;

    /// An element of the statement now being looked at did not match.
    fn missed(&mut self, element: Missed);

    /// The statement is done.
    fn judged(&mut self, place: Place, statement: &'p Statement, grant: Option<Grant>);
}

/// Where a statement stands among the policies of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) kind: PolicyKind,
    /// Of organizations' policies, the level from the root, from 0.
    pub(crate) level: usize,
    /// Place in the kind's (or level's) list, from 0.
    pub(crate) policy: usize,
}

/// An element that did not match.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Missed {
    Principal,
    Action,
    Resource,
    /// The condition at this place.
    Condition(usize),
}

/// What else limits the caller, as far as a statement's principal element asks for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) has_boundary: bool,
}

/// Decides, and learns nothing more.
pub(crate) struct Unobserved;

impl Observer<'_> for Unobserved {
    const EXHAUSTIVE: bool = false;
    fn missed(&mut self, _: Missed) {}
    fn judged(&mut self, _: Place, _: &Statement, _: Option<Grant>) {}
}

/// Whether the statement applies and, if it does, how it names the caller; a statement without a principal element
/// is about whomever it is attached to.
pub(crate) fn applies<'p, O: Observer<'p>>(
    statement: &'p Statement,
    place: Place,
    limits: Limits,
    request: &Request<'_>,
    observer: &mut O,
) -> Option<Grant> {
    let grant = judge(statement, place.kind, limits, request, observer);
    observer.judged(place, statement, grant);
    grant
}

fn judge<'p, O: Observer<'p>>(
    statement: &'p Statement,
    kind: PolicyKind,
    limits: Limits,
    request: &Request<'_>,
    observer: &mut O,
) -> Option<Grant> {
    let mut applies = true;
    // The most selective test first.
    if !action_matches(&statement.action, request) {
        if !O::EXHAUSTIVE {
            return None;
        }
        observer.missed(Missed::Action);
        applies = false;
    }
    if statement.resource.as_ref().is_some_and(|element| !resource_matches(element, request)) {
        if !O::EXHAUSTIVE {
            return None;
        }
        observer.missed(Missed::Resource);
        applies = false;
    }
    let grant = match &statement.principal {
        Some(element) if element.negated => {
            // Rule M-32: a permissions boundary makes a Deny with NotPrincipal reach its bearer, whoever is listed.
            let reaches = limits.has_boundary && statement.effect == Effect::Deny;
            (reaches || !is_spared(element, statement.effect, request)).then_some(Grant::Everyone)
        }
        Some(element) => strongest(element, kind, request),
        None => Some(Grant::Everyone),
    };
    if grant.is_none() {
        if !O::EXHAUSTIVE {
            return None;
        }
        observer.missed(Missed::Principal);
        applies = false;
    }
    for (index, condition) in statement.conditions.iter().enumerate() {
        match holds(condition, request) {
            Holds::Yes => {}
            // A condition that fails closed takes everything from an Allow and nothing from a Deny; one that is
            // plainly false ends either.
            Holds::FailsClosed if statement.effect == Effect::Deny => {}
            Holds::No | Holds::FailsClosed => {
                if !O::EXHAUSTIVE {
                    return None;
                }
                observer.missed(Missed::Condition(index));
                applies = false;
            }
        }
    }
    grant.filter(|_| applies)
}

fn action_matches(element: &ActionElement, request: &Request<'_>) -> bool {
    let (service, name) = (request.service(), request.action_name());
    let any =
        element.actions.iter().any(|action| action.service.is_match(service) && action.name.is_match(name));
    any != element.negated
}

/// How a `Principal` element names the caller, at the strongest.
fn strongest(element: &PrincipalElement, kind: PolicyKind, request: &Request<'_>) -> Option<Grant> {
    let caller = request.principal();
    let account_means_root = kind == PolicyKind::VpcEndpoint && request.endpoint() == Endpoint::Gateway;
    element
        .principals
        .iter()
        .filter_map(|named| match names(named, request) {
            // Rule G-38: through a gateway endpoint an account is its root user.
            Some(Grant::Account)
                if account_means_root && caller.principal_type() != PrincipalType::Account =>
            {
                None
            }
            grant => grant,
        })
        .max()
}

/// Whether a `NotPrincipal` element leaves the caller out. A Deny spares a caller only when every form of it is
/// listed: a user with its account, a session with its role and account (rule M-31). An Allow, which AWS no longer
/// accepts, is for those of whom no form is listed (rule M-33).
fn is_spared(element: &PrincipalElement, effect: Effect, request: &Request<'_>) -> bool {
    let caller = request.principal();
    let (mut account, mut itself, mut role) = (false, false, false);
    for grant in element.principals.iter().filter_map(|entry| names(entry, request)) {
        match grant {
            Grant::Everyone => return true,
            Grant::Account => account = true,
            Grant::Role => role = true,
            Grant::Principal | Grant::Session => itself = true,
            // The user who created a federated session is another principal.
            Grant::FederatedUserIssuer => {}
        }
    }
    if effect == Effect::Allow {
        return account || itself || role;
    }
    match caller.principal_type() {
        PrincipalType::Account => account,
        // Of a role whose session is not known, the role stands for it.
        PrincipalType::AssumedRole => account && role && (itself || caller.session_name().is_none()),
        PrincipalType::User | PrincipalType::FederatedUser => account && itself,
        PrincipalType::Anonymous
        | PrincipalType::Service
        | PrincipalType::Federated
        | PrincipalType::CanonicalUser => itself,
    }
}

/// How an entry of a principal element names the caller, if it does (rules M-22 to M-35).
fn names(named: &Named, request: &Request<'_>) -> Option<Grant> {
    let caller = request.principal();
    match named {
        Named::Everyone => Some(Grant::Everyone),
        Named::Account(account) => (caller.account() == Some(account)).then_some(Grant::Account),
        Named::Arn(arn) => {
            let arn = Some(&**arn);
            match caller.principal_type() {
                PrincipalType::User => (arn == Some(caller.name())).then_some(Grant::Principal),
                PrincipalType::AssumedRole | PrincipalType::FederatedUser if arn == caller.role_arn() => {
                    Some(Grant::Role)
                }
                PrincipalType::AssumedRole | PrincipalType::FederatedUser if arn == Some(caller.name()) => {
                    Some(Grant::Session)
                }
                PrincipalType::FederatedUser => {
                    (arn == caller.issuer_arn()).then_some(Grant::FederatedUserIssuer)
                }
                _ => None,
            }
        }
        Named::UniqueId(id) => match caller.principal_type() {
            PrincipalType::User => (caller.unique_id() == Some(id)).then_some(Grant::Principal),
            PrincipalType::FederatedUser => {
                (caller.unique_id() == Some(id)).then_some(Grant::FederatedUserIssuer)
            }
            _ if caller.unique_id() == Some(id) => Some(Grant::Role),
            // What a session's ARN becomes where AWS stores it: the role's identifier and the session's name.
            PrincipalType::AssumedRole => (caller.user_id() == Some(id)).then_some(Grant::Session),
            _ => None,
        },
        Named::Service(name) => is_service(name, request).then_some(Grant::Principal),
        Named::Federated(provider) => (caller.principal_type() == PrincipalType::Federated
            && caller.name() == &**provider)
            .then_some(Grant::Principal),
        Named::CanonicalUser(id) => (caller.principal_type() == PrincipalType::CanonicalUser
            && caller.name() == &**id)
            .then_some(Grant::Principal),
    }
}

/// Whether a service calls and `name` is one of its names: as the principal has them, or as the context gives them
/// (rule M-28).
fn is_service(name: &str, request: &Request<'_>) -> bool {
    const NAMES: &str = "aws:principalservicenameslist";
    let caller = request.principal();
    if caller.principal_type() != PrincipalType::Service {
        return false;
    }
    let given = || match request.lookup(KeyHash::of(NAMES), NAMES) {
        Some(Value::Many(names)) => names.iter().any(|own| own == name),
        Some(Value::One(own)) => own == name,
        None => false,
    };
    caller.service_names().iter().any(|own| own == name) || given()
}
