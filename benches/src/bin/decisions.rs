//! Decides one request of a workload many times: what `benches/instructions` counts and a profiler looks at.
//!
//! `decisions WORKLOAD CASE TIMES`, for example `decisions w1 allow 1000`; `WORKLOAD` is `w1`, `w1s`, `w2`, `w3:N`,
//! `w3s:N` or `w4`, and the case `all` takes every request in turn, `TIMES` times each.

use std::hint::black_box;
use std::process::ExitCode;

use bailiwick::CompiledPolicy;
use bailiwick_benches::engine::{Asked, asked};
use bailiwick_benches::{Case, Workload};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [workload, case, times] = arguments.as_slice() else {
        eprintln!("decisions WORKLOAD CASE TIMES");
        return ExitCode::from(2);
    };
    let Some(workload) = named(workload) else {
        eprintln!("there is no workload {workload}");
        return ExitCode::from(2);
    };
    let compiled = workload.compile();
    let attached: Vec<&CompiledPolicy> = compiled.iter().collect();
    let is_meant =
        |(place, one): (usize, &Case)| case == "all" || one.name == *case || place.to_string() == *case;
    let meant = workload.cases.iter().enumerate().map(is_meant);
    let asked = asked(&workload, &attached).into_iter().zip(meant);
    let asked: Vec<Asked<'_>> = asked.filter_map(|(asked, meant)| meant.then_some(asked)).collect();
    if asked.is_empty() {
        eprintln!("{} has no request {case}", workload.name);
        return ExitCode::from(2);
    }
    println!("{}", asked.len());
    decide_many(&asked, times.parse().unwrap_or(1));
    ExitCode::SUCCESS
}

/// The part that is counted; its name is what the script asks for.
#[inline(never)]
fn decide_many(asked: &[Asked<'_>], times: usize) {
    for _ in 0..times {
        for (policies, request) in asked {
            black_box(black_box(policies).decide(black_box(request)));
        }
    }
}

fn named(name: &str) -> Option<Workload> {
    let (name, size) = name.split_once(':').unwrap_or((name, "10"));
    let size = size.parse().ok()?;
    match name {
        "w1" => Some(Workload::w1()),
        "w1s" => Some(Workload::w1s()),
        "w2" => Some(Workload::w2()),
        "w3" => Some(Workload::w3(size)),
        "w3s" => Some(Workload::w3s(size)),
        "w4" => Workload::w4(),
        _ => None,
    }
}
