//! Batches: an answer for every line, in its place.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::Stdio;

use serde_json::Value;

use crate::{file, program, run, run_on};

const ALLOWED: &str = r#"{"name": "NAME", "request": {"principal": "arn:aws:iam::111122223333:user/amy", "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", "resourceAccount": "111122223333"}, "policies": {"identity": [{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}]}, "expect": "allowed"}"#;

/// A scenario that allows, on one line.
fn allowed(name: &str) -> String {
    ALLOWED.replace("NAME", name)
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("every line is JSON")).collect()
}

#[test]
fn bad_lines_are_answered_in_their_place_and_the_batch_goes_on() {
    let mut input = Vec::new();
    for line in [
        allowed("first").as_bytes(),
        b"not json",
        b"",
        b"{\"request\": {\"principal\": \"\xff\"}}",
        br#"{"request": {"principal": "111122223333", "action": "s3:GetObject"}, "polices": {}}"#,
        format!("{{\"a\": \"{}\"}}", "x".repeat(17 << 20)).as_bytes(),
        "[".repeat(100_000).as_bytes(),
        b"\"a string\"",
        allowed("last").as_bytes(),
    ] {
        input.extend_from_slice(line);
        input.push(b'\n');
    }
    for jobs in ["1", "2", "5"] {
        let run = run_on(&["simulate", "--batch", "--jobs", jobs, "-"], &input);
        assert_eq!(run.exit, Some(2));
        let answers = lines(&run.stdout);
        assert_eq!(answers.len(), 9);
        assert_eq!(answers[0]["name"], "first");
        assert_eq!(answers[8]["name"], "last");
        assert_eq!(answers[8]["decision"], "allowed");
        let expected = [
            (2, "JSON_SYNTAX_ERROR", 1),
            (3, "JSON_SYNTAX_ERROR", 1),
            (4, "JSON_SYNTAX_ERROR", 28),
            (5, "MISSING_MEMBER", 13),
            (6, "LINE_EXCEEDS_LIMIT", 1),
            (7, "JSON_DEPTH_EXCEEDS_LIMIT", 65),
            (8, "DATA_TYPE_MISMATCH", 1),
        ];
        for (line, code, column) in expected {
            let answer = &answers[line - 1];
            assert_eq!(answer["line"], line, "{answer}");
            let error = &answer["error"];
            assert_eq!(
                (&error["code"], &error["line"], &error["column"]),
                (&code.into(), &1.into(), &column.into())
            );
            assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{answer}");
        }
        assert_eq!(answers[4]["others"][0]["code"], "UNKNOWN_MEMBER");
        assert_eq!(answers[4]["others"][0]["help"], "did you mean \"policies\"?");
        assert!(run.stderr.starts_with("9 lines: 2 allowed, 0 denied, 7 unusable; "), "{}", run.stderr);
    }
}

#[test]
fn order_is_kept_over_many_blocks_and_threads() {
    let mut input = String::new();
    for number in 0..5000 {
        // Lines of many lengths, so that blocks end in different places.
        let _ = writeln!(input, "{}{}", allowed(&format!("n{number}")), " ".repeat(number % 700));
    }
    let run = run_on(&["simulate", "--batch", "--jobs", "4", "--quiet", "-"], input.as_bytes());
    assert_eq!((run.exit, run.stderr.as_str()), (Some(0), ""));
    let names: Vec<_> = lines(&run.stdout).into_iter().map(|answer| answer["name"].clone()).collect();
    assert_eq!(names, (0..5000).map(|number| Value::from(format!("n{number}"))).collect::<Vec<_>>());
}

#[test]
fn a_batch_is_as_expected_or_not() {
    let denied = allowed("x").replace("\"Allow\"", "\"Deny\"");
    let wrong = file("wrong.ndjson", format!("{}\n{denied}\n", allowed("x")).as_bytes());
    let exit = |args: &[&str]| run(&[&["simulate", "--batch"], args].concat()).exit;
    assert_eq!(exit(&[&wrong]), Some(0), "every line was answered");
    assert_eq!(exit(&["--expect", "--", &wrong]), Some(1), "the second line is not as it says");
    assert_eq!(exit(&["--expect", "allowed", &wrong]), Some(1));
    let right = file("right.ndjson", format!("{}\n{}", allowed("x"), allowed("y")).as_bytes());
    assert_eq!(exit(&[&right, "--expect"]), Some(0));
    assert_eq!(exit(&[&right, "--expect=allowed"]), Some(0));
}

#[test]
fn a_line_is_answered_before_the_next_one_is_there() {
    let mut child = program()
        .args(["simulate", "--batch", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("it was piped");
    let mut stdout = BufReader::new(child.stdout.take().expect("it was piped"));
    for name in ["one", "two"] {
        writeln!(stdin, "{}", allowed(name)).expect("it can be written");
        let mut answer = String::new();
        stdout.read_line(&mut answer).expect("it can be read");
        assert!(answer.contains(&format!("\"name\":\"{name}\"")), "{answer}");
    }
    drop(stdin);
    assert_eq!(child.wait().expect("the program ends").code(), Some(0));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let input = file("endless.ndjson", (allowed("x") + "\n").repeat(20_000).as_bytes());
    let mut child = program()
        .args(["simulate", "--batch", "--quiet", &input])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut first = [0; 100];
    let mut stdout = child.stdout.take().expect("it was piped");
    stdout.read_exact(&mut first).expect("it can be read");
    drop(stdout);
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), b"".as_slice()));
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_complete_lines() {
    let input = file("interrupted.ndjson", (allowed("x") + "\n").repeat(30_000).as_bytes());
    let mut child = program()
        .args(["simulate", "--batch", &input])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut stdout = child.stdout.take().expect("it was piped");
    let mut answers = vec![0; 10_000];
    stdout.read_exact(&mut answers).expect("it can be read");
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.expect("kill runs").success());
    stdout.read_to_end(&mut answers).expect("it can be read");
    assert_eq!(child.wait().expect("the program ends").code(), Some(130));
    let text = String::from_utf8(answers).expect("answers are UTF-8");
    assert!(text.ends_with('\n'), "the last line is complete");
    let answered = lines(&text).len();
    assert!((1..30_000).contains(&answered), "it ended before its time, after {answered} lines");
}

#[test]
fn a_scenario_that_does_not_come_to_what_it_expects_is_told_of() {
    let wrong = allowed("a").replace(r#""expect": "allowed""#, r#""expect": "explicitDeny""#);
    let one = run_on(&["simulate", "-"], wrong.as_bytes());
    assert_eq!(one.exit, Some(0), "the decision is what counts");
    let warning = "warning: the scenario expects explicitDeny, the decision is allowed";
    assert!(one.stderr.contains(warning), "{}", one.stderr);
    let asked = run_on(&["simulate", "--expect=allowed", "-"], wrong.as_bytes());
    assert_eq!((asked.exit, asked.stderr.as_str()), (Some(0), ""), "something else was asked for");
    let right = run_on(&["simulate", "-"], allowed("a").as_bytes());
    assert_eq!((right.exit, right.stderr.as_str()), (Some(0), ""));
    let lines = format!("{wrong}\n{}\n{wrong}\n", allowed("b"));
    let batch = run_on(&["simulate", "--batch", "--quiet", "-"], lines.as_bytes());
    assert_eq!(batch.exit, Some(0), "every line was answered");
    assert!(batch.stderr.contains("lines not as their scenarios expect: 2"), "{}", batch.stderr);
}

#[test]
fn a_batch_without_lines_is_warned_of() {
    let run = run_on(&["simulate", "--batch", "--quiet", "-"], b"");
    assert_eq!((run.exit, run.stdout.as_str()), (Some(0), ""));
    assert!(
        run.stderr.contains("warning: there is no line in <stdin>: nothing was decided"),
        "{}",
        run.stderr
    );
}
