//! A service with one compiled policy for each of its users, roles and buckets: the two that apply are put together
//! for each request. Tables with memory and two threads are printed by `goals`.

use std::hint::black_box;

use bailiwick::Request;
use bailiwick_benches::clock::Effort;
use bailiwick_benches::memory::service_size;
use bailiwick_benches::service::{Call, Service};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

fn embed(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("embed");
    for size in [100, service_size(Effort::from_arguments())] {
        let service = Service::new(size);
        let calls = service.calls(10_000);
        let requests: Vec<Request<'_>> = calls.iter().map(Call::request).collect();
        for (call, request) in calls.iter().zip(&requests) {
            assert_eq!(service.decide(call, request), call.expect(), "{request:?}");
        }
        group.throughput(Throughput::Elements(calls.len() as u64));
        group.bench_function(BenchmarkId::new("decided", size), |bencher| {
            bencher.iter(|| {
                for (call, request) in calls.iter().zip(&requests) {
                    black_box(service.decide(call, request));
                }
            });
        });
        group.bench_function(BenchmarkId::new("built and decided", size), |bencher| {
            bencher.iter(|| {
                for call in &calls {
                    black_box(service.decide(call, &call.request()));
                }
            });
        });
    }
}

criterion_group!(benches, embed);
criterion_main!(benches);
