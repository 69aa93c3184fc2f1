//! Delivery destinations and their policies.

use super::{
    deliveries::{NOT_FOUND, VALIDATION, bucket, delivered, pair, too_long, with},
    *,
};

#[test]
fn delivery_destinations_answer_as_documented() {
    let put = "put-delivery-destination";
    let to =
        |arn: &str| json!({"name": "x", "deliveryDestinationConfiguration": {"destinationResourceArn": arn}});
    let of_type = |kind: &str| ok(json!({"deliveryDestination": {"deliveryDestinationType": kind}}));
    check(vec![
        row("a bucket", vec![], put, bucket("b"), of_type("S3")),
        row(
            "a log group",
            vec![],
            put,
            to("arn:aws:logs:us-east-1:111122223333:log-group:g"),
            of_type("CWL"),
        ),
        row(
            "a Firehose stream",
            vec![],
            put,
            to("arn:aws:firehose:us-east-1:111122223333:deliverystream/s"),
            of_type("FH"),
        ),
        row("X-Ray", vec![], put, json!({"name": "x", "deliveryDestinationType": "XRAY"}), of_type("XRAY")),
        row(
            "neither resource nor type",
            vec![],
            put,
            json!({"name": "x"}),
            refused(VALIDATION, "destinationResourceArn is required unless deliveryDestinationType is XRAY"),
        ),
        row(
            "X-Ray with a resource",
            vec![],
            put,
            with(bucket("b"), "deliveryDestinationType", json!("XRAY")),
            refused(VALIDATION, "a destination of type XRAY has no destinationResourceArn"),
        ),
        row(
            "a type that does not fit",
            vec![],
            put,
            with(bucket("b"), "deliveryDestinationType", json!("CWL")),
            refused(
                VALIDATION,
                "deliveryDestinationType CWL does not fit a destinationResourceArn of type S3",
            ),
        ),
        row(
            "a queue",
            vec![],
            put,
            to("arn:aws:sqs:us-east-1:111122223333:q"),
            refused(VALIDATION, "destinationResourceArn is not a bucket, a log group or a Firehose stream"),
        ),
        row(
            "an unknown format",
            vec![],
            put,
            with(bucket("b"), "outputFormat", json!("xml")),
            refused(VALIDATION, "outputFormat xml is not one of json, plain, w3c, raw, parquet"),
        ),
        row(
            "an update overwrites what it leaves out",
            vec![(put, with(bucket("b"), "outputFormat", json!("json")))],
            put,
            bucket("b"),
            ok(json!({"deliveryDestination": {"outputFormat": null}})),
        ),
        row("getting", pair(), "get-delivery-destination", json!({"name": "b"}), of_type("S3")),
        row(
            "describing",
            pair(),
            "describe-delivery-destinations",
            json!({}),
            ok(json!({"deliveryDestinations": [{"name": "b"}]})),
        ),
        row("deleting", pair(), "delete-delivery-destination", json!({"name": "b"}), ok(Value::Null)),
        row(
            "deleting what is in use",
            delivered(),
            "delete-delivery-destination",
            json!({"name": "b"}),
            refused("ConflictException", "The delivery destination b is used by a delivery."),
        ),
        row(
            "deleting what is not there",
            vec![],
            "delete-delivery-destination",
            json!({"name": "b"}),
            refused(NOT_FOUND, "The delivery destination b does not exist."),
        ),
    ]);
}

#[test]
fn delivery_destination_policies_answer_as_documented() {
    let (put, get, delete) = (
        "put-delivery-destination-policy",
        "get-delivery-destination-policy",
        "delete-delivery-destination-policy",
    );
    let named = json!({"deliveryDestinationName": "b"});
    let policy = |text: &str| json!({"deliveryDestinationName": "b", "deliveryDestinationPolicy": text});
    let output = || ok(json!({"policy": {"deliveryDestinationPolicy": GRANT}}));
    let with_policy = || [pair(), vec![(put, policy(GRANT))]].concat();
    let long = |length: usize| format!("{GRANT}{}", " ".repeat(length - GRANT.len()));
    check(vec![
        row("one statement is enough", pair(), put, policy(GRANT), output()),
        row(
            "not JSON",
            pair(),
            put,
            policy("{"),
            refused(VALIDATION, "Invalid Delivery Destination resource Policy is provided."),
        ),
        row("51,200 characters", pair(), put, policy(&long(51_200)), ok(json!({}))),
        row(
            "51,201 characters",
            pair(),
            put,
            policy(&long(51_201)),
            too_long("deliveryDestinationPolicy", 51_200),
        ),
        row(
            "no such destination",
            vec![],
            put,
            policy(GRANT),
            refused(NOT_FOUND, "The delivery destination b does not exist."),
        ),
        row("getting", with_policy(), get, named.clone(), output()),
        row("getting where there is none", pair(), get, named.clone(), ok(json!({"policy": null}))),
        row(
            "getting of no destination",
            vec![],
            get,
            named.clone(),
            refused(NOT_FOUND, "The delivery destination b does not exist."),
        ),
        row("deleting", with_policy(), delete, named.clone(), ok(Value::Null)),
        row(
            "deleting where there is none",
            pair(),
            delete,
            named.clone(),
            refused(NOT_FOUND, "The policy of the delivery destination b does not exist."),
        ),
        row(
            "deleting of no destination",
            vec![],
            delete,
            named.clone(),
            refused(NOT_FOUND, "The delivery destination b does not exist."),
        ),
        row(
            "a policy goes with its destination",
            [
                with_policy(),
                vec![
                    ("delete-delivery-destination", json!({"name": "b"})),
                    ("put-delivery-destination", bucket("b")),
                ],
            ]
            .concat(),
            get,
            named,
            ok(json!({"policy": null})),
        ),
    ]);
}
