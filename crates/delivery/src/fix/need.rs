//! What a call needs: the smallest statement that allows it, with the conditions that tie it to its source.

use std::collections::BTreeMap;

use super::statement::{OneOrMany, Principal, Statement};
use crate::step::{Call, Caller, ContextValue};
use bailiwick_environment::arn::field;
use bailiwick_environment::{DocumentId, DocumentKind};

/// The statement a document of this kind needs to allow the call.
pub(crate) fn statement(call: &Call, document: &DocumentId) -> Statement {
    let kind = document.kind;
    let one = |text: String| Some(OneOrMany::One(text));
    let is_resource = kind.policy_kind() == bailiwick_evaluator::PolicyKind::Resource;
    let mut statement = Statement {
        sid: Some(sid(call)),
        effect: "Allow".to_owned(),
        principal: is_resource.then(|| principal(call, kind)),
        action: one(call.action.clone()),
        ..Statement::default()
    };
    if kind == DocumentKind::Destination {
        // The service has no use for a Sid there, and takes account IDs only.
        statement.sid = None;
    }
    statement.resource = match kind {
        DocumentKind::RoleTrust => None,
        DocumentKind::Key => one("*".to_owned()),
        _ => one(resource(call)),
    };
    statement.condition = if matches!(kind, DocumentKind::Destination | DocumentKind::DeliveryDestination) {
        BTreeMap::new()
    } else {
        conditions(call)
    };
    statement
}

fn principal(call: &Call, kind: DocumentKind) -> Principal {
    let (name, value) = match &call.caller {
        Caller::Anonymous => return Principal::Everybody("*".to_owned()),
        Caller::Service(names) => ("Service", names.first().cloned().unwrap_or_default()),
        Caller::Arn(arn) if matches!(kind, DocumentKind::Destination | DocumentKind::DeliveryDestination) => {
            ("AWS", call.caller.account().unwrap_or(arn).to_owned())
        }
        Caller::Arn(arn) => ("AWS", arn.clone()),
    };
    Principal::Named([(name, OneOrMany::One(value))].into())
}

/// `Route53Delivery` for `route53.amazonaws.com`, `AllowPutRecord` for a role's call.
fn sid(call: &Call) -> String {
    let words = |text: &str| -> String {
        let capital = |word: &str| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
                .unwrap_or_default()
        };
        text.split(|c: char| !c.is_ascii_alphanumeric()).map(capital).collect()
    };
    match &call.caller {
        Caller::Service(names) => {
            let name = names.first().map_or("", String::as_str);
            format!("{}Delivery", words(name.trim_end_matches(".amazonaws.com")))
        }
        _ => format!("Allow{}", words(call.action.split(':').nth(1).unwrap_or_default())),
    }
}

/// The resources the delivery writes to, as narrow as they can be said: the streams of a log group, the folder of
/// an account's objects.
pub(crate) fn resource(call: &Call) -> String {
    let resource = &call.resource;
    if let Some((group, _)) = resource.split_once(":log-stream:") {
        return format!("{group}:*");
    }
    if field(resource, 2) == "s3"
        && let Some((folder, _)) = resource.rsplit_once('/')
    {
        return format!("{}/*", account_folder(folder));
    }
    resource.clone()
}

/// The part of a folder that stays the same over time: it ends behind the account.
fn account_folder(folder: &str) -> &str {
    let Some((before, _)) = folder.split_once("AWSLogs/") else { return folder };
    let start = before.len() + "AWSLogs/".len();
    let rest = folder.get(start..).unwrap_or_default();
    let account = rest.split('/').next().unwrap_or_default();
    folder.get(..start + account.len()).unwrap_or(folder)
}

/// Conditions that tie a service's call to the source it works for.
fn conditions(call: &Call) -> BTreeMap<String, BTreeMap<String, OneOrMany>> {
    let mut conditions: BTreeMap<String, BTreeMap<String, OneOrMany>> = BTreeMap::new();
    let mut add = |operator: &str, key: &str, value: OneOrMany| {
        conditions.entry(operator.to_owned()).or_default().insert(key.to_owned(), value);
    };
    for (key, value) in call.context.iter().filter(|(key, _)| !may_be_absent(call, key)) {
        let lower = key.to_ascii_lowercase();
        match (lower.as_str(), value) {
            ("aws:sourceaccount" | "s3:x-amz-acl" | "iam:passedtoservice", ContextValue::One(value)) => {
                add("StringEquals", key, OneOrMany::One(value.clone()));
            }
            ("aws:sourcearn", ContextValue::One(value)) => {
                add("ArnLike", key, OneOrMany::One(source_pattern(call, value)));
            }
            ("logs:loggeneratingresourcearns", ContextValue::Many(values)) => {
                add("ForAllValues:ArnLike", key, OneOrMany::new(values.clone()));
            }
            // What the encryption context says of the source, the source keys say already.
            (context, ContextValue::One(value))
                if context.starts_with("kms:encryptioncontext:") && !context.contains(":source") =>
            {
                add("StringEquals", key, OneOrMany::One(value.clone()));
            }
            _ => {}
        }
    }
    conditions
}

/// Whether nobody knows that the call carries a key of its context. A statement that asked for it might allow nothing.
pub(crate) fn may_be_absent(call: &Call, key: &str) -> bool {
    let unknown = call.unknowns.iter().find(|unknown| unknown.key.eq_ignore_ascii_case(key));
    unknown.is_some_and(|unknown| unknown.values.contains(&None))
}

/// The source ARN; where only its beginning is known, a pattern.
pub(crate) fn source_pattern(call: &Call, value: &str) -> String {
    let known = call.unknowns.iter().find(|unknown| unknown.key.eq_ignore_ascii_case("aws:SourceArn"));
    match known {
        Some(crate::step::Unknown { pattern: Some(pattern), .. }) => pattern.clone(),
        Some(crate::step::Unknown { prefix: Some(prefix), .. }) => format!("{prefix}*"),
        _ => value.to_owned(),
    }
}
