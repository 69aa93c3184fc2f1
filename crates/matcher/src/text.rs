//! The operand of a string operator: a pattern or literal that may hold policy variables.

use std::fmt;

use crate::parts::{Builder, Parts};
use crate::pattern::{Pattern, write_part};
use crate::program::Program;
use crate::steps::{Steps, Uncounted};
use crate::template::{Match, Part, Resolved, TemplateOptions, Variable, segments};
use crate::values::ResolvedValues;

/// The value of a string condition, compiled: literal text, wildcards if the operator has them, and policy
/// variables that are matched in place, without building the substituted text.
///
/// ```
/// use bailiwick_matcher::{Match, Resolved, TemplateOptions, TextPattern};
///
/// let options = TemplateOptions { wildcards: true, variables: true };
/// let pattern = TextPattern::new("home/${aws:username}/*", options);
/// assert_eq!(pattern.variables().len(), 1);
/// assert_eq!(pattern.variables()[0].key(), "aws:username");
///
/// assert_eq!(pattern.is_match_with("home/amy/notes", |_| Resolved::Text("amy")), Match::Yes);
/// assert_eq!(pattern.is_match_with("home/bob/notes", |_| Resolved::Text("*")), Match::No);
/// assert_eq!(pattern.is_match_with("home/amy/notes", |_| Resolved::Absent), Match::NoValue);
/// ```
#[derive(Clone, Debug)]
pub struct TextPattern {
    form: Form,
}

#[derive(Clone, Debug)]
enum Form {
    /// Used if and only if there is no variable.
    Plain(Pattern),
    /// Used if and only if there is a variable.
    Template(Box<Program>),
}

impl TextPattern {
    /// Compiles a text; `options` say which characters have a meaning of their own.
    #[must_use]
    pub fn new(text: &str, options: TemplateOptions) -> Self {
        if let Some(simple) = Pattern::simple(text, options) {
            return Self { form: Form::Plain(simple) };
        }
        Self { form: Form::new(Builder::parts(segments(text, options).map(|(_, segment)| segment))) }
    }

    /// The variables in the order of the text; the index of one is what a resolver is asked with.
    #[must_use]
    pub fn variables(&self) -> &[Variable] {
        match &self.form {
            Form::Plain(_) => &[],
            Form::Template(program) => program.variables(),
        }
    }

    /// The pattern itself, if there is no variable.
    #[inline]
    #[must_use]
    pub fn as_pattern(&self) -> Option<&Pattern> {
        match &self.form {
            Form::Plain(pattern) => Some(pattern),
            Form::Template(_) => None,
        }
    }

    /// Whether the whole text matches when no variable has a value but its default.
    #[inline]
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.is_match_with(text, |_| Resolved::Absent).is_yes()
    }

    /// Matches the whole text; `resolve` gives what the request holds for the variable with an index.
    ///
    /// Every variable is resolved before the text is looked at, and may be resolved again.
    #[inline]
    pub fn is_match_with<'r>(&self, text: &str, resolve: impl Fn(usize) -> Resolved<'r>) -> Match {
        self.is_match_counting(text, resolve, &mut Uncounted)
    }

    #[inline]
    pub(crate) fn is_match_counting<'r>(
        &self,
        text: &str,
        resolve: impl Fn(usize) -> Resolved<'r>,
        steps: &mut impl Steps,
    ) -> Match {
        match &self.form {
            Form::Plain(pattern) => pattern.is_match_counting(text.as_bytes(), steps).into(),
            Form::Template(program) => match ResolvedValues::new(program.variables(), resolve) {
                Some(values) => program.is_match(text.as_bytes(), &values, steps).into(),
                None => Match::NoValue,
            },
        }
    }

    /// The parts in order, for a comparison of another kind: one without letter case, say.
    pub fn parts(&self) -> impl Iterator<Item = Part<'_>> + Clone {
        let (plain, template) = match &self.form {
            Form::Plain(pattern) => (Some(pattern.parts()), None),
            Form::Template(program) => (None, Some(program.parts())),
        };
        plain.into_iter().flatten().chain(template.into_iter().flatten())
    }
}

impl Form {
    fn new(parts: Parts) -> Self {
        if parts.variables.is_empty() {
            Self::Plain(Pattern::from_parts(parts))
        } else {
            Self::Template(Box::new(Program::new(parts, 0)))
        }
    }
}

/// Writes the value as policy text.
impl fmt::Display for TextPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_parts(f, self.parts(), self.variables())
    }
}

/// Writes parts as policy text.
pub(crate) fn write_parts<'p>(
    f: &mut fmt::Formatter<'_>,
    mut parts: impl Iterator<Item = Part<'p>>,
    variables: &[Variable],
) -> fmt::Result {
    parts.try_for_each(|part| match part {
        Part::Variable(index) => variables.get(index).map_or(Ok(()), |variable| write!(f, "{variable}")),
        _ => write_part(f, part),
    })
}
