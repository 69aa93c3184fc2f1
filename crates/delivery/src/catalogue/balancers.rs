//! Load balancers: access logs to S3.

use super::{
    BUCKET, BUCKET_KEY_KNOWN, CALL, CUSTOMER_KEY, CallSpec, Check, KEY, KEY_ENABLED, Kind, OBJECT_KEY,
    PREFIX, REQUIRE, RequireSpec, SOURCE, UNKNOWN, UnknownSpec, When, Who, default, ends, needed,
    s3::SSE_S3,
    vended::{ACL_CHECK, LIST_CHECK, PUT_OBJECT, USE_KEY, V1_NOTE, caller},
};

/// The load balancer's bucket is in its Region.
const SAME_REGION: Check = Check::Require(RequireSpec {
    rule: "the bucket is in the Region of the source",
    observed: "{bucket.region}",
    required: "{region}",
    assume: Some("{region}"),
    look_up: Some("aws s3api get-bucket-location"),
    error: Some("InvalidConfigurationRequest"),
    ..REQUIRE
});

const NO_AWSLOGS: Check = Check::Require(RequireSpec {
    rule: "the prefix does not contain AWSLogs",
    when: When::IsNot("prefix", ""),
    observed: "{prefix.folder}",
    required: "not AWSLogs",
    ..REQUIRE
});

const BALANCER: &[UnknownSpec] = &[
    UnknownSpec {
        key: "aws:SourceArn",
        fact: "the aws:SourceArn that Elastic Load Balancing sends; taken to be the load balancer's",
        prefix: Some("arn:{partition}:elasticloadbalancing:{region}:{account}:"),
        pattern: Some("{source}"),
        ..UNKNOWN
    },
    UnknownSpec {
        key: "aws:SourceAccount",
        fact: "whether Elastic Load Balancing sends aws:SourceAccount",
        values: &[None],
        ..UNKNOWN
    },
];

const TEST_FILE: &str = "{folder}AWSLogs/{account}/ELBAccessLogTestFile";
const BALANCER_DENIED: Option<&str> =
    Some("InvalidConfigurationRequest: Access Denied for bucket. Please check S3bucket permission");

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "alb-access-logs",
        title: "Application Load Balancer access and connection logs to S3",
        source: "the load balancer",
        destination: "the bucket, arn:aws:s3:::BUCKET[/PREFIX]",
        forms: (ends::APPLICATION_BALANCER, ends::BUCKET_OR_PREFIX),
        options: &[PREFIX, OBJECT_KEY, KEY],
        lets: &[default("objectKey", TEST_FILE)],
        checks: &[
            SAME_REGION,
            SSE_S3,
            NO_AWSLOGS,
            caller("elasticloadbalancing:ModifyLoadBalancerAttributes", "turn access logs on", "{source}"),
            Check::Call(CallSpec {
                setup: true,
                name: "write the test file, and every log file",
                who: Who::Service(&["logdelivery.elasticloadbalancing.amazonaws.com"]),
                action: "s3:PutObject",
                resource: "{bucket}/{objectKey}",
                owner: Some("{bucket.account}"),
                context: SOURCE,
                documents: BUCKET,
                unknowns: BALANCER,
                error: BALANCER_DENIED,
                ..CALL
            }),
        ],
        from: "Elastic Load Balancing User Guide, access logs for your Application Load Balancer",
        notes: &[
            "older Regions also take the Region's account of Elastic Load Balancing: alb-access-logs-legacy",
        ],
    },
    Kind {
        name: "alb-access-logs-legacy",
        title: "Application and Classic Load Balancer access logs to S3, by the Region's account",
        source: "the load balancer",
        destination: "the bucket, arn:aws:s3:::BUCKET[/PREFIX]",
        forms: (ends::BALANCER, ends::BUCKET_OR_PREFIX),
        options: &[
            needed(
                "balancerAccount",
                "the Region's account of Elastic Load Balancing, such as 127311923021 in us-east-1",
            ),
            PREFIX,
            OBJECT_KEY,
            KEY,
        ],
        lets: &[default("objectKey", TEST_FILE)],
        checks: &[
            SAME_REGION,
            SSE_S3,
            NO_AWSLOGS,
            Check::Call(CallSpec {
                setup: true,
                name: "write the test file, and every log file",
                who: Who::Arn("arn:{partition}:iam::{balancerAccount}:root"),
                action: "s3:PutObject",
                resource: "{bucket}/{objectKey}",
                owner: Some("{bucket.account}"),
                documents: BUCKET,
                error: BALANCER_DENIED,
                ..CALL
            }),
        ],
        from: "Elastic Load Balancing User Guide, access logs for your Application Load Balancer",
        notes: &[
            "it is an account and no service: no aws:SourceArn is sent; Regions opened after August 2022 have none",
        ],
    },
    Kind {
        name: "nlb-access-logs",
        title: "Network Load Balancer access logs to S3 (V1)",
        source: "the load balancer",
        destination: "the bucket, arn:aws:s3:::BUCKET[/PREFIX]",
        forms: (ends::NETWORK_BALANCER, ends::BUCKET_OR_PREFIX),
        options: &[PREFIX, OBJECT_KEY, KEY],
        lets: &[default(
            "objectKey",
            "{folder}AWSLogs/{account}/elasticloadbalancing/{region}/2026/01/01/log.gz",
        )],
        checks: &[
            SAME_REGION,
            NO_AWSLOGS,
            ACL_CHECK,
            LIST_CHECK,
            PUT_OBJECT,
            BUCKET_KEY_KNOWN,
            CUSTOMER_KEY,
            KEY_ENABLED,
            USE_KEY,
        ],
        from: "Elastic Load Balancing User Guide, access logs for your Network Load Balancer",
        notes: &[V1_NOTE],
    },
];
