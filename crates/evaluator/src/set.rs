//! Many policies with one index over all their statements.

use std::ops::ControlFlow;
use std::sync::Arc;

use bailiwick_normalizer::Principal as Named;

use crate::compiled::{CompiledPolicy, Condition, Element};
use crate::index::{Builder, Facts, Index};
use crate::request::Request;
use crate::resource::Resource;

/// A set of policies that are attached together, with one index over all their statements: what a decision costs
/// hardly depends on how many there are.
///
/// Policies come and go one by one, and no other is compiled again. The last few that came have no index but their
/// own; when they are enough they get one, which is joined with others as these grow. The policies are shared: a clone
/// of a set costs a pointer for each.
///
/// ```
/// use bailiwick_evaluator::{Attached, CompiledPolicy, Decision, Policies, PolicySet, Principal, Request};
/// use bailiwick_normalizer::{PolicyKind, normalize};
///
/// let compile = |text| -> Result<_, bailiwick_source::Errors> {
///     let document = bailiwick_parser::parse(text)?;
///     Ok(CompiledPolicy::new(normalize(&document, Some(PolicyKind::Identity))?))
/// };
/// let mut set = PolicySet::new();
/// set.insert(compile(r#"{"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}"#)?);
/// let lock = set.insert(compile(r#"{"Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}}"#)?);
///
/// let amy = Principal::from_arn("arn:aws:iam::111122223333:user/amy").unwrap();
/// let request = Request::new(&amy, "s3:GetObject", "arn:aws:s3:::reports/2024.csv");
/// let decide = |set: &PolicySet| Policies { identity: Attached::Set(set), ..Policies::default() }.decide(&request);
/// assert_eq!(decide(&set), Decision::ExplicitDeny);
/// set.remove(lock);
/// assert_eq!(decide(&set), Decision::Allowed);
/// # Ok::<(), bailiwick_source::Errors>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct PolicySet {
    /// By the number of their identifier; `None` is free, or was removed and is still known to a tier.
    slots: Vec<Option<Arc<CompiledPolicy>>>,
    /// For every slot, how many policies were removed from it.
    generations: Vec<u32>,
    free: Vec<u32>,
    count: usize,
    /// Policies under an index, each tier several times as large as the next: so a policy is indexed a few times in
    /// all, however many come, and a request asks a few indexes.
    tiers: Vec<Tier>,
    /// The slots of those that came last: no index knows them.
    loose: Vec<u32>,
}

/// Identifies a policy in the set that it was inserted into, until it is removed; after that no policy.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct PolicyId {
    slot: u32,
    generation: u32,
}

#[derive(Clone, Debug)]
struct Tier {
    indexed: Arc<Indexed>,
    /// How many of its slots were emptied since.
    emptied: usize,
}

/// As many policies are asked one by one.
const LOOSE: usize = 16;

/// How many times as large as the next a tier is at least.
const RATIO: usize = 4;

/// No tier of several policies has more texts and parts than so many: an index counts them in 32 bits.
const HEAVY: usize = 1 << 30;

impl PolicySet {
    /// An empty set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a policy.
    pub fn insert(&mut self, policy: impl Into<Arc<CompiledPolicy>>) -> PolicyId {
        let id = self.place(policy.into());
        if self.loose.len() > LOOSE {
            self.settle();
        }
        id
    }

    /// Removes a policy; `None` if it is not there.
    pub fn remove(&mut self, id: PolicyId) -> Option<Arc<CompiledPolicy>> {
        let slot = self.slot(id)?;
        let policy = self.slots.get_mut(slot)?.take()?;
        if let Some(generation) = self.generations.get_mut(id.slot as usize) {
            *generation = generation.wrapping_add(1);
        }
        self.count -= 1;
        if let Some(loose) = self.loose.iter().position(|slot| *slot == id.slot) {
            self.loose.swap_remove(loose);
            self.free.push(id.slot);
        } else if let Some(place) = self.tiers.iter().position(|tier| tier.indexed.knows(id.slot))
            && let Some(tier) = self.tiers.get_mut(place)
        {
            tier.emptied += 1;
            if tier.emptied * 2 > tier.indexed.slots.len() {
                let tier = self.tiers.remove(place);
                let slots = self.taken(tier.indexed.slots.to_vec());
                self.tiers.insert(place, Tier::new(slots, &self.slots));
            }
        }
        Some(policy)
    }

    /// A policy of the set.
    #[must_use]
    pub fn get(&self, id: PolicyId) -> Option<&Arc<CompiledPolicy>> {
        self.slots.get(self.slot(id)?)?.as_ref()
    }

    /// How many policies there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The policies, each with its identifier.
    pub fn iter(&self) -> impl Iterator<Item = (PolicyId, &Arc<CompiledPolicy>)> {
        let slots = (0..).zip(&self.generations).zip(&self.slots);
        slots.filter_map(|((slot, generation), policy)| {
            Some((PolicyId { slot, generation: *generation }, policy.as_ref()?))
        })
    }

    /// Puts all policies under one index. A set that will not change for a while decides a little faster then; one
    /// made from an iterator is like that from the start.
    pub fn index(&mut self) {
        let mut slots = std::mem::take(&mut self.loose);
        slots.extend(self.tiers.drain(..).flat_map(|tier| tier.indexed.slots.to_vec()));
        let slots = self.taken(slots);
        self.add_tiers(&slots);
    }

    /// Puts the policies in some slots under indexes: one, unless they are too many for that.
    fn add_tiers(&mut self, slots: &[u32]) {
        let mut rest = slots;
        while !rest.is_empty() {
            let mut weight = 0_usize;
            let light = |slot: &&u32| {
                weight =
                    weight.saturating_add(in_slot(&self.slots, **slot).map_or(0, CompiledPolicy::weight));
                weight < HEAVY
            };
            let count = rest.iter().take_while(light).count().max(1);
            let (now, later) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            self.tiers.push(Tier::new(now.to_vec(), &self.slots));
            rest = later;
        }
    }

    fn place(&mut self, policy: Arc<CompiledPolicy>) -> PolicyId {
        self.count += 1;
        let slot = self.free.pop().unwrap_or(self.slots.len() as u32);
        match self.slots.get_mut(slot as usize) {
            Some(free) => *free = Some(policy),
            None => {
                self.slots.push(Some(policy));
                self.generations.push(0);
            }
        }
        self.loose.push(slot);
        PolicyId { slot, generation: self.generations.get(slot as usize).copied().unwrap_or_default() }
    }

    /// The slot of an identifier, unless its policy was removed.
    fn slot(&self, id: PolicyId) -> Option<usize> {
        let slot = id.slot as usize;
        (self.generations.get(slot) == Some(&id.generation)).then_some(slot)
    }

    /// Makes a tier of the loose policies, and one tier of those that are no longer much larger than the next.
    fn settle(&mut self) {
        let mut slots = std::mem::take(&mut self.loose);
        while let Some(last) = self.tiers.pop_if(|tier| tier.indexed.slots.len() < RATIO * slots.len()) {
            slots.extend_from_slice(&last.indexed.slots);
        }
        let slots = self.taken(slots);
        self.add_tiers(&slots);
    }

    /// Of these slots those that hold a policy, in ascending order; the others are free now.
    fn taken(&mut self, slots: Vec<u32>) -> Vec<u32> {
        let (mut taken, empty): (Vec<u32>, Vec<u32>) =
            slots.into_iter().partition(|slot| in_slot(&self.slots, *slot).is_some());
        self.free.extend(empty);
        taken.sort_unstable();
        taken
    }

    /// Visits the indexed statements that may apply to a request.
    #[inline]
    pub(crate) fn candidates<'s>(
        &'s self,
        request: &Request<'_>,
        mut visit: impl FnMut(&'s CompiledPolicy, u32) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        self.tiers.iter().try_for_each(|tier| {
            tier.indexed.index.candidates(request, &mut |number| {
                let place = tier.indexed.statements.get(number as usize);
                match place.and_then(|place| Some((in_slot(&self.slots, place.slot)?, place.statement))) {
                    Some((policy, statement)) => visit(policy, statement),
                    None => ControlFlow::Continue(()),
                }
            })
        })
    }

    /// The policies that no index knows.
    pub(crate) fn loose(&self) -> impl Iterator<Item = &CompiledPolicy> {
        self.loose.iter().filter_map(|slot| in_slot(&self.slots, *slot))
    }
}

/// The policies in one go: they are indexed once.
impl<P: Into<Arc<CompiledPolicy>>> FromIterator<P> for PolicySet {
    fn from_iter<I: IntoIterator<Item = P>>(policies: I) -> Self {
        let mut set = Self::new();
        set.extend(policies);
        set
    }
}

impl<P: Into<Arc<CompiledPolicy>>> Extend<P> for PolicySet {
    fn extend<I: IntoIterator<Item = P>>(&mut self, policies: I) {
        for policy in policies {
            self.place(policy.into());
        }
        self.settle();
    }
}

fn in_slot(slots: &[Option<Arc<CompiledPolicy>>], slot: u32) -> Option<&CompiledPolicy> {
    slots.get(slot as usize)?.as_deref()
}

/// An index, and what its numbers mean.
#[derive(Debug)]
struct Indexed {
    index: Index,
    /// Statements that deny first, then those that allow.
    statements: Box<[Place]>,
    /// Whose they are, in ascending order.
    slots: Box<[u32]>,
}

/// A statement of the set.
#[derive(Clone, Copy, Debug)]
struct Place {
    slot: u32,
    /// Its number in its policy.
    statement: u32,
}

impl Tier {
    fn new(slots: Vec<u32>, policies: &[Option<Arc<CompiledPolicy>>]) -> Self {
        Self { indexed: Arc::new(Indexed::new(slots, policies)), emptied: 0 }
    }
}

impl Indexed {
    fn new(slots: Vec<u32>, policies: &[Option<Arc<CompiledPolicy>>]) -> Self {
        let held = || slots.iter().filter_map(|slot| Some((*slot, in_slot(policies, *slot)?)));
        let count = held().map(|(_, policy)| policy.statements().len()).sum();
        let mut statements = Vec::with_capacity(count);
        for denying in [true, false] {
            for (slot, policy) in held() {
                let (denies, all) = (policy.denies(), policy.statements().len() as u32);
                let numbers = if denying { 0..denies } else { denies..all };
                statements.extend(numbers.map(|statement| Place { slot, statement }));
            }
        }
        let facts = Members { statements: &statements, policies };
        let mut builder = Builder::with_capacity(count);
        let (mut denies, mut allows) = (0_u32, held().map(|(_, policy)| policy.denies()).sum::<u32>());
        for (_, policy) in held() {
            let own = policy.denies();
            let number = |statement: u32| match statement.checked_sub(own) {
                None => denies + statement,
                Some(statement) => allows + statement,
            };
            policy.each_action(|pattern, statement| builder.lists(pattern, number(statement)));
            for (statement, _) in
                (0..).zip(policy.statements()).filter(|(_, it)| it.action == Element::NoneOf)
            {
                builder.negates(number(statement));
            }
            denies += own;
            allows += policy.statements().len() as u32 - own;
        }
        let index = builder.finish(&facts);
        Self { index, statements: statements.into(), slots: slots.into() }
    }

    fn knows(&self, slot: u32) -> bool {
        self.slots.binary_search(&slot).is_ok()
    }
}

/// The statements of several policies, by their numbers in the set.
struct Members<'s> {
    statements: &'s [Place],
    policies: &'s [Option<Arc<CompiledPolicy>>],
}

impl<'s> Members<'s> {
    fn member(&self, number: u32) -> Option<(&'s CompiledPolicy, u32)> {
        let place = self.statements.get(number as usize)?;
        Some((in_slot(self.policies, place.slot)?, place.statement))
    }
}

impl Facts for Members<'_> {
    fn resources(&self, number: u32) -> Option<&[Resource]> {
        let (policy, statement) = self.member(number)?;
        Facts::resources(policy, statement)
    }

    fn principals(&self, number: u32) -> Option<&[Named]> {
        let (policy, statement) = self.member(number)?;
        Facts::principals(policy, statement)
    }

    fn conditions(&self, number: u32) -> impl Iterator<Item = (&Condition, &str)> {
        self.member(number).into_iter().flat_map(|(policy, statement)| Facts::conditions(policy, statement))
    }

    fn count(&self) -> usize {
        self.statements.len()
    }

    fn size(&self) -> usize {
        let mut last = None;
        let policies =
            self.statements.iter().filter(move |place| last.replace(place.slot) != Some(place.slot));
        policies.filter_map(|place| in_slot(self.policies, place.slot)).map(Facts::size).sum()
    }
}
