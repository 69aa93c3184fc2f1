//! Policies as another language expresses them: a statement is a conjunction of alternatives, each of which compares a
//! text of the request with patterns.

use serde_json::Value;

/// A statement.
pub struct Statement {
    pub denies: bool,
    pub clauses: Vec<Clause>,
}

/// One of the alternatives must hold (or, negated, none may).
pub struct Clause {
    pub subject: Subject,
    pub test: Test,
    pub alternatives: Vec<String>,
    pub negated: bool,
    /// Whether it holds without the key.
    pub or_absent: bool,
}

/// How the subject is compared with an alternative.
#[derive(Clone, Copy, Eq, PartialEq)]
pub enum Test {
    Equal,
    /// `*` is any text.
    Like,
    /// An address in a range.
    Address,
    /// Earlier than a date, both written as `2030-01-01T00:00:00Z`.
    Before,
    /// Later than such a date.
    After,
}

/// What of the request is compared.
pub enum Subject {
    /// In lower case.
    Action,
    Resource,
    /// `AWS` or `Service`, a colon, and the identifier.
    Principal,
    /// A condition key.
    Context(String),
}

/// The statements of a document; `None` if it has something that is not translated: policy variables, `?`, set operators,
/// and operators beyond text, ARN, Boolean, addresses and the order of dates.
pub fn statements(document: &str) -> Option<Vec<Statement>> {
    let document: Value = serde_json::from_str(document).ok()?;
    list(&document["Statement"]).map(statement).collect()
}

fn statement(value: &Value) -> Option<Statement> {
    let mut clauses = Vec::new();
    let mut clause = |subject, test, alternatives, negated, or_absent| {
        clauses.push(Clause { subject, test, alternatives, negated, or_absent });
    };
    for (member, negated) in [("Action", false), ("NotAction", true)] {
        if let Some(patterns) = value.get(member) {
            let patterns = texts(patterns)?.into_iter().map(|text| text.to_ascii_lowercase()).collect();
            clause(Subject::Action, Test::Like, patterns, negated, false);
        }
    }
    for (member, negated) in [("Resource", false), ("NotResource", true)] {
        if let Some(patterns) = value.get(member) {
            clause(Subject::Resource, Test::Like, texts(patterns)?, negated, false);
        }
    }
    if let Some(principal) = value.get("Principal") {
        let mut named = Vec::new();
        for (kind, names) in principal.as_object()? {
            named.extend(texts(names)?.into_iter().map(|text| format!("{kind}:{text}")));
        }
        clause(Subject::Principal, Test::Equal, named, false, false);
    }
    for (operator, keys) in value.get("Condition").and_then(Value::as_object).into_iter().flatten() {
        let (operator, or_absent) =
            operator.strip_suffix("IfExists").map_or((operator.as_str(), false), |it| (it, true));
        let (test, negated) = match operator {
            "StringEquals" | "Bool" => (Test::Equal, false),
            "StringLike" | "ArnLike" | "ArnEquals" => (Test::Like, false),
            "StringNotEquals" => (Test::Equal, true),
            "StringNotLike" | "ArnNotEquals" | "ArnNotLike" => (Test::Like, true),
            "IpAddress" => (Test::Address, false),
            "NotIpAddress" => (Test::Address, true),
            "DateLessThan" => (Test::Before, false),
            "DateGreaterThan" => (Test::After, false),
            _ => return None,
        };
        for (key, operands) in keys.as_object()? {
            let operands = texts(operands)?;
            if matches!(test, Test::Before | Test::After) && !operands.iter().all(|text| is_date(text)) {
                return None;
            }
            clause(Subject::Context(key.to_ascii_lowercase()), test, operands, negated, or_absent);
        }
    }
    Some(Statement { denies: value["Effect"] == "Deny", clauses })
}

/// Whether it is a date as in `2030-01-01T00:00:00Z`, so that the order of texts is the order of dates.
pub fn is_date(text: &str) -> bool {
    let like = |(shown, byte): (u8, u8)| if shown == b'0' { byte.is_ascii_digit() } else { shown == byte };
    text.len() == 20 && b"0000-00-00T00:00:00Z".iter().copied().zip(text.bytes()).all(like)
}

/// One or a list of texts, without variables and `?`.
fn texts(value: &Value) -> Option<Vec<String>> {
    let text = |value: &Value| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        (!text.contains("${") && !text.contains('?')).then_some(text)
    };
    list(value).map(text).collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    match value {
        Value::Array(list) => list.iter(),
        one => std::slice::from_ref(one).iter(),
    }
}
