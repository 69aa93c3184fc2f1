//! The quick form: a kind, its ends, and policy files; no document to write.

use std::collections::BTreeMap;
use std::sync::Arc;

use bailiwick_source::{Code, Error, Errors, Span};

use crate::catalogue::Kind;
use crate::{Delivery, plan};
use bailiwick_environment::arn::field;
use bailiwick_environment::{Document, DocumentId, DocumentKind, PolicySource};
use bailiwick_environment::{DocumentGroup, Environment, File, FileErrors, subject};

/// What is wrong with the arguments of the quick form.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum QuickError {
    /// The kind, an ARN, or a member that is missing.
    Members(Errors),
    /// A policy file.
    Policies(Vec<FileErrors>),
}

impl std::fmt::Display for QuickError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Members(errors) => {
                for (place, error) in errors.iter().enumerate() {
                    write!(f, "{}{error}", if place > 0 { "; " } else { "" })?;
                }
                Ok(())
            }
            Self::Policies(files) => {
                for (place, file) in files.iter().enumerate() {
                    write!(f, "{}{file}", if place > 0 { "; " } else { "" })?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for QuickError {}

/// Reads a delivery of the quick form. A policy goes to the document it can only be: without `Principal` to the
/// role or caller, with `sts:AssumeRole` to the role's trust, with `kms:` actions to the key, any other to the
/// destination.
pub(crate) fn read(members: &[(&str, &str)], policies: &[File<'_>]) -> Result<Delivery, QuickError> {
    let given: BTreeMap<String, String> =
        members.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let kind = given.get("kind").and_then(|name| Kind::find(name));
    let environment = match kind {
        Some(kind) => environment(kind, &given, policies).map_err(QuickError::Policies)?,
        // Reading what follows says what is wrong with the kind.
        None => Environment::default(),
    };
    let text = serde_json::json!({ "delivery": given }).to_string();
    Delivery::parse_with(&text, Some(environment)).map_err(QuickError::Members)
}

fn environment(
    kind: &Kind,
    given: &BTreeMap<String, String>,
    policies: &[File<'_>],
) -> Result<Environment, Vec<FileErrors>> {
    let mut environment = Environment::default();
    let mut wants = plan::wants(kind, given.clone(), &environment);
    if let Some(key) = given.get("key").filter(|key| *key != "none") {
        wants.push(DocumentGroup::Attached(DocumentKind::Key, key.clone()));
    }
    let mut mistakes = Vec::new();
    for file in policies {
        match document(file, &wants) {
            Ok(document) => environment.add_named(file.path, document),
            Err(errors) => mistakes.push(FileErrors { path: file.path.to_owned(), errors }),
        }
    }
    if mistakes.is_empty() { Ok(environment) } else { Err(mistakes) }
}

fn document(file: &File<'_>, wants: &[DocumentGroup]) -> Result<Document, Errors> {
    let parsed = bailiwick_parser::parse(file.text)?;
    let actions = parsed.statements.iter().filter_map(|statement| statement.action.as_ref());
    let actions: Vec<&str> =
        actions.flat_map(|action| &action.value.items).map(|action| &*action.value).collect();
    let has_principal = parsed.statements.iter().any(|statement| statement.principal.is_some());
    let is = |prefix: &str| {
        !actions.is_empty() && actions.iter().all(|action| action.to_ascii_lowercase().starts_with(prefix))
    };
    let fits = |want: &&DocumentGroup| match want {
        DocumentGroup::Identity(_) => !has_principal,
        DocumentGroup::Attached(DocumentKind::RoleTrust, _) => has_principal && is("sts:"),
        DocumentGroup::Attached(DocumentKind::Key, _) => has_principal && is("kms:"),
        DocumentGroup::LogGroup(_)
        | DocumentGroup::Xray { .. }
        | DocumentGroup::Attached(..)
        | DocumentGroup::ResourceSide(..) => has_principal && !is("sts:") && !is("kms:"),
        DocumentGroup::AttachedOrNone(..)
        | DocumentGroup::UnknownResourceSide(_)
        | DocumentGroup::Named(_)
        | DocumentGroup::Fixed(..) => false,
    };
    let Some(want) = wants.iter().find(fits) else {
        let message = "this policy is for nothing that the delivery consults";
        return Err(Errors::from(Error::new(Code::INVALID_VALUE, Span::default(), message)));
    };
    let name = file.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".json").to_owned();
    let id = |kind, account: &str, region: &str, attached_to: String| DocumentId {
        account: account.to_owned(),
        region: region.to_owned(),
        kind,
        attached_to,
        name: name.clone(),
    };
    let id = match want {
        DocumentGroup::LogGroup(arn) => {
            id(DocumentKind::LogsAccount, field(arn, 4), field(arn, 3), String::new())
        }
        DocumentGroup::Xray { account, region } => id(DocumentKind::Xray, account, region, String::new()),
        DocumentGroup::Attached(kind, arn)
        | DocumentGroup::AttachedOrNone(kind, arn)
        | DocumentGroup::ResourceSide(kind, arn) => {
            DocumentId { name: String::new(), ..id(*kind, field(arn, 4), field(arn, 3), subject(*kind, arn)) }
        }
        DocumentGroup::Identity(arn) => {
            let kind =
                if arn.contains(":user/") { DocumentKind::UserIdentity } else { DocumentKind::RoleIdentity };
            id(kind, field(arn, 4), "", arn.clone())
        }
        DocumentGroup::UnknownResourceSide(_) | DocumentGroup::Named(_) | DocumentGroup::Fixed(..) => {
            id(DocumentKind::RoleIdentity, "", "", String::new())
        }
    };
    let source = PolicySource::from_syntax(file.text, parsed, id.kind.policy_kind())?;
    Ok(Document { id, source: Arc::new(source) })
}
