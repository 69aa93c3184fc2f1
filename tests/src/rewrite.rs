//! Scenarios rewritten: the places in a scenario that a law changes.

use serde_json::{Map, Value};

use crate::generate::Kind;

/// The scenario with every document as an object: neither text nor under a name. A document that is no JSON stays.
pub fn plain(scenario: &Value) -> Value {
    let mut scenario = scenario.clone();
    lists(&mut scenario, |_, list| {
        for entry in list {
            let document = entry.get("document").unwrap_or(entry);
            let read = document.as_str().map(percent_decoded).map(|text| serde_json::from_str(&text));
            *entry = match read {
                Some(Ok(read)) => read,
                _ => document.clone(),
            };
        }
    });
    scenario
}

/// Calls with the kind and the documents of every list of policies: of every kind that applies, and every level.
pub fn lists(scenario: &mut Value, mut change: impl FnMut(Kind, &mut Vec<Value>)) {
    for kind in Kind::ALL {
        let Some(Value::Array(list)) = scenario["policies"].get_mut(kind.member()) else { continue };
        if kind.has_levels() {
            list.iter_mut().filter_map(Value::as_array_mut).for_each(|level| change(kind, level));
        } else {
            change(kind, list);
        }
    }
}

/// Calls with every document of a plain scenario.
pub fn documents(scenario: &mut Value, mut change: impl FnMut(Kind, &mut Value)) {
    lists(scenario, |kind, list| list.iter_mut().for_each(|document| change(kind, document)));
}

/// Calls with the statements of every document of a plain scenario; they are a list afterwards.
pub fn statements(scenario: &mut Value, mut change: impl FnMut(Kind, &mut Vec<Value>)) {
    documents(scenario, |kind, document| {
        let Some(statement) = document.get_mut("Statement") else { return };
        if !statement.is_array() {
            *statement = Value::Array(vec![statement.take()]);
        }
        if let Value::Array(list) = statement {
            change(kind, list);
        }
    });
}

/// Calls with every statement of a plain scenario.
pub fn each_statement(scenario: &mut Value, mut change: impl FnMut(Kind, &mut Map<String, Value>)) {
    statements(scenario, |kind, list| {
        list.iter_mut().filter_map(Value::as_object_mut).for_each(|statement| change(kind, statement));
    });
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = vec![];
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = after.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match (first, hex) {
            (b'%', Some(byte)) if text.starts_with('%') => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
