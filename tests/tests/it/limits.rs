//! Every limit on input: what is at the limit is read, and one more is refused with the limit's own error, in its place.
//!
//! The defaults are tried as well as limits that an embedder sets; `SECURITY.md` lists both.

use bailiwick_delivery::Delivery;
use bailiwick_environment::{Environment, File};
use bailiwick_scenario::{Limits as ScenarioLimits, Scenario};
use bailiwick_source::json::{self, Limits};
use bailiwick_source::{Code, Errors};

/// The codes of mistakes, and what the first one's place holds.
fn refused<T>(result: Result<T, Errors>, source: &str) -> (Vec<Code>, String) {
    let Err(errors) = result else { panic!("it was read: {}", source.get(..200).unwrap_or(source)) };
    let place = errors.iter().next().and_then(|error| error.span.text(source)).expect("a place in the text");
    (errors.iter().map(|error| error.code).collect(), place.chars().take(20).collect())
}

/// A policy at the limit is read, and the one above it is refused with this error at the place that begins so.
#[track_caller]
fn policy_limit(limits: Limits, at: &str, above: &str, code: Code, place: &str) {
    if let Err(errors) = bailiwick_parser::parse_with(at, &limits) {
        panic!("at the limit: {errors}");
    }
    let (codes, found) = refused(bailiwick_parser::parse_with(above, &limits), above);
    assert_eq!(codes, [code]);
    assert!(found.starts_with(place), "{found:?}");
    // What a larger document holds is held to the same limits, in its own place.
    if code != Code::JSON_SIZE_EXCEEDS_LIMIT && code != Code::JSON_DEPTH_EXCEEDS_LIMIT {
        let nested = format!("[{above}]");
        let larger = Limits { max_nodes: limits.max_nodes.saturating_add(1), ..limits };
        match json::parse(&nested, &larger) {
            Ok(document) => {
                let policy = document.root().items().next().expect("a policy");
                assert_eq!(refused(bailiwick_parser::parse_value(policy), &nested).0, [code]);
            }
            Err(error) => assert_eq!(error.code, code),
        }
    }
}

const STATEMENT: &str = r#"{"Effect":"Allow","Action":"a:b","Resource":"*"}"#;

fn statements(count: usize) -> String {
    format!(r#"{{"Statement":[{}]}}"#, vec![STATEMENT; count].join(","))
}

/// A policy with so many resources.
fn resources(count: usize) -> String {
    let list = vec![r#""*""#; count].join(",");
    format!(r#"{{"Statement":[{{"Effect":"Allow","Action":"a:b","Resource":[{list}]}}]}}"#)
}

/// A policy with a resource that has so many characters in its quotes.
fn resource_of(length: usize) -> String {
    let text = "x".repeat(length);
    format!(r#"{{"Statement":[{{"Effect":"Allow","Action":"a:b","Resource":"{text}"}}]}}"#)
}

#[test]
fn the_length_of_a_text_is_limited() {
    let policy = statements(1);
    let limits = Limits { max_bytes: policy.len(), ..Limits::default() };
    policy_limit(limits, &policy, &format!("{policy} "), Code::JSON_SIZE_EXCEEDS_LIMIT, "");
    let padded = |length: usize| format!("{policy}{}", " ".repeat(length - policy.len()));
    let default = Limits::default();
    policy_limit(default, &padded(16 << 20), &padded((16 << 20) + 1), Code::JSON_SIZE_EXCEEDS_LIMIT, "");
}

#[test]
fn nesting_is_limited() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    for (limits, depth) in
        [(Limits { max_depth: 3, ..Limits::default() }, 3), (Limits { max_depth: 64, ..Limits::NONE }, 64)]
    {
        assert!(json::parse(&nested(depth), &limits).is_ok());
        let error = json::parse(&nested(depth + 1), &limits).unwrap_err();
        assert_eq!((error.code, error.span.start), (Code::JSON_DEPTH_EXCEEDS_LIMIT, depth as u32));
    }
    assert_eq!(Limits::default().max_depth, 64);
}

#[test]
fn the_number_of_values_is_limited() {
    let limits = |count| Limits { max_nodes: count, ..Limits::default() };
    let policy = resources(3);
    let nodes = (1..).find(|&count| json::parse(&policy, &limits(count)).is_ok()).unwrap();
    policy_limit(limits(nodes), &policy, &resources(4), Code::JSON_NODES_EXCEED_LIMIT, "\"*\"");
    // A list of eight lists, and of ones up to the count.
    let list = format!("[{}]", vec!["1"; 124_000].join(","));
    let of = |count: usize| format!("[{},{}]", [&*list; 8].join(","), vec!["1"; count - 992_009].join(","));
    assert!(json::parse(&of(1_000_000), &Limits::default()).is_ok());
    let error = json::parse(&of(1_000_001), &Limits::default()).unwrap_err();
    assert_eq!(error.code, Code::JSON_NODES_EXCEED_LIMIT);
}

#[test]
fn the_number_of_statements_is_limited() {
    let limits = Limits { max_statements: 2, ..Limits::default() };
    policy_limit(
        limits,
        &statements(2),
        &statements(3),
        bailiwick_parser::codes::STATEMENTS_EXCEED_LIMIT,
        "[",
    );
    policy_limit(
        Limits::default(),
        &statements(100_000),
        &statements(100_001),
        bailiwick_parser::codes::STATEMENTS_EXCEED_LIMIT,
        "[",
    );
}

#[test]
fn the_number_of_values_in_a_list_is_limited() {
    let limits = Limits { max_items: 3, ..Limits::default() };
    policy_limit(limits, &resources(3), &resources(4), Code::JSON_ITEMS_EXCEED_LIMIT, "[");
    let default = Limits::default();
    policy_limit(default, &resources(200_000), &resources(200_001), Code::JSON_ITEMS_EXCEED_LIMIT, "[");
}

#[test]
fn the_length_of_a_string_is_limited() {
    let limits = Limits { max_string: 40, ..Limits::default() };
    policy_limit(limits, &resource_of(38), &resource_of(39), Code::JSON_STRING_EXCEEDS_LIMIT, "\"xxx");
    let (at, above) = (resource_of((4 << 20) - 2), resource_of((4 << 20) - 1));
    policy_limit(Limits::default(), &at, &above, Code::JSON_STRING_EXCEEDS_LIMIT, "\"xxx");
}

#[test]
fn the_number_of_mistakes_is_limited() {
    for (limits, most) in [(Limits { max_errors: 3, ..Limits::default() }, 3), (Limits::default(), 1_000)] {
        let wrong = |count: usize| format!(r#"{{"Statement":[{}]}}"#, vec!["1"; count].join(","));
        let count = |count| refused(bailiwick_parser::parse_with(&wrong(count), &limits), &wrong(count)).0;
        assert_eq!(count(most - 1), vec![Code::DATA_TYPE_MISMATCH; most - 1]);
        // With as many as are listed, reading stops and says so.
        for more in [most, most + 1, 2 * most] {
            let listed = count(more);
            assert_eq!((listed.len(), listed.last()), (most + 1, Some(&Code::ERRORS_EXCEED_LIMIT)));
        }
    }
}

/// A scenario with this many context keys and dependent actions, and these identity policies.
fn scenario(keys: usize, actions: usize, identity: &str) -> String {
    let keys: Vec<_> = (0..keys).map(|at| format!(r#""x:k{at}":"v""#)).collect();
    let actions = vec![r#""s3:GetObjectTagging""#; actions].join(",");
    format!(
        r#"{{"request":{{"principal":"111122223333","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","context":{{{}}},"dependentActions":[{actions}]}},"policies":{{"identity":[{identity}]}}}}"#,
        keys.join(",")
    )
}

#[test]
fn the_number_of_context_keys_is_limited() {
    for (limits, most) in [
        (ScenarioLimits { max_context_keys: 2, ..ScenarioLimits::default() }, 2),
        (ScenarioLimits::default(), 1_000),
    ] {
        assert!(Scenario::parse_with(&scenario(most, 0, ""), &limits).is_ok());
        let above = scenario(most + 1, 0, "");
        let (codes, place) = refused(Scenario::parse_with(&above, &limits), &above);
        assert_eq!(
            (codes.as_slice(), place.as_str()),
            ([bailiwick_scenario::codes::ITEMS_EXCEED_LIMIT].as_slice(), "{")
        );
    }
}

#[test]
fn the_number_of_values_of_the_context_is_limited() {
    let of = |values: usize| {
        let rest = vec![r#""v""#; values - 1].join(",");
        format!(
            r#"{{"request":{{"principal":"111122223333","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","context":{{"x:a":["v"],"x:b":[{rest}]}}}},"policies":{{}}}}"#
        )
    };
    for (limits, most) in [
        (ScenarioLimits { max_context_values: 2, ..ScenarioLimits::default() }, 2),
        (ScenarioLimits::default(), 10_000),
    ] {
        assert!(Scenario::parse_with(&of(most), &limits).is_ok());
        let above = of(most + 1);
        let (codes, place) = refused(Scenario::parse_with(&above, &limits), &above);
        assert_eq!(
            (codes.as_slice(), place.as_str()),
            ([bailiwick_scenario::codes::ITEMS_EXCEED_LIMIT].as_slice(), "{")
        );
    }
}

#[test]
fn the_number_of_tags_is_limited() {
    for member in ["tags", "sessionTags"] {
        let of = |count: usize| {
            let tags: Vec<_> = (0..count).map(|at| format!(r#""t{at}":"v""#)).collect();
            format!(
                r#"{{"request":{{"principal":{{"arn":"arn:aws:sts::111122223333:assumed-role/r/s","{member}":{{{}}}}},"action":"s3:GetObject","resource":"arn:aws:s3:::b/k"}},"policies":{{}}}}"#,
                tags.join(",")
            )
        };
        for (limits, most) in [
            (ScenarioLimits { max_tags: 2, ..ScenarioLimits::default() }, 2),
            (ScenarioLimits::default(), 1_000),
        ] {
            assert!(Scenario::parse_with(&of(most), &limits).is_ok());
            let above = of(most + 1);
            let (codes, place) = refused(Scenario::parse_with(&above, &limits), &above);
            assert_eq!(
                (codes.as_slice(), place.as_str()),
                ([bailiwick_scenario::codes::ITEMS_EXCEED_LIMIT].as_slice(), "{")
            );
        }
    }
}

#[test]
fn the_number_of_dependent_actions_is_limited() {
    for (limits, most) in [
        (ScenarioLimits { max_dependent_actions: 2, ..ScenarioLimits::default() }, 2),
        (ScenarioLimits::default(), 100),
    ] {
        assert!(Scenario::parse_with(&scenario(0, most, ""), &limits).is_ok());
        let above = scenario(0, most + 1, "");
        let (codes, place) = refused(Scenario::parse_with(&above, &limits), &above);
        assert_eq!(
            (codes.as_slice(), place.as_str()),
            ([bailiwick_scenario::codes::ITEMS_EXCEED_LIMIT].as_slice(), "[")
        );
    }
}

#[test]
fn the_policies_of_a_scenario_are_held_to_its_limits() {
    let json = Limits { max_statements: 2, ..Limits::default() };
    let limits = ScenarioLimits { json, ..ScenarioLimits::default() };
    for as_text in [false, true] {
        let policy = |count| {
            let policy = statements(count);
            scenario(0, 0, &if as_text { format!("{policy:?}") } else { policy })
        };
        assert!(Scenario::parse_with(&policy(2), &limits).is_ok());
        let (codes, _) = refused(Scenario::parse_with(&policy(3), &limits), &policy(3));
        assert_eq!(codes, [bailiwick_parser::codes::STATEMENTS_EXCEED_LIMIT]);
    }
}

/// A delivery whose environment holds a resource policy with so many statements.
fn delivery(environment: &str) -> String {
    format!(
        r#"{{"delivery":{{"kind":"route53-query-logging","source":"arn:aws:route53:::hostedzone/Z1","destination":"arn:aws:logs:us-east-1:111122223333:log-group:/aws/route53/e"}},"environment":{{"111122223333":{{"us-east-1":{{"describe-resource-policies":{environment}}}}}}}}}"#
    )
}

fn resource_policies(count: usize) -> String {
    let statement = r#"{"Effect":"Allow","Principal":"*","Action":"logs:*","Resource":"*"}"#;
    let document = format!(r#"{{"Statement":[{}]}}"#, vec![statement; count].join(","));
    format!(r#"{{"resourcePolicies":[{{"policyName":"p","policyDocument":{document:?}}}]}}"#)
}

#[test]
fn a_delivery_and_its_environment_are_held_to_the_limits_of_texts() {
    let limits = Limits { max_statements: 2, ..Limits::default() };
    let parse = |count| Delivery::parse_within(&delivery(&resource_policies(count)), None, &limits);
    assert!(parse(2).is_ok());
    let (codes, _) = refused(parse(3), &delivery(&resource_policies(3)));
    assert_eq!(codes, [bailiwick_parser::codes::STATEMENTS_EXCEED_LIMIT]);
    let path = "111122223333/us-east-1/describe-resource-policies.json";
    let files = |text: &str| Environment::from_files_within(&[File { path, text }], &limits);
    assert!(files(&resource_policies(2)).is_ok());
    let errors = files(&resource_policies(3)).unwrap_err();
    assert_eq!(
        errors[0].errors.iter().next().unwrap().code,
        bailiwick_parser::codes::STATEMENTS_EXCEED_LIMIT
    );
}

#[test]
fn an_arn_with_more_endings_than_one_is_refused_however_many_there_are() {
    for count in [2, 200_000] {
        let text =
            delivery(&resource_policies(1)).replace("/aws/route53/e", &format!("a{}", ":*".repeat(count)));
        let Err(errors) = Delivery::parse(&text) else { panic!("{count} endings are read") };
        assert!(errors.to_string().contains("destination"), "{count}");
    }
}

#[test]
fn the_defaults_are_those_that_are_documented() {
    let table = include_str!("../../../SECURITY.md");
    let Limits { max_bytes, max_depth, max_nodes, max_items, max_statements, max_string, max_errors } =
        Limits::default();
    let ScenarioLimits { json, max_context_keys, max_context_values, max_tags, max_dependent_actions } =
        ScenarioLimits::default();
    assert_eq!(json, Limits::default());
    let grouped = |number: usize| {
        let digits = number.to_string();
        let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(|g| String::from_utf8_lossy(g)).collect();
        groups.join(",")
    };
    for (name, value) in [
        ("max_bytes", format!("{} MiB", max_bytes >> 20)),
        ("max_depth", grouped(max_depth)),
        ("max_nodes", grouped(max_nodes)),
        ("max_items", grouped(max_items)),
        ("max_statements", grouped(max_statements)),
        ("max_string", format!("{} MiB", max_string >> 20)),
        ("max_errors", grouped(max_errors)),
        ("max_context_keys", grouped(max_context_keys)),
        ("max_context_values", grouped(max_context_values)),
        ("max_tags", grouped(max_tags)),
        ("max_dependent_actions", grouped(max_dependent_actions)),
    ] {
        let row = table.lines().find(|line| line.starts_with('|') && line.contains(&format!("`{name}`")));
        let row = row.unwrap_or_else(|| panic!("SECURITY.md has no row for {name}"));
        assert!(row.contains(&format!("| {value} |")), "{name} is {value}: {row}");
    }
}
