//! `PutDestinationPolicy`: who may register a subscription filter against a destination.
//!
//! What is refused follows recorded answers of the service: it checks the condition keys before the principals, and
//! compares their names with their letter case. It does not check actions and resources.

use serde_json::{Map, Value};

use crate::arn::is_account_id;
use crate::document;
use crate::error::{Done, ServiceError};
use crate::limits;
use crate::logs::LogsStore;
use crate::shapes::destination_policies::PutDestinationPolicyInput;

impl LogsStore {
    /// `PutDestinationPolicy`.
    ///
    /// # Errors
    ///
    /// `InvalidParameterException`, for every mistake.
    pub fn put_destination_policy(&mut self, input: &PutDestinationPolicyInput) -> Done {
        if input.access_policy.len() > limits::ACCESS_POLICY_BYTES {
            return refuse(format!("accessPolicy must be at most {} bytes.", limits::ACCESS_POLICY_BYTES));
        }
        let scope = DestinationPolicyScope::of(&input.access_policy)?;
        let Some(destination) = self.destinations.get_mut(&input.destination_name) else {
            return refuse(format!("Destination with name {} does not exist", input.destination_name));
        };
        let forced = input.force_update.unwrap_or(false);
        let before =
            destination.access_policy.as_deref().and_then(|text| DestinationPolicyScope::of(text).ok());
        let widens =
            before == Some(DestinationPolicyScope::Accounts) && scope == DestinationPolicyScope::Organization;
        if widens && !forced {
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

/// How a destination policy names the senders. Where it names an organization, a subscription filter needs a role.
///
/// ```
/// use bailiwick_store::DestinationPolicyScope;
///
/// let policy = r#"{"Statement": {"Effect": "Allow", "Principal": {"AWS": "444455556666"},
///     "Action": "logs:PutSubscriptionFilter", "Resource": "*"}}"#;
/// assert_eq!(DestinationPolicyScope::of(policy)?, DestinationPolicyScope::Accounts);
/// assert!(DestinationPolicyScope::of("{}").is_err());
/// # Ok::<(), bailiwick_store::ServiceError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DestinationPolicyScope {
    /// By account or by unique identifier.
    Accounts,
    /// `*`, under a condition on the organization.
    Organization,
}

impl DestinationPolicyScope {
    /// Reads a destination policy as `PutDestinationPolicy` does.
    ///
    /// # Errors
    ///
    /// The exception by which `PutDestinationPolicy` refuses the document.
    pub fn of(access_policy: &str) -> Result<Self, ServiceError> {
        let statements = document::statements(access_policy).ok_or_else(ServiceError::malformed_document)?;
        // All conditions are checked before the first principal is.
        let has_condition: Vec<bool> =
            statements.iter().map(has_organization_condition).collect::<Result<_, _>>()?;
        let mut scope = Self::Accounts;
        for (statement, has_condition) in statements.iter().zip(has_condition) {
            if statement_scope(statement, has_condition)? == Self::Organization {
                scope = Self::Organization;
            }
        }
        Ok(scope)
    }
}

fn has_organization_condition(statement: &Map<String, Value>) -> Result<bool, ServiceError> {
    let mut found = false;
    let operators = statement.get("Condition").and_then(Value::as_object);
    for keys in operators.into_iter().flat_map(Map::values) {
        for key in keys.as_object().ok_or_else(ServiceError::malformed_document)?.keys() {
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

fn statement_scope(
    statement: &Map<String, Value>,
    has_condition: bool,
) -> Result<DestinationPolicyScope, ServiceError> {
    use DestinationPolicyScope::{Accounts, Organization};
    let aws = match statement.get("Principal") {
        Some(Value::String(star)) if star == "*" && has_condition => return Ok(Organization),
        // Services are accepted if accounts are named as well, and have no effect.
        Some(Value::Object(principal)) => principal.get("AWS").map(document::strings).unwrap_or_default(),
        _ => return Err(ServiceError::malformed_document()),
    };
    if aws.is_empty() {
        return Err(ServiceError::malformed_document());
    }
    let mut scope = Accounts;
    for name in aws {
        match name {
            "*" if has_condition => scope = Organization,
            "*" => return refuse("Principal section of policy contains `*` instead of account ID: *"),
            arn if arn.starts_with("arn:") => {
                return refuse(format!(
                    "Principal section of policy contains ARN instead of account ID: {arn}"
                ));
            }
            id if is_account_id(id) || is_unique_id(id) => {}
            _ => return Err(ServiceError::malformed_document()),
        }
    }
    Ok(scope)
}

/// Whether a text is the unique identifier of a user or a role.
fn is_unique_id(text: &str) -> bool {
    (text.starts_with("AROA") || text.starts_with("AIDA"))
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

fn refuse<T>(message: impl Into<String>) -> Result<T, ServiceError> {
    Err(ServiceError::parameter(message))
}
