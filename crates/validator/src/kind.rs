//! The kinds of policies that can be checked: one vocabulary, in which answers, scenarios and checks agree.
//!
//! A kind decides which elements a document may have (rule G-14), how long it may be (rule G-44) and which checks
//! apply. It does not know to which resource a document is attached.

use std::fmt;
use std::str::FromStr;

use bailiwick_normalizer::PolicyKind;

/// What a policy document is for.
///
/// [`as_str`](Self::as_str) is the name in the vocabulary of [`PolicyKind`], with a name of its own for each kind of
/// resource policy that has rules of its own. [`FromStr`] also reads the [other spellings](Self::aliases).
///
/// ```
/// use bailiwick_validator::Kind;
///
/// let kind: Kind = "serviceControl".parse()?;
/// assert_eq!(kind, Kind::ServiceControl);
/// assert_eq!("scp".parse(), Ok(kind));
/// assert_eq!(kind.to_string(), "serviceControl");
/// assert_eq!("log-resource".parse::<Kind>().unwrap_err().to_string(),
///     "`log-resource` is not a policy kind; did you mean `logs-resource`?");
/// # Ok::<(), bailiwick_validator::UnknownKind>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Kind {
    /// An identity-based policy: managed or inline.
    #[default]
    Identity,
    /// A resource-based policy of a service that has no kind of its own here.
    Resource,
    /// A role's trust policy.
    Trust,
    /// The permissions boundary of a user or role.
    PermissionsBoundary,
    /// A session policy.
    Session,
    /// A service control policy (SCP) of an organization.
    ServiceControl,
    /// A resource control policy (RCP) of an organization.
    ResourceControl,
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
        Self::PermissionsBoundary,
        Self::Session,
        Self::ServiceControl,
        Self::ResourceControl,
        Self::VpcEndpoint,
        Self::KmsKey,
        Self::S3Bucket,
        Self::LogsResource,
        Self::LogsDestination,
        Self::LogsDeliveryDestination,
        Self::XrayResource,
    ];

    /// The name in the vocabulary of all documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Resource => "resource",
            Self::Trust => "trust",
            Self::PermissionsBoundary => "permissionsBoundary",
            Self::Session => "session",
            Self::ServiceControl => "serviceControl",
            Self::ResourceControl => "resourceControl",
            Self::VpcEndpoint => "vpcEndpoint",
            Self::KmsKey => "kms-key",
            Self::S3Bucket => "s3-bucket",
            Self::LogsResource => "logs-resource",
            Self::LogsDestination => "logs-destination",
            Self::LogsDeliveryDestination => "logs-delivery-destination",
            Self::XrayResource => "xray-resource",
        }
    }

    /// The name that `bailiwick check` prints and lists for `--kind`. It differs from [`as_str`](Self::as_str) for
    /// `boundary`, `scp`, `rcp` and `vpc-endpoint`.
    ///
    /// ```
    /// use bailiwick_validator::Kind;
    ///
    /// assert_eq!(Kind::PermissionsBoundary.option_name(), "boundary");
    /// assert_eq!(Kind::KmsKey.option_name(), Kind::KmsKey.as_str());
    /// ```
    #[must_use]
    pub const fn option_name(self) -> &'static str {
        match self {
            Self::PermissionsBoundary => "boundary",
            Self::ServiceControl => "scp",
            Self::ResourceControl => "rcp",
            Self::VpcEndpoint => "vpc-endpoint",
            _ => self.as_str(),
        }
    }

    /// All spellings that are read, other than [`as_str`](Self::as_str).
    #[must_use]
    pub const fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::Identity | Self::Resource => &[],
            Self::Trust => &["role_trust_policy", "trust_policy"],
            Self::PermissionsBoundary => &["boundary", "permissions-boundary", "permissions_boundary"],
            Self::Session => &["session_policy"],
            Self::ServiceControl => &["scp", "service-control", "service_control", "SERVICE_CONTROL_POLICY"],
            Self::ResourceControl => {
                &["rcp", "resource-control", "resource_control", "RESOURCE_CONTROL_POLICY"]
            }
            Self::VpcEndpoint => &["vpc-endpoint", "vpc_endpoint", "vpc_endpoint_policy"],
            Self::KmsKey => &["kmsKey", "kms_key", "kms_key_policy"],
            Self::S3Bucket => &["s3Bucket", "s3_bucket", "s3_bucket_policy"],
            Self::LogsResource => &["logsResource", "logs_resource"],
            Self::LogsDestination => &["logsDestination", "logs_destination"],
            Self::LogsDeliveryDestination => &["logsDeliveryDestination", "logs_delivery_destination"],
            Self::XrayResource => &["xrayResource", "xray_resource", "xray_resource_policy"],
        }
    }

    /// How an evaluation treats the kind: every kind of resource policy is [`PolicyKind::Resource`].
    #[must_use]
    pub const fn policy_kind(self) -> PolicyKind {
        match self {
            Self::Identity => PolicyKind::Identity,
            Self::PermissionsBoundary => PolicyKind::PermissionsBoundary,
            Self::Session => PolicyKind::Session,
            Self::ServiceControl => PolicyKind::ServiceControl,
            Self::ResourceControl => PolicyKind::ResourceControl,
            Self::VpcEndpoint => PolicyKind::VpcEndpoint,
            _ => PolicyKind::Resource,
        }
    }

    /// What the kind is called in a sentence, with its article.
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Identity => "an identity-based policy",
            Self::Resource => "a resource-based policy",
            Self::Trust => "a role trust policy",
            Self::PermissionsBoundary => "a permissions boundary",
            Self::Session => "a session policy",
            Self::ServiceControl => "a service control policy",
            Self::ResourceControl => "a resource control policy",
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
        let is_named = |kind: &Self| kind.as_str() == text || kind.aliases().contains(&text);
        Self::ALL.into_iter().find(is_named).ok_or_else(|| {
            let names: Vec<_> = Self::ALL
                .iter()
                .flat_map(|kind| std::iter::once(kind.as_str()).chain(kind.aliases().iter().copied()))
                .collect();
            UnknownKind { nearest: bailiwick_source::nearest(text, &names), given: text.to_owned() }
        })
    }
}

impl From<PolicyKind> for Kind {
    fn from(kind: PolicyKind) -> Self {
        match kind {
            PolicyKind::Identity => Self::Identity,
            PolicyKind::Resource => Self::Resource,
            PolicyKind::PermissionsBoundary => Self::PermissionsBoundary,
            PolicyKind::Session => Self::Session,
            PolicyKind::ServiceControl => Self::ServiceControl,
            PolicyKind::ResourceControl => Self::ResourceControl,
            PolicyKind::VpcEndpoint => Self::VpcEndpoint,
        }
    }
}

/// A text that is not the name of a kind. The message names the nearest one.
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
///
/// ```
/// use bailiwick_validator::{Kind, Kinds, explain};
///
/// let check = explain("MISSING_PRINCIPAL").expect("a code of AWS's");
/// assert!(check.kinds.contains(Kind::Trust) && !check.kinds.contains(Kind::Identity));
/// assert_eq!(Kinds::of(&[Kind::Session]).iter().collect::<Vec<_>>(), [Kind::Session]);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Kinds(u16);

impl Kinds {
    /// Every kind.
    pub const ALL: Self = Self::of(&Kind::ALL);
    /// The kinds that apply to the principal they are attached to: identity, boundary and session policies.
    pub const IDENTITY: Self = Self::of(&[Kind::Identity, Kind::PermissionsBoundary, Kind::Session]);
    /// The kinds that IAM itself stores or receives.
    pub const IAM: Self = Self::of(&[Kind::Identity, Kind::PermissionsBoundary, Kind::Session, Kind::Trust]);
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
    pub const PRINCIPAL: Self = Self::RESOURCE.with(&[Kind::Trust, Kind::ResourceControl]);

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
    fn every_kind_is_read_back_from_its_names() {
        for kind in Kind::ALL {
            for name in [kind.as_str(), kind.option_name()].iter().chain(kind.aliases()) {
                assert_eq!(name.parse(), Ok(kind));
            }
        }
    }

    #[test]
    fn each_spelling_names_one_kind() {
        let mut names: Vec<_> = Kind::ALL
            .iter()
            .flat_map(|kind| std::iter::once(kind.as_str()).chain(kind.aliases().iter().copied()))
            .collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn kinds_of_evaluations_have_the_same_names() {
        for kind in PolicyKind::ALL {
            assert_eq!(Kind::from(kind).as_str(), kind.as_str());
            assert_eq!(Kind::from(kind).policy_kind(), kind);
        }
    }

    #[test]
    fn a_name_far_from_every_kind_lists_them_all() {
        let message = "frobnicator".parse::<Kind>().expect_err("no kind").to_string();
        assert!(message.contains("expected one of identity resource trust"), "{message}");
    }

    #[test]
    fn sets_hold_what_was_put_in_and_nothing_else() {
        let set = Kinds::IDENTITY.with(&[Kind::ServiceControl]).except(&[Kind::Session]);
        assert_eq!(
            set.iter().collect::<Vec<_>>(),
            [Kind::Identity, Kind::PermissionsBoundary, Kind::ServiceControl]
        );
    }
}
