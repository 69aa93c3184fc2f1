//! Subscription filters and export tasks: CloudWatch Logs as the source.

use super::{
    CALL, CALLER, CallSpec, Check, CombineSpec, Doc, Kind, Let, Opt, REQUIRE, ROLE, RequireSpec, Val, When,
    Who, default, ends, option,
};
use bailiwick_environment::DocumentKind;

const SERVICE: &[&str] = &["logs.amazonaws.com", "logs.{region}.amazonaws.com"];

const TO_STREAM: Option<&str> =
    Some("InvalidParameterException: Could not deliver test message to specified stream");

/// What CloudWatch Logs sends for a log group; the ARN ends in `:*`, as measured.
const GROUP_SOURCE: &[(&str, Val)] =
    &[("aws:SourceArn", Val::One("{source.group}:*")), ("aws:SourceAccount", Val::One("{account}"))];

/// AWS's messages name a log group as if it were a stream without a name; its documentation does not.
const PUT_FILTER: Check = Check::Call(CallSpec {
    name: "put the subscription filter",
    action: "logs:PutSubscriptionFilter",
    resource: "{source.group}",
    or_resource: Some("{source.group}:log-stream:"),
    ..CALLER
});

const PASS_ROLE: Check = pass_role("{role}", When::If("caller"));

const fn pass_role(role: &'static str, when: When) -> Check {
    Check::Call(CallSpec {
        name: "pass the role to CloudWatch Logs",
        when,
        action: "iam:PassRole",
        resource: role,
        context: &[("iam:PassedToService", Val::One("logs.amazonaws.com"))],
        ..CALLER
    })
}

const FILTERS: Check = Check::Require(RequireSpec {
    rule: "the log group has room for another filter",
    when: When::If("group.filters"),
    observed: "{group.filters} existing",
    required: "≤ 5",
    error: Some("LimitExceededException: Resource limit exceeded."),
    ..REQUIRE
});

const ROOM: Let = Let {
    name: "group.room",
    value: "taken",
    when: When::Unless("group.filters"),
    taken: "the log group {source.group} has room for another subscription filter (aws logs describe-subscription-filters)",
};

const STREAM_KEY: Let = super::taken(
    "stream.key",
    "the stream is under no key of the customer's, or the role that writes may use the key (kms:GenerateDataKey)",
);

const SAME_REGION: Check = Check::Require(RequireSpec {
    rule: "the destination is in the Region of the log group",
    observed: "{destination.region}",
    required: "{source.region}",
    error: Some("InvalidParameterException: Could not deliver test message to specified destination"),
    ..REQUIRE
});

const fn assume(
    name: &'static str,
    setup: bool,
    role: &'static str,
    trust: &'static [Doc],
    context: &'static [(&'static str, Val)],
) -> CallSpec {
    CallSpec {
        setup,
        name,
        who: Who::Service(SERVICE),
        action: "sts:AssumeRole",
        resource: role,
        context,
        documents: trust,
        error: TO_STREAM,
        ..CALL
    }
}

const TRUST: &[Doc] = &[Doc::Attached(DocumentKind::RoleTrust, "{role}")];
const SENDER_TRUST: &[Doc] = &[Doc::Attached(DocumentKind::RoleTrust, "{senderRole}")];

const fn write(name: &'static str, setup: bool, action: &'static str, stream: &'static str) -> CallSpec {
    CallSpec {
        setup,
        name,
        who: Who::Arn("{role}"),
        action,
        resource: stream,
        documents: &[Doc::Identity("{role}")],
        combine: CombineSpec::Identity,
        error: TO_STREAM,
        ..CALL
    }
}

const BY_ORGANIZATION: When = When::Is("destination.names", "organization");

const SENDER_ROLE: Opt = option(
    "senderRole",
    "the role in the subscription filter; destinations that are open to an organization ask for one",
);
const TARGET: Opt =
    option("target", "the ARN of the stream behind the destination, where the environment does not give it");
const DESTINATION_ROLE: Opt =
    option("role", "the role of the destination, where the environment does not give it");

/// What CloudWatch Logs sends when it tests a destination for its owner.
const DESTINATION_SOURCE: &[(&str, Val)] =
    &[("aws:SourceArn", Val::One("{destination}")), ("aws:SourceAccount", Val::One("{destination.account}"))];

const CALLER_ORGANIZATION: &[(&str, Val)] = &[("aws:PrincipalOrgID", Val::Fact("{organization}", ""))];
const ADMITTED_ORGANIZATION: &[(&str, Val)] = &[("aws:PrincipalOrgID", Val::Fact("{organization}", ""))];

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "subscription-kinesis",
        title: "Subscription filter to a Kinesis stream of the same account",
        source: "the log group",
        destination: "the stream, arn:aws:kinesis:REGION:ACCOUNT:stream/NAME",
        forms: (ends::GROUP, ends::KINESIS),
        options: &[ROLE],
        lets: &[ROOM, STREAM_KEY],
        checks: &[
            SAME_REGION,
            PUT_FILTER,
            PASS_ROLE,
            FILTERS,
            Check::Call(assume("assume the role", true, "{role}", TRUST, GROUP_SOURCE)),
            Check::Call(write(
                "write the test message and every record",
                true,
                "kinesis:PutRecord",
                "{destination}",
            )),
        ],
        from: "CloudWatch Logs User Guide, subscription filters",
        notes: &[
            "one call at setup writes a test message; an error at delivery is not retried when access is denied",
        ],
    },
    Kind {
        name: "subscription-firehose",
        title: "Subscription filter to a Firehose stream of the same account",
        source: "the log group",
        destination: "the stream, arn:aws:firehose:REGION:ACCOUNT:deliverystream/NAME",
        forms: (ends::GROUP, ends::FIREHOSE),
        options: &[ROLE],
        lets: &[ROOM],
        checks: &[
            SAME_REGION,
            PUT_FILTER,
            PASS_ROLE,
            FILTERS,
            Check::Call(assume("assume the role", true, "{role}", TRUST, GROUP_SOURCE)),
            Check::Call(write(
                "write the test message and every record",
                true,
                "firehose:PutRecord",
                "{destination}",
            )),
        ],
        from: "CloudWatch Logs User Guide, subscription filters",
        notes: &[],
    },
    Kind {
        name: "subscription-lambda",
        title: "Subscription filter to a Lambda function (also OpenSearch by way of one)",
        source: "the log group",
        destination: "the function, arn:aws:lambda:REGION:ACCOUNT:function:NAME",
        forms: (ends::GROUP, ends::FUNCTION),
        options: &[],
        lets: &[ROOM],
        checks: &[
            SAME_REGION,
            PUT_FILTER,
            FILTERS,
            Check::Call(CallSpec {
                setup: true,
                name: "invoke the function",
                who: Who::Service(SERVICE),
                action: "lambda:InvokeFunction",
                resource: "{destination}",
                context: GROUP_SOURCE,
                documents: &[Doc::Attached(DocumentKind::Function, "{destination}")],
                error: Some(
                    "InvalidParameterException: Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.",
                ),
                ..CALL
            }),
        ],
        from: "CloudWatch Logs User Guide, subscription filters",
        notes: &["aws:SourceArn is the log group's ARN with :* behind it"],
    },
    Kind {
        name: "subscription-destination",
        title: "Subscription filter to a destination of another account, or of an organization",
        source: "the log group",
        destination: "the destination, arn:aws:logs:REGION:ACCOUNT:destination:NAME",
        forms: (ends::GROUP, ends::DESTINATION),
        options: &[TARGET, DESTINATION_ROLE, SENDER_ROLE],
        lets: &[
            ROOM,
            STREAM_KEY,
            // The stream's service says which action writes to it.
            Let {
                name: "put",
                value: "firehose:PutRecord",
                when: When::Is("target.service", "firehose"),
                taken: "",
            },
            default("put", "kinesis:PutRecord"),
        ],
        checks: &[
            SAME_REGION,
            Check::Call(assume(
                "assume the destination's role for the owner's test message",
                true,
                "{role}",
                TRUST,
                DESTINATION_SOURCE,
            )),
            Check::Call(write("write the owner's test message", true, "{put}", "{target}")),
            PUT_FILTER,
            Check::Call(CallSpec {
                name: "send to the destination",
                when: When::All(&[When::If("caller"), When::Is("sameAccount", "false")]),
                action: "logs:PutSubscriptionFilter",
                resource: "{destination}",
                context: CALLER_ORGANIZATION,
                documents: &[
                    Doc::Identity("{caller}"),
                    Doc::Attached(DocumentKind::Destination, "{destination}"),
                ],
                combine: CombineSpec::Both,
                ..CALLER
            }),
            // Measured: within one account the caller's own permission is enough, and a Deny still wins.
            Check::Call(CallSpec {
                name: "send to the destination",
                when: When::All(&[When::If("caller"), When::IsNot("sameAccount", "false")]),
                action: "logs:PutSubscriptionFilter",
                resource: "{destination}",
                documents: &[
                    Doc::Identity("{caller}"),
                    Doc::Attached(DocumentKind::Destination, "{destination}"),
                ],
                combine: CombineSpec::ByAccount,
                ..CALLER
            }),
            Check::Call(CallSpec {
                setup: true,
                name: "the destination admits the account",
                when: When::All(&[When::Unless("caller"), When::Is("sameAccount", "false")]),
                who: Who::Arn("arn:{partition}:iam::{account}:root"),
                action: "logs:PutSubscriptionFilter",
                resource: "{destination}",
                context: ADMITTED_ORGANIZATION,
                documents: &[Doc::Attached(DocumentKind::Destination, "{destination}")],
                unknowns: &[super::UnknownSpec {
                    key: "aws:PrincipalOrgID",
                    fact: "the organization of the sending account (organization)",
                    when: When::Unless("organization"),
                    any: true,
                    ..super::UNKNOWN
                }],
                error: Some("AccessDeniedException"),
                ..CALL
            }),
            FILTERS,
            Check::Require(RequireSpec {
                rule: "the subscription filter has a role, as a destination open to an organization asks",
                when: BY_ORGANIZATION,
                observed: "{senderRole.given}",
                required: "given",
                error: Some("InvalidParameterException"),
                ..REQUIRE
            }),
            pass_role("{senderRole}", When::All(&[When::If("caller"), When::If("senderRole")])),
            Check::Call(CallSpec {
                when: When::If("senderRole"),
                ..assume("assume the sender's role", false, "{senderRole}", SENDER_TRUST, GROUP_SOURCE)
            }),
            Check::Call(CallSpec {
                name: "read for the sender",
                when: When::If("senderRole"),
                who: Who::Arn("{senderRole}"),
                action: "logs:PutLogEvents",
                resource: "{source.group}:log-stream:log-stream",
                documents: &[Doc::Identity("{senderRole}")],
                combine: CombineSpec::Identity,
                ..CALL
            }),
            Check::Call(CallSpec {
                error: Some("the record is dropped; a denied delivery is not retried"),
                ..assume(
                    "assume the destination's role for the sender's records",
                    false,
                    "{role}",
                    TRUST,
                    GROUP_SOURCE,
                )
            }),
            Check::Call(CallSpec {
                error: Some("the record is dropped; a denied delivery is not retried"),
                ..write("write the sender's records", false, "{put}", "{target}")
            }),
        ],
        from: "CloudWatch Logs User Guide, cross-account cross-Region subscriptions; confused deputy prevention",
        notes: &[
            "the trust policy must name both accounts: the owner's test message carries the owner's ARN, every record the sender's",
        ],
    },
];
