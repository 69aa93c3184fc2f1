//! From the normalized policy to the compiled one: the parts of all statements are packed together, kind by kind.

use bailiwick_matcher::ResourcePattern;
use bailiwick_normalizer::{
    Action, ActionElement, Condition as ConditionMeaning, Policy, Principal as Named, PrincipalElement,
    ResourceElement, Statement as Meaning, Test,
};
use bailiwick_parser::syntax::Effect;

use super::{CompiledPolicy, Condition, Element, Part, Source, Statement};
use crate::action::ActionPattern;
use crate::index::{Builder, Index};
use crate::keys::KeyCode;
use crate::public::is_public;
use crate::resource::Resource;

pub(super) fn compile(policy: Policy) -> CompiledPolicy {
    let is_public =
        policy.statements.iter().any(|statement| statement.principal.is_some()) && is_public(&policy);
    let mut statements: Vec<_> = policy.statements.into_iter().zip(0..).collect();
    statements.sort_by_key(|(statement, _)| statement.effect != Effect::Deny);

    let mut parts = Parts::for_all(statements.iter().map(|(statement, _)| statement));
    let mut compiled = Vec::with_capacity(statements.len());
    let mut sources = Vec::with_capacity(statements.len());
    let mut actions = Vec::with_capacity(statements.len());
    for (meaning, index) in statements {
        let sid = meaning.sid.map(|sid| Part::push(&mut parts.texts, &sid));
        let texts = &mut parts.texts;
        let written = meaning.action.actions().map(|action| Part::push(texts, action.written()));
        let written = Part::move_to(&mut parts.action_texts, written);
        sources.push(Source { index, span: meaning.span, sid, actions: written });
        let (principal, principals) = parts.principals(meaning.principal);
        let (resource, resources) = parts.resources(meaning.resource);
        compiled.push(Statement {
            effect: meaning.effect,
            action: if meaning.action.negated { Element::NoneOf } else { Element::OneOf },
            resource,
            principal,
            resources,
            principals,
            conditions: parts.conditions(meaning.conditions),
            not_actions: parts.not_actions(&meaning.action),
        });
        actions.push(meaning.action);
    }

    let mut policy = CompiledPolicy {
        index: Index::default(),
        denies: compiled.iter().filter(|statement| statement.effect == Effect::Deny).count() as u32,
        statements: compiled.into(),
        is_public,
        resources: parts.resources.into(),
        conditions: parts.conditions.into(),
        principals: parts.principals.into(),
        not_actions: parts.not_actions.into(),
        sources: sources.into(),
        action_texts: parts.action_texts.into(),
        resource_texts: parts.resource_texts.into(),
        operands: parts.operands.into(),
        texts: parts.texts.into(),
        name: None,
    };
    let mut builder = Builder::with_capacity(actions.iter().map(|element| element.actions().len()).sum());
    for (element, statement) in actions.iter().zip(0..) {
        if element.negated {
            builder.negates(statement);
        } else {
            element.actions().for_each(|action| builder.lists(action.text(), statement));
        }
    }
    policy.index = builder.finish(&policy);
    policy
}

/// The parts gathered so far.
struct Parts {
    resources: Vec<Resource>,
    conditions: Vec<Condition>,
    principals: Vec<Named>,
    not_actions: Vec<ActionPattern>,
    action_texts: Vec<Part>,
    resource_texts: Vec<Part>,
    operands: Vec<Part>,
    texts: String,
}

impl Parts {
    /// Room for the parts of these statements.
    ///
    /// PERF: growing step by step took a twentieth of the instructions from text to compiled policy.
    fn for_all<'s>(statements: impl Iterator<Item = &'s Meaning>) -> Self {
        let [mut resources, mut conditions, mut operands, mut actions, mut principals, mut bytes] = [0; 6];
        for statement in statements {
            bytes += statement.sid.as_ref().map_or(0, |sid| sid.len());
            actions += statement.action.actions().len();
            bytes += statement.action.actions().map(|action| action.written().len()).sum::<usize>();
            if let Some(element) = &statement.resource {
                resources += element.texts.len();
                bytes += element.texts.iter().map(|text| text.len()).sum::<usize>();
            }
            principals += statement.principal.as_ref().map_or(0, |element| element.principals.len());
            conditions += statement.conditions.len();
            for condition in &statement.conditions {
                operands += condition.texts.len();
                bytes += condition.key.len() + condition.written_key.len();
                bytes += condition.texts.iter().map(|text| text.len()).sum::<usize>();
            }
        }
        Self {
            resources: Vec::with_capacity(resources),
            conditions: Vec::with_capacity(conditions),
            principals: Vec::with_capacity(principals),
            not_actions: Vec::new(),
            action_texts: Vec::with_capacity(actions),
            resource_texts: Vec::with_capacity(resources),
            operands: Vec::with_capacity(operands),
            texts: String::with_capacity(bytes),
        }
    }

    fn principals(&mut self, element: Option<PrincipalElement>) -> (Element, Part) {
        match element {
            None => (Element::Any, Part::default()),
            // How a list names the caller is asked, so that even one with everyone in it is looked at.
            Some(PrincipalElement { negated, principals }) => {
                (Element::list(negated), Part::move_to(&mut self.principals, principals))
            }
        }
    }

    fn resources(&mut self, element: Option<ResourceElement>) -> (Element, Part) {
        let Some(ResourceElement { negated, resources, texts }) = element else {
            return (Element::Any, Part::default());
        };
        let everything = !negated && resources.iter().any(ResourcePattern::is_any);
        for text in texts {
            self.resource_texts.push(Part::push(&mut self.texts, &text));
        }
        let resources = Part::move_to(&mut self.resources, resources.into_iter().map(Resource::new));
        (if everything { Element::Any } else { Element::list(negated) }, resources)
    }

    fn conditions(&mut self, conditions: Vec<ConditionMeaning>) -> Part {
        let start = self.conditions.len();
        for condition in conditions {
            let condition = self.condition(condition);
            self.conditions.push(condition);
        }
        Part::between(start, self.conditions.len())
    }

    fn condition(&mut self, condition: ConditionMeaning) -> Condition {
        let start = self.operands.len();
        for text in &condition.texts {
            self.operands.push(Part::push(&mut self.texts, text));
        }
        let mut operands = Part::empty_at(start);
        operands.extend_to(self.operands.len());
        Condition {
            key: KeyCode::of(&condition.key),
            is_plain: condition.operator.qualifier.is_none() && !matches!(condition.test, Test::Null { .. }),
            operator: condition.operator,
            written_operator: condition.written_operator,
            check: condition.test.into(),
            name: Part::push(&mut self.texts, &condition.key),
            written_name: Part::push(&mut self.texts, &condition.written_key),
            operands,
        }
    }

    fn not_actions(&mut self, element: &ActionElement) -> Part {
        if !element.negated {
            return Part::default();
        }
        let texts = &mut self.texts;
        let pattern = |action: Action<'_>| {
            let part = Part::push(texts, action.text());
            ActionPattern::new(action.text(), part)
        };
        Part::move_to(&mut self.not_actions, element.actions().map(pattern))
    }
}

impl Element {
    fn list(negated: bool) -> Self {
        if negated { Self::NoneOf } else { Self::OneOf }
    }
}
