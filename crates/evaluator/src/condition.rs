//! Does a condition hold for a request. Section 3 of the rules, as live AWS applies them.

use std::net::IpAddr;

use bailiwick_matcher::{Arn, ArnPattern, Match, Part, Resolved, ResourcePattern, TextPattern, Variable};
use bailiwick_normalizer::value::{binary, boolean, date::Timestamp, fold, ip};
use bailiwick_normalizer::{Comparison, StringComparison, Test};
use bailiwick_parser::syntax::Qualifier;

use crate::compiled::{Check, CompiledPolicy, Condition};
use crate::context::Value;
use crate::keys::KeyCode;
use crate::request::Request;

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Holds {
    Yes,
    No,
    /// An operand that is no ARN was reached: the statement fails closed. An Allow gives nothing, a Deny applies.
    FailsClosed,
}

impl From<bool> for Holds {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

/// Whether a condition of a policy holds for `request`.
#[inline(always)]
pub(crate) fn holds(condition: &Condition, policy: &CompiledPolicy, request: &Request<'_>) -> Holds {
    // Nearly all conditions are like this one.
    if condition.is_plain
        && let Some(value) = request.given_single(&condition.key, || policy.key_bytes(condition))
    {
        return accepts(&condition.check, value, request);
    }
    holds_by_table(condition, policy.key_of(condition), request)
}

/// The same for any condition, on the key of that name.
#[inline(never)]
fn holds_by_table(condition: &Condition, key: &str, request: &Request<'_>) -> Holds {
    let operator = condition.operator;
    let value = request.lookup(condition.key, key);
    if let Check::Test(Test::Null { values }) = &condition.check {
        return match operator.qualifier {
            // Rule C-37: constants, whatever the key's value.
            Some(qualifier) => (qualifier == Qualifier::ForAllValues).into(),
            None => values.iter().any(|absent| *absent == value.is_none()).into(),
        };
    }
    // The table of section 3.2.
    match (operator.qualifier, value) {
        (None, None) => (operator.if_exists || operator.base.is_negated()).into(),
        (None, Some(Value::One(value))) => accepts(&condition.check, value, request),
        // A list satisfies no operator without a set qualifier, negated or not (rule C-35).
        (None, Some(Value::Many(_))) => Holds::No,
        // `IfExists` is ignored beside a set qualifier (rule C-33).
        (Some(qualifier), None) => (qualifier == Qualifier::ForAllValues).into(),
        (Some(qualifier), Some(Value::One(value))) => {
            each(qualifier, [value].into_iter(), &condition.check, request)
        }
        (Some(qualifier), Some(Value::Many(values))) => {
            each(qualifier, values.iter().map(|value| &**value), &condition.check, request)
        }
    }
}

/// Set qualifiers ask each of the request's values by itself, negation included (rule C-31).
fn each<'v>(
    qualifier: Qualifier,
    mut values: impl Iterator<Item = &'v str>,
    check: &Check,
    request: &Request<'_>,
) -> Holds {
    let (decisive, otherwise) = match qualifier {
        Qualifier::ForAllValues => (Holds::No, Holds::Yes),
        Qualifier::ForAnyValue => (Holds::Yes, Holds::No),
    };
    values
        .find_map(|value| match accepts(check, value, request) {
            Holds::FailsClosed => Some(Holds::FailsClosed),
            holds => (holds == decisive).then_some(decisive),
        })
        .unwrap_or(otherwise)
}

/// Whether one value of the request satisfies the comparison: operands are alternatives (rule C-3), and a negated
/// comparison wants none of them to match (rule C-4).
#[inline(always)]
fn accepts(check: &Check, value: &str, request: &Request<'_>) -> Holds {
    match check {
        Check::Pattern(pattern) => pattern.is_match(value).into(),
        Check::Test(test) => passes(test, value, request),
    }
}

#[inline(never)]
fn passes(test: &Test, value: &str, request: &Request<'_>) -> Holds {
    match test {
        Test::String { comparison: StringComparison::Equals | StringComparison::Like, negated, values } => {
            (values.iter().any(|operand| text_matches(operand, value, request)) != *negated).into()
        }
        Test::Date { comparison, values } => {
            let value = Timestamp::parse(value);
            compare(*comparison, values, |operand| Some(value?.cmp(operand)))
        }
        _ => passes_another(test, value, request),
    }
}

/// The same for the other tests.
///
/// PERF: apart, for what these need on the stack, 4 KiB, costs those of texts and dates 20 instructions.
#[inline(never)]
fn passes_another(test: &Test, value: &str, request: &Request<'_>) -> Holds {
    match test {
        Test::Arn { negated, values } => arn_matches(*negated, values, value, request),
        Test::String { negated, values, .. } => {
            let any = values.iter().any(|operand| equals_ignoring_case(operand, value, request));
            (any != *negated).into()
        }
        Test::Numeric { comparison, values } => {
            compare(*comparison, values, |operand| operand.cmp_text(value).map(std::cmp::Ordering::reverse))
        }
        Test::Bool { values } => {
            let value = boolean::is_true(value);
            values.contains(&value).into()
        }
        Test::Binary { values } => values.iter().any(|operand| binary::decodes_to(value, operand)).into(),
        Test::Ip { negated, values } => match ip::parse_address(value) {
            Some(address) => (any_range_has(values, address) != *negated).into(),
            // What is no address satisfies neither operator.
            None => Holds::No,
        },
        // `Null` is asked before a value is looked at, dates are compared above.
        Test::Null { .. } | Test::Date { .. } => Holds::No,
    }
}

#[inline]
fn text_matches(operand: &TextPattern, value: &str, request: &Request<'_>) -> bool {
    match operand.as_pattern() {
        Some(pattern) => pattern.is_match(value),
        None => template_matches(operand, value, request),
    }
}

#[inline(never)]
fn template_matches(operand: &TextPattern, value: &str, request: &Request<'_>) -> bool {
    operand.is_match_with(value, |index| resolve(operand.variables(), index, request)).is_yes()
}

/// Both sides lower-cased in full, the operand's variables resolved in place.
fn equals_ignoring_case(operand: &TextPattern, value: &str, request: &Request<'_>) -> bool {
    let piece = |piece| match piece {
        Part::Literal(text) => Some(text),
        Part::Variable(index) => match resolve(operand.variables(), index, request) {
            Resolved::Text(text) => Some(text),
            Resolved::Absent => operand.variables().get(index).and_then(Variable::default),
            Resolved::Unusable => None,
        },
        // The operands of this comparison are read without wildcards.
        Part::AnyRun | Part::AnyOne => None,
    };
    operand.parts().all(|part| piece(part).is_some())
        && fold::eq_ignore_case_pieces(operand.parts().filter_map(piece), value)
}

/// What the request holds for a policy variable; a multivalued key has no value to substitute.
pub(crate) fn resolve<'r>(variables: &[Variable], index: usize, request: &'r Request<'_>) -> Resolved<'r> {
    let Some(variable) = variables.get(index) else { return Resolved::Absent };
    match request.lookup(KeyCode::of(variable.key()), variable.key()) {
        Some(Value::One(value)) => Resolved::Text(value),
        Some(Value::Many(_)) => Resolved::Unusable,
        None => Resolved::Absent,
    }
}

/// `compare_to` gives the request's value compared to an operand; `None` when the request's value cannot be read.
/// An operand that cannot be read equals nothing: `…NotEquals` holds beside it, the others do not.
fn compare<T>(
    comparison: Comparison,
    operands: &[Option<T>],
    compare_to: impl Fn(&T) -> Option<std::cmp::Ordering>,
) -> Holds {
    let mut orderings = operands.iter().map(|operand| operand.as_ref().and_then(&compare_to));
    match comparison {
        Comparison::NotEquals => orderings.all(|ordering| ordering.is_none_or(std::cmp::Ordering::is_ne)),
        comparison => orderings.any(|ordering| ordering.is_some_and(|ordering| comparison.accepts(ordering))),
    }
    .into()
}

fn any_range_has(ranges: &[Option<ip::IpRange>], address: IpAddr) -> bool {
    ranges.iter().flatten().any(|range| range.contains(address))
}

/// Operands are read in order and the first that matches decides; one that is no ARN, met before, fails closed. A
/// value that is no ARN satisfies neither operator.
#[inline]
fn arn_matches(negated: bool, operands: &[ArnPattern], value: &str, request: &Request<'_>) -> Holds {
    let Some(arn) = Arn::split(value) else { return Holds::No };
    for operand in operands {
        match operand.is_match_with(&arn, |index| resolve(operand.variables(), index, request)) {
            Match::Yes => return (!negated).into(),
            Match::Malformed => return Holds::FailsClosed,
            Match::No | Match::NoValue => {}
        }
    }
    negated.into()
}

/// Whether a resource pattern would ask further but for a variable without a value.
pub(crate) fn lacks_a_value(pattern: &ResourcePattern, request: &Request<'_>) -> bool {
    let matched =
        pattern.is_match_with(request.resource(), |index| resolve(pattern.variables(), index, request));
    matched == Match::NoValue
}

/// Whether an operand may have variables: those of text and ARN comparisons.
pub(crate) fn has_variables(check: &Check) -> bool {
    match check {
        Check::Test(Test::String { values, .. }) => {
            values.iter().any(|operand| !operand.variables().is_empty())
        }
        Check::Test(Test::Arn { values, .. }) => values.iter().any(|operand| !operand.variables().is_empty()),
        _ => false,
    }
}
