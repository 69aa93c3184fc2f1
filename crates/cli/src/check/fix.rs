//! `bailiwick check --fix`: changes that correct findings and keep the intended meaning of the document.

use bailiwick_source::{Escaped, Span};
use bailiwick_validator::Kind;
use similar::TextDiff;

use crate::report::FileReport;
use crate::screen::{Screen, without_tabs};
use crate::source::Source;
use crate::styles::Styles;

/// A fix may uncover another one: the largest number of passes.
const ROUNDS: usize = 8;
/// The number of lines that a diff shows around a change.
const CONTEXT: usize = 2;

/// Applies all fixes, and returns the findings that are left.
pub(crate) fn apply(source: Source, is_named: bool, kind: Option<Kind>) -> FileReport {
    let mut report = FileReport::new(source, is_named, kind);
    for _ in 0..ROUNDS {
        let mut fixes: Vec<_> = report.findings().filter_map(|placed| placed.fix.as_ref()).collect();
        if fixes.is_empty() {
            break;
        }
        fixes.sort_by_key(|(span, _)| *span);
        let text = changed(&report.source.text, &fixes);
        report = FileReport::new(Source { text, ..report.source }, is_named, kind);
    }
    report
}

/// The text with the changes made; of changes that overlap, the first.
fn changed(text: &str, fixes: &[&(Span, String)]) -> String {
    let mut changed = String::with_capacity(text.len());
    let mut kept = 0;
    for (span, replacement) in fixes {
        let (start, end) = (span.start as usize, span.end as usize);
        let Some(between) = text.get(kept..start) else { continue };
        changed.push_str(between);
        changed.push_str(replacement);
        kept = end;
    }
    changed.push_str(text.get(kept..).unwrap_or_default());
    changed
}

/// What changed, as a unified diff.
pub(crate) fn diff(name: &str, before: &str, after: &str, screen: &mut Screen) {
    let diff = TextDiff::from_lines(before, after);
    let name = Escaped(name).to_string();
    let text = diff.unified_diff().context_radius(CONTEXT).header(&name, &name).to_string();
    let Styles { good, bad, faint, .. } = screen.styles;
    for line in text.split_terminator('\n') {
        let style = match line.as_bytes() {
            [b'+', ..] => good,
            [b'-', ..] => bad,
            [b'@', ..] => faint,
            _ => anstyle::Style::new(),
        };
        let line = line.strip_suffix('\r').unwrap_or(line);
        screen.styled(style, without_tabs(line)).end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_made_from_left_to_right_and_overlapping_ones_left_out() {
        let fix = |start, end, text: &str| (Span::new(start, end), text.to_owned());
        let fixes = [fix(0, 1, "A"), fix(2, 4, ""), fix(3, 5, "x"), fix(5, 5, "!")];
        assert_eq!(changed("abcdef", &fixes.iter().collect::<Vec<_>>()), "Abe!f");
    }
}
