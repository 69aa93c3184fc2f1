//! What normalizing refuses, and which freedoms of spelling the canonical form takes away.

use bailiwick_parser::parse;
use bailiwick_source::Code;

use crate::codes;
use crate::{PolicyKind, canonical_json, normalize};

/// The canonical text of a document whose one statement has these members besides an Effect.
fn canonical(members: &str) -> String {
    canonical_document(&format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", {members}}}]}}"#
    ))
}

fn canonical_document(text: &str) -> String {
    canonical_json(&normalize(&parse(text).unwrap(), None).unwrap())
}

fn codes(kind: PolicyKind, members: &str) -> Vec<Code> {
    let text = format!(r#"{{"Statement": {{"Effect": "Allow", {members}}}}}"#);
    match normalize(&parse(&text).unwrap(), Some(kind)) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.iter().map(|error| error.code).collect(),
    }
}

#[test]
fn spellings_of_one_meaning_have_one_canonical_text() {
    let same = [
        (r#""Action": "s3:GetObject", "Resource": "*""#, r#""Resource": ["*"], "Action": ["S3:getobject"]"#),
        (r#""Action": ["a:B", "a:A", "a:b"]"#, r#""Action": ["a:a", "a:B"]"#),
        (r#""Action": "a:B", "Principal": "*""#, r#""Action": "a:B", "Principal": {"AWS": ["*"]}"#),
        (
            r#""Action": "a:B", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}"#,
            r#""Action": "a:B", "Principal": {"AWS": ["111122223333"]}"#,
        ),
        (
            r#""Action": "a:B", "Condition": {"Bool": {"aws:SecureTransport": true}}"#,
            r#""Action": "a:B", "Condition": {"Bool": {"AWS:securetransport": ["true"]}}"#,
        ),
        (
            r#""Action": "a:B", "Condition": {"ArnEquals": {"k": "arn:aws:s3:::b"}}"#,
            r#""Action": "a:B", "Condition": {"ArnLike": {"K": ["arn:aws:s3:::b", "arn:aws:s3:::b"]}}"#,
        ),
        (
            r#""Action": "a:B", "Condition": {"StringLike": {"b": "1", "a": ["y", "x"]}, "Null": {"c": "true"}}"#,
            r#""Action": "a:B", "Condition": {"Null": {"c": true}, "StringLike": {"a": ["x", "y"], "b": "1"}}"#,
        ),
        (r#""Action": "a:B", "Condition": {}"#, r#""Action": "a:B""#),
    ];
    for (one, other) in same {
        assert_eq!(canonical(one), canonical(other), "{one} and {other}");
    }
}

#[test]
fn different_meanings_have_different_canonical_texts() {
    let different = [
        (r#""Action": "a:B""#, r#""NotAction": "a:B""#),
        (r#""Action": "a:B", "Principal": {"AWS": "*"}"#, r#""Action": "a:B", "NotPrincipal": {"AWS": "*"}"#),
        (r#""Action": "a:B", "Resource": "x""#, r#""Action": "a:B", "Resource": "X""#),
        (
            r#""Action": "a:B", "Condition": {"StringEquals": {"k": "v"}}"#,
            r#""Action": "a:B", "Condition": {"StringEquals": {"k": "V"}}"#,
        ),
        (
            r#""Action": "a:B", "Condition": {"StringEquals": {"k": "v"}}"#,
            r#""Action": "a:B", "Condition": {"StringEqualsIfExists": {"k": "v"}}"#,
        ),
        // A root ARN names an account only if its account field is an account ID.
        (
            r#""Action": "a:B", "Principal": {"AWS": "arn:aws:iam::1111:root"}"#,
            r#""Action": "a:B", "Principal": {"AWS": "arn:aws-cn:iam::1111:root"}"#,
        ),
        // The order of ARN operands has a meaning when one of them is malformed.
        (
            r#""Action": "a:B", "Condition": {"ArnLike": {"k": ["arn:aws:s3:::b", "bad"]}}"#,
            r#""Action": "a:B", "Condition": {"ArnLike": {"k": ["bad", "arn:aws:s3:::b"]}}"#,
        ),
    ];
    for (one, other) in different {
        assert_ne!(canonical(one), canonical(other), "{one} and {other}");
    }
}

#[test]
fn an_action_without_a_colon_is_every_action_if_it_is_stars_and_no_action_otherwise() {
    for (text, expected) in
        [("*", true), ("**", true), ("", false), ("s3", false), ("*a", false), ("?", false)]
    {
        let document = format!(r#"{{"Statement": {{"Effect": "Allow", "Action": "{text}"}}}}"#);
        let policy = normalize(&parse(&document).unwrap(), None).unwrap();
        let action = policy.statements().next().unwrap().action().actions().next().unwrap();
        let (service, name) = action.patterns();
        assert_eq!(service.is_match("s3") && name.is_match("getobject"), expected, "{text:?}");
    }
}

#[test]
fn a_document_without_version_says_in_its_canonical_text_what_it_gets() {
    let text = canonical_document(r#"{"Statement": []}"#);
    assert_eq!(text, canonical_document(r#"{"Version": "2008-10-17", "Statement": []}"#));
    assert!(text.contains("2008-10-17"), "{text}");
}

#[test]
fn a_canonical_text_is_its_own_canonical_text() {
    let documents = [
        r#"{"Id": "x\u0001\"\\", "Statement": {"Sid": "s", "Effect": "Deny", "NotAction": [], "NotResource": ["b", "a"]}}"#,
        r#"{"Statement": {"Effect": "Deny", "NotPrincipal": {"Service": "b", "AWS": [], "CanonicalUser": "c"}, "Action": "*"}}"#,
        r#"{"Statement": {"Effect": "Allow", "Principal": {"AWS": []}, "Action": "*"}}"#,
        r#"{"Statement": {"Effect": "Allow", "Principal": {"AWS": ["*", "AIDAX", "111122223333"]}, "Action": "*"}}"#,
        r#"{"Statement": {"Effect": "Allow", "Action": "a:b", "Condition": {
            "ArnEquals": {"k": "arn:aws:s3:::b"}, "ArnLike": {"k": "arn:aws:s3:::a"},
            "ArnNotLike": {"k": "arn:aws:s3:::c"}, "ArnNotEquals": {"k": "arn:aws:s3:::c"},
            "ForAllValues:StringLikeIfExists": {"k": ["b", "a", 1.50]}}}}"#,
    ];
    for document in documents {
        let once = canonical_document(document);
        assert_eq!(canonical_document(&once), once, "{document}");
    }
}

#[test]
fn both_names_of_the_arn_comparison_on_one_key_stay_two_conditions() {
    let text = canonical(
        r#""Action": "a:B", "Condition": {"ArnEquals": {"k": "arn:aws:s3:::b"}, "ArnLike": {"k": "arn:aws:s3:::a"}}"#,
    );
    assert!(text.contains("ArnEquals") && text.contains("ArnLike"), "{text}");
}

#[test]
fn elements_a_kind_must_or_must_not_have_are_checked_for_every_statement() {
    use codes::{MISSING_PRINCIPAL, MISSING_RESOURCE, UNSUPPORTED_PRINCIPAL};
    let bare = r#""Action": "a:B""#;
    let with_principal = r#""Action": "a:B", "Principal": "*", "Resource": "*""#;
    for kind in PolicyKind::ALL {
        let expected = match kind {
            PolicyKind::Resource => vec![MISSING_PRINCIPAL],
            PolicyKind::ResourceControl | PolicyKind::VpcEndpoint => {
                vec![MISSING_PRINCIPAL, MISSING_RESOURCE]
            }
            _ => vec![MISSING_RESOURCE],
        };
        let mut found = codes(kind, bare);
        found.sort_unstable();
        assert_eq!(found, expected, "{kind}");
        let expected = if kind.has_principal() { vec![] } else { vec![UNSUPPORTED_PRINCIPAL] };
        assert_eq!(codes(kind, with_principal), expected, "{kind}");
    }
}

#[test]
fn base64_that_cannot_be_decoded_refuses_the_document_and_other_odd_values_do_not() {
    let binary =
        r#""Action": "a:B", "Resource": "*", "Condition": {"BinaryEquals": {"k": ["QQ==", "QQ", "?"]}}"#;
    assert_eq!(codes(PolicyKind::Identity, binary), [codes::INVALID_BASE64, codes::INVALID_BASE64]);
    let odd = r#""Action": ["a b", "nocolon", ""], "Resource": ["not an arn", ""], "Condition": {
        "NumericEquals": {"k": "ten"}, "DateEquals": {"k": "tomorrow"}, "IpAddress": {"k": "300.1.2.3/40"},
        "ArnLike": {"k": "arn"}, "Bool": {"k": "maybe"}, "StringLike": {"k": "${"}}"#;
    assert_eq!(codes(PolicyKind::Identity, odd), []);
}
