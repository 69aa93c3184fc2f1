//! Subscription filters: which records of a log group go to which stream, function or destination.

use serde::{Deserialize, Serialize};

/// The input of `PutSubscriptionFilter`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PutSubscriptionFilterInput {
    /// The log group.
    pub log_group_name: String,
    /// 1–512 characters without `:` and `*`.
    pub filter_name: String,
    /// At most 1,024 characters; the empty pattern matches every record.
    pub filter_pattern: String,
    /// A Kinesis or Firehose stream, a Lambda function, or a destination.
    pub destination_arn: String,
    /// The role that writes; for streams and for destinations that are open to an organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_arn: Option<String>,
    /// `ByLogStream` or, for Kinesis only, `Random`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distribution: Option<String>,
}

/// One subscription filter.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SubscriptionFilter {
    /// Its name.
    pub filter_name: String,
    /// The log group.
    pub log_group_name: String,
    /// Which records it sends.
    #[serde(default)]
    pub filter_pattern: String,
    /// Where it sends.
    pub destination_arn: String,
    /// The role that writes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_arn: Option<String>,
    /// How records are distributed over a stream's shards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distribution: Option<String>,
    /// Milliseconds since 1970, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creation_time: Option<i64>,
}

/// The input of `DescribeSubscriptionFilters`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DescribeSubscriptionFiltersInput {
    /// The log group.
    pub log_group_name: String,
    /// The prefix of the names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter_name_prefix: Option<String>,
    /// The maximum number of items, 1–50; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// The `nextToken` of the previous page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// The output of `DescribeSubscriptionFilters`.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeSubscriptionFiltersOutput {
    /// The filters, by name.
    #[serde(default)]
    pub subscription_filters: Vec<SubscriptionFilter>,
    /// Present when there are more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}
