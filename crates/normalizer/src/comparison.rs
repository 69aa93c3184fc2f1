//! The comparison of a condition: the operator and its operands are one type, so that they always fit.

use bailiwick_matcher::{ArnPattern, TextPattern};
use bailiwick_parser::syntax::BaseOperator;

use crate::value::{date::Timestamp, ip::IpRange, number::Number};

/// What is compared, and with what. A value that cannot be read as its operator needs is `None`: it equals
/// nothing.
#[derive(Clone, Debug)]
pub enum Test {
    /// `StringEquals`, `StringEqualsIgnoreCase`, `StringLike` and their negations.
    String {
        /// Which comparison.
        comparison: StringComparison,
        /// Whether it is the `Not` form.
        negated: bool,
        /// The operands.
        values: Vec<TextPattern>,
    },
    /// `Numeric…`.
    Numeric {
        /// Which comparison.
        comparison: Comparison,
        /// The operands.
        values: Vec<Option<Number>>,
    },
    /// `Date…`.
    Date {
        /// Which comparison.
        comparison: Comparison,
        /// The operands.
        values: Vec<Option<Timestamp>>,
    },
    /// `Bool`; every text other than `true` counts as false.
    Bool {
        /// The operands.
        values: Vec<bool>,
    },
    /// `BinaryEquals`; the decoded bytes.
    Binary {
        /// The operands.
        values: Vec<Box<[u8]>>,
    },
    /// `IpAddress`, `NotIpAddress`.
    Ip {
        /// Whether it is `NotIpAddress`.
        negated: bool,
        /// The operands.
        values: Vec<Option<IpRange>>,
    },
    /// `ArnEquals`, `ArnLike` and their negations, which are two names for one comparison (rule C-22).
    Arn {
        /// Whether it is the `Not` form.
        negated: bool,
        /// The operands, in the document's order, which matters: one that is no well-formed ARN, reached
        /// while they are read in order, makes the statement fail closed.
        values: Vec<ArnPattern>,
    },
    /// `Null`; `true` wants the key absent.
    Null {
        /// The operands.
        values: Vec<bool>,
    },
}

/// How strings are compared.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum StringComparison {
    /// Character by character.
    Equals,
    /// After full lower-casing of both sides.
    EqualsIgnoreCase,
    /// With the wildcards `*` and `?`.
    Like,
}

/// How numbers and dates are compared: the request's value is the left side.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Comparison {
    Equals,
    NotEquals,
    LessThan,
    LessThanEquals,
    GreaterThan,
    GreaterThanEquals,
}

impl Comparison {
    /// Whether `ordering`, of the request's value to the operand, satisfies the comparison.
    #[must_use]
    pub fn accepts(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::Equals => ordering.is_eq(),
            Self::NotEquals => ordering.is_ne(),
            Self::LessThan => ordering.is_lt(),
            Self::LessThanEquals => ordering.is_le(),
            Self::GreaterThan => ordering.is_gt(),
            Self::GreaterThanEquals => ordering.is_ge(),
        }
    }

    /// The comparison a numeric or date operator makes; `None` for the other families.
    pub(crate) fn of(operator: BaseOperator) -> Option<Self> {
        Some(match operator {
            BaseOperator::NumericEquals | BaseOperator::DateEquals => Self::Equals,
            BaseOperator::NumericNotEquals | BaseOperator::DateNotEquals => Self::NotEquals,
            BaseOperator::NumericLessThan | BaseOperator::DateLessThan => Self::LessThan,
            BaseOperator::NumericLessThanEquals | BaseOperator::DateLessThanEquals => Self::LessThanEquals,
            BaseOperator::NumericGreaterThan | BaseOperator::DateGreaterThan => Self::GreaterThan,
            BaseOperator::NumericGreaterThanEquals | BaseOperator::DateGreaterThanEquals => {
                Self::GreaterThanEquals
            }
            _ => return None,
        })
    }
}
