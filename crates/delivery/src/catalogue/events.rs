//! SNS and EventBridge as sources.

use super::{
    CALL, CUSTOMER_KEY, CallSpec, Check, CombineSpec, Doc, KEY, KEY_ENABLED, KEYS, Kind, QUEUE_KEY_KNOWN,
    REQUIRE, RequireSpec, SOURCE, TOPIC_KEY_KNOWN, UNDER_KEY, UNKNOWN, UnknownSpec, Val, Who, ends, needed,
    option,
};
use bailiwick_environment::DocumentKind;

const SNS: &[&str] = &["{sns.principal}", "{sns.other}"];
const EVENTS: &[&str] = &["events.amazonaws.com"];
const QUEUE: &[Doc] = &[Doc::Attached(DocumentKind::Queue, "{destination}")];
const TOPIC: &[Doc] = &[Doc::Attached(DocumentKind::Topic, "{destination}")];
const FUNCTION: &[Doc] = &[Doc::Attached(DocumentKind::Function, "{destination}")];
const DEAD_LETTER: Option<&str> = Some("dead-letter queue: ERROR_CODE=NO_PERMISSIONS");

const fn send(
    who: &'static [&'static str],
    name: &'static str,
    action: &'static str,
    documents: &'static [Doc],
) -> CallSpec {
    CallSpec {
        name,
        who: Who::Service(who),
        action,
        resource: "{destination}",
        context: SOURCE,
        documents,
        ..CALL
    }
}

/// What SQS uses a queue's key with (observed of EventBridge, which calls as itself).
const QUEUE_CONTEXT: &[(&str, Val)] = &[
    ("aws:SourceArn", Val::One("{source}")),
    ("aws:SourceAccount", Val::One("{account}")),
    ("kms:EncryptionContext:aws:sqs:arn", Val::One("{destination}")),
];

/// What SNS uses a topic's key with for EventBridge (observed); whether the account is in an organization, and in
/// which, must be given.
const TOPIC_CONTEXT: &[(&str, Val)] = &[
    ("aws:SourceArn", Val::One("{source}")),
    ("aws:SourceAccount", Val::One("{account}")),
    ("aws:SourceOrgID", Val::Fact("{organization}", "")),
    ("kms:EncryptionContext:aws:sns:topicArn", Val::One("{destination}")),
    ("kms:EncryptionContext:aws:sns:sourceArn", Val::One("{source}")),
    ("kms:EncryptionContext:aws:sns:sourceAccount", Val::One("{account}")),
];

/// What a rule sends to a queue: a service is seen as a user there (observation 19).
const RULE_TO_QUEUE: &[(&str, Val)] = &[
    ("aws:SourceArn", Val::One("{source}")),
    ("aws:SourceAccount", Val::One("{account}")),
    ("aws:PrincipalType", Val::One("User")),
];

const fn use_key(
    who: &'static [&'static str],
    action: &'static str,
    context: &'static [(&'static str, Val)],
) -> Check {
    Check::Call(CallSpec {
        name: "use the destination's key",
        when: UNDER_KEY,
        who: Who::Service(who),
        action,
        resource: "{key}",
        context,
        documents: KEYS,
        ..CALL
    })
}

/// AWS's troubleshooting page says that the account keeps rules from invoking functions; on other targets it was
/// seen to be sent.
const RULE_ACCOUNT: UnknownSpec = UnknownSpec {
    key: "aws:SourceAccount",
    fact: "whether EventBridge sends aws:SourceAccount to Lambda (AWS advises against asking for it; other targets get it)",
    values: &[None],
    ..UNKNOWN
};

const fn trace(action: &'static str) -> Check {
    Check::Call(CallSpec {
        name: "send trace segments",
        who: Who::Service(SNS),
        action,
        resource: "*",
        owner: Some("{account}"),
        context: SOURCE,
        documents: &[Doc::Xray],
        ..CALL
    })
}

const RULE: &str = "the rule, arn:aws:events:REGION:ACCOUNT:rule/[BUS/]RULE";

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "sns-xray-tracing",
        title: "SNS active tracing to X-Ray",
        source: "the topic",
        destination: "",
        forms: (ends::TOPIC, ends::NONE),
        options: &[option("tracing", "the topic's TracingConfig")],
        lets: &[],
        checks: &[
            Check::Require(RequireSpec {
                rule: "the topic's TracingConfig is Active",
                observed: "{tracing}",
                required: "Active",
                assume: Some("Active"),
                look_up: Some("aws sns get-topic-attributes"),
                ..REQUIRE
            }),
            trace("xray:PutTraceSegments"),
            trace("xray:GetSamplingRules"),
            trace("xray:GetSamplingTargets"),
        ],
        from: "SNS Developer Guide, active tracing",
        notes: &["without the policy the topic works and no segments appear"],
    },
    Kind {
        name: "sns-sqs",
        title: "SNS topic to SQS queue",
        source: "the topic",
        destination: "the queue",
        forms: (ends::TOPIC, ends::QUEUE),
        options: &[KEY],
        lets: &[],
        checks: &[
            Check::Call(send(SNS, "send a message", "sqs:SendMessage", QUEUE)),
            QUEUE_KEY_KNOWN,
            CUSTOMER_KEY,
            KEY_ENABLED,
            use_key(SNS, "kms:GenerateDataKey", QUEUE_CONTEXT),
            use_key(SNS, "kms:Decrypt", QUEUE_CONTEXT),
        ],
        from: "SNS Developer Guide, subscribing an SQS queue",
        notes: &[
            "subscribing by API makes no queue policy; from an opt-in Region to another Region the principal is sns.SOURCE-REGION.amazonaws.com",
        ],
    },
    Kind {
        name: "sns-lambda",
        title: "SNS topic to Lambda function",
        source: "the topic",
        destination: "the function",
        forms: (ends::TOPIC, ends::FUNCTION),
        options: &[],
        lets: &[],
        checks: &[Check::Call(send(SNS, "invoke the function", "lambda:InvokeFunction", FUNCTION))],
        from: "Lambda Developer Guide, using Lambda with SNS",
        notes: &[],
    },
    Kind {
        name: "eventbridge-sqs",
        title: "EventBridge rule to SQS queue",
        source: RULE,
        destination: "the queue",
        forms: (ends::RULE, ends::QUEUE),
        options: &[KEY],
        lets: &[],
        checks: &[
            Check::Call(CallSpec {
                context: RULE_TO_QUEUE,
                error: DEAD_LETTER,
                ..send(EVENTS, "send a message", "sqs:SendMessage", QUEUE)
            }),
            QUEUE_KEY_KNOWN,
            CUSTOMER_KEY,
            KEY_ENABLED,
            use_key(EVENTS, "kms:GenerateDataKey", QUEUE_CONTEXT),
            use_key(EVENTS, "kms:Decrypt", QUEUE_CONTEXT),
        ],
        from: "EventBridge User Guide, resource-based policies; live observations",
        notes: &["rules of a bus of one's own have the bus in their ARN: rule/BUS/RULE"],
    },
    Kind {
        name: "eventbridge-sns",
        title: "EventBridge rule to SNS topic",
        source: RULE,
        destination: "the topic",
        forms: (ends::RULE, ends::TOPIC),
        options: &[KEY],
        lets: &[],
        checks: &[
            Check::Call(CallSpec {
                error: DEAD_LETTER,
                ..send(EVENTS, "publish a message", "sns:Publish", TOPIC)
            }),
            TOPIC_KEY_KNOWN,
            CUSTOMER_KEY,
            KEY_ENABLED,
            use_key(EVENTS, "kms:GenerateDataKey", TOPIC_CONTEXT),
            use_key(EVENTS, "kms:Decrypt", TOPIC_CONTEXT),
        ],
        from: "EventBridge User Guide, resource-based policies; live observations",
        notes: &[
            "AWS documents conditions on the source as unsupported here; they were seen to be sent and to work",
        ],
    },
    Kind {
        name: "eventbridge-lambda",
        title: "EventBridge rule to Lambda function",
        source: RULE,
        destination: "the function, with its alias or version if it has one",
        forms: (ends::RULE, ends::FUNCTION),
        options: &[],
        lets: &[],
        checks: &[Check::Call(CallSpec {
            unknowns: &[RULE_ACCOUNT],
            error: DEAD_LETTER,
            ..send(EVENTS, "invoke the function", "lambda:InvokeFunction", FUNCTION)
        })],
        from: "EventBridge User Guide, resource-based policies and troubleshooting",
        notes: &["an alias needs a permission of its own"],
    },
    Kind {
        name: "eventbridge-role-target",
        title: "EventBridge rule to a target by role: Kinesis, Step Functions, ECS, another bus, …",
        source: RULE,
        destination: "the target",
        forms: (ends::RULE, ends::ANY),
        options: &[
            needed("role", "the target's RoleArn"),
            needed("action", "what the role does, such as kinesis:PutRecord"),
        ],
        lets: &[super::taken(
            "target.key",
            "the target is under no key of the customer's, or the role may use the key",
        )],
        checks: &[
            Check::Call(CallSpec {
                name: "assume the role",
                who: Who::Service(EVENTS),
                action: "sts:AssumeRole",
                resource: "{role}",
                context: SOURCE,
                documents: &[Doc::Attached(DocumentKind::RoleTrust, "{role}")],
                error: Some("dead-letter queue: ERROR_CODE=FAILED_TO_ASSUME_ROLE"),
                ..CALL
            }),
            Check::Call(CallSpec {
                name: "call the target as the role",
                who: Who::Arn("{role}"),
                action: "{action}",
                resource: "{destination}",
                documents: &[Doc::Identity("{role}")],
                combine: CombineSpec::Identity,
                error: DEAD_LETTER,
                ..CALL
            }),
        ],
        from: "EventBridge User Guide, identity-based policies; live observations",
        notes: &[
            "with a role, a resource policy that names events.amazonaws.com does not help; the source keys are absent from the role's call",
        ],
    },
    Kind {
        name: "eventbridge-dead-letter",
        title: "EventBridge dead-letter queue of a rule's target or of a bus",
        source: "the rule, or the bus: arn:aws:events:REGION:ACCOUNT:event-bus/NAME",
        destination: "the queue",
        forms: (ends::RULE_OR_BUS, ends::QUEUE),
        options: &[KEY],
        lets: &[],
        checks: &[
            Check::Require(RequireSpec {
                rule: "the queue is in the Region of the rule",
                observed: "{destination.region}",
                required: "{source.region}",
                ..REQUIRE
            }),
            Check::Call(send(EVENTS, "send a failed event", "sqs:SendMessage", QUEUE)),
            QUEUE_KEY_KNOWN,
            CUSTOMER_KEY,
            KEY_ENABLED,
            use_key(EVENTS, "kms:GenerateDataKey", QUEUE_CONTEXT),
            use_key(EVENTS, "kms:Decrypt", QUEUE_CONTEXT),
        ],
        from: "EventBridge User Guide, dead-letter queues",
        notes: &["a dead-letter queue of another account is never set up by AWS"],
    },
];
