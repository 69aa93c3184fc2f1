//! Policies of every kind around one world, and the ways a scenario can hold a document.

use serde_json::{Map, Value, json};

use super::draw::Draw;
use super::grant;
use super::statement;
use super::universe::World;

/// The kinds of policies, as scenarios name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `identity`
    Identity,
    /// `resource`
    Resource,
    /// `permissionsBoundary`
    PermissionsBoundary,
    /// `session`
    Session,
    /// `serviceControl`
    ServiceControl,
    /// `resourceControl`
    ResourceControl,
    /// `vpcEndpoint`
    VpcEndpoint,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 7] = [
        Self::Identity,
        Self::Resource,
        Self::PermissionsBoundary,
        Self::Session,
        Self::ServiceControl,
        Self::ResourceControl,
        Self::VpcEndpoint,
    ];

    /// The member of a scenario's `policies`.
    pub fn member(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Resource => "resource",
            Self::PermissionsBoundary => "permissionsBoundary",
            Self::Session => "session",
            Self::ServiceControl => "serviceControl",
            Self::ResourceControl => "resourceControl",
            Self::VpcEndpoint => "vpcEndpoint",
        }
    }

    /// Whether its statements name principals.
    pub fn has_principal(self) -> bool {
        matches!(self, Self::Resource | Self::ResourceControl | Self::VpcEndpoint)
    }

    /// Whether its policies stand in levels.
    pub fn has_levels(self) -> bool {
        matches!(self, Self::ServiceControl | Self::ResourceControl)
    }

    /// In how many of a hundred scenarios it applies.
    fn frequency(self) -> u8 {
        match self {
            Self::Identity => 75,
            Self::Resource => 65,
            _ => 18,
        }
    }
}

/// Policies as a scenario holds them, and their statements to make requests from.
pub(super) struct Policies {
    pub(super) json: Value,
    pub(super) statements: Vec<Value>,
}

/// Policies of some kinds.
pub(super) fn policies(draw: &mut Draw<'_, '_>, world: &World) -> Policies {
    let mut by_kind = Map::new();
    let mut statements = vec![];
    // Limiting kinds that say nothing would make most scenarios implicit denies.
    for kind in Kind::ALL {
        if !draw.chance(kind.frequency()) {
            if draw.chance(10) {
                by_kind.insert(kind.member().to_owned(), Value::Null);
            }
            continue;
        }
        let mut list = |draw: &mut Draw<'_, '_>| -> Value {
            let count = draw.weighted(&[(75, 1), (20, 2), (5, 0)]);
            (0..count)
                .map(|_| {
                    let document = document(draw, world, kind);
                    statements.extend(of_document(&document));
                    entry(draw, document)
                })
                .collect()
        };
        let value = if kind.has_levels() {
            let levels = draw.weighted(&[(65, 1), (30, 2), (5, 0)]);
            (0..levels).map(|_| list(draw)).collect()
        } else {
            list(draw)
        };
        by_kind.insert(kind.member().to_owned(), value);
    }
    if draw.chance(if world.service.name == "kms" { 60 } else { 5 }) {
        by_kind.insert("grants".to_owned(), grant::grants(draw, world));
    }
    Policies { json: Value::Object(by_kind), statements }
}

fn of_document(document: &Value) -> Vec<Value> {
    match document.get("Statement") {
        Some(Value::Array(list)) => list.clone(),
        Some(one) => vec![one.clone()],
        None => vec![],
    }
}

/// A document as an entry of a list: itself, under a name, or as text.
fn entry(draw: &mut Draw<'_, '_>, document: Value) -> Value {
    let document = match draw.weighted(&[(80, 0), (12, 1), (8, 2)]) {
        0 => document,
        1 => document.to_string().into(),
        _ => percent_encoded(&document.to_string()).into(),
    };
    if draw.chance(15) { json!({"name": "attached", "document": document}) } else { document }
}

fn percent_encoded(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(encode).collect()
}

/// A document of a kind: a few statements, all freedoms of spelling, now and then one that must be refused.
pub(super) fn document(draw: &mut Draw<'_, '_>, world: &World, kind: Kind) -> Value {
    let mut statements: Vec<Value> = vec![];
    let limits = !matches!(kind, Kind::Identity | Kind::Resource);
    if draw.chance(if limits { 90 } else { 30 }) {
        statements.push(statement::broad(kind, "Allow"));
    }
    let count = match limits && !statements.is_empty() {
        true => draw.weighted(&[(50, 0), (40, 1), (10, 2)]),
        false => draw.weighted(&[(60, 1), (25, 2), (13, 3), (2, 0)]),
    };
    for _ in 0..count {
        let effect = if draw.chance(if limits { 60 } else { 45 }) { "Deny" } else { "Allow" };
        statements.push(statement::statement(draw, world, kind, effect));
    }
    let mut document = Map::new();
    match draw.weighted(&[(80, "2012-10-17"), (10, "2008-10-17"), (10, "")]) {
        "" => {}
        version => drop(document.insert("Version".to_owned(), version.into())),
    }
    if draw.chance(8) {
        document.insert("Id".to_owned(), "policy".into());
    }
    let statement = match <[Value; 1]>::try_from(statements) {
        Ok([one]) if draw.chance(50) => one,
        Ok(list) => list.into_iter().collect(),
        Err(list) => list.into(),
    };
    document.insert("Statement".to_owned(), statement);
    let mut document = Value::Object(document);
    if draw.chance(2) {
        spoil(draw, &mut document);
    }
    document
}

/// Makes a document one that must be refused.
fn spoil(draw: &mut Draw<'_, '_>, document: &mut Value) {
    let how = draw.below(12);
    let Some(document) = document.as_object_mut() else { return };
    if how == 0 {
        document.insert("Version".to_owned(), "2012-10-18".into());
        return;
    }
    let statement = match document.get_mut("Statement") {
        Some(Value::Array(list)) => list.first_mut(),
        one => one,
    };
    let Some(Value::Object(statement)) = statement else { return };
    let mut put = |name: &str, value: Value| drop(statement.insert(name.to_owned(), value));
    match how {
        1 => put("Effect", "allow".into()),
        2 => put("Condition", json!({"StringEqual": {"aws:username": "amy"}})),
        3 => put("Condition", json!({"NullIfExists": {"aws:username": "true"}})),
        4 => put("Condition", json!({"BinaryEquals": {"x:Digest": "YQ"}})),
        5 => put("Condition", json!({"Bool": {"aws:SecureTransport": null}})),
        6 => put("Resources", "*".into()),
        7 => {
            put("Action", "*".into());
            put("NotAction", "*".into());
        }
        8 => put("Action", 1.into()),
        9 => put("Principal", json!({"AWS": "*", "User": "amy"})),
        10 => put("Sid", 1.into()),
        _ => drop(statement.remove("Effect")),
    }
}
