//! The kinds of policies that can be checked, as the program spells them.
//!
//! A kind decides which elements a document may have (rule G-14), how long it may be (rule G-44) and which checks
//! look at it. It does not know to which resource a document is attached.

use std::fmt;
use std::str::FromStr;

/// What a policy document is for.
///
/// ```
/// use bailiwick_validator::Kind;
///
/// let kind: Kind = "logs-resource".parse()?;
/// assert_eq!(kind, Kind::LogsResource);
/// assert_eq!(kind.as_str(), "logs-resource");
/// assert_eq!("log-resource".parse::<Kind>().unwrap_err().to_string(),
///     "`log-resource` is not a policy kind; did you mean `logs-resource`?");
/// # Ok::<(), bailiwick_validator::UnknownKind>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Kind {
    /// An identity-based policy: managed or inline.
    #[default]
    Identity,
    /// A resource-based policy of a service that has no kind of its own here.
    Resource,
    /// A role's trust policy.
    Trust,
    /// A permissions boundary.
    Boundary,
    /// A session policy.
    Session,
    /// A service control policy.
    Scp,
    /// A resource control policy.
    Rcp,
    /// A VPC endpoint policy.
    VpcEndpoint,
    /// A KMS key policy.
    KmsKey,
    /// An S3 bucket policy.
    S3Bucket,
    /// A CloudWatch Logs resource policy, of an account or of a log group.
    LogsResource,
    /// The access policy of a CloudWatch Logs destination (subscription filters).
    LogsDestination,
    /// The policy of a CloudWatch Logs delivery destination (vended logs).
    LogsDeliveryDestination,
    /// An X-Ray resource policy.
    XrayResource,
}

impl Kind {
    /// All kinds, in the order in which the documentation lists them.
    pub const ALL: [Self; 14] = [
        Self::Identity,
        Self::Resource,
        Self::Trust,
        Self::Boundary,
        Self::Session,
        Self::Scp,
        Self::Rcp,
        Self::VpcEndpoint,
        Self::KmsKey,
        Self::S3Bucket,
        Self::LogsResource,
        Self::LogsDestination,
        Self::LogsDeliveryDestination,
        Self::XrayResource,
    ];

    /// The name on the command line and in outputs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Resource => "resource",
            Self::Trust => "trust",
            Self::Boundary => "boundary",
            Self::Session => "session",
            Self::Scp => "scp",
            Self::Rcp => "rcp",
            Self::VpcEndpoint => "vpc-endpoint",
            Self::KmsKey => "kms-key",
            Self::S3Bucket => "s3-bucket",
            Self::LogsResource => "logs-resource",
            Self::LogsDestination => "logs-destination",
            Self::LogsDeliveryDestination => "logs-delivery-destination",
            Self::XrayResource => "xray-resource",
        }
    }

    /// What the kind is called in a sentence, with its article.
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Identity => "an identity-based policy",
            Self::Resource => "a resource-based policy",
            Self::Trust => "a role trust policy",
            Self::Boundary => "a permissions boundary",
            Self::Session => "a session policy",
            Self::Scp => "a service control policy",
            Self::Rcp => "a resource control policy",
            Self::VpcEndpoint => "a VPC endpoint policy",
            Self::KmsKey => "a KMS key policy",
            Self::S3Bucket => "an S3 bucket policy",
            Self::LogsResource => "a CloudWatch Logs resource policy",
            Self::LogsDestination => "a CloudWatch Logs destination policy",
            Self::LogsDeliveryDestination => "a CloudWatch Logs delivery destination policy",
            Self::XrayResource => "an X-Ray resource policy",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| UnknownKind {
            nearest: bailiwick_parser::nearest(text, &Self::ALL.map(Self::as_str)),
            given: text.to_owned(),
        })
    }
}

/// A text that names no kind.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnknownKind {
    given: String,
    nearest: Option<&'static str>,
}

impl fmt::Display for UnknownKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a policy kind", self.given)?;
        match self.nearest {
            Some(nearest) => write!(f, "; did you mean `{nearest}`?"),
            None => {
                f.write_str("; expected one of")?;
                for kind in Kind::ALL {
                    write!(f, " {kind}")?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for UnknownKind {}

/// A set of kinds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Kinds(u16);

impl Kinds {
    /// Every kind.
    pub const ALL: Self = Self::of(&Kind::ALL);
    /// The kinds whose subject is whoever they are attached to: identity, boundary and session policies.
    pub const IDENTITY: Self = Self::of(&[Kind::Identity, Kind::Boundary, Kind::Session]);
    /// The kinds that IAM itself stores or receives.
    pub const IAM: Self = Self::of(&[Kind::Identity, Kind::Boundary, Kind::Session, Kind::Trust]);
    /// The kinds that are attached to a resource, role trust policies apart.
    pub const RESOURCE: Self = Self::of(&[
        Kind::Resource,
        Kind::VpcEndpoint,
        Kind::KmsKey,
        Kind::S3Bucket,
        Kind::LogsResource,
        Kind::LogsDestination,
        Kind::LogsDeliveryDestination,
        Kind::XrayResource,
    ]);
    /// The kinds whose statements name principals.
    pub const PRINCIPAL: Self = Self::RESOURCE.with(&[Kind::Trust, Kind::Rcp]);

    /// The set of the listed kinds.
    #[must_use]
    pub const fn of(kinds: &[Kind]) -> Self {
        Self(0).with(kinds)
    }

    /// The set with the listed kinds added.
    #[must_use]
    pub const fn with(self, mut kinds: &[Kind]) -> Self {
        let mut bits = self.0;
        while let [kind, rest @ ..] = kinds {
            bits |= 1 << *kind as u16;
            kinds = rest;
        }
        Self(bits)
    }

    /// Everything but the listed kinds.
    #[must_use]
    pub const fn except(self, kinds: &[Kind]) -> Self {
        Self(self.0 & !Self::of(kinds).0)
    }

    /// Whether the kind is in the set.
    #[must_use]
    pub const fn contains(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u16) != 0
    }

    /// The kinds of the set in the order of the documentation.
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        Kind::ALL.into_iter().filter(move |kind| self.contains(*kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_back_from_its_name() {
        for kind in Kind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
    }

    #[test]
    fn a_name_far_from_every_kind_lists_them_all() {
        let message = "frobnicator".parse::<Kind>().expect_err("no kind").to_string();
        assert!(message.contains("expected one of identity resource trust"), "{message}");
    }

    #[test]
    fn sets_hold_what_was_put_in_and_nothing_else() {
        let set = Kinds::IDENTITY.with(&[Kind::Scp]).except(&[Kind::Session]);
        assert_eq!(set.iter().collect::<Vec<_>>(), [Kind::Identity, Kind::Boundary, Kind::Scp]);
    }
}
