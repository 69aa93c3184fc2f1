//! Subscription filters: which records of a log group go to which stream, function or destination.
//!
//! Follows `PutSubscriptionFilter`, `DescribeSubscriptionFilters` and `DeleteSubscriptionFilter` of the
//! CloudWatch Logs API. The store does not look up a destination of another account: it knows neither whether the
//! destination exists nor whether its policy admits the caller.

use crate::arn;
use crate::error::{Done, ServiceError};
use crate::limits;
use crate::logs::LogsStore;
use crate::member::Member;
use crate::operations::destination_policies::DestinationPolicyScope;
use crate::operations::destinations::check_name;
use crate::page::page;
use crate::shapes::subscription_filters::{
    DescribeSubscriptionFiltersInput, DescribeSubscriptionFiltersOutput, PutSubscriptionFilterInput,
    SubscriptionFilter,
};

impl LogsStore {
    /// `PutSubscriptionFilter` at `now` (milliseconds since 1970): creates a filter, or replaces the one of that
    /// name.
    ///
    /// # Errors
    ///
    /// `InvalidParameterException`, `InvalidOperationException` for a log group whose class has no filters,
    /// `ResourceNotFoundException` for a missing log group, `LimitExceededException` for the sixth filter.
    ///
    /// ```
    /// use bailiwick_store::{LogsStore, PutSubscriptionFilterInput, limits};
    ///
    /// let mut logs = LogsStore::new("aws", "111122223333", "us-east-1");
    /// let mut put = |name: usize| {
    ///     let input = PutSubscriptionFilterInput {
    ///         log_group_name: "app".into(),
    ///         filter_name: format!("filter-{name}"),
    ///         destination_arn: "arn:aws:lambda:us-east-1:111122223333:function:f".into(),
    ///         ..Default::default()
    ///     };
    ///     logs.put_subscription_filter(&input, 1_700_000_000_000)
    /// };
    /// assert!((0..limits::SUBSCRIPTION_FILTERS).all(|name| put(name).is_ok()));
    /// assert_eq!(put(limits::SUBSCRIPTION_FILTERS).unwrap_err().name, "LimitExceededException");
    /// ```
    pub fn put_subscription_filter(&mut self, input: &PutSubscriptionFilterInput, now: i64) -> Done {
        check_name("filterName", &input.filter_name)?;
        Member::parameter("filterPattern", &input.filter_pattern).length(0, 1024)?;
        self.check_destination(input)?;
        let group = &input.log_group_name;
        self.require_log_group(group)?;
        let class = self.log_group(group).and_then(|group| group.log_group_class.as_deref());
        if class.is_some_and(|class| class != "STANDARD") {
            return Err(ServiceError::new(
                "InvalidOperationException",
                "Subscription filters are supported for log groups in the Standard log class only.",
            ));
        }
        let key = (group.clone(), input.filter_name.clone());
        let present = self.subscription_filters.keys().filter(|(name, _)| name == group).count();
        let before = self.subscription_filters.get(&key);
        if before.is_none() && present >= limits::SUBSCRIPTION_FILTERS {
            return Err(ServiceError::limit_exceeded());
        }
        let filter = SubscriptionFilter {
            filter_name: input.filter_name.clone(),
            log_group_name: group.clone(),
            filter_pattern: input.filter_pattern.clone(),
            destination_arn: input.destination_arn.clone(),
            role_arn: input.role_arn.clone(),
            distribution: Some(input.distribution.clone().unwrap_or_else(|| "ByLogStream".to_owned())),
            creation_time: before.map_or(Some(now), |filter| filter.creation_time),
        };
        self.subscription_filters.insert(key, filter);
        Ok(())
    }

    /// `DescribeSubscriptionFilters` at `now`.
    ///
    /// # Errors
    ///
    /// `ResourceNotFoundException` for a missing log group, `InvalidParameterException` for a bad page.
    pub fn describe_subscription_filters(
        &self,
        input: &DescribeSubscriptionFiltersInput,
        now: i64,
    ) -> Result<DescribeSubscriptionFiltersOutput, ServiceError> {
        self.require_log_group(&input.log_group_name)?;
        let prefix = input.filter_name_prefix.as_deref().unwrap_or_default();
        let filters = self
            .subscription_filters
            .values()
            .filter(|f| f.log_group_name == input.log_group_name && f.filter_name.starts_with(prefix));
        let (subscription_filters, next_token) = page(filters, input, now)?;
        Ok(DescribeSubscriptionFiltersOutput { subscription_filters, next_token })
    }

    /// `DeleteSubscriptionFilter`.
    ///
    /// # Errors
    ///
    /// `ResourceNotFoundException`, for the log group and for the filter.
    pub fn delete_subscription_filter(&mut self, log_group_name: &str, filter_name: &str) -> Done {
        self.require_log_group(log_group_name)?;
        let removed = self.subscription_filters.remove(&(log_group_name.to_owned(), filter_name.to_owned()));
        removed
            .map(drop)
            .ok_or_else(|| ServiceError::missing("The specified subscription filter does not exist."))
    }

    /// The filters of a log group, by name.
    pub fn subscription_filters_of(&self, log_group_name: &str) -> impl Iterator<Item = &SubscriptionFilter> {
        self.subscription_filters.values().filter(move |filter| filter.log_group_name == log_group_name)
    }

    fn check_destination(&self, input: &PutSubscriptionFilterInput) -> Done {
        let refuse = |message: &str| Err(ServiceError::parameter(message));
        let has_role = input.role_arn.is_some();
        let service = arn::service(&input.destination_arn);
        match service {
            Some("lambda") if has_role => {
                return refuse("destinationArn for vendor lambda cannot be used with roleArn");
            }
            Some("kinesis") if !has_role => {
                return refuse("destinationArn for vendor kinesis cannot be used without roleArn");
            }
            Some("firehose") if !has_role => {
                return refuse("destinationArn for vendor firehose cannot be used without roleArn");
            }
            Some("lambda" | "kinesis" | "firehose") => {}
            Some("logs") => self.check_logical_destination(input)?,
            _ => {
                return refuse(
                    "Could not deliver test message to specified destination. Check if the destination is valid.",
                );
            }
        }
        match input.distribution.as_deref() {
            None | Some("ByLogStream") => Ok(()),
            Some("Random") if service == Some("kinesis") => Ok(()),
            Some("Random") => refuse("distribution Random is supported for Kinesis destinations only"),
            Some(_) => refuse("distribution must be ByLogStream or Random"),
        }
    }

    /// Requires that a destination of this account and Region exists, and a role if it is open to an organization.
    fn check_logical_destination(&self, input: &PutSubscriptionFilterInput) -> Done {
        let prefix = self.arn("destination:");
        let Some(name) = input.destination_arn.strip_prefix(&prefix) else { return Ok(()) };
        let refuse = |message: &str| Err(ServiceError::parameter(message));
        let Some(destination) = self.destinations.get(name) else {
            return refuse(
                "Could not deliver test message to specified destination. Check if the destination is valid.",
            );
        };
        let scope = destination.access_policy.as_deref().map(DestinationPolicyScope::of);
        if scope == Some(Ok(DestinationPolicyScope::Organization)) && input.role_arn.is_none() {
            return refuse("a destination that is open to an organization cannot be used without roleArn");
        }
        Ok(())
    }
}
