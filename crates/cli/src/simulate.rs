//! `bailiwick simulate`: one scenario, or a batch of them.

mod batch;
mod block;
mod custom_policy;
mod expectation;
mod lines;
mod one_line;
mod progress;

use std::collections::BTreeSet;

use bailiwick_evaluator::Decision;
use bailiwick_scenario::Scenario;
use bailiwick_source::json::{self, Limits};

use crate::args::{AnswerFormat, Simulate};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::render;
use crate::render::answer::{Case, Places};
use crate::screen::Screen;
use crate::source::Source;
use crate::terminal::Terminal;
use expectation::Expectation;

pub(crate) fn run(args: &Simulate, terminal: &Terminal) -> Result<Exit, Failure> {
    let (expectation, file) = Expectation::read(args.expect.as_deref(), args.file.as_deref())?;
    if let Some(action) = &args.request.action {
        let asked = Asked::one(one_line::scenario(action, &args.request)?);
        return asked.answer(args.format, expectation, &Places::Files, terminal);
    }
    let file = file.ok_or_else(|| {
        Failure::usage("there is no scenario to decide", "name a file, or - for standard input")
    })?;
    if args.batch {
        if args.format.is_some_and(|format| format != AnswerFormat::Json) {
            let help = "leave --format out, or say --format json";
            return Err(Failure::usage("a batch is answered in JSON", help));
        }
        return batch::run(&file, expectation, &args.batch_options, terminal);
    }
    let source = Source::read(&file)?;
    Asked::read(&source)?.answer(args.format, expectation, &Places::Scenario(&source), terminal)
}

/// What is asked.
#[derive(Debug)]
struct Asked {
    /// For every action the scenarios about its resources.
    actions: Vec<Vec<Scenario>>,
    /// Of an input of AWS's simulator, which may ask any number: every context key that some policy asks for.
    keys: Option<BTreeSet<String>>,
}

impl Asked {
    fn one(scenario: Scenario) -> Self {
        Self { actions: vec![vec![scenario]], keys: None }
    }

    /// The scenarios in a file: a scenario of ours is one, an input of AWS's simulator any number.
    fn read(source: &Source) -> Result<Self, Failure> {
        let document = json::parse(&source.text, &Limits::default())
            .map_err(|error| Failure::invalid(source.clone(), error.into()))?;
        if custom_policy::is_input(document.root()) {
            let custom_policy::Asked { actions, keys } = custom_policy::read(source, document.root())?;
            return Ok(Self { actions, keys: Some(keys) });
        }
        match Scenario::read(document.root()) {
            Ok(scenario) => Ok(Self::one(scenario)),
            Err(errors) => Err(Failure::invalid(source.clone(), errors)),
        }
    }

    /// Prints the answers: yes when every one is as expected, or allowed when nothing was expected.
    fn answer(
        self,
        format: Option<AnswerFormat>,
        expectation: Expectation,
        places: &Places<'_>,
        terminal: &Terminal,
    ) -> Result<Exit, Failure> {
        let mut exit = Exit::Yes;
        let mut cases = Vec::new();
        for (action, scenarios) in self.actions.into_iter().enumerate() {
            for scenario in scenarios {
                let expected = expectation.of(&scenario).map_err(|error| places.invalid(error))?;
                let answer = scenario.answer();
                if let Some(warning) = expectation.unmet(&scenario, answer.decision) {
                    terminal.complain(&Screen::plain(warning));
                }
                if answer.decision != expected.unwrap_or(Decision::Allowed) {
                    exit = Exit::No;
                    if let Some(expected) = expected {
                        let decision = answer.decision;
                        let line = format!("not as expected: {expected} was, the decision is {decision}");
                        terminal.complain(&Screen::plain(line));
                    }
                }
                cases.push(Case { action, scenario, answer });
            }
        }
        let mut answers = cases.iter().map(|case| &case.answer);
        let json = match format {
            Some(AnswerFormat::Aws) => render::json(&render::aws::document(&cases, self.keys.as_ref())),
            Some(AnswerFormat::Json) if self.keys.is_some() => render::json(&answers.collect::<Vec<_>>()),
            Some(AnswerFormat::Json) => render::json(&answers.next()),
            Some(AnswerFormat::Human) | None => {
                let mut screen = terminal.screen();
                for (at, case) in cases.iter().enumerate() {
                    if at > 0 {
                        screen.line("");
                    }
                    render::answer::human(case, places, &mut screen);
                }
                terminal.show(&screen)?;
                return Ok(exit);
            }
        };
        terminal.print_json(&json)?;
        Ok(exit)
    }
}
