//! Delivery destinations: the bucket, log group, Firehose stream or X-Ray that vended logs go to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The input of `PutDeliveryDestination`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PutDeliveryDestinationInput {
    /// 1–60 of `[\w-]`.
    pub name: String,
    /// `json`, `plain`, `w3c`, `raw` or `parquet`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_format: Option<String>,
    /// The resource that receives the logs; X-Ray has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_destination_configuration: Option<DeliveryDestinationConfiguration>,
    /// `S3`, `CWL`, `FH` or `XRAY`; required for `XRAY`, otherwise it follows from the resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_destination_type: Option<String>,
    /// At most 50.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<BTreeMap<String, String>>,
}

/// `deliveryDestinationConfiguration`.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryDestinationConfiguration {
    /// The bucket, log group or stream; an S3 ARN may have a prefix after the bucket.
    pub destination_resource_arn: String,
}

/// One delivery destination.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryDestination {
    /// Its name.
    pub name: String,
    /// `arn:aws:logs:REGION:ACCOUNT:delivery-destination:NAME`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// `S3`, `CWL`, `FH` or `XRAY`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_destination_type: Option<String>,
    /// The format of the records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_format: Option<String>,
    /// The resource that receives the logs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_destination_configuration: Option<DeliveryDestinationConfiguration>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<BTreeMap<String, String>>,
}

/// The output of `PutDeliveryDestination` and `GetDeliveryDestination`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryDestinationOutput {
    /// The delivery destination.
    pub delivery_destination: DeliveryDestination,
}

/// The output of `DescribeDeliveryDestinations`.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeDeliveryDestinationsOutput {
    /// The delivery destinations, by name.
    #[serde(default)]
    pub delivery_destinations: Vec<DeliveryDestination>,
    /// Present when there are more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}
