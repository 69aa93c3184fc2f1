//! Partitions and Regions.

use std::fmt;
use std::str::FromStr;

/// A partition: a group of Regions with accounts of its own.
///
/// ```
/// use bailiwick_aws::Partition;
///
/// let china: Partition = "aws-cn".parse().unwrap();
/// assert_eq!(china, Partition::AwsCn);
/// assert_eq!((china.name(), china.dns_suffix()), ("aws-cn", "amazonaws.com.cn"));
/// assert!(china.regions().any(|region| region.name() == "cn-north-1"));
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Partition {
    /// The commercial Regions.
    Aws,
    /// China.
    AwsCn,
    /// AWS GovCloud (US).
    AwsUsGov,
    /// AWS Top Secret (US).
    AwsIso,
    /// AWS Secret (US).
    AwsIsoB,
    /// An isolated partition in Europe.
    AwsIsoE,
    /// An isolated partition in the US.
    AwsIsoF,
    /// AWS European Sovereign Cloud.
    AwsEusc,
}

impl Partition {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Aws,
        Self::AwsCn,
        Self::AwsUsGov,
        Self::AwsIso,
        Self::AwsIsoB,
        Self::AwsIsoE,
        Self::AwsIsoF,
        Self::AwsEusc,
    ];

    /// Its name, as in ARNs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::AwsCn => "aws-cn",
            Self::AwsUsGov => "aws-us-gov",
            Self::AwsIso => "aws-iso",
            Self::AwsIsoB => "aws-iso-b",
            Self::AwsIsoE => "aws-iso-e",
            Self::AwsIsoF => "aws-iso-f",
            Self::AwsEusc => "aws-eusc",
        }
    }

    /// What the host names of its endpoints and of its own service principals end in.
    #[must_use]
    pub const fn dns_suffix(self) -> &'static str {
        match self {
            Self::Aws | Self::AwsUsGov => "amazonaws.com",
            Self::AwsCn => "amazonaws.com.cn",
            Self::AwsIso => "c2s.ic.gov",
            Self::AwsIsoB => "sc2s.sgov.gov",
            Self::AwsIsoE => "cloud.adc-e.uk",
            Self::AwsIsoF => "csp.hci.ic.gov",
            Self::AwsEusc => "amazonaws.eu",
        }
    }

    /// Its Regions.
    pub fn regions(self) -> impl Iterator<Item = Region> + Clone {
        Region::all().filter(move |region| region.partition() == self)
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text is not the name of a partition.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ParsePartitionError(());

impl fmt::Display for ParsePartitionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a partition of AWS")
    }
}

impl std::error::Error for ParsePartitionError {}

impl FromStr for Partition {
    type Err = ParsePartitionError;

    fn from_str(name: &str) -> Result<Self, ParsePartitionError> {
        Self::ALL.into_iter().find(|partition| partition.name() == name).ok_or(ParsePartitionError(()))
    }
}

/// A Region.
///
/// ```
/// use bailiwick_aws::{Partition, Region};
///
/// let region: Region = "af-south-1".parse().unwrap();
/// assert_eq!((region.name(), region.partition()), ("af-south-1", Partition::Aws));
/// assert!(region.is_opt_in());
/// assert!("mars-north-1".parse::<Region>().is_err());
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Region {
    name: &'static str,
    partition: Partition,
    is_opt_in: bool,
}

impl Region {
    /// All Regions, ordered by name.
    pub fn all() -> impl ExactSizeIterator<Item = Self> + Clone {
        REGIONS.iter().copied()
    }

    /// Its name, such as `eu-west-1`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// The partition that it belongs to.
    #[must_use]
    pub const fn partition(self) -> Partition {
        self.partition
    }

    /// Whether an account must enable it before its first use. Regions of the partition `aws` that opened
    /// after 20 March 2019 are so; the other partitions have no such Regions.
    #[must_use]
    pub const fn is_opt_in(self) -> bool {
        self.is_opt_in
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// A text is not the name of a Region that this crate knows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ParseRegionError(());

impl fmt::Display for ParseRegionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a known Region of AWS")
    }
}

impl std::error::Error for ParseRegionError {}

impl FromStr for Region {
    type Err = ParseRegionError;

    fn from_str(name: &str) -> Result<Self, ParseRegionError> {
        let found = REGIONS.binary_search_by(|region| region.name.cmp(name));
        found.ok().and_then(|place| REGIONS.get(place)).copied().ok_or(ParseRegionError(()))
    }
}

const fn region(name: &'static str, partition: Partition) -> Region {
    Region { name, partition, is_opt_in: false }
}

const fn opt_in(name: &'static str) -> Region {
    Region { name, partition: Partition::Aws, is_opt_in: true }
}

/// All Regions, ordered by name.
static REGIONS: [Region; 46] = [
    opt_in("af-south-1"),
    opt_in("ap-east-1"),
    opt_in("ap-east-2"),
    region("ap-northeast-1", Partition::Aws),
    region("ap-northeast-2", Partition::Aws),
    region("ap-northeast-3", Partition::Aws),
    region("ap-south-1", Partition::Aws),
    opt_in("ap-south-2"),
    region("ap-southeast-1", Partition::Aws),
    region("ap-southeast-2", Partition::Aws),
    opt_in("ap-southeast-3"),
    opt_in("ap-southeast-4"),
    opt_in("ap-southeast-5"),
    opt_in("ap-southeast-6"),
    opt_in("ap-southeast-7"),
    region("ca-central-1", Partition::Aws),
    opt_in("ca-west-1"),
    region("cn-north-1", Partition::AwsCn),
    region("cn-northwest-1", Partition::AwsCn),
    region("eu-central-1", Partition::Aws),
    opt_in("eu-central-2"),
    region("eu-isoe-west-1", Partition::AwsIsoE),
    region("eu-north-1", Partition::Aws),
    opt_in("eu-south-1"),
    opt_in("eu-south-2"),
    region("eu-west-1", Partition::Aws),
    region("eu-west-2", Partition::Aws),
    region("eu-west-3", Partition::Aws),
    region("eusc-de-east-1", Partition::AwsEusc),
    opt_in("il-central-1"),
    opt_in("me-central-1"),
    opt_in("me-south-1"),
    opt_in("mx-central-1"),
    region("sa-east-1", Partition::Aws),
    region("us-east-1", Partition::Aws),
    region("us-east-2", Partition::Aws),
    region("us-gov-east-1", Partition::AwsUsGov),
    region("us-gov-west-1", Partition::AwsUsGov),
    region("us-iso-east-1", Partition::AwsIso),
    region("us-iso-west-1", Partition::AwsIso),
    region("us-isob-east-1", Partition::AwsIsoB),
    region("us-isob-west-1", Partition::AwsIsoB),
    region("us-isof-east-1", Partition::AwsIsoF),
    region("us-isof-south-1", Partition::AwsIsoF),
    region("us-west-1", Partition::Aws),
    region("us-west-2", Partition::Aws),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_ordered_and_found_by_name() {
        assert!(Region::all().map(Region::name).is_sorted());
        for region in Region::all() {
            assert_eq!(region.name().parse(), Ok(region));
            assert_eq!(region.to_string(), region.name());
        }
        assert!("US-EAST-1".parse::<Region>().is_err());
        assert!("".parse::<Region>().is_err());
    }

    #[test]
    fn partitions_are_found_by_name() {
        for partition in Partition::ALL {
            assert_eq!(partition.to_string().parse(), Ok(partition));
            assert!(partition.regions().next().is_some());
        }
        assert!("aws-mars".parse::<Partition>().is_err());
    }

    #[test]
    fn seventeen_regions_are_enabled_in_every_account() {
        let default = Partition::Aws.regions().filter(|region| !region.is_opt_in());
        assert_eq!(default.count(), 17);
    }
}
