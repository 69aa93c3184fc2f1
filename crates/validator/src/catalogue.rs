//! The checks as documentation: looking one up, and `docs/CHECKS.md`.

use std::fmt::Write as _;

use crate::{CHECKS, Check, Kind, Origin, Severity};

/// The check of that code, letter case ignored.
///
/// ```
/// let check = bailiwick_validator::explain("missing_version").expect("a code of AWS's");
/// assert_eq!(check.code, "MISSING_VERSION");
/// assert!(check.explanation.contains("2008-10-17"));
/// assert!(bailiwick_validator::explain("NO_SUCH_CODE").is_none());
/// ```
#[must_use]
pub fn explain(code: &str) -> Option<&'static Check> {
    CHECKS.iter().find(|check| check.code.eq_ignore_ascii_case(code))
}

/// AWS's codes that are not reported, and why.
pub const NOT_COVERED: &[(&str, &str)] = &[
    ("ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", TAGS),
    ("ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", TAGS),
    ("DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", TAGS),
    ("DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", TAGS),
    ("MISSING_ACTION_FOR_CONDITION_KEY", "needs, for every key, the actions that must accompany it"),
    ("SCP_SYNTAX_ERROR_ACTION_WILDCARD", SCP),
    ("SCP_SYNTAX_ERROR_ALLOW_CONDITION", SCP),
    ("SCP_SYNTAX_ERROR_ALLOW_NOTACTION", SCP),
    ("SCP_SYNTAX_ERROR_ALLOW_RESOURCE", SCP),
    ("SCP_SYNTAX_ERROR_NOTRESOURCE", SCP),
];

const TAGS: &str = "needs, for every service, whether it supports tags for authorization";
const SCP: &str = "obsolete: service control policies take the full language since September 2025";

/// `docs/CHECKS.md`: every check with its reason, its text and its examples, and the codes of AWS's that are missing.
#[must_use]
pub fn markdown() -> String {
    let mut text = String::from(INTRODUCTION);
    let aws = CHECKS.iter().filter(|check| check.origin == Origin::Aws).count();
    let _ = write!(
        text,
        "\nOf AWS's codes {aws} are covered and {} are not; {} codes are bailiwick's own.\n\n",
        NOT_COVERED.len(),
        CHECKS.len() - aws
    );
    text.push_str("| code | severity | whose | what it reports |\n| --- | --- | --- | --- |\n");
    for check in sorted() {
        let anchor = check.code.to_lowercase();
        let _ = writeln!(
            text,
            "| [{}](#{anchor}) | {} | {} | {} |",
            check.code,
            check.severity,
            whose(check),
            check.reason
        );
    }
    text.push_str(KINDS);
    for kind in Kind::ALL {
        let others: Vec<_> = std::iter::once(kind.as_str())
            .chain(kind.aliases().iter().copied())
            .filter(|name| *name != kind.option_name())
            .map(|name| format!("`{name}`"))
            .collect();
        let (option, policy_kind) = (kind.option_name(), kind.policy_kind());
        let _ =
            writeln!(text, "| `{option}` | {} | `{policy_kind}` | {} |", kind.describe(), others.join(", "));
    }
    text.push_str("\n## Codes of AWS's that are not covered\n\n| code | why |\n| --- | --- |\n");
    for (code, why) in NOT_COVERED {
        let _ = writeln!(text, "| {code} | {why} |");
    }
    text.push_str("\n## The checks\n");
    for check in sorted() {
        entry(check, &mut text);
    }
    text
}

const INTRODUCTION: &str = "\
# Checks

What `bailiwick check` reports. Codes and severities are those of AWS's policy validation (IAM Access Analyzer,
\"policy check reference\") where AWS has the check; the others are bailiwick's own, in the same style. An *error* is
something that AWS refuses or that cannot work, a *securityWarning* grants more than was probably intended, a *warning*
does something else than was probably intended, a *suggestion* is about style. `bailiwick check --explain CODE` prints an entry.

Checks that need to know a service's actions, ARN formats or condition keys cover CloudWatch Logs (`logs`), X-Ray
(`xray`), S3 (`s3`), KMS (`kms`), STS (`sts`), IAM (`iam`), SQS (`sqs`), SNS (`sns`), Lambda (`lambda`), Firehose
(`firehose`) and Kinesis (`kinesis`); of other services the prefix alone is checked. A service, Region or key that is
newer than the tables in `crates/validator/data` is unknown to them.

A test compares this file with the catalogue; with `UPDATE=1` it writes the file.
";

const KINDS: &str = "
## Kinds of policies

One vocabulary serves all documents: the kinds of an evaluation (`identity`, `resource`, `permissionsBoundary`, `session`,
`serviceControl`, `resourceControl`, `vpcEndpoint`), and a kind of its own for each resource policy that has rules of its
own. `--kind` reads all spellings; the first column is the one that `check` prints.

Without `--kind`, the input says the kind where it can (a template's resource, the member of an output). A document by
itself is `identity`; with a `Principal` it is a resource policy: `trust` if its actions are STS's, `s3-bucket` if its
resources are one bucket, `kms-key`, `xray-resource` or one of the `logs-…` kinds if its actions are of that service, else
`resource`. `check` prints which one it took.

| kind | what it is | in an evaluation | also read |
| --- | --- | --- | --- |
";

fn sorted() -> Vec<&'static Check> {
    let mut checks: Vec<&Check> = CHECKS.iter().collect();
    checks.sort_by_key(|check| (std::cmp::Reverse(check.severity), check.code));
    checks
}

fn whose(check: &Check) -> &'static str {
    match check.origin {
        Origin::Aws => "AWS",
        Origin::Own => "bailiwick",
    }
}

fn entry(check: &Check, text: &mut String) {
    let kinds: Vec<&str> = check.kinds.iter().map(Kind::option_name).collect();
    let kinds = if kinds.len() == Kind::ALL.len() { "all".to_owned() } else { kinds.join(", ") };
    let reason = capitalized(check.reason);
    let _ = write!(
        text,
        "\n### {}\n\n{reason}.\n\n*{}*; kinds: {kinds}; rule: {}.\n\n{}\n",
        check.code, check.severity, check.rule, check.explanation
    );
    let example = check.example;
    if example.found.is_empty() {
        return;
    }
    let _ = write!(
        text,
        "\nReported in this document (`--kind {}`):\n\n```json\n{}\n```\n\nNot reported in this \
            one:\n\n```json\n{}\n```\n",
        example.kind.option_name(),
        example.found,
        example.clean
    );
}

fn capitalized(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

/// The weights are listed in the order in which they are documented.
const _: () = assert!(Severity::Error as u8 > Severity::Suggestion as u8);

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::check;

    #[test]
    fn every_code_has_one_entry() {
        let mut seen = HashSet::new();
        for check in CHECKS {
            assert!(seen.insert(check.code), "{} is repeated", check.code);
            assert!(!NOT_COVERED.iter().any(|(code, _)| *code == check.code), "{} is covered", check.code);
        }
    }

    #[test]
    fn the_first_example_of_every_check_has_the_finding_and_the_second_has_not() {
        let mut failed = Vec::new();
        for entry in CHECKS.iter().filter(|entry| !entry.example.found.is_empty()) {
            let codes =
                |text| check(text, entry.example.kind).iter().map(|finding| finding.code).collect::<Vec<_>>();
            let (found, clean) = (codes(entry.example.found), codes(entry.example.clean));
            if !found.contains(&entry.code) {
                failed.push(format!("{} is not among {found:?} of {}", entry.code, entry.example.found));
            }
            if clean.contains(&entry.code) {
                failed.push(format!("{} is among {clean:?} of {}", entry.code, entry.example.clean));
            }
        }
        assert!(failed.is_empty(), "{}", failed.join("\n"));
    }

    #[test]
    fn examples_show_one_thing_each() {
        // Entries whose example cannot help but show a related finding of the same place.
        for entry in CHECKS.iter().filter(|entry| !entry.example.clean.is_empty()) {
            let errors: Vec<_> = check(entry.example.clean, entry.example.kind)
                .into_iter()
                .filter(|finding| finding.severity == Severity::Error)
                .map(|finding| finding.message)
                .collect();
            assert!(errors.is_empty(), "{}: {errors:?} in {}", entry.code, entry.example.clean);
        }
    }

    #[test]
    fn texts_are_sentences_in_the_house_style() {
        for check in CHECKS {
            assert!(!check.reason.ends_with('.'), "{}: the reason ends in a full stop", check.code);
            assert!(
                check.explanation.ends_with(['.', '"', ')']),
                "{}: the explanation does not end",
                check.code
            );
            assert!(!check.explanation.contains("  "), "{}: double blank", check.code);
        }
    }
}
