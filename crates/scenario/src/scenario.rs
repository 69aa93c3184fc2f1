//! A scenario as a whole: one request over the policies that apply to it.

use bailiwick_evaluator::answer::{Answer, Statement};
use bailiwick_evaluator::{Decision, Documents, OwnedRequest, PolicyKind};
use bailiwick_source::json;
use bailiwick_source::{Error, Errors, Quoted};

use crate::limits::Limits;
use crate::policies;
use crate::request;
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
    documents: Documents,
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

    /// A request over documents.
    ///
    /// ```
    /// use bailiwick_evaluator::{Documents, OwnedRequest, Principal};
    /// use bailiwick_scenario::{Decision, Scenario};
    ///
    /// let mut builder = OwnedRequest::builder();
    /// builder.principal(Principal::anonymous()).action("s3:GetObject")?.resource("arn:aws:s3:::b/k")?;
    /// let scenario = Scenario::new(builder.build()?, Documents::default());
    /// assert_eq!(scenario.decide(), Decision::ImplicitDeny);
    /// # Ok::<(), bailiwick_evaluator::RequestError>(())
    /// ```
    #[must_use]
    pub fn new(request: OwnedRequest, documents: Documents) -> Self {
        Self { name: None, request, documents, expect: None, source: Box::default() }
    }

    /// A request, as the member `request` of a scenario writes it, over documents that were read before.
    ///
    /// # Errors
    ///
    /// All mistakes of the request.
    pub fn over(request: &str, documents: Documents) -> Result<Self, Errors> {
        let limits = Limits::default();
        let document = json::parse(request, &limits.json).map_err(Errors::from)?;
        let mut reader = Reader::default();
        let read = request::read(&mut reader, document.root(), &limits);
        reader.finish(read.map(|read| Self::new(read, documents)))
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
            reader.report(Error::new(
                bailiwick_normalizer::codes::INCOMPLETE_DOCUMENT,
                value.span(),
                message,
            ));
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
        let policies = fields.get("policies");
        let documents = policies.map_or_else(Documents::default, |value| policies::read(reader, value));
        Some(Self { name, request: request?, documents, expect, source: value.document().source().into() })
    }

    /// The label it was given.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Who asks, as messages name them: an ARN, a service, an account.
    #[must_use]
    pub fn principal(&self) -> &str {
        self.request.principal().name()
    }

    /// The action asked for.
    #[must_use]
    pub fn action(&self) -> &str {
        self.request.action()
    }

    /// The resource it is asked for.
    #[must_use]
    pub fn resource(&self) -> &str {
        self.request.resource()
    }

    /// Whether the request carries a context key, in any case: given, or following from the principal and resource.
    #[must_use]
    pub fn has_context_key(&self, key: &str) -> bool {
        self.request.request(self.request.action()).value(key).is_some()
    }

    /// How many policies of a kind there are, all levels together; `None` when the kind does not apply.
    #[must_use]
    pub fn policy_count(&self, kind: PolicyKind) -> Option<usize> {
        self.documents.count(kind)
    }

    /// The text that the places of a statement refer to, where its document stood in the scenario as a string;
    /// `None` when it stood there as JSON, and places refer to the scenario's own text.
    #[must_use]
    pub fn document_text(&self, statement: &Statement) -> Option<&str> {
        self.documents.document(statement)?.text()
    }

    /// The decision it says to expect.
    #[must_use]
    pub fn expect(&self) -> Option<Decision> {
        self.expect
    }

    /// Decides the request.
    #[must_use]
    pub fn decide(&self) -> Decision {
        self.documents.decide(&self.request)
    }

    /// Decides the request and says why. Of a call that needs several actions, the answer is about the one that
    /// decides it.
    #[must_use]
    pub fn answer(&self) -> Answer {
        Answer { name: self.name.clone(), ..self.documents.answer_within(&self.request, &self.source) }
    }
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
