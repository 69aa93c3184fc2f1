//! Partitions and Regions, as policies and checks ask for them.

use bailiwick_aws::{Partition, Region};
use bailiwick_matcher::Pattern;

/// The names of all Regions, partition by partition.
pub(crate) fn regions() -> impl Iterator<Item = &'static str> {
    Partition::ALL.into_iter().flat_map(Partition::regions).map(Region::name)
}

/// All partitions, each once.
pub(crate) fn partitions() -> impl Iterator<Item = &'static str> {
    Partition::ALL.into_iter().map(Partition::name)
}

/// What the names of service principals end in, over all partitions.
pub(crate) fn domains() -> impl Iterator<Item = &'static str> {
    Partition::ALL.into_iter().map(Partition::dns_suffix)
}

/// Whether there is a Region of that name.
pub(crate) fn is_region(name: &str) -> bool {
    name.parse::<Region>().is_ok()
}

/// Whether a pattern can match a Region.
pub(crate) fn is_region_matched(pattern: &str) -> bool {
    let pattern = Pattern::new(pattern);
    regions().any(|region| pattern.is_match(region))
}

/// Whether a pattern can match a partition.
pub(crate) fn is_partition_matched(pattern: &str) -> bool {
    let pattern = Pattern::new(pattern);
    partitions().any(|partition| pattern.is_match(partition))
}
