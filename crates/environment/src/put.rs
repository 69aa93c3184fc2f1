//! Changing a document of an environment, to see what the change would do.

use std::sync::Arc;

use crate::arn::log_group_of;
use crate::document::{Document, DocumentId, DocumentKind, PolicySource};
use crate::groups::DocumentGroup;
use crate::model::{Attached, Environment, partition_of};
use bailiwick_store::{
    DescribeResourcePoliciesOutput, PutDestinationPolicyInput, PutResourcePolicyInput,
    PutXrayResourcePolicyInput, ResourcePolicy,
};

impl Environment {
    /// A document, if there is one.
    #[must_use]
    pub fn document(&self, id: &DocumentId) -> Option<Document> {
        if let Some(named) = self.named.iter().find(|named| named.document.id == *id) {
            return Some(named.document.clone());
        }
        let want = match id.kind {
            DocumentKind::LogsAccount => {
                // Any log group is under the account's policies.
                let partition = partition_of(&id.region);
                DocumentGroup::LogGroup(format!(
                    "arn:{partition}:logs:{}:{}:log-group:any",
                    id.region, id.account
                ))
            }
            DocumentKind::LogGroup => DocumentGroup::LogGroup(id.attached_to.clone()),
            DocumentKind::Xray => {
                DocumentGroup::Xray { account: id.account.clone(), region: id.region.clone() }
            }
            DocumentKind::RoleIdentity | DocumentKind::UserIdentity => {
                DocumentGroup::Identity(id.attached_to.clone())
            }
            kind => DocumentGroup::Attached(kind, id.attached_to.clone()),
        };
        let documents = self.find(&want).documents;
        documents.into_iter().find(|document| document.id == *id)
    }

    /// The revision of a log group's policy.
    #[must_use]
    pub fn revision_of(&self, id: &DocumentId) -> Option<&str> {
        let logs = &self.region(&id.account, &id.region)?.logs;
        let own =
            logs.policies_of_log_group(log_group_of(&id.attached_to)).find(|p| p.resource_arn.is_some())?;
        own.revision_id.as_deref()
    }

    /// Replaces the document of this identity, or adds one. Documents of CloudWatch Logs and
    /// X-Ray go through the operations of their stores, so that their limits hold.
    ///
    /// # Errors
    ///
    /// The exception of the store, or the limit that would be broken, in words.
    pub fn put_document(&mut self, id: &DocumentId, text: &str) -> Result<(), String> {
        if let Some((limit, unit)) = id.kind.limit()
            && unit.measure(text) > limit
        {
            let size = unit.measure(text);
            return Err(format!("the {id} would have {size} of at most {limit} {}", unit.as_str()));
        }
        if let Some(place) = self.named.iter().position(|named| named.document.id == *id) {
            let source = self.source(id, text)?;
            if let Some(named) = self.named.get_mut(place) {
                named.document.source = source;
            }
            return Ok(());
        }
        match id.kind {
            DocumentKind::LogsAccount => self.put_account_policy(id, text),
            DocumentKind::LogGroup => {
                self.put_group_policy(id, text);
                Ok(())
            }
            DocumentKind::Xray => {
                let input = PutXrayResourcePolicyInput {
                    policy_name: id.name.clone(),
                    policy_document: text.to_owned(),
                    ..PutXrayResourcePolicyInput::default()
                };
                // The caller is not known; a statement that grants something to a service locks no caller out.
                let xray = &mut self.region_mut(&id.account, &id.region).xray;
                xray.put_resource_policy(&input, 0, |_| true).map(drop).map_err(|error| error.to_string())
            }
            DocumentKind::Destination => {
                let input = PutDestinationPolicyInput {
                    destination_name: id.attached_to.rsplit(':').next().unwrap_or_default().to_owned(),
                    access_policy: text.to_owned(),
                    force_update: None,
                };
                let logs = &mut self.region_mut(&id.account, &id.region).logs;
                logs.put_destination_policy(&input).map_err(|error| error.to_string())
            }
            DocumentKind::RoleIdentity | DocumentKind::UserIdentity => {
                if self.managed.contains_key(&id.name) {
                    return Err(format!("{} is a managed policy, which others may use", id.name));
                }
                let source = self.source(id, text)?;
                let identity = self.identities.entry(id.attached_to.clone()).or_default();
                identity.inline.insert(id.name.clone(), source);
                // Only an identity whose policies are all known is changed.
                identity.inline_names.get_or_insert_default();
                (identity.attached_known, identity.boundary_known, identity.groups_known) =
                    (true, true, true);
                Ok(())
            }
            kind => {
                let attached = Attached {
                    account: id.account.clone(),
                    region: id.region.clone(),
                    source: Some(self.source(id, text)?),
                };
                self.attached.insert((kind, id.attached_to.clone()), attached);
                Ok(())
            }
        }
    }

    fn source(&self, id: &DocumentId, text: &str) -> Result<Arc<PolicySource>, String> {
        self.sources.get(id.kind.policy_kind(), text).map_err(|errors| {
            let mistakes: Vec<String> = errors.iter().map(ToString::to_string).collect();
            format!("the {id} would not be a policy: {}", mistakes.join("; "))
        })
    }

    fn put_account_policy(&mut self, id: &DocumentId, text: &str) -> Result<(), String> {
        let input = PutResourcePolicyInput {
            policy_name: Some(id.name.clone()),
            policy_document: text.to_owned(),
            ..PutResourcePolicyInput::default()
        };
        let region = self.region_mut(&id.account, &id.region);
        region.logs.put_resource_policy(&input, 0).map(drop).map_err(|error| error.to_string())
    }

    /// Puts the log group's policy, whatever its revision is, which only the caller knows.
    fn put_group_policy(&mut self, id: &DocumentId, text: &str) {
        let policy = ResourcePolicy {
            policy_document: text.to_owned(),
            resource_arn: Some(id.attached_to.clone()),
            revision_id: Some("1".to_owned()),
            ..ResourcePolicy::default()
        };
        let output = DescribeResourcePoliciesOutput { resource_policies: vec![policy], next_token: None };
        self.region_mut(&id.account, &id.region).logs.restore_resource_policies(output);
    }
}
