//! Where output goes: standard output carries the answer alone, standard error everything else.
//!
//! Decides colour and width, and that a closed pipe is no error. It does not know what is printed.

use std::env;
use std::io::{self, IsTerminal as _, Write as _};

use anstyle::{AnsiColor, Style};
use terminal_size::{Width, terminal_size_of};

use crate::args::When;
use crate::failure::Failure;

/// The width of what is not printed on a terminal, and the widest on one.
const WIDTH: usize = 100;

/// What is known of both output streams.
#[derive(Debug)]
pub(crate) struct Terminal {
    /// Whether standard output is coloured.
    pub(crate) color_output: bool,
    /// The styles for standard output.
    pub(crate) styles: Styles,
    /// Whether standard error is coloured.
    pub(crate) color_errors: bool,
    /// Columns on standard output.
    pub(crate) width: usize,
    /// Columns on standard error.
    pub(crate) error_width: usize,
}

/// The styles of the program's own texts; all of them plain when there is no colour.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Styles {
    pub(crate) good: Style,
    pub(crate) bad: Style,
    pub(crate) unsure: Style,
    pub(crate) heading: Style,
    pub(crate) faint: Style,
}

impl Terminal {
    pub(crate) fn new(when: When) -> Self {
        let color_output = is_colored(when, io::stdout().is_terminal());
        Self {
            color_output,
            width: width_of(terminal_size_of(io::stdout())),
            styles: if color_output { Styles::colored() } else { Styles::default() },
            color_errors: is_colored(when, io::stderr().is_terminal()),
            error_width: width_of(terminal_size_of(io::stderr())),
        }
    }

    /// Writes the answer. A reader that closed the pipe has what it wanted.
    pub(crate) fn print(&self, text: &str) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Output(error)),
            _ => Ok(()),
        }
    }

    /// Writes to standard error. There is nowhere to say that this failed.
    pub(crate) fn complain(&self, text: &str) {
        let mut stderr = io::stderr().lock();
        let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
    }
}

impl Styles {
    fn colored() -> Self {
        Self {
            good: AnsiColor::Green.on_default().bold(),
            bad: AnsiColor::Red.on_default().bold(),
            unsure: AnsiColor::Yellow.on_default().bold(),
            heading: Style::new().bold(),
            faint: Style::new().dimmed(),
        }
    }
}

fn is_colored(when: When, is_terminal: bool) -> bool {
    let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto => {
            is_terminal && !is_set("NO_COLOR") && env::var_os("TERM").is_none_or(|term| term != "dumb")
        }
    }
}

fn width_of(size: Option<(Width, terminal_size::Height)>) -> usize {
    size.map_or(WIDTH, |(Width(columns), _)| usize::from(columns).clamp(40, WIDTH))
}
