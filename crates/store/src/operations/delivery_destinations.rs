//! Delivery destinations: the bucket, log group, Firehose stream or X-Ray that vended logs go to.
//!
//! Follows `PutDeliveryDestination`, `GetDeliveryDestination`, `DescribeDeliveryDestinations` and
//! `DeleteDeliveryDestination` of the CloudWatch Logs API. The store does not check whether the resource
//! exists that a destination names.

use crate::arn;
use crate::error::{Done, ServiceError};
use crate::logs::LogsStore;
use crate::operations::delivery_sources::check_delivery_name;
use crate::operations::delivery_sources::check_tags;
use crate::page::page;
use crate::shapes::delivery_destinations::{
    DeliveryDestination, DeliveryDestinationOutput, DescribeDeliveryDestinationsOutput,
    PutDeliveryDestinationInput,
};
use crate::shapes::page::PageInput;

impl LogsStore {
    /// `PutDeliveryDestination`. On a name that exists it overwrites **every** parameter, also those left out.
    ///
    /// ```
    /// use bailiwick_store::{DeliveryDestinationConfiguration, LogsStore, PutDeliveryDestinationInput};
    ///
    /// let mut logs = LogsStore::new("aws", "111122223333", "us-east-1");
    /// let output = logs.put_delivery_destination(&PutDeliveryDestinationInput {
    ///     name: "b".into(),
    ///     delivery_destination_configuration: Some(DeliveryDestinationConfiguration {
    ///         destination_resource_arn: "arn:aws:s3:::bucket/prefix".into(),
    ///     }),
    ///     ..Default::default()
    /// })?;
    /// assert_eq!(output.delivery_destination.delivery_destination_type.as_deref(), Some("S3"));
    /// # Ok::<(), bailiwick_store::ServiceError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `ValidationException`.
    pub fn put_delivery_destination(
        &mut self,
        input: &PutDeliveryDestinationInput,
    ) -> Result<DeliveryDestinationOutput, ServiceError> {
        let name = &input.name;
        check_delivery_name("name", name)?;
        check_tags(input.tags.as_ref())?;
        if let Some(format) = &input.output_format
            && !["json", "plain", "w3c", "raw", "parquet"].contains(&format.as_str())
        {
            return Err(ServiceError::validation(format!(
                "outputFormat {format} is not one of json, plain, w3c, raw, parquet"
            )));
        }
        let delivery_destination = DeliveryDestination {
            name: name.clone(),
            arn: Some(self.arn(&format!("delivery-destination:{name}"))),
            delivery_destination_type: Some(destination_type(input)?.to_owned()),
            output_format: input.output_format.clone(),
            delivery_destination_configuration: input.delivery_destination_configuration.clone(),
            tags: input.tags.clone(),
        };
        self.delivery_destinations.insert(name.clone(), delivery_destination.clone());
        Ok(DeliveryDestinationOutput { delivery_destination })
    }

    /// `GetDeliveryDestination`.
    ///
    /// # Errors
    ///
    /// `ResourceNotFoundException`.
    pub fn get_delivery_destination(&self, name: &str) -> Result<DeliveryDestinationOutput, ServiceError> {
        let delivery_destination = self.require_delivery_destination(name)?.clone();
        Ok(DeliveryDestinationOutput { delivery_destination })
    }

    /// `DescribeDeliveryDestinations` at `now` (milliseconds since 1970).
    ///
    /// # Errors
    ///
    /// `InvalidParameterException` for a bad page.
    pub fn describe_delivery_destinations(
        &self,
        input: &PageInput,
        now: i64,
    ) -> Result<DescribeDeliveryDestinationsOutput, ServiceError> {
        let (delivery_destinations, next_token) = page(self.delivery_destinations.values(), input, now)?;
        Ok(DescribeDeliveryDestinationsOutput { delivery_destinations, next_token })
    }

    /// `DeleteDeliveryDestination`: deletes its policy as well. It is refused while a delivery of this account uses
    /// the destination; deliveries of other accounts are not known here.
    ///
    /// # Errors
    ///
    /// `ResourceNotFoundException`; `ConflictException` while a delivery of this account uses it.
    pub fn delete_delivery_destination(&mut self, name: &str) -> Done {
        let arn = self.require_delivery_destination(name)?.arn.as_ref();
        if self.deliveries.values().any(|delivery| Some(&delivery.delivery_destination_arn) == arn) {
            return Err(ServiceError::conflict(format!(
                "The delivery destination {name} is used by a delivery."
            )));
        }
        self.delivery_destinations.remove(name);
        self.delivery_destination_policies.remove(name);
        Ok(())
    }

    pub(crate) fn require_delivery_destination(
        &self,
        name: &str,
    ) -> Result<&DeliveryDestination, ServiceError> {
        let found = self.delivery_destinations.get(name);
        found.ok_or_else(|| ServiceError::not_found("delivery destination", name))
    }
}

fn destination_type(input: &PutDeliveryDestinationInput) -> Result<&'static str, ServiceError> {
    let refuse = |message: String| Err(ServiceError::validation(message));
    let arn = input.delivery_destination_configuration.as_ref().map(|c| c.destination_resource_arn.as_str());
    let from_arn = match arn.map(arn::service) {
        Some(Some("s3")) => Some("S3"),
        Some(Some("logs")) => Some("CWL"),
        Some(Some("firehose")) => Some("FH"),
        Some(_) => {
            return refuse("destinationResourceArn is not a bucket, a log group or a Firehose stream".into());
        }
        None => None,
    };
    match (input.delivery_destination_type.as_deref(), from_arn) {
        (Some("XRAY"), None) => Ok("XRAY"),
        (Some("XRAY"), Some(_)) => refuse("a destination of type XRAY has no destinationResourceArn".into()),
        (None, Some(kind)) => Ok(kind),
        (Some(asked), Some(kind)) if asked == kind => Ok(kind),
        (Some(asked), Some(kind)) => refuse(format!(
            "deliveryDestinationType {asked} does not fit a destinationResourceArn of type {kind}"
        )),
        (_, None) => {
            refuse("destinationResourceArn is required unless deliveryDestinationType is XRAY".into())
        }
    }
}
