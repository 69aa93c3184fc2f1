//! CloudWatch Logs resource policies: ten for the account in a Region, and one for each log group.

use serde::{Deserialize, Serialize};

/// The input of `PutResourcePolicy`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PutResourcePolicyInput {
    /// The name of an account-scoped policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
    /// The policy as JSON text, 1–51,200 characters.
    pub policy_document: String,
    /// The log group a resource-scoped policy belongs to, without `:*`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_arn: Option<String>,
    /// The revision the caller last saw; absent when the log group has no policy yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_revision_id: Option<String>,
}

/// The output of `PutResourcePolicy`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PutResourcePolicyOutput {
    /// The policy as it was put.
    pub resource_policy: ResourcePolicy,
    /// The new revision; for resource-scoped policies only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision_id: Option<String>,
}

/// One resource policy.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourcePolicy {
    /// The name of an account-scoped policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
    /// The policy as JSON text.
    pub policy_document: String,
    /// Milliseconds since 1970, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_updated_time: Option<i64>,
    /// Whether it belongs to the account or to one log group; older outputs leave it out and mean the account.
    #[serde(default)]
    pub policy_scope: PolicyScope,
    /// The log group of a resource-scoped policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_arn: Option<String>,
    /// The revision of a resource-scoped policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision_id: Option<String>,
}

/// `policyScope`.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub enum PolicyScope {
    /// The policy belongs to the account and covers every log group its `Resource` matches.
    #[default]
    #[serde(rename = "ACCOUNT")]
    Account,
    /// The policy belongs to one log group.
    #[serde(rename = "RESOURCE")]
    Resource,
}

/// The input of `DeleteResourcePolicy`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeleteResourcePolicyInput {
    /// The name of an account-scoped policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
    /// The log group of a resource-scoped policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_arn: Option<String>,
    /// The current revision of a resource-scoped policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_revision_id: Option<String>,
}

/// The input of `DescribeResourcePolicies`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DescribeResourcePoliciesInput {
    /// Which scope to list.
    #[serde(default)]
    pub policy_scope: PolicyScope,
    /// The log group whose policy to list; with scope `RESOURCE` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_arn: Option<String>,
    /// The maximum number of items, 1–50; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// The `nextToken` of the previous page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// The output of `DescribeResourcePolicies`.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeResourcePoliciesOutput {
    /// The policies, by name or by ARN.
    #[serde(default)]
    pub resource_policies: Vec<ResourcePolicy>,
    /// Present when there are more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}
