//! The rules as a textbook would write them, for the tests: recursive, slow, over UTF-16 code units, and
//! without a line in common with what they check.

use crate::template::{Segment, TemplateOptions, segments};

/// One position of a pattern.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Symbol {
    Unit(u16),
    One { colon: bool },
    Run { colon: bool },
}

const COLON: u16 = b':' as u16;

/// Whether a text matches by the free rule.
pub(crate) fn pattern(pattern: &str, text: &str) -> bool {
    glob(&free(pattern), &units(text))
}

/// Whether a resource matches by the rule of `Resource`.
pub(crate) fn resource(pattern: &str, text: &str) -> bool {
    let characters: Vec<char> = pattern.chars().collect();
    let mut colons = 0;
    let mut symbols = Vec::new();
    for (index, character) in characters.iter().enumerate() {
        let confined = colons < 5;
        match character {
            '*' => {
                let after = characters.iter().skip(index).find(|&&other| other != '*');
                let last_of_field = matches!(after, None | Some(':'));
                symbols.push(Symbol::Run { colon: !confined || last_of_field });
            }
            '?' => symbols.push(Symbol::One { colon: !confined }),
            other => symbols.extend(units(&other.to_string()).into_iter().map(Symbol::Unit)),
        }
        colons += usize::from(*character == ':');
    }
    glob(&symbols, &units(text))
}

/// Whether an ARN matches by the rule of `ArnLike`; `None` if the pattern or the text is no ARN.
pub(crate) fn arn(pattern: &str, text: &str) -> Option<bool> {
    let patterns: Vec<&str> = pattern.splitn(6, ':').collect();
    let texts: Vec<&str> = text.splitn(6, ':').collect();
    for fields in [&patterns, &texts] {
        if fields.len() != 6 || fields[0] != "arn" {
            return None;
        }
    }
    Some(patterns.iter().zip(texts).all(|(field, text)| self::pattern(field, text)))
}

/// The text with each variable replaced by its value, whose wildcards are escaped; `None` if one has no
/// value.
pub(crate) fn substitute(text: &str, options: TemplateOptions, values: &[Option<&str>]) -> Option<String> {
    let mut result = String::new();
    let mut index = 0;
    for (range, segment) in segments(text, options) {
        match segment {
            Segment::Variable { default, .. } => {
                let value = values.get(index).copied().flatten().or(default)?;
                index += 1;
                for character in value.chars() {
                    match character {
                        '*' | '?' => result.extend(['$', '{', character, '}']),
                        '$' => result.push_str("${$}"),
                        other => result.push(other),
                    }
                }
            }
            Segment::Malformed(_) => result.push_str("${$}{"),
            _ => result.push_str(text.get(range).unwrap()),
        }
    }
    Some(result)
}

fn free(pattern: &str) -> Vec<Symbol> {
    pattern.encode_utf16().map(symbol).collect()
}

fn symbol(unit: u16) -> Symbol {
    match u8::try_from(unit) {
        Ok(b'*') => Symbol::Run { colon: true },
        Ok(b'?') => Symbol::One { colon: true },
        _ => Symbol::Unit(unit),
    }
}

fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

/// The definition: a run takes nothing, or one more unit.
fn glob(pattern: &[Symbol], text: &[u16]) -> bool {
    let Some((symbol, rest)) = pattern.split_first() else { return text.is_empty() };
    let next = text.split_first();
    match symbol {
        Symbol::Unit(unit) => next.is_some_and(|(first, text)| first == unit && glob(rest, text)),
        Symbol::One { colon } => {
            next.is_some_and(|(first, text)| (*colon || *first != COLON) && glob(rest, text))
        }
        Symbol::Run { colon } => {
            glob(rest, text)
                || next.is_some_and(|(first, text)| (*colon || *first != COLON) && glob(pattern, text))
        }
    }
}

/// All strings over an alphabet up to a length, the shortest first.
pub(crate) fn strings(alphabet: &str, longest: usize) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..longest {
        last =
            last.iter().flat_map(|start| alphabet.chars().map(move |end| format!("{start}{end}"))).collect();
        all.extend_from_slice(&last);
    }
    all
}
