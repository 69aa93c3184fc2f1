//! From syntax trees to meaning: what is left to do once a document is read.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a bench that cannot be set up must stop"
)]

use std::hint::black_box;

use bailiwick::PolicyKind;
use bailiwick_benches::{Workload, workload};
use bailiwick_normalizer::normalize;
use bailiwick_parser as parser;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn normalized(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("normalize");
    for workload in [Workload::w1(), Workload::w2()] {
        let text = &workload.documents[0];
        let document = parser::parse(text).expect("a workload's document is a policy");
        let policy = normalize(&document, Some(workload.kind)).expect("and of its kind");
        assert_eq!(policy.statements().len(), document.statements.len());
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(&workload.name, |bencher| {
            bencher.iter(|| normalize(black_box(&document), Some(workload.kind)));
        });
    }
    let Some(corpus) = workload::corpus() else { return };
    let documents: Vec<_> = corpus
        .iter()
        .map(|(name, text)| parser::parse(text).unwrap_or_else(|_| panic!("{name} is a policy")))
        .collect();
    for (document, (name, _)) in documents.iter().zip(&corpus) {
        assert!(normalize(document, Some(PolicyKind::Identity)).is_ok(), "{name}");
    }
    group.throughput(Throughput::Bytes(corpus.iter().map(|(_, text)| text.len() as u64).sum()));
    group.bench_function("the policies AWS manages", |bencher| {
        bencher.iter(|| {
            for document in &documents {
                black_box(normalize(document, Some(PolicyKind::Identity))).ok();
            }
        });
    });
}

criterion_group!(benches, normalized);
criterion_main!(benches);
