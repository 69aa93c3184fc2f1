//! The rule by which a `Resource` element matches a resource's ARN.
//!
//! It is text matching, with one thing known about ARNs: in the first five colon-separated fields of the
//! *pattern* most wildcards do not cross a colon. Which resource a request names is not known here.

use std::fmt;

use memchr::memchr_iter;

use crate::arn::LEADING_FIELDS;
use crate::parts::{Builder, Parts};
use crate::pattern::Pattern;
use crate::program::Program;
use crate::steps::{Steps, Uncounted};
use crate::template::{Match, Part, Resolved, Segment, TemplateOptions, Variable, Variables, segments};
use crate::text::write_parts;
use crate::values::{NoValues, ResolvedValues};

/// An item of a `Resource` or `NotResource` element, compiled.
///
/// - In the first five colon-separated fields `?` takes no colon, and a `*` that other characters of its field
///   follow takes none (rule M-12).
/// - A `*` that is the last thing of its field may extend over colons: `arn:aws:cloudfront:*` is every CloudFront
///   resource, and `*` alone is everything (rules M-9, M-13).
/// - Behind the fifth colon wildcards take anything (rule M-15).
/// - Everything else is literal, letter case included (rules M-17, M-21). A pattern with fewer fields goes by
///   the same rule.
///
/// Variables work after the fifth colon alone (rule M-45). Before it `${` is two characters like any other,
/// and a wildcard within such braces is a wildcard: no ARN holds braces there, so that nothing matches.
///
/// ```
/// use bailiwick_matcher::{ResourcePattern, Variables};
///
/// let tables = ResourcePattern::new("arn:aws:dynamodb:*:table/prod-*", Variables::Enabled);
/// assert!(tables.is_match("arn:aws:dynamodb:us-east-1:111111111111:table/prod-x"));
///
/// let roles = ResourcePattern::new("arn:aws:iam::1*1:role/app", Variables::Enabled);
/// assert!(roles.is_match("arn:aws:iam::111111111111:role/app"));
/// assert!(!roles.is_match("arn:aws:iam::111111111111:role/x:1:role/app"));
/// ```
#[derive(Clone, Debug)]
pub struct ResourcePattern {
    form: Form,
}

#[derive(Clone, Debug)]
enum Form {
    /// Used if and only if there is no variable and every wildcard may take a colon, so that the text can be
    /// matched without regard to its fields.
    Free(Pattern),
    /// Used if and only if there is a variable, or a wildcard that takes no colon.
    Fields(Box<Program>),
}

impl ResourcePattern {
    /// Compiles an item.
    #[must_use]
    pub fn new(text: &str, variables: Variables) -> Self {
        if !has_confined_run(text)
            && let Some(simple) =
                Pattern::simple(text, TemplateOptions { wildcards: true, variables: variables.are_enabled() })
        {
            return Self { form: Form::Free(simple) };
        }
        let (head, tail) = match field_start(text, LEADING_FIELDS) {
            Some(start) => text.split_at_checked(start).unwrap_or((text, "")),
            None => (text, ""),
        };
        let mut builder = Builder::default();
        let mut confined = false;
        let wildcards = TemplateOptions { wildcards: true, variables: false };
        for (range, segment) in segments(head, wildcards) {
            match segment {
                Segment::AnyRun => {
                    let after = head.as_bytes().get(range.end);
                    let crosses = matches!(after, None | Some(b':'));
                    confined |= !crosses && after != Some(&b'*');
                    builder.run(crosses);
                }
                _ => {
                    confined |= segment == Segment::AnyOne;
                    builder.segment(segment);
                }
            }
        }
        segments(tail, TemplateOptions { wildcards: true, variables: variables.are_enabled() })
            .for_each(|(_, segment)| builder.segment(segment));
        Self { form: Form::new(builder.finish(), confined) }
    }

    /// The variables in the order of the text; the index of one is what a resolver is asked with.
    #[must_use]
    pub fn variables(&self) -> &[Variable] {
        match &self.form {
            Form::Free(_) => &[],
            Form::Fields(program) => program.variables(),
        }
    }

    /// The equivalent pattern without regard to fields, if there is one.
    #[inline]
    #[must_use]
    pub fn as_pattern(&self) -> Option<&Pattern> {
        match &self.form {
            Form::Free(pattern) => Some(pattern),
            Form::Fields(_) => None,
        }
    }

    /// Whether every resource matches because the item is `*`, also the `*` of an action that names no
    /// resource.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.as_pattern().is_some_and(Pattern::is_any)
    }

    /// The longest literal that every matching text begins with, as far as the item's text shows it.
    #[must_use]
    pub fn literal_prefix(&self) -> &str {
        match &self.form {
            Form::Free(pattern) => pattern.literal_prefix(),
            Form::Fields(program) => program.literal_prefix(),
        }
    }

    /// The longest literal that every matching text ends with, as far as the item's text shows it.
    #[must_use]
    pub fn literal_suffix(&self) -> &str {
        match &self.form {
            Form::Free(pattern) => pattern.literal_suffix(),
            Form::Fields(program) => program.literal_suffix(),
        }
    }

    /// Whether the resource matches when no variable has a value but its default.
    #[inline]
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.is_match_with(text, |_| Resolved::Absent).is_yes()
    }

    /// Matches a resource; `resolve` gives what the request holds for the variable with an index.
    ///
    /// [`Match::NoValue`] is no match: the item covers no resource at all (rule M-51). A resource that misses
    /// the literal beginning of the item is [`Match::No`] without a variable being resolved.
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
            Form::Free(pattern) => pattern.is_match_counting(text.as_bytes(), steps).into(),
            Form::Fields(program) if program.variables().is_empty() => {
                program.is_match(text.as_bytes(), &NoValues, steps).into()
            }
            // PERF: most items miss in their literal beginning, and resolving costs a look-up for each
            // variable.
            Form::Fields(program) if !text.starts_with(program.literal_prefix()) => {
                steps.add(program.literal_prefix().len());
                Match::No
            }
            Form::Fields(program) => match ResolvedValues::new(program.variables(), resolve) {
                Some(values) => program.is_match(text.as_bytes(), &values, steps).into(),
                None => Match::NoValue,
            },
        }
    }

    /// The parts in order.
    pub fn parts(&self) -> impl Iterator<Item = Part<'_>> + Clone {
        let (free, fields) = match &self.form {
            Form::Free(pattern) => (Some(pattern.parts()), None),
            Form::Fields(program) => (None, Some(program.parts())),
        };
        free.into_iter().flatten().chain(fields.into_iter().flatten())
    }
}

impl Form {
    fn new(parts: Parts, confined: bool) -> Self {
        if parts.variables.is_empty() && !confined {
            Self::Free(Pattern::from_parts(parts))
        } else {
            Self::Fields(Box::new(Program::new(parts, LEADING_FIELDS)))
        }
    }
}

/// Writes the item as policy text.
impl fmt::Display for ResourcePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_parts(f, self.parts(), self.variables())
    }
}

/// Whether a run of `*` in one of the leading fields is followed by something else of its field.
fn has_confined_run(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_confined = |star: &usize| !matches!(bytes.get(star + 1), None | Some(b':' | b'*'));
    memchr_iter(b'*', bytes)
        .find(is_confined)
        .is_some_and(|star| field_start(text, LEADING_FIELDS).is_none_or(|tail| star < tail))
}

/// The offset at which the field with an index begins, after that number of colons.
pub(crate) fn field_start(text: &str, field: usize) -> Option<usize> {
    match field.checked_sub(1) {
        None => Some(0),
        Some(colons) => memchr_iter(b':', text.as_bytes()).nth(colons).map(|colon| colon + 1),
    }
}
