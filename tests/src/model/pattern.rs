//! Wildcards and policy variables (sections 2.1, 2.2, 2.5): which texts a written pattern matches.
//!
//! A pattern is a list of pieces; matching keeps the set of all positions that the pieces read so far can have
//! reached. It does not know statements, requests or operators.

use std::collections::BTreeSet;

use super::context::{Context, Held};

/// One piece of a pattern.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Piece {
    /// This character.
    Literal(char),
    /// `?`: exactly one UTF-16 code unit (observed); `colon` says whether it may be a colon.
    One {
        /// May it be `:`?
        colon: bool,
    },
    /// `*`: any run of code units, also none.
    Many {
        /// May it run over `:`?
        colon: bool,
    },
}

/// M-2, M-15, observation 13: the whole text, `*` any run, `?` one UTF-16 code unit, everything else literal.
pub fn matches(pattern: &[Piece], text: &str) -> bool {
    let text: Vec<u16> = text.encode_utf16().collect();
    let may = |at: usize, colon: bool| at < text.len() && (colon || text[at] != u16::from(b':'));
    let mut reached = BTreeSet::from([0]);
    for piece in pattern {
        reached = match *piece {
            Piece::Literal(literal) => {
                let mut buffer = [0; 2];
                let units: &[u16] = literal.encode_utf16(&mut buffer);
                reached
                    .iter()
                    .filter(|at| text[**at..].starts_with(units))
                    .map(|at| at + units.len())
                    .collect()
            }
            Piece::One { colon } => reached.iter().filter(|at| may(**at, colon)).map(|at| at + 1).collect(),
            Piece::Many { colon } => {
                let mut run = reached.clone();
                for start in reached {
                    let end = (start..).find(|at| !may(*at, colon)).unwrap_or(start);
                    run.extend(start..=end);
                }
                run
            }
        };
    }
    reached.contains(&text.len())
}

/// M-1, M-2, M-4: letter case is ignored; service and name are matched apart, so that no wildcard takes the colon
/// (wildcards in the service are undocumented, D-6). M-3: `*` alone, or a run of
/// them, which is the same pattern, is every action. Other text without a colon names none.
pub fn action_matches(pattern: &str, action: &str) -> bool {
    if !pattern.is_empty() && pattern.chars().all(|c| c == '*') {
        return true;
    }
    let (Some((service, name)), Some((asked_service, asked_name))) =
        (pattern.split_once(':'), action.split_once(':'))
    else {
        return false;
    };
    [(service, asked_service), (name, asked_name)]
        .iter()
        .all(|(pattern, asked)| matches(&plain(&pattern.to_ascii_lowercase()), &asked.to_ascii_lowercase()))
}

/// M-9 to M-21: the ARN text is compared as a whole, case-sensitively. In the first five fields there are no
/// variables (M-45) and no wildcard takes a colon (M-12), except a `*` that ends its field (M-13).
/// A variable without a value makes the item match nothing (M-51).
pub fn resource_matches(pattern: &str, variables: Option<&Context>, resource: &str) -> bool {
    let fifth_colon = pattern.match_indices(':').nth(4).map_or(pattern.len(), |(at, _)| at + 1);
    let (fields, rest) = pattern.split_at(fifth_colon);
    let Some(rest) = pieces(rest, variables) else { return false };
    let mut leading = plain(fields);
    for at in 0..leading.len() {
        let ends_field = leading.get(at + 1).is_none_or(|next| *next == Piece::Literal(':'));
        leading[at] = match leading[at] {
            Piece::One { .. } => Piece::One { colon: false },
            Piece::Many { .. } => Piece::Many { colon: ends_field },
            literal => literal,
        };
    }
    matches(&[leading, rest].concat(), resource)
}

/// What every text that an item of Resource matches begins with, before its first wildcard or variable.
pub fn literal_beginning(pattern: &str, variables: bool) -> String {
    let fifth_colon = pattern.match_indices(':').nth(4).map_or(pattern.len(), |(at, _)| at + 1);
    let (fields, mut rest) = pattern.split_at(fifth_colon);
    let mut literal: String = fields.chars().take_while(|c| !['*', '?'].contains(c)).collect();
    if literal != fields {
        return literal;
    }
    while let Some(first) = rest.chars().next() {
        let character = match variable(rest).filter(|_| variables) {
            Some((escape @ ("*" | "?" | "$"), None, after)) => {
                rest = after;
                escape.chars().next()
            }
            Some(_) => None,
            None => {
                rest = &rest[first.len_utf8()..];
                Some(first).filter(|c| !['*', '?'].contains(c))
            }
        };
        match character {
            Some(character) => literal.push(character),
            None => break,
        }
    }
    literal
}

/// C-22, C-24: six fields, each compared on its own; wildcards of the sixth run freely, none leaves its field.
/// `None`: the pattern is not an ARN, which fails the statement (observation 11).
pub fn arn_matches(pattern: &[Piece], arn: &str) -> Option<bool> {
    let mut fields: Vec<Vec<Piece>> = vec![vec![]];
    for piece in pattern {
        if *piece == Piece::Literal(':') && fields.len() < 6 {
            fields.push(vec![]);
        } else {
            fields.last_mut()?.push(*piece);
        }
    }
    let is_arn = fields.len() == 6 && fields[0] == plain("arn");
    is_arn.then(|| fields.iter().zip(arn.splitn(6, ':')).all(|(pattern, text)| matches(pattern, text)))
}

/// Observation 10: what counts as an ARN on the request's side.
pub fn is_arn(text: &str) -> bool {
    text.starts_with("arn:") && text.splitn(6, ':').count() == 6
}

/// The text with `*` and `?` as wildcards and nothing else special (G-7: what Version 2008-10-17 has).
pub fn plain(text: &str) -> Vec<Piece> {
    text.chars().map(wildcard).collect()
}

fn wildcard(c: char) -> Piece {
    match c {
        '*' => Piece::Many { colon: true },
        '?' => Piece::One { colon: true },
        literal => Piece::Literal(literal),
    }
}

/// M-44 to M-53: the pieces of a text with its variables replaced. What a variable stands for is literal (M-47)
/// and not read again (M-48); a `${` that begins no variable is literal too. `variables` is `None` under Version
/// 2008-10-17. The answer is `None` when a variable has no value.
pub fn pieces(text: &str, variables: Option<&Context>) -> Option<Vec<Piece>> {
    let Some(context) = variables else { return Some(plain(text)) };
    let mut pieces = vec![];
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        match variable(rest) {
            Some((key, default, after)) => {
                pieces.extend(value(key, default, context)?.chars().map(Piece::Literal));
                rest = after;
            }
            None => {
                pieces.push(wildcard(first));
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    Some(pieces)
}

/// M-50, M-53: `${key}` or `${key, 'default'}` at the beginning of a text: key, default, and what follows.
fn variable(text: &str) -> Option<(&str, Option<&str>, &str)> {
    let inside = text.strip_prefix("${")?;
    let (key, rest) = inside.split_at(inside.find(['}', ',', '{'])?);
    if key.is_empty() || key.contains(char::is_whitespace) {
        return None;
    }
    if let Some(after) = rest.strip_prefix('}') {
        return Some((key, None, after));
    }
    let (default, after) = rest.strip_prefix(", '")?.split_once('\'')?;
    Some((key, Some(default), after.strip_prefix('}')?))
}

/// M-49 escapes, M-50 default text. A key with several values has none here, and its default is not used either
/// (observation 4).
fn value(key: &str, default: Option<&str>, context: &Context) -> Option<String> {
    if default.is_none() && ["*", "?", "$"].contains(&key) {
        return Some(key.to_owned());
    }
    match context.get(key) {
        None => default.map(str::to_owned),
        Some(Held::One(one)) => Some(one.clone()),
        Some(Held::Many(_)) => None,
    }
}

/// The text of a pattern whose wildcards are not wildcards (C-8, C-43).
pub fn text(pieces: &[Piece]) -> String {
    let character = |piece: &Piece| match piece {
        Piece::Literal(c) => *c,
        Piece::One { .. } => '?',
        Piece::Many { .. } => '*',
    };
    pieces.iter().map(character).collect()
}
