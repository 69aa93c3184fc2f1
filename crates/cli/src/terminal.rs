//! Where output goes: standard output carries the answer alone, standard error everything else.
//!
//! Decides colour and width, and that a closed pipe is no error. It does not know what is printed, only that texts of
//! others do nothing there: on a [`Screen`] they cannot, and in JSON they are escaped.

use std::borrow::Cow;
use std::env;
use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};

use annotate_snippets::Renderer;
use bailiwick_source::{Escaped, acts};
use terminal_size::{Width, terminal_size_of};

use crate::args::When;
use crate::diagnostics;
use crate::failure::Failure;
use crate::screen::Screen;
use crate::styles::Styles;

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

    /// A screen for standard output.
    pub(crate) fn screen(&self) -> Screen {
        Screen::new(self.styles)
    }

    /// How messages on standard error are drawn.
    pub(crate) fn error_renderer(&self) -> Renderer {
        diagnostics::renderer(self.color_errors, self.error_width)
    }

    /// Writes the answer for people.
    pub(crate) fn show(&self, screen: &Screen) -> Result<(), Failure> {
        print(screen.as_str())
    }

    /// Writes a JSON document.
    pub(crate) fn print_json(&self, document: &str) -> Result<(), Failure> {
        print(&inert_json(document))
    }

    /// Writes a text that is the program's own to its last character.
    pub(crate) fn print_own(&self, text: &str) -> Result<(), Failure> {
        print(text)
    }

    /// Writes to standard error. There is nowhere to say that this failed.
    pub(crate) fn complain(&self, screen: &Screen) {
        let mut stderr = io::stderr().lock();
        let _ = stderr.write_all(screen.as_str().as_bytes()).and_then(|()| stderr.flush());
    }
}

/// Writes to standard output. A reader that closed the pipe has what it wanted.
fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Output(error)),
        _ => Ok(()),
    }
}

/// A JSON document that says the same and does nothing in a terminal. What acts there stands in its strings alone, but
/// for the line feeds between values, and a string may hold any character as an escape.
pub(crate) fn inert_json(document: &str) -> Cow<'_, str> {
    let is_escaped = |character: char| character != '\n' && acts(character);
    if document.bytes().all(|byte| byte == b'\n' || (b' '..=b'~').contains(&byte))
        || !document.contains(is_escaped)
    {
        return Cow::Borrowed(document);
    }
    let mut written = String::with_capacity(document.len() + 16);
    for (at, piece) in document.split('\n').enumerate() {
        let _ = write!(written, "{}{}", if at == 0 { "" } else { "\n" }, Escaped(piece));
    }
    Cow::Owned(written)
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
    fn json_keeps_its_strings_and_shows_what_acts() {
        let text = "\u{1b}[8m\u{7f}\u{9b}\t\n\u{200b}\u{202e}\u{e0041}é𝄞\\";
        let document = serde_json::to_string_pretty(&[text]).unwrap() + "\n";
        let written = inert_json(&document);
        assert_eq!(serde_json::from_str::<Vec<String>>(&written).unwrap(), [text]);
        assert_eq!(written, "[\n  \"\\u001b[8m\\u007f\\u009b\\t\\n\\u200b\\u202e\\udb40\\udc41é𝄞\\\\\"\n]\n");
        assert!(matches!(inert_json("[\n  \"é\"\n]\n"), Cow::Borrowed(_)));
    }
}
