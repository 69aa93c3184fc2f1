//! Making an index: gather what every statement lists, put like with like, and split what is many.

use std::collections::{HashMap, VecDeque};
use std::num::NonZeroU32;
use std::slice;

use bailiwick_matcher::Pattern;
use bailiwick_normalizer::{Principal as Named, StringComparison, Test};
use bailiwick_parser::syntax::Qualifier;

use super::groups::{Group, Groups, Node, Separator, Split};
use super::table::{Found, Table};
use super::{Filter, Index, Row, SMALL};
use crate::action::{ActionPattern, Lookup};
use crate::compiled::{Check, Condition, Part};
use crate::keys::KeyCode;
use crate::resource::Resource;

/// What an index asks of a statement besides its actions. Each answer may be `None`: whatever the request has, the
/// statement may apply.
pub(crate) trait Facts {
    /// The resources one of which must match.
    fn resources(&self, statement: u32) -> Option<&[Resource]>;
    /// The principals one of which must ask.
    fn principals(&self, statement: u32) -> Option<&[Named]>;
    /// The conditions all of which must hold, each with the name of its key.
    fn conditions(&self, statement: u32) -> impl Iterator<Item = (&Condition, &str)>;
    /// How many statements there are.
    fn count(&self) -> usize;
    /// How many resources, principals and conditions there are in all, roughly.
    fn size(&self) -> usize;
}

/// Gathers action elements.
#[derive(Default)]
pub(crate) struct Builder<'t> {
    listed: Vec<Listed<'t>>,
    negated: Vec<u32>,
}

/// An action pattern, how it is looked up, and a statement that lists it.
type Listed<'t> = (Lookup, &'t str, u32);

/// As many statements are better judged than told apart.
const FEW: usize = 4;

/// How many separators may follow each other.
const DEPTH: usize = 3;

impl<'t> Builder<'t> {
    /// Makes room for as many action patterns.
    pub(crate) fn with_capacity(patterns: usize) -> Self {
        Self { listed: Vec::with_capacity(patterns), negated: Vec::new() }
    }

    /// A statement lists an action pattern, which is in lower case.
    pub(crate) fn lists(&mut self, pattern: &'t str, statement: u32) {
        self.listed.push((ActionPattern::lookup(pattern), pattern, statement));
    }

    /// A statement's actions are negated.
    pub(crate) fn negates(&mut self, statement: u32) {
        self.negated.push(statement);
    }

    /// The index.
    pub(crate) fn finish(mut self, facts: &impl Facts) -> Index {
        self.negated.sort_unstable();
        let mut making = Making::new(facts, &self.listed);
        self.each_alike(|alike| making.add(alike));
        making.finish(&self.negated)
    }

    /// Calls `each` with what is looked up alike, without duplicates and in order, and mostly by hash, as the table wants it.
    ///
    /// PERF: sorted by numbers first, and only texts of one hash by themselves: a policy of 30 actions takes 2,000
    /// instructions instead of 8,000.
    fn each_alike(&mut self, mut each: impl FnMut(&[Listed<'t>])) {
        // Hash, table and place are one number.
        const PLACE: u32 = 30;
        let number = |(place, (lookup, ..)): (u64, &Listed<'_>)| {
            let (table, hash) = match *lookup {
                Lookup::Action(hash) => (0, hash),
                Lookup::Service(hash) => (1, hash),
                Lookup::Nothing => (2, 0),
            };
            u64::from(hash) << u32::BITS | table << PLACE | place
        };
        if self.listed.len() >> PLACE != 0 {
            self.listed.sort_unstable();
            self.listed.dedup();
            return self.listed.chunk_by(stand_together).for_each(each);
        }
        let mut numbers: Vec<u64> = (0..1 << PLACE).zip(&self.listed).map(number).collect();
        numbers.sort_unstable();
        let at = |number: &u64| self.listed.get((number & ((1 << PLACE) - 1)) as usize);
        let mut several = Vec::new();
        for same_hash in numbers.chunk_by(|a, b| a >> PLACE == b >> PLACE) {
            if let [one] = same_hash {
                at(one).into_iter().for_each(|one| each(slice::from_ref(one)));
                continue;
            }
            several.clear();
            several.extend(same_hash.iter().filter_map(at).copied());
            several.sort_unstable();
            several.dedup();
            several.chunk_by(stand_together).for_each(&mut each);
        }
    }
}

/// An index being made.
struct Making<'f, F> {
    grouping: Grouping<'f, F>,
    texts: String,
    entries: Vec<(u32, Part, Found)>,
    rows: Vec<Row>,
    patterns: Vec<ActionPattern>,
    anywhere: Part,
    /// Of one pattern, the statements that list it.
    numbers: Vec<u32>,
}

impl<'f, F: Facts> Making<'f, F> {
    fn new(facts: &'f F, listed: &[Listed<'_>]) -> Self {
        Self {
            grouping: Grouping::new(facts, listed.len() + facts.size()),
            texts: String::with_capacity(listed.iter().map(|(_, text, _)| text.len()).sum()),
            entries: Vec::with_capacity(listed.len()),
            rows: Vec::new(),
            patterns: Vec::new(),
            anywhere: Part::default(),
            numbers: Vec::new(),
        }
    }

    /// Adds what is looked up alike.
    fn add(&mut self, alike: &[Listed<'_>]) {
        let Some(&(lookup, first, _)) = alike.first() else { return };
        let start = self.rows.len();
        for same in alike.chunk_by(|a, b| a.1 == b.1) {
            let Some(&(_, text, _)) = same.first() else { continue };
            self.numbers.clear();
            self.numbers.extend(same.iter().map(|(_, _, statement)| *statement));
            let statements = self.grouping.group(&self.numbers, DEPTH);
            let own = Part::push(&mut self.texts, text);
            if let Lookup::Action(hash) = lookup {
                self.entries.push((hash, own, Found::Statements(statements)));
                continue;
            }
            let (outline, is_all) = ActionPattern::outline(text);
            if !is_all {
                self.patterns.push(ActionPattern::new(text, own));
            }
            let pattern = NonZeroU32::new(self.patterns.len() as u32).filter(|_| !is_all);
            self.rows.push(Row { outline, pattern, statements, text: own });
        }
        let found = Part::between(start, self.rows.len());
        match lookup {
            Lookup::Action(_) => {}
            Lookup::Service(hash) => {
                let service = self.rows.get(start).map_or(Part::default(), |row| row.text);
                let service = service.first(service_of(first).len());
                self.entries.push((hash, service, Found::Patterns(found)));
            }
            Lookup::Nothing => self.anywhere = found,
        }
    }

    fn finish(mut self, negated: &[u32]) -> Index {
        let negated = (!negated.is_empty()).then(|| self.grouping.group(negated, DEPTH));
        let mut filter = Filter::default();
        self.entries.iter().for_each(|(hash, ..)| filter.insert(*hash));
        if negated.is_some() || !self.anywhere.is_empty() {
            filter = Filter::EVERYTHING;
        }
        Index {
            filter,
            table: Table::new(self.entries, &self.texts),
            rows: self.rows.into(),
            anywhere: self.anywhere,
            negated,
            groups: self.grouping.finish(),
            patterns: self.patterns.into(),
            texts: self.texts.into(),
        }
    }
}

/// Whether two entries are looked up alike: by the same service, not only by its hash.
fn stand_together(a: &Listed<'_>, b: &Listed<'_>) -> bool {
    a.0 == b.0 && (!matches!(a.0, Lookup::Service(_)) || service_of(a.1) == service_of(b.1))
}

fn service_of(pattern: &str) -> &str {
    pattern.split_once(':').map_or(pattern, |(service, _)| service)
}

/// Makes groups.
struct Grouping<'f, F> {
    facts: &'f F,
    nodes: Vec<Node>,
    lists: Vec<u32>,
    tries: super::tries::Tries,
    keys: Vec<(KeyCode, Box<str>)>,
    /// Groups that were made before: patterns often stand in the same statements.
    known: HashMap<Box<[u32]>, Group>,
    /// How many literals may still be gathered, and other things be looked at. Statements that list many actions and many resources each could
    /// otherwise make an index much larger than their document, and much slower to make.
    budget: usize,
}

/// A way to tell statements apart: what each must find in a request, and which do not care.
struct Separation<'f> {
    by: Separator,
    literals: Vec<(&'f str, u32)>,
    rest: Vec<u32>,
    /// How many statements a request that one of them is about is led to on average, times how many they are.
    cost: usize,
}

impl<'f, F: Facts> Grouping<'f, F> {
    fn new(facts: &'f F, size: usize) -> Self {
        Self {
            facts,
            nodes: Vec::new(),
            lists: Vec::new(),
            tries: super::tries::Tries::default(),
            keys: Vec::new(),
            known: HashMap::new(),
            budget: 64 + 16 * size,
        }
    }

    fn finish(mut self) -> Groups {
        self.tries.shrink();
        Groups {
            nodes: self.nodes.into(),
            lists: self.lists.into(),
            tries: self.tries,
            keys: self.keys.into(),
        }
    }

    /// A group of statements, given in ascending order; `depth` is how many separators may still tell them apart.
    fn group(&mut self, statements: &[u32], depth: usize) -> Group {
        if let [one] = statements {
            return Group::one(*one);
        }
        if let Some(group) = self.known.get(statements) {
            return *group;
        }
        let separation = if statements.len() > FEW && depth > 0 { self.separation(statements) } else { None };
        let node = match separation {
            None if self.facts.count() <= SMALL => {
                Node::Bits(statements.iter().fold(0, |bits, statement| bits | 1_u64 << statement))
            }
            None => Node::List(Part::append(&mut self.lists, statements)),
            Some(separation) => {
                let rest = &separation.rest;
                let rest = (!rest.is_empty()).then(|| self.group(rest, depth - 1));
                let trie = self.trie(&separation.literals, depth - 1);
                Node::Split(Split { by: separation.by, trie, rest })
            }
        };
        self.nodes.push(node);
        let group = Group::node(self.nodes.len() - 1);
        self.known.insert(statements.into(), group);
        group
    }

    /// The way to tell the statements apart that leaves the fewest to judge, if it leaves less than half.
    fn separation(&mut self, statements: &[u32]) -> Option<Separation<'f>> {
        let mut best: Option<Separation<'f>> = None;
        for by in [Self::by_resource, Self::by_principal, Self::by_key] {
            if self.budget < statements.len() {
                return None;
            }
            let Some(next) = by(self, statements) else { continue };
            self.budget = self.budget.saturating_sub(statements.len() + next.literals.len());
            if best.as_ref().is_none_or(|best| next.cost < best.cost) {
                best = Some(next);
            }
            if best.as_ref().is_some_and(|best| best.cost <= FEW * statements.len()) {
                break;
            }
        }
        best.filter(|best| best.cost < statements.len() * statements.len() / 2)
    }

    fn by_resource(&mut self, statements: &[u32]) -> Option<Separation<'f>> {
        let facts = self.facts;
        Some(Separation::new(Separator::Resource, statements, |statement, literals| {
            facts.resources(statement).is_some_and(|resources| {
                resources.iter().all(|resource| literals.add(resource.pattern().literal_prefix()))
            })
        }))
    }

    fn by_principal(&mut self, statements: &[u32]) -> Option<Separation<'f>> {
        let facts = self.facts;
        Some(Separation::new(Separator::Principal, statements, |statement, literals| {
            facts.principals(statement).is_some_and(|principals| {
                principals.iter().all(|named| *named != Named::Everyone && literals.add(named.text()))
            })
        }))
    }

    /// By the key that most of the statements ask for.
    fn by_key(&mut self, statements: &[u32]) -> Option<Separation<'f>> {
        let facts = self.facts;
        let mut asked: HashMap<&str, usize> = HashMap::new();
        let mut walked = self.keys.len();
        for statement in statements {
            for (condition, name) in facts.conditions(*statement) {
                walked += 1;
                if wanted(condition).is_some() {
                    *asked.entry(name).or_default() += 1;
                }
            }
        }
        // Each statement is counted already.
        self.budget = self.budget.saturating_sub(walked.saturating_sub(statements.len()));
        let (key, _) = asked.into_iter().max_by_key(|(name, count)| (*count, *name))?;
        let place = self.keys.iter().position(|known| *known.1 == *key).unwrap_or(self.keys.len());
        let separation = Separation::new(Separator::Key(place as u32), statements, |statement, literals| {
            facts
                .conditions(statement)
                .filter(|(_, name)| *name == key)
                .find_map(|(condition, _)| wanted(condition))
                .is_some_and(|wanted| wanted.into_iter().all(|literal| literals.add(literal)))
        });
        if place == self.keys.len() {
            self.keys.push((KeyCode::of(key), key.into()));
        }
        Some(separation)
    }

    /// A trie over literals in ascending order.
    fn trie(&mut self, literals: &[(&str, u32)], depth: usize) -> u32 {
        let root = self.tries.push(0);
        // What is to do: the place of a node, the literals under it, and how many bytes they are known to share.
        let mut queue = VecDeque::from([(root, literals, 0)]);
        while let Some((place, literals, known)) = queue.pop_front() {
            let at = shared(literals, known);
            let (here, below) = literals.split_at(literals.partition_point(|(text, _)| text.len() <= at));
            let here: Vec<u32> = here.iter().map(|(_, statement)| *statement).collect();
            let here = (!here.is_empty()).then(|| self.group(&here, depth));
            let children = self.tries.len();
            for branch in below.chunk_by(|a, b| byte(a.0, at) == byte(b.0, at)) {
                let leading = branch.first().and_then(|(text, _)| byte(text, at)).unwrap_or_default();
                queue.push_back((self.tries.push(leading), branch, at + 1));
            }
            self.tries.fill(place, at, children, here);
        }
        root as u32
    }
}

/// Collects the literals of one statement.
struct Literals<'l, 'f> {
    all: &'l mut Vec<(&'f str, u32)>,
    statement: u32,
}

impl<'f> Literals<'_, 'f> {
    /// Adds a literal that tells something; `false` if it tells nothing.
    fn add(&mut self, literal: &'f str) -> bool {
        self.all.push((literal, self.statement));
        !literal.is_empty()
    }
}

impl<'f> Separation<'f> {
    /// `gather` adds what a statement must find, or says that it does not care.
    fn new(by: Separator, statements: &[u32], gather: impl Fn(u32, &mut Literals<'_, 'f>) -> bool) -> Self {
        let (mut literals, mut rest) = (Vec::with_capacity(statements.len()), Vec::new());
        for statement in statements {
            let known = literals.len();
            if !gather(*statement, &mut Literals { all: &mut literals, statement: *statement }) {
                literals.truncate(known);
                rest.push(*statement);
            }
        }
        literals.sort_unstable();
        literals.dedup();
        let alike = literals.chunk_by(|a, b| a.0 == b.0).map(|same| same.len() * same.len());
        let cost = alike.sum::<usize>() + rest.len() * statements.len();
        Self { by, literals, rest, cost }
    }
}

/// The literals one of which a value must begin with for the condition to hold; `None` when that is not known, or
/// when it may hold without the key.
fn wanted(condition: &Condition) -> Option<Vec<&str>> {
    let qualifier_needs_value = condition.operator.qualifier != Some(Qualifier::ForAllValues);
    if !qualifier_needs_value || condition.operator.if_exists && condition.operator.qualifier.is_none() {
        return None;
    }
    let test = match &condition.check {
        Check::Pattern(pattern) => return Some(vec![pattern.literal_prefix()]),
        Check::Test(test) => test,
    };
    match test {
        Test::String {
            comparison: StringComparison::Equals | StringComparison::Like,
            negated: false,
            values,
        } => values.iter().map(|value| value.as_pattern().map(Pattern::literal_prefix)).collect(),
        // A malformed operand fails closed, which a Deny is not ended by.
        Test::Arn { negated: false, values } => values
            .iter()
            .map(|value| {
                (!value.is_malformed() && value.variables().is_empty()).then(|| value.literal_prefix())
            })
            .collect(),
        _ => None,
    }
}

fn byte(text: &str, at: usize) -> Option<u8> {
    text.as_bytes().get(at).copied()
}

/// How many bytes all of the literals share, `known` at least; in ascending order the first and last share no more.
fn shared(literals: &[(&str, u32)], known: usize) -> usize {
    let (Some((first, _)), Some((last, _))) = (literals.first(), literals.last()) else { return known };
    known + first.bytes().skip(known).zip(last.bytes().skip(known)).take_while(|(a, b)| a == b).count()
}
