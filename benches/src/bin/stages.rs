//! Runs one stage many times: what `benches/instructions` counts and a profiler looks at.
//!
//! `stages STAGE TIMES`, for example `stages compile 3`. `json`, `parse`, `normalize` and `compile` each go from the text
//! of every policy AWS manages to that stage, and let everything go; `w1`, `w2` and `w3` build a request of that workload
//! from its strings, `w1-again` and so on in the memory of the one before; `w1-resource` moves it from one resource to
//! another, `w1-action` from one action to another; `w1-whole` builds its principal, too. `objects-0` to `objects-4` and
//! `actions-0` to `actions-4` put and decide the thousand questions of a list in the ways of `How::ALL`.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a stage that cannot be set up must stop the program"
)]

use std::cell::Cell;
use std::hint::black_box;
use std::process::ExitCode;

use bailiwick::{CompiledPolicy, PolicyKind, RequestMemory};
use bailiwick_benches::listing::{How, Listing};
use bailiwick_benches::{Workload, workload};
use bailiwick_normalizer as normalizer;
use bailiwick_normalizer::Policy;
use bailiwick_parser as parser;
use bailiwick_source::json::{self, Limits};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [stage, times] = arguments.as_slice() else {
        eprintln!("stages STAGE TIMES");
        return ExitCode::from(2);
    };
    let times = times.parse().unwrap_or(1);
    let (stage, how) = stage.split_once('-').unwrap_or((stage, ""));
    let workload = match stage {
        "w1" => Some(Workload::w1()),
        "w2" => Some(Workload::w2()),
        "w3" => Some(Workload::w3(10)),
        _ => None,
    };
    if let Some(workload) = workload {
        println!("1");
        let case = &workload.cases[0];
        let mut request = case.request();
        let elsewhere = format!("{}/elsewhere", case.resource);
        match how {
            "resource" => {
                run_stage(times / 2, &[&case.resource, &elsewhere], &mut |text| {
                    request.set_resource(black_box(text));
                });
                return ExitCode::SUCCESS;
            }
            "action" => {
                run_stage(times / 2, &[&case.action, "s3:GetObject"], &mut |text| {
                    request.set_action(black_box(text));
                });
                return ExitCode::SUCCESS;
            }
            "whole" => {
                run_stage(times, &[""], &mut |_| black_box(case).build());
                return ExitCode::SUCCESS;
            }
            _ => {}
        }
        if how == "again" {
            let memory = Cell::new(RequestMemory::default());
            run_stage(times, &[""], &mut |_| {
                let request = black_box(case).request_in(memory.take());
                memory.set(black_box(request).into_memory());
            });
            return ExitCode::SUCCESS;
        }
        run_stage(times, &[""], &mut |_| drop(black_box(black_box(case).request())));
        return ExitCode::SUCCESS;
    }
    let listing = match stage {
        "objects" => Some(Listing::of_objects()),
        "actions" => Some(Listing::of_actions()),
        _ => None,
    };
    if let Some(listing) = listing {
        let Some(how) = How::ALL.get(how.parse().unwrap_or(usize::MAX)) else { return ExitCode::from(2) };
        println!("{}", listing.len());
        let mut asked = listing.asked(*how);
        run_stage(times, &[""], &mut |_| {
            black_box(asked());
        });
        return ExitCode::SUCCESS;
    }
    let Some(corpus) = workload::corpus() else { return ExitCode::FAILURE };
    let run: &mut dyn FnMut(&str) = match stage {
        "json" => &mut |text| drop(black_box(json::parse(text, &Limits::default()).expect("JSON"))),
        "parse" => &mut |text| drop(black_box(parser::parse(text).expect("a policy"))),
        "normalize" => &mut |text| drop(black_box(normalized(text))),
        "compile" => &mut |text| drop(black_box(CompiledPolicy::new(normalized(text)))),
        _ => {
            eprintln!("there is no stage {stage}");
            return ExitCode::from(2);
        }
    };
    let texts: Vec<&str> = corpus.iter().map(|(_, text)| text.as_str()).collect();
    println!("{}", texts.len());
    run_stage(times, &texts, run);
    ExitCode::SUCCESS
}

/// The part that is counted; its name is what the script asks for.
#[inline(never)]
fn run_stage<'t>(times: usize, texts: &[&'t str], run: &mut dyn FnMut(&'t str)) {
    for _ in 0..times {
        for text in texts {
            run(black_box(text));
        }
    }
}

fn normalized(text: &str) -> Policy {
    let document = parser::parse(text).expect("a policy");
    normalizer::normalize(&document, Some(PolicyKind::Identity)).expect("an identity policy")
}
