//! One run of `deliver` over a large account: 500 log groups, ten full resource policies, fifty buckets.
//!
//! Reading parses and compiles each document once; simulating consults them in several steps. The comparator in the
//! same run is what the steps would cost if each read the documents that it consults itself: `documents, each step`.
//! It is no part of a simulation, and a simulation that takes longer does read them again.

use std::hint::black_box;

use bailiwick::PolicyKind;
use bailiwick_delivery::{Delivery, Verdict};
use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::{Map, Value, json};

const ACCOUNT: &str = "111122223333";

fn log_group(number: usize) -> String {
    format!("arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/aws/vendedlogs/service-{number:03}")
}

/// The environment; policy number ten is the first that covers log group 499.
fn environment() -> Value {
    let groups: Vec<Value> = (0..500)
        .map(|n| json!({"logGroupName": format!("/aws/vendedlogs/service-{n:03}"), "storedBytes": n}))
        .collect();
    let policies: Vec<Value> = (0..10)
        .map(|policy| {
            let resources: Vec<String> =
                (0..50).map(|n| log_group(policy * 50 + n) + ":log-stream:*").collect();
            let document = json!({"Version": "2012-10-17", "Statement": [{
                "Sid": "AWSLogDeliveryWrite20150319", "Effect": "Allow",
                "Principal": {"Service": ["delivery.logs.amazonaws.com"]},
                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": resources,
                "Condition": {"StringEquals": {"aws:SourceAccount": [ACCOUNT]},
                    "ArnLike": {"aws:SourceArn": [format!("arn:aws:logs:us-east-1:{ACCOUNT}:*")]}}}]});
            json!({"policyName": format!("policy-{policy}"), "policyDocument": document.to_string()})
        })
        .collect();
    let buckets: Map<String, Value> = (0..50)
        .map(|bucket| {
            let document = json!({"Version": "2012-10-17", "Statement": (0..10).map(|n| json!({
                "Sid": format!("Team{n}"), "Effect": "Allow",
                "Principal": {"AWS": format!("arn:aws:iam::{ACCOUNT}:role/team-{n}")},
                "Action": ["s3:GetObject", "s3:PutObject"],
                "Resource": format!("arn:aws:s3:::bucket-{bucket}/team-{n}/*")})).collect::<Vec<_>>()});
            (format!("bucket-{bucket}"), json!({"Policy": document.to_string()}))
        })
        .collect();
    json!({ACCOUNT: {
        "us-east-1": {"describe-log-groups": {"logGroups": groups},
            "describe-resource-policies": {"resourcePolicies": policies}},
        "global": {"get-bucket-policy": buckets},
    }})
}

fn deliver(criterion: &mut Criterion) {
    let state_machine = format!("arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:m");
    let cases = [
        (
            "succeeds",
            json!({"kind": "vended-v1-logs", "source": state_machine, "destination": log_group(499)}),
            Verdict::Succeeds,
        ),
        (
            "fails, with a fix",
            json!({"kind": "vpc-flow-logs-s3", "source": format!("arn:aws:ec2:us-east-1:{ACCOUNT}:vpc/v"),
            "destination": "arn:aws:s3:::bucket-49"}),
            Verdict::Fails,
        ),
    ];
    let mut group = criterion.benchmark_group("deliver");
    for (name, delivery, expected) in cases {
        let text = json!({"delivery": delivery, "environment": environment()}).to_string();
        assert!(Delivery::parse(&text).is_ok(), "{name} is no delivery");
        let Ok(read) = Delivery::parse(&text) else { continue };
        let answer = read.simulate();
        assert_eq!(answer.verdict, expected, "{name}: {}", answer.summary);
        assert_eq!(answer.fixes.is_empty(), expected == Verdict::Succeeds, "{name}");
        let consulted: Vec<(PolicyKind, &str)> = answer
            .steps
            .iter()
            .flat_map(|step| &step.documents)
            .map(|(_, document)| (document.id.kind.policy_kind(), document.text()))
            .collect();
        group.bench_function(format!("{name}/documents, each step"), |bencher| {
            bencher.iter(|| {
                for (kind, text) in black_box(&consulted) {
                    black_box(bailiwick::compile(text, *kind).is_ok());
                }
            });
        });
        group.bench_function(format!("{name}/read"), |bencher| {
            bencher.iter(|| Delivery::parse(black_box(&text)));
        });
        group.bench_function(format!("{name}/simulate"), |bencher| {
            bencher.iter(|| black_box(&read).simulate());
        });
    }
}

criterion_group!(benches, deliver);
criterion_main!(benches);
