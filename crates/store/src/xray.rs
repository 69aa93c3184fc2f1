//! X-Ray resource policies: five for an account, each of at most 5 KB.
//!
//! Follows `PutResourcePolicy`, `ListResourcePolicies` and `DeleteResourcePolicy` of the X-Ray API. X-Ray's
//! documentation counts policies by account. A public report says that each Region is counted separately; a store
//! holds one Region.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::document;
use crate::error::{Done, ServiceError};
use crate::limits;
use crate::member::{Member, is_word};
use crate::revision;

/// X-Ray in one account and Region.
///
/// ```
/// use bailiwick_store::{PutXrayResourcePolicyInput, XrayStore};
///
/// let mut xray = XrayStore::new("111122223333", "us-east-1");
/// let input = PutXrayResourcePolicyInput {
///     policy_name: "tracing".into(),
///     policy_document: r#"{"Statement": {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"},
///         "Action": "xray:PutTraceSegments", "Resource": "*"}}"#.into(),
///     policy_revision_id: Some("0".into()), // create only
///     ..Default::default()
/// };
/// let caller_may_put = |_: &[&str]| true;
/// xray.put_resource_policy(&input, 1_700_000_000, caller_may_put)?;
/// let again = xray.put_resource_policy(&input, 1_700_000_060, caller_may_put);
/// assert_eq!(again.unwrap_err().name, "InvalidPolicyRevisionIdException");
/// # Ok::<(), bailiwick_store::ServiceError>(())
/// ```
#[derive(Clone, Debug)]
pub struct XrayStore {
    account: String,
    region: String,
    policies: BTreeMap<String, XrayResourcePolicy>,
}

/// The input of X-Ray's `PutResourcePolicy`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct PutXrayResourcePolicyInput {
    /// 1–128 of `[\w+=,.@-]`.
    pub policy_name: String,
    /// The policy as JSON text, at most 5 KB.
    pub policy_document: String,
    /// The revision that the caller last saw; `0` creates and never replaces; absent replaces any revision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_revision_id: Option<String>,
    /// Accepts that the caller may not change the policy again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bypass_policy_lockout_check: Option<bool>,
}

/// The output of X-Ray's `PutResourcePolicy`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PutXrayResourcePolicyOutput {
    /// The policy as it was put.
    pub resource_policy: XrayResourcePolicy,
}

/// One X-Ray resource policy.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct XrayResourcePolicy {
    /// Its name.
    pub policy_name: String,
    /// The policy as JSON text.
    pub policy_document: String,
    /// The current revision, a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_revision_id: Option<String>,
    /// When it was last put.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_updated_time: Option<Timestamp>,
}

/// A point in time as the AWS CLI prints it: seconds since 1970 (version 1) or ISO 8601 (version 2).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Timestamp(serde_json::Value);

impl Timestamp {
    /// Seconds since 1970, UTC.
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Self {
        Self(seconds.into())
    }

    /// As it is printed: a number, or a text in quotes.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.0.to_string()
    }
}

/// The output of X-Ray's `ListResourcePolicies`.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListXrayResourcePoliciesOutput {
    /// The policies, by name; there are never more than one page of them.
    #[serde(default)]
    pub resource_policies: Vec<XrayResourcePolicy>,
}

/// The input of X-Ray's `DeleteResourcePolicy`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct DeleteXrayResourcePolicyInput {
    /// The policy.
    pub policy_name: String,
    /// The revision the caller last saw; absent: whatever there is is deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_revision_id: Option<String>,
}

impl XrayStore {
    /// An empty store of `account` (twelve digits) in `region`.
    #[must_use]
    pub fn new(account: &str, region: &str) -> Self {
        Self { account: account.to_owned(), region: region.to_owned(), policies: BTreeMap::new() }
    }

    /// The account the store belongs to.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The Region the store belongs to.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// `PutResourcePolicy` at `now` (seconds since 1970): creates a policy, or replaces the one of that name
    /// under the next revision, also when the text is the same.
    ///
    /// `caller_may_put` answers whether the caller may call `xray:PutResourcePolicy` under the given documents
    /// and its own permissions. It is asked about the documents before and after; going from yes to no is a
    /// lockout. AWS has not published its own algorithm.
    ///
    /// # Errors
    ///
    /// `ValidationException` for the name, `MalformedPolicyDocumentException`, `PolicySizeLimitExceededException`,
    /// `InvalidPolicyRevisionIdException`, `PolicyCountLimitExceededException`, `LockoutPreventionException`.
    pub fn put_resource_policy(
        &mut self,
        input: &PutXrayResourcePolicyInput,
        now: i64,
        caller_may_put: impl Fn(&[&str]) -> bool,
    ) -> Result<PutXrayResourcePolicyOutput, ServiceError> {
        let name = &input.policy_name;
        check_name(name)?;
        if input.policy_document.len() > limits::XRAY_POLICY_BYTES {
            return Err(ServiceError::new(
                "PolicySizeLimitExceededException",
                format!("The size of a resource policy may not exceed {} bytes.", limits::XRAY_POLICY_BYTES),
            ));
        }
        if document::statements(&input.policy_document).is_none() {
            return Err(ServiceError::new("MalformedPolicyDocumentException", ""));
        }
        let current = self.policies.get(name).and_then(|policy| policy.policy_revision_id.clone());
        check_revision(name, input.policy_revision_id.as_deref(), current.as_deref())?;
        if !self.policies.contains_key(name) && self.policies.len() >= limits::XRAY_POLICIES {
            return Err(ServiceError::new(
                "PolicyCountLimitExceededException",
                format!("The number of resource policies may not exceed {}.", limits::XRAY_POLICIES),
            ));
        }
        if !input.bypass_policy_lockout_check.unwrap_or(false) {
            self.check_lockout(input, caller_may_put)?;
        }
        let policy = XrayResourcePolicy {
            policy_name: name.clone(),
            policy_document: input.policy_document.clone(),
            policy_revision_id: Some(revision::next(current.as_deref())),
            last_updated_time: Some(Timestamp::from_seconds(now)),
        };
        self.policies.insert(name.clone(), policy.clone());
        Ok(PutXrayResourcePolicyOutput { resource_policy: policy })
    }

    /// `ListResourcePolicies`.
    #[must_use]
    pub fn list_resource_policies(&self) -> ListXrayResourcePoliciesOutput {
        ListXrayResourcePoliciesOutput { resource_policies: self.policies.values().cloned().collect() }
    }

    /// `DeleteResourcePolicy`.
    ///
    /// # Errors
    ///
    /// `InvalidRequestException` for a missing policy, `InvalidPolicyRevisionIdException`.
    pub fn delete_resource_policy(&mut self, input: &DeleteXrayResourcePolicyInput) -> Done {
        let name = &input.policy_name;
        let Some(policy) = self.policies.get(name) else {
            return Err(ServiceError::new(
                "InvalidRequestException",
                format!("The resource policy {name} does not exist."),
            ));
        };
        check_revision(name, input.policy_revision_id.as_deref(), policy.policy_revision_id.as_deref())?;
        self.policies.remove(name);
        Ok(())
    }

    /// The policies, by name.
    pub fn policies(&self) -> impl Iterator<Item = &XrayResourcePolicy> {
        self.policies.values()
    }

    /// Adds what the output of `aws xray list-resource-policies` lists. No limit is checked, because AWS accepted the
    /// content already.
    pub fn restore(&mut self, output: ListXrayResourcePoliciesOutput) {
        self.policies.extend(output.resource_policies.into_iter().map(|p| (p.policy_name.clone(), p)));
    }

    fn check_lockout(
        &self,
        input: &PutXrayResourcePolicyInput,
        caller_may_put: impl Fn(&[&str]) -> bool,
    ) -> Result<(), ServiceError> {
        let before: Vec<&str> = self.policies.values().map(|p| p.policy_document.as_str()).collect();
        let others = self.policies.values().filter(|p| p.policy_name != input.policy_name);
        let mut after: Vec<&str> = others.map(|p| p.policy_document.as_str()).collect();
        after.push(&input.policy_document);
        if caller_may_put(&before) && !caller_may_put(&after) {
            return Err(ServiceError::new(
                "LockoutPreventionException",
                "The provided resource policy would prevent the caller from making another PutResourcePolicy request.",
            ));
        }
        Ok(())
    }
}

fn check_name(name: &str) -> Done {
    Member::validated("policyName", name)
        .length(1, 128)?
        .characters("[\\w+=,.@-]+", |c| is_word(c) || "+=,.@-".contains(c))?;
    Ok(())
}

/// An absent revision fits any policy, `0` fits only the absence of one, any other only itself.
fn check_revision(name: &str, expected: Option<&str>, current: Option<&str>) -> Done {
    let fits = match expected {
        None => true,
        Some("0") => current.is_none(),
        Some(id) => current == Some(id),
    };
    if fits {
        return Ok(());
    }
    Err(ServiceError::new(
        "InvalidPolicyRevisionIdException",
        format!("Another concurrent request has modified the resource policy {name}"),
    ))
}
