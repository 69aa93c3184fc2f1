//! Resource policies of CloudWatch Logs and X-Ray.

use std::cell::Cell;

use arbitrary::Unstructured;
use bailiwick_store::{
    DeleteResourcePolicyInput, DeleteXrayResourcePolicyInput, LogsStore, PutResourcePolicyInput,
    PutXrayResourcePolicyInput, XrayStore, limits,
};

use super::{Plain, Step, arn, document, group, refused, revision};

impl Plain {
    pub(super) fn put_account_policy(
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

    pub(super) fn put_group_policy(
        &mut self,
        draw: &mut Unstructured<'_>,
        store: &mut LogsStore,
        now: i64,
    ) -> Step {
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

    pub(super) fn delete_policy(
        &mut self,
        draw: &mut Unstructured<'_>,
        store: &mut LogsStore,
        name: String,
    ) -> Step {
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

    pub(super) fn xray_policy(
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
}
