//! Does a statement apply to a request: its action, resource, principal and conditions. What its effect then does is
//! the combination's.

use bailiwick_normalizer::PolicyKind;
use bailiwick_parser::syntax::Effect;

use crate::combine::Grant;
use crate::compiled::{CompiledPolicy, Element, Statement};
use crate::condition::{Holds, holds};
use crate::principals::{is_spared, strongest};
use crate::request::Request;
use crate::resource::Resource;

/// Learns which elements of a statement did not match. The decision and its explanation are one traversal: they
/// differ in their observer alone.
pub(crate) trait Observer<'p> {
    /// Whether to look at every element and statement, or to stop where the answer is clear.
    const EXHAUSTIVE: bool;

    /// An element of the statement now being looked at did not match.
    fn missed(&mut self, element: Missed);

    /// The statement is done.
    fn judged(&mut self, place: Place, subject: Subject<'p>, grant: Option<Grant>);

    /// The KMS grant at this place names the caller more closely than any resource policy's Allow.
    fn consented(&mut self, place: usize);
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

/// A statement of a policy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'p> {
    pub(crate) policy: &'p CompiledPolicy,
    /// Its number in the policy.
    pub(crate) number: u32,
    pub(crate) statement: &'p Statement,
    /// Whether its `Action` lists the request's action; of a `NotAction` it is not known here.
    pub(crate) listed: bool,
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
    #[inline]
    fn missed(&mut self, _: Missed) {}
    #[inline]
    fn judged(&mut self, _: Place, _: Subject<'_>, _: Option<Grant>) {}
    #[inline]
    fn consented(&mut self, _: usize) {}
}

/// Whether the statement applies and, if it does, how it names the caller; a statement without a principal element
/// is about whomever it is attached to.
#[inline(always)]
pub(crate) fn applies<'p, O: Observer<'p>>(
    subject: Subject<'p>,
    place: Place,
    limits: Limits,
    request: &Request<'_>,
    observer: &mut O,
) -> Option<Grant> {
    let grant = judge(subject, place.kind, limits, request, observer);
    observer.judged(place, subject, grant);
    grant
}

#[inline(always)]
fn judge<'p, O: Observer<'p>>(
    subject: Subject<'p>,
    kind: PolicyKind,
    limits: Limits,
    request: &Request<'_>,
    observer: &mut O,
) -> Option<Grant> {
    let Subject { policy, statement, .. } = subject;
    let mut applies = true;
    // The cheapest and most selective tests first.
    if !action_matches(subject, request) {
        if !O::EXHAUSTIVE {
            return None;
        }
        observer.missed(Missed::Action);
        applies = false;
    }
    let grant = naming(subject, kind, limits, request);
    if grant.is_none() && !O::EXHAUSTIVE {
        return None;
    }
    if statement.resource != Element::Any
        && (is_listed(policy.resources(statement), request) == (statement.resource == Element::NoneOf)
            || statement.resource == Element::NoneOf && may_leave_out(subject, request))
    {
        if !O::EXHAUSTIVE {
            return None;
        }
        observer.missed(Missed::Resource);
        applies = false;
    }
    if grant.is_none() {
        observer.missed(Missed::Principal);
        applies = false;
    }
    for (index, condition) in policy.conditions(statement).iter().enumerate() {
        match holds(condition, policy, request) {
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

/// How the statement names the caller, if it does.
#[inline(always)]
fn naming(subject: Subject<'_>, kind: PolicyKind, limits: Limits, request: &Request<'_>) -> Option<Grant> {
    let Subject { policy, statement, .. } = subject;
    match statement.principal {
        // Without a principal element where the kind has one, nobody is named: an Allow gives nothing.
        Element::Any if kind.has_principal() && statement.effect == Effect::Allow => None,
        Element::Any => Some(Grant::Everyone),
        Element::OneOf => strongest(policy.principals(statement), kind, statement.effect, request),
        Element::NoneOf => {
            // Rule M-32: a permissions boundary makes a Deny with NotPrincipal reach its bearer, whoever is listed.
            let reaches = limits.has_boundary && statement.effect == Effect::Deny;
            (reaches || !is_spared(policy.principals(statement), statement.effect, request))
                .then_some(Grant::Everyone)
        }
    }
}

/// Whether an Allow's `NotResource` lists what may be the request's key, of which only an alias is known (rule E-42).
#[inline(never)]
fn may_leave_out(subject: Subject<'_>, request: &Request<'_>) -> bool {
    let Subject { policy, statement, .. } = subject;
    let mut literals = policy.resources(statement).iter().map(|item| item.pattern().literal_prefix());
    statement.effect == Effect::Allow && literals.any(|literal| request.may_be_key(literal))
}

/// Whether one of the resources matches.
#[inline(always)]
fn is_listed(resources: &[Resource], request: &Request<'_>) -> bool {
    let text = request.resource();
    for resource in resources {
        if resource.matches(text, request) {
            return true;
        }
    }
    false
}

fn action_matches(subject: Subject<'_>, request: &Request<'_>) -> bool {
    match subject.statement.action {
        Element::NoneOf => !subject.policy.not_actions_list(subject.statement, &request.action_text()),
        Element::Any | Element::OneOf => subject.listed,
    }
}
