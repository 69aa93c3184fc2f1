//! A statement as a fix shows it: its members in the order AWS's documentation writes them.

use std::collections::BTreeMap;

use bailiwick_parser::syntax::{self, Effect, PrincipalKey, PrincipalValue};
use serde::Serialize;

/// One statement of a policy.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Statement {
    /// `Sid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// `Allow` or `Deny`.
    pub effect: String,
    /// `Principal`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<Principal>,
    /// `NotPrincipal`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_principal: Option<Principal>,
    /// `Action`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<OneOrMany>,
    /// `NotAction`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_action: Option<OneOrMany>,
    /// `Resource`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<OneOrMany>,
    /// `NotResource`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_resource: Option<OneOrMany>,
    /// `Condition`: by operator and key.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub condition: BTreeMap<String, BTreeMap<String, OneOrMany>>,
}

/// A principal: everybody, or names by kind.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Principal {
    /// `"*"`.
    Everybody(String),
    /// `AWS`, `Service`, `Federated`, `CanonicalUser`.
    Named(BTreeMap<&'static str, OneOrMany>),
}

/// One text, or a list of them.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One text.
    One(String),
    /// A list.
    Many(Vec<String>),
}

impl OneOrMany {
    /// One text as itself, several as a list.
    #[must_use]
    pub fn new(mut values: Vec<String>) -> Self {
        if values.len() == 1
            && let Some(value) = values.pop()
        {
            return Self::One(value);
        }
        Self::Many(values)
    }

    /// The texts.
    #[must_use]
    pub fn values(&self) -> &[String] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }
}

impl From<&syntax::Statement<'_>> for Statement {
    fn from(statement: &syntax::Statement<'_>) -> Self {
        let mut made = Self {
            sid: statement.sid.as_ref().map(|sid| sid.value.to_string()),
            effect: match statement.effect.map(|effect| effect.value) {
                Some(Effect::Deny) => "Deny".to_owned(),
                _ => "Allow".to_owned(),
            },
            ..Self::default()
        };
        if let Some(principal) = &statement.principal {
            let value = match &principal.value {
                PrincipalValue::Text(text) => Principal::Everybody(text.value.to_string()),
                PrincipalValue::Map { members, .. } => Principal::Named(
                    members
                        .iter()
                        .map(|member| (principal_key(member.key.value), texts(&member.values)))
                        .collect(),
                ),
            };
            *(if principal.negated { &mut made.not_principal } else { &mut made.principal }) = Some(value);
        }
        if let Some(action) = &statement.action {
            *(if action.negated { &mut made.not_action } else { &mut made.action }) =
                Some(texts(&action.value));
        }
        if let Some(resource) = &statement.resource {
            *(if resource.negated { &mut made.not_resource } else { &mut made.resource }) =
                Some(texts(&resource.value));
        }
        for condition in statement.condition.iter().flat_map(|condition| &condition.value) {
            let keys = made.condition.entry(condition.operator.value.to_string()).or_default();
            for key in &condition.keys {
                let values = key.values.iter().map(|value| value.text.value.to_string()).collect();
                let values = if key.is_list { OneOrMany::Many(values) } else { OneOrMany::new(values) };
                keys.insert(key.key.value.to_string(), values);
            }
        }
        made
    }
}

fn texts(list: &syntax::List<'_>) -> OneOrMany {
    let values = list.items.iter().map(|item| item.value.to_string()).collect();
    if list.is_list { OneOrMany::Many(values) } else { OneOrMany::new(values) }
}

fn principal_key(key: PrincipalKey) -> &'static str {
    match key {
        PrincipalKey::Aws => "AWS",
        PrincipalKey::CanonicalUser => "CanonicalUser",
        PrincipalKey::Federated => "Federated",
        PrincipalKey::Service => "Service",
    }
}
