//! Findings for people: every one with its source line, in reading order, and a line that sums up.

use annotate_snippets::{Level, Renderer};
use bailiwick_validator::{Severity, explain};

use crate::diagnostics::{self, Diagnostic, Page};
use crate::report::{DocumentReport, FileReport, Placed};
use crate::screen::Screen;
use crate::terminal::Terminal;

/// Everything that was found.
pub(crate) fn page(reports: &[FileReport], terminal: &Terminal, screen: &mut Screen) {
    let renderer = diagnostics::renderer(terminal.color_output, terminal.width);
    for report in reports {
        file(report, &renderer, screen);
    }
    for report in reports.iter().filter(|report| report.is_named && report.documents.is_empty()) {
        screen.line(format!("{}: no policy in this {}", report.source.name, report.format));
    }
    if let Some(summary) = summary(reports) {
        screen.line(summary);
    }
}

fn file(report: &FileReport, renderer: &Renderer, screen: &mut Screen) {
    let whole = Page::new(&report.source.name, &report.source.text);
    for document in report.documents.iter().filter(|document| document.is_inferred) {
        if report.is_named || !document.findings.is_empty() {
            let pointer = if document.pointer.is_empty() { "" } else { "#" };
            let place = format!("{}{pointer}{}", report.source.name, document.pointer);
            let kind = document.kind.describe();
            screen.line(format!("{place}: checked as {kind} (inferred; --kind chooses another)"));
        }
    }
    for document in report.documents.iter().filter(|document| !document.findings.is_empty()) {
        match &document.text {
            None => {
                for placed in &document.findings {
                    let diagnostic = Diagnostic {
                        span: placed.span,
                        fix: placed.fix.as_ref().map(|(span, text)| (*span, text.as_str())),
                        related: placed.related,
                        note: whose(document),
                        ..diagnostic(placed)
                    };
                    screen.draw(&whole.draw(&diagnostic, renderer));
                    screen.line("");
                }
            }
            Some(own) => in_a_string(report, document, own, renderer, screen),
        }
    }
}

/// A document in a string is shown by its own text, which has lines where the string has none.
fn in_a_string(
    report: &FileReport,
    document: &DocumentReport,
    own: &str,
    renderer: &Renderer,
    screen: &mut Screen,
) {
    let name = format!("{}#{}", report.source.name, document.pointer);
    let page = Page::new(&name, own);
    for placed in &document.findings {
        let note = format!("the document is in a string, at {}:{}", report.source.name, placed.start);
        let diagnostic = Diagnostic { note: Some(note), ..diagnostic(placed) };
        screen.draw(&page.draw(&diagnostic, renderer));
        screen.line("");
    }
}

/// Which of the documents in a file a finding is about.
fn whose(document: &DocumentReport) -> Option<String> {
    (!document.pointer.is_empty()).then(|| format!("{} at {}", document.kind.describe(), document.pointer))
}

fn diagnostic(placed: &Placed) -> Diagnostic<'_> {
    let finding = &placed.finding;
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::SecurityWarning => Level::WARNING.with_name("security warning"),
        Severity::Warning => Level::WARNING,
        Severity::Suggestion => Level::NOTE.with_name("suggestion"),
    };
    Diagnostic {
        level,
        code: finding.code,
        message: &finding.message,
        label: explain(finding.code).map(|check| check.reason),
        help: finding.help.as_deref(),
        fix: finding.fix.as_ref().map(|fix| (fix.span, fix.replacement.as_str())),
        note: None,
        span: finding.span,
        related: finding.related,
    }
}

/// How much was found in how many documents, and how many files that were not named hold none.
fn summary(reports: &[FileReport]) -> Option<String> {
    let documents: usize = reports.iter().map(|report| report.documents.len()).sum();
    let without = reports.iter().filter(|report| !report.is_named && report.documents.is_empty()).count();
    let counted = |count: usize, noun: &str| match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    };
    let mut counts = Vec::new();
    for (severity, noun) in [
        (Severity::Error, "error"),
        (Severity::SecurityWarning, "security warning"),
        (Severity::Warning, "warning"),
        (Severity::Suggestion, "suggestion"),
    ] {
        let findings = reports.iter().flat_map(FileReport::findings);
        let count = findings.filter(|placed| placed.finding.severity == severity).count();
        if count > 0 {
            counts.push(counted(count, noun));
        }
    }
    let found = if counts.is_empty() { "nothing found".to_owned() } else { counts.join(", ") };
    let found = format!("{found} in {}", counted(documents, "document"));
    match (documents, without) {
        (0, 0) => None,
        (0, _) => Some(format!("no policy in {}", counted(without, "file"))),
        (_, 0) => Some(found),
        (_, _) => Some(format!("{found}; no policy in {}", counted(without, "other file"))),
    }
}
