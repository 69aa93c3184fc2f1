//! The values of the variables of a pattern while it is matched.

use crate::template::{Resolved, Variable};

/// The values of the variables of a program.
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

impl<'v, 'r: 'v, R: Fn(usize) -> Resolved<'r>> ResolvedValues<'v, R> {
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

impl<'v, 'r: 'v, R: Fn(usize) -> Resolved<'r>> Values<'v> for ResolvedValues<'v, R> {
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

/// The value of a variable, if it has one.
fn text_of<'v>(variable: &'v Variable, resolved: Resolved<'v>) -> Option<&'v str> {
    match resolved {
        Resolved::Text(text) => Some(text),
        Resolved::Absent => variable.default(),
        Resolved::Unusable => None,
    }
}
