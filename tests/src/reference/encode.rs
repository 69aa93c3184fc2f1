//! Writes the table that `bailiwick-aws` holds; its file `table.rs` describes the format. The same values
//! always give the same bytes.

use std::collections::{BTreeMap, BTreeSet};

use super::words::Words;
use super::{ACCESS_LEVELS, Action, KEY_TYPES, Reference, Service};

/// How many items share one offset.
const BLOCK: usize = 8;

/// The key by which names are ordered.
fn order(name: &str) -> (String, &str) {
    (name.to_ascii_lowercase(), name)
}

/// Names in the order of the table.
fn ordered<'n>(names: impl Iterator<Item = &'n String>) -> Result<Vec<&'n str>, String> {
    let mut names: Vec<&str> = names.map(String::as_str).collect();
    names.sort_by(|one, other| order(one).cmp(&order(other)));
    match names.windows(2).find(|pair| matches!(pair, [one, other] if one.eq_ignore_ascii_case(other))) {
        Some(pair) => Err(format!("names that differ in letter case alone: {pair:?}")),
        None => Ok(names),
    }
}

/// The table.
///
/// # Errors
///
/// Says what the format has no room or code for.
pub fn encode(reference: &Reference) -> Result<Vec<u8>, String> {
    let keys: BTreeSet<(String, &str, &str)> =
        reference.services.iter().flat_map(|service| &service.condition_keys).map(key).collect();
    let keys: Vec<_> = keys.into_iter().collect();
    let own = reference.services.iter().flat_map(|service| {
        let actions = service.actions.keys().map(String::as_str);
        let types = service.resource_types.iter().flat_map(|(name, of)| [name.as_str(), of.arn.as_str()]);
        actions.chain(types).chain([service.service.as_str()])
    });
    let words = Words::of(own.chain(keys.iter().map(|(_, name, _)| *name)))?;

    let mut table = Table { words, keys, pools: Pools::default(), places: BTreeMap::new() };
    for prefix in ordered(reference.services.iter().map(|service| &service.service))? {
        let found = reference.services.iter().find(|service| service.service == prefix);
        table.service(found.ok_or("a service is missing")?)?;
    }
    table.write()
}

fn key<'r>((name, of_type): (&'r String, &'r String)) -> (String, &'r str, &'r str) {
    (name.to_ascii_lowercase(), name, of_type)
}

/// The items of the pools.
#[derive(Default)]
struct Pools {
    services: Vec<Vec<u8>>,
    actions: Vec<Vec<u8>>,
    details: Vec<Vec<u8>>,
    types: Vec<Vec<u8>>,
}

struct Table<'r> {
    words: Words,
    /// Name in lower case, name, type.
    keys: Vec<(String, &'r str, &'r str)>,
    pools: Pools,
    /// Where details were written already: many actions share them.
    places: BTreeMap<Vec<u8>, usize>,
}

impl Table<'_> {
    fn service(&mut self, service: &Service) -> Result<(), String> {
        let keys = ordered(service.condition_keys.keys())?;
        let types = ordered(service.resource_types.keys())?;
        let actions = ordered(service.actions.keys())?;

        let mut item = vec![u8::from(service.rcp)];
        let starts =
            [self.pools.actions.len(), actions.len(), self.pools.types.len(), types.len(), keys.len()];
        starts.into_iter().for_each(|start| number(&mut item, start));
        for name in &keys {
            let of_type = service.condition_keys[*name].as_str();
            let own = (name.to_ascii_lowercase(), *name, of_type);
            let place = self.keys.binary_search(&own);
            item.extend(two(place.map_err(|_| format!("{name} was not gathered"))?)?);
        }
        item.extend(self.words.encode(&service.service)?);
        self.pools.services.push(item);

        for name in &types {
            let facts = &service.resource_types[*name];
            let mut item = Vec::new();
            counted(&mut item, &self.words.encode(name)?);
            list(&mut item, &facts.keys, &keys)?;
            item.extend(self.words.encode(&facts.arn)?);
            self.pools.types.push(item);
        }
        for name in actions {
            let details = details(&service.actions[name], &keys, &types)?;
            let next = self.places.len();
            let place = *self.places.entry(details.clone()).or_insert(next);
            if place == next {
                self.pools.details.push(details);
            }
            let mut item = Vec::new();
            number(&mut item, place);
            item.extend(self.words.encode(name)?);
            self.pools.actions.push(item);
        }
        Ok(())
    }

    fn write(self) -> Result<Vec<u8>, String> {
        let [places, words] = self.words.sections()?;
        let mut keys = Vec::new();
        let mut patterns = Vec::new();
        for (place, (_, name, of_type)) in self.keys.iter().enumerate() {
            let (is_array, of_type) = of_type.strip_prefix("ArrayOf").map_or((0, *of_type), |rest| (8, rest));
            let code = KEY_TYPES.iter().position(|known| *known == of_type);
            let code = code.ok_or_else(|| format!("the type {of_type} of {name} has no code"))?;
            let mut item = Vec::new();
            number(&mut item, code | is_array);
            item.extend(self.words.encode(name)?);
            keys.push(item);
            match name.matches(['$', '<']).count() {
                0 => {}
                1 => patterns.extend(two(place)?),
                _ => return Err(format!("{name} has several placeholders")),
            }
        }
        let pools = self.pools;
        let [services, actions, details, types, keys] =
            [pools.services, pools.actions, pools.details, pools.types, keys].map(|items| pool(&items));
        let sections = [places, words, services?, actions?, details?, types?, keys?, patterns];
        let mut table = Vec::new();
        let mut end = 3 * sections.len();
        for section in &sections {
            end += section.len();
            table.extend(three(end)?);
        }
        table.extend(sections.concat());
        Ok(table)
    }
}

/// Access level, condition keys and resource types of an action.
fn details(action: &Action, keys: &[&str], types: &[&str]) -> Result<Vec<u8>, String> {
    let access = ACCESS_LEVELS.iter().position(|(text, _)| *text == action.access);
    let access = access.ok_or_else(|| format!("the access level {} has no code", action.access))?;
    let flag = |has: bool, flag: usize| if has { flag } else { 0 };
    let mut item = Vec::new();
    number(&mut item, access | flag(!action.keys.is_empty(), 8) | flag(!action.types.is_empty(), 16));
    if !action.keys.is_empty() {
        list(&mut item, &action.keys, keys)?;
    }
    if !action.types.is_empty() {
        number(&mut item, action.types.len());
    }
    for on in &action.types {
        let place = place(&on.name, types)?;
        number(&mut item, place << 2 | flag(!on.keys.is_empty(), 2) | flag(on.required, 1));
        if !on.keys.is_empty() {
            list(&mut item, &on.keys, keys)?;
        }
    }
    Ok(item)
}

/// Names as their places among others.
fn list(bytes: &mut Vec<u8>, names: &[String], among: &[&str]) -> Result<(), String> {
    number(bytes, names.len());
    for name in names {
        number(bytes, place(name, among)?);
    }
    Ok(())
}

fn place(name: &str, among: &[&str]) -> Result<usize, String> {
    let found = among.iter().position(|other| *other == name);
    found.ok_or_else(|| format!("{name} is not among what the service has"))
}

fn counted(bytes: &mut Vec<u8>, run: &[u8]) {
    number(bytes, run.len());
    bytes.extend(run);
}

/// A number in groups of seven bits, the lowest first.
fn number(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        bytes.push((number & 0x7f | 0x80) as u8);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn two(number: usize) -> Result<[u8; 2], String> {
    u16::try_from(number).map(u16::to_le_bytes).map_err(|_| format!("{number} takes more than two bytes"))
}

fn three(number: usize) -> Result<[u8; 3], String> {
    match u32::try_from(number).map(u32::to_le_bytes) {
        Ok([low, middle, high, 0]) => Ok([low, middle, high]),
        _ => Err(format!("{number} takes more than three bytes")),
    }
}

/// Items with the offset of every [`BLOCK`]th before them.
fn pool(items: &[Vec<u8>]) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    bytes.extend(three(items.len())?);
    let mut run = Vec::new();
    for (place, item) in items.iter().enumerate() {
        if place % BLOCK == 0 {
            bytes.extend(three(run.len())?);
        }
        counted(&mut run, item);
    }
    bytes.extend(run);
    Ok(bytes)
}
