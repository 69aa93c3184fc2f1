//! One decision: the policies compiled and the request built before the clock starts.

#![expect(clippy::expect_used, reason = "a bench that cannot be set up must stop")]

use std::hint::black_box;

use bailiwick::{Attached, CompiledPolicy, Decision, Policies, PolicyKind, Request};
use bailiwick_benches::{Case, Workload};
use bailiwick_tests::model;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};

fn decide(criterion: &mut Criterion) {
    for workload in [Workload::w1(), Workload::w1s(), Workload::w2()] {
        let mut group = criterion.benchmark_group(format!("decide/{}", workload.name));
        group.throughput(Throughput::Elements(1));
        let compiled = workload.compile();
        for case in &workload.cases {
            ours(&mut group, &workload, &compiled, case);
            definition(&mut group, &workload, case);
        }
    }
}

fn ours(
    group: &mut BenchmarkGroup<'_, WallTime>,
    workload: &Workload,
    compiled: &[CompiledPolicy],
    case: &Case,
) {
    let attached: Vec<&CompiledPolicy> = compiled.iter().collect();
    let policies = attach(workload.kind, &attached);
    let request = case.request();
    assert_eq!(policies.decide(&request), case.expect, "{} {}", workload.name, case.name);
    group.bench_function(format!("{}/bailiwick", case.name), |bencher| {
        bencher.iter(|| black_box(&policies).decide(black_box(&request)));
    });
}

/// The definitional model is the yardstick for what interpreting the documents costs.
fn definition(group: &mut BenchmarkGroup<'_, WallTime>, workload: &Workload, case: &Case) {
    let read = |text: &String| serde_json::from_str(text).expect("a document is JSON");
    let documents: Vec<serde_json::Value> = workload.documents.iter().map(read).collect();
    let scenario = case.scenario(workload.kind, &documents);
    let answer = model::decide(&scenario).expect("a workload's scenario is one");
    let same = match case.expect {
        Decision::Allowed => model::Decision::Allowed,
        Decision::ExplicitDeny => model::Decision::ExplicitDeny,
        Decision::ImplicitDeny => model::Decision::ImplicitDeny,
    };
    assert_eq!(answer, same, "{} {}", workload.name, case.name);
    group.bench_function(format!("{}/model", case.name), |bencher| {
        bencher.iter(|| model::decide(black_box(&scenario)));
    });
}

/// A thousand requests, each over its own one of the policies AWS manages: here the memory counts.
fn managed(criterion: &mut Criterion) {
    let Some(workload) = Workload::w4() else { return };
    let mut group = criterion.benchmark_group("decide/W4");
    group.throughput(Throughput::Elements(workload.cases.len() as u64));
    let compiled = workload.compile();
    let asked: Vec<([&CompiledPolicy; 1], Request<'_>, Decision)> = workload
        .cases
        .iter()
        .filter_map(|case| Some(([compiled.get(case.document?)?], case.request(), case.expect)))
        .collect();
    for (policy, request, expect) in &asked {
        assert_eq!(attach(workload.kind, policy).decide(request), *expect, "{request:?}");
    }
    group.bench_function("bailiwick", |bencher| {
        bencher.iter(|| {
            for (policy, request, _) in &asked {
                black_box(attach(workload.kind, policy).decide(request));
            }
        });
    });
}

fn attach<'p>(kind: PolicyKind, policies: &'p [&'p CompiledPolicy]) -> Policies<'p> {
    match kind {
        PolicyKind::Resource => Policies { resource: Attached::List(policies), ..Policies::default() },
        _ => Policies { identity: Attached::List(policies), ..Policies::default() },
    }
}

criterion_group!(benches, decide, managed);
criterion_main!(benches);
