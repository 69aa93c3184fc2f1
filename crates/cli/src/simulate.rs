//! `bailiwick simulate`: one scenario, or a batch of them.

mod batch;
mod block;
mod expectation;
mod lines;
mod progress;

use bailiwick::Decision;
use bailiwick::scenario::Scenario;

use crate::Exit;
use crate::args::{Format, Simulate};
use crate::failure::Failure;
use crate::input::Source;
use crate::render;
use crate::terminal::Terminal;
use expectation::Expectation;

pub(crate) fn run(args: &Simulate, terminal: &Terminal) -> Result<Exit, Failure> {
    let (expectation, file) = Expectation::read(args.expect.as_deref(), args.file.as_deref())?;
    let file = file.ok_or_else(|| {
        Failure::usage("there is no scenario to decide", "name a file, or - for standard input")
    })?;
    if args.batch {
        if args.format == Some(Format::Human) {
            return Err(Failure::usage("a batch is answered in JSON", "leave --format human out"));
        }
        return batch::run(&file, expectation, &args.batch_options, terminal);
    }
    let source = Source::read(&file)?;
    let scenario = match Scenario::parse(&source.text) {
        Ok(scenario) => scenario,
        Err(errors) => return Err(Failure::invalid(source, errors)),
    };
    let expected = expectation
        .of(&scenario)
        .map_err(|error| Failure::Invalid { source: source.clone(), errors: vec![error] })?;
    let answer = scenario.answer();
    terminal.print(&match args.format {
        Some(Format::Json) => render::json(&answer),
        _ => render::answer::human(&scenario, &answer, &source, terminal),
    })?;
    let wanted = expected.unwrap_or(Decision::Allowed).as_str();
    Ok(if answer.decision == wanted { Exit::Yes } else { Exit::No })
}
