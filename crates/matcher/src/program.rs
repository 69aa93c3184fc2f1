//! The general form of a pattern, and the one loop that matches it.
//!
//! A [`Program`] is a list of tokens: literals, wildcards and variables. Every pattern could be matched with it;
//! the cheap shapes of `pattern.rs` are used where they are equivalent. How far a wildcard reaches is the only
//! thing in which the three matching rules differ, and it is a property of the program:
//!
//! - a *free* wildcard takes anything;
//! - a *bound* one stands in one of the leading fields that the program confines, and takes no colon.
//!
//! The loop remembers two places to go back to, not a stack of them. `wide` is the last free run, `narrow` the
//! last bound run behind it. That is enough:
//!
//! - Reaching a run at the leftmost place possible, every earlier run of the same field can be forgotten: whatever
//!   text an earlier run could take in addition, the later one can take as well. A free run replaces all.
//! - Passing a colon of the pattern, a bound run can be forgotten: it took no colon and takes none, so the colon
//!   is the same one whatever the run takes.
//!
//! Hence each place of the text is tried at most once for every free run and, between two of them, at most once
//! for each confined field: the steps are bounded by a constant times (pattern + 1) · (text + 1).

use memchr::{memchr, memchr_iter, memchr2};

use crate::cursor::Cursor;
use crate::steps::Steps;
use crate::template::{Piece, Resolved, Segment, Variable};

/// A compiled token list.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    tokens: Box<[Token]>,
    variables: Box<[Variable]>,
    /// In how many leading fields of the pattern wildcards take no colon: none of a text, five of an ARN.
    confined_fields: usize,
}

/// One token of a [`Program`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Token {
    /// These characters. Never empty, and never next to another literal.
    Literal { text: Box<str>, colons: usize },
    /// One UTF-16 code unit.
    One,
    /// Any run of code units. `crosses` frees it although its field is confined: it is the last thing of its
    /// field in a `Resource` (rule M-13).
    Run { crosses: bool },
    /// The value of the variable with this index.
    Variable(usize),
}

/// Collects tokens in their canonical form: literals joined, runs of stars reduced to one.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    tokens: Vec<Token>,
    variables: Vec<Variable>,
    literal: String,
}

impl Builder {
    /// Adds what a segment stands for.
    pub(crate) fn segment(&mut self, segment: Segment<'_>) {
        match segment {
            Segment::Text(text) => self.literal.push_str(text),
            Segment::Escape(character) => self.literal.push(character),
            Segment::Malformed(_) => self.literal.push_str("${"),
            Segment::AnyRun => self.run(false),
            Segment::AnyOne => self.token(Token::One),
            Segment::Variable { name, default } => {
                self.token(Token::Variable(self.variables.len()));
                self.variables.push(Variable::new(name, default));
            }
        }
    }

    /// Adds a run; of several in a row, the last decides how far they reach.
    pub(crate) fn run(&mut self, crosses: bool) {
        self.flush();
        if let Some(Token::Run { crosses: previous }) = self.tokens.last_mut() {
            *previous = crosses;
        } else {
            self.tokens.push(Token::Run { crosses });
        }
    }

    /// The tokens and the variables they name.
    pub(crate) fn finish(mut self) -> (Vec<Token>, Vec<Variable>) {
        self.flush();
        (self.tokens, self.variables)
    }

    fn token(&mut self, token: Token) {
        self.flush();
        self.tokens.push(token);
    }

    fn flush(&mut self) {
        if !self.literal.is_empty() {
            let text = std::mem::take(&mut self.literal).into_boxed_str();
            let colons = count_colons(&text);
            self.tokens.push(Token::Literal { text, colons });
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
    pub(crate) fn new(tokens: Vec<Token>, variables: Vec<Variable>, confined_fields: usize) -> Self {
        Self { tokens: tokens.into(), variables: variables.into(), confined_fields }
    }

    pub(crate) fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// The parts in order, with what they stand for.
    pub(crate) fn pieces(&self) -> impl DoubleEndedIterator<Item = Piece<'_>> + Clone {
        self.tokens.iter().map(|token| match token {
            Token::Literal { text, .. } => Piece::Literal(text),
            Token::One => Piece::AnyOne,
            Token::Run { .. } => Piece::AnyRun,
            Token::Variable(index) => Piece::Variable(*index),
        })
    }

    /// The literal that every match begins with.
    pub(crate) fn literal_prefix(&self) -> &str {
        literal(self.pieces().next())
    }

    /// The literal that every match ends with.
    pub(crate) fn literal_suffix(&self) -> &str {
        literal(self.pieces().next_back())
    }

    /// Whether the whole text matches, the variables standing for `values`.
    pub(crate) fn is_match<'v>(&self, text: &str, values: &impl Values<'v>, steps: &mut impl Steps) -> bool {
        let text = text.as_bytes();
        let mut place = Place::default();
        let mut wide: Option<Place> = None;
        let mut narrow: Option<Place> = None;
        loop {
            steps.add(1);
            let passed = match self.tokens.get(place.token) {
                None if place.text.offset == text.len() => return true,
                None => None,
                Some(Token::Literal { text: literal, colons }) => {
                    steps.add(literal.len());
                    pass_literal(place, literal.as_bytes(), *colons, text)
                }
                Some(Token::Variable(index)) => {
                    let value = values.value(*index);
                    steps.add(value.len());
                    pass_literal(place, value.as_bytes(), count_colons(value), text)
                }
                Some(Token::One) => {
                    if self.is_confined(place) && text.get(place.text.offset) == Some(&b':') {
                        None
                    } else {
                        place.text.after_unit(text).map(|text| Place {
                            token: place.token + 1,
                            text,
                            ..place
                        })
                    }
                }
                Some(Token::Run { crosses }) => {
                    let next = Place { token: place.token + 1, ..place };
                    if *crosses || !self.is_confined(place) {
                        if next.token == self.tokens.len() {
                            return true;
                        }
                        (wide, narrow) = (Some(next), None);
                    } else {
                        narrow = Some(next);
                    }
                    Some(next)
                }
            };
            if let Some(passed) = passed {
                if passed.colons > place.colons {
                    narrow = None;
                }
                place = passed;
                continue;
            }
            narrow = narrow.and_then(|point| self.widen(point, true, text, values, steps));
            if let Some(point) = narrow {
                place = point;
                continue;
            }
            wide = wide.and_then(|point| self.widen(point, false, text, values, steps));
            match wide {
                Some(point) => place = point,
                None => return false,
            }
        }
    }

    fn is_confined(&self, place: Place) -> bool {
        place.colons < self.confined_fields
    }

    /// Lets the run before `place` take at least one more code unit, and more if what follows cannot begin earlier.
    fn widen<'v>(
        &self,
        place: Place,
        bound: bool,
        text: &[u8],
        values: &impl Values<'v>,
        steps: &mut impl Steps,
    ) -> Option<Place> {
        if bound && text.get(place.text.offset) == Some(&b':') {
            return None;
        }
        let next = place.text.after_unit(text)?;
        let first = match self.tokens.get(place.token) {
            Some(Token::Literal { text: literal, .. }) => literal.as_bytes().first(),
            Some(Token::Variable(index)) => values.value(*index).as_bytes().first(),
            _ => None,
        };
        let Some(&first) = first else {
            steps.add(1);
            return Some(Place { text: next, ..place });
        };
        // A literal begins with a character, not inside one.
        let start = if next.inside { next.after_unit(text)?.offset } else { next.offset };
        let rest = text.get(start..)?;
        let found = if bound { memchr2(first, b':', rest) } else { memchr(first, rest) };
        steps.add(found.unwrap_or(rest.len()) + 1);
        let offset = start + found?;
        Some(Place { text: Cursor { offset, inside: false }, ..place })
    }
}

/// The place behind a literal, if the text goes on with it.
#[inline]
fn pass_literal(place: Place, literal: &[u8], colons: usize, text: &[u8]) -> Option<Place> {
    let Place { token, text: Cursor { offset, inside }, colons: before } = place;
    if literal.is_empty() {
        // An empty value is nothing at all, also between the two units of a character.
        return Some(Place { token: token + 1, ..place });
    }
    if inside || !text.get(offset..)?.starts_with(literal) {
        return None;
    }
    let text = Cursor { offset: offset + literal.len(), inside: false };
    Some(Place { token: token + 1, text, colons: before + colons })
}

/// The text of a piece that is a literal.
pub(crate) fn literal(piece: Option<Piece<'_>>) -> &str {
    match piece {
        Some(Piece::Literal(literal)) => literal,
        _ => "",
    }
}

/// The number of colons of a text.
pub(crate) fn count_colons(text: &str) -> usize {
    memchr_iter(b':', text.as_bytes()).count()
}

/// The texts that the variables of a program stand for.
pub(crate) trait Values<'v> {
    /// The text of the variable with this index.
    fn value(&self, index: usize) -> &'v str;
}

/// The values of a program without variables.
pub(crate) struct NoValues;

impl Values<'_> for NoValues {
    fn value(&self, _index: usize) -> &'static str {
        ""
    }
}

/// Values that a resolver gave, all known to exist.
pub(crate) struct ResolvedValues<'v, R> {
    /// The first few, so that going back over a variable does not resolve it again.
    first: [&'v str; KEPT_VALUES],
    variables: &'v [Variable],
    resolve: R,
}

/// How many resolved values are kept; policies name one or two variables in a value.
const KEPT_VALUES: usize = 4;

impl<'v, R: Fn(usize) -> Resolved<'v>> ResolvedValues<'v, R> {
    /// Resolves every variable, or `None` if one of them has no value.
    pub(crate) fn new(variables: &'v [Variable], resolve: R) -> Option<Self> {
        let mut first = [""; KEPT_VALUES];
        for (index, variable) in variables.iter().enumerate() {
            let value = text_of(variable, resolve(index))?;
            if let Some(kept) = first.get_mut(index) {
                *kept = value;
            }
        }
        Some(Self { first, variables, resolve })
    }
}

impl<'v, R: Fn(usize) -> Resolved<'v>> Values<'v> for ResolvedValues<'v, R> {
    fn value(&self, index: usize) -> &'v str {
        if let Some(value) = self.first.get(index) {
            return value;
        }
        self.variables
            .get(index)
            .and_then(|variable| text_of(variable, (self.resolve)(index)))
            .unwrap_or_default()
    }
}

/// The text that a variable stands for, if it has one.
fn text_of<'v>(variable: &'v Variable, resolved: Resolved<'v>) -> Option<&'v str> {
    match resolved {
        Resolved::Text(text) => Some(text),
        Resolved::Absent => variable.default(),
        Resolved::Unusable => None,
    }
}
