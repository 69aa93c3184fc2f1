//! The syntax of a policy text: wildcards, policy variables, escapes, and what a variable resolves to.
//!
//! [`segments`] reads a text once and says what each part of it is; every pattern of this crate is compiled
//! from it, and checks that report mistakes in a policy can read the same segments. Which elements of a
//! policy may hold variables, and where a value comes from, is not known here.

use std::fmt;
use std::iter::FusedIterator;
use std::ops::Range;

use memchr::{memchr, memchr2, memchr3};

/// What has a meaning of its own in a text.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct TemplateOptions {
    /// Whether `*` and `?` are wildcards (`StringLike`) or characters (`StringEquals`).
    pub wildcards: bool,
    /// Whether `${…}` is a policy variable: under `"Version": "2012-10-17"` only, in the elements that take
    /// variables (rule M-44).
    pub variables: bool,
}

/// Whether `${…}` is a policy variable in a `Resource` or an ARN condition: under `"Version": "2012-10-17"`
/// only (rule M-44).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Variables {
    /// `${…}` is a variable.
    Enabled,
    /// `${…}` is literal text.
    Disabled,
}

impl Variables {
    /// Enabled if the condition holds.
    #[must_use]
    pub const fn enabled_if(condition: bool) -> Self {
        if condition { Self::Enabled } else { Self::Disabled }
    }

    /// Whether it is [`Variables::Enabled`].
    #[must_use]
    pub const fn are_enabled(self) -> bool {
        matches!(self, Self::Enabled)
    }
}

/// One part of a policy text, as [`segments`] reads it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Segment<'t> {
    /// Characters that stand for themselves.
    Text(&'t str),
    /// `*`: any run of characters, the empty one included.
    AnyRun,
    /// `?`: exactly one UTF-16 code unit.
    AnyOne,
    /// `${*}`, `${?}` or `${$}`: the character itself, wherever variables work (rule M-49).
    Escape(char),
    /// `${name}` or `${name, 'default'}`.
    Variable {
        /// The name as written.
        name: &'t str,
        /// The text that takes the place of an absent value (rule M-50).
        default: Option<&'t str>,
    },
    /// A `${` that begins no variable, for the reason given. It is evaluated as the two characters it is.
    Malformed(VariableMistake),
}

/// Why a `${` begins no variable (rule M-53).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum VariableMistake {
    /// `${}`: there is no name. AWS's code is `EMPTY_VARIABLE`.
    Empty,
    /// There is no closing brace. AWS's code is `MISSING_BRACE_IN_VARIABLE`.
    MissingBrace,
    /// What follows the comma is not one space and a text in single quotes. AWS's code is
    /// `MISSING_QUOTE_IN_VARIABLE`.
    MissingQuote,
    /// There is white space in the name. AWS's code is `UNSUPPORTED_SPACE_IN_VARIABLE`.
    Space,
}

/// Reads a policy text part by part, each with its range of bytes.
///
/// The ranges are in order, without gaps, and cover the text; a text may be given in several parts. A default
/// text runs to the next single quote: there is no way to write a quote in it.
///
/// ```
/// use bailiwick_matcher::{Segment, TemplateOptions, segments};
///
/// let options = TemplateOptions { wildcards: true, variables: true };
/// let parts: Vec<_> = segments("b/${aws:username}/${*}*", options).map(|(_, part)| part).collect();
/// assert_eq!(
///     parts,
///     [
///         Segment::Text("b/"),
///         Segment::Variable { name: "aws:username", default: None },
///         Segment::Text("/"),
///         Segment::Escape('*'),
///         Segment::AnyRun,
///     ]
/// );
/// ```
#[must_use]
pub fn segments(text: &str, options: TemplateOptions) -> Segments<'_> {
    Segments { rest: text, offset: 0, options }
}

/// The iterator of [`segments`].
#[derive(Clone, Debug)]
pub struct Segments<'t> {
    rest: &'t str,
    offset: usize,
    options: TemplateOptions,
}

impl<'t> Iterator for Segments<'t> {
    type Item = (Range<usize>, Segment<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        let first = self.rest.chars().next()?;
        let (length, segment) = match first {
            '*' if self.options.wildcards => (1, Segment::AnyRun),
            '?' if self.options.wildcards => (1, Segment::AnyOne),
            '$' if self.options.variables && self.rest.starts_with("${") => variable(self.rest),
            _ => {
                let length = self.plain_length();
                (length, Segment::Text(self.rest.get(..length).unwrap_or(self.rest)))
            }
        };
        let start = self.offset;
        self.offset += length;
        self.rest = self.rest.get(length..).unwrap_or_default();
        Some((start..self.offset, segment))
    }
}

impl FusedIterator for Segments<'_> {}

impl Segments<'_> {
    /// The number of bytes before the next character that may have a meaning of its own; the first one has
    /// none.
    fn plain_length(&self) -> usize {
        let TemplateOptions { wildcards, variables } = self.options;
        // These are ASCII characters, which no later byte of another character looks like.
        let rest = self.rest.as_bytes().get(1..).unwrap_or_default();
        let found = match (wildcards, variables) {
            (true, true) => memchr3(b'*', b'?', b'$', rest),
            (true, false) => memchr2(b'*', b'?', rest),
            (false, true) => memchr(b'$', rest),
            (false, false) => None,
        };
        found.map_or(self.rest.len(), |found| found + 1)
    }
}

/// Reads the variable, escape or mistake that a text beginning with `${` begins with, and its length in
/// bytes.
fn variable(text: &str) -> (usize, Segment<'_>) {
    const OPENING: usize = 2;
    let malformed = |mistake| (OPENING, Segment::Malformed(mistake));

    let inner = text.get(OPENING..).unwrap_or_default();
    for (escape, character) in [("*}", '*'), ("?}", '?'), ("$}", '$')] {
        if inner.starts_with(escape) {
            return (OPENING + escape.len(), Segment::Escape(character));
        }
    }
    // A name cannot hold a brace, so that `${a/${b}` is an unclosed `${a/` and a variable `b`.
    let Some(name_length) = inner.find(['}', ',', '{']) else {
        return malformed(VariableMistake::MissingBrace);
    };
    let (name, rest) = inner.split_at_checked(name_length).unwrap_or((inner, ""));
    if rest.starts_with('{') {
        return malformed(VariableMistake::MissingBrace);
    }
    if name.is_empty() {
        return malformed(VariableMistake::Empty);
    }
    if name.contains(char::is_whitespace) {
        return malformed(VariableMistake::Space);
    }
    if rest.starts_with('}') {
        return (OPENING + name_length + 1, Segment::Variable { name, default: None });
    }
    let Some((default, rest)) = rest.strip_prefix(", '").and_then(|quoted| quoted.split_once('\'')) else {
        return malformed(VariableMistake::MissingQuote);
    };
    if !rest.starts_with('}') {
        return malformed(VariableMistake::MissingBrace);
    }
    let length = OPENING + name_length + ", '".len() + default.len() + "'}".len();
    (length, Segment::Variable { name, default: Some(default) })
}

/// A policy variable of a compiled pattern.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Variable {
    key: Box<str>,
    default: Option<Box<str>>,
}

impl Variable {
    pub(crate) fn new(name: &str, default: Option<&str>) -> Self {
        Self { key: name.to_lowercase().into(), default: default.map(Into::into) }
    }

    /// The context key it asks for, in lower case: names are case-insensitive (rule M-46), those of tags in
    /// any script.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The text that takes the place of an absent value, if there is one (rule M-50).
    #[must_use]
    pub fn default(&self) -> Option<&str> {
        self.default.as_deref()
    }
}

/// What a request holds for a variable's key.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Resolved<'v> {
    /// One value. It is literal text: no wildcard, not expanded again (rules M-47, M-48).
    Text(&'v str),
    /// The key is absent: the variable's default takes its place, if it has one.
    Absent,
    /// The key is there and has no single value, as a multivalued key even with one element: the default is
    /// *not* used (rule M-46).
    Unusable,
}

/// How a text with variables answered.
///
/// Three answers are no match; they are told apart because a negated operator, and an explanation, treat them
/// differently.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[must_use]
pub enum Match {
    /// The text matches.
    Yes,
    /// The text does not match.
    No,
    /// A variable has no value, so the whole policy value has none: a positive operator does not match, a
    /// negated one does (rules M-51, M-52).
    NoValue,
    /// The policy value, after substitution, is not a well-formed ARN. Only an ARN operator says so, and the
    /// statement fails closed: an `Allow` gives nothing, a `Deny` applies, whichever way the operator points.
    Malformed,
}

impl Match {
    /// Whether it is [`Match::Yes`].
    #[must_use]
    pub const fn is_yes(self) -> bool {
        matches!(self, Self::Yes)
    }
}

impl From<bool> for Match {
    fn from(matched: bool) -> Self {
        if matched { Self::Yes } else { Self::No }
    }
}

/// One part of a compiled pattern, in order; see [`TextPattern::parts`](crate::TextPattern::parts).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Part<'p> {
    /// Characters that stand for themselves.
    Literal(&'p str),
    /// Any run of characters.
    AnyRun,
    /// One UTF-16 code unit.
    AnyOne,
    /// The value of the variable with this index.
    Variable(usize),
}

/// Writes the variable as policy text.
impl fmt::Display for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.default() {
            Some(default) => write!(f, "${{{}, '{default}'}}", self.key),
            None => write!(f, "${{{}}}", self.key),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Segment, TemplateOptions, VariableMistake, segments};
    use crate::oracle::strings;

    const ALL: TemplateOptions = TemplateOptions { wildcards: true, variables: true };

    fn first(text: &str) -> Segment<'_> {
        segments(text, ALL).next().unwrap().1
    }

    #[test]
    fn a_variable_has_a_name_and_perhaps_a_quoted_default() {
        for (text, name, default) in [
            ("${aws:username}", "aws:username", None),
            ("${aws:PrincipalTag/eks:cluster}", "aws:PrincipalTag/eks:cluster", None),
            ("${www.amazon.com:user_id}/x}", "www.amazon.com:user_id", None),
            ("${aws:PrincipalTag/team, 'company-wide'}", "aws:PrincipalTag/team", Some("company-wide")),
            ("${k, ''}", "k", Some("")),
            ("${k, 'a, }*${x}'}", "k", Some("a, }*${x}")),
        ] {
            assert_eq!(first(text), Segment::Variable { name, default }, "{text}");
        }
    }

    #[test]
    fn what_is_no_variable_says_why() {
        for (text, mistake) in [
            ("${}", VariableMistake::Empty),
            ("${, 'x'}", VariableMistake::Empty),
            ("${", VariableMistake::MissingBrace),
            ("${aws:username", VariableMistake::MissingBrace),
            ("${aws:username/${aws:userid}", VariableMistake::MissingBrace),
            ("${k, 'x'", VariableMistake::MissingBrace),
            ("${k, 'x' }", VariableMistake::MissingBrace),
            ("${ aws:username}", VariableMistake::Space),
            ("${aws:username }", VariableMistake::Space),
            ("${aws:PrincipalTag/cost\u{a0}center}", VariableMistake::Space),
            ("${k , 'x'}", VariableMistake::Space),
            ("${k,'x'}", VariableMistake::MissingQuote),
            ("${k,  'x'}", VariableMistake::MissingQuote),
            ("${k, x}", VariableMistake::MissingQuote),
            ("${k, 'x}/*", VariableMistake::MissingQuote),
            ("${k, \"x\"}", VariableMistake::MissingQuote),
        ] {
            assert_eq!(first(text), Segment::Malformed(mistake), "{text}");
        }
    }

    #[test]
    fn a_dollar_or_brace_alone_is_text() {
        for text in ["$5", "$", "{x}", "$$", "}"] {
            assert!(segments(text, ALL).all(|(_, segment)| matches!(segment, Segment::Text(_))), "{text}");
        }
    }

    #[test]
    fn nothing_has_a_meaning_that_the_options_do_not_give() {
        let text = "a*?${*}${aws:username}é";
        let read = |wildcards, variables| -> Vec<_> {
            segments(text, TemplateOptions { wildcards, variables }).map(|(_, segment)| segment).collect()
        };
        assert_eq!(read(false, false), [Segment::Text(text)]);
        assert_eq!(
            read(true, false),
            [
                Segment::Text("a"),
                Segment::AnyRun,
                Segment::AnyOne,
                Segment::Text("${"),
                Segment::AnyRun,
                Segment::Text("}${aws:username}é"),
            ]
        );
        assert_eq!(
            read(false, true),
            [
                Segment::Text("a*?"),
                Segment::Escape('*'),
                Segment::Variable { name: "aws:username", default: None },
                Segment::Text("é"),
            ]
        );
    }

    #[test]
    fn ranges_cover_the_text_without_gaps() {
        for text in strings("é*${}a", 6) {
            for options in [ALL, TemplateOptions { wildcards: true, ..TemplateOptions::default() }] {
                let mut end = 0;
                for (range, segment) in segments(&text, options) {
                    assert_eq!(range.start, end, "{text:?}");
                    let part = text.get(range.clone()).unwrap();
                    assert!(!part.is_empty(), "{text:?}");
                    if let Segment::Text(plain) = segment {
                        assert_eq!(plain, part, "{text:?}");
                    }
                    end = range.end;
                }
                assert_eq!(end, text.len(), "{text:?}");
            }
        }
    }
}
