//! `bailiwick normalize`: the canonical form of one policy document.

use bailiwick::{canonical_json, normalizer, parser};

use crate::Exit;
use crate::args::Normalize;
use crate::failure::Failure;
use crate::input::Source;
use crate::terminal::Terminal;

pub(crate) fn run(args: &Normalize, terminal: &Terminal) -> Result<Exit, Failure> {
    let source = Source::read(&args.file)?;
    let policy = parser::parse(&source.text).and_then(|document| normalizer::normalize(&document, None));
    match policy {
        Ok(policy) => terminal.print_json(&canonical_json(&policy)).map(|()| Exit::Yes),
        Err(errors) => Err(Failure::invalid(source, errors)),
    }
}
