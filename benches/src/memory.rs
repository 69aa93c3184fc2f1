//! What is counted, not timed: allocations and bytes.
//!
//! The allocator that counts makes whatever allocates slower, so it lives in programs of its own, which print their
//! figures a line each for the tables to read.

use std::hint::black_box;

use bailiwick::{CompiledPolicy, PolicyKind};

use crate::clock::Effort;
use crate::engine::{Asks, Engine, Model, asked};
use crate::growth::{self, Shape};
use crate::service::Service;
use crate::workload::{self, Workload};

/// What some code allocated.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counted {
    /// How often.
    pub allocations: u64,
    /// How many bytes it holds afterwards.
    pub bytes: i64,
}

/// Counts what code allocates.
pub type Counter = fn(&mut dyn FnMut()) -> Counted;

/// Figures by name.
#[derive(Clone, Debug, Default)]
pub struct Memory(Vec<(String, f64)>);

impl Memory {
    /// Reads the lines that a program printed.
    pub fn read(text: &str) -> Self {
        let line = |line: &str| {
            line.split_once('\t').and_then(|(name, figure)| Some((name.to_owned(), figure.parse().ok()?)))
        };
        Self(text.lines().filter_map(line).collect())
    }

    /// A figure; not a number where it was not counted.
    pub fn get(&self, name: &str) -> f64 {
        self.0.iter().find(|(other, _)| other == name).map_or(f64::NAN, |(_, figure)| *figure)
    }

    /// The figures whose names begin so, by the rest of their names.
    pub fn below<'m>(&'m self, start: &'m str) -> impl Iterator<Item = (&'m str, f64)> {
        self.0.iter().filter_map(move |(name, figure)| Some((name.strip_prefix(start)?, *figure)))
    }
}

/// Sizes of sets that are measured.
pub fn sizes(effort: Effort) -> &'static [usize] {
    match effort {
        Effort::Measured => &[10, 100, 1_000, 10_000, 100_000, 1_000_000],
        Effort::Once => &[10, 1_000],
    }
}

/// How many policies a service holds.
pub fn service_size(effort: Effort) -> usize {
    match effort {
        Effort::Measured => 100_000,
        Effort::Once => 1_000,
    }
}

/// Counts everything and prints it.
pub fn print(effort: Effort, engines: &[Box<dyn Engine>], count: Counter) {
    let line = |name: &str, figure: f64| println!("{name}\t{figure}");
    decisions(engines, count, line);
    if let Some(case) = Workload::w1().cases.first() {
        line("request allocations", count(&mut || case.build()).allocations as f64);
    }
    if let Some(corpus) = workload::corpus() {
        let (mut compiled, mut written, mut worst) = (0.0, 0.0, 0.0_f64);
        for (_, text) in &corpus {
            let mut policy = None;
            let held = count(&mut || policy = bailiwick::compile(text, PolicyKind::Identity).ok()).bytes;
            let size = held as f64 + size_of::<CompiledPolicy>() as f64;
            (compiled, written) = (compiled + size, written + text.len() as f64);
            worst = worst.max(size / text.len() as f64);
        }
        line("compiled to document", compiled / written);
        line("compiled to document, worst", worst);
    }
    for shape in [Shape::Services, Shape::Resources] {
        for size in sizes(effort) {
            let mut grown = None;
            let held = count(&mut || grown = Some(growth::grow(shape, *size).set)).bytes;
            line(&format!("bytes a statement, {} {size}", shape.name()), held as f64 / *size as f64);
        }
    }
    let size = service_size(effort);
    let mut service = None;
    let held = count(&mut || service = Some(Service::new(size))).bytes;
    line("bytes a policy of a service", held as f64 / size as f64);
    if let Some(service) = service {
        line("bytes a document of a service", service.document_bytes as f64 / size as f64);
    }
}

/// Allocations in the mean over all requests of W1 to W4.
fn decisions(engines: &[Box<dyn Engine>], count: Counter, line: impl Fn(&str, f64)) {
    let workloads = [Workload::w1(), Workload::w1s(), Workload::w2(), Workload::w3(100), Workload::w3s(100)];
    let workloads: Vec<Workload> = workloads.into_iter().chain(Workload::w4()).collect();
    let (mut ours, mut asked_in_all) = (0, 0);
    let mut others: Vec<(&str, u64, usize)> = Vec::new();
    for workload in &workloads {
        let compiled = workload.compile();
        let attached: Vec<&CompiledPolicy> = compiled.iter().collect();
        for (policies, request) in asked(workload, &attached) {
            ours += count(&mut || _ = black_box(policies.decide(&request))).allocations;
            asked_in_all += 1;
        }
        let model: &dyn Engine = &Model;
        for engine in [model].into_iter().chain(engines.iter().map(AsRef::as_ref)) {
            let mut asks = Asks::new(engine, workload);
            let (mut allocations, mut decisions) = (0, 0);
            for ask in asks.asks.iter_mut().flatten() {
                allocations += count(&mut || _ = black_box(ask())).allocations;
                decisions += 1;
            }
            match others.iter_mut().find(|(name, ..)| *name == asks.name) {
                Some((_, all, of)) => (*all, *of) = (*all + allocations, *of + decisions),
                None => others.push((asks.name, allocations, decisions)),
            }
        }
    }
    line("allocations", ours as f64 / f64::from(asked_in_all));
    for (name, allocations, decisions) in others {
        line(&format!("allocations {name}"), allocations as f64 / decisions.max(1) as f64);
    }
}
