//! `Action` and `NotAction`: whether what they name exists, and belongs into this kind of policy.

use bailiwick_matcher::Pattern;
use bailiwick_parser::syntax::{List, Statement};
use bailiwick_source::{Text, nearest};

use crate::Origin::{Aws, Own};
use crate::Severity::{Error, Suggestion, Warning};
use crate::check::{checks, statements};
use crate::findings::Findings;
use crate::glob;
use crate::tables;
use crate::view::{Policy, actions, inside, resources};
use crate::{Finding, Kind, Kinds};

checks! {
    INVALID_ACTION {
        severity: Error,
        kinds: Kinds::ALL,
        origin: Aws,
        rule: "V-5, G-26",
        reason: "an action is malformed or does not exist",
        explanation: "An action is `*` or `service:Name`; the name may hold `*` and `?`. Names are checked \
            for the services whose actions this program knows (docs/CHECKS.md lists them). The action often \
            has another name than the API operation: `HeadObject` is decided by `s3:GetObject`.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"logs:PutLogEvent","Resource":"*""#,
            r#""Effect":"Allow","Action":"logs:PutLogEvents","Resource":"*""#,
        ),
    }
    INVALID_SERVICE_IN_ACTION {
        severity: Error,
        kinds: Kinds::ALL,
        origin: Aws,
        rule: "V-24, G-27",
        reason: "the service of an action does not exist",
        explanation: "The prefix is looked up in a list of service prefixes and cannot contain wildcards. A \
            service newer than this program's list is unknown to it.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"log:PutLogEvents","Resource":"*""#,
            r#""Effect":"Allow","Action":"logs:PutLogEvents","Resource":"*""#,
        ),
    }
    ACTION_NAMES_API_OPERATION {
        severity: Warning,
        kinds: Kinds::ALL,
        origin: Own,
        rule: "V-5",
        reason: "an action has the name of an API operation that another action authorizes",
        explanation: "The action does not exist, so the entry has no effect. It is not an error, because AWS \
            managed policies contain it.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"s3:ListObjects","Resource":"*""#,
            r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"*""#,
        ),
    }
    UNSUPPORTED_ACTION_IN_POLICY {
        severity: Error,
        kinds: Kinds::RESOURCE.with(&[Kind::Trust]),
        origin: Aws,
        rule: "V-40, G-41, G-42",
        reason: "a policy of this kind does not support the action",
        explanation: "A bucket policy supports the S3 actions on buckets and objects, a key policy the KMS \
            actions, a role trust policy the `sts:AssumeRole…` actions, `sts:TagSession`, \
            `sts:SetSourceIdentity` and `sts:SetContext` in exactly this spelling (`sts:*` is refused), an \
            SNS topic policy no wildcard for all actions. The service refuses the document, or no request \
            for that action concerns the resource.",
        example: statements!(
            Trust,
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:*""#,
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":["sts:AssumeRole","sts:TagSession"]"#,
        ),
    }
    EMPTY_ARRAY_ACTION {
        severity: Suggestion,
        kinds: Kinds::ALL,
        origin: Aws,
        rule: "V-120, G-33",
        reason: "`Action` is an empty list",
        explanation: "The statement names no action and never applies.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":[],"Resource":"*""#,
            r#""Effect":"Allow","Action":["s3:GetObject"],"Resource":"*""#,
        ),
    }
}

pub(super) fn run(policy: &Policy<'_>, findings: &mut Findings) {
    for statement in policy.statements() {
        let Some(element) = &statement.action else { continue };
        let List { span, is_list, items } = &element.value;
        if *is_list && items.is_empty() && !policy.is_partial(*span) {
            let name = if element.negated { "NotAction" } else { "Action" };
            let message = format!("`{name}` is empty, so the statement never applies");
            findings.push(Finding::new(&EMPTY_ARRAY_ACTION, *span, message));
        }
        for action in items {
            if findings.is_full() {
                return;
            }
            exists(action, findings);
            if !element.negated {
                supported(policy, statement, action, findings);
            }
        }
    }
}

/// Whether an action is well formed and known (rules G-26, G-27).
fn exists(action: &Text<'_>, findings: &mut Findings) {
    let text = action.value.as_ref();
    // Variables have a finding of their own.
    if text == "*" || text.contains("${") {
        return;
    }
    let malformed = |message: String, findings: &mut Findings| {
        let finding = Finding::new(&INVALID_ACTION, action.span, message);
        findings.push(finding.help("write `service:Name`, or `*` for all actions"));
    };
    let Some((prefix, name)) = text.split_once(':') else {
        return malformed(format!("`{text}` is not `service:Name`"), findings);
    };
    if name.is_empty() || name.contains(':') || text.contains(char::is_whitespace) {
        let what = if name.is_empty() {
            "no name"
        } else if name.contains(':') {
            "two colons"
        } else {
            "white space"
        };
        return malformed(format!("`{text}` has {what}"), findings);
    }
    if glob::has_wildcard(prefix) {
        let message = format!("`{prefix}` is a pattern, and service prefixes do not support patterns");
        let finding = Finding::new(&INVALID_SERVICE_IN_ACTION, inside(action, 0, prefix.len()), message);
        return findings
            .push(finding.help("name each service, or write `*` for all actions of all services"));
    }
    if !tables::is_prefix(prefix) {
        let message = format!("the service `{prefix}` does not exist");
        let finding = Finding::new(&INVALID_SERVICE_IN_ACTION, inside(action, 0, prefix.len()), message);
        let mut prefixes: Vec<&str> = tables::prefixes().collect();
        prefixes.sort_unstable();
        return findings.push(match nearest(prefix, &prefixes) {
            Some(meant) => finding.help(format!("did you mean `{meant}`?")),
            None => finding,
        });
    }
    named(action, prefix, name, findings);
}

/// Whether the service has an action of that name, where its actions are known.
fn named(action: &Text<'_>, prefix: &str, name: &str, findings: &mut Findings) {
    let Some(service) = tables::service(prefix) else { return };
    let span = inside(action, prefix.len() + 1, action.value.len());
    if glob::has_wildcard(name) {
        let pattern = Pattern::new(&name.to_lowercase());
        if !service.actions().any(|known| pattern.is_match(&known.name.to_lowercase())) {
            let message = format!("no action of `{prefix}` matches `{name}`");
            findings.push(Finding::new(&INVALID_ACTION, span, message));
        }
        return;
    }
    if service.action(name).is_some() {
        return;
    }
    if let Some((meant, shipped)) = service.misnomer(name) {
        let check = if shipped { &ACTION_NAMES_API_OPERATION } else { &INVALID_ACTION };
        let message = format!(
            "the action `{prefix}:{name}` does not exist: `{prefix}:{meant}` authorizes that \
                operation"
        );
        return findings.push(Finding::new(check, span, message).help(format!("write `{prefix}:{meant}`")));
    }
    let message = format!("the action `{prefix}:{name}` does not exist");
    let finding = Finding::new(&INVALID_ACTION, span, message);
    let mut names: Vec<&str> = service.actions().map(|action| action.name).collect();
    names.sort_unstable();
    findings.push(match nearest(name, &names) {
        Some(meant) => finding.help(format!("did you mean `{prefix}:{meant}`?")),
        None => finding,
    });
}

/// S3's actions that no bucket policy can be asked for (rule G-42), besides those that need `Resource: "*"`.
const NOT_OF_BUCKETS: [&str; 3] = ["ListAllMyBuckets", "CreateJob", "ListJobs"];

/// Whether a policy of this kind supports the action. Trust policies have rules of their own.
fn supported(policy: &Policy<'_>, statement: &Statement<'_>, action: &Text<'_>, findings: &mut Findings) {
    let text = action.value.as_ref();
    let (prefix, name) = text.split_once(':').unwrap_or((text, ""));
    let foreign =
        |wanted: &str| text != "*" && !prefix.eq_ignore_ascii_case(wanted) && tables::is_prefix(prefix);
    let why = match policy.kind {
        Kind::S3Bucket if foreign("s3") => format!("`{text}` is not an S3 action"),
        Kind::S3Bucket | Kind::Resource
            if prefix.eq_ignore_ascii_case("s3")
                && NOT_OF_BUCKETS.iter().any(|known| known.eq_ignore_ascii_case(name)) =>
        {
            format!("`{text}` applies to an account, not to a bucket")
        }
        Kind::KmsKey if foreign("kms") => format!("`{text}` is not a KMS action"),
        Kind::XrayResource if foreign("xray") => format!("`{text}` is not an X-Ray action"),
        Kind::Resource
            if ["*", "sns:*"].iter().any(|all| all.eq_ignore_ascii_case(text)) && is_topic(statement) =>
        {
            format!("SNS refuses `{text}` in a topic policy: \"action out of service scope\"")
        }
        _ => return,
    };
    let finding = Finding::new(&UNSUPPORTED_ACTION_IN_POLICY, action.span, why);
    findings.push(match policy.kind {
        Kind::Resource if name.is_empty() || name == "*" => {
            finding.help("name the actions, such as `sns:Publish`")
        }
        _ => finding,
    });
}

/// Whether all resources of a statement are SNS topics.
fn is_topic(statement: &Statement<'_>) -> bool {
    let sns = |resource: &Text<'_>| resource.value.split(':').nth(2) == Some("sns");
    !actions(statement).is_empty() && !resources(statement).is_empty() && resources(statement).iter().all(sns)
}
