//! The `request` of a scenario: who wants to do what to which resource, and the context around it.

use std::borrow::Cow;
use std::collections::HashMap;

use bailiwick_evaluator::{Endpoint, Principal, PrincipalType, PublicAccessBlock, Request};
use bailiwick_parser::json::{Kind, Value};
use bailiwick_parser::{Code, Error, Span};

use crate::limits::Limits;
use crate::read::{Fields, Reader};

/// A request whose texts are its own.
#[derive(Clone, Debug)]
pub(crate) struct OwnedRequest {
    pub(crate) principal: Principal<'static>,
    pub(crate) action: String,
    /// Further actions the same call needs on the same resource.
    pub(crate) dependent_actions: Vec<String>,
    pub(crate) resource: String,
    pub(crate) resource_account: Option<String>,
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
        for (key, value) in &self.context {
            request = match value {
                ContextValue::One(value) => request.with(key, value.as_str()),
                ContextValue::Many(values) => request.with_values(key, values.iter().map(String::as_str)),
            };
        }
        request
    }
}

const MEMBERS: [&str; 8] = [
    "principal",
    "action",
    "dependentActions",
    "resource",
    "resourceAccount",
    "context",
    "vpcEndpointType",
    "blockPublicAccess",
];

/// Reads the member `request`.
pub(crate) fn read(reader: &mut Reader, value: Value<'_, '_>, limits: &Limits) -> Option<OwnedRequest> {
    let fields = reader.object(value, "request", &MEMBERS)?;
    let principal =
        reader.required(&fields, "principal", "request").and_then(|value| principal(reader, value));
    let action = reader.required(&fields, "action", "request").and_then(|value| action(reader, value));
    let resource = reader
        .required(&fields, "resource", "request")
        .and_then(|value| non_empty(reader, value, "resource"));
    let resource_account =
        fields.get("resourceAccount").and_then(|value| account(reader, value, "resourceAccount"));
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
    let is_concrete =
        text.split_once(':').is_some_and(|(service, name)| !service.is_empty() && !name.is_empty());
    if !is_concrete || text.contains(['*', '?']) {
        reader.invalid(
            value,
            format!("the action {text:?} is not one concrete action"),
            "write service:Action, for example logs:PutLogEvents",
        );
        return None;
    }
    Some(text.into_owned())
}

fn non_empty(reader: &mut Reader, value: Value<'_, '_>, what: &str) -> Option<String> {
    let text = reader.string(value, what)?;
    if text.is_empty() {
        reader.invalid(value, format!("{what} is empty"), "write one concrete ARN, or \"*\"");
        return None;
    }
    Some(text.into_owned())
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn account(reader: &mut Reader, value: Value<'_, '_>, what: &str) -> Option<String> {
    let text = reader.string(value, what)?;
    if !is_account(&text) {
        reader.invalid(
            value,
            format!("{what} is {text:?}, not an account ID"),
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
                format!("vpcEndpointType is {other:?}"),
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
fn within(
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
    let mut context: Vec<(String, ContextValue)> = Vec::new();
    let mut places: HashMap<String, Span> = HashMap::new();
    for (key, value) in value.members() {
        if let Some(first) = places.insert(identity(&key.value), key.span) {
            let message =
                format!("the context key {:?} is given twice; letter case does not matter", key.value);
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
            reader.wrong_type(value, &format!("the value of {key:?}"), expected);
            None
        }
    }
}

const FORMS: &str = "write an ARN, an account ID, or an object with one of arn, account, service, \
                     anonymous, federated, canonicalUser";

fn principal(reader: &mut Reader, value: Value<'_, '_>) -> Option<Principal<'static>> {
    match value.kind() {
        Kind::String => principal_text(reader, value),
        Kind::Object => principal_object(reader, value),
        _ => {
            reader.wrong_type(value, "principal", "a string or an object");
            None
        }
    }
}

fn principal_text(reader: &mut Reader, value: Value<'_, '_>) -> Option<Principal<'static>> {
    let text = value.as_str()?;
    if is_account(&text) {
        return Some(Principal::root(&text));
    }
    let principal = Principal::from_arn(text.clone().into_owned());
    if principal.is_none() {
        reader.invalid(value, format!("the principal {text:?} is no user, role, session or root"), FORMS);
    }
    principal
}

const PRINCIPAL_MEMBERS: [&str; 13] = [
    "arn",
    "account",
    "service",
    "anonymous",
    "federated",
    "canonicalUser",
    "roleArn",
    "issuerArn",
    "uniqueId",
    "tags",
    "sessionTags",
    "serviceLinkedRole",
    "managementAccount",
];

fn principal_object(reader: &mut Reader, value: Value<'_, '_>) -> Option<Principal<'static>> {
    let fields = reader.object(value, "principal", &PRINCIPAL_MEMBERS)?;
    let given: Vec<&str> =
        PRINCIPAL_MEMBERS.into_iter().take(6).filter(|form| fields.get(form).is_some()).collect();
    let [form] = given.as_slice() else {
        let found = if given.is_empty() { "none".to_owned() } else { given.join(" and ") };
        reader.invalid(value, format!("principal must say in one way who asks, found {found}"), FORMS);
        return None;
    };
    let form_value = fields.get(form)?;
    let principal = match *form {
        "arn" => principal_text(reader, form_value)?,
        "account" => Principal::unnamed(&account(reader, form_value, "account")?),
        "service" => service(reader, form_value)?,
        "federated" => Principal::federated(non_empty(reader, form_value, "federated")?),
        "canonicalUser" => Principal::canonical_user(non_empty(reader, form_value, "canonicalUser")?),
        _ => {
            if !reader.boolean(form_value, "anonymous")? {
                reader.invalid(form_value, "anonymous is false, which says nothing of who asks", FORMS);
                return None;
            }
            Principal::anonymous()
        }
    };
    Some(with_details(reader, &fields, principal))
}

/// One name, or all the names of one service, general and Regional.
fn service(reader: &mut Reader, value: Value<'_, '_>) -> Option<Principal<'static>> {
    if value.kind() != Kind::Array {
        return Some(Principal::service(non_empty(reader, value, "service")?));
    }
    let names: Vec<String> =
        value.items().filter_map(|item| non_empty(reader, item, "a service name")).collect();
    let Some(first) = names.first() else {
        reader.invalid(
            value,
            "service is an empty list",
            "name the service, for example \"sns.amazonaws.com\"",
        );
        return None;
    };
    Some(Principal::service(first.clone()).with_service_names(names.into_iter().map(Cow::Owned)))
}

fn with_details(
    reader: &mut Reader,
    fields: &Fields<'_, '_>,
    mut principal: Principal<'static>,
) -> Principal<'static> {
    let text =
        |reader: &mut Reader, name: &str| fields.get(name).and_then(|value| non_empty(reader, value, name));
    if let Some(arn) = text(reader, "roleArn") {
        if let Some(value) = fields.get("roleArn").filter(|_| !is_role_of(&arn, &principal)) {
            reader.invalid(
                value,
                format!("roleArn is {arn:?}, which is not the role of {:?}", principal.name()),
                "write the ARN of the session's own role, with its path",
            );
        }
        principal = principal.with_role_arn(arn);
    }
    if let Some(arn) = text(reader, "issuerArn") {
        principal = principal.with_issuer_arn(arn);
    }
    if let Some(id) = text(reader, "uniqueId") {
        principal = principal.with_unique_id(id);
    }
    for (key, value) in tags(reader, fields, "tags") {
        principal = principal.with_tag(key, value);
    }
    for (key, value) in tags(reader, fields, "sessionTags") {
        principal = principal.with_session_tag(key, value);
    }
    let mut flag =
        |name: &str| fields.get(name).and_then(|value| reader.boolean(value, name)).unwrap_or(false);
    let (linked, management) = (flag("serviceLinkedRole"), flag("managementAccount"));
    principal.service_linked_role(linked).management_account(management)
}

/// Whether an ARN can be that of the session's role: same account, same name, whatever the path.
fn is_role_of(arn: &str, session: &Principal<'_>) -> bool {
    let name = |arn: &str| arn.rsplit('/').next().map(str::to_owned);
    let Some(role) = Principal::from_arn(arn.to_owned()) else { return false };
    let of_session = session.principal_arn().and_then(name);
    session.principal_type() == PrincipalType::AssumedRole
        && role.principal_type() == PrincipalType::AssumedRole
        && role.session_name().is_none()
        && role.account() == session.account()
        && name(arn) == of_session
}

fn tags(reader: &mut Reader, fields: &Fields<'_, '_>, name: &str) -> Vec<(String, String)> {
    let Some(value) = fields.get(name) else { return Vec::new() };
    if value.kind() != Kind::Object {
        reader.wrong_type(value, name, "an object of tag keys and values");
        return Vec::new();
    }
    value
        .members()
        .filter_map(|(key, value)| {
            let text = reader.string(value, "the value of a tag")?;
            Some((key.value.into_owned(), text.into_owned()))
        })
        .collect()
}
