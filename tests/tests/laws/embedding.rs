//! However policies are attached, and whatever index stands over them, the decision is the scenario's.

use std::sync::Arc;

use bailiwick_tests::embed::{Embedded, How, compile};
use bailiwick_tests::generate::{self, Kind};
use bailiwick_tests::rewrite::{self, plain};

use crate::driver::{decide, for_all};

#[test]
fn an_index_changes_no_decision() {
    for_all(41, 1_500, |bytes| {
        let scenarios: Vec<_> =
            (0..3).flat_map(|_| generate::scenarios(bytes)).map(|scenario| plain(&scenario)).collect();
        // One scenario's requests over the policies of three, so that sets are worth an index.
        let Some(first) = scenarios.first().cloned() else { return Ok(()) };
        let mut many = first.clone();
        rewrite::lists(&mut many, |kind, list| {
            for other in scenarios.iter().step_by(generate::REQUESTS).skip(1) {
                let more = &other["policies"][kind.member()];
                let more = if kind.has_levels() { &more[0] } else { more };
                list.extend(more.as_array().cloned().unwrap_or_default());
            }
        });
        let strangers: Vec<_> = (0..20)
            .filter_map(|_| compile(&generate::document(bytes, Kind::Resource), Kind::Resource))
            .map(Arc::new)
            .collect();
        for scenario in &scenarios {
            let mut asked = many.clone();
            asked["request"] = scenario["request"].clone();
            let (Some(embedded), Some(expected)) = (Embedded::compile(&asked), decide(&asked)) else {
                continue;
            };
            for how in How::ALL {
                let decision = embedded.decide(how, &strangers);
                if decision != expected {
                    return Err(format!("{how:?} says {decision}, the scenario {expected}\n{asked:#}"));
                }
            }
        }
        Ok(())
    });
}
