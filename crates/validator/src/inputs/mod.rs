//! Policy documents inside the inputs people have.
//!
//! [`documents`] finds them in one text: a policy document, a list of them, NDJSON, what the AWS CLI prints (documents
//! stand inside as objects, as JSON strings or URL-encoded), CloudFormation templates in JSON, and Terraform plans in
//! JSON. Where the input says what a document is for, it comes with its [`Kind`].
//!
//! A document that stands in a string has a text of its own: findings refer to that text, and
//! [`PolicyDocument::outer`] says where in the input they belong. What a CloudFormation function will put in a place is
//! not known before deployment: functions are replaced by a text of the same length, and
//! [`PolicyDocument::check`] leaves out what would be said about it.

mod decode;
mod intrinsic;
mod output;
mod plan;
mod template;

use std::borrow::Cow;

use bailiwick_parser::Span;
use bailiwick_parser::json::{self, Kind as Json, Limits, Value};

use crate::{Finding, Kind};

/// One policy document and where it was found.
#[derive(Clone, Debug)]
pub struct PolicyDocument<'src> {
    /// The JSON Pointer of the document in its input; of NDJSON, in its line. Empty when the document is all there is.
    pub pointer: String,
    /// The text of the document: what [`check`](crate::check) reads and its spans refer to.
    pub text: Cow<'src, str>,
    /// Where the document, or the string it stands in, is in the input.
    pub span: Span,
    /// How it stands there.
    pub embedding: Embedding,
    /// What it is for, where the input says so.
    pub kind: Option<Kind>,
    /// Places of the text that stand for functions of a template.
    functions: Vec<Function>,
}

/// A function of a template that was replaced by a text of the same length.
#[derive(Clone, Copy, Debug)]
struct Function {
    /// Where in the document.
    span: Span,
    /// Whether nothing is known of what it makes.
    opaque: bool,
}

impl Function {
    fn overlaps(&self, span: Span) -> bool {
        span.start < self.span.end && self.span.start < span.end
    }
}

/// How a document stands in its input.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Embedding {
    /// As it is: offsets of the document are offsets of the input, moved by where it begins.
    Value,
    /// In a JSON string.
    String,
    /// URL-encoded in a JSON string.
    UrlEncoded,
}

impl PolicyDocument<'_> {
    /// All findings in the document, of its own kind where that is known, else of the kind given. What a template's
    /// function makes has no fix.
    #[must_use]
    pub fn check(&self, default: Kind) -> Vec<Finding> {
        let mut findings = crate::check(&self.text, self.kind.unwrap_or(default));
        let unknown = |span| self.functions.iter().any(|function| function.opaque && function.overlaps(span));
        findings.retain(|finding| {
            !unknown(finding.span) && !finding.related.is_some_and(|(span, _)| unknown(span))
        });
        for finding in &mut findings {
            finding.fix.take_if(|fix| self.functions.iter().any(|function| function.overlaps(fix.span)));
        }
        findings
    }

    /// Where in the input a place of the document is: the place itself, or the string or the template's function that
    /// it is part of.
    #[must_use]
    pub fn outer(&self, inner: Span) -> Span {
        if self.embedding != Embedding::Value {
            return self.span;
        }
        let function = self.functions.iter().find(|function| function.span.contains(inner));
        let inner = function.map_or(inner, |function| function.span);
        let moved = |offset: u32| self.span.start.saturating_add(offset);
        Span::new(moved(inner.start), moved(inner.end))
    }
}

/// The policy documents in a text, in the order of the text; at least one.
///
/// A text in which nothing is recognized is one document as it is, so that whatever is wrong with it is found.
///
/// ```
/// use bailiwick_validator::Kind;
/// use bailiwick_validator::inputs::{Embedding, documents};
///
/// let output = r#"{"resourcePolicies": [
///   {"policyName": "es", "policyDocument": "{\"Version\":\"2012-10-17\",\"Statement\":[]}", "lastUpdatedTime": 1}
/// ]}"#;
/// let found = documents(output);
/// assert_eq!(found.len(), 1);
/// assert_eq!(found[0].pointer, "/resourcePolicies/0/policyDocument");
/// assert_eq!(found[0].kind, Some(Kind::LogsResource));
/// assert_eq!(found[0].embedding, Embedding::String);
/// assert_eq!(found[0].text, r#"{"Version":"2012-10-17","Statement":[]}"#);
/// ```
#[must_use]
pub fn documents(source: &str) -> Vec<PolicyDocument<'_>> {
    let mut found = Vec::new();
    match json::parse(source, &Limits::default()) {
        Ok(input) => in_value(input.root(), &mut found),
        Err(_) if is_lines(source) => in_lines(source, &mut found),
        Err(_) => {}
    }
    if found.is_empty() {
        found.push(whole(source, 0));
    }
    found
}

/// A text, or a line of one, as a document.
fn whole(text: &str, start: usize) -> PolicyDocument<'_> {
    let start = u32::try_from(start).unwrap_or(u32::MAX);
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    PolicyDocument {
        pointer: String::new(),
        text: Cow::Borrowed(text),
        span: Span::new(start, start.saturating_add(length)),
        embedding: Embedding::Value,
        kind: None,
        functions: Vec::new(),
    }
}

/// Whether a text that is not one JSON value is one per line: its first line is one, and is not all there is.
fn is_lines(source: &str) -> bool {
    let mut lines = source.lines().filter(|line| !line.trim().is_empty());
    let first = lines.next().is_some_and(|line| json::parse(line, &Limits::default()).is_ok());
    first && lines.next().is_some()
}

fn in_lines<'src>(source: &'src str, found: &mut Vec<PolicyDocument<'src>>) {
    let mut start = 0;
    for line in source.split_inclusive('\n') {
        let text = line.trim_end_matches(['\n', '\r']);
        if !text.trim().is_empty() {
            let before = found.len();
            if let Ok(input) = json::parse(text, &Limits::default()) {
                in_value(input.root(), found);
            }
            if found.len() == before {
                found.push(whole(text, 0));
            }
            let offset = u32::try_from(start).unwrap_or(u32::MAX);
            for document in found.iter_mut().skip(before) {
                document.span.start = document.span.start.saturating_add(offset);
                document.span.end = document.span.end.saturating_add(offset);
            }
        }
        start += line.len();
    }
}

/// The documents in one JSON value.
fn in_value<'src>(root: Value<'_, 'src>, found: &mut Vec<PolicyDocument<'src>>) {
    // A list may hold policies, outputs or templates.
    for (pointer, value) in unlisted(root) {
        if is_policy(value) {
            found.extend(document(value, pointer, None));
        } else if plan::is_plan(value) {
            plan::documents(value, &pointer, found);
        } else if template::is_template(value) {
            template::documents(value, &pointer, found);
        } else {
            output::documents(value, &pointer, found);
        }
    }
}

/// The items of a list with their pointers; what is no list stands alone.
fn unlisted<'doc, 'src>(root: Value<'doc, 'src>) -> Vec<(String, Value<'doc, 'src>)> {
    if root.kind() == Json::Array {
        root.items().enumerate().map(|(at, item)| (format!("/{at}"), item)).collect()
    } else {
        vec![(String::new(), root)]
    }
}

/// Whether an object is a policy document, be it with mistakes.
fn is_policy(value: Value<'_, '_>) -> bool {
    let version = value.member("Version").and_then(Value::as_str);
    value.member("Statement").is_some() || version.is_some_and(|version| version.ends_with("-10-17"))
}

/// A value as a document: an object, or a string that holds the text of one.
fn document<'src>(
    value: Value<'_, 'src>,
    pointer: String,
    kind: Option<Kind>,
) -> Option<PolicyDocument<'src>> {
    let span = value.span();
    if value.kind() == Json::Object {
        let text = Cow::Borrowed(value.text());
        return Some(PolicyDocument {
            pointer,
            text,
            span,
            embedding: Embedding::Value,
            kind,
            functions: Vec::new(),
        });
    }
    let text = value.as_str()?;
    let (text, embedding) = match text.trim_start().get(..3) {
        Some("%7B" | "%7b") => (Cow::Owned(decode::percent(&text)), Embedding::UrlEncoded),
        _ if text.trim_start().starts_with('{') => (text, Embedding::String),
        _ => return None,
    };
    Some(PolicyDocument { pointer, text, span, embedding, kind, functions: Vec::new() })
}

/// A member's name as a part of a JSON Pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The kind of a policy of an organization by what Organizations calls it.
fn organization_kind(name: &str) -> Option<Kind> {
    match name {
        "SERVICE_CONTROL_POLICY" => Some(Kind::Scp),
        "RESOURCE_CONTROL_POLICY" => Some(Kind::Rcp),
        _ => None,
    }
}
