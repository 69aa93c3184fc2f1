//! What does not depend on how it is written.

use bailiwick_normalizer::{PolicyKind, canonical_json, normalize};
use bailiwick_tests::generate::{self, Kind};
use bailiwick_tests::rewrite::{self, plain};
use serde_json::{Map, Value};

use crate::laws::driver::{Broken, decide, for_all, same};

fn canonical(kind: Option<Kind>, document: &str) -> Option<String> {
    let kind =
        kind.and_then(|kind| PolicyKind::ALL.into_iter().find(|other| other.as_str() == kind.member()));
    let document = bailiwick_parser::parse(document).ok()?;
    Some(canonical_json(&normalize(&document, kind).ok()?))
}

#[test]
fn normalizing_changes_no_decision() {
    for_all(31, 6_000, |bytes| {
        let before = plain(&generate::scenario(bytes));
        if decide(&before).is_none() {
            return Ok(());
        }
        let mut after = before.clone();
        let mut unread = None;
        rewrite::documents(&mut after, |kind, document| {
            match canonical(Some(kind), &document.to_string())
                .and_then(|text| serde_json::from_str(&text).ok())
            {
                Some(canonical) => *document = canonical,
                None => unread = Some(document.clone()),
            }
        });
        match unread {
            Some(document) => Err(format!("has no canonical form: {document:#}")),
            None => same("normalizing changes no decision", &before, &after),
        }
    });
}

#[test]
fn normalizing_twice_changes_nothing() {
    for_all(32, 6_000, |bytes| {
        let kind = *bytes.choose(&Kind::ALL).unwrap_or(&Kind::Identity);
        let document = generate::document(bytes, kind);
        let Some(once) = canonical(Some(kind), &document.to_string()) else { return Ok(()) };
        match canonical(Some(kind), &once) {
            Some(twice) if twice == once => Ok(()),
            twice => Err(format!("{document:#}\nonce {once}\ntwice {twice:?}")),
        }
    });
}

#[test]
fn order_duplicates_and_lists_of_one_have_one_canonical_form() {
    for_all(33, 6_000, |bytes| {
        let kind = *bytes.choose(&Kind::ALL).unwrap_or(&Kind::Identity);
        let document = generate::document(bytes, kind);
        let mut other = document.clone();
        let respell = |value: &mut Value| {
            match value {
                Value::Array(list) if !list.is_empty() => {
                    list.reverse();
                    list.push(list[0].clone());
                }
                Value::Array(_) => {}
                one => *one = Value::Array(vec![one.take()]),
            };
        };
        if !other["Statement"].is_array() {
            other["Statement"] = Value::Array(vec![other["Statement"].take()]);
        }
        for statement in other["Statement"].as_array_mut().into_iter().flatten() {
            for (name, element) in statement.as_object_mut().into_iter().flatten() {
                match name.as_str() {
                    "Action" | "NotAction" | "Resource" | "NotResource" => respell(element),
                    "Principal" | "NotPrincipal" => {
                        element.as_object_mut().into_iter().flatten().for_each(|(_, values)| respell(values));
                    }
                    "Condition" => {
                        let operators = element.as_object_mut().into_iter().flatten();
                        // The operands of ARN operators are read in order.
                        operators.filter(|(operator, _)| !operator.contains("Arn")).for_each(|(_, keys)| {
                            keys.as_object_mut()
                                .into_iter()
                                .flatten()
                                .for_each(|(_, values)| respell(values));
                        });
                    }
                    _ => {}
                }
            }
        }
        let forms = (canonical(Some(kind), &document.to_string()), canonical(Some(kind), &other.to_string()));
        if forms.0 == forms.1 { Ok(()) } else { Err(format!("{document:#}\n{other:#}\n{forms:#?}")) }
    });
}

#[test]
fn letter_case_of_actions_and_keys_does_not_matter() {
    for_all(34, 6_000, |bytes| {
        let before = plain(&generate::scenario(bytes));
        let mut flip = |text: &str| -> String {
            let other = |c: char| match bytes.arbitrary::<bool>() {
                Ok(true) if c.is_ascii_uppercase() => c.to_ascii_lowercase(),
                Ok(true) => c.to_ascii_uppercase(),
                _ => c,
            };
            text.chars().map(other).collect()
        };
        let mut after = before.clone();
        let action = after["request"]["action"].as_str().unwrap_or_default().to_owned();
        after["request"]["action"] = flip(&action).into();
        let mut respell = |map: &mut Map<String, Value>| {
            let renamed: Vec<(String, Value)> = std::mem::take(map).into_iter().collect();
            for (key, value) in renamed {
                // Keys of an encryption context are compared as they are spelled where grants ask for them.
                let respelled = if key.contains("ncryption") { key.clone() } else { flip(&key) };
                map.insert(if map.contains_key(&respelled) { key } else { respelled }, value);
            }
        };
        if let Some(context) = after["request"]["context"].as_object_mut() {
            respell(context);
        }
        rewrite::each_statement(&mut after, |_, statement| {
            for (_, keys) in
                statement.get_mut("Condition").and_then(Value::as_object_mut).into_iter().flatten()
            {
                keys.as_object_mut().into_iter().for_each(&mut respell);
            }
        });
        rewrite::each_statement(&mut after, |_, statement| {
            for name in ["Action", "NotAction"] {
                match statement.get_mut(name) {
                    Some(Value::String(text)) => *text = flip(text),
                    Some(Value::Array(list)) => list.iter_mut().for_each(|item| {
                        if let Value::String(text) = item {
                            *text = flip(text);
                        }
                    }),
                    _ => {}
                }
            }
        });
        same("letter case does not matter", &before, &after)
    });
}

#[test]
fn a_document_as_text_or_under_a_name_is_the_document() {
    for_all(35, 4_000, |bytes| {
        let before = generate::scenario(bytes);
        same("how a document stands in a scenario does not matter", &before, &plain(&before))
    });
}

#[test]
fn printing_and_reading_again_changes_no_canonical_form() {
    for_all(36, 3_000, |bytes| -> Result<(), Broken> {
        let document = generate::document(bytes, Kind::Resource);
        let (compact, indented) = (document.to_string(), format!("{document:#}"));
        let forms = (canonical(None, &compact), canonical(None, &indented));
        if forms.0 == forms.1 { Ok(()) } else { Err(format!("{document:#}\n{forms:#?}")) }
    });
}
