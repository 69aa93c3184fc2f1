//! A scenario asked through the API that an embedder uses: compiled policies attached as lists, shared, as indexed
//! sets, or as unions of these. However they are attached, the decision is the scenario's.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use bailiwick_evaluator::{
    Attached, CompiledPolicy, Decision, Endpoint, GrantConstraint, GrantPrincipal, KmsGrant, Policies,
    PolicyKind, PolicySet, Principal, PublicAccessBlock, Request,
};
use bailiwick_normalizer::normalize;
use serde_json::{Map, Value, json};

use crate::generate::Kind;

/// The policies of a list or level, compiled.
type List = Vec<Arc<CompiledPolicy>>;

/// How policies are attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// By reference, one by one.
    Listed,
    /// Shared, as the embedder keeps them.
    Shared,
    /// As a set that was made in one go.
    Set,
    /// As a set that the policies came to, and strangers came to and left.
    GrownSet,
    /// As a set with many policies that no request is about, so that an index stands over them all.
    AmongMany,
    /// As a union of a list, a set and a part that is shared.
    Union,
}

impl How {
    /// Every way.
    pub const ALL: [Self; 6] =
        [Self::Listed, Self::Shared, Self::Set, Self::GrownSet, Self::AmongMany, Self::Union];
}

/// A scenario, compiled.
pub struct Embedded {
    principal: Principal<'static>,
    request: Value,
    /// By [`Kind`], its lists: one, or one a level; `None` does not apply.
    kinds: Vec<(Kind, Option<Vec<List>>)>,
    grants: Vec<KmsGrant>,
}

impl Embedded {
    /// Compiles a scenario whose documents are plain; `None` if any of them is refused, or needs more than one action.
    pub fn compile(scenario: &Value) -> Option<Self> {
        let request = scenario["request"].clone();
        if request["dependentActions"].as_array().is_some_and(|actions| !actions.is_empty()) {
            return None;
        }
        let kinds: Option<Vec<_>> = Kind::ALL
            .into_iter()
            .map(|kind| {
                let value = &scenario["policies"][kind.member()];
                let list = |list: &Value| -> Option<List> {
                    list.as_array()?.iter().map(|document| compile(document, kind).map(Arc::new)).collect()
                };
                let lists = match value {
                    Value::Null => None,
                    levels if kind.has_levels() => {
                        Some(levels.as_array()?.iter().map(list).collect::<Option<_>>()?)
                    }
                    one => Some(vec![list(one)?]),
                };
                Some((kind, lists))
            })
            .collect();
        let grants = scenario["policies"]["grants"].as_array().into_iter().flatten().map(grant).collect();
        Some(Self { principal: principal(&request["principal"])?, request, kinds: kinds?, grants })
    }

    /// The request.
    pub fn request(&self) -> Request<'_> {
        let text = |name: &str| self.request[name].as_str();
        let mut request = Request::new(
            &self.principal,
            text("action").unwrap_or_default(),
            text("resource").unwrap_or_default(),
        );
        if let Some(account) = text("resourceAccount") {
            request = request.with_resource_account(account);
        }
        if text("vpcEndpointType") == Some("gateway") {
            request = request.with_endpoint(Endpoint::Gateway);
        }
        if let Some(owner) = self.request["objectOwner"].as_str() {
            request = request.with_object_owner(owner);
        }
        let restricts = self.request["blockPublicAccess"]["restrictPublicBuckets"] == true;
        request = request.with_public_access_block(PublicAccessBlock { restrict_public_buckets: restricts });
        for (key, value) in self.request["context"].as_object().into_iter().flatten() {
            request = match value {
                Value::Array(list) => request.with_values(key, list.iter().map(scalar)),
                one => request.with(key, scalar(one)),
            };
        }
        request
    }

    /// Decides the request over the policies, attached in one way; the explanation decides alike.
    pub fn decide(&self, how: How, strangers: &[Arc<CompiledPolicy>]) -> Decision {
        self.with(how, strangers, |policies, request| {
            let decision = policies.decide(request);
            assert_eq!(policies.explain(request).decision, decision, "explained as decided, {how:?}");
            decision
        })
    }

    /// Hands out the policies, attached in one way, and the request.
    pub fn with<T>(
        &self,
        how: How,
        strangers: &[Arc<CompiledPolicy>],
        then: impl FnOnce(&Policies<'_>, &Request<'_>) -> T,
    ) -> T {
        let kept: Vec<(Kind, Option<Vec<Kept<'_>>>)> = self
            .kinds
            .iter()
            .map(|(kind, lists)| (*kind, lists.as_ref().map(|lists| attached(lists, how, strangers))))
            .collect();
        let unions: Vec<(Kind, Option<Vec<Vec<Attached<'_>>>>)> = kept
            .iter()
            .map(|(kind, lists)| (*kind, lists.as_ref().map(|lists| lists.iter().map(Kept::parts).collect())))
            .collect();
        let levels: Vec<(Kind, Option<Vec<Attached<'_>>>)> = unions
            .iter()
            .map(|(kind, lists)| {
                (*kind, lists.as_ref().map(|lists| lists.iter().map(|parts| union(parts)).collect()))
            })
            .collect();
        let of = |kind: Kind| {
            levels.iter().find(|(other, _)| *other == kind).and_then(|(_, lists)| lists.as_deref())
        };
        let one = |kind: Kind| of(kind).and_then(|lists| lists.first().copied()).unwrap_or_default();
        let policies = Policies {
            identity: one(Kind::Identity),
            resource: one(Kind::Resource),
            permissions_boundary: one(Kind::PermissionsBoundary),
            session: one(Kind::Session),
            service_control: of(Kind::ServiceControl),
            resource_control: of(Kind::ResourceControl),
            vpc_endpoint: one(Kind::VpcEndpoint),
            grants: &self.grants,
        };
        then(&policies, &self.request())
    }
}

/// Compiles a document of a kind.
pub fn compile(document: &Value, kind: Kind) -> Option<CompiledPolicy> {
    let kind = PolicyKind::ALL.into_iter().find(|other| other.as_str() == kind.member());
    let text = document.to_string();
    let document = bailiwick_parser::parse(&text).ok()?;
    Some(CompiledPolicy::new(normalize(&document, kind).ok()?))
}

/// What an attachment refers to.
struct Kept<'l> {
    how: How,
    listed: Vec<&'l CompiledPolicy>,
    shared: &'l [Arc<CompiledPolicy>],
    set: PolicySet,
}

fn attached<'l>(lists: &'l [List], how: How, strangers: &[Arc<CompiledPolicy>]) -> Vec<Kept<'l>> {
    let keep = |list: &'l List| {
        // A union has its first policies in a set, its last shared, and those between listed.
        let (first, rest) =
            if how == How::Union { list.split_at(list.len() / 2) } else { (&list[..], &list[..]) };
        let (between, last) = if how == How::Union { rest.split_at(rest.len() / 2) } else { (rest, rest) };
        let set = match how {
            How::Listed | How::Shared => PolicySet::new(),
            How::Set | How::Union => first.iter().cloned().collect(),
            How::GrownSet => grown(first, strangers),
            How::AmongMany => among_many(first),
        };
        Kept { how, listed: between.iter().map(|policy| &**policy).collect(), shared: last, set }
    };
    lists.iter().map(keep).collect()
}

/// The policies between others, under one index. A list without policies stays one.
fn among_many(policies: &[Arc<CompiledPolicy>]) -> PolicySet {
    static OTHERS: LazyLock<Vec<Arc<CompiledPolicy>>> = LazyLock::new(|| {
        let statement = |number| {
            json!({"Effect": "Deny", "Action": format!("unasked{number}:Do"),
                "Resource": format!("arn:aws:unasked{number}:::*")})
        };
        let document = |number| json!({"Version": "2012-10-17", "Statement": [statement(number)]});
        (0..96).filter_map(|number| compile(&document(number), Kind::Identity).map(Arc::new)).collect()
    });
    if policies.is_empty() {
        return PolicySet::new();
    }
    let (before, behind) = OTHERS.split_at(OTHERS.len() / 2);
    let mut set: PolicySet = before.iter().chain(policies).chain(behind).cloned().collect();
    set.index();
    set
}

/// The policies and strangers come in turn, the strangers leave.
fn grown(policies: &[Arc<CompiledPolicy>], strangers: &[Arc<CompiledPolicy>]) -> PolicySet {
    let mut set = PolicySet::new();
    let mut guests = vec![];
    let mut strangers = strangers.iter();
    for policy in policies {
        guests.extend(strangers.by_ref().take(9).map(|stranger| set.insert(stranger.clone())));
        set.insert(policy.clone());
    }
    guests.extend(strangers.map(|stranger| set.insert(stranger.clone())));
    for guest in guests {
        set.remove(guest);
    }
    set
}

impl Kept<'_> {
    fn parts(&self) -> Vec<Attached<'_>> {
        match self.how {
            How::Listed => vec![Attached::List(&self.listed)],
            How::Shared => vec![Attached::Shared(self.shared)],
            How::Set | How::GrownSet | How::AmongMany => vec![Attached::Set(&self.set)],
            How::Union => {
                vec![Attached::Set(&self.set), Attached::List(&self.listed), Attached::Shared(self.shared)]
            }
        }
    }
}

fn union<'a>(parts: &'a [Attached<'a>]) -> Attached<'a> {
    match parts {
        [one] => *one,
        several => Attached::Union(several),
    }
}

fn scalar(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn principal(value: &Value) -> Option<Principal<'static>> {
    let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let from = |text: String| match text.contains(':') {
        true => Principal::from_arn(text),
        false => Some(Principal::root(&text)),
    };
    let names = |names: &Value| -> Vec<String> {
        names.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let mut principal = match value {
        Value::String(text) => from(text.clone())?,
        _ if value.get("arn").is_some() => from(text("arn")?)?,
        _ if value.get("anonymous").is_some() => Principal::anonymous(),
        _ => match (text("account"), text("federated"), text("canonicalUser"), text("service")) {
            (Some(account), ..) => Principal::unnamed(&account),
            (_, Some(provider), ..) => Principal::federated(provider),
            (_, _, Some(id), _) => Principal::canonical_user(id),
            (.., Some(name)) => Principal::service(name),
            _ => {
                let names = names(value.get("service")?);
                Principal::service(names.first()?.clone())
                    .with_service_names(names.into_iter().map(Cow::Owned))
            }
        },
    };
    if let Some(arn) = text("roleArn") {
        principal = principal.with_role_arn(arn);
    }
    if let Some(arn) = text("issuerArn") {
        principal = principal.with_issuer_arn(arn);
    }
    if let Some(id) = text("uniqueId") {
        principal = principal.with_unique_id(id);
    }
    for (tag, value) in value.get("tags").and_then(Value::as_object).into_iter().flatten() {
        principal = principal.with_tag(tag.clone(), scalar(value));
    }
    for (tag, value) in value.get("sessionTags").and_then(Value::as_object).into_iter().flatten() {
        principal = principal.with_session_tag(tag.clone(), scalar(value));
    }
    let flag = |name: &str| value.get(name).and_then(Value::as_bool).unwrap_or(false);
    let (linked, management) = (flag("serviceLinkedRole"), flag("managementAccount"));
    let token = flag("sessionToken");
    Some(principal.service_linked_role(linked).management_account(management).session_token(token))
}

fn grant(value: &Value) -> KmsGrant {
    let named = |role: &str| {
        let text = |suffix: &str| value.get(format!("{role}{suffix}")).and_then(Value::as_str);
        let service = text("ServicePrincipal").map(GrantPrincipal::service);
        text("Principal").map(GrantPrincipal::new).or(service)
    };
    let operations: Vec<String> = value["Operations"].as_array().into_iter().flatten().map(scalar).collect();
    let issuer =
        value["IssuingAccount"].as_str().map(|text| text.split(':').nth(4).unwrap_or(text).to_owned());
    let pairs =
        |pairs: &Map<String, Value>| pairs.iter().map(|(key, value)| (key.clone(), scalar(value))).collect();
    let constraint = |name: &str| value["Constraints"][name].as_object().map(pairs);
    let equals = constraint("EncryptionContextEquals").map(GrantConstraint::EncryptionContextEquals);
    let subset = constraint("EncryptionContextSubset").map(GrantConstraint::EncryptionContextSubset);
    // A grant without grantee is refused where scenarios are read.
    let mut grant = KmsGrant::new(named("Grantee").unwrap_or_else(|| GrantPrincipal::new("")), operations);
    if let Some(retiring) = named("Retiring") {
        grant = grant.with_retiring_principal(retiring);
    }
    if let Some(issuer) = issuer {
        grant = grant.with_issuing_account(&issuer);
    }
    if let Some(key) = value["KeyId"].as_str() {
        grant = grant.with_key_id(key);
    }
    equals.into_iter().chain(subset).fold(grant, KmsGrant::with_constraint)
}
