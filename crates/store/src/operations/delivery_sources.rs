//! Delivery sources: the resource whose logs are vended, and which of its logs.
//!
//! Follows `PutDeliverySource`, `GetDeliverySource`, `DescribeDeliverySources` and `DeleteDeliverySource` of the
//! CloudWatch Logs API. The check of `SERVICE:AllowVendedLogDeliveryForResource` is authorization, which is not
//! decided here. AWS documents the service quotas without figures; the store enforces none.

use std::collections::BTreeMap;

use crate::arn;
use crate::error::{Done, ServiceError};
use crate::logs::LogsStore;
use crate::member::{Member, is_word};
use crate::page::page;
use crate::shapes::delivery_sources::{
    DeliverySource, DeliverySourceOutput, DescribeDeliverySourcesOutput, PutDeliverySourceInput,
};
use crate::shapes::page::PageInput;

impl LogsStore {
    /// `PutDeliverySource`: creates a delivery source, or replaces the one of that name.
    ///
    /// # Errors
    ///
    /// `ValidationException`; `ConflictException` when another delivery source already has these logs of the
    /// resource, or when a source that a delivery uses would change what it names.
    pub fn put_delivery_source(
        &mut self,
        input: &PutDeliverySourceInput,
    ) -> Result<DeliverySourceOutput, ServiceError> {
        let name = &input.name;
        check_delivery_name("name", name)?;
        Member::validated("logType", &input.log_type).length(1, 255)?.characters("[\\w]*", is_word)?;
        check_tags(input.tags.as_ref())?;
        let Some(service) = arn::service(&input.resource_arn) else {
            return Err(ServiceError::validation("resourceArn must be an ARN"));
        };
        let same_logs = |source: &DeliverySource| {
            source.log_type.as_ref() == Some(&input.log_type)
                && source.resource_arns.contains(&input.resource_arn)
        };
        if let Some(other) = self.delivery_sources.values().find(|s| s.name != *name && same_logs(s)) {
            return Err(ServiceError::conflict(format!(
                "{} of {} are already delivered by the delivery source {}.",
                input.log_type, input.resource_arn, other.name
            )));
        }
        let in_use = self.deliveries.values().any(|delivery| delivery.delivery_source_name == *name);
        if in_use && !self.delivery_sources.get(name).is_some_and(same_logs) {
            return Err(ServiceError::conflict(format!("The delivery source {name} is used by a delivery.")));
        }
        let delivery_source = DeliverySource {
            name: name.clone(),
            arn: Some(self.arn(&format!("delivery-source:{name}"))),
            resource_arns: vec![input.resource_arn.clone()],
            service: Some(service.to_owned()),
            log_type: Some(input.log_type.clone()),
            tags: input.tags.clone(),
        };
        self.delivery_sources.insert(name.clone(), delivery_source.clone());
        Ok(DeliverySourceOutput { delivery_source })
    }

    /// `GetDeliverySource`.
    ///
    /// # Errors
    ///
    /// `ResourceNotFoundException`.
    pub fn get_delivery_source(&self, name: &str) -> Result<DeliverySourceOutput, ServiceError> {
        Ok(DeliverySourceOutput { delivery_source: self.require_delivery_source(name)?.clone() })
    }

    /// The first delivery source, by name, that names a resource.
    #[must_use]
    pub fn delivery_source_of(&self, resource_arn: &str) -> Option<&DeliverySource> {
        self.delivery_sources
            .values()
            .find(|source| source.resource_arns.iter().any(|arn| arn == resource_arn))
    }

    /// `DescribeDeliverySources` at `now` (milliseconds since 1970).
    ///
    /// # Errors
    ///
    /// `InvalidParameterException` for a bad page.
    pub fn describe_delivery_sources(
        &self,
        input: &PageInput,
        now: i64,
    ) -> Result<DescribeDeliverySourcesOutput, ServiceError> {
        let (delivery_sources, next_token) = page(self.delivery_sources.values(), input, now)?;
        Ok(DescribeDeliverySourcesOutput { delivery_sources, next_token })
    }

    /// `DeleteDeliverySource`: refused while a delivery uses the source.
    ///
    /// # Errors
    ///
    /// `ResourceNotFoundException`; `ConflictException` while a delivery uses it.
    pub fn delete_delivery_source(&mut self, name: &str) -> Done {
        self.require_delivery_source(name)?;
        if self.deliveries.values().any(|delivery| delivery.delivery_source_name == name) {
            return Err(ServiceError::conflict(format!("The delivery source {name} is used by a delivery.")));
        }
        self.delivery_sources.remove(name);
        Ok(())
    }

    pub(crate) fn require_delivery_source(&self, name: &str) -> Result<&DeliverySource, ServiceError> {
        self.delivery_sources.get(name).ok_or_else(|| ServiceError::not_found("delivery source", name))
    }
}

/// Names of delivery sources and destinations: 1–60 of `[\w-]`.
pub(crate) fn check_delivery_name(member: &str, name: &str) -> Done {
    Member::validated(member, name).length(1, 60)?.characters("[\\w-]*", |c| is_word(c) || c == '-')?;
    Ok(())
}

pub(crate) fn check_tags(tags: Option<&BTreeMap<String, String>>) -> Done {
    match tags {
        Some(tags) if tags.len() > 50 => Err(ServiceError::validation("at most 50 tags are allowed")),
        _ => Ok(()),
    }
}
