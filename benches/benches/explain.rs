//! One explanation: the same traversal, looked at to its end and written down.

use std::hint::black_box;

use bailiwick::CompiledPolicy;
use bailiwick_benches::Workload;
use bailiwick_benches::engine::asked;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn explain(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("explain");
    group.throughput(Throughput::Elements(1));
    for workload in [Workload::w1(), Workload::w2(), Workload::w3(1_000)] {
        let compiled = workload.compile();
        let attached: Vec<&CompiledPolicy> = compiled.iter().collect();
        let asked = asked(&workload, &attached);
        for (case, (policies, request)) in workload.cases.iter().zip(&asked).take(2) {
            assert_eq!(policies.explain(request).decision, case.expect, "{} {}", workload.name, case.name);
            group.bench_function(format!("{}/{}", workload.name, case.name), |bencher| {
                bencher.iter(|| black_box(policies).explain(black_box(request)));
            });
        }
    }
}

criterion_group!(benches, explain);
criterion_main!(benches);
