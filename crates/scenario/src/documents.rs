//! Policies that are read and compiled once, for any number of requests.

use std::sync::Arc;

use bailiwick_evaluator::PolicyKind;
use bailiwick_source::Errors;
use bailiwick_source::json::Limits;

use crate::policies::{PolicySource, PolicySources, compile_text};

/// One policy document, compiled; cloning shares it.
#[derive(Clone, Debug)]
pub struct Document(pub(crate) Arc<PolicySource>);

impl Document {
    /// Reads a document as AWS returns it: JSON, URL-encoded or not. Answers call it by `name`.
    ///
    /// # Errors
    ///
    /// All mistakes of the document, as [`bailiwick_parser::parse`] and [`bailiwick_normalizer::normalize`] find them.
    pub fn parse(text: &str, kind: PolicyKind, name: &str, limits: &Limits) -> Result<Self, Errors> {
        let source = compile_text(text, kind, limits).map_err(|(_, errors)| errors)?;
        Ok(Self(Arc::new(source.with_name(name))))
    }
}

/// The policies that apply to requests, by kind: the member `policies` of a scenario. A kind that was not
/// [attached](Self::attach) does not apply.
///
/// ```
/// use bailiwick_evaluator::PolicyKind;
/// use bailiwick_source::json::Limits;
/// use bailiwick_scenario::{Decision, Document, Documents, Scenario};
///
/// let text = r#"{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#;
/// let mut documents = Documents::default();
/// documents.attach(PolicyKind::Identity, vec![Document::parse(text, PolicyKind::Identity, "S3", &Limits::default())?]);
///
/// let ask = |action: &str| Scenario::over(
///     &format!(r#"{{"principal": "arn:aws:iam::111122223333:user/amy", "action": "{action}", "resource": "arn:aws:s3:::b/k"}}"#),
///     documents.clone(),
/// );
/// assert_eq!(ask("s3:GetObject")?.decide(), Decision::Allowed);
/// assert_eq!(ask("sqs:SendMessage")?.decide(), Decision::ImplicitDeny);
/// # Ok::<(), bailiwick_source::Errors>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Documents(pub(crate) PolicySources);

impl Documents {
    /// Adds the documents of a kind, which applies from now on, if only with an empty list. Of the kinds that have
    /// levels, these are one level more.
    pub fn attach(&mut self, kind: PolicyKind, documents: Vec<Document>) {
        let sources: Vec<_> = documents.into_iter().map(|document| document.0).collect();
        let policies = &mut self.0;
        let list = match kind {
            PolicyKind::Identity => &mut policies.identity,
            PolicyKind::Resource => &mut policies.resource,
            PolicyKind::PermissionsBoundary => &mut policies.permissions_boundary,
            PolicyKind::Session => &mut policies.session,
            PolicyKind::VpcEndpoint => &mut policies.vpc_endpoint,
            PolicyKind::ServiceControl => {
                return policies.service_control.get_or_insert_default().push(sources);
            }
            PolicyKind::ResourceControl => {
                return policies.resource_control.get_or_insert_default().push(sources);
            }
        };
        list.get_or_insert_default().extend(sources);
    }

    /// Whether a kind applies.
    #[must_use]
    pub fn applies(&self, kind: PolicyKind) -> bool {
        self.0.count(kind).is_some()
    }
}
