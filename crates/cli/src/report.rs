//! What was found in a file: by document, with every place in the file.

mod places;

use bailiwick_source::{Error, LineIndex, Position, Span};
use bailiwick_validator::inputs::{Embedding, Format, read};
use bailiwick_validator::{Finding, Kind};

use crate::source::Source;
use places::Places;

/// The findings in one file.
#[derive(Debug)]
pub(crate) struct FileReport {
    pub(crate) source: Source,
    pub(crate) format: Format,
    /// Whether the file was named, and not found in a folder or by a glob.
    pub(crate) is_named: bool,
    pub(crate) documents: Vec<DocumentReport>,
}

/// The findings in one document.
#[derive(Debug)]
pub(crate) struct DocumentReport {
    /// The JSON Pointer of the document in its file; empty when it is all there is.
    pub(crate) pointer: String,
    pub(crate) kind: Kind,
    /// Whether the kind is another than the default, and was inferred: neither the file nor the user says it.
    pub(crate) is_inferred: bool,
    /// The document's own text, if the file holds it in a string.
    pub(crate) text: Option<String>,
    pub(crate) findings: Vec<Placed>,
}

/// A finding and where it is in the file.
#[derive(Debug)]
pub(crate) struct Placed {
    pub(crate) finding: Finding,
    /// The JSON Pointer of what it is about: in the file, but of a document in a string within that document.
    pub(crate) pointer: String,
    /// In the file; the places in `finding` are in the document's own text.
    pub(crate) span: Span,
    pub(crate) start: Position,
    pub(crate) end: Position,
    /// The second place, in the file.
    pub(crate) related: Option<(Span, &'static str)>,
    /// The change of the file's text that corrects it.
    pub(crate) fix: Option<(Span, String)>,
}

impl FileReport {
    /// Checks every document in a source; `kind` is the kind of those whose file does not say it. A file that was not
    /// named may hold anything, so only evident policies in it are checked.
    pub(crate) fn new(source: Source, is_named: bool, kind: Option<Kind>) -> Self {
        let lines = LineIndex::new(&source.text);
        let input = read(&source.text);
        let format = input.format;
        let documents = input.documents.into_iter().filter(|document| is_named || document.is_evident());
        let documents = documents.map(|document| {
            let places = Places::new(&document, &source.text);
            let is_string = document.embedding != Embedding::Value;
            let place = |finding: Finding| {
                let span = places.outer(finding.span);
                let (start, end) = lines.range(span);
                let pointer = if is_string {
                    finding.pointer.clone()
                } else {
                    format!("{}{}", document.pointer, finding.pointer)
                };
                let related = finding.related.map(|(span, what)| (places.outer(span), what));
                let fix = finding.fix.as_ref().and_then(|fix| {
                    let replacement = match document.embedding {
                        Embedding::Value => fix.replacement.clone(),
                        Embedding::String => escaped(&fix.replacement),
                        // Such a text is an output of AWS, not a file that is edited.
                        Embedding::UrlEncoded => return None,
                    };
                    matches!(places, Places::Moved(_) | Places::Mapped(_))
                        .then(|| (places.outer(fix.span), replacement))
                });
                Placed { finding, pointer, span, start, end, related, fix }
            };
            let given = document.kind.or(kind);
            let kind = given.unwrap_or_else(|| document.inferred_kind());
            DocumentReport {
                pointer: document.pointer.clone(),
                kind,
                is_inferred: given.is_none() && kind != Kind::default(),
                findings: document.check(kind).into_iter().map(place).collect(),
                text: is_string.then(|| document.text.clone().into_owned()),
            }
        });
        let documents = documents.collect();
        Self { source, format, is_named, documents }
    }

    /// The errors of a file that is not text.
    pub(crate) fn unread(source: Source, errors: Vec<Error>, kind: Option<Kind>) -> Self {
        let lines = LineIndex::new(&source.text);
        let place = |error: Error| {
            let (start, end) = lines.range(error.span);
            let (span, finding) = (error.span, Finding::from(error));
            Placed { finding, pointer: String::new(), span, start, end, related: None, fix: None }
        };
        let findings = errors.into_iter().map(place).collect();
        let kind = kind.unwrap_or_default();
        let pointer = String::new();
        let documents = vec![DocumentReport { pointer, kind, is_inferred: false, text: None, findings }];
        Self { source, format: Format::Unknown, is_named: true, documents }
    }

    /// All findings in the file.
    pub(crate) fn findings(&self) -> impl Iterator<Item = &Placed> {
        self.documents.iter().flat_map(|document| &document.findings)
    }
}

/// A text as a JSON string without its quotes.
fn escaped(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or_default().to_owned()
}
