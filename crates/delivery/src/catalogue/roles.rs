//! Services that write to CloudWatch Logs by a role of the customer's. Resource policies allow nothing there.

use super::{
    CALL, CallSpec, Check, CombineSpec, Doc, Kind, ROLE, STREAM, UNKNOWN, UnknownSpec, Who, default, ends,
    logs::GROUP_KEY,
};
use bailiwick_environment::DocumentKind;

/// Whether the source keys are sent when a role is assumed is not documented for these.
pub(super) const ASSUMED_FOR: &[UnknownSpec] = &[
    UnknownSpec {
        key: "aws:SourceArn",
        fact: "whether the service sends aws:SourceArn when it assumes the role, and which",
        any: true,
        ..UNKNOWN
    },
    UnknownSpec {
        key: "aws:SourceAccount",
        fact: "whether the service sends aws:SourceAccount when it assumes the role",
        values: &[Some("{account}")],
        ..UNKNOWN
    },
];

const fn assume(service: &'static [&'static str]) -> Check {
    Check::Call(CallSpec {
        name: "assume the role",
        who: Who::Service(service),
        action: "sts:AssumeRole",
        resource: "{role}",
        documents: &[Doc::Attached(DocumentKind::RoleTrust, "{role}")],
        unknowns: ASSUMED_FOR,
        ..CALL
    })
}

const fn write(name: &'static str, action: &'static str, resource: &'static str) -> Check {
    Check::Call(CallSpec {
        name,
        who: Who::Arn("{role}"),
        action,
        resource,
        documents: &[Doc::Identity("{role}")],
        combine: CombineSpec::Identity,
        ..CALL
    })
}

/// AWS's messages name a log group as if it were a stream without a name; its documentation does not.
const CREATE_GROUP: Check = Check::Call(CallSpec {
    name: "create the log group, if it is not there",
    who: Who::Arn("{role}"),
    action: "logs:CreateLogGroup",
    resource: "{group}:log-stream:",
    or_resource: Some("{group}"),
    documents: &[Doc::Identity("{role}")],
    combine: CombineSpec::Identity,
    ..CALL
});
const CREATE_STREAM: Check =
    write("create the log stream", "logs:CreateLogStream", "{group}:log-stream:{streamName}");
const PUT: Check = write("write to the log stream", "logs:PutLogEvents", "{group}:log-stream:{streamName}");

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "iot-logs",
        title: "AWS IoT logs to CloudWatch Logs",
        source: "",
        destination: "the log group, AWSIotLogsV2 or one of one's own",
        forms: (ends::NONE, ends::GROUP),
        options: &[ROLE, STREAM],
        lets: &[default("account", "{destination.account}"), default("streamName", "log-stream")],
        checks: &[assume(&["iot.amazonaws.com"]), CREATE_GROUP, CREATE_STREAM, PUT, GROUP_KEY],
        from: "AWS IoT Core Developer Guide, configure logging",
        notes: &["log groups of one's own must be added to the role's policy"],
    },
    Kind {
        name: "appsync-logs",
        title: "AppSync logs to CloudWatch Logs",
        source: "",
        destination: "the log group",
        forms: (ends::NONE, ends::GROUP),
        options: &[ROLE, STREAM],
        lets: &[default("account", "{destination.account}"), default("streamName", "log-stream")],
        checks: &[assume(&["appsync.amazonaws.com"]), CREATE_GROUP, CREATE_STREAM, PUT, GROUP_KEY],
        from: "AppSync Developer Guide, monitoring and logging",
        notes: &[],
    },
    Kind {
        name: "apigateway-execution-logs",
        title: "API Gateway execution logs to CloudWatch Logs",
        source: "",
        destination: "the log group",
        forms: (ends::NONE, ends::GROUP),
        options: &[ROLE, STREAM],
        lets: &[default("account", "{destination.account}"), default("streamName", "log-stream")],
        checks: &[assume(&["apigateway.amazonaws.com"]), CREATE_GROUP, CREATE_STREAM, PUT, GROUP_KEY],
        from: "API Gateway Developer Guide, CloudWatch logging",
        notes: &["the role is the account's cloudwatchRoleArn, set for each Region"],
    },
];
