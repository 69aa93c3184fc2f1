//! Findings: what ends with which exit code, and what the formats hold.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{file, run, run_on};

const MISSPELT: &str = "examples/policies/misspelt.json";

/// Exit code and document of a format.
fn json(args: &[&str]) -> (Option<i32>, Value) {
    let run = run(&[&["check", "--format", "json"], args].concat());
    assert_eq!(run.stderr, "", "{args:?}");
    (run.exit, serde_json::from_str(&run.stdout).expect("it is JSON"))
}

fn codes(file: &Value) -> Vec<&str> {
    let findings = file["findings"].as_array().expect("a list");
    findings.iter().filter_map(|finding| finding["code"].as_str()).collect()
}

#[test]
fn findings_say_code_weight_place_and_help() {
    let (exit, found) = json(&["--kind", "logs-resource", MISSPELT]);
    assert_eq!(exit, Some(1));
    let file = &found["files"][0];
    assert_eq!((&file["path"], &file["kind"]), (&MISSPELT.into(), &"logs-resource".into()));
    let findings = file["findings"].as_array().expect("a list");
    let operator = findings.iter().find(|finding| finding["code"] == "INVALID_CONDITION_OPERATOR");
    let operator = operator.expect("the operator is misspelt");
    assert_eq!(operator["severity"], "error");
    assert_eq!(operator["help"], "did you mean `StringEquals`?");
    assert_eq!(operator["pointer"], "/Statement/0/Condition/StringEqual");
    let text = fs::read_to_string(crate::root().join(MISSPELT)).expect("the example is there");
    let (start, end) = (&operator["start"], &operator["end"]);
    assert_eq!((start["line"].as_u64(), start["column"].as_u64()), (Some(10), Some(21)));
    let range = start["offset"].as_u64().zip(end["offset"].as_u64()).expect("there are offsets");
    assert_eq!(&text[range.0 as usize..range.1 as usize], "\"StringEqual\"");
}

#[test]
fn the_level_decides_what_ends_with_exit_1() {
    let policy = file(
        "suggestion.json",
        br#"{"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["s3:GetObject", "s3:GetObject"], "Resource": "arn:aws:s3:::b/*"}]}"#,
    );
    let (exit, found) = json(&[&policy]);
    assert_eq!(exit, Some(0), "{found}");
    assert!(codes(&found["files"][0]).contains(&"REDUNDANT_ACTION"), "{found}");
    assert_eq!(json(&["--deny", "warning", &policy]).0, Some(0));
    assert_eq!(json(&["--deny", "suggestion", &policy]).0, Some(1));
    for level in ["error", "securityWarning", "security-warning", "warning", "suggestion"] {
        assert_eq!(json(&["--deny", level, "--kind", "logs-resource", MISSPELT]).0, Some(1), "{level}");
    }
    assert_eq!(run(&["check", "--deny", "everything", &policy]).exit, Some(2));
}

#[test]
fn text_that_is_no_json_is_a_finding() {
    for (content, code) in [
        (b"" as &[u8], "JSON_SYNTAX_ERROR"),
        (b"{\"Version\": \0}", "JSON_SYNTAX_ERROR"),
        (b"[", "JSON_SYNTAX_ERROR"),
        ("[".repeat(100_000).as_bytes(), "JSON_DEPTH_EXCEEDS_LIMIT"),
    ] {
        let run = run_on(&["check", "--format", "json", "-"], content);
        assert_eq!((run.exit, run.stderr.as_str()), (Some(1), ""));
        let found: Value = serde_json::from_str(&run.stdout).expect("it is JSON");
        assert!(codes(&found["files"][0]).contains(&code), "{code} is not in {found}");
    }
    let latin = run_on(&["check", "-"], b"{\"Id\": \"caf\xe9\"}");
    assert_eq!((latin.exit, latin.stderr.as_str()), (Some(1), ""));
    assert!(latin.stdout.contains("--> <stdin>:1:12"), "{}", latin.stdout);
}

#[test]
fn files_folders_and_globs_are_read_and_what_is_not_there_is_said() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("globs");
    fs::create_dir_all(folder.join("a/b")).expect("the folder can be made");
    let clean = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}"#;
    for name in ["one.json", "a/two.json", "a/b/three.ndjson", "a/four.txt"] {
        fs::write(folder.join(name), clean).expect("the file can be written");
    }
    let folder = folder.display().to_string();
    let paths = |args: &[&str]| {
        let (exit, found) = json(args);
        assert_eq!(exit, Some(0), "{found}");
        let files = found["files"].as_array().expect("a list");
        let paths = files.iter().filter_map(|file| file["path"].as_str()?.strip_prefix(&folder));
        paths.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(paths(&[&folder]), ["/a/b/three.ndjson", "/a/two.json", "/one.json"]);
    assert_eq!(paths(&[&format!("{folder}/*.json")]), ["/one.json"]);
    assert_eq!(paths(&[&format!("{folder}/**/*.json")]), ["/a/two.json", "/one.json"]);
    assert_eq!(
        paths(&[&format!("{folder}/a/*.txt"), &format!("{folder}/one.json")]),
        ["/a/four.txt", "/one.json"]
    );

    // What can be read is answered all the same.
    let missing = run(&["check", "no/such.json", &format!("{folder}/*.yaml"), &format!("{folder}/one.json")]);
    assert_eq!(missing.exit, Some(2));
    assert_eq!(missing.stdout, "nothing found in 1 document\n");
    assert!(missing.stderr.contains("cannot read no/such.json: there is no such file"), "{}", missing.stderr);
    assert!(missing.stderr.contains("*.yaml: no file matches it"), "{}", missing.stderr);
}

#[test]
fn documents_inside_outputs_are_checked_as_what_they_are_for_and_pointed_at_in_the_file() {
    let output = r#"{
  "resourcePolicies": [
    {"policyName": "a", "policyDocument": "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [{\"Effect\": \"Alow\"}]\n}"}
  ]
}"#;
    let path = file("describe-resource-policies.json", output.as_bytes());
    let (exit, found) = json(&[&path]);
    assert_eq!(exit, Some(1));
    let document = &found["files"][0];
    assert_eq!(document["kind"], "logs-resource");
    assert_eq!(document["document"], "/resourcePolicies/0/policyDocument");
    let findings = document["findings"].as_array().expect("a list");
    let effect =
        findings.iter().find(|finding| finding["code"] == "INVALID_EFFECT").expect("the effect is misspelt");
    assert_eq!(effect["pointer"], "/Statement/0/Effect");
    let offset =
        |place: &str| usize::try_from(effect[place]["offset"].as_u64().expect("an offset")).expect("it fits");
    assert_eq!(&output[offset("start")..offset("end")], r#"\"Alow\""#);
    assert_eq!(effect["start"]["line"], 3);

    let human = run(&["check", &path]).stdout.replace(&path, "FILE");
    assert!(human.contains("--> FILE#/resourcePolicies/0/policyDocument:3:28"), "{human}");
    assert!(human.contains("3 |   \"Statement\": [{\"Effect\": \"Alow\"}]"), "{human}");
    assert!(human.contains("= note: the document is in a string, at FILE:3:"), "{human}");
}

#[test]
fn safe_fixes_are_made_in_place_and_shown() {
    let before = fs::read_to_string(crate::root().join(MISSPELT)).expect("the example is there");
    let path = file("fix.json", before.as_bytes());
    let mended = run(&["check", "--fix", "--kind", "logs-resource", &path]);
    assert_eq!((mended.exit, mended.stderr.as_str()), (Some(1), ""), "not everything can be mended safely");
    assert!(mended.stdout.contains("-      \"Condition\": {\"StringEqual\": {"), "{}", mended.stdout);
    assert!(mended.stdout.contains("+      \"Condition\": {\"StringEquals\": {"), "{}", mended.stdout);
    assert!(!mended.stdout.contains("INVALID_CONDITION_OPERATOR"), "{}", mended.stdout);
    let after = fs::read_to_string(&path).expect("the file is there");
    assert_eq!(after, before.replace("\"StringEqual\"", "\"StringEquals\""));
    let again = run(&["check", "--fix", "--kind", "logs-resource", &path]);
    assert!(!again.stdout.contains("+++"), "{}", again.stdout);

    let inside = r#"{"resourcePolicies": [{"policyDocument": "{\"Statement\": {\"Effect\": \"allow\"}}"}]}"#;
    let path = file("fix-inside.json", inside.as_bytes());
    run(&["check", "--fix", &path]);
    let after = fs::read_to_string(&path).expect("the file is there");
    assert_eq!(after, inside.replace(r#"\"allow\""#, r#"\"Allow\""#));

    let stdin = run_on(&["check", "--fix", "-"], before.as_bytes());
    assert_eq!((stdin.exit, stdin.stdout.as_str()), (Some(2), ""));
}

#[test]
fn the_kind_is_inferred_where_nothing_says_it() {
    let policy = |statement: &str| {
        format!(r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", {statement}}}]}}"#)
    };
    let trust = policy(r#""Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole""#);
    let path = file("inferred-trust.json", trust.as_bytes());
    let (exit, found) = json(&[&path]);
    assert_eq!((exit, &found["files"][0]["kind"]), (Some(0), &"trust".into()), "{found}");
    let human = run(&["check", &path]);
    let header = "checked as a role trust policy (inferred; --kind chooses another)";
    assert!(human.stdout.starts_with(&format!("{path}: {header}\n")), "{}", human.stdout);
    assert!(!run(&["check", "--kind", "trust", &path]).stdout.contains("inferred"));
    // What the user says holds.
    let (exit, found) = json(&["--kind", "identity", &path]);
    assert_eq!((exit, &found["files"][0]["kind"]), (Some(1), &"identity".into()));
    assert!(codes(&found["files"][0]).contains(&"UNSUPPORTED_PRINCIPAL"), "{found}");

    let identity = policy(r#""Action": "sts:AssumeRole", "Resource": "arn:aws:iam::111122223333:role/r""#);
    let path = file("inferred-identity.json", identity.as_bytes());
    assert_eq!(json(&[&path]).1["files"][0]["kind"], "identity");
    assert!(!run(&["check", &path]).stdout.contains("checked as"));
}

#[test]
fn kinds_have_one_name_in_answers_and_several_spellings_that_are_read() {
    let policy = file("kinds.json", br#"{"Version": "2012-10-17", "Statement": []}"#);
    for (given, printed) in [
        ("boundary", "boundary"),
        ("permissionsBoundary", "boundary"),
        ("permissions_boundary", "boundary"),
        ("scp", "scp"),
        ("serviceControl", "scp"),
        ("rcp", "rcp"),
        ("resourceControl", "rcp"),
        ("vpc-endpoint", "vpc-endpoint"),
        ("vpcEndpoint", "vpc-endpoint"),
        ("kms-key", "kms-key"),
    ] {
        assert_eq!(json(&["--kind", given, &policy]).1["files"][0]["kind"], printed, "{given}");
    }
    let unknown = run(&["check", "--kind", "bondary", &policy]);
    assert_eq!(unknown.exit, Some(2));
    assert!(unknown.stderr.contains("boundary"), "{}", unknown.stderr);
}

/// A folder below the tests' own, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}

#[test]
fn files_without_a_policy_are_no_mistake() {
    let folder = folder("without-policy");
    for (name, content) in [
        ("package.json", r#"{"name":"x","version":"1.0.0"}"#),
        ("tsconfig.json", "{\n  // comments are allowed\n  \"compilerOptions\": {}\n}"),
        (
            "template.json",
            r#"{"AWSTemplateFormatVersion":"2010-09-09","Resources":{"B":{"Type":"AWS::S3::Bucket"}}}"#,
        ),
        ("list.json", "[]"),
    ] {
        fs::write(folder.join(name), content).expect("the file can be written");
    }
    let folder = folder.display().to_string();
    let (exit, found) = json(&[&folder]);
    assert_eq!((exit, &found), (Some(0), &serde_json::json!({"files": []})));
    let scanned = run(&["check", &folder]);
    assert_eq!((scanned.exit, scanned.stdout.as_str()), (Some(0), "no policy in 4 files\n"));

    // A file that is named is answered by its name.
    let template = format!("{folder}/template.json");
    let named = run(&["check", &template]);
    assert_eq!(
        (named.exit, named.stdout),
        (Some(0), format!("{template}: no policy in this CloudFormation template\n"))
    );
    let package = format!("{folder}/package.json");
    let both = run(&["check", &package, "examples/policies/read-reports.json"]);
    let end = format!("\n{package}: no policy in this file\n1 suggestion in 1 document\n");
    assert!(both.exit == Some(0) && both.stdout.ends_with(&end), "{}", both.stdout);
    // What cannot be any other file is a mistake when it is named: a script that printed nothing, most often.
    for name in ["tsconfig.json", "list.json"] {
        assert_eq!(run(&["check", &format!("{folder}/{name}")]).exit, Some(1), "{name}");
    }
    for content in ["null", "{}", "\"x\"", ""] {
        assert_eq!(run_on(&["check", "-"], content.as_bytes()).exit, Some(1), "{content}");
    }
    let yaml = file("template.yaml", b"AWSTemplateFormatVersion: 2010-09-09\n");
    let unread = run(&["check", &yaml]);
    assert_eq!((unread.exit, unread.stdout.as_str()), (Some(2), ""));
    assert!(unread.stderr.contains("YAML is not read"), "{}", unread.stderr);
}

/// Numbers that look random (xorshift), the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).expect("it is below a usize")
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

/// Names and texts that policies and their carriers have, right and misspelt; `Statement` is not among them.
const NAMES: [&str; 44] = [
    "Version",
    "version",
    "Versoin",
    "Id",
    "statement",
    "Statment",
    "Statements",
    "Sid",
    "Effect",
    "effect",
    "Action",
    "action",
    "Actions",
    "NotAction",
    "Resource",
    "resource",
    "Principal",
    "principal",
    "Condition",
    "condition",
    "StringEqual",
    "stringEquals",
    "AWS",
    "Aws",
    "Service",
    "service",
    "aws:SourceArn",
    "aws:sourcearn",
    "PolicyDocument",
    "policyDocument",
    "Policy",
    "policy",
    "Document",
    "text",
    "Content",
    "resourcePolicies",
    "Resources",
    "Type",
    "Properties",
    "planned_values",
    "root_module",
    "resources",
    "values",
    "format_version",
];
const TEXTS: [&str; 18] = [
    "2012-10-17",
    "1.0.0",
    "Allow",
    "allow",
    "Deny",
    "deny",
    "s3:GetObject",
    "s3:GetObject",
    "*",
    "arn:aws:s3:::b/*",
    "AWS::IAM::Policy",
    "AWS::S3::BucketPolicy",
    "aws_iam_policy",
    "es.amazonaws.com",
    "10.0.0.1/8",
    "",
    "true",
    "x",
];

fn any_json(random: &mut Random, depth: usize) -> String {
    let word = |random: &mut Random, words: &[&str]| Value::from(random.of(words)).to_string();
    let count = random.below(5);
    match random.below(if depth == 0 { 3 } else { 8 }) {
        0 => random.below(100).to_string(),
        1 => word(random, &TEXTS),
        2 => random.of(&["true", "null", "[]", "{}"]).to_owned(),
        3 => Value::from(any_json(random, depth - 1)).to_string(),
        4 => {
            let items: Vec<_> = (0..count).map(|_| any_json(random, depth - 1)).collect();
            format!("[{}]", items.join(", "))
        }
        _ => {
            let members = (0..=count)
                .map(|_| format!("{}: {}", word(random, &NAMES), any_json(random, depth - 1)))
                .collect::<Vec<_>>();
            format!("{{{}}}", members.join(", "))
        }
    }
}

#[test]
fn what_is_not_certainly_a_policy_is_never_changed() {
    let folder = folder("unchanged");
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let state = r#"{"version":4,"terraform_version":"1","lineage":"x","resources":[{"mode":"managed","type":"aws_iam_policy","instances":[{"attributes":{"policy":"{\"version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"allow\"}]}"}}]}]}"#;
    let mut contents = vec![
        r#"{"name":"x","version":"1.0.0","dependencies":{}}"#.to_owned(),
        r#"{"version":"36.0.0","artifacts":{}}"#.to_owned(),
        r#"{"version":"2012-10-17","rules":[{"effect":"allow","Effect":"allow"}]}"#.to_owned(),
        r#"{"Version":"2012-10-17","Statment":[{"Effect":"allow","Action":"s3:GetObject","Resource":"*"}]}"#
            .to_owned(),
        r#"{"text":"{\"version\":\"1\"}"}"#.to_owned(),
        r#"{"Statement":[{"date":"2024-06-01"}],"version":"1"}"#.to_owned(),
        state.to_owned(),
        r#"{"version":"2012-10-17","Statement":[{"Effect":"allow","Action":"a:b","Resource":"*"}],}"#
            .to_owned(),
    ];
    for _ in 0..4_000 {
        let lines: Vec<_> = (0..=random.below(3)).map(|_| any_json(&mut random, 5)).collect();
        contents.push(lines.join("\n"));
    }
    for (at, content) in contents.iter().enumerate() {
        fs::write(folder.join(format!("{at}.json")), content).expect("the file can be written");
    }
    let fixed = run(&["check", "--fix", "--format", "json", &folder.display().to_string()]);
    assert!(fixed.exit.is_some_and(|exit| exit < 2), "{}", fixed.stderr);
    for (at, content) in contents.iter().enumerate() {
        let path = folder.join(format!("{at}.json"));
        assert_eq!(&fs::read_to_string(path).expect("the file is there"), content);
    }
}

#[test]
fn annotations_for_github_are_one_command_a_line() {
    let run = run(&["check", "--format", "github", "--kind", "logs-resource", MISSPELT]);
    assert_eq!(run.exit, Some(1));
    let wanted = format!(
        "::error file={MISSPELT},line=10,endLine=10,col=21,endColumn=34,title=INVALID_CONDITION_OPERATOR::`StringEqual` is not a condition operator%0Adid you mean `StringEquals`?"
    );
    assert!(run.stdout.lines().any(|line| line == wanted), "{}", run.stdout);
    assert!(run.stdout.lines().all(|line| line.starts_with("::")), "{}", run.stdout);
}

/// What the SARIF 2.1.0 schema asks of the parts that are written here.
#[test]
fn a_sarif_log_has_what_its_schema_requires() {
    let run = run(&["check", "--format", "sarif", "--kind", "logs-resource", MISSPELT]);
    assert_eq!(run.exit, Some(1));
    let log: Value = serde_json::from_str(&run.stdout).expect("it is JSON");
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().is_some_and(|schema| schema.ends_with("sarif-2.1.0.json")));
    let [run] = log["runs"].as_array().expect("runs is a list").as_slice() else { panic!("one run") };
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "bailiwick");
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let rules = driver["rules"].as_array().expect("rules is a list");
    let results = run["results"].as_array().expect("results is a list");
    assert!(!results.is_empty());
    let levels = ["none", "note", "warning", "error"];
    for rule in rules {
        assert!(rule["id"].is_string() && rule["shortDescription"]["text"].is_string(), "{rule}");
        let level = rule["defaultConfiguration"]["level"].as_str().expect("a level");
        assert!(levels.contains(&level), "{level}");
    }
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("it fits");
        assert_eq!(rules[index]["id"], result["ruleId"], "the rule that the index names");
        assert!(levels.contains(&result["level"].as_str().expect("a level")));
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()), "{result}");
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], MISSPELT);
        let region = &place["region"];
        for one_based in ["startLine", "startColumn", "endLine", "endColumn"] {
            assert!(region[one_based].as_u64().is_some_and(|number| number >= 1), "{one_based} of {region}");
        }
        assert!(region["byteOffset"].is_u64() && region["byteLength"].is_u64(), "{region}");
        for fix in result.get("fixes").and_then(Value::as_array).into_iter().flatten() {
            let change = &fix["artifactChanges"][0];
            assert!(change["artifactLocation"]["uri"].is_string(), "{change}");
            let replacement = &change["replacements"][0];
            assert!(replacement["deletedRegion"]["byteOffset"].is_u64(), "{replacement}");
            assert!(replacement["insertedContent"]["text"].is_string(), "{replacement}");
        }
    }
    let has_fix =
        |result: &Value| result["ruleId"] == "INVALID_CONDITION_OPERATOR" && result.get("fixes").is_some();
    assert!(results.iter().any(has_fix), "the misspelt operator can be mended");
}

#[test]
fn checks_explain_themselves() {
    let run = run(&["check", "--explain", "invalid_action"]);
    assert_eq!((run.exit, run.stderr.as_str()), (Some(0), ""));
    assert!(
        run.stdout.starts_with("INVALID_ACTION  error, a code of AWS's policy validation\n"),
        "{}",
        run.stdout
    );
    let unknown = crate::run(&["check", "--explain", "INVALID_ACTON"]);
    assert_eq!((unknown.exit, unknown.stdout.as_str()), (Some(2), ""));
    assert!(unknown.stderr.contains("did you mean INVALID_ACTION?"), "{}", unknown.stderr);
}
