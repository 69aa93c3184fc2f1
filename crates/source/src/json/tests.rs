//! What mistakes say and where, what is read in spite of them, and the limits.

mod reference;

use super::*;
use crate::{Code, Span};

/// The first mistake of a text: message, underlined text.
fn mistake(source: &str) -> (String, String) {
    let error = parse(source, &Limits::default()).expect_err(source);
    (error.message, error.span.text(source).expect("a span within the text").to_owned())
}

#[test]
fn mistakes_say_what_was_found_and_what_was_expected() {
    for (source, message, underlined) in [
        ("", "the text ends where a value is expected", ""),
        (" \n", "the text ends where a value is expected", ""),
        ("{", "the text ends where a member name in double quotes is expected", ""),
        ("{\"a\"", "the text ends where `:` and a value after the member name is expected", ""),
        ("{\"a\":", "the text ends where a value is expected", ""),
        ("{\"a\": 1", "the text ends where `,` or `}` is expected", ""),
        ("[1", "the text ends where `,` or `]` is expected", ""),
        ("[1,", "the text ends where a value is expected", ""),
        ("[1, 2,]", "found a comma before the closing `]`, expected another value", ","),
        ("{\"a\": 1, }", "found a comma before the closing `}`, expected another member", ","),
        ("[1,, 2]", "found `,`, expected a value", ","),
        ("{\"a\": 1,, }", "found `,`, expected a member name in double quotes", ","),
        ("[1 2]", "found `2`, expected `,` or `]`", "2"),
        ("{\"a\": 1 \"b\": 2}", "found a string, expected `,` or `}`", "\"b\""),
        ("{\"a\": 1 \"b", "found `\"`, expected `,` or `}`", "\""),
        ("{\"a\" 1}", "found `1`, expected `:` and a value after the member name", "1"),
        ("{\"a\" = 1}", "found `=`, expected `:` and a value after the member name", "="),
        ("{\"a\": , \"b\": 1}", "member `a` has no value", ","),
        ("{\"a\"}", "member `a` has no value", "}"),
        ("{a: 1}", "member name `a` is not quoted", "a"),
        ("{'a': 1}", "found a string in single quotes, expected double quotes", "'a'"),
        ("[Allow]", "found `Allow`, expected a value", "Allow"),
        ("[True]", "found `True`, expected a value", "True"),
        ("[NaN]", "found `NaN`, expected a value", "NaN"),
        ("[-Infinity]", "`-Infinity` is not a number", "-Infinity"),
        ("[+1]", "`+1` is not a number", "+1"),
        ("[012]", "`012` is not a number", "012"),
        ("[1.]", "`1.` is not a number", "1."),
        ("[.5]", "`.5` is not a number", ".5"),
        ("[1e]", "`1e` is not a number", "1e"),
        ("[0x1F]", "`0x1F` is not a number", "0x1F"),
        ("[2012-10-17]", "`2012-10-17` is not a number", "2012-10-17"),
        ("[1} ", "found `}`, expected `,` or `]`", "}"),
        ("{\"a\": 1]", "found `]`, expected `,` or `}`", "]"),
        ("[\"a\": 1]", "found `:`, expected `,` or `]`", ":"),
        ("]", "found `]`, expected a value", "]"),
        ("// x\n1", "found a comment, which JSON does not have", "// x"),
        ("[1 /* x */]", "found a comment, which JSON does not have", "/* x */"),
        ("# x\n1", "found a comment, which JSON does not have", "# x"),
        ("{} {}", "found a second document after the first", "{"),
        ("{},", "found `,`, expected the end of the text", ","),
        ("\u{feff}{}", "found a byte order mark (U+FEFF), expected a value", "\u{feff}"),
        ("{\u{a0}}", "found a no-break space (U+00A0), expected a member name in double quotes", "\u{a0}"),
        ("[“a”]", "found `“`, expected a value", "“"),
        ("\0", "found a NUL (U+0000), expected a value", "\0"),
        ("\"a\tb\"", "found a tab (U+0009) in a string, expected the escape `\\t`", "\t"),
        ("\"a\0b\"", "found a NUL (U+0000) in a string, expected the escape `\\u0000`", "\0"),
        (
            "\"a\u{1b}b\"",
            "found a control character (U+001B) in a string, expected the escape `\\u001b`",
            "\u{1b}",
        ),
        ("[\"abc", "string is not closed, expected `\"`", "\"abc"),
        ("[\"abc,\n\"1\"]", "string is not closed on its line, expected `\"`", "\"abc"),
        ("[\"abc\n  def\"]", "found a line feed (U+000A) in a string, expected the escape `\\n`", "\n"),
        (
            r#""\x""#,
            r#"found `\x` in a string, expected one of `\"`, `\\`, `\/`, `\b`, `\f`, `\n`, `\r`, `\t`, `\uXXXX`"#,
            r"\x",
        ),
        (r#""\u12""#, r"found `\u` in a string, expected four hexadecimal digits after `\u`", r"\u"),
        (r#""\u+123""#, r"found `\u` in a string, expected four hexadecimal digits after `\u`", r"\u"),
        (
            r#""\ud800!""#,
            r"found `\ud800` in a string, expected a surrogate pair: one of `\ud800` to `\udbff`, then one of `\udc00` to `\udfff`",
            r"\ud800",
        ),
    ] {
        assert_eq!(mistake(source), (message.to_owned(), underlined.to_owned()), "{source:?}");
    }
}

#[test]
fn the_opener_of_what_is_not_closed_is_the_second_place() {
    for (source, opener) in [("[1, {\"a\": [2]", 4), ("[1, {\"a\": [2", 10), ("{\"a\": [1}", 6), ("[{]", 1)] {
        let error = parse(source, &Limits::default()).unwrap_err();
        assert_eq!(error.related.map(|(span, _)| span.start), Some(opener), "{source:?}: {error:?}");
    }
}

#[test]
fn help_says_how_to_fix_it() {
    for (source, help) in [
        ("[1,]", "remove the comma"),
        ("[1 2]", "put a comma after the previous value"),
        ("{a: 1}", "write `\"a\"`"),
        ("['a']", "write `\"a\"`"),
        ("[FALSE]", "JSON spells it `false`"),
        ("[None]", "JSON spells it `null`"),
        ("[NaN]", "JSON has no infinity and no NaN"),
        ("[007]", "a number has no leading zeros; write text such as an account ID in double quotes"),
        ("[\"a\" 'b']", "put a comma after the previous value"),
        ("[\"a\": 1]", "members with names belong in an object: `{\"name\": …}`"),
        ("\u{feff}{}", "remove the byte order mark; a document is UTF-8 text without one"),
        ("[”a”]", "write plain double quotes (`\"`) around names and strings"),
        (r#"["a\d"]"#, r"a backslash itself is written `\\`"),
        ("", "the document is empty"),
        ("{} {}", "a text holds one document; put the parts into one, or into a list"),
    ] {
        let error = parse(source, &Limits::default()).unwrap_err();
        assert_eq!(error.help.as_deref(), Some(help), "{source:?}");
    }
}

#[test]
fn mistakes_that_can_be_mended_do_not_hide_each_other() {
    let source =
        "{'a': 01, // no\n b = True \"c\": [1,,2,], \"d\": \"x\\y\", \"e\": \"f,\n \"g\": [Allow], }";
    let (document, errors) = parse_partial(source, &Limits::default());
    let underlined: Vec<_> = errors.iter().map(|error| error.span.text(source).unwrap()).collect();
    assert_eq!(
        underlined,
        ["'a'", "01", "// no", "b", "=", "True", "\"c\"", ",", ",", "\\y", "\"f", "Allow", ","]
    );
    let document = document.unwrap();
    let members: Vec<_> =
        document.root().members().map(|(name, value)| (name.value, value.is_broken())).collect();
    assert_eq!(
        members,
        [("a", true), ("b", true), ("c", false), ("d", true), ("e", true), ("g", false)]
            .map(|(name, broken)| (name.into(), broken))
    );
    let allow = document.root().member("g").and_then(|list| list.items().next());
    assert_eq!(allow.and_then(Value::as_str).as_deref(), Some("Allow"));
}

#[test]
fn a_comment_in_an_empty_list_or_object_is_the_only_mistake() {
    for source in ["[ /* none */ ]", "{ // none\n }", "[1, 2 /* last */]"] {
        let (document, errors) = parse_partial(source, &Limits::default());
        assert_eq!(errors.len(), 1, "{source}: {errors:?}");
        assert!(document.is_some_and(|document| !document.root().is_broken()));
    }
}

#[test]
fn what_was_read_before_the_text_ends_is_kept_and_broken() {
    let (document, errors) = parse_partial("{\"a\": 1, \"b\": [2, {\"c\"", &Limits::default());
    assert_eq!(errors.len(), 1);
    let document = document.unwrap();
    let root = document.root();
    assert_eq!(root.member("a").and_then(Value::as_number), Some("1"));
    let list = root.member("b").unwrap();
    assert!(root.is_broken() && list.is_broken());
    let inner: Vec<_> = list.items().map(|item| (item.kind(), item.is_broken())).collect();
    assert_eq!(inner, [(Kind::Number, false), (Kind::Object, true)]);
    assert!(list.items().nth(1).and_then(|object| object.member("c")).is_some_and(Value::is_broken));
}

#[test]
fn repeated_members_are_kept_in_order() {
    let document = parse(r#"{"a": 1, "\u0061": 2, "b": 3}"#, &Limits::default()).unwrap();
    let members: Vec<_> = document.root().members().map(|(name, value)| (name.value, value.text())).collect();
    assert_eq!(members, [("a".into(), "1"), ("a".into(), "2"), ("b".into(), "3")]);
}

#[test]
fn strings_are_borrowed_unless_they_hold_escapes() {
    let source = String::from(r#"["plain", "esc\u0061ped"]"#);
    let strings: Vec<_> = {
        let document = parse(&source, &Limits::default()).unwrap();
        document.root().items().filter_map(Value::as_str).collect()
    };
    assert!(matches!(&strings[0], std::borrow::Cow::Borrowed("plain")));
    assert!(matches!(&strings[1], std::borrow::Cow::Owned(text) if text == "escaped"));
}

#[test]
fn other_kinds_of_value_have_no_members_items_or_text() {
    let document = parse(r#"[1, {"a": 2}]"#, &Limits::default()).unwrap();
    let list = document.root();
    assert_eq!(list.members().count(), 0);
    assert_eq!((list.as_str(), list.as_bool(), list.as_number()), (None, None, None));
    let object = list.items().nth(1).unwrap();
    assert_eq!((object.items().count(), object.members().count()), (0, 1));
}

#[test]
fn pointers_name_the_innermost_value() {
    let source = r#"{"a/b": {"~": [0, {"c": "d"}]}, "e": 1}"#;
    let document = parse(source, &Limits::default()).unwrap();
    for (text, pointer) in [
        (source, ""),
        (r#""a/b""#, "/a~1b"),
        ("[0", "/a~1b/~0"),
        ("0", "/a~1b/~0/0"),
        (r#""d""#, "/a~1b/~0/1/c"),
        (r#""c""#, "/a~1b/~0/1/c"),
        ("1", "/e"),
    ] {
        let start = source.find(text).unwrap();
        let span = Span::new(start as u32, (start + text.len()) as u32);
        assert_eq!(document.pointer_to(span), pointer, "{text}");
    }
}

/// The code of the one error that a text gives within limits, strictly and for tooling.
fn refused(source: &str, limits: Limits) -> Code {
    let (document, errors) = parse_partial(source, &limits);
    assert!(document.is_none());
    assert_eq!(errors.len(), 1);
    assert_eq!(parse(source, &limits).unwrap_err(), errors[0]);
    errors[0].code
}

#[test]
fn each_limit_is_exact_and_has_its_own_error() {
    let limits = Limits { max_bytes: 10, max_depth: 2, max_nodes: 4, max_errors: 2, ..Limits::default() };
    assert!(parse("[1, 2, 3 ]", &limits).is_ok());
    assert_eq!(refused("[1, 2, 3  ]", limits), Code::JSON_SIZE_EXCEEDS_LIMIT);
    assert!(parse("[[1], []]", &limits).is_ok());
    assert_eq!(refused("[[[1]]]", limits), Code::JSON_DEPTH_EXCEEDS_LIMIT);
    assert_eq!(refused("[1,2,3,4]", limits), Code::JSON_NODES_EXCEED_LIMIT);
    assert_eq!(refused("{\"a\":{\"b\"", Limits { max_nodes: 3, ..limits }), Code::JSON_NODES_EXCEED_LIMIT);
    let few = Limits { max_items: 2, ..Limits::default() };
    assert!(parse("[[1, 2], {\"a\": 1, \"b\": [1, 2]}]", &few).is_ok());
    assert_eq!(refused("[[1, 2, 3]]", few), Code::JSON_ITEMS_EXCEED_LIMIT);
    assert_eq!(refused("{\"a\": {\"a\": 1, \"b\": 2, \"c\": 3}}", few), Code::JSON_ITEMS_EXCEED_LIMIT);
    let short = Limits { max_string: 5, ..Limits::default() };
    assert!(parse("[\"abc\", \"\", 1234567]", &short).is_ok());
    assert_eq!(refused("[\"abcd\"]", short), Code::JSON_STRING_EXCEEDS_LIMIT);
    assert_eq!(refused("{\"abcd\": 1}", short), Code::JSON_STRING_EXCEEDS_LIMIT);
    let (document, errors) = parse_partial("[,,,,1]", &limits);
    let codes: Vec<_> = errors.iter().map(|error| error.code).collect();
    assert_eq!(codes, [Code::JSON_SYNTAX_ERROR, Code::JSON_SYNTAX_ERROR, Code::ERRORS_EXCEED_LIMIT]);
    assert!(document.is_some_and(|document| document.root().is_broken()));
}

#[test]
fn nesting_a_hundred_thousand_deep_is_refused_or_read_without_recursion() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        assert_eq!(refused(&deep, Limits::default()), Code::JSON_DEPTH_EXCEEDS_LIMIT);
        let document = parse(&deep, &Limits::NONE).unwrap();
        assert!(document.nodes.len() > 100_000);
        let pointer = document.pointer_to(Span::new(0, 2));
        assert!(pointer.len() <= 2);
        let unclosed = open.repeat(100_000);
        let (document, errors) = parse_partial(&unclosed, &Limits::NONE);
        assert_eq!(errors.len(), 1);
        assert!(document.unwrap().root().is_broken());
    }
}

#[test]
fn ten_megabytes_are_read() {
    let item = r#""arn:aws:s3:::example-bucket/path/*","#;
    let count = 10_000_000 / item.len();
    let source = format!("[{}1]", item.repeat(count));
    let limits = Limits { max_items: count + 1, max_string: 10_000_002, ..Limits::default() };
    let document = parse(&source, &limits).unwrap();
    assert_eq!(document.root().items().count(), count + 1);
    let one = format!("\"{}\"", "é".repeat(5_000_000));
    let document = parse(&one, &limits).unwrap();
    assert_eq!(document.root().as_str().map(|text| text.len()), Some(10_000_000));
}

#[test]
fn a_mistake_costs_no_more_than_the_text_it_reads_over() {
    // If each cost as much as the whole text, this test would take minutes.
    let many = |piece: &str| piece.repeat(200_000);
    for text in [
        format!("[\"a{}b\"]", many("\n")),
        format!("[\"a{}", many("\n \"a")),
        format!("[\"a{}", many("\nb")),
        format!("[{}]", many("1,],")),
        format!("[{}1]", many(",")),
        format!("[{}", many("/**/")),
        format!("{{{}", many("a b")),
        many("["),
        many("'"),
        many("a"),
    ] {
        let (_, errors) = parse_partial(&text, &Limits::NONE);
        assert!(!errors.is_empty());
    }
}
