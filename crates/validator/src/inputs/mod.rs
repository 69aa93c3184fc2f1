//! Finds policy documents in the files that hold them.
//!
//! [`documents`] finds them in one text: a policy document, a list of them, NDJSON, what the AWS CLI prints (documents
//! are inside as objects, as JSON strings or URL-encoded), CloudFormation templates in JSON, and Terraform plans in
//! JSON. Where the input says what a document is for, it comes with its [`Kind`].
//!
//! A document in a string has a text of its own: findings refer to that text, and
//! [`PolicyDocument::outer`] says where in the input they belong. What a CloudFormation function will put in a place is
//! not known before deployment: functions are replaced by a text of the same length, and
//! [`PolicyDocument::check`] leaves out what would be said about it.

mod decode;
mod infer;
mod intrinsic;
mod output;
mod plan;
mod recognize;
mod template;

use std::borrow::Cow;
use std::fmt;

use bailiwick_source::Span;
use bailiwick_source::json::{self, Kind as Json, Limits, Value};

use self::recognize::{Evidence, is_policy};
use crate::{Finding, Fix, Kind};

/// What an input is, and the policy documents in it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Input<'src> {
    /// What kind of file it is.
    pub format: Format,
    /// The documents, in the order of the text. A template, a plan or any other JSON may hold none.
    pub documents: Vec<PolicyDocument<'src>>,
}

/// What kind of file an input is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Format {
    /// A policy document by itself.
    Policy,
    /// A CloudFormation or SAM template.
    CloudFormationTemplate,
    /// A Terraform plan, or a state as `terraform show -json` prints it.
    TerraformPlan,
    /// A Terraform state file.
    TerraformState,
    /// Several JSON values: a list, or one per line.
    List,
    /// Other JSON, such as the output of the AWS CLI, and text that is not JSON.
    Unknown,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Policy => "policy",
            Self::CloudFormationTemplate => "CloudFormation template",
            Self::TerraformPlan => "Terraform plan",
            Self::TerraformState => "Terraform state",
            Self::List => "list",
            Self::Unknown => "file",
        })
    }
}

/// One policy document and where it was found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PolicyDocument<'src> {
    /// The JSON Pointer of the document in its input; of NDJSON, in its line. Empty when the document is all there is.
    pub pointer: String,
    /// The text of the document: what [`check`](crate::check) reads and its spans refer to.
    pub text: Cow<'src, str>,
    /// Where the document, or the string that holds it, is in the input.
    pub span: Span,
    /// How the input holds it.
    pub embedding: Embedding,
    /// The kind of the policy, where the input says so.
    pub kind: Option<Kind>,
    /// Places of the text that replace functions of a template.
    functions: Vec<Function>,
    evidence: Evidence,
    scope: Scope,
}

/// Which findings of a document count.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Scope {
    All,
    /// The text is not JSON and shows nothing of a policy: that it is not JSON.
    Syntax,
    /// The text is a single statement of a policy that AWS completes: all but those on the document's version.
    Statement,
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

/// How an input holds a document.
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
    /// Whether the input shows that this is a policy. `false` for text that is not JSON, `null` or an empty list: a
    /// mistake where a policy was expected, and otherwise no concern of a policy check.
    #[must_use]
    pub fn is_evident(&self) -> bool {
        self.evidence != Evidence::None
    }

    /// The kind that the document itself shows: [`Kind::Identity`] without a `Principal`, else a kind of resource
    /// policy. For documents of which neither the input nor the user says the kind.
    ///
    /// ```
    /// use bailiwick_validator::Kind;
    /// use bailiwick_validator::inputs::documents;
    ///
    /// let policy = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
    ///   "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}"#;
    /// assert_eq!(documents(policy)[0].inferred_kind(), Kind::Trust);
    /// ```
    #[must_use]
    pub fn inferred_kind(&self) -> Kind {
        infer::kind(&self.text)
    }

    /// All findings in the document, of its own kind where that is known, else of the kind given.
    ///
    /// A fix is offered only for a document that is certainly a policy, and never for what a template's function
    /// makes.
    #[must_use]
    pub fn check(&self, default: Kind) -> Vec<Finding> {
        let mut findings = crate::check(&self.text, self.kind.unwrap_or(default));
        let unknown = |span| self.functions.iter().any(|function| function.opaque && function.overlaps(span));
        findings.retain(|finding| {
            let is_in_scope = match self.scope {
                Scope::All => true,
                Scope::Syntax => finding.code.starts_with("JSON_"),
                Scope::Statement => finding.code != "MISSING_VERSION",
            };
            is_in_scope && !unknown(finding.span) && !finding.related.is_some_and(|(span, _)| unknown(span))
        });
        for finding in &mut findings {
            let is_function = |fix: &Fix| self.functions.iter().any(|function| function.overlaps(fix.span));
            finding.fix.take_if(|fix| self.evidence != Evidence::Certain || is_function(fix));
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

/// The policy documents in a text, in the order of the text.
///
/// Other JSON without a policy (a template, a plan, a `package.json`) has none. A text that is not JSON, `null`, and an
/// empty list or object are one document, so that what is wrong with them is found; such a document is not
/// [evident](PolicyDocument::is_evident).
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
///
/// assert!(documents(r#"{"name": "x", "version": "1.0.0"}"#).is_empty());
/// ```
#[must_use]
pub fn documents(source: &str) -> Vec<PolicyDocument<'_>> {
    read(source).documents
}

/// What kind of file a text is, and the policy documents in it.
///
/// ```
/// use bailiwick_validator::inputs::{Format, read};
///
/// let template = r#"{"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}"#;
/// let input = read(template);
/// assert_eq!(input.format, Format::CloudFormationTemplate);
/// assert!(input.documents.is_empty());
/// ```
#[must_use]
pub fn read(source: &str) -> Input<'_> {
    let mut documents = Vec::new();
    let format = match json::parse(source, &Limits::default()) {
        Ok(input) => {
            let root = input.root();
            in_value(root, &mut documents);
            if documents.is_empty() && is_vacant(root) {
                documents.push(whole(source, Evidence::None, Scope::All));
            }
            format(root)
        }
        Err(_) if is_lines(source) => {
            in_lines(source, &mut documents);
            Format::List
        }
        Err(_) => {
            let (document, format) = broken(source);
            documents.push(document);
            format
        }
    };
    Input { format, documents }
}

/// Whether a value holds nothing that could belong to another kind of file.
fn is_vacant(root: Value<'_, '_>) -> bool {
    root.members().next().is_none() && root.items().next().is_none()
}

fn format(root: Value<'_, '_>) -> Format {
    if root.kind() == Json::Array {
        Format::List
    } else if is_policy(root) {
        Format::Policy
    } else if plan::is_state(root) {
        Format::TerraformState
    } else if plan::is_plan(root) {
        Format::TerraformPlan
    } else if template::is_template(root) {
        Format::CloudFormationTemplate
    } else {
        Format::Unknown
    }
}

/// A text that is not JSON as a document, and what it would be.
fn broken(text: &str) -> (PolicyDocument<'_>, Format) {
    let (recovered, _) = json::parse_partial(text, &Limits::default());
    let format = recovered.as_ref().map_or(Format::Unknown, |recovered| format(recovered.root()));
    let (evidence, scope) = match format {
        Format::Policy => (Evidence::Probable, Scope::All),
        Format::Unknown | Format::List => (Evidence::None, Scope::Syntax),
        _ => (Evidence::Probable, Scope::Syntax),
    };
    (whole(text, evidence, scope), format)
}

/// A text, or a line of one, as a document.
fn whole(text: &str, evidence: Evidence, scope: Scope) -> PolicyDocument<'_> {
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    PolicyDocument {
        pointer: String::new(),
        text: Cow::Borrowed(text),
        span: Span::new(0, length),
        embedding: Embedding::Value,
        kind: None,
        functions: Vec::new(),
        evidence,
        scope,
    }
}

/// Whether a text that is not one JSON value is one per line: its first line is one, and others follow.
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
            match json::parse(text, &Limits::default()) {
                Ok(input) => in_value(input.root(), found),
                Err(_) => found.push(broken(text).0),
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
        match format(value) {
            Format::Policy => found.extend(document(value, pointer, None)),
            Format::TerraformPlan => plan::documents(value, &pointer, found),
            Format::TerraformState => plan::documents_of_state(value, &pointer, found),
            Format::CloudFormationTemplate => template::documents(value, &pointer, found),
            Format::List | Format::Unknown => output::documents(value, &pointer, found),
        }
    }
}

/// The items of a list with their pointers; any other value is the only item.
fn unlisted<'doc, 'src>(root: Value<'doc, 'src>) -> Vec<(String, Value<'doc, 'src>)> {
    if root.kind() == Json::Array {
        root.items().enumerate().map(|(at, item)| (format!("/{at}"), item)).collect()
    } else {
        vec![(String::new(), root)]
    }
}

/// A value as a document: an object, or a string that holds the text of one.
fn document<'src>(
    value: Value<'_, 'src>,
    pointer: String,
    kind: Option<Kind>,
) -> Option<PolicyDocument<'src>> {
    let new = |text, embedding, evidence| PolicyDocument {
        pointer,
        text,
        span: value.span(),
        embedding,
        kind,
        functions: Vec::new(),
        evidence,
        scope: Scope::All,
    };
    if value.kind() == Json::Object {
        return Some(new(Cow::Borrowed(value.text()), Embedding::Value, Evidence::of(value)));
    }
    let text = value.as_str()?;
    let (text, embedding) = match text.trim_start().get(..3) {
        Some("%7B" | "%7b") => (Cow::Owned(decode::percent(&text)), Embedding::UrlEncoded),
        _ if text.trim_start().starts_with('{') => (text, Embedding::String),
        _ => return None,
    };
    let evidence = recognize::text_evidence(&text);
    Some(new(text, embedding, evidence))
}

/// A member's name as a part of a JSON Pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The kind of a policy of an organization by what Organizations calls it.
fn organization_kind(name: &str) -> Option<Kind> {
    let is_known = matches!(name, "SERVICE_CONTROL_POLICY" | "RESOURCE_CONTROL_POLICY");
    name.parse().ok().filter(|_| is_known)
}
