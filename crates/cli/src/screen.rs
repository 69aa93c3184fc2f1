//! What people read: lines whose breaks and colours are the program's own.
//!
//! Names, resources, file names and messages come from anywhere. Whatever is put on a screen is text: what would move
//! the cursor, begin a line, colour or hide something is written out (see [`Escaped`]), so that no input can forge a
//! line of the program's. There is no way around that but [`Drawing`], which is made of escaped texts.

use std::fmt::{self, Display, Write};

use anstyle::Style;
use bailiwick_source::Escaped;

use crate::diagnostics::Drawing;
use crate::styles::Styles;

/// How many characters of a line are shown.
const LONGEST_LINE: usize = 4_000;
/// How many characters of a name or value are shown.
const LONGEST_VALUE: usize = 400;

/// A page of text for people.
#[derive(Debug)]
pub(crate) struct Screen {
    pub(crate) styles: Styles,
    text: String,
    /// How many characters the line that is being written has, and how many of them are shown.
    length: usize,
    most: usize,
}

impl Screen {
    pub(crate) fn new(styles: Styles) -> Self {
        Self { styles, text: String::new(), length: 0, most: LONGEST_LINE }
    }

    /// A line as it comes to people who see no colours.
    pub(crate) fn plain(line: impl Display) -> Self {
        let mut screen = Self::new(Styles::default());
        screen.line(line);
        screen
    }

    /// Adds to the line.
    pub(crate) fn put(&mut self, text: impl Display) -> &mut Self {
        // Writing to memory does not fail.
        let _ = write!(Inert(self), "{text}");
        self
    }

    /// Adds to the line in a style.
    pub(crate) fn styled(&mut self, style: Style, text: impl Display) -> &mut Self {
        let _ = write!(self.text, "{style}");
        self.put(text);
        let _ = write!(self.text, "{style:#}");
        self
    }

    /// Ends the line.
    pub(crate) fn end(&mut self) {
        if self.length > self.most {
            let _ = write!(self.text, "… ({} characters)", self.length);
        }
        self.text.push('\n');
        (self.length, self.most) = (0, LONGEST_LINE);
    }

    /// Adds to the line and ends it.
    pub(crate) fn line(&mut self, text: impl Display) {
        self.put(text).end();
    }

    /// Adds a line that is of use in its whole length only, such as a command.
    pub(crate) fn whole_line(&mut self, text: impl Display) {
        self.most = usize::MAX;
        self.line(text);
    }

    /// Adds lines, in a style; line feeds end lines.
    pub(crate) fn lines(&mut self, style: Style, indent: &str, text: &str) {
        for line in text.lines() {
            self.put(indent).styled(style, line).end();
        }
    }

    /// A title over what follows, with an empty line before it.
    pub(crate) fn heading(&mut self, text: impl Display) {
        self.line("");
        self.styled(self.styles.heading, text).end();
    }

    /// Adds what was drawn.
    pub(crate) fn draw(&mut self, drawing: &Drawing) {
        self.text.push_str(drawing.as_str());
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }
}

/// Writes what does nothing on a screen.
struct Inert<'s>(&'s mut Screen);

impl Write for Inert<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let Self(screen) = self;
        let shown = screen.most.saturating_sub(screen.length);
        let cut = text.char_indices().nth(shown).map_or(text, |(at, _)| text.get(..at).unwrap_or_default());
        screen.length = screen.length.saturating_add(text.chars().count());
        write!(screen.text, "{}", Escaped(cut))
    }
}

/// A name or value, shortened when nobody would read it to its end; then its length stands behind it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Short<'a>(pub(crate) &'a str);

impl Display for Short<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(LONGEST_VALUE) {
            None => f.write_str(self.0),
            Some((cut, _)) => {
                let (shown, count) = (self.0.get(..cut).unwrap_or_default(), self.0.chars().count());
                write!(f, "{shown}… ({count} characters)")
            }
        }
    }
}

/// An argument of the program as messages show it.
pub(crate) fn argument(text: &str) -> String {
    Escaped(&Short(text).to_string()).to_string()
}

/// Sources are shown with their tabs as blanks, as wide in every terminal.
pub(crate) fn without_tabs(line: &str) -> String {
    line.replace('\t', "    ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_put_on_a_screen_ends_its_line_or_colours_it() {
        let mut screen = Screen::new(Styles::colored());
        let good = screen.styles.good;
        screen.put("a\n").styled(good, "b\u{1b}[0m\r").line("\tc\u{202e}");
        assert_eq!(screen.as_str(), format!("a\\n{good}b\\u001b[0m\\r{good:#}\\tc\\u202e\n"));
    }

    #[test]
    fn what_is_too_long_says_how_long_it_is() {
        let long = "é".repeat(5_000);
        let screen = Screen::plain(Short(&long));
        assert_eq!(screen.as_str(), format!("{}… (5000 characters)\n", "é".repeat(400)));
        let screen = Screen::plain(&long);
        assert_eq!(screen.as_str(), format!("{}… (5000 characters)\n", "é".repeat(4_000)));
        let mut screen = Screen::new(Styles::default());
        screen.whole_line(&long);
        screen.line("next");
        assert_eq!(screen.as_str(), format!("{long}\nnext\n"));
    }
}
