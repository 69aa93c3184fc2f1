//! KMS grants, mostly to the world's caller for the world's action.

use serde_json::{Map, Value, json};

use super::draw::Draw;
use super::principal;
use super::universe::World;

/// A list of grants.
pub(super) fn grants(draw: &mut Draw<'_, '_>, world: &World) -> Value {
    (0..draw.count(&[75, 25])).map(|_| grant(draw, world)).collect()
}

fn grant(draw: &mut Draw<'_, '_>, world: &World) -> Value {
    let mut grant = Map::new();
    principal(draw, world, "Grantee", &mut grant);
    if draw.chance(30) {
        principal(draw, world, "Retiring", &mut grant);
    }
    let is_asked = world.service.name == "kms" && draw.chance(70);
    let mut operations = vec![if is_asked { world.action } else { "Decrypt" }];
    if draw.chance(50) {
        operations.push("CreateGrant");
    }
    if draw.chance(30) {
        operations.push(draw.pick(&["Encrypt", "RetireGrant", "DescribeKey"]));
    }
    grant.insert("Operations".to_owned(), json!(operations));
    if draw.chance(40) {
        let issuer = draw.pick(&[
            "111122223333",
            "444455556666",
            "arn:aws:iam::111122223333:root",
            "arn:aws:iam::444455556666:root",
        ]);
        grant.insert("IssuingAccount".to_owned(), issuer.into());
    }
    if draw.chance(40) {
        let kind = draw.pick(&["EncryptionContextSubset", "EncryptionContextEquals"]);
        let mut pairs = Map::new();
        for key in ["purpose", "Purpose2"] {
            if draw.chance(50) {
                pairs.insert(key.to_owned(), draw.pick(&["test", "Test", ""]).into());
            }
        }
        grant.insert("Constraints".to_owned(), json!({kind: pairs}));
    }
    if draw.chance(30) {
        let key = draw.pick(&[
            "1234abcd-12ab-34cd-56ef-1234567890ab",
            "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            "mrk-12",
            "arn:aws:kms:us-east-1:444455556666:key/mrk-12",
            "arn:aws:kms:eu-west-1:444455556666:key/mrk-12",
        ]);
        grant.insert("KeyId".to_owned(), key.into());
    }
    if draw.chance(10) {
        grant.insert("GrantId".to_owned(), "0c237476".into());
    }
    Value::Object(grant)
}

fn principal(draw: &mut Draw<'_, '_>, world: &World, role: &str, grant: &mut Map<String, Value>) {
    let caller = if draw.chance(80) { world.principal.clone() } else { principal::caller(draw) };
    // Grants name somebody, never everybody.
    let names: Vec<_> = principal::names(&caller).into_iter().filter(|(_, name)| name != "*").collect();
    if names.is_empty() {
        grant.insert(format!("{role}Principal"), "arn:aws:iam::111122223333:user/amy".into());
        return;
    }
    let (member, name) = draw.one_of(&names).clone();
    let suffix = if member == "Service" { "ServicePrincipal" } else { "Principal" };
    grant.insert(format!("{role}{suffix}"), name.into());
}
