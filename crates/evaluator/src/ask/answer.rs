//! Answers: a decision and its explanation as values of their own, which serialize to the JSON that the
//! program prints (feature `serde`).

use std::fmt;

use bailiwick_normalizer::PolicyKind;
use bailiwick_parser::syntax::{Effect, Operator};
use bailiwick_source::Position;

use crate::combine::Decision;
use crate::context::Value;
use crate::explain::{Explanation, FailedElement, GrantMiss as NearGrant, NearMiss, StatementRef};
use crate::kms::{GrantConstraint, GrantFailure, KmsGrant};
use crate::request::Request;
use crate::services::ServiceRule;

/// The answer to a request. It serializes to the document that `bailiwick simulate` prints.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Answer {
    /// The label of the request, if it has one.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub name: Option<String>,
    /// The decision.
    pub decision: Decision,
    /// The statement that decided; null when nothing allows, when a KMS grant decided, and when no statement
    /// is needed.
    pub decided_by: Option<Statement>,
    /// The KMS grant that decided.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub decided_by_grant: Option<DecidingGrant>,
    /// Every policy kind that blocks the request on its own.
    pub blocked_by: Vec<PolicyKind>,
    /// The rule about the service that refuses the request whatever the policies say, else the one by which
    /// the resource policies do not count.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub rule: Option<ServiceRule>,
    /// The statements that apply.
    pub matched_statements: Vec<MatchedStatement>,
    /// The keys that statements asked for and the request does not carry.
    pub missing_context_keys: Vec<String>,
    /// The Allow statements that nearly applied.
    pub near_misses: Vec<Miss>,
    /// The KMS grants that nearly allowed.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    pub near_miss_grants: Vec<GrantMiss>,
    /// What the answer rests on that the scenario does not say.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    pub notes: Vec<String>,
}

/// Which KMS grant.
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct DecidingGrant {
    /// Its place in the scenario's list, from 0.
    pub grant: usize,
    /// Its `GrantId`, where it has one.
    pub grant_id: Option<String>,
}

/// A KMS grant that nearly allowed.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct GrantMiss {
    /// Which grant.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub grant: DecidingGrant,
    /// What does not fit: the first, where several do not.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub first: MissedElement,
    /// What else does not fit.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    pub also_failed: Vec<MissedElement>,
}

/// Which statement.
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Statement {
    /// The kind of its policy.
    pub kind: PolicyKind,
    /// The policy's name, else its place in the scenario's list, from 0.
    pub policy: PolicyLabel,
    /// The policy's place in the list of its kind (or level), from 0, whether it has a name or not.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub place: usize,
    /// Of organizations' policies, the level from the root, from 0.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub level: Option<usize>,
    /// The statement's place in its document, from 0.
    pub statement: usize,
    /// `Sid`.
    pub sid: Option<String>,
}

/// A policy's name, or its place when it has none.
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(untagged))]
pub enum PolicyLabel {
    /// The name it was given.
    Name(String),
    /// Its place, from 0.
    Place(usize),
}

impl fmt::Display for PolicyLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Place(place) => write!(f, "#{}", place + 1),
        }
    }
}

/// A statement that applies, and where it stands.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MatchedStatement {
    /// Which statement.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub statement: Statement,
    /// Its effect.
    pub effect: Effect,
    /// Where it begins: in the scenario, or in the policy's own text where that stood there as a string.
    pub start: Place,
    /// Where it ends.
    pub end: Place,
}

/// A line and column, from 1.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[expect(missing_docs, reason = "the names say it")]
pub struct Place {
    pub line: u32,
    pub column: u32,
}

impl From<Position> for Place {
    fn from(position: Position) -> Self {
        Self { line: position.line, column: position.column }
    }
}

/// An Allow statement that nearly applied.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Miss {
    /// Which statement.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub statement: Statement,
    /// The element that did not match: the first, where several did not.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub first: MissedElement,
    /// The other elements that did not match.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    pub also_failed: Vec<MissedElement>,
    /// Where the statement begins, as of matched statements.
    pub start: Place,
    /// Where it ends.
    pub end: Place,
}

/// The element of a statement that did not match, or of a KMS grant.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[non_exhaustive]
pub enum ElementKind {
    /// `Principal` or `NotPrincipal`.
    Principal,
    /// `Action` or `NotAction`.
    Action,
    /// `Resource` or `NotResource`.
    Resource,
    /// A condition.
    Condition,
    /// The key of a grant.
    Key,
    /// The grantee principal of a grant.
    Grantee,
    /// The operations of a grant.
    Operation,
    /// The encryption context that a grant requires.
    Constraint,
    /// The grant to be created with it, which must not allow more.
    ChildGrant,
}

impl ElementKind {
    /// The element's name in answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Principal => "principal",
            Self::Action => "action",
            Self::Resource => "resource",
            Self::Condition => "condition",
            Self::Key => "key",
            Self::Grantee => "grantee",
            Self::Operation => "operation",
            Self::Constraint => "constraint",
            Self::ChildGrant => "childGrant",
        }
    }
}

impl fmt::Display for ElementKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<&FailedElement<'_>> for ElementKind {
    fn from(element: &FailedElement<'_>) -> Self {
        match element {
            FailedElement::Principal => Self::Principal,
            FailedElement::Action => Self::Action,
            FailedElement::Resource => Self::Resource,
            FailedElement::Condition { .. } => Self::Condition,
        }
    }
}

impl From<&GrantFailure<'_>> for ElementKind {
    fn from(failure: &GrantFailure<'_>) -> Self {
        match failure {
            GrantFailure::Key { .. } => Self::Key,
            GrantFailure::Grantee { .. } => Self::Grantee,
            GrantFailure::Operation { .. } => Self::Operation,
            GrantFailure::Constraint(_) => Self::Constraint,
            GrantFailure::ChildGrant { .. } => Self::ChildGrant,
        }
    }
}

/// An element that did not match.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MissedElement {
    /// Which element.
    pub failed: ElementKind,
    /// Of a condition, its operator.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub operator: Option<Operator>,
    /// Of a condition, its key.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub key: Option<String>,
    /// What the statement requires.
    pub expected: Vec<String>,
    /// What the request has; empty when it lacks the key.
    pub actual: Vec<String>,
}

impl Answer {
    /// The answer that an explanation gives; `range` gives the place of a statement in the text it was parsed
    /// from, and `request` is the one that was explained over policies with `grants`.
    pub fn new(
        name: Option<String>,
        explanation: &Explanation<'_>,
        grants: &[KmsGrant],
        request: &Request<'_>,
        notes: Vec<String>,
        range: impl Fn(&StatementRef<'_>) -> (Position, Position),
    ) -> Self {
        Self {
            name,
            decision: explanation.decision,
            decided_by: explanation.decided_by.as_ref().map(Statement::from),
            decided_by_grant: explanation.decided_by_grant.map(|place| DecidingGrant::new(place, grants)),
            blocked_by: explanation.blocked_by.iter().collect(),
            rule: explanation.rule,
            matched_statements: explanation
                .matched
                .iter()
                .map(|place| {
                    let (start, end) = range(place);
                    MatchedStatement {
                        statement: place.into(),
                        effect: place.effect,
                        start: start.into(),
                        end: end.into(),
                    }
                })
                .collect(),
            missing_context_keys: missing_keys(explanation),
            near_misses: explanation.near_misses.iter().filter_map(|near| Miss::new(near, &range)).collect(),
            near_miss_grants: explanation
                .near_grants
                .iter()
                .filter_map(|near| GrantMiss::new(near, grants, request))
                .collect(),
            notes,
        }
    }
}

/// The keys that statements asked for, and those of the encryption context that grants did.
fn missing_keys(explanation: &Explanation<'_>) -> Vec<String> {
    let mut keys: Vec<String> = explanation.missing_context_keys.iter().map(ToString::to_string).collect();
    let of_grants = explanation.missing_encryption_context.iter();
    keys.extend(of_grants.map(|key| format!("kms:EncryptionContext:{key}")));
    // Of those that differ in letter case alone the first stays, as a statement spells it.
    keys.sort_by_cached_key(|key| key.to_ascii_lowercase());
    keys.dedup_by(|later, first| later.eq_ignore_ascii_case(first));
    keys
}

impl DecidingGrant {
    fn new(grant: usize, grants: &[KmsGrant]) -> Self {
        Self { grant, grant_id: grants.get(grant).and_then(KmsGrant::id).map(str::to_owned) }
    }
}

impl GrantMiss {
    fn new(near: &NearGrant<'_>, grants: &[KmsGrant], request: &Request<'_>) -> Option<Self> {
        let mut elements = near.failures.iter().map(|failure| grant_element(failure, request));
        let first = elements.next()?;
        Some(Self { grant: DecidingGrant::new(near.grant, grants), first, also_failed: elements.collect() })
    }
}

/// What of a grant does not fit, in texts.
fn grant_element(failure: &GrantFailure<'_>, request: &Request<'_>) -> MissedElement {
    let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
    let values = |key: &str| match request.value(key) {
        None => None,
        Some(Value::One(value)) => Some(value.to_owned()),
        Some(Value::Many(values)) => Some(values.join(", ")),
    };
    let (expected, actual) = match failure {
        GrantFailure::Key { expected, actual } => (texts(&[expected]), vec![actual.clone()]),
        GrantFailure::Grantee { expected, actual } | GrantFailure::Operation { expected, actual } => {
            (texts(expected), vec![actual.clone()])
        }
        GrantFailure::Constraint(constraint) => {
            let pairs = constraint.pairs().iter();
            let expected = pairs.map(|(key, value)| format!("{}: {key} = {value}", constraint.as_str()));
            let actual = request
                .encryption_context()
                .map(|(key, value)| format!("{key} = {}", value.unwrap_or("a list, which is no value")));
            (expected.collect(), actual.collect())
        }
        GrantFailure::ChildGrant { operations, constraints } => {
            let mut expected = vec![format!("kms:GrantOperations among {}", operations.join(", "))];
            let kinds = constraints.iter().map(GrantConstraint::as_str);
            expected.extend(kinds.map(|kind| format!("kms:GrantConstraintType {kind}")));
            let keys = ["kms:GrantOperations", "kms:GrantConstraintType"];
            let actual = keys.iter().filter_map(|key| Some(format!("{key} {}", values(key)?)));
            (expected, actual.collect())
        }
    };
    MissedElement { failed: failure.into(), operator: None, key: None, expected, actual }
}

impl From<&StatementRef<'_>> for Statement {
    fn from(place: &StatementRef<'_>) -> Self {
        let has_levels = matches!(place.kind, PolicyKind::ServiceControl | PolicyKind::ResourceControl);
        Self {
            kind: place.kind,
            policy: place
                .policy_name
                .map_or(PolicyLabel::Place(place.policy), |name| PolicyLabel::Name(name.to_owned())),
            place: place.policy,
            level: has_levels.then_some(place.level),
            statement: place.statement,
            sid: place.sid.map(str::to_owned),
        }
    }
}

impl Miss {
    fn new(near: &NearMiss<'_>, range: impl Fn(&StatementRef<'_>) -> (Position, Position)) -> Option<Self> {
        let (start, end) = range(&near.statement);
        let mut elements = near.failures.iter().map(|failure| {
            let (operator, key) = match failure.element {
                FailedElement::Condition { operator, key } => (Some(operator), Some(key.to_owned())),
                _ => (None, None),
            };
            MissedElement {
                failed: (&failure.element).into(),
                operator,
                key,
                expected: failure.expected.iter().map(ToString::to_string).collect(),
                actual: failure.actual.clone(),
            }
        });
        Some(Self {
            statement: (&near.statement).into(),
            first: elements.next()?,
            also_failed: elements.collect(),
            start: start.into(),
            end: end.into(),
        })
    }
}
