//! Policy documents: what each is attached to, which kind of policy it is to the evaluator, how large it may be,
//! and the AWS CLI command that puts it.

use std::sync::Arc;

use bailiwick_evaluator::{CompiledPolicy, PolicyKind};
use bailiwick_normalizer::normalize;
use bailiwick_parser::syntax;
use bailiwick_source::Errors;
use bailiwick_source::json::Limits;
use bailiwick_store::limits;

/// Declares the kinds once: variant, name in a list of policies, words, kind for the evaluator.
macro_rules! kinds {
    ($($(#[$doc:meta])+ $variant:ident = $name:literal, $words:literal, $kind:ident;)+) => {
        /// What a document is attached to.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum DocumentKind {
            $($(#[$doc])+ $variant,)+
        }

        impl DocumentKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The kind's name in a `policies` list.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The kind in words, such as "bucket policy".
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self { $(Self::$variant => $words,)+ }
            }

            /// How the evaluator combines it.
            #[must_use]
            pub const fn policy_kind(self) -> PolicyKind {
                match self { $(Self::$variant => PolicyKind::$kind,)+ }
            }
        }
    };
}

kinds! {
    /// A CloudWatch Logs resource policy of an account and Region.
    LogsAccount = "cwl_account_resource_policy", "CloudWatch Logs resource policy", Resource;
    /// The CloudWatch Logs resource policy of one log group.
    LogGroup = "cwl_loggroup_policy", "resource policy of the log group", Resource;
    /// A bucket policy.
    Bucket = "bucket_policy", "bucket policy", Resource;
    /// The policy of a KMS key.
    Key = "kms_key_policy", "key policy", Resource;
    /// The trust policy of a role.
    RoleTrust = "role_trust", "trust policy", Resource;
    /// A policy of a role, inline or attached.
    RoleIdentity = "role_identity", "policy of the role", Identity;
    /// A policy of a user, inline or attached.
    UserIdentity = "user_identity", "policy of the user", Identity;
    /// The policy of a service-linked role.
    ServiceLinkedRole = "slr_identity", "policy of the service-linked role", Identity;
    /// The policy of a subscription destination.
    Destination = "destination_policy", "destination policy", Resource;
    /// The policy of a delivery destination.
    DeliveryDestination = "delivery_destination_policy", "delivery destination policy", Resource;
    /// The policy of a Lambda function.
    Function = "lambda_resource_policy", "function policy", Resource;
    /// The policy of an SQS queue.
    Queue = "sqs_queue_policy", "queue policy", Resource;
    /// The policy of an SNS topic.
    Topic = "sns_topic_policy", "topic policy", Resource;
    /// The policy of a Kinesis stream.
    Stream = "kinesis_resource_policy", "stream policy", Resource;
    /// An X-Ray resource policy.
    Xray = "xray_resource_policy", "X-Ray resource policy", Resource;
    /// The policy of an event bus.
    EventBus = "event_bus_policy", "event bus policy", Resource;
    /// A resource control policy.
    ResourceControl = "rcp", "resource control policy", ResourceControl;
    /// A service control policy.
    ServiceControl = "scp", "service control policy", ServiceControl;
    /// The permissions boundary of a user or role.
    PermissionsBoundary = "permissions_boundary", "permissions boundary", PermissionsBoundary;
    /// A session policy.
    Session = "session_policy", "session policy", Session;
    /// The policy of a VPC endpoint.
    VpcEndpoint = "vpc_endpoint_policy", "VPC endpoint policy", VpcEndpoint;
}

impl DocumentKind {
    /// The kind of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }

    /// The largest document of the kind and the unit it is measured in; `None` where it is not
    /// enforced here.
    #[must_use]
    pub const fn limit(self) -> Option<(usize, Unit)> {
        Some(match self {
            Self::LogsAccount => (limits::ACCOUNT_RESOURCE_POLICY_CHARACTERS, Unit::Characters),
            Self::LogGroup => (limits::RESOURCE_POLICY_CHARACTERS, Unit::Characters),
            Self::DeliveryDestination => (limits::DELIVERY_DESTINATION_POLICY_CHARACTERS, Unit::Characters),
            Self::Destination => (limits::ACCESS_POLICY_BYTES, Unit::Bytes),
            Self::Xray => (limits::XRAY_POLICY_BYTES, Unit::Bytes),
            Self::Bucket => (limits::BUCKET_POLICY_BYTES, Unit::Bytes),
            Self::Key => (limits::KEY_POLICY_BYTES, Unit::Bytes),
            Self::RoleTrust => (limits::TRUST_POLICY_CHARACTERS, Unit::CharactersWithoutBlanks),
            _ => return None,
        })
    }
}

/// The unit of a size limit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Unit {
    /// Bytes of UTF-8.
    Bytes,
    /// Characters.
    Characters,
    /// Characters without white space, as IAM counts.
    CharactersWithoutBlanks,
}

impl Unit {
    /// The size of a document in this unit.
    #[must_use]
    pub fn measure(self, text: &str) -> usize {
        match self {
            Self::Bytes => text.len(),
            Self::Characters => text.chars().count(),
            Self::CharactersWithoutBlanks => text.chars().filter(|c| !c.is_whitespace()).count(),
        }
    }

    /// The unit's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Characters | Self::CharactersWithoutBlanks => "characters",
        }
    }
}

/// Which document, anywhere in an environment.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct DocumentId {
    /// The account it belongs to, twelve digits; empty for a bucket whose owner is not known.
    pub account: String,
    /// Its Region; empty for a document of a global service.
    pub region: String,
    /// What it is attached to.
    pub kind: DocumentKind,
    /// The name or ARN of what it is attached to; empty where the account as a whole is.
    pub attached_to: String,
    /// Its own name where several may be attached, else empty.
    pub name: String,
}

impl std::fmt::Display for DocumentId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.kind, self.name.as_str()) {
            (kind, "") => f.write_str(kind.words())?,
            (DocumentKind::RoleIdentity | DocumentKind::UserIdentity, name) => write!(f, "policy {name}")?,
            (kind, name) => write!(f, "{} {name}", kind.words())?,
        }
        if !self.attached_to.is_empty() {
            write!(f, " of {}", self.attached_to)?;
        }
        match (self.account.as_str(), self.region.as_str()) {
            ("", _) => Ok(()),
            (account, "") => write!(f, " in account {account}"),
            (account, region) => write!(f, " in account {account}, {region}"),
        }
    }
}

/// A policy document that was read: its text, its syntax and its compiled form, made once and shared.
///
/// ```
/// use bailiwick_environment::PolicySource;
/// use bailiwick_evaluator::PolicyKind;
/// use bailiwick_source::json::Limits;
///
/// let text = r#"{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#;
/// let source = PolicySource::parse(text, PolicyKind::Identity, &Limits::default())?;
/// assert_eq!(source.syntax().statements.len(), 1);
/// assert_eq!(source.compiled().text(), Some(text));
/// # Ok::<(), bailiwick_source::Errors>(())
/// ```
#[derive(Debug)]
pub struct PolicySource {
    text: Arc<str>,
    syntax: syntax::Document<'static>,
    compiled: bailiwick_evaluator::Document,
}

impl PolicySource {
    /// Reads a document of a kind and compiles it.
    ///
    /// # Errors
    ///
    /// All mistakes of the document.
    pub fn parse(text: &str, kind: PolicyKind, limits: &Limits) -> Result<Self, Errors> {
        Self::from_syntax(text, bailiwick_parser::parse_with(text, limits)?, kind)
    }

    /// Compiles a document of a kind whose syntax was read from `text`.
    ///
    /// # Errors
    ///
    /// All mistakes of the elements that the kind must or must not have.
    pub fn from_syntax(text: &str, syntax: syntax::Document<'_>, kind: PolicyKind) -> Result<Self, Errors> {
        let policy = CompiledPolicy::new(normalize(&syntax, Some(kind))?);
        let text: Arc<str> = text.into();
        let compiled = bailiwick_evaluator::Document::new(policy, text.clone());
        Ok(Self { text, syntax: syntax.into_owned(), compiled })
    }

    /// The document as JSON text.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// What the text says, with the place of each element in it.
    #[must_use]
    pub fn syntax(&self) -> &syntax::Document<'static> {
        &self.syntax
    }

    /// The document as the evaluator takes it.
    #[must_use]
    pub fn compiled(&self) -> &bailiwick_evaluator::Document {
        &self.compiled
    }
}

/// A document of an environment.
#[derive(Clone, Debug)]
pub struct Document {
    /// Which document.
    pub id: DocumentId,
    /// What it says.
    pub source: Arc<PolicySource>,
}

impl Document {
    /// The policy as JSON text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.source.text
    }

    /// The statement at a place, from 0.
    #[must_use]
    pub fn statement(&self, place: usize) -> Option<&syntax::Statement<'static>> {
        self.source.syntax.statements.get(place)
    }

    /// The name answers give the document: its own, else what it is attached to, else its kind.
    #[must_use]
    pub fn label(&self) -> &str {
        let DocumentId { name, attached_to, kind, .. } = &self.id;
        match (name.as_str(), attached_to.as_str()) {
            ("", "") => kind.words(),
            ("", attached_to) => attached_to,
            (name, _) => name,
        }
    }
}
