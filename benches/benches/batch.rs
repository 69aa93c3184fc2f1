//! Many questions over the same policies. A request that is moved keeps principal and context; beside it the same
//! questions with each request built before, in used memory, or anew.

use std::hint::black_box;

use bailiwick::{Attached, CompiledPolicy, Policies, Request};
use bailiwick_benches::Workload;
use bailiwick_benches::listing::{How, Listing};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// How many requests a batch has.
const BATCH: usize = 1_000;

/// One caller asks for a thousand objects, or a thousand times for an action on one: what is read once, what each time.
fn one_principal(criterion: &mut Criterion) {
    for (name, listing, allowed) in
        [("objects", Listing::of_objects(), 500), ("actions", Listing::of_actions(), 500)]
    {
        let mut group = criterion.benchmark_group(format!("batch/one principal, many {name}"));
        group.throughput(Throughput::Elements(listing.len() as u64));
        for how in How::ALL {
            let mut decide_all = listing.asked(how);
            assert_eq!(decide_all(), allowed, "{}", how.name());
            group.bench_function(how.name(), |bencher| bencher.iter(|| black_box(decide_all())));
        }
    }
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
