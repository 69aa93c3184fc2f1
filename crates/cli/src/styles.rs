//! The colours of the program's own texts.

use anstyle::{AnsiColor, Style};

/// The styles of the program's own texts; all of them plain when there is no colour.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Styles {
    pub(crate) good: Style,
    pub(crate) bad: Style,
    pub(crate) unsure: Style,
    pub(crate) heading: Style,
    pub(crate) faint: Style,
}

impl Styles {
    pub(crate) fn colored() -> Self {
        Self {
            good: AnsiColor::Green.on_default().bold(),
            bad: AnsiColor::Red.on_default().bold(),
            unsure: AnsiColor::Yellow.on_default().bold(),
            heading: Style::new().bold(),
            faint: Style::new().dimmed(),
        }
    }
}
