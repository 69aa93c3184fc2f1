//! Text to syntax tree: what a document costs with places and every check of the grammar.
//!
//! `serde_json` stands beside it with a tree that has neither. What both read is asserted before it is timed.

#![expect(clippy::unwrap_used, reason = "a bench that cannot be set up must stop")]

use std::fmt::Write as _;
use std::hint::black_box;

use bailiwick_parser::parse;
use bailiwick_source::LineIndex;
use bailiwick_source::json::{self, Limits};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// One document as most resource policies are: a single statement for a service.
const ROUTE53: &str = r#"{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Route53LogsToCloudWatchLogs",
            "Effect": "Allow",
            "Principal": {
                "Service": ["route53.amazonaws.com"]
            },
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": "arn:aws:logs:us-east-1:123456789012:log-group:/aws/route53/*",
            "Condition": {
                "ArnLike": {"aws:SourceArn": "arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ"},
                "StringEquals": {"aws:SourceAccount": "123456789012"}
            }
        }
    ]
}"#;

/// Some documents that are read one after the other, and how many statements they hold.
struct Input {
    name: &'static str,
    documents: Vec<String>,
    statements: usize,
}

/// A policy of so many statements, each for its own service and resource.
fn many_statements(count: usize) -> String {
    let mut text = String::from("{\"Version\":\"2012-10-17\",\"Statement\":[");
    for at in 0..count {
        let comma = if at == 0 { "" } else { "," };
        write!(
            text,
            r#"{comma}{{"Sid":"S{at}","Effect":"Allow","Action":["svc{at}:GetItem","svc{at}:ListItems"],"Resource":"arn:aws:svc{at}:us-east-1:123456789012:table/t{at}/*"}}"#
        )
        .unwrap();
    }
    text.push_str("]}");
    text
}

/// The same documents as people write them: indented by four.
fn indented(documents: &[String]) -> Vec<String> {
    let indent = |text: &String| {
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        serde_json::to_string_pretty(&value).unwrap().replace("  ", "    ")
    };
    documents.iter().map(indent).collect()
}

fn inputs() -> Vec<Input> {
    let input = |name, documents: Vec<String>| {
        let statements = documents.iter().map(|text| parse(text).unwrap().statements.len()).sum();
        Input { name, documents, statements }
    };
    let mut inputs = vec![
        input("one statement", vec![ROUTE53.to_owned()]),
        input("10,000 statements", vec![many_statements(10_000)]),
    ];
    if let Some(lines) = bailiwick_benches::workload::corpus_lines() {
        let document = |line: &String| {
            let json = json::parse(line, &Limits::default()).unwrap();
            json.root().member("document").unwrap().text().to_owned()
        };
        let managed: Vec<String> = lines.iter().map(document).collect();
        inputs.push(input("managed policies, indented", indented(&managed)));
        inputs.push(input("managed policies", managed));
    }
    inputs
}

/// How many statements serde_json sees.
fn counted(text: &str) -> usize {
    let value: serde_json::Value = serde_json::from_str(text).unwrap();
    value.get("Statement").unwrap().as_array().map_or(1, Vec::len)
}

fn documents(c: &mut Criterion) {
    for Input { name, documents, statements } in inputs() {
        assert_eq!(documents.iter().map(|text| counted(text)).sum::<usize>(), statements);
        let mut group = c.benchmark_group(name);
        group.throughput(Throughput::Bytes(documents.iter().map(|text| text.len() as u64).sum()));
        group.bench_function("parse", |b| {
            b.iter(|| {
                documents.iter().map(|text| parse(black_box(text)).unwrap().statements.len()).sum::<usize>()
            });
        });
        group.bench_function("json alone", |b| {
            b.iter(|| {
                let limits = Limits::default();
                documents
                    .iter()
                    .map(|text| json::parse(black_box(text), &limits).unwrap().root().span().end)
                    .max()
            });
        });
        group.bench_function("serde_json::Value", |b| {
            b.iter(|| {
                documents
                    .iter()
                    .filter_map(|text| serde_json::from_str::<serde_json::Value>(black_box(text)).ok())
                    .count()
            });
        });
        group.finish();
    }
}

fn places(c: &mut Criterion) {
    let text = many_statements(10_000);
    let last = u32::try_from(text.len()).unwrap();
    assert_eq!(LineIndex::new(&text).position(last).column, last + 1);
    let mut group = c.benchmark_group("places");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("index of lines", |b| b.iter(|| LineIndex::new(black_box(&text)).line_count()));
    group.finish();
}

criterion_group!(benches, documents, places);
criterion_main!(benches);
