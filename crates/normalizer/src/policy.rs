//! The normalized policy: what a document means, independent of how it was spelled.

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
#[derive(Clone, Debug)]
pub struct ActionElement {
    /// Whether it is `NotAction`.
    pub negated: bool,
    /// The patterns, sorted by text.
    pub actions: Vec<Action>,
}

/// One action pattern, in lower case (rule M-1). Prefix and name match apart: no wildcard spans the colon (rule M-4).
#[derive(Clone, Debug)]
pub struct Action {
    /// The text in lower case, and then as it was written; both have one length.
    ///
    /// PERF: one allocation for an action. Policies list hundreds, and patterns made of each took half of compiling.
    texts: Box<str>,
}

impl Action {
    /// Reads an action pattern. `*` alone is every action; a text without a colon matches none.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut texts = String::with_capacity(2 * text.len());
        texts.push_str(text);
        texts.make_ascii_lowercase();
        texts.push_str(text);
        Self { texts: texts.into() }
    }

    /// The pattern's text, in lower case.
    #[must_use]
    pub fn text(&self) -> &str {
        self.texts.get(..self.texts.len() / 2).unwrap_or_default()
    }

    /// The pattern's text as it was written.
    #[must_use]
    pub fn written(&self) -> &str {
        self.texts.get(self.texts.len() / 2..).unwrap_or_default()
    }

    /// The patterns of the service prefix and of the action's name, in this order. Wildcards in the prefix are evaluated
    /// although AWS refuses to save them.
    ///
    /// ```
    /// use bailiwick_normalizer::Action;
    ///
    /// let (service, name) = Action::new("S3:Get*").patterns();
    /// assert!(service.is_match("s3") && name.is_match("getobject"));
    /// ```
    #[must_use]
    pub fn patterns(&self) -> (Pattern, Pattern) {
        let text = self.text();
        match text.split_once(':') {
            Some((service, name)) => (Pattern::new(service), Pattern::new(name)),
            None if !text.is_empty() && text.bytes().all(|byte| byte == b'*') => {
                (Pattern::new("*"), Pattern::new("*"))
            }
            // No request has an action with an empty service, so this matches nothing.
            None => (Pattern::literal(""), Pattern::literal(text)),
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
