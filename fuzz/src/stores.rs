//! The target over policy stores: random operations, each beside a plain account of what its documentation says.
//!
//! The account says which exceptions an operation may answer with, in no order: which of two mistakes AWS names first
//! is not documented. After every operation everything that can be listed is what the account holds.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use arbitrary::Unstructured;
use bailiwick::delivery::store::{
    CreateDeliveryInput, DeleteResourcePolicyInput, DeleteXrayResourcePolicyInput, DescribeDestinationsInput,
    DescribeResourcePoliciesInput, DescribeSubscriptionFiltersInput, LogGroup, LogsStore, PageInput,
    PolicyScope, PutDeliveryDestinationInput, PutDeliveryDestinationPolicyInput, PutDeliverySourceInput,
    PutDestinationInput, PutDestinationPolicyInput, PutResourcePolicyInput, PutSubscriptionFilterInput,
    PutXrayResourcePolicyInput, ServiceError, XrayStore, limits,
};

const GROUPS: [&str; 3] = ["/aws/a", "/aws/b", "gone"];
const NAMES: [&str; 14] =
    ["p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9", "p10", "p11", "", "a:b"];
const GOOD: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"es.amazonaws.com"},"Action":"logs:PutLogEvents","Resource":"*"}}"#;
const ACCOUNTS: &str = r#"{"Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"logs:PutSubscriptionFilter","Resource":"*"}]}"#;
const DOCUMENTS: [&str; 6] =
    [GOOD, ACCOUNTS, "", "{", r#"{"Statement": []}"#, r#"{"Statement": {"Effect": "Allow"}}"#];
const STREAM: &str = "arn:aws:kinesis:us-east-1:111122223333:stream/s";
const ROLE: &str = "arn:aws:iam::111122223333:role/r";
const SOURCES: [&str; 3] =
    ["arn:aws:cloudfront::111122223333:distribution/D", "arn:aws:es:us-east-1:111122223333:domain/d", "none"];

/// Random operations on one account and Region.
pub fn stores(bytes: &[u8]) {
    let mut store = LogsStore::new("aws", "111122223333", "us-east-1");
    let mut xray = XrayStore::new("111122223333", "us-east-1");
    let mut plain = Plain::default();
    store.know_log_groups();
    for group in GROUPS {
        store.add_log_group(LogGroup { log_group_name: group.to_owned(), ..LogGroup::default() });
        plain.groups.insert(group.to_owned());
    }
    let draw = &mut Unstructured::new(bytes);
    let mut now = 1_700_000_000_000;
    while !draw.is_empty() {
        now += 1000;
        let before = (plain.listed(), xray.list_resource_policies());
        let (got, allowed) = step(draw, &mut store, &mut xray, &mut plain, now);
        match &got {
            Ok(()) => assert!(allowed.is_empty(), "accepted, and documented as {allowed:?}"),
            Err(error) => {
                assert!(allowed.contains(&error.name), "{error}, and documented as {allowed:?}");
                assert_eq!(
                    before,
                    (plain.listed(), xray.list_resource_policies()),
                    "a refusal changes nothing"
                );
            }
        }
        plain.assert_listed(&store, &xray, now);
    }
}

/// What the documentation says there is.
#[derive(Default)]
struct Plain {
    groups: BTreeSet<String>,
    account: BTreeMap<String, String>,
    /// Document and revision.
    group: BTreeMap<String, (String, u64)>,
    /// Access policy.
    destinations: BTreeMap<String, Option<String>>,
    filters: BTreeSet<(String, String)>,
    /// Resource and log type.
    sources: BTreeMap<String, (String, String)>,
    /// Type, and policy.
    targets: BTreeMap<String, (String, Option<String>)>,
    /// Source, and name of the target.
    deliveries: BTreeMap<String, (String, String)>,
    /// Document and revision.
    xray: BTreeMap<String, (String, u64)>,
}

type Step = (Result<(), ServiceError>, Vec<&'static str>);

fn step(
    draw: &mut Unstructured<'_>,
    store: &mut LogsStore,
    xray: &mut XrayStore,
    plain: &mut Plain,
    now: i64,
) -> Step {
    let name = (*draw.choose(&NAMES).unwrap_or(&"p0")).to_owned();
    match draw.int_in_range(0..=13u8).unwrap_or(0) {
        0 | 1 => plain.put_account_policy(draw, store, name, now),
        2 => plain.put_group_policy(draw, store, now),
        3 => plain.delete_policy(draw, store, name),
        4 => plain.put_destination(store, name, now),
        5 => plain.put_destination_policy(draw, store, name),
        6 => {
            let missing = !plain.destinations.contains_key(&name);
            plain.destinations.remove(&name);
            (store.delete_destination(&name), refused(&[(missing, "ResourceNotFoundException")]))
        }
        7 => plain.put_filter(draw, store, name, now),
        8 => {
            let group = group(draw);
            let missing = !plain.groups.contains(&group);
            let absent = !plain.filters.remove(&(group.clone(), name.clone()));
            (
                store.delete_subscription_filter(&group, &name),
                refused(&[(missing || absent, "ResourceNotFoundException")]),
            )
        }
        9 => {
            let group = group(draw);
            let missing = !plain.groups.remove(&group);
            plain.group.remove(&group);
            plain.filters.retain(|(of, _)| *of != group);
            (store.delete_log_group(&group), refused(&[(missing, "ResourceNotFoundException")]))
        }
        10 => plain.put_source(draw, store, name),
        11 => plain.put_target(draw, store, name),
        12 => plain.delivery(draw, store, name),
        _ => plain.xray_policy(draw, xray, name, now),
    }
}

fn group(draw: &mut Unstructured<'_>) -> String {
    (*draw.choose(&GROUPS).unwrap_or(&GROUPS[0])).to_owned()
}

fn document(draw: &mut Unstructured<'_>) -> (String, bool) {
    let document = *draw.choose(&DOCUMENTS).unwrap_or(&GOOD);
    (document.to_owned(), document == GOOD || document == ACCOUNTS)
}

fn refused(reasons: &[(bool, &'static str)]) -> Vec<&'static str> {
    reasons.iter().filter(|(holds, _)| *holds).map(|(_, name)| *name).collect()
}

fn arn(kind: &str, name: &str) -> String {
    format!("arn:aws:logs:us-east-1:111122223333:{kind}:{name}")
}

/// `Some` revision to send: none, the current, a stale one, or no number.
fn revision(draw: &mut Unstructured<'_>, current: Option<u64>) -> Option<String> {
    match draw.int_in_range(0..=4u8).unwrap_or(0) {
        0 => None,
        1 => Some("7777".to_owned()),
        2 => Some("x".to_owned()),
        _ => current.map(|id| id.to_string()),
    }
}

impl Plain {
    fn put_account_policy(
        &mut self,
        draw: &mut Unstructured<'_>,
        store: &mut LogsStore,
        name: String,
        now: i64,
    ) -> Step {
        let (policy_document, readable) = document(draw);
        let full = !self.account.contains_key(&name) && self.account.len() >= 10;
        let reasons =
            [(name.is_empty() || !readable, "InvalidParameterException"), (full, "LimitExceededException")];
        let input = PutResourcePolicyInput {
            policy_name: Some(name.clone()),
            policy_document: policy_document.clone(),
            ..Default::default()
        };
        let got = store.put_resource_policy(&input, now).map(drop);
        if got.is_ok() {
            self.account.insert(name, policy_document);
        }
        (got, refused(&reasons))
    }

    fn put_group_policy(&mut self, draw: &mut Unstructured<'_>, store: &mut LogsStore, now: i64) -> Step {
        let group = group(draw);
        let (policy_document, readable) = document(draw);
        let current = self.group.get(&group).map(|(_, revision)| *revision);
        let expected = revision(draw, current);
        let number = expected.as_ref().map(|id| id.parse::<u64>());
        let reasons = [
            (!readable || matches!(number, Some(Err(_))), "InvalidParameterException"),
            (!self.groups.contains(&group), "ResourceNotFoundException"),
            (expected != current.map(|id| id.to_string()), "OperationAbortedException"),
        ];
        let input = PutResourcePolicyInput {
            policy_document: policy_document.clone(),
            resource_arn: Some(arn("log-group", &group)),
            expected_revision_id: expected,
            ..Default::default()
        };
        let got = store.put_resource_policy(&input, now).map(drop);
        if got.is_ok() {
            self.group.insert(group, (policy_document, current.unwrap_or(0) + 1));
        }
        (got, refused(&reasons))
    }

    fn delete_policy(&mut self, draw: &mut Unstructured<'_>, store: &mut LogsStore, name: String) -> Step {
        if draw.arbitrary().unwrap_or(false) {
            let input = DeleteResourcePolicyInput { policy_name: Some(name.clone()), ..Default::default() };
            let absent = self.account.remove(&name).is_none();
            let reasons =
                [(name.is_empty(), "InvalidParameterException"), (absent, "ResourceNotFoundException")];
            return (store.delete_resource_policy(&input), refused(&reasons));
        }
        let group = group(draw);
        let current = self.group.get(&group).map(|(_, revision)| *revision);
        let expected = revision(draw, current);
        let reasons = [
            (expected.as_ref().is_some_and(|id| id.parse::<u64>().is_err()), "InvalidParameterException"),
            (!self.groups.contains(&group) || current.is_none(), "ResourceNotFoundException"),
            (expected != current.map(|id| id.to_string()), "OperationAbortedException"),
        ];
        let input = DeleteResourcePolicyInput {
            resource_arn: Some(arn("log-group", &group)),
            expected_revision_id: expected,
            ..Default::default()
        };
        let got = store.delete_resource_policy(&input);
        if got.is_ok() {
            self.group.remove(&group);
        }
        (got, refused(&reasons))
    }

    fn put_destination(&mut self, store: &mut LogsStore, name: String, now: i64) -> Step {
        let input = PutDestinationInput {
            destination_name: name.clone(),
            target_arn: STREAM.to_owned(),
            role_arn: ROLE.to_owned(),
        };
        let bad = name.is_empty() || name.contains(':');
        let got = store.put_destination(&input, now).map(drop);
        if got.is_ok() {
            self.destinations.entry(name).or_default();
        }
        (got, refused(&[(bad, "InvalidParameterException")]))
    }

    fn put_destination_policy(
        &mut self,
        draw: &mut Unstructured<'_>,
        store: &mut LogsStore,
        name: String,
    ) -> Step {
        let (access_policy, _) = document(draw);
        // Accounts must be named, not services.
        let bad = access_policy != ACCOUNTS || !self.destinations.contains_key(&name);
        let input = PutDestinationPolicyInput {
            destination_name: name.clone(),
            access_policy: access_policy.clone(),
            force_update: None,
        };
        let got = store.put_destination_policy(&input);
        if got.is_ok() {
            self.destinations.insert(name, Some(access_policy));
        }
        (got, refused(&[(bad, "InvalidParameterException")]))
    }

    fn put_filter(
        &mut self,
        draw: &mut Unstructured<'_>,
        store: &mut LogsStore,
        name: String,
        now: i64,
    ) -> Step {
        let group = group(draw);
        let with_role = draw.arbitrary().unwrap_or(true);
        let long = draw.ratio(1u8, 8u8).unwrap_or(false);
        let key = (group.clone(), name.clone());
        let full = !self.filters.contains(&key)
            && self.filters.iter().filter(|(of, _)| *of == group).count() >= limits::SUBSCRIPTION_FILTERS;
        let reasons = [
            (name.is_empty() || name.contains(':') || long || !with_role, "InvalidParameterException"),
            (!self.groups.contains(&group), "ResourceNotFoundException"),
            (full, "LimitExceededException"),
        ];
        let input = PutSubscriptionFilterInput {
            log_group_name: group,
            filter_name: name,
            filter_pattern: if long { "x".repeat(1025) } else { String::new() },
            destination_arn: STREAM.to_owned(),
            role_arn: with_role.then(|| ROLE.to_owned()),
            distribution: None,
        };
        let got = store.put_subscription_filter(&input, now);
        if got.is_ok() {
            self.filters.insert(key);
        }
        (got, refused(&reasons))
    }

    fn put_source(&mut self, draw: &mut Unstructured<'_>, store: &mut LogsStore, name: String) -> Step {
        let in_use = self.deliveries.values().any(|(source, _)| *source == name);
        if draw.ratio(1u8, 3u8).unwrap_or(false) {
            let absent = !self.sources.contains_key(&name);
            let got = store.delete_delivery_source(&name);
            if got.is_ok() {
                self.sources.remove(&name);
            }
            return (got, refused(&[(absent, "ResourceNotFoundException"), (in_use, "ConflictException")]));
        }
        let resource = (*draw.choose(&SOURCES).unwrap_or(&SOURCES[0])).to_owned();
        let log_type = (*draw.choose(&["ACCESS_LOGS", "ES_LOGS"]).unwrap_or(&"ACCESS_LOGS")).to_owned();
        let logs = (resource.clone(), log_type.clone());
        let taken = self.sources.iter().any(|(other, of)| *other != name && *of == logs);
        let changes = in_use && self.sources.get(&name) != Some(&logs);
        let bad = name.is_empty() || name.contains(':') || !resource.starts_with("arn:");
        let reasons = [(bad, "ValidationException"), (taken || changes, "ConflictException")];
        let input =
            PutDeliverySourceInput { name: name.clone(), resource_arn: resource, log_type, tags: None };
        let got = store.put_delivery_source(&input).map(drop);
        if got.is_ok() {
            self.sources.insert(name, logs);
        }
        (got, refused(&reasons))
    }

    fn put_target(&mut self, draw: &mut Unstructured<'_>, store: &mut LogsStore, name: String) -> Step {
        let present = self.targets.contains_key(&name);
        match draw.int_in_range(0..=3u8).unwrap_or(0) {
            0 => {
                let (text, readable) = document(draw);
                let reasons = [
                    (name.is_empty() || name.contains(':') || !readable, "ValidationException"),
                    (!present, "ResourceNotFoundException"),
                ];
                let input = PutDeliveryDestinationPolicyInput {
                    delivery_destination_name: name.clone(),
                    delivery_destination_policy: text.clone(),
                };
                let got = store.put_delivery_destination_policy(&input).map(drop);
                if got.is_ok()
                    && let Some((_, policy)) = self.targets.get_mut(&name)
                {
                    *policy = Some(text);
                }
                (got, refused(&reasons))
            }
            1 => {
                let policy = self.targets.get_mut(&name).and_then(|(_, policy)| policy.take());
                (
                    store.delete_delivery_destination_policy(&name),
                    refused(&[(policy.is_none(), "ResourceNotFoundException")]),
                )
            }
            _ => {
                let input = PutDeliveryDestinationInput {
                    name: name.clone(),
                    delivery_destination_configuration: Some(
                        bailiwick::delivery::store::DeliveryDestinationConfiguration {
                            destination_resource_arn: "arn:aws:s3:::logs".to_owned(),
                        },
                    ),
                    ..Default::default()
                };
                let got = store.put_delivery_destination(&input).map(drop);
                if got.is_ok() {
                    let policy = self.targets.remove(&name).and_then(|(_, policy)| policy);
                    self.targets.insert(name.clone(), ("S3".to_owned(), policy));
                }
                (got, refused(&[(name.is_empty() || name.contains(':'), "ValidationException")]))
            }
        }
    }

    fn delivery(&mut self, draw: &mut Unstructured<'_>, store: &mut LogsStore, name: String) -> Step {
        let id = (*draw.choose(&["d0", "d1", "d2", "d-3"]).unwrap_or(&"d0")).to_owned();
        if draw.ratio(1u8, 3u8).unwrap_or(false) {
            let absent = self.deliveries.remove(&id).is_none();
            return (store.delete_delivery(&id), refused(&[(absent, "ResourceNotFoundException")]));
        }
        let source = (*draw.choose(&NAMES).unwrap_or(&"p0")).to_owned();
        let missing = !self.sources.contains_key(&source) || !self.targets.contains_key(&name);
        let taken =
            self.deliveries.contains_key(&id) || self.deliveries.values().any(|(of, _)| *of == source);
        let reasons = [
            (id.contains('-'), "ValidationException"),
            (missing, "ResourceNotFoundException"),
            (taken, "ConflictException"),
        ];
        let input = CreateDeliveryInput {
            delivery_source_name: source.clone(),
            delivery_destination_arn: arn("delivery-destination", &name),
            ..Default::default()
        };
        let got = store.create_delivery(&input, None, &id).map(drop);
        if got.is_ok() {
            self.deliveries.insert(id, (source, name));
        }
        (got, refused(&reasons))
    }

    fn xray_policy(
        &mut self,
        draw: &mut Unstructured<'_>,
        xray: &mut XrayStore,
        name: String,
        now: i64,
    ) -> Step {
        let current = self.xray.get(&name).map(|(_, revision)| *revision);
        let id = match draw.int_in_range(0..=4u8).unwrap_or(0) {
            0 => Some("0".to_owned()),
            1 => Some("9".to_owned()),
            2 => None,
            _ => current.map(|id| id.to_string()),
        };
        let stale = match id.as_deref() {
            None => false,
            Some("0") => current.is_some(),
            Some(id) => current.is_none_or(|current| current.to_string() != id),
        };
        if draw.ratio(1u8, 3u8).unwrap_or(false) {
            let reasons =
                [(current.is_none(), "InvalidRequestException"), (stale, "InvalidPolicyRevisionIdException")];
            let input = DeleteXrayResourcePolicyInput { policy_name: name.clone(), policy_revision_id: id };
            let got = xray.delete_resource_policy(&input);
            if got.is_ok() {
                self.xray.remove(&name);
            }
            return (got, refused(&reasons));
        }
        let (mut text, readable) = document(draw);
        let large = draw.ratio(1u8, 8u8).unwrap_or(false);
        if large {
            text.push_str(&" ".repeat(limits::XRAY_POLICY_BYTES));
        }
        let locks = draw.ratio(1u8, 8u8).unwrap_or(false);
        let reasons = [
            (name.is_empty() || name.contains(':'), "ValidationException"),
            (!readable, "MalformedPolicyDocumentException"),
            (large, "PolicySizeLimitExceededException"),
            (stale, "InvalidPolicyRevisionIdException"),
            (current.is_none() && self.xray.len() >= 5, "PolicyCountLimitExceededException"),
            (locks, "LockoutPreventionException"),
        ];
        let input = PutXrayResourcePolicyInput {
            policy_name: name.clone(),
            policy_document: text.clone(),
            policy_revision_id: id,
            bypass_policy_lockout_check: Some(!locks),
        };
        // Asked first about the documents before, then about those after.
        let asked = Cell::new(false);
        let got = xray.put_resource_policy(&input, now, |_| !locks || !asked.replace(true)).map(drop);
        if got.is_ok() {
            self.xray.insert(name, (text, current.unwrap_or(0) + 1));
        }
        (got, refused(&reasons))
    }

    fn listed(&self) -> String {
        format!(
            "{:?}{:?}{:?}{:?}{:?}{:?}{:?}",
            self.account,
            self.group,
            self.destinations,
            self.filters,
            self.sources,
            self.targets,
            self.deliveries
        )
    }

    /// Everything that can be listed is what there is, however it is cut into pages.
    fn assert_listed(&self, store: &LogsStore, xray: &XrayStore, now: i64) {
        for (scope, expected) in [
            (PolicyScope::Account, self.account.values().cloned().collect::<Vec<_>>()),
            (PolicyScope::Resource, self.group.values().map(|(document, _)| document.clone()).collect()),
        ] {
            let listed = pages(|limit, next_token| {
                let input = DescribeResourcePoliciesInput {
                    policy_scope: scope,
                    limit,
                    next_token,
                    ..Default::default()
                };
                let page =
                    store.describe_resource_policies(&input, now).unwrap_or_else(|error| panic!("{error}"));
                (
                    page.resource_policies.into_iter().map(|policy| policy.policy_document).collect(),
                    page.next_token,
                )
            });
            assert_eq!(listed, expected, "{scope:?}");
        }
        assert!(self.account.len() <= limits::ACCOUNT_RESOURCE_POLICIES);
        let listed = pages(|limit, next_token| {
            let input = DescribeDestinationsInput { limit, next_token, ..Default::default() };
            let page = store.describe_destinations(&input, now).unwrap_or_else(|error| panic!("{error}"));
            (
                page.destinations.into_iter().map(|d| (d.destination_name, d.access_policy)).collect(),
                page.next_token,
            )
        });
        assert_eq!(listed, self.destinations.clone().into_iter().collect::<Vec<_>>());
        for group in &self.groups {
            let listed = pages(|limit, next_token| {
                let input = DescribeSubscriptionFiltersInput {
                    log_group_name: group.clone(),
                    limit,
                    next_token,
                    ..Default::default()
                };
                let page = store
                    .describe_subscription_filters(&input, now)
                    .unwrap_or_else(|error| panic!("{error}"));
                (
                    page.subscription_filters
                        .into_iter()
                        .map(|f| (f.log_group_name, f.filter_name))
                        .collect(),
                    page.next_token,
                )
            });
            let expected: Vec<_> = self.filters.iter().filter(|(of, _)| of == group).cloned().collect();
            assert_eq!(listed, expected);
            let own = store.policies_of_log_group(group).count();
            assert_eq!(own, self.account.len() + usize::from(self.group.contains_key(group)));
        }
        let sources = pages(|limit, next_token| {
            let page = store.describe_delivery_sources(&PageInput { limit, next_token }, now);
            let page = page.unwrap_or_else(|error| panic!("{error}"));
            (page.delivery_sources.into_iter().map(|source| source.name).collect(), page.next_token)
        });
        assert_eq!(sources, self.sources.keys().cloned().collect::<Vec<_>>());
        let deliveries = pages(|limit, next_token| {
            let page = store.describe_deliveries(&PageInput { limit, next_token }, now);
            let page = page.unwrap_or_else(|error| panic!("{error}"));
            let of = |d: bailiwick::delivery::store::StoredDelivery| (d.id, d.delivery_source_name);
            (page.deliveries.into_iter().map(of).collect(), page.next_token)
        });
        let expected: Vec<_> =
            self.deliveries.iter().map(|(id, (source, _))| (id.clone(), source.clone())).collect();
        assert_eq!(deliveries, expected);
        for (name, (_, policy)) in &self.targets {
            let got = store.get_delivery_destination_policy(name).unwrap_or_else(|error| panic!("{error}"));
            let text = got.policy.and_then(|policy| policy.delivery_destination_policy);
            assert_eq!(text, *policy);
        }
        let listed: Vec<_> = xray
            .policies()
            .map(|policy| {
                (
                    policy.policy_name.clone(),
                    policy.policy_document.clone(),
                    policy.policy_revision_id.clone(),
                )
            })
            .collect();
        let expected: Vec<_> = self
            .xray
            .iter()
            .map(|(name, (text, id))| (name.clone(), text.clone(), Some(id.to_string())))
            .collect();
        assert_eq!(listed, expected);
    }
}

/// Everything of a list, read in pages of two, which is what it is in one page.
fn pages<T: PartialEq + std::fmt::Debug>(
    mut page: impl FnMut(Option<u64>, Option<String>) -> (Vec<T>, Option<String>),
) -> Vec<T> {
    let (whole, rest) = page(None, None);
    assert!(rest.is_none(), "fifty are a page");
    let (mut paged, mut token) = page(Some(2), None);
    while let Some(next) = token {
        let (more, rest) = page(Some(2), Some(next));
        assert!(!more.is_empty(), "a token leads to more");
        paged.extend(more);
        token = rest;
    }
    assert_eq!(paged, whole);
    whole
}
