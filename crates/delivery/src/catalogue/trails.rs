//! CloudTrail and AWS Config.

use super::{
    ACL, BUCKET, BUCKET_KEY_KNOWN, CALL, CUSTOMER_KEY, CallSpec, Check, CombineSpec, Doc, KEY, KEY_ENABLED,
    KEYS, Kind, Let, OBJECT_KEY, OWN_KEY, PREFIX, REQUIRE, ROLE, RequireSpec, SOURCE_ACL, UNDER_KEY, UNKNOWN,
    UnknownSpec, Val, When, Who, default, ends,
    logs::{GROUP_EXISTS, GROUP_KEY},
    option,
    vended::caller,
};
use bailiwick_environment::DocumentKind;

const CLOUDTRAIL: &[&str] = &["cloudtrail.amazonaws.com"];
const CONFIG: &[&str] = &["config.amazonaws.com"];
const INSUFFICIENT: Option<&str> =
    Some("InsufficientS3BucketPolicyException (400): Incorrect S3 bucket policy is detected");

/// When the trail is made, CloudTrail is seen as a role's session (observation 19).
const PREFLIGHT: &[(&str, Val)] = &[
    ("aws:SourceArn", Val::One("{source}")),
    ("aws:SourceAccount", Val::One("{account}")),
    ("aws:PrincipalType", Val::One("AssumedRole")),
];

const fn trail(name: &'static str, setup: bool, action: &'static str, resource: &'static str) -> CallSpec {
    CallSpec {
        setup,
        name,
        who: Who::Service(CLOUDTRAIL),
        action,
        resource,
        owner: Some("{bucket.account}"),
        context: SOURCE_ACL,
        documents: BUCKET,
        unknowns: &[ACL],
        error: INSUFFICIENT,
        ..CALL
    }
}

const CONFIG_SOURCE: UnknownSpec = UnknownSpec {
    key: "aws:SourceArn",
    fact: "the resource part of the aws:SourceArn that AWS Config sends",
    prefix: Some("arn:{partition}:config:{region}:{account}:"),
    ..UNKNOWN
};

const CONFIG_CONTEXT: &[(&str, Val)] = &[
    ("aws:SourceArn", Val::One("arn:{partition}:config:{region}:{account}:")),
    ("aws:SourceAccount", Val::One("{account}")),
    ("aws:SecureTransport", Val::One("true")),
];

const fn recorder(name: &'static str, action: &'static str, resource: &'static str) -> CallSpec {
    CallSpec {
        name,
        who: Who::Service(CONFIG),
        action,
        resource,
        owner: Some("{bucket.account}"),
        context: CONFIG_CONTEXT,
        documents: BUCKET,
        unknowns: &[CONFIG_SOURCE],
        error: Some("InsufficientDeliveryPolicyException"),
        ..CALL
    }
}

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "cloudtrail-s3",
        title: "CloudTrail trail to S3",
        source: "the trail, arn:aws:cloudtrail:REGION:ACCOUNT:trail/NAME; of an organization, the management account's",
        destination: "the bucket, arn:aws:s3:::BUCKET[/PREFIX]",
        forms: (ends::TRAIL, ends::BUCKET_OR_PREFIX),
        options: &[
            PREFIX,
            OBJECT_KEY,
            OWN_KEY,
            option("organizationTrail", "true for a trail of the organization"),
        ],
        lets: &[
            default("objectKey", "{folder}AWSLogs/{account}/CloudTrail/{region}/2026/01/01/trail.json.gz"),
            Let {
                name: "organizationKey",
                value: "{folder}AWSLogs/{organization}/{account}/CloudTrail/{region}/2026/01/01/trail.json.gz",
                when: When::Is("organizationTrail", "true"),
                taken: "",
            },
        ],
        checks: &[
            caller("cloudtrail:CreateTrail", "create the trail", "{source}"),
            Check::Call(CallSpec {
                context: PREFLIGHT,
                ..trail("read the bucket's ACL", true, "s3:GetBucketAcl", "{bucket}")
            }),
            Check::Call(trail("write an object", false, "s3:PutObject", "{bucket}/{objectKey}")),
            Check::Call(CallSpec {
                when: When::If("organizationKey"),
                ..trail(
                    "write an object of the organization",
                    false,
                    "s3:PutObject",
                    "{bucket}/{organizationKey}",
                )
            }),
            BUCKET_KEY_KNOWN,
            CUSTOMER_KEY,
            KEY_ENABLED,
            Check::Call(CallSpec {
                name: "encrypt with the trail's key",
                when: UNDER_KEY,
                who: Who::Service(CLOUDTRAIL),
                action: "kms:GenerateDataKey",
                resource: "{key}",
                context: &[
                    ("aws:SourceArn", Val::One("{source}")),
                    ("aws:SourceAccount", Val::One("{account}")),
                    ("kms:EncryptionContext:aws:cloudtrail:arn", Val::One("{source}")),
                ],
                documents: KEYS,
                error: Some("GetTrailStatus.LatestDeliveryError"),
                ..CALL
            }),
        ],
        from: "CloudTrail User Guide, bucket policy and key policy",
        notes: &["a trail of all Regions keeps the ARN of its home Region"],
    },
    Kind {
        name: "cloudtrail-logs",
        title: "CloudTrail trail to CloudWatch Logs",
        source: "the trail, arn:aws:cloudtrail:REGION:ACCOUNT:trail/NAME",
        destination: "the log group",
        forms: (ends::TRAIL, ends::GROUP),
        options: &[ROLE],
        lets: &[],
        checks: &[
            Check::Require(RequireSpec {
                rule: "the log group belongs to the account of the trail",
                observed: "{destination.account}",
                required: "{account}",
                ..REQUIRE
            }),
            GROUP_EXISTS,
            Check::Call(CallSpec {
                setup: true,
                name: "assume the role",
                who: Who::Service(CLOUDTRAIL),
                action: "sts:AssumeRole",
                resource: "{role}",
                documents: &[Doc::Attached(DocumentKind::RoleTrust, "{role}")],
                unknowns: super::roles::ASSUMED_FOR,
                ..CALL
            }),
            Check::Call(CallSpec {
                name: "create the log stream",
                action: "logs:CreateLogStream",
                ..ROLE_WRITES
            }),
            Check::Call(ROLE_WRITES),
            GROUP_KEY,
        ],
        from: "CloudTrail User Guide, sending events to CloudWatch Logs",
        notes: &[
            "the log stream is called ACCOUNT_CloudTrail_REGION; an organization's begin with the organization's ID",
        ],
    },
    Kind {
        name: "config-s3",
        title: "AWS Config to S3",
        source: "",
        destination: "the bucket, arn:aws:s3:::BUCKET[/PREFIX]",
        forms: (ends::NONE, ends::BUCKET_OR_PREFIX),
        options: &[
            PREFIX,
            OBJECT_KEY,
            KEY,
            super::needed("account", "the account whose configuration is recorded"),
            super::needed("region", "its Region"),
        ],
        lets: &[default(
            "objectKey",
            "{folder}AWSLogs/{account}/Config/{region}/2026/1/1/ConfigHistory/history.json.gz",
        )],
        checks: &[
            Check::Call(recorder("read the bucket's ACL", "s3:GetBucketAcl", "{bucket}")),
            Check::Call(recorder("look whether the bucket is there", "s3:ListBucket", "{bucket}")),
            Check::Call(CallSpec {
                context: &[
                    ("aws:SourceArn", Val::One("arn:{partition}:config:{region}:{account}:")),
                    ("aws:SourceAccount", Val::One("{account}")),
                    ("s3:x-amz-acl", Val::One("bucket-owner-full-control")),
                    ("aws:SecureTransport", Val::One("true")),
                ],
                unknowns: &[CONFIG_SOURCE, ACL],
                ..recorder("write an object", "s3:PutObject", "{bucket}/{objectKey}")
            }),
            BUCKET_KEY_KNOWN,
            CUSTOMER_KEY,
            KEY_ENABLED,
            Check::Call(CallSpec {
                when: UNDER_KEY,
                resource: "{key}",
                owner: None,
                documents: KEYS,
                ..recorder("encrypt with the bucket's key", "kms:GenerateDataKey", "{key}")
            }),
        ],
        from: "AWS Config Developer Guide, permissions for the S3 bucket",
        notes: &[
            "with a role of its own, the recorder uses that first and the service principal across accounts",
        ],
    },
];

const ROLE_WRITES: CallSpec = CallSpec {
    name: "write to the log stream",
    who: Who::Arn("{role}"),
    action: "logs:PutLogEvents",
    resource: "{group}:log-stream:{account}_CloudTrail_{region}",
    documents: &[Doc::Identity("{role}")],
    combine: CombineSpec::Identity,
    error: Some("GetTrailStatus.LatestCloudWatchLogsDeliveryError"),
    ..CALL
};
