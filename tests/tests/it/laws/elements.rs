//! The elements of a statement and their `Not…` forms; wildcards.

use arbitrary::Unstructured;
use bailiwick_tests::generate::{self, Kind};
use serde_json::{Value, json};

use crate::laws::driver::{Broken, allows, broken, decide, for_all};

/// A request of a user and one Allow over it, which decides alone.
fn alone(bytes: &mut Unstructured<'_>) -> Value {
    let mut scenario = generate::scenario(bytes);
    let statement = generate::statement(bytes, Kind::Identity, "Allow");
    scenario["policies"] = json!({"identity": [{"Version": "2012-10-17", "Statement": statement}]});
    let request = &mut scenario["request"];
    request["principal"] = "arn:aws:iam::111122223333:user/amy".into();
    request["resourceAccount"] = "111122223333".into();
    without_service_rules(request);
    request["dependentActions"] = Value::Null;
    request["blockPublicAccess"] = Value::Null;
    request["objectOwner"] = Value::Null;
    scenario
}

/// Asks for something else where a rule of the service decides whatever the policies say: that is for other laws.
pub(crate) fn without_service_rules(request: &mut Value) {
    const WITH_RULES: [&str; 10] =
        ["backup:", "events:", "iam:", "kms:", "lambda:", "logs:", "organizations:", "s3:", "sqs:", "sts:"];
    let action = request["action"].as_str().unwrap_or_default().to_ascii_lowercase();
    if WITH_RULES.iter().any(|service| action.starts_with(service)) {
        request["action"] = "sns:Publish".into();
    }
    // What belongs to AWS has no policy of its own.
    if request["resource"].as_str().is_some_and(|resource| resource.contains(":aws:")) {
        request["resource"] = "arn:aws:sns:us-east-1:111122223333:topic".into();
    }
}

fn statement_of(scenario: &mut Value) -> &mut Value {
    &mut scenario["policies"]["identity"][0]["Statement"]
}

/// Of a request that is no request, nothing follows.
fn is_refused(scenario: &Value) -> bool {
    decide(scenario).is_none()
}

fn complements(seed: u8, element: &str) {
    for_all(seed, 4_000, |bytes| {
        let mut positive = alone(bytes);
        let statement = statement_of(&mut positive);
        let not = format!("Not{element}");
        let patterns = [element, not.as_str()].iter().find_map(|name| statement.get(name)).cloned();
        let elements = statement.as_object_mut().unwrap();
        elements.remove(&not);
        elements.remove("Condition");
        for name in ["Action", "Resource"] {
            elements.remove(&format!("Not{name}"));
            elements.insert(name.to_owned(), "*".into());
        }
        let mut negated = positive.clone();
        statement_of(&mut positive)[element] = patterns.clone().unwrap_or_default();
        let elements = statement_of(&mut negated).as_object_mut().unwrap();
        elements.remove(element);
        elements.insert(not, patterns.unwrap_or_default());
        if is_refused(&positive) && is_refused(&negated) || allows(&positive) != allows(&negated) {
            Ok(())
        } else {
            Err(broken("complements", &positive, &negated))
        }
    });
}

#[test]
fn not_action_is_the_complement_of_action() {
    complements(11, "Action");
}

#[test]
fn not_resource_is_the_complement_of_resource() {
    complements(12, "Resource");
}

#[test]
fn an_allow_with_not_principal_is_for_those_whom_principal_does_not_name() {
    for_all(13, 4_000, |bytes| {
        let mut positive = alone(bytes);
        let everything = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}});
        positive["policies"] =
            json!({"identity": [everything], "resource": [everything], "session": [everything]});
        let asked = generate::scenario(bytes);
        positive["request"]["principal"] = asked["request"]["principal"].clone();
        // Across accounts both sides must allow, so that the resource policy decides here.
        positive["request"]["resourceAccount"] = "999900001111".into();
        without_service_rules(&mut positive["request"]);
        positive["request"]["blockPublicAccess"] = Value::Null;
        positive["request"]["objectOwner"] = Value::Null;
        let statement = generate::statement(bytes, Kind::Resource, "Allow");
        let named = ["Principal", "NotPrincipal"].iter().find_map(|name| statement.get(name)).cloned();
        let mut negated = positive.clone();
        positive["policies"]["resource"][0]["Statement"]["Principal"] = named.clone().unwrap_or_default();
        negated["policies"]["resource"][0]["Statement"]["NotPrincipal"] = named.unwrap_or_default();
        // The user who created a federated session is another principal, whose name reaches the session.
        let caller = &positive["request"]["principal"];
        let is_federated = caller["arn"].as_str().is_some_and(|arn| arn.contains(":federated-user/"));
        let has_issuer = is_federated && !(caller["issuerArn"].is_null() && caller["uniqueId"].is_null());
        // `{"AWS": "*"}` neither names whom an identity provider vouches for nor excepts others than them.
        let is_vouched_for = !caller["federated"].is_null();
        let excepted = has_issuer || is_vouched_for || is_refused(&positive) && is_refused(&negated);
        if excepted || allows(&positive) != allows(&negated) {
            return Ok(());
        }
        Err(broken("complements", &positive, &negated))
    });
}

#[test]
fn a_wider_pattern_matches_all_that_the_narrower_matched() {
    for_all(14, 6_000, |bytes| {
        let before = alone(bytes);
        if !allows(&before) {
            return Ok(());
        }
        let mut after = before.clone();
        let statement = statement_of(&mut after);
        for element in ["Action", "Resource"] {
            if let Some(element) = statement.get_mut(element) {
                each_text(element, |text| widen(bytes, text));
            }
        }
        for (operator, keys) in
            statement.get_mut("Condition").and_then(Value::as_object_mut).into_iter().flatten()
        {
            if operator.contains("StringLike") {
                keys.as_object_mut().into_iter().flatten().for_each(|(_, operands)| {
                    each_text(operands, |text| widen(bytes, text));
                });
            }
        }
        if allows(&after) { Ok(()) } else { Err(broken("the wider pattern matches", &before, &after)) }
    });
}

fn each_text(value: &mut Value, mut change: impl FnMut(&mut String)) {
    match value {
        Value::String(text) => change(text),
        Value::Array(list) => list.iter_mut().for_each(|item| {
            if let Value::String(text) = item {
                change(text);
            }
        }),
        _ => {}
    }
}

/// One character becomes `?`, or some become `*`; colons and what could be a variable stay.
fn widen(bytes: &mut Unstructured<'_>, text: &mut String) {
    let start =
        text.match_indices(':').nth(4).map_or(text.rfind(':').map_or(0, |at| at + 1), |(at, _)| at + 1);
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).filter(|at| *at >= start).collect();
    if text.contains('$') || places.is_empty() {
        return;
    }
    let from = *bytes.choose(&places).unwrap();
    let one = text[from..].chars().next().unwrap();
    match bytes.arbitrary::<bool>() {
        // A character beyond U+FFFF is two code units.
        Ok(true) if one != '*' && one < '\u{10000}' => text.replace_range(from..from + one.len_utf8(), "?"),
        _ => {
            let to = *bytes.choose(&places).unwrap();
            text.replace_range(from.min(to)..from.max(to), "*");
        }
    }
}

#[test]
fn a_statement_without_principal_element_is_about_everybody_it_is_attached_to() -> Result<(), Broken> {
    let mut decided = 0;
    let callers = ["arn:aws:iam::111122223333:user/amy", "arn:aws:sts::111122223333:assumed-role/app/s1"];
    for caller in callers {
        let scenario = json!({
            "request": {"principal": caller, "action": "sqs:SendMessage", "resource": "arn:aws:sqs:us-east-1:111122223333:q"},
            "policies": {"identity": [{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}]},
        });
        decided += usize::from(decide(&scenario).is_some_and(bailiwick_scenario::Decision::is_allowed));
    }
    if decided == callers.len() { Ok(()) } else { Err(format!("{decided} of {} allowed", callers.len())) }
}
