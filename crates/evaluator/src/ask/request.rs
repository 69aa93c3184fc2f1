//! A request whose texts are its own, and its builder.

use std::collections::HashSet;

use bailiwick_matcher::is_account_id;
use bailiwick_source::{Code, Quoted};

use super::error::{RequestError, RequestMember};
use crate::principal::Principal;
use crate::request::{Endpoint, PublicAccessBlock, Request};
use crate::services::s3::is_object;

/// A request whose texts are its own.
///
/// ```
/// use bailiwick_evaluator::{Documents, Decision, OwnedRequest, Principal};
///
/// let mut builder = OwnedRequest::builder();
/// builder
///     .principal("arn:aws:iam::111122223333:user/amy".parse()?)
///     .action("s3:GetObject")?
///     .resource("arn:aws:s3:::reports/q3.csv")?
///     .resource_account("111122223333")?
///     .context("aws:SecureTransport", "true")?;
/// let request = builder.build()?;
/// assert_eq!(request.action(), "s3:GetObject");
/// assert_eq!(Documents::default().decide(&request), Decision::ImplicitDeny);
/// # Ok::<(), bailiwick_evaluator::RequestError>(())
/// ```
#[derive(Clone, Debug)]
pub struct OwnedRequest {
    principal: Principal<'static>,
    action: String,
    dependent_actions: Vec<String>,
    resource: String,
    resource_account: Option<String>,
    object_owner: Option<String>,
    endpoint: Endpoint,
    public_access_block: PublicAccessBlock,
    context: Vec<(String, ContextValue)>,
}

/// The value of a context key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ContextValue {
    /// A key with one value.
    One(String),
    /// A multivalued key, also of one value or none.
    Many(Vec<String>),
}

impl From<&str> for ContextValue {
    fn from(value: &str) -> Self {
        Self::One(value.to_owned())
    }
}

impl From<String> for ContextValue {
    fn from(value: String) -> Self {
        Self::One(value)
    }
}

impl From<Vec<String>> for ContextValue {
    fn from(values: Vec<String>) -> Self {
        Self::Many(values)
    }
}

impl OwnedRequest {
    /// Begins a request.
    #[must_use]
    pub fn builder() -> RequestBuilder {
        RequestBuilder::default()
    }

    /// Who asks.
    #[must_use]
    pub fn principal(&self) -> &Principal<'static> {
        &self.principal
    }

    /// The action asked for.
    #[must_use]
    pub fn action(&self) -> &str {
        &self.action
    }

    /// The further actions that the same call needs on the same resource.
    #[must_use]
    pub fn dependent_actions(&self) -> &[String] {
        &self.dependent_actions
    }

    /// The resource it is asked for.
    #[must_use]
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// The account that owns the resource, where it was given.
    #[must_use]
    pub fn resource_account(&self) -> Option<&str> {
        self.resource_account.as_deref()
    }

    /// The request as the evaluator takes it, for its action or one of the dependent actions.
    #[must_use]
    pub fn request<'a>(&'a self, action: &str) -> Request<'a> {
        let mut request = Request::new(&self.principal, action, &self.resource)
            .with_endpoint(self.endpoint)
            .with_public_access_block(self.public_access_block);
        if let Some(account) = &self.resource_account {
            request = request.with_resource_account(account);
        }
        if let Some(owner) = &self.object_owner {
            request = request.with_object_owner(owner);
        }
        for (key, value) in &self.context {
            request = match value {
                ContextValue::One(value) => request.with(key, value.as_str()),
                ContextValue::Many(values) => request.with_values(key, values.iter().map(String::as_str)),
            };
        }
        request
    }
}

/// Builds an [`OwnedRequest`]; every setter says what is wrong with its own value.
#[derive(Clone, Debug, Default)]
pub struct RequestBuilder {
    principal: Option<Principal<'static>>,
    action: Option<String>,
    dependent_actions: Vec<String>,
    resource: Option<String>,
    resource_account: Option<String>,
    object_owner: Option<String>,
    endpoint: Endpoint,
    public_access_block: PublicAccessBlock,
    context: Vec<(String, ContextValue)>,
    keys: HashSet<String>,
}

impl RequestBuilder {
    /// Who asks; required.
    pub fn principal(&mut self, principal: Principal<'static>) -> &mut Self {
        self.principal = Some(principal);
        self
    }

    /// Somebody in an account, of whom nothing else is known, in place of [`principal`](Self::principal).
    ///
    /// # Errors
    ///
    /// The account does not have twelve digits.
    pub fn principal_of_account(&mut self, account: &str) -> Result<&mut Self, RequestError> {
        self.principal = Some(Principal::unnamed(&account_id(account, "account", RequestMember::Principal)?));
        Ok(self)
    }

    /// The action asked for; required.
    ///
    /// # Errors
    ///
    /// It is not `service:Action`, or holds a wildcard.
    pub fn action(&mut self, action: &str) -> Result<&mut Self, RequestError> {
        self.action = Some(concrete_action(action, RequestMember::Action)?);
        Ok(self)
    }

    /// A further action that the same call needs on the same resource.
    ///
    /// # Errors
    ///
    /// As [`action`](Self::action).
    pub fn dependent_action(&mut self, action: &str) -> Result<&mut Self, RequestError> {
        self.dependent_actions.push(concrete_action(action, RequestMember::DependentAction)?);
        Ok(self)
    }

    /// The resource; required: one ARN, or `*`.
    ///
    /// # Errors
    ///
    /// It is neither, or an ARN with wildcards before its last field. There they are text: a key of S3 may
    /// hold them, and AWS itself writes a star for what a call is about to make.
    pub fn resource(&mut self, resource: &str) -> Result<&mut Self, RequestError> {
        const HELP: &str = "write one ARN, arn:partition:service:region:account:resource, or \"*\" for an \
                            action without resource-level permissions";
        let fields: Vec<&str> = resource.splitn(6, ':').collect();
        let is_arn = match fields.as_slice() {
            ["arn", partition, service, region, account, own] => {
                let has_wildcard =
                    [partition, service, region, account].iter().any(|f| f.contains(['*', '?']));
                !(has_wildcard || partition.is_empty() || service.is_empty() || own.is_empty())
            }
            _ => resource == "*",
        };
        if !is_arn {
            let message = format!("the resource {} is not one concrete ARN", Quoted(resource));
            return Err(RequestError::invalid(RequestMember::Resource, message, HELP));
        }
        self.resource = Some(resource.to_owned());
        Ok(self)
    }

    /// The account that owns the resource, where its ARN does not say it.
    ///
    /// # Errors
    ///
    /// It does not have twelve digits.
    pub fn resource_account(&mut self, account: &str) -> Result<&mut Self, RequestError> {
        self.resource_account = Some(account_id(account, "resourceAccount", RequestMember::ResourceAccount)?);
        Ok(self)
    }

    /// The account that owns an object of S3, where it is another than the bucket's.
    ///
    /// # Errors
    ///
    /// It does not have twelve digits.
    pub fn object_owner(&mut self, account: &str) -> Result<&mut Self, RequestError> {
        self.object_owner = Some(account_id(account, "objectOwner", RequestMember::ObjectOwner)?);
        Ok(self)
    }

    /// The type of the VPC endpoint that the request comes through.
    pub fn endpoint(&mut self, endpoint: Endpoint) -> &mut Self {
        self.endpoint = endpoint;
        self
    }

    /// The settings of S3's Block Public Access that apply to the bucket.
    pub fn public_access_block(&mut self, block: PublicAccessBlock) -> &mut Self {
        self.public_access_block = block;
        self
    }

    /// A condition key with its value; a list is a multivalued key.
    ///
    /// # Errors
    ///
    /// The key was given before, in whatever letter case.
    pub fn context(&mut self, key: &str, value: impl Into<ContextValue>) -> Result<&mut Self, RequestError> {
        if !self.keys.insert(canonical_context_key(key)) {
            let message =
                format!("the context key {} is given twice; letter case does not matter", Quoted(key));
            return Err(RequestError::new(RequestMember::Context, Code::DUPLICATE_MEMBER, message));
        }
        self.context.push((key.to_owned(), value.into()));
        Ok(self)
    }

    /// Whether the context has a key, in whatever letter case.
    #[must_use]
    pub fn has_context(&self, key: &str) -> bool {
        self.keys.contains(&canonical_context_key(key))
    }

    /// The request.
    ///
    /// # Errors
    ///
    /// The principal, the action or the resource is missing, or an owner of the object is given of a resource
    /// that is not an object of S3.
    pub fn build(self) -> Result<OwnedRequest, RequestError> {
        let missing = |member, name: &str| {
            let message = format!("request must have the member {name:?}");
            RequestError::new(member, Code::MISSING_MEMBER, message)
        };
        let principal = self.principal.ok_or_else(|| missing(RequestMember::Principal, "principal"))?;
        let action = self.action.ok_or_else(|| missing(RequestMember::Action, "action"))?;
        let resource = self.resource.ok_or_else(|| missing(RequestMember::Resource, "resource"))?;
        if self.object_owner.is_some() && !is_object(&resource) {
            let message = format!("objectOwner is given, but {} is no object of S3", Quoted(&resource));
            let help = "leave it out: a bucket and what is in other services has one owner";
            return Err(RequestError::invalid(RequestMember::ObjectOwner, message, help));
        }
        Ok(OwnedRequest {
            principal,
            action,
            dependent_actions: self.dependent_actions,
            resource,
            resource_account: self.resource_account,
            object_owner: self.object_owner,
            endpoint: self.endpoint,
            public_access_block: self.public_access_block,
            context: self.context,
        })
    }
}

fn concrete_action(action: &str, member: RequestMember) -> Result<String, RequestError> {
    let is_concrete = action
        .split_once(':')
        .is_some_and(|(service, name)| !service.is_empty() && !name.is_empty() && !name.contains(':'));
    if !is_concrete || action.contains(['*', '?']) {
        let message = format!("the action {} is not one concrete action", Quoted(action));
        let help = "write service:Action, for example logs:PutLogEvents";
        return Err(RequestError::invalid(member, message, help));
    }
    Ok(action.to_owned())
}

fn account_id(account: &str, what: &str, member: RequestMember) -> Result<String, RequestError> {
    if !is_account_id(account) {
        let message = format!("{what} is {}, not an account ID", Quoted(account));
        return Err(RequestError::invalid(member, message, "an account ID has twelve digits"));
    }
    Ok(account.to_owned())
}

/// The form that two spellings of one context key have in common: keys have no letter case, but the keys of
/// an encryption context after the prefix do (rule E-43).
#[must_use]
pub fn canonical_context_key(key: &str) -> String {
    const PREFIX: &str = "kms:encryptioncontext:";
    let folded = key.to_lowercase();
    if !folded.starts_with(PREFIX) {
        return folded;
    }
    [PREFIX].into_iter().chain(key.splitn(3, ':').skip(2)).collect()
}
