//! One policy document, ready to decide: the normalized policy with everything computed that does not depend on a
//! request.

use bailiwick_normalizer::{ActionElement, Policy, PrincipalElement, ResourceElement};
use bailiwick_parser::syntax::{Effect, Span};

use crate::key::KeyHash;
use crate::public::is_public;

/// A policy compiled on its own: shared freely (`Send + Sync`), combined with others by reference.
///
/// Compiling takes a normalized [`Policy`], which only a document without mistakes becomes; so whatever evaluates
/// was read completely.
#[derive(Clone, Debug)]
pub struct CompiledPolicy {
    name: Option<Box<str>>,
    /// Deny statements first: a Deny ends the work, and after them the first Allow does.
    statements: Box<[Statement]>,
    is_public: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Statement {
    /// Place in the document, from 0.
    pub(crate) index: usize,
    pub(crate) span: Span,
    pub(crate) sid: Option<Box<str>>,
    pub(crate) effect: Effect,
    pub(crate) principal: Option<PrincipalElement>,
    pub(crate) action: ActionElement,
    pub(crate) resource: Option<ResourceElement>,
    pub(crate) conditions: Box<[Condition]>,
}

#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) hash: KeyHash,
    pub(crate) meaning: bailiwick_normalizer::Condition,
}

impl CompiledPolicy {
    /// Compiles a policy.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        let is_public = is_public(&policy);
        let mut statements: Box<[Statement]> = policy
            .statements
            .into_iter()
            .enumerate()
            .map(|(index, statement)| Statement {
                index,
                span: statement.span,
                sid: statement.sid,
                effect: statement.effect,
                principal: statement.principal,
                action: statement.action,
                resource: statement.resource,
                conditions: statement
                    .conditions
                    .into_iter()
                    .map(|meaning| Condition { hash: KeyHash::of(&meaning.key), meaning })
                    .collect(),
            })
            .collect();
        statements.sort_by_key(|statement| statement.effect != Effect::Deny);
        Self { name: None, statements, is_public }
    }

    /// Gives the policy a name for explanations.
    #[must_use]
    pub fn with_name(mut self, name: &str) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The policy's name, if it was given one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// How many statements it has.
    #[must_use]
    pub fn statement_count(&self) -> usize {
        self.statements.len()
    }

    /// Whether, as a bucket policy, it counts as public (rule E-46).
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.is_public
    }

    pub(crate) fn statements(&self) -> &[Statement] {
        &self.statements
    }
}
