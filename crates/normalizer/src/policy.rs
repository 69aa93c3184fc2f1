//! The normalized policy: what a document means, independent of how it was spelled.
//!
//! All statements share a few lists ([`PolicyParts`]); what is given out is views of them.
//!
//! PERF: a list and a box for every text of every statement took two thirds of the allocations from text to compiled
//! policy, and each some 300 instructions to make and let go.

use bailiwick_matcher::{ArnPattern, Pattern, ResourcePattern, TextPattern};
use bailiwick_parser::syntax::{BaseOperator, Effect, Operator, Qualifier, Span, Version};

use crate::parts::{ConditionParts, ElementParts, Place, PolicyParts, StatementParts};
use crate::value::{date::Timestamp, ip::IpRange, number::Number};

/// A policy, typed and canonical.
///
/// ```
/// use bailiwick_normalizer::normalize;
///
/// let text = r#"{"Version": "2012-10-17", "Statement": {"Sid": "s", "Effect": "Allow",
///     "Action": ["s3:PutObject", "S3:Get*", "s3:get*"], "Resource": "*"}}"#;
/// let policy = normalize(&bailiwick_parser::parse(text)?, None)?;
/// let statement = policy.statements().next().unwrap();
/// assert_eq!(statement.sid(), Some("s"));
/// let actions: Vec<_> = statement.action().actions().map(|action| (action.text(), action.written())).collect();
/// assert_eq!(actions, [("s3:get*", "S3:Get*"), ("s3:putobject", "s3:PutObject")]);
/// # Ok::<(), bailiwick_source::Errors>(())
/// ```
#[derive(Clone, Debug)]
pub struct Policy {
    parts: PolicyParts,
}

impl Policy {
    pub(crate) fn new(parts: PolicyParts) -> Self {
        Self { parts }
    }

    /// The language version; a document without `Version` is 2008-10-17 (rule G-8).
    #[must_use]
    pub fn version(&self) -> Version {
        self.parts.version
    }

    /// `Id`.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.parts.id.map(|id| id.of(&self.parts.texts))
    }

    /// The statements in the document's order.
    pub fn statements(&self) -> impl ExactSizeIterator<Item = Statement<'_>> + Clone {
        self.parts.statements.iter().map(|own| Statement { policy: &self.parts, own })
    }

    /// Takes the policy apart, for whoever makes something else of it and wants to copy nothing.
    #[must_use]
    pub fn into_parts(self) -> PolicyParts {
        self.parts
    }
}

/// One statement.
#[derive(Clone, Copy, Debug)]
pub struct Statement<'p> {
    policy: &'p PolicyParts,
    own: &'p StatementParts,
}

impl<'p> Statement<'p> {
    /// Where the statement stands in the text it was parsed from.
    #[must_use]
    pub fn span(&self) -> Span {
        self.own.span
    }

    /// `Sid`.
    #[must_use]
    pub fn sid(&self) -> Option<&'p str> {
        self.own.sid.map(|sid| sid.of(&self.policy.texts))
    }

    /// `Effect`.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.own.effect
    }

    /// `Principal` or `NotPrincipal`.
    #[must_use]
    pub fn principal(&self) -> Option<PrincipalElement<'p>> {
        let ElementParts { negated, items } = self.own.principal?;
        Some(PrincipalElement { negated, principals: items.slice(&self.policy.principals) })
    }

    /// `Action` or `NotAction`.
    #[must_use]
    pub fn action(&self) -> ActionElement<'p> {
        let ElementParts { negated, items } = self.own.action;
        let PolicyParts { texts, lower, actions, .. } = self.policy;
        ActionElement { negated, texts, lower, places: items.slice(actions) }
    }

    /// `Resource` or `NotResource`; `None` covers the resource the policy is attached to.
    #[must_use]
    pub fn resource(&self) -> Option<ResourceElement<'p>> {
        let ElementParts { negated, items } = self.own.resource?;
        let PolicyParts { texts, resources, resource_texts, .. } = self.policy;
        let (resources, places) = (items.slice(resources), items.slice(resource_texts));
        Some(ResourceElement { negated, resources, texts, places })
    }

    /// The conditions, all of which must hold; sorted by operator and key.
    pub fn conditions(&self) -> impl ExactSizeIterator<Item = Condition<'p>> + Clone + use<'p> {
        let policy = self.policy;
        self.own.conditions.slice(&policy.conditions).iter().map(move |own| Condition { policy, own })
    }
}

/// `Principal` or `NotPrincipal`.
#[derive(Clone, Copy, Debug)]
pub struct PrincipalElement<'p> {
    /// Whether it is `NotPrincipal`.
    pub negated: bool,
    /// Whom it names, sorted; empty names nobody (rule G-33).
    pub principals: &'p [Principal],
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
#[derive(Clone, Copy, Debug)]
pub struct ActionElement<'p> {
    /// Whether it is `NotAction`.
    pub negated: bool,
    texts: &'p str,
    lower: &'p str,
    places: &'p [Place],
}

impl<'p> ActionElement<'p> {
    /// The patterns, sorted by text and all different. `*` alone is every action; a text without a colon matches none.
    pub fn actions(&self) -> impl ExactSizeIterator<Item = Action<'p>> + Clone + use<'p> {
        let (texts, lower) = (self.texts, self.lower);
        self.places.iter().map(move |place| Action { text: place.of(lower), written: place.of(texts) })
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
    /// let text = r#"{"Statement": {"Effect": "Allow", "Action": "S3:Get*", "Resource": "*"}}"#;
    /// let policy = bailiwick_normalizer::normalize(&bailiwick_parser::parse(text)?, None)?;
    /// let action = policy.statements().next().unwrap().action().actions().next().unwrap();
    /// let (service, name) = action.patterns();
    /// assert!(service.is_match("s3") && name.is_match("getobject"));
    /// # Ok::<(), bailiwick_source::Errors>(())
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
#[derive(Clone, Copy, Debug)]
pub struct ResourceElement<'p> {
    /// Whether it is `NotResource`.
    pub negated: bool,
    /// The patterns, sorted by text.
    pub resources: &'p [ResourcePattern],
    texts: &'p str,
    places: &'p [Place],
}

impl<'p> ResourceElement<'p> {
    /// The patterns' texts, in the same order.
    pub fn texts(&self) -> impl ExactSizeIterator<Item = &'p str> + Clone + use<'p> {
        let texts = self.texts;
        self.places.iter().map(move |place| place.of(texts))
    }
}

/// One operator on one key.
#[derive(Clone, Copy, Debug)]
pub struct Condition<'p> {
    policy: &'p PolicyParts,
    own: &'p ConditionParts,
}

impl<'p> Condition<'p> {
    /// The operator in its canonical spelling: `ArnEquals` is `ArnLike`.
    #[must_use]
    pub fn operator(&self) -> Operator {
        self.own.operator
    }

    /// The operator as it was written.
    #[must_use]
    pub fn written_operator(&self) -> Operator {
        self.own.written_operator
    }

    /// The set qualifier, if any.
    #[must_use]
    pub fn qualifier(&self) -> Option<Qualifier> {
        self.own.operator.qualifier
    }

    /// The key's name in lower case (rule M-38).
    #[must_use]
    pub fn key(&self) -> &'p str {
        self.own.key.of(&self.policy.texts)
    }

    /// The key's name as it was written.
    #[must_use]
    pub fn written_key(&self) -> &'p str {
        self.own.written_key.of(&self.policy.texts)
    }

    /// The comparison with its operands.
    #[must_use]
    pub fn test(&self) -> &'p Test {
        &self.own.test
    }

    /// The operands as they were written, in the order of [`test`](Self::test).
    pub fn texts(&self) -> impl ExactSizeIterator<Item = &'p str> + Clone + use<'p> {
        let texts = &self.policy.texts;
        self.own.operands.slice(&self.policy.operands).iter().map(move |place| place.of(texts))
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
