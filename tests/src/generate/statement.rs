//! Statements, mostly about the world's request.

use serde_json::{Map, Value, json};

use super::condition;
use super::draw::Draw;
use super::policy::Kind;
use super::principal;
use super::text::{self, Variables, other_case};
use super::universe::{SERVICES, World};

/// A statement that its kind can have.
pub(super) fn statement(draw: &mut Draw<'_, '_>, world: &World, kind: Kind, effect: &str) -> Value {
    let mut elements = Map::new();
    if draw.chance(20) {
        elements.insert("Sid".to_owned(), draw.pick(&["Reports", "", "two words"]).into());
    }
    elements.insert("Effect".to_owned(), effect.into());
    if kind.has_principal() {
        let (name, element) = principal(draw, world, effect);
        elements.insert(name.to_owned(), element);
    }
    let action = list(draw, |draw| action(draw, world));
    let name = if draw.chance(12) { "NotAction" } else { "Action" };
    elements.insert(name.to_owned(), action);
    if kind != Kind::Resource || !draw.chance(12) {
        let resource = list(draw, |draw| resource(draw, world));
        let name = if draw.chance(12) { "NotResource" } else { "Resource" };
        elements.insert(name.to_owned(), resource);
    }
    if draw.chance(55) {
        elements.insert("Condition".to_owned(), condition::condition(draw, world));
    }
    Value::Object(elements)
}

/// A statement about everybody and everything.
pub(super) fn broad(kind: Kind, effect: &str) -> Value {
    let mut statement = json!({"Effect": effect, "Action": "*", "Resource": "*"});
    if kind.has_principal() {
        statement["Principal"] = "*".into();
    }
    statement
}

fn principal(draw: &mut Draw<'_, '_>, world: &World, effect: &str) -> (&'static str, Value) {
    let not = if effect == "Deny" { 25 } else { 8 };
    match (draw.chance(not), draw.chance(50)) {
        (true, true) => ("NotPrincipal", principal::all_forms(&world.principal)),
        (true, false) => ("NotPrincipal", principal::element(draw, &world.principal)),
        (false, _) => ("Principal", principal::element(draw, &world.principal)),
    }
}

fn action(draw: &mut Draw<'_, '_>, world: &World) -> String {
    let full = world.full_action();
    let (from, name) = (world.service.name, world.action);
    let middle = name.len() / 2;
    match draw.below(16) {
        0 => "*".to_owned(),
        1 | 2 => format!("{from}:*"),
        3 => format!("{from}:{}*", &name[..middle]),
        4 => format!("{from}:*{}", &name[middle..]),
        5 => format!("{from}:?{}", &name[1..]),
        6 => format!("{from}:{}*{}", &name[..2], &name[name.len() - 2..]),
        7 => {
            let odd = [
                "s3",
                "",
                "**",
                ":",
                "*:GetObject",
                "s3:Get Object",
                "s?:GetObject",
                "s3:Get:Object",
                "s3*",
                "sts:?*e*",
                "KMS:*",
            ];
            draw.pick(&odd).to_owned()
        }
        8 => format!("{from}:*{}*", &name[1..middle]),
        9 => format!("{from}:{}*{}*{}", &name[..1], &name[1..2], &name[middle..]),
        10 => {
            let other = draw.one_of(&SERVICES);
            format!("{}:{}", other.name, draw.pick(other.actions))
        }
        _ => other_case(draw, &full),
    }
}

fn resource(draw: &mut Draw<'_, '_>, world: &World) -> String {
    match draw.below(10) {
        0 | 1 => "*".to_owned(),
        2 => {
            let odd = [
                "arn:aws:s3:::*",
                "arn:*",
                "arn:aws:*",
                "arn:aws:cloudfront:*",
                "arn:aws:dynamodb:*:table/prod-*",
                "arn:*:*:*:*:*",
                "arn:aws:*q*:us-east-?:*:*",
                "my-bucket",
                "",
                "arn:aws:s3:${aws:RequestedRegion}::reports",
                "arn:aws:sqs:us-east-1:${aws:PrincipalAccount}:orders",
                "arn:aws:s3:::home/${aws:username}/*",
                "arn:aws:s3:::home/${aws:PrincipalTag/team, 'amy'}*",
                "?*",
                "arn:aws:kms:us-east-1:111122223333:key/${aws:username}",
                "arn:aws:kms:*:111122223333:key/*",
                "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            ];
            draw.pick(&odd).to_owned()
        }
        3 => {
            let service = draw.one_of(&SERVICES);
            let other = draw.pick(service.resources);
            text::pattern(draw, other, world, Variables::Anywhere)
        }
        _ => text::pattern(draw, world.resource, world, Variables::Anywhere),
    }
}

/// One text, or a list of a few.
fn list(draw: &mut Draw<'_, '_>, mut item: impl FnMut(&mut Draw<'_, '_>) -> String) -> Value {
    match draw.weighted(&[(50, 0), (20, 1), (20, 2), (8, 3), (2, 4)]) {
        0 => item(draw).into(),
        4 => json!([]),
        count => (0..count).map(|_| Value::from(item(draw))).collect(),
    }
}
