//! Which JSON values are policy documents.
//!
//! A value that only resembles a policy (a misspelt `Statement`, a bare statement) is checked, so that its errors are
//! found. It is not changed: a fix is offered only for a document that is certainly a policy.

use bailiwick_source::json::{self, Kind as Json, Limits, Value};
use bailiwick_source::nearest;

/// The elements of a statement.
const ELEMENTS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// Elements that only a statement has, together.
const GRANTS: [&str; 4] = ["Action", "NotAction", "Resource", "NotResource"];

/// Whether a value was meant as a policy document, with or without mistakes.
pub(super) fn is_policy(value: Value<'_, '_>) -> bool {
    if value.kind() != Json::Object || is_data_protection(value) {
        return false;
    }
    value.member("Statement").is_some()
        || has_version(value)
        || is_statement(value)
        || value.members().any(|(name, member)| {
            nearest(&name.value, &["Statement"]).is_some() && resembles_statements(value, member)
        })
}

/// Whether a value is a policy document beyond doubt, so that a fix may change it.
pub(super) fn is_certainly_policy(value: Value<'_, '_>) -> bool {
    let has_element = |statement: Value<'_, '_>| {
        statement.member("Effect").is_some() || GRANTS.iter().any(|name| statement.member(name).is_some())
    };
    !is_data_protection(value)
        && value.member("Statement").is_some_and(|statement| statements(statement).any(has_element))
}

/// Whether a text in a string was meant as a policy document, and whether it is one beyond doubt.
pub(super) fn text_evidence(text: &str) -> Evidence {
    match json::parse(text, &Limits::default()) {
        Ok(document) => Evidence::of(document.root()),
        Err(_) => {
            let (document, _) = json::parse_partial(text, &Limits::default());
            let is_policy = document.is_some_and(|document| is_policy(document.root()));
            if is_policy { Evidence::Probable } else { Evidence::None }
        }
    }
}

/// How clearly a value is a policy document.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Evidence {
    /// It shows nothing of a policy.
    None,
    /// It was meant as one: its mistakes are reported, and not fixed.
    Probable,
    /// It is one beyond doubt.
    Certain,
}

impl Evidence {
    pub(super) fn of(value: Value<'_, '_>) -> Self {
        if is_certainly_policy(value) {
            Self::Certain
        } else if is_policy(value) {
            Self::Probable
        } else {
            Self::None
        }
    }
}

/// The objects that `Statement` holds: itself, or the items of the list.
pub(super) fn statements<'doc, 'src>(value: Value<'doc, 'src>) -> impl Iterator<Item = Value<'doc, 'src>> {
    let single = (value.kind() == Json::Object).then_some(value);
    single.into_iter().chain(value.items().filter(|item| item.kind() == Json::Object))
}

/// Whether `Version` names a version of the policy language.
fn has_version(value: Value<'_, '_>) -> bool {
    value.members().any(|(name, member)| {
        nearest(&name.value, &["Version"]).is_some()
            && member.as_str().is_some_and(|version| {
                matches!(version.as_ref(), "2012-10-17" | "2008-10-17")
                    || (name.value == "Version" && version.ends_with("-10-17"))
            })
    })
}

/// Whether an object is a statement without a document around it.
fn is_statement(value: Value<'_, '_>) -> bool {
    value.member("Effect").is_some() && GRANTS.iter().any(|name| value.member(name).is_some())
}

/// Whether the value of a member that is nearly called `Statement` holds statements.
fn resembles_statements(document: Value<'_, '_>, value: Value<'_, '_>) -> bool {
    let is_element = |name: &str| nearest(name, &ELEMENTS).is_some();
    let is_empty = value.kind() == Json::Array && value.items().next().is_none();
    if is_empty {
        return document
            .members()
            .all(|(name, _)| nearest(&name.value, &["Version", "Id", "Statement"]).is_some());
    }
    statements(value).any(|statement| {
        let mut members = statement.members().map(|(name, _)| is_element(&name.value));
        members.next().is_some_and(|first| first && members.all(|is_element| is_element))
    })
}

/// Whether a document is a data protection policy of CloudWatch Logs or SNS, which has `Statement` and is not an IAM
/// policy.
fn is_data_protection(value: Value<'_, '_>) -> bool {
    value.member("Statement").is_some_and(|statement| {
        statements(statement).any(|statement| {
            statement.member("Effect").is_none()
                && (statement.member("DataIdentifier").is_some() || statement.member("Operation").is_some())
        })
    })
}
