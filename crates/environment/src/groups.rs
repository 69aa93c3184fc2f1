//! Groups of documents that decide together, and what is found of one.

use std::collections::BTreeSet;

use bailiwick_source::Errors;

use crate::document::{Document, DocumentId, DocumentKind};

/// A group of documents that decides together.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum DocumentGroup {
    /// The CloudWatch Logs resource policies that decide about a log group: the account's and its own.
    LogGroup(String),
    /// The X-Ray resource policies of an account and Region.
    Xray {
        /// The account.
        account: String,
        /// The Region.
        region: String,
    },
    /// The one document of a resource.
    Attached(DocumentKind, String),
    /// The one document of a resource; where it was not collected, the resource is assumed to have none.
    AttachedOrNone(DocumentKind, String),
    /// The one document of a resource that decides together with the caller's policies: where it was not collected,
    /// it is assumed not to deny a call that those allow.
    ResourceSide(DocumentKind, String),
    /// The same for a resource of which it is not known whether it can have a document.
    UnknownResourceSide(String),
    /// The policies of a user or role.
    Identity(String),
    /// A document of a `policies` list, by its ref.
    Named(String),
    /// A document that AWS attaches and customers cannot change, with its text.
    Fixed(DocumentId, &'static str),
}

/// The documents that were found, and what is missing.
#[derive(Clone, Debug, Default)]
pub struct FoundDocuments {
    /// The documents.
    pub documents: Vec<Document>,
    /// What was not collected, in words.
    pub not_collected: BTreeSet<String>,
    /// What was not collected of the documents that decide together with the caller's policies, in words.
    pub resource_side_not_collected: BTreeSet<String>,
    /// Resources that are known to have no document.
    pub absent: Vec<String>,
    /// What is assumed because it was not collected, in words.
    pub assumed: BTreeSet<String>,
    /// The errors of the first document that a store accepted and that is not a policy: the stores check less.
    pub errors: Option<Errors>,
}

impl FoundDocuments {
    /// Adds what was found of another group.
    pub fn extend(&mut self, other: Self) {
        self.documents.extend(other.documents);
        self.not_collected.extend(other.not_collected);
        self.resource_side_not_collected.extend(other.resource_side_not_collected);
        self.absent.extend(other.absent);
        self.assumed.extend(other.assumed);
        self.errors = self.errors.take().or(other.errors);
    }
}
