//! What scenarios may say, what is refused with which words and place, and how answers look.

use bailiwick_source::{Code, LineIndex};

use crate::{Decision, Scenario};

const ALLOW_ALL: &str =
    r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;

fn scenario(request: &str, policies: &str) -> String {
    format!(r#"{{"request": {{{request}}}, "policies": {{{policies}}}}}"#)
}

const REQUEST: &str = r#""principal": "arn:aws:iam::111122223333:user/amy", "action": "s3:GetObject",
    "resource": "arn:aws:s3:::b/k""#;

/// Code, message and the source text under the place of each mistake.
fn mistakes(text: &str) -> Vec<(Code, String, String)> {
    let errors = Scenario::parse(text).map(|_| ()).unwrap_err();
    errors
        .iter()
        .map(|error| {
            (error.code, error.message.clone(), error.span.text(text).unwrap_or_default().to_owned())
        })
        .collect()
}

#[test]
fn every_mistake_of_a_scenario_is_reported_at_its_place() {
    let text = r#"{"request": {"principle": 1, "action": "s3:*", "resource": "", "resourceAccount": "1"},
        "polices": {}, "expect": "allow", "name": 7}"#;
    let found: Vec<_> = mistakes(text).into_iter().map(|(code, _, place)| (code, place)).collect();
    let request = r#"{"principle": 1, "action": "s3:*", "resource": "", "resourceAccount": "1"}"#;
    let expected = [
        (Code::MISSING_MEMBER, request),
        (Code::UNKNOWN_MEMBER, "\"principle\""),
        (Code::INVALID_VALUE, "\"s3:*\""),
        (Code::INVALID_VALUE, "\"\""),
        (Code::INVALID_VALUE, "\"1\""),
        (Code::UNKNOWN_MEMBER, "\"polices\""),
        (Code::INVALID_VALUE, "\"allow\""),
        (Code::DATA_TYPE_MISMATCH, "7"),
    ];
    assert_eq!(found, expected.map(|(code, place)| (code, place.to_owned())));
}

#[test]
fn a_member_given_twice_is_refused_whatever_its_spelling() {
    let text = format!(r#"{{"request": {{{REQUEST}}}, "r\u0065quest": {{{REQUEST}}}}}"#);
    assert!(mistakes(&text).iter().any(|(code, ..)| *code == Code::DUPLICATE_MEMBER));
    let context =
        scenario(&format!(r#"{REQUEST}, "context": {{"aws:SourceIp": "1", "AWS:sourceip": "2"}}"#), "");
    assert!(mistakes(&context).iter().any(|(code, ..)| *code == Code::DUPLICATE_MEMBER));
}

#[test]
fn a_principal_is_said_in_exactly_one_way() {
    let refused = [
        r#""amy""#,
        r#""arn:aws:iam::111122223333:group/g""#,
        "{}",
        "[]",
        r#"{"anonymous": false}"#,
        r#"{"service": []}"#,
        r#"{"service": "s3.amazonaws.com", "anonymous": true}"#,
        r#"{"tags": {}}"#,
        r#"{"arn": "arn:aws:iam::111122223333:user/amy", "tags": {"k": 1}}"#,
    ];
    for principal in refused {
        let text = scenario(&format!(r#""principal": {principal}, "action": "a:b", "resource": "*""#), "");
        assert!(Scenario::parse(&text).is_err(), "{principal}");
    }
}

#[test]
fn mistakes_of_policies_have_their_place_in_the_scenario() {
    let policy = r#"{"Statement": {"Effect": "allow", "Action": "*", "Resource": "*"}}"#;
    let text = scenario(REQUEST, &format!(r#""identity": [{policy}]"#));
    let [(code, _, place)] = mistakes(&text).try_into().unwrap();
    assert_eq!((code, place.as_str()), (bailiwick_parser::codes::INVALID_EFFECT, "\"allow\""));
}

#[test]
fn mistakes_of_a_policy_that_is_a_string_say_where_in_the_string() {
    let text = scenario(REQUEST, r#""identity": ["{\n  \"Statement\": 1}"]"#);
    let [(code, message, _)] = mistakes(&text).try_into().unwrap();
    assert_eq!(code, Code::DATA_TYPE_MISMATCH);
    assert!(message.starts_with("line 2, column 16 of the document in this string: "), "{message}");
}

#[test]
fn a_policy_may_be_named_and_may_be_text_plain_or_url_encoded() {
    let encoded = "%7B%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22%2A%22%2C%22Resource%22%3A%22%2A%22%7D%7D";
    let plain = serde_json::to_string(ALLOW_ALL).unwrap();
    for document in
        [ALLOW_ALL, &plain, &format!("\"{encoded}\""), &format!(r#"{{"name": "p", "document": {plain}}}"#)]
    {
        let scenario = Scenario::parse(&scenario(REQUEST, &format!(r#""identity": [{document}]"#))).unwrap();
        assert_eq!(scenario.decide(), Decision::Allowed, "{document}");
    }
}

#[test]
fn a_kind_that_is_null_does_not_apply_and_one_that_is_empty_allows_nothing() {
    let decide = |boundary: &str| {
        let policies = format!(r#""identity": [{ALLOW_ALL}], "permissionsBoundary": {boundary}"#);
        Scenario::parse(&scenario(REQUEST, &policies)).unwrap().decide()
    };
    assert_eq!(decide("null"), Decision::Allowed);
    assert_eq!(decide("[]"), Decision::ImplicitDeny);
}

#[test]
fn an_answer_says_what_decided_and_where_it_stands() {
    let text =
        scenario(REQUEST, &format!("\n  \"identity\": [{{\"name\": \"admin\", \"document\": {ALLOW_ALL}}}]"));
    let answer = serde_json::to_value(Scenario::parse(&text).unwrap().answer()).unwrap();
    assert_eq!(answer["decision"], "allowed");
    assert_eq!(
        answer["decidedBy"],
        serde_json::json!({"kind": "identity", "policy": "admin", "statement": 0, "sid": null})
    );
    let start = &answer["matchedStatements"][0]["start"];
    let offset = u32::try_from(text.find(r#"{"Effect""#).unwrap()).unwrap();
    let place = LineIndex::new(&text).position(offset);
    assert_eq!(
        (start["line"].as_u64(), start["column"].as_u64()),
        (Some(place.line.into()), Some(place.column.into()))
    );
    assert_eq!(answer["notes"].as_array().map(Vec::len), Some(1), "the bucket's owner is a guess: {answer}");
}

#[test]
fn a_near_miss_names_the_condition_with_both_sides() {
    let policy = r#"{"Statement": {"Sid": "S", "Effect": "Allow", "Action": "s3:*", "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": "1"}, "Bool": {"aws:SecureTransport": true}}}}"#;
    let request =
        format!(r#"{REQUEST}, "resourceAccount": "111122223333", "context": {{"aws:sourceaccount": "2"}}"#);
    let text = scenario(&request, &format!(r#""identity": [{policy}]"#));
    let answer = Scenario::parse(&text).unwrap().answer();
    let answer = serde_json::to_value(answer).unwrap();
    let lines = LineIndex::new(&text);
    let place = |offset: usize| {
        let place = lines.position(u32::try_from(offset).unwrap());
        serde_json::json!({"line": place.line, "column": place.column})
    };
    let start = text.find(r#"{"Sid""#).unwrap();
    assert_eq!(answer["decision"], "implicitDeny");
    assert_eq!(answer["decidedBy"], serde_json::Value::Null);
    assert_eq!(answer["blockedBy"], serde_json::json!(["identity"]));
    assert_eq!(answer["missingContextKeys"], serde_json::json!(["aws:SecureTransport"]));
    let miss = &answer["nearMisses"][0];
    let expected = serde_json::json!({
        "kind": "identity", "policy": 0, "statement": 0, "sid": "S",
        "failed": "condition", "operator": "StringEquals", "key": "aws:SourceAccount", "expected": ["1"], "actual": ["2"],
        "alsoFailed": [{"failed": "condition", "operator": "Bool", "key": "aws:SecureTransport", "expected": ["true"], "actual": []}],
        "start": place(start), "end": place(text.find("true}}}").unwrap() + "true}}}".len()),
    });
    assert_eq!(*miss, expected);
}

#[test]
fn a_call_that_needs_more_actions_is_decided_by_the_worst() {
    let policy = r#"{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::111122223333:user/amy"}}}"#;
    let request = r#""principal": "arn:aws:iam::111122223333:user/amy", "action": "sts:AssumeRole",
        "resource": "arn:aws:iam::111122223333:role/r", "dependentActions": ["sts:TagSession"]"#;
    let scenario = Scenario::parse(&scenario(request, &format!(r#""resource": [{policy}]"#))).unwrap();
    assert_eq!(scenario.decide(), Decision::ImplicitDeny);
    let answer = scenario.answer();
    assert_eq!(answer.decision, Decision::ImplicitDeny);
    assert!(answer.notes.iter().any(|note| note.contains("sts:TagSession")), "{:?}", answer.notes);
}

#[test]
fn a_named_policy_without_its_document_is_refused() {
    for entry in [r#"{"name": "DenyAll", "document": null}"#, r#"{"name": "DenyAll"}"#] {
        let text = scenario(
            REQUEST,
            &format!(r#""identity": [{ALLOW_ALL}], "serviceControl": [[{ALLOW_ALL}, {entry}]]"#),
        );
        assert!(mistakes(&text).iter().any(|(code, ..)| *code == Code::MISSING_MEMBER), "{entry}");
    }
}

#[test]
fn a_role_that_cannot_be_the_session_s_is_refused() {
    let roles = [
        ("arn:aws:iam::111122223333:role/path/app", true),
        ("arn:aws:iam::999999999999:role/app", false),
        ("arn:aws:iam::111122223333:role/other", false),
        ("arn:aws:iam::111122223333:user/app", false),
        ("app", false),
    ];
    for (role, accepted) in roles {
        let principal =
            format!(r#"{{"arn": "arn:aws:sts::111122223333:assumed-role/app/s", "roleArn": "{role}"}}"#);
        let text = scenario(&format!(r#""principal": {principal}, "action": "a:b", "resource": "*""#), "");
        assert_eq!(Scenario::parse(&text).is_ok(), accepted, "{role}");
    }
}

#[test]
fn a_constraint_of_a_grant_that_would_read_as_a_wider_one_is_refused() {
    for constraints in [
        r#"{"EncryptionContextSubset": "Dept"}"#,
        r#"{"EncryptionContextEquals": []}"#,
        r#"{"EncryptionContextSubset": null}"#,
        r#"{"EncryptionContextEquals": {"a": "1", "a": "1"}}"#,
    ] {
        let grant = format!(
            r#"{{"GranteePrincipal": "arn:aws:iam::111122223333:user/amy", "Operations": ["Decrypt"], "Constraints": {constraints}}}"#
        );
        assert!(
            Scenario::parse(&scenario(REQUEST, &format!(r#""grants": [{grant}]"#))).is_err(),
            "{constraints}"
        );
    }
}

#[test]
fn every_mistake_of_a_principal_is_reported_with_its_place_and_help() {
    let text = scenario(
        r#""principal": {"arn": "arn:aws:iam::111122223333:user/amy", "issuerArn": "arn:aws:iam::111122223333:user/b",
            "roleArn": "arn:aws:iam::111122223333:role/r", "tags": {"a": "1", "A": "2"}, "sessionTags": {"b": 1}},
            "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k""#,
        "",
    );
    let errors = Scenario::parse(&text).map(|_| ()).unwrap_err();
    let places: Vec<_> = errors.iter().map(|error| error.span.text(&text).unwrap_or_default()).collect();
    let expected =
        ["\"arn:aws:iam::111122223333:role/r\"", "\"arn:aws:iam::111122223333:user/b\"", "\"A\"", "1"];
    for place in expected {
        assert!(places.contains(&place), "{place}: {errors}");
    }
    let of = |place: &str| errors.iter().find(|error| error.span.text(&text) == Some(place)).unwrap();
    assert!(of(expected[0]).help.is_some() && of(expected[1]).help.is_some());
    assert_eq!(of("\"A\"").code, Code::DUPLICATE_MEMBER);

    let text = scenario(
        r#""principal": {"anonymous": true, "tags": {}, "uniqueId": "AIDA1"}, "action": "s3:GetObject",
            "resource": "arn:aws:s3:::b/k""#,
        "",
    );
    let found: Vec<_> = mistakes(&text).into_iter().map(|(_, message, place)| (message, place)).collect();
    let beside = |name: &str| format!("{name} is given beside anonymous, which has none");
    assert_eq!(found, [(beside("tags"), "{}".to_owned()), (beside("uniqueId"), "\"AIDA1\"".to_owned())]);
}

#[test]
fn an_arn_that_names_nobody_gets_help_of_its_own() {
    for (arn, help) in [
        ("arn:aws:iam::1111:user/amy", "an account ID has twelve digits"),
        (
            "arn:aws:sts::111122223333:assumed-role/app/",
            "write the name of the user, or of the role and of the session",
        ),
        (
            "arn:aws:sts::111122223333:assumed-role/p/app/s",
            "leave out the role's path, and give it with roleArn",
        ),
    ] {
        let text = scenario(
            &format!(r#""principal": "{arn}", "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k""#),
            "",
        );
        let errors = Scenario::parse(&text).map(|_| ()).unwrap_err();
        assert_eq!(
            errors.iter().map(|error| error.help.as_deref()).collect::<Vec<_>>(),
            [Some(help)],
            "{arn}"
        );
    }
}
