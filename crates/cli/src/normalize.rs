//! `bailiwick normalize`: the canonical form of one policy document.

use bailiwick_normalizer::canonical_json;

use crate::args::Normalize;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::source::Source;
use crate::terminal::Terminal;

pub(crate) fn run(args: &Normalize, terminal: &Terminal) -> Result<Exit, Failure> {
    let source = Source::read(&args.file)?;
    let policy = bailiwick_parser::parse(&source.text)
        .and_then(|document| bailiwick_normalizer::normalize(&document, None));
    match policy {
        Ok(policy) => terminal.print_json(&canonical_json(&policy)).map(|()| Exit::Yes),
        Err(errors) => Err(Failure::invalid(source, errors)),
    }
}
