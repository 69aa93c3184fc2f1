//! What people see, compared with files under `tests/golden`. `UPDATE=1` writes them anew.

use std::path::Path;

use crate::{assert_in_file, run};

/// Runs the program and compares standard output, standard error and exit code with a file.
fn golden(name: &str, args: &[&str]) {
    let run = run(args);
    let exit = run.exit.expect("it ended by itself");
    let mut text = format!("$ bailiwick {}\n{}", args.join(" "), run.stdout);
    if !run.stderr.is_empty() {
        text = format!("{text}[standard error]\n{}", run.stderr);
    }
    text = format!("{text}[exit {exit}]\n");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name).with_extension("txt");
    assert_in_file(&path, &text);
}

#[test]
fn an_allowed_request_names_the_statement_that_allows_it() {
    golden("simulate-allowed", &["simulate", "examples/scenarios/route53-query-logging.json"]);
}

#[test]
fn a_denied_request_names_what_nearly_allowed_it() {
    golden("simulate-denied", &["simulate", "examples/scenarios/wrong-source-account.json"]);
}

#[test]
fn an_explicit_deny_names_the_statement_that_denies_it() {
    golden("simulate-denied-explicitly", &["simulate", "examples/scenarios/region-guardrail.json"]);
}

#[test]
fn a_grant_across_accounts_shows_both_sides() {
    golden("simulate-cross-account", &["simulate", "examples/scenarios/cross-account.json"]);
}

#[test]
fn an_answer_is_one_json_document() {
    golden(
        "simulate-json",
        &["simulate", "--format", "json", "examples/scenarios/wrong-source-account.json"],
    );
}

#[test]
fn a_canonical_form_is_a_policy_document() {
    golden("normalize", &["normalize", "examples/policies/read-reports.json"]);
}

#[test]
fn a_delivery_that_would_succeed_shows_its_steps() {
    golden("deliver-succeeds", &["deliver", "examples/route53-query-logging.json"]);
}

#[test]
fn a_delivery_that_would_fail_shows_why_and_a_fix() {
    golden("deliver-fails", &["deliver", "examples/route53-wrong-account.json"]);
}

#[test]
fn findings_stand_below_their_lines() {
    golden("check", &["check", "--kind", "logs-resource", "examples/policies/misspelt.json"]);
}
