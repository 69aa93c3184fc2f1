//! What documents ask about a call: condition keys with the values they are compared with, and policy variables.
//!
//! It knows nothing of what a call carries, and passes over statements about the actions of other services.

use std::collections::BTreeMap;

use bailiwick_parser::syntax::{Operator, Statement};

use bailiwick_environment::Document;

/// The keys that documents ask for, by their names in lower case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked(pub(crate) BTreeMap<String, About>);

/// Where one key is asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct About {
    /// The key as a document writes it.
    pub(crate) key: String,
    /// Each operator that compares it, with its values.
    pub(crate) comparisons: Vec<(Operator, Vec<String>)>,
    /// Whether it stands in a policy variable.
    pub(crate) in_variable: bool,
}

impl Asked {
    /// What documents ask about calls of a service, named by the prefix of its actions.
    pub(crate) fn by<'d>(documents: impl Iterator<Item = &'d Document>, service: &str) -> Self {
        let mut asked = Self::default();
        for document in documents {
            let statements = &document.source.syntax().statements;
            for statement in statements.iter().filter(|statement| is_about(statement, service)) {
                asked.statement(statement);
            }
        }
        asked
    }

    fn statement(&mut self, statement: &Statement<'_>) {
        for item in statement.resource.iter().flat_map(|resource| &resource.value.items) {
            self.variables(&item.value);
        }
        let conditions = statement.condition.iter().flat_map(|condition| &condition.value);
        for (operator, key) in
            conditions.flat_map(|condition| condition.keys.iter().map(|key| (condition.operator.value, key)))
        {
            let values: Vec<String> = key.values.iter().map(|value| value.text.value.to_string()).collect();
            for value in &values {
                self.variables(value);
            }
            self.about(&key.key.value).comparisons.push((operator, values));
        }
    }

    fn variables(&mut self, text: &str) {
        for after in text.split("${").skip(1) {
            let name = name_of(after.split('}').next().unwrap_or_default());
            if !matches!(name, "" | "*" | "?" | "$") {
                self.about(name).in_variable = true;
            }
        }
    }

    fn about(&mut self, key: &str) -> &mut About {
        let about = self.0.entry(key.to_ascii_lowercase()).or_default();
        if about.key.is_empty() {
            key.clone_into(&mut about.key);
        }
        about
    }
}

/// The key of a variable, without its default.
fn name_of(inside: &str) -> &str {
    inside.split(',').next().unwrap_or_default().trim()
}

/// A value that fits an operand: wildcards and variables filled in. `known` gives the value of a key; a variable
/// without one becomes `other`.
pub(crate) fn filled(operand: &str, other: &str, known: impl Fn(&str) -> Option<String>) -> String {
    let plain = |text: &str| text.replace(['*', '?'], "x");
    let mut pieces = operand.split("${");
    let mut text = plain(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (inside, behind) = piece.split_once('}').unwrap_or((piece, ""));
        match name_of(inside) {
            name @ ("*" | "?" | "$") => text.push_str(name),
            name => text.push_str(&known(name).unwrap_or_else(|| other.to_owned())),
        }
        text.push_str(&plain(behind));
    }
    text
}

/// Whether a statement may be about actions of the service.
fn is_about(statement: &Statement<'_>, service: &str) -> bool {
    let Some(action) = &statement.action else { return true };
    action.negated
        || action.value.items.iter().any(|item| {
            let prefix = item.value.split(':').next().unwrap_or_default();
            prefix.contains(['*', '?']) || prefix.eq_ignore_ascii_case(service)
        })
}

#[cfg(test)]
mod tests {
    use super::filled;

    #[test]
    fn wildcards_and_variables_are_filled_in() {
        let known = |key: &str| (key == "aws:SourceAccount").then(|| "111122223333".to_owned());
        assert_eq!(filled("a*b?", "o", known), "axbx");
        assert_eq!(filled("${aws:SourceAccount}/*", "o", known), "111122223333/x");
        assert_eq!(filled("${aws:PrincipalTag/t, 'd'}${*}", "o", known), "o*");
    }
}
