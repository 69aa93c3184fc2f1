//! KMS grants: a source of Allow beside the key policy (rule E-43).

use std::collections::BTreeSet;

use crate::combine::Grant;
use crate::context::Value;
use crate::principal::{Principal, PrincipalType};
use crate::request::Request;

/// A grant on a KMS key: it allows its grantee the operations it lists, while its constraints are met (rule E-43).
///
/// A grant to a user or session is limited by no other policy's silence; one to a role is limited by boundary and
/// session policy; one to an account delegates. Across accounts it is the key's consent, unless the caller's own
/// account issued it. Explicit denies win as always.
///
/// ```
/// use bailiwick_evaluator::{
///     Decision, GrantConstraint, GrantPrincipal, KmsGrant, Policies, Principal, Request,
/// };
///
/// let session = "arn:aws:sts::111122223333:assumed-role/app/i-0abc";
/// let department = vec![("Department".to_owned(), "Finance".to_owned())];
/// let grant = KmsGrant::new(GrantPrincipal::new(session), ["Decrypt", "DescribeKey"])
///     .with_retiring_principal(GrantPrincipal::new("arn:aws:iam::111122223333:root"))
///     .with_constraint(GrantConstraint::EncryptionContextSubset(department));
///
/// let caller = Principal::from_arn(session).unwrap();
/// let key = "arn:aws:kms:us-east-1:111122223333:key/1234abcd";
/// let policies = Policies { grants: &[grant], ..Policies::default() };
/// let decrypt = Request::new(&caller, "kms:Decrypt", key);
/// assert_eq!(policies.decide(&decrypt), Decision::ImplicitDeny);
/// let decrypt = decrypt.with("kms:EncryptionContext:Department", "Finance");
/// assert_eq!(policies.decide(&decrypt), Decision::Allowed);
/// assert_eq!(policies.decide(&Request::new(&caller, "kms:Encrypt", key)), Decision::ImplicitDeny);
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KmsGrant {
    grantee: GrantPrincipal,
    retiring: Option<GrantPrincipal>,
    issuing_account: Option<Box<str>>,
    operations: Box<[Box<str>]>,
    constraints: Vec<GrantConstraint>,
    /// Of each constraint, how many different keys it has.
    counts: Vec<usize>,
    key_id: Option<Box<str>>,
    id: Option<Box<str>>,
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
            // As in policies, of any partition (rule M-22).
            Some(arn)
                if arn.service() == "iam"
                    && arn.region().is_empty()
                    && arn.resource() == "root"
                    && !arn.partition().is_empty()
                    && !arn.partition().contains(['*', '?']) =>
            {
                Self::Account(arn.account().into())
            }
            None if bailiwick_matcher::is_account_id(text) => Self::Account(text.into()),
            _ => Self::Named(text.into()),
        }
    }

    /// A service principal's name.
    #[must_use]
    pub fn service(name: &str) -> Self {
        Self::Service(name.into())
    }

    /// As it was given; an account by its ID.
    fn text(&self) -> &str {
        match self {
            Self::Account(text) | Self::Named(text) | Self::Service(text) => text,
        }
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
                    PrincipalType::FederatedUser
                        if text == caller.issuer_arn() || text == caller.unique_id() =>
                    {
                        Some(Grant::FederatedUserIssuer)
                    }
                    PrincipalType::AssumedRole if text == caller.user_id() => Some(Grant::Session),
                    // Who has no ARN of its own is named by no other text: nobody unsigned, and nobody whom an identity
                    // provider vouches for.
                    _ if caller.principal_arn().is_some() && text == Some(caller.name()) => {
                        Some(Grant::Session)
                    }
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
    /// A grant to `grantee` of `operations` (`Decrypt`, `GenerateDataKey`, …), on the key that requests are about,
    /// issued by that key's own account, without constraints.
    #[must_use]
    pub fn new<O: AsRef<str>>(grantee: GrantPrincipal, operations: impl IntoIterator<Item = O>) -> Self {
        // Each once, for a child's operations are looked for among them one by one.
        let mut known = BTreeSet::new();
        let operations = operations
            .into_iter()
            .filter(|name| known.insert(name.as_ref().to_ascii_lowercase()))
            .map(|name| name.as_ref().into())
            .collect();
        Self {
            grantee,
            retiring: None,
            issuing_account: None,
            operations,
            constraints: Vec::new(),
            counts: Vec::new(),
            key_id: None,
            id: None,
        }
    }

    /// Who may retire the grant besides a grantee to whom it grants `RetireGrant`.
    #[must_use]
    pub fn with_retiring_principal(mut self, principal: GrantPrincipal) -> Self {
        self.retiring = Some(principal);
        self
    }

    /// The account that issued the grant, as twelve digits.
    #[must_use]
    pub fn with_issuing_account(mut self, account: &str) -> Self {
        self.issuing_account = Some(account.into());
        self
    }

    /// Says which key the grant is on: a key's ARN or its ID, which is compared exactly. It then does nothing for a
    /// request that names another key, an alias or `*`.
    ///
    /// ```
    /// use bailiwick_evaluator::{Decision, GrantPrincipal, KmsGrant, Policies, Principal, Request};
    ///
    /// let amy = "arn:aws:iam::111122223333:user/amy";
    /// let grant = KmsGrant::new(GrantPrincipal::new(amy), ["Decrypt"]).with_key_id("1234abcd");
    /// let policies = Policies { grants: &[grant], ..Policies::default() };
    /// let amy = Principal::from_arn(amy).unwrap();
    /// let decide = |key| policies.decide(&Request::new(&amy, "kms:Decrypt", key));
    /// assert_eq!(decide("arn:aws:kms:us-east-1:111122223333:key/1234abcd"), Decision::Allowed);
    /// assert_eq!(decide("arn:aws:kms:us-east-1:111122223333:key/9876fedc"), Decision::ImplicitDeny);
    /// ```
    #[must_use]
    pub fn with_key_id(mut self, key: &str) -> Self {
        self.key_id = Some(key.into());
        self
    }

    /// One more constraint: all of a grant's must be met.
    #[must_use]
    pub fn with_constraint(mut self, constraint: GrantConstraint) -> Self {
        let mut keys: Vec<&str> = constraint.pairs().iter().map(|(key, _)| key.as_str()).collect();
        keys.sort_unstable();
        keys.dedup();
        self.counts.push(keys.len());
        self.constraints.push(constraint);
        self
    }

    /// Gives the grant its `GrantId`, for whoever explains a decision.
    #[must_use]
    pub fn with_id(mut self, id: &str) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Its `GrantId`, if it was given one.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    pub(crate) fn consent(&self, request: &Request<'_>) -> Option<Consent> {
        if !self.is_on_key_of(request) {
            return None;
        }
        let caller = request.principal();
        let by_retirement = (request.action_name() == "retiregrant")
            .then(|| self.retiring.as_ref().and_then(|principal| principal.names(caller)))
            .flatten();
        let by_grantee = self.permits(request).then(|| self.grantee.names(caller)).flatten();
        let grant = by_retirement.max(by_grantee)?;
        let issuer = self.issuing_account.as_deref().or(request.resource_account());
        Some(Consent { grant, from_callers_account: issuer.is_some() && issuer == caller.account() })
    }

    /// Whether it is on the key that the request names. A grant that does not say its key is on every request's.
    fn is_on_key_of(&self, request: &Request<'_>) -> bool {
        let Some(key) = self.key_id.as_deref() else { return true };
        key == request.resource()
            || bailiwick_matcher::Arn::split(request.resource())
                .is_some_and(|arn| arn.service() == "kms" && arn.resource().strip_prefix("key/") == Some(key))
    }

    fn permits(&self, request: &Request<'_>) -> bool {
        self.has(request.action_name())
            && self.unmet(request).next().is_none()
            && (request.action_name() != "creategrant" || self.permits_child(request))
    }

    /// Whether an operation is among its own, in any letter case.
    fn has(&self, operation: &str) -> bool {
        self.operations.iter().any(|own| own.eq_ignore_ascii_case(operation))
    }

    /// The constraints that the request does not meet, of those that its operation is held to.
    fn unmet(&self, request: &Request<'_>) -> impl Iterator<Item = &GrantConstraint> {
        let is_held = HAS_ENCRYPTION_CONTEXT.contains(&request.action_name());
        let own = self.constraints.iter().zip(&self.counts);
        own.filter(move |(constraint, keys)| is_held && !constraint.is_met(request, **keys))
            .map(|(constraint, _)| constraint)
    }

    /// A grant created by virtue of this one must not go beyond it: its operations are among this one's, and it is
    /// constrained where this one is.
    fn permits_child(&self, request: &Request<'_>) -> bool {
        let operations = match request.value_of("kms:grantoperations") {
            Some(Value::One(operation)) => self.has(operation),
            Some(Value::Many(operations)) => operations.iter().all(|operation| self.has(operation)),
            None => false,
        };
        let constrained = match request.value_of("kms:grantconstrainttype") {
            Some(Value::One(kind)) => self.constraints.iter().all(|constraint| match constraint {
                GrantConstraint::EncryptionContextSubset(_) => true,
                GrantConstraint::EncryptionContextEquals(_) => kind == "EncryptionContextEquals",
            }),
            _ => self.constraints.is_empty(),
        };
        operations && constrained
    }

    /// What of it does not fit the request, by the tests that [`consent`](Self::consent) makes.
    pub(crate) fn failures(&self, request: &Request<'_>) -> Vec<GrantFailure<'_>> {
        if self.consent(request).is_some() {
            return Vec::new();
        }
        let caller = request.principal();
        let is_retiring = request.action_name() == "retiregrant";
        let mut failures = Vec::new();
        if !self.is_on_key_of(request) {
            let key = self.key_id.as_deref().unwrap_or_default();
            failures.push(GrantFailure::Key { expected: key, actual: request.resource().to_owned() });
        }
        let retiring = self.retiring.as_ref().filter(|_| is_retiring);
        let named: Vec<&GrantPrincipal> = std::iter::once(&self.grantee).chain(retiring).collect();
        if !named.iter().any(|principal| principal.names(caller).is_some()) {
            let expected = named.iter().map(|principal| principal.text()).collect();
            failures.push(GrantFailure::Grantee { expected, actual: caller.name().to_owned() });
        }
        if !self.has(request.action_name()) {
            let expected = self.operations.iter().map(|operation| &**operation).collect();
            failures.push(GrantFailure::Operation { expected, actual: request.action().to_owned() });
        } else if request.action_name() == "creategrant" && !self.permits_child(request) {
            failures.push(GrantFailure::ChildGrant {
                operations: &self.operations,
                constraints: &self.constraints,
            });
        }
        failures.extend(self.unmet(request).map(GrantFailure::Constraint));
        failures
    }
}

/// What of a KMS grant does not fit a request.
#[derive(Clone, Debug)]
pub enum GrantFailure<'p> {
    /// It is on another key.
    Key {
        /// The grant's key, as it was given.
        expected: &'p str,
        /// What the request is about.
        actual: String,
    },
    /// It names others.
    Grantee {
        /// Whom it names: the grantee, and who may retire it where that is asked.
        expected: Vec<&'p str>,
        /// Who asks.
        actual: String,
    },
    /// It is of other operations.
    Operation {
        /// Its own.
        expected: Vec<&'p str>,
        /// The action asked for.
        actual: String,
    },
    /// The encryption context does not meet it.
    Constraint(&'p GrantConstraint),
    /// The grant to be created by virtue of it would be wider: of other operations, or less constrained.
    ChildGrant {
        /// The operations that the child may have.
        operations: &'p [Box<str>],
        /// The constraints that it must have, of these kinds.
        constraints: &'p [GrantConstraint],
    },
}

impl GrantFailure<'_> {
    /// What failed, as answers call it.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Key { .. } => "key",
            Self::Grantee { .. } => "grantee",
            Self::Operation { .. } => "operation",
            Self::Constraint(_) => "constraint",
            Self::ChildGrant { .. } => "childGrant",
        }
    }
}

impl GrantConstraint {
    /// Its name, as AWS spells it.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::EncryptionContextSubset(_) => "EncryptionContextSubset",
            Self::EncryptionContextEquals(_) => "EncryptionContextEquals",
        }
    }

    /// The pairs of key and value.
    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        match self {
            Self::EncryptionContextSubset(pairs) | Self::EncryptionContextEquals(pairs) => pairs,
        }
    }

    /// Whether the request's encryption context meets it; `keys` is how many different ones it has.
    fn is_met(&self, request: &Request<'_>, keys: usize) -> bool {
        // Keys of an encryption context are case-sensitive, other than condition keys.
        let holds = |(key, value): &(String, String)| {
            request.encryption_context_of(key).is_some_and(|given| given == Some(value))
        };
        self.pairs().iter().all(holds)
            && match self {
                Self::EncryptionContextSubset(_) => true,
                // All of its keys are there, so others are when there are more.
                Self::EncryptionContextEquals(_) => request.encryption_context().count() == keys,
            }
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

#[cfg(test)]
mod tests {
    use super::{GrantConstraint, GrantPrincipal, KmsGrant};
    use crate::{Attached, Decision, Policies, Principal, Request};

    #[test]
    fn a_pair_that_a_constraint_repeats_does_not_stand_for_another() {
        let amy = "arn:aws:iam::111122223333:user/amy";
        let pair = || ("a".to_owned(), "1".to_owned());
        let grant = KmsGrant::new(GrantPrincipal::new(amy), ["Decrypt"])
            .with_constraint(GrantConstraint::EncryptionContextEquals(vec![pair(), pair()]));
        let grants = [grant];
        let policies = Policies {
            identity: Attached::List(&[]),
            resource: Attached::List(&[]),
            grants: &grants,
            ..Policies::default()
        };
        let amy = Principal::from_arn(amy).unwrap();
        let key = "arn:aws:kms:us-east-1:111122223333:key/k";
        let request = || Request::new(&amy, "kms:Decrypt", key).with("kms:EncryptionContext:a", "1");
        assert_eq!(policies.decide(&request()), Decision::Allowed);
        let wider = request().with("kms:EncryptionContext:b", "2");
        assert_eq!(policies.decide(&wider), Decision::ImplicitDeny);
    }

    #[test]
    fn a_key_of_the_encryption_context_given_again_with_its_prefix_in_another_case_is_the_same_key() {
        let amy = "arn:aws:iam::111122223333:user/amy";
        let equals = GrantConstraint::EncryptionContextEquals(vec![("a".to_owned(), "1".to_owned())]);
        let grants = [KmsGrant::new(GrantPrincipal::new(amy), ["Decrypt"]).with_constraint(equals)];
        let policies = Policies { grants: &grants, ..Policies::default() };
        let amy = Principal::from_arn(amy).unwrap();
        let request = Request::new(&amy, "kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:key/k")
            .with("KMS:encryptioncontext:a", "2");
        assert_eq!(policies.decide(&request), Decision::ImplicitDeny);
        let request = request.with("kms:EncryptionContext:a", "1");
        assert_eq!(policies.decide(&request), Decision::Allowed);
        assert_eq!(policies.decide(&request.with("kms:EncryptionContext:A", "1")), Decision::ImplicitDeny);
    }
}
