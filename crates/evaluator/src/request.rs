//! The request: who wants to do what to which resource, and the condition context around it.
//!
//! Everything that would cost time in a decision is done here once: names are folded to lower case and condition
//! keys are hashed. A request borrows its texts.

use std::borrow::Cow;
use std::ops::Range;

use crate::action::ActionText;
use crate::hash::{fold_into, hash, short_hash};
use crate::principal::{Principal, PrincipalType};

/// One request: a principal, an action, a resource and a context.
///
/// ```
/// use bailiwick_evaluator::{Principal, Request};
///
/// let principal = Principal::service("route53.amazonaws.com");
/// let request = Request::new(
///     &principal,
///     "logs:PutLogEvents",
///     "arn:aws:logs:us-east-1:111122223333:log-group:/aws/route53/example.com:log-stream:Z1/IAD",
/// )
/// .with("aws:SourceAccount", "111122223333");
/// assert_eq!(request.resource_account(), Some("111122223333"));
/// ```
#[derive(Clone, Debug)]
pub struct Request<'a> {
    principal: &'a Principal<'a>,
    /// The action, then every context key, all in lower case.
    folded: String,
    /// Where the colon of the action stands, and where the action ends.
    action: (usize, usize),
    action_hash: u32,
    service_hash: u32,
    resource: &'a str,
    resource_account: Option<&'a str>,
    endpoint: Endpoint,
    public_access_block: PublicAccessBlock,
    entries: Vec<Entry<'a>>,
}

/// How a VPC endpoint policy reads an account principal (rule G-38).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Endpoint {
    /// An interface endpoint: an account means all its principals.
    #[default]
    Interface,
    /// A gateway endpoint (S3, DynamoDB): an account means its root user alone.
    Gateway,
}

/// The settings of S3 Block Public Access that have a say in a request; the others refuse writes of policies and
/// ACLs.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct PublicAccessBlock {
    /// `RestrictPublicBuckets`: a public bucket policy serves only the owner's account and AWS services.
    pub restrict_public_buckets: bool,
}

#[derive(Clone, Debug)]
struct Entry<'a> {
    hash: u64,
    key: Range<usize>,
    /// The key as it was given, of the few keys whose case has a meaning (an encryption context's).
    given: Option<Box<str>>,
    value: EntryValue<'a>,
}

#[derive(Clone, Debug)]
enum EntryValue<'a> {
    One(Cow<'a, str>),
    Many(Vec<Cow<'a, str>>),
}

/// The value of a context key.
#[derive(Clone, Copy, Debug)]
pub enum Value<'r> {
    /// A single-valued key.
    One(&'r str),
    /// A multivalued key, also with one element or none.
    Many(&'r [Cow<'r, str>]),
}

impl<'a> Request<'a> {
    /// A request without context. `action` is one concrete action such as `s3:GetObject`, in any case; `resource`
    /// one concrete ARN, or `*` for an action that has no resource-level permissions.
    #[must_use]
    pub fn new(principal: &'a Principal<'a>, action: &str, resource: &'a str) -> Self {
        // Room for the action and half a dozen keys: one allocation for most requests.
        let mut folded = String::with_capacity(192);
        // Action names are compared without the case of ASCII letters (rule M-1), keys without any case.
        folded.push_str(action);
        folded.make_ascii_lowercase();
        let end = folded.len();
        let colon = folded.find(':').unwrap_or(end);
        if colon == end {
            // An action without a colon is matched as a prefix without a name.
            folded.push(':');
        }
        let action_hash = short_hash(&folded);
        let service_hash = short_hash(folded.get(..colon).unwrap_or_default());
        let account = resource.split(':').nth(4).filter(|account| !account.is_empty());
        Self {
            principal,
            folded,
            action: (colon, end),
            action_hash,
            service_hash,
            resource,
            resource_account: account,
            endpoint: Endpoint::Interface,
            public_access_block: PublicAccessBlock::default(),
            entries: Vec::with_capacity(6),
        }
    }

    /// Says who owns the resource, where its ARN does not (S3) or not rightly.
    #[must_use]
    pub fn with_resource_account(mut self, account: &'a str) -> Self {
        self.resource_account = Some(account);
        self
    }

    /// Says through which kind of VPC endpoint the request came.
    #[must_use]
    pub fn with_endpoint(mut self, endpoint: Endpoint) -> Self {
        self.endpoint = endpoint;
        self
    }

    /// Says which S3 Block Public Access settings are on for the bucket.
    #[must_use]
    pub fn with_public_access_block(mut self, block: PublicAccessBlock) -> Self {
        self.public_access_block = block;
        self
    }

    /// Adds a single-valued context key; a key given twice keeps the later value.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Cow<'a, str>>) -> Self {
        self.insert(key, EntryValue::One(value.into()));
        self
    }

    /// Adds a multivalued context key. Without `ForAllValues:` or `ForAnyValue:` no condition on it ever matches.
    #[must_use]
    pub fn with_values<V: Into<Cow<'a, str>>>(
        mut self,
        key: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        self.insert(key, EntryValue::Many(values.into_iter().map(Into::into).collect()));
        self
    }

    fn insert(&mut self, original: &str, value: EntryValue<'a>) {
        let start = self.folded.len();
        fold_into(&mut self.folded, original);
        let folded = self.folded.get(start..).unwrap_or_default();
        let hash = hash(folded);
        if let Some(place) = self.position(hash, folded) {
            self.folded.truncate(start);
            if let Some(entry) = self.entries.get_mut(place) {
                entry.value = value;
            }
        } else {
            let key = start..self.folded.len();
            let given = folded.starts_with("kms:encryptioncontext:").then(|| original.into());
            self.entries.push(Entry { hash, key, given, value });
        }
    }

    /// The principal.
    #[must_use]
    pub fn principal(&self) -> &'a Principal<'a> {
        self.principal
    }

    /// The action in lower case.
    #[must_use]
    pub fn action(&self) -> &str {
        self.folded.get(..self.action.1).unwrap_or_default()
    }

    /// The action as patterns are matched with it.
    #[inline]
    pub(crate) fn action_text(&self) -> ActionText<'_> {
        let (colon, end) = self.action;
        let end = end.max(colon + 1);
        ActionText {
            text: self.folded.get(..end).unwrap_or_default(),
            colon,
            hash: self.action_hash,
            service_hash: self.service_hash,
        }
    }

    /// The action's service prefix, in lower case; an action without a colon has none but its whole text.
    pub(crate) fn service(&self) -> &str {
        self.folded.get(..self.action.0).unwrap_or_default()
    }

    /// The action's name without the prefix, in lower case.
    pub(crate) fn action_name(&self) -> &str {
        self.folded.get(self.action.0 + 1..self.action.1).unwrap_or_default()
    }

    /// The resource.
    #[must_use]
    pub fn resource(&self) -> &'a str {
        self.resource
    }

    /// Who owns the resource: as given, else the account field of its ARN, else the principal's account.
    #[must_use]
    pub fn resource_account(&self) -> Option<&'a str> {
        self.resource_account.or_else(|| self.principal.account())
    }

    /// Whether the resource belongs to the principal's own account (rule E-26).
    #[must_use]
    pub fn is_same_account(&self) -> bool {
        self.principal.account().is_some() && self.principal.account() == self.resource_account()
    }

    /// The kind of VPC endpoint the request came through, if it came through one.
    pub(crate) fn endpoint(&self) -> Endpoint {
        self.endpoint
    }

    /// The value of a context key, given in any case: as the caller gave it, else as it follows from the principal
    /// and the resource (rules K-1, K-8); `None` when the key is absent.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<Value<'_>> {
        let mut folded = String::new();
        fold_into(&mut folded, key);
        self.lookup(KeyCode::of(&folded), &folded)
    }

    /// [`value`](Self::value) of a key in lower case whose code is known.
    pub(crate) fn lookup(&self, code: KeyCode, folded: &str) -> Option<Value<'_>> {
        match self.position(code.hash, folded).and_then(|place| self.entries.get(place)) {
            Some(entry) => match &entry.value {
                EntryValue::One(value) => Some(Value::One(value)),
                // A list without elements is no value (rule C-29).
                EntryValue::Many(values) if values.is_empty() => None,
                EntryValue::Many(values) => Some(Value::Many(values)),
            },
            None => self.derived(code.derived, folded),
        }
    }

    pub(crate) fn public_access_block(&self) -> PublicAccessBlock {
        self.public_access_block
    }

    /// The single-valued keys the caller gave under a prefix in lower case: the rest of the key as it was given,
    /// and the value.
    pub(crate) fn given<'s>(&'s self, prefix: &'s str) -> impl Iterator<Item = (&'s str, &'s str)> {
        self.entries.iter().filter_map(move |entry| match &entry.value {
            EntryValue::One(value) => {
                let rest = self.folded.get(entry.key.clone())?.strip_prefix(prefix)?;
                let given = entry.given.as_deref().and_then(|given| given.get(given.len() - rest.len()..));
                Some((given.unwrap_or(rest), &**value))
            }
            EntryValue::Many(_) => None,
        })
    }

    fn position(&self, hash: u64, folded: &str) -> Option<usize> {
        self.entries
            .iter()
            .position(|entry| entry.hash == hash && self.folded.get(entry.key.clone()) == Some(folded))
    }

    /// The keys that follow from the principal and the resource.
    fn derived(&self, derived: Derived, folded: &str) -> Option<Value<'_>> {
        let principal = self.principal;
        let is_service = principal.principal_type() == PrincipalType::Service;
        let value = match derived {
            Derived::Nothing => return None,
            Derived::PrincipalArn => principal.principal_arn()?,
            Derived::PrincipalAccount => match principal.principal_type() {
                PrincipalType::Anonymous => "anonymous",
                _ => principal.account()?,
            },
            Derived::PrincipalType => match principal.principal_type() {
                PrincipalType::Account => "Account",
                PrincipalType::User => "User",
                PrincipalType::AssumedRole => "AssumedRole",
                PrincipalType::FederatedUser => "FederatedUser",
                PrincipalType::Anonymous => "Anonymous",
                // Services are seen with varying values, never with one of their own.
                PrincipalType::Service | PrincipalType::Federated | PrincipalType::CanonicalUser => {
                    return None;
                }
            },
            Derived::UserId => principal.user_id()?,
            Derived::UserName => principal.user_name()?,
            Derived::PrincipalIsAwsService => match principal.principal_type() {
                PrincipalType::Anonymous | PrincipalType::Federated => return None,
                PrincipalType::Service => "true",
                _ => "false",
            },
            Derived::PrincipalServiceName => is_service.then(|| principal.name())?,
            Derived::PrincipalServiceNamesList => {
                return is_service.then(|| Value::Many(principal.service_names()));
            }
            Derived::ResourceAccount => self.resource_account()?,
            Derived::PrincipalTag => principal.tag(folded.strip_prefix(PRINCIPAL_TAG)?)?,
        };
        Some(Value::One(value))
    }
}

/// A condition key as far as it can be known without its name: what look-ups compare first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeyCode {
    hash: u64,
    derived: Derived,
}

/// What a key that the caller does not give follows from (rules K-1, K-8).
#[derive(Clone, Copy, Debug)]
enum Derived {
    Nothing,
    PrincipalArn,
    PrincipalAccount,
    PrincipalType,
    UserId,
    UserName,
    PrincipalIsAwsService,
    PrincipalServiceName,
    PrincipalServiceNamesList,
    ResourceAccount,
    PrincipalTag,
}

const PRINCIPAL_TAG: &str = "aws:principaltag/";

impl KeyCode {
    /// The code of a key in lower case.
    pub(crate) fn of(folded: &str) -> Self {
        let derived = match folded {
            "aws:principalarn" => Derived::PrincipalArn,
            "aws:principalaccount" => Derived::PrincipalAccount,
            "aws:principaltype" => Derived::PrincipalType,
            "aws:userid" => Derived::UserId,
            "aws:username" => Derived::UserName,
            "aws:principalisawsservice" => Derived::PrincipalIsAwsService,
            "aws:principalservicename" => Derived::PrincipalServiceName,
            "aws:principalservicenameslist" => Derived::PrincipalServiceNamesList,
            "aws:resourceaccount" => Derived::ResourceAccount,
            _ if folded.starts_with(PRINCIPAL_TAG) => Derived::PrincipalTag,
            _ => Derived::Nothing,
        };
        Self { hash: hash(folded), derived }
    }
}

#[cfg(test)]
mod tests {
    use super::{Request, Value};
    use crate::Principal;

    fn one(request: &Request<'_>, key: &str) -> Option<String> {
        match request.value(key)? {
            Value::One(value) => Some(value.to_owned()),
            Value::Many(values) => Some(values.join(",")),
        }
    }

    #[test]
    fn a_key_is_found_in_any_case_and_the_later_value_wins() {
        let principal = Principal::anonymous();
        let request =
            Request::new(&principal, "s3:GetObject", "*").with("AWS:SourceIp", "a").with("aws:sourceip", "b");
        assert_eq!(one(&request, "aws:SourceIP").as_deref(), Some("b"));
    }

    #[test]
    fn a_value_given_by_the_caller_wins_over_a_derived_one() {
        let principal = Principal::from_arn("arn:aws:iam::111111111111:user/amy").unwrap();
        let request = Request::new(&principal, "s3:GetObject", "arn:aws:s3:::b/k");
        assert_eq!(one(&request, "aws:username").as_deref(), Some("amy"));
        assert_eq!(one(&request, "aws:ResourceAccount").as_deref(), Some("111111111111"));
        let request = request.with("aws:username", "bob");
        assert_eq!(one(&request, "aws:username").as_deref(), Some("bob"));
    }

    #[test]
    fn an_empty_list_is_an_absent_key() {
        let principal = Principal::anonymous();
        let request = Request::new(&principal, "s3:GetObject", "*").with_values("aws:TagKeys", [""; 0]);
        assert!(request.value("aws:TagKeys").is_none());
    }

    #[test]
    fn the_resource_s_account_is_the_given_one_then_the_arn_s_then_the_principal_s() {
        let principal = Principal::root("111111111111");
        let queue = Request::new(&principal, "sqs:SendMessage", "arn:aws:sqs:us-east-1:222222222222:q");
        assert_eq!(queue.resource_account(), Some("222222222222"));
        assert!(!queue.is_same_account());
        assert!(queue.with_resource_account("111111111111").is_same_account());
        assert!(Request::new(&principal, "s3:GetObject", "arn:aws:s3:::b/k").is_same_account());
    }
}
