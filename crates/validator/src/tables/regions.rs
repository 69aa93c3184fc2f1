//! Partitions and Regions.

use std::sync::LazyLock;

use bailiwick_matcher::Pattern;

/// A Region and the partition it belongs to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Region {
    pub(crate) name: &'static str,
    pub(crate) partition: &'static str,
    domain: &'static str,
}

static REGIONS: LazyLock<Vec<Region>> = LazyLock::new(|| {
    let mut regions = Vec::new();
    for line in super::lines(include_str!("../../data/regions.txt")) {
        let mut words = line.split_whitespace();
        if let (Some(partition), Some(domain)) = (words.next(), words.next()) {
            regions.extend(words.map(|name| Region { name, partition, domain }));
        }
    }
    regions
});

/// All Regions.
pub(crate) fn regions() -> &'static [Region] {
    &REGIONS
}

/// All partitions, each once.
pub(crate) fn partitions() -> impl Iterator<Item = &'static str> {
    let mut last = "";
    REGIONS.iter().map(|region| region.partition).filter(move |partition| {
        let new = *partition != last;
        last = partition;
        new
    })
}

/// What the names of service principals end in, over all partitions.
pub(crate) fn domains() -> impl Iterator<Item = &'static str> {
    REGIONS.iter().map(|region| region.domain)
}

/// Whether there is a Region of that name.
pub(crate) fn is_region(name: &str) -> bool {
    REGIONS.iter().any(|region| region.name == name)
}

/// Whether a pattern can match a Region.
pub(crate) fn is_region_matched(pattern: &str) -> bool {
    let pattern = Pattern::new(pattern);
    REGIONS.iter().any(|region| pattern.is_match(region.name))
}

/// Whether a pattern can match a partition.
pub(crate) fn is_partition_matched(pattern: &str) -> bool {
    let pattern = Pattern::new(pattern);
    partitions().any(|partition| pattern.is_match(partition))
}
