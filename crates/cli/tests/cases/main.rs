//! Every case of the project through the program, as a test of its own: `cargo test -p bailiwick-cli 'PART OF A NAME'`.
//!
//! `tests/cases` holds the cases, and its README their formats. Model and engine decide the same ones in
//! `tests/tests/cases`.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what cannot be read ends the run"
)]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::{Arc, OnceLock};

use libtest_mimic::{Arguments, Failed, FormatSetting, Trial};
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// The members of a case as they are written, so that numbers and escapes reach the program unchanged.
type Case = std::collections::BTreeMap<String, Box<RawValue>>;

/// From how many tests on each is a dot, not a line.
const MANY: usize = 300;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    let exact = arguments.filter.clone().filter(|_| arguments.exact);
    let mut trials = Vec::new();
    for topic in topics() {
        if exact.as_ref().is_none_or(|name| name.starts_with(&format!("{topic}::"))) {
            trials.extend(tests(&topic, exact.as_deref()));
        }
    }
    assert!(exact.is_some() || trials.len() > 3_000, "only {} cases were read", trials.len());
    let is_whole = arguments.filter.is_none() && arguments.skip.is_empty() && !arguments.list;
    if is_whole && trials.len() >= MANY && arguments.format.is_none() && !arguments.quiet {
        arguments.format = Some(FormatSetting::Terse);
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases")
}

/// The files of cases below the folder, without extension.
fn topics() -> Vec<String> {
    let (mut topics, mut open) = (Vec::new(), vec![String::new()]);
    while let Some(below) = open.pop() {
        for entry in fs::read_dir(folder().join(&below)).expect("the folder of the cases can be read") {
            let entry = entry.expect("its entries can be read");
            let name = entry.file_name().into_string().expect("files of cases have plain names");
            let path = if below.is_empty() { name } else { format!("{below}/{name}") };
            match path.strip_suffix(".json") {
                // One delivery of each kind: no list of cases.
                Some("deliveries/ends") => {}
                Some(topic) => topics.push(topic.to_owned()),
                None if entry.path().is_dir() => open.push(path),
                None => {}
            }
        }
    }
    topics.sort();
    topics
}

/// The tests of a file: all of them, or the one that is asked for.
fn tests(topic: &str, exact: Option<&str>) -> Vec<Trial> {
    let path = folder().join(topic).with_extension("json");
    let text = fs::read_to_string(&path).expect("a file of cases can be read");
    let cases: Vec<Case> =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let cases = cases.into_iter().map(|case| (format!("{topic}::{}", string(&case, "name")), case));
    let cases: Vec<_> = cases.filter(|(title, _)| exact.is_none_or(|exact| exact == title)).collect();
    if topic.starts_with("checks/") {
        return cases.into_iter().map(|(title, case)| Trial::test(title, move || check(&case))).collect();
    }
    if topic.starts_with("deliveries/") {
        return cases.into_iter().map(|(title, case)| Trial::test(title, move || deliver(&case))).collect();
    }
    let (titles, cases): (Vec<_>, Vec<_>) = cases.into_iter().unzip();
    let batch = Arc::new(Batch { cases, answers: OnceLock::new() });
    let tests = titles.into_iter().enumerate();
    tests
        .map(|(at, title)| {
            let batch = batch.clone();
            Trial::test(title, move || batch.decide(at))
        })
        .collect()
}

/// The scenarios of a file, which one run of the program decides when the first of them is asked for.
struct Batch {
    cases: Vec<Case>,
    answers: OnceLock<Vec<Value>>,
}

impl Batch {
    fn decide(&self, at: usize) -> Result<(), Failed> {
        let answer = &self.answers.get_or_init(|| {
            let lines: Vec<String> = self.cases.iter().map(line).collect();
            let output = run(&["simulate", "--batch", "--quiet", "-"], &lines.join("\n"));
            let answers: Vec<Value> =
                output.lines().map(|line| serde_json::from_str(line).expect("an answer is JSON")).collect();
            assert_eq!(answers.len(), lines.len(), "every line is answered");
            answers
        })[at];
        let got = answer["decision"].as_str().or(answer.get("error").map(|_| "refused"));
        let expected = string(&self.cases[at], "expect");
        same(expected.as_str(), got.unwrap_or_default(), answer)
    }
}

/// The scenario of a case on one line.
fn line(case: &Case) -> String {
    let (name, request, policies) = (&case["name"], &case["request"], &case["policies"]);
    // A string holds no line break that is not escaped.
    format!(r#"{{"name": {name}, "request": {request}, "policies": {policies}}}"#).replace(['\n', '\r'], " ")
}

fn deliver(case: &Case) -> Result<(), Failed> {
    let (delivery, environment) = (&case["delivery"], &case["environment"]);
    let input = format!(r#"{{"delivery": {delivery}, "environment": {environment}}}"#);
    let answer = run(&["deliver", "--format", "json", "-"], &input);
    let answer: Value = serde_json::from_str(&answer).map_err(|_| answer)?;
    let expect: Value = serde_json::from_str(case["expect"].get()).expect("it is JSON");
    same(&expect["verdict"], &answer["verdict"], &answer["summary"])?;
    match expect.get("step") {
        Some(step) => same(step, &answer["failsAtStep"], &answer["summary"]),
        None => Ok(()),
    }
}

fn check(case: &Case) -> Result<(), Failed> {
    let text = case.get("document").map(|document| document.get().to_owned());
    let text = text.unwrap_or_else(|| string(case, "text"));
    let answer = run(&["check", "--kind", &string(case, "kind"), "--format", "json", "-"], &text);
    let answer: Value = serde_json::from_str(&answer).map_err(|_| answer)?;
    let findings = answer["files"][0]["findings"].as_array().expect("an answer has findings");
    let found: Vec<&str> = findings.iter().filter_map(|finding| finding["code"].as_str()).collect();
    let codes = |member: &str| -> Option<Vec<String>> {
        case.get(member).map(|codes| serde_json::from_str(codes.get()).expect("codes are a list"))
    };
    let is_found = |code: &String| found.contains(&code.as_str());
    let fits = match codes("codes") {
        Some(codes) => {
            codes.iter().all(is_found) && found.iter().all(|code| codes.iter().any(|it| it == code))
        }
        None => {
            codes("has").iter().flatten().all(is_found) && !codes("hasNot").iter().flatten().any(is_found)
        }
    };
    let expected = json!({"codes": codes("codes"), "has": codes("has"), "hasNot": codes("hasNot")});
    if fits { Ok(()) } else { Err(format!("expected: {expected}\ngot:      {found:?}").into()) }
}

fn same<T: PartialEq + std::fmt::Display + ?Sized>(
    expected: &T,
    got: &T,
    answer: &Value,
) -> Result<(), Failed> {
    if expected == got {
        return Ok(());
    }
    Err(format!("expected: {expected}\nprogram:  {got}\n{answer}").into())
}

/// A member that is a string.
fn string(case: &Case, member: &str) -> String {
    serde_json::from_str(case[member].get()).unwrap_or_else(|error| panic!("{member}: {error}"))
}

/// What the program prints on its standard output.
fn run(args: &[&str], input: &str) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_bailiwick"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("it was piped");
    let input = input.to_owned();
    let writer = std::thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
    let output = child.wait_with_output().expect("the program ends");
    writer.join().expect("writing ends");
    let errors = String::from_utf8_lossy(&output.stderr);
    let printed = String::from_utf8(output.stdout).expect("standard output is UTF-8");
    if printed.is_empty() { errors.into_owned() } else { printed }
}
