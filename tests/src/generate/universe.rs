//! The small universe that everything is drawn from: few accounts, services, actions, resources, keys and values, so
//! that what is drawn twice often meets itself. World is what one draw takes of it.

use serde_json::{Map, Value};

use super::draw::Draw;
use super::principal;
pub(super) use super::services::{SERVICES, Service};

/// The comparisons of the policy language.
pub(super) const OPERATORS: [&str; 27] = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Null",
];

/// What a condition key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    String,
    Numeric,
    Date,
    Bool,
    Binary,
    Ip,
    Arn,
}

/// A condition key with values that requests carry.
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) family: Family,
    /// Whether AWS sends it as a list.
    pub(super) many: bool,
    pub(super) values: &'static [&'static str],
}

const fn key(name: &'static str, family: Family, many: bool, values: &'static [&'static str]) -> Key {
    Key { name, family, many, values }
}

pub(super) const KEYS: [Key; 28] = [
    key("aws:SourceAccount", Family::String, false, &["111122223333", "444455556666", ""]),
    key("aws:PrincipalOrgID", Family::String, false, &["o-1", "o-2"]),
    key("s3:prefix", Family::String, false, &["", "home/", "home/amy/", "home/${aws:username}/", "a*b"]),
    key("aws:RequestTag/team", Family::String, false, &["blue", "Blue", "red", ""]),
    key("aws:RequestTag/Café", Family::String, false, &["blue", "é"]),
    key("aws:ResourceTag/team", Family::String, false, &["blue", "red", "*"]),
    key("aws:PrincipalTag/team", Family::String, false, &["blue", "red"]),
    key("aws:PrincipalTag/É", Family::String, false, &["blue", "red"]),
    key("aws:PrincipalTag/k", Family::String, false, &["red"]),
    key("aws:PrincipalIsAWSService", Family::Bool, false, &["true", "false"]),
    key("aws:username", Family::String, false, &["amy", "Amy", "bob"]),
    key("aws:userid", Family::String, false, &["AIDAAMY", "AROAAPP:s1", "AROAAPP"]),
    key(
        "sts:ExternalId",
        Family::String,
        false,
        &["Größe", "GRÖSSE", "ΟΔΥΣΣΕΥΣ", "οδυσσευς", "𐐀x", "K", "e\u{301}"],
    ),
    key("aws:PrincipalServiceName", Family::String, false, &["sns.amazonaws.com", "logs.amazonaws.com"]),
    key(
        "aws:PrincipalServiceNamesList",
        Family::String,
        true,
        &["sns.amazonaws.com", "sns.us-east-1.amazonaws.com"],
    ),
    key("aws:TagKeys", Family::String, true, &["team", "Team", "env", ""]),
    key("aws:CalledVia", Family::String, true, &["athena.amazonaws.com", "glue.amazonaws.com"]),
    key("s3:max-keys", Family::Numeric, false, &["10", "1", "100", "9007199254740992", "0"]),
    key("aws:MultiFactorAuthAge", Family::Numeric, false, &["300", "3600", "1"]),
    key("aws:CurrentTime", Family::Date, false, &["2030-01-01T00:00:00Z", "2030-01-02T12:30:00+02:00"]),
    key("aws:EpochTime", Family::Date, false, &["1893456000", "0"]),
    key("aws:SecureTransport", Family::Bool, false, &["true", "false"]),
    key("aws:MultiFactorAuthPresent", Family::Bool, false, &["true", "false"]),
    key("x:Digest", Family::Binary, false, &["YQ==", "YWI=", "YWJj", ""]),
    key("aws:SourceIp", Family::Ip, false, &["192.0.2.1", "203.0.113.77", "2001:db8::1", "::ffff:192.0.2.1"]),
    key("aws:SourceArn", Family::Arn, false, &ARNS),
    key("aws:PrincipalArn", Family::Arn, false, &["arn:aws:iam::111122223333:user/amy"]),
    key("x:Arns", Family::Arn, true, &ARNS),
];

pub(super) const ARNS: [&str; 4] = [
    "arn:aws:sns:us-east-1:111122223333:topic",
    "arn:aws:cloudtrail:us-east-1:444455556666:trail/t",
    "arn:aws:s3:::reports",
    "arn:aws:route53:::hostedzone/Z1",
];

/// Texts that are odd for a family, or mean to it what another text means.
pub(super) fn odd(family: Family) -> &'static [&'static str] {
    match family {
        Family::String => &["", " ", "\n", "é", "𐐀", "ſ", "İ", "a\u{307}", "[a]", "\\*", "Σ", "true"],
        Family::Numeric => &[
            "01",
            "+1",
            "1.0",
            "1.",
            ".5",
            "1e0",
            "-0",
            "1e99999",
            "NaN",
            "",
            "ten",
            "0x1",
            "9007199254740993",
            "1_0",
        ],
        Family::Date => &[
            "2030-01-01",
            "2030-01",
            "2030-01-01T00:00:00",
            "2030-01-01T00:00:00.0009Z",
            "+1893456000",
            "2030-02-30",
            "20300101",
            "tomorrow",
            "",
            "2030-01-01t00:00z",
        ],
        Family::Bool => &["True", "TRUE", "yes", "1", "", " true", "False"],
        Family::Binary => &["YQ", "YQ=", " YQ==", "YR==", "ÿ", "AA=="],
        Family::Ip => &[
            "192.0.2.0/24",
            "0.0.0.0/0",
            "::/0",
            "192.000.002.1",
            "192.0.2.1/+24",
            "10.1.2.3/8",
            "2001:db8::1/32",
            "2001:db8:::1",
            "::ffff:192.0.2.0/120",
            "192.0.2.1/33",
            "192.0.2",
            "",
            "localhost",
            "2001:db8::/32",
        ],
        Family::Arn => &[
            "",
            "*",
            "arn:aws:sns",
            "arn:*",
            "arn:aws:sns:us-east-1:111122223333",
            "not-an-arn",
            "arn::::::",
            "ARN:aws:s3:::reports",
        ],
    }
}

/// What one draw is about: who asks for what, and the context; policies and requests are made around it.
pub(super) struct World {
    pub(super) principal: Value,
    pub(super) service: &'static Service,
    pub(super) action: &'static str,
    pub(super) resource: &'static str,
    pub(super) resource_account: Option<&'static str>,
    pub(super) context: Map<String, Value>,
}

impl World {
    pub(super) fn new(draw: &mut Draw<'_, '_>) -> Self {
        let principal = principal::caller(draw);
        // S3, KMS and STS have the most rules of their own.
        let service = &SERVICES[draw.weighted(&[
            (50, 0),
            (16, 1),
            (4, 2),
            (12, 3),
            (8, 4),
            (3, 5),
            (9, 6),
            (2, 7),
            (2, 8),
            (1, 9),
            (2, 10),
            (2, 11),
        ])];
        let mut world = Self {
            principal,
            service,
            action: draw.pick(service.actions),
            resource: draw.pick(service.resources),
            resource_account: draw.weighted(&[
                (50, Some("111122223333")),
                (30, None),
                (20, Some("444455556666")),
            ]),
            context: Map::new(),
        };
        for key in &KEYS {
            if draw.chance(30) {
                world.context.insert(key.name.to_owned(), held(draw, key));
            }
        }
        if service.name == "kms" {
            encryption(draw, &mut world.context);
        }
        world
    }

    /// The action as requests name it.
    pub(super) fn full_action(&self) -> String {
        format!("{}:{}", self.service.name, self.action)
    }

    /// Some text of the universe.
    pub(super) fn text(&self, draw: &mut Draw<'_, '_>) -> String {
        let key = draw.one_of(&KEYS);
        match draw.below(3) {
            0 => self.resource.to_owned(),
            1 => draw.pick(key.values).to_owned(),
            _ => draw.pick(odd(key.family)).to_owned(),
        }
    }
}

/// What a request carries under a key.
pub(super) fn held(draw: &mut Draw<'_, '_>, key: &Key) -> Value {
    let many = draw.chance(if key.many { 90 } else { 25 });
    if many {
        let count = draw.weighted(&[(10, 0), (35, 1), (35, 2), (20, 3)]);
        (0..count).map(|_| Value::from(request_text(draw, key))).collect()
    } else {
        let text = request_text(draw, key);
        as_json(draw, key.family, text)
    }
}

fn request_text(draw: &mut Draw<'_, '_>, key: &Key) -> String {
    if draw.chance(12) { draw.pick(odd(key.family)) } else { draw.pick(key.values) }.to_owned()
}

/// A text, or now and then the JSON number or boolean that it stands for.
pub(super) fn as_json(draw: &mut Draw<'_, '_>, family: Family, text: String) -> Value {
    let typed = matches!(family, Family::Numeric | Family::Bool | Family::Date) && draw.chance(30);
    match serde_json::from_str(&text) {
        Ok(value @ (Value::Number(_) | Value::Bool(_))) if typed => value,
        _ => Value::String(text),
    }
}

/// What a request to KMS says of itself.
fn encryption(draw: &mut Draw<'_, '_>, context: &mut Map<String, Value>) {
    for key in ["purpose", "Purpose2"] {
        if draw.chance(50) {
            context.insert(format!("kms:EncryptionContext:{key}"), draw.pick(&["test", "Test", ""]).into());
        }
    }
    if draw.chance(30) {
        let count = draw.count(&[60, 40]);
        let operations: Value =
            (0..count).map(|_| Value::from(draw.pick(&["Decrypt", "Encrypt", "CreateGrant"]))).collect();
        context.insert("kms:GrantOperations".to_owned(), operations);
        let constraint = draw.pick(&["EncryptionContextEquals", "EncryptionContextSubset"]);
        context.insert("kms:GrantConstraintType".to_owned(), constraint.into());
    }
}
