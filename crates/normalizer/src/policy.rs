//! The normalized policy: what a document means, independent of how it was spelled.

use std::ops::Range;

use bailiwick_matcher::{ArnPattern, Pattern, ResourcePattern, TextPattern};
use bailiwick_parser::syntax::{BaseOperator, Effect, Operator, Qualifier, Span, Version};

use crate::value::{date::Timestamp, ip::IpRange, number::Number};

/// A policy, typed and canonical.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The language version; a document without `Version` is 2008-10-17 (rule G-8).
    pub version: Version,
    /// `Id`.
    pub id: Option<Box<str>>,
    /// The statements in the document's order.
    pub statements: Vec<Statement>,
}

/// One statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Where the statement stands in the text it was parsed from.
    pub span: Span,
    /// `Sid`.
    pub sid: Option<Box<str>>,
    /// `Effect`.
    pub effect: Effect,
    /// `Principal` or `NotPrincipal`.
    pub principal: Option<PrincipalElement>,
    /// `Action` or `NotAction`.
    pub action: ActionElement,
    /// `Resource` or `NotResource`; `None` covers the resource the policy is attached to.
    pub resource: Option<ResourceElement>,
    /// The conditions, all of which must hold; sorted by operator and key.
    pub conditions: Vec<Condition>,
}

/// `Principal` or `NotPrincipal`.
#[derive(Clone, Debug)]
pub struct PrincipalElement {
    /// Whether it is `NotPrincipal`.
    pub negated: bool,
    /// Whom it names, sorted; empty names nobody (rule G-33).
    pub principals: Vec<Principal>,
}

/// One entry of a principal element (rule G-17).
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Principal {
    /// `*`: everyone, anonymous included.
    Everyone,
    /// An account, written as its twelve digits or as its root ARN.
    Account(Box<str>),
    /// An ARN of a user, role, assumed-role or federated-user session; also any other text under `AWS`, which
    /// equals no principal.
    Arn(Box<str>),
    /// The unique identifier of a user (`AIDA…`) or role (`AROA…`).
    UniqueId(Box<str>),
    /// The canonical user ID of an account (S3).
    CanonicalUser(Box<str>),
    /// An identity provider: an ARN or a built-in name.
    Federated(Box<str>),
    /// A service principal such as `route53.amazonaws.com`.
    Service(Box<str>),
}

impl Principal {
    /// The entry's text: an account's twelve digits, an ARN, an identifier, a name, `*`.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Everyone => "*",
            Self::Account(text)
            | Self::Arn(text)
            | Self::UniqueId(text)
            | Self::CanonicalUser(text)
            | Self::Federated(text)
            | Self::Service(text) => text,
        }
    }
}

/// `Action` or `NotAction`.
///
/// ```
/// use bailiwick_normalizer::ActionElement;
///
/// let element = ActionElement::new(false, ["s3:PutObject", "S3:Get*", "s3:get*"]);
/// let texts: Vec<_> = element.actions().map(|action| (action.text(), action.written())).collect();
/// assert_eq!(texts, [("s3:get*", "S3:Get*"), ("s3:putobject", "s3:PutObject")]);
/// ```
#[derive(Clone, Debug)]
pub struct ActionElement {
    /// Whether it is `NotAction`.
    pub negated: bool,
    /// All patterns in lower case, and then all as they were written; both take as many bytes.
    ///
    /// PERF: two allocations for an element. Policies list hundreds of actions, and one for each took a seventh of the
    /// instructions from text to compiled policy.
    texts: String,
    /// Where each stands among those in lower case, sorted by text.
    places: Vec<Range<usize>>,
}

impl ActionElement {
    /// The element that lists these patterns. `*` alone is every action; a text without a colon matches none.
    #[must_use]
    pub fn new<'t>(
        negated: bool,
        patterns: impl IntoIterator<Item = &'t str, IntoIter: ExactSizeIterator + Clone>,
    ) -> Self {
        let patterns = patterns.into_iter();
        let length = patterns.clone().map(str::len).sum();
        let mut texts = String::with_capacity(2 * length);
        let place = |pattern: &str| {
            let start = texts.len();
            texts.push_str(pattern);
            start..texts.len()
        };
        let mut places: Vec<_> = patterns.map(place).collect();
        texts.extend_from_within(..);
        if let Some(texts) = texts.get_mut(..length) {
            texts.make_ascii_lowercase();
        }
        let text = |place: &Range<usize>| texts.get(place.clone()).unwrap_or_default();
        if !places.is_sorted_by(|a, b| text(a) < text(b)) {
            places.sort_by(|a, b| text(a).cmp(text(b)));
            places.dedup_by(|a, b| text(a) == text(b));
        }
        Self { negated, texts, places }
    }

    /// The patterns, sorted by text and all different.
    pub fn actions(&self) -> impl ExactSizeIterator<Item = Action<'_>> + Clone {
        let (lower, written) = self.texts.split_at_checked(self.texts.len() / 2).unwrap_or_default();
        self.places.iter().map(move |place| Action {
            text: lower.get(place.clone()).unwrap_or_default(),
            written: written.get(place.clone()).unwrap_or_default(),
        })
    }
}

/// One action pattern (rule M-1). Prefix and name match apart: no wildcard spans the colon (rule M-4).
#[derive(Clone, Copy, Debug)]
pub struct Action<'e> {
    text: &'e str,
    written: &'e str,
}

impl<'e> Action<'e> {
    /// The pattern's text, in lower case.
    #[must_use]
    pub fn text(&self) -> &'e str {
        self.text
    }

    /// The pattern's text as it was written.
    #[must_use]
    pub fn written(&self) -> &'e str {
        self.written
    }

    /// The patterns of the service prefix and of the action's name, in this order. Wildcards in the prefix are evaluated
    /// although AWS refuses to save them.
    ///
    /// ```
    /// use bailiwick_normalizer::ActionElement;
    ///
    /// let element = ActionElement::new(false, ["S3:Get*"]);
    /// let (service, name) = element.actions().next().unwrap().patterns();
    /// assert!(service.is_match("s3") && name.is_match("getobject"));
    /// ```
    #[must_use]
    pub fn patterns(&self) -> (Pattern, Pattern) {
        match self.text.split_once(':') {
            Some((service, name)) => (Pattern::new(service), Pattern::new(name)),
            None if !self.text.is_empty() && self.text.bytes().all(|byte| byte == b'*') => {
                (Pattern::new("*"), Pattern::new("*"))
            }
            // No request has an action with an empty service, so this matches nothing.
            None => (Pattern::literal(""), Pattern::literal(self.text)),
        }
    }
}

/// `Resource` or `NotResource`.
#[derive(Clone, Debug)]
pub struct ResourceElement {
    /// Whether it is `NotResource`.
    pub negated: bool,
    /// The patterns, sorted by text.
    pub resources: Vec<ResourcePattern>,
    /// Their texts, in the same order.
    pub texts: Vec<Box<str>>,
}

/// One operator on one key.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The operator in its canonical spelling: `ArnEquals` is `ArnLike`.
    pub operator: Operator,
    /// The operator as it was written.
    pub written_operator: Operator,
    /// The key's name in lower case (rule M-38).
    pub key: Box<str>,
    /// The key's name as it was written.
    pub written_key: Box<str>,
    /// The comparison with its operands.
    pub test: Test,
    /// The operands as they were written, in the order of `test`.
    pub texts: Vec<Box<str>>,
}

impl Condition {
    /// The set qualifier, if any.
    #[must_use]
    pub fn qualifier(&self) -> Option<Qualifier> {
        self.operator.qualifier
    }
}

/// What is compared, and with what. A value that cannot be read as its operator needs is `None`: it equals nothing.
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
        /// The operands, in the document's order, which matters: one that is no well-formed ARN, reached while they
        /// are read in order, makes the statement fail closed.
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

/// How numbers and dates are compared: the request's value stands on the left.
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
