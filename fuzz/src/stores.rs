//! The target over policy stores: random operations, each beside a plain account of what its documentation says.
//!
//! The account says which exceptions an operation may answer with, in no order: which of two mistakes AWS names first
//! is not documented. After every operation everything that can be listed is what the account holds.

use std::collections::{BTreeMap, BTreeSet};

use arbitrary::Unstructured;
use bailiwick_store::{LogGroup, LogsStore, ServiceError, XrayStore};

mod deliveries;
mod listed;
mod policies;
mod subscriptions;

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
}
