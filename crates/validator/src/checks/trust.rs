//! Role trust policies: which actions they support, for which principals.
//!
//! What IAM asks of shared OpenID Connect providers is `oidc`'s.

use bailiwick_parser::syntax::{PrincipalKey, Statement};
use bailiwick_source::Text;

use crate::Origin::Aws;
use crate::Severity::{Error, Suggestion};
use crate::check::{checks, statements};
use crate::checks::action::UNSUPPORTED_ACTION_IN_POLICY;
use crate::findings::Findings;
use crate::view::{Policy, actions, allows, members, principals};
use crate::{Finding, Kind, Kinds};

checks! {
    ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE {
        severity: Error,
        kinds: Kinds::of(&[Kind::Trust]),
        origin: Aws,
        rule: "V-64, G-14",
        reason: "a role trust policy has `Resource` or `NotResource`",
        explanation: "The resource of a trust policy is the role it is attached to; IAM refuses the element.",
        example: statements!(
            Trust,
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole","Resource":"*""#,
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole""#,
        ),
    }
    FEDERATED_PRINCIPAL_NOT_SUPPORTED {
        severity: Error,
        kinds: Kinds::PRINCIPAL.except(&[Kind::Trust]),
        origin: Aws,
        rule: "V-59, G-21",
        reason: "a federated principal is used outside a role trust policy",
        explanation: "Identity providers are principals only in role trust policies; afterwards the \
            principal is the role session. Name the role.",
        example: statements!(
            Resource,
            r#""Effect":"Allow","Principal":{"Federated":"accounts.google.com"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
            r#""Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/r"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
        ),
    }
    INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY {
        severity: Error,
        kinds: Kinds::of(&[Kind::Trust]),
        origin: Aws,
        rule: "V-67, G-21",
        reason: "a federated principal is neither a provider's ARN nor a domain name",
        explanation: "`Federated` accepts `arn:aws:iam::<account>:oidc-provider/<host>`, \
            `arn:aws:iam::<account>:saml-provider/<name>`, or one of the providers built into AWS: \
            `cognito-identity.amazonaws.com`, `accounts.google.com`, `www.amazon.com`, `graph.facebook.com`.",
        example: statements!(
            Trust,
            r#""Effect":"Allow","Principal":{"Federated":"idp"},"Action":"sts:AssumeRoleWithSAML","Condition":{"StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}}"#,
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:saml-provider/idp"},"Action":"sts:AssumeRoleWithSAML","Condition":{"StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}}"#,
        ),
    }
    MISMATCHED_ACTION_FOR_PRINCIPAL {
        severity: Error,
        kinds: Kinds::of(&[Kind::Trust]),
        origin: Aws,
        rule: "V-68, G-22",
        reason: "the action does not fit the principal",
        explanation: "SAML providers use `sts:AssumeRoleWithSAML`, OpenID Connect providers and the built-in \
            ones `sts:AssumeRoleWithWebIdentity`, accounts, roles, users and services `sts:AssumeRole`.",
        example: statements!(
            Trust,
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:saml-provider/idp"},"Action":"sts:AssumeRoleWithWebIdentity""#,
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:saml-provider/idp"},"Action":"sts:AssumeRoleWithSAML""#,
        ),
    }
    MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY {
        severity: Error,
        kinds: Kinds::of(&[Kind::Trust]),
        origin: Aws,
        rule: "V-69, G-41",
        reason: "Roles Anywhere is not granted all three actions that it needs",
        explanation: "`rolesanywhere.amazonaws.com` assumes a role with a source identity and session tags \
            taken from the certificate: it needs `sts:AssumeRole`, `sts:SetSourceIdentity` and \
            `sts:TagSession`.",
        example: statements!(
            Trust,
            r#""Effect":"Allow","Principal":{"Service":"rolesanywhere.amazonaws.com"},"Action":"sts:AssumeRole""#,
            r#""Effect":"Allow","Principal":{"Service":"rolesanywhere.amazonaws.com"},"Action":["sts:AssumeRole","sts:SetSourceIdentity","sts:TagSession"]"#,
        ),
    }
    REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY {
        severity: Suggestion,
        kinds: Kinds::of(&[Kind::Trust]),
        origin: Aws,
        rule: "V-133, G-17",
        reason: "a role session is listed together with its role",
        explanation: "A role as principal includes all its sessions, so the entry of the session has no \
            effect.",
        example: statements!(
            Trust,
            r#""Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111122223333:role/r","arn:aws:sts::111122223333:assumed-role/r/s"]},"Action":"sts:AssumeRole""#,
            r#""Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111122223333:role/r"]},"Action":"sts:AssumeRole""#,
        ),
    }
}

/// The actions a trust policy may name.
const ASSUME_ACTIONS: [&str; 6] = [
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:TagSession",
    "sts:SetSourceIdentity",
    "sts:SetContext",
];

/// The identity providers built into AWS.
pub(super) const BUILT_IN: [&str; 4] =
    ["cognito-identity.amazonaws.com", "accounts.google.com", "www.amazon.com", "graph.facebook.com"];

pub(super) fn run(policy: &Policy<'_>, findings: &mut Findings) {
    for statement in policy.statements() {
        federated(policy, statement, findings);
        if policy.kind != Kind::Trust {
            continue;
        }
        if let Some(resource) = &statement.resource {
            let message = "a role trust policy has no `Resource`: it applies to its role";
            findings.push(
                Finding::new(&ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE, resource.name_span, message)
                    .help("remove it"),
            );
        }
        for action in actions(statement) {
            supported(action, findings);
            mismatched(statement, action, findings);
        }
        redundant(statement, findings);
    }
    roles_anywhere(policy, findings);
}

/// What kind of provider a federated principal is.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Provider {
    Saml,
    OpenIdConnect,
}

/// The provider that a federated principal names, if it is spelled as one.
fn provider(text: &str) -> Option<Provider> {
    let fields: Vec<&str> = text.splitn(6, ':').collect();
    if let &["arn", _, "iam", "", account, resource] = fields.as_slice() {
        return match resource.split_once('/') {
            Some(("saml-provider", name)) if super::arn::is_account(account) && !name.is_empty() => {
                Some(Provider::Saml)
            }
            Some(("oidc-provider", name)) if super::arn::is_account(account) && !name.is_empty() => {
                Some(Provider::OpenIdConnect)
            }
            _ => None,
        };
    }
    let host = text.split('/').next().unwrap_or_default();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
    let domain =
        host.contains('.') && host.bytes().all(plain) && !host.starts_with('.') && !host.ends_with('.');
    domain.then_some(Provider::OpenIdConnect)
}

fn federated(policy: &Policy<'_>, statement: &Statement<'_>, findings: &mut Findings) {
    for member in members(statement).iter().filter(|member| member.key.value == PrincipalKey::Federated) {
        let message = format!("{} does not support identity providers as principals", policy.kind.describe());
        findings.push(
            Finding::new(&FEDERATED_PRINCIPAL_NOT_SUPPORTED, member.key.span, message)
                .help("name the role that the provider's users assume"),
        );
        for value in &member.values.items {
            if provider(&value.value).is_none()
                && !value.value.contains(['*', '?'])
                && !value.value.contains("${")
            {
                let message =
                    format!("`{}` is neither the ARN of an identity provider nor a domain name", value.value);
                findings.push(
                    Finding::new(
                        &INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY,
                        value.span,
                        message,
                    )
                    .help("write `arn:aws:iam::<account>:saml-provider/<name>` or `…:oidc-provider/<host>`"),
                );
            }
        }
    }
}

fn supported(action: &Text<'_>, findings: &mut Findings) {
    if ASSUME_ACTIONS.contains(&action.value.as_ref()) || action.value.contains("${") {
        return;
    }
    let message = format!("a role trust policy does not support `{}`", action.value);
    let finding = Finding::new(&UNSUPPORTED_ACTION_IN_POLICY, action.span, message);
    let same = ASSUME_ACTIONS.into_iter().find(|known| known.eq_ignore_ascii_case(&action.value));
    findings.push(match (same, bailiwick_source::nearest(&action.value, &ASSUME_ACTIONS)) {
        (Some(same), _) => finding.help(format!("write `{same}`")).fix(action.span, format!("\"{same}\"")),
        (None, Some(near)) => finding.help(format!("did you mean `{near}`?")),
        (None, None) => finding.help(
            "use the `sts:AssumeRole…` actions, `sts:TagSession`, \
            `sts:SetSourceIdentity` and `sts:SetContext`",
        ),
    });
}

fn mismatched(statement: &Statement<'_>, action: &Text<'_>, findings: &mut Findings) {
    if !allows(statement) {
        return;
    }
    let mut providers =
        principals(statement, PrincipalKey::Federated).filter_map(|value| provider(&value.value));
    let others =
        principals(statement, PrincipalKey::Aws).chain(principals(statement, PrincipalKey::Service)).count();
    let named = members(statement).iter().any(|member| !member.values.items.is_empty());
    let (fits, wanted) = match action.value.to_lowercase().as_str() {
        "sts:assumerole" => (others > 0, "an account, role, user or service"),
        "sts:assumerolewithsaml" => (providers.any(|provider| provider == Provider::Saml), "a SAML provider"),
        "sts:assumerolewithwebidentity" => {
            (providers.any(|provider| provider == Provider::OpenIdConnect), "an OpenID Connect provider")
        }
        _ => return,
    };
    // Providers whose spelling is wrong have a finding of their own.
    let misspelt =
        principals(statement, PrincipalKey::Federated).any(|value| provider(&value.value).is_none());
    if !fits && named && !misspelt {
        let message = format!("`{}` needs {wanted} as principal, and the statement names none", action.value);
        findings.push(Finding::new(&MISMATCHED_ACTION_FOR_PRINCIPAL, action.span, message).help(
            "SAML providers use `sts:AssumeRoleWithSAML`, OpenID Connect providers \
                `sts:AssumeRoleWithWebIdentity`, all others `sts:AssumeRole`",
        ));
    }
}

fn roles_anywhere(policy: &Policy<'_>, findings: &mut Findings) {
    let names = |statement: &&Statement<'_>| {
        allows(statement)
            && principals(statement, PrincipalKey::Service)
                .any(|value| value.value == "rolesanywhere.amazonaws.com")
    };
    let statements: Vec<_> = policy.statements().iter().filter(names).collect();
    let given = |wanted: &&str| {
        let mut given = statements.iter().flat_map(|statement| actions(statement));
        !given.any(|action| crate::glob::covers_ignoring_case(&action.value, wanted))
    };
    let missing: Vec<&str> =
        ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"].into_iter().filter(given).collect();
    let Some(action) = statements.iter().find_map(|statement| statement.action.as_ref()) else { return };
    if !missing.is_empty() && !action.negated {
        let missing = missing.join("`, `");
        let message = format!("`rolesanywhere.amazonaws.com` needs `{missing}` too");
        findings.push(
            Finding::new(&MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY, action.value.span, message)
                .help(format!("add `{missing}`")),
        );
    }
}

fn redundant(statement: &Statement<'_>, findings: &mut Findings) {
    let all: Vec<&Text<'_>> = principals(statement, PrincipalKey::Aws).collect();
    for session in &all {
        let Some((account, name)) = session_of(&session.value) else { continue };
        let role = all.iter().find(|role| {
            let path = role.value.strip_prefix("arn:aws").and_then(|rest| rest.split_once(":iam::"));
            let path = path.and_then(|(_, rest)| rest.strip_prefix(account)?.strip_prefix(":role/"));
            path.is_some_and(|path| path.rsplit('/').next() == Some(name))
        });
        if let Some(role) = role {
            let message = format!("`{}` is a session of a role that is listed too", session.value);
            findings.push(
                Finding::new(&REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY, session.span, message)
                    .related(role.span, "the role")
                    .help("remove the session"),
            );
        }
    }
}

/// Account and role name of a role session's ARN.
fn session_of(text: &str) -> Option<(&str, &str)> {
    let (_, rest) = text.strip_prefix("arn:aws")?.split_once(":sts::")?;
    let (account, rest) = rest.split_once(":assumed-role/")?;
    Some((account, rest.split_once('/')?.0))
}
