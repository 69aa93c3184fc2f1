//! Conditions, and contexts that satisfy them.

use serde_json::{Map, Value};

use super::draw::Draw;
use super::text::{self, Variables, expand, other_case};
use super::universe::{Family, KEYS, Key, OPERATORS, World, as_json, held, odd};
use super::{Question, same_key};

/// A `Condition` element of one or more operators, mostly true of the world.
pub(super) fn condition(draw: &mut Draw<'_, '_>, world: &World) -> Value {
    let mut operators: Map<String, Value> = Map::new();
    for _ in 0..draw.count(&[60, 25, 15]) {
        let base = draw.pick(&OPERATORS);
        let qualifier = draw.weighted(&[(50, ""), (25, "ForAllValues:"), (25, "ForAnyValue:")]);
        let if_exists = if base != "Null" && draw.chance(40) { "IfExists" } else { "" };
        let key = key_for(draw, base, !qualifier.is_empty());
        let name = other_case(draw, key.name);
        let operands = operands(draw, base, key, world);
        let keys = operators
            .entry(format!("{qualifier}{base}{if_exists}"))
            .or_insert_with(|| Value::Object(Map::new()));
        // Two keys that differ in letter case only are refused, which is wanted now and then.
        let repeats = keys.as_object().is_some_and(|keys| keys.keys().any(|known| same_key(known, &name)));
        if let Value::Object(keys) = keys
            && (!repeats || draw.chance(10))
        {
            keys.insert(name, operands);
        }
    }
    Value::Object(operators)
}

/// One condition, apart from a statement. Its operands can all be read by `BinaryEquals`, so that it is not refused.
pub(super) fn question(draw: &mut Draw<'_, '_>, world: &World) -> Question {
    let base = draw.pick(&OPERATORS);
    let qualifier = draw.weighted(&[(60, ""), (20, "ForAllValues:"), (20, "ForAnyValue:")]);
    let key = key_for(draw, base, !qualifier.is_empty());
    let mut operands = match operands(draw, base, key, world) {
        Value::Array(list) => list,
        one => vec![one],
    };
    if base == "BinaryEquals" {
        operands.retain(|operand| ["YQ==", "YWI=", "YWJj", ""].iter().any(|known| operand == known));
    }
    let mut context = world.context.clone();
    context.remove(key.name);
    if draw.chance(60) {
        satisfy_one(draw, base, key.name, &operands.clone().into(), &mut context);
    } else if draw.chance(60) {
        context.insert(key.name.to_owned(), held(draw, key));
    }
    let name = context.keys().find(|name| same_key(name, key.name)).cloned();
    let held = name.and_then(|name| context.remove(&name));
    Question { base, qualifier, key: key.name.to_owned(), operands, held, context }
}

/// The family of values that an operator compares; `Null` asks for keys of any.
pub(super) fn family(base: &str) -> Option<Family> {
    Some(match base {
        "Null" => return None,
        "Bool" => Family::Bool,
        "BinaryEquals" => Family::Binary,
        "IpAddress" | "NotIpAddress" => Family::Ip,
        _ if base.starts_with("String") => Family::String,
        _ if base.starts_with("Numeric") => Family::Numeric,
        _ if base.starts_with("Date") => Family::Date,
        _ => Family::Arn,
    })
}

fn key_for(draw: &mut Draw<'_, '_>, base: &str, many: bool) -> &'static Key {
    let family = family(base).filter(|_| draw.chance(88));
    let fits = |key: &&Key| family.is_none_or(|family| key.family == family);
    let fitting: Vec<&'static Key> = KEYS.iter().filter(fits).collect();
    let lists: Vec<&'static Key> = fitting.iter().copied().filter(|key| key.many).collect();
    if many && !lists.is_empty() && draw.chance(60) { draw.pick(&lists) } else { draw.pick(&fitting) }
}

fn operands(draw: &mut Draw<'_, '_>, base: &str, key: &Key, world: &World) -> Value {
    let count = draw.weighted(&[(70, 1), (20, 2), (6, 3), (4, 0)]);
    let list: Vec<Value> = (0..count).map(|_| operand(draw, base, key, world)).collect();
    match <[Value; 1]>::try_from(list) {
        Ok([one]) if draw.chance(60) => one,
        Ok(list) => list.into_iter().collect(),
        Err(list) => list.into(),
    }
}

fn operand(draw: &mut Draw<'_, '_>, base: &str, key: &Key, world: &World) -> Value {
    let Some(family) = family(base) else {
        return draw.weighted(&[(45, "true"), (40, "false"), (8, "True"), (7, "")]).into();
    };
    let given = world.context.get(key.name).and_then(Value::as_str).map(str::to_owned);
    let text = match given {
        Some(given) if draw.chance(60) => given,
        _ if draw.chance(15) => draw.pick(odd(family)).to_owned(),
        _ => draw.pick(key.values).to_owned(),
    };
    match family {
        Family::String | Family::Arn => text::pattern(draw, &text, world, Variables::Anywhere).into(),
        // Anything else under BinaryEquals is refused.
        Family::Binary if !draw.chance(4) => draw.pick(&["YQ==", "YWI=", "YWJj", ""]).into(),
        Family::Ip if draw.chance(40) => draw.pick(odd(Family::Ip)).into(),
        family => as_json(draw, family, text),
    }
}

/// Puts into a context what a condition asks for, as far as that can be seen from its operator.
pub(super) fn satisfy(draw: &mut Draw<'_, '_>, condition: &Value, context: &mut Map<String, Value>) {
    for (operator, keys) in condition.as_object().into_iter().flatten() {
        for (key, operands) in keys.as_object().into_iter().flatten() {
            if draw.chance(93) {
                satisfy_one(draw, operator, key, operands, context);
            }
        }
    }
}

fn satisfy_one(
    draw: &mut Draw<'_, '_>,
    operator: &str,
    key: &str,
    operands: &Value,
    context: &mut Map<String, Value>,
) {
    let operand = match operands {
        Value::Array(list) if list.is_empty() => Value::Null,
        Value::Array(list) => draw.one_of(list).clone(),
        one => one.clone(),
    };
    let text = operand.as_str().map_or_else(|| operand.to_string(), str::to_owned);
    context.retain(|name, _| !same_key(name, key));
    let base = operator.rsplit(':').next().unwrap_or_default();
    let known = KEYS.iter().find(|known| same_key(known.name, key));
    let other = known.map_or("x", |known| draw.pick(known.values)).to_owned();
    let value = match family(base.strip_suffix("IfExists").unwrap_or(base)) {
        None if text == "true" => return,
        _ if base.contains("Not") => other,
        Some(Family::String | Family::Arn) => expand(draw, &text, context),
        Some(Family::Ip) => text.split('/').next().unwrap_or_default().to_owned(),
        Some(_) if !base.contains("Than") || draw.chance(30) => text,
        _ => other,
    };
    let many = operator.contains(':') && draw.chance(70);
    context.insert(other_case(draw, key), if many { vec![value].into() } else { value.into() });
}
