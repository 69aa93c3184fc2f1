//! CloudWatch Logs resource policies: ten for the account in a Region, and one for each log group.
//!
//! A document that grants other actions than `logs:PutLogEvents` and `logs:CreateLogStream`, or that names other
//! principals than services, has no effect; the store accepts it, as AWS does. Follows
//! `PutResourcePolicy`, `DeleteResourcePolicy` and `DescribeResourcePolicies` of the CloudWatch Logs API.
//!
//! It is not known whether a document of account scope may be longer than 5,120 characters
//! ([`limits::ACCOUNT_RESOURCE_POLICY_CHARACTERS`]). The API accepts 51,200, and so does this store.

use crate::arn::log_group_name;
use crate::document;
use crate::error::{Done, ServiceError};
use crate::limits;
use crate::logs::LogsStore;
use crate::member::Member;
use crate::operations::log_groups::no_such_log_group;
use crate::page::page;
use crate::revision;
use crate::shapes::resource_policies::{
    DeleteResourcePolicyInput, DescribeResourcePoliciesInput, DescribeResourcePoliciesOutput, PolicyScope,
    PutResourcePolicyInput, PutResourcePolicyOutput, ResourcePolicy,
};

impl LogsStore {
    /// `PutResourcePolicy` at `now` (milliseconds since 1970): creates or replaces a policy.
    ///
    /// # Errors
    ///
    /// `InvalidParameterException` for a member or a document that is not well-formed, `ValidationException` for
    /// a `resourceArn` that names no log group, `ResourceNotFoundException` for a log group that does not exist
    /// here, `OperationAbortedException` for a revision that is not the current one, `LimitExceededException` for
    /// the eleventh policy of the account.
    ///
    /// ```
    /// use bailiwick_store::{LogsStore, PutResourcePolicyInput};
    ///
    /// let mut logs = LogsStore::new("aws", "111122223333", "us-east-1");
    /// let mut input = PutResourcePolicyInput {
    ///     resource_arn: Some("arn:aws:logs:us-east-1:111122223333:log-group:app".into()),
    ///     policy_document: r#"{"Statement": {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"},
    ///         "Action": "logs:PutLogEvents", "Resource": "*"}}"#.into(),
    ///     ..Default::default()
    /// };
    /// let first = logs.put_resource_policy(&input, 0)?;
    /// // The next change must name the revision that it replaces.
    /// assert_eq!(logs.put_resource_policy(&input, 0).unwrap_err().name, "OperationAbortedException");
    /// input.expected_revision_id = first.revision_id;
    /// assert_eq!(logs.put_resource_policy(&input, 0)?.revision_id.as_deref(), Some("2"));
    /// # Ok::<(), bailiwick_store::ServiceError>(())
    /// ```
    pub fn put_resource_policy(
        &mut self,
        input: &PutResourcePolicyInput,
        now: i64,
    ) -> Result<PutResourcePolicyOutput, ServiceError> {
        // AWS checks the two names before the document.
        let target = self.target(input.policy_name.as_deref(), input.resource_arn.as_deref())?;
        let text = &input.policy_document;
        Member::parameter("policyDocument", text).length(1, limits::RESOURCE_POLICY_CHARACTERS)?;
        if document::statements(text).is_none() {
            return Err(ServiceError::malformed_document());
        }
        let mut policy = ResourcePolicy {
            policy_document: text.clone(),
            last_updated_time: Some(now),
            ..ResourcePolicy::default()
        };
        match target {
            Target::Account(name) => {
                let is_new = !self.account_policies.contains_key(name);
                if is_new && self.account_policies.len() >= limits::ACCOUNT_RESOURCE_POLICIES {
                    return Err(ServiceError::limit_exceeded());
                }
                // AWS ignores a revision here, even one that is not a number.
                policy.policy_name = Some(name.to_owned());
                self.account_policies.insert(name.to_owned(), policy.clone());
            }
            Target::LogGroup(arn) => {
                let current = self.group_policies.get(arn).and_then(|policy| policy.revision_id.as_deref());
                check_revision(input.expected_revision_id.as_deref(), current)?;
                policy.policy_scope = PolicyScope::Resource;
                policy.resource_arn = Some(arn.to_owned());
                policy.revision_id = Some(revision::next(current));
                self.group_policies.insert(arn.to_owned(), policy.clone());
            }
        }
        Ok(PutResourcePolicyOutput { revision_id: policy.revision_id.clone(), resource_policy: policy })
    }

    /// `DeleteResourcePolicy`.
    ///
    /// # Errors
    ///
    /// As [`LogsStore::put_resource_policy`]; `ResourceNotFoundException` also for a policy that does not exist.
    pub fn delete_resource_policy(&mut self, input: &DeleteResourcePolicyInput) -> Done {
        match self.target(input.policy_name.as_deref(), input.resource_arn.as_deref())? {
            Target::Account(name) => {
                self.account_policies.remove(name).map(drop).ok_or_else(|| no_such_policy(name))
            }
            Target::LogGroup(arn) => {
                let current = self.group_policies.get(arn).ok_or_else(|| no_such_policy(arn))?;
                check_revision(input.expected_revision_id.as_deref(), current.revision_id.as_deref())?;
                self.group_policies.remove(arn);
                Ok(())
            }
        }
    }

    /// `DescribeResourcePolicies` at `now`. It returns documents as they were put; AWS's own output sorts principals
    /// and writes lists of one element as a string.
    ///
    /// # Errors
    ///
    /// `InvalidParameterException` for a `resourceArn` under scope `ACCOUNT`, a limit outside 1–50 or a token that
    /// is not one or older than 24 hours; `ValidationException` for a `resourceArn` that names no log group.
    pub fn describe_resource_policies(
        &self,
        input: &DescribeResourcePoliciesInput,
        now: i64,
    ) -> Result<DescribeResourcePoliciesOutput, ServiceError> {
        let (resource_policies, next_token) = match (input.policy_scope, input.resource_arn.as_deref()) {
            (PolicyScope::Account, Some(_)) => {
                return Err(ServiceError::parameter("Cannot provide ResourceArn for PolicyScope ACCOUNT"));
            }
            (PolicyScope::Account, None) => page(self.account_policies.values(), input, now)?,
            (PolicyScope::Resource, None) => page(self.group_policies.values(), input, now)?,
            (PolicyScope::Resource, Some(arn)) => {
                log_group_name(arn)?;
                page(self.group_policies.get(arn).into_iter(), input, now)?
            }
        };
        Ok(DescribeResourcePoliciesOutput { resource_policies, next_token })
    }

    /// The number of policies without a `resourceArn`.
    #[must_use]
    pub fn account_policy_count(&self) -> usize {
        self.account_policies.len()
    }

    /// Every policy that decides about writes to this log group: those of the account and the group's own. All are
    /// evaluated as one union, in which a Deny wins.
    pub fn policies_of_log_group(&self, name: &str) -> impl Iterator<Item = &ResourcePolicy> {
        let own = self.group_policies.get(&self.arn(&format!("log-group:{name}")));
        self.account_policies.values().chain(own)
    }

    fn target<'a>(&self, name: Option<&'a str>, arn: Option<&'a str>) -> Result<Target<'a>, ServiceError> {
        match (name, arn) {
            (Some(_), Some(_)) => Err(ServiceError::parameter(
                "Both policy name and resource arn cannot be specified at the same time.",
            )),
            (None, None) => {
                Err(ServiceError::parameter("Either policy name or resource arn must be specified."))
            }
            (Some(name), None) => {
                Member::parameter("policyName", name).length(1, usize::MAX)?;
                Ok(Target::Account(name))
            }
            (None, Some(arn)) => {
                let group = log_group_name(arn)?;
                if arn != self.arn(&format!("log-group:{group}")) {
                    return Err(no_such_log_group());
                }
                self.require_log_group(group)?;
                Ok(Target::LogGroup(arn))
            }
        }
    }
}

enum Target<'a> {
    Account(&'a str),
    LogGroup(&'a str),
}

fn check_revision(expected: Option<&str>, current: Option<&str>) -> Result<(), ServiceError> {
    if expected.is_some_and(|id| id.parse::<u64>().is_err()) {
        return Err(ServiceError::parameter("Invalid ExpectedRevisionId"));
    }
    if expected == current {
        return Ok(());
    }
    Err(ServiceError::new(
        "OperationAbortedException",
        "A conflicting operation is currently in progress against this resource. Please try again.",
    ))
}

fn no_such_policy(name: &str) -> ServiceError {
    ServiceError::missing(format!("Policy with name [{name}] does not exist."))
}
