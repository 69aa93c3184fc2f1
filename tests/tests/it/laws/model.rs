//! The engine answers as the definitional model does, and explains what it decides.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use bailiwick_tests::case::Expect;
use bailiwick_tests::compare::{Disagreement, compare};
use bailiwick_tests::generate;
use bailiwick_tests::minimize::minimize;
use bailiwick_tests::model::Decision;

use crate::laws::driver::{Broken, try_all};

/// How many scenarios are compared, all threads together.
const SCENARIOS: usize = 112_000;

/// What there is to answer, and its name.
const ANSWERS: [(Expect, &str); 4] = [
    (Expect::Decision(Decision::Allowed), "allowed"),
    (Expect::Decision(Decision::ExplicitDeny), "explicitDeny"),
    (Expect::Decision(Decision::ImplicitDeny), "implicitDeny"),
    (Expect::Refused, "refused"),
];

#[test]
fn the_engine_decides_as_the_model_and_explains_as_it_decides() {
    let start = Instant::now();
    let compared = AtomicUsize::new(0);
    let answers: [AtomicUsize; 4] = Default::default();
    let share = |seed: u8, cases: u32| {
        try_all(seed, cases, |bytes| {
            for scenario in generate::scenarios(bytes) {
                compared.fetch_add(1, Ordering::Relaxed);
                let answer = compare(&scenario).map_err(|disagreement| least(&disagreement))?;
                if let Some(count) =
                    answers.get(ANSWERS.iter().position(|(of, _)| *of == answer).unwrap_or(3))
                {
                    count.fetch_add(1, Ordering::Relaxed);
                }
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
    let compared = compared.into_inner();
    println!("{compared} generated scenarios compared in {:.0} s", start.elapsed().as_secs_f64());
    for ((_, name), count) in ANSWERS.iter().zip(answers) {
        println!("  {name:14} {:>5.1} %", count.into_inner() as f64 * 100.0 / compared as f64);
    }
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
