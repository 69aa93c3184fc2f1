//! Condition operators: negation, `IfExists`, set operators, absence.

use arbitrary::Unstructured;
use bailiwick_tests::generate::{self, Question};
use serde_json::{Value, json};

use crate::laws::driver::{Broken, allows, for_all};
use crate::laws::elements::without_service_rules;

const CANONICAL_USER: &str = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be";

/// A question about a key that does not follow from who asks.
fn question(bytes: &mut Unstructured<'_>) -> Question {
    let mut question = generate::question(bytes);
    if generate::same_key(&question.key, "aws:PrincipalIsAWSService") {
        question.key = "aws:MultiFactorAuthPresent".to_owned();
    }
    question
}

/// Whether a statement with only this condition applies.
fn holds(operator: &str, question: &Question) -> bool {
    let mut context = question.context.clone();
    context.retain(|key, _| !generate::same_key(key, &question.key));
    if let Some(held) = &question.held {
        context.insert(question.key.clone(), held.clone());
    }
    // From a canonical user ID one key follows, which no question is about: a key that is not given is absent.
    let scenario = json!({
        "request": {"principal": {"canonicalUser": CANONICAL_USER},
            "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", "resourceAccount": "111122223333",
            "context": context},
        "policies": {"resource": [{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*",
            "Action": "*", "Condition": {operator: {&question.key: question.operands}}}}]},
    });
    allows(&scenario)
}

fn broken(law: &str, operator: &str, question: &Question) -> Result<(), Broken> {
    Err(format!("{law}: {operator}: {question:#?}"))
}

/// The value of a question whose key has exactly one.
fn one(question: &Question) -> Option<&Value> {
    question.held.as_ref().filter(|held| !held.is_array())
}

#[test]
fn a_negated_operator_is_the_complement_on_one_readable_value() {
    for_all(21, 12_000, |bytes| {
        let question = question(bytes);
        let negated = match question.base {
            "IpAddress" => "NotIpAddress".to_owned(),
            base if base.contains("Not") || !base.contains("Equals") && !base.contains("Like") => {
                return Ok(());
            }
            base if base.contains("Than") || ["BinaryEquals", "Bool", "Null"].contains(&base) => {
                return Ok(());
            }
            base if base.ends_with("EqualsIgnoreCase") => "StringNotEqualsIgnoreCase".to_owned(),
            base => base.replace("Equals", "NotEquals").replace("Like", "NotLike"),
        };
        if one(&question).is_none() {
            return Ok(());
        }
        match (holds(question.base, &question), holds(&negated, &question)) {
            (positive, negative) if positive != negative => Ok(()),
            // Neither holds of a value that is no address or no ARN, or beside an operand that is no ARN.
            (false, false) if question.base.starts_with(['A', 'I']) => Ok(()),
            _ => broken("complement", question.base, &question),
        }
    });
}

#[test]
fn if_exists_adds_the_absent_key_and_nothing_else() {
    for_all(22, 12_000, |bytes| {
        let question = question(bytes);
        if question.base == "Null" {
            return Ok(());
        }
        let with = format!("{}{}IfExists", question.qualifier, question.base);
        let without = format!("{}{}", question.qualifier, question.base);
        let adds = question.is_absent() && question.qualifier.is_empty();
        if holds(&with, &question) == (holds(&without, &question) || adds) {
            Ok(())
        } else {
            broken("if exists", &with, &question)
        }
    });
}

#[test]
fn of_no_values_for_all_values_is_true_and_for_any_value_is_false() {
    for_all(23, 8_000, |bytes| {
        let mut question = question(bytes);
        question.held = if question.is_absent() { question.held } else { None };
        for suffix in ["", "IfExists"] {
            if question.base == "Null" && !suffix.is_empty() {
                continue;
            }
            let (all, any) = (
                format!("ForAllValues:{}{suffix}", question.base),
                format!("ForAnyValue:{}{suffix}", question.base),
            );
            if !holds(&all, &question) {
                return broken("true of nothing", &all, &question);
            }
            if holds(&any, &question) {
                return broken("false of nothing", &any, &question);
            }
        }
        Ok(())
    });
}

#[test]
fn set_operators_ask_each_value_by_itself() {
    for_all(24, 8_000, |bytes| {
        let question = question(bytes);
        let Some(Value::Array(values)) = &question.held else { return Ok(()) };
        // An operand that is no ARN fails the statement, whatever else is true; null is not asked of values.
        if values.is_empty() || question.base == "Null" || question.base.starts_with("Arn") {
            return Ok(());
        }
        let each =
            |value: &Value| holds(question.base, &Question { held: Some(value.clone()), ..question.clone() });
        let (all, any) =
            (format!("ForAllValues:{}", question.base), format!("ForAnyValue:{}", question.base));
        if holds(&all, &question) != values.iter().all(each) {
            return broken("all", &all, &question);
        }
        if holds(&any, &question) != values.iter().any(each) {
            return broken("any", &any, &question);
        }
        Ok(())
    });
}

#[test]
fn a_list_matches_no_operator_without_a_set_operator() {
    for_all(25, 8_000, |bytes| {
        let question = question(bytes);
        let is_list = question.held.as_ref().and_then(Value::as_array).is_some_and(|list| !list.is_empty());
        let matches = is_list && question.base != "Null" && holds(question.base, &question);
        if matches { broken("no match", question.base, &question) } else { Ok(()) }
    });
}

#[test]
fn operands_are_alternatives_and_of_a_negated_operator_all_excluded() {
    for_all(26, 12_000, |bytes| {
        let question = question(bytes);
        // Operands that are ARNs have an order, and one that is none fails the statement.
        if question.base.starts_with("Arn") || one(&question).is_none() {
            return Ok(());
        }
        // A value that is no address is excluded by no operands too.
        if question.base == "NotIpAddress" && question.operands.is_empty() {
            return Ok(());
        }
        let each = |operand: &Value| {
            holds(question.base, &Question { operands: vec![operand.clone()], ..question.clone() })
        };
        let expected = match question.base.contains("Not") {
            true => question.operands.iter().all(each),
            false => question.operands.iter().any(each),
        };
        if holds(question.base, &question) == expected {
            Ok(())
        } else {
            broken("alternatives", question.base, &question)
        }
    });
}

#[test]
fn null_asks_for_presence_alone() {
    for_all(27, 4_000, |bytes| {
        let question = question(bytes);
        let asked =
            |operand: &str| holds("Null", &Question { operands: vec![operand.into()], ..question.clone() });
        if (asked("true"), asked("false")) == (question.is_absent(), !question.is_absent()) {
            Ok(())
        } else {
            broken("presence", "Null", &question)
        }
    });
}

#[test]
fn conditions_of_one_statement_must_all_hold() {
    for_all(28, 6_000, |bytes| {
        let scenario = generate::scenario(bytes);
        let statement = generate::statement(bytes, generate::Kind::Identity, "Allow");
        let with = |condition: Value| {
            let mut scenario = scenario.clone();
            scenario["request"]["principal"] = json!({"canonicalUser": CANONICAL_USER});
            without_service_rules(&mut scenario["request"]);
            scenario["request"]["dependentActions"] = Value::Null;
            let statement =
                json!({"Effect": "Allow", "Principal": "*", "Action": "*", "Condition": condition});
            scenario["policies"] = json!({"resource": [{"Version": "2012-10-17", "Statement": statement}]});
            scenario["request"]["blockPublicAccess"] = Value::Null;
            scenario["request"]["objectOwner"] = Value::Null;
            scenario
        };
        let condition = statement.get("Condition").cloned().unwrap_or_else(|| json!({}));
        let single = |(operator, keys): (&String, &Value)| -> Vec<Value> {
            let keys = keys.as_object().into_iter().flatten();
            keys.map(|(key, operands)| json!({operator: {key: operands}})).collect()
        };
        let alone: Vec<Value> = condition.as_object().into_iter().flatten().flat_map(single).collect();
        let (together, whole) =
            (alone.into_iter().map(&with).all(|scenario| allows(&scenario)), with(condition));
        if allows(&whole) == together || crate::laws::driver::decide(&whole).is_none() {
            Ok(())
        } else {
            Err(format!("all must hold: {whole:#}"))
        }
    });
}
