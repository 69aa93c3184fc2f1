//! Prints how far engine and model agree with AWS, record of observations by record, and with the rest of the
//! cases, folder by folder. Fails when they do not agree with all of them.

use std::collections::BTreeMap;
use std::fs;
use std::process::ExitCode;

use bailiwick_scenario::{Decision, Scenario};
use bailiwick_tests::case::{self, Case, Expect};
use bailiwick_tests::model;

#[derive(Default)]
struct Row {
    cases: usize,
    engine: usize,
    model: usize,
}

fn main() -> ExitCode {
    let cases = match case::load(&case::folder()) {
        Ok(cases) => cases,
        Err(mistakes) => {
            eprintln!("{}", mistakes.join("\n"));
            return ExitCode::from(2);
        }
    };
    let mut observed: BTreeMap<&str, Row> = BTreeMap::new();
    let mut folders: BTreeMap<&str, Row> = BTreeMap::new();
    let mut wrong = vec![];
    for case in &cases {
        let (engine, model) = (engine(case) == case.expect, model(case) == case.expect);
        let folder = case.topic.split('/').next().unwrap_or_default();
        let rows = [
            Some(folders.entry(folder).or_default()),
            case.observation().map(|o| observed.entry(o).or_default()),
        ];
        for row in rows.into_iter().flatten() {
            row.cases += 1;
            row.engine += usize::from(engine);
            row.model += usize::from(model);
        }
        if !(engine && model) {
            wrong.push(format!("{}: {}", case.topic, case.name));
        }
    }
    let left_out = left_out();
    println!("{:36} {:>6} {:>7} {:>7} {:>12}", "observations", "cases", "engine", "model", "not rebuilt");
    let mut records: Vec<&str> =
        observed.keys().copied().chain(left_out.keys().map(String::as_str)).collect();
    records.sort_unstable();
    records.dedup();
    for record in records {
        print(record, observed.get(record), left_out.get(record).copied().unwrap_or_default());
    }
    println!("\n{:36} {:>6} {:>7} {:>7}", "all cases", "cases", "engine", "model");
    for (folder, row) in &folders {
        print(folder, Some(row), 0);
    }
    let exactly = |row: fn(&Row) -> usize| folders.values().map(row).sum::<usize>();
    println!(
        "{:36} {:>6} {:>7} {:>7}",
        "together",
        exactly(|r| r.cases),
        exactly(|r| r.engine),
        exactly(|r| r.model)
    );
    if wrong.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!("\nnot as the case says:\n{}", wrong.join("\n"));
    ExitCode::FAILURE
}

fn print(name: &str, row: Option<&Row>, left_out: usize) {
    let left_out = if left_out == 0 { String::new() } else { left_out.to_string() };
    match row {
        Some(row) => println!("{name:36} {:>6} {:>7} {:>7} {left_out:>12}", row.cases, row.engine, row.model),
        None => println!("{name:36} {:>6} {:>7} {:>7} {left_out:>12}", "-", "-", "-"),
    }
}

fn engine(case: &Case) -> Expect {
    let decided = Scenario::parse(&case.scenario().to_string()).map(|scenario| scenario.decide());
    decided.map_or(Expect::Refused, |decision| {
        Expect::Decision(match decision {
            Decision::Allowed => model::Decision::Allowed,
            Decision::ExplicitDeny => model::Decision::ExplicitDeny,
            Decision::ImplicitDeny => model::Decision::ImplicitDeny,
        })
    })
}

fn model(case: &Case) -> Expect {
    model::decide(&case.scenario()).map_or(Expect::Refused, Expect::Decision)
}

/// How many answers of each record are no cases; `cases/README.md` has the reasons in the same table.
fn left_out() -> BTreeMap<String, usize> {
    let table = fs::read_to_string(case::folder().join("README.md")).unwrap_or_default();
    let mut counts = BTreeMap::new();
    for line in table.lines() {
        let fields: Vec<&str> = line.split('|').map(str::trim).collect();
        if let [_, record, count, ..] = fields[..]
            && let Ok(count) = count.parse::<usize>()
        {
            *counts.entry(record.to_owned()).or_default() += count;
        }
    }
    counts
}
