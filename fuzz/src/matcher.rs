//! The target over patterns: a table of all positions says what matches, and the steps are bounded.

use arbitrary::Unstructured;
use bailiwick_matcher::{
    Arn, ArnPattern, Match, Resolved, ResourcePattern, TemplateOptions, TextPattern, Variable, Variables,
};

/// What patterns are put together from. No other text here begins a variable.
const PARTS: [&str; 26] = [
    "a",
    "b",
    "a",
    "ab",
    "*",
    "*",
    "**",
    "?",
    "??",
    ":",
    ":",
    "/",
    "$",
    "}",
    "é",
    "𐐀",
    "arn:",
    "aws:",
    "arn:aws:s3:::",
    "${k0}",
    "${a:k1}",
    "${k2, 'a:*b'}",
    "${*}",
    "${?}",
    "${$}",
    "arn:aws:sns:us-east-1:111122223333:",
];

/// The variables among them: spelling, key, default.
const VARIABLES: [(&str, &str, Option<&str>); 6] = [
    ("${k0}", "k0", None),
    ("${a:k1}", "a:k1", None),
    ("${k2, 'a:*b'}", "k2", Some("a:*b")),
    ("${*}", "*", None),
    ("${?}", "?", None),
    ("${$}", "$", None),
];

const VALUES: [Option<&str>; 8] =
    [Some("a"), Some("ab*"), Some(""), Some(":"), Some("arn:aws:s3:::b"), Some("é𐐀?"), Some("${k0}"), None];

/// The steps that a match may take for each pair of a place in the pattern and a place in the text.
const STEPS_PER_PAIR: usize = 12;

/// What the keys hold: a value, nothing, or (`Err`) no single value.
type Held = [Result<Option<&'static str>, ()>; 3];

/// Text, resource and ARN patterns match as the table says.
pub fn matcher(bytes: &[u8]) {
    let draw = &mut Unstructured::new(bytes);
    let held: Held = [0; 3].map(|_| match draw.int_in_range(0..=VALUES.len()).unwrap_or(0) {
        at if at < VALUES.len() => Ok(VALUES[at]),
        _ => Err(()),
    });
    let pattern = text(draw, 12);
    let text =
        if draw.ratio(1u8, 3u8).unwrap_or(false) { text(draw, 16) } else { expanded(draw, &pattern, &held) };
    for variables in [false, true] {
        for wildcards in [false, true] {
            as_text(&pattern, &text, TemplateOptions { wildcards, variables }, &held);
        }
        as_resource(&pattern, &text, variables, &held);
        as_arn(&pattern, &text, variables, &held);
    }
}

fn text(draw: &mut Unstructured<'_>, most: usize) -> String {
    let count = draw.int_in_range(0..=most).unwrap_or(0);
    (0..count).map(|_| *draw.choose(&PARTS).unwrap_or(&"a")).collect()
}

/// A text that the pattern may match.
fn expanded(draw: &mut Unstructured<'_>, pattern: &str, held: &Held) -> String {
    let tokens = tokens(pattern, true, true, held).unwrap_or_default();
    let mut units = vec![];
    for token in tokens {
        match token {
            Token::Unit(unit) => units.push(unit),
            Token::One { .. } => {
                units.extend(draw.choose(&["a", ":", "é", "𐐀", ""]).unwrap_or(&"a").encode_utf16())
            }
            Token::Run { .. } => units.extend(text(draw, 3).encode_utf16()),
        }
    }
    String::from_utf16_lossy(&units)
}

/// One place in a pattern.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Token {
    /// This UTF-16 code unit.
    Unit(u16),
    /// `?`, which may or may not be a colon.
    One { colon: bool },
    /// `*`, which may or may not run over colons.
    Run { colon: bool },
}

/// A pattern as its places; `None` when a variable has no value.
fn tokens(mut rest: &str, wildcards: bool, variables: bool, held: &Held) -> Option<Vec<Token>> {
    let mut tokens = vec![];
    while let Some(first) = rest.chars().next() {
        let variable = VARIABLES.iter().find(|(spelling, ..)| variables && rest.starts_with(spelling));
        if let Some((spelling, key, default)) = variable {
            tokens.extend(value(key, *default, held)?.encode_utf16().map(Token::Unit));
            rest = &rest[spelling.len()..];
            continue;
        }
        match first {
            '*' if wildcards => tokens.push(Token::Run { colon: true }),
            '?' if wildcards => tokens.push(Token::One { colon: true }),
            other => tokens.extend(other.encode_utf16(&mut [0; 2]).iter().copied().map(Token::Unit)),
        }
        rest = &rest[first.len_utf8()..];
    }
    Some(tokens)
}

fn value<'a>(key: &'a str, default: Option<&'a str>, held: &Held) -> Option<&'a str> {
    let held = match key {
        "k0" => held[0],
        "a:k1" => held[1],
        "k2" => held[2],
        escape => return Some(escape),
    };
    match held {
        Ok(Some(value)) => Some(value),
        Ok(None) => default,
        Err(()) => None,
    }
}

/// Whether the places match the text: which of its places can be reached after each of them.
fn reaches(tokens: &[Token], text: &[u16]) -> bool {
    let colon = u16::from(b':');
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    for token in tokens {
        let mut next = vec![false; text.len() + 1];
        for (at, unit) in text.iter().enumerate() {
            let may = |over: bool| over || *unit != colon;
            match *token {
                Token::Unit(wanted) => next[at + 1] = reached[at] && *unit == wanted,
                Token::One { colon } => next[at + 1] = reached[at] && may(colon),
                Token::Run { colon } => {
                    next[at] |= reached[at];
                    next[at + 1] = next[at] && may(colon);
                }
            }
        }
        if let Token::Run { .. } = token {
            next[text.len()] |= reached[text.len()];
        }
        reached = next;
    }
    reached[text.len()]
}

fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

fn resolver<'v>(variables: &'v [Variable], held: &'v Held) -> impl Fn(usize) -> Resolved<'static> + 'v {
    |index| {
        let held = match variables[index].key() {
            "k0" => held[0],
            "a:k1" => held[1],
            _ => held[2],
        };
        match held {
            Ok(Some(value)) => Resolved::Text(value),
            Ok(None) => Resolved::Absent,
            Err(()) => Resolved::Unusable,
        }
    }
}

/// The length of a pattern after substitution, which is what its steps are counted by.
fn length(pattern: &str, held: &Held) -> usize {
    pattern.len()
        + pattern.matches("${").count()
            * held.iter().flatten().flatten().map(|value| value.len()).max().unwrap_or(0)
}

fn assert_match(what: &str, got: (Match, usize), expected: Match, pattern: &str, text: &str, held: &Held) {
    let (got, steps) = got;
    // Without a value nothing matches; a pattern that could not match anyway need not say which it was.
    let is_expected = got == expected || (got, expected) == (Match::No, Match::NoValue);
    assert!(is_expected, "{got:?}, expected {expected:?}: {what} {pattern:?} on {text:?} where {held:?}");
    let bound = STEPS_PER_PAIR * (length(pattern, held) + 1) * (text.len() + 1);
    assert!(
        steps <= bound,
        "{steps} steps, more than {bound}: {what} {pattern:?} on {text:?} where {held:?}"
    );
}

fn as_text(pattern: &str, text: &str, options: TemplateOptions, held: &Held) {
    let expected = match tokens(pattern, options.wildcards, options.variables, held) {
        Some(tokens) if reaches(&tokens, &units(text)) => Match::Yes,
        Some(_) => Match::No,
        None => Match::NoValue,
    };
    let compiled = TextPattern::new(pattern, options);
    let got = compiled.count_steps(text, resolver(compiled.variables(), held));
    assert_match("text", got, expected, pattern, text, held);
    assert_eq!(got.0, compiled.is_match_with(text, resolver(compiled.variables(), held)));
}

/// Rules M-12, M-13, M-45: in the first five fields no variable, and no wildcard over a colon but `*` at a field's end.
fn as_resource(pattern: &str, text: &str, variables: bool, held: &Held) {
    let fields = pattern.match_indices(':').nth(4).map_or(pattern.len(), |(at, _)| at + 1);
    let (head, tail) = pattern.split_at(fields);
    let mut places = tokens(head, true, false, held).unwrap_or_default();
    for at in 0..places.len() {
        let ends = places.get(at + 1).is_none_or(|next| *next == Token::Unit(u16::from(b':')));
        places[at] = match places[at] {
            Token::One { .. } => Token::One { colon: false },
            Token::Run { .. } => Token::Run { colon: ends },
            unit => unit,
        };
    }
    let whole = tokens(tail, true, variables, held).map(|tail| [places, tail].concat());
    let expected = match whole {
        Some(tokens) if reaches(&tokens, &units(text)) => Match::Yes,
        Some(_) => Match::No,
        None => Match::NoValue,
    };
    let compiled = ResourcePattern::new(pattern, Variables::enabled_if(variables));
    let got = compiled.count_steps(text, resolver(compiled.variables(), held));
    assert_match("resource", got, expected, pattern, text, held);
}

/// Rule C-22: six fields, each compared on its own.
fn as_arn(pattern: &str, text: &str, variables: bool, held: &Held) {
    let Some(arn) = Arn::split(text) else {
        assert!(
            !(text.starts_with("arn:") && text.matches(':').count() >= 5),
            "{text:?} has the form of an ARN"
        );
        return;
    };
    let expected = tokens(pattern, true, variables, held).map_or(Match::NoValue, |tokens| {
        let mut fields: Vec<Vec<Token>> = vec![vec![]];
        for token in tokens {
            if token == Token::Unit(u16::from(b':')) && fields.len() < 6 {
                fields.push(vec![]);
            } else if let Some(field) = fields.last_mut() {
                field.push(token);
            }
        }
        let of_arn: Vec<Token> = units("arn").into_iter().map(Token::Unit).collect();
        if fields.len() != 6 || fields[0] != of_arn {
            return Match::Malformed;
        }
        let matches =
            fields.iter().zip(text.splitn(6, ':')).all(|(field, text)| reaches(field, &units(text)));
        if matches { Match::Yes } else { Match::No }
    });
    let compiled = ArnPattern::new(pattern, Variables::enabled_if(variables));
    let got = compiled.count_steps(&arn, resolver(compiled.variables(), held));
    assert_match("ARN", got, expected, pattern, text, held);
}
