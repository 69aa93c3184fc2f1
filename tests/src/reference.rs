//! The Service Authorization Reference as values: read from its source, or from the table inside
//! `bailiwick-aws`, and written as that table.

mod encode;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use bailiwick_aws as aws;
use serde::Deserialize;

pub use encode::encode;

/// All services, ordered by prefix.
#[derive(Debug, Default, Eq, PartialEq)]
pub struct Reference {
    /// By prefix.
    pub services: Vec<Service>,
}

/// A service.
#[derive(Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Service {
    /// Its prefix.
    pub service: String,
    /// By name.
    pub actions: BTreeMap<String, Action>,
    /// By name.
    pub resource_types: BTreeMap<String, ResourceType>,
    /// The type of each condition key.
    pub condition_keys: BTreeMap<String, String>,
    /// Whether resource control policies apply to it.
    #[serde(default)]
    pub rcp: bool,
}

/// An action. The source has a member `needs` for dependent actions, and no edition has filled it yet: one
/// that does is refused here, so that nothing is lost unnoticed.
#[derive(Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// The access level, as the source writes it.
    pub access: String,
    /// What it is authorized on.
    #[serde(default)]
    pub types: Vec<On>,
    /// Condition keys.
    #[serde(default)]
    pub keys: Vec<String>,
}

/// A resource type that an action is authorized on.
#[derive(Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct On {
    /// Its name.
    #[serde(rename = "type")]
    pub name: String,
    /// Whether every request has one.
    #[serde(default)]
    pub required: bool,
    /// Condition keys.
    #[serde(default)]
    pub keys: Vec<String>,
}

/// A resource type.
#[derive(Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct ResourceType {
    /// The pattern of its ARNs.
    pub arn: String,
    /// Condition keys.
    #[serde(default)]
    pub keys: Vec<String>,
}

/// The access levels as the source writes them, in the order of their codes in the table.
const ACCESS_LEVELS: [(&str, aws::AccessLevel); 5] = [
    ("List", aws::AccessLevel::List),
    ("Read", aws::AccessLevel::Read),
    ("Write", aws::AccessLevel::Write),
    ("Permissions management, Write", aws::AccessLevel::PermissionsManagement),
    ("Tagging, Write", aws::AccessLevel::Tagging),
];

/// The types of condition keys as the source writes them, in the order of their codes in the table.
const KEY_TYPES: [&str; 6] = ["String", "ARN", "Bool", "Numeric", "Date", "IPAddress"];

impl Reference {
    /// Reads the source: one service a line.
    ///
    /// # Errors
    ///
    /// Says which line is wrong.
    pub fn read(ndjson: &str) -> Result<Self, String> {
        let mut services = Vec::new();
        for (number, line) in ndjson.lines().enumerate() {
            let service: Service =
                serde_json::from_str(line).map_err(|error| format!("line {}: {error}", number + 1))?;
            services.push(service);
        }
        services.sort_by(|one: &Service, other| one.service.cmp(&other.service));
        let prefixes: BTreeSet<_> = services.iter().map(|service| &service.service).collect();
        if prefixes.len() != services.len() {
            return Err("a service has two lines".to_owned());
        }
        Ok(Self { services })
    }

    /// Reads the table inside `bailiwick-aws`, by its public functions.
    #[must_use]
    pub fn embedded() -> Self {
        Self { services: aws::services().map(|service| embedded_service(&service)).collect() }
    }
}

fn names(keys: impl Iterator<Item = aws::ConditionKey>) -> Vec<String> {
    keys.map(|key| key.name().to_string()).collect()
}

fn embedded_service(service: &aws::Service) -> Service {
    let actions = service.actions().map(|action| {
        let level = action.access_level();
        let access = ACCESS_LEVELS.iter().find(|(_, known)| *known == level);
        let types = action.resource_types().map(|on| On {
            name: on.resource_type().name().to_string(),
            required: on.is_required(),
            keys: names(on.condition_keys()),
        });
        let facts = Action {
            access: access.map_or("", |(text, _)| text).to_owned(),
            types: types.collect(),
            keys: names(action.condition_keys()),
        };
        (action.name().to_string(), facts)
    });
    let types = service.resource_types().map(|resource_type| {
        let facts = ResourceType {
            arn: resource_type.arn_pattern().to_string(),
            keys: names(resource_type.condition_keys()),
        };
        (resource_type.name().to_string(), facts)
    });
    let keys = service.condition_keys().map(|key| {
        let array = if key.is_multivalued() { "ArrayOf" } else { "" };
        (key.name().to_string(), format!("{array}{}", key.key_type()))
    });
    Service {
        service: service.prefix().to_string(),
        actions: actions.collect(),
        resource_types: types.collect(),
        condition_keys: keys.collect(),
        rcp: service.takes_rcp(),
    }
}
