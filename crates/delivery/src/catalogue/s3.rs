//! S3 itself: access logs, event notifications, inventories.

use super::{
    ACL, BUCKET, BUCKET_KEY_KNOWN, CALL, CALLER, CUSTOMER_KEY, CallSpec, Check, Doc, KEY, KEY_ENABLED, KEYS,
    Kind, OBJECT_KEY, OWN_KEY, PREFIX, QUEUE_KEY_KNOWN, REQUIRE, RequireSpec, SOURCE, SOURCE_ACL,
    TOPIC_KEY_KNOWN, UNDER_KEY, Val, When, Who, default, ends, needed,
};
use bailiwick_environment::DocumentKind;

/// The first step of every delivery to a bucket of which S3 said that it does not exist.
pub(crate) const BUCKET_EXISTS: RequireSpec = RequireSpec {
    rule: "the bucket {bucket.name} exists",
    observed: "{bucket.exists}",
    required: "true",
    when: When::Is("bucket.exists", "false"),
    error: Some("NoSuchBucket (404)"),
    ..REQUIRE
};

pub(super) const SSE_S3: Check = Check::Require(RequireSpec {
    rule: "the bucket is encrypted with SSE-S3",
    observed: "{bucket.encryption}",
    required: "SSE-S3",
    look_up: Some("aws s3api get-bucket-encryption, or key"),
    ..REQUIRE
});

const OTHERS: &[&str] = &["s3.amazonaws.com"];
const UNABLE: Option<&str> =
    Some("InvalidArgument (400): Unable to validate the following destination configurations");

const fn notify(action: &'static str, kind: DocumentKind, documents: &'static [Doc]) -> CallSpec {
    let _ = kind;
    CallSpec {
        setup: true,
        name: "send a notification",
        who: Who::Service(OTHERS),
        action,
        resource: "{destination}",
        context: SOURCE,
        documents,
        error: UNABLE,
        ..CALL
    }
}

const QUEUE_CONTEXT: &[(&str, Val)] = &[
    ("aws:SourceArn", Val::One("{source}")),
    ("aws:SourceAccount", Val::One("{account}")),
    ("kms:EncryptionContext:aws:sqs:arn", Val::One("{destination}")),
];
const TOPIC_CONTEXT: &[(&str, Val)] = &[
    ("aws:SourceArn", Val::One("{source}")),
    ("aws:SourceAccount", Val::One("{account}")),
    ("kms:EncryptionContext:aws:sns:topicArn", Val::One("{destination}")),
];

const fn use_key(action: &'static str, context: &'static [(&'static str, Val)]) -> Check {
    Check::Call(CallSpec {
        setup: true,
        name: "use the destination's key",
        when: UNDER_KEY,
        who: Who::Service(OTHERS),
        action,
        resource: "{key}",
        context,
        documents: KEYS,
        error: UNABLE,
        ..CALL
    })
}

const EVENT_REGION: Check = Check::Require(RequireSpec {
    rule: "the destination is in the Region of the bucket",
    observed: "{destination.region}",
    required: "{source.region}",
    assume: Some("{destination.region}"),
    look_up: Some("aws s3api get-bucket-location"),
    error: UNABLE,
    ..REQUIRE
});

const NOT_FIFO: Check = Check::Require(RequireSpec {
    rule: "the destination is no FIFO queue or topic",
    observed: "{destination.order}",
    required: "not fifo",
    ..REQUIRE
});

const OWNER: super::Opt = needed("sourceAccount", "the account that owns the source bucket");

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "s3-server-access-logs",
        title: "S3 server access logs to S3",
        source: "the bucket whose requests are logged, arn:aws:s3:::BUCKET",
        destination: "the bucket, arn:aws:s3:::BUCKET[/PREFIX]",
        forms: (ends::BUCKET, ends::BUCKET_OR_PREFIX),
        options: &[OWNER, PREFIX, OBJECT_KEY, KEY],
        lets: &[default("objectKey", "{prefix}2026-01-01-00-00-00-0123456789ABCDEF")],
        checks: &[
            Check::Require(RequireSpec {
                rule: "both buckets are in one Region",
                observed: "{bucket.region}",
                required: "{source.region}",
                assume: Some("true"),
                look_up: Some("aws s3api get-bucket-location"),
                error: Some("Cross S3 location logging not allowed"),
                ..REQUIRE
            }),
            Check::Require(RequireSpec {
                rule: "both buckets belong to one account",
                observed: "{bucket.account}",
                required: "{account}",
                assume: Some("true"),
                error: Some("The owner for the bucket to be logged and the target bucket must be the same"),
                ..REQUIRE
            }),
            Check::Require(RequireSpec {
                rule: "Object Lock is not on",
                observed: "{bucket.objectLock}",
                required: "not enabled",
                assume: Some("true"),
                look_up: Some("aws s3api get-object-lock-configuration"),
                ..REQUIRE
            }),
            Check::Require(RequireSpec {
                rule: "the requester does not pay",
                observed: "{bucket.payer}",
                required: "BucketOwner",
                assume: Some("true"),
                look_up: Some("aws s3api get-bucket-request-payment"),
                ..REQUIRE
            }),
            SSE_S3,
            Check::Call(CallSpec {
                name: "turn access logs on",
                action: "s3:PutBucketLogging",
                resource: "{source}",
                owner: Some("{account}"),
                ..CALLER
            }),
            Check::Call(CallSpec {
                name: "write a log object",
                who: Who::Service(&["logging.s3.amazonaws.com"]),
                action: "s3:PutObject",
                resource: "{bucket}/{objectKey}",
                owner: Some("{bucket.account}"),
                context: SOURCE,
                documents: BUCKET,
                ..CALL
            }),
        ],
        from: "Amazon S3 User Guide, enabling server access logging",
        notes: &[
            "PutBucketLogging does not look at the policy: what is missing shows as logs that never come",
        ],
    },
    Kind {
        name: "s3-event-sqs",
        title: "S3 event notifications to SQS",
        source: "the bucket, arn:aws:s3:::BUCKET",
        destination: "the queue",
        forms: (ends::BUCKET, ends::QUEUE),
        options: &[OWNER, KEY],
        lets: &[],
        checks: &[
            EVENT_REGION,
            NOT_FIFO,
            Check::Call(notify(
                "sqs:SendMessage",
                DocumentKind::Queue,
                &[Doc::Attached(DocumentKind::Queue, "{destination}")],
            )),
            QUEUE_KEY_KNOWN,
            CUSTOMER_KEY,
            KEY_ENABLED,
            use_key("kms:GenerateDataKey", QUEUE_CONTEXT),
            use_key("kms:Decrypt", QUEUE_CONTEXT),
        ],
        from: "Amazon S3 User Guide, event notifications",
        notes: &[],
    },
    Kind {
        name: "s3-event-sns",
        title: "S3 event notifications to SNS",
        source: "the bucket, arn:aws:s3:::BUCKET",
        destination: "the topic",
        forms: (ends::BUCKET, ends::TOPIC),
        options: &[OWNER, KEY],
        lets: &[],
        checks: &[
            EVENT_REGION,
            NOT_FIFO,
            Check::Call(notify(
                "sns:Publish",
                DocumentKind::Topic,
                &[Doc::Attached(DocumentKind::Topic, "{destination}")],
            )),
            TOPIC_KEY_KNOWN,
            CUSTOMER_KEY,
            KEY_ENABLED,
            use_key("kms:GenerateDataKey", TOPIC_CONTEXT),
            use_key("kms:Decrypt", TOPIC_CONTEXT),
        ],
        from: "Amazon S3 User Guide, event notifications",
        notes: &[],
    },
    Kind {
        name: "s3-event-lambda",
        title: "S3 event notifications to Lambda",
        source: "the bucket, arn:aws:s3:::BUCKET",
        destination: "the function",
        forms: (ends::BUCKET, ends::FUNCTION),
        options: &[OWNER],
        lets: &[],
        checks: &[
            EVENT_REGION,
            Check::Call(notify(
                "lambda:InvokeFunction",
                DocumentKind::Function,
                &[Doc::Attached(DocumentKind::Function, "{destination}")],
            )),
        ],
        from: "Amazon S3 User Guide, event notifications",
        notes: &[],
    },
    Kind {
        name: "s3-inventory",
        title: "S3 inventory and analytics to S3",
        source: "the bucket that is listed, arn:aws:s3:::BUCKET",
        destination: "the bucket, arn:aws:s3:::BUCKET[/PREFIX]",
        forms: (ends::BUCKET, ends::BUCKET_OR_PREFIX),
        options: &[OWNER, PREFIX, OBJECT_KEY, OWN_KEY],
        lets: &[default("objectKey", "{folder}{source.name}/inventory/2026-01-01T01-00Z/manifest.json")],
        checks: &[
            Check::Call(CallSpec {
                name: "write an object",
                who: Who::Service(OTHERS),
                action: "s3:PutObject",
                resource: "{bucket}/{objectKey}",
                owner: Some("{bucket.account}"),
                context: SOURCE_ACL,
                documents: BUCKET,
                unknowns: &[ACL],
                ..CALL
            }),
            BUCKET_KEY_KNOWN,
            CUSTOMER_KEY,
            KEY_ENABLED,
            use_key("kms:GenerateDataKey", SOURCE),
        ],
        from: "Amazon S3 User Guide, example bucket policies",
        notes: &[],
    },
    Kind {
        name: "s3-storage-lens",
        title: "S3 Storage Lens metrics export to S3",
        source: "the dashboard, arn:aws:s3:REGION:ACCOUNT:storage-lens/ID",
        destination: "the bucket, arn:aws:s3:::BUCKET[/PREFIX]",
        forms: (ends::DASHBOARD, ends::BUCKET_OR_PREFIX),
        options: &[PREFIX, OBJECT_KEY, OWN_KEY],
        lets: &[default(
            "objectKey",
            "{folder}StorageLens/{account}/{source.name}/V_1/reports/dt=2026-01-01/report.csv",
        )],
        checks: &[
            Check::Call(CallSpec {
                name: "write an object",
                who: Who::Service(&["storage-lens.s3.amazonaws.com"]),
                action: "s3:PutObject",
                resource: "{bucket}/{objectKey}",
                owner: Some("{bucket.account}"),
                context: &[
                    ("aws:SourceArn", Val::One("{source}")),
                    ("aws:SourceAccount", Val::One("{account}")),
                    ("s3:x-amz-acl", Val::One("bucket-owner-full-control")),
                ],
                documents: BUCKET,
                unknowns: &[ACL],
                ..CALL
            }),
            BUCKET_KEY_KNOWN,
            CUSTOMER_KEY,
            KEY_ENABLED,
            Check::Call(CallSpec {
                name: "encrypt with the export's key",
                when: UNDER_KEY,
                who: Who::Service(&["storage-lens.s3.amazonaws.com"]),
                action: "kms:GenerateDataKey",
                resource: "{key}",
                context: SOURCE,
                documents: KEYS,
                ..CALL
            }),
        ],
        from: "Amazon S3 User Guide, example bucket policies",
        notes: &[],
    },
];
