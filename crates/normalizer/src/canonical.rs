//! The canonical JSON of a policy.
//!
//! Members stand in the order `Version`, `Id`, `Statement`; `Sid`, `Effect`, `Principal`, `Action`,
//! `Resource`, `Condition`. Lists are always lists, sorted and without duplicates where order has no meaning.
//! Actions and condition keys are in lower case, accounts are twelve digits, `"*"` is the principal that is
//! everyone, `ArnEquals` is `ArnLike`, condition values are strings. Two documents that differ only in these
//! freedoms have the same canonical text, and it is its own canonical text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use bailiwick_parser::syntax::{Effect, Version};

use crate::policy::{Condition, Policy, PrincipalElement, Statement};
use crate::principal::Principal;

/// Writes `policy` as its canonical document: two spaces of indentation, one member a line, a final newline.
///
/// ```
/// use bailiwick_normalizer::{canonical_json, normalize};
///
/// let canonical = |text: &str| {
///     let policy = normalize(&bailiwick_parser::parse(text)?, None)?;
///     Ok::<_, bailiwick_source::Errors>(canonical_json(&policy))
/// };
/// let one = canonical(
///     r#"{"Statement": {"Resource": "*", "Action": ["s3:PutObject", "S3:getobject"], "Effect": "Allow",
///         "Condition": {"StringEquals": {"AWS:SourceAccount": 111122223333}}}, "Version": "2012-10-17"}"#,
/// )?;
/// let other = canonical(
///     r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"],
///         "Resource": ["*"], "Condition": {"StringEquals": {"aws:sourceaccount": ["111122223333"]}}}]}"#,
/// )?;
/// assert_eq!(one, other);
/// assert_eq!(canonical(&one)?, one);
/// # Ok::<(), bailiwick_source::Errors>(())
/// ```
#[must_use]
pub fn canonical_json(policy: &Policy) -> String {
    let mut json = Json { text: String::new(), depth: 0, first: true };
    json.object(|json| {
        json.member("Version", |json| {
            json.string(match policy.version() {
                Version::V2008 => "2008-10-17",
                Version::V2012 => "2012-10-17",
            });
        });
        if let Some(id) = policy.id() {
            json.member("Id", |json| json.string(id));
        }
        json.member("Statement", |json| json.list(policy.statements(), statement));
    });
    json.text.push('\n');
    json.text
}

fn statement(json: &mut Json, statement: Statement<'_>) {
    json.object(|json| {
        if let Some(sid) = statement.sid() {
            json.member("Sid", |json| json.string(sid));
        }
        json.member("Effect", |json| {
            json.string(match statement.effect() {
                Effect::Allow => "Allow",
                Effect::Deny => "Deny",
            });
        });
        if let Some(element) = statement.principal() {
            json.member(if element.negated { "NotPrincipal" } else { "Principal" }, |json| {
                principal(json, element);
            });
        }
        let action = statement.action();
        json.member(if action.negated { "NotAction" } else { "Action" }, |json| {
            json.list(action.actions(), |json, action| json.string(action.text()));
        });
        if let Some(resource) = statement.resource() {
            json.member(if resource.negated { "NotResource" } else { "Resource" }, |json| {
                json.list(resource.texts(), Json::string);
            });
        }
        let all: Vec<_> = statement.conditions().collect();
        if !all.is_empty() {
            json.member("Condition", |json| conditions(json, &all));
        }
    });
}

fn principal(json: &mut Json, element: PrincipalElement<'_>) {
    if element.principals == [Principal::Everyone] {
        return json.string("*");
    }
    let mut members: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for principal in element.principals {
        let member = match principal {
            Principal::Everyone | Principal::Account(_) | Principal::Arn(_) | Principal::UniqueId(_) => "AWS",
            Principal::CanonicalUser(_) => "CanonicalUser",
            Principal::Federated(_) => "Federated",
            Principal::Service(_) => "Service",
        };
        members.entry(member).or_default().push(principal.text());
    }
    if members.is_empty() {
        // No principal. An empty object would parse as the same, but an empty list is clearer.
        members.insert("AWS", Vec::new());
    }
    json.object(|json| {
        for (member, texts) in &mut members {
            texts.sort_unstable();
            json.member(member, |json| json.list(texts.iter(), |json, text| json.string(text)));
        }
    });
}

fn conditions(json: &mut Json, conditions: &[Condition<'_>]) {
    // The conditions are sorted by operator, so each operator is one run.
    json.object(|json| {
        for run in conditions.chunk_by(|a, b| a.operator() == b.operator()) {
            let Some(first) = run.first() else { continue };
            json.member(&first.operator().to_string(), |json| {
                json.object(|json| {
                    for condition in run {
                        json.member(condition.key(), |json| {
                            json.list(condition.texts(), Json::string);
                        });
                    }
                });
            });
        }
    });
}

/// A writer of indented JSON. A writer of its own because the order of members is the point here.
struct Json {
    text: String,
    depth: usize,
    /// Whether nothing has been written yet in the innermost object or list.
    first: bool,
}

impl Json {
    fn object(&mut self, members: impl FnOnce(&mut Self)) {
        self.nested('{', '}', members);
    }

    fn member(&mut self, name: &str, value: impl FnOnce(&mut Self)) {
        self.next();
        self.string(name);
        self.text.push_str(": ");
        value(self);
    }

    fn list<T>(&mut self, items: impl IntoIterator<Item = T>, mut item: impl FnMut(&mut Self, T)) {
        self.nested('[', ']', |json| {
            for value in items {
                json.next();
                item(json, value);
            }
        });
    }

    fn nested(&mut self, open: char, close: char, content: impl FnOnce(&mut Self)) {
        self.text.push(open);
        self.depth += 1;
        self.first = true;
        content(self);
        self.depth -= 1;
        if !self.first {
            self.line();
        }
        self.first = false;
        self.text.push(close);
    }

    fn next(&mut self) {
        if !self.first {
            self.text.push(',');
        }
        self.first = false;
        self.line();
    }

    fn line(&mut self) {
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n("  ", self.depth));
    }

    fn string(&mut self, text: &str) {
        self.text.push('"');
        for character in text.chars() {
            match character {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                '\n' => self.text.push_str("\\n"),
                '\r' => self.text.push_str("\\r"),
                '\t' => self.text.push_str("\\t"),
                c if c < ' ' => {
                    // Writing to a string cannot fail.
                    let _ = write!(self.text, "\\u{:04x}", u32::from(c));
                }
                c => self.text.push(c),
            }
        }
        self.text.push('"');
    }
}
