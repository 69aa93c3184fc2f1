//! Export tasks of CloudWatch Logs.

use super::{
    ACL, BUCKET, BUCKET_KEY_KNOWN, CALL, CALLER, CUSTOMER_KEY, CallSpec, Check, CombineSpec, Doc, KEY,
    KEY_ENABLED, KEYS, Kind, Let, OBJECT_KEY, PREFIX, REQUIRE, RequireSpec, UNDER_KEY, Val, When, Who, ends,
    vended::caller,
};
use crate::values::UNDER_SOME_KEY;
use bailiwick_environment::DocumentKind;

const REGIONAL: &[&str] = &["logs.{region}.amazonaws.com", "logs.amazonaws.com"];

const EXPORT: &[(&str, Val)] =
    &[("aws:SourceArn", Val::One("{source.group}:*")), ("aws:SourceAccount", Val::One("{account}"))];
const EXPORT_ACL: &[(&str, Val)] = &[
    ("aws:SourceArn", Val::One("{source.group}:*")),
    ("aws:SourceAccount", Val::One("{account}")),
    ("s3:x-amz-acl", Val::One("bucket-owner-full-control")),
    ("aws:SecureTransport", Val::One("true")),
];

pub(super) const KINDS: &[Kind] = &[Kind {
    name: "logs-export-s3",
    title: "Export task of CloudWatch Logs to S3",
    source: "the log group",
    destination: "the bucket, arn:aws:s3:::BUCKET[/PREFIX]",
    forms: (ends::GROUP, ends::BUCKET_OR_PREFIX),
    options: &[PREFIX, OBJECT_KEY, KEY],
    lets: &[
        Let {
            name: "layers",
            value: "taken",
            when: When::Is("bucket.encryption", UNDER_SOME_KEY),
            taken: "the bucket is not under DSSE-KMS",
        },
        Let {
            name: "objectKey",
            value: "{folder}00000000-0000-0000-0000-000000000000/log-stream/000000.gz",
            when: When::Always,
            taken: "",
        },
    ],
    checks: &[
        Check::Require(RequireSpec {
            rule: "the bucket is in the Region of the log group",
            observed: "{bucket.region}",
            required: "{region}",
            assume: Some("{region}"),
            look_up: Some("aws s3api get-bucket-location"),
            ..REQUIRE
        }),
        Check::Require(RequireSpec {
            rule: "the bucket is not under DSSE-KMS",
            when: When::If("bucket.encryption"),
            observed: "{bucket.encryption}",
            required: "not DSSE-KMS",
            look_up: Some("aws s3api get-bucket-encryption"),
            ..REQUIRE
        }),
        caller("logs:CreateExportTask", "create the export task", "{source.group}"),
        Check::Call(CallSpec {
            name: "read the bucket's ACL",
            setup: true,
            who: Who::Service(REGIONAL),
            action: "s3:GetBucketAcl",
            resource: "{bucket}",
            owner: Some("{bucket.account}"),
            context: EXPORT,
            documents: BUCKET,
            ..CALL
        }),
        Check::Call(CallSpec {
            name: "write an object",
            who: Who::Service(REGIONAL),
            action: "s3:PutObject",
            resource: "{bucket}/{objectKey}",
            owner: Some("{bucket.account}"),
            context: EXPORT_ACL,
            documents: BUCKET,
            unknowns: &[ACL],
            ..CALL
        }),
        Check::Call(CallSpec {
            name: "write an object to the other account",
            when: When::All(&[When::If("caller"), When::Is("sameAccount", "false")]),
            action: "s3:PutObject",
            resource: "{bucket}/{objectKey}",
            owner: Some("{bucket.account}"),
            context: &[("s3:x-amz-acl", Val::One("bucket-owner-full-control"))],
            documents: &[Doc::Identity("{caller}"), Doc::Attached(DocumentKind::Bucket, "{bucket}")],
            combine: CombineSpec::Both,
            ..CALLER
        }),
        BUCKET_KEY_KNOWN,
        CUSTOMER_KEY,
        KEY_ENABLED,
        Check::Call(CallSpec {
            name: "encrypt with the bucket's key",
            when: UNDER_KEY,
            who: Who::Service(REGIONAL),
            action: "kms:GenerateDataKey",
            resource: "{key}",
            context: EXPORT,
            documents: KEYS,
            ..CALL
        }),
        Check::Call(CallSpec {
            name: "decrypt with the bucket's key",
            when: UNDER_KEY,
            who: Who::Service(REGIONAL),
            action: "kms:Decrypt",
            resource: "{key}",
            context: EXPORT,
            documents: KEYS,
            ..CALL
        }),
    ],
    from: "CloudWatch Logs User Guide, exporting log data to Amazon S3",
    notes: &[],
}];
