//! Why a decision came out as it did.

use bailiwick_matcher::{Segment, TemplateOptions, segments};
use bailiwick_normalizer::PolicyKind;
use bailiwick_parser::syntax::{Effect, Operator, Span};

use crate::combine::{Decision, Grant, KindSet, Verdict};
use crate::condition::{has_variables, lacks_a_value};
use crate::context::Value;
use crate::kms::{GrantFailure, KmsGrant};
use crate::request::Request;
use crate::services::ServiceRule;
use crate::statement::{Missed, Observer, Place, Subject};

/// A decision with its reasons.
#[derive(Clone, Debug)]
pub struct Explanation<'p> {
    /// The decision.
    pub decision: Decision,
    /// The statement that decided: of an explicit deny the first that denies; of an allowed request the Allow that
    /// granted, that is the first of those that name the caller most closely and so need the least of other kinds
    /// (rule E-11). Nothing decides an implicit deny.
    pub decided_by: Option<StatementRef<'p>>,
    /// The place in `Policies::grants` of the KMS grant that decided, where it named the caller more closely than any
    /// statement did (rule E-43).
    pub decided_by_grant: Option<usize>,
    /// Every kind that stands in the way on its own.
    pub blocked_by: KindSet,
    /// The rule about the service that refuses the request whatever the policies say, else the one by which
    /// the resource policies do not count.
    pub rule: Option<ServiceRule>,
    /// Every statement that applies, in the order of kinds, policies and the documents.
    pub matched: Vec<StatementRef<'p>>,
    /// The keys that conditions and policy variables asked for and the request does not carry (a variable's default
    /// makes up for its key), of statements that are otherwise about this request; as the policies spell them, sorted.
    pub missing_context_keys: Vec<&'p str>,
    /// The Allow statements that would have applied but for the fewest elements, nearest first, at most five; none
    /// when the request is allowed.
    pub near_misses: Vec<NearMiss<'p>>,
    /// The KMS grants that would have allowed but for one thing or two, nearest first, at most five; none when the
    /// request is allowed (rule E-43).
    pub near_grants: Vec<GrantMiss<'p>>,
    /// The keys of the encryption context that grants ask for and the request does not carry, without the prefix
    /// `kms:EncryptionContext:`, of grants that are otherwise about this request; sorted.
    pub missing_encryption_context: Vec<&'p str>,
}

/// A KMS grant that nearly allowed.
#[derive(Clone, Debug)]
pub struct GrantMiss<'p> {
    /// Its place in `Policies::grants`.
    pub grant: usize,
    /// What does not fit.
    pub failures: Vec<GrantFailure<'p>>,
}

/// A statement and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct StatementRef<'p> {
    /// The kind of its policy.
    pub kind: PolicyKind,
    /// Of organizations' policies, the level from the root, from 0.
    pub level: usize,
    /// The policy's place in its kind's (or level's) list, from 0.
    pub policy: usize,
    /// The policy's name, if it has one.
    pub policy_name: Option<&'p str>,
    /// The statement's place in its document, from 0.
    pub statement: usize,
    /// `Sid`.
    pub sid: Option<&'p str>,
    /// `Effect`.
    pub effect: Effect,
    /// Where it stands in the text its document was parsed from.
    pub span: Span,
}

/// An Allow statement that nearly applied.
#[derive(Clone, Debug)]
pub struct NearMiss<'p> {
    /// The statement.
    pub statement: StatementRef<'p>,
    /// The elements that did not match, the farthest-reaching first.
    pub failures: Vec<Failure<'p>>,
}

/// An element that did not match, with what it wanted and what the request has.
#[derive(Clone, Debug)]
pub struct Failure<'p> {
    /// Which element.
    pub element: FailedElement<'p>,
    /// What the statement wants, as it stands in the policy.
    pub expected: Vec<&'p str>,
    /// What the request has; empty when a key is absent.
    pub actual: Vec<String>,
}

/// The element that did not match.
#[derive(Clone, Copy, Debug)]
pub enum FailedElement<'p> {
    /// `Principal` or `NotPrincipal`.
    Principal,
    /// `Action` or `NotAction`.
    Action,
    /// `Resource` or `NotResource`.
    Resource,
    /// A condition.
    Condition {
        /// The operator, as written.
        operator: Operator,
        /// The key, as written.
        key: &'p str,
    },
}

impl FailedElement<'_> {
    /// The element's name in answers: `principal`, `action`, `resource` or `condition`.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Principal => "principal",
            Self::Action => "action",
            Self::Resource => "resource",
            Self::Condition { .. } => "condition",
        }
    }
}

/// How many near misses an explanation names.
const NEAR_MISSES: usize = 5;

/// A grant that fails in more is about something else.
const GRANT_FAILURES: usize = 2;

/// The grants that nearly allowed, and the keys of the encryption context that are missing.
pub(crate) fn near_grants<'p>(
    grants: &'p [KmsGrant],
    request: &Request<'_>,
) -> (Vec<GrantMiss<'p>>, Vec<&'p str>) {
    let mut near: Vec<GrantMiss<'p>> = grants
        .iter()
        .enumerate()
        .map(|(grant, own)| GrantMiss { grant, failures: own.failures(request) })
        .filter(|miss| (1..=GRANT_FAILURES).contains(&miss.failures.len()))
        .collect();
    let has = |key: &str| request.encryption_context_of(key).is_some();
    let mut missing: Vec<&'p str> =
        near.iter()
            .flat_map(|miss| {
                let is_constraint =
                    |failure: &GrantFailure<'p>| matches!(failure, GrantFailure::Constraint(_));
                miss.failures.iter().filter(move |_| miss.failures.iter().all(is_constraint))
            })
            .filter_map(|failure| {
                if let GrantFailure::Constraint(constraint) = failure { Some(*constraint) } else { None }
            })
            .flat_map(|constraint| constraint.pairs().iter().map(|(key, _)| key.as_str()))
            .filter(|key| !has(key))
            .collect();
    missing.sort_unstable();
    missing.dedup();
    near.sort_by_key(|miss| miss.failures.len());
    near.truncate(NEAR_MISSES);
    (near, missing)
}

/// The observer that writes an explanation.
pub(crate) struct Recorder<'p, 'r> {
    request: &'r Request<'r>,
    /// What missed of the statement being looked at.
    missed: Vec<Missed>,
    /// What applies, and how closely it names the caller.
    matched: Vec<(StatementRef<'p>, Grant)>,
    consented: Option<usize>,
    near: Vec<(StatementRef<'p>, Subject<'p>, Vec<Missed>)>,
    missing_keys: Vec<&'p str>,
}

impl<'p, 'r> Recorder<'p, 'r> {
    pub(crate) fn new(request: &'r Request<'r>) -> Self {
        Self {
            request,
            missed: Vec::new(),
            matched: Vec::new(),
            consented: None,
            near: Vec::new(),
            missing_keys: Vec::new(),
        }
    }

    pub(crate) fn into_explanation(mut self, verdict: Verdict) -> Explanation<'p> {
        // Statements were visited with each policy's denies first; an explanation follows the documents.
        self.matched.sort_by_key(|(place, _)| (place.kind, place.level, place.policy, place.statement));
        let decided_by_grant = self.consented.filter(|_| verdict.granted_by == Some(PolicyKind::Resource));
        let decided_by = self.decided_by(verdict).filter(|_| decided_by_grant.is_none());
        self.missing_keys.sort_unstable_by_key(|key| key.to_ascii_lowercase());
        self.missing_keys.dedup_by(|a, b| a.eq_ignore_ascii_case(b));
        let near_misses = if verdict.decision.is_allowed() { Vec::new() } else { self.near_misses() };
        Explanation {
            decision: verdict.decision,
            decided_by,
            decided_by_grant,
            blocked_by: verdict.blocked_by,
            rule: None,
            matched: self.matched.into_iter().map(|(place, _)| place).collect(),
            missing_context_keys: self.missing_keys,
            near_misses,
            near_grants: Vec::new(),
            missing_encryption_context: Vec::new(),
        }
    }

    fn decided_by(&self, verdict: Verdict) -> Option<StatementRef<'p>> {
        let of = |effect, kind| {
            self.matched.iter().filter(move |(place, _)| place.effect == effect && place.kind == kind)
        };
        let decisive = match verdict.decision {
            Decision::ExplicitDeny => {
                verdict.blocked_by.iter().find_map(|kind| of(Effect::Deny, kind).next())
            }
            // The first of the strongest.
            Decision::Allowed => {
                of(Effect::Allow, verdict.granted_by?).min_by_key(|(_, grant)| std::cmp::Reverse(*grant))
            }
            Decision::ImplicitDeny => None,
        };
        decisive.map(|(place, _)| *place)
    }

    /// Notes what a statement asked for in vain, if it is about this request but for its conditions, and for variables
    /// of its resources that have no value.
    fn missing_keys_of(&mut self, subject: Subject<'p>, missed: &[Missed]) {
        let Subject { policy, statement, .. } = subject;
        let resources = policy.resources(statement);
        let lacking: Vec<&'p str> = resources
            .iter()
            .zip(policy.resource_texts(statement))
            .filter(|(resource, _)| lacks_a_value(resource.pattern(), self.request))
            .map(|(_, text)| text)
            .collect();
        let about_this = missed.iter().all(|missed| match missed {
            Missed::Condition(_) => true,
            Missed::Resource => !lacking.is_empty(),
            Missed::Principal | Missed::Action => false,
        });
        if !about_this {
            return;
        }
        lacking.into_iter().for_each(|text| self.missing_variables_of(text));
        for condition in policy.conditions(statement) {
            let (key, operands) = policy.written(condition);
            if self.request.lookup(condition.key, policy.key_of(condition)).is_none() {
                self.missing_keys.push(key);
            }
            if has_variables(&condition.check) {
                operands.for_each(|text| self.missing_variables_of(text));
            }
        }
    }

    /// Notes the variables of a text that have neither value nor default.
    fn missing_variables_of(&mut self, text: &'p str) {
        let options = TemplateOptions { wildcards: false, variables: true };
        for (_, segment) in segments(text, options) {
            if let Segment::Variable { name, default: None } = segment
                && self.request.value(name).is_none()
            {
                self.missing_keys.push(name);
            }
        }
    }

    fn near_misses(&mut self) -> Vec<NearMiss<'p>> {
        // A statement about another action is far, however few of its elements miss.
        self.near.sort_by_key(|(_, _, missed)| (missed.contains(&Missed::Action), missed.len()));
        self.near
            .iter()
            .take(NEAR_MISSES)
            .map(|(place, subject, missed)| NearMiss {
                statement: *place,
                failures: missed.iter().filter_map(|missed| self.failure(*subject, *missed)).collect(),
            })
            .collect()
    }

    fn failure(&self, subject: Subject<'p>, missed: Missed) -> Option<Failure<'p>> {
        let request = self.request;
        let Subject { policy, statement, .. } = subject;
        Some(match missed {
            Missed::Action => Failure {
                element: FailedElement::Action,
                expected: policy.action_texts(subject.number).collect(),
                actual: vec![request.action().to_owned()],
            },
            Missed::Resource => Failure {
                element: FailedElement::Resource,
                expected: policy.resource_texts(statement).collect(),
                actual: vec![request.resource().to_owned()],
            },
            Missed::Principal => Failure {
                element: FailedElement::Principal,
                expected: policy
                    .principals(statement)
                    .iter()
                    .map(bailiwick_normalizer::Principal::text)
                    .collect(),
                actual: vec![request.principal().name().to_owned()],
            },
            Missed::Condition(place) => {
                let condition = policy.conditions(statement).get(place)?;
                let (key, operands) = policy.written(condition);
                Failure {
                    element: FailedElement::Condition { operator: condition.written_operator, key },
                    expected: operands.collect(),
                    actual: match request.value(policy.key_of(condition)) {
                        None => Vec::new(),
                        Some(Value::One(value)) => vec![value.to_owned()],
                        Some(Value::Many(values)) => {
                            values.iter().map(|value| value.clone().into_owned()).collect()
                        }
                    },
                }
            }
        })
    }
}

fn reference<'p>(place: Place, subject: Subject<'p>) -> Option<StatementRef<'p>> {
    let (source, sid) = subject.policy.source(subject.number)?;
    Some(StatementRef {
        kind: place.kind,
        level: place.level,
        policy: place.policy,
        policy_name: subject.policy.name(),
        statement: source.index as usize,
        sid,
        effect: subject.statement.effect,
        span: source.span,
    })
}

impl<'p> Observer<'p> for Recorder<'p, '_> {
    const EXHAUSTIVE: bool = true;

    fn missed(&mut self, element: Missed) {
        self.missed.push(element);
    }

    fn judged(&mut self, place: Place, subject: Subject<'p>, grant: Option<Grant>) {
        let missed = std::mem::take(&mut self.missed);
        self.missing_keys_of(subject, &missed);
        let Some(reference) = reference(place, subject) else { return };
        if let Some(grant) = grant {
            self.matched.push((reference, grant));
        } else if reference.effect == Effect::Allow {
            self.near.push((reference, subject, missed));
        }
    }

    fn consented(&mut self, place: usize) {
        self.consented = Some(place);
    }
}
