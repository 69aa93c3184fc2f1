//! The request: who wants to do what to which resource, and the condition context around it.
//!
//! Everything that would cost time in a decision is done here once: names are folded to lower case and condition
//! keys are hashed. A request borrows its texts.

use std::borrow::Cow;

use crate::action::{ActionCode, ActionText};
use crate::combine::Caller;
use crate::context::{Context, Entry, Given, NAMES, Room, Value};
use crate::hash::{fifth_field, fold_into};
use crate::keys::KeyCode;
use crate::principal::Principal;
use crate::services::{self, Candidates, Effects, Service, alias_of_key};

mod batch;

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
// PERF: the fields stand in the order in which a decision asks for them.
#[derive(Clone, Debug)]
#[repr(C)]
pub struct Request<'a> {
    action: ActionCode,
    service: Service,
    /// What the rules about its service do to it.
    effects: Effects,
    /// Those rules that are about the principal and the action.
    candidates: Candidates,
    caller: Caller,
    endpoint: Endpoint,
    public_access_block: PublicAccessBlock,
    is_same_account: bool,
    /// Whether its action is for the owner of an S3 object to permit, who is another account than the bucket's.
    is_foreign_object: bool,
    /// Its names begin with the action.
    context: Context<'a>,
    principal: &'a Principal<'a>,
    resource: &'a str,
    resource_account: Option<&'a str>,
    object_owner: Option<&'a str>,
    /// The resource as the caller named it.
    named: &'a str,
    /// Who owns the resource, as far as the caller said it.
    said_account: Option<&'a str>,
    /// Whether the resource's ARN says that it belongs to AWS (rule E-65).
    is_on_aws_own: bool,
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

/// The memory of a request that is no longer needed, for [`Request::new_in`].
#[derive(Clone, Debug, Default)]
pub struct RequestMemory {
    room: Room,
}

impl<'a> Request<'a> {
    /// A request without context. `action` is one concrete action such as `s3:GetObject`, in any case; `resource`
    /// one concrete ARN, or `*` for an action that has no resource-level permissions.
    ///
    /// Neither is checked: an action that no service has, or a resource that is no ARN, is decided as it stands, and an
    /// Allow of `*` allows it. Nor is the one checked against the other, or a context key's name against those that AWS
    /// has. Whoever takes them from people checks their form first, as the reader of scenarios does.
    #[must_use]
    pub fn new(principal: &'a Principal<'a>, action: &str, resource: &'a str) -> Self {
        Self::assemble(String::with_capacity(NAMES), Vec::new(), principal, action, resource)
    }

    /// [`new`](Self::new) in the memory of a request that is no longer needed: a service that decides one request after
    /// the other allocates nothing for them.
    ///
    /// ```
    /// use bailiwick_evaluator::{Principal, Request, RequestMemory};
    ///
    /// let mut memory = RequestMemory::default();
    /// for bucket in ["reports", "invoices"] {
    ///     let (principal, resource) = (Principal::root("111122223333"), format!("arn:aws:s3:::{bucket}"));
    ///     let request = Request::new_in(memory, &principal, "s3:ListBucket", &resource).with("s3:prefix", "2026/");
    ///     assert_eq!(request.resource(), resource);
    ///     memory = request.into_memory();
    /// }
    /// ```
    #[must_use]
    pub fn new_in(
        mut memory: RequestMemory,
        principal: &'a Principal<'a>,
        action: &str,
        resource: &'a str,
    ) -> Self {
        let names = memory.room.names();
        Self::assemble(names, memory.room.entries(), principal, action, resource)
    }

    #[inline]
    fn assemble(
        mut names: String,
        entries: Vec<Entry<'a>>,
        principal: &'a Principal<'a>,
        action: &str,
        resource: &'a str,
    ) -> Self {
        // Action names are compared without the case of ASCII letters (rule M-1), keys without any case.
        names.push_str(action);
        names.make_ascii_lowercase();
        let code = ActionCode::new(&mut names);
        let service = Service::of(code.text(&names).service());
        let account = account_of(resource);
        let mut request = Self {
            principal,
            action: code,
            service,
            effects: Effects::default(),
            candidates: services::candidates(service, principal, code.text(&names).name()),
            caller: Caller::of(principal),
            endpoint: Endpoint::Interface,
            public_access_block: PublicAccessBlock::default(),
            is_same_account: is_same_account(principal, account),
            is_foreign_object: false,
            resource,
            resource_account: account,
            object_owner: None,
            named: resource,
            said_account: None,
            is_on_aws_own: is_aws(account),
            context: Context::new(names, entries),
        };
        if service == Service::Kms {
            request.on_key();
        }
        request.effects = services::effects(&request);
        request
    }

    /// Rule E-42: a request that names its key by an alias is about a key that nobody said, as one on `*` is.
    fn on_key(&mut self) {
        self.resource = if self.request_alias().is_some() { "*" } else { self.named };
    }

    /// `kms:RequestAlias`: the alias by which the request names its key (rule E-42).
    pub(crate) fn request_alias(&self) -> Option<&'a str> {
        if self.service != Service::Kms {
            return None;
        }
        alias_of_key(self.action_name(), self.named)
    }

    /// Whether the request names its key by an alias, and what begins with these characters may be the key's ARN: it is of
    /// the alias's account and Region, and nothing else of it is known (rule E-42).
    pub(crate) fn may_be_key(&self, literal: &str) -> bool {
        const KEY: &str = "key/";
        let Some(beginning) = self.request_alias().and_then(|alias| self.named.strip_suffix(alias)) else {
            return false;
        };
        match literal.strip_prefix(beginning) {
            Some(rest) => rest.starts_with(KEY) || KEY.starts_with(rest),
            None => beginning.starts_with(literal),
        }
    }

    /// The request's memory, for [`new_in`](Self::new_in).
    #[must_use]
    pub fn into_memory(self) -> RequestMemory {
        RequestMemory { room: self.context.into_room() }
    }

    /// Says who owns the resource, where its ARN does not (S3) or not rightly.
    #[must_use]
    pub fn with_resource_account(mut self, account: &'a str) -> Self {
        self.set_resource_account(account);
        self
    }

    /// Says which account owns the S3 object, where the bucket keeps that apart from its own owner (Object Ownership
    /// "object writer"). An object of another account is beyond the Allows of the bucket's policy (rule E-44).
    ///
    /// The text is compared with account IDs and not checked to be one. It concerns the S3 actions on objects that are for
    /// their owner to permit; of other actions and other services it changes nothing.
    ///
    /// ```
    /// use bailiwick_evaluator::{Principal, Request};
    ///
    /// let writer = Principal::root("444455556666");
    /// let read = Request::new(&writer, "s3:GetObject", "arn:aws:s3:::logs/x").with_resource_account("111122223333");
    /// assert!(!read.is_same_account());
    /// assert!(read.with_object_owner("444455556666").is_same_account());
    /// ```
    #[must_use]
    pub fn with_object_owner(mut self, account: &'a str) -> Self {
        self.set_object_owner(account);
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
    #[inline]
    pub fn with(mut self, key: &str, value: impl Into<Cow<'a, str>>) -> Self {
        self.set(key, value);
        self
    }

    /// [`with`](Self::with), of a request in its place.
    #[inline]
    pub fn set(&mut self, key: &str, value: impl Into<Cow<'a, str>>) {
        self.context.insert(key, Given::One(value.into()));
    }

    /// Adds a multivalued context key. Without `ForAllValues:` or `ForAnyValue:` no condition on it ever matches.
    #[must_use]
    pub fn with_values<V: Into<Cow<'a, str>>>(
        mut self,
        key: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        self.set_values(key, values);
        self
    }

    /// [`with_values`](Self::with_values), of a request in its place.
    pub fn set_values<V: Into<Cow<'a, str>>>(&mut self, key: &str, values: impl IntoIterator<Item = V>) {
        self.context.insert(key, Given::Many(values.into_iter().map(Into::into).collect()));
    }

    /// The principal.
    #[must_use]
    pub fn principal(&self) -> &'a Principal<'a> {
        self.principal
    }

    /// The action in lower case.
    #[must_use]
    pub fn action(&self) -> &str {
        self.action_text().given()
    }

    /// The action as patterns are matched with it.
    #[inline]
    pub(crate) fn action_text(&self) -> ActionText<'_> {
        self.action.text(self.context.names())
    }

    /// The service with rules of its own that the action is one of.
    #[inline]
    pub(crate) fn service(&self) -> Service {
        self.service
    }

    /// The rules about its service that are about the principal and the action.
    #[inline]
    pub(crate) fn candidates(&self) -> Candidates {
        self.candidates
    }

    /// What the rules about its service do to it.
    #[inline]
    pub(crate) fn effects(&self) -> Effects {
        self.effects
    }

    /// Whether the resource's ARN says that it belongs to AWS (rule E-65).
    #[inline]
    pub(crate) fn is_on_aws_own(&self) -> bool {
        self.is_on_aws_own
    }

    /// The resource as the caller named it.
    pub(crate) fn named(&self) -> &'a str {
        self.named
    }

    /// What kind of caller the principal is.
    #[inline]
    pub(crate) fn caller(&self) -> Caller {
        self.caller
    }

    /// The action's name without the prefix, in lower case.
    pub(crate) fn action_name(&self) -> &str {
        self.action_text().name()
    }

    /// The resource; `*` for a KMS key that was named by an alias, which says nothing of the key's ARN (rule E-42).
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
    #[inline]
    #[must_use]
    pub fn is_same_account(&self) -> bool {
        self.is_same_account
    }

    /// Whether its action is for the owner of an S3 object to permit, who is another account than the bucket's (rule E-44).
    #[inline]
    #[must_use]
    pub fn is_foreign_object(&self) -> bool {
        self.is_foreign_object
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

    /// [`value`](Self::value) of a key that is in lower case: nothing is folded, nothing allocated.
    pub(crate) fn value_of(&self, folded: &str) -> Option<Value<'_>> {
        self.lookup(KeyCode::of(folded), folded)
    }

    /// [`value`](Self::value) of a key in lower case whose code is known.
    pub(crate) fn lookup(&self, code: KeyCode, name: &str) -> Option<Value<'_>> {
        match self.context.find(&code, || name.as_bytes()) {
            Some(given) => given.value(),
            None if code.is_derived() => code.derive(name, self),
            None => None,
        }
    }

    /// The value that the caller gave, if it is a single one; the name, in lower case, is asked for when it may be that
    /// key's.
    #[inline]
    pub(crate) fn given_single<'k>(&self, code: &KeyCode, name: impl Fn() -> &'k [u8]) -> Option<&str> {
        match self.context.find(code, name) {
            Some(Given::One(value)) => Some(value),
            _ => None,
        }
    }

    pub(crate) fn public_access_block(&self) -> PublicAccessBlock {
        self.public_access_block
    }

    /// The encryption context that the caller gave under `kms:EncryptionContext:…`: each key as it was given, and its
    /// value if it has exactly one.
    pub fn encryption_context(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.context.encryption_context()
    }

    /// The value of one key of the encryption context, by its exact name, if it has exactly one; nothing if the key
    /// is absent.
    pub(crate) fn encryption_context_of(&self, key: &str) -> Option<Option<&str>> {
        self.context.encryption_context_of(key)
    }
}

/// The account field of a resource's ARN, if there is something in it.
fn account_of(resource: &str) -> Option<&str> {
    fifth_field(resource).filter(|account| !account.is_empty())
}

/// Whether that is the account of what belongs to AWS, such as AWS managed policies (rule E-65).
#[inline]
fn is_aws(account: Option<&str>) -> bool {
    account == Some("aws")
}

/// Whether the resource, that account's or else the principal's, belongs to the principal's own account.
fn is_same_account(principal: &Principal<'_>, resource_account: Option<&str>) -> bool {
    principal.account().is_some_and(|own| resource_account.is_none_or(|account| account == own))
}

#[cfg(test)]
mod tests {
    use super::Request;
    use crate::{Principal, Value};

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
    fn letters_beyond_ascii_whose_lower_case_is_ascii_are_folded_too() {
        let principal = Principal::anonymous();
        let request = Request::new(&principal, "s3:GetObject", "*").with("aws:to\u{212a}enIssueTime", "a");
        assert_eq!(one(&request, "aws:TokenIssueTime").as_deref(), Some("a"));
        let request = request.with("aws:TokenIssueTime", "b");
        assert_eq!(one(&request, "aws:to\u{212a}enIssueTime").as_deref(), Some("b"));
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
