//! What is JSON and what is not, and what it means, against serde_json.

use proptest::prelude::*;
use serde_json::Value as Reference;

use super::super::*;
use crate::Code;

const LIMITS: Limits =
    Limits { max_bytes: 1 << 20, max_depth: 100, max_nodes: 1 << 16, max_errors: 50, ..Limits::NONE };

/// What serde_json says of a text. It alone refuses numbers that no `f64` holds; those are JSON all the same.
fn reference(source: &str) -> Option<Reference> {
    match serde_json::from_str(source) {
        Ok(value) => Some(value),
        Err(error) if error.to_string().starts_with("number out of range") => {
            serde_json::from_str::<serde::de::IgnoredAny>(source).ok().map(|_| Reference::Null)
        }
        Err(_) => None,
    }
}

/// The value as serde_json would have it: of members with one name, the last one counts.
fn converted(value: Value<'_, '_>) -> Reference {
    match value.kind() {
        Kind::Null => Reference::Null,
        Kind::Boolean => value.as_bool().unwrap().into(),
        Kind::Number => serde_json::from_str(value.as_number().unwrap()).unwrap(),
        Kind::String => value.as_str().unwrap().into(),
        Kind::Array => value.items().map(converted).collect(),
        Kind::Object => value.members().map(|(name, value)| (name.value, converted(value))).collect(),
    }
}

/// Calls `visit` for the value and every value in it.
fn walk<'doc, 'src>(value: Value<'doc, 'src>, visit: &mut impl FnMut(Value<'doc, 'src>)) {
    visit(value);
    value.items().for_each(|item| walk(item, visit));
    value.members().for_each(|(_, member)| walk(member, visit));
}

/// Asserts everything that holds for a text, be it JSON or not.
fn check(source: &str) {
    let (strict, reference) = (parse(source, &LIMITS), reference(source));
    let (partial, errors) = parse_partial(source, &LIMITS);
    // What serde_json reads without a value, having met a number that no `f64` holds, it reads without its
    // surrogates.
    if reference == Some(Reference::Null) && source.contains("\\u") {
        return;
    }
    if errors.iter().any(|error| error.code != Code::JSON_SYNTAX_ERROR) {
        return;
    }
    assert_eq!(strict.is_ok(), reference.is_some(), "{source:?}: {:?}", strict.err());
    assert_eq!(strict.as_ref().err(), errors.first(), "the first mistake is the one: {source:?}");
    for error in &errors {
        let related = error.related.map(|(span, _)| span);
        for span in [Some(error.span), related].into_iter().flatten() {
            assert!(span.start <= span.end, "{error:?} in {source:?}");
            assert!(span.text(source).is_some(), "{error:?} in {source:?}");
        }
        assert!(!error.message.contains('\n'), "{error:?}");
    }
    if let Some(document) = &partial {
        walk(document.root(), &mut |value| {
            let text = value.span().text(source).expect("a span lies on character boundaries");
            assert_eq!(text, value.text());
            for span in value.members().map(|(name, _)| name.span).chain(value.items().map(Value::span)) {
                assert!(value.span().contains(span), "{source:?}");
            }
        });
    }
    if let (Ok(document), Some(reference)) = (strict, reference) {
        if reference != Reference::Null {
            assert_eq!(converted(document.root()), reference, "{source:?}");
        }
        walk(document.root(), &mut |value| {
            assert!(!value.is_broken());
            let again = parse(value.text(), &LIMITS).expect("the text of a value is that value");
            assert_eq!(again.root().kind(), value.kind());
            assert_eq!(again.root().as_str(), value.as_str());
            assert_eq!(again.nodes.len(), subtree(value));
        });
    }
}

/// How many nodes a value has.
fn subtree(value: Value<'_, '_>) -> usize {
    let mut nodes = 0;
    walk(value, &mut |value| nodes += 1 + value.members().count());
    nodes
}

/// Texts of JSON: every kind of value, with blanks, escapes and repeated names.
fn json_text() -> impl Strategy<Value = String> {
    let blank = || proptest::sample::select(vec!["", "", " ", "\n\t", "\r\n  "]);
    let string = proptest::collection::vec(
        prop_oneof![
            proptest::sample::select(vec![
                r"\n",
                r#"\""#,
                r"\\",
                r"\/",
                r"\u0041",
                r"\u00E9",
                r"\ud834\uDD1E",
                "é",
                "→",
                "𝄞",
                "\u{7f}",
                "'",
            ])
            .prop_map(str::to_owned),
            "[ -!#-\\[\\]-~]{0,20}",
        ],
        0..4,
    )
    .prop_map(|parts| format!("\"{}\"", parts.concat()));
    let name =
        prop_oneof![proptest::sample::select(vec!["\"a\"", "\"b\""]).prop_map(str::to_owned), string.clone()];
    let number = "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,9})?([eE][+-]?[0-9]{1,3})?";
    let scalar = prop_oneof![
        2 => string,
        1 => number,
        1 => proptest::sample::select(vec!["true", "false", "null"]).prop_map(str::to_owned),
    ];
    scalar.prop_recursive(5, 40, 6, move |inner| {
        let value =
            (blank(), inner, blank()).prop_map(|(before, value, after)| format!("{before}{value}{after}"));
        let member = (blank(), name.clone(), blank(), value.clone())
            .prop_map(|(before, name, after, value)| format!("{before}{name}{after}:{value}"));
        prop_oneof![
            (blank(), proptest::collection::vec(value, 0..6))
                .prop_map(|(blank, items)| format!("[{blank}{}]", items.join(","))),
            (blank(), proptest::collection::vec(member, 0..6))
                .prop_map(|(blank, members)| format!("{{{blank}{}}}", members.join(","))),
        ]
    })
}

/// Pieces of which texts are made that are nearly JSON.
fn pieces() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(vec![
        "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "'", "'a'", "\\", "\\u", "\\ud800", "\\udc00",
        "\\u00e9", "0", "1", "-", "+", ".", "e", "true", "True", "null", "NaN", "a", "é", "“", " ", "\n",
        "\t", "\u{1}", "\0", "\u{feff}", "//", "/*", "*/", "#", "=", "=>", ";", "\u{a0}", "𝄞",
    ]);
    proptest::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn json_is_read_as_serde_json_reads_it(source in json_text()) {
        prop_assert!(parse(&source, &LIMITS).is_ok());
        check(&source);
    }

    #[test]
    fn mutated_json_is_accepted_exactly_when_serde_json_accepts_it(
        source in json_text(),
        cut in any::<proptest::sample::Index>(),
        length in 0usize..3,
        piece in pieces(),
    ) {
        let characters: Vec<char> = source.chars().collect();
        let at = cut.index(characters.len() + 1);
        let after = (at + length).min(characters.len());
        let piece: String = piece.chars().take(3).collect();
        let mutated: String = characters[..at].iter().copied().chain(piece.chars()).chain(characters[after..].iter().copied()).collect();
        check(&mutated);
    }

    #[test]
    fn any_text_is_accepted_exactly_when_serde_json_accepts_it(source in pieces()) {
        check(&source);
    }
}

#[test]
fn all_short_texts_are_accepted_exactly_when_serde_json_accepts_them() {
    let letters: Vec<char> = "{}[],:\"\\a1-0.e \n'/".chars().collect();
    let mut text = String::new();
    fn extend(text: &mut String, letters: &[char], left: usize) {
        check(text);
        for &letter in letters.iter().filter(|_| left > 0) {
            text.push(letter);
            extend(text, letters, left - 1);
            text.pop();
        }
    }
    extend(&mut text, &letters, 4);
}

#[test]
fn every_byte_in_a_string_and_behind_a_backslash_is_judged_as_serde_json_judges_it() {
    // The lengths around the byte put it at every place of a word and of the rest after the last whole word.
    for byte in 0..0x80u8 {
        for (before, after) in (0..10).flat_map(|before| [0, 7, 20].map(|after| (before, after))) {
            let (before, after) = ("a".repeat(before), "b".repeat(after));
            check(&format!("\"{before}{}{after}\"", char::from(byte)));
            check(&format!("\"{before}\\{}{after}\"", char::from(byte)));
        }
    }
}

#[test]
fn every_pair_of_code_units_at_the_edges_is_judged_as_serde_json_judges_it() {
    let edges = [0x0, 0x41, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xffff];
    for (first, second) in edges.into_iter().flat_map(|first| edges.map(|second| (first, second))) {
        check(&format!("\"\\u{first:04x}\\u{second:04X}\""));
        check(&format!("\"\\u{first:04x}\""));
    }
}
