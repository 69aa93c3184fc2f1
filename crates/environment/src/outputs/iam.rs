//! Outputs of `aws iam` and `aws organizations`: roles, users, their policies, and the organization.

use bailiwick_source::json::{Kind, Value};

use crate::document::DocumentKind;
use crate::loader::{Loader, Place, at, text_at};
use crate::model::Identity;

pub(crate) fn role(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    match at(value, &["Role"]) {
        Some(role) => role_itself(loader, place, role),
        None if !place.subject.is_empty() => {
            let arn = arn_of(loader, place, "role", place.subject);
            loader.attach(DocumentKind::RoleTrust, &arn, place, None);
        }
        None => {}
    }
}

fn role_itself(loader: &mut Loader<'_>, place: &Place<'_>, role: Value<'_, '_>) {
    let Some(arn) = text_at(role, &["Arn"]) else {
        loader.reader.invalid(role, "this role has no Arn", "it is part of what the AWS CLI prints");
        return;
    };
    if let Some(document) = loader.need(role, "AssumeRolePolicyDocument")
        && let Some(source) = loader.document(DocumentKind::RoleTrust, document)
    {
        let place = Place { region: "", ..*place };
        loader.attach(DocumentKind::RoleTrust, &arn, &place, Some(source));
    }
    if let Some(id) = text_at(role, &["RoleId"]) {
        loader.environment.set_fact(&arn, "uniqueId", id);
    }
    boundary(loader, &arn, role);
}

fn boundary(loader: &mut Loader<'_>, arn: &str, holder: Value<'_, '_>) {
    loader.refuse_misspelt(holder, &["PermissionsBoundary"]);
    identity(loader, arn).boundary_known = true;
    if let Some(boundary) = at(holder, &["PermissionsBoundary"])
        && let Some(boundary) = loader.need_text(boundary, "PermissionsBoundaryArn")
    {
        identity(loader, arn).boundary = Some(boundary);
    }
}

fn identity<'l>(loader: &'l mut Loader<'_>, arn: &str) -> &'l mut Identity {
    loader.environment.identities.entry(arn.to_owned()).or_default()
}

/// The ARN that belongs to a name: one that was seen (it may have a path), else the one without a path.
fn arn_of(loader: &Loader<'_>, place: &Place<'_>, kind: &str, name: &str) -> String {
    if name.starts_with("arn:") {
        return name.to_owned();
    }
    let known =
        loader.environment.attached.keys().map(|(_, arn)| arn).chain(loader.environment.identities.keys());
    let (account, ending) = (format!(":iam::{}:{kind}/", place.account), format!("/{name}"));
    let found = known.into_iter().find(|arn| arn.contains(&account) && arn.ends_with(&ending));
    found.cloned().unwrap_or_else(|| format!("arn:aws:iam::{}:{kind}/{name}", place.account))
}

pub(crate) fn role_policy(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    inline_policy(loader, place, value, "role", "RoleName");
}

pub(crate) fn user_policy(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    inline_policy(loader, place, value, "user", "UserName");
}

fn inline_policy(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>, kind: &str, holder: &str) {
    if value.kind() == Kind::Null {
        return;
    }
    let (Some(holder), Some(name)) = (loader.need_text(value, holder), loader.need_text(value, "PolicyName"))
    else {
        return;
    };
    let arn = arn_of(loader, place, kind, &holder);
    if let Some(document) = at(value, &["PolicyDocument"])
        && let Some(source) = loader.document(DocumentKind::RoleIdentity, document)
    {
        identity(loader, &arn).inline.insert(name, source);
    }
}

pub(crate) fn role_policy_names(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    policy_names(loader, place, value, "role");
}

pub(crate) fn user_policy_names(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    policy_names(loader, place, value, "user");
}

fn policy_names(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>, kind: &str) {
    let arn = arn_of(loader, place, kind, place.subject);
    let mut names = Vec::new();
    if value.kind() != Kind::Null {
        for name in loader.need_list(value, "PolicyNames") {
            names
                .extend(loader.reader.string(name, "the name of a policy").map(std::borrow::Cow::into_owned));
        }
    }
    identity(loader, &arn).inline_names.get_or_insert_default().extend(names);
}

pub(crate) fn attached_role_policies(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    let arn = arn_of(loader, place, "role", place.subject);
    attached_policies(loader, &arn, value, "AttachedPolicies");
}

pub(crate) fn attached_user_policies(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    let arn = arn_of(loader, place, "user", place.subject);
    attached_policies(loader, &arn, value, "AttachedPolicies");
}

fn attached_policies(loader: &mut Loader<'_>, arn: &str, holder: Value<'_, '_>, member: &str) {
    let mut arns = Vec::new();
    if holder.kind() != Kind::Null {
        for policy in loader.need_list(holder, member) {
            arns.extend(loader.need_text(policy, "PolicyArn"));
        }
    }
    let identity = identity(loader, arn);
    identity.attached.extend(arns);
    identity.attached_known = true;
}

pub(crate) fn policy_version(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    if let Some(document) = at(value, &["PolicyVersion", "Document"])
        && let Some(source) = loader.document(DocumentKind::RoleIdentity, document)
    {
        loader.environment.managed.insert(place.subject.to_owned(), source);
    }
}

/// `get-account-authorization-details` lists everything: a user or role that it does not list does not exist.
pub(crate) fn authorization_details(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    loader.environment.authorizations_known.insert(place.account.to_owned());
    loader.refuse_misspelt(value, &["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"]);
    for policy in items(value, "Policies") {
        let current = items(policy, "PolicyVersionList")
            .find(|version| at(*version, &["IsDefaultVersion"]).and_then(Value::as_bool) == Some(true));
        if let (Some(arn), Some(document)) =
            (text_at(policy, &["Arn"]), current.and_then(|version| at(version, &["Document"])))
            && let Some(source) = loader.document(DocumentKind::RoleIdentity, document)
        {
            loader.environment.managed.insert(arn, source);
        }
    }
    for role in items(value, "RoleDetailList") {
        role_itself(loader, place, role);
        holder(loader, role, "RolePolicyList");
    }
    for user in items(value, "UserDetailList") {
        holder(loader, user, "UserPolicyList");
        let Some(arn) = text_at(user, &["Arn"]) else { continue };
        boundary(loader, &arn, user);
        identity(loader, &arn).groups_known = true;
        for name in items(user, "GroupList").filter_map(Value::as_str) {
            let is_it = |group: &Value<'_, '_>| text_at(*group, &["GroupName"]).is_some_and(|it| it == *name);
            let Some(group) = items(value, "GroupDetailList").find(is_it) else {
                identity(loader, &arn).unknown.insert(format!("the policies of the group {name} of {arn}"));
                continue;
            };
            inline_list(loader, &arn, group, "GroupPolicyList");
            attached_policies(loader, &arn, group, "AttachedManagedPolicies");
        }
    }
}

fn holder(loader: &mut Loader<'_>, holder: Value<'_, '_>, inline: &str) {
    let Some(arn) = loader.need_text(holder, "Arn") else { return };
    inline_list(loader, &arn, holder, inline);
    attached_policies(loader, &arn, holder, "AttachedManagedPolicies");
}

fn inline_list(loader: &mut Loader<'_>, arn: &str, holder: Value<'_, '_>, member: &str) {
    // Of a user's groups and of the user itself, the names may be the same.
    for policy in loader.need_list(holder, member) {
        let name = loader.need_text(policy, "PolicyName");
        let document = loader.need(policy, "PolicyDocument");
        let (Some(name), Some(document)) = (name, document) else { continue };
        if let Some(source) = loader.document(DocumentKind::RoleIdentity, document) {
            let inline = &mut identity(loader, arn).inline;
            let name = if inline.contains_key(&name) { format!("{name} ({member})") } else { name };
            inline.insert(name, source);
        }
    }
    identity(loader, arn).inline_names.get_or_insert_default();
}

fn items<'d, 's>(value: Value<'d, 's>, member: &str) -> impl Iterator<Item = Value<'d, 's>> + use<'d, 's> {
    at(value, &[member]).into_iter().flat_map(Value::items)
}

pub(crate) fn organization(loader: &mut Loader<'_>, place: &Place<'_>, value: Value<'_, '_>) {
    let arn = format!("arn:aws:iam::{}:root", place.account);
    if let Some(id) = text_at(value, &["Organization", "Id"]) {
        loader.environment.set_fact(&arn, "organization", id);
    }
    if let Some(account) = text_at(value, &["Organization", "MasterAccountId"]) {
        loader.environment.set_fact(&arn, "managementAccount", account);
    }
}
