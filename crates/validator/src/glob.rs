//! Patterns compared with patterns: does one cover the other, can both match one text.
//!
//! The matcher crate matches patterns against texts; checks compare patterns with each other. All answers are about
//! `*` (any run of characters) and `?` (one character) and know nothing of policy variables: callers replace these.

use std::cell::Cell;

use bailiwick_matcher::Pattern;

/// Whether `text`, in which `*` and `?` are characters like others, matches `pattern`.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    Pattern::new(pattern).is_match(text)
}

/// Whether everything that `specific` matches is matched by `general` too.
///
/// `true` is certain. `false` may be wrong for odd pairs (`*?` and `?*`): a `*` of `specific` is only covered by a
/// `*`, a `?` by a `?` or a `*`.
pub(crate) fn covers(general: &str, specific: &str) -> bool {
    covers_within(general, specific, &Budget::default())
}

/// How many steps comparing patterns may still take. Beyond it, a pattern counts as not covered.
pub(crate) struct Budget(Cell<u64>);

impl Default for Budget {
    /// Enough for any document that AWS stores, and a fraction of a second of work.
    fn default() -> Self {
        Self(Cell::new(50_000_000))
    }
}

impl Budget {
    fn step(&self) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(1));
        left > 0
    }
}

/// [`covers`] within a budget that comparisons share.
pub(crate) fn covers_within(general: &str, specific: &str, budget: &Budget) -> bool {
    // Characters are bytes in nearly every policy.
    if general.is_ascii() && specific.is_ascii() {
        return covers_units(general.as_bytes(), specific.as_bytes(), char::from, budget);
    }
    let general: Vec<char> = general.chars().collect();
    let specific: Vec<char> = specific.chars().collect();
    covers_units(&general, &specific, |unit| unit, budget)
}

fn covers_units<T: Copy>(general: &[T], specific: &[T], of: impl Fn(T) -> char, budget: &Budget) -> bool {
    let (mut at, mut text) = (0, 0);
    // Where to go on when the run that the last `*` covers must grow by one.
    let mut retry = None;
    while budget.step() {
        match (general.get(at).map(|unit| of(*unit)), specific.get(text).map(|unit| of(*unit))) {
            (None, None) => return true,
            (Some('*'), _) => {
                at += 1;
                retry = Some((at, text));
                continue;
            }
            (Some(wanted), Some(found)) if found != '*' && (wanted == '?' || wanted == found) => {
                at += 1;
                text += 1;
                continue;
            }
            _ => {}
        }
        let Some((back, from)) = retry else { return false };
        if from >= specific.len() {
            return false;
        }
        (at, text) = (back, from + 1);
        retry = Some((back, from + 1));
    }
    false
}

/// The same without regard to the case of letters, as actions are compared.
pub(crate) fn covers_ignoring_case(general: &str, specific: &str) -> bool {
    covers(&general.to_lowercase(), &specific.to_lowercase())
}

/// What an ARN format is made of.
#[derive(Clone, Copy)]
enum Part {
    Literal(char),
    /// A run of characters, none of them `:`, nor `/` when `slash` is false.
    Run {
        colon: bool,
        slash: bool,
    },
}

impl Part {
    fn takes(self, found: char) -> bool {
        match self {
            Self::Literal(wanted) => wanted == found,
            Self::Run { colon, slash } => (colon || found != ':') && (slash || found != '/'),
        }
    }
}

/// Reads a format with the placeholders of `data/services.txt`.
fn parts(format: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = format.chars();
    while let Some(found) = rest.next() {
        if found != '{' {
            parts.push(if found == '*' {
                Part::Run { colon: true, slash: true }
            } else {
                Part::Literal(found)
            });
            continue;
        }
        let name = rest.next();
        rest.next();
        parts.push(match name {
            Some('x') => Part::Run { colon: true, slash: true },
            Some('s') => Part::Run { colon: false, slash: true },
            _ => Part::Run { colon: false, slash: false },
        });
    }
    parts
}

/// Whether some text both matches `pattern` and has the format.
pub(crate) fn fits(pattern: &str, format: &str) -> bool {
    let parts = parts(format);
    // `here[j]`: what was read of the pattern can end where `parts[..j]` ends.
    let mut here = vec![false; parts.len() + 1];
    if let Some(start) = here.first_mut() {
        *start = true;
    }
    skip_empty_runs(&mut here, &parts);
    for found in pattern.chars() {
        let mut next = vec![false; parts.len() + 1];
        if found == '*' {
            // Any number of parts may lie under the star.
            let mut reached = false;
            for (next, here) in next.iter_mut().zip(&here) {
                reached |= here;
                *next = reached;
            }
        } else {
            for (at, part) in parts.iter().enumerate() {
                let takes = found == '?' || part.takes(found);
                if !takes || !here.get(at).copied().unwrap_or_default() {
                    continue;
                }
                let to = if matches!(part, Part::Run { .. }) { at } else { at + 1 };
                if let Some(to) = next.get_mut(to) {
                    *to = true;
                }
            }
        }
        skip_empty_runs(&mut next, &parts);
        here = next;
    }
    here.last().copied().unwrap_or_default()
}

/// A run may be empty, and may end wherever it was reached.
fn skip_empty_runs(reached: &mut [bool], parts: &[Part]) {
    let mut before = false;
    for (at, reached) in reached.iter_mut().enumerate() {
        *reached |= before;
        before = *reached && matches!(parts.get(at), Some(Part::Run { .. }));
    }
}

/// Whether a text holds a wildcard.
pub(crate) fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_covers_what_it_matches_all_of() {
        for (general, specific) in [
            ("*", "s3:Get*"),
            ("s3:*", "s3:Get*"),
            ("s3:Get*", "s3:GetObject"),
            ("s3:*Object", "s3:GetObject"),
            ("a?c", "abc"),
            ("a?c", "a?c"),
            ("a*", "a?"),
            ("*b*", "xxby*"),
            ("", ""),
        ] {
            assert!(covers(general, specific), "{general} covers {specific}");
        }
    }

    #[test]
    fn a_pattern_does_not_cover_what_it_may_miss() {
        for (general, specific) in [
            ("s3:Get*", "s3:*"),
            ("s3:GetObject", "s3:Get*"),
            ("a?c", "a*c"),
            ("a?", "a"),
            ("*Object", "s3:GetObjectAcl"),
            ("", "a"),
        ] {
            assert!(!covers(general, specific), "{general} does not cover {specific}");
        }
    }

    #[test]
    fn a_pattern_fits_a_format_when_some_text_is_both() {
        let stream = "arn:{p}:logs:{r}:{a}:log-group:{s}:log-stream:{x}";
        for pattern in [
            "*",
            "arn:aws:logs:us-east-1:111122223333:log-group:/aws/x:log-stream:a",
            "arn:aws:logs:*:*:log-group:/aws/x:*",
            "arn:aws:logs:us-east-1:111122223333:log-group:/aws/*",
            "arn:aws:logs:*:*:*",
            "arn:aws:logs:*",
            "arn:???:logs:*:*:log-group::log-stream:",
        ] {
            assert!(fits(pattern, stream), "{pattern}");
        }
        for pattern in [
            "arn:aws:logs:us-east-1:111122223333:log-group:/aws/x",
            "arn:aws:logs:us-east-1:111122223333:destination:*",
            "arn:aws:s3:::bucket/*",
            "",
        ] {
            assert!(!fits(pattern, stream), "{pattern}");
        }
        assert!(!fits("arn:aws:s3:::b/k", "arn:{p}:s3:::{n}"), "an object is not a bucket");
        assert!(fits("arn:aws:s3:::b*", "arn:{p}:s3:::{n}/{x}"), "a star crosses the slash");
    }
}
