//! Findings as workflow commands of GitHub Actions, which shows them at the changed lines.

use bailiwick_source::Escaped;
use bailiwick_validator::Severity;

use crate::report::{FileReport, Placed};
use crate::screen::Screen;
use crate::styles::Styles;

/// One command a line.
pub(crate) fn commands(reports: &[FileReport]) -> Screen {
    let mut screen = Screen::new(Styles::default());
    for report in reports {
        for placed in report.findings() {
            command(&report.source.name, placed, &mut screen);
        }
    }
    screen
}

fn command(path: &str, placed: &Placed, screen: &mut Screen) {
    let finding = &placed.finding;
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::SecurityWarning | Severity::Warning => "warning",
        Severity::Suggestion => "notice",
    };
    // The line feed between message and help is this one's; what they hold of others' texts has none.
    let help = finding.help.as_deref().map(|help| format!("\n{}", Escaped(help))).unwrap_or_default();
    let message = format!("{}{help}", Escaped(&finding.message));
    screen.whole_line(format!(
        "::{command} file={},line={},endLine={},col={},endColumn={},title={}::{}",
        property(path),
        placed.start.line,
        placed.end.line,
        placed.start.column,
        placed.end.column,
        property(finding.code),
        data(&message),
    ));
}

/// A message: characters that would end it are escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property: characters that would end it are escaped.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_ends_the_command() {
        assert_eq!(data("100%\r\na:b,c"), "100%25%0D%0Aa:b,c");
        assert_eq!(property("a:b,c%\n"), "a%3Ab%2Cc%25%0A");
    }
}
