//! The rule by which `ArnLike` and `ArnEquals` match a value of the request.
//!
//! The two are one operator (rule C-22). What a statement does with a malformed value, and in which order the
//! values of a list are read, is the evaluator's.

use std::fmt;

use memchr::memchr2;

use crate::arn::{Arn, LEADING_FIELDS, PREFIX};
use crate::parts::{Builder, OwnedPart, Parts};
use crate::pattern::Pattern;
use crate::program::{Program, count_colons};
use crate::resource::field_start;
use crate::steps::{Steps, Uncounted};
use crate::template::{Match, Part, Resolved, TemplateOptions, Variable, Variables, segments};
use crate::text::write_parts;
use crate::values::{ResolvedValues, Values};

/// The value of an ARN condition, compiled.
///
/// Pattern and text are split into six fields at their first five colons, and each field is matched
/// separately: no wildcard of the first five takes a colon, the sixth is the rest and its wildcards take
/// anything. Unlike in a `Resource`, a `*` at the end of a field does not extend over colons (rules C-22,
/// C-24).
///
/// The value must be a well-formed ARN, as [`Arn`] says: six fields, the first of them `arn` itself. `*` and
/// `arn:aws:logs:*` are malformed, and the answer is [`Match::Malformed`] whatever the text. A value with
/// variables is checked, and split, after substitution; it may be nothing but a variable.
///
/// ```
/// use bailiwick_matcher::{Arn, ArnPattern, Match, Variables};
///
/// let pattern = ArnPattern::new("arn:aws:sns:*:111111111111:t*", Variables::Enabled);
/// let topic = Arn::split("arn:aws:sns:us-east-1:111111111111:topic").unwrap();
/// assert_eq!(pattern.is_match(&topic), Match::Yes);
///
/// let short = ArnPattern::new("arn:aws:sns:*", Variables::Enabled);
/// assert_eq!(short.is_match(&topic), Match::Malformed);
/// ```
#[derive(Clone, Debug)]
pub struct ArnPattern {
    form: Form,
}

#[derive(Clone, Debug)]
enum Form {
    /// Used if and only if there is no variable and the value is not well-formed. The text is kept to be
    /// shown.
    Malformed(Pattern),
    /// Matches an ARN if and only if the pattern matches its text. Used if and only if the value is
    /// well-formed without a variable and without a wildcard in the first five fields.
    Whole(Pattern),
    /// Used if and only if the value is well-formed without a variable and has a wildcard in the first five
    /// fields.
    Fields(Box<Fields>),
    /// Used if and only if there is a variable.
    Template(Box<Template>),
}

/// A value with variables.
#[derive(Clone, Debug)]
struct Template {
    program: Program,
    /// Whether its literals alone make it a well-formed ARN, whatever the variables stand for.
    well_formed: bool,
}

/// A value whose first wildcard is in one of the first five fields.
#[derive(Clone, Debug)]
struct Fields {
    /// The literal fields before that one, with the colons that end them.
    head: Box<str>,
    /// That field and all after it, one pattern each; there are at least two.
    rest: Box<[Pattern]>,
}

impl ArnPattern {
    /// Compiles a value.
    #[must_use]
    pub fn new(text: &str, variables: Variables) -> Self {
        let options = TemplateOptions { wildcards: true, variables: variables.are_enabled() };
        if Arn::is_well_formed(text)
            && !has_wildcard_in_fields(text)
            && let Some(simple) = Pattern::simple(text, options)
        {
            return Self { form: Form::Whole(simple) };
        }
        let parts = Builder::parts(segments(text, options).map(|(_, segment)| segment));
        let form = if !parts.variables.is_empty() {
            Form::Template(Box::new(Template::new(parts)))
        } else if !Arn::is_well_formed(text) {
            Form::Malformed(Pattern::from_parts(parts))
        } else {
            match Fields::new(text, options) {
                Some(fields) => Form::Fields(Box::new(fields)),
                None => Form::Whole(Pattern::from_parts(parts)),
            }
        };
        Self { form }
    }

    /// The variables in the order of the text; the index of one is what a resolver is asked with.
    #[must_use]
    pub fn variables(&self) -> &[Variable] {
        match &self.form {
            Form::Template(template) => template.program.variables(),
            _ => &[],
        }
    }

    /// Whether the value is malformed whatever the request: it holds no variable and is not a well-formed
    /// ARN.
    #[must_use]
    pub fn is_malformed(&self) -> bool {
        matches!(self.form, Form::Malformed(_))
    }

    /// The pattern that matches exactly the texts that are ARNs and match, if a look at the fields of the
    /// text is not needed for that: the first five fields are literal, so that only an ARN begins as the
    /// pattern does.
    ///
    /// ```
    /// use bailiwick_matcher::{ArnPattern, Variables};
    ///
    /// let zones = ArnPattern::new("arn:aws:route53:::hostedzone/*", Variables::Enabled);
    /// assert!(zones.as_pattern().is_some_and(|pattern| pattern.is_match("arn:aws:route53:::hostedzone/Z1")));
    /// assert!(ArnPattern::new("arn:aws:sns:*:111111111111:topic", Variables::Enabled).as_pattern().is_none());
    /// ```
    #[inline]
    #[must_use]
    pub fn as_pattern(&self) -> Option<&Pattern> {
        match &self.form {
            Form::Whole(pattern) => Some(pattern),
            _ => None,
        }
    }

    /// The longest literal that every matching text begins with, as far as the value's text shows it.
    #[must_use]
    pub fn literal_prefix(&self) -> &str {
        match &self.form {
            Form::Malformed(_) => "",
            Form::Whole(pattern) => pattern.literal_prefix(),
            Form::Fields(fields) => &fields.head,
            Form::Template(template) => template.program.literal_prefix(),
        }
    }

    /// Matches an ARN when no variable has a value but its default.
    #[inline]
    pub fn is_match(&self, arn: &Arn<'_>) -> Match {
        self.is_match_with(arn, |_| Resolved::Absent)
    }

    /// Matches an ARN; `resolve` gives what the request holds for the variable with an index.
    #[inline]
    pub fn is_match_with<'r>(&self, arn: &Arn<'_>, resolve: impl Fn(usize) -> Resolved<'r>) -> Match {
        self.is_match_counting(arn, resolve, &mut Uncounted)
    }

    #[inline]
    pub(crate) fn is_match_counting<'r>(
        &self,
        arn: &Arn<'_>,
        resolve: impl Fn(usize) -> Resolved<'r>,
        steps: &mut impl Steps,
    ) -> Match {
        match &self.form {
            Form::Malformed(_) => Match::Malformed,
            Form::Whole(pattern) => pattern.is_match_counting(arn.as_str().as_bytes(), steps).into(),
            Form::Fields(fields) => fields.is_match(arn, steps).into(),
            Form::Template(template) => match ResolvedValues::new(template.program.variables(), resolve) {
                Some(values) => template.is_match(arn, &values, steps),
                None => Match::NoValue,
            },
        }
    }
}

/// Whether one of the first five fields of a text has a wildcard.
fn has_wildcard_in_fields(text: &str) -> bool {
    memchr2(b'*', b'?', text.as_bytes())
        .is_some_and(|first| field_start(text, LEADING_FIELDS).is_none_or(|resource| first < resource))
}

impl Fields {
    /// The fields, if there is a wildcard in the first five of a well-formed value.
    fn new(text: &str, options: TemplateOptions) -> Option<Self> {
        let mut fields: Vec<_> =
            text.splitn(LEADING_FIELDS + 1, ':').map(|field| Pattern::with_options(field, options)).collect();
        let resource = fields.pop()?;
        let first = fields.iter().position(|field| field.as_literal().is_none())?;
        let mut rest = fields.split_off(first);
        rest.push(resource);
        let head = text.get(..field_start(text, first)?)?;
        let head = Pattern::with_options(head, TemplateOptions { wildcards: false, ..options });
        Some(Self { head: head.as_literal()?.into(), rest: rest.into() })
    }

    #[inline]
    fn is_match(&self, arn: &Arn<'_>, steps: &mut impl Steps) -> bool {
        steps.add(self.head.len());
        let first = LEADING_FIELDS + 1 - self.rest.len();
        arn.as_str().as_bytes().starts_with(self.head.as_bytes())
            && (first..)
                .zip(&self.rest)
                .all(|(index, field)| field.is_match_counting(arn.field_bytes(index), steps))
    }
}

impl Template {
    fn new(parts: Parts) -> Self {
        let begins =
            matches!(parts.parts.first(), Some(OwnedPart::Literal(text)) if text.starts_with(PREFIX));
        let colons: usize = parts
            .parts
            .iter()
            .map(|part| match part {
                OwnedPart::Literal(text) => count_colons(text),
                _ => 0,
            })
            .sum();
        Self { program: Program::new(parts, LEADING_FIELDS), well_formed: begins && colons >= LEADING_FIELDS }
    }

    fn is_match<'v>(&self, arn: &Arn<'_>, values: &impl Values<'v>, steps: &mut impl Steps) -> Match {
        if self.well_formed || self.is_well_formed_with(values, steps) {
            self.program.is_match(arn.as_str().as_bytes(), values, steps).into()
        } else {
            Match::Malformed
        }
    }

    /// Whether the text after substitution is a well-formed ARN.
    fn is_well_formed_with<'v>(&self, values: &impl Values<'v>, steps: &mut impl Steps) -> bool {
        let mut prefix = PREFIX.as_bytes();
        let mut colons = 0;
        for part in self.program.parts() {
            let text = match part {
                Part::Literal(text) => text,
                Part::Variable(index) => values.value(index),
                Part::AnyOne | Part::AnyRun if prefix.is_empty() => continue,
                Part::AnyOne | Part::AnyRun => return false,
            };
            steps.add(1 + text.len());
            let (now, later) = prefix.split_at_checked(text.len()).unwrap_or((prefix, &[]));
            if !text.as_bytes().starts_with(now) {
                return false;
            }
            prefix = later;
            colons += count_colons(text);
        }
        // So many colons do not fit into a text that ends before the prefix does.
        colons >= LEADING_FIELDS
    }
}

/// Writes the value as policy text.
impl fmt::Display for ArnPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.form {
            Form::Malformed(pattern) | Form::Whole(pattern) => write!(f, "{pattern}"),
            Form::Template(template) => {
                write_parts(f, template.program.parts(), template.program.variables())
            }
            Form::Fields(fields) => {
                f.write_str(&fields.head)?;
                fields.rest.iter().enumerate().try_for_each(|(index, field)| {
                    let colon = if index == 0 { "" } else { ":" };
                    write!(f, "{colon}{field}")
                })
            }
        }
    }
}
