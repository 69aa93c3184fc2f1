//! Where output goes: standard output carries the answer alone, standard error everything else.
//!
//! Decides colour and width, and that a closed pipe is no error. It does not know what is printed.

use std::borrow::Cow;
use std::env;
use std::fmt::Write as _;
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
        let text = inert(text, self.color_output);
        match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Output(error)),
            _ => Ok(()),
        }
    }

    /// Writes to standard error. There is nowhere to say that this failed.
    pub(crate) fn complain(&self, text: &str) {
        let mut stderr = io::stderr().lock();
        let text = inert(text, self.color_errors);
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

/// The text with every control character written out, but for line feeds and tabs, and for colours where the program
/// prints some: names, resources and file names come from anywhere, and must not move the cursor or hide what follows.
/// They are written as JSON escapes, so that a JSON document stays what it is.
fn inert(text: &str, has_colors: bool) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len() + 16);
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        let behind = rest.as_str();
        if character == '\u{1b}'
            && has_colors
            && let Some(color) = color(behind)
        {
            written.push(character);
            written.push_str(color);
            rest = behind.get(color.len()..).unwrap_or_default().chars();
        } else if acts(character) && !(character == '\r' && behind.starts_with('\n')) {
            let _ = write!(written, "\\u{:04x}", u32::from(character));
        } else {
            written.push(character);
        }
    }
    Cow::Owned(written)
}

/// Whether a character does something to a terminal or to the order of the text, instead of standing there.
fn acts(character: char) -> bool {
    (character.is_control() && !matches!(character, '\n' | '\t'))
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The part of a sequence that sets a colour or weight, behind its escape.
fn color(behind: &str) -> Option<&str> {
    let end = behind.strip_prefix('[')?.find(|c: char| !c.is_ascii_digit() && c != ';')?.checked_add(1)?;
    let color = behind.get(..=end)?;
    color.ends_with('m').then_some(color)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_written_out() {
        for (text, plain, colored) in [
            ("a\nb\tc\r\n", "a\nb\tc\r\n", "a\nb\tc\r\n"),
            ("a\rb\u{8}\0", "a\\u000db\\u0008\\u0000", "a\\u000db\\u0008\\u0000"),
            ("\u{1b}[1;31mé\u{1b}[0m", "\\u001b[1;31mé\\u001b[0m", "\u{1b}[1;31mé\u{1b}[0m"),
            ("\u{1b}[2J\u{1b}]0;x\u{7}", "\\u001b[2J\\u001b]0;x\\u0007", "\\u001b[2J\\u001b]0;x\\u0007"),
            ("\u{1b}", "\\u001b", "\\u001b"),
            ("\u{1b}[", "\\u001b[", "\\u001b["),
            ("\u{9b}2J\u{202e}x", "\\u009b2J\\u202ex", "\\u009b2J\\u202ex"),
        ] {
            assert_eq!((inert(text, false), inert(text, true)), (plain.into(), colored.into()), "{text:?}");
        }
    }
}
