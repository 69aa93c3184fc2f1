//! Policies as another language expresses them: a statement is a conjunction of alternatives, each of which compares a
//! text of the request with patterns.

use serde_json::Value;

/// A statement.
pub struct Statement {
    pub denies: bool,
    pub clauses: Vec<Clause>,
}

/// One of the patterns must match (or, negated, none may).
pub struct Clause {
    pub subject: Subject,
    pub patterns: Vec<String>,
    /// Whether `*` is any text in them.
    pub wild: bool,
    pub negated: bool,
    /// Whether it holds without the key.
    pub or_absent: bool,
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
/// and operators beyond text, ARN and Boolean.
pub fn statements(document: &str) -> Option<Vec<Statement>> {
    let document: Value = serde_json::from_str(document).ok()?;
    list(&document["Statement"]).map(statement).collect()
}

fn statement(value: &Value) -> Option<Statement> {
    let mut clauses = Vec::new();
    for (member, negated) in [("Action", false), ("NotAction", true)] {
        if let Some(patterns) = value.get(member) {
            let patterns = texts(patterns)?.into_iter().map(|text| text.to_ascii_lowercase()).collect();
            clauses.push(Clause {
                subject: Subject::Action,
                patterns,
                wild: true,
                negated,
                or_absent: false,
            });
        }
    }
    for (member, negated) in [("Resource", false), ("NotResource", true)] {
        if let Some(patterns) = value.get(member) {
            let patterns = texts(patterns)?;
            clauses.push(Clause {
                subject: Subject::Resource,
                patterns,
                wild: true,
                negated,
                or_absent: false,
            });
        }
    }
    if let Some(principal) = value.get("Principal") {
        let mut patterns = Vec::new();
        for (kind, named) in principal.as_object()? {
            patterns.extend(texts(named)?.into_iter().map(|text| format!("{kind}:{text}")));
        }
        clauses.push(Clause {
            subject: Subject::Principal,
            patterns,
            wild: false,
            negated: false,
            or_absent: false,
        });
    }
    for (operator, keys) in value.get("Condition").and_then(Value::as_object).into_iter().flatten() {
        let (operator, or_absent) =
            operator.strip_suffix("IfExists").map_or((operator.as_str(), false), |it| (it, true));
        let (wild, negated) = match operator {
            "StringEquals" | "ArnEquals" | "Bool" => (operator == "ArnEquals", false),
            "StringLike" | "ArnLike" => (true, false),
            "StringNotEquals" => (false, true),
            "StringNotLike" | "ArnNotEquals" | "ArnNotLike" => (true, true),
            _ => return None,
        };
        for (key, operands) in keys.as_object()? {
            let subject = Subject::Context(key.to_ascii_lowercase());
            clauses.push(Clause { subject, patterns: texts(operands)?, wild, negated, or_absent });
        }
    }
    Some(Statement { denies: value["Effect"] == "Deny", clauses })
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
