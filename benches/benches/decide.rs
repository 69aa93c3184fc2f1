//! One decision: the policies compiled and the request built before the clock starts.

use std::hint::black_box;

use bailiwick::CompiledPolicy;
use bailiwick_benches::Workload;
use bailiwick_benches::engine::{Asks, Model, asked};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// Request by request, beside the definitional model: the yardstick for what interpreting the documents costs.
fn decide(criterion: &mut Criterion) {
    for workload in [Workload::w1(), Workload::w1s(), Workload::w2()] {
        let mut group = criterion.benchmark_group(format!("decide/{}", workload.name));
        group.throughput(Throughput::Elements(1));
        let compiled = workload.compile();
        let attached: Vec<&CompiledPolicy> = compiled.iter().collect();
        let mut model = Asks::new(&Model, &workload);
        assert_eq!(model.wrong, 0, "{}", workload.name);
        let asked = asked(&workload, &attached);
        for ((case, (policies, request)), ask) in workload.cases.iter().zip(&asked).zip(&mut model.asks) {
            group.bench_function(format!("{}/bailiwick", case.name), |bencher| {
                bencher.iter(|| black_box(policies).decide(black_box(request)));
            });
            if let Some(ask) = ask {
                group.bench_function(format!("{}/model", case.name), |bencher| bencher.iter(&mut *ask));
            }
        }
    }
}

/// A thousand requests, each over its own one of the policies AWS manages: here the memory counts.
fn managed(criterion: &mut Criterion) {
    let Some(workload) = Workload::w4() else { return };
    let mut group = criterion.benchmark_group("decide/W4");
    group.throughput(Throughput::Elements(workload.cases.len() as u64));
    let compiled = workload.compile();
    let attached: Vec<&CompiledPolicy> = compiled.iter().collect();
    let asked = asked(&workload, &attached);
    group.bench_function("bailiwick", |bencher| {
        bencher.iter(|| {
            for (policies, request) in &asked {
                black_box(policies.decide(request));
            }
        });
    });
}

criterion_group!(benches, decide, managed);
criterion_main!(benches);
