//! Why the program could not do what it was asked for: exit 2.

use std::borrow::Cow;
use std::io;

use annotate_snippets::{Group, Level};
use bailiwick::json::{self, Limits};
use bailiwick::{Code, Error, Errors};

use crate::diagnostics;
use crate::input::Source;
use crate::terminal::Terminal;

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
            [only] if only.code == Code::JsonSyntaxError => {
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
    pub(crate) fn render(&self, terminal: &Terminal) -> String {
        let renderer = diagnostics::renderer(terminal.color_errors, terminal.error_width);
        let plain = |title: &str, help: Option<&str>| {
            let mut group = Group::with_title(Level::ERROR.primary_title(title));
            if let Some(help) = help {
                group = group.element(Level::HELP.message(help));
            }
            renderer.render(&[group]) + "\n"
        };
        match self {
            Self::Unreadable { name, message, help } => {
                plain(&format!("cannot read {name}: {message}"), help.as_deref())
            }
            Self::Unwritable { name, message } => plain(&format!("cannot write {name}: {message}"), None),
            Self::Arguments(errors) => {
                let texts = errors
                    .iter()
                    .map(|(argument, error)| plain(&format!("{argument}: {error}"), error.help.as_deref()));
                texts.collect::<Vec<_>>().join("\n")
            }
            Self::Several(failures) => {
                let texts = failures.iter().map(|failure| failure.render(terminal));
                texts.collect::<Vec<_>>().join("\n")
            }
            Self::Usage { message, help } => plain(message, Some(help)),
            Self::Output(error) => plain(&format!("cannot write standard output: {error}"), None),
            Self::Invalid { source, errors } => {
                let page = diagnostics::Page::new(&source.name, &source.text);
                let texts: Vec<_> =
                    errors.iter().map(|error| page.render(&error.into(), &renderer)).collect();
                texts.join("\n")
            }
        }
    }
}
