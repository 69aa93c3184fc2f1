//! The `principal` of a request: who asks, in one of six forms, and what is known of them.
//!
//! Every mistake of it is reported. What AWS would not give to anybody (an account that is not twelve digits, a session
//! without a name) is a mistake, since a policy could not name such a caller.

use std::borrow::Cow;
use std::collections::HashMap;

use bailiwick_evaluator::{Principal, PrincipalType};
use bailiwick_source::json::{Kind, Value};
use bailiwick_source::{Code, Error, Quoted, Span};

use crate::limits::Limits;
use crate::read::checked;
use crate::request::{account, non_empty, within};
use bailiwick_source::object::{Fields, Reader};

const FORMS: &str = "write an ARN, an account ID, or an object with one of arn, account, service, \
                     anonymous, federated, canonicalUser";

const SERVICE: &str = "name the service, for example \"sns.amazonaws.com\"";
const PROVIDER: &str = "write the provider's ARN, or its name, for example \"accounts.google.com\"";
const CANONICAL: &str = "write the account's canonical user ID";
const ROLE: &str = "write the ARN of the session's own role, with its path";
const ISSUER: &str =
    "write the ARN of the user of the same account that called it, for a federated-user alone";

/// Reads a principal.
pub fn principal(reader: &mut Reader, value: Value<'_, '_>, limits: &Limits) -> Option<Principal<'static>> {
    match value.kind() {
        Kind::String => principal_text(reader, value),
        Kind::Object => principal_object(reader, value, limits),
        _ => {
            reader.wrong_type(value, "principal", "a string or an object");
            None
        }
    }
}

fn principal_text(reader: &mut Reader, value: Value<'_, '_>) -> Option<Principal<'static>> {
    checked(reader, value, value.as_str()?.parse())
}

const PRINCIPAL_MEMBERS: [&str; 14] = [
    "arn",
    "account",
    "service",
    "anonymous",
    "federated",
    "canonicalUser",
    "roleArn",
    "issuerArn",
    "uniqueId",
    "tags",
    "sessionTags",
    "serviceLinkedRole",
    "managementAccount",
    "sessionToken",
];

fn principal_object(
    reader: &mut Reader,
    value: Value<'_, '_>,
    limits: &Limits,
) -> Option<Principal<'static>> {
    let fields = reader.object(value, "principal", &PRINCIPAL_MEMBERS)?;
    let is_misspelt = value.members().any(|(name, _)| !PRINCIPAL_MEMBERS.contains(&&*name.value));
    let given: Vec<&str> =
        PRINCIPAL_MEMBERS.into_iter().take(6).filter(|form| fields.get(form).is_some()).collect();
    let [form] = given.as_slice() else {
        if given.is_empty() && is_misspelt {
            // Said already, with the nearest name.
            return None;
        }
        let found = if given.is_empty() { "none".to_owned() } else { given.join(" and ") };
        reader.invalid(value, format!("principal must say in one way who asks, found {found}"), FORMS);
        return None;
    };
    let form_value = fields.get(form)?;
    let principal = match *form {
        "arn" => principal_text(reader, form_value)?,
        "account" => Principal::unnamed(&account(reader, form_value, "account")?),
        "service" => service(reader, form_value)?,
        "federated" => Principal::federated(non_empty(reader, form_value, "federated", PROVIDER)?),
        "canonicalUser" => {
            Principal::canonical_user(non_empty(reader, form_value, "canonicalUser", CANONICAL)?)
        }
        _ => {
            if !reader.boolean(form_value, "anonymous")? {
                reader.invalid(form_value, "anonymous is false, which says nothing of who asks", FORMS);
                return None;
            }
            Principal::anonymous()
        }
    };
    if *form != "arn" {
        for name in PRINCIPAL_MEMBERS.into_iter().skip(6) {
            if let Some(value) = fields.get(name) {
                let message = format!("{name} is given beside {form}, which has none");
                reader.invalid(value, message, "leave it out, or name the caller by arn");
            }
        }
        return Some(principal);
    }
    Some(with_details(reader, &fields, principal, limits))
}

/// One name, or all the names of one service, general and Regional.
fn service(reader: &mut Reader, value: Value<'_, '_>) -> Option<Principal<'static>> {
    if value.kind() != Kind::Array {
        return Some(Principal::service(non_empty(reader, value, "service", SERVICE)?));
    }
    let names: Vec<String> =
        value.items().filter_map(|item| non_empty(reader, item, "a service name", SERVICE)).collect();
    let Some(first) = names.first() else {
        reader.invalid(value, "service is an empty list", SERVICE);
        return None;
    };
    Some(Principal::service(first.clone()).with_service_names(names.into_iter().map(Cow::Owned)))
}

fn with_details(
    reader: &mut Reader,
    fields: &Fields<'_, '_>,
    mut principal: Principal<'static>,
    limits: &Limits,
) -> Principal<'static> {
    let text = |reader: &mut Reader, name: &str, help: &str| {
        fields.get(name).and_then(|value| non_empty(reader, value, name, help))
    };
    if let Some(arn) = text(reader, "roleArn", ROLE) {
        if let Some(value) = fields.get("roleArn").filter(|_| !is_role_of(&arn, &principal)) {
            reader.invalid(
                value,
                format!("roleArn is {}, which is not the role of {}", Quoted(&arn), Quoted(principal.name())),
                ROLE,
            );
        }
        principal = principal.with_role_arn(arn);
    }
    if let Some(arn) = text(reader, "issuerArn", ISSUER) {
        if let Some(value) = fields.get("issuerArn").filter(|_| !may_issue(&arn, &principal)) {
            reader.invalid(
                value,
                format!(
                    "issuerArn is {}, who cannot have called GetFederationToken for {}",
                    Quoted(&arn),
                    Quoted(principal.name())
                ),
                ISSUER,
            );
        }
        principal = principal.with_issuer_arn(arn);
    }
    if let Some(id) =
        text(reader, "uniqueId", "write the identifier that IAM gave, AIDA… or AROA…, or leave it out")
    {
        let named = id.split_once(':').map(|(_role, session)| session);
        if let Some(value) = fields.get("uniqueId")
            && principal.session_name().is_some_and(|own| named.is_some_and(|named| named != own))
        {
            let message = format!(
                "uniqueId is {}, which is not of the session {}",
                Quoted(&id),
                Quoted(principal.name())
            );
            reader.invalid(
                value,
                message,
                "write the role's identifier, AROA…; the session's name follows it",
            );
        }
        principal = principal.with_unique_id(id);
    }
    for (key, value) in tags(reader, fields, "tags", limits) {
        principal = principal.with_tag(key, value);
    }
    for (key, value) in tags(reader, fields, "sessionTags", limits) {
        principal = principal.with_session_tag(key, value);
    }
    let mut flag =
        |name: &str| fields.get(name).and_then(|value| reader.boolean(value, name)).unwrap_or(false);
    let (linked, management) = (flag("serviceLinkedRole"), flag("managementAccount"));
    let token = flag("sessionToken");
    if let Some(value) = fields.get("serviceLinkedRole")
        && linked
        && principal.principal_type() != PrincipalType::AssumedRole
    {
        let message = format!("serviceLinkedRole is true, but {} is no role", Quoted(principal.name()));
        reader.invalid(value, message, "leave it out: only roles are linked to services");
    }
    if let Some(value) = fields.get("sessionToken")
        && token
        && !matches!(principal.principal_type(), PrincipalType::User | PrincipalType::Account)
    {
        let message =
            format!("sessionToken is true, but {} is no user or root user", Quoted(principal.name()));
        reader.invalid(value, message, "leave it out: only users call GetSessionToken");
    }
    principal.service_linked_role(linked).management_account(management).session_token(token)
}

/// Whether an ARN can be that of the session's role: same account, same name, whatever the path.
fn is_role_of(arn: &str, session: &Principal<'_>) -> bool {
    let name = |arn: &str| arn.rsplit('/').next().map(str::to_owned);
    let Some(role) = Principal::from_arn(arn.to_owned()) else { return false };
    let of_session = session.principal_arn().and_then(name);
    session.principal_type() == PrincipalType::AssumedRole
        && role.principal_type() == PrincipalType::AssumedRole
        && role.session_name().is_none()
        && role.account() == session.account()
        && name(arn) == of_session
}

/// Whether an ARN can be that of the user who asked for a federated session: a user or the root of its account.
fn may_issue(arn: &str, session: &Principal<'_>) -> bool {
    let Some(issuer) = Principal::from_arn(arn.to_owned()) else { return false };
    session.principal_type() == PrincipalType::FederatedUser
        && matches!(issuer.principal_type(), PrincipalType::User | PrincipalType::Account)
        && issuer.account() == session.account()
}

fn tags(reader: &mut Reader, fields: &Fields<'_, '_>, name: &str, limits: &Limits) -> Vec<(String, String)> {
    let Some(value) = fields.get(name) else { return Vec::new() };
    if value.kind() != Kind::Object {
        reader.wrong_type(value, name, "an object of tag keys and values");
        return Vec::new();
    }
    if !within(reader, value, value.members().count(), (name, "tags"), limits.max_tags) {
        return Vec::new();
    }
    let mut tags = Vec::new();
    let mut places: HashMap<String, Span> = HashMap::new();
    for (key, value) in value.members() {
        // IAM keeps tag keys apart without regard to their letter case (rule M-39).
        if let Some(first) = places.insert(key.value.to_lowercase(), key.span) {
            let message =
                format!("the tag {} is given twice; letter case does not matter", Quoted(&key.value));
            let error = Error::new(Code::DUPLICATE_MEMBER, key.span, message);
            reader.report(error.with_related(first, "first here"));
            continue;
        }
        if let Some(text) = reader.string(value, "the value of a tag") {
            tags.push((key.value.into_owned(), text.into_owned()));
        }
    }
    tags
}
