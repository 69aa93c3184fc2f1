//! Offline policy checks: the findings of AWS's policy validation, and others.
//!
//! [`check`] reads one policy document of a [`Kind`] and returns every [`Finding`] in reading order: errors in JSON and in
//! the grammar, elements that the kind does not have, names that do not exist, conditions that do not mean what was
//! intended, grants that are wider than they look, and causes of failing deliveries to CloudWatch Logs, S3 and X-Ray. No
//! finding hides another. [`CHECKS`] has one entry per code, with its reason, a long text and two examples;
//! [`markdown`] writes them out as `docs/CHECKS.md`. [`inputs`] finds the policy documents in other files: outputs
//! of the AWS CLI, CloudFormation templates, Terraform plans.
//!
//! What the checks know of AWS beyond the grammar (services, actions, ARN formats, condition keys, Regions) is in tables
//! of this crate. They do not know the account, so they cannot say whether a role exists.
//!
//! ```
//! use bailiwick_validator::{Kind, Severity, check};
//!
//! let policy = r#"{
//!   "Version": "2012-10-17",
//!   "Statement": [{
//!     "Effect": "Allow",
//!     "Principal": {"Service": "es.amazonaws.com"},
//!     "Action": "logs:PutLogEvent",
//!     "Resource": "arn:aws:logs:us-east-1:111122223333:log-group:/es/domain"
//!   }]
//! }"#;
//! let findings = check(policy, Kind::LogsResource);
//! let codes: Vec<_> = findings.iter().map(|finding| finding.code).collect();
//! assert_eq!(codes, ["RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", "LOGS_ACTION_NEVER_GRANTED", "INVALID_ACTION"]);
//!
//! let misspelt = &findings[2];
//! assert_eq!(misspelt.severity, Severity::Error);
//! assert_eq!(misspelt.pointer, "/Statement/0/Action");
//! assert_eq!(misspelt.span.text(policy), Some("PutLogEvent"));
//! assert_eq!(misspelt.help.as_deref(), Some("did you mean `logs:PutLogEvents`?"));
//! ```
//!
//! # Input safety
//!
//! Any text may be checked: nothing panics and nothing recurses along the input, the parser's limits bound memory, at
//! most 10,000 findings are listed, and comparisons of entries with each other stop at a documented length of the list.

#![forbid(unsafe_code)]

mod account_principal;
mod catalogue;
mod check;
mod checks;
mod finding;
mod findings;
mod glob;
pub mod inputs;
mod kind;
mod spelling;
mod tables;
mod view;

use bailiwick_parser::parse_partial;
use bailiwick_source::json::{self, Limits};

pub use self::catalogue::{NOT_COVERED, explain, markdown};
pub use self::check::{Check, Example, Origin};
pub use self::checks::CHECKS;
pub use self::finding::{Finding, Fix, Severity};
use self::findings::Findings;
pub use self::kind::{Kind, Kinds, UnknownKind};
use self::spelling::Corrected;
use self::view::Policy;

/// Checks one policy document, given as text, and gives all findings in reading order.
///
/// Offsets are bytes of `source`; [`LineIndex`](bailiwick_source::LineIndex) makes lines and columns of them. A
/// document without findings passes everything that this crate can see; see the crate's documentation for an example.
#[must_use]
pub fn check(source: &str, kind: Kind) -> Vec<Finding> {
    let (json, _) = json::parse_partial(source, &Limits::default());
    let (document, errors) = parse_partial(source);
    let policy = Policy::new(source, kind, (document.as_ref(), &errors), json.as_ref());
    let mut grammar = Findings::new(kind);
    checks::grammar(&policy, &mut grammar);
    let mut found = grammar.into_vec();
    match Corrected::new(source, &found) {
        None => found.append(&mut meaning(&policy)),
        Some(corrected) => {
            let (json, _) = json::parse_partial(&corrected.text, &Limits::default());
            let (document, errors) = parse_partial(&corrected.text);
            let policy = Policy::new(&corrected.text, kind, (document.as_ref(), &errors), json.as_ref());
            found.extend(meaning(&policy).into_iter().map(|finding| corrected.restored(finding)));
        }
    }
    findings::finished(found, json.as_ref())
}

fn meaning(policy: &Policy<'_>) -> Vec<Finding> {
    let mut findings = Findings::new(policy.kind);
    checks::meaning(policy, &mut findings);
    findings.into_vec()
}
