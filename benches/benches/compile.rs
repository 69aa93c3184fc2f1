//! From text to a policy that decides, and the last step of it alone.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a bench that cannot be set up must stop")]

use std::hint::black_box;

use bailiwick::{CompiledPolicy, PolicyKind, compile};
use bailiwick_benches::{Workload, workload};
use bailiwick_normalizer::normalize;
use bailiwick_parser as parser;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

/// Parse, normalize and compile.
fn from_text(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("compile/from text");
    for workload in [Workload::w1(), Workload::w2(), Workload::w3(10_000)] {
        let text = &workload.documents[0];
        assert!(compile(text, workload.kind).is_ok(), "{}", workload.name);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(&workload.name, |bencher| {
            bencher.iter(|| compile(black_box(text), workload.kind));
        });
    }
    let Some(corpus) = workload::corpus() else { return };
    for (name, text) in &corpus {
        assert!(compile(text, PolicyKind::Identity).is_ok(), "{name}");
    }
    group.throughput(Throughput::Bytes(corpus.iter().map(|(_, text)| text.len() as u64).sum()));
    group.bench_function("the policies AWS manages", |bencher| {
        bencher.iter(|| {
            for (_, text) in &corpus {
                black_box(compile(text, PolicyKind::Identity)).ok();
            }
        });
    });
}

/// The last step alone.
fn from_meaning(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("compile/from meaning");
    for workload in [Workload::w1(), Workload::w2(), Workload::w3(10_000)] {
        let text = &workload.documents[0];
        let document = parser::parse(text).expect("a workload's document is a policy");
        let policy = normalize(&document, Some(workload.kind)).expect("and of its kind");
        assert_eq!(CompiledPolicy::new(policy.clone()).statement_count(), document.statements.len());
        group.throughput(Throughput::Elements(document.statements.len() as u64));
        group.bench_function(&workload.name, |bencher| {
            bencher.iter_batched(|| policy.clone(), CompiledPolicy::new, BatchSize::LargeInput);
        });
    }
}

criterion_group!(benches, from_text, from_meaning);
criterion_main!(benches);
