//! A verified fix makes the whole delivery succeed, and a partial one leaves exactly what it names.

use arbitrary::Unstructured;
use bailiwick_delivery::{Answer, Delivery, Fix, StepResult, Verdict};
use bailiwick_environment::{Environment, File};
use bailiwick_tests::case::{self, DeliveryCase};
use bailiwick_tests::mutate::mutated;
use serde_json::json;

/// What keeps a delivery from succeeding, in the words of its own answer.
fn left(answer: &Answer) -> Vec<String> {
    let failing = answer.steps.iter().filter(|step| !step.optional && step.result == StepResult::Fails);
    let failing = failing.map(|step| format!("step {} ({}) fails: {}", step.step, step.name, step.why));
    failing.chain(answer.unsettled.iter().map(|fact| format!("unresolved: {fact}"))).collect()
}

/// The policy document that a command puts, where the command holds the whole document.
fn document_of(fix: &Fix) -> Option<serde_json::Value> {
    let quoted = fix.command.split('\'').rfind(|part| part.starts_with('{'))?;
    let value: serde_json::Value = serde_json::from_str(quoted).ok()?;
    value.get("Statement").is_some().then_some(value)
}

/// What is wrong with the fixes of a delivery, and how many there are of each sort.
fn fault(delivery: &Delivery, counts: &mut [usize; 2]) -> Option<String> {
    let answer = delivery.simulate();
    let first = answer.fixes.first()?;
    let verified = first.verified;
    counts[usize::from(!verified)] += 1;
    let fixed = match delivery.with_fixes(&answer.fixes) {
        Ok(fixed) => fixed.simulate(),
        Err(refused) => return Some(format!("a fix is refused: {refused}")),
    };
    for fix in &answer.fixes {
        if fix.verified != verified || fix.leaves.is_empty() != verified {
            return Some(format!("{}: {} with {:?} left", fix.document, fix.verified, fix.leaves));
        }
        if fix.statements.first() != Some(&fix.statement) {
            return Some(format!("{}: the first statement is another", fix.document));
        }
        let after: serde_json::Value = serde_json::from_str(&fix.after).expect("a fix is a policy");
        if document_of(fix).is_some_and(|put| put != after) {
            return Some(format!("{}: the command puts another document", fix.document));
        }
    }
    if verified && fixed.verdict != Verdict::Succeeds {
        return Some(format!("verified, and then: {}", fixed.summary));
    }
    if !verified && fixed.verdict == Verdict::Succeeds {
        return Some("called partial, and the delivery succeeds with it".to_owned());
    }
    if !verified && left(&fixed) != first.leaves {
        return Some(format!("it names {:#?}\nand leaves {:#?}", first.leaves, left(&fixed)));
    }
    let passes = |number: &usize| {
        fixed.steps.iter().any(|step| step.step == *number && step.result == StepResult::Passes)
    };
    (!first.fixed_steps.iter().all(passes)).then(|| format!("{:?} do not all pass", first.fixed_steps))
}

fn cases() -> Vec<DeliveryCase> {
    DeliveryCase::load_of(&case::folder(), |_| true)
        .unwrap_or_else(|mistakes| panic!("{}", mistakes.join("\n")))
}

#[test]
fn the_fixes_of_every_case_do_what_they_say() {
    let mut counts = [0, 0];
    for case in cases() {
        // Some cases are about texts that are no deliveries.
        let Ok(delivery) = Delivery::parse(&case.text()) else { continue };
        if let Some(fault) = fault(&delivery, &mut counts) {
            panic!("{}: {fault}", case.title());
        }
    }
    assert!(counts[0] > 100 && counts[1] > 5, "{counts:?} fixes verified and partial");
}

/// How many environments are generated; `BAILIWICK_ENVIRONMENTS` says otherwise.
const ENVIRONMENTS: usize = 10_000;

#[test]
fn the_fixes_of_generated_environments_do_what_they_say() {
    let wanted = std::env::var("BAILIWICK_ENVIRONMENTS").ok().and_then(|count| count.parse().ok());
    let wanted = wanted.unwrap_or(ENVIRONMENTS);
    let cases = cases();
    let (mut counts, mut read) = ([0, 0], 0);
    let mut bytes = [0; 256];
    let mut state = 0_u64;
    for case in cases.iter().cycle() {
        if read >= wanted {
            break;
        }
        for byte in &mut bytes {
            // SplitMix64: a fixed sequence, so that a failure comes again.
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            *byte = (mixed >> 56) as u8;
        }
        let text = mutated(&mut Unstructured::new(&bytes), case).expect("a mutant");
        let Ok(delivery) = Delivery::parse(&text) else { continue };
        read += 1;
        if let Some(fault) = fault(&delivery, &mut counts) {
            panic!("{}, changed to {text}:\n{fault}", case.title());
        }
    }
    println!("{read} environments: {} with verified fixes, {} with partial ones", counts[0], counts[1]);
    assert!(counts.iter().all(|count| *count > wanted / 50), "{counts:?} fixes verified and partial");
}

/// A delivery of a kind over files of an environment.
fn over(kind: &str, source: &str, destination: &str, files: &[(&str, &str)]) -> Answer {
    let files: Vec<File<'_>> = files.iter().map(|(path, text)| File { path, text }).collect();
    let environment = Environment::from_files(&files).unwrap_or_else(|errors| panic!("{errors:?}"));
    let delivery =
        json!({"delivery": {"kind": kind, "source": source, "destination": destination}}).to_string();
    Delivery::parse_with(&delivery, Some(environment)).unwrap_or_else(|errors| panic!("{errors}")).simulate()
}

const ZONE: &str = "arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ";
const GROUP: &str = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/route53/example.com";
const NO_POLICIES: (&str, &str) =
    ("111122223333/us-east-1/describe-resource-policies.json", r#"{"resourcePolicies": []}"#);

#[test]
fn a_fix_of_a_policy_does_not_create_the_log_group() {
    let missing = (
        "111122223333/us-east-1/describe-log-groups/%2Faws%2Froute53%2Fexample.com.json",
        r#"{"logGroups": []}"#,
    );
    let answer = over("route53-query-logging", ZONE, GROUP, &[NO_POLICIES, missing]);
    assert_eq!(answer.verdict, Verdict::Fails);
    let [fix] = answer.fixes.as_slice() else { panic!("{:?}", answer.fixes) };
    assert!(!fix.verified);
    assert!(
        matches!(fix.leaves.as_slice(), [left] if left.contains("the log group exists")),
        "{:?}",
        fix.leaves
    );
    assert_eq!(fix.fixed_steps.len(), 2, "{:?}", fix.fixed_steps);
}

#[test]
fn a_bucket_policy_does_not_create_the_bucket() {
    let calls = [
        ("get-bucket-policy", "GetBucketPolicy"),
        ("get-bucket-location", "GetBucketLocation"),
        ("get-bucket-encryption", "GetBucketEncryption"),
        ("get-bucket-ownership-controls", "GetBucketOwnershipControls"),
        ("get-object-lock-configuration", "GetObjectLockConfiguration"),
        ("get-bucket-request-payment", "GetBucketRequestPayment"),
    ];
    let files: Vec<(String, String)> = calls
        .iter()
        .flat_map(|(command, operation)| {
            let path = format!("111122223333/global/{command}/gone");
            let error = format!(
                "\nAn error occurred (NoSuchBucket) when calling the {operation} operation: The specified bucket does not exist\n"
            );
            [(format!("{path}.json"), String::new()), (format!("{path}.err"), error)]
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let vpc = "arn:aws:ec2:us-east-1:111122223333:vpc-flow-log/fl-0123456789abcdef0";
    let answer = over("vpc-flow-logs-s3", vpc, "arn:aws:s3:::gone", &files);
    assert_eq!(answer.verdict, Verdict::Fails, "{}", answer.summary);
    assert!(answer.summary.contains("the bucket gone exists"), "{}", answer.summary);
    assert!(
        answer.fixes.iter().all(|fix| !fix.verified && fix.leaves[0].contains("gone exists")),
        "{:?}",
        answer.fixes
    );
}

#[test]
fn an_output_about_one_log_group_or_destination_proves_nothing_about_another() {
    let policy = r#"{"resourcePolicies": [{"policyName": "P", "policyDocument": "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", \"Principal\": {\"Service\": \"route53.amazonaws.com\"}, \"Action\": \"logs:*\", \"Resource\": \"*\"}}"}]}"#;
    let policies = ("111122223333/us-east-1/describe-resource-policies.json", policy);
    let other = |name: &str| {
        format!(
            r#"{{"logGroups": [{{"logGroupName": "{name}", "arn": "arn:aws:logs:us-east-1:111122223333:log-group:{name}:*"}}]}}"#
        )
    };
    let path = "111122223333/us-east-1/describe-log-groups/%2Fa.json";
    let answer = over("route53-query-logging", ZONE, GROUP, &[policies, (path, &other("/a"))]);
    assert_eq!(answer.verdict, Verdict::Succeeds, "{}", answer.summary);
    assert!(
        answer.assumptions.iter().any(|it| it.contains("the log group exists")),
        "{:?}",
        answer.assumptions
    );
    // The list of all proves it, and so does the answer to a question about this one.
    for path in [
        "111122223333/us-east-1/describe-log-groups.json",
        "111122223333/us-east-1/describe-log-groups/%2Faws%2Froute53%2Fexample.com.json",
    ] {
        let answer = over("route53-query-logging", ZONE, GROUP, &[policies, (path, &other("/aws/b"))]);
        assert_eq!(answer.verdict, Verdict::Fails, "{}", answer.summary);
    }
    // Of the log group in question the call was refused: nothing is known about it.
    let silent = ("111122223333/us-east-1/describe-log-groups/%2Faws%2Froute53%2Fexample.com.json", "");
    let denied = (
        "111122223333/us-east-1/describe-log-groups/%2Faws%2Froute53%2Fexample.com.err",
        "\nAn error occurred (AccessDeniedException) when calling the DescribeLogGroups operation: no\n",
    );
    let answer =
        over("route53-query-logging", ZONE, GROUP, &[policies, (path, &other("/a")), silent, denied]);
    assert_eq!(answer.verdict, Verdict::Uncertain, "{}", answer.summary);
}
