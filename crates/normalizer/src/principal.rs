//! Whom a `Principal` element names.

/// One entry of a principal element (rule G-17).
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Principal {
    /// `*`: everyone, anonymous included.
    Everyone,
    /// An account, written as its twelve digits or as its root ARN.
    Account(Box<str>),
    /// An ARN of a user, role, assumed-role or federated-user session; also any other text under `AWS`, which
    /// equals no principal.
    Arn(Box<str>),
    /// The unique identifier of a user (`AIDA…`) or role (`AROA…`).
    UniqueId(Box<str>),
    /// The canonical user ID of an account (S3).
    CanonicalUser(Box<str>),
    /// An identity provider: an ARN or a built-in name.
    Federated(Box<str>),
    /// A service principal such as `route53.amazonaws.com`.
    Service(Box<str>),
}

impl Principal {
    /// The entry's text: an account's twelve digits, an ARN, an identifier, a name, `*`.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Everyone => "*",
            Self::Account(text)
            | Self::Arn(text)
            | Self::UniqueId(text)
            | Self::CanonicalUser(text)
            | Self::Federated(text)
            | Self::Service(text) => text,
        }
    }
}
