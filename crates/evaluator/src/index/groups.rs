//! Statements that share an action pattern: a list, or, of many, lists split by what tells them apart.
//!
//! A split is a filter and no more: it leads to every statement that may apply to a request and to some that do not.
//! Whoever walks a group judges what it is led to.

use std::ops::ControlFlow;

use super::tries::Tries;
use super::{Bits, Visitor};
use crate::compiled::Part;
use crate::context::Value;
use crate::keys::KeyCode;
use crate::request::Request;

/// Some statements: one, by its number, or the place of a node.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Group(u32);

const NODE: u32 = 1 << 31;

impl Group {
    pub(super) fn one(statement: u32) -> Self {
        Self(statement & !NODE)
    }

    pub(super) fn node(place: usize) -> Self {
        Self(place as u32 | NODE)
    }
}

/// The nodes of all groups of an index.
#[derive(Clone, Debug, Default)]
#[repr(C)]
pub(crate) struct Groups {
    pub(super) nodes: Box<[Node]>,
    /// Numbers of statements.
    pub(super) lists: Box<[u32]>,
    pub(super) tries: Tries,
    /// The condition keys that splits ask for.
    pub(super) keys: Box<[(KeyCode, Box<str>)]>,
}

#[derive(Clone, Debug)]
pub(super) enum Node {
    /// All of these, in ascending order.
    List(Part),
    /// All of these, each by a bit: in an index over few statements.
    Bits(u64),
    Split(Split),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Split {
    pub(super) by: Separator,
    /// A trie over the texts that the statements want; the request's texts lead to them.
    pub(super) trie: u32,
    /// The statements that this cannot tell apart: they come with every request.
    pub(super) rest: Option<Group>,
}

/// What tells the statements of a group apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Separator {
    /// The literal beginning of the resource.
    Resource,
    /// The principal.
    Principal,
    /// The literal beginning of the value of a condition key, by its place.
    Key(u32),
}

impl Groups {
    /// Visits the statements of a group that may apply.
    #[inline]
    pub(super) fn visit<V: Visitor>(
        &self,
        group: Group,
        request: &Request<'_>,
        visitor: &mut V,
    ) -> ControlFlow<()> {
        if group.0 & NODE == 0 {
            visitor.statement(group.0)
        } else {
            self.visit_node(group, request, visitor)
        }
    }

    /// The same as a set of bits, of an index over 64 statements at most.
    #[inline]
    pub(super) fn bits(&self, group: Group, request: &Request<'_>) -> u64 {
        if group.0 & NODE == 0 { 1 << (group.0 % u64::BITS) } else { self.bits_of_node(group, request) }
    }

    #[inline(never)]
    fn bits_of_node(&self, group: Group, request: &Request<'_>) -> u64 {
        let mut bits = Bits::default();
        let _: ControlFlow<()> = self.visit_node(group, request, &mut bits);
        bits.0
    }

    #[inline(never)]
    fn visit_node<V: Visitor>(
        &self,
        group: Group,
        request: &Request<'_>,
        visitor: &mut V,
    ) -> ControlFlow<()> {
        match self.nodes.get((group.0 & !NODE) as usize) {
            None => ControlFlow::Continue(()),
            Some(Node::List(list)) => {
                list.slice(&self.lists).iter().try_for_each(|statement| visitor.statement(*statement))
            }
            Some(Node::Bits(bits)) => visitor.statements(*bits),
            Some(Node::Split(split)) => {
                if let Some(rest) = split.rest {
                    self.visit(rest, request, visitor)?;
                }
                self.visit_split(split, request, visitor)
            }
        }
    }

    fn visit_split<V: Visitor>(
        &self,
        split: &Split,
        request: &Request<'_>,
        visitor: &mut V,
    ) -> ControlFlow<()> {
        let mut descend = |text: &str| {
            self.tries.descend(split.trie, text, &mut |group| self.visit(group, request, visitor))
        };
        match split.by {
            Separator::Resource => descend(request.resource()),
            Separator::Principal => crate::principals::texts(request).try_for_each(descend),
            Separator::Key(place) => {
                match self.keys.get(place as usize).and_then(|(code, name)| request.lookup(*code, name)) {
                    None => ControlFlow::Continue(()),
                    Some(Value::One(value)) => descend(value),
                    Some(Value::Many(values)) => values.iter().try_for_each(|value| descend(value)),
                }
            }
        }
    }

    /// Visits every statement of a group, some perhaps more than once.
    pub(super) fn each(&self, group: Group, visit: &mut dyn FnMut(u32)) {
        if group.0 & NODE == 0 {
            return visit(group.0);
        }
        match self.nodes.get((group.0 & !NODE) as usize) {
            None => {}
            Some(Node::List(list)) => list.slice(&self.lists).iter().for_each(|statement| visit(*statement)),
            Some(Node::Bits(bits)) => {
                (0..u64::BITS).filter(|number| bits & 1 << number != 0).for_each(visit);
            }
            Some(Node::Split(split)) => {
                if let Some(rest) = split.rest {
                    self.each(rest, visit);
                }
                self.tries.each(split.trie, &mut |group| self.each(group, visit));
            }
        }
    }
}
