//! `Sid`: its characters, and that it is one statement's own.

use std::collections::HashMap;

use crate::Origin::Aws;
use crate::Severity::{Error, Suggestion, Warning};
use crate::check::{checks, statements};
use crate::findings::Findings;
use crate::view::Policy;
use crate::{Example, Finding, Kind, Kinds};

/// The kinds whose store wants letters and digits, each `Sid` once (rule G-10).
const STRICT: Kinds = Kinds::IAM.with(&[Kind::ServiceControl, Kind::ResourceControl]);

checks! {
    UNSUPPORTED_SID {
        severity: Error,
        kinds: STRICT,
        origin: Aws,
        rule: "V-45, G-10",
        reason: "a `Sid` has characters other than letters and digits",
        explanation: "IAM and Organizations accept only the letters a-z and A-Z and digits in a `Sid`. Other \
            services (S3, KMS, …) accept blanks and punctuation too.",
        example: statements!(
            Identity,
            r#""Sid":"read-only","Effect":"Allow","Action":"s3:GetObject","Resource":"*""#,
            r#""Sid":"ReadOnly","Effect":"Allow","Action":"s3:GetObject","Resource":"*""#,
        ),
    }
    UNIQUE_SIDS_REQUIRED {
        severity: Error,
        kinds: STRICT,
        origin: Aws,
        rule: "V-39, G-10",
        reason: "two statements have the same `Sid`",
        explanation: "Each `Sid` must be unique within an IAM policy; IAM refuses the document.",
        example: Example { kind: Kind::Identity, ..REPEATED },
    }
    UNIQUE_SIDS_RECOMMENDED {
        severity: Warning,
        kinds: Kinds::RESOURCE,
        origin: Aws,
        rule: "V-85, G-10",
        reason: "two statements have the same `Sid`",
        explanation: "Some services accept it, but statements with the same `Sid` cannot be told apart, and \
            services that edit statements by their `Sid` change the wrong one.",
        example: Example {
            kind: Kind::Resource,
            found: r#"{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/x"},{"Sid":"a","Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::b/x"}]}"#,
            clean: r#"{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/x"},{"Sid":"b","Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::b/x"}]}"#,
        },
    }
    EMPTY_SID_VALUE {
        severity: Suggestion,
        kinds: Kinds::ALL,
        origin: Aws,
        rule: "V-122, G-10",
        reason: "a `Sid` is the empty string",
        explanation: "`Sid` is optional; remove it, or give the statement a name.",
        example: statements!(
            Identity,
            r#""Sid":"","Effect":"Allow","Action":"s3:GetObject","Resource":"*""#,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*""#,
        ),
    }
}

const REPEATED: Example = Example {
    kind: Kind::Identity,
    found: r#"{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Action":"s3:GetObject","Resource":"*"},{"Sid":"a","Effect":"Allow","Action":"s3:PutObject","Resource":"*"}]}"#,
    clean: r#"{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Action":"s3:GetObject","Resource":"*"},{"Sid":"b","Effect":"Allow","Action":"s3:PutObject","Resource":"*"}]}"#,
};

pub(super) fn run(policy: &Policy<'_>, findings: &mut Findings) {
    let mut seen = HashMap::new();
    for sid in policy.statements().iter().filter_map(|statement| statement.sid.as_ref()) {
        if sid.value.is_empty() {
            findings.push(
                Finding::new(&EMPTY_SID_VALUE, sid.span, "`Sid` is empty")
                    .help("remove it, or name the statement"),
            );
            continue;
        }
        if let Some(found) = sid.value.chars().find(|found| !found.is_ascii_alphanumeric()) {
            let message =
                format!("`Sid` has `{found}`; {} accepts letters and digits only", policy.kind.describe());
            let kept: String = sid.value.chars().filter(char::is_ascii_alphanumeric).collect();
            let finding = Finding::new(&UNSUPPORTED_SID, sid.span, message);
            findings.push(if kept.is_empty() { finding } else { finding.help(format!("write `{kept}`")) });
        }
        let Some(first) = seen.insert(sid.value.as_ref(), sid.span) else { continue };
        let message = format!("`Sid` `{}` names a second statement", sid.value);
        for check in [&UNIQUE_SIDS_REQUIRED, &UNIQUE_SIDS_RECOMMENDED] {
            findings.push(
                Finding::new(check, sid.span, message.clone())
                    .related(first, "the first statement of that name"),
            );
        }
    }
}
