//! One decision as the number of statements grows.

use std::hint::black_box;

use bailiwick::{Attached, CompiledPolicy, Policies, Request};
use bailiwick_benches::Workload;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// Every statement has a service of its own.
fn by_service(criterion: &mut Criterion) {
    grow(criterion, "scale/W3", &[10, 100, 1_000, 10_000], Workload::w3);
}

/// Only the resource tells the statements apart.
fn by_resource(criterion: &mut Criterion) {
    grow(criterion, "scale/W3S", &[10, 100, 1_000, 10_000], Workload::w3s);
}

fn grow(criterion: &mut Criterion, name: &str, sizes: &[usize], workload: impl Fn(usize) -> Workload) {
    let mut group = criterion.benchmark_group(name);
    for size in sizes {
        let workload = workload(*size);
        let compiled = workload.compile();
        let attached: Vec<&CompiledPolicy> = compiled.iter().collect();
        let policies = Policies { identity: Attached::List(&attached), ..Policies::default() };
        let requests: Vec<Request<'_>> = workload.cases.iter().map(|case| case.request()).collect();
        for (case, request) in workload.cases.iter().zip(&requests) {
            assert_eq!(policies.decide(request), case.expect, "{} {}", workload.name, case.name);
        }
        group.throughput(Throughput::Elements(requests.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter(|| {
                for request in &requests {
                    black_box(policies.decide(request));
                }
            });
        });
    }
}

criterion_group!(benches, by_service, by_resource);
criterion_main!(benches);
