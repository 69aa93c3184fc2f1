//! Services that write to CloudWatch Logs as themselves, under the resource policies of the log group's account.

use super::{
    CALL, CALLER, CallSpec, Check, Doc, Kind, Let, Opt, REQUIRE, RequireSpec, SOURCE, STREAM, UNKNOWN,
    UnknownSpec, Val, When, Who, default, ends, option,
};
use bailiwick_environment::DocumentKind;

/// The log group must be there; AWS creates it for nobody.
pub(super) const GROUP_EXISTS: Check = Check::Require(RequireSpec {
    rule: "the log group exists",
    observed: "{group.exists}",
    required: "true",
    assume: Some("true"),
    look_up: Some("aws logs describe-log-groups"),
    ..REQUIRE
});

const fn stream(action: &'static str, who: &'static [&'static str], stream: &'static str) -> CallSpec {
    CallSpec {
        name: "write to the log stream",
        who: Who::Service(who),
        action,
        resource: stream,
        context: SOURCE,
        documents: &[Doc::LogGroup("{group}")],
        ..CALL
    }
}

pub(super) const fn create(who: &'static [&'static str], resource: &'static str) -> Check {
    Check::Call(CallSpec { name: "create the log stream", ..stream("logs:CreateLogStream", who, resource) })
}

pub(super) const fn put(who: &'static [&'static str], resource: &'static str) -> Check {
    Check::Call(stream("logs:PutLogEvents", who, resource))
}

/// A log group under a key: CloudWatch Logs itself uses the key, whoever writes.
pub(super) const GROUP_KEY: Check = Check::Call(CallSpec {
    name: "encrypt with the log group's key",
    when: When::If("group.key"),
    who: Who::Service(&["logs.{group.region}.amazonaws.com", "logs.amazonaws.com"]),
    action: "kms:GenerateDataKey",
    resource: "{group.key}",
    context: &[("kms:EncryptionContext:aws:logs:arn", Val::One("{group}"))],
    documents: &[Doc::Attached(DocumentKind::Key, "{group.key}")],
    ..CALL
});

const SOURCE_ACCOUNT: Opt =
    option("sourceAccount", "the account that configures query logging; the log group's, if left out");

const INSUFFICIENT: Option<&str> = Some("InsufficientCloudWatchLogsResourcePolicy (400)");

const ROUTE53: &[&str] = &["route53.amazonaws.com"];
const ROUTE53_STREAM: &str = "{group}:log-stream:{streamName}";
const EVENTS: &[&str] = &["events.amazonaws.com"];
const DELIVERY: &[&str] = &["delivery.logs.amazonaws.com"];
const ANY_STREAM: &str = "{group}:log-stream:{streamName}";

const EVENTBRIDGE_PRINCIPAL: &str = "whether EventBridge creates the log stream and writes as events.amazonaws.com \
                                     alone or also as delivery.logs.amazonaws.com";

const fn doubted(check: Check, name: &'static str, doubt: &'static str) -> Check {
    match check {
        Check::Call(call) => Check::Call(CallSpec { name, doubt: Some(doubt), ..call }),
        require @ Check::Require(_) => require,
    }
}

const fn failing(check: Check, setup: bool, error: Option<&'static str>) -> Check {
    match check {
        Check::Call(call) => Check::Call(CallSpec { setup, error, ..call }),
        Check::Require(require) => Check::Require(RequireSpec { error, ..require }),
    }
}

/// X-Ray's source ARN, of which the documentation gives the pattern only.
const XRAY_SOURCE: UnknownSpec = UnknownSpec {
    key: "aws:SourceArn",
    fact: "the resource part of the aws:SourceArn that X-Ray sends",
    prefix: Some("arn:{partition}:xray:{region}:{account}:"),
    ..UNKNOWN
};

const fn spans(documents: &'static [Doc], resource: &'static str) -> Check {
    Check::Call(CallSpec {
        setup: true,
        name: "write spans",
        who: Who::Service(&["xray.amazonaws.com"]),
        action: "logs:PutLogEvents",
        resource,
        context: &[
            ("aws:SourceArn", Val::One("arn:{partition}:xray:{region}:{account}:unknown")),
            ("aws:SourceAccount", Val::One("{account}")),
        ],
        documents,
        unknowns: &[XRAY_SOURCE],
        error: Some(
            "AccessDeniedException: XRay does not have permission to call PutLogEvents on the log group",
        ),
        ..CALL
    })
}

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "route53-query-logging",
        title: "Route 53 public DNS query logs to CloudWatch Logs",
        source: "the hosted zone, arn:aws:route53:::hostedzone/ID",
        destination: "the log group",
        forms: (ends::HOSTED_ZONE, ends::GROUP),
        options: &[SOURCE_ACCOUNT, STREAM],
        lets: &[
            Let {
                name: "account",
                value: "{destination.account}",
                when: When::Unless("account"),
                taken: "the hosted zone belongs to account {destination.account}, as the log group does (sourceAccount says otherwise)",
            },
            default("streamName", "{source.name}/DFW3"),
        ],
        checks: &[
            Check::Require(RequireSpec {
                rule: "the log group and its policy are in us-east-1",
                observed: "{destination.region}",
                required: "us-east-1",
                error: INSUFFICIENT,
                ..REQUIRE
            }),
            Check::Require(RequireSpec {
                rule: "the log group belongs to the account of the hosted zone",
                observed: "{destination.account}",
                required: "{account}",
                error: INSUFFICIENT,
                ..REQUIRE
            }),
            failing(GROUP_EXISTS, true, Some("NoSuchCloudWatchLogsLogGroup (404)")),
            Check::Call(CallSpec {
                name: "configure query logging",
                action: "route53:CreateQueryLoggingConfig",
                resource: "{source}",
                owner: Some("{account}"),
                ..CALLER
            }),
            failing(create(ROUTE53, ROUTE53_STREAM), false, INSUFFICIENT),
            failing(put(ROUTE53, ROUTE53_STREAM), false, INSUFFICIENT),
            GROUP_KEY,
        ],
        from: "Route 53 Developer Guide, public DNS query logging; API CreateQueryLoggingConfig",
        notes: &[
            "hosted zone ARNs have neither Region nor account: aws:SourceAccount is what tells accounts apart",
        ],
    },
    Kind {
        name: "eventbridge-logs",
        title: "EventBridge rule to CloudWatch Logs",
        source: "the rule, arn:aws:events:REGION:ACCOUNT:rule/[BUS/]RULE",
        destination: "the log group",
        forms: (ends::RULE, ends::GROUP),
        options: &[STREAM, option("targetRole", "the RoleArn of the target; a log group must have none")],
        lets: &[
            default("streamName", "0c2a1b3c-0000-0000-0000-000000000000"),
            default("targetRole", "absent"),
        ],
        checks: &[
            Check::Require(RequireSpec {
                rule: "the target has no RoleArn",
                observed: "{targetRole}",
                required: "absent",
                error: Some("ValidationException: RoleArn is not supported for target"),
                ..REQUIRE
            }),
            Check::Require(RequireSpec {
                rule: "the target is the log group's ARN without :*",
                observed: "{destination.ending}",
                required: "bare",
                ..REQUIRE
            }),
            GROUP_EXISTS,
            failing(create(EVENTS, ANY_STREAM), false, NO_PERMISSIONS),
            failing(put(EVENTS, ANY_STREAM), false, NO_PERMISSIONS),
            doubted(
                create(DELIVERY, ANY_STREAM),
                "create the log stream under the other name",
                EVENTBRIDGE_PRINCIPAL,
            ),
            doubted(
                put(DELIVERY, ANY_STREAM),
                "write to the log stream under the other name",
                EVENTBRIDGE_PRINCIPAL,
            ),
            GROUP_KEY,
        ],
        from: "EventBridge User Guide, resource-based policies; live observations",
        notes: &["a denied delivery goes to the rule's dead-letter queue with ERROR_CODE NO_PERMISSIONS"],
    },
    Kind {
        name: "opensearch-logs",
        title: "OpenSearch domain logs to CloudWatch Logs",
        source: "the domain, arn:aws:es:REGION:ACCOUNT:domain/NAME",
        destination: "the log group",
        forms: (ends::DOMAIN, ends::GROUP),
        options: &[STREAM],
        lets: &[default("streamName", "log-stream")],
        checks: &[
            GROUP_EXISTS,
            create(&["es.amazonaws.com"], ANY_STREAM),
            put(&["es.amazonaws.com"], ANY_STREAM),
            GROUP_KEY,
        ],
        from: "OpenSearch Service Developer Guide, monitoring logs",
        notes: &["aws:SourceArn and aws:SourceAccount are sent from service software R20211203 on"],
    },
    Kind {
        name: "xray-transaction-search",
        title: "X-Ray Transaction Search to CloudWatch Logs",
        source: "",
        destination: "",
        forms: (ends::NONE, ends::NONE),
        options: &[super::needed("account", "the account"), super::needed("region", "the Region")],
        lets: &[],
        checks: &[
            spans(
                &[Doc::LogGroup("arn:{partition}:logs:{region}:{account}:log-group:aws/spans")],
                "arn:{partition}:logs:{region}:{account}:log-group:aws/spans:log-stream:default",
            ),
            spans(
                &[Doc::LogGroup(
                    "arn:{partition}:logs:{region}:{account}:log-group:/aws/application-signals/data",
                )],
                "arn:{partition}:logs:{region}:{account}:log-group:/aws/application-signals/data:log-stream:default",
            ),
            Check::Call(CallSpec {
                name: "send trace segments to CloudWatch Logs",
                action: "xray:UpdateTraceSegmentDestination",
                resource: "*",
                ..CALLER
            }),
        ],
        from: "X-Ray Developer Guide, Transaction Search",
        notes: &["the log group aws/spans has no leading slash; it is reserved and made by AWS"],
    },
    Kind {
        name: "amazonmq-logs",
        title: "Amazon MQ general and audit logs to CloudWatch Logs",
        source: "the broker, arn:aws:mq:REGION:ACCOUNT:broker:NAME:ID",
        destination: "the log group, below /aws/amazonmq/",
        forms: (ends::BROKER, ends::GROUP),
        options: &[STREAM],
        lets: &[default("streamName", "log-stream")],
        checks: &[
            Check::Require(RequireSpec {
                rule: "the log group is below /aws/amazonmq/",
                observed: "{group.name}",
                required: "/aws/amazonmq/*",
                ..REQUIRE
            }),
            Check::Call(CallSpec {
                name: "create the log group",
                action: "logs:CreateLogGroup",
                resource: "{group}",
                or_resource: Some("{group}:log-stream:"),
                ..CALLER
            }),
            create(&["mq.amazonaws.com"], ANY_STREAM),
            put(&["mq.amazonaws.com"], ANY_STREAM),
            GROUP_KEY,
        ],
        from: "Amazon MQ Developer Guide, configuring logs",
        notes: &[],
    },
];

const NO_PERMISSIONS: Option<&str> = Some("dead-letter queue: ERROR_CODE=NO_PERMISSIONS");
