//! The `policies` of a scenario: documents by kind, inline or as JSON text, compiled.

use std::borrow::Cow;

use bailiwick_evaluator::{CompiledPolicy, Document, Documents, PolicyKind};
use bailiwick_normalizer::normalize;
use bailiwick_source::json::{Kind, Limits, Value};
use bailiwick_source::{Error, Errors, LineIndex, Span};

use bailiwick_source::object::Reader;
use bailiwick_source::url::decode;

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
pub(crate) fn read(reader: &mut Reader, value: Value<'_, '_>) -> Documents {
    let mut documents = Documents::default();
    let Some(fields) = reader.object(value, "policies", &MEMBERS) else { return documents };
    for kind in PolicyKind::ALL {
        let Some(value) = fields.get(kind.as_str()) else { continue };
        documents.apply(kind);
        if matches!(kind, PolicyKind::ServiceControl | PolicyKind::ResourceControl) {
            let what = format!("{kind}: its levels, each a list of policies,");
            for level in reader.list(value, &what) {
                documents.attach(kind, list(reader, level, kind));
            }
        } else {
            documents.attach(kind, list(reader, value, kind));
        }
    }
    if let Some(value) = fields.get("grants") {
        documents.attach_grants(crate::grants::read(reader, value));
    }
    documents
}

fn list(reader: &mut Reader, value: Value<'_, '_>, kind: PolicyKind) -> Vec<Document> {
    let items = reader.list(value, kind.as_str());
    items.into_iter().filter_map(|item| entry(reader, item, kind)).collect()
}

/// A document, or `{"name": …, "document": …}`.
fn entry(reader: &mut Reader, value: Value<'_, '_>, kind: PolicyKind) -> Option<Document> {
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

fn document(reader: &mut Reader, value: Value<'_, '_>, kind: PolicyKind) -> Option<Document> {
    match value.kind() {
        Kind::Object => {
            let compiled =
                bailiwick_parser::parse_value(value).and_then(|document| normalize(&document, Some(kind)));
            match compiled {
                Ok(policy) => Some(Document::within(CompiledPolicy::new(policy))),
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

/// Compiles a document given as text, as AWS returns it: JSON, URL-encoded or not. The errors are those of the text
/// that comes with them.
pub(crate) fn compile_text<'t>(
    text: &'t str,
    kind: PolicyKind,
    limits: &Limits,
) -> Result<Document, (Cow<'t, str>, Errors)> {
    let text = decode(text).map_err(|error| (Cow::Borrowed(text), error.into()))?;
    Document::parse(&text, kind, limits).map_err(|errors| (text, errors))
}
