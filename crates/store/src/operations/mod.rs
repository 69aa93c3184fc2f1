//! The operations of CloudWatch Logs.

pub(crate) mod deliveries;
pub(crate) mod delivery_destination_policies;
pub(crate) mod delivery_destinations;
pub(crate) mod delivery_sources;
pub(crate) mod destination_policies;
pub(crate) mod destinations;
pub(crate) mod log_groups;
pub(crate) mod resource_policies;
pub(crate) mod restore;
pub(crate) mod subscription_filters;
