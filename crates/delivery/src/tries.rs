//! The values a call may carry where nobody knows them: what is tried besides the call itself.
//!
//! Only keys that a document asks for can make a difference, and only values that fit one of its operands, fit none,
//! or are on either side of a number or a moment. Of each combination one is tried; where there are more than can be
//! tried, the answer hangs on them.

use bailiwick_normalizer::value::date::Timestamp;
use bailiwick_parser::syntax::{BaseOperator, Operator};

use crate::asked::{About, Asked, filled};
use crate::carried::{self, Carried, Values};
use crate::step::{Call, Caller, ContextValue, Maker, Unknown};
use bailiwick_environment::Document;

/// The most combinations of unknown values that are tried.
const MOST_COMBINATIONS: usize = 256;

/// No delivery is made before this moment, 1 January 2026.
const EARLIEST: i64 = 1_767_225_600;

/// Values that fit no operand of anybody: of an ordinary text, and of an ARN.
const OTHER: &str = "x";
const OTHER_ARN: &str = "arn:aws:x:x:000000000000:x";

type Context = Vec<(String, ContextValue)>;

/// One thing that nobody knows.
#[derive(Clone, Debug)]
pub(crate) struct Open {
    /// The keys it decides about.
    pub(crate) keys: Vec<String>,
    /// The fact that would settle it.
    pub(crate) fact: String,
    /// What is tried besides the value in the call: of each key its value, `None` where it is absent.
    tries: Vec<Vec<(String, Option<ContextValue>)>>,
}

impl Open {
    /// Whether two contexts differ in it.
    pub(crate) fn differs(&self, one: &Context, other: &Context) -> bool {
        self.keys.iter().any(|key| value(one, key) != value(other, key))
    }
}

fn value<'c>(context: &'c Context, key: &str) -> Option<&'c ContextValue> {
    context.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value)
}

/// The call with all that it is known to carry of what the documents ask for, and what nobody knows.
pub(crate) fn complete<'d>(call: &Call, documents: impl Iterator<Item = &'d Document>) -> (Call, Vec<Open>) {
    let asked = Asked::by(documents, call.action.split(':').next().unwrap_or_default());
    let mut call = call.clone();
    let mut open = Vec::new();
    let mut moments: Vec<&About> = Vec::new();
    for (key, about) in &asked.0 {
        if let Some(unknown) = call.unknowns.iter().find(|unknown| unknown.key.eq_ignore_ascii_case(key)) {
            open.push(of_unknown(unknown, about, &call));
            continue;
        }
        let Some(carries) = call.carries.clone() else { continue };
        if value(&call.context, key).is_some() {
            continue;
        }
        match carried::of(key, &call, &carries) {
            Carried::Known(value) => call.context.push((about.key.clone(), value)),
            Carried::Follows | Carried::Absent => {}
            Carried::Moment if key == "aws:tokenissuetime" => {
                let fact = format!("when the role's session began ({})", about.key);
                open.extend(of_moments(&mut call, &[about], fact));
            }
            Carried::Moment => moments.push(about),
            Carried::Unsettled(values) => {
                let (base, unsettled) = of_unsettled(key, about, &values, &call, carries.by);
                call.context.extend(base);
                open.push(unsettled);
            }
        }
    }
    let fact = "when the call is made (aws:CurrentTime)".to_owned();
    open.extend(of_moments(&mut call, &moments, fact));
    (call, open)
}

/// A value of the catalogue that nobody knows.
fn of_unknown(unknown: &Unknown, about: &About, call: &Call) -> Open {
    let mut values = unknown.values.clone();
    if let Some(prefix) = &unknown.prefix {
        // What follows the prefix is a resource of the kind that documents name.
        values.extend(
            asked_for(about, call)
                .into_iter()
                .map(|value| Some(format!("{prefix}{}", bailiwick_environment::arn::field(&value, 5)))),
        );
    } else if unknown.any {
        values.extend(candidates(about, call).into_iter().map(Some));
    }
    let tries = values.into_iter().map(|value| vec![(unknown.key.clone(), value.map(ContextValue::One))]);
    Open { keys: vec![unknown.key.clone()], fact: unknown.fact.clone(), tries: tries.collect() }
}

/// A key that no table settles: the value the call has while nothing is tried, and what is tried.
fn of_unsettled(
    key: &str,
    about: &About,
    known: &Values,
    call: &Call,
    by: Maker,
) -> (Option<(String, ContextValue)>, Open) {
    let mut values = known.only.clone().unwrap_or_else(|| candidates(about, call));
    if let Some(prefix) = &known.prefix {
        values = with_prefix(prefix, &values);
    }
    let is_list = is_multivalued(key);
    let of = |value: String| if is_list { ContextValue::Many(vec![value]) } else { ContextValue::One(value) };
    let mut values = values.into_iter().map(of);
    let base = if known.is_present { values.next().map(|value| (about.key.clone(), value)) } else { None };
    let tries = values.map(|value| vec![(about.key.clone(), Some(value))]).collect();
    let key = &about.key;
    let fact = match (by, known.is_present) {
        (Maker::Service, false) => format!("whether {} sends {key}, and which", call.caller),
        (_, false) => format!("whether the call {} carries {key}, and which", call.action),
        (_, true) => format!("which {key} the call {} carries", call.action),
    };
    (base, Open { keys: vec![key.clone()], fact, tries })
}

/// Values that begin with what is known of them. A prefix that ends in a separator is followed by what follows the
/// separator in a document.
fn with_prefix(prefix: &str, values: &[String]) -> Vec<String> {
    let Some(separator) = prefix.chars().last().filter(|last| matches!(last, ':' | '/')) else {
        return vec![prefix.to_owned()];
    };
    let mut with = vec![format!("{prefix}{OTHER}")];
    for value in values {
        let rest = value.split_once(separator).map_or(value.as_str(), |(_, rest)| rest);
        with.push(format!("{prefix}{rest}"));
    }
    with
}

/// Keys that are lists whatever a document takes them for (rule K-11).
fn is_multivalued(key: &str) -> bool {
    const LISTS: [&str; 8] = [
        "aws:calledvia",
        "aws:principalorgpaths",
        "aws:resourceorgpaths",
        "aws:sourceorgpaths",
        "aws:tagkeys",
        "aws:vpceorgpaths",
        "kms:encryptioncontextkeys",
        "sts:transitivetagkeys",
    ];
    LISTS.contains(&key)
}

/// Values of a key that can make a difference: one that fits no operand, and those that fit one.
fn candidates(about: &About, call: &Call) -> Vec<String> {
    let mut values = vec![OTHER.to_owned()];
    if about.comparisons.iter().any(|(operator, _)| is_arn(*operator)) {
        values.push(OTHER_ARN.to_owned());
    }
    if about.in_variable {
        // What a variable in a resource would have to stand for.
        values.extend(call.resource.split([':', '/']).filter(|part| !part.is_empty()).map(str::to_owned));
    }
    values.extend(asked_for(about, call));
    let mut seen = std::collections::BTreeSet::new();
    values.retain(|value| seen.insert(value.clone()));
    values
}

/// Values that fit an operand, wildcards and variables filled in, or are on either side of it.
fn asked_for(about: &About, call: &Call) -> Vec<String> {
    let mut values = Vec::new();
    let known = |key: &str| match (value(&call.context, key), &call.caller) {
        (Some(ContextValue::One(value)), _) => Some(value.clone()),
        (_, Caller::Arn(arn)) if key.eq_ignore_ascii_case("aws:PrincipalArn") => Some(arn.clone()),
        (_, caller) if key.eq_ignore_ascii_case("aws:PrincipalAccount") => {
            caller.account().map(str::to_owned)
        }
        _ => None,
    };
    // Values that stand in the same comparisons behave alike, and one of them is enough.
    let is_literal = about.comparisons.iter().all(|(operator, values)| {
        is_equality(*operator) && values.iter().all(|value| !value.contains(['*', '?', '$']))
    });
    let mut places: Vec<Vec<usize>> = Vec::new();
    for (operator, operands) in &about.comparisons {
        for operand in operands {
            if is_literal {
                let place = about.comparisons.iter().enumerate();
                let place =
                    place.filter(|(_, (_, operands))| operands.contains(operand)).map(|(at, _)| at).collect();
                if places.contains(&place) {
                    continue;
                }
                places.push(place);
            }
            fitting(*operator, &filled(operand, OTHER, known), &mut values);
        }
    }
    values
}

/// Values on either side of an operand.
fn fitting(operator: Operator, operand: &str, values: &mut Vec<String>) {
    match operator.base {
        BaseOperator::Null => {}
        BaseOperator::Bool => values.extend(["true".to_owned(), "false".to_owned()]),
        BaseOperator::IpAddress | BaseOperator::NotIpAddress => {
            values.push(operand.split('/').next().unwrap_or_default().to_owned());
            values.push("203.0.113.77".to_owned());
        }
        base if base.as_str().starts_with("Numeric") => {
            values.push(operand.to_owned());
            if let Ok(number) = operand.trim().parse::<f64>() {
                values.extend([(number - 1.0).to_string(), (number + 1.0).to_string()]);
            }
        }
        base if base.as_str().starts_with("Date") => {
            let seconds = seconds(operand).unwrap_or(EARLIEST);
            values.extend([-1, 0, 1].map(|step| moment(seconds.saturating_add(step))));
            values.push(operand.to_owned());
        }
        _ => values.push(operand.to_owned()),
    }
}

fn is_arn(operator: Operator) -> bool {
    operator.base.as_str().starts_with("Arn")
}

fn is_equality(operator: Operator) -> bool {
    is_arn(operator)
        || matches!(
            operator.base,
            BaseOperator::StringEquals
                | BaseOperator::StringNotEquals
                | BaseOperator::StringLike
                | BaseOperator::StringNotLike
                | BaseOperator::Null
        )
}

/// Moments on either side of those that documents ask for, from the earliest on. The keys tell the same moment.
fn of_moments(call: &mut Call, asked: &[&About], fact: String) -> Option<Open> {
    let mut moments = vec![EARLIEST];
    for (_, operands) in asked.iter().flat_map(|about| &about.comparisons) {
        let around = operands.iter().filter_map(|operand| seconds(operand));
        moments.extend(around.flat_map(|at| [-1, 0, 1].map(|step: i64| at.saturating_add(step))));
    }
    moments.retain(|at| *at >= EARLIEST);
    moments.sort_unstable();
    moments.dedup();
    let at = |seconds: i64| -> Vec<(String, Option<ContextValue>)> {
        let text = |about: &&About| {
            let is_epoch = about.key.eq_ignore_ascii_case("aws:EpochTime");
            let text = if is_epoch { seconds.to_string() } else { moment(seconds) };
            (about.key.clone(), Some(ContextValue::One(text)))
        };
        asked.iter().map(text).collect()
    };
    let mut tries: Vec<_> = moments.into_iter().map(at).collect();
    // Who compares the text of a moment may have any in mind.
    for about in asked {
        let as_text =
            about.comparisons.iter().filter(|(operator, _)| operator.base.as_str().starts_with("String"));
        for operand in as_text.flat_map(|(_, operands)| operands) {
            let text = ContextValue::One(filled(operand, OTHER, |_| None));
            tries.push(vec![(about.key.clone(), Some(text))]);
        }
    }
    let first = tries.first().filter(|_| !asked.is_empty())?.clone();
    call.context.extend(first.into_iter().filter_map(|(key, value)| Some((key, value?))));
    Some(Open { keys: asked.iter().map(|about| about.key.clone()).collect(), fact, tries })
}

fn seconds(operand: &str) -> Option<i64> {
    Timestamp::parse(operand).map(|at| at.as_millis().div_euclid(1000))
}

/// A moment as `aws:CurrentTime` has it. Years beyond four digits are epoch seconds, which Date operators read too.
fn moment(seconds: i64) -> String {
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Days since 1 March of the year 0, in eras of 400 years.
    let days = days.saturating_add(719_468);
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let shifted = (5 * day + 2) / 153;
    let day = day - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + era.saturating_mul(400) + i64::from(month <= 2);
    if !(0..=9999).contains(&year) {
        return seconds.to_string();
    }
    let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Every combination of what may be carried, but for the call itself, and whether these are all.
pub(crate) fn combinations(base: &Context, open: &[Open]) -> (Vec<Context>, bool) {
    let mut contexts = vec![base.clone()];
    let mut are_all = true;
    for unknown in open {
        let each = unknown.tries.len().saturating_add(1);
        let fits = contexts.len().saturating_mul(each) <= MOST_COMBINATIONS;
        let from = if fits { contexts.clone() } else { vec![base.clone()] };
        are_all &= fits;
        for context in &from {
            for change in unknown.tries.iter().take(MOST_COMBINATIONS) {
                contexts.push(changed(context, change));
            }
        }
    }
    (contexts.into_iter().skip(1).collect(), are_all)
}

fn changed(context: &Context, change: &[(String, Option<ContextValue>)]) -> Context {
    let mut context = context.clone();
    for (key, value) in change {
        context.retain(|(name, _)| !name.eq_ignore_ascii_case(key));
        context.extend(value.clone().map(|value| (key.clone(), value)));
    }
    context
}

#[cfg(test)]
mod tests {
    use super::{moment, seconds};

    #[test]
    fn a_moment_is_written_as_it_is_read() {
        for text in ["2026-01-01T00:00:00Z", "2024-02-29T23:59:59Z", "2100-03-01T12:00:01Z"] {
            assert_eq!(seconds(text).map(moment).as_deref(), Some(text));
        }
        assert_eq!(moment(i64::MAX), i64::MAX.to_string());
    }
}
