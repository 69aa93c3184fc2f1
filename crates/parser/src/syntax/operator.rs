//! The names of condition operators.

use std::fmt;
use std::str::FromStr;

use super::names::UnknownNameError;

/// A condition operator: optional set qualifier, base, optional `IfExists` (rule G-29).
///
/// ```
/// use bailiwick_parser::syntax::{BaseOperator, Operator, Qualifier};
///
/// let operator: Operator = "ForAnyValue:StringLikeIfExists".parse()?;
/// assert_eq!(operator.qualifier, Some(Qualifier::ForAnyValue));
/// assert_eq!(operator.base, BaseOperator::StringLike);
/// assert!(operator.if_exists);
/// assert_eq!(operator.to_string(), "ForAnyValue:StringLikeIfExists");
///
/// let error = "stringEquals".parse::<Operator>().unwrap_err();
/// assert_eq!(error.to_string(), "`stringEquals` is not a condition operator");
/// assert!("NullIfExists".parse::<Operator>().is_err());
/// # Ok::<(), bailiwick_parser::syntax::UnknownNameError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Operator {
    /// `ForAllValues:` or `ForAnyValue:`.
    pub qualifier: Option<Qualifier>,
    /// The comparison.
    pub base: BaseOperator,
    /// Whether the name ends in `IfExists`.
    pub if_exists: bool,
}

impl FromStr for Operator {
    type Err = UnknownNameError;

    /// Reads the name exactly as AWS spells it; `Null` has no `IfExists` form (rule C-26).
    fn from_str(name: &str) -> Result<Self, UnknownNameError> {
        let (qualifier, rest) = match name.split_once(':') {
            Some((qualifier, rest)) => (Qualifier::from_name(qualifier).map(Some), rest),
            None => (Some(None), name),
        };
        let (base, if_exists) = match rest.strip_suffix("IfExists") {
            Some(base) => (base, true),
            None => (rest, false),
        };
        let base = BaseOperator::from_name(base).filter(|base| *base != BaseOperator::Null || !if_exists);
        match (qualifier, base) {
            (Some(qualifier), Some(base)) => Ok(Self { qualifier, base, if_exists }),
            _ => Err(UnknownNameError::new("a condition operator", name)),
        }
    }
}

/// The name as AWS spells it.
impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(qualifier) = self.qualifier {
            write!(f, "{qualifier}:")?;
        }
        f.write_str(self.base.as_str())?;
        f.write_str(if self.if_exists { "IfExists" } else { "" })
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Operator {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A set qualifier.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Qualifier {
    /// `ForAllValues:`.
    ForAllValues,
    /// `ForAnyValue:`.
    ForAnyValue,
}

impl Qualifier {
    /// The name as AWS spells it, without the colon.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ForAllValues => "ForAllValues",
            Self::ForAnyValue => "ForAnyValue",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::ForAllValues, Self::ForAnyValue].into_iter().find(|qualifier| qualifier.as_str() == name)
    }
}

impl fmt::Display for Qualifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What kind of values an operator compares.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[expect(missing_docs, reason = "each name is AWS's own and says what it is")]
pub enum Family {
    String,
    Numeric,
    Date,
    Bool,
    Binary,
    Ip,
    Arn,
    Null,
}

/// Declares the comparisons once: name, family, and the comparison that it negates.
macro_rules! base_operators {
    ($($name:ident: $family:ident $(, not $positive:ident)?;)+) => {
        /// The comparisons of the policy language, in the order of AWS's documentation.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[expect(missing_docs, reason = "each name is AWS's own and says what it is")]
        pub enum BaseOperator {
            $($name,)+
        }

        impl BaseOperator {
            /// All comparisons.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            fn from_name(name: &str) -> Option<Self> {
                match name {
                    $(stringify!($name) => Some(Self::$name),)+
                    _ => None,
                }
            }

            /// The name as AWS spells it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)+
                }
            }

            /// What kind of values it compares.
            #[must_use]
            pub const fn family(self) -> Family {
                match self {
                    $(Self::$name => Family::$family,)+
                }
            }

            /// The comparison that it negates; of one that negates none, itself.
            ///
            /// ```
            /// use bailiwick_parser::syntax::BaseOperator;
            ///
            /// assert_eq!(BaseOperator::ArnNotLike.positive(), BaseOperator::ArnLike);
            /// assert_eq!(BaseOperator::ArnLike.positive(), BaseOperator::ArnLike);
            /// ```
            #[must_use]
            pub const fn positive(self) -> Self {
                match self {
                    $($(Self::$name => Self::$positive,)?)+
                    other => other,
                }
            }
        }
    };
}

base_operators! {
    StringEquals: String;
    StringNotEquals: String, not StringEquals;
    StringEqualsIgnoreCase: String;
    StringNotEqualsIgnoreCase: String, not StringEqualsIgnoreCase;
    StringLike: String;
    StringNotLike: String, not StringLike;
    NumericEquals: Numeric;
    NumericNotEquals: Numeric, not NumericEquals;
    NumericLessThan: Numeric;
    NumericLessThanEquals: Numeric;
    NumericGreaterThan: Numeric;
    NumericGreaterThanEquals: Numeric;
    DateEquals: Date;
    DateNotEquals: Date, not DateEquals;
    DateLessThan: Date;
    DateLessThanEquals: Date;
    DateGreaterThan: Date;
    DateGreaterThanEquals: Date;
    Bool: Bool;
    BinaryEquals: Binary;
    IpAddress: Ip;
    NotIpAddress: Ip, not IpAddress;
    ArnEquals: Arn;
    ArnLike: Arn;
    ArnNotEquals: Arn, not ArnEquals;
    ArnNotLike: Arn, not ArnLike;
    Null: Null;
}

impl BaseOperator {
    /// Whether it is the negation of another comparison (`…Not…`).
    #[must_use]
    pub fn is_negated(self) -> bool {
        self.positive() != self
    }
}

impl FromStr for BaseOperator {
    type Err = UnknownNameError;

    /// Reads the name exactly as AWS spells it.
    fn from_str(name: &str) -> Result<Self, UnknownNameError> {
        Self::from_name(name).ok_or_else(|| UnknownNameError::new("a comparison", name))
    }
}

impl fmt::Display for BaseOperator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> impl Iterator<Item = Operator> {
        let qualifiers = [None, Some(Qualifier::ForAllValues), Some(Qualifier::ForAnyValue)];
        qualifiers.into_iter().flat_map(|qualifier| {
            BaseOperator::ALL
                .iter()
                .flat_map(move |&base| [false, true].map(|if_exists| Operator { qualifier, base, if_exists }))
        })
    }

    #[test]
    fn every_operator_but_null_if_exists_is_read_from_its_own_name() {
        for operator in all() {
            let exists = operator.base != BaseOperator::Null || !operator.if_exists;
            assert_eq!(operator.to_string().parse().ok(), exists.then_some(operator), "{operator}");
        }
    }

    #[test]
    fn only_the_exact_spelling_is_an_operator() {
        for name in [
            "",
            "IfExists",
            "ForAllValues:",
            "stringEquals",
            "STRINGEQUALS",
            "StringEqualsIfExist",
            "IfExistsStringEquals",
            "StringEqualsIfExistsIfExists",
            "StringEquals:ForAnyValue",
            "forAnyValue:StringEquals",
            "ForAnyValues:StringEquals",
            "ForAnyValue: StringEquals",
            "ForAnyValue:ForAllValues:StringEquals",
            "StringEquals ",
            "NullIfExists",
            "ForAnyValue:NullIfExists",
            "BoolNotEquals",
        ] {
            assert!(name.parse::<Operator>().is_err(), "{name}");
        }
    }

    #[test]
    fn negated_comparisons_are_those_with_not_in_their_names() {
        for &base in BaseOperator::ALL {
            assert_eq!(base.is_negated(), base.as_str().contains("Not"), "{base}");
            assert_eq!(base.positive().as_str(), base.as_str().replace("Not", ""), "{base}");
            assert_eq!(base.positive().family(), base.family(), "{base}");
        }
    }
}
