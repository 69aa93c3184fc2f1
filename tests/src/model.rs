//! The definitional model: what AWS documents and what it was seen to do, written down to be read beside AWS's
//! own pages, slow on purpose. It shares no code with the engine, not even the reading of JSON.
//!
//! It decides a scenario as `decide` of the engine does; it does not explain, and it does not report mistakes
//! with their places. "Rule X" refers to `docs/SEMANTICS.md`; "observation N" to the numbered observations there.

mod condition;
mod context;
mod document;
mod grant;
mod pattern;
mod principal;
mod public_access;
mod scenario;
mod services;
mod value;

use serde_json::Value;

use self::condition::{Truth, holds};
use self::context::Context;
use self::document::{members, object, statements, texts};
use self::pattern::{action_matches, literal_beginning, resource_matches};
use self::principal::{Caller, Grant, Who};
pub use self::scenario::parse;

/// What a scenario comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// `explicitDeny`
    ExplicitDeny,
    /// `implicitDeny`
    ImplicitDeny,
    /// `allowed`
    Allowed,
}

/// Nothing was decided: the scenario, or a policy in it, is not one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(pub String);

fn refused<T>(why: impl Into<String>) -> Result<T, Refused> {
    Err(Refused(why.into()))
}

/// The kinds of policies as far as their elements differ (rule G-14).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Identity,
    Boundary,
    Session,
    ServiceControl,
    Resource,
    ResourceControl,
    Endpoint,
}

impl Kind {
    fn has_principal(self) -> bool {
        matches!(self, Self::Resource | Self::ResourceControl | Self::Endpoint)
    }
}

/// What is asked.
struct Request {
    caller: Caller,
    action: String,
    resource: String,
    /// E-42: the alias's ARN by which the request names its key; its resource is then not known.
    key_by_alias: Option<String>,
    resource_account: Option<String>,
    /// E-44: the owner of an object that is not the bucket's owner.
    object_owner: Option<String>,
    context: Context,
    gateway: bool,
    restrict_public_buckets: bool,
}

/// The policies by kind; `None` does not apply.
struct Policies {
    identity: Vec<Value>,
    resource: Vec<Value>,
    boundary: Option<Vec<Value>>,
    session: Option<Vec<Value>>,
    endpoint: Option<Vec<Value>>,
    service_control: Vec<Vec<Value>>,
    resource_control: Vec<Vec<Value>>,
    grants: Option<Value>,
}

/// Decides a scenario. Every action that one call needs must be allowed (E-52, E-56).
pub fn decide(scenario: &Value) -> Result<Decision, Refused> {
    let scenario = object(scenario, "a scenario")?;
    members(scenario, &["name", "request", "policies", "expect"])?;
    let policies = scenario::read_policies(scenario.get("policies").unwrap_or(&Value::Null))?;
    let asked = scenario.get("request").ok_or_else(|| Refused("no request".to_owned()))?;
    let (request, dependent) = scenario::read_request(asked)?;
    let mut worst = decide_action(&request, &policies);
    for action in dependent {
        let mut asked = asked.clone();
        asked["action"] = action.into();
        worst = worst.min(decide_action(&scenario::read_request(&asked)?.0, &policies));
    }
    Ok(worst)
}

/// E-6: the whole procedure for one action.
fn decide_action(request: &Request, policies: &Policies) -> Decision {
    let caller = &request.caller;
    let (service, action) = request.action.split_once(':').unwrap_or((&request.action, ""));
    let (service, action) = (service.to_ascii_lowercase(), action.to_ascii_lowercase());
    let is_federated_user = matches!(caller.who, Who::FederatedUser { .. });

    if services::is_free(request) {
        return Decision::Allowed;
    }

    let scope = Scope::of(request, &service, &action);
    let only = |applies: bool, policies: &[Value]| if applies { policies.to_vec() } else { vec![] };
    let optional = |applies: bool, policies: &Option<Vec<Value>>| policies.clone().filter(|_| applies);
    let identity = only(scope.identity, &policies.identity);
    let boundary = optional(scope.identity, &policies.boundary);
    let session = optional(scope.session, &policies.session);
    let resource = only(scope.resource, &policies.resource);
    let service_control = if scope.service_control { policies.service_control.as_slice() } else { &[] };
    let resource_control = if scope.resource_control { policies.resource_control.as_slice() } else { &[] };

    // E-2, E-23, E-35: one applying Deny in any policy in scope, of either account.
    let has_boundary = boundary.is_some();
    let reading = Reading { has_boundary, at_gateway: false, of_resource: false };
    let denies = |policies: &[Value]| applies("Deny", policies, request, reading) != Grant::Nothing;
    let allows = |policies: &[Value]| applies("Allow", policies, request, reading) != Grant::Nothing;
    let at_endpoint = Reading { at_gateway: request.gateway, ..reading };
    let endpoint = |effect: &str, of_none: bool| {
        policies
            .endpoint
            .as_ref()
            .map_or(of_none, |list| applies(effect, list, request, at_endpoint) != Grant::Nothing)
    };
    let lists = [Some(identity.clone()), boundary.clone(), session.clone()];
    let levels = service_control.iter().chain(resource_control);
    let resource_denies = scope.resource_denies && denies(&resource);
    let denied = lists.iter().flatten().chain(levels).any(|policies| denies(policies));
    if denied || resource_denies || endpoint("Deny", false) {
        return Decision::ExplicitDeny;
    }

    // E-34, E-36: every level must allow. E-39: RCPs hold full access at every level, so only their denies count.
    // E-48: what came through an endpoint needs the endpoint's Allow.
    if !endpoint("Allow", true) || !service_control.iter().all(|level| allows(level)) {
        return Decision::ImplicitDeny;
    }
    if services::is_refused(request) {
        return Decision::ImplicitDeny;
    }

    // E-44: what the bucket's owner has no say in is as if the object's owner were the resource's.
    let foreign = service == "s3" && request.object_owner.is_some() && services::is_on_an_object(&action);
    let owner = if foreign { &request.object_owner } else { &request.resource_account };
    // E-65, E-68: where there is no second side, the caller's decides as in one account.
    let alone = services::is_callers_matter(request);
    let same_account = caller.account.is_some() && (alone || caller.account == *owner);
    let granted = grant::granted(policies.grants.as_ref(), request);
    // E-46: a public bucket policy gives nothing to others while public buckets are restricted.
    let public = || resource.iter().any(public_access::is_public);
    let is_service = matches!(caller.who, Who::Service { .. });
    let restricted =
        request.restrict_public_buckets && service == "s3" && !same_account && !is_service && public();
    let of_resource = Reading { of_resource: true, ..reading };
    let named = if restricted || foreign || alone {
        Grant::Nothing
    } else {
        applies("Allow", &resource, request, of_resource)
    };
    // Observation 18: a grant from the caller's own account works as in one account.
    let (consent, as_same_account) = match granted.own {
        Grant::Nothing => (named.max(granted.others), same_account),
        own if same_account => (named.max(own), true),
        own => (own, true),
    };

    let identity_allows = allows(&identity);
    let boundary_allows = boundary.as_deref().is_none_or(allows);
    // E-19: a GetFederationToken session without session policies has nothing from its creator.
    let session_allows = session.as_deref().map_or(!is_federated_user, allows);
    let allowed = match &caller.who {
        // E-28, E-32, E-41: nobody's account stands behind the caller, the resource's side decides alone.
        Who::Service { .. } | Who::Anonymous | Who::Federated { .. } | Who::CanonicalUser { .. } => {
            consent != Grant::Nothing
        }
        // E-25, E-30: the root user needs nothing in its own account, but where the resource's side must consent.
        Who::Root => {
            let consents = consent != Grant::Nothing;
            (consents || (same_account && !services::needs_consent(request))) && session_allows
        }
        // E-20, E-22: both sides, and however closely the resource's policy names the caller, nothing is lifted.
        _ if !as_same_account => {
            consent != Grant::Nothing && identity_allows && boundary_allows && session_allows
        }
        // E-40, E-42: trust policies and key policies must consent.
        _ if consent == Grant::Nothing && services::needs_consent(request) => false,
        // E-7 to E-18, table E-13.
        _ => match consent {
            Grant::Itself => true,
            Grant::Behind => boundary_allows && session_allows,
            Grant::Account | Grant::Nothing => identity_allows && boundary_allows && session_allows,
        },
    };
    if allowed { Decision::Allowed } else { Decision::ImplicitDeny }
}

/// Which kinds of policies concern a caller at all.
struct Scope {
    identity: bool,
    session: bool,
    service_control: bool,
    resource_control: bool,
    resource: bool,
    resource_denies: bool,
}

impl Scope {
    fn of(request: &Request, service: &str, action: &str) -> Self {
        let caller = &request.caller;
        let is_root = matches!(caller.who, Who::Root);
        let has_account = caller.account.is_some();
        let owns_it = has_account && caller.account == request.resource_account;
        // E-39: service-linked roles and the management account's resources are beyond RCPs.
        let managed = owns_it && caller.management_account;
        let beyond_rcp = caller.service_linked_role || managed || services::is_beyond_rcp(request);
        let unlocks = ["getbucketpolicy", "putbucketpolicy", "deletebucketpolicy"].contains(&action);
        let unlocks_own_bucket = is_root && owns_it && service == "s3" && unlocks;
        Self {
            // E-28, E-30, E-32: only users and roles have identity policies and boundaries.
            identity: has_account && !is_root,
            // E-31: also sessions of AssumeRoot have a session policy.
            session: has_account,
            // E-29, E-33: users, roles and root users of member accounts.
            service_control: has_account && !caller.management_account && !caller.service_linked_role,
            // E-39.
            resource_control: !beyond_rcp,
            // E-63 to E-65.
            resource: services::has_resource_policy(request),
            // E-45: the root user can always mend the policy of its own bucket.
            resource_denies: !unlocks_own_bucket,
        }
    }
}

/// What a statement's principals are read with, besides the request.
#[derive(Clone, Copy)]
struct Reading {
    /// M-32: the caller has a permissions boundary.
    has_boundary: bool,
    /// G-38: the statement is of a gateway endpoint's policy.
    at_gateway: bool,
    /// M-35: the statement is of a resource policy and allows.
    of_resource: bool,
}

/// E-3, E-11: the union of all statements of one effect: the closest way in which any that applies names the
/// caller. Kinds without principals name everybody they are evaluated for.
fn applies(effect: &str, policies: &[Value], request: &Request, reading: Reading) -> Grant {
    let grants = policies.iter().flat_map(|policy| {
        // G-7, G-8: without Version 2012-10-17 there are no variables.
        let variables = (policy["Version"] == "2012-10-17").then_some(&request.context);
        let of_effect = statements(policy).into_iter().filter(move |statement| statement["Effect"] == effect);
        of_effect.map(move |statement| statement_applies(statement, request, variables, reading))
    });
    grants.max().unwrap_or_default()
}

/// Section 0: a statement applies when principal, action, resource and condition are all true. Observation 11:
/// one whose condition cannot be evaluated applies when it denies.
fn statement_applies(
    statement: &Value,
    request: &Request,
    variables: Option<&Context>,
    reading: Reading,
) -> Grant {
    let denies = statement["Effect"] == "Deny";
    let element = |name: &str| statement.get(name).map(texts);
    // M-1 to M-8, G-33.
    let actions =
        |patterns: Vec<&str>| patterns.iter().any(|pattern| action_matches(pattern, &request.action));
    let action =
        element("Action").map(actions) == Some(true) || element("NotAction").map(actions) == Some(false);
    // M-9 to M-21, M-51; G-15: without the element, the resource that the policy is attached to.
    let resources = |patterns: Vec<&str>| {
        patterns.iter().any(|pattern| resource_matches(pattern, variables, &request.resource))
    };
    let resource = match (element("Resource"), element("NotResource")) {
        (Some(patterns), _) => resources(patterns),
        // E-42: what may be the key that is not known is not allowed by leaving out others.
        (None, Some(patterns)) if !denies && may_list_key(&patterns, variables.is_some(), request) => false,
        (None, Some(patterns)) => !resources(patterns),
        (None, None) => true,
    };
    let condition = holds(statement.get("Condition"), &request.context, variables);
    let condition = condition == Truth::True || (condition == Truth::Fails && denies);
    if action && resource && condition { principal(statement, request, reading) } else { Grant::Nothing }
}

/// E-42: whether the request names its key by an alias, and one of the items may name the key: up to its first wildcard
/// or variable it begins like the ARN of a key of the alias's account and Region.
fn may_list_key(patterns: &[&str], variables: bool, request: &Request) -> bool {
    let Some(alias) = &request.key_by_alias else { return false };
    let key = format!("{}:key/", alias.splitn(6, ':').take(5).collect::<Vec<_>>().join(":"));
    let literals = patterns.iter().map(|pattern| literal_beginning(pattern, variables));
    literals.into_iter().any(|literal| literal.starts_with(&key) || key.starts_with(&literal))
}

/// M-22 to M-37, G-38.
fn principal(statement: &Value, request: &Request, reading: Reading) -> Grant {
    let (caller, context) = (&request.caller, &request.context);
    if let Some(element) = statement.get("NotPrincipal") {
        let listed = principal::listed(element);
        let applies = match statement["Effect"] == "Deny" {
            // M-31, M-32: a boundary alone makes the Deny reach its bearer.
            true => reading.has_boundary || !caller.spared_by(&listed, context),
            // M-33: unsupported; it would give to everybody who is not listed.
            false => !caller.listed_in(&listed, context),
        };
        return if applies { Grant::Itself } else { Grant::Nothing };
    }
    let Some(element) = statement.get("Principal") else { return Grant::Itself };
    // M-35: a trust policy that allows everybody does not allow those whom an identity provider vouches for.
    let is_out = |value: &str| {
        value == "*" && reading.of_resource && matches!(caller.who, principal::Who::Federated { .. })
    };
    let listed = principal::listed(element).into_iter().filter(|(_, value)| !is_out(value));
    let named = listed.map(|(key, value)| caller.named_by(&key, &value, context));
    match named.max().unwrap_or_default() {
        // G-38, D-74: at a gateway endpoint the account is its root user only.
        Grant::Account if reading.at_gateway => Grant::Nothing,
        named => named,
    }
}
