//! Many requests over the same policies: what they share is prepared once, and no index is read anew.

use std::hint::black_box;

use bailiwick::{Attached, CompiledPolicy, Decision, Policies, Principal, Request};
use bailiwick_benches::Workload;
use bailiwick_benches::growth::{self, Shape};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// How many requests a batch has.
const BATCH: usize = 1_000;

/// One caller asks for a thousand resources: the principal is read once, the request anew for each.
fn one_principal(criterion: &mut Criterion) {
    let set = growth::grow(Shape::Resources, BATCH).set;
    let Some(role) = Principal::from_arn("arn:aws:iam::123456789012:role/app") else { return };
    let asked: Vec<_> =
        growth::places(BATCH, BATCH).into_iter().map(|place| Shape::Resources.hit(place)).collect();
    let policies = Policies { identity: Attached::Set(&set), ..Policies::default() };
    let requests: Vec<Request<'_>> =
        asked.iter().map(|(action, resource)| Request::new(&role, action, resource)).collect();
    assert!(requests.iter().all(|request| policies.decide(request) == Decision::Allowed));

    let mut group = criterion.benchmark_group("batch/one principal");
    group.throughput(Throughput::Elements(BATCH as u64));
    group.bench_function("requests built before", |bencher| {
        bencher.iter(|| {
            requests.iter().filter(|request| policies.decide(black_box(request)).is_allowed()).count()
        });
    });
    group.bench_function("requests built from strings", |bencher| {
        bencher.iter(|| {
            let allowed = |(action, resource): &&(String, String)| {
                policies.decide(&Request::new(&role, black_box(action), black_box(resource))).is_allowed()
            };
            asked.iter().filter(allowed).count()
        });
    });
    group.bench_function("principal and requests built from strings", |bencher| {
        bencher.iter(|| {
            let allowed = |(action, resource): &&(String, String)| {
                Principal::from_arn(black_box("arn:aws:iam::123456789012:role/app")).is_some_and(|role| {
                    policies.decide(&Request::new(&role, black_box(action), black_box(resource))).is_allowed()
                })
            };
            asked.iter().filter(allowed).count()
        });
    });
}

/// A thousand times the same request over policies that are asked one after the other.
fn one_resource(criterion: &mut Criterion) {
    let workload = Workload::w2();
    let compiled = workload.compile();
    let attached: Vec<&CompiledPolicy> = compiled.iter().cycle().take(5).collect();
    let policies = Policies { identity: Attached::List(&attached), ..Policies::default() };
    let requests: Vec<Request<'_>> =
        workload.cases.iter().cycle().take(BATCH).map(|case| case.request()).collect();
    for (case, request) in workload.cases.iter().cycle().zip(&requests) {
        assert_eq!(policies.decide(request), case.expect, "{}", case.name);
    }
    let mut group = criterion.benchmark_group("batch/five policies");
    group.throughput(Throughput::Elements(BATCH as u64));
    group.bench_function("requests built before", |bencher| {
        bencher.iter(|| {
            requests.iter().filter(|request| policies.decide(black_box(request)).is_allowed()).count()
        });
    });
}

criterion_group!(benches, one_principal, one_resource);
criterion_main!(benches);
