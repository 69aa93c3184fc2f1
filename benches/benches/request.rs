//! Building a request from its strings: folding names, hashing keys.

#![expect(clippy::indexing_slicing, reason = "a bench that cannot be set up must stop")]

use std::hint::black_box;

use bailiwick::RequestMemory;
use bailiwick_benches::Workload;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn request(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("request");
    group.throughput(Throughput::Elements(1));
    for workload in [Workload::w1(), Workload::w2(), Workload::w3(10)] {
        let case = &workload.cases[0];
        let built = case.request();
        assert_eq!(built.action(), case.action.to_ascii_lowercase());
        for (key, value) in &case.context {
            let found = built.value(key);
            assert!(matches!(found, Some(bailiwick::Value::One(found)) if found == value), "{key}");
        }
        let name = format!("{}, {} keys", workload.name, case.context.len());
        group.bench_function(&name, |bencher| bencher.iter(|| black_box(black_box(case).request())));
        let mut memory = Some(RequestMemory::default());
        group.bench_function(format!("{name}, in the memory of the one before"), |bencher| {
            bencher.iter(|| {
                let request = black_box(case).request_in(memory.take().unwrap_or_default());
                memory = Some(black_box(request).into_memory());
            });
        });
    }
}

criterion_group!(benches, request);
criterion_main!(benches);
