//! What a delivery comes down to: an ordered list of checks, each a call somebody makes, a requirement that no
//! policy decides, or an operation on a policy store.

pub(crate) use bailiwick_evaluator::ContextValue;

use crate::must::Must;
use bailiwick_environment::DocumentGroup;

/// When a check is made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Phase {
    /// When the delivery is configured.
    Setup,
    /// When records are delivered.
    Delivery,
}

impl Phase {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Delivery => "delivery",
        }
    }
}

/// One check.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) phase: Phase,
    pub(crate) name: String,
    pub(crate) check: Check,
    /// Whether a failure is noise only.
    pub(crate) optional: bool,
    /// What AWS answers, or where the failure shows.
    pub(crate) error: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) enum Check {
    Call(Call),
    Requirement(Requirement),
    Operation(Operation),
}

/// A call, and which documents decide about it.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) caller: Caller,
    pub(crate) action: String,
    pub(crate) resource: String,
    /// Another name that AWS may give the resource.
    pub(crate) or_resource: Option<String>,
    /// Who owns the resource, where its ARN does not say it.
    pub(crate) resource_account: Option<String>,
    pub(crate) context: Vec<(String, ContextValue)>,
    /// What is known of what the call carries beyond its context; `None` where the context is all of it.
    pub(crate) carries: Option<Carries>,
    pub(crate) consult: Vec<DocumentGroup>,
    pub(crate) combine: Combine,
    /// Context values that nobody knows.
    pub(crate) unknowns: Vec<Unknown>,
    /// What nobody looked up and the context would need.
    pub(crate) missing: Vec<String>,
    /// The fact on which it hangs whether the call is made at all, where nobody knows it.
    pub(crate) doubt: Option<String>,
}

/// What is known of a call beside its context.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Carries {
    pub(crate) by: Maker,
    /// The Region whose endpoint is called.
    pub(crate) region: Option<String>,
    /// The ID of the organization of the source account, or of the caller's where the caller has one.
    pub(crate) organization: Option<String>,
    /// The unique ID of the user or role that calls.
    pub(crate) unique_id: Option<String>,
}

/// Who makes a call of the catalogue.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Maker {
    /// A service, as itself.
    Service,
    /// A service, as a role it assumed.
    Role,
    /// Whoever configures the delivery.
    Person,
}

/// Who calls.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Caller {
    /// A service, by all its names.
    Service(Vec<String>),
    /// A user, a role, a session, or the root user of an account, by ARN or account ID.
    Arn(String),
    /// Nobody in particular.
    Anonymous,
}

impl Caller {
    /// The account the caller belongs to; a service belongs to none.
    pub(crate) fn account(&self) -> Option<&str> {
        match self {
            Self::Arn(arn) if arn.starts_with("arn:") => Some(bailiwick_environment::arn::field(arn, 4)),
            Self::Arn(account) => Some(account),
            Self::Service(_) | Self::Anonymous => None,
        }
    }

    pub(crate) fn is_service(&self) -> bool {
        matches!(self, Self::Service(_))
    }
}

impl std::fmt::Display for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Service(names) => f.write_str(names.first().map_or("a service", String::as_str)),
            Self::Arn(arn) => f.write_str(arn),
            Self::Anonymous => f.write_str("anybody"),
        }
    }
}

/// How the documents decide together.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Combine {
    /// The resource's documents alone.
    Resource,
    /// The caller's documents alone.
    Identity,
    /// Both sides must allow.
    IdentityAndResource,
    /// One side is enough.
    IdentityOrResource,
}

/// A context value that nobody knows: the values it may have.
#[derive(Clone, Debug)]
pub(crate) struct Unknown {
    pub(crate) key: String,
    /// The fact that would settle it.
    pub(crate) fact: String,
    /// The values to try besides the one in the context; `None`: the key is absent.
    pub(crate) values: Vec<Option<String>>,
    /// The part of an ARN that is known: what follows may be anything a document asks for.
    pub(crate) prefix: Option<String>,
    /// What a statement names the value by, where only its prefix is known.
    pub(crate) pattern: Option<String>,
    /// Whether any value a document asks for is to be tried.
    pub(crate) any: bool,
}

/// Something that must be so and that no policy decides.
#[derive(Clone, Debug)]
pub(crate) struct Requirement {
    pub(crate) rule: String,
    /// What is so; `None` when nobody looked it up.
    pub(crate) observed: Option<String>,
    pub(crate) must: Must,
    /// What is taken to be so when nobody looked it up; without it, the answer is uncertain.
    pub(crate) assume: Option<String>,
    /// How to look it up.
    pub(crate) look_up: Option<String>,
    /// Why nobody can say what happens when it does not hold.
    pub(crate) doubt: Option<String>,
}

/// An operation on a policy store.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    /// As the AWS CLI calls it, such as `logs put-resource-policy`.
    pub(crate) name: String,
    pub(crate) account: String,
    pub(crate) region: String,
    /// The operation's input as JSON text.
    pub(crate) input: String,
    /// Who performs it, for X-Ray's lockout check.
    pub(crate) caller: Option<String>,
}
