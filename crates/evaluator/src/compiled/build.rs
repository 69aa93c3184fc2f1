//! From the normalized policy to the compiled one: its lists are taken over, and what a decision asks is made of them.

use bailiwick_matcher::ResourcePattern;
use bailiwick_normalizer::{
    ConditionParts, ElementParts, Place, Policy, PolicyParts, StatementParts as Meaning, Test,
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
        policy.statements().any(|statement| statement.principal().is_some()) && is_public(&policy);
    let PolicyParts {
        statements: meanings,
        mut texts,
        lower,
        actions,
        principals,
        resources,
        resource_texts,
        conditions,
        operands,
        ..
    } = policy.into_parts();
    let of_effect =
        |effect| (0..).zip(&meanings).filter(move |(_, meaning): &(u32, &Meaning)| meaning.effect == effect);
    let in_order = || of_effect(Effect::Deny).chain(of_effect(Effect::Allow));

    let mut statements = Vec::with_capacity(meanings.len());
    let mut sources = Vec::with_capacity(meanings.len());
    let mut not_actions = Vec::new();
    let mut builder = Builder::with_capacity(actions.len());
    for ((index, meaning), number) in in_order().zip(0..) {
        let ElementParts { negated, items } = meaning.action;
        let own = items.slice(&actions).iter().map(|action| action.of(&lower));
        let start = not_actions.len();
        if negated {
            builder.negates(number);
            not_actions.extend(own.map(|action| ActionPattern::new(action, Part::push(&mut texts, action))));
        } else {
            own.for_each(|action| builder.lists(action, number));
        }
        sources.push(Source {
            index,
            span: meaning.span,
            sid: meaning.sid.map(Part::from),
            actions: items.into(),
        });
        statements.push(Statement {
            effect: meaning.effect,
            action: Element::list(negated),
            resource: of_resources(meaning.resource, &resources),
            // How a list names the caller is asked, so that even one with everyone in it is looked at.
            principal: meaning.principal.map_or(Element::Any, |element| Element::list(element.negated)),
            resources: items_of(meaning.resource),
            principals: items_of(meaning.principal),
            conditions: meaning.conditions.into(),
            not_actions: Part::between(start, not_actions.len()),
        });
    }
    let conditions = conditions.into_iter().map(|parts| condition(parts, &texts)).collect();
    let mut policy = CompiledPolicy {
        index: Index::default(),
        denies: of_effect(Effect::Deny).count() as u32,
        statements: statements.into(),
        is_public,
        resources: resources.into_iter().map(Resource::new).collect(),
        conditions,
        principals: principals.into(),
        not_actions: not_actions.into(),
        sources: sources.into(),
        action_texts: parts(actions),
        resource_texts: parts(resource_texts),
        operands: parts(operands),
        texts: texts.into(),
        name: None,
    };
    policy.index = builder.finish(&policy);
    policy
}

/// PERF: a place and a part look alike in memory, so this copies nothing.
fn parts(places: Vec<Place>) -> Box<[Part]> {
    places.into_iter().map(Part::from).collect()
}

fn items_of(element: Option<ElementParts>) -> Part {
    element.map_or(Part::default(), |element| element.items.into())
}

fn of_resources(element: Option<ElementParts>, resources: &[ResourcePattern]) -> Element {
    let Some(ElementParts { negated, items }) = element else { return Element::Any };
    if !negated && items.slice(resources).iter().any(ResourcePattern::is_any) {
        return Element::Any;
    }
    Element::list(negated)
}

fn condition(parts: ConditionParts, texts: &str) -> Condition {
    Condition {
        key: KeyCode::of(parts.key.of(texts)),
        is_plain: parts.operator.qualifier.is_none() && !matches!(parts.test, Test::Null { .. }),
        operator: parts.operator,
        written_operator: parts.written_operator,
        check: parts.test.into(),
        name: parts.key.into(),
        written_name: parts.written_key.into(),
        operands: parts.operands.into(),
    }
}

impl Element {
    fn list(negated: bool) -> Self {
        if negated { Self::NoneOf } else { Self::OneOf }
    }
}
