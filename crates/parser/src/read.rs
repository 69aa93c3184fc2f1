//! The policy grammar over JSON: which elements there are, and what JSON type each has.
//!
//! One pass finds every mistake of a document; none hides another. What holds for every kind of policy is
//! decided here; which kinds need a `Principal` or a `Resource`, and what the texts mean, is the
//! normalizer's.

mod condition;
mod principal;
mod reader;
mod statement;

use self::reader::{DOCUMENT_ELEMENTS, Reader, opening};
use crate::codes;
use crate::syntax::{Document, Statement, Version};
use bailiwick_source::json::{self, Kind, Limits, Value};
use bailiwick_source::{Code, Error, Errors, Span, Spanned, nearest};

/// Reads a policy document within the default [`Limits`].
///
/// Accepted is what every kind of policy may hold (rules G-1 to G-34): elements in any order, one value or a
/// list wherever a list may stand (rule G-5), numbers and booleans without quotes as condition values (rule
/// G-30), empty lists and objects (rule G-33), either version or none.
///
/// # Errors
///
/// All mistakes of the document, sorted by place.
///
/// ```
/// let document = bailiwick_parser::parse(
///     r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}"#,
/// )?;
/// assert_eq!(document.statements.len(), 1);
///
/// let errors = bailiwick_parser::parse(r#"{"Statement": {"effect": "Allow", "Action": 1}}"#).unwrap_err();
/// let messages: Vec<_> = errors.iter().map(|error| error.message.as_str()).collect();
/// assert_eq!(
///     messages,
///     [
///         "statement has no `Effect`",
///         "`effect` is not an element of a statement",
///         "`Action` is a number, expected a string or a list of strings",
///     ],
/// );
/// # Ok::<(), bailiwick_source::Errors>(())
/// ```
pub fn parse(source: &str) -> Result<Document<'_>, Errors> {
    parse_with(source, &Limits::default())
}

/// Reads a policy document within the given limits.
///
/// # Errors
///
/// All mistakes of the document, sorted by place.
pub fn parse_with<'src>(source: &'src str, limits: &Limits) -> Result<Document<'src>, Errors> {
    complete(parse_partial_with(source, limits), source)
}

/// Reads as much of a policy document as can be made sense of, together with all its mistakes, sorted by
/// place.
///
/// Without mistakes the document is complete. With mistakes it is for tooling only: what could not be read is
/// missing from it. There is none when the text is no JSON object at all or exceeds a limit.
#[must_use]
pub fn parse_partial(source: &str) -> (Option<Document<'_>>, Vec<Error>) {
    parse_partial_with(source, &Limits::default())
}

/// [`parse_partial`] within the given limits.
#[must_use]
pub fn parse_partial_with<'src>(source: &'src str, limits: &Limits) -> (Option<Document<'src>>, Vec<Error>) {
    let (json, mut errors) = json::parse_partial(source, limits);
    let Some(json) = json else {
        Error::sort(&mut errors);
        return (None, errors);
    };
    let mut reader = Reader::new(limits, errors.len());
    let mut document = reader.document(json.root());
    errors.append(&mut reader.errors);
    Error::sort(&mut errors);
    if let Some(document) = &mut document {
        document.is_complete = errors.is_empty();
    }
    (document, errors)
}

/// Reads a policy document that is part of a larger JSON document; all places are those of the larger one.
///
/// # Errors
///
/// All mistakes of the policy, sorted by place.
///
/// ```
/// use bailiwick_source::json;
/// use bailiwick_parser::parse_value;
///
/// let scenario = json::parse(r#"{"identity": [{"Statement": []}]}"#, &json::Limits::default())?;
/// let identity = scenario.root().member("identity").unwrap();
/// let document = parse_value(identity.items().next().unwrap()).unwrap();
/// assert_eq!(document.span.start, 14);
/// # Ok::<(), json::Error>(())
/// ```
pub fn parse_value<'src>(value: Value<'_, 'src>) -> Result<Document<'src>, Errors> {
    complete(parse_value_partial(value), value.document().source())
}

/// [`parse_value`] for tooling: what could be read, and all mistakes, sorted by place.
#[must_use]
pub fn parse_value_partial<'src>(value: Value<'_, 'src>) -> (Option<Document<'src>>, Vec<Error>) {
    let mut reader = Reader::new(value.document().limits(), 0);
    let mut document = reader.document(value);
    Error::sort(&mut reader.errors);
    if let Some(document) = &mut document {
        document.is_complete = reader.errors.is_empty() && value.document().is_complete();
    }
    (document, reader.errors)
}

fn complete<'src>(
    (document, errors): (Option<Document<'src>>, Vec<Error>),
    source: &str,
) -> Result<Document<'src>, Errors> {
    match (Errors::new(errors), document) {
        (None, Some(document)) => Ok(document),
        (Some(errors), _) => Err(errors),
        // A broken value of a larger document, whose mistake was reported when that was read.
        (None, None) => Err(not_readable(source).into()),
    }
}

fn not_readable(source: &str) -> Error {
    let end = u32::try_from(source.len()).unwrap_or(u32::MAX);
    Error::new(Code::JSON_SYNTAX_ERROR, Span::empty(end), "the policy could not be read as JSON")
}

/// The length of a statement with the two elements that each must have.
const SHORTEST_STATEMENT: usize = r#"{"Effect":"Deny","Action":""}"#.len();

impl Reader {
    fn document<'src>(&mut self, value: Value<'_, 'src>) -> Option<Document<'src>> {
        if value.kind() != Kind::Object {
            if !value.is_broken() {
                let help = match value.kind() {
                    Kind::Array => "a policy is one object; its `Statement` may be a list",
                    Kind::String => "a policy is the object itself, not a string that holds its text",
                    _ => "a policy is one object with the elements `Version` and `Statement`",
                };
                let message = format!("policy is {}, expected an object", value.kind());
                self.report(Error::new(Code::DATA_TYPE_MISMATCH, value.span(), message).with_help(help));
            }
            return None;
        }
        let mut document = Document {
            span: value.span(),
            version: None,
            id: None,
            statements: Vec::new(),
            // Until it is known that nothing was wrong.
            is_complete: false,
        };
        let [mut version, mut id, mut statement] = [None; 3];
        for (name, value) in value.members().readable() {
            // Every value is read for its mistakes, whatever is wrong with its name.
            let seen = match &*name.value {
                "Version" => {
                    document.version = document.version.or(self.version(value));
                    &mut version
                }
                "Id" => {
                    document.id = document.id.or(self.string("Id", value));
                    &mut id
                }
                "Statement" => {
                    document.statements.append(&mut self.statements(value));
                    &mut statement
                }
                _ => {
                    self.unknown_element(&name, "a policy", &DOCUMENT_ELEMENTS, &statement::ELEMENTS);
                    // Statements under a misspelt name are read all the same: what is wrong in them shows at
                    // once.
                    if statement.is_none()
                        && !self.is_full()
                        && nearest(&name.value, &DOCUMENT_ELEMENTS) == Some("Statement")
                    {
                        document.statements.append(&mut self.statements(value));
                    }
                    continue;
                }
            };
            match *seen {
                Some(first) => self.duplicate(codes::DUPLICATE_ELEMENT, &name, first, "this policy"),
                None => *seen = Some(name.span),
            }
        }
        // Where the text has a mistake of its syntax, the element may stand in the part that could not be
        // read.
        let is_lost = !value.document().is_complete() && value.document().source().contains("\"Statement\"");
        if statement.is_none() && !value.is_broken() && !is_lost {
            let error = Error::new(codes::MISSING_STATEMENT, opening(value), "policy has no `Statement`");
            self.report(error.with_help("add `\"Statement\": […]`"));
        }
        Some(document)
    }

    fn version(&mut self, value: Value<'_, '_>) -> Option<Spanned<Version>> {
        let text = self.string("Version", value)?;
        let version = text.value.parse::<Version>();
        if let Err(unknown) = &version {
            let error = Error::new(codes::INVALID_VERSION, text.span, unknown.to_string());
            self.report(
                error.with_help("write `2012-10-17`, or `2008-10-17` for a policy without variables"),
            );
        }
        Some(Spanned { value: version.ok()?, span: text.span })
    }

    fn statements<'src>(&mut self, value: Value<'_, 'src>) -> Vec<Statement<'src>> {
        match value.kind() {
            Kind::Object => vec![self.statement(value)],
            Kind::Array => {
                // Statements are large: counting them first costs less than moving them as the list grows. No
                // more room is made than complete statements can need, and what has too many mistakes is not
                // read on.
                let most = value.text().len() / SHORTEST_STATEMENT;
                let count = value.items().count();
                if count > self.max_statements {
                    let message = format!(
                        "policy has {count} statements, more than the limit of {}",
                        self.max_statements
                    );
                    self.report(Error::new(codes::STATEMENTS_EXCEED_LIMIT, opening(value), message));
                    return Vec::new();
                }
                let mut statements = Vec::with_capacity(count.min(most));
                for item in value.items() {
                    if self.is_full() {
                        break;
                    }
                    if item.kind() == Kind::Object {
                        statements.push(self.statement(item));
                    } else {
                        self.wrong_item("Statement", item, "objects");
                    }
                }
                statements
            }
            _ => {
                self.wrong_type("Statement", value, "an object or a list of objects");
                Vec::new()
            }
        }
    }
}

#[cfg(test)]
mod tests;
