//! Deliveries: one delivery source paired with one delivery destination.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The input of `CreateDelivery`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateDeliveryInput {
    /// A delivery source of this account.
    pub delivery_source_name: String,
    /// The delivery destination, of this or another account.
    pub delivery_destination_arn: String,
    /// At most 128 fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_fields: Option<Vec<String>>,
    /// At most 5 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field_delimiter: Option<String>,
    /// The path in the bucket; of S3 destinations only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub s3_delivery_configuration: Option<S3DeliveryConfiguration>,
    /// At most 50.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<BTreeMap<String, String>>,
}

/// The input of `UpdateDeliveryConfiguration`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateDeliveryConfigurationInput {
    /// The delivery.
    pub id: String,
    /// At most 128 fields. This member and the two below change nothing if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_fields: Option<Vec<String>>,
    /// At most 5 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field_delimiter: Option<String>,
    /// The path in the bucket; of S3 destinations only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub s3_delivery_configuration: Option<S3DeliveryConfiguration>,
}

/// `s3DeliveryConfiguration`.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct S3DeliveryConfiguration {
    /// What follows the prefix in an object's key, 1–256 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suffix_path: Option<String>,
    /// `aws-account-id=…/region=…` instead of bare values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enable_hive_compatible_path: Option<bool>,
}

/// One delivery.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// 1–64 letters and digits.
    pub id: String,
    /// `arn:aws:logs:REGION:ACCOUNT:delivery:ID`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// The delivery source.
    #[serde(default)]
    pub delivery_source_name: String,
    /// The delivery destination.
    #[serde(default)]
    pub delivery_destination_arn: String,
    /// `S3`, `CWL`, `FH` or `XRAY`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_destination_type: Option<String>,
    /// The fields of a record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_fields: Option<Vec<String>>,
    /// The text between two fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field_delimiter: Option<String>,
    /// The path in the bucket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub s3_delivery_configuration: Option<S3DeliveryConfiguration>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<BTreeMap<String, String>>,
}

/// The output of `CreateDelivery` and `GetDelivery`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct DeliveryOutput {
    /// The delivery.
    pub delivery: Delivery,
}

/// The output of `DescribeDeliveries`.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeDeliveriesOutput {
    /// The deliveries, by identifier.
    #[serde(default)]
    pub deliveries: Vec<Delivery>,
    /// Present when there are more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}
