//! The goals, each with our figure beside those of other engines, from one run.
//!
//! `cargo bench -p bailiwick-benches --bench goals` prints the tables; with `-- --write` they also take their place
//! in `docs/PERFORMANCE.md`. Every answer is asserted before it is timed; `-- --test` asserts and times nothing.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs};

use crate::clock::Effort;
use crate::engine::Engine;
use crate::memory::Memory;
use crate::surroundings::Surroundings;
use crate::table::Section;

mod decisions;
mod patterns;
mod reading;
mod scale;

/// What stands beside our own engine, besides the definitional model and what this package always has at hand.
#[derive(Default)]
pub struct Peers {
    /// Engines that decide.
    pub engines: Vec<Box<dyn Engine>>,
    /// Matchers of patterns: a name, and a pattern to a matcher of texts.
    pub matchers: Vec<(&'static str, Matcher)>,
    /// Readers of documents: a name, and a document to whether it could be read.
    pub readers: Vec<(&'static str, Reader)>,
}

/// Whether a document can be read.
pub type Reader = fn(&str) -> bool;

/// Compiles a pattern of `*` and `?`.
pub type Matcher = fn(&str) -> Box<dyn Fn(&str) -> bool>;

/// Measures everything and prints the tables; `memory` is the program that counts allocations, `part` names the place
/// in `docs/PERFORMANCE.md` that `--write` fills.
pub fn main(peers: &Peers, memory: &str, part: &str) -> ExitCode {
    let effort = Effort::from_arguments();
    let surroundings = Surroundings::now();
    let memory = match counted(memory, effort) {
        Ok(memory) => memory,
        Err(error) => {
            eprintln!("{memory}: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut sections = vec![
        decisions::decisions(effort, peers, &memory),
        scale::growth(effort, peers),
        scale::alike(effort),
        decisions::managed(effort, peers),
        decisions::requests(effort, &memory),
        patterns::patterns(effort, peers),
        reading::reading(effort, peers),
        reading::compiling(effort, &memory),
        scale::service(effort, &memory),
        scale::batches(effort),
    ];
    sections.extend(scale::large(effort, &memory));
    let tables: Vec<String> = sections.iter().map(Section::markdown).collect();
    let (mut missed, mut goals) = (Vec::new(), 0);
    for section in &sections {
        let (of_it, count) = section.missed();
        missed.extend(of_it);
        goals += count;
    }
    if effort == Effort::Once {
        println!("every answer is right; nothing was timed");
        return ExitCode::SUCCESS;
    }
    let mut text = format!("{}\n\n{}", surroundings.line(), tables.join("\n"));
    text.push_str(&format!("\n{} of {goals} goals are met.", goals - missed.len()));
    if !missed.is_empty() {
        text.push_str(&format!(" Missed: {}.", missed.join("; ")));
    }
    println!("{text}");
    if env::args().any(|argument| argument == "--write")
        && let Err(error) = write(part, &text)
    {
        eprintln!("docs/PERFORMANCE.md: {error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Runs the program that counts: its allocator would slow down whatever is timed.
fn counted(program: &str, effort: Effort) -> Result<Memory, String> {
    let mut command = Command::new(program);
    if effort == Effort::Once {
        command.arg("--test");
    }
    let output = command.output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(Memory::read(&String::from_utf8_lossy(&output.stdout)))
}

/// The document that the tables stand in.
pub fn document() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/PERFORMANCE.md")
}

/// Puts tables between `<!-- PART -->` and `<!-- end PART -->`.
fn write(part: &str, tables: &str) -> Result<(), String> {
    let path = document();
    let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
    let (begin, end) = (format!("<!-- {part} -->\n"), format!("<!-- end {part} -->"));
    let (before, rest) = text.split_once(&begin).ok_or_else(|| format!("there is no {begin:?}"))?;
    let (_, after) = rest.split_once(&end).ok_or_else(|| format!("there is no {end:?}"))?;
    fs::write(&path, format!("{before}{begin}{tables}\n{end}{after}")).map_err(|error| error.to_string())
}
