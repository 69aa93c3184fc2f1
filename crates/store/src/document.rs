//! The shape of a policy document, as far as the services check it when a document is put.

use serde_json::{Map, Value};

/// The statements of a document, or `None` when the services call it malformed: it is not JSON or not an object,
/// it has no statement, or a statement has no effect, action or principal.
pub(crate) fn statements(text: &str) -> Option<Vec<Map<String, Value>>> {
    let Value::Object(mut document) = serde_json::from_str(text).ok()? else { return None };
    let statements = match document.remove("Statement")? {
        Value::Object(statement) => vec![Value::Object(statement)],
        Value::Array(list) if !list.is_empty() => list,
        _ => return None,
    };
    statements
        .into_iter()
        .map(|statement| match statement {
            Value::Object(statement) if is_complete(&statement) => Some(statement),
            _ => None,
        })
        .collect()
}

fn is_complete(statement: &Map<String, Value>) -> bool {
    let effect = matches!(statement.get("Effect").and_then(Value::as_str), Some("Allow" | "Deny"));
    let one_of = |name: &str, not: &str| statement.contains_key(name) != statement.contains_key(not);
    effect && one_of("Action", "NotAction") && one_of("Principal", "NotPrincipal")
}

/// A string or a list of strings, as a list; any other JSON is an empty list.
pub(crate) fn strings(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}
