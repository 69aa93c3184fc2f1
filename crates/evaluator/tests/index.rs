//! An index never changes an answer: however statements are spread over policies, lists and sets, the decision is
//! that of looking at every statement, which is what an explanation does.

#![expect(clippy::unwrap_used, reason = "what the generator makes is a policy")]

use std::fmt::Write;
use std::sync::Arc;

use bailiwick_evaluator::{Attached, CompiledPolicy, Decision, Policies, PolicySet, Principal, Request};
use bailiwick_normalizer::{PolicyKind, normalize};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

const ACTIONS: &[&str] = &[
    "*",
    "s3:*",
    "s3:Get*",
    "s3:GetObject",
    "s3:PutObject",
    "s3:*Object",
    "s3:G*t*",
    "ec2:*",
    "ec2:Describe?",
    "*:Get*",
    "s?:GetObject",
    "logs:PutLogEvents",
    "ec2:DescribeX",
    "nonsense",
];
const RESOURCES: &[&str] = &[
    "*",
    "arn:aws:s3:::a/*",
    "arn:aws:s3:::ab/*",
    "arn:aws:s3:::a/x",
    "arn:aws:s3:::a/y",
    "arn:aws:s3:::b/x",
    "arn:aws:s3:::${aws:username}/*",
    "arn:aws:s3:::b*",
    "arn:aws:s3:*:*:c",
    "arn:aws:s3:::a?/x",
    "arn:aws:ec2:*:*:*",
    "arn:aws:logs:us-east-1:111122223333:log-group:a:*",
];
const PRINCIPALS: &[&str] = &[
    r#""*""#,
    r#"{"AWS": "111122223333"}"#,
    r#"{"AWS": "444455556666"}"#,
    r#"{"AWS": "arn:aws:iam::111122223333:user/amy"}"#,
    r#"{"AWS": "arn:aws:iam::111122223333:role/app"}"#,
    r#"{"AWS": "arn:aws:sts::111122223333:assumed-role/app/one"}"#,
    r#"{"AWS": "AIDAAMY"}"#,
    r#"{"Service": ["sns.amazonaws.com", "sqs.amazonaws.com"]}"#,
    r#"{"Federated": "accounts.google.com"}"#,
];
const CONDITIONS: &[&str] = &[
    r#""StringEquals": {"aws:SourceAccount": "111122223333"}"#,
    r#""StringEquals": {"aws:SourceAccount": ["444455556666", "111122223333"]}"#,
    r#""StringLike": {"aws:SourceAccount": "4444*"}"#,
    r#""StringEqualsIfExists": {"aws:SourceAccount": "444455556666"}"#,
    r#""StringNotEquals": {"aws:SourceAccount": "111122223333"}"#,
    r#""StringEquals": {"aws:SourceAccount": "${aws:PrincipalAccount}"}"#,
    r#""ArnLike": {"aws:SourceArn": "arn:aws:s3:::a"}"#,
    r#""ArnLike": {"aws:SourceArn": "arn:aws:s3:::b*"}"#,
    r#""ArnLike": {"aws:SourceArn": ["no ARN", "arn:aws:s3:::a"]}"#,
    r#""ForAnyValue:StringEquals": {"aws:TagKeys": ["team", "env"]}"#,
    r#""ForAllValues:StringEquals": {"aws:TagKeys": "team"}"#,
    r#""ForAnyValue:StringLike": {"aws:TagKeys": "te*"}"#,
    r#""Null": {"aws:TagKeys": "true"}"#,
    r#""StringEquals": {"aws:PrincipalTag/team": "red"}"#,
];

/// A statement: whether it denies, its elements, which of them are negated, and its condition.
fn statement(kind: PolicyKind) -> impl Strategy<Value = String> {
    let lists = (subsequence(ACTIONS, 1..3), subsequence(RESOURCES, 1..3), select(PRINCIPALS));
    let negated = (prop::bool::weighted(0.15), prop::bool::weighted(0.1), prop::bool::weighted(0.1));
    let condition = prop::option::of(select(CONDITIONS));
    (prop::bool::weighted(0.25), lists, negated, condition).prop_map(
        move |(
            denies,
            (actions, resources, principal),
            (not_action, not_resource, not_principal),
            condition,
        )| {
            let not = |negated| if negated { "Not" } else { "" };
            let mut text = format!(r#"{{"Effect": "{}""#, if denies { "Deny" } else { "Allow" });
            write!(
                text,
                r#", "{}Action": {actions:?}, "{}Resource": {resources:?}"#,
                not(not_action),
                not(not_resource)
            )
            .unwrap();
            if kind == PolicyKind::Resource {
                write!(text, r#", "{}Principal": {principal}"#, not(not_principal)).unwrap();
            }
            if let Some(condition) = condition {
                write!(text, r#", "Condition": {{{condition}}}"#).unwrap();
            }
            text + "}"
        },
    )
}

/// Statements, most of which may be about one action and differ in something else, as those of large sets do.
fn statements() -> impl Strategy<Value = (PolicyKind, Vec<String>)> {
    select(vec![PolicyKind::Identity, PolicyKind::Resource])
        .prop_flat_map(|kind| (Just(kind), vec(statement(kind), 1..48)))
}

#[derive(Clone, Debug)]
struct Asked {
    principal: &'static str,
    action: &'static str,
    resource: &'static str,
    account: Option<&'static str>,
    arn: Option<&'static str>,
    tags: Option<Vec<&'static str>>,
}

fn asked() -> impl Strategy<Value = Asked> {
    let principal = select(vec!["amy", "app", "one", "sns", "root", "other", "anonymous", "google"]);
    let action = select(vec![
        "s3:GetObject",
        "s3:PutObject",
        "S3:getobjectacl",
        "ec2:DescribeX",
        "logs:PutLogEvents",
        "odd",
    ]);
    let resource = select(vec![
        "arn:aws:s3:::a/x",
        "arn:aws:s3:::ab/x",
        "arn:aws:s3:::b/x",
        "arn:aws:s3:::amy/x",
        "arn:aws:s3:eu-west-1:1:c",
        "*",
        "arn:aws:logs:us-east-1:111122223333:log-group:a:log-stream:b",
    ]);
    let account = prop::option::of(select(vec!["111122223333", "444455556666", ""]));
    let arn = prop::option::of(select(vec!["arn:aws:s3:::a", "arn:aws:s3:::bb", "none"]));
    let tags = prop::option::of(subsequence(vec!["team", "env", "tea"], 0..3));
    (principal, action, resource, account, arn, tags).prop_map(
        |(principal, action, resource, account, arn, tags)| Asked {
            principal,
            action,
            resource,
            account,
            arn,
            tags,
        },
    )
}

fn principal(name: &str) -> Principal<'static> {
    match name {
        "amy" => Principal::from_arn("arn:aws:iam::111122223333:user/amy").unwrap().with_unique_id("AIDAAMY"),
        "app" => Principal::from_arn("arn:aws:iam::111122223333:role/app").unwrap().with_tag("team", "red"),
        "one" => Principal::from_arn("arn:aws:sts::111122223333:assumed-role/app/one").unwrap(),
        "sns" => Principal::service("sns.eu-central-1.amazonaws.com"),
        "root" => Principal::root("444455556666"),
        "other" => Principal::from_arn("arn:aws:iam::444455556666:user/bob").unwrap(),
        "google" => Principal::federated("accounts.google.com"),
        _ => Principal::anonymous(),
    }
}

fn request<'a>(asked: &'a Asked, principal: &'a Principal<'a>) -> Request<'a> {
    let mut request = Request::new(principal, asked.action, asked.resource);
    if let Some(account) = asked.account {
        request = request.with("aws:SourceAccount", account);
    }
    if let Some(arn) = asked.arn {
        request = request.with("aws:SourceArn", arn);
    }
    match &asked.tags {
        Some(tags) => request.with_values("aws:TagKeys", tags.iter().copied()),
        None => request,
    }
}

fn compile(kind: PolicyKind, statements: &[String]) -> Arc<CompiledPolicy> {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(", "));
    let document = bailiwick_parser::parse(&text).unwrap();
    Arc::new(CompiledPolicy::new(normalize(&document, Some(kind)).unwrap()))
}

fn policies(kind: PolicyKind, attached: Attached<'_>) -> Policies<'_> {
    match kind {
        PolicyKind::Resource => Policies { resource: attached, ..Policies::default() },
        _ => Policies { identity: attached, ..Policies::default() },
    }
}

/// The same statements: as one policy, as one policy each, as a set of these, and as a set that held others too.
struct Spread {
    kind: PolicyKind,
    whole: [Arc<CompiledPolicy>; 1],
    single: Vec<Arc<CompiledPolicy>>,
    set: PolicySet,
    changed: PolicySet,
}

impl Spread {
    fn new(kind: PolicyKind, statements: &[String]) -> Self {
        let single: Vec<_> = statements.iter().map(|one| compile(kind, std::slice::from_ref(one))).collect();
        let mut changed = PolicySet::new();
        for (place, policy) in single.iter().enumerate() {
            // Something that would decide everything comes and goes all the while.
            let deny = r#"{"Effect": "Deny", "Action": "*", "Resource": "*""#;
            let everyone = if kind == PolicyKind::Resource { r#", "Principal": "*"}"# } else { "}" };
            let passing =
                (place % 3 != 0).then(|| changed.insert(compile(kind, &[format!("{deny}{everyone}")])));
            changed.insert(Arc::clone(policy));
            if place % 7 == 0 {
                changed.index();
            }
            passing.map(|id| changed.remove(id).unwrap());
        }
        assert_eq!(changed.len(), single.len());
        let set = single.iter().map(Arc::clone).collect();
        Self { kind, whole: [compile(kind, statements)], single, set, changed }
    }

    /// What is decided in every way there is to attach them; the first looks at every statement.
    fn decisions(&self, request: &Request<'_>) -> Vec<(&'static str, Decision)> {
        let with = |attached| policies(self.kind, attached);
        let (half, other) = self.single.split_at(self.single.len() / 2);
        vec![
            ("every statement", with(Attached::Shared(&self.single)).explain(request).decision),
            ("one policy, explained", with(Attached::Shared(&self.whole)).explain(request).decision),
            ("set, explained", with(Attached::Set(&self.set)).explain(request).decision),
            ("one policy", with(Attached::Shared(&self.whole)).decide(request)),
            ("a policy each", with(Attached::Shared(&self.single)).decide(request)),
            (
                "union",
                with(Attached::Union(&[Attached::Shared(half), Attached::Shared(other)])).decide(request),
            ),
            ("set", with(Attached::Set(&self.set)).decide(request)),
            ("changed set", with(Attached::Set(&self.changed)).decide(request)),
        ]
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn however_statements_are_spread_the_decision_is_that_of_looking_at_each(
        (kind, statements) in statements(),
        asked in vec(asked(), 24),
    ) {
        let spread = Spread::new(kind, &statements);
        for asked in &asked {
            let principal = principal(asked.principal);
            let decisions = spread.decisions(&request(asked, &principal));
            let (_, expected) = decisions[0];
            prop_assert!(decisions.iter().all(|(_, decision)| *decision == expected), "{asked:?}: {decisions:?}");
        }
    }
}

/// Statements that differ in one thing alone, many enough to be told apart by it.
fn alike(differ: impl Fn(usize) -> String) -> Vec<String> {
    (0..200).map(differ).collect()
}

#[test]
fn many_statements_that_differ_in_one_thing_decide_as_they_would_one_by_one() {
    let by_resource = alike(|n| {
        format!(r#"{{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket-{n}/*"}}"#)
    });
    let by_value = alike(|n| {
        format!(
            r#"{{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {{"StringLike": {{"aws:SourceAccount": "{n}-*"}}}}}}"#
        )
    });
    let by_principal = alike(|n| {
        format!(
            r#"{{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Principal": {{"AWS": "arn:aws:iam::111122223333:user/u{n}"}}}}"#
        )
    });
    let sets = [
        (PolicyKind::Identity, by_resource),
        (PolicyKind::Identity, by_value),
        (PolicyKind::Resource, by_principal),
    ];
    for (kind, statements) in sets {
        let spread = Spread::new(kind, &statements);
        let mut allowed = 0;
        for n in [0, 1, 19, 199, 200, 2_000] {
            let principal = Principal::from_arn(format!("arn:aws:iam::111122223333:user/u{n}")).unwrap();
            let (resource, account) = (format!("arn:aws:s3:::bucket-{n}/k"), format!("{n}-x"));
            let request = Request::new(&principal, "s3:GetObject", &resource)
                .with("aws:SourceAccount", account.as_str());
            let decisions = spread.decisions(&request);
            let expected = if n < 200 { Decision::Allowed } else { Decision::ImplicitDeny };
            assert!(decisions.iter().all(|(_, decision)| *decision == expected), "{n}: {decisions:?}");
            allowed += usize::from(expected.is_allowed());
        }
        assert_eq!(allowed, 4);
    }
}

#[test]
fn statements_that_do_without_their_key_are_found_without_it() {
    let statements = alike(|n| {
        format!(
            r#"{{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {{"StringEqualsIfExists": {{"aws:SourceAccount": "{n}-x"}}}}}}"#
        )
    });
    let spread = Spread::new(PolicyKind::Identity, &statements);
    let amy = Principal::from_arn("arn:aws:iam::111122223333:user/amy").unwrap();
    let without = Request::new(&amy, "s3:GetObject", "arn:aws:s3:::b/k");
    for (request, expected) in [
        (without.clone(), Decision::Allowed),
        (without.clone().with("aws:SourceAccount", "7-x"), Decision::Allowed),
        (without.with("aws:SourceAccount", "nobody"), Decision::ImplicitDeny),
    ] {
        let decisions = spread.decisions(&request);
        assert!(decisions.iter().all(|(_, decision)| *decision == expected), "{decisions:?}");
    }
}

#[test]
fn of_several_values_of_a_key_any_leads_to_the_statements_that_want_it() {
    let statements = alike(|n| {
        format!(
            r#"{{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {{"ForAnyValue:StringEquals": {{"aws:TagKeys": "tag-{n}"}}}}}}"#
        )
    });
    let spread = Spread::new(PolicyKind::Identity, &statements);
    let amy = Principal::from_arn("arn:aws:iam::111122223333:user/amy").unwrap();
    for (keys, expected) in [
        (vec!["other", "tag-7"], Decision::Allowed),
        (vec!["other", "another", "tag-199"], Decision::Allowed),
        (vec!["tag-7", "other"], Decision::Allowed),
        (vec!["other", "another"], Decision::ImplicitDeny),
        (vec![], Decision::ImplicitDeny),
    ] {
        let request = Request::new(&amy, "s3:GetObject", "arn:aws:s3:::b/k").with_values("aws:TagKeys", keys);
        let decisions = spread.decisions(&request);
        assert!(decisions.iter().all(|(_, decision)| *decision == expected), "{decisions:?}");
    }
}

#[test]
fn statements_are_found_by_every_one_of_many_bytes_that_tell_them_apart() {
    let bucket = |n: usize| format!("{}{n}", char::from(b"abcdefghijklmnopqrstuvwxy"[n % 25]));
    let statements = alike(|n| {
        let bucket = bucket(n);
        format!(r#"{{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::{bucket}/*"}}"#)
    });
    let spread = Spread::new(PolicyKind::Identity, &statements);
    let amy = Principal::from_arn("arn:aws:iam::111122223333:user/amy").unwrap();
    for (n, expected) in
        (0..225).map(|n| (n, if n < 200 { Decision::Allowed } else { Decision::ImplicitDeny }))
    {
        let resource = format!("arn:aws:s3:::{}/k", bucket(n));
        let decisions = spread.decisions(&Request::new(&amy, "s3:GetObject", &resource));
        assert!(decisions.iter().all(|(_, decision)| *decision == expected), "{n}: {decisions:?}");
    }
}

#[test]
fn a_document_decides_alike_with_as_many_statements_as_a_word_has_bits_one_less_and_one_more() {
    let amy = Principal::from_arn("arn:aws:iam::111122223333:user/amy").unwrap();
    for count in [63, 64, 65, 128, 129] {
        let statements: Vec<String> = (0..count)
            .map(|n| {
                let effect = if n % 2 == 0 { "Allow" } else { "Deny" };
                format!(r#"{{"Effect": "{effect}", "Action": ["s3:Get*", "s3:*Object"], "Resource": "arn:aws:s3:::*-{n}"}}"#)
            })
            .collect();
        let spread = Spread::new(PolicyKind::Identity, &statements);
        for n in 0..=count {
            let resource = format!("arn:aws:s3:::bucket-{n}");
            let expected = match n {
                _ if n == count => Decision::ImplicitDeny,
                _ if n % 2 == 0 => Decision::Allowed,
                _ => Decision::ExplicitDeny,
            };
            let decisions = spread.decisions(&Request::new(&amy, "s3:GetObject", &resource));
            assert!(
                decisions.iter().all(|(_, decision)| *decision == expected),
                "{n} of {count}: {decisions:?}"
            );
        }
    }
}

/// Every pattern and every value leads to each of many statements, of which the last alone says anything.
#[test]
fn the_last_of_many_statements_decides_however_many_ways_lead_to_each() {
    let amy = Principal::from_arn("arn:aws:iam::111122223333:user/amy").unwrap();
    let statement = |effect: &str, value: &str| {
        format!(
            r#"{{"Effect": "{effect}", "Action": ["s3:GetObject", "s3:Get*", "s3:*Object", "s3:*", "s?:*", "*"],
                "Resource": "*", "Condition": {{
                    "ForAnyValue:StringLike": {{"aws:TagKeys": ["a*", "b*"]}},
                    "StringEquals": {{"aws:SourceAccount": "{value}"}}}}}}"#
        )
    };
    let request = Request::new(&amy, "s3:GetObject", "arn:aws:s3:::b/k")
        .with_values("aws:TagKeys", ["a1", "a2", "b1", "b2"])
        .with("aws:SourceAccount", "own");
    for count in [64, 65, 5_000] {
        for (effect, expected) in [("Allow", Decision::Allowed), ("Deny", Decision::ExplicitDeny)] {
            let mut statements = vec![statement(effect, "another's"); count - 1];
            let silent = compile(PolicyKind::Identity, &statements);
            statements.push(statement(effect, "own"));
            let policy = compile(PolicyKind::Identity, &statements);
            let set: PolicySet = [Arc::clone(&silent), Arc::clone(&policy)].into_iter().collect();
            for (attached, expected) in [
                (Attached::Shared(&[silent]), Decision::ImplicitDeny),
                (Attached::Shared(&[policy]), expected),
                (Attached::Set(&set), expected),
            ] {
                let decision = policies(PolicyKind::Identity, attached).decide(&request);
                assert_eq!(decision, expected, "{effect} among {count}");
            }
        }
    }
}

#[test]
fn an_identifier_is_of_no_policy_once_its_own_is_removed() {
    let allow = r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}"#.to_owned();
    let policy = || compile(PolicyKind::Identity, std::slice::from_ref(&allow));
    let mut set = PolicySet::new();
    let first = set.insert(policy());
    assert!(set.remove(first).is_some());
    let second = set.insert(policy());
    assert!(first != second && set.get(first).is_none() && set.remove(first).is_none());
    assert!(set.get(second).is_some() && set.iter().all(|(id, _)| id == second) && set.len() == 1);
}
