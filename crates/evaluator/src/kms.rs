//! KMS grants: a source of Allow beside the key policy (rule E-43).

use crate::combine::Grant;
use crate::context::Value;
use crate::principal::{Principal, PrincipalType};
use crate::request::Request;

/// A grant on a KMS key: it allows its grantee the operations it lists, while its constraint is met.
///
/// A grant to a user or session is limited by no other policy's silence; one to a role is limited by boundary and
/// session policy; one to an account delegates. Across accounts it is the key's consent, unless the caller's own
/// account issued it. Explicit denies win as always.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KmsGrant {
    grantee: GrantPrincipal,
    retiring: Option<GrantPrincipal>,
    issuing_account: Option<Box<str>>,
    /// In lower case, as action names are compared.
    operations: Box<[Box<str>]>,
    constraint: Option<GrantConstraint>,
}

/// Whom a grant names.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum GrantPrincipal {
    /// An account as a whole, by its root ARN.
    Account(Box<str>),
    /// A user, role or session, by ARN or by unique identifier.
    Named(Box<str>),
    /// A service principal.
    Service(Box<str>),
}

impl GrantPrincipal {
    /// A grantee as AWS prints it: an ARN, or the unique identifier of a principal that was deleted. Twelve digits are
    /// the account, as in policies.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let fields = bailiwick_matcher::Arn::split(text);
        match fields {
            Some(arn) if arn.service() == "iam" && arn.resource() == "root" => {
                Self::Account(arn.account().into())
            }
            None if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) => {
                Self::Account(text.into())
            }
            _ => Self::Named(text.into()),
        }
    }

    /// A service principal's name.
    #[must_use]
    pub fn service(name: &str) -> Self {
        Self::Service(name.into())
    }

    /// How it names the caller, if it does.
    fn names(&self, caller: &Principal<'_>) -> Option<Grant> {
        match self {
            Self::Account(account) => (caller.account() == Some(account)).then_some(Grant::Account),
            Self::Service(name) => {
                caller.service_names().iter().any(|own| **own == **name).then_some(Grant::Principal)
            }
            Self::Named(text) => {
                if caller.service_names().iter().any(|own| **own == **text) {
                    return Some(Grant::Principal);
                }
                let text = Some(&**text);
                let is_role = text == caller.role_arn() || text == caller.unique_id();
                match caller.principal_type() {
                    PrincipalType::AssumedRole if is_role => Some(Grant::Role),
                    PrincipalType::User if text == caller.unique_id() => Some(Grant::Principal),
                    PrincipalType::FederatedUser if text == caller.issuer_arn() => {
                        Some(Grant::FederatedUserIssuer)
                    }
                    // Grants name nobody whom an identity provider vouches for.
                    PrincipalType::Federated | PrincipalType::CanonicalUser => None,
                    _ if text == Some(caller.name()) || text == caller.user_id() => Some(Grant::Session),
                    _ => None,
                }
            }
        }
    }
}

/// What a grant demands of the request's encryption context: pairs of key and value, both compared exactly.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum GrantConstraint {
    /// The request's encryption context holds at least these pairs.
    EncryptionContextSubset(Vec<(String, String)>),
    /// The request's encryption context is exactly these pairs.
    EncryptionContextEquals(Vec<(String, String)>),
}

/// What a grant does for a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Consent {
    pub(crate) grant: Grant,
    /// Whether the caller's own account issued the grant.
    pub(crate) from_callers_account: bool,
}

impl KmsGrant {
    /// A grant to `grantee` of `operations` (`Decrypt`, `GenerateDataKey`, …). Without an issuing account it was
    /// issued by the key's.
    #[must_use]
    pub fn new(
        grantee: GrantPrincipal,
        retiring: Option<GrantPrincipal>,
        issuing_account: Option<String>,
        operations: &[String],
        constraint: Option<GrantConstraint>,
    ) -> Self {
        Self {
            grantee,
            retiring,
            issuing_account: issuing_account.map(Into::into),
            operations: operations.iter().map(|name| name.to_ascii_lowercase().into()).collect(),
            constraint,
        }
    }

    pub(crate) fn consent(&self, request: &Request<'_>) -> Option<Consent> {
        let caller = request.principal();
        let by_retirement = (request.action_name() == "retiregrant")
            .then(|| self.retiring.as_ref().and_then(|principal| principal.names(caller)))
            .flatten();
        let by_grantee = self.permits(request).then(|| self.grantee.names(caller)).flatten();
        let grant = by_retirement.max(by_grantee)?;
        let issuer = self.issuing_account.as_deref().or(request.resource_account());
        Some(Consent { grant, from_callers_account: issuer.is_some() && issuer == caller.account() })
    }

    fn permits(&self, request: &Request<'_>) -> bool {
        self.operations.iter().any(|operation| **operation == *request.action_name())
            && (!HAS_ENCRYPTION_CONTEXT.contains(&request.action_name())
                || self.constraint.as_ref().is_none_or(|constraint| constraint.is_met(request)))
            && (request.action_name() != "creategrant" || self.permits_child(request))
    }

    /// A grant created by virtue of this one must not go beyond it: its operations are among this one's, and it is
    /// constrained where this one is.
    fn permits_child(&self, request: &Request<'_>) -> bool {
        let within = |operation: &str| self.operations.iter().any(|own| own.eq_ignore_ascii_case(operation));
        let operations = match request.value("kms:GrantOperations") {
            Some(Value::One(operation)) => within(operation),
            Some(Value::Many(operations)) => operations.iter().all(|operation| within(operation)),
            None => false,
        };
        let constrained = match (&self.constraint, request.value("kms:GrantConstraintType")) {
            (None, _) | (Some(GrantConstraint::EncryptionContextSubset(_)), Some(Value::One(_))) => true,
            (Some(GrantConstraint::EncryptionContextEquals(_)), Some(Value::One(kind))) => {
                kind == "EncryptionContextEquals"
            }
            (Some(_), _) => false,
        };
        operations && constrained
    }
}

impl GrantConstraint {
    fn is_met(&self, request: &Request<'_>) -> bool {
        let (pairs, exactly) = match self {
            Self::EncryptionContextSubset(pairs) => (pairs, false),
            Self::EncryptionContextEquals(pairs) => (pairs, true),
        };
        let holds = |(key, value): &(String, String)| {
            // Keys of an encryption context are case-sensitive, other than condition keys.
            request.given(ENCRYPTION_CONTEXT).any(|(name, given)| name == key && given == value)
        };
        pairs.iter().all(holds) && (!exactly || request.given(ENCRYPTION_CONTEXT).count() == pairs.len())
    }
}

/// The operations that have an encryption context for a constraint to hold to, in lower case. A grant created by
/// virtue of another hands its constraint on.
const HAS_ENCRYPTION_CONTEXT: [&str; 9] = [
    "creategrant",
    "decrypt",
    "encrypt",
    "generatedatakey",
    "generatedatakeypair",
    "generatedatakeypairwithoutplaintext",
    "generatedatakeywithoutplaintext",
    "reencryptfrom",
    "reencryptto",
];

/// The prefix of the condition keys that carry the encryption context, in lower case.
const ENCRYPTION_CONTEXT: &str = "kms:encryptioncontext:";
