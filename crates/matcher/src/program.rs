//! The general form of a pattern, and the one loop that matches it.
//!
//! A [`Program`] is a list of tokens: literals, wildcards and variables. Every pattern could be matched with
//! it; the cheap shapes of `pattern.rs` are used where they are equivalent. How far a wildcard reaches is the
//! only thing in which the three matching rules differ, and it is a property of the program:
//!
//! - a *free* wildcard takes anything;
//! - a *bound* one is in one of the leading fields that the program confines, and takes no colon.
//!
//! The loop remembers two places to go back to, not a stack of them. `wide` is the last free run, `narrow`
//! the last bound run after it. That is enough:
//!
//! - Reaching a run at the leftmost place possible, every earlier run of the same field can be forgotten: whatever
//!   text an earlier run could take in addition, the later one can take as well. A free run replaces all.
//! - Passing a colon of the pattern, a bound run can be forgotten: it took no colon and takes none, so the colon
//!   is the same one whatever the run takes.
//!
//! Hence each place of the text is tried at most once for every free run and, between two of them, at most
//! once for each confined field: the steps are bounded by 12 · (pattern + 1) · (text + 1).

use memchr::{memchr, memchr_iter};

use crate::cursor::Cursor;
use crate::needle::Needle;
use crate::parts::{OwnedPart, Parts};
use crate::steps::Steps;
use crate::template::{Part, Variable};
use crate::values::Values;

/// A compiled token list.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    tokens: Box<[Token]>,
    variables: Box<[Variable]>,
    /// In how many leading fields of the pattern wildcards take no colon: none of a text, five of an ARN.
    confined_fields: usize,
}

/// One token of a [`Program`].
#[derive(Clone, Debug)]
enum Token {
    /// A literal, and how many colons it holds.
    Literal { needle: Needle, colons: usize },
    /// One UTF-16 code unit.
    One,
    /// Any run of code units; `crosses` frees it although its field is confined.
    Run { crosses: bool },
    /// The value of the variable with this index.
    Variable(usize),
}

impl From<OwnedPart> for Token {
    fn from(part: OwnedPart) -> Self {
        match part {
            OwnedPart::Literal(text) => {
                Self::Literal { colons: count_colons(&text), needle: Needle::new(text) }
            }
            OwnedPart::One => Self::One,
            OwnedPart::Run { crosses } => Self::Run { crosses },
            OwnedPart::Variable(index) => Self::Variable(index),
        }
    }
}

/// A place of the loop: the next token, the next code unit, and how many colons of the pattern are passed.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    token: usize,
    text: Cursor,
    colons: usize,
}

impl Program {
    pub(crate) fn new(parts: Parts, confined_fields: usize) -> Self {
        let tokens = parts.parts.into_iter().map(Token::from).collect();
        Self { tokens, variables: parts.variables.into(), confined_fields }
    }

    pub(crate) fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// The parts in order, with what they stand for.
    pub(crate) fn parts(&self) -> impl DoubleEndedIterator<Item = Part<'_>> + Clone {
        self.tokens.iter().map(|token| match token {
            Token::Literal { needle, .. } => Part::Literal(needle.as_str()),
            Token::One => Part::AnyOne,
            Token::Run { .. } => Part::AnyRun,
            Token::Variable(index) => Part::Variable(*index),
        })
    }

    /// The literal that every match begins with.
    pub(crate) fn literal_prefix(&self) -> &str {
        literal(self.parts().next())
    }

    /// The literal that every match ends with.
    pub(crate) fn literal_suffix(&self) -> &str {
        literal(self.parts().next_back())
    }

    /// Whether the whole text matches, the variables standing for `values`.
    pub(crate) fn is_match<'v>(&self, text: &[u8], values: &impl Values<'v>, steps: &mut impl Steps) -> bool {
        let mut place = Place::default();
        let mut wide: Option<Place> = None;
        let mut narrow: Option<Place> = None;
        loop {
            steps.add(1);
            let passed = match self.tokens.get(place.token) {
                None if place.text.offset == text.len() => return true,
                None => None,
                Some(Token::Literal { needle, colons }) => {
                    steps.add(needle.as_bytes().len());
                    place.behind_literal(needle.as_bytes(), *colons, text)
                }
                Some(Token::Variable(index)) => {
                    let value = values.value(*index);
                    steps.add(value.len());
                    // PERF: colons matter in confined fields only; counting them costs 3 ns a value.
                    let colons = if self.is_confined(place) { count_colons(value) } else { 0 };
                    place.behind_literal(value.as_bytes(), colons, text)
                }
                Some(Token::One) if self.is_confined(place) && place.is_before_colon(text) => None,
                Some(Token::One) => place.behind_unit(text).map(Place::after_token),
                Some(Token::Run { crosses }) => {
                    let start = place.after_token();
                    if *crosses || !self.is_confined(place) {
                        if start.token == self.tokens.len() {
                            return true;
                        }
                        // Without a place for what follows, no earlier run finds one: it would leave less
                        // text.
                        let Some(seen) = self.seek(start, false, text, values, steps) else { return false };
                        (wide, narrow) = (Some(seen.at), None);
                        Some(seen.after)
                    } else {
                        let seen = self.seek(start, true, text, values, steps);
                        narrow = seen.map(|seen| seen.at);
                        seen.map(|seen| seen.after)
                    }
                }
            };
            let next = match passed {
                Some(passed) => passed,
                None => match narrow.and_then(|at| self.widen(at, true, text, values, steps)) {
                    Some(seen) => {
                        narrow = Some(seen.at);
                        place = seen.at;
                        seen.after
                    }
                    None => match wide.and_then(|at| self.widen(at, false, text, values, steps)) {
                        Some(seen) => {
                            (wide, narrow) = (Some(seen.at), None);
                            seen.after
                        }
                        None => return false,
                    },
                },
            };
            if next.colons > place.colons {
                narrow = None;
            }
            place = next;
        }
    }

    #[inline]
    fn is_confined(&self, place: Place) -> bool {
        place.colons < self.confined_fields
    }

    /// Lets the run before a place take at least one code unit more.
    #[inline]
    fn widen<'v>(
        &self,
        at: Place,
        bound: bool,
        text: &[u8],
        values: &impl Values<'v>,
        steps: &mut impl Steps,
    ) -> Option<Seen> {
        if bound && at.is_before_colon(text) {
            return None;
        }
        self.seek(at.behind_unit(text)?, bound, text, values, steps)
    }

    /// The first place, from this one on, where what follows a run can begin; a bound run takes no colon.
    #[inline(never)]
    fn seek<'v>(
        &self,
        from: Place,
        bound: bool,
        text: &[u8],
        values: &impl Values<'v>,
        steps: &mut impl Steps,
    ) -> Option<Seen> {
        steps.add(1);
        match self.tokens.get(from.token) {
            Some(Token::Literal { needle, colons }) => {
                let (start, rest) = from.rest(text)?;
                let rest = if bound { through_colon(rest, needle.as_bytes().len(), steps) } else { rest };
                let offset = start + needle.find(rest, steps)?;
                let at = from.at_offset(offset);
                let after = at.at_offset(offset + needle.as_bytes().len()).after_token();
                Some(Seen { at, after: Place { colons: at.colons + colons, ..after } })
            }
            Some(Token::Variable(index)) if let Some(&first) = values.value(*index).as_bytes().first() => {
                let (start, rest) = from.rest(text)?;
                let rest = if bound { through_colon(rest, 1, steps) } else { rest };
                let found = memchr(first, rest);
                steps.add(found.unwrap_or(rest.len()));
                let at = from.at_offset(start + found?);
                Some(Seen { at, after: at })
            }
            _ => Some(Seen { at: from, after: from }),
        }
    }
}

/// Where a run ends.
#[derive(Clone, Copy, Debug)]
struct Seen {
    /// Before what follows the run: the place from which the run is widened.
    at: Place,
    /// Behind what is known to match there.
    after: Place,
}

impl Place {
    /// The same place of the text, before the next token.
    #[inline]
    fn after_token(self) -> Self {
        Self { token: self.token + 1, ..self }
    }

    /// The place after the next code unit of the text.
    #[inline]
    fn behind_unit(self, text: &[u8]) -> Option<Self> {
        Some(Self { text: self.text.after_unit(text)?, ..self })
    }

    /// The place after a literal and its token, if the text goes on with it.
    #[inline]
    fn behind_literal(self, literal: &[u8], colons: usize, text: &[u8]) -> Option<Self> {
        let Cursor { offset, inside } = self.text;
        if literal.is_empty() {
            // An empty value is nothing at all, also between the two units of a character.
            return Some(self.after_token());
        }
        if inside || !text.get(offset..)?.starts_with(literal) {
            return None;
        }
        let after = self.at_offset(offset + literal.len()).after_token();
        Some(Self { colons: self.colons + colons, ..after })
    }

    #[inline]
    fn at_offset(self, offset: usize) -> Self {
        Self { text: Cursor { offset, inside: false }, ..self }
    }

    #[inline]
    fn is_before_colon(self, text: &[u8]) -> bool {
        text.get(self.text.offset) == Some(&b':')
    }

    /// The text from the next character on, and where that begins: a literal never begins inside a character.
    #[inline]
    fn rest(self, text: &[u8]) -> Option<(usize, &[u8])> {
        let start = if self.text.inside { self.text.after_unit(text)?.offset } else { self.text.offset };
        Some((start, text.get(start..)?))
    }
}

/// The part of a text in which a literal of a length begins before the first colon, or at it.
#[inline]
fn through_colon<'t>(text: &'t [u8], length: usize, steps: &mut impl Steps) -> &'t [u8] {
    let colon = memchr(b':', text).unwrap_or(text.len());
    steps.add(colon);
    text.get(..colon + length).unwrap_or(text)
}

/// The text of a part that is a literal.
pub(crate) fn literal(part: Option<Part<'_>>) -> &str {
    match part {
        Some(Part::Literal(literal)) => literal,
        _ => "",
    }
}

/// The number of colons of a text.
pub(crate) fn count_colons(text: &str) -> usize {
    memchr_iter(b':', text.as_bytes()).count()
}
