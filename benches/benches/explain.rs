//! One explanation: the same traversal, looked at to its end and written down.

use std::hint::black_box;

use bailiwick::{Attached, CompiledPolicy, Policies, PolicyKind};
use bailiwick_benches::Workload;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn explain(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("explain");
    group.throughput(Throughput::Elements(1));
    for workload in [Workload::w1(), Workload::w2(), Workload::w3(1_000)] {
        let compiled = workload.compile();
        let attached: Vec<&CompiledPolicy> = compiled.iter().collect();
        let policies = match workload.kind {
            PolicyKind::Resource => Policies { resource: Attached::List(&attached), ..Policies::default() },
            _ => Policies { identity: Attached::List(&attached), ..Policies::default() },
        };
        for case in workload.cases.iter().take(2) {
            let request = case.request();
            assert_eq!(policies.explain(&request).decision, case.expect, "{} {}", workload.name, case.name);
            group.bench_function(format!("{}/{}", workload.name, case.name), |bencher| {
                bencher.iter(|| black_box(&policies).explain(black_box(&request)));
            });
        }
    }
}

criterion_group!(benches, explain);
criterion_main!(benches);
