//! VPC flow logs.

use super::{
    BUCKET_KEY_KNOWN, CALL, CALLER, CUSTOMER_KEY, CallSpec, Check, CombineSpec, Doc, KEY, KEY_ENABLED, Kind,
    Let, OBJECT_KEY, PREFIX, REQUIRE, ROLE, RequireSpec, SOURCE, Val, When, Who, default, ends,
    logs::{GROUP_EXISTS, GROUP_KEY},
    needed, option,
    vended::{
        ACL_CHECK, ASSUME_LINKED_ROLE, CREATE_LOG_DELIVERY, DIRECT_PUT, LINKED_ROLE, LIST_CHECK, PUT_OBJECT,
        PUT_RECORDS, USE_KEY, V1_NOTE, caller,
    },
};
use bailiwick_environment::DocumentKind;

const SOURCE_WORDS: &str = "the VPC, subnet or network interface";

const fn by_role(name: &'static str, action: &'static str, resource: &'static str) -> Check {
    Check::Call(CallSpec {
        name,
        who: Who::Arn("{role}"),
        action,
        resource,
        documents: &[Doc::Identity("{role}")],
        combine: CombineSpec::Identity,
        error: Some("DeliverLogsErrorMessage: Access error"),
        ..CALL
    })
}

/// AWS's messages name a log group as if it were a stream without a name; its documentation does not.
const fn of_group(name: &'static str, action: &'static str) -> Check {
    match by_role(name, action, "{group}:log-stream:") {
        Check::Call(call) => Check::Call(CallSpec { or_resource: Some("{group}"), ..call }),
        require @ Check::Require(_) => require,
    }
}

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "vpc-flow-logs-s3",
        title: "VPC flow logs to S3",
        source: SOURCE_WORDS,
        destination: "the bucket, arn:aws:s3:::BUCKET[/FOLDER]",
        forms: (ends::NETWORK, ends::BUCKET_OR_PREFIX),
        options: &[PREFIX, option("hivePath", "true for Hive-compatible paths"), OBJECT_KEY, KEY],
        lets: &[
            Let {
                name: "objectKey",
                value: "{folder}AWSLogs/aws-account-id={account}/aws-service=vpcflowlogs/aws-region={region}/year=2026/month=01/day=01/log.gz",
                when: When::Is("hivePath", "true"),
                taken: "",
            },
            default("objectKey", "{folder}AWSLogs/{account}/vpcflowlogs/{region}/2026/01/01/log.gz"),
        ],
        checks: &[
            caller("ec2:CreateFlowLogs", "create the flow log", "{source}"),
            CREATE_LOG_DELIVERY,
            ACL_CHECK,
            LIST_CHECK,
            PUT_OBJECT,
            BUCKET_KEY_KNOWN,
            CUSTOMER_KEY,
            KEY_ENABLED,
            USE_KEY,
        ],
        from: "VPC User Guide, publish flow logs to Amazon S3",
        notes: &[V1_NOTE],
    },
    Kind {
        name: "vpc-flow-logs-logs",
        title: "VPC flow logs to CloudWatch Logs",
        source: "the flow log, arn:aws:ec2:REGION:ACCOUNT:vpc-flow-log/ID",
        destination: "the log group",
        forms: (ends::FLOW_LOG, ends::GROUP),
        options: &[ROLE],
        lets: &[],
        checks: &[
            caller("ec2:CreateFlowLogs", "create the flow log", "{source}"),
            Check::Call(CallSpec {
                name: "pass the role to flow logs",
                action: "iam:PassRole",
                resource: "{role}",
                context: &[("iam:PassedToService", Val::One("vpc-flow-logs.amazonaws.com"))],
                ..CALLER
            }),
            GROUP_EXISTS,
            Check::Call(CallSpec {
                name: "assume the role",
                who: Who::Service(&["vpc-flow-logs.amazonaws.com"]),
                action: "sts:AssumeRole",
                resource: "{role}",
                context: SOURCE,
                documents: &[Doc::Attached(DocumentKind::RoleTrust, "{role}")],
                error: Some("DeliverLogsErrorMessage: Access error"),
                ..CALL
            }),
            of_group("find the log group", "logs:DescribeLogGroups"),
            of_group("find the log stream", "logs:DescribeLogStreams"),
            by_role("create the log stream", "logs:CreateLogStream", "{group}:log-stream:eni-0-all"),
            by_role("write to the log stream", "logs:PutLogEvents", "{group}:log-stream:eni-0-all"),
            GROUP_KEY,
        ],
        from: "VPC User Guide, publish flow logs to CloudWatch Logs",
        notes: &["service control policies reach this role, as it is the customer's own"],
    },
    Kind {
        name: "vpc-flow-logs-firehose",
        title: "VPC flow logs to Firehose",
        source: SOURCE_WORDS,
        destination: "the stream, arn:aws:firehose:REGION:ACCOUNT:deliverystream/NAME",
        forms: (ends::NETWORK, ends::FIREHOSE),
        options: &[],
        lets: &[],
        checks: &[
            caller("ec2:CreateFlowLogs", "create the flow log", "{source}"),
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
        from: "VPC User Guide, publish flow logs to Firehose",
        notes: &[],
    },
    Kind {
        name: "vpc-flow-logs-firehose-cross-account",
        title: "VPC flow logs to Firehose of another account",
        source: SOURCE_WORDS,
        destination: "the stream, arn:aws:firehose:REGION:ACCOUNT:deliverystream/NAME",
        forms: (ends::NETWORK, ends::FIREHOSE),
        options: &[
            needed("role", "the role of the source account"),
            needed("destinationRole", "the role of the stream's account"),
        ],
        lets: &[],
        checks: &[
            Check::Require(RequireSpec {
                rule: "the stream's role is named AWSLogDeliveryFirehoseCrossAccountRole…",
                observed: "{destinationRole.name}",
                required: "AWSLogDeliveryFirehoseCrossAccountRole*",
                ..REQUIRE
            }),
            Check::Call(CallSpec {
                setup: true,
                name: "assume the source account's role",
                who: Who::Service(&["delivery.logs.amazonaws.com"]),
                action: "sts:AssumeRole",
                resource: "{role}",
                documents: &[Doc::Attached(DocumentKind::RoleTrust, "{role}")],
                unknowns: super::roles::ASSUMED_FOR,
                ..CALL
            }),
            Check::Call(CallSpec {
                setup: true,
                name: "pass the source account's role to log delivery",
                who: Who::Arn("{role}"),
                action: "iam:PassRole",
                resource: "{role}",
                context: &[
                    ("iam:PassedToService", Val::One("delivery.logs.amazonaws.com")),
                    ("iam:AssociatedResourceARN", Val::One("{source}")),
                ],
                documents: &[Doc::Identity("{role}")],
                combine: CombineSpec::Identity,
                ..CALL
            }),
            Check::Call(CallSpec {
                setup: true,
                name: "create the log delivery",
                who: Who::Arn("{role}"),
                action: "logs:CreateLogDelivery",
                resource: "*",
                documents: &[Doc::Identity("{role}")],
                combine: CombineSpec::Identity,
                ..CALL
            }),
            Check::Call(CallSpec {
                name: "assume the stream account's role",
                setup: true,
                who: Who::Arn("{role}"),
                action: "sts:AssumeRole",
                resource: "{destinationRole}",
                documents: &[
                    Doc::Identity("{role}"),
                    Doc::Attached(DocumentKind::RoleTrust, "{destinationRole}"),
                ],
                combine: CombineSpec::Both,
                ..CALL
            }),
            Check::Call(CallSpec {
                setup: true,
                name: "tag the stream",
                who: Who::Arn("{destinationRole}"),
                action: "firehose:TagDeliveryStream",
                resource: "{destination}",
                documents: &[Doc::Identity("{destinationRole}")],
                combine: CombineSpec::Identity,
                ..CALL
            }),
            DIRECT_PUT,
            ASSUME_LINKED_ROLE,
            PUT_RECORDS,
        ],
        from: "VPC User Guide, IAM roles for cross account delivery",
        notes: &[],
    },
];
