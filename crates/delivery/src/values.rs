//! The values a delivery of the catalogue is written with: its own members, what follows from them, and facts of
//! the environment.
//!
//! `{name}` in a template is a member or something that follows from one; `{name.part}` is a part of the ARN
//! `{name}` (`account`, `region`, `service`, `name`) or a fact of the environment about it.

use std::collections::BTreeMap;

use bailiwick_aws::Region;
use bailiwick_environment::arn::{field, is_arn, last_part, log_group_of};
use bailiwick_environment::{Environment, partition_of};
use bailiwick_store::DestinationPolicyScope;

/// How a bucket is encrypted of which only the key is known.
pub(crate) const UNDER_SOME_KEY: &str = "SSE-KMS or DSSE-KMS";

/// Named values over an environment.
#[derive(Clone, Debug)]
pub(crate) struct Values<'e> {
    given: BTreeMap<String, String>,
    environment: &'e Environment,
}

impl<'e> Values<'e> {
    pub(crate) fn new(given: BTreeMap<String, String>, environment: &'e Environment) -> Self {
        let mut values = Self { given, environment };
        values.derive();
        values
    }

    pub(crate) fn environment(&self) -> &'e Environment {
        self.environment
    }

    /// A value, if there is one.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        if let Some(value) = self.given.get(name) {
            return Some(value.clone());
        }
        let (subject, part) = name.split_once('.')?;
        let subject = self.given.get(subject)?;
        let place = match part {
            "service" => Some(2),
            "region" => Some(3),
            "account" => Some(4),
            _ => None,
        };
        if let Some(place) = place
            && !field(subject, place).is_empty()
        {
            return Some(field(subject, place).to_owned());
        }
        if part == "name" {
            return Some(last_part(subject).to_owned());
        }
        self.environment.fact(subject, part).map(str::to_owned)
    }

    /// Gives a value a name, unless the name has one.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.given.entry(name.to_owned()).or_insert_with(|| value.into());
    }

    /// Fills a template in.
    ///
    /// # Errors
    ///
    /// The name that has no value.
    pub(crate) fn render(&self, template: &str) -> Result<String, String> {
        let mut text = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let Some((name, behind)) = after.split_once('}') else { break };
            text.push_str(&self.get(name).ok_or_else(|| name.to_owned())?);
            rest = behind;
        }
        text.push_str(rest);
        Ok(text)
    }

    /// What follows from the members.
    fn derive(&mut self) {
        for (end, account) in [("source", "sourceAccount"), ("destination", "destinationAccount")] {
            if let Some(account) = self.given.get(account).cloned() {
                self.set(&format!("{end}.account"), account);
            }
        }
        if let Some(account) = self.get("source.account") {
            self.set("account", account);
        }
        for end in ["source.region", "destination.region"] {
            if let Some(region) = self.get(end) {
                self.set("region", region);
            }
        }
        let partition = ["source", "destination"]
            .into_iter()
            .filter_map(|end| self.given.get(end))
            .find(|arn| is_arn(arn))
            .map(|arn| field(arn, 1).to_owned());
        let partition =
            partition.unwrap_or_else(|| partition_of(&self.get("region").unwrap_or_default()).to_owned());
        self.set("partition", partition);
        if let Some(arn) = self.given.get("destination").cloned() {
            self.destination(&arn);
        }
        if let Some(service) = self.get("source.service") {
            self.set("logService", log_service(&service));
        }
        if let Some(source) = self.given.get("source").cloned()
            && source.contains(":log-group:")
        {
            let group = source.strip_suffix(":*").unwrap_or(&source);
            self.set("source.group", group);
            let (account, region) = (field(group, 4), field(group, 3));
            let filters = self.environment.subscription_filters(account, region, log_group_of(group));
            if let Some(filters) = filters {
                self.set("group.filters", filters.to_string());
            }
        }
        self.sns();
        self.set("senderRole.given", if self.given.contains_key("senderRole") { "given" } else { "absent" });
        if let (Some(account), Some(region)) = (self.get("account"), self.get("region")) {
            let xray = format!("arn:{}:xray:{region}:{account}", partition_of(&region));
            self.set("xray", xray);
        }
        self.organization();
        self.delivery_source();
    }

    fn destination(&mut self, arn: &str) {
        let bare = arn.strip_suffix(":*").unwrap_or(arn);
        self.set("destination.ending", if bare == arn { "bare" } else { ":*" });
        self.set("destination.order", if bare.ends_with(".fifo") { "fifo" } else { "standard" });
        match field(arn, 2) {
            "logs" if bare.contains(":log-group:") => self.log_group(bare),
            "logs" if bare.contains(":destination:") => self.logical_destination(bare),
            "s3" => self.bucket(arn),
            _ => {}
        }
        // Whoever writes the delivery may say that there is none.
        if self.given.get("key").is_some_and(|key| key == "none") {
            self.given.remove("key");
            self.set("encryption", "none");
            self.set("bucket.encryption", "SSE-S3");
            return self.accounts();
        }
        if self.get("bucket.encryption").or_else(|| self.get("destination.encryption")).is_some() {
            self.set("encryption", "known");
        }
        if let Some(key) = self
            .given
            .get("key")
            .cloned()
            .or_else(|| self.get("bucket.key"))
            .or_else(|| self.get("destination.key"))
        {
            self.set("encryption", "known");
            self.set(
                "bucket.encryption",
                self.get("bucket.encryption").unwrap_or_else(|| UNDER_SOME_KEY.to_owned()),
            );
            self.key(&key);
        }
        self.accounts();
    }

    /// Whether both ends belong to one account.
    fn accounts(&mut self) {
        let (ours, theirs) = (self.get("account"), self.get("destination.account"));
        if let (Some(ours), Some(theirs)) = (ours, theirs) {
            self.set("sameAccount", if ours == theirs { "true" } else { "false" });
        }
    }

    fn log_group(&mut self, arn: &str) {
        self.set("group", arn);
        let name = log_group_of(arn).to_owned();
        let logs = self.environment.logs(field(arn, 4), field(arn, 3));
        if let Some(exists) = logs.and_then(|logs| logs.log_group_exists(&name)) {
            self.set("group.exists", if exists { "true" } else { "false" });
        }
        if let Some(key) = logs.and_then(|logs| logs.log_group(&name)?.kms_key_id.clone()) {
            self.set("group.key", key);
        }
        self.set("group.name", name);
    }

    fn bucket(&mut self, arn: &str) {
        let path = field(arn, 5);
        let (name, prefix) = path.split_once('/').unwrap_or((path, ""));
        let bucket = format!("arn:{}:s3:::{name}", field(arn, 1));
        if let Some(owner) = self.environment.fact(&bucket, "account") {
            self.set("destination.account", owner);
        }
        if let Some(exists) = self.environment.fact(&bucket, "exists") {
            self.set("bucket.exists", exists);
        }
        if !prefix.is_empty() {
            self.set("prefix", prefix);
        }
        self.set("prefix", "");
        let prefix = self.get("prefix").unwrap_or_default();
        let separator = if prefix.is_empty() || prefix.ends_with('/') { "" } else { "/" };
        self.set("folder", format!("{prefix}{separator}"));
        self.set("prefix.folder", if prefix.contains("AWSLogs") { "AWSLogs" } else { "another" });
        self.set("bucket.name", name);
        self.set("bucket", bucket);
        if let Some(owner) = self.get("destination.account") {
            self.set("bucket.account", owner);
        }
    }

    /// A key by ARN, by identifier, or by alias; the aliases of AWS's own keys begin with `alias/aws/`.
    fn key(&mut self, key: &str) {
        if let Some((_, alias)) = key.split_once("alias/aws/") {
            self.given.insert("key".to_owned(), format!("alias/aws/{alias}"));
            self.set("key.manager", "AWS");
            return;
        }
        let owner = self.get("destination.account").unwrap_or_default();
        let region = self.get("bucket.region").or_else(|| self.get("region")).unwrap_or_default();
        let arn = if is_arn(key) {
            key.to_owned()
        } else {
            format!("arn:{}:kms:{region}:{owner}:key/{key}", partition_of(&region))
        };
        self.given.insert("key".to_owned(), arn);
    }

    /// A destination of subscription filters: the stream behind it and the role that writes there.
    fn logical_destination(&mut self, arn: &str) {
        let Some(logs) = self.environment.logs(field(arn, 4), field(arn, 3)) else { return };
        let Some(destination) = logs.destination(last_part(arn)).cloned() else { return };
        if let Some(target) = destination.target_arn {
            self.set("target", target);
        }
        if let Some(role) = destination.role_arn {
            self.set("role", role);
        }
        if let Some(names) = destination.access_policy.as_deref().and_then(organization_of) {
            self.set("destination.names", names);
        }
    }

    /// The names SNS has: across Regions, one from an opt-in Region has that Region's name alone (observed).
    fn sns(&mut self) {
        if self.get("source.service").as_deref() != Some("sns") {
            return;
        }
        let source = self.get("source.region").unwrap_or_default();
        let destination = self.get("destination.region").unwrap_or_else(|| source.clone());
        if is_opt_in(&source) && source != destination {
            self.set("sns.principal", format!("sns.{source}.amazonaws.com"));
            self.set("sns.other", format!("sns.{source}.amazonaws.com"));
        } else {
            self.set("sns.principal", "sns.amazonaws.com");
            self.set("sns.other", format!("sns.{destination}.amazonaws.com"));
        }
    }

    fn organization(&mut self) {
        let Some(account) = self.get("account") else { return };
        let root = format!("arn:aws:iam::{account}:root");
        if let Some(id) = self.environment.fact(&root, "organization") {
            self.set("organization", id);
        }
    }

    /// The delivery source that names the source's ARN.
    fn delivery_source(&mut self) {
        let (Some(account), Some(source)) = (self.get("account"), self.given.get("source").cloned()) else {
            return;
        };
        // CloudFront's deliveries live in us-east-1, wherever its readers are.
        if field(&source, 2) == "cloudfront" {
            self.set("region", "us-east-1");
        }
        let Some(region) = self.get("region") else { return };
        if let Some(name) = source.split_once(":delivery-source:").map(|(_, name)| name.to_owned()) {
            self.set("deliverySource", name);
        }
        let logs = self.environment.logs(&account, &region);
        let named = logs.and_then(|logs| logs.delivery_source_of(&source)).map(|found| found.name.clone());
        if let Some(name) = named {
            self.set("deliverySource", name);
        }
    }
}

/// Whether accounts must ask for a Region before they can use it.
fn is_opt_in(region: &str) -> bool {
    region.parse::<Region>().is_ok_and(Region::is_opt_in)
}

/// Whether a destination's policy names the senders by organization or by account.
fn organization_of(policy: &str) -> Option<&'static str> {
    Some(match DestinationPolicyScope::of(policy).ok()? {
        DestinationPolicyScope::Organization => "organization",
        DestinationPolicyScope::Accounts => "accounts",
    })
}

/// The name of a service's folder among log objects.
fn log_service(service: &str) -> &str {
    match service {
        "ec2" => "vpcflowlogs",
        "wafv2" => "WAFLogs",
        "route53resolver" => "vpcdnsquerylogs",
        "cloudfront" => "CloudFront",
        "cloudtrail" => "CloudTrail",
        other => other,
    }
}
