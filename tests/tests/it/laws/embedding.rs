//! However policies are attached, whatever index stands over them, and whatever the request was about before, the
//! decision is the scenario's.

use std::sync::Arc;

use bailiwick_evaluator::Request;
use bailiwick_tests::embed::{Embedded, How, compile};
use bailiwick_tests::generate::{self, Kind};
use bailiwick_tests::rewrite::{self, plain};

use crate::laws::driver::{decide, for_all};

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

#[test]
fn a_request_that_was_moved_is_the_one_that_would_have_been_built() {
    for_all(42, 700, |bytes| {
        let scenarios: Vec<_> = generate::scenarios(bytes).iter().map(plain).collect();
        for (first, second) in scenarios.iter().zip(scenarios.iter().skip(1)) {
            let [action, resource] = ["action", "resource"].map(|name| second["request"][name].as_str());
            let (Some(action), Some(resource)) = (action, resource) else { continue };
            // The first request in all that was said of it, about what the second is about: but what an ARN tells
            // better, and whose the object before was.
            let mut built = first.clone();
            built["request"]["action"] = action.into();
            built["request"]["resource"] = resource.into();
            if let Some(request) = built["request"].as_object_mut() {
                request.remove("objectOwner");
                if resource.split(':').nth(4).is_some_and(|account| !account.is_empty()) {
                    request.remove("resourceAccount");
                }
            }
            let (Some(from), Some(to)) = (Embedded::compile(first), Embedded::compile(&built)) else {
                continue;
            };
            let expected = to.request();
            let mut by_action = from.request();
            by_action.set_action(action);
            by_action.set_resource(resource);
            let mut by_resource = from.request();
            by_resource.set_resource(resource);
            by_resource.set_action(action);
            let mut there_and_back = expected.clone();
            there_and_back.set_action(from.request().action());
            there_and_back.set_resource("arn:aws:sqs:us-east-1:777788889999:q");
            there_and_back.set_resource(resource);
            there_and_back.set_action(action);
            for how in [How::Listed, How::Set] {
                to.with(how, &[], |policies, _| {
                    // What an explanation refers to is the policies: their places are the same for both.
                    let answer = |request: &Request<'_>| {
                        let facts =
                            (request.resource(), request.resource_account(), request.is_same_account());
                        format!("{:?} {facts:?} {:?}", policies.decide(request), policies.explain(request))
                    };
                    let expected = answer(&expected);
                    for moved in [&by_action, &by_resource, &there_and_back] {
                        let answer = answer(moved);
                        if answer != expected {
                            return Err(format!("{how:?}\n{built:#}\nmoved {answer}\nbuilt {expected}"));
                        }
                    }
                    Ok(())
                })?;
            }
        }
        Ok(())
    });
}
