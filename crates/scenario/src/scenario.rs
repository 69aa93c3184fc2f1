//! A scenario as a whole: one request over the policies that apply to it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use bailiwick_evaluator::{
    Attached, CompiledPolicy, Decision, Explanation, Policies, PolicyKind, StatementRef,
};
use bailiwick_source::json;
use bailiwick_source::{Code, Error, Errors, LineIndex, Quoted};

use crate::documents::Documents;
use crate::limits::Limits;
use crate::policies::{self, PolicySource, PolicySources};
use crate::request::{self, OwnedRequest};
use bailiwick_evaluator::answer::{Answer, Statement};
use bailiwick_source::object::Reader;

/// One request, the policies that apply to it, and what is expected of the decision.
///
/// ```
/// use bailiwick_scenario::{Decision, Scenario};
///
/// let scenario = Scenario::parse(r#"{
///     "request": {
///         "principal": "arn:aws:iam::111122223333:user/amy",
///         "action": "s3:GetObject",
///         "resource": "arn:aws:s3:::reports/2024.csv",
///         "resourceAccount": "111122223333"
///     },
///     "policies": {"identity": [{"Version": "2012-10-17", "Statement": {
///         "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::reports/*"}}]}
/// }"#)?;
/// assert_eq!(scenario.decide(), Decision::Allowed);
///
/// let errors = Scenario::parse(r#"{"request": {}, "polices": {}}"#).unwrap_err();
/// assert!(errors.iter().any(|error| error.help.as_deref() == Some("did you mean \"policies\"?")));
/// # Ok::<(), bailiwick_source::Errors>(())
/// ```
#[derive(Clone, Debug)]
pub struct Scenario {
    name: Option<String>,
    request: OwnedRequest,
    policies: PolicySources,
    expect: Option<Decision>,
    source: Box<str>,
}

const MEMBERS: [&str; 4] = ["name", "request", "policies", "expect"];

impl Scenario {
    /// Reads a scenario.
    ///
    /// # Errors
    ///
    /// All mistakes of the text: of the JSON, of the scenario's own members, and of every policy in it.
    pub fn parse(source: &str) -> Result<Self, Errors> {
        Self::parse_with(source, &Limits::default())
    }

    /// Reads a scenario within other limits than the default.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub fn parse_with(source: &str, limits: &Limits) -> Result<Self, Errors> {
        let document = json::parse(source, &limits.json).map_err(Errors::from)?;
        Self::read_with(document.root(), limits)
    }

    /// Reads a scenario that is part of a larger document.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub fn read(value: json::Value<'_, '_>) -> Result<Self, Errors> {
        Self::read_with(value, &Limits::default())
    }

    /// A request, as the member `request` of a scenario writes it, over policies that were read before.
    ///
    /// # Errors
    ///
    /// All mistakes of the request.
    pub fn over(request: &str, documents: Documents) -> Result<Self, Errors> {
        let limits = Limits::default();
        let document = json::parse(request, &limits.json).map_err(Errors::from)?;
        let mut reader = Reader::default();
        let read = request::read(&mut reader, document.root(), &limits);
        let scenario = read.map(|read| Self {
            name: None,
            request: read,
            policies: documents.0,
            expect: None,
            source: request.into(),
        });
        reader.finish(scenario)
    }

    /// The same under a label, which answers echo.
    #[must_use]
    pub fn with_name(self, name: &str) -> Self {
        Self { name: Some(name.to_owned()), ..self }
    }

    fn read_with(value: json::Value<'_, '_>, limits: &Limits) -> Result<Self, Errors> {
        let mut reader = Reader::default();
        if !value.document().is_complete() {
            let message = "the text had mistakes, and what could be read of it says something else";
            reader.report(Error::new(Code::IncompleteDocument, value.span(), message));
        }
        let scenario = Self::members(&mut reader, value, limits);
        reader.finish(scenario)
    }

    fn members(reader: &mut Reader, value: json::Value<'_, '_>, limits: &Limits) -> Option<Self> {
        let fields = reader.object(value, "a scenario", &MEMBERS)?;
        let name = fields.get("name").and_then(|value| reader.string(value, "name")).map(Into::into);
        let expect = fields.get("expect").and_then(|value| expectation(reader, value));
        let request = reader
            .required(&fields, "request", "a scenario")
            .and_then(|value| request::read(reader, value, limits));
        let policies =
            fields.get("policies").map_or_else(PolicySources::default, |value| policies::read(reader, value));
        Some(Self { name, request: request?, policies, expect, source: value.document().source().into() })
    }

    /// The label it was given.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Who asks, as messages name them: an ARN, a service, an account.
    #[must_use]
    pub fn principal(&self) -> &str {
        self.request.principal.name()
    }

    /// The action asked for.
    #[must_use]
    pub fn action(&self) -> &str {
        &self.request.action
    }

    /// The resource it is asked for.
    #[must_use]
    pub fn resource(&self) -> &str {
        &self.request.resource
    }

    /// Whether the request carries a context key, in any case: given, or following from the principal and resource.
    #[must_use]
    pub fn has_context_key(&self, key: &str) -> bool {
        self.request.request(&self.request.action).value(key).is_some()
    }

    /// How many policies of a kind there are, all levels together; `None` when the kind does not apply.
    #[must_use]
    pub fn policy_count(&self, kind: PolicyKind) -> Option<usize> {
        self.policies.count(kind)
    }

    /// The text that the places of a statement refer to, where its document stood in the scenario as a string;
    /// `None` when it stood there as JSON, and places refer to the scenario's own text.
    #[must_use]
    pub fn document_text(&self, statement: &Statement) -> Option<&str> {
        self.policies.get(statement.kind, statement.level.unwrap_or(0), statement.place)?.text.as_deref()
    }

    /// The decision it says to expect.
    #[must_use]
    pub fn expect(&self) -> Option<Decision> {
        self.expect
    }

    /// Decides the request.
    #[must_use]
    pub fn decide(&self) -> Decision {
        self.with_policies(|policies| {
            let mut worst = policies.decide(&self.request.request(&self.request.action));
            for action in &self.request.dependent_actions {
                worst = worse(worst, policies.decide(&self.request.request(action)));
            }
            worst
        })
    }

    /// Decides the request and says why. Of a call that needs several actions, the answer is about the one that
    /// decides it.
    #[must_use]
    pub fn answer(&self) -> Answer {
        self.with_policies(|policies| {
            let decisive = self
                .request
                .dependent_actions
                .iter()
                .map(|action| (action, policies.decide(&self.request.request(action))))
                .fold(
                    (&self.request.action, policies.decide(&self.request.request(&self.request.action))),
                    |worst, next| if worse(worst.1, next.1) == worst.1 { worst } else { next },
                )
                .0;
            let request = self.request.request(decisive);
            let explanation = policies.explain(&request);
            let whole = LineIndex::new(&self.source);
            // The lines of each document that is a text of its own are counted once, however many statements match.
            let lines = RefCell::new(BTreeMap::new());
            let range = |place: &StatementRef<'_>| {
                let at = (place.kind, place.level, place.policy);
                let source = self.policies.get(place.kind, place.level, place.policy);
                match source.and_then(|source| source.text.as_deref()) {
                    Some(text) => {
                        let mut lines = lines.borrow_mut();
                        lines.entry(at).or_insert_with(|| LineIndex::new(text)).range(place.span)
                    }
                    None => whole.range(place.span),
                }
            };
            let notes = self.notes(decisive, &explanation);
            Answer::new(self.name.clone(), &explanation, &self.policies.grants, &request, notes, range)
        })
    }

    /// What the answer rests on that the scenario does not say.
    fn notes(&self, decisive: &str, explanation: &Explanation<'_>) -> Vec<String> {
        let mut notes = Vec::new();
        let request = self.request.request(decisive);
        let is_resource_missing = self.policies.resource.is_none()
            && explanation.rule.is_none()
            && explanation.decision == Decision::ImplicitDeny
            && explanation.blocked_by.contains(PolicyKind::Resource);
        if is_resource_missing {
            let missing = match request.action().split(':').next() {
                Some("sts") => "the role's trust policy is not given, which must always allow",
                Some("kms") => "the key policy is not given, which must always allow",
                _ => "the resource's policy is not given, which must allow across accounts",
            };
            notes.push(missing.to_owned());
        }
        if request.is_foreign_object() {
            notes.push(
                "the object is another account's than the bucket: the bucket policy's Allows do not reach it, and \
                 what an ACL allows is not evaluated"
                    .to_owned(),
            );
        }
        if request.resource() != self.request.resource {
            notes.push(
                "the request names a key by an alias, and AWS authorizes on the key: what speaks of single keys is \
                 not known to be about this one; ask with the key's ARN, and the alias as kms:RequestAlias"
                    .to_owned(),
            );
        }
        let arn_has_account =
            self.request.resource.split(':').nth(4).is_some_and(|account| !account.is_empty());
        if self.request.resource_account.is_none()
            && !arn_has_account
            && let Some(account) = request.resource_account()
        {
            notes.push(format!(
                "resourceAccount is not given and the resource's ARN names none: taken to be the principal's account {account}"
            ));
        }
        let (_, name) = decisive.split_once(':').unwrap_or_default();
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            let action = Quoted(decisive);
            notes.push(format!(
                "no action of AWS is spelled {action}: only an entry with a wildcard matches it"
            ));
        }
        if holds_stray_wildcards(&self.request.resource) {
            notes.push(
                "the resource holds `*` or `?`, which stand for themselves: the request is about one resource, \
                 not about all that match"
                    .to_owned(),
            );
        }
        if decisive != self.request.action {
            notes.push(format!(
                "the answer is about {decisive}, which the call needs besides {}",
                self.request.action
            ));
        }
        notes
    }

    fn with_policies<T>(&self, then: impl FnOnce(Policies<'_>) -> T) -> T {
        type List<'p> = Vec<&'p CompiledPolicy>;
        fn list(sources: &[Arc<PolicySource>]) -> List<'_> {
            sources.iter().map(|source| &source.compiled).collect()
        }
        fn lists(levels: &[Vec<Arc<PolicySource>>]) -> Vec<List<'_>> {
            levels.iter().map(|level| list(level)).collect()
        }
        fn attached<'p>(list: Option<&'p List<'p>>) -> Attached<'p> {
            list.map_or(Attached::Nothing, |list| Attached::List(list))
        }
        fn levels<'p>(lists: &'p [List<'p>]) -> Vec<Attached<'p>> {
            lists.iter().map(|list| Attached::List(list)).collect()
        }
        let sources = &self.policies;
        let identity = sources.identity.as_deref().map(list);
        let resource = sources.resource.as_deref().map(list);
        let permissions_boundary = sources.permissions_boundary.as_deref().map(list);
        let session = sources.session.as_deref().map(list);
        let vpc_endpoint = sources.vpc_endpoint.as_deref().map(list);
        let service_control = sources.service_control.as_deref().map(lists);
        let resource_control = sources.resource_control.as_deref().map(lists);
        let service_control = service_control.as_deref().map(levels);
        let resource_control = resource_control.as_deref().map(levels);
        then(Policies {
            identity: attached(identity.as_ref()),
            resource: attached(resource.as_ref()),
            permissions_boundary: attached(permissions_boundary.as_ref()),
            session: attached(session.as_ref()),
            service_control: service_control.as_deref(),
            resource_control: resource_control.as_deref(),
            vpc_endpoint: attached(vpc_endpoint.as_ref()),
            grants: &sources.grants,
        })
    }
}

/// Whether a request's resource holds wildcard characters where AWS puts none: it ends the ARN of what is yet to be
/// made with `/*` and that of a log group with `:*`, which S3, whose names may end so, does not.
fn holds_stray_wildcards(resource: &str) -> bool {
    let own = resource.splitn(6, ':').nth(5).unwrap_or_default();
    let own = match own.strip_suffix("/*").or_else(|| own.strip_suffix(":*")) {
        Some(own_but_end) if resource.split(':').nth(2) != Some("s3") => own_but_end,
        _ => own,
    };
    own.contains(['*', '?'])
}

/// The decision of a call that needs both: an explicit deny before an implicit one before an allow.
fn worse(a: Decision, b: Decision) -> Decision {
    let rank = |decision| match decision {
        Decision::ExplicitDeny => 2,
        Decision::ImplicitDeny => 1,
        Decision::Allowed => 0,
    };
    if rank(b) > rank(a) { b } else { a }
}

fn expectation(reader: &mut Reader, value: json::Value<'_, '_>) -> Option<Decision> {
    let text = reader.string(value, "expect")?;
    let decision = text.parse().ok();
    if decision.is_none() {
        let message = format!("{} is not a decision", Quoted(&text));
        reader.invalid(value, message, "write allowed, explicitDeny or implicitDeny");
    }
    decision
}
