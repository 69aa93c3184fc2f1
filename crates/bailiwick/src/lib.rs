//! An IAM policy evaluation engine: allow or deny exactly as AWS IAM would.

#![forbid(unsafe_code)]

pub use bailiwick_delivery as delivery;
pub use bailiwick_evaluator::{
    Attached, CompiledPolicy, Decision, Endpoint, Explanation, FailedElement, Failure, GrantConstraint,
    GrantPrincipal, KmsGrant, NearMiss, Policies, PolicyId, PolicyKind, PolicySet, Principal, PrincipalType,
    PublicAccessBlock, Request, StatementRef, Value,
};
pub use bailiwick_matcher as matcher;
pub use bailiwick_normalizer as normalizer;
pub use bailiwick_normalizer::canonical_json;
pub use bailiwick_parser as parser;
pub use bailiwick_parser::{Code, Error, Errors, LineIndex, Position, Span, json};
pub use bailiwick_scenario as scenario;
pub use bailiwick_validator as validator;

/// Reads a policy document and compiles it: parse, normalize, compile in one step.
///
/// # Errors
///
/// All mistakes of the document: of its JSON, of the policy grammar, of the elements its kind must or must not have.
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
    let document = parser::parse(document)?;
    normalizer::normalize(&document, Some(kind)).map(CompiledPolicy::new)
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
