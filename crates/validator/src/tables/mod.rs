//! What AWS has: services, their actions, ARN formats and condition keys, Regions and partitions.
//!
//! The facts are in `data/` as plain text, one thing per line, and are read once. They are a compact table of
//! this project's own, not a copy of the service authorization reference: `actions` are known for the services
//! named in `data/services.txt` only, and a service newer than the tables is unknown to them.

mod keys;
mod regions;
mod services;

pub(crate) use keys::{Key, nearest_global, of_key};
pub(crate) use regions::{domains, is_partition_matched, is_region, is_region_matched, partitions, regions};
pub(crate) use services::{ArnFormat, is_arn_service, is_prefix, prefixes, service};

/// The lines of a data file that hold something, without comments.
fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}
