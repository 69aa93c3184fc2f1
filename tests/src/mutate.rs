//! Deliveries that differ from a case in a few facts: outputs that are missing, empty or about another account, Region
//! or resource, and policies with other values. They are what people have in front of them when a delivery fails.

use arbitrary::{Result, Unstructured};
use serde_json::Value;

use crate::case::DeliveryCase;

/// A case with one to four changes of its environment, and now and then of the delivery itself.
///
/// # Errors
///
/// None in practice: when the bytes are used up, the first of everything is taken.
pub fn mutated(draw: &mut Unstructured<'_>, case: &DeliveryCase) -> Result<String> {
    let mut delivery = case.delivery.clone();
    let mut environment = case.environment.clone();
    let mut texts = vec![];
    texts_of(&environment, &mut texts);
    texts_of(&delivery, &mut texts);
    for _ in 0..draw.int_in_range(1..=4)? {
        let target = if draw.ratio(1, 6)? { &mut delivery } else { &mut environment };
        change(draw, target, &texts)?;
    }
    Ok(serde_json::json!({"delivery": delivery, "environment": environment}).to_string())
}

fn texts_of(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts_of(item, texts)),
        Value::Object(members) => members.values().for_each(|member| texts_of(member, texts)),
        _ => {}
    }
}

/// Goes down to some value and changes it; a policy that is a text is changed within.
fn change(draw: &mut Unstructured<'_>, value: &mut Value, texts: &[String]) -> Result<()> {
    match value {
        Value::Object(members) if !members.is_empty() => {
            let at = draw.choose_index(members.len())?;
            let Some(name) = members.keys().nth(at).cloned() else { return Ok(()) };
            if draw.ratio(1, 8)? {
                members.remove(&name);
            } else if let Some(member) = members.get_mut(&name) {
                change(draw, member, texts)?;
            }
        }
        Value::Array(items) if !items.is_empty() => {
            let at = draw.choose_index(items.len())?;
            match draw.int_in_range(0..=9)? {
                0 => items.clear(),
                1 => drop(items.remove(at)),
                2 => {
                    let copy = items[at].clone();
                    items.push(copy);
                }
                _ => change(draw, &mut items[at], texts)?,
            }
        }
        Value::String(text) => *value = Value::String(changed(draw, text, texts)?),
        Value::Bool(held) => *held = !*held,
        _ => {}
    }
    Ok(())
}

fn changed(draw: &mut Unstructured<'_>, text: &str, texts: &[String]) -> Result<String> {
    if let Ok(mut policy) = serde_json::from_str::<Value>(text)
        && policy.is_object()
    {
        change(draw, &mut policy, texts)?;
        return Ok(policy.to_string());
    }
    Ok(match draw.int_in_range(0..=6)? {
        0 => text.replace("111122223333", "444455556666"),
        1 => text.replace("444455556666", "111122223333"),
        2 => text.replace("us-east-1", "eu-west-1"),
        3 => format!("{text}-other"),
        4 => "*".to_owned(),
        5 if text == "Allow" => "Deny".to_owned(),
        _ => match draw.choose_index(texts.len().max(1)).map(|at| texts.get(at)) {
            Ok(Some(other)) => other.clone(),
            _ => text.to_owned(),
        },
    })
}
