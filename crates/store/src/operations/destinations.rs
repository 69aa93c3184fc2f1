//! Destinations of subscription filters: a name for a stream in this account that other accounts send to.
//!
//! Follows `PutDestination`, `DescribeDestinations` and `DeleteDestination` of the CloudWatch Logs API. The test
//! message that `PutDestination` sends is a call to another service, which the store does not make.

use crate::arn;
use crate::error::{Done, ServiceError};
use crate::logs::LogsStore;
use crate::member::Member;
use crate::page::page;
use crate::shapes::destinations::{
    DescribeDestinationsInput, DescribeDestinationsOutput, Destination, DestinationOutput,
    PutDestinationInput,
};

impl LogsStore {
    /// `PutDestination` at `now` (milliseconds since 1970): creates a destination, or changes the stream and the role
    /// of an existing one, whose policy and creation time stay.
    ///
    /// # Errors
    ///
    /// `InvalidParameterException`.
    pub fn put_destination(
        &mut self,
        input: &PutDestinationInput,
        now: i64,
    ) -> Result<DestinationOutput, ServiceError> {
        let name = &input.destination_name;
        check_name("destinationName", name)?;
        if !is_arn_of(&input.target_arn, &["kinesis", "firehose"]) {
            return Err(ServiceError::parameter("targetArn must be a Kinesis or Firehose stream."));
        }
        if !is_arn_of(&input.role_arn, &["iam"]) {
            return Err(ServiceError::parameter("roleArn must be the ARN of a role."));
        }
        let arn = self.arn(&format!("destination:{name}"));
        let destination = self.destinations.entry(name.clone()).or_insert_with(|| Destination {
            destination_name: name.clone(),
            arn: Some(arn),
            creation_time: Some(now),
            ..Destination::default()
        });
        destination.target_arn = Some(input.target_arn.clone());
        destination.role_arn = Some(input.role_arn.clone());
        Ok(DestinationOutput { destination: destination.clone() })
    }

    /// `DescribeDestinations` at `now`.
    ///
    /// # Errors
    ///
    /// `InvalidParameterException`.
    pub fn describe_destinations(
        &self,
        input: &DescribeDestinationsInput,
        now: i64,
    ) -> Result<DescribeDestinationsOutput, ServiceError> {
        let prefix = input.destination_name_prefix.as_deref().unwrap_or_default();
        let named = self.destinations.values().filter(|d| d.destination_name.starts_with(prefix));
        let (destinations, next_token) = page(named, input, now)?;
        Ok(DescribeDestinationsOutput { destinations, next_token })
    }

    /// `DeleteDestination`. The subscription filters that send to it stay.
    ///
    /// # Errors
    ///
    /// `ResourceNotFoundException`.
    pub fn delete_destination(&mut self, name: &str) -> Done {
        let removed = self.destinations.remove(name);
        removed.map(drop).ok_or_else(|| ServiceError::missing("The specified destination does not exist."))
    }

    /// The destination of that name.
    #[must_use]
    pub fn destination(&self, name: &str) -> Option<&Destination> {
        self.destinations.get(name)
    }
}

/// Names of destinations and of filters: 1–512 characters without `:` and `*`.
pub(crate) fn check_name(member: &str, name: &str) -> Done {
    Member::parameter(member, name).length(1, 512)?.characters("[^:*]*", |c| c != ':' && c != '*')?;
    Ok(())
}

fn is_arn_of(arn: &str, services: &[&str]) -> bool {
    arn::service(arn).is_some_and(|service| services.contains(&service))
}
