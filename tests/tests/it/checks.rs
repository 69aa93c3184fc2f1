//! `check` against documents whose findings are known: AWS's documentation, what AWS services accepted and refused,
//! and every policy that AWS ships.

use std::path::Path;

use bailiwick_parser::parse;
use bailiwick_source::json::{self, Limits};
use bailiwick_tests::case::{self, DocumentCase};
use bailiwick_tests::expected;
use bailiwick_validator::{Fix, Kind, Severity, check, markdown};

use crate::corpus;

/// The cases of `cases/checks`; whether each finds what it says is a test of its own, in `tests/cases`.
fn cases() -> Vec<DocumentCase> {
    let cases = DocumentCase::load_of(&case::folder(), |_| true);
    let cases = cases.unwrap_or_else(|mistakes| panic!("{}", mistakes.join("\n")));
    assert!(cases.len() > 250, "only {} cases were read", cases.len());
    cases
}

#[test]
#[ignore = "needs BAILIWICK_CORPUS: the folder of aws-managed-policies.ndjson"]
fn no_policy_that_aws_ships_has_an_error() {
    for line in corpus::lines("aws-managed-policies.ndjson") {
        let entry = json::parse(&line, &Limits::default()).expect("a line is JSON");
        let name = entry.root().member("name").and_then(json::Value::as_str).expect("a policy has a name");
        let document = entry.root().member("document").expect("a policy has a document").text();
        let errors: Vec<_> = check(document, Kind::Identity)
            .into_iter()
            .filter(|finding| finding.severity == Severity::Error)
            .map(|finding| format!("{} {}: {}", finding.code, finding.pointer, finding.message))
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
}

#[test]
fn findings_are_in_reading_order_within_the_document() {
    in_reading_order(cases().into_iter().map(|case| case.text().to_owned()));
}

#[test]
#[ignore = "needs BAILIWICK_CORPUS: the folder of documentation-policies.ndjson"]
fn findings_of_documentation_are_in_reading_order_within_the_document() {
    in_reading_order(corpus::lines("documentation-policies.ndjson").into_iter().map(|line| {
        let entry = json::parse(&line, &Limits::default()).expect("a line is JSON");
        let text = entry.root().member("text").and_then(json::Value::as_str);
        text.expect("an example has a text").into_owned()
    }));
}

fn in_reading_order(texts: impl Iterator<Item = String>) {
    for text in texts {
        for kind in Kind::ALL {
            let findings = check(&text, kind);
            assert!(findings.is_sorted_by_key(|finding| finding.span), "{kind}: {text}");
            for finding in &findings {
                assert!(finding.span.text(&text).is_some(), "{} lies outside {text}", finding.code);
                let check = bailiwick_validator::explain(finding.code).expect("every code has an entry");
                assert!(check.kinds.contains(kind), "{} is reported for {kind}", finding.code);
                assert!(
                    !finding.message.is_empty() && !finding.message.ends_with('.'),
                    "{}",
                    finding.message
                );
            }
        }
    }
}

#[test]
fn a_fix_removes_its_finding_and_adds_no_error() {
    let mut fixes = 0;
    for case in cases().into_iter() {
        let kind: Kind = case.kind.parse().expect("a kind");
        let before = check(case.text(), kind);
        let errors = |findings: &[bailiwick_validator::Finding]| {
            findings.iter().filter(|finding| finding.severity == Severity::Error).count()
        };
        for finding in &before {
            let Some(Fix { span, replacement, .. }) = &finding.fix else { continue };
            fixes += 1;
            let mut text = case.text().to_owned();
            text.replace_range(span.start as usize..span.end as usize, replacement);
            let after = check(&text, kind);
            let count = |findings: &[bailiwick_validator::Finding]| {
                findings.iter().filter(|found| found.code == finding.code).count()
            };
            assert!(count(&after) < count(&before), "{}: {} stays in {text}", case.name, finding.code);
            assert!(errors(&after) <= errors(&before), "{}: {after:?}", case.name);
            if errors(&before) == 0 {
                assert!(parse(&text).is_ok(), "{}: {text}", case.name);
            }
        }
    }
    assert!(fixes > 5, "only {fixes} fixes were tried");
}

#[test]
fn any_beginning_of_a_document_is_checked() {
    for (kind, text) in cases().into_iter().map(|case| (case.kind.clone(), case.text().to_owned())) {
        let kind: Kind = kind.parse().expect("a kind");
        for (end, _) in text.char_indices().step_by(7) {
            let beginning = &text[..end];
            let findings = check(beginning, kind);
            let broken = findings.iter().any(|finding| finding.code == "JSON_SYNTAX_ERROR");
            assert!(broken, "{beginning}: {findings:?}");
        }
    }
}

#[test]
fn a_document_of_many_mistakes_is_checked_in_time_that_follows_its_length() {
    let many = |item: &str, count: usize| vec![item; count].join(",");
    let star = format!("\"s3:{}\"", "a*".repeat(500));
    for list in [many("\"s3:GetObjct\"", 20_000), many(&star, 300), many("\"\"", 50_000)] {
        let statement = format!(r#"{{"Effect":"Allow","Action":[{list}],"Resource":"*"}}"#);
        let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statement},{statement}]}}"#);
        let start = std::time::Instant::now();
        let findings = check(&text, Kind::Identity);
        assert!(!findings.is_empty() && findings.len() <= 10_000);
        // Without bounds these would take minutes.
        assert!(start.elapsed().as_secs() < 20, "{:?} for {} bytes", start.elapsed(), text.len());
    }
}

#[test]
fn the_list_of_checks_is_the_one_in_the_documentation() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/CHECKS.md");
    expected::is_in(Path::new(path), &markdown());
}
