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

#[test]
fn a_delivery_may_be_written_in_options() {
    let delivery = [
        "deliver",
        "route53-query-logging",
        "--source",
        "arn:aws:route53:::hostedzone/Z1D633PJN98FT9",
        "--destination",
        "arn:aws:logs:us-east-1:111122223333:log-group:/aws/route53/example.com",
    ];
    let with = |more: &[&str]| run(&[&delivery, more].concat());
    assert_eq!(with(&["--policy", "examples/policies/route53-query-logging.json"]).exit, Some(0));
    assert_eq!(with(&["--set", "region=us-east-1"]).exit, Some(3), "nobody knows the policies");
    let bad = crate::file("bad-policy.json", b"{\"Statement\": [}");
    let refused = with(&["--policy", &bad, "--policy", "no/such/file"]);
    assert_eq!((refused.exit, refused.stdout.as_str()), (Some(2), ""));
    assert!(refused.stderr.contains(&format!("--> {bad}:1:16")), "{}", refused.stderr);
    assert!(refused.stderr.contains("cannot read no/such/file"), "{}", refused.stderr);
    assert_eq!(with(&["--set", "region"]).exit, Some(2));
    let kind = run(&["deliver", "route53-query-loging", "--source", "x"]);
    assert_eq!(kind.exit, Some(2));
    assert!(kind.stderr.contains("route53-query-logging"), "{}", kind.stderr);
}

#[test]
fn collecting_prints_a_script_that_a_shell_takes() {
    let delivery = ["deliver", "--collect", "examples/route53-query-logging.json"];
    let script = run(&[&delivery, ["--environment", "a folder"].as_slice()].concat());
    assert_eq!(script.exit, Some(0), "{}", script.stderr);
    assert!(script.stdout.contains("mkdir -p 'a folder/111122223333/us-east-1'\n"), "{}", script.stdout);
    assert!(script.stdout.contains("aws logs describe-resource-policies"), "{}", script.stdout);
    let path = crate::file("collect.sh", script.stdout.as_bytes());
    let parsed = std::process::Command::new("sh").args(["-n", &path]).output().expect("a shell runs");
    assert!(parsed.status.success(), "{}", String::from_utf8_lossy(&parsed.stderr));
    let commands = run(&[&delivery, ["--format", "json"].as_slice()].concat());
    let commands: Value = serde_json::from_str(&commands.stdout).expect("it is JSON");
    assert!(commands.as_array().is_some_and(|commands| !commands.is_empty()), "{commands}");
}

#[test]
fn an_account_that_the_delivery_does_not_say_is_a_variable_of_the_script() {
    let script = run(&[
        "deliver",
        "vended-v1-s3",
        "--collect",
        "--source",
        "arn:aws:network-firewall:us-east-1:111122223333:firewall/f",
        "--destination",
        "arn:aws:s3:::logs",
        "--environment",
        "a folder",
    ]);
    assert_eq!(script.exit, Some(0), "{}", script.stderr);
    // What is called writes nothing here; the folders are made.
    let folder = std::env::temp_dir().join(format!("bailiwick-collect-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let sh = |account: Option<&str>| {
        let mut command = std::process::Command::new("/bin/sh");
        command.args(["-c", &format!("aws() {{ :; }}\n{}", script.stdout)]).current_dir(&folder);
        command.env_remove("ACCOUNT");
        if let Some(account) = account {
            command.env("ACCOUNT", account);
        }
        command.output().expect("a shell runs")
    };
    let unset = sh(None);
    assert!(!unset.status.success(), "nobody said whose the bucket is");
    assert!(String::from_utf8_lossy(&unset.stderr).contains("ID of the account"), "{unset:?}");
    assert!(!folder.join("a folder").exists());
    assert!(sh(Some("444455556666")).status.success());
    assert!(folder.join("a folder/444455556666/global/get-bucket-policy/logs.json").exists());
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
}

#[test]
fn a_kind_without_its_ends_is_told_what_it_needs_and_a_misspelt_one_its_name() {
    for more in [[].as_slice(), &["--collect"]] {
        let bare = run(&[&["deliver", "sns-sqs"], more].concat());
        assert_eq!((bare.exit, bare.stdout.as_str()), (Some(2), ""), "{more:?}");
        for end in ["source", "destination"] {
            assert!(bare.stderr.contains(&format!("needs \"{end}\"")), "{}", bare.stderr);
        }
    }
    let misspelt = run(&["deliver", "route53-query-loging"]);
    assert_eq!(misspelt.exit, Some(2));
    assert!(misspelt.stderr.contains("kind of delivery \"route53-query-logging\""), "{}", misspelt.stderr);
}

#[test]
fn every_kind_of_delivery_is_listed() {
    let list = run(&["deliver", "--list"]);
    assert!(list.stdout.lines().any(|line| line.starts_with("route53-query-logging ")), "{}", list.stdout);
}

#[test]
fn the_error_beside_an_empty_output_says_whether_there_is_none() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("failed-calls");
    let place = folder.join("111122223333/us-east-1");
    fs::create_dir_all(place.join("describe-resource-policies")).expect("the folder can be made");
    let mut delivery = example();
    let policies = &delivery["environment"]["111122223333"]["us-east-1"]["describe-resource-policies"];
    fs::write(place.join("describe-resource-policies.json"), policies.to_string())
        .expect("it can be written");
    delivery.as_object_mut().expect("an object").remove("environment");
    let own = place.join("describe-resource-policies/%2Faws%2Froute53%2Fexample.com");
    fs::write(own.with_extension("com.json"), "").expect("it can be written");
    let run = |code: &str| {
        let error =
            format!("\nAn error occurred ({code}) when calling the DescribeResourcePolicies operation: no\n");
        fs::write(own.with_extension("com.err"), error).expect("it can be written");
        deliver(&delivery, &["--environment", &folder.display().to_string()])
    };
    assert_eq!(run("ResourceNotFoundException").0, Some(0));
    let (exit, answer) = run("AccessDeniedException");
    assert_eq!(exit, Some(3));
    assert!(answer["unsettled"].to_string().contains("AccessDeniedException"), "{answer}");
}

#[test]
fn an_optional_step_says_so_in_words() {
    let run = run(&["deliver", "--color", "never", "examples/flow-logs-encrypted-bucket.json"]);
    let step = run.stdout.lines().find(|line| line.ends_with(" (optional)"));
    assert!(step.is_some_and(|line| line.trim_start().starts_with('✗')), "{}", run.stdout);
}
