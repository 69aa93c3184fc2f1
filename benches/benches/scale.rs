//! One decision as the number of statements grows.

use std::hint::black_box;

use bailiwick::CompiledPolicy;
use bailiwick_benches::Workload;
use bailiwick_benches::engine::asked;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// Every statement has a service of its own.
fn by_service(criterion: &mut Criterion) {
    grow(criterion, "scale/W3", Workload::w3);
}

/// Only the resource tells the statements apart.
fn by_resource(criterion: &mut Criterion) {
    grow(criterion, "scale/W3S", Workload::w3s);
}

fn grow(criterion: &mut Criterion, name: &str, workload: impl Fn(usize) -> Workload) {
    let mut group = criterion.benchmark_group(name);
    for size in [10, 100, 1_000, 10_000] {
        let workload = workload(size);
        let compiled = workload.compile();
        let attached: Vec<&CompiledPolicy> = compiled.iter().collect();
        let asked = asked(&workload, &attached);
        group.throughput(Throughput::Elements(asked.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter(|| {
                for (policies, request) in &asked {
                    black_box(policies.decide(request));
                }
            });
        });
    }
}

criterion_group!(benches, by_service, by_resource);
criterion_main!(benches);
