//! One policy document, ready to decide: the normalized policy with everything computed that does not depend on a
//! request, packed so that a decision touches little memory.

use bailiwick_matcher::Pattern;
use bailiwick_normalizer::{Place, Policy, Principal as Named, StringComparison, Test};
use bailiwick_parser::syntax::{Effect, Operator, Span};

use crate::action::{ActionPattern, ActionText};
use crate::index::{Facts, Index};
use crate::keys::KeyCode;
use crate::resource::Resource;

mod build;

/// A policy compiled on its own: shared freely (`Send + Sync`), combined with others by reference.
///
/// Compiling takes a normalized [`Policy`], which only a document without mistakes becomes; so whatever evaluates
/// was read completely. A policy of many statements has an index over them: what a decision costs hardly depends on
/// their number.
// PERF: the fields stand together as a decision asks for them, in cache lines of their own. The filter of the index, which
// is asked first, stands in the second; a decision over a policy that was not asked lately waits for one to three of them.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub struct CompiledPolicy {
    // The parts of all statements, each kind together: what one decision needs stands close by.
    resources: Box<[Resource]>,
    conditions: Box<[Condition]>,
    principals: Box<[Named]>,
    texts: Box<str>,
    /// Deny statements first: a Deny ends the work, and after them the first Allow does.
    statements: Box<[Statement]>,
    /// How many of them deny.
    denies: u32,
    is_public: bool,
    index: Index,
    not_actions: Box<[ActionPattern]>,
    // What only an explanation reads.
    sources: Box<[Source]>,
    action_texts: Box<[Part]>,
    resource_texts: Box<[Part]>,
    operands: Box<[Part]>,
    name: Option<Box<str>>,
}

/// What the order above is about, where a pointer has eight bytes.
#[cfg(target_pointer_width = "64")]
const _: () = assert!(std::mem::offset_of!(CompiledPolicy, index) / 64 == 1);

/// A statement: which parts of its policy are its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Statement {
    pub(crate) effect: Effect,
    pub(crate) action: Element,
    pub(crate) resource: Element,
    pub(crate) principal: Element,
    resources: Part,
    principals: Part,
    conditions: Part,
    not_actions: Part,
}

/// What an element of a statement says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Element {
    /// It is not there, or it is `*`: it holds for every request.
    Any,
    /// One of the list.
    OneOf,
    /// None of the list.
    NoneOf,
}

/// Where a statement came from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source {
    /// Place in the document, from 0.
    pub(crate) index: u32,
    pub(crate) span: Span,
    sid: Option<Part>,
    actions: Part,
}

#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) key: KeyCode,
    /// Whether there is nothing special about it: no set qualifier, and it is not `Null`.
    pub(crate) is_plain: bool,
    name: Part,
    pub(crate) check: Check,
    /// The operator in its canonical spelling.
    pub(crate) operator: Operator,
    pub(crate) written_operator: Operator,
    written_name: Part,
    operands: Part,
}

/// What a condition asks of a value.
#[derive(Clone, Debug)]
pub(crate) enum Check {
    /// To match a pattern. Used if and only if the test has one operand that is matched as a plain pattern, and wants
    /// it matched.
    ///
    /// PERF: most conditions are like this. The pattern stands in the condition itself: 40 instructions less than by way
    /// of the test's list.
    Pattern(Pattern),
    /// Any other test.
    Test(Test),
}

impl From<Test> for Check {
    fn from(test: Test) -> Self {
        let pattern = match &test {
            Test::String {
                comparison: StringComparison::Equals | StringComparison::Like,
                negated: false,
                values,
            } => match values.as_slice() {
                [value] => value.as_pattern(),
                _ => None,
            },
            Test::Arn { negated: false, values } => match values.as_slice() {
                [value] => value.as_pattern(),
                _ => None,
            },
            _ => None,
        };
        pattern.cloned().map_or(Self::Test(test), Self::Pattern)
    }
}

/// A run of a list or of a text. 32 bits count what is made of a document, which has at most 1 GiB, and of the index of
/// a set, which is no heavier.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Part {
    start: u32,
    end: u32,
}

impl From<Place> for Part {
    fn from(Place { start, end }: Place) -> Self {
        Self { start, end }
    }
}

impl Part {
    #[cfg(test)]
    pub(crate) fn whole(text: &str) -> Self {
        Self { start: 0, end: text.len() as u32 }
    }

    /// The run from one place to another.
    pub(crate) fn between(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    #[inline]
    pub(crate) fn len(self) -> usize {
        self.end.saturating_sub(self.start) as usize
    }

    pub(crate) fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// As many of its first items.
    pub(crate) fn first(self, count: usize) -> Self {
        Self { end: self.end.min(self.start + count as u32), ..self }
    }

    /// Appends items to a list.
    pub(crate) fn append<T: Clone>(list: &mut Vec<T>, items: &[T]) -> Self {
        let start = list.len();
        list.extend_from_slice(items);
        Self { start: start as u32, end: list.len() as u32 }
    }

    /// Appends a text to others.
    pub(crate) fn push(texts: &mut String, text: &str) -> Self {
        let start = texts.len();
        texts.push_str(text);
        Self { start: start as u32, end: texts.len() as u32 }
    }

    #[inline]
    pub(crate) fn slice<T>(self, list: &[T]) -> &[T] {
        list.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    #[inline]
    pub(crate) fn bytes(self, texts: &str) -> &[u8] {
        self.slice(texts.as_bytes())
    }

    pub(crate) fn of(self, texts: &str) -> &str {
        texts.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

impl CompiledPolicy {
    /// Compiles a policy.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        build::compile(policy)
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

    /// How much an index over it counts at most, roughly: bytes of texts, and parts.
    pub(crate) fn weight(&self) -> usize {
        self.texts.len() + self.size()
    }

    /// Whether, as a bucket policy, it counts as public (rule E-46).
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.is_public
    }

    #[inline]
    pub(crate) fn index(&self) -> &Index {
        &self.index
    }

    /// How many statements deny: they have the first numbers.
    #[inline]
    pub(crate) fn denies(&self) -> u32 {
        self.denies
    }

    /// Whether some statement denies: the first one does, then.
    ///
    /// PERF: asked of the statement, which is needed anyway, so that memory is asked for it before the index is.
    #[inline]
    pub(crate) fn begins_with_deny(&self) -> bool {
        self.statements.first().is_some_and(|first| first.effect == Effect::Deny)
    }

    /// The statements by number: those that deny first.
    #[inline]
    pub(crate) fn statements(&self) -> &[Statement] {
        &self.statements
    }

    #[inline]
    pub(crate) fn resources(&self, statement: &Statement) -> &[Resource] {
        statement.resources.slice(&self.resources)
    }

    #[inline]
    pub(crate) fn principals(&self, statement: &Statement) -> &[Named] {
        statement.principals.slice(&self.principals)
    }

    #[inline]
    pub(crate) fn conditions(&self, statement: &Statement) -> &[Condition] {
        statement.conditions.slice(&self.conditions)
    }

    /// The name of a condition's key, in lower case.
    #[inline]
    pub(crate) fn key_bytes(&self, condition: &Condition) -> &[u8] {
        condition.name.bytes(&self.texts)
    }

    pub(crate) fn key_of(&self, condition: &Condition) -> &str {
        condition.name.of(&self.texts)
    }

    /// For every statement in their order, whether its `Action` lists the action. No index is asked: an explanation
    /// looks at everything.
    pub(crate) fn listed(&self, action: &ActionText<'_>) -> Vec<bool> {
        let mut listed = vec![false; self.statements.len()];
        self.index.straight(action, |statement| {
            if let Some(listed) = listed.get_mut(statement as usize) {
                *listed = true;
            }
        });
        listed
    }

    /// Whether a `NotAction` lists the action.
    pub(crate) fn not_actions_list(&self, statement: &Statement, action: &ActionText<'_>) -> bool {
        statement
            .not_actions
            .slice(&self.not_actions)
            .iter()
            .any(|pattern| pattern.is_match(&self.texts, action))
    }

    /// The actions of a statement, given by its number, as they were written.
    pub(crate) fn action_texts(&self, statement: u32) -> impl Iterator<Item = &str> {
        let actions = self.sources.get(statement as usize).map_or(Part::default(), |source| source.actions);
        actions.slice(&self.action_texts).iter().map(|text| text.of(&self.texts))
    }

    /// The resources of a statement as they were written.
    pub(crate) fn resource_texts(&self, statement: &Statement) -> impl Iterator<Item = &str> {
        statement.resources.slice(&self.resource_texts).iter().map(|text| text.of(&self.texts))
    }

    /// The name of a condition's key and its operands, as they were written.
    pub(crate) fn written(&self, condition: &Condition) -> (&str, impl Iterator<Item = &str>) {
        let operands = condition.operands.slice(&self.operands).iter().map(|text| text.of(&self.texts));
        (condition.written_name.of(&self.texts), operands)
    }

    /// Where a statement, given by its number, came from, and its `Sid`.
    pub(crate) fn source(&self, statement: u32) -> Option<(Source, Option<&str>)> {
        let source = *self.sources.get(statement as usize)?;
        Some((source, source.sid.map(|sid| sid.of(&self.texts))))
    }

    /// Its action patterns, each with the number of a statement that lists it.
    pub(crate) fn each_action<'s>(&'s self, listed: impl FnMut(&'s str, u32)) {
        self.index.each_listed(listed);
    }
}

impl Facts for CompiledPolicy {
    fn resources(&self, statement: u32) -> Option<&[Resource]> {
        let statement = self.statements.get(statement as usize)?;
        (statement.resource == Element::OneOf).then(|| self.resources(statement))
    }

    fn principals(&self, statement: u32) -> Option<&[Named]> {
        let statement = self.statements.get(statement as usize)?;
        (statement.principal == Element::OneOf).then(|| self.principals(statement))
    }

    fn conditions(&self, statement: u32) -> impl Iterator<Item = (&Condition, &str)> {
        let statement = self.statements.get(statement as usize).into_iter();
        statement
            .flat_map(|statement| self.conditions(statement))
            .map(|condition| (condition, self.key_of(condition)))
    }

    fn count(&self) -> usize {
        self.statements.len()
    }

    fn size(&self) -> usize {
        self.statements.len() + self.resources.len() + self.conditions.len() + self.principals.len()
    }
}
