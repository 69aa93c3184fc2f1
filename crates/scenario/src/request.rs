//! The `request` of a scenario: who wants to do what to which resource, and the context around it.

use std::borrow::Cow;
use std::collections::HashMap;

use bailiwick_evaluator::{Endpoint, Principal, PublicAccessBlock, Request, is_account_id};
use bailiwick_source::json::{Kind, Value};
use bailiwick_source::{Code, Error, Quoted, Span};

use crate::limits::Limits;
use crate::principal::principal;
use bailiwick_source::object::Reader;

/// A request whose texts are its own.
#[derive(Clone, Debug)]
pub(crate) struct OwnedRequest {
    pub(crate) principal: Principal<'static>,
    pub(crate) action: String,
    /// Further actions the same call needs on the same resource.
    pub(crate) dependent_actions: Vec<String>,
    pub(crate) resource: String,
    pub(crate) resource_account: Option<String>,
    pub(crate) object_owner: Option<String>,
    pub(crate) endpoint: Endpoint,
    pub(crate) public_access_block: PublicAccessBlock,
    pub(crate) context: Vec<(String, ContextValue)>,
}

#[derive(Clone, Debug)]
pub(crate) enum ContextValue {
    One(String),
    Many(Vec<String>),
}

impl OwnedRequest {
    /// The request for its action, or for one of the dependent actions.
    pub(crate) fn request<'a>(&'a self, action: &str) -> Request<'a> {
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

const MEMBERS: [&str; 9] = [
    "principal",
    "action",
    "dependentActions",
    "resource",
    "resourceAccount",
    "objectOwner",
    "context",
    "vpcEndpointType",
    "blockPublicAccess",
];

/// Reads the member `request`.
pub(crate) fn read(reader: &mut Reader, value: Value<'_, '_>, limits: &Limits) -> Option<OwnedRequest> {
    let fields = reader.object(value, "request", &MEMBERS)?;
    let principal =
        reader.required(&fields, "principal", "request").and_then(|value| principal(reader, value, limits));
    let action = reader.required(&fields, "action", "request").and_then(|value| action(reader, value));
    let resource = reader.required(&fields, "resource", "request").and_then(|value| resource(reader, value));
    let resource_account =
        fields.get("resourceAccount").and_then(|value| account(reader, value, "resourceAccount"));
    let object_owner = fields.get("objectOwner").and_then(|value| account(reader, value, "objectOwner"));
    if let (Some(value), Some(resource)) = (fields.get("objectOwner"), &resource)
        && !is_object(resource)
    {
        let message = format!("objectOwner is given, but {} is no object of S3", Quoted(resource));
        reader.invalid(value, message, "leave it out: a bucket and what is in other services has one owner");
    }
    let dependent_actions = fields.get("dependentActions").map_or_else(Vec::new, |value| {
        let items = reader.list(value, "dependentActions");
        let within =
            within(reader, value, items.len(), ("dependentActions", "actions"), limits.max_dependent_actions);
        let items = items.into_iter().take(if within { usize::MAX } else { 0 });
        items.filter_map(|item| action_text(reader, item)).collect()
    });
    let endpoint =
        fields.get("vpcEndpointType").and_then(|value| endpoint(reader, value)).unwrap_or_default();
    let public_access_block = fields
        .get("blockPublicAccess")
        .and_then(|value| public_access_block(reader, value))
        .unwrap_or_default();
    let context = fields.get("context").map_or_else(Vec::new, |value| context(reader, value, limits));
    Some(OwnedRequest {
        principal: principal?,
        action: action?,
        dependent_actions,
        resource: resource?,
        resource_account,
        object_owner,
        endpoint,
        public_access_block,
        context,
    })
}

fn action(reader: &mut Reader, value: Value<'_, '_>) -> Option<String> {
    action_text(reader, value)
}

fn action_text(reader: &mut Reader, value: Value<'_, '_>) -> Option<String> {
    let text = reader.string(value, "action")?;
    let is_concrete = text
        .split_once(':')
        .is_some_and(|(service, name)| !service.is_empty() && !name.is_empty() && !name.contains(':'));
    if !is_concrete || text.contains(['*', '?']) {
        reader.invalid(
            value,
            format!("the action {} is not one concrete action", Quoted(&text)),
            "write service:Action, for example logs:PutLogEvents",
        );
        return None;
    }
    Some(text.into_owned())
}

/// One ARN, or `*`. Wildcard characters in its last field are text: a key of S3 may hold them, and AWS itself names by
/// a star what a call is about to make. Before it they are in no resource's ARN.
fn resource(reader: &mut Reader, value: Value<'_, '_>) -> Option<String> {
    const HELP: &str = "write one ARN, arn:partition:service:region:account:resource, or \"*\" for an action \
                        without resource-level permissions";
    let text = reader.string(value, "resource")?;
    let fields: Vec<&str> = text.splitn(6, ':').collect();
    let is_arn = match fields.as_slice() {
        ["arn", partition, service, region, account, resource] => {
            let has_wildcard = [partition, service, region, account].iter().any(|f| f.contains(['*', '?']));
            !(has_wildcard || partition.is_empty() || service.is_empty() || resource.is_empty())
        }
        _ => text == "*",
    };
    if !is_arn {
        reader.invalid(value, format!("the resource {} is not one concrete ARN", Quoted(&text)), HELP);
        return None;
    }
    Some(text.into_owned())
}

/// Whether a resource is an object of S3, by its bucket or an access point.
fn is_object(resource: &str) -> bool {
    let fields: Vec<&str> = resource.splitn(6, ':').collect();
    match fields.as_slice() {
        ["arn", _, "s3", _, "", own] => own.contains('/'),
        // By way of an access point, which has an account.
        ["arn", _, "s3", _, _, own] => {
            let names: Vec<&str> = own.splitn(4, '/').collect();
            matches!(names.as_slice(), ["accesspoint", _, "object", _])
        }
        _ => false,
    }
}

/// A text that says something.
pub(crate) fn non_empty(reader: &mut Reader, value: Value<'_, '_>, what: &str, help: &str) -> Option<String> {
    let text = reader.string(value, what)?;
    if text.is_empty() {
        reader.invalid(value, format!("{what} is empty"), help);
        return None;
    }
    Some(text.into_owned())
}

pub(crate) fn account(reader: &mut Reader, value: Value<'_, '_>, what: &str) -> Option<String> {
    let text = reader.string(value, what)?;
    if !is_account_id(&text) {
        reader.invalid(
            value,
            format!("{what} is {}, not an account ID", Quoted(&text)),
            "an account ID has twelve digits",
        );
        return None;
    }
    Some(text.into_owned())
}

fn endpoint(reader: &mut Reader, value: Value<'_, '_>) -> Option<Endpoint> {
    match &*reader.string(value, "vpcEndpointType")? {
        "interface" => Some(Endpoint::Interface),
        "gateway" => Some(Endpoint::Gateway),
        other => {
            reader.invalid(
                value,
                format!("vpcEndpointType is {}", Quoted(other)),
                "write \"interface\" or \"gateway\"",
            );
            None
        }
    }
}

fn public_access_block(reader: &mut Reader, value: Value<'_, '_>) -> Option<PublicAccessBlock> {
    const SETTINGS: [&str; 4] =
        ["blockPublicAcls", "ignorePublicAcls", "blockPublicPolicy", "restrictPublicBuckets"];
    let fields = reader.object(value, "blockPublicAccess", &SETTINGS)?;
    let mut restricts = false;
    for setting in SETTINGS {
        let flag = fields.get(setting).and_then(|value| reader.boolean(value, setting)).unwrap_or(false);
        restricts = flag && setting == "restrictPublicBuckets" || restricts;
    }
    Some(PublicAccessBlock { restrict_public_buckets: restricts })
}

/// Whether there are no more than a limit allows.
pub(crate) fn within(
    reader: &mut Reader,
    value: Value<'_, '_>,
    count: usize,
    (what, unit): (&str, &str),
    limit: usize,
) -> bool {
    if count > limit {
        let message = format!("{what} has {count} {unit}, more than the limit of {limit}");
        let start = value.span().start;
        reader.report(Error::new(Code::ItemsExceedLimit, Span::new(start, start.saturating_add(1)), message));
    }
    count <= limit
}

fn context(reader: &mut Reader, value: Value<'_, '_>, limits: &Limits) -> Vec<(String, ContextValue)> {
    if value.kind() != Kind::Object {
        reader.wrong_type(value, "context", "an object");
        return Vec::new();
    }
    if !within(reader, value, value.members().count(), ("the context", "keys"), limits.max_context_keys) {
        return Vec::new();
    }
    let values = value.members().map(|(_, value)| value.items().count()).sum();
    if !within(reader, value, values, ("the context", "values in lists"), limits.max_context_values) {
        return Vec::new();
    }
    let mut context: Vec<(String, ContextValue)> = Vec::new();
    let mut places: HashMap<String, Span> = HashMap::new();
    for (key, value) in value.members() {
        if let Some(first) = places.insert(identity(&key.value), key.span) {
            let message =
                format!("the context key {} is given twice; letter case does not matter", Quoted(&key.value));
            let error = Error::new(Code::DuplicateMember, key.span, message);
            reader.report(error.with_related(first, "it stands here first"));
            continue;
        }
        let name = key.value.into_owned();
        let value = if value.kind() == Kind::Array {
            ContextValue::Many(value.items().filter_map(|item| scalar(reader, item, &name)).collect())
        } else {
            let Some(text) = scalar(reader, value, &name) else { continue };
            ContextValue::One(text)
        };
        context.push((name, value));
    }
    context
}

/// What two spellings of one context key have in common. The keys of an encryption context, behind the prefix, are told
/// apart by their letter case (rule E-43).
fn identity(key: &str) -> String {
    let folded = key.to_lowercase();
    const PREFIX: &str = "kms:encryptioncontext:";
    if !folded.starts_with(PREFIX) {
        return folded;
    }
    [PREFIX].into_iter().chain(key.splitn(3, ':').skip(2)).collect()
}

/// The text of a string, number or boolean.
fn scalar(reader: &mut Reader, value: Value<'_, '_>, key: &str) -> Option<String> {
    match value.kind() {
        Kind::String => value.as_str().map(Cow::into_owned),
        Kind::Number | Kind::Boolean => Some(value.text().to_owned()),
        _ => {
            let expected = "a string, number, boolean, or a list of them (leave an absent key out)";
            reader.wrong_type(value, &format!("the value of {}", Quoted(key)), expected);
            None
        }
    }
}
