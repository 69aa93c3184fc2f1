//! Patterns whose only wildcards are `*` and `?`, in the cheapest equivalent shape.
//!
//! Here wildcards take anything, `:` and `/` included. Fields of an ARN are the business of `resource.rs` and
//! `arn_pattern.rs`.

use std::fmt;

use memchr::{memchr, memchr_iter, memchr2, memchr3, memrchr};

use crate::lanes::{begins_with, is_same};
use crate::literals::Literals;
use crate::needle::Needle;
use crate::parts::{Builder, OwnedPart, Parts};
use crate::program::{Program, literal};
use crate::steps::{Steps, Uncounted};
use crate::template::{Part, TemplateOptions, segments};
use crate::values::NoValues;

/// A text with wildcards, compiled.
///
/// `*` is any run of characters, the empty one included; `?` for exactly one UTF-16 code unit, so
/// that a character beyond U+FFFF takes two of them; every other character is literal. The whole text
/// must match, and letter case counts (rules M-2, C-10).
///
/// For a comparison without letter case, as of action names (rule M-1), build the pattern from lower-cased
/// text and match it against lower-cased text.
///
/// Matching does not allocate, and takes at most 12 · (pattern + 1) · (text + 1) steps.
///
/// ```
/// use bailiwick_matcher::Pattern;
///
/// let pattern = Pattern::new("iam:*AccessKey*");
/// assert!(pattern.is_match("iam:UpdateAccessKey"));
/// assert!(!pattern.is_match("iam:GetUser"));
///
/// assert!(Pattern::new("?").is_match("é"));
/// assert!(!Pattern::new("?").is_match("𐐀"));
/// assert!(Pattern::new("??").is_match("𐐀"));
/// ```
#[derive(Clone, Debug)]
pub struct Pattern {
    shape: Shape,
}

/// The shapes, cheapest first; a pattern has the first that is equivalent to it.
#[derive(Clone, Debug)]
enum Shape {
    /// Matches every text. Used if and only if the pattern is one or more `*`.
    Any,
    /// Matches a text if and only if it is this literal. Used if and only if the pattern has no wildcard.
    Exact(Box<str>),
    /// Matches a text if and only if it begins with this literal. Used if and only if the pattern is a
    /// literal and then one or more `*`.
    Prefix(Box<str>),
    /// Matches a text if and only if it ends with this literal. Used if and only if the pattern is one or
    /// more `*` and then a literal.
    Suffix(Box<str>),
    /// Matches a text if and only if it begins with the first and ends with the second literal and is at
    /// least as long as both together. Used if and only if the pattern is two literals with one or more `*`
    /// between.
    PrefixSuffix(Box<str>, Box<str>),
    /// Matches a text if and only if it begins with the prefix, ends with the suffix, and holds the inner
    /// literals between them in order and without overlap. Used if and only if the pattern has no `?` and no
    /// simpler shape.
    Literals(Box<Literals>),
    /// Matches a text if and only if the program does. Used if and only if the pattern has a `?`.
    General(Box<Program>),
}

impl Pattern {
    /// Compiles a text in which `*` and `?` are wildcards.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self::with_options(text, TemplateOptions { wildcards: true, variables: false })
    }

    /// Compiles a text without wildcards: every character is literal.
    ///
    /// ```
    /// use bailiwick_matcher::Pattern;
    ///
    /// assert!(Pattern::literal("a*").is_match("a*"));
    /// assert!(!Pattern::literal("a*").is_match("ab"));
    /// ```
    #[must_use]
    pub fn literal(text: &str) -> Self {
        Self { shape: Shape::Exact(text.into()) }
    }

    /// The pattern of a text whose only wildcards are `*`, and which holds nothing that may begin a variable.
    ///
    /// PERF: an eighth of the instructions that reading it part by part takes; nearly all patterns are so.
    pub(crate) fn simple(text: &str, options: TemplateOptions) -> Option<Self> {
        let shape = match memchr3(b'*', b'?', b'$', text.as_bytes()) {
            None => Shape::Exact(text.into()),
            Some(place) if options.wildcards => match text.split_at_checked(place)? {
                ("", "*") => Shape::Any,
                (prefix, "*") => Shape::Prefix(prefix.into()),
                (prefix, rest) if memchr2(b'?', b'$', rest.as_bytes()).is_none() => {
                    Shape::starred(prefix, rest)?
                }
                _ => return None,
            },
            Some(_) => return None,
        };
        Some(Self { shape })
    }

    /// Compiles a text that holds no variable, or whose variables are not to be seen.
    pub(crate) fn with_options(text: &str, options: TemplateOptions) -> Self {
        if let Some(simple) = Self::simple(text, options) {
            return simple;
        }
        let parts = Builder::parts(segments(text, options).map(|(_, segment)| segment));
        debug_assert!(parts.variables.is_empty(), "a pattern has no variables");
        Self::from_parts(parts)
    }

    /// Compiles parts that hold no variable; their wildcards are free.
    pub(crate) fn from_parts(parts: Parts) -> Self {
        Self { shape: Shape::new(parts) }
    }

    /// Whether the whole text matches.
    #[inline]
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.is_match_counting(text.as_bytes(), &mut Uncounted)
    }

    #[inline(always)]
    pub(crate) fn is_match_counting(&self, text: &[u8], steps: &mut impl Steps) -> bool {
        match &self.shape {
            Shape::Any => {
                steps.add(1);
                true
            }
            Shape::Exact(literal) => {
                steps.add(1 + literal.len());
                is_same(text, literal.as_bytes())
            }
            Shape::Prefix(prefix) => {
                steps.add(1 + prefix.len());
                begins_with(text, prefix.as_bytes())
            }
            _ => self.is_match_searching(text, steps),
        }
    }

    /// PERF: apart, so that the comparisons above are inlined where patterns are matched: a call costs more
    /// than they do.
    #[inline(never)]
    fn is_match_searching(&self, text: &[u8], steps: &mut impl Steps) -> bool {
        match &self.shape {
            Shape::Suffix(suffix) => {
                steps.add(1 + suffix.len());
                text.ends_with(suffix.as_bytes())
            }
            Shape::PrefixSuffix(prefix, suffix) => {
                steps.add(1 + prefix.len() + suffix.len());
                text.len() >= prefix.len() + suffix.len()
                    && begins_with(text, prefix.as_bytes())
                    && text.ends_with(suffix.as_bytes())
            }
            Shape::Literals(literals) => literals.is_match(text, steps),
            Shape::General(program) => program.is_match(text, &NoValues, steps),
            _ => false,
        }
    }

    /// The one text that matches, if the pattern has no wildcard.
    #[must_use]
    pub fn as_literal(&self) -> Option<&str> {
        match &self.shape {
            Shape::Exact(literal) => Some(literal),
            _ => None,
        }
    }

    /// Whether every text matches because the pattern is `*`.
    #[must_use]
    pub fn is_any(&self) -> bool {
        matches!(self.shape, Shape::Any)
    }

    /// The longest literal that every matching text begins with, as far as the pattern's text shows it.
    ///
    /// ```
    /// use bailiwick_matcher::Pattern;
    ///
    /// assert_eq!(Pattern::new("arn:aws:s3:::logs-*/2024/*").literal_prefix(), "arn:aws:s3:::logs-");
    /// assert_eq!(Pattern::new("*").literal_prefix(), "");
    /// ```
    #[must_use]
    pub fn literal_prefix(&self) -> &str {
        literal(self.parts().next())
    }

    /// The longest literal that every matching text ends with, as far as the pattern's text shows it.
    #[must_use]
    pub fn literal_suffix(&self) -> &str {
        literal(self.parts().last())
    }

    /// The parts in order; a pattern has no [`Part::Variable`].
    pub fn parts(&self) -> impl Iterator<Item = Part<'_>> + Clone {
        let (prefix, inner, suffix): (&str, &[Needle], &str) = match &self.shape {
            Shape::Any | Shape::General(_) => ("", &[], ""),
            Shape::Exact(literal) | Shape::Prefix(literal) => (literal, &[], ""),
            Shape::Suffix(literal) => ("", &[], literal),
            Shape::PrefixSuffix(prefix, suffix) => (prefix, &[], suffix),
            Shape::Literals(literals) => (&literals.prefix, &literals.inner, &literals.suffix),
        };
        let run = (!matches!(self.shape, Shape::Exact(_) | Shape::General(_))).then_some(Part::AnyRun);
        let literal = |text| Some(Part::Literal(text)).filter(|part| *part != Part::Literal(""));
        let program = match &self.shape {
            Shape::General(program) => Some(program.parts()),
            _ => None,
        };
        literal(prefix)
            .into_iter()
            .chain(run)
            .chain(inner.iter().flat_map(|needle| [Part::Literal(needle.as_str()), Part::AnyRun]))
            .chain(literal(suffix))
            .chain(program.into_iter().flatten())
    }
}

impl Shape {
    /// The shape of a prefix and a rest whose first character is a `*` and in which nothing else is a
    /// wildcard.
    fn starred(prefix: &str, rest: &str) -> Option<Self> {
        let last = memrchr(b'*', rest.as_bytes())?;
        let (mut inner, suffix) = (rest.get(..last)?, rest.get(last + 1..)?);
        if inner.bytes().any(|byte| byte != b'*') {
            // A star precedes each literal.
            let mut needles = Vec::with_capacity(memchr_iter(b'*', inner.as_bytes()).count());
            while let Some(after) = inner.strip_prefix('*') {
                let end = memchr(b'*', after.as_bytes()).unwrap_or(after.len());
                let (literal, next) = after.split_at_checked(end)?;
                if !literal.is_empty() {
                    needles.push(Needle::new(literal.into()));
                }
                inner = next;
            }
            let literals = Literals { prefix: prefix.into(), inner: needles.into(), suffix: suffix.into() };
            return Some(Self::Literals(Box::new(literals)));
        }
        Some(match (prefix, suffix) {
            ("", "") => Self::Any,
            (prefix, "") => Self::Prefix(prefix.into()),
            ("", suffix) => Self::Suffix(suffix.into()),
            (prefix, suffix) => Self::PrefixSuffix(prefix.into(), suffix.into()),
        })
    }

    fn new(parts: Parts) -> Self {
        if parts.parts.iter().any(|part| matches!(part, OwnedPart::One | OwnedPart::Variable(_))) {
            return Self::General(Box::new(Program::new(parts, 0)));
        }
        let begins_open = matches!(parts.parts.first(), Some(OwnedPart::Run { .. }));
        let ends_open = matches!(parts.parts.last(), Some(OwnedPart::Run { .. }));
        let mut literals = parts.parts.into_iter().filter_map(|part| match part {
            OwnedPart::Literal(text) => Some(text),
            _ => None,
        });
        let prefix = if begins_open { None } else { literals.next() };
        let mut inner: Vec<_> = literals.collect();
        let suffix = if ends_open { None } else { inner.pop() };
        if !inner.is_empty() {
            let inner = inner.into_iter().map(Needle::new).collect();
            let (prefix, suffix) = (prefix.unwrap_or_default(), suffix.unwrap_or_default());
            return Self::Literals(Box::new(Literals { prefix, inner, suffix }));
        }
        match (prefix, suffix) {
            (Some(prefix), Some(suffix)) => Self::PrefixSuffix(prefix, suffix),
            (Some(prefix), None) if ends_open => Self::Prefix(prefix),
            (Some(literal), None) => Self::Exact(literal),
            (None, Some(suffix)) => Self::Suffix(suffix),
            (None, None) if begins_open => Self::Any,
            (None, None) => Self::Exact(Box::default()),
        }
    }
}

/// Writes the pattern as policy text. A literal `*` or `?` is written as its escape where
/// variables work.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts().try_for_each(|part| write_part(f, part))
    }
}

/// Writes a part of a pattern as policy text; a variable is the caller's.
pub(crate) fn write_part(f: &mut fmt::Formatter<'_>, part: Part<'_>) -> fmt::Result {
    match part {
        Part::AnyRun => f.write_str("*"),
        Part::AnyOne => f.write_str("?"),
        Part::Variable(_) => Ok(()),
        Part::Literal(text) => {
            text.split_inclusive(['*', '?']).try_for_each(|part| match part.strip_suffix(['*', '?']) {
                Some(plain) => write!(f, "{plain}${{{}}}", part.get(plain.len()..).unwrap_or_default()),
                None => f.write_str(part),
            })
        }
    }
}
