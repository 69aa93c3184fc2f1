//! One request after the other that share who asks and in which circumstances: only what differs is read.
//!
//! A request that was moved to another action or resource is the one that would have been built for it. What follows
//! from the action and the resource follows from the new ones; what the caller said stays as it was said, but what was
//! said of one object alone goes with it.

use super::{Request, account_of, is_aws, is_same_account};
use crate::services::{self, Service, is_up_to_object_owner};

impl<'a> Request<'a> {
    /// Asks for another action, and keeps everything else: for many actions of one principal on one resource.
    ///
    /// ```
    /// use bailiwick_evaluator::{Principal, Request};
    ///
    /// let principal = Principal::root("111122223333");
    /// let mut request = Request::new(&principal, "s3:GetObject", "arn:aws:s3:::b/k").with("s3:prefix", "2026/");
    /// request.set_action("s3:ListBucket");
    /// assert_eq!(request.action(), "s3:listbucket");
    /// assert!(request.value("s3:prefix").is_some());
    /// ```
    // PERF: 560 instructions; to build a request with two keys of context takes 1,500, with six 2,400.
    pub fn set_action(&mut self, action: &str) {
        self.action = self.context.replace_own(action);
        self.service = Service::of(self.action_text().service());
        self.candidates = services::candidates(self.service, self.principal, self.action_name());
        self.on_named();
    }

    /// Asks about another resource, and keeps everything else: for many resources that one principal would act on.
    ///
    /// What stays is what the caller said: the action, every context key, the endpoint, Block Public Access, and the
    /// account given by [`with_resource_account`](Self::with_resource_account). Only where the new ARN has an account,
    /// the resource is that account's, whatever was said of the one before. What follows from the resource (its
    /// account, `aws:ResourceAccount`, `kms:RequestAlias`) goes with it, and so does the owner of an object
    /// ([`with_object_owner`](Self::with_object_owner)): it was said of that object. So whatever else differs from
    /// resource to resource (`aws:ResourceTag/…`, `s3:ExistingObjectTag/…`, the account of a bucket, the owner of an
    /// object) is to be set for each, after this.
    ///
    /// ```
    /// use bailiwick_evaluator::{Attached, Policies, PolicyKind, Principal, Request};
    /// # use bailiwick_evaluator::CompiledPolicy;
    /// # let document = bailiwick_parser::parse(
    /// #     r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject",
    /// #     "Resource": "arn:aws:s3:::b/${aws:username}/*"}}"#,
    /// # )?;
    /// # let policy = CompiledPolicy::new(bailiwick_normalizer::normalize(&document, Some(PolicyKind::Identity))?);
    ///
    /// let amy = Principal::from_arn("arn:aws:iam::111122223333:user/amy").unwrap();
    /// let policies = Policies { identity: Attached::List(&[&policy]), ..Policies::default() };
    ///
    /// let objects = ["arn:aws:s3:::b/amy/1.csv", "arn:aws:s3:::b/bob/1.csv", "arn:aws:s3:::b/amy/2.csv"];
    /// let mut request = Request::new(&amy, "s3:GetObject", "*").with("aws:SecureTransport", "true");
    /// let mut readable = objects.to_vec();
    /// readable.retain(|object| {
    ///     request.set_resource(object);
    ///     policies.decide(&request).is_allowed()
    /// });
    /// assert_eq!(readable, ["arn:aws:s3:::b/amy/1.csv", "arn:aws:s3:::b/amy/2.csv"]);
    /// # Ok::<(), bailiwick_source::Errors>(())
    /// ```
    // PERF: 250 instructions, most of them to find the account in the ARN; to build a request with two keys of context
    // takes 1,500, with six 2,400.
    pub fn set_resource(&mut self, resource: &'a str) {
        self.named = resource;
        self.object_owner = None;
        let account = account_of(resource);
        self.is_on_aws_own = is_aws(account);
        self.resource_account = account.or(self.said_account);
        self.on_named();
    }

    /// [`with_resource_account`](Self::with_resource_account), of a request in its place.
    #[inline]
    pub fn set_resource_account(&mut self, account: &'a str) {
        self.said_account = Some(account);
        self.resource_account = Some(account);
        self.on_owner();
    }

    /// [`with_object_owner`](Self::with_object_owner), of a request in its place; as little is checked.
    pub fn set_object_owner(&mut self, account: &'a str) {
        self.object_owner = Some(account);
        self.on_owner();
    }

    /// What follows from the resource that was named and from the action.
    #[inline]
    fn on_named(&mut self) {
        self.resource = self.named;
        if self.service == Service::Kms {
            self.on_key();
        }
        self.on_owner();
    }

    /// What follows from the owner of the resource.
    #[inline]
    fn on_owner(&mut self) {
        let is_foreign = self.object_owner.is_some() && self.object_owner != self.resource_account();
        self.is_foreign_object = is_foreign && is_up_to_object_owner(self);
        let owner = if self.is_foreign_object { self.object_owner } else { self.resource_account };
        self.is_same_account = is_same_account(self.principal, owner);
        self.effects = services::effects(self);
    }
}

#[cfg(test)]
mod tests {
    use crate::{Principal, Request, Value};

    fn one(request: &Request<'_>, key: &str) -> Option<String> {
        match request.value(key)? {
            Value::One(value) => Some(value.to_owned()),
            Value::Many(values) => Some(values.join(",")),
        }
    }

    #[test]
    fn every_key_is_found_after_the_action_became_longer_or_shorter_however_many_there_are() {
        let principal = Principal::root("111111111111");
        for count in [0, 1, 3, 20, 300] {
            let mut request = Request::new(&principal, "s3:GetObject", "*").with("aws:SourceIp", "192.0.2.1");
            let keys: Vec<String> = (0..count).map(|number| format!("aws:RequestTag/t{number}")).collect();
            for key in &keys {
                request.set(key, key.as_str());
            }
            for action in
                ["s3:GetObjectVersionTagging", "EC2:RunInstances", "*", "", "iam:Get\u{212a}ey", "a:b"]
            {
                request.set_action(action);
                assert_eq!(request.action(), action.to_ascii_lowercase());
                let colon = if action.contains(':') { "" } else { ":" };
                assert_eq!(request.action_text().text(), action.to_ascii_lowercase() + colon);
                assert_eq!(one(&request, "aws:sourceip").as_deref(), Some("192.0.2.1"));
                for key in &keys {
                    assert_eq!(one(&request, key).as_deref(), Some(key.as_str()), "{count} keys, {action}");
                }
                request.set("x:y", "z");
                assert_eq!(one(&request, "X:Y").as_deref(), Some("z"));
            }
        }
    }

    #[test]
    fn a_resource_whose_arn_has_an_account_is_that_account_s_and_any_other_the_one_s_that_was_said() {
        let principal = Principal::root("111111111111");
        let mut request = Request::new(&principal, "s3:GetObject", "arn:aws:sqs:us-east-1:222222222222:q");
        request.set_resource("arn:aws:s3:::b/k");
        assert_eq!(request.resource_account(), Some("111111111111"));
        request.set_resource_account("333333333333");
        for (resource, account) in [
            ("arn:aws:s3:::b/l", "333333333333"),
            ("arn:aws:sqs:us-east-1:111111111111:q", "111111111111"),
            ("arn:aws:s3:::b/m", "333333333333"),
        ] {
            request.set_resource(resource);
            assert_eq!((request.resource(), request.resource_account()), (resource, Some(account)));
            assert_eq!(one(&request, "aws:ResourceAccount").as_deref(), Some(account));
            assert_eq!(request.is_same_account(), account == "111111111111");
        }
    }

    #[test]
    fn the_owner_of_an_object_counts_where_it_is_up_to_the_owner_and_is_nothing_to_another_object() {
        let principal = Principal::root("111111111111");
        let mut request = Request::new(&principal, "s3:PutObject", "arn:aws:s3:::b/k")
            .with_resource_account("222222222222");
        request.set_object_owner("111111111111");
        assert!(!request.is_same_account());
        request.set_action("s3:GetObject");
        assert!(request.is_same_account());
        request.set_resource("arn:aws:s3:::b/l");
        assert!(!request.is_same_account());
        request.set_object_owner("111111111111");
        assert!(request.is_same_account());
    }

    #[test]
    fn the_alias_by_which_a_key_was_named_goes_with_the_resource_and_the_action() {
        let principal = Principal::root("111111111111");
        let (alias, key) =
            ("arn:aws:kms:us-east-1:111111111111:alias/a", "arn:aws:kms:us-east-1:111111111111:key/k");
        let mut request = Request::new(&principal, "kms:Decrypt", alias);
        let state = |request: &Request<'_>| (request.resource().to_owned(), one(request, "kms:RequestAlias"));
        let as_alias = ("*".to_owned(), Some("alias/a".to_owned()));
        assert_eq!(state(&request), as_alias);
        request.set_resource(key);
        assert_eq!(state(&request), (key.to_owned(), None));
        request.set_resource(alias);
        assert_eq!(state(&request), as_alias);
        request.set_action("kms:CreateAlias");
        assert_eq!(state(&request), (alias.to_owned(), None));
        request.set_action("s3:GetObject");
        assert_eq!(state(&request), (alias.to_owned(), None));
        request.set_action("kms:Encrypt");
        assert_eq!(state(&request), as_alias);
        request.set("kms:RequestAlias", "alias/b");
        assert_eq!(one(&request, "kms:RequestAlias").as_deref(), Some("alias/b"));
        request.set_resource(key);
        assert_eq!(state(&request), (key.to_owned(), Some("alias/b".to_owned())));
    }

    #[test]
    fn the_rules_of_the_service_are_those_of_the_new_action_and_resource() {
        let principal = Principal::root("111111111111");
        let mut request = Request::new(&principal, "s3:GetObject", "arn:aws:s3:::b/k");
        for action in ["iam:GetPolicy", "iam:DeletePolicy", "kms:Decrypt", "sts:AssumeRole", "s3:GetObject"] {
            request.set_action(action);
            for resource in
                ["arn:aws:iam::aws:policy/p", "arn:aws:iam::111111111111:policy/p", "*", "arn:aws:s3:::b/k"]
            {
                request.set_resource(resource);
                let anew = Request::new(&principal, action, resource);
                assert_eq!(request.effects(), anew.effects(), "{action} on {resource}");
            }
        }
    }
}
