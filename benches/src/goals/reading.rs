//! From text to a policy that decides, and sets that policies come to and leave.

#![expect(clippy::expect_used, reason = "what cannot be set up must stop the bench")]

use std::collections::VecDeque;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use bailiwick::{CompiledPolicy, PolicyKind, PolicySet};
use bailiwick_normalizer::normalize;
use bailiwick_parser as parser;

use super::Peers;
use crate::clock::{Contender, Effort, Piecewise, measure, measure_pieces, median};
use crate::growth::{self, Shape};
use crate::memory::Memory;
use crate::table::{Row, Section, Unit};
use crate::workload::{self, Workload};

/// How many statements are compiled into one set.
const STATEMENTS: usize = 10_000;

/// How often what takes long is measured.
const SAMPLES: usize = 15;

/// Parsing with places and all checks of the grammar, beside trees that have neither.
pub(super) fn reading(effort: Effort, peers: &Peers) -> Section {
    let mut section = Section::new("reading documents");
    let workload = Workload::w3(STATEMENTS);
    let inputs = [
        workload::corpus().map(|corpus| {
            let name = format!("the {} policies AWS manages", workload::thousands(corpus.len()));
            (name, corpus.into_iter().map(|(_, text)| text).collect::<Vec<_>>(), true)
        }),
        Some((workload.name, workload.documents, false)),
    ];
    for (name, documents, has_goal) in inputs.into_iter().flatten() {
        let mut contenders = vec![
            reader("bailiwick", &documents, |text| parser::parse(text).is_ok()),
            reader("serde_json::Value", &documents, |text| {
                serde_json::from_str::<serde_json::Value>(text).is_ok()
            }),
        ];
        assert!(documents.iter().all(|text| parser::parse(text).is_ok()), "{name}");
        for (peer, read) in &peers.readers {
            let refused = documents.iter().filter(|text| !read(text)).count();
            if refused > 0 {
                section.note(format!("{peer} refuses {refused} of {name}."));
            }
            contenders.push(reader(peer, &documents, *read));
        }
        let bytes = documents.iter().map(String::len).sum();
        let row = Row::of(format!("parse {name}"), &measure_pieces(effort, documents.len(), &mut contenders))
            .as_rate(bytes);
        section.push(if has_goal { row.at_least(150e6) } else { row });
    }
    section
}

fn reader<'c>(name: &'c str, documents: &'c [String], read: impl Fn(&str) -> bool + 'c) -> Piecewise<'c> {
    let read = move |piece: usize| {
        if let Some(text) = documents.get(piece) {
            black_box(read(black_box(text)));
        }
    };
    (name, Box::new(read))
}

/// Compiling, how large it comes out, and changing a set.
pub(super) fn compiling(effort: Effort, memory: &Memory) -> Section {
    let mut section = Section::new("compiling");
    if let Some(corpus) = workload::corpus() {
        assert!(corpus.iter().all(|(_, text)| bailiwick::compile(text, PolicyKind::Identity).is_ok()));
        let compile = |piece: usize| {
            if let Some((_, text)) = corpus.get(piece) {
                black_box(bailiwick::compile(black_box(text), PolicyKind::Identity)).ok();
            }
        };
        let mut figures = measure_pieces(effort, corpus.len(), &mut [("bailiwick", Box::new(compile))]);
        figures.iter_mut().for_each(|figure| figure.median /= corpus.len() as f64);
        section
            .push(Row::of("parse, normalize and compile a policy AWS manages, mean", &figures).at_most(10e3));
        let times =
            Row::new("its size, as times its document", Unit::Times, memory.get("compiled to document"));
        section.push(times.at_most(4.0));
    } else {
        section.note("The policies AWS manages are not at hand: what is measured on them is left out.");
    }

    let text = growth::document(Shape::Services, 0..STATEMENTS);
    let document = parser::parse(&text).expect("a document of the workload");
    let policy = normalize(&document, Some(PolicyKind::Identity)).expect("an identity policy");
    let time = once_each(effort, || policy.clone(), CompiledPolicy::new);
    section.push(Row::new("compile 10,000 statements of one document", Unit::Time, time).at_most(20e6));

    let policies: Vec<Arc<CompiledPolicy>> = (0..STATEMENTS)
        .map(|number| {
            let text = growth::document(Shape::Resources, number..number + 1);
            Arc::new(bailiwick::compile(&text, PolicyKind::Identity).expect("a policy of one statement"))
        })
        .collect();
    let whole = once_each(effort, || policies.clone(), PolicySet::from_iter);
    section.push(Row::new("make a set of 10,000 policies of one statement", Unit::Time, whole).at_most(20e6));

    // The policies leave in the order they came, so that every part of the set is renewed again and again.
    let mut set = PolicySet::new();
    let mut held: VecDeque<_> = policies.iter().map(|policy| set.insert(policy.clone())).collect();
    let mut next = policies.iter().cycle();
    let change = || {
        held.extend(next.next().map(|policy| set.insert(policy.clone())));
        held.pop_front().and_then(|oldest| set.remove(oldest));
    };
    let mut contenders = [Contender::new("bailiwick", 1, change)];
    let row = Row::of("add one policy to that set and remove the oldest", &measure(effort, &mut contenders));
    drop(contenders);
    assert_eq!(set.len(), policies.len());
    section.push(row.goal("≤ 1 % of making it", |ours| ours <= whole / 100.0));
    section
}

/// The median time of a step whose input is made before, and whose outcome is dropped after, the clock runs.
fn once_each<I, O>(effort: Effort, input: impl Fn() -> I, step: impl Fn(I) -> O) -> f64 {
    let samples = if effort == Effort::Once { 1 } else { SAMPLES };
    let sample = |_| {
        let input = input();
        let start = Instant::now();
        let outcome = black_box(step(input));
        let time = start.elapsed();
        drop(outcome);
        time.as_secs_f64() * 1e9
    };
    median((0..samples).map(sample).collect())
}
