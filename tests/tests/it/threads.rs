//! Compiled policies are shared by threads without locks, and replaced while they decide.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use bailiwick::{
    Attached, CompiledPolicy, Decision, Explanation, Policies, PolicyKind, PolicySet, Principal, Request,
};
use bailiwick_delivery::Delivery;
use bailiwick_environment::Environment;
use bailiwick_scenario::{Documents, Scenario};

const fn shared<T: Send + Sync>() {}

/// What an embedder shares. That this compiles is the test.
const _: () = {
    shared::<CompiledPolicy>();
    shared::<PolicySet>();
    shared::<Policies<'_>>();
    shared::<Principal<'_>>();
    shared::<Request<'_>>();
    shared::<Explanation<'_>>();
    shared::<Scenario>();
    shared::<Documents>();
    shared::<Delivery>();
    shared::<Environment>();
    shared::<bailiwick_normalizer::Policy>();
    shared::<bailiwick::Errors>();
};

/// A set of many policies: those for services with an even number are as `even` says, the others as `odd` says.
fn set(even: &str, odd: &str) -> PolicySet {
    let mut set = PolicySet::new();
    for service in 0..SERVICES {
        let effect = if service % 2 == 0 { even } else { odd };
        let document = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"{effect}","Action":"svc{service}:*","Resource":"arn:aws:svc{service}:::${{aws:username}}/*"}}]}}"#
        );
        set.insert(bailiwick::compile(&document, PolicyKind::Identity).unwrap());
    }
    set.index();
    set
}

const SERVICES: usize = 16;
const THREADS: usize = 8;
const SWAPS: usize = 2_000;

#[test]
fn every_answer_is_that_of_a_set_that_held_while_policies_are_swapped_under_eight_threads() {
    let sets = [Arc::new(set("Allow", "Deny")), Arc::new(set("Deny", "Allow"))];
    let live = RwLock::new(sets[0].clone());
    let has_ended = AtomicBool::new(false);
    let (start, first, second) = (Barrier::new(THREADS + 1), AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (live, has_ended, start, first, second) = (&live, &has_ended, &start, &first, &second);
            scope.spawn(move || {
                let amy = Principal::from_arn("arn:aws:iam::111122223333:user/amy").unwrap();
                let texts: Vec<_> = (0..SERVICES)
                    .map(|service| (format!("svc{service}:Get"), format!("arn:aws:svc{service}:::amy/x")))
                    .collect();
                let requests: Vec<_> = texts
                    .iter()
                    .map(|(action, resource)| {
                        Request::new(&amy, action, resource).with_resource_account("111122223333")
                    })
                    .collect();
                start.wait();
                while !has_ended.load(Ordering::Relaxed) {
                    let set = live.read().unwrap().clone();
                    let policies = Policies { identity: Attached::Set(&set), ..Policies::default() };
                    let answers: Vec<_> = requests.iter().map(|request| policies.decide(request)).collect();
                    // All answers under one set are those of that set: the first or the second, never a mixture.
                    let of = |even, odd| {
                        let expected = [even, odd].into_iter().cycle();
                        answers.iter().zip(expected).all(|(answer, expected)| *answer == expected)
                    };
                    if of(Decision::Allowed, Decision::ExplicitDeny) {
                        first.fetch_add(1, Ordering::Relaxed);
                    } else if of(Decision::ExplicitDeny, Decision::Allowed) {
                        second.fetch_add(1, Ordering::Relaxed);
                    } else {
                        panic!("thread {thread}: of neither set: {answers:?}");
                    }
                    assert_eq!(policies.explain(&requests[thread]).decision, answers[thread]);
                }
            });
        }
        start.wait();
        for swap in 0..SWAPS {
            *live.write().unwrap() = sets[(swap + 1) % 2].clone();
            if swap % 16 == 0 {
                thread::yield_now();
            }
        }
        // Both are live long enough to be seen, unless the threads have failed.
        let deadline = Instant::now() + Duration::from_secs(60);
        for (set, seen) in sets.iter().zip([&first, &second]) {
            *live.write().unwrap() = set.clone();
            let before = seen.load(Ordering::Relaxed);
            while seen.load(Ordering::Relaxed) == before && Instant::now() < deadline {
                thread::yield_now();
            }
        }
        has_ended.store(true, Ordering::Relaxed);
    });
    assert!(first.into_inner() > 0 && second.into_inner() > 0);
}

#[test]
fn a_set_that_was_replaced_lives_until_its_last_decision_has_ended() {
    let live = RwLock::new(Arc::new(set("Allow", "Deny")));
    let held = live.read().unwrap().clone();
    *live.write().unwrap() = Arc::new(set("Deny", "Deny"));
    let amy = Principal::from_arn("arn:aws:iam::111122223333:user/amy").unwrap();
    let request =
        Request::new(&amy, "svc0:Get", "arn:aws:svc0:::amy/x").with_resource_account("111122223333");
    let decide =
        |set: &PolicySet| Policies { identity: Attached::Set(set), ..Policies::default() }.decide(&request);
    assert_eq!(decide(&held), Decision::Allowed);
    assert_eq!(decide(&live.read().unwrap()), Decision::ExplicitDeny);
    assert_eq!(Arc::strong_count(&held), 1);
}
