//! Outputs about buckets, keys, queues, topics, functions and streams.

use bailiwick_source::json::{Kind, Value};

use crate::document::DocumentKind;
use crate::loader::{Loader, Place, at, text_at};
use crate::model::{bucket_name, partition_of};

/// A document under `path`, or that there is none.
fn policy(
    loader: &mut Loader<'_>,
    kind: DocumentKind,
    arn: &str,
    place: &Place<'_>,
    value: Value<'_, '_>,
    path: &[&str],
) {
    match at(value, path) {
        None => loader.attach(kind, arn, place, None),
        Some(document) => {
            if let Some(source) = loader.document(kind, document) {
                loader.attach(kind, arn, place, Some(source));
            }
        }
    }
}

fn bucket_arn(place: &Place<'_>) -> String {
    format!("arn:{}:s3:::{}", partition_of(place.region), bucket_name(place.subject))
}

/// The ARN of what the subject names: an ARN stays, a name becomes one of this account and Region.
fn arn(place: &Place<'_>, service: &str, kind: &str) -> String {
    let subject = place.subject;
    if subject.starts_with("arn:") {
        return subject.to_owned();
    }
    format!("arn:{}:{service}:{}:{}:{kind}{subject}", partition_of(place.region), place.region, place.account)
}

pub(crate) fn bucket_policy(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    let arn = bucket_arn(place);
    loader.environment.set_fact(&arn, "account", place.account);
    policy(loader, DocumentKind::Bucket, &arn, place, value, &["Policy"]);
}

/// S3 said that there is no such bucket.
pub(crate) fn missing_bucket(loader: &mut Loader<'_>, place: &Place<'_>) {
    loader.environment.set_fact(&bucket_arn(place), "exists", "false");
}

pub(crate) fn bucket_location(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    // Buckets of us-east-1 have no constraint, and the oldest European ones an old name for theirs.
    let Some(constraint) = loader.need(value, "LocationConstraint") else { return };
    let constraint = match constraint.kind() {
        Kind::Null => None,
        _ => match loader.reader.string(constraint, "LocationConstraint") {
            Some(text) => Some(text.into_owned()),
            None => return,
        },
    };
    let region = match constraint.as_deref() {
        None | Some("") => "us-east-1".to_owned(),
        Some("EU") => "eu-west-1".to_owned(),
        Some(region) => region.to_owned(),
    };
    loader.environment.set_fact(&bucket_arn(place), "region", region);
}

pub(crate) fn bucket_encryption(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    let arn = bucket_arn(place);
    if value.kind() == Kind::Null {
        return loader.environment.set_fact(&arn, "encryption", "SSE-S3");
    }
    let rule = loader
        .need(value, "ServerSideEncryptionConfiguration")
        .and_then(|configuration| loader.need_first(configuration, "Rules"))
        .and_then(|rule| loader.need(rule, "ApplyServerSideEncryptionByDefault"));
    let Some(rule) = rule else { return };
    loader.refuse_misspelt(rule, &["SSEAlgorithm", "KMSMasterKeyID"]);
    let Some(algorithm) = loader.need_text(rule, "SSEAlgorithm") else { return };
    let key = text_at(rule, &["KMSMasterKeyID"]);
    let encryption = match algorithm.as_str() {
        "AES256" => "SSE-S3",
        "aws:kms:dsse" => "DSSE-KMS",
        _ => "SSE-KMS",
    };
    loader.environment.set_fact(&arn, "encryption", encryption);
    if encryption != "SSE-S3" {
        // Without a key S3 takes its own.
        loader.environment.set_fact(&arn, "key", key.unwrap_or_else(|| "alias/aws/s3".to_owned()));
    }
}

pub(crate) fn bucket_ownership(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    let ownership = if value.kind() == Kind::Null {
        Some("ObjectWriter".to_owned())
    } else {
        let controls = loader.need(value, "OwnershipControls");
        let rule = controls.and_then(|controls| loader.need_first(controls, "Rules"));
        rule.and_then(|rule| loader.need_text(rule, "ObjectOwnership"))
    };
    if let Some(ownership) = ownership {
        loader.environment.set_fact(&bucket_arn(place), "ownership", ownership);
    }
}

pub(crate) fn object_lock(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    if value.kind() == Kind::Null {
        return loader.environment.set_fact(&bucket_arn(place), "objectLock", "disabled");
    }
    let configuration = loader.need(value, "ObjectLockConfiguration");
    if configuration.and_then(|it| loader.need_text(it, "ObjectLockEnabled")).is_some() {
        loader.environment.set_fact(&bucket_arn(place), "objectLock", "enabled");
    }
}

pub(crate) fn request_payment(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    if let Some(payer) = loader.need_text(value, "Payer") {
        loader.environment.set_fact(&bucket_arn(place), "payer", payer);
    }
}

pub(crate) fn key_policy(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    let arn = arn(place, "kms", "key/");
    policy(loader, DocumentKind::Key, &arn, place, value, &["Policy"]);
}

pub(crate) fn key(loader: &mut Loader<'_>, _: &Place<'_>, value: Value<'_, '_>) {
    let Some(metadata) = at(value, &["KeyMetadata"]) else { return };
    loader.refuse_misspelt(metadata, &["KeyManager", "KeyState"]);
    let Some(arn) = loader.need_text(metadata, "Arn") else { return };
    if let Some(manager) = text_at(value, &["KeyMetadata", "KeyManager"]) {
        loader.environment.set_fact(&arn, "manager", manager);
    }
    if let Some(state) = text_at(value, &["KeyMetadata", "KeyState"]) {
        loader.environment.set_fact(&arn, "state", state);
    }
}

pub(crate) fn queue(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    let given = text_at(value, &["Attributes", "QueueArn"]);
    // A queue URL ends in the queue's name, and so does an ARN.
    let name = place.subject.rsplit(['/', ':']).next().unwrap_or_default();
    let arn = given.unwrap_or_else(|| {
        format!("arn:{}:sqs:{}:{}:{name}", partition_of(place.region), place.region, place.account)
    });
    policy(loader, DocumentKind::Queue, &arn, place, value, &["Attributes", "Policy"]);
    let fifo = arn.ends_with(".fifo");
    loader.environment.set_fact(&arn, "fifo", if fifo { "true" } else { "false" });
    // Other attributes are printed only if all were requested; then an attribute that is absent is not set.
    let all = ["QueueArn", "SqsManagedSseEnabled", "CreatedTimestamp"];
    let asked =
        value.kind() == Kind::Null || all.iter().any(|name| at(value, &["Attributes", name]).is_some());
    encryption(loader, &arn, value, asked);
}

pub(crate) fn topic(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    let Some(arn) = text_at(value, &["Attributes", "TopicArn"]) else {
        if value.kind() == Kind::Null && !place.subject.is_empty() {
            let arn = arn(place, "sns", "");
            loader.attach(DocumentKind::Topic, &arn, place, None);
        } else if value.kind() != Kind::Null {
            loader.reader.invalid(
                value,
                "this output names no TopicArn",
                "it is part of what the AWS CLI prints",
            );
        }
        return;
    };
    policy(loader, DocumentKind::Topic, &arn, place, value, &["Attributes", "Policy"]);
    encryption(loader, &arn, value, true);
}

/// The key of a queue or topic; where none is named, that there is none, if it was asked for.
fn encryption(loader: &mut Loader<'_>, arn: &str, value: Value<'_, '_>, asked: bool) {
    if let Some(attributes) = at(value, &["Attributes"]) {
        loader.refuse_misspelt(attributes, &["Policy", "KmsMasterKeyId", "QueueArn", "TopicArn"]);
    }
    match text_at(value, &["Attributes", "KmsMasterKeyId"]).filter(|key| !key.is_empty()) {
        Some(key) => {
            loader.environment.set_fact(arn, "encryption", "SSE-KMS");
            loader.environment.set_fact(arn, "key", key);
        }
        None if asked => loader.environment.set_fact(arn, "encryption", "none"),
        None => {}
    }
}

pub(crate) fn function_policy(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    let arn = arn(place, "lambda", "function:");
    policy(loader, DocumentKind::Function, &arn, place, value, &["Policy"]);
}

/// A stream's policy; where it has none, the text may be empty or that of an empty object.
pub(crate) fn stream_policy(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    let arn = arn(place, "kinesis", "stream/");
    let empty = text_at(value, &["Policy"]).is_some_and(|text| matches!(text.trim(), "" | "{}"));
    let path: &[&str] = if empty { &["Policy", "none"] } else { &["Policy"] };
    policy(loader, DocumentKind::Stream, &arn, place, value, path);
}

pub(crate) fn event_bus(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    if value.kind() == Kind::Null {
        if !place.subject.is_empty() {
            let arn = arn(place, "events", "event-bus/");
            loader.attach(DocumentKind::EventBus, &arn, place, None);
        }
        return;
    }
    loader.refuse_misspelt(value, &["Arn", "Policy"]);
    let Some(arn) = loader.need_text(value, "Arn") else { return };
    policy(loader, DocumentKind::EventBus, &arn, place, value, &["Policy"]);
}

pub(crate) fn delivery_stream(loader: &mut Loader<'_>, _: &Place<'_>, value: Value<'_, '_>) {
    let Some(description) = at(value, &["DeliveryStreamDescription"]) else { return };
    loader.refuse_misspelt(description, &["DeliveryStreamType"]);
    let Some(arn) = loader.need_text(description, "DeliveryStreamARN") else { return };
    if let Some(kind) = text_at(value, &["DeliveryStreamDescription", "DeliveryStreamType"]) {
        loader.environment.set_fact(&arn, "type", kind);
    }
}

pub(crate) fn stream_tags(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    let arn = arn(place, "firehose", "deliverystream/");
    let tags = at(value, &["Tags"]);
    let tag = tags.into_iter().flat_map(Value::items).find_map(|tag| {
        (text_at(tag, &["Key"]).as_deref() == Some("LogDeliveryEnabled")).then(|| text_at(tag, &["Value"]))
    });
    // A tag without a value has the empty one.
    let value = tag.map_or_else(|| "absent".to_owned(), Option::unwrap_or_default);
    loader.environment.set_fact(&arn, "LogDeliveryEnabled", value);
}

pub(crate) fn trace_destination(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    let arn = format!("arn:{}:xray:{}:{}", partition_of(place.region), place.region, place.account);
    let to_logs = text_at(value, &["Destination"]).as_deref() == Some("CloudWatchLogs");
    let status = text_at(value, &["Status"]).filter(|_| to_logs).unwrap_or_else(|| "disabled".to_owned());
    loader.environment.set_fact(&arn, "transactionSearch", status);
}
