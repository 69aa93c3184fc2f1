//! What an environment holds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::document::{Document, DocumentKind, PolicySource};
use crate::sources::Sources;
use bailiwick_store::{LogsStore, XrayStore};

/// What AWS holds, as far as it was collected.
///
/// ```
/// use bailiwick_environment::{Environment, File};
///
/// let path = "111122223333/global/get-bucket-location/logs.json";
/// let text = r#"{"LocationConstraint": "eu-west-1"}"#;
/// let environment = Environment::from_files(&[File { path, text }])?;
/// assert_eq!(environment.fact("arn:aws:s3:::logs", "region"), Some("eu-west-1"));
/// assert_eq!(environment.fact("arn:aws:s3:::logs", "encryption"), None);
/// # Ok::<(), Vec<bailiwick_environment::FileErrors>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// By account and Region.
    pub(crate) regions: BTreeMap<(String, String), Region>,
    /// By kind and canonical subject: the document of a resource, or that it has none.
    pub(crate) attached: BTreeMap<(DocumentKind, String), Attached>,
    /// By the ARN of a user or role.
    pub(crate) identities: BTreeMap<String, Identity>,
    /// Accounts of which all users and roles were listed.
    pub(crate) authorizations_known: BTreeSet<String>,
    /// By the ARN of a managed policy.
    pub(crate) managed: BTreeMap<String, Arc<PolicySource>>,
    /// By subject (an ARN) and name.
    pub(crate) facts: BTreeMap<String, BTreeMap<&'static str, String>>,
    /// Documents that were listed with a name of their own.
    pub(crate) named: Vec<Named>,
    /// The names of those.
    pub(crate) references: BTreeSet<String>,
    /// By account: the levels of its organization's policies, from the root to the account.
    pub(crate) controls: BTreeMap<(String, DocumentKind), Vec<Vec<Document>>>,
    /// What was to be collected and was not.
    pub(crate) uncollected: Vec<Uncollected>,
    /// Every document read so far, by its text.
    pub(crate) sources: Sources,
}

/// An output that was to be collected and was not.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Uncollected {
    /// The file below the account's folder that was to take the output, without its ending.
    pub path: String,
    /// The call and why it gave nothing, in words.
    pub what: String,
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
    /// The log groups whose subscription filters were listed; the empty name means any.
    pub(crate) filters_known: BTreeSet<String>,
    /// The names of destinations that were looked up; the empty name means all.
    pub(crate) destinations_known: BTreeSet<String>,
    /// Whether the X-Ray resource policies were listed.
    pub(crate) xray_known: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Attached {
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) source: Option<Arc<PolicySource>>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Identity {
    /// Inline policies by name.
    pub(crate) inline: BTreeMap<String, Arc<PolicySource>>,
    /// The ARNs of attached policies.
    pub(crate) attached: Vec<String>,
    pub(crate) boundary: Option<String>,
    /// The names of all inline policies, if they were listed.
    pub(crate) inline_names: Option<BTreeSet<String>>,
    pub(crate) attached_known: bool,
    /// Whether the permissions boundary, and of a user the groups, were collected.
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
    /// A copy that does not share with this environment the documents that are read from now on.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self { sources: self.sources.fork(), ..self.clone() }
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

    /// The CloudWatch Logs store of an account and Region, if anything was collected there.
    #[must_use]
    pub fn logs(&self, account: &str, region: &str) -> Option<&LogsStore> {
        self.region(account, region).map(|region| &region.logs)
    }

    /// The number of subscription filters of a log group, if they were listed.
    #[must_use]
    pub fn subscription_filters(&self, account: &str, region: &str, group: &str) -> Option<usize> {
        let region = self.region(account, region)?;
        let known = region.filters_known.contains(group) || region.filters_known.contains("");
        known.then(|| region.logs.subscription_filters_of(group).count())
    }

    /// The X-Ray store of an account and Region, if anything was collected there.
    #[must_use]
    pub fn xray(&self, account: &str, region: &str) -> Option<&XrayStore> {
        self.region(account, region).map(|region| &region.xray)
    }

    /// The CloudWatch Logs store of an account and Region, to operate on it.
    pub fn logs_mut(&mut self, account: &str, region: &str) -> &mut LogsStore {
        &mut self.region_mut(account, region).logs
    }

    /// The X-Ray store of an account and Region, to operate on it.
    pub fn xray_mut(&mut self, account: &str, region: &str) -> &mut XrayStore {
        &mut self.region_mut(account, region).xray
    }

    /// A fact about a resource, such as the `encryption` of a bucket; `None` if it was not collected.
    #[must_use]
    pub fn fact(&self, subject: &str, name: &str) -> Option<&str> {
        self.facts.get(subject)?.get(name).map(String::as_str)
    }

    pub(crate) fn set_fact(&mut self, subject: &str, name: &'static str, value: impl Into<String>) {
        self.facts.entry(subject.to_owned()).or_default().insert(name, value.into());
    }

    /// Adds a document under a name of its own.
    pub fn add_named(&mut self, reference: &str, document: Document) {
        self.references.insert(reference.to_owned());
        self.named.push(Named { reference: reference.to_owned(), document });
    }

    /// The document of a name that [`add_named`](Self::add_named) or a list of policies gave it.
    #[must_use]
    pub fn named(&self, reference: &str) -> Option<&Document> {
        self.named.iter().find(|named| named.reference == reference).map(|named| &named.document)
    }

    /// The names of the documents that have a name of their own.
    #[must_use]
    pub fn references(&self) -> &BTreeSet<String> {
        &self.references
    }
}

/// The partition a Region belongs to.
#[must_use]
pub fn partition_of(region: &str) -> &'static str {
    if region.starts_with("cn-") {
        "aws-cn"
    } else if region.starts_with("us-gov-") {
        "aws-us-gov"
    } else {
        "aws"
    }
}

/// The name by which a resource's document is found: the name of a bucket, or the ARN without the `:*` that the
/// console adds to log groups.
#[must_use]
pub fn subject(kind: DocumentKind, arn: &str) -> String {
    match kind {
        DocumentKind::Bucket => bucket_name(arn).to_owned(),
        _ => arn.strip_suffix(":*").unwrap_or(arn).to_owned(),
    }
}

/// The bucket's name in a bucket or object ARN; a text that is not an ARN is the name.
#[must_use]
pub fn bucket_name(arn: &str) -> &str {
    let name = if arn.starts_with("arn:") { arn.splitn(6, ':').nth(5).unwrap_or_default() } else { arn };
    name.split('/').next().unwrap_or_default()
}
