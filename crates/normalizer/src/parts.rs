//! The lists that a policy is stored in: few, and shared by all statements, which hold ranges of them.

use bailiwick_matcher::ResourcePattern;
use bailiwick_parser::syntax::{Effect, Operator, Span, Version};

use crate::comparison::Test;
use crate::principal::Principal;

/// The lists that a [`Policy`](crate::Policy) is stored in.
#[derive(Clone, Debug)]
pub struct PolicyParts {
    /// The language version.
    pub version: Version,
    /// `Id`, among the texts.
    pub id: Option<Place>,
    /// The statements in the document's order.
    pub statements: Vec<StatementParts>,
    /// All texts, those of actions first.
    pub texts: String,
    /// The texts of actions once more, in lower case: each has the same length and the same range.
    pub lower: String,
    /// The actions, of each statement sorted by their text in lower case; between two statements' there may
    /// be some of neither.
    pub actions: Vec<Place>,
    /// The principals, of each statement sorted.
    pub principals: Vec<Principal>,
    /// The resources, of each statement sorted by text.
    pub resources: Vec<ResourcePattern>,
    /// The text of each resource.
    pub resource_texts: Vec<Place>,
    /// The conditions, of each statement sorted by operator and key.
    pub conditions: Vec<ConditionParts>,
    /// The operands of conditions, among the texts.
    pub operands: Vec<Place>,
}

/// A statement as ranges of the lists of its policy.
#[derive(Clone, Copy, Debug)]
pub struct StatementParts {
    /// The span of the statement in the text it was parsed from.
    pub span: Span,
    /// `Sid`, among the texts.
    pub sid: Option<Place>,
    /// `Effect`.
    pub effect: Effect,
    /// `Principal` or `NotPrincipal`, among the principals.
    pub principal: Option<ElementParts>,
    /// `Action` or `NotAction`, among the actions.
    pub action: ElementParts,
    /// `Resource` or `NotResource`, among the resources.
    pub resource: Option<ElementParts>,
    /// The range of its conditions.
    pub conditions: Place,
}

/// An element of a statement as a range of a list.
#[derive(Clone, Copy, Debug)]
pub struct ElementParts {
    /// Whether it is the `Not…` form.
    pub negated: bool,
    /// The range of its items.
    pub items: Place,
}

/// A condition; its texts are ranges.
#[derive(Clone, Debug)]
pub struct ConditionParts {
    /// The operator in its canonical spelling.
    pub operator: Operator,
    /// The operator as it was written.
    pub written_operator: Operator,
    /// The key's name in lower case, among the texts.
    pub key: Place,
    /// The key's name as it was written, among the texts.
    pub written_key: Place,
    /// The comparison with its operands.
    pub test: Test,
    /// The range of its operands.
    pub operands: Place,
}

/// A run of a list, or of the bytes of a text. A document has at most 1 GiB, so that 32 bits count all that
/// is made of it.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Place {
    /// Where it begins.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
}

impl Place {
    pub(crate) fn between(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    /// Appends a text to others.
    pub(crate) fn push(texts: &mut String, text: &str) -> Self {
        let start = texts.len();
        texts.push_str(text);
        Self::between(start, texts.len())
    }

    /// The part of a text.
    #[must_use]
    pub fn of(self, texts: &str) -> &str {
        texts.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    pub(crate) fn bytes(self, texts: &str) -> &[u8] {
        self.slice(texts.as_bytes())
    }

    /// The part of a list.
    #[must_use]
    pub fn slice<T>(self, list: &[T]) -> &[T] {
        list.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}
