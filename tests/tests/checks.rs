//! `check` against documents whose findings are known: AWS's documentation, what AWS services accepted and refused,
//! and every policy that AWS ships.
//!
//! The files of `cases/checks` hold lists of cases. Each has a name, a source, a kind and a `document` (or a `text`
//! that is no JSON), and says what is found: `codes`, all of them and no others, or `has` and `hasNot`, some of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bailiwick_parser::json::{self, Limits};
use bailiwick_parser::parse;
use bailiwick_validator::{Fix, Kind, Severity, check, markdown};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Case {
    name: String,
    source: String,
    kind: String,
    document: Option<Box<RawValue>>,
    text: Option<String>,
    codes: Option<Vec<String>>,
    has: Option<Vec<String>>,
    has_not: Option<Vec<String>>,
}

impl Case {
    fn text(&self) -> &str {
        match (&self.document, &self.text) {
            (Some(document), None) => document.get(),
            (None, Some(text)) => text,
            _ => panic!("{}: either a document or a text", self.name),
        }
    }

    /// What is wrong with what is found, if anything.
    fn failure(&self) -> Option<String> {
        assert!(!self.source.is_empty(), "{} has no source", self.name);
        let kind: Kind = self.kind.parse().unwrap_or_else(|error| panic!("{}: {error}", self.name));
        let found: Vec<_> = check(self.text(), kind).into_iter().map(|finding| finding.code).collect();
        let wrong = match (&self.codes, &self.has, &self.has_not) {
            (Some(codes), None, None) => {
                let (mut found, mut codes) =
                    (found.clone(), codes.iter().map(String::as_str).collect::<Vec<_>>());
                found.sort_unstable();
                found.dedup();
                codes.sort_unstable();
                found != codes
            }
            (None, has, has_not) if has.is_some() || has_not.is_some() => {
                let found = |code: &String| found.contains(&code.as_str());
                !has.iter().flatten().all(found) || has_not.iter().flatten().any(found)
            }
            _ => panic!("{}: either `codes`, or `has` and `hasNot`", self.name),
        };
        let expected = self.codes.as_ref().or(self.has.as_ref()).or(self.has_not.as_ref());
        wrong.then(|| format!("{}: found {found:?}, expected {expected:?}", self.name))
    }
}

fn cases() -> BTreeMap<String, Vec<Case>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/checks");
    let mut cases = BTreeMap::new();
    for entry in std::fs::read_dir(&folder).expect("the folder of the cases") {
        let path = entry.expect("an entry of the folder").path();
        let text = std::fs::read_to_string(&path).expect("a file of cases");
        let file = path.file_name().expect("a name").to_string_lossy().into_owned();
        let list = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
        cases.insert(file, list);
    }
    cases
}

#[test]
fn every_case_finds_what_it_says() {
    let mut failures = Vec::new();
    let mut count = 0;
    for (file, cases) in cases() {
        count += cases.len();
        failures.extend(cases.iter().filter_map(Case::failure).map(|failure| format!("{file}: {failure}")));
    }
    assert!(count > 250, "only {count} cases were read");
    assert!(failures.is_empty(), "{} of {count} fail:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn names_of_cases_are_unique_in_their_file() {
    for (file, cases) in cases() {
        let mut names: Vec<_> = cases.iter().map(|case| &case.name).collect();
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            panic!("{file}: two cases are called `{}`", pair[0]);
        }
    }
}

/// One file of the corpus, a JSON document a line, if it is there.
fn corpus(file: &str) -> Vec<String> {
    let folder = std::env::var_os("BAILIWICK_CORPUS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus")),
        PathBuf::from,
    );
    let path = folder.join(file);
    match std::fs::read_to_string(&path) {
        Ok(text) => text.lines().map(str::to_owned).collect(),
        Err(error) => {
            println!("skipped: {} cannot be read ({error})", path.display());
            Vec::new()
        }
    }
}

#[test]
fn no_policy_that_aws_ships_has_an_error() {
    for line in corpus("aws-managed-policies.ndjson") {
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
fn findings_stand_in_reading_order_within_the_document() {
    let mut texts: Vec<String> = cases().into_values().flatten().map(|case| case.text().to_owned()).collect();
    for line in corpus("documentation-policies.ndjson") {
        let entry = json::parse(&line, &Limits::default()).expect("a line is JSON");
        texts.extend(
            entry.root().member("text").and_then(json::Value::as_str).map(std::borrow::Cow::into_owned),
        );
    }
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
    for case in cases().into_values().flatten() {
        let kind: Kind = case.kind.parse().expect("a kind");
        let before = check(case.text(), kind);
        let errors = |findings: &[bailiwick_validator::Finding]| {
            findings.iter().filter(|finding| finding.severity == Severity::Error).count()
        };
        for finding in &before {
            let Some(Fix { span, replacement }) = &finding.fix else { continue };
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
    for (kind, text) in
        cases().into_values().flatten().map(|case| (case.kind.clone(), case.text().to_owned()))
    {
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
    let written = std::fs::read_to_string(path).expect("docs/CHECKS.md");
    assert!(
        written == markdown(),
        "docs/CHECKS.md is out of date: cargo run -p bailiwick-validator --example checks_md > docs/CHECKS.md"
    );
}
