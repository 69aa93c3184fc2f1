//! Which statements may apply to a request, without looking at each.
//!
//! First by action, exactly: the distinct action patterns stand in tables by the hash of the whole action or of its
//! service prefix, and each leads to the statements that list it. Of many statements behind one pattern, those that
//! want another resource, principal or context value are left out (`groups`). What neither table can look up, a
//! wildcard in the prefix or a `NotAction`, comes with every request.
//!
//! An index never changes an answer: each statement it leads to is judged, and it leads to every one that applies.

mod build;
mod groups;
mod rows;
mod tries;

use std::ops::ControlFlow;

use self::groups::{Group, Groups};
use self::rows::Rows;
use crate::action::{ActionPattern, ActionText};
use crate::compiled::Part;
use crate::hash::same;
use crate::request::Request;

pub(crate) use self::build::{Builder, Facts};

/// An index over statements, which it knows by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    /// Patterns without a wildcard, by the hash of the whole action.
    actions: Rows,
    exact: Box<[Exact]>,
    /// Patterns with a literal prefix, those of one service together, by the hash of the prefix.
    services: Rows,
    of_service: Box<[Part]>,
    patterns: Box<[Listed]>,
    /// Where the patterns stand that are tried on every action.
    anywhere: Part,
    /// The statements with `NotAction`.
    negated: Option<Group>,
    groups: Groups,
    /// The texts of the patterns.
    texts: Box<str>,
}

/// An action pattern without a wildcard, and the statements that list it.
#[derive(Clone, Copy, Debug)]
struct Exact {
    text: Part,
    statements: Group,
}

/// An action pattern, and the statements that list it.
#[derive(Clone, Debug)]
struct Listed {
    pattern: ActionPattern,
    statements: Group,
}

impl Index {
    /// Visits the statements that may apply to a request: all whose action element matches and whose resource,
    /// principal and conditions are not known to differ, and all with `NotAction`. Some may be visited again.
    #[inline]
    pub(crate) fn candidates(
        &self,
        request: &Request<'_>,
        mut visit: impl FnMut(u32) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let action = request.action_text();
        for row in self.actions.with(action.hash) {
            if let Some(exact) = self.exact.get(row)
                && same(exact.text.bytes(&self.texts), action.bytes())
            {
                self.groups.visit(exact.statements, request, &mut visit)?;
            }
        }
        for row in self.services.with(action.service_hash) {
            if let Some(patterns) = self.of_service.get(row) {
                self.matching(*patterns, &action, request, &mut visit)?;
            }
        }
        self.matching(self.anywhere, &action, request, &mut visit)?;
        self.negated.map_or(ControlFlow::Continue(()), |group| self.groups.visit(group, request, &mut visit))
    }

    #[inline]
    fn matching<F: FnMut(u32) -> ControlFlow<()>>(
        &self,
        patterns: Part,
        action: &ActionText<'_>,
        request: &Request<'_>,
        visit: &mut F,
    ) -> ControlFlow<()> {
        for listed in patterns.slice(&self.patterns) {
            if listed.pattern.is_match(&self.texts, action) {
                self.groups.visit(listed.statements, request, visit)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Calls `listed` for every statement that lists the action, having tried every pattern: no table is asked.
    pub(crate) fn straight(&self, action: &ActionText<'_>, mut listed: impl FnMut(u32)) {
        self.each_pattern(|text, pattern, group| {
            let matches = pattern
                .map_or(text.as_bytes() == action.bytes(), |pattern| pattern.is_match(&self.texts, action));
            if matches {
                self.groups.each(group, &mut listed);
            }
        });
    }

    /// The texts of the action patterns that a statement lists, in ascending order.
    pub(crate) fn actions_of(&self, statement: u32) -> Vec<&str> {
        let mut texts = Vec::new();
        self.each_listed(|text, listing| {
            if listing == statement {
                texts.push(text);
            }
        });
        texts.sort_unstable();
        texts.dedup();
        texts
    }

    /// Calls `listed` with the text of every action pattern and each statement that lists it, perhaps more than once.
    pub(crate) fn each_listed<'s>(&'s self, mut listed: impl FnMut(&'s str, u32)) {
        self.each_pattern(|text, _, group| self.groups.each(group, &mut |statement| listed(text, statement)));
    }

    fn each_pattern<'s>(&'s self, mut each: impl FnMut(&'s str, Option<&'s ActionPattern>, Group)) {
        for row in &self.exact {
            each(row.text.of(&self.texts), None, row.statements);
        }
        for listed in &self.patterns {
            each(listed.pattern.text.of(&self.texts), Some(&listed.pattern), listed.statements);
        }
    }
}
