//! Delivery sources and deliveries.

use super::*;

pub(super) const VALIDATION: &str = "ValidationException";
pub(super) const NOT_FOUND: &str = "ResourceNotFoundException";
const FOREIGN: &str = "arn:aws:logs:us-east-1:444455556666:delivery-destination:b";

pub(super) fn source(name: &str) -> Value {
    json!({"name": name, "logType": "APPLICATION_LOGS",
        "resourceArn": format!("arn:aws:bedrock:us-east-1:111122223333:knowledge-base/{name}")})
}

pub(super) fn bucket(name: &str) -> Value {
    json!({"name": name, "deliveryDestinationConfiguration": {"destinationResourceArn": "arn:aws:s3:::b"}})
}

pub(super) fn delivery(source: &str, destination: &str) -> Value {
    json!({"deliverySourceName": source,
        "deliveryDestinationArn": format!("arn:aws:logs:us-east-1:111122223333:delivery-destination:{destination}")})
}

pub(super) fn with(mut input: Value, member: &str, value: Value) -> Value {
    input[member] = value;
    input
}

pub(super) fn pair() -> Vec<(&'static str, Value)> {
    vec![("put-delivery-source", source("s")), ("put-delivery-destination", bucket("b"))]
}

pub(super) fn delivered() -> Vec<(&'static str, Value)> {
    let mut calls = pair();
    calls.push(("create-delivery", delivery("s", "b")));
    calls
}

pub(super) fn too_long(member: &str, max: usize) -> Answer {
    refused(
        VALIDATION,
        format!(
            "1 validation error detected: Value at '{member}' failed to satisfy constraint: Member must have length \
             less than or equal to {max}"
        ),
    )
}

#[test]
fn delivery_sources_answer_as_documented() {
    let put = "put-delivery-source";
    let in_use = "The delivery source s is used by a delivery.";
    check(vec![
        row(
            "a new source",
            vec![],
            put,
            source("s"),
            ok(json!({"deliverySource": {
            "name": "s", "arn": "arn:aws:logs:us-east-1:111122223333:delivery-source:s", "service": "bedrock",
            "resourceArns": ["arn:aws:bedrock:us-east-1:111122223333:knowledge-base/s"]}})),
        ),
        row("the same again", delivered(), put, source("s"), ok(json!({}))),
        row(
            "another resource under a name in use",
            delivered(),
            put,
            with(
                source("s"),
                "resourceArn",
                json!("arn:aws:bedrock:us-east-1:111122223333:knowledge-base/x"),
            ),
            refused("ConflictException", in_use),
        ),
        row(
            "logs that another source has",
            pair(),
            put,
            with(source("s"), "name", json!("t")),
            refused(
                "ConflictException",
                "APPLICATION_LOGS of arn:aws:bedrock:us-east-1:111122223333:\
                knowledge-base/s are already delivered by the delivery source s.",
            ),
        ),
        row(
            "other logs of the same resource",
            pair(),
            put,
            with(with(source("s"), "name", json!("t")), "logType", json!("EVENT_LOGS")),
            ok(json!({})),
        ),
        row("a name of 61 characters", vec![], put, source(&"a".repeat(61)), too_long("name", 60)),
        row(
            "a name with a dot",
            vec![],
            put,
            with(source("s"), "name", json!("a.b")),
            refused(
                VALIDATION,
                "1 validation error detected: Value 'a.b' at 'name' failed to satisfy constraint: Member must satisfy \
            regular expression pattern: [\\w-]*",
            ),
        ),
        row(
            "a resource that is no ARN",
            vec![],
            put,
            with(source("s"), "resourceArn", json!("kb")),
            refused(VALIDATION, "resourceArn must be an ARN"),
        ),
        row(
            "51 tags",
            vec![],
            put,
            with(source("s"), "tags", (0..51).map(|n| (n.to_string(), json!(""))).collect()),
            refused(VALIDATION, "at most 50 tags are allowed"),
        ),
        row(
            "getting",
            pair(),
            "get-delivery-source",
            json!({"name": "s"}),
            ok(json!({"deliverySource": {"name": "s"}})),
        ),
        row(
            "getting what is not there",
            vec![],
            "get-delivery-source",
            json!({"name": "s"}),
            refused(NOT_FOUND, "The delivery source s does not exist."),
        ),
        row(
            "describing",
            pair(),
            "describe-delivery-sources",
            json!({}),
            ok(json!({"deliverySources": [{"name": "s"}]})),
        ),
        row("deleting", pair(), "delete-delivery-source", json!({"name": "s"}), ok(Value::Null)),
        row(
            "deleting what is in use",
            delivered(),
            "delete-delivery-source",
            json!({"name": "s"}),
            refused("ConflictException", in_use),
        ),
        row(
            "deleting what is not there",
            vec![],
            "delete-delivery-source",
            json!({"name": "s"}),
            refused(NOT_FOUND, "The delivery source s does not exist."),
        ),
    ]);
}

#[test]
fn deliveries_answer_as_documented() {
    let create = "create-delivery";
    let foreign = |destination: Value| json!({"deliverySourceName": "s", "deliveryDestinationArn": FOREIGN, "destination": destination});
    let their_bucket = json!({"name": "b", "arn": FOREIGN, "deliveryDestinationType": "S3"});
    let hive = json!({"enableHiveCompatiblePath": true, "suffixPath": "{yyyy}"});
    let to_log_group = || {
        vec![
            ("put-delivery-source", source("s")),
            (
                "put-delivery-destination",
                json!({"name": "b",
            "deliveryDestinationConfiguration":
                {"destinationResourceArn": "arn:aws:logs:us-east-1:111122223333:log-group:g"}}),
            ),
        ]
    };
    check(vec![
        row(
            "a new delivery",
            pair(),
            create,
            delivery("s", "b"),
            ok(json!({"delivery": {"id": "d1",
            "arn": "arn:aws:logs:us-east-1:111122223333:delivery:d1", "deliveryDestinationType": "S3"}})),
        ),
        row(
            "to another account",
            pair(),
            create,
            foreign(their_bucket),
            ok(json!({"delivery": {"deliveryDestinationArn": FOREIGN}})),
        ),
        row(
            "to a destination nobody has",
            pair(),
            create,
            foreign(Value::Null),
            refused(NOT_FOUND, format!("The delivery destination {FOREIGN} does not exist.")),
        ),
        row(
            "from a source nobody has",
            pair(),
            create,
            delivery("x", "b"),
            refused(NOT_FOUND, "The delivery source x does not exist."),
        ),
        row(
            "a second one to the same type",
            [delivered(), vec![("put-delivery-destination", bucket("c"))]].concat(),
            create,
            with(delivery("s", "c"), "id", json!("d2")),
            refused(
                "ConflictException",
                "The delivery source s already has the delivery d1 to a destination of type S3.",
            ),
        ),
        row(
            "one to another type",
            [
                delivered(),
                vec![("put-delivery-destination", json!({"name": "x", "deliveryDestinationType": "XRAY"}))],
            ]
            .concat(),
            create,
            with(delivery("s", "x"), "id", json!("d2")),
            ok(json!({})),
        ),
        row(
            "an identifier that is taken",
            [delivered(), vec![("put-delivery-source", source("t"))]].concat(),
            create,
            delivery("t", "b"),
            refused("ConflictException", "The delivery d1 already exists."),
        ),
        row(
            "129 fields",
            pair(),
            create,
            with(delivery("s", "b"), "recordFields", json!(vec!["f"; 129])),
            refused(VALIDATION, "at most 128 recordFields are allowed"),
        ),
        row(
            "a delimiter of 6 characters",
            pair(),
            create,
            with(delivery("s", "b"), "fieldDelimiter", json!("123456")),
            too_long("fieldDelimiter", 5),
        ),
        row(
            "a suffix of 257 characters",
            pair(),
            create,
            with(delivery("s", "b"), "s3DeliveryConfiguration", json!({"suffixPath": "a".repeat(257)})),
            too_long("suffixPath", 256),
        ),
        row(
            "an S3 path to a log group",
            to_log_group(),
            create,
            with(delivery("s", "b"), "s3DeliveryConfiguration", hive.clone()),
            refused(VALIDATION, "s3DeliveryConfiguration is for S3 destinations only"),
        ),
        row(
            "updating",
            delivered(),
            "update-delivery-configuration",
            json!({"id": "d1", "s3DeliveryConfiguration": hive}),
            ok(Value::Null),
        ),
        row(
            "updating what is not there",
            vec![],
            "update-delivery-configuration",
            json!({"id": "d1"}),
            refused(NOT_FOUND, "The delivery d1 does not exist."),
        ),
        row(
            "an update changes what it names",
            [
                delivered(),
                vec![("update-delivery-configuration", json!({"id": "d1", "fieldDelimiter": ","}))],
            ]
            .concat(),
            "get-delivery",
            json!({"id": "d1"}),
            ok(json!({"delivery": {"fieldDelimiter": ",", "deliverySourceName": "s"}})),
        ),
        row(
            "describing",
            delivered(),
            "describe-deliveries",
            json!({}),
            ok(json!({"deliveries": [{"id": "d1"}]})),
        ),
        row("deleting", delivered(), "delete-delivery", json!({"id": "d1"}), ok(Value::Null)),
        row(
            "deleting what is not there",
            vec![],
            "delete-delivery",
            json!({"id": "d1"}),
            refused(NOT_FOUND, "The delivery d1 does not exist."),
        ),
    ]);
}
