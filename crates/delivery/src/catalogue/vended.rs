//! Vended logs: `delivery.logs.amazonaws.com` writes for services that CloudWatch Logs delivers for, under the
//! older permissions (V1) and under those with delivery sources and destinations (V2).

use super::{
    ACL, BUCKET, BUCKET_KEY_KNOWN, CALL, CALLER, CUSTOMER_KEY, CallSpec, Check, CombineSpec, Doc, KEY,
    KEY_ENABLED, KEYS, Kind, OBJECT_KEY, PREFIX, REQUIRE, RequireSpec, STREAM, UNDER_KEY, UNKNOWN,
    UnknownSpec, Val, When, Who, default, ends,
    logs::{GROUP_EXISTS, GROUP_KEY},
};

pub(super) const SERVICE: &[&str] = &["delivery.logs.amazonaws.com"];

/// Of V1, the beginning of the source ARN alone is documented.
pub(super) const V1_SOURCE: UnknownSpec = UnknownSpec {
    key: "aws:SourceArn",
    fact: "the resource part of the aws:SourceArn that log delivery sends (AWS documents arn:aws:logs:REGION:ACCOUNT:* only)",
    prefix: Some("arn:{partition}:logs:{region}:{account}:"),
    ..UNKNOWN
};

pub(super) const V1: &[(&str, Val)] = &[
    ("aws:SourceArn", Val::One("arn:{partition}:logs:{region}:{account}:unknown")),
    ("aws:SourceAccount", Val::One("{account}")),
    ("aws:SecureTransport", Val::One("true")),
];

const V1_ACL: &[(&str, Val)] = &[
    ("aws:SourceArn", Val::One("arn:{partition}:logs:{region}:{account}:unknown")),
    ("aws:SourceAccount", Val::One("{account}")),
    ("s3:x-amz-acl", Val::One("bucket-owner-full-control")),
    ("aws:SecureTransport", Val::One("true")),
];

pub(super) const ACL_CHECK: Check = Check::Call(CallSpec {
    name: "read the bucket's ACL",
    who: Who::Service(SERVICE),
    action: "s3:GetBucketAcl",
    resource: "{bucket}",
    owner: Some("{bucket.account}"),
    context: V1,
    documents: BUCKET,
    unknowns: &[V1_SOURCE],
    ..CALL
});

pub(super) const LIST_CHECK: Check = Check::Call(CallSpec {
    name: "look whether the bucket is there",
    action: "s3:ListBucket",
    optional: true,
    resource: "{bucket}",
    who: Who::Service(SERVICE),
    owner: Some("{bucket.account}"),
    context: V1,
    documents: BUCKET,
    unknowns: &[V1_SOURCE],
    ..CALL
});

pub(super) const PUT_OBJECT: Check = Check::Call(CallSpec {
    name: "write an object",
    who: Who::Service(SERVICE),
    action: "s3:PutObject",
    resource: "{bucket}/{objectKey}",
    owner: Some("{bucket.account}"),
    context: V1_ACL,
    documents: BUCKET,
    unknowns: &[V1_SOURCE, ACL],
    ..CALL
});

pub(super) const USE_KEY: Check = Check::Call(CallSpec {
    name: "encrypt with the bucket's key",
    when: UNDER_KEY,
    who: Who::Service(SERVICE),
    action: "kms:GenerateDataKey",
    resource: "{key}",
    context: V1,
    documents: KEYS,
    unknowns: &[V1_SOURCE],
    ..CALL
});

pub(super) const fn stream(
    action: &'static str,
    name: &'static str,
    unknowns: &'static [UnknownSpec],
) -> Check {
    Check::Call(CallSpec {
        name,
        who: Who::Service(SERVICE),
        action,
        resource: "{group}:log-stream:{streamName}",
        context: V1,
        documents: &[Doc::LogGroup("{group}")],
        unknowns,
        ..CALL
    })
}

pub(super) const fn caller(action: &'static str, name: &'static str, resource: &'static str) -> Check {
    Check::Call(CallSpec { name, action, resource, ..CALLER })
}

/// What the caller needs only where AWS has to add the statement to the policy itself.
const fn caller_to_add(action: &'static str, resource: &'static str) -> Check {
    let name = "let AWS add the statement, where it is missing";
    Check::Call(CallSpec { name, action, resource, optional: true, ..CALLER })
}

pub(super) const CREATE_LOG_DELIVERY: Check =
    caller("logs:CreateLogDelivery", "create the log delivery", "*");

const WAF_GROUP: Check = Check::Require(RequireSpec {
    rule: "the log group's name begins with aws-waf-logs-",
    when: When::Is("source.service", "wafv2"),
    observed: "{group.name}",
    required: "aws-waf-logs-*",
    error: Some("WAFInvalidParameterException"),
    ..REQUIRE
});

const WAF_BUCKET: Check = Check::Require(RequireSpec {
    rule: "the bucket's name begins with aws-waf-logs-",
    when: When::Is("source.service", "wafv2"),
    observed: "{bucket.name}",
    required: "aws-waf-logs-*",
    error: Some("WAFInvalidParameterException"),
    ..REQUIRE
});

/// The service-linked role becomes itself; AWS's own trust policy allows it.
pub(super) const ASSUME_LINKED_ROLE: Check = Check::Call(CallSpec {
    name: "assume the service-linked role",
    who: Who::Service(SERVICE),
    action: "sts:AssumeRole",
    resource: LINKED_ROLE,
    documents: &[Doc::LogDeliveryRoleTrust],
    ..CALL
});

pub(super) const LINKED_ROLE: &str = "arn:{partition}:iam::{destination.account}:role/aws-service-role/delivery.logs.amazonaws.com/AWSServiceRoleForLogDelivery";

pub(super) const PUT_RECORDS: Check = Check::Call(CallSpec {
    name: "write to the stream, which must carry the tag LogDeliveryEnabled=true",
    who: Who::Arn(LINKED_ROLE),
    action: "firehose:PutRecordBatch",
    resource: "{destination}",
    context: &[(
        "aws:ResourceTag/LogDeliveryEnabled",
        Val::Fact(
            "{destination.LogDeliveryEnabled}",
            "the tags of the stream {destination} (aws firehose list-tags-for-delivery-stream)",
        ),
    )],
    documents: &[Doc::LogDeliveryRole],
    combine: CombineSpec::Identity,
    ..CALL
});

pub(super) const DIRECT_PUT: Check = Check::Require(RequireSpec {
    rule: "the stream takes records directly",
    observed: "{destination.type}",
    required: "DirectPut",
    assume: Some("DirectPut"),
    look_up: Some("aws firehose describe-delivery-stream"),
    ..REQUIRE
});

pub(super) const V1_NOTE: &str = "within one account AWS adds the missing statement itself at setup, when the caller \
                                  may put the policy and it has neither NotAction nor NotPrincipal; across accounts \
                                  the owner adds it";

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "vended-v1-logs",
        title: "Vended logs (V1) to CloudWatch Logs: API Gateway, Step Functions, WAF, MSK, Network Firewall, …",
        source: "the resource that generates the logs",
        destination: "the log group",
        forms: (ends::ANY, ends::GROUP),
        options: &[STREAM],
        lets: &[default("streamName", "log_stream_created_by_aws_to_validate_log_delivery_subscriptions")],
        checks: &[
            WAF_GROUP,
            CREATE_LOG_DELIVERY,
            caller_to_add("logs:PutResourcePolicy", "*"),
            caller_to_add("logs:DescribeResourcePolicies", "*"),
            caller_to_add("logs:DescribeLogGroups", "*"),
            GROUP_EXISTS,
            stream("logs:CreateLogStream", "create the log stream", &[V1_SOURCE]),
            stream("logs:PutLogEvents", "write to the log stream", &[V1_SOURCE]),
            GROUP_KEY,
        ],
        from: "CloudWatch Logs User Guide, enabling logging from AWS services",
        notes: &[V1_NOTE],
    },
    Kind {
        name: "vended-v1-s3",
        title: "Vended logs (V1) to S3: WAF, Network Firewall, MSK, Resolver query logs, …",
        source: "the resource that generates the logs",
        destination: "the bucket, arn:aws:s3:::BUCKET[/PREFIX]",
        forms: (ends::ANY, ends::BUCKET_OR_PREFIX),
        options: &[PREFIX, OBJECT_KEY, KEY],
        lets: &[default("objectKey", "{folder}AWSLogs/{account}/{logService}/{region}/2026/01/01/log.gz")],
        checks: &[
            WAF_BUCKET,
            CREATE_LOG_DELIVERY,
            caller_to_add("s3:GetBucketPolicy", "{bucket}"),
            caller_to_add("s3:PutBucketPolicy", "{bucket}"),
            ACL_CHECK,
            LIST_CHECK,
            PUT_OBJECT,
            BUCKET_KEY_KNOWN,
            CUSTOMER_KEY,
            KEY_ENABLED,
            USE_KEY,
        ],
        from: "CloudWatch Logs User Guide, logs sent to Amazon S3",
        notes: &[V1_NOTE],
    },
    Kind {
        name: "vended-v1-firehose",
        title: "Vended logs (V1) to Firehose",
        source: "the resource that generates the logs",
        destination: "the stream, arn:aws:firehose:REGION:ACCOUNT:deliverystream/NAME",
        forms: (ends::ANY, ends::FIREHOSE),
        options: &[],
        lets: &[],
        checks: &[
            CREATE_LOG_DELIVERY,
            caller("firehose:TagDeliveryStream", "tag the stream", "{destination}"),
            caller(
                "iam:CreateServiceLinkedRole",
                "create the service-linked role, if it is not there",
                LINKED_ROLE,
            ),
            DIRECT_PUT,
            ASSUME_LINKED_ROLE,
            PUT_RECORDS,
        ],
        from: "CloudWatch Logs User Guide, logs sent to Firehose",
        notes: &["the tag's value is compared letter by letter: True is not true"],
    },
    Kind {
        name: "waf-firehose",
        title: "WAF logs to Firehose",
        source: "the web ACL",
        destination: "the stream, arn:aws:firehose:REGION:ACCOUNT:deliverystream/aws-waf-logs-NAME",
        forms: (ends::WEB_ACL, ends::FIREHOSE),
        options: &[],
        lets: &[],
        checks: &[
            Check::Require(RequireSpec {
                rule: "the stream's name begins with aws-waf-logs-",
                observed: "{destination.name}",
                required: "aws-waf-logs-*",
                error: Some("WAFInvalidParameterException"),
                ..REQUIRE
            }),
            Check::Require(RequireSpec {
                rule: "the stream belongs to the account of the web ACL",
                observed: "{destination.account}",
                required: "{account}",
                ..REQUIRE
            }),
            Check::Call(CallSpec {
                name: "write to the stream",
                who: Who::Arn(
                    "arn:{partition}:iam::{account}:role/aws-service-role/wafv2.amazonaws.com/AWSServiceRoleForWAFV2Logging",
                ),
                action: "firehose:PutRecordBatch",
                resource: "{destination}",
                documents: &[Doc::WafLoggingRole],
                combine: CombineSpec::Identity,
                ..CALL
            }),
        ],
        from: "WAF Developer Guide, logging destinations",
        notes: &[],
    },
];
