//! The environment: what AWS holds, as the AWS CLI printed it, by account and Region.
//!
//! It answers two questions: which documents decide about a call, and which facts hold (a bucket's encryption, a
//! stream's tag). It tells apart what is known not to exist from what nobody looked up: the first denies, the
//! second leaves the answer uncertain. The stores of CloudWatch Logs and X-Ray are the part of it that has
//! operations; everything else is documents and facts.

mod collected;
mod commands;
mod files;
mod find;
mod iam;
mod logs;
mod named;
mod put;
pub(crate) mod read;
mod services;
mod shape;

pub(crate) use collected::Uncollected;
pub use commands::{COMMANDS, Command};
pub use files::{File, FileErrors};
pub(crate) use find::{Found, Want};

use std::collections::{BTreeMap, BTreeSet};

use crate::compiled::Compiled;
use crate::document::{Document, DocumentKind};
use bailiwick_store::{LogsStore, XrayStore};

/// What AWS holds, as far as it was looked up.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// By account and Region.
    regions: BTreeMap<(String, String), Region>,
    /// By kind and canonical subject: the document of a resource, or that it has none.
    attached: BTreeMap<(DocumentKind, String), Attached>,
    /// By the ARN of a user or role.
    identities: BTreeMap<String, Identity>,
    /// Accounts of which all users and roles were listed.
    authorizations_known: BTreeSet<String>,
    /// By the ARN of a managed policy.
    managed: BTreeMap<String, String>,
    /// By subject (an ARN) and name.
    facts: BTreeMap<String, BTreeMap<&'static str, String>>,
    /// Documents that were listed with a name of their own.
    named: Vec<Named>,
    /// The names of those.
    references: BTreeSet<String>,
    /// By account: the levels of its organization's policies, from the root to the account.
    controls: BTreeMap<(String, DocumentKind), Vec<Vec<Document>>>,
    /// What was to be collected and was not.
    uncollected: Vec<Uncollected>,
    /// What was compiled of all that.
    compiled: Compiled,
}

/// One account and Region.
#[derive(Clone, Debug)]
pub(crate) struct Region {
    pub(crate) logs: LogsStore,
    pub(crate) xray: XrayStore,
    /// Whether the resource policies of the account were listed.
    pub(crate) resource_policies_known: bool,
    /// The log groups whose own resource policies were asked for.
    pub(crate) group_policies_known: BTreeSet<String>,
    /// The log groups whose subscription filters were listed; the empty name stands for any.
    pub(crate) filters_known: BTreeSet<String>,
    /// The names of destinations that were looked up; the empty name stands for all.
    pub(crate) destinations_known: BTreeSet<String>,
    /// Whether the X-Ray resource policies were listed.
    pub(crate) xray_known: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Attached {
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) text: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Identity {
    /// Inline policies by name.
    pub(crate) inline: BTreeMap<String, String>,
    /// The ARNs of attached policies.
    pub(crate) attached: Vec<String>,
    pub(crate) boundary: Option<String>,
    /// The names of all inline policies, if they were listed.
    pub(crate) inline_names: Option<BTreeSet<String>>,
    pub(crate) attached_known: bool,
    /// Whether the permissions boundary, and of a user the groups, were looked up.
    pub(crate) boundary_known: bool,
    pub(crate) groups_known: bool,
    /// What was named and not found, in words.
    pub(crate) unknown: BTreeSet<String>,
}

/// A document of a `policies` list.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) reference: String,
    pub(crate) document: Document,
}

impl Environment {
    pub(crate) fn compiled(&self) -> &Compiled {
        &self.compiled
    }

    pub(crate) fn region(&self, account: &str, region: &str) -> Option<&Region> {
        self.regions.get(&(account.to_owned(), region.to_owned()))
    }

    pub(crate) fn region_mut(&mut self, account: &str, region: &str) -> &mut Region {
        self.regions.entry((account.to_owned(), region.to_owned())).or_insert_with(|| Region {
            logs: LogsStore::new(partition_of(region), account, region),
            xray: XrayStore::new(account, region),
            resource_policies_known: false,
            group_policies_known: BTreeSet::new(),
            filters_known: BTreeSet::new(),
            destinations_known: BTreeSet::new(),
            xray_known: false,
        })
    }

    /// The CloudWatch Logs store of an account and Region, if anything was looked up there.
    #[must_use]
    pub fn logs(&self, account: &str, region: &str) -> Option<&LogsStore> {
        self.region(account, region).map(|region| &region.logs)
    }

    /// How many subscription filters a log group has, if they were listed.
    pub(crate) fn subscription_filters(&self, account: &str, region: &str, group: &str) -> Option<usize> {
        let region = self.region(account, region)?;
        let known = region.filters_known.contains(group) || region.filters_known.contains("");
        known.then(|| region.logs.subscription_filters_of(group).count())
    }

    /// The X-Ray store of an account and Region, if anything was looked up there.
    #[must_use]
    pub fn xray(&self, account: &str, region: &str) -> Option<&XrayStore> {
        self.region(account, region).map(|region| &region.xray)
    }

    /// A fact about a resource, such as the `encryption` of a bucket; `None` when nobody looked it up.
    #[must_use]
    pub fn fact(&self, subject: &str, name: &str) -> Option<&str> {
        self.facts.get(subject)?.get(name).map(String::as_str)
    }

    pub(crate) fn set_fact(&mut self, subject: &str, name: &'static str, value: impl Into<String>) {
        self.facts.entry(subject.to_owned()).or_default().insert(name, value.into());
    }

    /// Adds a document under a name of its own.
    pub(crate) fn add_named(&mut self, reference: &str, document: Document) {
        self.references.insert(reference.to_owned());
        self.named.push(Named { reference: reference.to_owned(), document });
    }

    pub(crate) fn named(&self, reference: &str) -> Option<&Document> {
        self.named.iter().find(|named| named.reference == reference).map(|named| &named.document)
    }

    pub(crate) fn references(&self) -> &BTreeSet<String> {
        &self.references
    }
}

/// The partition a Region belongs to.
pub(crate) fn partition_of(region: &str) -> &'static str {
    if region.starts_with("cn-") {
        "aws-cn"
    } else if region.starts_with("us-gov-") {
        "aws-us-gov"
    } else {
        "aws"
    }
}

/// The name under which a resource's document is kept: of a bucket its name, of all others the ARN, without the
/// `:*` that the console adds to log groups.
pub(crate) fn subject(kind: DocumentKind, arn: &str) -> String {
    match kind {
        DocumentKind::Bucket => bucket_name(arn).to_owned(),
        _ => arn.strip_suffix(":*").unwrap_or(arn).to_owned(),
    }
}

/// The bucket's name in a bucket or object ARN; a text that is no ARN is the name.
pub(crate) fn bucket_name(arn: &str) -> &str {
    let name = if arn.starts_with("arn:") { arn.splitn(6, ':').nth(5).unwrap_or_default() } else { arn };
    name.split('/').next().unwrap_or_default()
}
