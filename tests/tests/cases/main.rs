//! Every case of `tests/cases` as a test of its own: `cargo test -p bailiwick-tests 'PART OF A NAME'` runs it alone.
//!
//! A test is called by the file below `tests/cases` and the case's name. The program decides the same cases in
//! `crates/cli/tests/cases.rs`; `cargo case 'PART OF A NAME'` runs both.

mod decision;
mod delivery;
mod document;

use std::process::ExitCode;

use bailiwick_tests::case::{self, Case, DeliveryCase, DocumentCase};
use libtest_mimic::{Arguments, FormatSetting, Trial};

/// From how many tests on each is a dot, not a line.
const MANY: usize = 300;

/// What every case has, whatever it is about.
struct About<'c> {
    topic: &'c str,
    name: &'c str,
    because: &'c str,
    source: &'c str,
}

impl About<'_> {
    fn title(&self) -> String {
        format!("{}::{}", self.topic, self.name)
    }

    /// The case's place and reason, before what came of it.
    fn with(&self, outcome: &str) -> String {
        let Self { topic, name, because, source } = self;
        let line = case::line_of(topic, name).map(|line| format!(":{line}")).unwrap_or_default();
        format!("{}{line}: {name}\n{because} ({source})\n{outcome}", case::file_of(topic).display())
    }
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // Who asks for one case by its whole name, as nextest does for each, does not wait for the other files.
    let wanted = arguments.filter.clone().filter(|_| arguments.exact);
    let wants = |topic: &str| {
        let Some(wanted) = &wanted else { return true };
        wanted.strip_prefix(topic).is_some_and(|rest| rest.starts_with("::"))
    };
    let (folder, mut trials, mut mistakes) = (case::folder(), Vec::new(), Vec::new());
    list(&mut trials, &mut mistakes, case::load_of(&folder, wants), decision::failure, |case: &Case| About {
        topic: &case.topic,
        name: &case.name,
        because: &case.because,
        source: &case.source,
    });
    let deliveries = DeliveryCase::load_of(&folder, wants);
    list(&mut trials, &mut mistakes, deliveries, delivery::failure, |case: &DeliveryCase| About {
        topic: &case.topic,
        name: &case.name,
        because: &case.because,
        source: &case.source,
    });
    let documents = DocumentCase::load_of(&folder, wants);
    list(&mut trials, &mut mistakes, documents, document::failure, |case: &DocumentCase| About {
        topic: &case.topic,
        name: &case.name,
        because: &case.kind,
        source: &case.source,
    });
    if wanted.is_none() && trials.len() < 3_000 {
        mistakes.push(format!("only {} cases were read", trials.len()));
    }
    trials.push(Trial::test("every file of cases is read", move || {
        if mistakes.is_empty() { Ok(()) } else { Err(mistakes.join("\n").into()) }
    }));
    let is_whole = arguments.filter.is_none() && arguments.skip.is_empty() && !arguments.list;
    if is_whole && trials.len() >= MANY && arguments.format.is_none() && !arguments.quiet {
        arguments.format = Some(FormatSetting::Terse);
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Adds a test for each case, or what is wrong with their files.
fn list<C: Send + 'static>(
    trials: &mut Vec<Trial>,
    mistakes: &mut Vec<String>,
    cases: Result<Vec<C>, Vec<String>>,
    failure: fn(&C) -> Option<String>,
    about: fn(&C) -> About<'_>,
) {
    match cases {
        Ok(cases) => trials.extend(cases.into_iter().map(|case| {
            Trial::test(about(&case).title(), move || {
                failure(&case).map_or(Ok(()), |outcome| Err(about(&case).with(&outcome).into()))
            })
        })),
        Err(more) => mistakes.extend(more),
    }
}
