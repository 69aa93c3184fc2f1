//! Findings as one JSON document: `files` by document, each with its `findings`.

use bailiwick_source::Position;
use serde::Serialize;

use crate::report::{DocumentReport, FileReport, Placed};

#[derive(Serialize)]
struct Report<'a> {
    files: Vec<File<'a>>,
}

/// One document: a file with several documents has several entries.
#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    kind: &'a str,
    /// The JSON Pointer of the document in the file, where it is not all there is.
    #[serde(skip_serializing_if = "str::is_empty")]
    document: &'a str,
    findings: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Finding<'a> {
    code: &'a str,
    severity: &'a str,
    message: &'a str,
    help: Option<&'a str>,
    pointer: &'a str,
    start: Place,
    end: Place,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<Fix<'a>>,
}

/// What to put in the place of which bytes of the file.
#[derive(Serialize)]
struct Fix<'a> {
    start: u32,
    end: u32,
    replacement: &'a str,
}

#[derive(Serialize)]
struct Place {
    line: u32,
    column: u32,
    offset: u32,
}

/// The document.
pub(crate) fn document(reports: &[FileReport]) -> String {
    let files = reports
        .iter()
        .flat_map(|report| report.documents.iter().map(|document| file(&report.source.name, document)));
    crate::render::json(&Report { files: files.collect() })
}

fn file<'a>(path: &'a str, document: &'a DocumentReport) -> File<'a> {
    File {
        path,
        kind: document.kind.option_name(),
        document: &document.pointer,
        findings: document.findings.iter().map(finding).collect(),
    }
}

fn finding(placed: &Placed) -> Finding<'_> {
    let place = |position: Position, offset| Place { line: position.line, column: position.column, offset };
    Finding {
        code: placed.finding.code,
        severity: placed.finding.severity.as_str(),
        message: &placed.finding.message,
        help: placed.finding.help.as_deref(),
        pointer: &placed.pointer,
        start: place(placed.start, placed.span.start),
        end: place(placed.end, placed.span.end),
        fix: placed.fix.as_ref().map(|(span, replacement)| Fix {
            start: span.start,
            end: span.end,
            replacement,
        }),
    }
}
