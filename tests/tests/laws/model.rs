//! The engine answers as the definitional model does, and explains what it decides.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use bailiwick_tests::compare::{Disagreement, compare};
use bailiwick_tests::generate;
use bailiwick_tests::minimize::minimize;

use crate::driver::{Broken, try_all};

/// How many scenarios are compared, all threads together.
const SCENARIOS: usize = 112_000;

#[test]
fn the_engine_decides_as_the_model_and_explains_as_it_decides() {
    let compared = AtomicUsize::new(0);
    let share = |seed: u8, cases: u32| {
        try_all(seed, cases, |bytes| {
            for scenario in generate::scenarios(bytes) {
                compared.fetch_add(1, Ordering::Relaxed);
                compare(&scenario).map_err(|disagreement| least(&disagreement))?;
            }
            Ok(())
        })
    };
    let threads: u8 = 4;
    let cases = u32::try_from(SCENARIOS / generate::REQUESTS / usize::from(threads)).unwrap();
    thread::scope(|scope| {
        let shares: Vec<_> = (0..threads).map(|seed| scope.spawn(move || share(seed, cases))).collect();
        for share in shares {
            if let Err(disagreement) = share.join().unwrap() {
                panic!("{disagreement}");
            }
        }
    });
    println!("{} scenarios compared", compared.into_inner());
}

/// The smallest scenario with the same two answers, also as a case file where one is wanted.
fn least(disagreement: &Disagreement) -> Broken {
    let differs =
        |scenario: &_| compare(scenario).err().is_some_and(|other| other.answers == disagreement.answers);
    let scenario = minimize(&disagreement.scenario, &differs);
    let least = Disagreement { scenario, answers: disagreement.answers.clone() };
    least.dump();
    least.to_string()
}
