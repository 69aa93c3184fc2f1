//! Findings as a log in the Static Analysis Results Interchange Format (SARIF) 2.1.0, which code scanning reads.

use bailiwick_source::Span;
use bailiwick_validator::{Check, Severity};
use serde_json::{Value, json};

use crate::report::{DocumentReport, FileReport, Placed};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The log.
pub(crate) fn document(reports: &[FileReport]) -> String {
    let mut rules: Vec<&Check> = Vec::new();
    let mut results = Vec::new();
    for report in reports {
        for document in &report.documents {
            for placed in &document.findings {
                results.push(result(report, document, placed, &mut rules));
            }
        }
    }
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "bailiwick",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|check| rule(check)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    crate::render::json(&log)
}

fn rule(check: &Check) -> Value {
    json!({
        "id": check.code,
        "shortDescription": {"text": check.reason},
        "fullDescription": {"text": check.explanation},
        "defaultConfiguration": {"level": level(check.severity)},
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::SecurityWarning | Severity::Warning => "warning",
        Severity::Suggestion => "note",
    }
}

fn result(
    report: &FileReport,
    document: &DocumentReport,
    placed: &Placed,
    rules: &mut Vec<&'static Check>,
) -> Value {
    let finding = &placed.finding;
    let uri = uri(&report.source.name);
    let help = finding.help.as_deref().map(|help| format!(" ({help})")).unwrap_or_default();
    let pointer = if document.text.is_some() {
        format!("{}#{}", document.pointer, placed.pointer)
    } else {
        placed.pointer.clone()
    };
    let mut result = json!({
        "ruleId": finding.code,
        "level": level(finding.severity),
        "message": {"text": format!("{}{help}", finding.message)},
        "locations": [{
            "physicalLocation": {
                "artifactLocation": {"uri": uri},
                "region": {
                    "startLine": placed.start.line,
                    "startColumn": placed.start.column,
                    "endLine": placed.end.line,
                    "endColumn": placed.end.column,
                    "byteOffset": placed.span.start,
                    "byteLength": placed.span.len(),
                },
            },
            "logicalLocations": [{"fullyQualifiedName": pointer}],
        }],
    });
    let Some(members) = result.as_object_mut() else { return result };
    if let Some(check) = bailiwick_validator::explain(finding.code) {
        let index = rules.iter().position(|known| known.code == check.code).unwrap_or_else(|| {
            rules.push(check);
            rules.len() - 1
        });
        members.insert("ruleIndex".to_owned(), index.into());
    }
    if let Some((span, replacement)) = &placed.fix {
        members.insert("fixes".to_owned(), json!([fix(&uri, *span, replacement)]));
    }
    result
}

fn fix(uri: &str, span: Span, replacement: &str) -> Value {
    json!({
        "artifactChanges": [{
            "artifactLocation": {"uri": uri},
            "replacements": [{
                "deletedRegion": {"byteOffset": span.start, "byteLength": span.len()},
                "insertedContent": {"text": replacement},
            }],
        }],
    })
}

/// A path as a relative URI reference (RFC 3986).
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            b'\\' => uri.push('/'),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("a/b c.json"), "a/b%20c.json");
        assert_eq!(uri("é#1"), "%C3%A9%231");
    }
}
