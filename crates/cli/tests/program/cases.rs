//! The known answers, through the program in one batch.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::{root, run_on};

/// The folder of known answers beside the project, or where `BAILIWICK_CASES` says.
fn cases() -> Option<Vec<Value>> {
    let folder =
        std::env::var_os("BAILIWICK_CASES").map_or_else(|| root().join("../shared/cases"), PathBuf::from);
    let text = std::fs::read_to_string(folder.join("semantics.json")).ok()?;
    Some(serde_json::from_str(&text).expect("the cases are a list"))
}

#[test]
fn every_known_answer_is_given_by_a_batch() {
    let Some(cases) = cases() else {
        eprintln!("skipped: there are no known answers beside the project");
        return;
    };
    let cases: Vec<_> = cases.into_iter().filter(|case| case.get("request").is_some()).collect();
    let mut input = String::new();
    for case in &cases {
        let member = |name: &str| case.get(name).cloned().unwrap_or(Value::Null);
        let scenario =
            json!({"name": member("name"), "request": member("request"), "policies": member("policies")});
        let _ = writeln!(input, "{scenario}");
    }
    let run = run_on(&["simulate", "--batch", "-"], input.as_bytes());
    let answers: Vec<Value> =
        run.stdout.lines().map(|line| serde_json::from_str(line).expect("every line is JSON")).collect();
    assert_eq!(answers.len(), cases.len());
    let wrong: Vec<_> = cases
        .iter()
        .zip(&answers)
        .filter(|(case, answer)| case.get("expect") != answer.get("decision"))
        .map(|(case, answer)| format!("{}: expected {}, got {answer}", case["name"], case["expect"]))
        .collect();
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
