//! What the grammar accepts and refuses, rule by rule, and that no mistake hides another.

mod properties;
mod tree;

use std::fmt::Write as _;

use super::*;

/// The mistakes of a text: code and underlined text, in the order of their places.
fn mistakes(source: &str) -> Vec<(&'static str, &str)> {
    let (document, errors) = parse_partial(source);
    assert_eq!(parse(source).map_err(Errors::into_vec).err().unwrap_or_default(), errors);
    assert!(document.is_some() || !errors.is_empty());
    errors
        .iter()
        .map(|error| (error.code.as_str(), error.span.text(source).expect("a span in the text")))
        .collect()
}

/// A statement with more members.
fn statement_with(members: &str) -> String {
    format!(r#"{{"Statement": {{"Effect": "Allow", "Action": "s3:*", "Resource": "*", {members}}}}}"#)
}

/// Asserts the one mistake of a statement with more members.
fn assert_one(members: &str, code: &str, underlined: &str) {
    let source = statement_with(members);
    assert_eq!(mistakes(&source), [(code, underlined)], "{source}");
}

/// The help of the only mistake of a text.
fn help(source: &str) -> Option<String> {
    let errors = parse(source).expect_err(source).into_vec();
    assert_eq!(errors.len(), 1, "{errors:?}");
    errors.into_iter().next().and_then(|error| error.help)
}

#[test]
fn what_every_kind_of_policy_may_hold_is_accepted() {
    for source in [
        r#"{"Statement": []}"#,
        r#"{"Statement": [], "Id": "", "Version": "2008-10-17"}"#,
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "NotAction": [], "NotResource": []}}"#,
        r#"{"Statement": [{"Resource": ["*"], "Action": "*", "Effect": "Allow"}, {"Effect": "Allow", "Action": ""}]}"#,
        r#"{"St\u0061tement": [{"\u0045ffect": "\u0041llow", "Action": ["\u00733:*"]}]}"#,
    ] {
        assert_eq!(mistakes(source), [], "{source}");
    }
    for members in [
        r#""Sid": """#,
        r#""Sid": "any text → at all""#,
        r#""Principal": "*""#,
        r#""NotPrincipal": {"AWS": "111111111111"}"#,
        r#""Principal": {}"#,
        r#""Principal": {"AWS": [], "Service": ["a", "b"], "Federated": "c", "CanonicalUser": "d"}"#,
        r#""Condition": {}"#,
        r#""Condition": {"StringEquals": {}}"#,
        r#""Condition": {"Bool": {"aws:SecureTransport": [], "x": [true, "false"]}, "NumericEquals": {"y": [1, -2.5e3, "3"]}}"#,
        r#""Condition": {"StringEquals": {"a": "1"}, "StringEqualsIfExists": {"a": "1"}, "ForAnyValue:StringEquals": {"A": "1"}}"#,
    ] {
        assert_eq!(mistakes(&statement_with(members)), [], "{members}");
    }
}

#[test]
fn a_policy_is_one_object() {
    for source in ["[]", "\"{}\"", "1", "null", "true"] {
        assert_eq!(mistakes(source), [("DATA_TYPE_MISMATCH", source)]);
    }
    assert_eq!(mistakes(r#"{"Statement":[]}{"Statement":[]}"#), [("JSON_SYNTAX_ERROR", "{")]);
    assert_eq!(mistakes(""), [("JSON_SYNTAX_ERROR", "")]);
}

#[test]
fn a_policy_has_a_statement() {
    assert_eq!(mistakes("{}"), [("MISSING_STATEMENT", "{")]);
    assert_eq!(mistakes(r#" {"Version": "2012-10-17"}"#), [("MISSING_STATEMENT", "{")]);
    for value in ["1", "null", "\"a\"", "true"] {
        let source = format!("{{\"Statement\": {value}}}");
        assert_eq!(mistakes(&source), [("DATA_TYPE_MISMATCH", value)]);
    }
    assert_eq!(
        mistakes(r#"{"Statement": ["a", [], null]}"#),
        [("DATA_TYPE_MISMATCH", "\"a\""), ("DATA_TYPE_MISMATCH", "[]"), ("DATA_TYPE_MISMATCH", "null")]
    );
}

#[test]
fn version_is_one_of_two_strings() {
    for (value, code) in [
        ("\"2012-10-16\"", "INVALID_VERSION"),
        ("\"2012-10-17 \"", "INVALID_VERSION"),
        ("\"\"", "INVALID_VERSION"),
        ("20121017", "DATA_TYPE_MISMATCH"),
        ("[\"2012-10-17\"]", "DATA_TYPE_MISMATCH"),
        ("null", "DATA_TYPE_MISMATCH"),
    ] {
        let source = format!("{{\"Version\": {value}, \"Statement\": []}}");
        assert_eq!(mistakes(&source), [(code, value)], "{source}");
    }
    let version = |source| parse(source).unwrap().effective_version();
    assert_eq!(version(r#"{"Statement": []}"#), Version::V2008);
    assert_eq!(version(r#"{"Version": "2008-10-17", "Statement": []}"#), Version::V2008);
    assert_eq!(version(r#"{"Version": "2012-10-17", "Statement": []}"#), Version::V2012);
}

#[test]
fn unknown_elements_are_named_with_the_element_that_was_meant() {
    for (name, meant) in [
        ("Actions", "did you mean `Action`?"),
        ("action", "did you mean `Action`?"),
        ("notresource", "did you mean `NotResource`?"),
        ("Conditon", "did you mean `Condition`?"),
        ("Principle", "did you mean `Principal`?"),
        ("Version", "`Version` is an element of the policy itself"),
        ("ForAnyValue:StringLike", "a condition operator belongs in `Condition`"),
        (
            "Why",
            "the elements of a statement are `Sid`, `Effect`, `Principal`, `NotPrincipal`, `Action`, `NotAction`, `Resource`, `NotResource`, `Condition`",
        ),
    ] {
        assert_one(&format!("\"{name}\": 1"), "INVALID_POLICY_ELEMENT", &format!("\"{name}\""));
        assert_eq!(help(&statement_with(&format!("\"{name}\": 1"))).as_deref(), Some(meant));
    }
    for (name, meant) in [
        ("ID", "did you mean `Id`?"),
        ("Versoin", "did you mean `Version`?"),
        ("Effect", "`Effect` is an element of a statement"),
        ("Rules", "the elements of a policy are `Version`, `Id`, `Statement`"),
    ] {
        let source = format!("{{\"Statement\": [], \"{name}\": []}}");
        assert_eq!(mistakes(&source), [("INVALID_POLICY_ELEMENT", format!("\"{name}\"").as_str())]);
        assert_eq!(help(&source).as_deref(), Some(meant));
    }
}

#[test]
fn an_element_stands_once_however_it_is_escaped() {
    assert_one(r#""Eff\u0065ct": "Allow""#, "DUPLICATE_ELEMENT", r#""Eff\u0065ct""#);
    let source = statement_with(r#""Action": 7"#);
    assert_eq!(mistakes(&source), [("DUPLICATE_ELEMENT", "\"Action\""), ("DATA_TYPE_MISMATCH", "7")]);
}

#[test]
fn the_first_of_two_equal_elements_is_the_second_place() {
    let source = r#"{"Statement": [], "Id": "a", "Id": "b", "Statement": [], "Id": "c"}"#;
    let errors = parse(source).unwrap_err();
    let places: Vec<_> =
        errors.iter().map(|error| (error.span.start, error.related.map(|(span, _)| span.start))).collect();
    assert_eq!(places, [(29, Some(18)), (40, Some(1)), (57, Some(18))]);
}

#[test]
fn a_statement_has_an_effect_and_an_action() {
    assert_eq!(
        mistakes(r#"{"Statement": [{}, {"Effect": "Allow"}, {"NotAction": []}]}"#),
        [("MISSING_EFFECT", "{"), ("MISSING_ACTION", "{"), ("MISSING_ACTION", "{"), ("MISSING_EFFECT", "{"),]
    );
    for value in ["\"allow\"", "\"Allow \"", "\"\"", "\"ALLOW\"", "\"Permit\""] {
        let source = format!("{{\"Statement\": {{\"Effect\": {value}, \"Action\": \"*\"}}}}");
        assert_eq!(mistakes(&source), [("INVALID_EFFECT", value)]);
    }
    for value in ["true", "[\"Allow\"]", "null", "{}"] {
        let source = format!("{{\"Statement\": {{\"Effect\": {value}, \"Action\": \"*\"}}}}");
        assert_eq!(mistakes(&source), [("DATA_TYPE_MISMATCH", value)]);
    }
    let source = r#"{"Statement": {"Effect": "deny", "Action": "*"}}"#;
    assert_eq!(help(source).as_deref(), Some("did you mean `Deny`?"));
}

#[test]
fn an_element_and_its_not_twin_exclude_each_other() {
    for (twins, second) in [
        (r#""NotAction": "a""#, "\"NotAction\""),
        (r#""NotResource": "a""#, "\"NotResource\""),
        (r#""NotPrincipal": "*", "Principal": {}"#, "\"Principal\""),
    ] {
        assert_one(twins, "UNSUPPORTED_ELEMENT_COMBINATION", second);
    }
}

#[test]
fn lists_of_strings_hold_strings() {
    for element in ["Action", "NotAction", "Resource", "NotResource"] {
        let statement = |value: &str| {
            let action = if element.ends_with("Action") { "" } else { "\"Action\": \"*\", " };
            format!("{{\"Statement\": {{\"Effect\": \"Allow\", {action}\"{element}\": {value}}}}}")
        };
        for value in ["null", "1", "{\"a\": \"b\"}", "false"] {
            assert_eq!(mistakes(&statement(value)), [("DATA_TYPE_MISMATCH", value)]);
            let listed = format!("[\"a\", {value}, \"b\"]");
            assert_eq!(mistakes(&statement(&listed)), [("DATA_TYPE_MISMATCH", value)]);
        }
        assert_eq!(
            mistakes(&statement("[[\"a\"], [[]]]")),
            [("DATA_TYPE_MISMATCH", "[\"a\"]"), ("DATA_TYPE_MISMATCH", "[[]]")]
        );
    }
    assert_one("\"Sid\": 1", "DATA_TYPE_MISMATCH", "1");
    assert_one("\"Sid\": [\"a\"]", "DATA_TYPE_MISMATCH", "[\"a\"]");
    assert_eq!(mistakes(r#"{"Statement": [], "Id": {}}"#), [("DATA_TYPE_MISMATCH", "{}")]);
}

#[test]
fn a_principal_is_a_star_or_an_object_of_four_kinds() {
    for element in ["Principal", "NotPrincipal"] {
        for value in
            ["\"\"", "\"**\"", "\"111111111111\"", "\"arn:aws:iam::111111111111:root\"", "[\"*\"]", "[]"]
        {
            assert_one(&format!("\"{element}\": {value}"), "INVALID_PRINCIPAL_FORMAT", value);
        }
        for value in ["null", "1", "true"] {
            assert_one(&format!("\"{element}\": {value}"), "DATA_TYPE_MISMATCH", value);
            assert_one(&format!("\"{element}\": {{\"AWS\": {value}}}"), "DATA_TYPE_MISMATCH", value);
            assert_one(&format!("\"{element}\": {{\"Service\": [{value}]}}"), "DATA_TYPE_MISMATCH", value);
        }
    }
    for (key, meant) in [
        ("Aws", "did you mean `AWS`?"),
        ("service", "did you mean `Service`?"),
        ("Services", "did you mean `Service`?"),
        ("*", "a principal object has the members `AWS`, `CanonicalUser`, `Federated`, `Service`"),
    ] {
        let members = format!("\"Principal\": {{\"{key}\": \"a\"}}");
        assert_one(&members, "INVALID_PRINCIPAL_KEY", &format!("\"{key}\""));
        assert_eq!(help(&statement_with(&members)).as_deref(), Some(meant));
    }
    assert_one(r#""Principal": {"AWS": "a", "A\u0057S": "b"}"#, "DUPLICATE_PRINCIPAL_KEY", r#""A\u0057S""#);
    let service = statement_with("\"Principal\": \"s3.amazonaws.com\"");
    assert_eq!(help(&service).as_deref(), Some("write `{\"Service\": …}`"));
}

#[test]
fn condition_operators_have_one_spelling() {
    for (name, meant) in [
        ("stringEquals", Some("did you mean `StringEquals`?")),
        ("StringEqualsIfExist", Some("did you mean `StringEqualsIfExists`?")),
        ("IfExistsStringEquals", Some("did you mean `StringEqualsIfExists`?")),
        ("StringLike:ForAnyValue", Some("did you mean `ForAnyValue:StringLike`?")),
        ("Matches", None),
    ] {
        let members = format!("\"Condition\": {{\"{name}\": {{\"a\": \"b\"}}}}");
        assert_one(&members, "INVALID_CONDITION_OPERATOR", &format!("\"{name}\""));
        assert_eq!(help(&statement_with(&members)).as_deref(), meant);
    }
    for name in ["NullIfExists", "ForAllValues:NullIfExists"] {
        let members = format!("\"Condition\": {{\"{name}\": {{\"a\": \"true\"}}}}");
        assert_one(&members, "NULL_WITH_IF_EXISTS", &format!("\"{name}\""));
    }
}

#[test]
fn a_condition_is_operators_of_keys_of_values() {
    for value in ["null", "1", "\"a\"", "[]", "true"] {
        assert_one(&format!("\"Condition\": {value}"), "DATA_TYPE_MISMATCH", value);
        assert_one(&format!("\"Condition\": {{\"Bool\": {value}}}"), "DATA_TYPE_MISMATCH", value);
    }
    for value in ["null", "{}", "{\"a\": 1}"] {
        assert_one(&format!("\"Condition\": {{\"Bool\": {{\"k\": {value}}}}}"), "DATA_TYPE_MISMATCH", value);
        assert_one(
            &format!("\"Condition\": {{\"Bool\": {{\"k\": [1, {value}]}}}}"),
            "DATA_TYPE_MISMATCH",
            value,
        );
    }
    assert_one(r#""Condition": {"Bool": {"k": [["a"]]}}"#, "DATA_TYPE_MISMATCH", "[\"a\"]");
}

#[test]
fn operators_and_keys_stand_once() {
    assert_one(
        r#""Condition": {"Bool": {"a": "true"}, "Bo\u006fl": {"b": "true"}}"#,
        "DUPLICATE_CONDITION_OPERATOR",
        r#""Bo\u006fl""#,
    );
    assert_one(
        r#""Condition": {"Bool": {"a": "1", "b": "2", "a": "3"}}"#,
        "DUPLICATE_CONDITION_KEY",
        "\"a\"",
    );
    assert_one(
        r#""Condition": {"StringEquals": {"aws:PrincipalTag/a": "1", "AWS:PrincipalTag/A": "2"}}"#,
        "DUPLICATE_KEYS_WITH_DIFFERENT_CASE",
        "\"AWS:PrincipalTag/A\"",
    );
    assert_one(
        r#""Condition": {"StringEquals": {"aws:PrincipalTag/É": "1", "aws:PrincipalTag/é": "2"}}"#,
        "DUPLICATE_KEYS_WITH_DIFFERENT_CASE",
        "\"aws:PrincipalTag/é\"",
    );
    let mut many = String::new();
    for at in 0..10_000 {
        write!(many, "\"k{at}\": \"\", ").unwrap();
    }
    assert_one(
        &format!(r#""Condition": {{"StringEquals": {{{many} "K7": "1"}}}}"#),
        "DUPLICATE_KEYS_WITH_DIFFERENT_CASE",
        "\"K7\"",
    );
}

#[test]
fn no_mistake_hides_another() {
    let source = r#"{
        "version": "2012-10-17",
        "Id": 3,
        "Statement": [
            {"Sid": null, "Effect": "allow", "Action": [1, "s3:*", null], "NotAction": {}, "Resources": "*",},
            "x",
            {"Principal": {"aws": [2]}, "Condition": {"Bol": {"k": null, "K": "1"}, "Null": []}} // why
            {"Effect": "Allow", "Action": "a", "Condition": {"Bool": {"k": {}}, "Bool": {"k": [[]]}}}
        ]
    }"#;
    let codes: Vec<_> = mistakes(source).into_iter().collect();
    assert_eq!(
        codes,
        [
            ("INVALID_POLICY_ELEMENT", "\"version\""),
            ("DATA_TYPE_MISMATCH", "3"),
            ("DATA_TYPE_MISMATCH", "null"),
            ("INVALID_EFFECT", "\"allow\""),
            ("DATA_TYPE_MISMATCH", "1"),
            ("DATA_TYPE_MISMATCH", "null"),
            ("UNSUPPORTED_ELEMENT_COMBINATION", "\"NotAction\""),
            ("DATA_TYPE_MISMATCH", "{}"),
            ("INVALID_POLICY_ELEMENT", "\"Resources\""),
            ("JSON_SYNTAX_ERROR", ","),
            ("DATA_TYPE_MISMATCH", "\"x\""),
            ("MISSING_EFFECT", "{"),
            ("MISSING_ACTION", "{"),
            ("INVALID_PRINCIPAL_KEY", "\"aws\""),
            ("DATA_TYPE_MISMATCH", "2"),
            ("INVALID_CONDITION_OPERATOR", "\"Bol\""),
            ("DATA_TYPE_MISMATCH", "null"),
            ("DUPLICATE_KEYS_WITH_DIFFERENT_CASE", "\"K\""),
            ("DATA_TYPE_MISMATCH", "[]"),
            ("JSON_SYNTAX_ERROR", "// why"),
            ("JSON_SYNTAX_ERROR", "{"),
            ("DATA_TYPE_MISMATCH", "{}"),
            ("DUPLICATE_CONDITION_OPERATOR", "\"Bool\""),
            ("DATA_TYPE_MISMATCH", "[]"),
        ]
    );
}

#[test]
fn a_condition_that_stands_among_statements_is_one_mistake() {
    assert_eq!(mistakes(r#"{"Statement": ["Condition": {}]}"#), [("JSON_SYNTAX_ERROR", ":")]);
}

#[test]
fn a_text_cut_short_is_one_mistake() {
    let whole = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["a", "b"], "Condition": {"Bool": {"k": "true"}}}]}"#;
    assert_eq!(mistakes(whole), []);
    for (end, _) in whole.char_indices() {
        let (cut, _) = whole.split_at(end);
        let found = mistakes(cut);
        assert_eq!(found.len(), 1, "{cut} gives {found:?}");
        assert_eq!(found[0].0, "JSON_SYNTAX_ERROR");
    }
}

#[test]
fn mistakes_beyond_the_limit_are_not_listed() {
    let source = format!("{{\"Statement\": [{}1]}}", "{},".repeat(10));
    let limits = Limits { max_errors: 5, ..Limits::default() };
    let errors = parse_with(&source, &limits).unwrap_err();
    assert_eq!(errors.iter().filter(|error| error.code == Code::ERRORS_EXCEED_LIMIT).count(), 1);
    assert_eq!(errors.iter().count(), 6);
    let none = Limits { max_errors: 0, ..Limits::default() };
    assert!(parse_with("{}", &none).is_err(), "a limit does not make a document valid");
}
