//! What can be listed.

use bailiwick_store::{
    DescribeDestinationsInput, DescribeResourcePoliciesInput, DescribeSubscriptionFiltersInput, LogsStore,
    PageInput, PolicyScope, XrayStore, limits,
};

use super::Plain;

impl Plain {
    /// Everything that can be listed is what there is, however it is cut into pages.
    pub(super) fn assert_listed(&self, store: &LogsStore, xray: &XrayStore, now: i64) {
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
            let of = |d: bailiwick_store::Delivery| (d.id, d.delivery_source_name);
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
