//! An element of a statement that did not match, for people.

use bailiwick_evaluator::answer::{ElementKind, MissedElement};

use crate::screen::{Screen, Short};
use crate::styles::Styles;

/// How many values of a list are shown.
const MOST_VALUES: usize = 6;

/// The element with what was expected and what was found: three lines. `action` is the one asked for, as it was
/// written; answers hold it in lower case.
pub(crate) fn missed(element: &MissedElement, action: &str, indent: usize, screen: &mut Screen) {
    let Styles { good, bad, .. } = screen.styles;
    let what = match (&element.operator, &element.key) {
        (Some(operator), Some(key)) => format!("{operator} {}", Short(key)),
        _ => element.failed.to_string(),
    };
    let actual = match element.actual.as_slice() {
        _ if element.failed == ElementKind::Action => Short(action).to_string(),
        [] if element.failed == ElementKind::Condition => "absent from the request".to_owned(),
        actual => some_of(actual),
    };
    let expected = some_of(&element.expected);
    let (margin, inner) = (" ".repeat(indent), " ".repeat(indent + 4));
    screen.put(margin).styled(bad, "✗").line(format!(" {what}"));
    screen.put(format!("{inner}expected  ")).styled(good, expected).end();
    screen.put(format!("{inner}actual    ")).styled(bad, actual).end();
}

/// A list in words, the first of it when it is long.
pub(crate) fn some_of(values: &[impl AsRef<str>]) -> String {
    let shown = values.iter().take(MOST_VALUES).map(|value| Short(value.as_ref()).to_string());
    let shown: Vec<String> = shown.collect();
    let rest = values.len() - shown.len();
    let text = if shown.is_empty() { "nothing".to_owned() } else { shown.join(", ") };
    if rest == 0 { text } else { format!("{text} and {rest} more") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_cut_and_say_so() {
        assert_eq!(some_of(&[""; 0]), "nothing");
        assert_eq!(some_of(&["a", "b"]), "a, b");
        assert_eq!(some_of(&["x"; 8]), "x, x, x, x, x, x and 2 more");
    }
}
