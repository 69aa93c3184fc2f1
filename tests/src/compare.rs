//! Engine against model, on one scenario: what the property tests and the fuzzer hold the engine to.

use std::fmt;

use bailiwick_scenario::Scenario;
use serde_json::{Value, json};

use crate::case::{self, Expect};
use crate::{expected, model};

/// A scenario to which two answers differ.
pub struct Disagreement {
    /// The scenario.
    pub scenario: Value,
    /// Who answered what.
    pub answers: [(&'static str, String); 2],
}

/// Compares the engine's decision with the model's, and its explanation's decision with both.
///
/// # Errors
///
/// The scenario and the two answers that differ.
pub fn compare(scenario: &Value) -> Result<Expect, Box<Disagreement>> {
    let differ = |answers| Err(Box::new(Disagreement { scenario: scenario.clone(), answers }));
    let expected = model::decide(scenario);
    let text = scenario.to_string();
    let read = Scenario::parse(&text);
    let (decided, explained) = match &read {
        Ok(scenario) => (scenario.decide().as_str(), scenario.answer().decision.as_str()),
        Err(_) => ("refused", "refused"),
    };
    if explained != decided {
        return differ([("decide", decided.to_owned()), ("explain", explained.to_owned())]);
    }
    let expect = expected.as_ref().map_or(Expect::Refused, |decision| Expect::Decision(*decision));
    if expect.as_str() != decided {
        let why = expected.err().map(|refused| format!(": {}", refused.0)).unwrap_or_default();
        let errors = read.err().map(|errors| format!(": {errors}")).unwrap_or_default();
        let model = ("model", format!("{}{why}", expect.as_str()));
        return differ([model, ("engine", format!("{decided}{errors}"))]);
    }
    Ok(expect)
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:#}", self.scenario)?;
        self.answers.iter().try_for_each(|(who, answer)| writeln!(f, "{who} says {answer}"))
    }
}

impl fmt::Debug for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Disagreement {
    /// Under `UPDATE=1`, writes a case file with the scenario into `cases/regressions`. Its name, reason and answer
    /// are for a person to state, by the rules.
    pub fn dump(&self) {
        if !expected::is_renewed() {
            return;
        }
        let [(_, answer), (_, other)] = &self.answers;
        let case = json!([{
            "name": "STATE THE BEHAVIOUR",
            "because": format!("one says {answer}, the other {other}"),
            "source": "STATE THE RULE",
            "request": self.scenario["request"],
            "policies": self.scenario["policies"],
            "expect": answer.split(':').next(),
        }]);
        let text = format!("{case:#}\n");
        // Equal scenarios overwrite each other; the name has no other meaning.
        let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
        });
        let file = case::folder().join(format!("regressions/{hash:016x}.json"));
        if let Err(error) = std::fs::write(&file, text) {
            eprintln!("{}: {error}", file.display());
        }
    }
}
