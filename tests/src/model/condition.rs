//! Conditions (section 3): whether a `Condition` block holds for a context.

use serde_json::Value;

use super::context::{Context, Held};
use super::document::{scalar, scalars};
use super::pattern::{arn_matches, is_arn, matches, pieces, text};
use super::value::{address, boolean, date, fold, number, range};

/// What a condition comes to. Ordered so that the least of several is what all of them come to: a condition that
/// is definitely false decides before one that cannot be evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// The statement does not apply.
    False,
    /// Observation 11: it fails closed. An Allow gives nothing, a Deny applies.
    Fails,
    /// The statement applies.
    True,
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}

/// C-1, C-2, C-7: all operators and all keys of each must hold; no condition holds. C-6: the effect plays no part.
pub fn holds(condition: Option<&Value>, context: &Context, variables: Option<&Context>) -> Truth {
    let operators = condition.and_then(Value::as_object).into_iter().flatten();
    let keys = operators.flat_map(|(operator, keys)| {
        keys.as_object().into_iter().flatten().map(move |(key, values)| (operator, key, values))
    });
    let truths = keys.map(|(operator, key, values)| {
        let values: Vec<String> = scalars(values).iter().filter_map(|value| scalar(value)).collect();
        operator_holds(operator, context.get(key), &values, variables)
    });
    truths.min().unwrap_or(Truth::True)
}

/// The base operators (G-29), each with the one it negates or itself.
pub const OPERATORS: [(&str, &str); 27] = [
    ("StringEquals", "StringEquals"),
    ("StringNotEquals", "StringEquals"),
    ("StringEqualsIgnoreCase", "StringEqualsIgnoreCase"),
    ("StringNotEqualsIgnoreCase", "StringEqualsIgnoreCase"),
    ("StringLike", "StringLike"),
    ("StringNotLike", "StringLike"),
    ("NumericEquals", "NumericEquals"),
    ("NumericNotEquals", "NumericEquals"),
    ("NumericLessThan", "NumericLessThan"),
    ("NumericLessThanEquals", "NumericLessThanEquals"),
    ("NumericGreaterThan", "NumericGreaterThan"),
    ("NumericGreaterThanEquals", "NumericGreaterThanEquals"),
    ("DateEquals", "DateEquals"),
    ("DateNotEquals", "DateEquals"),
    ("DateLessThan", "DateLessThan"),
    ("DateLessThanEquals", "DateLessThanEquals"),
    ("DateGreaterThan", "DateGreaterThan"),
    ("DateGreaterThanEquals", "DateGreaterThanEquals"),
    ("Bool", "Bool"),
    ("BinaryEquals", "BinaryEquals"),
    ("IpAddress", "IpAddress"),
    ("NotIpAddress", "IpAddress"),
    ("ArnEquals", "ArnLike"),
    ("ArnLike", "ArnLike"),
    ("ArnNotEquals", "ArnLike"),
    ("ArnNotLike", "ArnLike"),
    ("Null", "Null"),
];

/// `ForAllValues:` or `ForAnyValue:` or nothing, base operator, whether `IfExists` follows (G-29).
pub fn parts(operator: &str) -> Option<(&str, &str, bool)> {
    let (set, rest) = operator.split_once(':').unwrap_or(("", operator));
    let base = rest.strip_suffix("IfExists").unwrap_or(rest);
    let known =
        ["", "ForAllValues", "ForAnyValue"].contains(&set) && (set.is_empty() != operator.contains(':'));
    let base_is_known =
        OPERATORS.iter().any(|(name, _)| *name == base) && (base, base != rest) != ("Null", true);
    (known && base_is_known).then_some((set, base, base != rest))
}

/// Table 3.2: what an operator comes to for a key that is absent, has one value, or is a list.
pub fn operator_holds(
    operator: &str,
    held: Option<&Held>,
    values: &[String],
    variables: Option<&Context>,
) -> Truth {
    let Some((set, base, if_exists)) = parts(operator) else { return Truth::False };
    let positive = OPERATORS.iter().find(|(name, _)| *name == base).map_or(base, |(_, positive)| *positive);
    let negated = positive != base && !base.starts_with("ArnEq");
    let each = |request: &String| value_passes(positive, negated, request, values, variables);
    match (set, base, held) {
        // C-37.
        (set, "Null", _) if !set.is_empty() => (set == "ForAllValues").into(),
        // C-28, observed: `true` in any case means absent, any other text means present.
        (_, "Null", held) => values.iter().any(|value| boolean(value) == held.is_none()).into(),
        // C-5, C-26.
        ("", _, None) => (if_exists || negated).into(),
        // C-35, observation 1: no operator without a set matches a list, be it of one element.
        ("", _, Some(Held::Many(_))) => Truth::False,
        ("", _, Some(Held::One(one))) => each(one),
        // C-29, C-30, C-32, C-33: for an absent key the quantifier alone decides.
        (set, _, None) => (set == "ForAllValues").into(),
        // C-31, C-36: per value of the request; one value is a set of one.
        ("ForAllValues", _, Some(held)) => first(held.values().iter().map(each), Truth::True),
        (_, _, Some(held)) => first(held.values().iter().map(each), Truth::False),
    }
}

/// The first that is not `otherwise`: values are read in order, and reading stops where the answer is known.
fn first(mut truths: impl Iterator<Item = Truth>, otherwise: Truth) -> Truth {
    truths.find(|truth| *truth != otherwise).unwrap_or(otherwise)
}

/// C-3, C-4: the policy's values are ORed, under a negated operator NORed. Observations 8 and 10: a request value
/// that is no address or no ARN passes neither the operator nor its negation.
fn value_passes(
    positive: &str,
    negated: bool,
    request: &str,
    values: &[String],
    variables: Option<&Context>,
) -> Truth {
    let readable = match positive {
        "IpAddress" => address(request).is_some(),
        "ArnLike" => is_arn(request),
        _ => true,
    };
    if !readable {
        return Truth::False;
    }
    match first(values.iter().map(|value| equals(positive, request, value, variables)), Truth::False) {
        Truth::Fails => Truth::Fails,
        matched => ((matched == Truth::True) != negated).into(),
    }
}

/// One request value against one policy value. Variables work under String and Arn operators only (M-44); a
/// variable without a value equals nothing (M-52).
fn equals(positive: &str, request: &str, value: &str, variables: Option<&Context>) -> Truth {
    if positive.starts_with("String") || positive == "ArnLike" {
        let Some(pattern) = pieces(value, variables) else { return Truth::False };
        return match positive {
            // C-8, C-11, C-43: wildcards are literal.
            "StringEquals" => (text(&pattern) == request).into(),
            // C-9.
            "StringEqualsIgnoreCase" => (fold(&text(&pattern)) == fold(request)).into(),
            // C-10, C-41.
            "StringLike" => matches(&pattern, request).into(),
            // C-22 to C-24; observation 11.
            _ => arn_matches(&pattern, request).map_or(Truth::Fails, Truth::from),
        };
    }
    let holds = match positive {
        // C-19, observed: the texts are compared as what they count as.
        "Bool" => boolean(value) == boolean(request),
        // C-20: the policy's value is known to be strict base64, which has one text per bytes.
        "BinaryEquals" => value == request,
        // C-21.
        "IpAddress" => {
            range(value).zip(address(request)).is_some_and(|(range, address)| range.contains(address))
        }
        // C-12 to C-18: what is no number or no date equals nothing and stands in no order to anything.
        _ => {
            let order = match positive.strip_prefix("Numeric") {
                Some(_) => number(request).zip(number(value)).map(|(request, value)| request.cmp(&value)),
                None => date(request).zip(date(value)).map(|(request, value)| request.cmp(&value)),
            };
            order.is_some_and(|order| {
                match positive.trim_start_matches("Numeric").trim_start_matches("Date") {
                    "Equals" => order.is_eq(),
                    "LessThan" => order.is_lt(),
                    "LessThanEquals" => order.is_le(),
                    "GreaterThan" => order.is_gt(),
                    _ => order.is_ge(),
                }
            })
        }
    };
    holds.into()
}
