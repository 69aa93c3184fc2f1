//! Tries a law on generated inputs, and says what broke it.

use std::cell::RefCell;

use arbitrary::Unstructured;
use bailiwick_scenario::{Decision, Scenario};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use serde_json::Value;

/// Why a law does not hold: what was asked and answered.
pub(crate) type Broken = String;

/// Tries a law on so many byte strings. The same seed tries the same ones.
pub(crate) fn for_all(seed: u8, cases: u32, law: impl Fn(&mut Unstructured<'_>) -> Result<(), Broken>) {
    if let Err(failure) = try_all(seed, cases, law) {
        panic!("{failure}");
    }
}

/// [`for_all`] that returns the first failure instead.
pub(crate) fn try_all(
    seed: u8,
    cases: u32,
    law: impl Fn(&mut Unstructured<'_>) -> Result<(), Broken>,
) -> Result<(), Broken> {
    let cases = cases.div_ceil(fewer());
    // Bytes are shrunk a little: whoever wants the least scenario makes the scenario itself smaller.
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 256, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let bytes = proptest::collection::vec(proptest::num::u8::ANY, 0..2048);
    let broken = RefCell::new(String::new());
    let run = TestRunner::new_with_rng(config, rng).run(&bytes, |bytes| {
        law(&mut Unstructured::new(&bytes)).map_err(|failure| {
            *broken.borrow_mut() = failure;
            TestCaseError::fail("broken")
        })
    });
    match run {
        Ok(()) => Ok(()),
        Err(TestError::Fail(_, bytes)) => Err(law(&mut Unstructured::new(&bytes)).err().unwrap_or_default()),
        Err(error) => Err(error.to_string()),
    }
}

/// By what the number of inputs is divided: `BAILIWICK_LAWS_FEWER`, for a run that has little time, else 1.
fn fewer() -> u32 {
    let given = std::env::var("BAILIWICK_LAWS_FEWER").ok();
    given.and_then(|text| text.parse().ok()).filter(|fewer| *fewer > 0).unwrap_or(1)
}

/// The engine's decision; `None` for a scenario that is refused.
pub(crate) fn decide(scenario: &Value) -> Option<Decision> {
    Scenario::parse(&scenario.to_string()).ok().map(|scenario| scenario.decide())
}

/// Whether the engine allows.
pub(crate) fn allows(scenario: &Value) -> bool {
    decide(scenario) == Some(Decision::Allowed)
}

/// Two scenarios that should have answers in some relation, and have not.
pub(crate) fn broken(law: &str, before: &Value, after: &Value) -> Broken {
    let answer = |scenario| decide(scenario).map_or("refused", Decision::as_str);
    format!("{law}\n{before:#}\nis {}\n{after:#}\nis {}", answer(before), answer(after))
}

/// The two scenarios have the same answer.
pub(crate) fn same(law: &str, before: &Value, after: &Value) -> Result<(), Broken> {
    if decide(before) == decide(after) { Ok(()) } else { Err(broken(law, before, after)) }
}
