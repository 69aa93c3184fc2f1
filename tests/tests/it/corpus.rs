//! Policies that AWS wrote: all its managed policies, and every example of its documentation.
//!
//! The texts are AWS's and not kept here. `BAILIWICK_CORPUS` names the folder that holds them; without it these tests
//! are reported as ignored.

use std::path::Path;

use bailiwick_normalizer::{PolicyKind, canonical_json, normalize};
use bailiwick_parser::syntax::{Document, PrincipalValue};
use bailiwick_parser::{parse, parse_value};
use bailiwick_source::Span;
use bailiwick_source::json::{self, Limits};

/// One file of the corpus, a JSON document a line.
pub(crate) fn lines(file: &str) -> Vec<String> {
    let folder = std::env::var_os("BAILIWICK_CORPUS").expect("BAILIWICK_CORPUS is the folder of the corpus");
    let path = Path::new(&folder).join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(str::to_owned).collect()
}

/// The spans of a tree, outer ones first.
fn spans(document: &Document<'_>) -> Vec<Span> {
    let mut spans = vec![document.span];
    for statement in &document.statements {
        spans.push(statement.span);
        spans.extend(statement.effect.map(|effect| effect.span));
        for list in [&statement.action, &statement.resource].into_iter().flatten() {
            spans.extend([list.name_span, list.value.span]);
            spans.extend(list.value.items.iter().map(|item| item.span));
        }
        if let Some(PrincipalValue::Map { span, members }) = statement.principal.as_ref().map(|it| &it.value)
        {
            spans.push(*span);
            spans.extend(members.iter().flat_map(|member| [member.key.span, member.values.span]));
        }
        for condition in statement.condition.iter().flat_map(|conditions| &conditions.value) {
            spans.push(condition.operator.span);
            spans.extend(condition.keys.iter().flat_map(|key| [key.key.span, key.span]));
        }
    }
    spans
}

#[test]
#[ignore = "needs BAILIWICK_CORPUS: the folder of aws-managed-policies.ndjson"]
fn every_managed_policy_is_read_where_it_stands() {
    for line in lines("aws-managed-policies.ndjson") {
        let json = json::parse(&line, &Limits::default()).expect("a line is JSON");
        let name = json.root().member("name").and_then(json::Value::as_str).expect("a policy has a name");
        let value = json.root().member("document").expect("a policy has a document");
        let document = parse_value(value).unwrap_or_else(|errors| panic!("{name}: {errors}"));
        let alone = parse(value.text()).unwrap_or_else(|errors| panic!("{name}: {errors}"));

        let reference: serde_json::Value = serde_json::from_str(value.text()).expect("JSON");
        let statements = reference["Statement"].as_array().map_or(1, Vec::len);
        assert_eq!(document.statements.len(), statements, "{name}");

        let offset = value.span().start;
        let shifted: Vec<_> =
            spans(&alone).iter().map(|span| Span::new(span.start + offset, span.end + offset)).collect();
        assert_eq!(spans(&document), shifted, "{name}");
        for span in shifted {
            let text = span.text(&line).unwrap_or_else(|| panic!("{name}: {span:?}"));
            assert!(serde_json::from_str::<serde_json::Value>(text).is_ok(), "{name}: {text}");
        }
    }
}

#[test]
#[ignore = "needs BAILIWICK_CORPUS: the folder of aws-managed-policies.ndjson"]
fn every_managed_policy_normalizes_and_its_canonical_text_is_its_own() {
    let mut count = 0;
    for line in lines("aws-managed-policies.ndjson") {
        let json = json::parse(&line, &Limits::default()).expect("a line is JSON");
        let value = json.root().member("document").expect("a policy has a document");
        let canonical = |text: &str| {
            let document = parse(text).unwrap_or_else(|errors| panic!("{text}: {errors}"));
            let policy = normalize(&document, Some(PolicyKind::Identity));
            canonical_json(&policy.unwrap_or_else(|errors| panic!("{text}: {errors}")))
        };
        let once = canonical(value.text());
        assert_eq!(canonical(&once), once);
        count += 1;
    }
    println!("{count} managed policies normalized");
}

/// The examples of the documentation that are no policies: page, line, and the codes of their mistakes.
const NOT_POLICIES: [(&str, u64, &[&str]); 11] = [
    // The closing brace is missing.
    ("access_policies_access-advisor.md", 73, &["JSON_SYNTAX_ERROR"]),
    // A fragment: `Condition` stands directly in the list of statements.
    ("reference_policies_iam-condition-keys.md", 204, &["JSON_SYNTAX_ERROR"]),
    // `StringNotEquals` stands beside `Condition`, and a bracket is missing.
    ("reference_policies_variables.md", 254, &["INVALID_POLICY_ELEMENT", "JSON_SYNTAX_ERROR"]),
    // Mistakes on purpose: two policies in one text, two statements without a list, two effects, two resources.
    ("troubleshoot_policies.md", 402, &["JSON_SYNTAX_ERROR"]),
    ("troubleshoot_policies.md", 447, &["DUPLICATE_ELEMENT"]),
    ("troubleshoot_policies.md", 488, &["DUPLICATE_ELEMENT"]),
    ("troubleshoot_policies.md", 522, &["DUPLICATE_ELEMENT"]),
    // Answers of CreateRole; the policy is a part of them.
    ("CreateFirehoseStream.md", 34, &["MISSING_STATEMENT", "INVALID_POLICY_ELEMENT"]),
    ("CreateFirehoseStreamDestination.md", 108, &["MISSING_STATEMENT", "INVALID_POLICY_ELEMENT"]),
    // The same, with a value written as a member.
    ("SubscriptionFilters.md", 82, &["INVALID_POLICY_ELEMENT", "JSON_SYNTAX_ERROR"]),
    // A line break inside a string.
    ("encrypt-log-data-kms.md", 223, &["JSON_SYNTAX_ERROR"]),
];

#[test]
#[ignore = "needs BAILIWICK_CORPUS: the folder of documentation-policies.ndjson"]
fn every_example_of_the_documentation_is_read_but_those_with_mistakes() {
    for line in lines("documentation-policies.ndjson") {
        let example: serde_json::Value = serde_json::from_str(&line).expect("a line is JSON");
        let (source, number) = (&example["source"], example["line"].as_u64().expect("a line number"));
        let text = example["text"].as_str().expect("a text");
        let codes: Vec<_> = match parse(text) {
            Ok(_) => Vec::new(),
            Err(errors) => errors.iter().map(|error| error.code.as_str()).collect(),
        };
        let known = NOT_POLICIES.iter().find(|(page, at, _)| source == page && number == *at);
        assert_eq!(codes, known.map_or(&[][..], |(_, _, codes)| codes), "{source} line {number}");
    }
}
