//! Writes what fuzzing starts from: cases of the suites for targets that read text, choices for the others; and the
//! dictionary of words that no mutation finds by itself.
//!
//! `cargo run -p bailiwick-fuzz --bin seeds` replaces the folders below `fuzz/seeds` and `fuzz/dictionary.txt`. What it writes is kept, so that a
//! replay does not depend on it.

use std::fs;
use std::io;
use std::path::Path;

use bailiwick::PolicyKind;
use bailiwick_delivery::catalogue;
use bailiwick_fuzz::{Input, TARGETS, replay};
use bailiwick_parser::syntax::BaseOperator;
use bailiwick_tests::case;
use serde_json::Value;

/// How many seeds a target gets.
const SEEDS: usize = 24;

fn main() -> io::Result<()> {
    let cases = case::load(&case::folder()).unwrap_or_default();
    // Spread over the topics rather than the first topic's first cases.
    let scenarios: Vec<Value> =
        cases.iter().step_by(cases.len() / SEEDS + 1).map(case::Case::scenario).collect();
    let policies: Vec<String> = scenarios.iter().filter_map(policy).collect();
    let deliveries = deliveries()?;
    for target in &TARGETS {
        let seeds: Vec<Vec<u8>> = match target.input {
            Input::Choices => (0..SEEDS as u64).map(choices).collect(),
            Input::Scenario => scenarios.iter().map(|scenario| scenario.to_string().into_bytes()).collect(),
            // The validator's first byte chooses the kind.
            Input::Policy if target.name == "validator" => {
                let kinds = (0..).map(|kind: u8| kind % 14);
                kinds.zip(&policies).map(|(kind, policy)| [&[kind], policy.as_bytes()].concat()).collect()
            }
            Input::Policy => policies.iter().map(|policy| policy.clone().into_bytes()).collect(),
            Input::Delivery => deliveries.clone(),
        };
        write(&replay::root().join("seeds").join(target.name), &seeds)?;
    }
    fs::write(replay::root().join("dictionary.txt"), dictionary())
}

/// The closed vocabularies of policies, scenarios and deliveries, as libFuzzer reads a dictionary: one text in quotes
/// a line.
fn dictionary() -> String {
    const WORDS: &str = "Version Id Statement Sid Effect Allow Deny Principal NotPrincipal Action NotAction Resource \
        NotResource Condition 2012-10-17 2008-10-17 AWS Service Federated CanonicalUser ForAllValues: ForAnyValue: \
        IfExists true false null name request policies expect principal action dependentActions resource \
        resourceAccount context vpcEndpointType gateway interface blockPublicAccess restrictPublicBuckets arn service \
        anonymous federated canonicalUser roleArn issuerArn uniqueId tags sessionTags serviceLinkedRole \
        managementAccount document grants GranteePrincipal GranteeServicePrincipal RetiringPrincipal IssuingAccount \
        Operations Constraints EncryptionContextSubset EncryptionContextEquals allowed explicitDeny implicitDeny \
        delivery environment kind source destination steps facts describe-resource-policies resourcePolicies \
        policyName policyDocument get-bucket-policy Policy get-key-policy arn:aws: arn:aws:iam::111122223333:root \
        111122223333 * ? ** ${*} ${?} ${$} ${aws:username} %7B%22 \\u0041 \\ud800 aws:SourceArn aws:SourceAccount \
        aws:PrincipalArn aws:PrincipalTag/ aws:TagKeys s3:GetObject logs:PutLogEvents kms:Decrypt sts:AssumeRole \
        2030-01-01T00:00:00Z 192.0.2.0/24 2001:db8::/32 1e99999 YQ==";
    let kinds = PolicyKind::ALL.map(PolicyKind::as_str);
    let operators = BaseOperator::ALL.iter().map(|operator| operator.as_str());
    let deliveries = catalogue::kinds().map(|kind| kind.name);
    let words = WORDS.split_whitespace().chain(kinds).chain(operators).chain(deliveries);
    words.map(|word| format!("\"{}\"\n", word.replace('\\', "\\\\").replace('"', "\\\""))).collect()
}

fn write(folder: &Path, seeds: &[Vec<u8>]) -> io::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    for (at, seed) in seeds.iter().enumerate() {
        fs::write(folder.join(format!("{at:02}")), seed)?;
    }
    Ok(())
}

/// The first policy of a scenario.
fn policy(scenario: &Value) -> Option<String> {
    let mut lists = scenario["policies"].as_object()?.iter().filter(|(kind, _)| *kind != "grants");
    lists.find_map(|(_, list)| {
        let entry = list.get(0)?;
        let entry = entry.get(0).unwrap_or(entry);
        let document = entry.get("document").unwrap_or(entry);
        Some(document.as_str().map_or_else(|| format!("{document:#}"), str::to_owned))
    })
}

/// Bytes that look random and are the same each time.
fn choices(seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut byte = || {
        // xorshift64
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    (0..64 + 48 * seed).map(|_| byte()).collect()
}

fn deliveries() -> io::Result<Vec<Vec<u8>>> {
    let examples = replay::root().join("../examples");
    let mut seeds = vec![];
    let mut files: Vec<_> =
        fs::read_dir(examples)?.filter_map(Result::ok).map(|entry| entry.path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "json")) {
        seeds.push(fs::read(file)?);
    }
    for folder in ["kinds", "steps"] {
        let folder = replay::root().join("../tests/cases/deliveries").join(folder);
        let mut files: Vec<_> =
            fs::read_dir(folder)?.filter_map(Result::ok).map(|entry| entry.path()).collect();
        files.sort();
        for file in files {
            let Ok(Value::Array(list)) = serde_json::from_slice::<Value>(&fs::read(file)?) else { continue };
            seeds.extend(list.first().and_then(delivery));
        }
    }
    seeds.truncate(SEEDS);
    Ok(seeds)
}

/// What a case says beside its delivery is not a delivery's.
fn delivery(case: &Value) -> Option<Vec<u8>> {
    let mut case = case.as_object()?.clone();
    case.retain(|member, _| ["delivery", "environment"].contains(&member.as_str()));
    Some(Value::Object(case).to_string().into_bytes())
}
