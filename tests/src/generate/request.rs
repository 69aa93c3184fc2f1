//! Requests: the world's own, or one made from a statement; then bent.

use serde_json::{Map, Value, json};

use super::condition;
use super::draw::Draw;
use super::principal;
use super::same_key;
use super::text::{bend, expand, other_case};
use super::universe::{KEYS, SERVICES, World, held};

/// A request over policies with these statements.
pub(super) fn request(draw: &mut Draw<'_, '_>, world: &World, statements: &[Value]) -> Value {
    let mut request = Map::new();
    let mut put = |name: &str, value: Value| drop(request.insert(name.to_owned(), value));
    put("principal", world.principal.clone());
    put("action", world.full_action().into());
    put("resource", world.resource.into());
    if let Some(account) = world.resource_account {
        put("resourceAccount", account.into());
    }
    put("context", Value::Object(world.context.clone()));
    // Denies get their share: an Allow that fits seldom comes to an answer where a Deny that fits always does.
    let denies: Vec<Value> =
        statements.iter().filter(|statement| statement["Effect"] == "Deny").cloned().collect();
    let fitting = if denies.is_empty() || draw.chance(40) { statements } else { &denies };
    if !fitting.is_empty() && draw.chance(85) {
        let statement = draw.one_of(fitting).clone();
        fit(draw, &mut request, &statement);
    }
    for _ in 0..draw.weighted(&[(60, 0), (32, 1), (8, 2)]) {
        bend_one(draw, &mut request);
    }
    settings(draw, world, &mut request);
    Value::Object(request)
}

/// Makes the request one that a statement is about.
fn fit(draw: &mut Draw<'_, '_>, request: &mut Map<String, Value>, statement: &Value) {
    let mut context = match request.remove("context") {
        Some(Value::Object(context)) => context,
        _ => Map::new(),
    };
    let one = |draw: &mut Draw<'_, '_>, name: &str| -> Option<String> {
        match statement.get(name)? {
            Value::Array(list) if list.is_empty() => None,
            Value::Array(list) => draw.one_of(list).as_str().map(str::to_owned),
            text => text.as_str().map(str::to_owned),
        }
    };
    if let Some(caller) = statement.get("Principal").and_then(|element| principal::named_by(draw, element))
        && draw.chance(80)
    {
        request.insert("principal".to_owned(), caller);
    }
    if let Some(pattern) = one(draw, "Action")
        && let Some((service, name)) = pattern.split_once(':')
        && !service.is_empty()
        && !service.contains(['*', '?'])
    {
        let service = service.to_owned();
        let name = expand(draw, name, &context).replace(['*', '?', ':'], "");
        let name = if name.is_empty() { "GetObject" } else { &name };
        request.insert("action".to_owned(), format!("{service}:{name}").into());
    }
    if let Some(pattern) = one(draw, "Resource")
        && pattern != "*"
    {
        let resource = expand(draw, &pattern, &context);
        ask_about(draw, request, resource);
    }
    if let Some(condition) = statement.get("Condition") {
        condition::satisfy(draw, condition, &mut context);
    }
    request.insert("context".to_owned(), Value::Object(context));
}

/// Puts in another resource; seldom one that is refused, being no concrete ARN.
fn ask_about(draw: &mut Draw<'_, '_>, request: &mut Map<String, Value>, resource: String) {
    let fields: Vec<&str> = resource.splitn(6, ':').collect();
    let is_one = match fields[..] {
        ["arn", partition, service, region, account, own] => {
            ![partition, service, own].contains(&"")
                && ![partition, service, region, account].concat().contains(['*', '?'])
        }
        _ => resource == "*",
    };
    if is_one || draw.chance(5) {
        request.insert("resource".to_owned(), resource.into());
    }
}

/// Changes one thing.
fn bend_one(draw: &mut Draw<'_, '_>, request: &mut Map<String, Value>) {
    let text = |request: &Map<String, Value>, name: &str| {
        request.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    match draw.weighted(&[(12, 0), (8, 1), (8, 2), (12, 3), (6, 4), (6, 5), (48, 6)]) {
        0 => drop(request.insert("principal".to_owned(), principal::caller(draw))),
        1 => {
            let service = draw.one_of(&SERVICES);
            let action = format!("{}:{}", service.name, draw.pick(service.actions));
            request.insert("action".to_owned(), action.into());
        }
        2 => {
            let action = other_case(draw, &text(request, "action"));
            request.insert("action".to_owned(), action.into());
        }
        3 => {
            let resource = bend(draw, &text(request, "resource"));
            ask_about(draw, request, resource);
        }
        4 => {
            let service = draw.one_of(&SERVICES);
            request.insert("resource".to_owned(), draw.pick(service.resources).into());
        }
        5 => match draw.weighted(&[(40, ""), (30, "111122223333"), (30, "444455556666")]) {
            "" => drop(request.remove("resourceAccount")),
            account => drop(request.insert("resourceAccount".to_owned(), account.into())),
        },
        _ => {
            if let Some(Value::Object(context)) = request.get_mut("context") {
                bend_context(draw, context);
            }
        }
    }
}

fn bend_context(draw: &mut Draw<'_, '_>, context: &mut Map<String, Value>) {
    let names: Vec<String> = context.keys().cloned().collect();
    let how = draw.below(6);
    if names.is_empty() || how == 0 {
        let key = draw.one_of(&KEYS);
        context.retain(|name, _| !same_key(name, key.name));
        context.insert(key.name.to_owned(), held(draw, key));
        return;
    }
    let name = draw.one_of(&names).clone();
    let value = context.remove(&name).unwrap_or_default();
    match (how, value) {
        // The key is missing.
        (1, _) => {}
        // One value becomes a list, a list one value.
        (2, Value::Array(list)) => {
            context.insert(name, list.into_iter().next().unwrap_or_else(|| "".into()));
        }
        (2, one) => drop(context.insert(name, json!([one, "x"]))),
        (3, value) => drop(context.insert(other_case(draw, &name), value)),
        (4, Value::String(text)) => drop(context.insert(name, bend(draw, &text).into())),
        (_, value) => {
            let known = KEYS.iter().find(|key| same_key(key.name, &name));
            context.insert(name, known.map_or(value, |key| held(draw, key)));
        }
    }
}

/// What only some requests say.
fn settings(draw: &mut Draw<'_, '_>, world: &World, request: &mut Map<String, Value>) {
    if draw.chance(8) {
        request.insert("vpcEndpointType".to_owned(), draw.pick(&["gateway", "interface"]).into());
    }
    let is_object = request.get("resource").and_then(Value::as_str).is_some_and(|resource| {
        resource.starts_with("arn:aws:s3:")
            && resource.splitn(6, ':').nth(5).is_some_and(|own| own.contains('/'))
    });
    if is_object && draw.chance(15) {
        request.insert("objectOwner".to_owned(), draw.pick(&["111122223333", "444455556666"]).into());
    }
    if world.service.name == "s3" && draw.chance(20) {
        let restricts = !draw.chance(20);
        let settings = json!({"restrictPublicBuckets": restricts, "blockPublicPolicy": true});
        request.insert("blockPublicAccess".to_owned(), settings);
    }
    if draw.chance(if world.service.name == "sts" { 25 } else { 2 }) {
        let further =
            [json!(["sts:TagSession"]), json!(["sts:SetSourceIdentity", "sts:TagSession"]), json!([])];
        request.insert("dependentActions".to_owned(), draw.one_of(&further).clone());
    }
}
