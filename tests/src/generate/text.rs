//! Patterns out of texts, texts out of patterns, and texts a little beside.

use serde_json::{Map, Value};

use super::draw::Draw;
use super::same_key;
use super::universe::World;

/// Where a pattern may have policy variables.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Variables {
    /// Nowhere.
    None,
    /// Anywhere.
    Anywhere,
}

/// Variables that hold nothing, and texts that are nearly variables.
const LOOSE: [&str; 25] = [
    "${aws:nothing}",
    "${aws:nothing, 'amy'}",
    "${aws:nothing, ''}",
    "${aws:TagKeys}",
    "${aws:TagKeys, 'team'}",
    "${*}",
    "${?}",
    "${$}",
    "${*}${?}",
    "${?}${$}",
    "${$}{*}",
    "${*, 'x'}",
    "${",
    "${}",
    "${aws:username",
    "${ aws:username}",
    "${aws:user name}",
    "${aws:username,'amy'}",
    "${aws:username, 'amy}",
    "${aws:username, amy}",
    "${${aws:username}}",
    "${aws:username, '${aws:username}'}",
    "$",
    "{}",
    "${aws:nothing, 'a*b'}",
];

/// A pattern that mostly matches `base`, of any shape of wildcards.
pub(super) fn pattern(draw: &mut Draw<'_, '_>, base: &str, world: &World, variables: Variables) -> String {
    let mut pattern = base.to_owned();
    if variables == Variables::Anywhere && draw.chance(35) {
        pattern = with_variable(draw, base, world);
    }
    for _ in 0..draw.weighted(&[(35, 0), (45, 1), (20, 2)]) {
        pattern = with_wildcard(draw, &pattern);
    }
    pattern
}

fn with_wildcard(draw: &mut Draw<'_, '_>, text: &str) -> String {
    let (from, to) = cuts(draw, text);
    let (before, middle, after) = (&text[..from], &text[from..to], &text[to..]);
    match draw.below(12) {
        0 => "*".to_owned(),
        1 | 2 => format!("{before}*"),
        3 => format!("*{after}"),
        4 => format!("*{middle}*"),
        5 => format!("{before}*{after}"),
        6 => format!("{before}**{after}"),
        7 => format!("{before}*{middle}*{after}"),
        8 => format!("{before}?{}", after_one(&text[from..])),
        9 => format!("{before}?*{after}"),
        10 => in_field(draw, text),
        _ => text.split_inclusive(':').take(2 + draw.below(3)).collect::<String>() + "*",
    }
}

/// A wildcard in one field of an ARN: the whole field, its end, its middle, or one character.
fn in_field(draw: &mut Draw<'_, '_>, text: &str) -> String {
    let mut fields: Vec<String> = text.splitn(6, ':').map(str::to_owned).collect();
    let at = draw.below(fields.len());
    let field = &fields[at];
    let (from, to) = cuts(draw, field);
    fields[at] = match draw.below(4) {
        0 => "*".to_owned(),
        1 => format!("{}*", &field[..from]),
        2 => format!("{}*{}", &field[..from], &field[to..]),
        _ => format!("{}?{}", &field[..from], after_one(&field[from..])),
    };
    fields.join(":")
}

/// A text with a variable in place of what the variable holds, or with any variable somewhere.
fn with_variable(draw: &mut Draw<'_, '_>, base: &str, world: &World) -> String {
    let fitting: Vec<(&String, &str)> = world
        .context
        .iter()
        .filter_map(|(key, value)| Some((key, value.as_str()?)))
        .filter(|(_, value)| !value.is_empty() && base.contains(value))
        .collect();
    if !fitting.is_empty() && draw.chance(60) {
        let (key, value) = draw.one_of(&fitting);
        return base.replacen(value, &variable(draw, key), 1);
    }
    let (from, to) = cuts(draw, base);
    let variable = if draw.chance(60) {
        draw.pick(&LOOSE).to_owned()
    } else {
        let keys: Vec<&str> = world.context.keys().map(String::as_str).chain(["aws:username"]).collect();
        let key = draw.pick(&keys);
        variable(draw, key)
    };
    match draw.below(3) {
        0 => variable,
        1 => format!("{}{variable}{}", &base[..from], &base[to..]),
        _ => format!("{base}{variable}"),
    }
}

fn variable(draw: &mut Draw<'_, '_>, key: &str) -> String {
    let key = other_case(draw, key);
    if draw.chance(25) { format!("${{{key}, 'amy'}}") } else { format!("${{{key}}}") }
}

/// A text that a pattern matches, if the variables in it are what the context says.
pub(super) fn expand(draw: &mut Draw<'_, '_>, pattern: &str, context: &Map<String, Value>) -> String {
    let mut text = String::new();
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        let end = rest.strip_prefix("${").and_then(|inside| inside.find('}'));
        if let Some(end) = end {
            let (key, default) = rest[2..2 + end].split_once(", ").unwrap_or((&rest[2..2 + end], ""));
            let held = context.iter().find(|(name, _)| same_key(name, key));
            match held.and_then(|(_, value)| value.as_str()) {
                Some(value) => text.push_str(value),
                None if ["*", "?", "$"].contains(&key) => text.push_str(key),
                None => text.push_str(default.trim_matches('\'')),
            }
            rest = &rest[2 + end + 1..];
            continue;
        }
        match first {
            '*' => text.push_str(draw.pick(&["x", "", "a/b", "amy", "é", ":", "a:b:c:d", "𐐀", "*"])),
            '?' => text.push_str(draw.pick(&["x", "é", "𐐀", ":", "?", "", "\n"])),
            other => text.push(other),
        }
        rest = &rest[first.len_utf8()..];
    }
    text
}

/// A text that differs from another in a little.
pub(super) fn bend(draw: &mut Draw<'_, '_>, text: &str) -> String {
    let (from, to) = cuts(draw, text);
    match draw.below(7) {
        0 => format!("{text}x"),
        1 => text[..from].to_owned(),
        2 => format!("{}{}", &text[..from], &text[to..]),
        3 => text.to_uppercase(),
        4 => format!("{}:{}", &text[..from], &text[from..]),
        5 => format!("{}{}{}", &text[..from], draw.pick(&["é", "𐐀", "/", "*"]), after_one(&text[from..])),
        _ => format!("{}{}{}", &text[..from], &text[from..to], &text[from..]),
    }
}

/// The text in another letter case, or as it is.
pub(super) fn other_case(draw: &mut Draw<'_, '_>, text: &str) -> String {
    match draw.weighted(&[(70, 0), (15, 1), (15, 2)]) {
        0 => text.to_owned(),
        1 => text.to_uppercase(),
        _ => text.to_lowercase(),
    }
}

/// Two places between characters, in order.
fn cuts(draw: &mut Draw<'_, '_>, text: &str) -> (usize, usize) {
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let (one, other) = (*draw.one_of(&places), *draw.one_of(&places));
    (one.min(other), one.max(other))
}

fn after_one(text: &str) -> &str {
    let mut characters = text.chars();
    characters.next();
    characters.as_str()
}
