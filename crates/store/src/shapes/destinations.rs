//! Destinations of subscription filters: a name for a stream in this account that other accounts send to.

use serde::{Deserialize, Serialize};

/// The input of `PutDestination`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PutDestinationInput {
    /// 1–512 characters without `:` and `*`.
    pub destination_name: String,
    /// The Kinesis or Firehose stream.
    pub target_arn: String,
    /// The role CloudWatch Logs assumes to write to the stream.
    pub role_arn: String,
}

/// One destination.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Destination {
    /// Its name.
    pub destination_name: String,
    /// The stream that receives the records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_arn: Option<String>,
    /// The role that writes to the stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_arn: Option<String>,
    /// The policy that lets others register a subscription filter, as JSON text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_policy: Option<String>,
    /// `arn:aws:logs:REGION:ACCOUNT:destination:NAME`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// Milliseconds since 1970, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creation_time: Option<i64>,
}

/// The output of `PutDestination`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct DestinationOutput {
    /// The destination as it is now.
    pub destination: Destination,
}

/// The input of `DescribeDestinations`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DescribeDestinationsInput {
    /// The prefix of the names; AWS writes this member with a capital.
    #[serde(default, rename = "DestinationNamePrefix", skip_serializing_if = "Option::is_none")]
    pub destination_name_prefix: Option<String>,
    /// The maximum number of items, 1–50; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// The `nextToken` of the previous page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// The output of `DescribeDestinations`.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeDestinationsOutput {
    /// The destinations, by name.
    #[serde(default)]
    pub destinations: Vec<Destination>,
    /// Present when there are more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}
