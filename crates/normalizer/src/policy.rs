//! The normalized policy: what a document means, independent of how it was spelled.
//!
//! All statements share a few lists ([`PolicyParts`]); what is given out is views of them.
//!
//! PERF: a list and a box for every text of every statement took two thirds of the allocations from text to
//! compiled policy, and each some 300 instructions to make and let go.

use bailiwick_matcher::{Pattern, ResourcePattern};
use bailiwick_parser::syntax::{Effect, Operator, Qualifier, Span, Version};

use crate::comparison::Test;
use crate::parts::{ConditionParts, ElementParts, Place, PolicyParts, StatementParts};
use crate::principal::Principal;

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

    /// The lists of the policy, so that a compiler can move them instead of copying.
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
    /// The span of the statement in the text it was parsed from.
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
    /// Whom it names, sorted; empty matches no one (rule G-33).
    pub principals: &'p [Principal],
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
    /// The patterns, sorted by text and all different. `*` alone is every action; a text without a colon
    /// matches none.
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

    /// The patterns of the service prefix and of the action's name, in this order. Wildcards in the prefix
    /// are evaluated although AWS refuses to save them.
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
