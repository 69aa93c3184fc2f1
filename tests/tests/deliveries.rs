//! Deliveries come to the verdict their cases say, their fixes hold, and nothing beyond them is allowed.

#[path = "nothing/mod.rs"]
mod nothing;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use bailiwick_delivery::environment::{Environment, File};
use bailiwick_delivery::{Answer, Delivery, StepResult, Verdict, catalogue, documentation};
use serde_json::{Map, Value, json};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/deliveries")
}

fn json_of(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A case: a delivery, its environment, and what it comes to.
struct Case {
    /// `kinds/logs: a hosted zone's ARN …`.
    title: String,
    delivery: Value,
    environment: Value,
    expect: Map<String, Value>,
}

impl Case {
    fn text(&self) -> String {
        json!({"delivery": self.delivery, "environment": self.environment}).to_string()
    }

    fn answer(&self) -> Answer {
        answer(&self.title, &self.text())
    }

    fn is_fixed(&self) -> bool {
        self.expect.get("fixed").and_then(Value::as_bool) == Some(true)
    }
}

fn answer(title: &str, text: &str) -> Answer {
    match Delivery::parse(text) {
        Ok(delivery) => delivery.simulate(),
        Err(errors) => {
            let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
            panic!("{title} is no delivery: {}", messages.join("; "));
        }
    }
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for form in ["steps", "kinds"] {
        let mut files: Vec<PathBuf> =
            fs::read_dir(folder().join(form)).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for file in files {
            let topic = file.file_stem().unwrap().to_string_lossy().into_owned();
            let Value::Array(list) = json_of(&file) else { panic!("{} is no list", file.display()) };
            for case in list {
                let name = case["name"].as_str().unwrap_or_default();
                assert!(
                    !name.is_empty() && case["because"].is_string() && case["source"].is_string(),
                    "{name}"
                );
                cases.push(Case {
                    title: format!("{form}/{topic}: {name}"),
                    delivery: case["delivery"].clone(),
                    environment: case["environment"].clone(),
                    expect: case["expect"].as_object().unwrap().clone(),
                });
            }
        }
    }
    assert!(!cases.is_empty(), "there are no cases");
    cases
}

fn verdict(answer: &Answer) -> Value {
    serde_json::to_value(answer.verdict).unwrap()
}

#[test]
fn every_case_comes_to_its_verdict_at_its_step() {
    let mut wrong = Vec::new();
    let mut titles = std::collections::BTreeSet::new();
    for case in cases() {
        assert!(titles.insert(case.title.clone()), "two cases are called {}", case.title);
        let answer = case.answer();
        let step = case.expect.get("step").and_then(Value::as_u64);
        let says = case.expect.get("says").and_then(Value::as_str).unwrap_or_default();
        let fits = verdict(&answer) == case.expect["verdict"]
            && (step.is_none() || step == answer.fails_at_step.map(|step| step as u64))
            && answer.summary.contains(says);
        if !fits {
            wrong.push(format!(
                "{}: {} {:?} {}",
                case.title,
                verdict(&answer),
                answer.fails_at_step,
                answer.summary
            ));
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_policy_that_is_at_fault_is_mended_and_grants_nothing_beyond() {
    for case in cases().into_iter().filter(Case::is_fixed) {
        let answer = case.answer();
        assert!(!answer.fixes.is_empty(), "{}: no fix", case.title);
        for fix in &answer.fixes {
            assert!(fix.verified, "{}: {} is not verified", case.title, fix.document);
            let allowed =
                fix.beyond.iter().find(|beyond| beyond.decision == "allowed" && !beyond.allowed_before);
            assert!(allowed.is_none(), "{}: {} also allows {allowed:?}", case.title, fix.document);
            bailiwick_parser::parse(&fix.after).unwrap_or_else(|errors| panic!("{}: {errors}", case.title));
        }
    }
}

/// The case with the fixes put in by hand, as a person would paste them.
fn mended(case: &Case, answer: &Answer) -> String {
    let mut text = case.text();
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    for fix in &answer.fixes {
        if let Some(before) = &fix.before {
            text = text.replace(&quoted(before), &quoted(&fix.after)).replace(before, &fix.after);
        }
    }
    text
}

#[test]
fn a_pasted_fix_makes_the_delivery_succeed_for_its_source_and_for_no_other() {
    let mut tried = 0;
    for case in cases().into_iter().filter(Case::is_fixed) {
        let first = case.answer();
        if first.fixes.iter().any(|fix| fix.before.is_none()) {
            continue;
        }
        let text = mended(&case, &first);
        assert_eq!(answer(&case.title, &text).verdict, Verdict::Succeeds, "{}", case.title);
        for (key, other) in [
            ("aws:SourceAccount", "999999999999"),
            ("aws:SourceArn", "arn:aws:logs:us-east-1:999999999999:other"),
        ] {
            let mut delivery: Value = serde_json::from_str(&text).unwrap();
            let was_sent = first.first_failure().is_some_and(|step| step.context.contains_key(key));
            // What the statement in question does not ask for cannot tell sources apart.
            let asked = first.fixes.iter().any(|fix| fix.after.contains(key));
            if !was_sent || !asked {
                continue;
            }
            for step in delivery["delivery"]["steps"].as_array_mut().unwrap() {
                if let Some(value) = step.get_mut("context").and_then(|context| context.get_mut(key)) {
                    *value = json!(other);
                }
            }
            let other = answer(&case.title, &delivery.to_string());
            assert_eq!(other.verdict, Verdict::Fails, "{} with another {key}", case.title);
            tried += 1;
        }
    }
    assert!(tried > 40, "only {tried} other sources were tried");
}

#[test]
fn what_a_case_expects_has_no_say() {
    let policies = json!({"111122223333": [{"ref": "q", "kind": "sqs_queue_policy", "document": {
        "Statement": {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:*", "Resource": "*"}}}]});
    let case = |expected: &str, decision: &str| {
        json!({"id": "x", "policies": policies, "expected": expected, "fails_at_step": 1, "requests": [{
            "step": 1, "principal": {"type": "Service", "value": "s3.amazonaws.com"}, "action": "sqs:SendMessage",
            "resource": "arn:aws:sqs:us-east-1:111122223333:q", "context": {}, "consult": ["q"], "combine": "resource",
            "expected_decision": decision}]})
        .to_string()
    };
    for (expected, decision) in [("succeed", "allow"), ("fail", "implicit_deny")] {
        assert_eq!(answer("x", &case(expected, decision)).verdict, Verdict::Fails);
    }
}

#[test]
fn the_shared_cases_answer_as_they_expect() {
    let path = root().join("../shared/cases/deliveries.json");
    if !path.exists() {
        println!("skipped: there is no {}", path.display());
        return;
    }
    let Value::Array(cases) = json_of(&path) else { panic!("no list") };
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let title = case["id"].as_str().unwrap_or_default();
            let answer = answer(title, &case.to_string());
            let expected = if case["expected"] == "succeed" { Verdict::Succeeds } else { Verdict::Fails };
            let step = case["fails_at_step"].as_u64();
            let fits = answer.verdict == expected && answer.fails_at_step.map(|step| step as u64) == step;
            (!fits).then(|| format!("{title}: {:?} at {:?}", answer.verdict, answer.fails_at_step))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// The ends of one delivery of each kind whose fault can lie in a policy.
fn ends() -> BTreeMap<String, Map<String, Value>> {
    serde_json::from_value(json_of(&folder().join("ends.json"))).unwrap()
}

#[test]
fn every_kind_is_mended_where_aws_holds_nothing() {
    // What these write with is AWS's own, or must be there before it can be mended.
    let exceptions = [
        "vended-v1-firehose",
        "vended-v2-firehose",
        "vpc-flow-logs-firehose",
        "vpc-flow-logs-firehose-cross-account",
        "waf-firehose",
        "subscription-destination",
    ];
    let ends = ends();
    for kind in catalogue::kinds() {
        let Some(members) = ends.get(kind.name) else {
            assert!(exceptions.contains(&kind.name), "{} has no ends in ends.json", kind.name);
            continue;
        };
        let mut delivery = members.clone();
        delivery.insert("kind".to_owned(), json!(kind.name));
        let text = json!({ "delivery": delivery }).to_string();
        let commands = Delivery::collect(&text).unwrap();
        let printed: Vec<(String, String)> =
            commands.iter().flat_map(|command| nothing::printed(&command.path)).collect();
        let files: Vec<File<'_>> = printed.iter().map(|(path, text)| File { path, text }).collect();
        let environment = Environment::from_files(&files).unwrap();
        let answer = Delivery::parse_with(&text, Some(environment)).unwrap().simulate();
        assert_eq!(answer.verdict, Verdict::Fails, "{}: {}", kind.name, answer.summary);
        let uncertain = answer.steps.iter().find(|step| {
            step.result == StepResult::Uncertain
                && !answer.fixes.iter().any(|fix| fix.verified)
                && !step.optional
        });
        assert!(
            uncertain.is_none(),
            "{}: collecting leaves open {:?}",
            kind.name,
            uncertain.map(|step| &step.why)
        );
        assert!(!answer.fixes.is_empty(), "{}: {}", kind.name, answer.summary);
        for fix in &answer.fixes {
            assert!(fix.verified, "{}: {}: {}", kind.name, fix.document, fix.change);
        }
    }
}

#[test]
fn a_delivery_about_which_nothing_was_looked_up_is_uncertain() {
    for (name, members) in ends() {
        let mut delivery = members;
        delivery.insert("kind".to_owned(), json!(name));
        let answer = answer(&name, &json!({ "delivery": delivery }).to_string());
        assert_eq!(answer.verdict, Verdict::Uncertain, "{name}: {}", answer.summary);
        assert!(!answer.unsettled.is_empty(), "{name} does not say what would settle it");
        assert!(answer.fixes.is_empty(), "{name}: nothing is known to mend");
    }
}

#[test]
fn the_documentation_is_that_of_the_catalogue() {
    let path = root().join("docs/DELIVERIES.md");
    if std::env::var_os("BAILIWICK_WRITE_DOCS").is_some() {
        fs::write(&path, documentation()).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == documentation(),
        "docs/DELIVERIES.md is old: run this test with BAILIWICK_WRITE_DOCS=1"
    );
}

#[test]
fn the_examples_answer_as_their_names_say() {
    for (file, expected) in [
        ("route53-query-logging.json", Verdict::Succeeds),
        ("route53-wrong-account.json", Verdict::Fails),
        ("flow-logs-encrypted-bucket.json", Verdict::Fails),
        ("subscription-cross-account.json", Verdict::Fails),
        ("eventbridge-uncertain.json", Verdict::Uncertain),
    ] {
        let text = fs::read_to_string(root().join("examples").join(file)).unwrap();
        let answer = answer(file, &text);
        assert_eq!(answer.verdict, expected, "{file}: {}", answer.summary);
        assert_eq!(answer.fixes.is_empty(), expected == Verdict::Succeeds, "{file}");
    }
}

/// An account with ten full policies, none of which covers the log group.
fn full_account() -> Value {
    let policy = |number: usize| {
        let groups: Vec<String> = (0..64)
            .map(|group| {
                format!(
                    "arn:aws:logs:us-east-1:111122223333:log-group:service-{number}-{group:02}:log-stream:*"
                )
            })
            .collect();
        let document = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Principal": {"Service": "delivery.logs.amazonaws.com"},
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": groups}]});
        json!({"policyName": format!("p{number}"), "policyDocument": document.to_string()})
    };
    json!({"resourcePolicies": (0..10).map(policy).collect::<Vec<_>>()})
}

#[test]
fn where_the_account_s_policies_are_full_the_log_group_gets_its_own() {
    let text = json!({
        "delivery": {"kind": "route53-query-logging", "source": "arn:aws:route53:::hostedzone/Z1",
            "destination": "arn:aws:logs:us-east-1:111122223333:log-group:dns"},
        "environment": {"111122223333": {"us-east-1": {"describe-resource-policies": full_account()}}},
    });
    let answer = answer("full", &text.to_string());
    let [fix] = answer.fixes.as_slice() else { panic!("{:?}", answer.fixes) };
    assert!(fix.verified && fix.document.contains("resource policy of the log group"), "{}", fix.document);
    assert!(fix.change.contains("of at most 5120 characters"), "{}", fix.change);
    assert!(fix.change.contains("LimitExceededException"), "{}", fix.change);
    assert!(
        fix.command.contains("--resource-arn arn:aws:logs:us-east-1:111122223333:log-group:dns"),
        "{}",
        fix.command
    );
    // The account's policies are close to their limits, in size and in number.
    let limits: Vec<&str> = answer.limits.iter().map(|limit| limit.unit).collect();
    assert!(limits.contains(&"policies") && limits.contains(&"characters"), "{limits:?}");
}

#[test]
fn operations_change_the_stores_for_the_steps_behind_them() {
    let document = r#"{"Statement": {"Effect": "Allow", "Principal": {"Service": "es.amazonaws.com"}, "Action": "logs:PutLogEvents", "Resource": "*"}}"#;
    let write = json!({"principal": "es.amazonaws.com", "action": "logs:PutLogEvents",
        "resource": "arn:aws:logs:us-east-1:111122223333:log-group:g:log-stream:s"});
    let put = json!({"operation": "logs put-resource-policy", "account": "111122223333", "region": "us-east-1",
        "input": {"policyName": "p", "policyDocument": document}});
    let environment =
        json!({"111122223333": {"us-east-1": {"describe-resource-policies": {"resourcePolicies": []}}}});
    let run = |steps: &[&Value]| {
        answer("steps", &json!({"delivery": {"steps": steps}, "environment": environment}).to_string())
    };
    assert_eq!(run(&[&write, &put]).fails_at_step, Some(1));
    assert_eq!(run(&[&put, &write]).verdict, Verdict::Succeeds);
}

#[test]
fn a_delivery_cut_off_anywhere_is_an_error_and_nothing_worse() {
    for case in cases().iter().step_by(7) {
        let text = case.text();
        for end in (0..text.len()).step_by(97).filter(|end| text.is_char_boundary(*end)) {
            assert!(Delivery::parse(&text[..end]).is_err(), "{} cut off at {end}", case.title);
        }
    }
}
