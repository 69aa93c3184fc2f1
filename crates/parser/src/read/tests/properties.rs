//! What holds for every text that is nearly a policy: places are right, and nothing panics.

use proptest::prelude::*;

use crate::syntax::{Document, PrincipalValue, Scalar};
use crate::{parse, parse_partial};
use bailiwick_source::Text;

/// Every text of a tree, as written and as read.
fn texts<'a, 'src>(document: &'a Document<'src>) -> Vec<&'a Text<'src>> {
    let mut texts: Vec<&Text<'_>> = document.id.iter().collect();
    for statement in &document.statements {
        texts.extend(&statement.sid);
        let lists = [&statement.action, &statement.resource];
        texts.extend(lists.into_iter().flatten().flat_map(|element| &element.value.items));
        match statement.principal.as_ref().map(|principal| &principal.value) {
            Some(PrincipalValue::Text(text)) => texts.push(text),
            Some(PrincipalValue::Map { members, .. }) => {
                texts.extend(members.iter().flat_map(|member| &member.values.items));
            }
            None => {}
        }
        for condition in statement.condition.iter().flat_map(|condition| &condition.value) {
            for key in &condition.keys {
                texts.push(&key.key);
                texts.extend(
                    key.values.iter().filter(|value| value.json == Scalar::String).map(|value| &value.text),
                );
            }
        }
    }
    texts
}

/// Texts that are policies or nearly so.
fn nearly_policies() -> impl Strategy<Value = String> {
    let string = proptest::sample::select(vec![
        "\"*\"",
        "\"s3:Get*\"",
        "\"Allow\"",
        "\"Deny\"",
        "\"allow\"",
        "\"2012-10-17\"",
        "\"\"",
        "\"\\u00e9\\n\"",
        "\"→\"",
    ]);
    let value = prop_oneof![
        6 => string.clone().prop_map(str::to_owned),
        1 => proptest::sample::select(vec!["1", "true", "null", "[]", "{}", "[[]]", "'x'"]).prop_map(str::to_owned),
        3 => proptest::collection::vec(string, 0..3).prop_map(|items| format!("[{}]", items.join(","))),
    ];
    let object = |names: Vec<&'static str>, value: BoxedStrategy<String>| {
        proptest::collection::vec((proptest::sample::select(names), value), 0..5).prop_map(|members| {
            let members: Vec<_> =
                members.iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
            format!("{{{}}}", members.join(", "))
        })
    };
    let keys = object(vec!["aws:SourceArn", "AWS:sourceArn", "k", "→"], value.clone().boxed());
    let condition = object(
        vec!["StringEquals", "ForAnyValue:StringLike", "Bool", "NullIfExists", "stringLike"],
        prop_oneof![9 => keys, 1 => value.clone()].boxed(),
    );
    let principal = object(vec!["AWS", "Service", "aws"], value.clone().boxed());
    let element = prop_oneof![3 => value, 1 => condition, 1 => principal];
    let statement = object(
        vec![
            "Sid",
            "Effect",
            "Effect",
            "Action",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Principal",
            "NotPrincipal",
            "Condition",
            "Condition",
            "action",
            "Why",
        ],
        element.clone().boxed(),
    );
    object(
        vec!["Version", "Id", "Statement", "Statement", "Statment"],
        prop_oneof![2 => statement.clone(), 2 => proptest::collection::vec(statement, 0..3).prop_map(|list| format!("[{}]", list.join(","))), 1 => element].boxed(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn the_text_of_every_span_reads_to_the_value(source in nearly_policies()) {
        let (document, errors) = parse_partial(&source);
        for error in &errors {
            prop_assert!(error.span.text(&source).is_some());
            prop_assert!(error.related.is_none_or(|(span, _)| span.text(&source).is_some()));
        }
        prop_assert!(errors.is_sorted_by_key(|error| error.span));
        for text in document.iter().flat_map(texts) {
            let written = text.span.text(&source).expect("a span in the text");
            let written = written.replace('\'', "\"");
            let read = serde_json::from_str::<String>(&written).ok();
            prop_assert_eq!(read.as_deref(), Some(&*text.value));
        }
    }

    #[test]
    fn a_document_without_mistakes_is_complete(source in nearly_policies()) {
        if let Ok(document) = parse(&source) {
            for statement in &document.statements {
                prop_assert!(statement.effect.is_some() && statement.action.is_some());
            }
        }
    }

    #[test]
    fn a_policy_cut_anywhere_or_stripped_of_a_byte_does_not_panic(source in nearly_policies(), at in any::<proptest::sample::Index>()) {
        let at = at.index(source.len());
        let at = (0..=at).rev().find(|&at| source.is_char_boundary(at)).unwrap_or(0);
        let (before, after) = source.split_at(at);
        let mut rest = after.chars();
        rest.next();
        for text in [before.to_owned(), format!("{before}{}", rest.as_str())] {
            for error in parse_partial(&text).1 {
                prop_assert!(error.span.text(&text).is_some());
            }
        }
    }
}
