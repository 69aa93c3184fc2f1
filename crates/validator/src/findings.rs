//! Collects findings, and puts them in reading order with their pointers.

use bailiwick_source::{Span, json};

use crate::{Finding, Kind};

/// The largest number of findings of one document, so that a hostile document does not have millions.
const MOST: usize = 10_000;

/// What was found so far.
pub(crate) struct Findings {
    kind: Kind,
    found: Vec<Finding>,
}

impl Findings {
    pub(crate) fn new(kind: Kind) -> Self {
        Self { kind, found: Vec::new() }
    }

    /// Adds a finding, unless its check does not apply to this kind of policy.
    pub(crate) fn push(&mut self, finding: Finding) {
        let applies = crate::explain(finding.code).is_none_or(|check| check.kinds.contains(self.kind));
        if applies && !self.is_full() {
            self.found.push(finding);
        }
    }

    /// Whether no more findings are accepted.
    pub(crate) fn is_full(&self) -> bool {
        self.found.len() >= MOST
    }

    /// The findings as they are.
    pub(crate) fn into_vec(self) -> Vec<Finding> {
        self.found
    }
}

/// The findings in reading order, each once, with their pointers.
pub(crate) fn finished(mut found: Vec<Finding>, json: Option<&json::Document<'_>>) -> Vec<Finding> {
    found.sort_by(|a, b| (a.span, a.code, &a.message).cmp(&(b.span, b.code, &b.message)));
    found.dedup();
    if let Some(json) = json {
        let all = found.iter_mut().collect();
        point(json.root(), all);
    }
    found
}

/// Gives each finding the pointer of the innermost value that covers it, in one pass over values and findings, both
/// in the order of the text.
fn point(root: json::Value<'_, '_>, all: Vec<&mut Finding>) {
    let mut values = vec![(root, String::new(), all)];
    while let Some((value, pointer, findings)) = values.pop() {
        let mut findings = findings.into_iter().peekable();
        let members = value.members().map(|(name, member)| {
            (
                Span::new(name.span.start, member.span().end),
                member,
                name.value.replace('~', "~0").replace('/', "~1"),
            )
        });
        let items = value.items().enumerate().map(|(at, item)| (item.span(), item, at.to_string()));
        for (whole, inside, name) in members.chain(items) {
            let mut inner = Vec::new();
            while let Some(finding) = findings.next_if(|finding| finding.span.start < whole.end) {
                if whole.contains(finding.span) {
                    inner.push(finding);
                } else {
                    finding.pointer.clone_from(&pointer);
                }
            }
            if !inner.is_empty() {
                values.push((inside, format!("{pointer}/{name}"), inner));
            }
            if findings.peek().is_none() {
                break;
            }
        }
        for finding in findings {
            finding.pointer.clone_from(&pointer);
        }
    }
}

#[cfg(test)]
mod tests {
    use bailiwick_source::json::Limits;

    use super::*;
    use crate::CHECKS;

    #[test]
    fn pointers_are_those_of_the_innermost_value() {
        let text = r#"{"a": [1, {"b/c": "xyz", "d": []}], "e": {}}"#;
        let json = json::parse(text, &Limits::default()).expect("JSON");
        let check = CHECKS.first().expect("a check");
        let spans = (0..text.len() as u32)
            .flat_map(|start| [1, 4, 12].map(|length| Span::new(start, start + length)));
        let inside: Vec<_> = spans.filter(|span| span.end as usize <= text.len()).collect();
        let found = inside.iter().map(|span| Finding::new(check, *span, "")).collect();
        for finding in finished(found, Some(&json)) {
            assert_eq!(finding.pointer, json.pointer_to(finding.span), "{:?}", finding.span.text(text));
        }
    }
}
