//! Who asks, and how policies name them.

use serde_json::{Map, Value, json};

use super::draw::Draw;

/// Callers as scenarios write them: every form, of both accounts.
const CALLERS: [&str; 32] = [
    r#"{"arn": "arn:aws:iam::111122223333:user/amy", "uniqueId": "AIDAAMY", "tags": {"team": "blue"}}"#,
    r#""arn:aws:iam::111122223333:user/amy""#,
    r#""arn:aws:iam::111122223333:user/div/bob""#,
    r#""arn:aws:iam::444455556666:user/amy""#,
    r#"{"arn": "arn:aws:sts::111122223333:assumed-role/app/s1", "roleArn": "arn:aws:iam::111122223333:role/service/app",
        "uniqueId": "AROAAPP:s1", "tags": {"team": "red"}, "sessionTags": {"Team": "blue"}}"#,
    r#"{"arn": "arn:aws:sts::111122223333:assumed-role/app/s1", "uniqueId": "AROAAPP"}"#,
    r#""arn:aws:sts::444455556666:assumed-role/app/s2""#,
    r#""arn:aws:iam::111122223333:role/service/app""#,
    r#"{"arn": "arn:aws:sts::111122223333:federated-user/bob", "issuerArn": "arn:aws:iam::111122223333:user/amy"}"#,
    r#""arn:aws:sts::111122223333:federated-user/bob""#,
    r#""arn:aws:iam::111122223333:root""#,
    r#""444455556666""#,
    r#"{"account": "111122223333"}"#,
    r#"{"service": "cloudtrail.amazonaws.com"}"#,
    r#"{"service": ["sns.amazonaws.com", "sns.us-east-1.amazonaws.com"]}"#,
    r#"{"service": "logs.us-east-1.amazonaws.com"}"#,
    r#"{"anonymous": true}"#,
    r#"{"federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}"#,
    r#"{"federated": "accounts.google.com"}"#,
    r#"{"federated": "arn:aws:iam::111122223333:saml-provider/adfs"}"#,
    r#"{"canonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}"#,
    r#"{"arn": "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForConfig/s",
        "roleArn": "arn:aws:iam::111122223333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig",
        "serviceLinkedRole": true}"#,
    r#"{"arn": "arn:aws:iam::111122223333:user/amy", "sessionToken": true}"#,
    r#"{"arn": "arn:aws:iam::111122223333:user/amy", "managementAccount": true, "sessionTags": {"team": ""}}"#,
    r#""arn:aws-cn:iam::111122223333:user/amy""#,
    r#""arn:aws-cn:sts::111122223333:assumed-role/app/s1""#,
    r#"{"arn": "arn:aws:iam::111122223333:role/app", "uniqueId": "AROAAPP"}"#,
    r#"{"arn": "arn:aws:sts::111122223333:assumed-role/app/s1", "uniqueId": "AROAAPP:s2"}"#,
    r#"{"arn": "arn:aws:sts::111122223333:federated-user/bob", "uniqueId": "AIDAAMY"}"#,
    r#"{"arn": "arn:aws:iam::111122223333:root", "uniqueId": "AIDAAMY"}"#,
    r#"{"service": "delivery.logs.us-east-1.amazonaws.com"}"#,
    "{\"arn\": \"arn:aws:iam::111122223333:user/amy\",
        \"tags\": {\"\u{212a}\": \"red\", \"É\": \"red\"}, \"sessionTags\": {\"é\": \"blue\"}}",
];

/// Principal entries that name nobody, or are spelled as AWS refuses to save them.
const ODD: [(&str, &str); 11] = [
    ("AWS", "arn:aws:iam::111122223333:user/Amy"),
    ("AWS", "arn:aws:iam::111122223333:role/*"),
    ("AWS", "arn:aws:iam::111122223333:group/admins"),
    ("AWS", "arn:*:iam::111122223333:root"),
    ("AWS", "arn:aws-us-gov:iam::111122223333:root"),
    ("AWS", "AIDAOTHER"),
    ("AWS", "1111222233334"),
    ("AWS", ""),
    ("AWS", "arn:aws:iam::111122223333:user/${aws:username}"),
    ("Service", "*"),
    ("Service", "sns.eu-central-1.amazonaws.com"),
];

/// Somebody. Users and sessions ask most.
pub(super) fn caller(draw: &mut Draw<'_, '_>) -> Value {
    let text = if draw.chance(65) { draw.pick(&CALLERS[..8]) } else { draw.pick(&CALLERS) };
    serde_json::from_str(text).unwrap_or_default()
}

/// How policies can name a caller: member of the principal element and value. The last is everybody.
pub(super) fn names(caller: &Value) -> Vec<(&'static str, String)> {
    let text = |name: &str| caller.get(name).and_then(Value::as_str).map(str::to_owned);
    let arn = text("arn").or_else(|| caller.as_str().map(str::to_owned));
    let account = text("account")
        .or_else(|| Some(arn.as_deref()?.split(':').nth(4).unwrap_or(arn.as_deref()?).to_owned()));
    let aws = [
        arn.clone().filter(|arn| arn.contains(':')),
        text("roleArn").or_else(|| role_of(arn.as_deref()?)),
        text("issuerArn"),
        text("uniqueId").map(|id| id.split(':').next().unwrap_or_default().to_owned()),
        text("uniqueId"),
        account.as_ref().map(|account| format!("arn:aws:iam::{account}:root")),
        arn.as_ref()
            .and_then(|arn| arn.strip_prefix("arn:aws-cn:"))
            .and(account.as_ref())
            .map(|account| format!("arn:aws-cn:iam::{account}:root")),
        account,
    ];
    let services = caller.get("service").map_or(vec![], |service| match service {
        Value::Array(names) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        one => one
            .as_str()
            .map(|one| [one.to_owned(), one.replace(".us-east-1", "")])
            .into_iter()
            .flatten()
            .collect(),
    });
    let mut names: Vec<_> = aws.into_iter().flatten().map(|text| ("AWS", text)).collect();
    names.extend(services.into_iter().map(|name| ("Service", name)));
    names.extend(text("federated").map(|provider| ("Federated", provider)));
    names.extend(text("canonicalUser").map(|id| ("CanonicalUser", id)));
    names.push(("AWS", "*".to_owned()));
    names
}

fn role_of(session: &str) -> Option<String> {
    let (partition, account) = session.strip_prefix("arn:")?.split_once(":sts::")?;
    let (account, rest) = account.split_once(":assumed-role/")?;
    Some(format!("arn:{partition}:iam::{account}:role/{}", rest.split('/').next()?))
}

/// A caller whom one of the names of a principal element is for, if there is one.
pub(super) fn named_by(draw: &mut Draw<'_, '_>, element: &Value) -> Option<Value> {
    let callers = CALLERS.iter().map(|text| serde_json::from_str::<Value>(text).unwrap_or_default());
    let named = |(member, name): &(&str, String)| {
        let values = element.get(member).unwrap_or(element);
        values == name || values.as_array().is_some_and(|list| list.iter().any(|value| value == name))
    };
    let fitting: Vec<Value> = callers.filter(|caller| names(caller).iter().any(named)).collect();
    (!fitting.is_empty()).then(|| draw.one_of(&fitting).clone())
}

/// A `Principal` or `NotPrincipal` element, mostly one that is about the caller.
pub(super) fn element(draw: &mut Draw<'_, '_>, about: &Value) -> Value {
    if draw.chance(12) {
        return "*".into();
    }
    let mut members: Map<String, Value> = Map::new();
    for _ in 0..draw.count(&[60, 25, 15]) {
        let (member, value) = match draw.weighted(&[(65, 0), (25, 1), (10, 2)]) {
            0 => draw.one_of(&names(about)).clone(),
            1 => {
                let other = caller(draw);
                draw.one_of(&names(&other)).clone()
            }
            _ => {
                let (member, value) = *draw.one_of(&ODD);
                (member, value.to_owned())
            }
        };
        match members.get_mut(member) {
            None => {
                let value = if draw.chance(50) { json!([value]) } else { value.into() };
                members.insert(member.to_owned(), value);
            }
            Some(Value::Array(list)) => list.push(value.into()),
            Some(one) => *one = json!([one.take(), value]),
        }
    }
    if draw.chance(3) {
        members.insert("AWS".to_owned(), json!([]));
    }
    Value::Object(members)
}

/// Every form of a caller in one element: what it takes to be spared by a Deny with `NotPrincipal`.
pub(super) fn all_forms(about: &Value) -> Value {
    let mut members: Map<String, Value> = Map::new();
    for (member, name) in names(about).into_iter().filter(|(_, name)| name != "*") {
        let list = members.entry(member).or_insert_with(|| json!([]));
        if let Value::Array(list) = list {
            list.push(name.into());
        }
    }
    if members.is_empty() { "*".into() } else { Value::Object(members) }
}
