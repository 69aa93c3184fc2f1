//! Does a `Principal` or `NotPrincipal` element name the caller, and how (rules M-22 to M-35).

use std::borrow::Cow;

use bailiwick_normalizer::{PolicyKind, Principal as Named};
use bailiwick_parser::syntax::Effect;

use crate::combine::Grant;
use crate::context::Value;
use crate::hash::same;
use crate::keys::KeyCode;
use crate::principal::PrincipalType;
use crate::request::{Endpoint, Request};

/// How a `Principal` element names the caller, at the strongest.
#[inline(always)]
pub(crate) fn strongest(
    principals: &[Named],
    kind: PolicyKind,
    effect: Effect,
    request: &Request<'_>,
) -> Option<Grant> {
    // PERF: most statements of a bucket's or log group's policy name one service, which takes 30 instructions here and
    // 100 in the loop.
    if let [Named::Service(name)] = principals {
        return is_service(name, request).then_some(Grant::Principal);
    }
    strongest_of_all(principals, kind, effect, request)
}

#[inline(never)]
fn strongest_of_all(
    principals: &[Named],
    kind: PolicyKind,
    effect: Effect,
    request: &Request<'_>,
) -> Option<Grant> {
    let caller = request.principal();
    // Rule M-35: everyone, in a trust policy that allows, is everyone but those whom an identity provider
    // vouches for.
    let admits_none = caller.principal_type() == PrincipalType::Federated
        && kind == PolicyKind::Resource
        && effect == Effect::Allow;
    let account_means_root = kind == PolicyKind::VpcEndpoint && request.endpoint() == Endpoint::Gateway;
    principals
        .iter()
        .filter_map(|named| match names(named, request) {
            // Rule G-38: through a gateway endpoint an account is its root user.
            Some(Grant::Account)
                if account_means_root && caller.principal_type() != PrincipalType::Account =>
            {
                None
            }
            Some(Grant::Everyone) if admits_none => None,
            grant => grant,
        })
        .max()
}

/// Whether a `NotPrincipal` element leaves the caller out. A Deny spares a caller only when every form of it is
/// listed: a user with its account, a session with its role and account (rule M-31). An Allow, which AWS no longer
/// accepts, is for those of whom no form is listed (rule M-33).
pub(crate) fn is_spared(principals: &[Named], effect: Effect, request: &Request<'_>) -> bool {
    let caller = request.principal();
    let (mut account, mut itself, mut role) = (false, false, false);
    for grant in principals.iter().filter_map(|entry| names(entry, request)) {
        match grant {
            Grant::Everyone => return true,
            Grant::Account => account = true,
            Grant::Role => role = true,
            Grant::Principal | Grant::Session => itself = true,
            // The user who created a federated session is another principal.
            Grant::FederatedUserIssuer => {}
        }
    }
    if effect == Effect::Allow {
        return account || itself || role;
    }
    match caller.principal_type() {
        PrincipalType::Account => account,
        // Of a role whose session is not known, the role stands for it.
        PrincipalType::AssumedRole => account && role && (itself || caller.session_name().is_none()),
        PrincipalType::User | PrincipalType::FederatedUser => account && itself,
        PrincipalType::Anonymous
        | PrincipalType::Service
        | PrincipalType::Federated
        | PrincipalType::CanonicalUser => itself,
    }
}

/// How an entry of a principal element names the caller, if it does (rules M-22 to M-35).
#[inline]
fn names(named: &Named, request: &Request<'_>) -> Option<Grant> {
    let caller = request.principal();
    match named {
        Named::Everyone => Some(Grant::Everyone),
        Named::Account(account) => (caller.account() == Some(account)).then_some(Grant::Account),
        Named::Arn(arn) => {
            let arn = Some(&**arn);
            match caller.principal_type() {
                PrincipalType::User => (arn == Some(caller.name())).then_some(Grant::Principal),
                PrincipalType::AssumedRole | PrincipalType::FederatedUser if arn == caller.role_arn() => {
                    Some(Grant::Role)
                }
                // Somebody of whom the account alone is known has no ARN.
                PrincipalType::AssumedRole | PrincipalType::FederatedUser
                    if arn == Some(caller.name()) && caller.principal_arn().is_some() =>
                {
                    Some(Grant::Session)
                }
                PrincipalType::FederatedUser => {
                    (arn == caller.issuer_arn()).then_some(Grant::FederatedUserIssuer)
                }
                _ => None,
            }
        }
        Named::UniqueId(id) => match caller.principal_type() {
            PrincipalType::User => (caller.unique_id() == Some(id)).then_some(Grant::Principal),
            PrincipalType::FederatedUser => {
                (caller.unique_id() == Some(id)).then_some(Grant::FederatedUserIssuer)
            }
            PrincipalType::AssumedRole if caller.unique_id() == Some(id) => Some(Grant::Role),
            // What a session's ARN becomes where AWS stores it: the role's identifier and the session's name.
            PrincipalType::AssumedRole => (caller.user_id() == Some(id)).then_some(Grant::Session),
            _ => None,
        },
        Named::Service(name) => is_service(name, request).then_some(Grant::Principal),
        Named::Federated(provider) => (caller.principal_type() == PrincipalType::Federated
            && caller.name() == &**provider)
            .then_some(Grant::Principal),
        Named::CanonicalUser(id) => (caller.principal_type() == PrincipalType::CanonicalUser
            && caller.name() == &**id)
            .then_some(Grant::Principal),
    }
}

/// The texts one of which an entry that names the caller has: all that [`names`] compares with, but for `*`. An
/// index leads from them to the statements.
pub(crate) fn texts<'r>(request: &'r Request<'_>) -> impl Iterator<Item = &'r str> {
    let caller = request.principal();
    let (one, many): (Option<&str>, &[Cow<'_, str>]) = match given_service_names(request) {
        Some(Value::One(name)) => (Some(name), &[]),
        Some(Value::Many(names)) => (None, names),
        None => (None, &[]),
    };
    let identifiers = [caller.role_arn(), caller.issuer_arn(), caller.unique_id(), caller.user_id(), one];
    [Some(caller.name()), caller.account()]
        .into_iter()
        .chain(identifiers)
        .flatten()
        .chain(caller.service_names().iter().chain(many).map(|name| &**name))
}

/// Whether a service calls and `name` is one of its names: as the principal has them, or as the context gives them
/// (rule M-28).
#[inline(always)]
fn is_service(name: &str, request: &Request<'_>) -> bool {
    let caller = request.principal();
    caller.principal_type() == PrincipalType::Service
        && (same(caller.name().as_bytes(), name.as_bytes()) || is_other_service_name(name, request))
}

/// The same for the names that a service has besides that by which it calls.
#[inline(never)]
fn is_other_service_name(name: &str, request: &Request<'_>) -> bool {
    request.principal().service_names().iter().any(|own| own == name)
        || match given_service_names(request) {
            Some(Value::Many(names)) => names.iter().any(|own| own == name),
            Some(Value::One(own)) => own == name,
            None => false,
        }
}

/// The names of the calling service that the context gives.
fn given_service_names<'r>(request: &'r Request<'_>) -> Option<Value<'r>> {
    const NAMES: &str = "aws:principalservicenameslist";
    let is_service = request.principal().principal_type() == PrincipalType::Service;
    is_service.then(|| request.lookup(KeyCode::SERVICE_NAMES, NAMES)).flatten()
}

#[cfg(test)]
mod tests {
    use bailiwick_normalizer::Principal as Named;

    use super::{names, texts};
    use crate::{Principal, Request};

    fn callers() -> Vec<Principal<'static>> {
        let arn = |arn: &'static str| Principal::from_arn(arn).unwrap();
        vec![
            arn("arn:aws:iam::111111111111:user/amy").with_unique_id("AIDAX"),
            arn("arn:aws:iam::111111111111:role/r").with_unique_id("AROAX"),
            arn("arn:aws:sts::111111111111:assumed-role/r/s")
                .with_role_arn("arn:aws:iam::111111111111:role/p/r")
                .with_unique_id("AROAX:s"),
            arn("arn:aws:sts::111111111111:federated-user/bob")
                .with_issuer_arn("arn:aws:iam::111111111111:user/amy")
                .with_unique_id("AIDAX"),
            Principal::root("111111111111"),
            Principal::unnamed("111111111111"),
            Principal::service("sns.eu-central-1.amazonaws.com"),
            Principal::anonymous(),
            Principal::federated("accounts.google.com"),
            Principal::canonical_user("79a59d"),
        ]
    }

    #[test]
    fn whatever_names_a_caller_is_among_its_texts() {
        let mut found = 0;
        for caller in callers() {
            let plain = Request::new(&caller, "s3:GetObject", "*");
            let one = plain.clone().with("aws:PrincipalServiceNamesList", "one.amazonaws.com");
            let many = plain.clone().with_values("aws:PrincipalServiceNamesList", ["many.amazonaws.com"]);
            for request in [plain, one, many] {
                let texts: Vec<&str> = texts(&request).collect();
                // Every text that any caller has anywhere, and then some.
                let all = format!("{:?}", (callers(), &request));
                for text in all.split('"').chain(["one.amazonaws.com", "many.amazonaws.com"]) {
                    let kinds = [
                        Named::Account,
                        Named::Arn,
                        Named::UniqueId,
                        Named::CanonicalUser,
                        Named::Federated,
                        Named::Service,
                    ];
                    for kind in kinds {
                        let named = kind(text.into());
                        if names(&named, &request).is_some() {
                            assert!(texts.contains(&text), "{named:?} names {caller:?}");
                            found += 1;
                        }
                    }
                }
            }
        }
        assert!(found > 100, "{found}");
    }
}
