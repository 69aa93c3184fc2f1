//! Documents (section 1): what is refused before anything is decided, and plain readers for what is not.

use serde_json::{Map, Value};

use super::condition::parts;
use super::value::is_base64;
use super::{Kind, Refused, refused};

/// G-1, G-2, G-6, G-9: the members of a policy.
pub fn check(document: &Value, kind: Kind) -> Result<(), Refused> {
    let policy = object(document, "a policy")?;
    members(policy, &["Version", "Id", "Statement"])?;
    match policy.get("Version") {
        None => {}
        Some(Value::String(version)) if ["2012-10-17", "2008-10-17"].contains(&version.as_str()) => {}
        Some(other) => return refused(format!("Version {other}")),
    }
    optional_string(policy, "Id")?;
    let Some(statement) = policy.get("Statement") else { return refused("no Statement") };
    statements_of(statement).into_iter().try_for_each(|statement| check_statement(statement, kind))
}

/// G-10 to G-15, G-25: the elements of a statement, and which of them a kind has.
fn check_statement(statement: &Value, kind: Kind) -> Result<(), Refused> {
    let elements = object(statement, "a statement")?;
    let names = [
        "Sid",
        "Effect",
        "Condition",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
    ];
    members(elements, &names)?;
    optional_string(elements, "Sid")?;
    match elements.get("Effect").and_then(Value::as_str) {
        Some("Allow" | "Deny") => {}
        _ => return refused("Effect is neither Allow nor Deny"),
    }
    let pair = |name: &str| -> Result<Option<Value>, Refused> {
        match (elements.get(name), elements.get(&format!("Not{name}"))) {
            (Some(_), Some(_)) => refused(format!("both {name} and Not{name}")),
            (one, other) => Ok(one.or(other).cloned()),
        }
    };
    match pair("Action")? {
        Some(actions) => strings(&actions)?,
        None => return refused("neither Action nor NotAction"),
    }
    match pair("Resource")? {
        Some(resources) => strings(&resources)?,
        None if kind == Kind::Resource => {}
        None => return refused("neither Resource nor NotResource"),
    }
    match (pair("Principal")?, kind.has_principal()) {
        (Some(principal), true) => check_principal(&principal)?,
        (None, false) => {}
        (Some(_), false) => return refused("a Principal in a kind that has none"),
        (None, true) => return refused("no Principal"),
    }
    elements.get("Condition").map_or(Ok(()), check_condition)
}

/// G-16: `"*"` or an object of four member names.
fn check_principal(principal: &Value) -> Result<(), Refused> {
    if principal == "*" {
        return Ok(());
    }
    let map = object(principal, "a principal")?;
    members(map, &["AWS", "Service", "Federated", "CanonicalUser"])?;
    map.values().try_for_each(strings)
}

/// G-29, G-32, G-34: known operators over objects of keys over scalars or lists of scalars; no key twice in
/// letter cases; what BinaryEquals compares with must be base64.
fn check_condition(condition: &Value) -> Result<(), Refused> {
    for (operator, keys) in object(condition, "a Condition")? {
        let Some((_, base, _)) = parts(operator) else { return refused(format!("operator {operator}")) };
        let mut seen = vec![];
        for (key, values) in object(keys, "a condition operator")? {
            if seen.contains(&key.to_lowercase()) {
                return refused(format!("{key} twice"));
            }
            seen.push(key.to_lowercase());
            for value in scalars(values) {
                match scalar(value) {
                    None => return refused(format!("condition value {value}")),
                    Some(text) if base == "BinaryEquals" && !is_base64(&text) => {
                        return refused(format!("base64 {text}"));
                    }
                    Some(_) => {}
                }
            }
        }
    }
    Ok(())
}

/// G-2: the statements of a policy that was checked.
pub fn statements(policy: &Value) -> Vec<&Value> {
    policy.get("Statement").map_or(vec![], statements_of)
}

fn statements_of(statement: &Value) -> Vec<&Value> {
    scalars(statement)
}

/// G-5: one or a list, as a list.
pub fn scalars(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |list| list.iter().collect())
}

/// G-30: numbers and booleans mean the same as their text.
pub fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(boolean) => Some(boolean.to_string()),
        _ => None,
    }
}

/// The strings of an element that was checked.
pub fn texts(value: &Value) -> Vec<&str> {
    scalars(value).into_iter().filter_map(Value::as_str).collect()
}

fn strings(value: &Value) -> Result<(), Refused> {
    match scalars(value).into_iter().find(|value| !value.is_string()) {
        Some(other) => refused(format!("{other} where a string belongs")),
        None => Ok(()),
    }
}

fn optional_string(map: &Map<String, Value>, name: &str) -> Result<(), Refused> {
    match map.get(name) {
        None | Some(Value::String(_)) => Ok(()),
        Some(_) => refused(format!("{name} is no string")),
    }
}

/// An object, or a refusal that says what should have been one.
pub fn object<'a>(value: &'a Value, what: &str) -> Result<&'a Map<String, Value>, Refused> {
    value.as_object().ok_or_else(|| Refused(format!("{what} is no object")))
}

/// No members but these.
pub fn members(map: &Map<String, Value>, known: &[&str]) -> Result<(), Refused> {
    match map.keys().find(|name| !known.contains(&name.as_str())) {
        Some(unknown) => refused(format!("unknown member {unknown}")),
        None => Ok(()),
    }
}
