//! `PutDestinationPolicy`: who may register a subscription filter against a destination.
//!
//! What is refused follows the recorded answers of the service: the condition keys are looked at before the
//! principals, and their names with their letter case. Actions and resources are not looked at.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    Done, LogsStore, ServiceError, document, limits, resource_policies::unreadable_document,
    validate::INVALID_PARAMETER,
};
use crate::arn::is_account;

/// The input of `PutDestinationPolicy`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PutDestinationPolicyInput {
    /// An existing destination.
    pub destination_name: String,
    /// The policy as JSON text, at most 5,120 bytes.
    pub access_policy: String,
    /// Accepts that subscription filters without a role stop working when the policy goes from accounts to an
    /// organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub force_update: Option<bool>,
}

impl LogsStore {
    /// `PutDestinationPolicy`.
    ///
    /// # Errors
    ///
    /// `InvalidParameterException`, for everything.
    pub fn put_destination_policy(&mut self, input: &PutDestinationPolicyInput) -> Done {
        if input.access_policy.len() > limits::ACCESS_POLICY_BYTES {
            return refuse(format!("accessPolicy must be at most {} bytes.", limits::ACCESS_POLICY_BYTES));
        }
        let names = names(&input.access_policy)?;
        let Some(destination) = self.destinations.get_mut(&input.destination_name) else {
            return refuse(format!("Destination with name {} does not exist", input.destination_name));
        };
        let forced = input.force_update.unwrap_or(false);
        let before = destination.access_policy.as_deref().and_then(|text| self::names(text).ok());
        if before == Some(Names::Accounts) && names == Names::Organization && !forced {
            return refuse(
                "Cannot update existing policy on Subscription Destination. The existing policy specifies AWS \
                 Principals by Account Id while the provided policy specifies AWS Principals by Org Id. This can \
                 cause subscription delivery failures for Subscriptions using this destination that are not \
                 configured with a Role. Use the Force flag to accept this risk.",
            );
        }
        destination.access_policy = Some(input.access_policy.clone());
        Ok(())
    }
}

/// How a destination policy names the senders.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Names {
    /// By account or by unique identifier.
    Accounts,
    /// Everybody, under a condition on the organization.
    Organization,
}

/// Reads a destination policy the way the service does when it is put.
pub(super) fn names(text: &str) -> Result<Names, ServiceError> {
    let statements = document::statements(text).ok_or_else(unreadable_document)?;
    let mut conditioned = Vec::with_capacity(statements.len());
    for statement in &statements {
        conditioned.push(has_organization_condition(statement)?);
    }
    let mut names = Names::Accounts;
    for (statement, conditioned) in statements.iter().zip(conditioned) {
        if principal_names(statement, conditioned)? == Names::Organization {
            names = Names::Organization;
        }
    }
    Ok(names)
}

/// Whether a destination policy names an organization; `None` when the service would not take it.
pub(crate) fn names_organization(text: &str) -> Option<bool> {
    names(text).ok().map(|names| names == Names::Organization)
}

fn has_organization_condition(statement: &Map<String, Value>) -> Result<bool, ServiceError> {
    let mut found = false;
    let operators = statement.get("Condition").and_then(Value::as_object);
    for keys in operators.into_iter().flat_map(Map::values) {
        for key in keys.as_object().ok_or_else(unreadable_document)?.keys() {
            if key != "aws:PrincipalOrgID" && key != "aws:PrincipalOrgPaths" {
                return refuse(
                    "Only 'aws:PrincipalOrgID' and 'aws:PrincipalOrgPaths' condition keys are allowed in Condition \
                     block of the policy.",
                );
            }
            found = true;
        }
    }
    Ok(found)
}

fn principal_names(statement: &Map<String, Value>, conditioned: bool) -> Result<Names, ServiceError> {
    let aws = match statement.get("Principal") {
        Some(Value::String(star)) if star == "*" && conditioned => return Ok(Names::Organization),
        // Services beside accounts are accepted and mean nothing; services alone are not.
        Some(Value::Object(principal)) => principal.get("AWS").map(document::strings).unwrap_or_default(),
        _ => return Err(unreadable_document()),
    };
    if aws.is_empty() {
        return Err(unreadable_document());
    }
    let mut names = Names::Accounts;
    for name in aws {
        match name {
            "*" if conditioned => names = Names::Organization,
            "*" => return refuse("Principal section of policy contains `*` instead of account ID: *"),
            arn if arn.starts_with("arn:") => {
                return refuse(format!(
                    "Principal section of policy contains ARN instead of account ID: {arn}"
                ));
            }
            id if is_account(id) || is_unique_id(id) => {}
            _ => return Err(unreadable_document()),
        }
    }
    Ok(names)
}

/// The unique identifier of a user or a role.
fn is_unique_id(text: &str) -> bool {
    (text.starts_with("AROA") || text.starts_with("AIDA"))
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

fn refuse<T>(message: impl Into<String>) -> Result<T, ServiceError> {
    Err(ServiceError::new(INVALID_PARAMETER, message))
}
