//! No text of an input does anything in a terminal, or passes for a line of the program's.

use std::path::PathBuf;

use serde_json::Value;

use crate::{Run, file, root, run, run_on};

/// Hides what follows, clears the screen, begins a line that looks like an answer, and everything that is not seen.
const NASTY: &str = "x\u{1b}[8m\u{1b}[2J\u{1b}]0;t\u{7}\nFORGED\tline\r\u{9b}2J\u{7f}\0\u{200b}\u{200d}\u{ad}\u{61c}\u{202e}\u{2066}\u{feff}\u{2060}\u{e0041}\u{2028}y";

/// What the program colours with, and what draws diagnostics.
fn without_own_colors(text: &str) -> String {
    let mut rest = text;
    let mut plain = String::new();
    while let Some((before, behind)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        let (codes, behind) = behind.split_once('m').expect("a colour ends");
        let is_own = codes.split(';').all(|code| {
            matches!(
                code,
                "0" | "1" | "2" | "31" | "32" | "33" | "36" | "91" | "92" | "93" | "94" | "96" | "38" | "5"
            ) || codes.starts_with("38;5;")
        });
        assert!(is_own, "{codes:?} in {text:?}");
        rest = behind;
    }
    plain + rest
}

/// Asserts that nothing of an input acts in what was printed.
fn assert_inert(run: &Run, what: &str) {
    for text in [&run.stdout, &run.stderr] {
        let plain = without_own_colors(text);
        let acts = plain.chars().find(|&character| character != '\n' && bailiwick_source::acts(character));
        assert_eq!(acts, None, "{what}: {plain}");
        assert!(!plain.lines().any(|line| line.trim_start().starts_with("FORGED")), "{what}: {plain}");
    }
}

/// Everything that a document becomes when one of its strings or names is replaced by `text`.
fn spoilt(document: &Value, text: &str) -> Vec<Value> {
    let mut all = Vec::new();
    match document {
        Value::String(own) => {
            all.push(text.into());
            all.push(format!("{own}{text}").into());
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                for other in spoilt(item, text) {
                    let mut items = items.clone();
                    items[at] = other;
                    all.push(items.into());
                }
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                for other in spoilt(member, text) {
                    let mut members = members.clone();
                    members.insert(name.clone(), other);
                    all.push(members.into());
                }
                let mut renamed = members.clone();
                renamed.remove(name);
                renamed.insert(format!("{name}{text}"), member.clone());
                all.push(renamed.into());
            }
        }
        _ => {}
    }
    all
}

fn example(path: &str) -> Value {
    let text = std::fs::read_to_string(root().join("examples").join(path)).expect("it is there");
    serde_json::from_str(&text).expect("it is JSON")
}

/// Runs a command on everything that a document becomes.
fn ask_all(args: &[&str], document: &Value) {
    let spoilt = spoilt(document, NASTY);
    assert!(spoilt.len() > 3, "there are texts in it");
    for document in spoilt {
        for text in [document.to_string(), format!("{document:#}")] {
            assert_inert(&run_on(args, text.as_bytes()), &format!("{args:?} on {text}"));
        }
    }
}

#[test]
fn no_text_of_a_scenario_acts() {
    for scenario in ["scenarios/wrong-source-account.json", "scenarios/region-guardrail.json"] {
        ask_all(&["--color", "always", "simulate", "-"], &example(scenario));
    }
}

#[test]
fn no_text_of_a_policy_acts_in_its_findings() {
    let policy = serde_json::json!({"Version": "2012-10-17", "Id": "x", "Statement": [
        {"Sid": "a", "Effect": "Allow", "Action": ["s3:GetObject", "s3:Get*"], "Resource": "arn:aws:s3:::b/${aws:username}",
         "Condition": {"StringEquals": {"aws:SourceAccount": ["111122223333"]}}}]});
    for format in ["human", "github"] {
        ask_all(&["--color", "always", "check", "--format", format, "-"], &policy);
    }
    ask_all(&["--color", "always", "normalize", "-"], &policy);
    let embedded = serde_json::json!({"PolicyVersion": {"Document": policy.to_string().replace("GetObject", &format!("Get{NASTY}"))}});
    assert_inert(
        &run_on(&["--color", "always", "check", "-"], embedded.to_string().as_bytes()),
        "a document in a string",
    );
}

#[test]
fn no_text_of_a_delivery_acts() {
    ask_all(&["--color", "always", "deliver", "-"], &example("route53-query-logging.json"));
    let delivery = example("route53-query-logging.json");
    for document in spoilt(&delivery["delivery"], NASTY) {
        let text = serde_json::json!({"delivery": document}).to_string();
        assert_inert(&run_on(&["deliver", "--collect", "-"], text.as_bytes()), &text);
    }
}

#[test]
fn json_says_exactly_what_was_given_and_does_nothing() {
    let scenario = serde_json::json!({"name": NASTY, "request": {"principal": "arn:aws:iam::111122223333:user/amy", "action": "s3:GetObject", "resource": format!("arn:aws:s3:::b/k{NASTY}")},
        "policies": {"identity": [{"name": NASTY, "document": {"Statement": {"Sid": NASTY, "Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}}]}});
    for args in [&["simulate", "--format", "json", "-"] as &[_], &["simulate", "--batch", "--quiet", "-"]] {
        let run = run_on(args, scenario.to_string().as_bytes());
        assert_inert(&run, &format!("{args:?}"));
        let answer: Value = serde_json::from_str(&run.stdout).expect("it is JSON");
        assert_eq!(answer["name"], NASTY);
        assert_eq!(answer["matchedStatements"][0]["sid"], NASTY);
    }
    let policy = scenario["policies"]["identity"][0]["document"].to_string();
    let normal = run_on(&["normalize", "-"], policy.as_bytes());
    assert_inert(&normal, "normalize");
    let normal: Value = serde_json::from_str(&normal.stdout).expect("it is JSON");
    assert_eq!(normal["Statement"][0]["Sid"], NASTY);
    let delivery = example("route53-query-logging.json");
    for document in spoilt(&delivery, NASTY) {
        let run = run_on(&["deliver", "--format", "json", "-"], document.to_string().as_bytes());
        assert_inert(&run, &document.to_string());
        assert!(
            run.stdout.is_empty() || serde_json::from_str::<Value>(&run.stdout).is_ok(),
            "{}",
            run.stdout
        );
    }
    for format in ["json", "sarif"] {
        let run = run_on(
            &["check", "--format", format, "-"],
            policy.replace("Get*", &format!("Get{}", NASTY.escape_unicode())).as_bytes(),
        );
        assert_inert(&run, format);
    }
}

#[test]
fn no_argument_acts() {
    let nasty = NASTY.replace('\0', "");
    let nasty = nasty.as_str();
    let object = serde_json::json!({"arn": NASTY}).to_string();
    let line =
        ["simulate", "--color", "always", "--action", "s3:GetObject", "--resource", "arn:aws:s3:::b/k"];
    for more in [
        &["--principal", nasty] as &[_],
        &["--principal", &object],
        &["--principal", &format!("{{{nasty}")],
        &["--resource-account", nasty],
        &["--context", nasty],
        &["--context", &format!("{nasty}={nasty}"), "--principal", "111122223333"],
        &["--identity-policy", nasty],
        &["--expect", nasty],
        &[&format!("--{nasty}")],
    ] {
        let run = run(&[&line[..], more].concat());
        assert_inert(&run, &format!("{more:?}"));
        assert!(run.exit == Some(2) || more.len() == 4, "{more:?}: {}", run.stdout);
    }
    for args in [
        &["simulate", nasty] as &[_],
        &["simulate", "--batch", nasty],
        &["simulate", "--principal", "111122223333", "--action", nasty, "--resource", nasty],
        &["deliver", nasty],
        &["deliver", "--environment", nasty, nasty],
        &["deliver", "route53-logs", "--set", nasty],
        &["deliver", nasty, "--source", nasty, "--destination", nasty],
        &["deliver", "route53-logs", "--policy", nasty],
        &["check", nasty],
        &["check", &format!("{nasty}*")],
        &["check", "--explain", nasty],
        &["check", "--kind", nasty, "x"],
        &["normalize", nasty],
        &["man", nasty],
        &[nasty],
        &["--color", nasty],
    ] {
        let run = run(args);
        assert_inert(&run, &format!("{args:?}"));
        assert_eq!((run.exit, run.stdout.as_str()), (Some(2), ""), "{args:?}");
        assert!(
            run.stderr.contains("\\u001b[8m") || !run.stderr.contains("FORGED"),
            "{args:?}: {}",
            run.stderr
        );
    }
}

#[test]
fn no_name_of_a_file_acts() {
    let name = NASTY.replace(['\0', '/'], "");
    let policy =
        r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetObjects", "Resource": "*", "Sid": 1}}"#;
    let path = file(&format!("{name}.json"), policy.as_bytes());
    let wide =
        PathBuf::from(file(&format!("wide {name}.json"), policy.replace(", \"Sid\": 1", "").as_bytes()));
    let wide = wide.to_string_lossy();
    for args in [
        &["check", &path] as &[_],
        &["check", "--format", "github", &path],
        &["check", "--format", "json", &path],
        &["check", "--format", "sarif", &wide],
        &["normalize", &path],
        &["simulate", &path],
        &["deliver", &path],
        &[
            "simulate",
            "--principal",
            "111122223333",
            "--action",
            "s3:GetObject",
            "--resource",
            "*",
            "--identity-policy",
            &wide,
        ],
        &["check", "--fix", &path],
        &["check", "--fix", &wide],
    ] {
        assert_inert(&run(args), &format!("{args:?}"));
    }
}

#[test]
fn a_place_is_counted_in_the_source_and_not_in_its_escapes() {
    let text = "{\"Statement\": {\"Sid\": \"\u{200b}\u{202e}\u{e0041}\", \"Effect\": \"Refuse\", \"Action\": \"*\", \"Resource\": \"*\"}}";
    let run = run_on(&["normalize", "-"], text.as_bytes());
    assert!(run.stderr.contains("--> <stdin>:1:40"), "{}", run.stderr);
    let mut lines = run.stderr.lines().skip_while(|line| !line.starts_with("1 |"));
    let (source, marks) = (lines.next().expect("the source"), lines.next().expect("the marks"));
    assert!(source.contains(r#""Sid": "\u200b\u202e\udb40\udc41""#), "{source}");
    assert_eq!(source.find("\"Refuse\""), marks.find('^'), "{source}\n{marks}");
}

#[test]
fn what_nobody_reads_to_its_end_is_shortened() {
    let long = "x".repeat(200_000);
    let ask = |principal: &str, action: &str, resource: &str| {
        let scenario = serde_json::json!({"name": long, "request": {"principal": principal, "action": action, "resource": resource},
            "policies": {"identity": [{"name": long, "document": {"Statement": {"Sid": long, "Effect": "Allow", "Action": long.clone() + ":a", "Resource": [&long]}}}]}});
        let run = run_on(&["simulate", "-"], scenario.to_string().as_bytes());
        assert!(
            run.stdout.len() + run.stderr.len() < 12_000,
            "{} bytes",
            run.stdout.len() + run.stderr.len()
        );
        run
    };
    let (user, resource) = ("arn:aws:iam::111122223333:user/amy", "arn:aws:s3:::b/k");
    let run = ask(user, &format!("s3:{long}"), resource);
    assert!(run.stdout.contains("x… (200003 characters)"), "{}", run.stdout);
    let run = ask(user, &long, resource);
    assert!(run.stderr.contains("x…\" (200000 characters) is not one concrete action"), "{}", run.stderr);
    ask(user, "s3:GetObject", &format!("{resource}{long}"));
    ask(&format!("{user}{long}"), "s3:GetObject", resource);
    ask(&long, "s3:GetObject", resource);
}
