//! `bailiwick deliver`: would this delivery succeed?

use std::path::Path;

use bailiwick::delivery::environment::{Environment, File};
use bailiwick::delivery::{Delivery, Verdict};

use crate::Exit;
use crate::args::{Deliver, Format};
use crate::failure::Failure;
use crate::input::{Source, files_below};
use crate::render;
use crate::terminal::Terminal;

pub(crate) fn run(args: &Deliver, terminal: &Terminal) -> Result<Exit, Failure> {
    let environment = args.environment.as_deref().map(environment).transpose()?;
    let source = Source::read(&args.file)?;
    let delivery = match Delivery::parse_with(&source.text, environment) {
        Ok(delivery) => delivery,
        Err(errors) => return Err(Failure::invalid(source, errors)),
    };
    let answer = delivery.simulate();
    terminal.print(&match args.format {
        Format::Json => render::json(&answer),
        Format::Human => render::delivery::human(&answer, terminal),
    })?;
    Ok(match answer.verdict {
        Verdict::Succeeds => Exit::Yes,
        Verdict::Fails => Exit::No,
        Verdict::Uncertain => Exit::Uncertain,
    })
}

/// Reads a folder of AWS CLI outputs.
fn environment(folder: &Path) -> Result<Environment, Failure> {
    let mut sources = Vec::new();
    let mut failures = Vec::new();
    for path in files_below(folder, &["json"])? {
        match Source::read(&path) {
            Ok(source) => sources.push((below(&path, folder), source)),
            Err(failure) => failures.push(failure),
        }
    }
    let files: Vec<_> = sources.iter().map(|(path, source)| File { path, text: &source.text }).collect();
    let read = Environment::from_files(&files);
    match read {
        Ok(environment) if failures.is_empty() => return Ok(environment),
        Ok(_) => {}
        Err(mistakes) => {
            for mistake in mistakes {
                let source = sources.iter().find(|(path, _)| *path == mistake.path);
                let source = source.map(|(_, source)| source.clone());
                let source =
                    source.unwrap_or_else(|| Source { name: mistake.path.clone(), text: String::new() });
                failures.push(Failure::invalid(source, mistake.errors));
            }
        }
    }
    Err(Failure::Several(failures))
}

/// A path below a folder, with `/` between its parts.
fn below(path: &Path, folder: &Path) -> String {
    let parts = path.strip_prefix(folder).unwrap_or(path).components();
    parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}
