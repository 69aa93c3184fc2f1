//! Destinations of subscription filters: a name for a stream in this account that other accounts send to.
//!
//! Follows `PutDestination`, `DescribeDestinations` and `DeleteDestination` of the CloudWatch Logs API. The test
//! message that `PutDestination` sends is a call to another service, which the store does not make.

use serde::{Deserialize, Serialize};

use crate::{Done, LogsStore, ServiceError, arn, member::Member, page::page};

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
