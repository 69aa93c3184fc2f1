//! Why the program could not do what it was asked for: exit 2.

use std::borrow::Cow;
use std::io;

use annotate_snippets::Renderer;
use bailiwick_source::json::{self, Limits};
use bailiwick_source::{Code, Error, Errors};

use crate::diagnostics::{self, Drawing};
use crate::screen::Screen;
use crate::source::Source;
use crate::styles::Styles;

/// A reason to end with exit 2.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A file cannot be read.
    Unreadable { name: String, message: String, help: Option<String> },
    /// A file cannot be written.
    Unwritable { name: String, message: String },
    /// A text is not what it must be.
    Invalid { source: Source, errors: Vec<Error> },
    /// What arguments say is not what it must be: the argument and the mistake.
    Arguments(Vec<(Cow<'static, str>, Error)>),
    /// Several of them.
    Several(Vec<Self>),
    /// The arguments do not go together.
    Usage { message: String, help: String },
    /// Standard output cannot be written.
    Output(io::Error),
}

impl Failure {
    /// What is wrong with a text. Readers stop at the first syntax error; people get to see all of them.
    pub(crate) fn invalid(source: Source, errors: Errors) -> Self {
        let errors = match errors.as_slice() {
            [only] if only.code == Code::JSON_SYNTAX_ERROR => {
                let (_, all) = json::parse_partial(&source.text, &Limits::default());
                if all.is_empty() { errors.into_vec() } else { all }
            }
            _ => errors.into_vec(),
        };
        Self::Invalid { source, errors }
    }

    /// Arguments that do not go together.
    pub(crate) fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), help: help.into() }
    }

    /// The message for standard error.
    pub(crate) fn render(&self, renderer: &Renderer) -> Screen {
        let mut screen = Screen::new(Styles::default());
        self.draw(renderer, &mut screen);
        screen
    }

    /// Draws the mistakes, an empty line between them.
    fn draw(&self, renderer: &Renderer, screen: &mut Screen) {
        let mut message = |title: &str, help: Option<&str>| {
            if !screen.as_str().is_empty() {
                screen.line("");
            }
            screen.draw(&Drawing::message(title, help, renderer));
        };
        match self {
            Self::Unreadable { name, message: why, help } => {
                message(&format!("cannot read {name}: {why}"), help.as_deref());
            }
            Self::Unwritable { name, message: why } => message(&format!("cannot write {name}: {why}"), None),
            Self::Arguments(errors) => {
                for (argument, error) in errors {
                    message(&format!("{argument}: {error}"), error.help.as_deref());
                }
            }
            Self::Several(failures) => failures.iter().for_each(|failure| failure.draw(renderer, screen)),
            Self::Usage { message: what, help } => message(what, Some(help)),
            Self::Output(error) => message(&format!("cannot write standard output: {error}"), None),
            Self::Invalid { source, errors } => {
                let page = diagnostics::Page::new(&source.name, &source.text);
                for error in errors {
                    if !screen.as_str().is_empty() {
                        screen.line("");
                    }
                    screen.draw(&page.draw(&error.into(), renderer));
                }
            }
        }
    }
}
