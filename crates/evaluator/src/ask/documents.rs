//! The policies that apply to requests, compiled once, each with the text it was read from.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use bailiwick_normalizer::{PolicyKind, normalize};
use bailiwick_source::json::Limits;
use bailiwick_source::{Errors, LineIndex};

use super::answer::{Answer, Statement};
use super::notes::notes;
use super::request::OwnedRequest;
use crate::attached::Attached;
use crate::combine::Decision;
use crate::compiled::CompiledPolicy;
use crate::decide::Policies;
use crate::explain::StatementRef;
use crate::kms::KmsGrant;

/// One policy document, compiled; cloning shares it.
#[derive(Clone, Debug)]
pub struct Document {
    policy: Arc<CompiledPolicy>,
    text: Option<Arc<str>>,
}

impl Document {
    /// Reads a document and compiles it.
    ///
    /// # Errors
    ///
    /// All mistakes of the document, as [`bailiwick_parser::parse`] and [`bailiwick_normalizer::normalize`]
    /// find them.
    pub fn parse(text: &str, kind: PolicyKind, limits: &Limits) -> Result<Self, Errors> {
        let document = bailiwick_parser::parse_with(text, limits)?;
        let policy = CompiledPolicy::new(normalize(&document, Some(kind))?);
        Ok(Self { policy: Arc::new(policy), text: Some(text.into()) })
    }

    /// A policy that was read from `text`.
    #[must_use]
    pub fn new(policy: CompiledPolicy, text: Arc<str>) -> Self {
        Self { policy: Arc::new(policy), text: Some(text) }
    }

    /// A policy that is part of a larger text, which the places of its statements refer to: see
    /// [`Documents::answer_within`].
    #[must_use]
    pub fn within(policy: CompiledPolicy) -> Self {
        Self { policy: Arc::new(policy), text: None }
    }

    /// The same under a name, by which answers call it.
    #[must_use]
    pub fn with_name(self, name: &str) -> Self {
        Self { policy: Arc::new(Arc::unwrap_or_clone(self.policy).with_name(name)), ..self }
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &CompiledPolicy {
        &self.policy
    }

    /// The document's own text; `None` when it is part of a larger one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }
}

/// The policies that apply to requests, by kind. A kind that was not [attached](Self::attach) does not apply.
///
/// ```
/// use bailiwick_evaluator::{Decision, Document, Documents, OwnedRequest, PolicyKind, Principal};
/// use bailiwick_source::json::Limits;
///
/// let text = r#"{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#;
/// let document = Document::parse(text, PolicyKind::Identity, &Limits::default())?.with_name("S3");
/// let mut documents = Documents::default();
/// documents.attach(PolicyKind::Identity, [document]);
///
/// let mut builder = OwnedRequest::builder();
/// builder
///     .principal("arn:aws:iam::111122223333:user/amy".parse()?)
///     .action("s3:GetObject")?
///     .resource("arn:aws:s3:::reports/q3.csv")?
///     .resource_account("111122223333")?;
/// let answer = documents.answer(&builder.build()?);
/// assert_eq!(answer.decision, Decision::Allowed);
/// assert_eq!(answer.decided_by.map(|statement| statement.policy.to_string()).as_deref(), Some("S3"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Documents {
    identity: Option<Vec<Document>>,
    resource: Option<Vec<Document>>,
    permissions_boundary: Option<Vec<Document>>,
    session: Option<Vec<Document>>,
    service_control: Option<Vec<Vec<Document>>>,
    resource_control: Option<Vec<Vec<Document>>>,
    vpc_endpoint: Option<Vec<Document>>,
    grants: Vec<KmsGrant>,
    skips_identity: bool,
}

impl Documents {
    /// Adds the documents of a kind, which applies from now on, even with an empty list. Of the kinds that
    /// have levels, these are one level more.
    pub fn attach(&mut self, kind: PolicyKind, documents: impl IntoIterator<Item = Document>) {
        let documents = documents.into_iter();
        let list = match kind {
            PolicyKind::Identity => &mut self.identity,
            PolicyKind::Resource => &mut self.resource,
            PolicyKind::PermissionsBoundary => &mut self.permissions_boundary,
            PolicyKind::Session => &mut self.session,
            PolicyKind::VpcEndpoint => &mut self.vpc_endpoint,
            PolicyKind::ServiceControl => {
                return self.service_control.get_or_insert_default().push(documents.collect());
            }
            PolicyKind::ResourceControl => {
                return self.resource_control.get_or_insert_default().push(documents.collect());
            }
        };
        list.get_or_insert_default().extend(documents);
    }

    /// Makes a kind apply, of which nothing need be attached; of a kind that has levels, without a level.
    pub fn apply(&mut self, kind: PolicyKind) {
        match kind {
            PolicyKind::ServiceControl => _ = self.service_control.get_or_insert_default(),
            PolicyKind::ResourceControl => _ = self.resource_control.get_or_insert_default(),
            _ => self.attach(kind, []),
        }
    }

    /// Asks the resource's side alone: the caller's own policies are not examined and count as allowing everything.
    ///
    /// ```
    /// use bailiwick_evaluator::{Decision, Documents, OwnedRequest};
    ///
    /// let mut builder = OwnedRequest::builder();
    /// builder
    ///     .principal("arn:aws:iam::111122223333:user/amy".parse()?)
    ///     .action("sqs:SendMessage")?
    ///     .resource("arn:aws:sqs:us-east-1:111122223333:q")?;
    /// let request = builder.build()?;
    /// let mut documents = Documents::default();
    /// assert_eq!(documents.decide(&request), Decision::ImplicitDeny);
    /// documents.skip_identity();
    /// assert_eq!(documents.decide(&request), Decision::Allowed);
    /// # Ok::<(), bailiwick_evaluator::RequestError>(())
    /// ```
    pub fn skip_identity(&mut self) {
        self.skips_identity = true;
    }

    /// Adds grants of the KMS key.
    pub fn attach_grants(&mut self, grants: impl IntoIterator<Item = KmsGrant>) {
        self.grants.extend(grants);
    }

    /// Whether a kind applies.
    #[must_use]
    pub fn applies(&self, kind: PolicyKind) -> bool {
        self.count(kind).is_some()
    }

    /// How many documents of a kind there are, all levels together; `None` when the kind does not apply.
    #[must_use]
    pub fn count(&self, kind: PolicyKind) -> Option<usize> {
        let levels = |levels: &Vec<Vec<Document>>| levels.iter().map(Vec::len).sum();
        match kind {
            PolicyKind::Identity => self.identity.as_ref().map(Vec::len),
            PolicyKind::Resource => self.resource.as_ref().map(Vec::len),
            PolicyKind::PermissionsBoundary => self.permissions_boundary.as_ref().map(Vec::len),
            PolicyKind::Session => self.session.as_ref().map(Vec::len),
            PolicyKind::ServiceControl => self.service_control.as_ref().map(levels),
            PolicyKind::ResourceControl => self.resource_control.as_ref().map(levels),
            PolicyKind::VpcEndpoint => self.vpc_endpoint.as_ref().map(Vec::len),
        }
    }

    /// The document that an answer's statement is of.
    #[must_use]
    pub fn document(&self, statement: &Statement) -> Option<&Document> {
        self.get(statement.kind, statement.level.unwrap_or(0), statement.place)
    }

    fn get(&self, kind: PolicyKind, level: usize, place: usize) -> Option<&Document> {
        let list = match kind {
            PolicyKind::Identity => self.identity.as_ref(),
            PolicyKind::Resource => self.resource.as_ref(),
            PolicyKind::PermissionsBoundary => self.permissions_boundary.as_ref(),
            PolicyKind::Session => self.session.as_ref(),
            PolicyKind::ServiceControl => self.service_control.as_ref()?.get(level),
            PolicyKind::ResourceControl => self.resource_control.as_ref()?.get(level),
            PolicyKind::VpcEndpoint => self.vpc_endpoint.as_ref(),
        };
        list?.get(place)
    }

    /// Decides a request; of a call that needs several actions, the decision that all of them come to.
    #[must_use]
    pub fn decide(&self, request: &OwnedRequest) -> Decision {
        self.with_policies(|policies| {
            let mut worst = policies.decide(&request.request(request.action()));
            for action in request.dependent_actions() {
                worst = worse(worst, policies.decide(&request.request(action)));
            }
            worst
        })
    }

    /// Decides a request and says why. Of a call that needs several actions, the answer is about the one that
    /// decides it.
    #[must_use]
    pub fn answer(&self, request: &OwnedRequest) -> Answer {
        self.answer_within(request, "")
    }

    /// [`answer`](Self::answer), where the documents without a text of their own are part of `source`.
    #[must_use]
    pub fn answer_within(&self, asked: &OwnedRequest, source: &str) -> Answer {
        self.with_policies(|policies| {
            let first = (asked.action(), policies.decide(&asked.request(asked.action())));
            let decisive = asked
                .dependent_actions()
                .iter()
                .map(|action| (action.as_str(), policies.decide(&asked.request(action))))
                .fold(first, |worst, next| if worse(worst.1, next.1) == worst.1 { worst } else { next })
                .0;
            let request = asked.request(decisive);
            let explanation = policies.explain(&request);
            let whole = LineIndex::new(source);
            // The lines of each document that is a text of its own are counted once, however many statements
            // match.
            let lines = RefCell::new(BTreeMap::new());
            let range = |place: &StatementRef<'_>| {
                let at = (place.kind, place.level, place.policy);
                match self.get(place.kind, place.level, place.policy).and_then(Document::text) {
                    Some(text) => {
                        let mut lines = lines.borrow_mut();
                        lines.entry(at).or_insert_with(|| LineIndex::new(text)).range(place.span)
                    }
                    None => whole.range(place.span),
                }
            };
            let notes = notes(asked, decisive, self.applies(PolicyKind::Resource), &request, &explanation);
            Answer::new(None, &explanation, &self.grants, &request, notes, range)
        })
    }

    fn with_policies<T>(&self, then: impl FnOnce(Policies<'_>) -> T) -> T {
        type List<'p> = Vec<&'p CompiledPolicy>;
        fn list(sources: &[Document]) -> List<'_> {
            sources.iter().map(Document::policy).collect()
        }
        fn lists(levels: &[Vec<Document>]) -> Vec<List<'_>> {
            levels.iter().map(|level| list(level)).collect()
        }
        fn attached<'p>(list: Option<&'p List<'p>>) -> Attached<'p> {
            list.map_or(Attached::Nothing, |list| Attached::List(list))
        }
        fn levels<'p>(lists: &'p [List<'p>]) -> Vec<Attached<'p>> {
            lists.iter().map(|list| Attached::List(list)).collect()
        }
        let sources = self;
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
            identity: if sources.skips_identity { Attached::Everything } else { attached(identity.as_ref()) },
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

/// The decision of a call that needs both: an explicit deny before an implicit one before an allow.
fn worse(a: Decision, b: Decision) -> Decision {
    let rank = |decision| match decision {
        Decision::ExplicitDeny => 2,
        Decision::ImplicitDeny => 1,
        Decision::Allowed => 0,
    };
    if rank(b) > rank(a) { b } else { a }
}
