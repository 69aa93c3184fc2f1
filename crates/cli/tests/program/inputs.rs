//! What the program says of input it cannot use: exit 2, nothing on standard output, the place on standard error.

use crate::{file, run, run_on};

/// The message for a document that cannot be used, read from a file; the same must come from standard input.
fn refused(command: &str, name: &str, content: &[u8]) -> String {
    let path = file(name, content);
    let from_file = run(&[command, &path]);
    assert_eq!((from_file.exit, from_file.stdout.as_str()), (Some(2), ""), "{}", from_file.stderr);
    let from_stdin = run_on(&[command, "-"], content);
    assert_eq!((from_stdin.exit, from_stdin.stdout.as_str()), (Some(2), ""), "{}", from_stdin.stderr);
    let message = from_file.stderr.replace(&path, name);
    assert_eq!(message, from_stdin.stderr.replace("<stdin>", name), "the same from file and pipe");
    message
}

#[test]
fn an_empty_document_says_so() {
    for command in ["simulate", "deliver", "normalize"] {
        let message = refused(command, "empty.json", b"");
        assert!(
            message.contains("error[JSON_SYNTAX_ERROR]: the text ends where a value is expected"),
            "{message}"
        );
        assert!(message.contains("--> empty.json:1:1"), "{message}");
        assert!(message.contains("= help: the document is empty"), "{message}");
    }
}

#[test]
fn a_syntax_error_shows_the_line_with_what_was_found_and_expected() {
    let message = refused("simulate", "syntax.json", b"{\n  \"request\": {\"action\": s3}\n}\n");
    let expected = "\
error[JSON_SYNTAX_ERROR]: found `s3`, expected a value
 --> syntax.json:2:25
  |
2 |   \"request\": {\"action\": s3}
  |                         ^^
  |
  = help: write `\"s3\"`
";
    assert_eq!(message, expected);
}

#[test]
fn bytes_that_are_not_utf8_are_pointed_at() {
    let message = refused("normalize", "latin1.json", b"{\n  \"Id\": \"caf\xe9\"\n}");
    assert!(message.contains("byte 14 (0xe9) is not valid UTF-8"), "{message}");
    assert!(message.contains("--> latin1.json:2:13"), "{message}");
    assert!(message.contains("2 |   \"Id\": \"caf\u{fffd}\""), "{message}");
}

#[test]
fn check_finds_bytes_that_are_not_utf8() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("not-utf8.json");
    std::fs::write(&path, b"{\r\n  \"Id\": \"caf\xe9\"\r\n}").unwrap();
    for (format, wanted) in [
        ("json", "\"line\": 2"),
        ("sarif", "\"startColumn\": 13"),
        ("human", "2 |   \"Id\": \"caf\u{fffd}\"\n"),
    ] {
        let run = std::process::Command::new(env!("CARGO_BIN_EXE_bailiwick"))
            .args(["check", "--format", format])
            .arg(&path)
            .output()
            .unwrap();
        let shown = String::from_utf8(run.stdout).unwrap();
        assert_eq!(run.status.code(), Some(1), "{shown}");
        assert!(shown.contains("JSON_SYNTAX_ERROR") && shown.contains(wanted), "{shown}");
    }
}

#[test]
fn a_nul_is_named() {
    let message = refused("normalize", "nul.json", b"{\"Version\": \0}");
    assert!(message.contains("found a NUL (U+0000)"), "{message}");
    assert!(message.contains("--> nul.json:1:13"), "{message}");
}

#[test]
fn nesting_of_a_hundred_thousand_levels_is_refused() {
    for (name, deep) in
        [("open.json", "[".repeat(100_000)), ("closed.json", "[".repeat(100_000) + &"]".repeat(100_000))]
    {
        for command in ["simulate", "deliver", "normalize"] {
            let message = refused(command, name, deep.as_bytes());
            assert!(message.contains("JSON_DEPTH_EXCEEDS_LIMIT"), "{message}");
            assert!(message.contains(&format!("--> {name}:1:65")), "{message}");
            assert!(message.len() < 1000, "the line is shown in part");
        }
    }
}

#[test]
fn a_mistake_in_ten_megabytes_is_found_and_shown_in_part() {
    let long = " ".repeat(10_000_000);
    let message =
        refused("normalize", "long.json", format!(r#"{{"Statement": [],{long}"Sid": ""}}"#).as_bytes());
    assert!(message.contains("--> long.json:1:10000018"), "{message}");
    assert!(message.contains("`Sid` is not an element of a policy"), "{message}");
    assert!(message.len() < 1000, "the line is shown in part");
}

#[test]
fn a_document_beyond_the_limit_is_refused_unread() {
    let message = refused("simulate", "too-long.json", " ".repeat((16 << 20) + 1).as_bytes());
    assert!(message.contains("the text is longer than the limit of 16777216 bytes"), "{message}");
}

#[test]
fn all_mistakes_of_a_document_are_reported_at_once() {
    let message = refused(
        "simulate",
        "many.json",
        br#"{"polices": {}, "request": {"principal": "amy", "action": "s3:*", "action": "s3:Get", "resource": 1}}"#,
    );
    for part in [
        "a scenario has no member \"polices\"",
        "= help: did you mean \"policies\"?",
        "the principal \"amy\" is no user, role, session or root",
        "the action \"s3:*\" is not one concrete action",
        "request has the member \"action\" twice",
        "first here",
        "resource is a number, expected a string",
    ] {
        assert!(message.contains(part), "{part} is missing from\n{message}");
    }
}

#[test]
fn a_mistake_in_a_policy_of_a_scenario_is_shown_where_it_stands() {
    let message = refused(
        "simulate",
        "policy.json",
        br#"{"request": {"principal": "111122223333", "action": "s3:GetObject", "resource": "*"},
  "policies": {"identity": [{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",
    "Condition": {"StringEqual": {"aws:PrincipalTag/team": "a"}}}}]}}"#,
    );
    assert!(message.contains("--> policy.json:3:19"), "{message}");
    assert!(message.contains("= help: did you mean `StringEquals`?"), "{message}");
}

#[test]
fn files_that_cannot_be_read_say_why() {
    for command in ["simulate", "deliver", "normalize"] {
        let missing = run(&[command, "no/such/file.json"]);
        assert_eq!((missing.exit, missing.stdout.as_str()), (Some(2), ""));
        assert!(
            missing.stderr.contains("cannot read no/such/file.json: there is no such file"),
            "{}",
            missing.stderr
        );
        let folder = run(&[command, "examples"]);
        assert_eq!((folder.exit, folder.stdout.as_str()), (Some(2), ""));
        assert!(folder.stderr.contains("cannot read examples: it is a folder"), "{}", folder.stderr);
    }
}

#[test]
fn arguments_that_do_not_go_together_are_refused() {
    let example = "examples/scenarios/cross-account.json";
    for args in [
        &["simulate"] as &[_],
        &["simulate", "--expect", "denied", example],
        &["simulate", "--batch", "--format", "human", example],
        &["simulate", "--jobs", "2", example],
        &["simulate", "--frobnicate", example],
        &["frobnicate"],
        &[],
    ] {
        let run = run(args);
        assert_eq!((run.exit, run.stdout.as_str()), (Some(2), ""), "{args:?}");
        assert!(!run.stderr.is_empty(), "{args:?}");
    }
}

#[test]
fn colours_come_when_they_are_asked_for_and_never_else() {
    let scenario = "examples/scenarios/wrong-source-account.json";
    let plain = run(&["simulate", scenario]);
    assert!(!plain.stdout.contains('\x1b'), "standard output is no terminal");
    let colored = run(&["simulate", "--color", "always", scenario]);
    assert!(colored.stdout.contains("\x1b["));
    let bad = file("color.json", b"{");
    assert!(run(&["simulate", "--color", "always", &bad]).stderr.contains("\x1b["));
    assert!(!run(&["simulate", "--color", "never", &bad]).stderr.contains('\x1b'));
}

#[test]
fn a_policy_with_a_mistake_is_never_a_yes() {
    let allow = r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}"#;
    let wrong = allow.replace("Allow", "Refuse");
    let scenario = format!(
        r#"{{"request": {{"principal": "111122223333", "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k"}}, "policies": {{"resource": [{allow}, {wrong}]}}}}"#
    );
    refused("simulate", "wrong-scenario.json", scenario.as_bytes());
    refused("normalize", "wrong-policy.json", wrong.as_bytes());
    let delivery = format!(
        r#"{{"delivery": {{"kind": "sns-sqs", "source": "arn:aws:sns:us-east-1:111122223333:t", "destination": "arn:aws:sqs:us-east-1:111122223333:q"}},
            "environment": {{"111122223333": {{"policies": [{{"kind": "sqs_queue_policy", "document": {allow}}}, {{"kind": "sqs_queue_policy", "document": {wrong}}}]}}}}}}"#
    );
    refused("deliver", "wrong-delivery.json", delivery.as_bytes());
    let batch = run_on(&["simulate", "--batch", "-"], scenario.as_bytes());
    assert_eq!(batch.exit, Some(2), "{}", batch.stdout);
    assert!(!batch.stdout.contains("\"decision\""), "{}", batch.stdout);
    let policy = file("wrong-file.json", wrong.as_bytes());
    let check = run(&["check", "--kind", "resource", &policy]);
    assert_eq!(check.exit, Some(1), "{}", check.stdout);
    let line = [
        "simulate",
        "--principal",
        "111122223333",
        "--action",
        "s3:GetObject",
        "--resource",
        "arn:aws:s3:::b/k",
    ];
    let run = run(&[&line[..], &["--resource-policy", &policy]].concat());
    assert_eq!((run.exit, run.stdout.as_str()), (Some(2), ""), "{}", run.stderr);
}

#[test]
fn a_missing_comma_does_not_bring_a_missing_element_with_it() {
    let message = refused("normalize", "comma.json", br#"{"Version": "2012-10-17" "Statement": []}"#);
    assert!(message.contains("put a comma after the previous value"), "{message}");
    assert!(!message.contains("MISSING_STATEMENT"), "{message}");
    let message = refused("normalize", "comma.json", br#"{"Version": "2012-10-17",,"Id": "x"}"#);
    assert!(message.contains("MISSING_STATEMENT"), "what is missing in any case is said: {message}");
}

#[test]
fn control_characters_of_names_do_not_reach_the_terminal() {
    let scenario = br#"{"name": "\u001b[2J\u009b1A\u202e", "request": {"principal": "111122223333", "action": "s3:GetObject", "resource": "arn:aws:s3:::b/\u001b]0;x\u0007"}}"#;
    for color in ["never", "always"] {
        let run = run_on(&["--color", color, "simulate", "-"], scenario);
        assert_eq!(run.exit, Some(0), "{}", run.stderr);
        assert!(run.stdout.contains("\\u001b[2J\\u009b1A\\u202e"), "{}", run.stdout);
        assert!(run.stdout.contains("b/\\u001b]0;x\\u0007"), "{}", run.stdout);
    }
}

#[test]
fn a_principal_on_the_command_line_is_read_as_in_a_scenario() {
    let ask = |principal: &str| {
        let args = [
            "simulate",
            "--action",
            "s3:GetObject",
            "--resource",
            "arn:aws:s3:::b/k",
            "--principal",
            principal,
        ];
        let run = run(&args);
        assert_eq!((run.exit, run.stdout.as_str()), (Some(2), ""), "{principal}");
        run.stderr
    };
    assert!(ask(r#"{"service": "a.amazonaws.com", "service": "b.amazonaws.com"}"#).contains("twice"));
    assert!(ask(r#"{"servce": "a.amazonaws.com"}"#).contains("did you mean \"service\"?"));
    let colon = ask(r#"{"service" "a.amazonaws.com"}"#);
    assert!(
        colon.contains("found a string, expected `:`") && colon.contains("--> --principal:1:12"),
        "{colon}"
    );
    let unknown = ask("{\n \"arn\": \"amy\"}");
    assert!(unknown.contains("--> --principal:2:9"), "{unknown}");
    assert!(unknown.contains("the principal \"amy\" is no user, role, session or root"), "{unknown}");
    let text = ask("amy");
    assert!(text.contains("--> --principal:1:1") && text.contains("1 | amy\n  | ^^^"), "{text}");
    let empty = ask(r#"{"arn": "arn:aws:iam::111122223333:user/amy", "uniqueId": ""}"#);
    assert!(empty.contains("uniqueId is empty") && empty.contains("the identifier that IAM gave"), "{empty}");
    let linked = ask(r#"{"arn": "arn:aws:iam::111122223333:user/amy", "serviceLinkedRole": true}"#);
    assert!(linked.contains("serviceLinkedRole is true, but"), "{linked}");
}
