//! Delivery sources: the resource whose logs are vended, and which of its logs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The input of `PutDeliverySource`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PutDeliverySourceInput {
    /// 1–60 of `[\w-]`.
    pub name: String,
    /// The resource that generates the logs.
    pub resource_arn: String,
    /// Which logs, 1–255 of `\w`, such as `ACCESS_LOGS`.
    pub log_type: String,
    /// At most 50.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<BTreeMap<String, String>>,
}

/// One delivery source.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliverySource {
    /// Its name.
    pub name: String,
    /// `arn:aws:logs:REGION:ACCOUNT:delivery-source:NAME`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// The resource, as a list of one.
    #[serde(default)]
    pub resource_arns: Vec<String>,
    /// The service that generates the logs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Which logs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_type: Option<String>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<BTreeMap<String, String>>,
}

/// The output of `PutDeliverySource` and `GetDeliverySource`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliverySourceOutput {
    /// The delivery source.
    pub delivery_source: DeliverySource,
}

/// The output of `DescribeDeliverySources`.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeDeliverySourcesOutput {
    /// The delivery sources, by name.
    #[serde(default)]
    pub delivery_sources: Vec<DeliverySource>,
    /// Present when there are more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}
