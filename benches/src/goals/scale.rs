//! What becomes of a decision as there are more statements, more policies, more threads.

#![expect(clippy::expect_used, reason = "a policy of this file that cannot be compiled must stop the bench")]

use std::hint::black_box;
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Instant;

use bailiwick::{Attached, CompiledPolicy, Decision, Policies, PolicyKind, PolicySet, Principal, Request};

use super::Peers;
use super::decisions::whole;
use crate::clock::{Contender, Effort, measure, median};
use crate::growth::{self, Grown, Shape};
use crate::listing::{How, Listing};
use crate::memory::{self, Memory};
use crate::service::{Call, Service};
use crate::table::{Row, Section, Unit};
use crate::workload::{Workload, thousands};

/// Documents of more statements than this are not read as one.
const LARGEST_DOCUMENT: usize = 10_000;

/// W3 and W3S as they grow: the workload's own requests, again and again.
pub(super) fn growth(effort: Effort, peers: &Peers) -> Section {
    let mut section = Section::new("one decision as sets grow");
    for shape in [Shape::Services, Shape::Resources] {
        let mut at_ten = f64::NAN;
        for size in memory::sizes(effort).iter().copied().filter(|size| *size <= LARGEST_DOCUMENT) {
            let workload = match shape {
                Shape::Services => Workload::w3(size),
                Shape::Resources => Workload::w3s(size),
            };
            let row = whole(effort, peers, &workload, &mut section);
            if size == 10 {
                at_ten = row.ours();
            }
            section.push(match (shape, size) {
                (Shape::Services, 10_000) => {
                    row.at_most(60.0).goal("≤ 1.5 × at 10", |ours| ours <= 1.5 * at_ten)
                }
                (Shape::Resources, 1_000) => row.goal("≤ 2 × at 10", |ours| ours <= 2.0 * at_ten),
                _ => row,
            });
        }
    }
    section
}

/// A set whose statements all are about `*` and differ in a pattern that nothing can be looked up by, beside its
/// policies one by one: the index must not cost what it cannot give.
pub(super) fn alike(effort: Effort) -> Section {
    let mut section = Section::new("sets that nothing tells apart (all `*`)");
    let role = Principal::service("nobody.amazonaws.com");
    let role = Principal::from_arn("arn:aws:iam::123456789012:role/app").unwrap_or(role);
    let request =
        Request::new(&role, "s3:GetObject", "arn:aws:s3:::bucket/key").with("aws:RequestedRegion", "here");
    for size in [10, 64, 1_000] {
        let policy = |number: usize| {
            let text = format!(
                r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "*", "Resource": "*",
                "Condition": {{"StringLike": {{"aws:RequestedRegion": "*-{number}"}}}}}}}}"#
            );
            Arc::new(bailiwick::compile(&text, PolicyKind::Identity).expect("it is a policy"))
        };
        let policies: Vec<Arc<CompiledPolicy>> = (0..size).map(policy).collect();
        let set = PolicySet::from_iter(policies.iter().cloned());
        let in_set = Policies { identity: Attached::Set(&set), ..Policies::default() };
        let one_by_one = Policies { identity: Attached::Shared(&policies), ..Policies::default() };
        for policies in [&in_set, &one_by_one] {
            assert_eq!(policies.decide(&request), Decision::ImplicitDeny);
        }
        let figures = measure(
            effort,
            &mut [
                Contender::new("bailiwick", 1, || {
                    black_box(black_box(&in_set).decide(black_box(&request)));
                }),
                Contender::new("one by one", 1, || {
                    black_box(black_box(&one_by_one).decide(black_box(&request)));
                }),
            ],
        );
        let scan = figures.get(1).map_or(f64::NAN, |figure| figure.median);
        let row = Row::of(format!("{} policies, none of which applies", thousands(size)), &figures);
        section.push(row.goal("no more than one by one", |ours| ours <= scan));
    }
    section
}

/// Larger sets, of policies of a hundred statements: a few requests again and again, and each statement's in turn, so
/// that memory counts.
pub(super) fn large(effort: Effort, memory: &Memory) -> Vec<Section> {
    let mut sections = Vec::new();
    for shape in [Shape::Services, Shape::Resources] {
        let title = match shape {
            Shape::Services => "sets told apart by service (W3)",
            Shape::Resources => "sets told apart by resource (W3S)",
        };
        let mut section = Section::new(title);
        for size in memory::sizes(effort) {
            let grown = growth::grow(shape, *size);
            let bytes = memory.get(&format!("bytes a statement, {} {size}", shape.name()));
            let statements = *size as f64;
            let per_statement = |time: std::time::Duration| time.as_secs_f64() * 1e9 / statements;
            let row = Row::new(thousands(*size), Unit::Time, in_turn(effort, shape, &grown, *size, 16))
                .with(
                    "another statement each time",
                    Unit::Time,
                    in_turn(effort, shape, &grown, *size, 20_000),
                )
                .with("text to policies, a statement", Unit::Time, per_statement(grown.compiled_in))
                .with("policies to set, a statement", Unit::Time, per_statement(grown.indexed_in))
                .with("memory, a statement", Unit::Bytes, bytes);
            section.push(row);
        }
        sections.push(section);
    }
    sections
}

/// A decision in the mean over requests for so many places in the set.
fn in_turn(effort: Effort, shape: Shape, grown: &Grown, size: usize, places: usize) -> f64 {
    let role = Principal::service("nobody.amazonaws.com");
    let role = Principal::from_arn("arn:aws:iam::123456789012:role/app").unwrap_or(role);
    let texts: Vec<_> = growth::places(size, places).into_iter().map(|place| shape.hit(place)).collect();
    let requests: Vec<Request<'_>> =
        texts.iter().map(|(action, resource)| Request::new(&role, action, resource)).collect();
    let policies = Policies { identity: Attached::Set(&grown.set), ..Policies::default() };
    assert!(requests.iter().all(|request| policies.decide(request) == Decision::Allowed));
    let (action, resource) = shape.miss();
    assert_eq!(policies.decide(&Request::new(&role, &action, &resource)), Decision::ImplicitDeny);
    let decide = |request: &Request<'_>| {
        black_box(black_box(&policies).decide(black_box(request)));
    };
    let figures = measure(effort, &mut [by_turns(&requests, decide)]);
    figures.first().map_or(f64::NAN, |figure| figure.median)
}

/// A contender that goes through all of the work, but not in one sample: that would last longer than the machine leaves
/// it alone.
fn by_turns<'c, T>(all: &'c [T], each: impl Fn(&T) + 'c) -> Contender<'c> {
    const TURN: usize = 200;
    let turn = TURN.min(all.len()).max(1);
    let mut turns = all.chunks_exact(turn).cycle();
    Contender::new("bailiwick", turn, move || turns.next().into_iter().flatten().for_each(&each))
}

/// A service with a policy for every user, role and bucket, on one thread and on two.
pub(super) fn service(effort: Effort, memory: &Memory) -> Section {
    let size = memory::service_size(effort);
    let service = Service::new(size);
    assert_eq!(service.policy_count(), size);
    let calls = service.calls(if effort == Effort::Once { 1_000 } else { 20_000 });
    let requests: Vec<Request<'_>> = calls.iter().map(Call::request).collect();
    let asked: Vec<(&Call, &Request<'_>)> = calls.iter().zip(&requests).collect();
    for (call, request) in &asked {
        assert_eq!(service.decide(call, request), call.expect(), "{request:?}");
    }
    let decide = |(call, request): &(&Call, &Request<'_>)| {
        black_box(service.decide(black_box(call), black_box(request)));
    };
    let mut section = Section::new("a service with a policy for each of its users, roles and buckets");
    let policies = thousands(size);
    for (work, some) in [
        (format!("a decision over two of {policies} policies, always other ones"), asked.len()),
        ("the same, over a hundred of them again and again".to_owned(), 100),
    ] {
        let some = asked.get(..some).unwrap_or(&asked);
        section.push(Row::of(work, &measure(effort, &mut [by_turns(some, decide)])));
    }
    let from_strings = |call: &Call| {
        black_box(service.decide(black_box(call), &black_box(call).request()));
    };
    let figures = measure(effort, &mut [by_turns(&calls, from_strings)]);
    section.push(Row::of("the request built from strings, and decided", &figures));

    let (one, two) = threads(effort, asked.get(..1_000).unwrap_or(&asked), &decide);
    section.push(Row::new("decisions in a second, one thread", Unit::Throughput, one));
    section.push(Row::new("decisions in a second, two threads", Unit::Throughput, two));
    section.push(Row::new("two threads to one", Unit::Times, two / one).at_least(1.9));
    section.push(Row::new("memory of a policy", Unit::Bytes, memory.get("bytes a policy of a service")));
    section.push(Row::new("a policy's document", Unit::Bytes, memory.get("bytes a document of a service")));
    section
}

/// Many questions of one caller, each asked and decided: what a batch saves.
pub(super) fn batches(effort: Effort) -> Section {
    let mut section = Section::new("one of many questions of one caller, asked and decided");
    for (work, listing) in [
        ("which of 1,000 objects may a user read", Listing::of_objects()),
        ("which of 1,000 actions may it do on one object", Listing::of_actions()),
    ] {
        let ways = [How::Moved, How::Before, How::InMemory, How::Anew, How::WithPrincipal];
        let mut contenders = ways.map(|how| {
            let mut asked = listing.asked(how);
            assert_eq!(2 * asked(), listing.len(), "{}", how.name());
            Contender::new(how.name(), listing.len(), move || {
                black_box(asked());
            })
        });
        let figures = measure(effort, &mut contenders);
        let in_memory = figures.iter().find(|figure| figure.name == How::InMemory.name());
        let in_memory = in_memory.map_or(f64::NAN, |figure| figure.median);
        let row = Row::of(work, &figures);
        section.push(row.goal("≤ 0.8 × each built in used memory", |ours| ours <= 0.8 * in_memory));
    }
    section
}

/// Decisions in a second on one thread and on two, in turns: medians.
fn threads<T: Sync>(effort: Effort, work: &[T], decide: &(impl Fn(&T) + Sync)) -> (f64, f64) {
    let (turns, rounds) = if effort == Effort::Once { (1, 1) } else { (41, 400) };
    let second = |count: usize| {
        let barrier = Barrier::new(count);
        let run = || {
            barrier.wait();
            let start = Instant::now();
            (0..rounds).for_each(|_| work.iter().for_each(decide));
            (rounds * work.len()) as f64 / start.elapsed().as_secs_f64()
        };
        thread::scope(|scope| {
            let threads: Vec<_> = (0..count).map(|_| scope.spawn(run)).collect();
            threads.into_iter().filter_map(|thread| thread.join().ok()).sum::<f64>()
        })
    };
    let (one, two): (Vec<f64>, Vec<f64>) = (0..turns).map(|_| (second(1), second(2))).unzip();
    (median(one), median(two))
}
