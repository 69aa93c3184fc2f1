//! Destinations, their access policies, and subscription filters.

use arbitrary::Unstructured;
use bailiwick_store::{
    LogsStore, PutDestinationInput, PutDestinationPolicyInput, PutSubscriptionFilterInput, limits,
};

use super::{ACCOUNTS, Plain, ROLE, STREAM, Step, document, group, refused};

impl Plain {
    pub(super) fn put_destination(&mut self, store: &mut LogsStore, name: String, now: i64) -> Step {
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

    pub(super) fn put_destination_policy(
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

    pub(super) fn put_filter(
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
}
