//! The `policies` of a scenario: documents by kind, inline or as JSON text, compiled.

use std::sync::Arc;

use bailiwick_evaluator::{CompiledPolicy, KmsGrant, PolicyKind};
use bailiwick_normalizer::normalize;
use bailiwick_source::json::{Kind, Limits, Value};
use bailiwick_source::{Error, Errors, LineIndex, Span};

use bailiwick_source::object::Reader;
use bailiwick_source::url::decode;

/// The policies of a scenario, compiled.
#[derive(Clone, Debug, Default)]
pub(crate) struct PolicySources {
    pub(crate) identity: Option<Vec<Arc<PolicySource>>>,
    pub(crate) resource: Option<Vec<Arc<PolicySource>>>,
    pub(crate) permissions_boundary: Option<Vec<Arc<PolicySource>>>,
    pub(crate) session: Option<Vec<Arc<PolicySource>>>,
    pub(crate) service_control: Option<Vec<Vec<Arc<PolicySource>>>>,
    pub(crate) resource_control: Option<Vec<Vec<Arc<PolicySource>>>>,
    pub(crate) vpc_endpoint: Option<Vec<Arc<PolicySource>>>,
    pub(crate) grants: Vec<KmsGrant>,
}

impl PolicySources {
    /// The policy at a place: its kind, its level (of organizations' policies), its place in the list.
    pub(crate) fn get(&self, kind: PolicyKind, level: usize, place: usize) -> Option<&PolicySource> {
        let list = match kind {
            PolicyKind::Identity => self.identity.as_ref(),
            PolicyKind::Resource => self.resource.as_ref(),
            PolicyKind::PermissionsBoundary => self.permissions_boundary.as_ref(),
            PolicyKind::Session => self.session.as_ref(),
            PolicyKind::ServiceControl => self.service_control.as_ref()?.get(level),
            PolicyKind::ResourceControl => self.resource_control.as_ref()?.get(level),
            PolicyKind::VpcEndpoint => self.vpc_endpoint.as_ref(),
        };
        list?.get(place).map(|source| &**source)
    }

    /// How many policies of the kind there are, if it applies.
    pub(crate) fn count(&self, kind: PolicyKind) -> Option<usize> {
        let levels = |levels: &Vec<Vec<Arc<PolicySource>>>| levels.iter().map(Vec::len).sum();
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
}

/// One policy and the text its places refer to.
#[derive(Clone, Debug)]
pub(crate) struct PolicySource {
    pub(crate) compiled: CompiledPolicy,
    /// The document's own text, where it stood in the scenario as a string; `None` when it stood there as JSON.
    pub(crate) text: Option<Box<str>>,
}

impl PolicySource {
    pub(crate) fn with_name(self, name: &str) -> Self {
        Self { compiled: self.compiled.with_name(name), ..self }
    }
}

const MEMBERS: [&str; 8] = [
    "identity",
    "resource",
    "permissionsBoundary",
    "session",
    "serviceControl",
    "resourceControl",
    "vpcEndpoint",
    "grants",
];

/// Reads the member `policies`.
pub(crate) fn read(reader: &mut Reader, value: Value<'_, '_>) -> PolicySources {
    let Some(fields) = reader.object(value, "policies", &MEMBERS) else { return PolicySources::default() };
    let mut list = |kind: PolicyKind| fields.get(kind.as_str()).map(|value| documents(reader, value, kind));
    let identity = list(PolicyKind::Identity);
    let resource = list(PolicyKind::Resource);
    let permissions_boundary = list(PolicyKind::PermissionsBoundary);
    let session = list(PolicyKind::Session);
    let vpc_endpoint = list(PolicyKind::VpcEndpoint);
    let mut levels = |kind: PolicyKind| {
        let value = fields.get(kind.as_str())?;
        let what = format!("{kind}: its levels, each a list of policies,");
        Some(reader.list(value, &what).into_iter().map(|level| documents(reader, level, kind)).collect())
    };
    let service_control = levels(PolicyKind::ServiceControl);
    let resource_control = levels(PolicyKind::ResourceControl);
    let grants = fields.get("grants").map_or_else(Vec::new, |value| crate::grants::read(reader, value));
    PolicySources {
        identity,
        resource,
        permissions_boundary,
        session,
        service_control,
        resource_control,
        vpc_endpoint,
        grants,
    }
}

fn documents(reader: &mut Reader, value: Value<'_, '_>, kind: PolicyKind) -> Vec<Arc<PolicySource>> {
    let items = reader.list(value, kind.as_str());
    items.into_iter().filter_map(|item| entry(reader, item, kind).map(Arc::new)).collect()
}

/// A document, or `{"name": …, "document": …}`.
fn entry(reader: &mut Reader, value: Value<'_, '_>, kind: PolicyKind) -> Option<PolicySource> {
    if value.member("document").is_none() && value.member("name").is_none() {
        return document(reader, value, kind);
    }
    let fields = reader.object(value, "a named policy", &["name", "document"])?;
    // A policy whose document is null must not pass for no policy: it may be the one that denies.
    let written = reader.required(&fields, "document", "a named policy")?;
    let name = match fields.get("name") {
        Some(name) => Some(reader.string(name, "name")?),
        None => None,
    };
    let source = document(reader, written, kind)?;
    Some(match name {
        Some(name) => source.with_name(&name),
        None => source,
    })
}

fn document(reader: &mut Reader, value: Value<'_, '_>, kind: PolicyKind) -> Option<PolicySource> {
    match value.kind() {
        Kind::Object => {
            let compiled =
                bailiwick_parser::parse_value(value).and_then(|document| normalize(&document, Some(kind)));
            match compiled {
                Ok(policy) => Some(PolicySource { compiled: CompiledPolicy::new(policy), text: None }),
                Err(errors) => {
                    errors.into_vec().into_iter().for_each(|error| reader.report(error));
                    None
                }
            }
        }
        Kind::String => {
            let text = value.as_str()?;
            match compile_text(&text, kind, value.document().limits()) {
                Ok(source) => Some(source),
                Err((text, errors)) => {
                    let lines = LineIndex::new(&text);
                    for error in errors.into_vec() {
                        reader.report(inside_a_string(&error, value.span(), &lines));
                    }
                    None
                }
            }
        }
        _ => {
            reader.wrong_type(value, "a policy", "a policy document, or one as a JSON string");
            None
        }
    }
}

/// A mistake inside a document that is a string of the scenario: its place is the string's, and the message says
/// where in the string.
fn inside_a_string(error: &Error, span: Span, lines: &LineIndex<'_>) -> Error {
    let at = lines.position(error.span.start);
    let message =
        format!("line {}, column {} of the document in this string: {}", at.line, at.column, error.message);
    Error { span, message, related: None, ..error.clone() }
}

/// Compiles a document given as text, as AWS returns it: JSON, URL-encoded or not.
pub(crate) fn compile_text(
    text: &str,
    kind: PolicyKind,
    limits: &Limits,
) -> Result<PolicySource, (String, Errors)> {
    let text = decode(text).map_err(|error| (text.to_owned(), error.into()))?;
    let compiled =
        bailiwick_parser::parse_with(&text, limits).and_then(|document| normalize(&document, Some(kind)));
    match compiled {
        Ok(policy) => Ok(PolicySource {
            compiled: CompiledPolicy::new(policy),
            text: Some(text.into_owned().into_boxed_str()),
        }),
        Err(errors) => Err((text.into_owned(), errors)),
    }
}
