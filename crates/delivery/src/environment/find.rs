//! Which documents decide about a call, and which of them nobody looked up.

use std::collections::BTreeSet;

use super::{Environment, Named, subject};
use crate::arn::{field, log_group_of};
use crate::document::{Document, DocumentId, DocumentKind};
use bailiwick_store::PolicyScope;

/// A group of documents that decides together.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Want {
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
    /// The one document of a resource, which has none unless the environment has it.
    AttachedOrNone(DocumentKind, String),
    /// The one document of a resource that decides beside the caller's policies: where it was not looked up, a call
    /// that those allow is taken not to be denied by it.
    Beside(DocumentKind, String),
    /// The same of a resource of which it is not known whether it can have a document.
    BesideUnknown(String),
    /// The policies of a user or role.
    Identity(String),
    /// A document of a `policies` list, by its ref.
    Named(String),
    /// A document that AWS itself attaches and nobody can change.
    Fixed(Document),
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    /// The documents.
    pub(crate) documents: Vec<Document>,
    /// What was not looked up, in words.
    pub(crate) missing: BTreeSet<String>,
    /// What was not looked up and decides beside the caller's policies, in words.
    pub(crate) beside: BTreeSet<String>,
    /// Resources that are known to have no document.
    pub(crate) without: Vec<String>,
    /// What was taken to be so without being looked up.
    pub(crate) assumed: BTreeSet<String>,
}

impl Found {
    pub(crate) fn extend(&mut self, other: Self) {
        self.documents.extend(other.documents);
        self.missing.extend(other.missing);
        self.beside.extend(other.beside);
        self.without.extend(other.without);
        self.assumed.extend(other.assumed);
    }
}

impl Environment {
    /// The documents of a group.
    pub(crate) fn find(&self, want: &Want) -> Found {
        match want {
            Want::LogGroup(arn) => self.log_group(arn),
            Want::Xray { account, region } => self.xray_policies(account, region),
            Want::Attached(DocumentKind::Destination, arn) => self.destination(arn),
            Want::Attached(kind, arn) => self.attached_document(*kind, arn),
            Want::AttachedOrNone(kind, arn) => {
                let found = self.find(&Want::Attached(*kind, arn.clone()));
                Found { missing: BTreeSet::new(), ..found }
            }
            Want::Beside(kind, arn) => {
                let found = self.find(&Want::Attached(*kind, arn.clone()));
                Found { missing: BTreeSet::new(), beside: found.missing, ..found }
            }
            Want::BesideUnknown(arn) => {
                let what = format!("the resource policy of {arn}, if it has one");
                Found { beside: BTreeSet::from([what]), ..Found::default() }
            }
            Want::Identity(arn) => self.identity(arn),
            Want::Named(reference) => {
                Found { documents: self.named(reference).cloned().into_iter().collect(), ..Found::default() }
            }
            Want::Fixed(document) => Found { documents: vec![document.clone()], ..Found::default() },
        }
    }

    /// The levels of an account's organization policies; `None` where none were given.
    pub(crate) fn controls(&self, account: &str, kind: DocumentKind) -> Option<&[Vec<Document>]> {
        self.controls.get(&(account.to_owned(), kind)).map(Vec::as_slice)
    }

    /// Whether policies of an account's organization were given.
    pub(crate) fn has_controls(&self, account: &str) -> bool {
        [DocumentKind::ServiceControl, DocumentKind::ResourceControl]
            .into_iter()
            .any(|kind| self.controls(account, kind).is_some())
    }

    /// The permissions boundary of a user or role: its document, or that it was not looked up.
    pub(crate) fn boundary(&self, arn: &str) -> Found {
        let mut found = self.listed(DocumentKind::PermissionsBoundary, arn, field(arn, 4));
        let identity = self.identities.get(arn);
        if identity.is_some_and(|identity| !identity.boundary_known) {
            found.assumed.insert(format!("{arn} has no permissions boundary"));
        }
        if let Some(boundary) = identity.and_then(|identity| identity.boundary.as_ref()) {
            match self.managed.get(boundary) {
                Some(text) => {
                    found.documents.push(managed(DocumentKind::PermissionsBoundary, arn, boundary, text));
                }
                None => {
                    found.missing.insert(format!("the permissions boundary {boundary} of {arn}"));
                }
            }
        }
        found
    }

    fn log_group(&self, arn: &str) -> Found {
        let (account, region) = (field(arn, 4), field(arn, 3));
        let mut found = Found::default();
        for Named { document, .. } in &self.named {
            let id = &document.id;
            let here = id.account == account && (id.region.is_empty() || id.region == region);
            let counts = match id.kind {
                DocumentKind::LogsAccount => here,
                DocumentKind::LogGroup => here && (id.attached_to.is_empty() || id.attached_to == arn),
                _ => false,
            };
            if counts {
                found.documents.push(document.clone());
            }
        }
        // A list of policies says all there is.
        let by_hand = !found.documents.is_empty();
        let place = self.region(account, region);
        let policies =
            place.into_iter().flat_map(|place| place.logs.policies_of_log_group(log_group_of(arn)));
        for policy in policies {
            let kind = match policy.policy_scope {
                PolicyScope::Account => DocumentKind::LogsAccount,
                PolicyScope::Resource => DocumentKind::LogGroup,
            };
            let id = DocumentId {
                account: account.to_owned(),
                region: region.to_owned(),
                kind,
                attached_to: policy.resource_arn.clone().unwrap_or_default(),
                name: policy.policy_name.clone().unwrap_or_default(),
            };
            found.documents.push(Document { id, text: policy.policy_document.as_str().into() });
        }
        let listed = place.is_some_and(|place| place.resource_policies_known);
        if !listed && !by_hand {
            let what = format!("the CloudWatch Logs resource policies of account {account} in {region}");
            found.missing.insert(what);
        } else if found.documents.is_empty() {
            found
                .without
                .push(format!("account {account} has no CloudWatch Logs resource policy in {region}"));
        }
        let own_known = place.is_some_and(|place| place.group_policies_known.contains(log_group_of(arn)));
        if !own_known && !found.documents.iter().any(|document| document.id.kind == DocumentKind::LogGroup) {
            found
                .assumed
                .insert(format!("the log group {} has no resource policy of its own", log_group_of(arn)));
        }
        found
    }

    fn xray_policies(&self, account: &str, region: &str) -> Found {
        let mut found = Found::default();
        for Named { document, .. } in &self.named {
            let id = &document.id;
            let here = id.account == account && (id.region.is_empty() || id.region == region);
            if id.kind == DocumentKind::Xray && here {
                found.documents.push(document.clone());
            }
        }
        let place = self.region(account, region);
        for policy in place.into_iter().flat_map(|place| place.xray.policies()) {
            let id = DocumentId {
                account: account.to_owned(),
                region: region.to_owned(),
                kind: DocumentKind::Xray,
                attached_to: String::new(),
                name: policy.policy_name.clone(),
            };
            found.documents.push(Document { id, text: policy.policy_document.as_str().into() });
        }
        let listed = place.is_some_and(|place| place.xray_known);
        if found.documents.is_empty() && !listed {
            found.missing.insert(format!("the X-Ray resource policies of account {account} in {region}"));
        } else if found.documents.is_empty() {
            found.without.push(format!("account {account} has no X-Ray resource policy in {region}"));
        }
        found
    }

    fn destination(&self, arn: &str) -> Found {
        let listed = self.listed(DocumentKind::Destination, arn, field(arn, 4));
        if !listed.documents.is_empty() {
            return listed;
        }
        let mut found = Found::default();
        let (account, region) = (field(arn, 4), field(arn, 3));
        let place = self.region(account, region);
        let name = arn.rsplit(':').next().unwrap_or_default();
        match place.and_then(|place| place.logs.destination(name)) {
            Some(destination) => match &destination.access_policy {
                Some(text) => found.documents.push(Document {
                    id: DocumentId {
                        account: account.to_owned(),
                        region: region.to_owned(),
                        kind: DocumentKind::Destination,
                        attached_to: arn.to_owned(),
                        name: String::new(),
                    },
                    text: text.as_str().into(),
                }),
                None => found.without.push(format!("the destination {name} has no policy")),
            },
            None if place.is_some_and(|place| {
                place.destinations_known.contains("") || place.destinations_known.contains(name)
            }) =>
            {
                found.without.push(format!("there is no destination {name} in account {account}, {region}"));
            }
            None => {
                found.missing.insert(format!("the destination {arn} and its policy"));
            }
        }
        found
    }

    fn attached_document(&self, kind: DocumentKind, arn: &str) -> Found {
        let subject = subject(kind, arn);
        let account = match field(arn, 4) {
            "" => self.fact(arn, "account").unwrap_or_default(),
            account => account,
        };
        let mut found = self.listed(kind, &subject, account);
        if !found.documents.is_empty() {
            return found;
        }
        match self.attached.get(&(kind, subject.clone())) {
            Some(attached) => {
                let id = DocumentId {
                    account: attached.account.clone(),
                    region: attached.region.clone(),
                    kind,
                    attached_to: subject.clone(),
                    name: String::new(),
                };
                match &attached.text {
                    Some(text) => found.documents.push(Document { id, text: text.as_str().into() }),
                    None => found.without.push(format!("{subject} has no {}", kind.words())),
                }
            }
            None if kind == DocumentKind::RoleTrust && self.authorizations_known.contains(account) => {
                found.without.push(format!("there is no {subject}"));
            }
            None => {
                found.missing.insert(format!("the {} of {subject}", kind.words()));
            }
        }
        found
    }

    /// The listed documents of a kind that belong to a resource: those that name it, else one that names nothing
    /// and stands in the same account.
    fn listed(&self, kind: DocumentKind, subject: &str, account: &str) -> Found {
        let of_kind = |named: &&Named| named.document.id.kind == kind;
        let mut documents: Vec<Document> = self
            .named
            .iter()
            .filter(of_kind)
            .filter(|named| named.document.id.attached_to == subject)
            .map(|named| named.document.clone())
            .collect();
        if documents.is_empty() {
            let free = self.named.iter().filter(of_kind).filter(|named| {
                let id = &named.document.id;
                id.attached_to.is_empty() && (account.is_empty() || id.account == account)
            });
            documents.extend(free.map(|named| named.document.clone()));
        }
        Found { documents, ..Found::default() }
    }

    fn identity(&self, arn: &str) -> Found {
        let account = field(arn, 4);
        let kinds = match arn.split(':').nth(5) {
            Some(resource) if resource.starts_with("user/") => [DocumentKind::UserIdentity; 2],
            _ => [DocumentKind::RoleIdentity, DocumentKind::ServiceLinkedRole],
        };
        let mut found = self.listed(kinds[0], arn, account);
        if kinds[1] != kinds[0] {
            found.extend(self.listed(kinds[1], arn, account));
        }
        // People list what a role that sets things up may do under the user's kind as well.
        if found.documents.is_empty() {
            found = self.listed(DocumentKind::UserIdentity, arn, account);
        }
        // A list of policies says all there is.
        let by_hand = !found.documents.is_empty();
        let Some(identity) = self.identities.get(arn) else {
            if found.documents.is_empty() && self.authorizations_known.contains(account) {
                found.without.push(format!("there is no {arn}"));
            } else if found.documents.is_empty() {
                found.missing.insert(format!("the policies of {arn}"));
            }
            return found;
        };
        for (name, text) in &identity.inline {
            let id = DocumentId {
                account: account.to_owned(),
                region: String::new(),
                kind: kinds[0],
                attached_to: arn.to_owned(),
                name: name.clone(),
            };
            found.documents.push(Document { id, text: text.as_str().into() });
        }
        for policy in &identity.attached {
            match self.managed.get(policy) {
                Some(text) => found.documents.push(managed(kinds[0], arn, policy, text)),
                None => {
                    found.missing.insert(format!("the policy {policy} attached to {arn}"));
                }
            }
        }
        let names = identity.inline_names.iter().flatten();
        let unread = names.filter(|name| !identity.inline.contains_key(*name));
        found.missing.extend(unread.map(|name| format!("the inline policy {name} of {arn}")));
        let missing = match (&identity.inline_names, identity.attached_known) {
            _ if by_hand => None,
            (None, false) => Some("the policies of"),
            (None, true) => Some("the inline policies of"),
            (Some(_), false) => Some("the managed policies attached to"),
            (Some(_), true) => None,
        };
        found.missing.extend(missing.map(|what| format!("{what} {arn}")));
        if kinds[0] == DocumentKind::UserIdentity && !identity.groups_known {
            found.assumed.insert(format!("{arn} is in no group"));
        }
        found.missing.extend(identity.unknown.iter().cloned());
        if found.documents.is_empty() && found.missing.is_empty() {
            found.without.push(format!("{arn} has no policy"));
        }
        found
    }
}

fn managed(kind: DocumentKind, holder: &str, policy: &str, text: &str) -> Document {
    let id = DocumentId {
        account: field(holder, 4).to_owned(),
        region: String::new(),
        kind,
        attached_to: holder.to_owned(),
        name: policy.to_owned(),
    };
    Document { id, text: text.into() }
}
