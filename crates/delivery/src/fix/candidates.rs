//! Changes that might make a call pass, the smallest first.

use bailiwick_evaluator::Decision;
use bailiwick_evaluator::PolicyKind;
use bailiwick_evaluator::answer::{ElementKind, Miss, MissedElement, PolicyLabel};
use bailiwick_parser::syntax::Effect;

use super::edit::{self, Element};
use super::need;
use crate::evaluate::Decided;
use crate::step::{Call, Caller, Combine, ContextValue};
use crate::why;
use bailiwick_environment::DocumentGroup;
use bailiwick_environment::arn::{field, log_group_of};
use bailiwick_environment::{Document, DocumentId, DocumentKind};

/// A change of one document.
#[derive(Clone, Debug)]
pub(crate) struct Edit {
    pub(crate) id: DocumentId,
    pub(crate) after: String,
    pub(crate) words: String,
    /// The place of the statement that was changed or added.
    pub(crate) statement: usize,
    /// Whether it was added.
    pub(crate) is_new: bool,
}

/// The changes to try for a call that is denied.
pub(crate) fn of_call(decided: &Decided) -> Vec<Edit> {
    let call = &decided.call;
    if decided.decision == Decision::ExplicitDeny {
        return exempt(call, decided).into_iter().collect();
    }
    let blocked = &decided.answer.blocked_by;
    let mut edits = Vec::new();
    // Where either side is enough, what a role may do is changed where people look for it.
    let by_role = call.combine == Combine::IdentityOrResource
        && call.consult.iter().any(|want| matches!(want, DocumentGroup::ResourceSide(..)));
    let mut kinds = [PolicyKind::Resource, PolicyKind::Identity];
    if by_role {
        kinds.reverse();
    }
    for kind in kinds {
        if blocked.contains(&kind) {
            edits.extend(mend(decided, kind));
            edits.extend(append(call, decided, kind));
        }
    }
    edits
}

/// The document that an answer's label names, if people can change it.
fn document_of<'d>(decided: &'d Decided, label: &PolicyLabel) -> Option<&'d Document> {
    decided.document(label).filter(|document| is_ours(&document.id))
}

/// Whether people can change it: not what AWS attaches, and not a managed policy, which others may use.
fn is_ours(id: &DocumentId) -> bool {
    id.kind != DocumentKind::ServiceLinkedRole
        && !id.name.starts_with("arn:")
        && !(id.kind == DocumentKind::RoleTrust && id.attached_to.is_empty() && id.account.is_empty())
}

/// One value more in the one element that does not match.
fn mend(decided: &Decided, kind: PolicyKind) -> Vec<Edit> {
    let misses = decided.answer.near_misses.iter().filter(|miss| miss.statement.kind == kind);
    misses
        .filter(|miss| miss.also_failed.is_empty() && !why::is_far(miss))
        .filter_map(|miss| mended(decided, miss))
        .collect()
}

fn mended(decided: &Decided, miss: &Miss) -> Option<Edit> {
    let document = document_of(decided, &miss.statement.policy)?;
    let place = miss.statement.statement;
    let (element, value) = missing_value(decided, document, place, &miss.first)?;
    let element_of = |element: &OwnedElement| match element {
        OwnedElement::Action => "Action".to_owned(),
        OwnedElement::Resource => "Resource".to_owned(),
        OwnedElement::Condition { key, .. } => key.clone(),
    };
    let words = format!("add {value} to {} of {}", element_of(&element), statement_name(document, place));
    let after = edit::add_value(&document.source, place, &element.borrow(), &value)?;
    Some(Edit { id: document.id.clone(), after, words, statement: place, is_new: false })
}

enum OwnedElement {
    Action,
    Resource,
    Condition { operator: String, key: String },
}

impl OwnedElement {
    fn borrow(&self) -> Element<'_> {
        match self {
            Self::Action => Element::Action,
            Self::Resource => Element::Resource,
            Self::Condition { operator, key } => Element::Condition { operator, key },
        }
    }
}

fn missing_value(
    decided: &Decided,
    document: &Document,
    place: usize,
    missed: &MissedElement,
) -> Option<(OwnedElement, String)> {
    let call = &decided.call;
    match missed.failed {
        ElementKind::Action => Some((OwnedElement::Action, call.action.clone())),
        ElementKind::Resource => Some((OwnedElement::Resource, need::resource(call))),
        ElementKind::Condition => {
            let (operator, key) = (missed.operator?, missed.key.as_ref()?);
            if decided.is_untold(key) {
                return None;
            }
            let base = operator.base.as_str();
            let is_arn = base.starts_with("Arn");
            if !matches!(
                base,
                "StringEquals" | "StringLike" | "ArnLike" | "ArnEquals" | "StringEqualsIgnoreCase"
            ) {
                return None;
            }
            let value = match call.context.iter().find(|(name, _)| name.eq_ignore_ascii_case(key))? {
                (name, ContextValue::One(value)) if name.eq_ignore_ascii_case("aws:SourceArn") => {
                    let pattern = need::source_pattern(call, value);
                    // A pattern says nothing to an operator that compares letter by letter.
                    if pattern.ends_with('*') && !value.ends_with('*') && !is_arn && base != "StringLike" {
                        return None;
                    }
                    pattern
                }
                (_, ContextValue::One(value)) => value.clone(),
                (_, ContextValue::Many(values)) => values.first()?.clone(),
            };
            // The key as the document writes it.
            let statement = document.statement(place)?;
            let keys =
                statement.condition.iter().flat_map(|condition| &condition.value).flat_map(|c| &c.keys);
            let written =
                keys.map(|k| k.key.value.to_string()).find(|written| written.eq_ignore_ascii_case(key))?;
            Some((OwnedElement::Condition { operator: operator.to_string(), key: written }, value))
        }
        _ => None,
    }
}

fn statement_name(document: &Document, place: usize) -> String {
    let sid = document.statement(place).and_then(|statement| statement.sid.as_ref());
    sid.map(|sid| &sid.value)
        .map_or_else(|| format!("statement {}", place + 1), |sid| format!("the statement {sid}"))
}

/// A statement of its own, in the documents where it may stand.
fn append(call: &Call, decided: &Decided, kind: PolicyKind) -> Vec<Edit> {
    let mut edits = Vec::new();
    let ours = decided.found.documents.iter().filter(|d| d.id.kind.policy_kind() == kind && is_ours(&d.id));
    for document in ours {
        let mut statement = need::statement(call, &document.id);
        let syntax = document.source.syntax();
        rename(&mut statement, syntax);
        if let Some(after) = edit::append(&document.source, &statement) {
            edits.push(Edit {
                id: document.id.clone(),
                after,
                words: "append a statement".to_owned(),
                statement: syntax.statements.len(),
                is_new: true,
            });
        }
    }
    for id in new_documents(call, decided, kind) {
        let statement = need::statement(call, &id);
        let words = "create the policy".to_owned();
        edits.push(Edit { after: edit::document(&statement), id, words, statement: 0, is_new: true });
    }
    edits
}

/// A Sid that no other statement of the document has.
fn rename(statement: &mut super::Statement, syntax: &bailiwick_parser::syntax::Document<'_>) {
    let Some(sid) = statement.sid.clone() else { return };
    let taken =
        |name: &str| syntax.statements.iter().any(|s| s.sid.as_ref().is_some_and(|sid| sid.value == name));
    let numbered = (2..1000).map(|number| format!("{sid}{number}"));
    statement.sid = std::iter::once(sid.clone()).chain(numbered).find(|name| !taken(name));
}

/// Documents that do not exist yet and may be created.
fn new_documents(call: &Call, decided: &Decided, kind: PolicyKind) -> Vec<DocumentId> {
    let mut ids = Vec::new();
    for want in &call.consult {
        match want {
            DocumentGroup::LogGroup(arn) if kind == PolicyKind::Resource => {
                let of_account = |kind, attached_to: &str, name: String| DocumentId {
                    account: field(arn, 4).to_owned(),
                    region: field(arn, 3).to_owned(),
                    kind,
                    attached_to: attached_to.to_owned(),
                    name,
                };
                let name = format!("{}-delivery", log_group_of(arn).trim_matches('/').replace('/', "-"));
                ids.push(of_account(DocumentKind::LogsAccount, "", name));
                ids.push(of_account(DocumentKind::LogGroup, arn, String::new()));
            }
            DocumentGroup::Xray { account, region } if kind == PolicyKind::Resource => ids.push(DocumentId {
                account: account.clone(),
                region: region.clone(),
                kind: DocumentKind::Xray,
                attached_to: String::new(),
                name: "delivery".to_owned(),
            }),
            DocumentGroup::Attached(of, arn)
            | DocumentGroup::AttachedOrNone(of, arn)
            | DocumentGroup::ResourceSide(of, arn)
                if of.policy_kind() == kind =>
            {
                ids.push(DocumentId {
                    account: match field(arn, 4) {
                        "" => call.resource_account.clone().unwrap_or_default(),
                        account => account.to_owned(),
                    },
                    region: field(arn, 3).to_owned(),
                    kind: *of,
                    attached_to: bailiwick_environment::subject(*of, arn),
                    name: String::new(),
                });
            }
            DocumentGroup::Identity(arn)
                if kind == PolicyKind::Identity && !arn.contains(":role/aws-service-role/") =>
            {
                ids.push(DocumentId {
                    account: field(arn, 4).to_owned(),
                    region: String::new(),
                    kind: if arn.contains(":user/") {
                        DocumentKind::UserIdentity
                    } else {
                        DocumentKind::RoleIdentity
                    },
                    attached_to: arn.clone(),
                    name: "delivery".to_owned(),
                });
            }
            _ => {}
        }
    }
    ids.retain(|id| !decided.found.documents.iter().any(|document| document.id == *id));
    // A resource has one policy, and one that exists is changed instead.
    ids.retain(|id| {
        let has_one = decided
            .found
            .documents
            .iter()
            .any(|d| d.id.kind == id.kind && d.id.attached_to == id.attached_to);
        matches!(
            id.kind,
            DocumentKind::LogsAccount
                | DocumentKind::Xray
                | DocumentKind::RoleIdentity
                | DocumentKind::UserIdentity
        ) || !has_one
    });
    ids
}

/// An exception from the statement that denies, for this source alone.
fn exempt(call: &Call, decided: &Decided) -> Option<Edit> {
    let deny = decided.answer.matched_statements.iter().find(|matched| matched.effect == Effect::Deny)?;
    let document = document_of(decided, &deny.statement.policy)?;
    let place = deny.statement.statement;
    if document.statement(place)?.effect.map(|effect| effect.value) != Some(Effect::Deny) {
        return None;
    }
    let source = call.context.iter().find_map(|(key, value)| match value {
        ContextValue::One(value) if key.eq_ignore_ascii_case("aws:SourceArn") => {
            Some(need::source_pattern(call, value))
        }
        _ => None,
    });
    let (operator, key, value) = match (&call.caller, source) {
        (Caller::Service(_), Some(source)) => ("ArnNotLike", "aws:SourceArn", source),
        (Caller::Service(names), None) => {
            ("StringNotEquals", "aws:PrincipalServiceName", names.first()?.clone())
        }
        (Caller::Arn(arn), _) => ("ArnNotLike", "aws:PrincipalArn", arn.clone()),
        (Caller::Anonymous, _) => return None,
    };
    let after = edit::add_condition(&document.source, place, operator, key, &value)?;
    let words = format!("except {key} {value} from {}", statement_name(document, place));
    Some(Edit { id: document.id.clone(), after, words, statement: place, is_new: false })
}
