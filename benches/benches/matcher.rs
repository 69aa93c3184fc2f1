//! One pattern against one text: every shape on ARNs, long texts, and the worst patterns there are.
//!
//! globset stands beside the same work where it can express it. Every answer is asserted before it is timed.

#![expect(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::indexing_slicing,
    reason = "the inputs stand in this file, and a bench that cannot be set up must stop"
)]

use std::hint::black_box;

use bailiwick_benches::globs::glob;
use bailiwick_matcher::{
    Arn, ArnPattern, Match, Pattern, Resolved, ResourcePattern, TemplateOptions, TextPattern, Variables,
};
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime};

/// A log stream's ARN of 113 bytes and its near miss.
const STREAM: &str = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/route53/example.com:log-stream:Z0123456789ABCDEFGHIJ/IAD79-C12";
const NEAR_MISS: &str = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/route53/example.com:log-streams/Z0123456789ABCDEFGHIJ/IAD79-C1";

/// One piece of work: its name, the pattern, the text, and whether they match.
struct Case {
    name: &'static str,
    pattern: String,
    text: String,
    matches: bool,
}

impl Case {
    fn new(name: &'static str, pattern: impl Into<String>, text: impl Into<String>, matches: bool) -> Self {
        Self { name, pattern: pattern.into(), text: text.into(), matches }
    }
}

/// Patterns as policies hold them.
fn policy_cases() -> Vec<Case> {
    let group = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/route53/";
    vec![
        Case::new("any", "*", STREAM, true),
        Case::new("exact", STREAM, STREAM, true),
        Case::new("prefix", format!("{group}*"), STREAM, true),
        Case::new("prefix_miss", "arn:aws:s3:::bucket/*", STREAM, false),
        Case::new("prefix_suffix", format!("{group}*-C12"), STREAM, true),
        Case::new("two_stars", format!("{group}*:log-stream:*"), STREAM, true),
        Case::new("two_stars_near_miss", format!("{group}*:log-stream:*"), NEAR_MISS, false),
        Case::new("free_fields", "arn:aws:logs:*:*:log-group:*:log-stream:*", STREAM, true),
        Case::new("question_marks", format!("{group}*:log-stream:Z*/???79-C??"), STREAM, true),
        Case::new("question_mark_in_region", "arn:aws:logs:us-east-?:123456789012:*", STREAM, true),
        Case::new("action", "logs:put*", "logs:putlogevents", true),
        Case::new("action_miss", "logs:describe*", "logs:putlogevents", false),
    ]
}

/// Texts of 1,600 bytes.
fn long_cases() -> Vec<Case> {
    let mut state = 1_u32;
    let key: String = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b"abcdefghijklmnopqrstuvwxyz0123456789-_./"[(state >> 24) as usize % 40])
    })
    .take(1_580)
    .collect();
    let text = format!("arn:aws:s3:::bucket/{key}");
    let (tail, middle) = (&text[1_575..], &text[800..816]);
    vec![
        Case::new("exact", text.clone(), text.clone(), true),
        Case::new("one_star", format!("arn:aws:s3:::bucket/*{tail}"), text.clone(), true),
        Case::new("two_stars", format!("arn:aws:s3:::bucket/*{middle}*{tail}"), text.clone(), true),
        Case::new("prefix", "arn:aws:s3:::bucket/*", text.clone(), true),
        Case::new("miss_in_the_middle", "arn:aws:s3:::bucket/*qqqqqqqq*", text.clone(), false),
        Case::new("miss_at_the_end", format!("arn:aws:s3:::bucket/*{tail}!"), text, false),
    ]
}

/// Patterns that make a backtracking matcher explode.
fn worst_cases() -> Vec<Case> {
    let run = |length: usize| "a".repeat(length);
    vec![
        Case::new("many_stars_64", "*a*a*a*a*a*a*b", run(64), false),
        Case::new("many_stars_4096", "*a*a*a*a*a*a*b", run(4_096), false),
        Case::new("many_stars_open_4096", "*a*a*a*a*a*a*b*", run(4_096), false),
        Case::new("long_run_256", format!("*{}b*", run(128)), run(256), false),
        Case::new("long_run_4096", format!("*{}b*", run(2_048)), run(4_096), false),
        Case::new("long_run_behind_4096", format!("*b{}*", run(2_047)), run(4_096), false),
        Case::new(
            "broken_runs_4096",
            format!("*{}b{}*", run(32), run(32)),
            format!("{}b", run(31)).repeat(128),
            false,
        ),
        Case::new("question_marks_4096", format!("*{}b", "?a".repeat(8)), run(4_096), false),
    ]
}

fn patterns(criterion: &mut Criterion) {
    compare(&mut criterion.benchmark_group("matcher/policy"), policy_cases());
    compare(&mut criterion.benchmark_group("matcher/long"), long_cases());
    compare(&mut criterion.benchmark_group("matcher/worst"), worst_cases());
}

fn compare(group: &mut BenchmarkGroup<'_, WallTime>, cases: Vec<Case>) {
    for Case { name, pattern, text, matches } in cases {
        let ours = Pattern::new(&pattern);
        let theirs = glob(&pattern);
        assert_eq!(ours.is_match(&text), matches, "bailiwick on {name}");
        assert_eq!(theirs.is_match(&text), matches, "globset on {name}");
        group.bench_function(format!("{name}/bailiwick"), |bencher| {
            bencher.iter(|| black_box(&ours).is_match(black_box(&text)));
        });
        group.bench_function(format!("{name}/globset"), |bencher| {
            bencher.iter(|| black_box(&theirs).is_match(black_box(&text)));
        });
    }
}

fn resources(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("matcher/resource");
    for (name, pattern, matches) in [
        ("free", "arn:aws:logs:*:*:log-group:*:log-stream:*", true),
        ("confined_region", "arn:aws:logs:us-*-1:123456789012:log-group:/aws/route53/*", true),
        ("confined_service", "arn:aws:*og*:us-east-1:123456789012:*", true),
        ("confined_miss", "arn:aws:logs:eu-*-1:123456789012:log-group:/aws/route53/*", false),
        (
            "variable",
            "arn:aws:logs:us-east-1:123456789012:log-group:/aws/${aws:username}/*:log-stream:*",
            true,
        ),
        (
            "variable_behind_star",
            "arn:aws:logs:us-east-1:123456789012:*/${aws:username}/*:log-stream:*",
            true,
        ),
    ] {
        let compiled = ResourcePattern::new(pattern, Variables::Enabled);
        let resolve = |_| Resolved::Text(black_box("route53"));
        assert_eq!(compiled.is_match_with(STREAM, resolve), Match::from(matches), "{name}");
        group.bench_function(name, |bencher| {
            bencher.iter(|| black_box(&compiled).is_match_with(black_box(STREAM), resolve));
        });
    }
}

fn arns(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("matcher/arn");
    let text = "arn:aws:route53:us-east-1:123456789012:hostedzone/Z1D633PJN98FT9";
    let arn = Arn::split(text).unwrap();
    group.bench_function("split", |bencher| bencher.iter(|| Arn::split(black_box(text)).is_some()));
    for (name, pattern, matches) in [
        ("exact", text, true),
        ("prefix", "arn:aws:route53:us-east-1:123456789012:hostedzone/*", true),
        ("any_region_and_account", "arn:aws:route53:*:*:hostedzone/*", true),
        ("any_account_miss", "arn:aws:route53:us-east-1:*:healthcheck/*", false),
        ("variable_account", "arn:aws:route53:*:${aws:PrincipalAccount}:hostedzone/*", true),
    ] {
        let compiled = ArnPattern::new(pattern, Variables::Enabled);
        let resolve = |_| Resolved::Text(black_box("123456789012"));
        assert_eq!(compiled.is_match_with(&arn, resolve), Match::from(matches), "{name}");
        group.bench_function(name, |bencher| {
            bencher.iter(|| black_box(&compiled).is_match_with(black_box(&arn), resolve));
        });
    }
}

fn texts(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("matcher/text");
    let options = TemplateOptions { wildcards: true, variables: true };
    let resolve = |_| Resolved::Text(black_box("amy"));
    for (name, pattern, matches) in [
        ("variable_alone", "${aws:username}", false),
        ("variable_then_star", "home/${aws:username}/*", true),
        ("variable_between_stars", "*/${aws:username}/*", true),
    ] {
        let compiled = TextPattern::new(pattern, options);
        assert_eq!(
            compiled.is_match_with("home/amy/2024/notes.txt", resolve),
            Match::from(matches),
            "{name}"
        );
        group.bench_function(name, |bencher| {
            bencher
                .iter(|| black_box(&compiled).is_match_with(black_box("home/amy/2024/notes.txt"), resolve));
        });
    }
}

fn compiling(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("matcher/compile");
    for (name, pattern) in [
        ("exact", "arn:aws:s3:::bucket"),
        ("two_stars", "arn:aws:logs:us-east-1:123456789012:log-group:/aws/route53/*:log-stream:*"),
        ("variable", "arn:aws:s3:::home/${aws:username}/*"),
    ] {
        assert_eq!(ResourcePattern::new(pattern, Variables::Enabled).to_string(), pattern);
        group.bench_function(name, |bencher| {
            bencher.iter(|| ResourcePattern::new(black_box(pattern), Variables::Enabled));
        });
    }
}

criterion_group!(benches, patterns, resources, arns, texts, compiling);
criterion_main!(benches);
