//! An IAM policy evaluation engine: allow or deny as AWS IAM decides.
//!
//! This crate is the one to depend on. It re-exports what an embedder needs of the workspace, and adds
//! [`compile`].
//!
//! # The three steps
//!
//! 1. **Compile** each policy document once, when it is stored or changes: [`compile`] gives a [`CompiledPolicy`], or
//!    every structural mistake of the document with its place. A text that matches nothing, such as the action
//!    `s3.DeleteObject`, is not one: the feature `check` reports it.
//! 2. **Describe** what is asked: a [`Principal`], and a [`Request`] of an action (`s3:GetObject`), a resource ARN and
//!    a condition context (`aws:SourceArn`, `aws:SourceAccount`, …). What follows from the principal and the resource
//!    (`aws:PrincipalArn`, `aws:username`, …) need not be given.
//! 3. **Decide** over the policies that apply right now: [`Policies`] names them by kind ([`Attached`]), and
//!    [`Policies::decide`] answers [`Decision::Allowed`], [`Decision::ExplicitDeny`] or [`Decision::ImplicitDeny`].
//!    [`Policies::explain`] gives the same decision with its reasons.
//!
//! ```
//! use bailiwick::{Attached, Decision, Policies, PolicyKind, Principal, Request};
//!
//! let bucket = bailiwick::compile(
//!     r#"{"Version": "2012-10-17", "Statement": [{
//!         "Effect": "Allow",
//!         "Principal": {"AWS": "arn:aws:iam::111122223333:role/reader"},
//!         "Action": "s3:GetObject",
//!         "Resource": "arn:aws:s3:::reports/*"
//!     }]}"#,
//!     PolicyKind::Resource,
//! )?;
//! let identity = bailiwick::compile(
//!     r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}"#,
//!     PolicyKind::Identity,
//! )?;
//!
//! // A role of account 111122223333 reads a bucket of account 999988887777: both accounts must allow it.
//! let reader = Principal::from_arn("arn:aws:iam::111122223333:role/reader").ok_or("no principal")?;
//! let request = Request::new(&reader, "s3:GetObject", "arn:aws:s3:::reports/q3.csv").with_resource_account("999988887777");
//!
//! let policies = Policies {
//!     identity: Attached::List(&[&identity]),
//!     resource: Attached::List(&[&bucket]),
//!     ..Policies::default()
//! };
//! assert_eq!(policies.decide(&request), Decision::Allowed);
//!
//! // Without the caller's own permission the bucket's policy does not suffice, and the explanation says who objects.
//! let policies = Policies { identity: Attached::List(&[]), ..policies };
//! let explanation = policies.explain(&request);
//! assert_eq!(explanation.decision, Decision::ImplicitDeny);
//! assert!(explanation.blocked_by.contains(PolicyKind::Identity));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A kind that is absent ([`Attached::Nothing`], the default) does not apply; a kind with an empty list
//! applies and allows nothing.
//!
//! # Batches
//!
//! Which of these objects may this user read, which of these actions may this role do? A [`Request`] can be
//! moved to another resource ([`Request::set_resource`]) or action ([`Request::set_action`]): it is then the
//! request that would have been built for it, but principal and context are not read anew, and nothing is
//! allocated.
//!
//! ```
//! use bailiwick::{Attached, Policies, PolicyKind, Principal, Request};
//!
//! let of_amy = bailiwick::compile(
//!     r#"{"Version": "2012-10-17", "Statement": [{
//!         "Effect": "Allow", "Action": ["s3:Get*", "s3:PutObject"], "Resource": "arn:aws:s3:::home/${aws:username}/*",
//!         "Condition": {"Bool": {"aws:SecureTransport": true}}
//!     }]}"#,
//!     PolicyKind::Identity,
//! )?;
//! let policies = Policies { identity: Attached::List(&[&of_amy]), ..Policies::default() };
//! let amy = Principal::from_arn("arn:aws:iam::111122223333:user/amy").ok_or("no principal")?;
//!
//! let objects = ["arn:aws:s3:::home/amy/notes.txt", "arn:aws:s3:::home/bob/notes.txt"];
//! let actions = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"];
//! let mut request = Request::new(&amy, "s3:GetObject", "*").with("aws:SecureTransport", "true");
//! let mut allowed = Vec::new();
//! for object in objects {
//!     request.set_resource(object);
//!     for action in actions {
//!         request.set_action(action);
//!         if policies.decide(&request).is_allowed() {
//!             allowed.push((action, object));
//!         }
//!     }
//! }
//! assert_eq!(allowed, [("s3:GetObject", objects[0]), ("s3:PutObject", objects[0])]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Context that is about one resource (`aws:ResourceTag/…`), and the owner of a resource whose ARN does not
//! say it, stay as they were given until they are given anew.
//!
//! Requests that share neither principal nor context still share memory: [`Request::new_in`].
//!
//! # Threads and change
//!
//! Compiled policies are immutable, `Send + Sync`, and hold no lock or cache: share them by `Arc`, and
//! replace the `Arc` when a policy changes. A [`PolicySet`] compiles many policies into one with an index,
//! for sets that are decided as a whole.
//!
//! # Untrusted input
//!
//! Documents, requests and context values may come from anybody: nothing panics, matching is bounded by 12 ·
//! (pattern + 1) · (text + 1) steps, and documents by [`Limits`]. Deciding allocates nothing, does no I/O and
//! reads no clock: `aws:CurrentTime` is a context value like any other.
//!
//! # Features
//!
//! None is on by default: deciding and explaining need none.
//!
//! | feature | what it adds | external crates it adds |
//! | --- | --- | --- |
//! | `serde` | `Serialize` for [`Answer`], its parts and the types in it | serde |
//! | `scenario` | `scenario`: a request and its policies as one JSON document | serde |
//! | `check` | `check`: what is wrong or unwise in a policy | none |
//! | `delivery` | `delivery`: whether a delivery of logs or traces would succeed | serde, serde_json |

#![forbid(unsafe_code)]

pub use bailiwick_evaluator::{
    Answer, Attached, CompiledPolicy, ContextValue, Decision, Document, Documents, Endpoint, Explanation,
    FailedElement, Failure, GrantConstraint, GrantFailure, GrantMiss, GrantPrincipal, KindSet, KmsGrant,
    NearMiss, OwnedRequest, ParseDecisionError, ParsePolicyKindError, Policies, PolicyId, PolicyKind,
    PolicySet, Principal, PrincipalType, PublicAccessBlock, Request, RequestBuilder, RequestError,
    RequestMember, RequestMemory, ServiceRule, StatementRef, Value, answer,
};
pub use bailiwick_parser::syntax::{BaseOperator, Effect, Operator, Qualifier};
pub use bailiwick_source::json::Limits;
pub use bailiwick_source::{Code, Error, Errors, LineIndex, Position, Span};

/// Requests and policies as one JSON document, the file that `bailiwick simulate` reads (feature `scenario`).
///
/// ```
/// use bailiwick::Decision;
/// use bailiwick::scenario::Scenario;
///
/// let scenario = Scenario::parse(r#"{
///     "request": {"principal": "111122223333", "action": "sqs:SendMessage",
///         "resource": "arn:aws:sqs:eu-central-1:111122223333:orders"},
///     "policies": {}
/// }"#)?;
/// assert_eq!(scenario.decide(), Decision::Allowed);
/// # Ok::<(), bailiwick::Errors>(())
/// ```
#[cfg(feature = "scenario")]
pub mod scenario {
    pub use bailiwick_scenario::{Limits, Scenario};
}

/// What is wrong or unwise in a policy document (feature `check`).
///
/// ```
/// use bailiwick::check::{Kind, Severity, check};
///
/// let policy = r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetObjet", "Resource": "*"}}"#;
/// let findings = check(policy, Kind::Identity);
/// let invalid = findings.iter().find(|finding| finding.code == "INVALID_ACTION");
/// assert_eq!(invalid.map(|finding| finding.severity), Some(Severity::Error));
/// ```
#[cfg(feature = "check")]
pub mod check {
    pub use bailiwick_validator::{
        CHECKS, Check, Example, Finding, Fix, Kind, Origin, Severity, UnknownKind, check, explain,
    };
}

/// Whether a delivery of logs or traces would succeed, and a verified fix where not (feature `delivery`).
///
/// ```
/// use bailiwick::delivery::{Delivery, Verdict};
///
/// let delivery = Delivery::parse(include_str!("../../../examples/route53-query-logging.json"))?;
/// assert_eq!(delivery.simulate().verdict, Verdict::Succeeds);
/// # Ok::<(), bailiwick::Errors>(())
/// ```
#[cfg(feature = "delivery")]
pub mod delivery {
    pub use bailiwick_delivery::catalogue;
    pub use bailiwick_delivery::{
        Answer, Beyond, CollectCommand, Delivery, Fix, LimitWarning, OneOrMany, Principal, QuickError,
        Statement, StepAnswer, StepResult, Verdict,
    };
    pub use bailiwick_environment::{
        Document, DocumentId, DocumentKind, Environment, File, FileErrors, PolicySource,
    };
}

/// Reads a policy document and compiles it: parse, normalize, compile in one step.
///
/// # Errors
///
/// All mistakes of the document: of its JSON, of the policy grammar, of the elements its kind must or must
/// not have.
///
/// ```
/// use bailiwick::{Attached, Decision, Policies, PolicyId, PolicyKind, PolicySet, Principal, Request};
///
/// let policy = bailiwick::compile(
///     r#"{"Version": "2012-10-17", "Statement": [{
///         "Effect": "Allow",
///         "Principal": {"Service": "route53.amazonaws.com"},
///         "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
///         "Resource": "arn:aws:logs:us-east-1:111122223333:log-group:/aws/route53/*:*",
///         "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}
///     }]}"#,
///     PolicyKind::Resource,
/// )?;
/// let route53 = Principal::service("route53.amazonaws.com");
/// let stream = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/route53/example.com:log-stream:Z1/IAD";
/// let request = Request::new(&route53, "logs:PutLogEvents", stream).with("aws:SourceAccount", "111122223333");
///
/// let policies = Policies { resource: Attached::List(&[&policy]), ..Policies::default() };
/// assert_eq!(policies.decide(&request), Decision::Allowed);
/// # Ok::<(), bailiwick::Errors>(())
/// ```
pub fn compile(document: &str, kind: PolicyKind) -> Result<CompiledPolicy, Errors> {
    compile_within(document, kind, &Limits::default())
}

/// [`compile`] within other limits than the default.
///
/// # Errors
///
/// As [`compile`].
///
/// ```
/// use bailiwick::{Limits, PolicyKind};
///
/// let stored = Limits { max_bytes: 6_144, max_statements: 50, ..Limits::default() };
/// let errors = bailiwick::compile_within(&" ".repeat(6_145), PolicyKind::Identity, &stored).unwrap_err();
/// assert_eq!(errors.to_string(), "the text has 6145 bytes, more than the limit of 6144");
/// ```
pub fn compile_within(document: &str, kind: PolicyKind, limits: &Limits) -> Result<CompiledPolicy, Errors> {
    let document = bailiwick_parser::parse_with(document, limits)?;
    bailiwick_normalizer::normalize(&document, Some(kind)).map(CompiledPolicy::new)
}

/// The canonical text of a policy document: documents that differ in spelling alone have the same.
///
/// # Errors
///
/// All mistakes of the document.
///
/// ```
/// let one = r#"{"Statement": {"Resource": "*", "Action": "S3:GetObject", "Effect": "Allow"}}"#;
/// let other = r#"{"Statement": [{"Effect": "Allow", "Action": ["s3:getobject"], "Resource": ["*"]}]}"#;
/// assert_eq!(bailiwick::canonical_json(one)?, bailiwick::canonical_json(other)?);
/// # Ok::<(), bailiwick::Errors>(())
/// ```
pub fn canonical_json(document: &str) -> Result<String, Errors> {
    let policy = bailiwick_normalizer::normalize(&bailiwick_parser::parse(document)?, None)?;
    Ok(bailiwick_normalizer::canonical_json(&policy))
}

/// The examples of the README and of the documents run as tests.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!("../../../README.md")]
    struct Readme;
    #[doc = include_str!("../../../docs/ARCHITECTURE.md")]
    struct Architecture;
    #[doc = include_str!("../../../docs/SCENARIOS.md")]
    struct Scenarios;
}
