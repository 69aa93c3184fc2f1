//! Deliveries: one delivery source paired with one delivery destination.
//!
//! Follows `CreateDelivery`, `UpdateDeliveryConfiguration`, `GetDelivery`, `DescribeDeliveries` and
//! `DeleteDelivery` of the CloudWatch Logs API. A delivery lives in the account of its source; its destination
//! may live in another account, whose store this one does not see, and is therefore handed in.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    DeliveryDestination, Done, LogsStore, PageInput, ServiceError,
    delivery_sources::{check_tags, conflict, not_found},
    page,
    validate::{self, VALIDATION},
};

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
    /// At most 128 fields; absent: unchanged, as the two below.
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
    /// What stands between them.
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

impl LogsStore {
    /// `CreateDelivery` under the identifier `id`. `destination` is the delivery destination of
    /// `deliveryDestinationArn` when it belongs to another account; one of this account is found here.
    ///
    /// # Errors
    ///
    /// `ValidationException`; `ResourceNotFoundException` for the source and the destination;
    /// `ConflictException` when the source already has a delivery to a destination of that type, or when `id` is
    /// taken.
    pub fn create_delivery(
        &mut self,
        input: &CreateDeliveryInput,
        destination: Option<&DeliveryDestination>,
        id: &str,
    ) -> Result<DeliveryOutput, ServiceError> {
        check_id(id)?;
        check_tags(input.tags.as_ref())?;
        check_fields(input.record_fields.as_deref(), input.field_delimiter.as_deref())?;
        let source = &input.delivery_source_name;
        if !self.delivery_sources.contains_key(source) {
            return Err(not_found("delivery source", source));
        }
        let arn = &input.delivery_destination_arn;
        let own = self.delivery_destinations.values().find(|own| own.arn.as_ref() == Some(arn));
        let Some(destination) = own.or_else(|| destination.filter(|other| other.arn.as_ref() == Some(arn)))
        else {
            return Err(not_found("delivery destination", arn));
        };
        let kind = destination.delivery_destination_type.clone();
        check_s3(input.s3_delivery_configuration.as_ref(), kind.as_deref())?;
        if self.deliveries.contains_key(id) {
            return Err(conflict(format!("The delivery {id} already exists.")));
        }
        let same = |d: &Delivery| d.delivery_source_name == *source && d.delivery_destination_type == kind;
        if let Some(other) = self.deliveries.values().find(|delivery| same(delivery)) {
            return Err(conflict(format!(
                "The delivery source {source} already has the delivery {} to a destination of type {}.",
                other.id,
                kind.as_deref().unwrap_or("unknown")
            )));
        }
        let delivery = Delivery {
            id: id.to_owned(),
            arn: Some(self.arn(&format!("delivery:{id}"))),
            delivery_source_name: source.clone(),
            delivery_destination_arn: arn.clone(),
            delivery_destination_type: kind,
            record_fields: input.record_fields.clone(),
            field_delimiter: input.field_delimiter.clone(),
            s3_delivery_configuration: input.s3_delivery_configuration.clone(),
            tags: input.tags.clone(),
        };
        self.deliveries.insert(id.to_owned(), delivery.clone());
        Ok(DeliveryOutput { delivery })
    }

    /// `UpdateDeliveryConfiguration`.
    ///
    /// # Errors
    ///
    /// `ValidationException`, `ResourceNotFoundException`.
    pub fn update_delivery_configuration(&mut self, input: &UpdateDeliveryConfigurationInput) -> Done {
        check_fields(input.record_fields.as_deref(), input.field_delimiter.as_deref())?;
        let Some(delivery) = self.deliveries.get_mut(&input.id) else {
            return Err(not_found("delivery", &input.id));
        };
        check_s3(input.s3_delivery_configuration.as_ref(), delivery.delivery_destination_type.as_deref())?;
        if let Some(fields) = &input.record_fields {
            delivery.record_fields = Some(fields.clone());
        }
        if let Some(delimiter) = &input.field_delimiter {
            delivery.field_delimiter = Some(delimiter.clone());
        }
        if let Some(s3) = &input.s3_delivery_configuration {
            delivery.s3_delivery_configuration = Some(s3.clone());
        }
        Ok(())
    }

    /// `GetDelivery`.
    ///
    /// # Errors
    ///
    /// `ResourceNotFoundException`.
    pub fn get_delivery(&self, id: &str) -> Result<DeliveryOutput, ServiceError> {
        let delivery = self.deliveries.get(id).ok_or_else(|| not_found("delivery", id))?;
        Ok(DeliveryOutput { delivery: delivery.clone() })
    }

    /// `DescribeDeliveries` at `now` (milliseconds since 1970).
    ///
    /// # Errors
    ///
    /// `InvalidParameterException` for a bad page.
    pub fn describe_deliveries(
        &self,
        input: &PageInput,
        now: i64,
    ) -> Result<DescribeDeliveriesOutput, ServiceError> {
        let (deliveries, next_token) =
            page::cut(self.deliveries.values().cloned(), input.limit, input.next_token.as_deref(), now)?;
        Ok(DescribeDeliveriesOutput { deliveries, next_token })
    }

    /// How many deliveries there are.
    #[must_use]
    pub fn delivery_count(&self) -> usize {
        self.deliveries.len()
    }

    /// `DeleteDelivery`. The source and the destination stay.
    ///
    /// # Errors
    ///
    /// `ResourceNotFoundException`.
    pub fn delete_delivery(&mut self, id: &str) -> Done {
        self.deliveries.remove(id).map(|_| ()).ok_or_else(|| not_found("delivery", id))
    }
}

fn check_id(id: &str) -> Done {
    validate::length(VALIDATION, "id", id, 1, 64)?;
    validate::characters(VALIDATION, "id", id, "[0-9A-Za-z]+", |c| c.is_ascii_alphanumeric())
}

fn check_fields(fields: Option<&[String]>, delimiter: Option<&str>) -> Done {
    if fields.is_some_and(|fields| fields.len() > 128) {
        return Err(ServiceError::new(VALIDATION, "at most 128 recordFields are allowed"));
    }
    validate::length(VALIDATION, "fieldDelimiter", delimiter.unwrap_or_default(), 0, 5)
}

fn check_s3(configuration: Option<&S3DeliveryConfiguration>, kind: Option<&str>) -> Done {
    let Some(configuration) = configuration else { return Ok(()) };
    if kind != Some("S3") {
        return Err(ServiceError::new(VALIDATION, "s3DeliveryConfiguration is for S3 destinations only"));
    }
    match &configuration.suffix_path {
        Some(suffix) => validate::length(VALIDATION, "suffixPath", suffix, 1, 256),
        None => Ok(()),
    }
}
