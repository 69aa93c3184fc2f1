//! Which statements may apply to a request, without looking at each.
//!
//! First by action, exactly: the distinct action patterns stand in a table by the whole action or by their service
//! prefix, and each leads to the statements that list it. Of many statements behind one pattern, those that want
//! another resource, principal or context value are left out (`groups`). What the table cannot look up, a wildcard in
//! the prefix or a `NotAction`, comes with every request.
//!
//! An index never changes an answer: each statement it leads to is judged, and it leads to every one that applies.

mod build;
mod groups;
mod table;
mod tries;

use std::num::NonZeroU32;
use std::ops::ControlFlow;

use self::groups::{Group, Groups};
use self::table::{Found, Table};
use crate::action::{ActionPattern, ActionText, Outline};
use crate::compiled::Part;
use crate::request::Request;

pub(crate) use self::build::{Builder, Facts};

/// An index over statements, which it knows by number. Its fields are in the order in which a decision asks for them.
#[derive(Clone, Debug, Default)]
#[repr(C)]
pub(crate) struct Index {
    /// Lets through every action and service that the table has, and everything if there is what it has not.
    filter: Filter,
    /// Patterns without a wildcard by the whole action, and the others with a literal prefix by that.
    table: Table,
    /// The patterns that are not a whole action, those of one service together.
    rows: Box<[Row]>,
    /// Where the patterns stand that are tried on every action.
    anywhere: Part,
    /// The statements with `NotAction`.
    negated: Option<Group>,
    /// The texts of the table and the patterns.
    texts: Box<str>,
    /// The patterns that their outline is not all of.
    patterns: Box<[ActionPattern]>,
    groups: Groups,
}

/// A set of hashes, as two bits of each: it admits all that it was given, and some others.
///
/// PERF: of the requests of W4, a third are about nothing that the policy lists; they end with the cache
/// line that this stands in, and nearly all do without a look-up by service.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Filter(u64);

impl Filter {
    const EVERYTHING: Self = Self(u64::MAX);

    /// The two bits of a hash. A request's are made once, with its action.
    #[inline]
    pub(crate) const fn bits(hash: u32) -> u64 {
        1 << (hash % u64::BITS) | 1 << (hash / u64::BITS % u64::BITS)
    }

    fn insert(&mut self, hash: u32) {
        self.0 |= Self::bits(hash);
    }

    /// Whether it has the bits of a hash.
    #[inline]
    fn admits(self, bits: u64) -> bool {
        self.0 & bits == bits
    }
}

/// As many statements have their numbers in the bits of one word.
pub(crate) const SMALL: usize = u64::BITS as usize;

/// An action pattern, and the statements that list it.
#[derive(Clone, Copy, Debug)]
struct Row {
    outline: Outline,
    /// The place of the pattern itself, if a name that the outline admits need not match.
    pattern: Option<NonZeroU32>,
    statements: Group,
    text: Part,
}

/// Receives the statements that an index leads to.
pub(crate) trait Visitor {
    /// A statement, by its number.
    fn statement(&mut self, number: u32) -> ControlFlow<()>;

    /// Several statements, each by a bit.
    fn statements(&mut self, mut bits: u64) -> ControlFlow<()> {
        while bits != 0 {
            self.statement(bits.trailing_zeros())?;
            bits &= bits - 1;
        }
        ControlFlow::Continue(())
    }
}

impl<F: FnMut(u32) -> ControlFlow<()>> Visitor for F {
    #[inline]
    fn statement(&mut self, number: u32) -> ControlFlow<()> {
        self(number)
    }
}

/// Collects statements as bits: of those with numbers below 64 in any order the set, in ascending order.
#[derive(Default)]
struct Bits(u64);

impl Visitor for Bits {
    #[inline]
    fn statement(&mut self, number: u32) -> ControlFlow<()> {
        self.0 |= 1 << (number % u64::BITS);
        ControlFlow::Continue(())
    }

    #[inline]
    fn statements(&mut self, bits: u64) -> ControlFlow<()> {
        self.0 |= bits;
        ControlFlow::Continue(())
    }
}

/// As many visits are made without regard to whether they are the first.
const FEW_VISITS: usize = 64;

/// Visits a few statements, and breaks when there are more.
struct Few<'v, V> {
    left: usize,
    visitor: &'v mut V,
}

impl<V: Visitor> Visitor for Few<'_, V> {
    #[inline]
    fn statement(&mut self, number: u32) -> ControlFlow<()> {
        let Some(left) = self.left.checked_sub(1) else { return ControlFlow::Break(()) };
        self.visitor.statement(number)?;
        self.left = left;
        ControlFlow::Continue(())
    }
}

/// Gathers statements as bits: those with numbers from `first` on, as many as it has bits.
struct Window {
    first: u32,
    bits: [u64; WORDS],
    /// The first of those behind these.
    behind: Option<u32>,
}

const WORDS: usize = 64;

impl Visitor for Window {
    #[inline]
    fn statement(&mut self, number: u32) -> ControlFlow<()> {
        let Some(offset) = number.checked_sub(self.first) else { return ControlFlow::Continue(()) };
        match self.bits.get_mut((offset / u64::BITS) as usize) {
            Some(word) => *word |= 1 << (offset % u64::BITS),
            None => self.behind = Some(self.behind.map_or(number, |behind| behind.min(number))),
        }
        ControlFlow::Continue(())
    }
}

impl Index {
    /// Visits the statements that may apply to a request: all whose action element matches and whose resource,
    /// principal and conditions are not known to differ, and all with `NotAction`. The first [`FEW_VISITS`] may be visited
    /// again, later ones are not.
    #[inline]
    pub(crate) fn candidates(&self, request: &Request<'_>, visitor: &mut impl Visitor) -> ControlFlow<()> {
        let mut few = Few { left: FEW_VISITS, visitor };
        match self.lead(request, &mut few) {
            ControlFlow::Break(()) if few.left == 0 => self.candidates_once(request, visitor),
            flow => flow,
        }
    }

    /// The same for many, of which none is visited again, however many patterns and values lead to it: they are gathered
    /// as bits, a part of all after the other.
    #[cold]
    #[inline(never)]
    fn candidates_once(&self, request: &Request<'_>, visitor: &mut impl Visitor) -> ControlFlow<()> {
        let mut start = Some(0);
        while let Some(first) = start {
            let mut window = Window { first, bits: [0; WORDS], behind: None };
            let _: ControlFlow<()> = self.lead(request, &mut window);
            for (number, mut bits) in (first..).step_by(u64::BITS as usize).zip(window.bits) {
                while bits != 0 {
                    visitor.statement(number + bits.trailing_zeros())?;
                    bits &= bits - 1;
                }
            }
            start = window.behind;
        }
        ControlFlow::Continue(())
    }

    /// Leads a visitor to the statements that may apply, to some perhaps more than once.
    fn lead(&self, request: &Request<'_>, visitor: &mut impl Visitor) -> ControlFlow<()> {
        let action = request.action_text();
        if let Some(group) = self.exact(&action) {
            self.groups.visit(group, request, visitor)?;
        }
        if self.filter.admits(action.code.service_bits) {
            self.by_patterns(&action, request, visitor)?;
        }
        ControlFlow::Continue(())
    }

    /// The same as a set of bits, of an index over [`SMALL`] statements at most.
    #[inline(always)]
    pub(crate) fn candidate_bits(&self, request: &Request<'_>) -> u64 {
        let action = request.action_text();
        let exact = self.exact(&action).map_or(0, |group| self.groups.bits(group, request));
        // A branch for what most policies have nothing of.
        if !self.filter.admits(action.code.service_bits) {
            return exact;
        }
        let mut bits = Bits(exact);
        let _: ControlFlow<()> = self.by_patterns(&action, request, &mut bits);
        bits.0
    }

    /// The statements that list the action itself.
    #[inline(always)]
    fn exact(&self, action: &ActionText<'_>) -> Option<Group> {
        if !self.filter.admits(action.code.bits) {
            return None;
        }
        match self.table.find(action.code.hash, action.bytes(), &self.texts) {
            Some(Found::Statements(group)) => Some(*group),
            _ => None,
        }
    }

    /// Visits, of these statements, those that have a pattern with wildcards which the action matches, or `NotAction`.
    #[inline(never)]
    fn by_patterns(
        &self,
        action: &ActionText<'_>,
        request: &Request<'_>,
        visitor: &mut impl Visitor,
    ) -> ControlFlow<()> {
        if !self.rows.is_empty() {
            let service = self.table.find(action.code.service_hash, action.service_bytes(), &self.texts);
            let of_service = if let Some(Found::Patterns(rows)) = service { *rows } else { Part::default() };
            for rows in [of_service, self.anywhere] {
                self.matching(rows, action, request, visitor)?;
            }
        }
        self.negated.map_or(ControlFlow::Continue(()), |group| self.groups.visit(group, request, visitor))
    }

    #[inline(always)]
    fn matching(
        &self,
        rows: Part,
        action: &ActionText<'_>,
        request: &Request<'_>,
        visitor: &mut impl Visitor,
    ) -> ControlFlow<()> {
        let name = action.name_ends();
        for row in rows.slice(&self.rows).iter().filter(|row| row.outline.admits(name)) {
            if self.is_match(row, action) {
                self.groups.visit(row.statements, request, visitor)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Whether an action that the outline of a row admits matches its pattern.
    #[inline]
    fn is_match(&self, row: &Row, action: &ActionText<'_>) -> bool {
        row.pattern.is_none_or(|place| {
            let pattern = self.patterns.get(place.get() as usize - 1);
            pattern.is_some_and(|pattern| pattern.is_match(&self.texts, action))
        })
    }

    /// Calls `listed` for every statement that lists the action, having tried every pattern: no table is asked.
    pub(crate) fn straight(&self, action: &ActionText<'_>, mut listed: impl FnMut(u32)) {
        for (text, group) in self.lists() {
            if ActionPattern::new(text.of(&self.texts), text).is_match(&self.texts, action) {
                self.groups.each(group, &mut listed);
            }
        }
    }

    /// Calls `listed` with the text of every action pattern and each statement that lists it, perhaps more than once.
    pub(crate) fn each_listed<'s>(&'s self, mut listed: impl FnMut(&'s str, u32)) {
        for (text, group) in self.lists() {
            self.groups.each(group, &mut |statement| listed(text.of(&self.texts), statement));
        }
    }

    /// Every action pattern, and the statements that list it.
    fn lists(&self) -> impl Iterator<Item = (Part, Group)> {
        let exact = self.table.entries().filter_map(|(text, found)| match found {
            Found::Statements(group) => Some((text, group)),
            Found::Patterns(_) => None,
        });
        exact.chain(self.rows.iter().map(|row| (row.text, row.statements)))
    }
}

#[cfg(test)]
mod tests {
    use super::Filter;

    #[test]
    fn a_filter_admits_every_hash_that_it_was_given() {
        // The two bits of every fourth of these are one, as of 0 and of 65.
        let hashes = |seed: u32| {
            (0..64).map(move |at: u32| {
                let (low, high) = (at, if at.is_multiple_of(4) { at } else { at.wrapping_mul(seed) % 64 });
                high * 64 + low
            })
        };
        for seed in [1, 7, 13, 0x9e37_79b9] {
            let mut filter = Filter::default();
            let mut given = Vec::new();
            for hash in hashes(seed) {
                filter.insert(hash);
                given.push(hash);
                assert!(given.iter().all(|hash| filter.admits(Filter::bits(*hash))));
            }
        }
        for hash in 0..=u32::from(u16::MAX) {
            let mut filter = Filter::default();
            assert!(!filter.admits(Filter::bits(hash)) && Filter::EVERYTHING.admits(Filter::bits(hash)));
            filter.insert(hash);
            assert!(filter.admits(Filter::bits(hash)));
        }
        assert_eq!((Filter::bits(0), Filter::bits(65)), (1, 2));
        let mut filter = Filter::default();
        filter.insert(65);
        assert!(!filter.admits(Filter::bits(0)) && !filter.admits(Filter::bits(64)));
    }
}
