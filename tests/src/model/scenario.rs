//! Reads a scenario: the request, the policies by kind, and JSON without repeated members.

use serde_json::Value;

use super::document::{self, members, object, texts};
use super::principal::is_account;
use super::{Kind, Policies, Refused, Request, context, grant, principal, refused};

/// The request, and the further actions that its call needs.
pub fn read_request(asked: &Value) -> Result<(Request, Vec<String>), Refused> {
    let asked = object(asked, "request")?;
    let known = [
        "principal",
        "action",
        "resource",
        "resourceAccount",
        "objectOwner",
        "context",
        "vpcEndpointType",
        "blockPublicAccess",
        "dependentActions",
    ];
    members(asked, &known)?;
    let text = |name: &str| match asked.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => refused(format!("{name} is no string")),
    };
    let needed = |name: &str| text(name)?.ok_or_else(|| Refused(format!("no {name}")));
    let caller = principal::caller(asked.get("principal").unwrap_or(&Value::Null))?;
    let resource = needed("resource")?;
    let fields: Vec<&str> = resource.splitn(6, ':').collect();
    let one = match fields[..] {
        ["arn", partition, service, region, account, resource] => {
            ![partition, service, resource].contains(&"")
                && ![partition, service, region, account].concat().contains(['*', '?'])
        }
        _ => resource == "*",
    };
    if !one || text("resourceAccount")?.is_some_and(|account| !is_account(&account)) {
        return refused("resource is not one, or resourceAccount is no account ID");
    }
    // E-26: who owns the resource; an ARN without an account does not say.
    let field = resource.split(':').nth(4).filter(|account| !account.is_empty()).map(str::to_owned);
    let resource_account = text("resourceAccount")?.or(field).or_else(|| caller.account.clone());
    let object_owner = text("objectOwner")?;
    // E-44: in a bucket, or by way of an access point, which has an account.
    let is_object = match fields[..] {
        ["arn", _, "s3", _, "", own] => own.contains('/'),
        ["arn", _, "s3", _, _, own] => {
            matches!(own.split('/').collect::<Vec<_>>()[..], ["accesspoint", _, "object", _, ..])
        }
        _ => false,
    };
    if object_owner.as_ref().is_some_and(|owner| !is_object || !is_account(owner)) {
        return refused("objectOwner is no account, or there is no object");
    }
    let object_owner = object_owner.filter(|owner| Some(owner) != resource_account.as_ref());
    let gateway = match text("vpcEndpointType")?.as_deref() {
        None | Some("interface") => false,
        Some("gateway") => true,
        Some(other) => return refused(format!("vpcEndpointType {other}")),
    };
    let mut restrict_public_buckets = false;
    if let Some(settings) = asked.get("blockPublicAccess") {
        let settings = object(settings, "blockPublicAccess")?;
        members(
            settings,
            &["blockPublicAcls", "ignorePublicAcls", "blockPublicPolicy", "restrictPublicBuckets"],
        )?;
        if let Some(other) = settings.values().find(|setting| !setting.is_boolean()) {
            return refused(format!("blockPublicAccess {other}"));
        }
        restrict_public_buckets = settings.get("restrictPublicBuckets") == Some(&Value::Bool(true));
    }
    let action = concrete(&needed("action")?)?;
    let dependent = asked
        .get("dependentActions")
        .map_or(vec![], texts)
        .into_iter()
        .map(concrete)
        .collect::<Result<_, _>>()?;
    let mut context = context::context(asked.get("context"), &caller, resource_account.as_deref())?;
    let is_given = |name: &str| {
        let given = asked.get("context").and_then(Value::as_object);
        given.is_some_and(|given| given.keys().any(|key| key.to_lowercase() == name.to_lowercase()))
    };
    // K-1: the token of a web identity authorizes no role unless it says so.
    let is_web_identity = match &caller.who {
        principal::Who::Federated { provider } => !provider.contains(":saml-provider/"),
        _ => false,
    };
    let is_of_sts = action.to_ascii_lowercase().starts_with("sts:");
    if is_of_sts && is_web_identity && !is_given("sts:RoleAuthorizedByIdp") {
        context.fill("sts:RoleAuthorizedByIdp", "false");
    }
    let (mut resource, mut key_by_alias) = (resource, None);
    if let Some(alias) = alias_of_key(&action, &resource).map(str::to_owned) {
        if !is_given("kms:RequestAlias") {
            context.fill("kms:RequestAlias", alias);
        }
        key_by_alias = Some(std::mem::replace(&mut resource, "*".to_owned()));
    }
    Ok((
        Request {
            caller,
            action,
            resource,
            key_by_alias,
            resource_account,
            object_owner,
            context,
            gateway,
            restrict_public_buckets,
        },
        dependent,
    ))
}

/// E-42: the alias by which a call names its key. It is authorized on the key, which is not known then.
fn alias_of_key<'r>(action: &str, resource: &'r str) -> Option<&'r str> {
    let fields: Vec<&str> = resource.splitn(6, ':').collect();
    let action = action.to_ascii_lowercase();
    let name = action.strip_prefix("kms:")?;
    let about_alias = ["createalias", "updatealias", "deletealias"];
    match fields[..] {
        ["arn", _, "kms", _, _, own] if own.starts_with("alias/") => {
            (!super::services::is_without_key(name) && !about_alias.contains(&name)).then_some(own)
        }
        _ => None,
    }
}

/// One action of one service, without wildcards.
fn concrete(action: &str) -> Result<String, Refused> {
    match action.split_once(':') {
        Some((service, name))
            if !service.is_empty()
                && !name.is_empty()
                && !name.contains(':')
                && !action.contains(['*', '?']) =>
        {
            Ok(action.to_owned())
        }
        _ => refused(format!("{action} is not one concrete action")),
    }
}

/// The policies by kind; each document is checked.
pub fn read_policies(policies: &Value) -> Result<Policies, Refused> {
    let empty = serde_json::Map::new();
    let by_kind = if policies.is_null() { &empty } else { object(policies, "policies")? };
    let known = [
        "identity",
        "resource",
        "permissionsBoundary",
        "session",
        "serviceControl",
        "resourceControl",
        "vpcEndpoint",
        "grants",
    ];
    members(by_kind, &known)?;
    let kind = |name: &str, kind: Kind| {
        by_kind.get(name).filter(|list| !list.is_null()).map(|list| read_list(list, kind)).transpose()
    };
    let levels = |name: &str, kind: Kind| -> Result<Vec<Vec<Value>>, Refused> {
        match by_kind.get(name).filter(|levels| !levels.is_null()) {
            None => Ok(vec![]),
            Some(Value::Array(levels)) => levels.iter().map(|level| read_list(level, kind)).collect(),
            Some(_) => refused(format!("{name} is no list of levels")),
        }
    };
    let grants = by_kind.get("grants").filter(|grants| !grants.is_null());
    grants.map_or(Ok(()), grant::check)?;
    Ok(Policies {
        identity: kind("identity", Kind::Identity)?.unwrap_or_default(),
        resource: kind("resource", Kind::Resource)?.unwrap_or_default(),
        boundary: kind("permissionsBoundary", Kind::Boundary)?,
        session: kind("session", Kind::Session)?,
        endpoint: kind("vpcEndpoint", Kind::Endpoint)?,
        service_control: levels("serviceControl", Kind::ServiceControl)?,
        resource_control: levels("resourceControl", Kind::ResourceControl)?,
        grants: grants.cloned(),
    })
}

/// Each entry is a document, a JSON text of one (also URL-encoded), or either of them under a name.
fn read_list(list: &Value, kind: Kind) -> Result<Vec<Value>, Refused> {
    let Some(list) = list.as_array() else { return refused("policies of a kind are a list") };
    let read = |entry: &Value| {
        let named = entry.as_object().filter(|entry| entry.contains_key("document"));
        named.map_or(Ok(()), |entry| members(entry, &["name", "document"]))?;
        let document = named.and_then(|entry| entry.get("document")).unwrap_or(entry);
        let document = match document.as_str() {
            Some(text) if text.trim_start().starts_with('%') => parse(&percent_decoded(text))?,
            Some(text) => parse(text)?,
            None => document.clone(),
        };
        document::check(&document, kind).map(|()| document)
    };
    list.iter().map(read).collect()
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = vec![];
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = after.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        (bytes, rest) = match (first, hex) {
            (b'%', Some(byte)) => ([bytes, vec![byte]].concat(), &after[2..]),
            _ => ([bytes, vec![*first]].concat(), after),
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Reads JSON and refuses members that stand twice (G-3, G-4).
pub fn parse(text: &str) -> Result<Value, Refused> {
    let twice = serde_json::from_str::<Unrepeated>(text).err();
    let value = serde_json::from_str(text).map_err(|error| Refused(error.to_string()))?;
    twice.map_or(Ok(value), |error| refused(error.to_string()))
}

/// Any JSON whose objects have no member twice.
struct Unrepeated;

impl<'de> serde::Deserialize<'de> for Unrepeated {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> serde::de::Visitor<'de> for Unrepeated {
    type Value = Self;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON without repeated members")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        let mut seen = std::collections::BTreeSet::new();
        while let Some((name, _)) = map.next_entry::<String, Self>()? {
            if !seen.insert(name.clone()) {
                return Err(serde::de::Error::custom(format!("member {name} stands twice")));
            }
        }
        Ok(self)
    }
}
