//! `bailiwick check`: findings in policy documents, from every input that holds some.

mod explain;
mod fix;

use std::path::Path;

use crate::args::{Check, FindingFormat};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::render::findings;
use crate::report::FileReport;
use crate::screen::Screen;
use crate::source::Source;
use crate::terminal::Terminal;

/// The longest file that is read, in bytes: NDJSON may hold any number of documents, each of which has the limit of a
/// document.
const LONGEST_FILE: usize = 1 << 30;

pub(crate) fn run(args: &Check, terminal: &Terminal) -> Result<Exit, Failure> {
    if let Some(code) = &args.explain {
        return explain::run(code, terminal);
    }
    let mut failures = Vec::new();
    let mut reports = Vec::new();
    let mut diffs = terminal.screen();
    for path in input::policy_files(&args.files, &mut failures) {
        match file(&path, args, &mut diffs) {
            Ok(report) => reports.push(report),
            Err(failure) => failures.push(failure),
        }
    }
    if args.format != FindingFormat::Human {
        terminal.complain(&diffs);
    }
    if !reports.is_empty() {
        match args.format {
            FindingFormat::Human => {
                findings::human::page(&reports, terminal, &mut diffs);
                terminal.show(&diffs)?;
            }
            FindingFormat::Json => terminal.print_json(&findings::json::document(&reports))?,
            FindingFormat::Sarif => terminal.print_json(&findings::sarif::document(&reports))?,
            FindingFormat::Github => terminal.show(&findings::github::commands(&reports))?,
        }
    }
    if !failures.is_empty() {
        return Err(Failure::Several(failures));
    }
    let heaviest = reports.iter().flat_map(FileReport::findings).map(|placed| placed.finding.severity).max();
    Ok(if heaviest >= Some(args.deny.severity()) { Exit::No } else { Exit::Yes })
}

/// The findings in one file; with `--fix`, those that are left after it, and what was changed.
fn file(path: &Path, args: &Check, diffs: &mut Screen) -> Result<FileReport, Failure> {
    let is_named = args.files.iter().any(|named| named == path);
    if is_named && path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
        let message = "YAML is not read".to_owned();
        let help = Some(
            "convert it to JSON; `aws cloudformation get-template` prints a template as JSON".to_owned(),
        );
        return Err(Failure::Unreadable { name: input::name_of(path), message, help });
    }
    let source = match Source::read_up_to(path, LONGEST_FILE) {
        Ok(source) => source,
        // A text that cannot be read is a finding, so that other files are checked all the same.
        Err(Failure::Invalid { source, errors }) => return Ok(FileReport::unread(source, errors, args.kind)),
        Err(failure) => return Err(failure),
    };
    if !args.fix {
        return Ok(FileReport::new(source, is_named, args.kind));
    }
    if input::is_standard_input(path) {
        let help = "name a file; without --fix the findings say what would be changed";
        return Err(Failure::usage("standard input cannot be fixed in place", help));
    }
    let before = source.text.clone();
    let report = fix::apply(source, is_named, args.kind);
    if report.source.text != before {
        std::fs::write(path, &report.source.text).map_err(|error| input::unwritable(path, &error))?;
        fix::diff(&report.source.name, &before, &report.source.text, diffs);
    }
    Ok(report)
}
