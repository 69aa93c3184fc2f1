//! Deliveries: one delivery source paired with one delivery destination.
//!
//! Follows `CreateDelivery`, `UpdateDeliveryConfiguration`, `GetDelivery`, `DescribeDeliveries` and
//! `DeleteDelivery` of the CloudWatch Logs API. A delivery lives in the account of its source; its destination
//! may live in another account, whose store this one does not see; the caller passes such a destination.

use crate::error::{Done, ServiceError};
use crate::logs::LogsStore;
use crate::member::Member;
use crate::operations::delivery_sources::check_tags;
use crate::page::page;
use crate::shapes::deliveries::{
    CreateDeliveryInput, Delivery, DeliveryOutput, DescribeDeliveriesOutput, S3DeliveryConfiguration,
    UpdateDeliveryConfigurationInput,
};
use crate::shapes::delivery_destinations::DeliveryDestination;
use crate::shapes::page::PageInput;

impl LogsStore {
    /// `CreateDelivery` under the identifier `id`. `destination` is the delivery destination of
    /// `deliveryDestinationArn` when it belongs to another account; one of this account is found here.
    ///
    /// # Errors
    ///
    /// `ValidationException`; `ResourceNotFoundException` for the source and the destination;
    /// `ConflictException` when the source already has a delivery to a destination of that type, or when `id` is
    /// taken.
    ///
    /// ```
    /// use bailiwick_store::{
    ///     CreateDeliveryInput, LogsStore, PutDeliveryDestinationInput, PutDeliverySourceInput,
    /// };
    ///
    /// let mut logs = LogsStore::new("aws", "111122223333", "us-east-1");
    /// logs.put_delivery_source(&PutDeliverySourceInput {
    ///     name: "source".into(),
    ///     resource_arn: "arn:aws:bedrock-agentcore:us-east-1:111122223333:runtime/r".into(),
    ///     log_type: "TRACES".into(),
    ///     tags: None,
    /// })?;
    /// let xray = logs.put_delivery_destination(&PutDeliveryDestinationInput {
    ///     name: "xray".into(),
    ///     delivery_destination_type: Some("XRAY".into()),
    ///     ..Default::default()
    /// })?;
    /// let input = CreateDeliveryInput {
    ///     delivery_source_name: "source".into(),
    ///     delivery_destination_arn: xray.delivery_destination.arn.unwrap_or_default(),
    ///     ..Default::default()
    /// };
    /// let output = logs.create_delivery(&input, None, "d1")?;
    /// assert_eq!(output.delivery.delivery_destination_type.as_deref(), Some("XRAY"));
    /// assert_eq!(logs.create_delivery(&input, None, "d2").unwrap_err().name, "ConflictException");
    /// # Ok::<(), bailiwick_store::ServiceError>(())
    /// ```
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
        self.require_delivery_source(source)?;
        let arn = &input.delivery_destination_arn;
        let own = self.delivery_destinations.values().find(|own| own.arn.as_ref() == Some(arn));
        let Some(destination) = own.or_else(|| destination.filter(|other| other.arn.as_ref() == Some(arn)))
        else {
            return Err(ServiceError::not_found("delivery destination", arn));
        };
        let kind = destination.delivery_destination_type.clone();
        check_s3(input.s3_delivery_configuration.as_ref(), kind.as_deref())?;
        if self.deliveries.contains_key(id) {
            return Err(ServiceError::conflict(format!("The delivery {id} already exists.")));
        }
        let same = |d: &Delivery| d.delivery_source_name == *source && d.delivery_destination_type == kind;
        if let Some(other) = self.deliveries.values().find(|delivery| same(delivery)) {
            return Err(ServiceError::conflict(format!(
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
            return Err(ServiceError::not_found("delivery", &input.id));
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
        let delivery = self.deliveries.get(id).ok_or_else(|| ServiceError::not_found("delivery", id))?;
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
        let (deliveries, next_token) = page(self.deliveries.values(), input, now)?;
        Ok(DescribeDeliveriesOutput { deliveries, next_token })
    }

    /// The number of deliveries.
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
        self.deliveries.remove(id).map(|_| ()).ok_or_else(|| ServiceError::not_found("delivery", id))
    }
}

fn check_id(id: &str) -> Done {
    Member::validated("id", id).length(1, 64)?.characters("[0-9A-Za-z]+", |c| c.is_ascii_alphanumeric())?;
    Ok(())
}

fn check_fields(fields: Option<&[String]>, delimiter: Option<&str>) -> Done {
    if fields.is_some_and(|fields| fields.len() > 128) {
        return Err(ServiceError::validation("at most 128 recordFields are allowed"));
    }
    Member::validated("fieldDelimiter", delimiter.unwrap_or_default()).length(0, 5)?;
    Ok(())
}

fn check_s3(configuration: Option<&S3DeliveryConfiguration>, kind: Option<&str>) -> Done {
    let Some(configuration) = configuration else { return Ok(()) };
    if kind != Some("S3") {
        return Err(ServiceError::validation("s3DeliveryConfiguration is for S3 destinations only"));
    }
    if let Some(suffix) = &configuration.suffix_path {
        Member::validated("suffixPath", suffix).length(1, 256)?;
    }
    Ok(())
}
