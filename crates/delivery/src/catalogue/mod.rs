//! The catalogue: every kind of delivery as data.
//!
//! A kind is an ordered list of checks. A check is a call (who, what, on which resource, in which context, and
//! which documents decide) or a requirement that no policy decides. Texts are templates: `{name}` stands for a
//! value of the delivery or of its environment, see `plan`. Adding a kind is adding an entry here and a
//! case to the suite; the simulator, the list of commands to collect and the documentation follow.
//!
//! The facts are those of AWS's documentation; where a live observation differs, the observation stands. What
//! nobody could confirm is an `unknown` value or a `doubt`, and leaves the answer uncertain where it matters.

mod balancers;
mod ends;
mod events;
mod exports;
mod fixed;
mod flow_logs;
mod logs;
mod roles;
mod s3;
mod subscriptions;
mod trails;
mod vended;
mod vended_v2;

pub(crate) use fixed::{log_delivery_role, log_delivery_role_trust, waf_logging_role};
pub(crate) use s3::BUCKET_EXISTS;

use crate::form::Forms;
use bailiwick_environment::DocumentKind;

/// A kind of delivery.
#[derive(Debug)]
pub struct Kind {
    /// Its name in a delivery, such as `route53-query-logging`.
    pub name: &'static str,
    /// What it is, in words.
    pub title: &'static str,
    /// What `source` names; empty where the kind has none.
    pub source: &'static str,
    /// What `destination` names; empty where the kind has none.
    pub destination: &'static str,
    /// The forms of the ARNs of both ends.
    pub(crate) forms: (Forms, Forms),
    /// The members of a delivery beyond those every kind has.
    pub options: &'static [Opt],
    /// Values that follow from others; the first that can be made and is not given stands.
    pub(crate) lets: &'static [Let],
    /// The checks in order.
    pub(crate) checks: &'static [Check],
    /// Where AWS documents it.
    pub from: &'static str,
    /// What else is worth knowing.
    pub notes: &'static [&'static str],
}

/// A member of a delivery.
#[derive(Clone, Copy, Debug)]
pub struct Opt {
    /// Its name.
    pub name: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// Whether the kind cannot do without it.
    pub required: bool,
}

/// A value that follows from others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Let {
    pub(crate) name: &'static str,
    pub(crate) value: &'static str,
    pub(crate) when: When,
    /// What is taken to be so where the value follows; empty where it is so.
    pub(crate) taken: &'static str,
}

/// When a check is made.
#[derive(Clone, Copy, Debug)]
pub(crate) enum When {
    Always,
    /// When the value is there.
    If(&'static str),
    /// When it is not.
    Unless(&'static str),
    /// When it is this.
    Is(&'static str, &'static str),
    /// When it is not this; also when it is not there.
    IsNot(&'static str, &'static str),
    /// When it is one of these.
    OneOf(&'static str, &'static [&'static str]),
    /// When it is none of these.
    NoneOf(&'static str, &'static [&'static str]),
    /// When all of these hold.
    All(&'static [When]),
}

/// One check of a kind.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Check {
    Call(CallSpec),
    Require(RequireSpec),
}

/// Who calls.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Who {
    /// A service, by all its names.
    Service(&'static [&'static str]),
    /// A role, a user or an account.
    Arn(&'static str),
}

/// A value of the context.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Val {
    One(&'static str),
    Many(&'static [&'static str]),
    /// A fact of the environment; the text says what is missing when nobody looked it up. The value `absent`
    /// leaves the key out.
    Fact(&'static str, &'static str),
}

/// Which documents decide.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Doc {
    LogGroup(&'static str),
    Xray,
    Attached(DocumentKind, &'static str),
    Identity(&'static str),
    /// What AWS attaches to `AWSServiceRoleForLogDelivery`.
    LogDeliveryRole,
    LogDeliveryRoleTrust,
    /// What AWS attaches to `AWSServiceRoleForWAFV2Logging`.
    WafLoggingRole,
}

/// A value of the context that nobody knows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UnknownSpec {
    pub(crate) key: &'static str,
    pub(crate) fact: &'static str,
    pub(crate) when: When,
    pub(crate) values: &'static [Option<&'static str>],
    pub(crate) prefix: Option<&'static str>,
    /// What a statement names the value by, where only its prefix is known.
    pub(crate) pattern: Option<&'static str>,
    pub(crate) any: bool,
}

/// A call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallSpec {
    pub(crate) setup: bool,
    pub(crate) name: &'static str,
    pub(crate) when: When,
    pub(crate) who: Who,
    pub(crate) action: &'static str,
    pub(crate) resource: &'static str,
    /// Another name AWS may give the resource.
    pub(crate) or_resource: Option<&'static str>,
    /// Who owns the resource where its ARN does not say it.
    pub(crate) owner: Option<&'static str>,
    pub(crate) context: &'static [(&'static str, Val)],
    pub(crate) documents: &'static [Doc],
    pub(crate) combine: CombineSpec,
    pub(crate) optional: bool,
    pub(crate) unknowns: &'static [UnknownSpec],
    pub(crate) doubt: Option<&'static str>,
    pub(crate) error: Option<&'static str>,
}

/// How the documents decide together.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum CombineSpec {
    Resource,
    Identity,
    /// Either side within one account, both across two.
    ByAccount,
    Both,
}

/// A requirement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequireSpec {
    pub(crate) rule: &'static str,
    pub(crate) when: When,
    pub(crate) observed: &'static str,
    /// As people write it: `≤ 10`, `aws-waf-logs-*`, `not enabled`.
    pub(crate) required: &'static str,
    /// What is taken to be so when nobody looked it up.
    pub(crate) assume: Option<&'static str>,
    /// The command that looks it up.
    pub(crate) look_up: Option<&'static str>,
    pub(crate) doubt: Option<&'static str>,
    pub(crate) error: Option<&'static str>,
}

/// Defaults of a call made by a service at delivery time.
pub(crate) const CALL: CallSpec = CallSpec {
    setup: false,
    name: "",
    when: When::Always,
    who: Who::Service(&[]),
    action: "",
    resource: "",
    or_resource: None,
    owner: None,
    context: &[],
    documents: &[],
    combine: CombineSpec::Resource,
    optional: false,
    unknowns: &[],
    doubt: None,
    error: None,
};

/// Defaults of a call made at setup by whoever configures the delivery.
pub(crate) const CALLER: CallSpec = CallSpec {
    setup: true,
    when: When::If("caller"),
    who: Who::Arn("{caller}"),
    documents: &[Doc::Identity("{caller}")],
    combine: CombineSpec::Identity,
    context: &[("aws:PrincipalOrgID", Val::Fact("{organization}", ""))],
    error: Some("AccessDeniedException"),
    ..CALL
};

/// Defaults of a requirement.
pub(crate) const REQUIRE: RequireSpec = RequireSpec {
    rule: "",
    when: When::Always,
    observed: "",
    required: "",
    assume: None,
    look_up: None,
    doubt: None,
    error: None,
};

/// What a service sends about the resource it works for.
pub(crate) const SOURCE: &[(&str, Val)] =
    &[("aws:SourceArn", Val::One("{source}")), ("aws:SourceAccount", Val::One("{account}"))];

/// The same with the header by which the bucket's owner owns the object.
pub(crate) const SOURCE_ACL: &[(&str, Val)] = &[
    ("aws:SourceArn", Val::One("{source}")),
    ("aws:SourceAccount", Val::One("{account}")),
    ("s3:x-amz-acl", Val::One("bucket-owner-full-control")),
    ("aws:SecureTransport", Val::One("true")),
];

/// Defaults of a value that nobody knows.
pub(crate) const UNKNOWN: UnknownSpec = UnknownSpec {
    key: "",
    fact: "",
    when: When::Always,
    values: &[],
    prefix: None,
    pattern: None,
    any: false,
};

/// Whether the organization's key is sent is known of no service for certain; which it is may be given.
const ORGANIZATION: UnknownSpec = UnknownSpec {
    key: "aws:SourceOrgID",
    fact: "whether the service sends aws:SourceOrgID, and which",
    when: When::Unless("organization"),
    any: true,
    ..UNKNOWN
};

/// The same where the organization is given.
const ORGANIZATION_GIVEN: UnknownSpec = UnknownSpec {
    fact: "whether the service sends aws:SourceOrgID",
    when: When::If("organization"),
    values: &[Some("{organization}")],
    any: false,
    ..ORGANIZATION
};

/// Whether a key is used through the service that holds the destination.
const VIA_SERVICE: UnknownSpec = UnknownSpec {
    key: "kms:ViaService",
    fact: "whether the key is used through the destination's service (kms:ViaService)",
    when: When::All(&[When::If("destination.service"), When::If("key.region")]),
    values: &[Some("{destination.service}.{key.region}.amazonaws.com")],
    ..UNKNOWN
};

/// S3 encrypts an object under its ARN, or, with a bucket key, under the bucket's.
const OBJECT_CONTEXT: UnknownSpec = UnknownSpec {
    key: "kms:EncryptionContext:aws:s3:arn",
    fact: "whether the key is used for the object or, with an S3 bucket key, for the bucket (kms:EncryptionContext:aws:s3:arn)",
    when: When::All(&[When::If("bucket"), When::If("objectKey")]),
    values: &[Some("{bucket}"), Some("{bucket}/{objectKey}")],
    ..UNKNOWN
};

/// What is not known of any call of a service.
pub(crate) const BESIDE: &[UnknownSpec] = &[ORGANIZATION, ORGANIZATION_GIVEN];

/// What is not known of a service's use of a key.
pub(crate) const BESIDE_KEY: &[UnknownSpec] =
    &[ORGANIZATION, ORGANIZATION_GIVEN, VIA_SERVICE, OBJECT_CONTEXT];

/// Whether the ACL header is sent to a bucket whose ACLs are disabled.
pub(crate) const ACL: UnknownSpec = UnknownSpec {
    key: "s3:x-amz-acl",
    fact: "whether the service sends x-amz-acl to a bucket with BucketOwnerEnforced (AWS documents it, users report otherwise)",
    when: When::Is("bucket.ownership", "BucketOwnerEnforced"),
    values: &[None],
    ..UNKNOWN
};

pub(crate) const fn option(name: &'static str, meaning: &'static str) -> Opt {
    Opt { name, meaning, required: false }
}

pub(crate) const fn needed(name: &'static str, meaning: &'static str) -> Opt {
    Opt { name, meaning, required: true }
}

pub(crate) const fn default(name: &'static str, value: &'static str) -> Let {
    Let { name, value, when: When::Always, taken: "" }
}

/// What is taken to be so of every delivery of a kind.
pub(crate) const fn taken(name: &'static str, what: &'static str) -> Let {
    Let { name, value: "taken", when: When::Always, taken: what }
}

pub(crate) const PREFIX: Opt = option("prefix", "the prefix of the objects' keys");
pub(crate) const OBJECT_KEY: Opt =
    option("objectKey", "the key of an object to check with, where the usual one does not fit");
pub(crate) const KEY: Opt = option(
    "key",
    "the ARN of the KMS key the destination is encrypted under, or none, where the environment does not give it",
);
/// The same, where the delivery may name a key itself.
pub(crate) const OWN_KEY: Opt = option(
    "key",
    "the ARN of the KMS key that what is delivered names, or else the one the destination is encrypted under, or none, where the environment does not give it",
);
pub(crate) const ROLE: Opt = needed("role", "the ARN of the role that writes");
pub(crate) const STREAM: Opt = option("streamName", "the name of a log stream to check with");

/// The documents of a bucket.
pub(crate) const BUCKET: &[Doc] = &[Doc::Attached(DocumentKind::Bucket, "{bucket}")];
/// The documents of the key.
pub(crate) const KEYS: &[Doc] = &[Doc::Attached(DocumentKind::Key, "{key}")];

/// What is encrypted under a key of AWS's own cannot be granted to a service.
pub(crate) const CUSTOMER_KEY: Check = Check::Require(RequireSpec {
    rule: "the key is a customer managed key",
    when: When::If("key"),
    observed: "{key.manager}",
    required: "CUSTOMER",
    assume: Some("CUSTOMER"),
    look_up: Some("aws kms describe-key"),
    ..REQUIRE
});

/// A key that cannot be used encrypts nothing.
pub(crate) const KEY_ENABLED: Check = Check::Require(RequireSpec {
    rule: "the key is enabled",
    when: When::If("key.state"),
    observed: "{key.state}",
    required: "Enabled",
    look_up: Some("aws kms describe-key"),
    ..REQUIRE
});

/// Whether a bucket is encrypted under a key decides whether the key's policy has a say.
pub(crate) const BUCKET_KEY_KNOWN: Check =
    Check::Require(RequireSpec { look_up: Some("aws s3api get-bucket-encryption, or key"), ..KEY_KNOWN_BY });

/// The same of a queue.
pub(crate) const QUEUE_KEY_KNOWN: Check = Check::Require(RequireSpec {
    look_up: Some("aws sqs get-queue-attributes --attribute-names All, or key"),
    ..KEY_KNOWN_BY
});

/// The same of a topic.
pub(crate) const TOPIC_KEY_KNOWN: Check =
    Check::Require(RequireSpec { look_up: Some("aws sns get-topic-attributes, or key"), ..KEY_KNOWN_BY });

const KEY_KNOWN_BY: RequireSpec = RequireSpec {
    rule: "which key {destination} is encrypted under, or that it is under none",
    when: When::Unless("encryption"),
    observed: "{encryption}",
    required: "known",
    ..REQUIRE
};

/// When there is a key that can be granted.
pub(crate) const UNDER_KEY: When = When::All(&[When::If("key"), When::IsNot("key.manager", "AWS")]);

/// The lists the catalogue is made of.
static LISTS: &[&[Kind]] = &[
    logs::KINDS,
    vended::KINDS,
    vended_v2::KINDS,
    subscriptions::KINDS,
    exports::KINDS,
    trails::KINDS,
    flow_logs::KINDS,
    balancers::KINDS,
    s3::KINDS,
    events::KINDS,
    roles::KINDS,
];

/// Every kind, in the order of the documentation.
pub fn kinds() -> impl Iterator<Item = &'static Kind> {
    LISTS.iter().copied().flatten()
}

impl Kind {
    /// The kind of that name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        kinds().find(|kind| kind.name == name)
    }
}
