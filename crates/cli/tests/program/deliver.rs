//! Deliveries: exit codes, and environments in folders.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::{root, run, run_on};

fn example() -> Value {
    let text =
        fs::read_to_string(root().join("examples/route53-query-logging.json")).expect("the example is there");
    serde_json::from_str(&text).expect("it is JSON")
}

/// Exit code and answer.
fn deliver(delivery: &Value, args: &[&str]) -> (Option<i32>, Value) {
    let args = [&["deliver", "--format", "json", "-"], args].concat();
    let run = run_on(&args, delivery.to_string().as_bytes());
    assert_eq!(run.stderr, "");
    (run.exit, serde_json::from_str(&run.stdout).expect("an answer is JSON"))
}

#[test]
fn the_exit_code_is_the_verdict() {
    let (exit, answer) = deliver(&example(), &[]);
    assert_eq!((exit, &answer["verdict"]), (Some(0), &json!("succeeds")));
    let mut nowhere = example();
    nowhere["environment"]["111122223333"]["us-east-1"]["describe-resource-policies"] =
        json!({"resourcePolicies": []});
    let (exit, answer) = deliver(&nowhere, &[]);
    assert_eq!((exit, &answer["verdict"]), (Some(1), &json!("fails")));
    assert_eq!(answer["fixes"][0]["verified"], true);
    let mut unknown = example();
    unknown.as_object_mut().expect("an object").remove("environment");
    let (exit, answer) = deliver(&unknown, &[]);
    assert_eq!((exit, &answer["verdict"]), (Some(3), &json!("uncertain")));
}

#[test]
fn an_environment_may_be_a_folder_of_outputs() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("environment");
    let place = folder.join("111122223333/us-east-1");
    fs::create_dir_all(&place).expect("the folder can be made");
    let mut delivery = example();
    let policies = &delivery["environment"]["111122223333"]["us-east-1"]["describe-resource-policies"];
    let output = place.join("describe-resource-policies.json");
    fs::write(&output, policies.to_string()).expect("the file can be written");
    delivery.as_object_mut().expect("an object").remove("environment");
    let folder = folder.display().to_string();
    assert_eq!(deliver(&delivery, &["--environment", &folder]).0, Some(0));

    fs::write(&output, "{\n  \"resourcePolicies\": [\n}").expect("the file can be written");
    let args = ["deliver", "examples/route53-query-logging.json", "--environment", &folder];
    let broken = run(&args);
    assert_eq!((broken.exit, broken.stdout.as_str()), (Some(2), ""));
    assert!(broken.stderr.contains(&format!("--> {}:3:1", output.display())), "{}", broken.stderr);
    let missing = run(&["deliver", "examples/route53-query-logging.json", "--environment", "no/such/folder"]);
    assert_eq!(missing.exit, Some(2));
    assert!(
        missing.stderr.contains("cannot read no/such/folder: there is no such folder"),
        "{}",
        missing.stderr
    );
}
