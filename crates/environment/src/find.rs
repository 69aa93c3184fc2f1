//! Which documents decide about a call, and which of them were not collected.

use std::collections::BTreeSet;

use crate::arn::{field, log_group_of};
use crate::document::{Document, DocumentId, DocumentKind};
use crate::groups::{DocumentGroup, FoundDocuments};
use crate::model::{Environment, Named, subject};
use bailiwick_store::PolicyScope;

impl Environment {
    /// Adds the document that a store holds as a text.
    pub fn add(&self, found: &mut FoundDocuments, id: DocumentId, text: &str) {
        match self.sources.get(id.kind.policy_kind(), text) {
            Ok(source) => found.documents.push(Document { id, source }),
            Err(errors) => _ = found.errors.get_or_insert(errors),
        }
    }

    /// The documents of a group.
    #[must_use]
    pub fn find(&self, want: &DocumentGroup) -> FoundDocuments {
        match want {
            DocumentGroup::LogGroup(arn) => self.log_group(arn),
            DocumentGroup::Xray { account, region } => self.xray_policies(account, region),
            DocumentGroup::Attached(DocumentKind::Destination, arn) => self.destination(arn),
            DocumentGroup::Attached(kind, arn) => self.attached_document(*kind, arn),
            DocumentGroup::AttachedOrNone(kind, arn) => {
                let found = self.find(&DocumentGroup::Attached(*kind, arn.clone()));
                FoundDocuments { not_collected: BTreeSet::new(), ..found }
            }
            DocumentGroup::ResourceSide(kind, arn) => {
                let found = self.find(&DocumentGroup::Attached(*kind, arn.clone()));
                FoundDocuments {
                    not_collected: BTreeSet::new(),
                    resource_side_not_collected: found.not_collected,
                    ..found
                }
            }
            DocumentGroup::UnknownResourceSide(arn) => {
                let what = format!("the resource policy of {arn}, if it has one");
                FoundDocuments {
                    resource_side_not_collected: BTreeSet::from([what]),
                    ..FoundDocuments::default()
                }
            }
            DocumentGroup::Identity(arn) => self.identity(arn),
            DocumentGroup::Named(reference) => FoundDocuments {
                documents: self.named(reference).cloned().into_iter().collect(),
                ..FoundDocuments::default()
            },
            DocumentGroup::Fixed(id, text) => {
                let mut found = FoundDocuments::default();
                self.add(&mut found, id.clone(), text);
                found
            }
        }
    }

    /// The levels of an account's organization policies; `None` where none were given.
    #[must_use]
    pub fn controls(&self, account: &str, kind: DocumentKind) -> Option<&[Vec<Document>]> {
        self.controls.get(&(account.to_owned(), kind)).map(Vec::as_slice)
    }

    /// Whether policies of an account's organization were given.
    #[must_use]
    pub fn has_controls(&self, account: &str) -> bool {
        [DocumentKind::ServiceControl, DocumentKind::ResourceControl]
            .into_iter()
            .any(|kind| self.controls(account, kind).is_some())
    }

    /// The permissions boundary of a user or role: its document, or that it was not looked up.
    #[must_use]
    pub fn boundary(&self, arn: &str) -> FoundDocuments {
        let mut found = self.listed(DocumentKind::PermissionsBoundary, arn, field(arn, 4));
        let identity = self.identities.get(arn);
        if identity.is_some_and(|identity| !identity.boundary_known) {
            found.assumed.insert(format!("{arn} has no permissions boundary"));
        }
        if let Some(boundary) = identity.and_then(|identity| identity.boundary.as_ref()) {
            match self.managed.get(boundary) {
                Some(source) => {
                    let id = managed(DocumentKind::PermissionsBoundary, arn, boundary);
                    self.add(&mut found, id, source.text());
                }
                None => {
                    found.not_collected.insert(format!("the permissions boundary {boundary} of {arn}"));
                }
            }
        }
        found
    }

    fn log_group(&self, arn: &str) -> FoundDocuments {
        let (account, region) = (field(arn, 4), field(arn, 3));
        let mut found = FoundDocuments::default();
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
        // A list of policies is complete.
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
            self.add(&mut found, id, &policy.policy_document);
        }
        let listed = place.is_some_and(|place| place.resource_policies_known);
        if !listed && !by_hand {
            let what = format!("the CloudWatch Logs resource policies of account {account} in {region}");
            found.not_collected.insert(what);
        } else if found.documents.is_empty() {
            found
                .absent
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

    fn xray_policies(&self, account: &str, region: &str) -> FoundDocuments {
        let mut found = FoundDocuments::default();
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
            self.add(&mut found, id, &policy.policy_document);
        }
        let listed = place.is_some_and(|place| place.xray_known);
        if found.documents.is_empty() && !listed {
            found
                .not_collected
                .insert(format!("the X-Ray resource policies of account {account} in {region}"));
        } else if found.documents.is_empty() {
            found.absent.push(format!("account {account} has no X-Ray resource policy in {region}"));
        }
        found
    }

    fn destination(&self, arn: &str) -> FoundDocuments {
        let listed = self.listed(DocumentKind::Destination, arn, field(arn, 4));
        if !listed.documents.is_empty() {
            return listed;
        }
        let mut found = FoundDocuments::default();
        let (account, region) = (field(arn, 4), field(arn, 3));
        let place = self.region(account, region);
        let name = arn.rsplit(':').next().unwrap_or_default();
        match place.and_then(|place| place.logs.destination(name)) {
            Some(destination) => match &destination.access_policy {
                Some(text) => {
                    let id = DocumentId {
                        account: account.to_owned(),
                        region: region.to_owned(),
                        kind: DocumentKind::Destination,
                        attached_to: arn.to_owned(),
                        name: String::new(),
                    };
                    self.add(&mut found, id, text);
                }
                None => found.absent.push(format!("the destination {name} has no policy")),
            },
            None if place.is_some_and(|place| {
                place.destinations_known.contains("") || place.destinations_known.contains(name)
            }) =>
            {
                found.absent.push(format!("there is no destination {name} in account {account}, {region}"));
            }
            None => {
                found.not_collected.insert(format!("the destination {arn} and its policy"));
            }
        }
        found
    }

    fn attached_document(&self, kind: DocumentKind, arn: &str) -> FoundDocuments {
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
                match &attached.source {
                    Some(source) => found.documents.push(Document { id, source: source.clone() }),
                    None => found.absent.push(format!("{subject} has no {}", kind.words())),
                }
            }
            None if kind == DocumentKind::RoleTrust && self.authorizations_known.contains(account) => {
                found.absent.push(format!("there is no {subject}"));
            }
            None => {
                found.not_collected.insert(format!("the {} of {subject}", kind.words()));
            }
        }
        found
    }

    /// The listed documents of a kind that belong to a resource: those that name it, else one of the
    /// same account that names nothing.
    fn listed(&self, kind: DocumentKind, subject: &str, account: &str) -> FoundDocuments {
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
        FoundDocuments { documents, ..FoundDocuments::default() }
    }

    fn identity(&self, arn: &str) -> FoundDocuments {
        let account = field(arn, 4);
        let kinds = match arn.split(':').nth(5) {
            Some(resource) if resource.starts_with("user/") => [DocumentKind::UserIdentity; 2],
            _ => [DocumentKind::RoleIdentity, DocumentKind::ServiceLinkedRole],
        };
        let mut found = self.listed(kinds[0], arn, account);
        if kinds[1] != kinds[0] {
            found.extend(self.listed(kinds[1], arn, account));
        }
        // The policies of a role that sets a delivery up are often listed under the user's kind.
        if found.documents.is_empty() {
            found = self.listed(DocumentKind::UserIdentity, arn, account);
        }
        // A list of policies is complete.
        let by_hand = !found.documents.is_empty();
        let Some(identity) = self.identities.get(arn) else {
            if found.documents.is_empty() && self.authorizations_known.contains(account) {
                found.absent.push(format!("there is no {arn}"));
            } else if found.documents.is_empty() {
                found.not_collected.insert(format!("the policies of {arn}"));
            }
            return found;
        };
        for (name, source) in &identity.inline {
            let id = DocumentId {
                account: account.to_owned(),
                region: String::new(),
                kind: kinds[0],
                attached_to: arn.to_owned(),
                name: name.clone(),
            };
            found.documents.push(Document { id, source: source.clone() });
        }
        for policy in &identity.attached {
            match self.managed.get(policy) {
                Some(source) => {
                    let id = managed(kinds[0], arn, policy);
                    found.documents.push(Document { id, source: source.clone() });
                }
                None => {
                    found.not_collected.insert(format!("the policy {policy} attached to {arn}"));
                }
            }
        }
        let names = identity.inline_names.iter().flatten();
        let unread = names.filter(|name| !identity.inline.contains_key(*name));
        found.not_collected.extend(unread.map(|name| format!("the inline policy {name} of {arn}")));
        let missing = match (&identity.inline_names, identity.attached_known) {
            _ if by_hand => None,
            (None, false) => Some("the policies of"),
            (None, true) => Some("the inline policies of"),
            (Some(_), false) => Some("the managed policies attached to"),
            (Some(_), true) => None,
        };
        found.not_collected.extend(missing.map(|what| format!("{what} {arn}")));
        if kinds[0] == DocumentKind::UserIdentity && !identity.groups_known {
            found.assumed.insert(format!("{arn} is in no group"));
        }
        found.not_collected.extend(identity.unknown.iter().cloned());
        if found.documents.is_empty() && found.not_collected.is_empty() {
            found.absent.push(format!("{arn} has no policy"));
        }
        found
    }
}

fn managed(kind: DocumentKind, holder: &str, policy: &str) -> DocumentId {
    DocumentId {
        account: field(holder, 4).to_owned(),
        region: String::new(),
        kind,
        attached_to: holder.to_owned(),
        name: policy.to_owned(),
    }
}
