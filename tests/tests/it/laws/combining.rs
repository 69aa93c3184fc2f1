//! How statements, policies and kinds come together.

use arbitrary::Unstructured;
use bailiwick_scenario::Decision;
use bailiwick_tests::generate::{self, Kind};
use bailiwick_tests::rewrite::{self, plain};
use serde_json::{Value, json};

use crate::laws::driver::{Broken, broken, decide, for_all, same};

/// A scenario whose bucket policies serve everybody they name. That a public bucket policy may serve the owner's
/// account only is the one rule by which adding an Allow takes something away.
fn without_public_access_block(bytes: &mut Unstructured<'_>) -> Value {
    let mut scenario = plain(&generate::scenario(bytes));
    if let Some(request) = scenario["request"].as_object_mut() {
        request.remove("blockPublicAccess");
    }
    scenario
}

/// Adds a document with a statement to a list of a kind that applies, or of one that may be added: that a limiting
/// kind applies at all takes something away.
fn with_statement(scenario: &Value, bytes: &mut Unstructured<'_>, effect: &str) -> Value {
    let may_limit = effect == "Deny";
    let applies = |kind: &Kind| {
        let lists = &scenario["policies"][kind.member()];
        let is_there = lists.as_array().is_some_and(|list| !kind.has_levels() || !list.is_empty());
        is_there || matches!(kind, Kind::Identity | Kind::Resource) || (may_limit && !kind.has_levels())
    };
    let kinds: Vec<Kind> = Kind::ALL.into_iter().filter(applies).collect();
    let kind = *bytes.choose(&kinds).unwrap();
    let document = json!({"Version": "2012-10-17", "Statement": generate::statement(bytes, kind, effect)});
    let mut scenario = scenario.clone();
    let list = &mut scenario["policies"][kind.member()];
    if !list.is_array() {
        *list = json!([]);
    }
    let level = if kind.has_levels() { &mut list[0] } else { list };
    level.as_array_mut().unwrap().push(document);
    scenario
}

/// The calls that need no permission, which no policy takes away (rule E-49).
fn is_free(scenario: &Value) -> bool {
    let action = scenario["request"]["action"].as_str().unwrap_or_default().to_ascii_lowercase();
    ["sts:getcalleridentity", "sts:getsessiontoken"].contains(&action.as_str())
}

#[test]
fn a_deny_trumps_every_allow() {
    for_all(1, 6_000, |bytes| {
        let denied = without_public_access_block(bytes);
        if decide(&denied) != Some(Decision::ExplicitDeny) {
            return Ok(());
        }
        let after = with_statement(&denied, bytes, "Allow");
        if decide(&after).is_none() {
            return Ok(());
        }
        same("still denied beside one more Allow", &denied, &after)
    });
}

#[test]
fn a_deny_of_everything_denies_everything_that_needs_permission() {
    for_all(2, 3_000, |bytes| {
        let scenario = without_public_access_block(bytes);
        let mut denied = scenario.clone();
        let deny = json!({"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}});
        denied["policies"]["vpcEndpoint"] = json!([deny]);
        if is_free(&scenario)
            || decide(&scenario).is_none()
            || decide(&denied) == Some(Decision::ExplicitDeny)
        {
            return Ok(());
        }
        Err(broken("denied", &scenario, &denied))
    });
}

#[test]
fn nothing_is_allowed_by_default() {
    for_all(3, 4_000, |bytes| {
        let scenario = plain(&generate::scenario(bytes));
        let mut silent = scenario.clone();
        let is_allow = |statement: &Value| statement["Effect"] == "Allow";
        rewrite::statements(&mut silent, |_, list| list.retain(|statement| !is_allow(statement)));
        if let Some(policies) = silent["policies"].as_object_mut() {
            policies.remove("grants");
        }
        // Rule E-30: the root user of an account starts from everything.
        let caller = &scenario["request"]["principal"];
        let arn = caller["arn"].as_str().or(caller.as_str()).unwrap_or_default();
        let is_root = arn.ends_with(":root") || !arn.contains(':') && caller.is_string();
        if is_free(&silent) || is_root || decide(&silent) != Some(Decision::Allowed) {
            return Ok(());
        }
        Err(broken("not allowed without an Allow", &scenario, &silent))
    });
}

#[test]
fn adding_an_allow_never_denies() {
    for_all(4, 6_000, |bytes| {
        let before = without_public_access_block(bytes);
        let after = with_statement(&before, bytes, "Allow");
        match (decide(&before), decide(&after)) {
            (before, after) if before == after => Ok(()),
            (Some(Decision::ImplicitDeny), Some(Decision::Allowed)) | (_, None) => Ok(()),
            _ => Err(broken("more is allowed, if anything", &before, &after)),
        }
    });
}

#[test]
fn adding_a_deny_never_grants() {
    for_all(5, 6_000, |bytes| {
        let before = without_public_access_block(bytes);
        let after = with_statement(&before, bytes, "Deny");
        match (decide(&before), decide(&after)) {
            (before, after) if before == after => Ok(()),
            (Some(_), Some(Decision::ExplicitDeny)) | (_, None) => Ok(()),
            // A limiting kind that did not apply before and only denies.
            (Some(Decision::Allowed), Some(Decision::ImplicitDeny)) => Ok(()),
            _ => Err(broken("less is allowed, if anything", &before, &after)),
        }
    });
}

#[test]
fn order_and_duplicates_of_policies_and_statements_do_not_matter() {
    for_all(6, 4_000, |bytes| {
        let before = plain(&generate::scenario(bytes));
        let mut after = before.clone();
        let mut shuffle = |list: &mut Vec<Value>| {
            if list.is_empty() {
                return;
            }
            let by = bytes.int_in_range(0..=list.len() - 1).unwrap_or(0);
            list.rotate_left(by);
            list.push(list[0].clone());
            list.reverse();
        };
        rewrite::lists(&mut after, |_, list| shuffle(list));
        rewrite::statements(&mut after, |_, list| shuffle(list));
        same("order and duplicates do not matter", &before, &after)
    });
}

#[test]
fn a_policy_of_many_statements_is_as_good_as_many_of_one() {
    for_all(7, 4_000, |bytes| {
        let before = plain(&generate::scenario(bytes));
        let mut after = before.clone();
        rewrite::statements(&mut after, |_, _| {});
        rewrite::lists(&mut after, |_, list| {
            let of_one = |document: &Value| -> Vec<Value> {
                let Some(statements) = document["Statement"].as_array().filter(|list| !list.is_empty())
                else {
                    return vec![document.clone()];
                };
                let only = |statement: &Value| {
                    let mut one = document.clone();
                    one["Statement"] = statement.clone();
                    one
                };
                statements.iter().map(only).collect()
            };
            *list = list.iter().flat_map(of_one).collect();
        });
        same("splitting changes nothing", &before, &after)
    });
}

#[test]
fn policies_of_one_kind_and_version_are_their_concatenation() {
    for_all(8, 4_000, |bytes| {
        let before = plain(&generate::scenario(bytes));
        let mut after = before.clone();
        rewrite::statements(&mut after, |_, _| {});
        rewrite::lists(&mut after, |_, list| {
            let mut joined: Vec<Value> = vec![];
            for document in list.drain(..) {
                let same = |other: &&mut Value| {
                    other["Version"] == document["Version"]
                        && other["Statement"].is_array()
                        && document["Statement"].is_array()
                };
                match joined.iter_mut().find(same) {
                    Some(first) => {
                        let more = document["Statement"].as_array().cloned().unwrap_or_default();
                        first["Statement"].as_array_mut().unwrap().extend(more);
                    }
                    None => joined.push(document),
                }
            }
            *list = joined;
        });
        same("concatenating changes nothing", &before, &after)
    });
}

#[test]
fn statements_about_other_services_do_not_matter() {
    for_all(9, 4_000, |bytes| {
        let before = plain(&generate::scenario(bytes));
        let mut after = before.clone();
        let action = before["request"]["action"].as_str().unwrap_or_default().to_ascii_lowercase();
        let service = action.split(':').next().unwrap_or_default();
        let is_about_another = |statement: &Value| {
            let actions = match &statement["Action"] {
                Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
                one => one.as_str().into_iter().collect::<Vec<_>>(),
            };
            !statement["Action"].is_null()
                && actions.iter().all(|action| {
                    let (prefix, _) = action.split_once(':').unwrap_or(("*", ""));
                    !prefix.contains(['*', '?']) && !prefix.eq_ignore_ascii_case(service)
                })
        };
        rewrite::statements(&mut after, |_, list| list.retain(|statement| !is_about_another(statement)));
        // Whether a bucket policy is public is a question about all of it; and what is refused is refused whole.
        let is_whole = before["request"]["blockPublicAccess"].is_null() && decide(&before).is_some();
        let dependent = before["request"]["dependentActions"].is_null();
        if is_whole && dependent { same("leaving them out changes nothing", &before, &after) } else { Ok(()) }
    });
}

/// A law that could not break would not be worth its time.
#[test]
fn a_broken_law_is_reported() {
    let law = |bytes: &mut Unstructured<'_>| -> Result<(), Broken> {
        let scenario = generate::scenario(bytes);
        if decide(&scenario) == Some(Decision::Allowed) { Err("allowed".to_owned()) } else { Ok(()) }
    };
    assert_eq!(crate::laws::driver::try_all(0, 100, law), Err("allowed".to_owned()));
}
