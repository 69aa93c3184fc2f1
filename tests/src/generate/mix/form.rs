//! What form something in a scenario has: a caller, a principal, a pattern, an operand.

use serde_json::{Map, Value};

use crate::generate::universe::{Family, odd};

pub(super) fn caller_kind(caller: &Value) -> &'static str {
    let has = |member: &str| caller.get(member).is_some();
    if let Some(service) = caller.get("service") {
        return if service.is_array() { "service with several names" } else { "service" };
    }
    let arn = caller["arn"].as_str().or(caller.as_str()).unwrap_or_default();
    match arn.splitn(6, ':').nth(5).map_or(arn, |resource| resource.split('/').next().unwrap_or_default()) {
        _ if has("account") => "account",
        _ if has("anonymous") => "anonymous",
        _ if has("federated") => "federated",
        _ if has("canonicalUser") => "canonical user",
        _ if has("serviceLinkedRole") => "service-linked role",
        "user" => "user",
        "role" => "role",
        "assumed-role" if has("roleArn") => "session with role ARN",
        "assumed-role" => "session",
        "federated-user" if has("issuerArn") => "federated user with issuer",
        "federated-user" => "federated user",
        _ => "root",
    }
}

/// What is told apart of callers besides their kind.
pub(super) fn caller_traits(caller: &Value) -> Vec<&'static str> {
    let arn = caller["arn"].as_str().or(caller.as_str()).unwrap_or_default();
    let id = caller["uniqueId"].as_str().unwrap_or_default();
    let session = arn.split_once(":assumed-role/").and_then(|(_, names)| names.split_once('/'));
    let tags = [&caller["tags"], &caller["sessionTags"]];
    let has_tag = |of: fn(&String) -> bool| {
        tags.iter().filter_map(|tags| tags.as_object()).flatten().any(|(name, _)| of(name))
    };
    let traits = [
        (arn.starts_with("arn:aws-"), "of another partition"),
        (arn.contains(":role/") && !id.is_empty(), "a role with unique ID"),
        (
            session.is_some_and(|(_, own)| id.split_once(':').is_some_and(|(_, other)| other != own)),
            "with another session's ID",
        ),
        (
            arn.contains(":federated-user/") && !id.is_empty() && caller["issuerArn"].is_null(),
            "federated with unique ID",
        ),
        (
            caller["service"].as_str().is_some_and(|name| name.split('.').count() > 4),
            "a service in a Region by two labels",
        ),
        (has_tag(|name| !name.is_ascii()), "with non-ASCII tags"),
    ];
    traits.into_iter().filter(|(has, _)| *has).map(|(_, name)| name).collect()
}

pub(super) fn principal_kind(member: &str, value: &str) -> &'static str {
    match member {
        "Service" => "service",
        "Federated" => "provider",
        "CanonicalUser" => "canonical user",
        _ if value == "*" => "everybody",
        _ if value.len() == 12 && value.bytes().all(|byte| byte.is_ascii_digit()) => "account",
        _ if value.starts_with("AIDA") || value.starts_with("AROA") => "unique ID",
        _ if value.ends_with(":root") => "root ARN",
        _ if value.contains(":assumed-role/") => "session",
        _ if value.contains(":federated-user/") => "federated user",
        _ if value.contains(":role/") => "role",
        _ => "user",
    }
}

/// The shape of the wildcards in a pattern.
pub(super) fn shape(text: &str) -> &'static str {
    let runs = text.matches('*').count();
    match (runs, text.contains('?')) {
        (0, false) => "none",
        (0, true) => "one",
        (_, true) => "one and run",
        _ if text == "*" => "all",
        _ if text.contains("**") => "double run",
        (1, _) if text.ends_with('*') => "prefix",
        (1, _) if text.starts_with('*') => "suffix",
        (1, _) => "prefix and suffix",
        (2, _) if text.starts_with('*') && text.ends_with('*') => "inner",
        _ => "pieces",
    }
}

pub(super) fn is_odd(family: Option<Family>, text: &str) -> bool {
    match family {
        None => !["true", "false"].contains(&text),
        Some(family) => odd(family).contains(&text),
    }
}

pub(super) fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    }
}

pub(super) fn lower_case(context: &Value) -> Map<String, Value> {
    let pairs = context.as_object().into_iter().flatten();
    pairs.map(|(key, value)| (key.to_ascii_lowercase(), value.clone())).collect()
}
