//! The `request` of a scenario: who wants to do what to which resource, and its context.

use std::borrow::Cow;
use std::collections::HashMap;

use bailiwick_evaluator::{
    ContextValue, Endpoint, OwnedRequest, PublicAccessBlock, RequestBuilder, RequestMember,
    canonical_context_key, is_account_id,
};
use bailiwick_source::json::{Kind, Value};
use bailiwick_source::{Error, Quoted, Span};

use crate::codes;
use crate::limits::Limits;
use crate::principal::principal;
use crate::read::checked;
use bailiwick_source::object::Reader;

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
    let mut builder = OwnedRequest::builder();
    if let Some(value) = reader.required(&fields, "principal", "request")
        && let Some(principal) = principal(reader, value, limits)
    {
        builder.principal(principal);
    }
    if let Some(value) = reader.required(&fields, "action", "request")
        && let Some(text) = reader.string(value, "action")
    {
        checked(reader, value, builder.action(&text).map(drop));
    }
    if let Some(value) = reader.required(&fields, "resource", "request")
        && let Some(text) = reader.string(value, "resource")
    {
        checked(reader, value, builder.resource(&text).map(drop));
    }
    if let Some(value) = fields.get("resourceAccount")
        && let Some(text) = reader.string(value, "resourceAccount")
    {
        checked(reader, value, builder.resource_account(&text).map(drop));
    }
    let object_owner = fields.get("objectOwner");
    if let Some(value) = object_owner
        && let Some(text) = reader.string(value, "objectOwner")
    {
        checked(reader, value, builder.object_owner(&text).map(drop));
    }
    if let Some(value) = fields.get("dependentActions") {
        dependent_actions(reader, value, &mut builder, limits);
    }
    if let Some(endpoint) = fields.get("vpcEndpointType").and_then(|value| endpoint(reader, value)) {
        builder.endpoint(endpoint);
    }
    let block = fields.get("blockPublicAccess").and_then(|value| public_access_block(reader, value));
    if let Some(block) = block {
        builder.public_access_block(block);
    }
    if let Some(value) = fields.get("context") {
        context(reader, value, &mut builder, limits);
    }
    match builder.build() {
        Ok(request) => Some(request),
        Err(error) => {
            // What is missing was reported where it should be; the owner of what is not an object has a place.
            if let (RequestMember::ObjectOwner, Some(value)) = (error.member(), object_owner) {
                reader.report(error.at(value.span()));
            }
            None
        }
    }
}

fn dependent_actions(
    reader: &mut Reader,
    value: Value<'_, '_>,
    builder: &mut RequestBuilder,
    limits: &Limits,
) {
    let items = reader.list(value, "dependentActions");
    if !within(reader, value, items.len(), ("dependentActions", "actions"), limits.max_dependent_actions) {
        return;
    }
    for item in items {
        if let Some(text) = reader.string(item, "action") {
            checked(reader, item, builder.dependent_action(&text).map(drop));
        }
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
        reader.report(Error::new(
            codes::ITEMS_EXCEED_LIMIT,
            Span::new(start, start.saturating_add(1)),
            message,
        ));
    }
    count <= limit
}

fn context(reader: &mut Reader, value: Value<'_, '_>, builder: &mut RequestBuilder, limits: &Limits) {
    if value.kind() != Kind::Object {
        reader.wrong_type(value, "context", "an object");
        return;
    }
    if !within(reader, value, value.members().count(), ("the context", "keys"), limits.max_context_keys) {
        return;
    }
    let values = value.members().map(|(_, value)| value.items().count()).sum();
    if !within(reader, value, values, ("the context", "values in lists"), limits.max_context_values) {
        return;
    }
    let mut places: HashMap<String, Span> = HashMap::new();
    for (key, value) in value.members() {
        let first = *places.entry(canonical_context_key(&key.value)).or_insert(key.span);
        // A value that cannot be read is reported, and then nothing is decided.
        let value = match builder.has_context(&key.value) {
            true => None,
            false => context_value(reader, value, &key.value),
        };
        let value = value.unwrap_or_else(|| "".into());
        if let Err(error) = builder.context(&key.value, value) {
            reader.report(error.at(key.span).with_related(first, "first here"));
        }
    }
}

/// The value of a context key: a string, number or boolean, or a list of them.
pub fn context_value(reader: &mut Reader, value: Value<'_, '_>, key: &str) -> Option<ContextValue> {
    match value.kind() {
        Kind::Array => {
            let items = value.items().filter_map(|item| scalar(reader, item, key));
            Some(ContextValue::Many(items.collect()))
        }
        _ => scalar(reader, value, key).map(ContextValue::One),
    }
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
