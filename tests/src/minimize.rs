//! Makes a scenario that shows something smaller, for as long as it shows it: members and items are left out, texts
//! cut. Bytes shrunk by a property test change everything behind them; this changes one thing at a time.

use serde_json::Value;

/// The smallest scenario found that still `shows` what the given one shows.
pub fn minimize(scenario: &Value, shows: &dyn Fn(&Value) -> bool) -> Value {
    let mut least = scenario.clone();
    // Every success makes the text shorter, so this ends.
    while let Some(smaller) = smaller(&least).into_iter().find(|smaller| shows(smaller)) {
        least = smaller;
    }
    least
}

/// All values that differ from this one in one thing left out.
fn smaller(value: &Value) -> Vec<Value> {
    let mut found = vec![];
    match value {
        Value::Object(members) => {
            for name in members.keys() {
                let mut less = members.clone();
                less.remove(name);
                found.push(Value::Object(less));
            }
            for (name, member) in members {
                found.extend(smaller(member).into_iter().map(|member| {
                    let mut less = members.clone();
                    less.insert(name.clone(), member);
                    Value::Object(less)
                }));
            }
        }
        Value::Array(items) => {
            if let [one] = items.as_slice() {
                found.push(one.clone());
            }
            for at in 0..items.len() {
                let mut less = items.clone();
                less.remove(at);
                found.push(Value::Array(less));
            }
            for (at, item) in items.iter().enumerate() {
                found.extend(smaller(item).into_iter().map(|item| {
                    let mut less = items.clone();
                    less[at] = item;
                    Value::Array(less)
                }));
            }
        }
        // A document that stands as text.
        Value::String(text) if text.starts_with('{') => found.extend(serde_json::from_str::<Value>(text)),
        _ => {}
    }
    found
}
