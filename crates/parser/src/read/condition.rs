//! `Condition`: operators, their keys, and the values of those (rules G-29 to G-34).

use std::collections::HashMap;

use super::reader::Reader;
use crate::codes;
use crate::suggest::nearest_operator;
use crate::syntax::{Condition, ConditionKey, ConditionValue, Operator, Scalar};
use bailiwick_source::display::shown;
use bailiwick_source::json::{Kind, Value};
use bailiwick_source::{Error, Span, Spanned, Text};

/// Up to so many keys of one operator are compared with each other; more are looked up in a table.
const FEW: usize = 16;

impl Reader {
    pub(super) fn conditions<'src>(
        &mut self,
        value: Value<'_, 'src>,
    ) -> Option<Spanned<Vec<Condition<'src>>>> {
        if value.kind() != Kind::Object {
            self.wrong_type("Condition", value, "an object of condition operators");
            return None;
        }
        let mut conditions: Vec<Condition<'src>> = Vec::with_capacity(value.members().count());
        for (name, value) in value.members().readable() {
            // The keys are read for their mistakes, whatever is wrong with the operator.
            let keys = self.condition_keys(&name, value);
            let Ok(operator) = name.value.parse::<Operator>() else {
                self.unknown_operator(&name);
                continue;
            };
            // There are fewer than 200 operators, so that comparing with all that came before is cheap.
            match conditions.iter().find(|condition| condition.operator.value == operator) {
                Some(first) => {
                    let first = first.operator.span;
                    self.duplicate(codes::DUPLICATE_CONDITION_OPERATOR, &name, first, "this condition");
                }
                None => conditions.push(Condition {
                    operator: Spanned { value: operator, span: name.span },
                    keys: keys.unwrap_or_default(),
                }),
            }
        }
        Some(Spanned { value: conditions, span: value.span() })
    }

    fn unknown_operator(&mut self, name: &Text<'_>) {
        if self.is_full() {
            return;
        }
        let meant = nearest_operator(&name.value);
        let shown = shown(&name.value);
        let is_null =
            name.value.strip_suffix("IfExists").is_some_and(|base| base.parse::<Operator>().is_ok());
        let (code, message) = if is_null {
            (
                codes::NULL_WITH_IF_EXISTS,
                format!("{shown} does not exist: `Null` itself asks whether a key exists"),
            )
        } else {
            (codes::INVALID_CONDITION_OPERATOR, format!("{shown} is not a condition operator"))
        };
        let error = Error::new(code, name.span, message);
        self.report(match meant {
            Some(meant) => error.with_help(format!("did you mean `{meant}`?")),
            None => error,
        });
    }

    fn condition_keys<'src>(
        &mut self,
        operator: &Text<'_>,
        value: Value<'_, 'src>,
    ) -> Option<Vec<ConditionKey<'src>>> {
        if value.kind() != Kind::Object {
            self.wrong_type(&operator.value, value, "an object of condition keys");
            return None;
        }
        let mut keys = Vec::with_capacity(value.members().count());
        for (key, value) in value.members().readable() {
            let values = self.condition_values(&key, value);
            keys.push(ConditionKey { span: value.span(), is_list: value.kind() == Kind::Array, key, values });
        }
        self.repeated_keys(operator, &keys);
        Some(keys)
    }

    fn condition_values<'src>(
        &mut self,
        key: &Text<'_>,
        value: Value<'_, 'src>,
    ) -> Vec<ConditionValue<'src>> {
        if value.kind() != Kind::Array {
            let scalar = scalar(value);
            if scalar.is_none() {
                self.wrong_type(&key.value, value, "a string or a list of strings");
            }
            return scalar.into_iter().collect();
        }
        let mut values = Vec::with_capacity(value.items().at_most());
        for item in value.items() {
            match scalar(item) {
                Some(value) => values.push(value),
                None => self.wrong_item(&key.value, item, "strings"),
            }
        }
        values
    }

    /// Condition keys do not regard letter case (rule M-38), so that two spellings are one key given twice.
    fn repeated_keys(&mut self, operator: &Text<'_>, keys: &[ConditionKey<'_>]) {
        if keys.len() > FEW {
            let mut first: HashMap<String, &Text<'_>> = HashMap::with_capacity(keys.len());
            for ConditionKey { key, .. } in keys {
                let first = *first.entry(folded(&key.value).collect()).or_insert(key);
                if first.span != key.span {
                    self.repeated_key(operator, key, first);
                }
            }
            return;
        }
        for (at, ConditionKey { key, .. }) in keys.iter().enumerate() {
            let before = keys.iter().take(at).map(|earlier| &earlier.key);
            let first = before.into_iter().find(|first| is_same_key(&first.value, &key.value));
            if let Some(first) = first {
                self.repeated_key(operator, key, first);
            }
        }
    }

    fn repeated_key(&mut self, operator: &Text<'_>, key: &Text<'_>, first: &Text<'_>) {
        if key.value == first.value {
            let place = shown(&operator.value);
            self.duplicate(codes::DUPLICATE_CONDITION_KEY, key, first.span, &place);
            return;
        }
        let message = format!(
            "{} and {} under one {} are the same key: letter case does not count",
            shown(&first.value),
            shown(&key.value),
            shown(&operator.value)
        );
        let error = Error::new(codes::DUPLICATE_KEYS_WITH_DIFFERENT_CASE, key.span, message);
        let error = error.with_related(first.span, "first here");
        self.report(error.with_help("keep one and list all values in it"));
    }
}

/// A string, number or boolean as a condition value (rule G-30).
fn scalar<'src>(value: Value<'_, 'src>) -> Option<ConditionValue<'src>> {
    let span: Span = value.span();
    let (text, json) = match value.kind() {
        Kind::String => (value.as_str()?, Scalar::String),
        Kind::Number => (value.text().into(), Scalar::Number),
        Kind::Boolean => (value.text().into(), Scalar::Boolean),
        Kind::Null | Kind::Array | Kind::Object => return None,
    };
    Some(ConditionValue { text: Text { value: text, span }, json })
}

/// Whether two keys differ in letter case at most.
fn is_same_key(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() {
        return one.eq_ignore_ascii_case(other);
    }
    folded(one).eq(folded(other))
}

/// The letters of a key without regard to case.
fn folded(key: &str) -> impl Iterator<Item = char> + '_ {
    key.chars().flat_map(char::to_lowercase)
}
