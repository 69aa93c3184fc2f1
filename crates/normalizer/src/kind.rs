//! The kinds of policy an evaluation tells apart, and which elements each must or must not have.

use std::fmt;

use bailiwick_source::Quoted;

/// What a policy document is attached as. It decides which elements the document must have (rule G-14) and
/// how its answer is combined with the others (section 4 of the rules).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub enum PolicyKind {
    /// A managed or inline policy of a user, group or role.
    Identity,
    /// A policy attached to a resource: a bucket policy, a CloudWatch Logs resource policy, a KMS key policy,
    /// a role's trust policy.
    Resource,
    /// The permissions boundary of a user or role.
    PermissionsBoundary,
    /// A policy passed when a session was created.
    Session,
    /// A service control policy (SCP) of an organization.
    ServiceControl,
    /// A resource control policy (RCP) of an organization.
    ResourceControl,
    /// The policy of a VPC endpoint.
    VpcEndpoint,
}

impl PolicyKind {
    /// All kinds, in the order in which answers name them.
    pub const ALL: [Self; 7] = [
        Self::Identity,
        Self::Resource,
        Self::PermissionsBoundary,
        Self::Session,
        Self::ServiceControl,
        Self::ResourceControl,
        Self::VpcEndpoint,
    ];

    /// The kind's name in scenarios and answers: `identity`, `resource`, `permissionsBoundary`, `session`,
    /// `serviceControl`, `resourceControl`, `vpcEndpoint`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Resource => "resource",
            Self::PermissionsBoundary => "permissionsBoundary",
            Self::Session => "session",
            Self::ServiceControl => "serviceControl",
            Self::ResourceControl => "resourceControl",
            Self::VpcEndpoint => "vpcEndpoint",
        }
    }

    /// Whether statements of this kind say whom they are about (`Principal` or `NotPrincipal`); the others
    /// are about whomever they are attached to and must not.
    #[must_use]
    pub const fn has_principal(self) -> bool {
        matches!(self, Self::Resource | Self::ResourceControl | Self::VpcEndpoint)
    }

    /// Whether every statement must have `Resource` or `NotResource`. A resource policy may leave it out: it
    /// then covers the resource it is attached to (rule G-15).
    #[must_use]
    pub const fn requires_resource(self) -> bool {
        !matches!(self, Self::Resource)
    }
}

impl fmt::Display for PolicyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for PolicyKind {
    type Err = ParsePolicyKindError;

    /// Reads the name that scenarios and answers use, in its exact letters.
    ///
    /// ```
    /// use bailiwick_normalizer::PolicyKind;
    ///
    /// assert_eq!("serviceControl".parse(), Ok(PolicyKind::ServiceControl));
    /// let error = "scp".parse::<PolicyKind>().unwrap_err();
    /// assert!(error.to_string().starts_with(r#""scp" is not a kind of policy"#));
    /// ```
    fn from_str(name: &str) -> Result<Self, ParsePolicyKindError> {
        Self::ALL
            .into_iter()
            .find(|known| known.as_str() == name)
            .ok_or_else(|| ParsePolicyKindError(name.to_owned()))
    }
}

/// A text that is not the name of a kind of policy.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ParsePolicyKindError(String);

impl fmt::Display for ParsePolicyKindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} is not a kind of policy, expected identity, resource, permissionsBoundary, session, \
             serviceControl, resourceControl or vpcEndpoint",
            Quoted(&self.0)
        )
    }
}

impl std::error::Error for ParsePolicyKindError {}
