//! Vended logs and traces with delivery sources and destinations (V2).

use super::{
    ACL, BUCKET, BUCKET_KEY_KNOWN, CALL, CALLER, CUSTOMER_KEY, CallSpec, Check, CombineSpec, Doc, KEY,
    KEY_ENABLED, KEYS, Kind, Let, OBJECT_KEY, Opt, PREFIX, REQUIRE, RequireSpec, STREAM, UNDER_KEY, UNKNOWN,
    UnknownSpec, Val, When, Who, default, ends,
    logs::{GROUP_EXISTS, GROUP_KEY},
    option,
    vended::{ASSUME_LINKED_ROLE, DIRECT_PUT, PUT_RECORDS, SERVICE, V1_SOURCE, caller, stream},
};
use bailiwick_environment::DocumentKind;

/// The name of a delivery source that does not exist yet.
const V2_SOURCE: UnknownSpec = UnknownSpec {
    key: "aws:SourceArn",
    fact: "the name of the delivery source (deliverySource)",
    when: When::Unless("deliverySource"),
    prefix: Some("arn:{partition}:logs:{region}:{account}:"),
    pattern: Some("arn:{partition}:logs:{region}:{account}:delivery-source:*"),
    ..UNKNOWN
};

/// To CloudWatch Logs, documentation keeps the pattern of V1 for V2.
const V2_LOGS_SOURCE: UnknownSpec = UnknownSpec {
    fact: "whether the aws:SourceArn that log delivery sends to a log group is the delivery source's",
    ..V1_SOURCE
};

const V2_ACL: &[(&str, Val)] = &[
    ("aws:SourceArn", Val::One("{deliverySource.arn}")),
    ("aws:SourceAccount", Val::One("{account}")),
    ("s3:x-amz-acl", Val::One("bucket-owner-full-control")),
    ("aws:SecureTransport", Val::One("true")),
];

const V2: &[(&str, Val)] =
    &[("aws:SourceArn", Val::One("{deliverySource.arn}")), ("aws:SourceAccount", Val::One("{account}"))];

/// Under V2 the documentation shows other accounts for S3 and Firehose only.
const ONE_ACCOUNT: Check = Check::Require(RequireSpec {
    rule: "the destination belongs to the account of the source",
    observed: "{destination.account}",
    required: "{account}",
    assume: Some("the same"),
    doubt: Some(
        "whether log delivery to a log group or X-Ray of another account is possible (AWS documents S3 and Firehose only)",
    ),
    ..REQUIRE
});

const DELIVERY_SOURCE: Opt = option(
    "deliverySource",
    "the name of the delivery source; found in describe-delivery-sources, if left out",
);

const DELIVERY_DESTINATION: Opt =
    option("deliveryDestination", "the name of the delivery destination, to check that it may be used");

const HIVE: Opt = option("hivePath", "true for Hive-compatible paths (aws-account-id=…/region=…)");

const PUT_SOURCE: Check = caller(
    "logs:PutDeliverySource",
    "create the delivery source",
    "arn:{partition}:logs:{region}:{account}:delivery-source:{deliverySource.name}",
);

/// Services that are known to check their own action.
const CHECKED: &[&str] =
    &["bedrock", "bedrock-agentcore", "cloudfront", "ecs", "events", "qbusiness", "quicksight", "s3", "ses"];

const ALLOW_VENDED_KNOWN: Check = Check::Call(CallSpec {
    name: "deliver logs of the resource",
    when: When::All(&[When::If("caller"), When::OneOf("source.service", CHECKED)]),
    action: "{source.service}:AllowVendedLogDeliveryForResource",
    resource: "{source}",
    owner: Some("{account}"),
    ..CALLER
});

const ALLOW_VENDED: Check = Check::Call(CallSpec {
    name: "deliver logs of the resource",
    when: When::All(&[When::If("caller"), When::NoneOf("source.service", CHECKED)]),
    action: "{source.service}:AllowVendedLogDeliveryForResource",
    resource: "{source}",
    owner: Some("{account}"),
    doubt: Some(
        "whether this service checks AllowVendedLogDeliveryForResource (describe-configuration-templates names it if it does)",
    ),
    ..CALLER
});

const CREATE_DELIVERY: Check = caller(
    "logs:CreateDelivery",
    "create the delivery from the source",
    "arn:{partition}:logs:{region}:{account}:delivery-source:{deliverySource.name}",
);

const CREATE_DELIVERY_ITSELF: Check = caller(
    "logs:CreateDelivery",
    "create the delivery",
    "arn:{partition}:logs:{region}:{account}:delivery:1",
);

const DESTINATION_ARN: &str =
    "arn:{partition}:logs:{region}:{destination.account}:delivery-destination:{deliveryDestination}";

const CREATE_DELIVERY_HERE: Check = Check::Call(CallSpec {
    name: "create the delivery to the destination",
    when: When::All(&[
        When::If("caller"),
        When::If("deliveryDestination"),
        When::IsNot("sameAccount", "false"),
    ]),
    action: "logs:CreateDelivery",
    resource: DESTINATION_ARN,
    ..CALLER
});

const CREATE_DELIVERY_THERE: Check = Check::Call(CallSpec {
    name: "create the delivery to the destination of the other account",
    when: When::All(&[When::If("caller"), When::If("deliveryDestination"), When::Is("sameAccount", "false")]),
    action: "logs:CreateDelivery",
    resource: DESTINATION_ARN,
    documents: &[
        Doc::Identity("{caller}"),
        Doc::Attached(DocumentKind::DeliveryDestination, DESTINATION_ARN),
    ],
    combine: CombineSpec::Both,
    ..CALLER
});

/// Whether the other account lets this one create deliveries at all, where nobody in particular asks.
const ADMITTED: Check = Check::Call(CallSpec {
    name: "the other account admits deliveries of this one",
    when: When::All(&[
        When::Unless("caller"),
        When::If("deliveryDestination"),
        When::Is("sameAccount", "false"),
    ]),
    setup: true,
    who: Who::Arn("arn:{partition}:iam::{account}:root"),
    action: "logs:CreateDelivery",
    resource: DESTINATION_ARN,
    documents: &[Doc::Attached(DocumentKind::DeliveryDestination, DESTINATION_ARN)],
    error: Some("AccessDeniedException"),
    ..CALL
});

const SOURCE_ARN: Let =
    default("deliverySource.arn", "arn:{partition}:logs:{region}:{account}:delivery-source:{deliverySource}");

const SOURCE_ARN_UNKNOWN: Let =
    default("deliverySource.arn", "arn:{partition}:logs:{region}:{account}:delivery-source:unknown");

const SOURCE_NAME: Let = default("deliverySource.name", "{deliverySource}");

const SOURCE_NAME_UNKNOWN: Let = default("deliverySource.name", "unknown");

/// Across accounts the other one must admit the delivery at its delivery destination.
const ADMISSION: Let = Let {
    name: "admission",
    value: "taken",
    when: When::All(&[When::Unless("deliveryDestination"), When::Is("sameAccount", "false")]),
    taken: "the delivery destination of account {destination.account} admits deliveries of account {account} (deliveryDestination names it)",
};

const fn hive(name: &'static str, value: &'static str) -> Let {
    Let { name, value, when: When::Is("hivePath", "true"), taken: "" }
}

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "vended-v2-logs",
        title: "Vended logs (V2, delivery sources) to CloudWatch Logs",
        source: "the resource that generates the logs, or its delivery source",
        destination: "the log group",
        forms: (ends::ANY_OR_DELIVERY_SOURCE, ends::GROUP),
        options: &[DELIVERY_SOURCE, DELIVERY_DESTINATION, STREAM],
        lets: &[
            SOURCE_ARN,
            SOURCE_ARN_UNKNOWN,
            SOURCE_NAME,
            SOURCE_NAME_UNKNOWN,
            default("streamName", "log-stream"),
        ],
        checks: &[
            ONE_ACCOUNT,
            PUT_SOURCE,
            ALLOW_VENDED_KNOWN,
            ALLOW_VENDED,
            CREATE_DELIVERY,
            CREATE_DELIVERY_ITSELF,
            CREATE_DELIVERY_HERE,
            GROUP_EXISTS,
            stream("logs:CreateLogStream", "create the log stream", &[V2_LOGS_SOURCE]),
            stream("logs:PutLogEvents", "write to the log stream", &[V2_LOGS_SOURCE]),
            GROUP_KEY,
        ],
        from: "CloudWatch Logs User Guide, V2 permissions, CloudWatch Logs",
        notes: &[],
    },
    Kind {
        name: "vended-v2-s3",
        title: "Vended logs (V2, delivery sources) to S3: CloudFront, Bedrock, …",
        source: "the resource that generates the logs, or its delivery source",
        destination: "the bucket, arn:aws:s3:::BUCKET[/PREFIX]",
        forms: (ends::ANY_OR_DELIVERY_SOURCE, ends::BUCKET_OR_PREFIX),
        options: &[DELIVERY_SOURCE, DELIVERY_DESTINATION, PREFIX, HIVE, OBJECT_KEY, KEY],
        lets: &[
            ADMISSION,
            SOURCE_ARN,
            SOURCE_ARN_UNKNOWN,
            SOURCE_NAME,
            SOURCE_NAME_UNKNOWN,
            hive(
                "objectKey",
                "AWSLogs/aws-account-id={account}/{logService}/region={region}/year=2026/month=01/day=01/log.gz",
            ),
            // A prefix takes the place of AWSLogs/ACCOUNT/SERVICE/, but for CloudFront, which keeps its own.
            Let {
                name: "objectKey",
                value: "{folder}AWSLogs/{account}/CloudFront/log.gz",
                when: When::Is("source.service", "cloudfront"),
                taken: "",
            },
            Let {
                name: "objectKey",
                value: "{folder}{region}/2026/01/01/log.gz",
                when: When::IsNot("folder", ""),
                taken: "",
            },
            default("objectKey", "AWSLogs/{account}/{logService}/{region}/2026/01/01/log.gz"),
        ],
        checks: &[
            PUT_SOURCE,
            ALLOW_VENDED_KNOWN,
            ALLOW_VENDED,
            CREATE_DELIVERY,
            CREATE_DELIVERY_ITSELF,
            CREATE_DELIVERY_HERE,
            CREATE_DELIVERY_THERE,
            ADMITTED,
            Check::Call(CallSpec {
                name: "write an object",
                who: Who::Service(SERVICE),
                action: "s3:PutObject",
                resource: "{bucket}/{objectKey}",
                owner: Some("{bucket.account}"),
                context: V2_ACL,
                documents: BUCKET,
                unknowns: &[V2_SOURCE, ACL],
                ..CALL
            }),
            BUCKET_KEY_KNOWN,
            CUSTOMER_KEY,
            KEY_ENABLED,
            Check::Call(CallSpec {
                name: "encrypt with the bucket's key",
                when: UNDER_KEY,
                who: Who::Service(SERVICE),
                action: "kms:GenerateDataKey",
                resource: "{key}",
                context: V2,
                documents: KEYS,
                unknowns: &[V2_SOURCE],
                ..CALL
            }),
        ],
        from: "CloudWatch Logs User Guide, V2 permissions, Amazon S3",
        notes: &["across accounts AWS does not edit the bucket policy: its owner does"],
    },
    Kind {
        name: "vended-v2-firehose",
        title: "Vended logs (V2, delivery sources) to Firehose",
        source: "the resource that generates the logs, or its delivery source",
        destination: "the stream, arn:aws:firehose:REGION:ACCOUNT:deliverystream/NAME",
        forms: (ends::ANY_OR_DELIVERY_SOURCE, ends::FIREHOSE),
        options: &[DELIVERY_SOURCE, DELIVERY_DESTINATION],
        lets: &[ADMISSION, SOURCE_ARN, SOURCE_ARN_UNKNOWN, SOURCE_NAME, SOURCE_NAME_UNKNOWN],
        checks: &[
            PUT_SOURCE,
            ALLOW_VENDED_KNOWN,
            ALLOW_VENDED,
            CREATE_DELIVERY,
            CREATE_DELIVERY_ITSELF,
            CREATE_DELIVERY_HERE,
            CREATE_DELIVERY_THERE,
            ADMITTED,
            DIRECT_PUT,
            ASSUME_LINKED_ROLE,
            PUT_RECORDS,
        ],
        from: "CloudWatch Logs User Guide, V2 permissions, Firehose",
        notes: &["writes are made by the service-linked role in the stream's account"],
    },
    Kind {
        name: "vended-v2-xray",
        title: "Vended traces (V2, delivery sources) to X-Ray: Bedrock, AgentCore",
        source: "the resource that generates the traces",
        destination: "",
        forms: (ends::ANY, ends::NONE),
        options: &[DELIVERY_SOURCE],
        lets: &[SOURCE_ARN, SOURCE_ARN_UNKNOWN, SOURCE_NAME, SOURCE_NAME_UNKNOWN],
        checks: &[
            PUT_SOURCE,
            ALLOW_VENDED_KNOWN,
            ALLOW_VENDED,
            CREATE_DELIVERY,
            CREATE_DELIVERY_ITSELF,
            Check::Require(RequireSpec {
                rule: "Transaction Search is on",
                observed: "{xray.transactionSearch}",
                required: "ACTIVE",
                assume: Some("true"),
                look_up: Some("aws xray get-trace-segment-destination"),
                ..REQUIRE
            }),
            Check::Call(CallSpec {
                name: "send trace segments",
                who: Who::Service(SERVICE),
                action: "xray:PutTraceSegments",
                resource: "*",
                owner: Some("{account}"),
                context: &[
                    ("aws:SourceArn", Val::One("{deliverySource.arn}")),
                    ("aws:SourceAccount", Val::One("{account}")),
                    ("logs:LogGeneratingResourceArns", Val::Many(&["{source}"])),
                ],
                documents: &[Doc::Xray],
                unknowns: &[V2_SOURCE],
                ..CALL
            }),
        ],
        from: "CloudWatch Logs User Guide, V2 permissions, X-Ray traces",
        notes: &[
            "AgentCore gets one policy for a resource type, other services one for a resource; there are five at most",
        ],
    },
];
