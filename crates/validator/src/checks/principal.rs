//! `Principal` and `NotPrincipal`: whether the kind has them, and whom AWS account principals name.
//!
//! What service principals are called is `service_principal`'s, what trust policies ask of them `trust`'s.

use bailiwick_parser::syntax::{PrincipalKey, PrincipalValue, Statement};
use bailiwick_source::Text;

use crate::Origin::{Aws, Own};
use crate::Severity::{Error, SecurityWarning, Suggestion, Warning};
use crate::check::{checks, statements};
use crate::findings::Findings;
use crate::view::{Policy, allows, members, opening, principal_span};
use crate::{Finding, Kind, Kinds, account_principal, glob};

checks! {
    MISSING_PRINCIPAL {
        severity: Error,
        kinds: Kinds::PRINCIPAL,
        origin: Aws,
        rule: "V-32, G-14",
        reason: "a statement of a resource-based policy has no principal",
        explanation: "In a policy that is attached to a resource, every statement has a principal. Add \
            `Principal`: an account, a role, a service, or `\"*\"`.",
        example: statements!(
            Resource,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
        ),
    }
    UNSUPPORTED_PRINCIPAL {
        severity: Error,
        kinds: Kinds::IDENTITY,
        origin: Aws,
        rule: "V-43, G-14",
        reason: "`Principal` is not allowed in an identity policy",
        explanation: "Identity-based policies, permissions boundaries and session policies apply to the \
            user, group, role or session that they are attached to; IAM refuses a document with `Principal` \
            or `NotPrincipal`.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*""#,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*""#,
        ),
    }
    SCP_SYNTAX_ERROR_PRINCIPAL {
        severity: Error,
        kinds: Kinds::of(&[Kind::ServiceControl]),
        origin: Aws,
        rule: "V-38, G-35",
        reason: "a service control policy has `Principal` or `NotPrincipal`",
        explanation: "A service control policy applies to the accounts below its target and supports neither \
            element. Narrow it with a condition on `aws:PrincipalArn` instead.",
        example: statements!(
            ServiceControl,
            r#""Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*""#,
            r#""Effect":"Deny","Action":"s3:*","Resource":"*""#,
        ),
    }
    ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL {
        severity: Error,
        kinds: Kinds::of(&[Kind::Trust]),
        origin: Aws,
        rule: "V-62, G-25",
        reason: "a role trust policy has `NotPrincipal`",
        explanation: "A role trust policy supports `Principal` only.",
        example: statements!(
            Trust,
            r#""Effect":"Deny","NotPrincipal":{"AWS":"111122223333"},"Action":"sts:AssumeRole""#,
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole""#,
        ),
    }
    ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL {
        severity: Error,
        kinds: Kinds::of(&[Kind::Trust]),
        origin: Aws,
        rule: "V-63, G-19, D-70",
        reason: "the principal of a role trust policy is the bare string `\"*\"`",
        explanation: "Everyone in every account could assume the role. Name accounts, roles or services. (An \
            edited trust policy with `\"*\"` is evaluated as everyone.)",
        example: statements!(
            Trust,
            r#""Effect":"Allow","Principal":"*","Action":"sts:AssumeRole""#,
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole""#,
        ),
    }
    ALLOW_WITH_NOT_PRINCIPAL {
        severity: SecurityWarning,
        kinds: Kinds::RESOURCE,
        origin: Aws,
        rule: "V-100, G-25",
        reason: "an Allow has `NotPrincipal`",
        explanation: "`NotPrincipal` with Allow grants access to all other principals, anonymous callers \
            included. AWS no longer documents it as supported, and S3 refuses it. Use `Principal`, or \
            `NotPrincipal` with Deny.",
        example: statements!(
            Resource,
            r#""Effect":"Allow","NotPrincipal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
            r#""Effect":"Deny","NotPrincipal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
        ),
    }
    S3_ALLOW_WITH_NOT_PRINCIPAL {
        severity: Error,
        kinds: Kinds::of(&[Kind::S3Bucket]),
        origin: Own,
        rule: "observation 22, D-68",
        reason: "S3 refuses an Allow with `NotPrincipal`",
        explanation: "PutBucketPolicy answers MalformedPolicy. Name the principals, or use `NotPrincipal` \
            with Deny.",
        example: statements!(
            S3Bucket,
            r#""Effect":"Allow","NotPrincipal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
            r#""Effect":"Deny","NotPrincipal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
        ),
    }
    UNSUPPORTED_WILDCARD_IN_PRINCIPAL {
        severity: Error,
        kinds: Kinds::PRINCIPAL,
        origin: Aws,
        rule: "V-46, G-18",
        reason: "a principal is a pattern",
        explanation: "In `Principal` a `*` means everyone and cannot be part of a name: `role/*` and \
            `\"Service\": \"*\"` are refused. Use `\"*\"` and narrow it with `ArnLike` on \
            `aws:PrincipalArn`.",
        example: statements!(
            Resource,
            r#""Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/*"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
            r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}}"#,
        ),
    }
    INVALID_USER_REFERENCE {
        severity: Warning,
        kinds: Kinds::PRINCIPAL.except(&[Kind::LogsDestination]),
        origin: Aws,
        rule: "V-83, G-46",
        reason: "a principal is the unique ID of a user",
        explanation: "IAM stores the ARN in a policy as the unique ID `AIDA…` and shows the ID after the \
            user was deleted. Such an entry matches no principal, not even a new user of the same name. \
            Write the ARN of a user that exists, or remove it.",
        example: statements!(
            Resource,
            r#""Effect":"Allow","Principal":{"AWS":"AIDAEXAMPLEID"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
            r#""Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/amy"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
        ),
    }
    INVALID_ROLE_REFERENCE {
        severity: Warning,
        kinds: Kinds::PRINCIPAL.except(&[Kind::LogsDestination]),
        origin: Aws,
        rule: "V-83, G-46",
        reason: "a principal is the unique ID of a role",
        explanation: "IAM stores the ARN in a policy as the unique ID `AROA…` and shows the ID after the \
            role was deleted. Such an entry matches no principal, not even a new role of the same name. \
            Write the ARN of a role that exists, or remove it. (CloudWatch Logs destination policies support \
            role IDs.)",
        example: statements!(
            Resource,
            r#""Effect":"Allow","Principal":{"AWS":"AROAEXAMPLEID"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
            r#""Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/app"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
        ),
    }
    INVALID_PRINCIPAL_VALUE {
        severity: Error,
        kinds: Kinds::PRINCIPAL,
        origin: Own,
        rule: "G-17, G-23",
        reason: "a principal is not valid",
        explanation: "`AWS` accepts an account ID of 12 digits, an account root, user, role, role session or \
            federated user ARN, or `*`; groups are never principals. `CanonicalUser` accepts the canonical \
            user ID of an account, 64 hexadecimal digits, in S3 policies only.",
        example: statements!(
            Resource,
            r#""Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:group/g"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
            r#""Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/r"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
        ),
    }
    EMPTY_OBJECT_PRINCIPAL {
        severity: Suggestion,
        kinds: Kinds::PRINCIPAL,
        origin: Aws,
        rule: "V-121, G-33",
        reason: "`Principal` is an empty object",
        explanation: "The statement has no principal and never applies.",
        example: statements!(
            Resource,
            r#""Effect":"Allow","Principal":{},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
        ),
    }
    EMPTY_ARRAY_PRINCIPAL {
        severity: Suggestion,
        kinds: Kinds::PRINCIPAL,
        origin: Aws,
        rule: "V-120, G-33",
        reason: "a member of `Principal` is an empty list",
        explanation: "The list is empty; a statement without any other principal never applies.",
        example: statements!(
            Resource,
            r#""Effect":"Allow","Principal":{"AWS":[]},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
            r#""Effect":"Allow","Principal":{"AWS":["111122223333"]},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
        ),
    }
}

pub(super) fn run(policy: &Policy<'_>, findings: &mut Findings) {
    for statement in policy.statements() {
        presence(policy, statement, findings);
        empty(policy, statement, findings);
        for member in members(statement) {
            for value in &member.values.items {
                one(policy, member.key.value, value, findings);
            }
        }
    }
}

/// Whether the kind has the element at all. What is wrong in any case is not looked into further.
fn presence(policy: &Policy<'_>, statement: &Statement<'_>, findings: &mut Findings) {
    let Some(principal) = &statement.principal else {
        let written = ["Principal", "NotPrincipal"].iter().any(|name| policy.is_written(statement, name));
        if policy.is_whole() && !written {
            let message =
                format!("the statement has no `Principal`, and {} needs one", policy.kind.describe());
            findings.push(Finding::new(&MISSING_PRINCIPAL, opening(statement.span), message));
        }
        return;
    };
    let name = if principal.negated { "NotPrincipal" } else { "Principal" };
    let message = format!("{} has no `{name}`", policy.kind.describe());
    findings
        .push(Finding::new(&UNSUPPORTED_PRINCIPAL, principal.name_span, message.clone()).help("remove it"));
    findings.push(
        Finding::new(&SCP_SYNTAX_ERROR_PRINCIPAL, principal.name_span, message)
            .help("remove it, and narrow the statement with a condition on `aws:PrincipalArn` if need be"),
    );
    if principal.negated {
        findings.push(Finding::new(
            &ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL,
            principal.name_span,
            "a role trust policy has no `NotPrincipal`",
        ));
        if allows(statement) {
            let message = "S3 refuses `NotPrincipal` with Allow";
            findings.push(Finding::new(&S3_ALLOW_WITH_NOT_PRINCIPAL, principal.name_span, message));
            let message = "`NotPrincipal` with Allow grants access to all other principals, anonymous \
                callers included";
            findings.push(
                Finding::new(&ALLOW_WITH_NOT_PRINCIPAL, principal.name_span, message)
                    .help("name the principals in `Principal`, or deny with `NotPrincipal`"),
            );
        }
    }
    if let PrincipalValue::Text(text) = &principal.value
        && text.value == "*"
    {
        findings.push(
            Finding::new(
                &ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL,
                text.span,
                "`*` allows everyone to assume the role",
            )
            .help("name accounts, roles or services"),
        );
    }
}

fn empty(policy: &Policy<'_>, statement: &Statement<'_>, findings: &mut Findings) {
    let map = statement
        .principal
        .as_ref()
        .is_some_and(|element| matches!(element.value, PrincipalValue::Map { .. }));
    let span = principal_span(statement);
    // Members that could not be read are not none.
    if map && members(statement).is_empty() && !policy.is_partial(span) {
        findings.push(Finding::new(
            &EMPTY_OBJECT_PRINCIPAL,
            span,
            "the statement has no principal, so it never applies",
        ));
    }
    for member in members(statement) {
        let values = &member.values;
        if values.is_list && values.items.is_empty() && !policy.is_partial(values.span) {
            findings.push(Finding::new(
                &EMPTY_ARRAY_PRINCIPAL,
                values.span,
                "the list of principals is empty",
            ));
        }
    }
}

/// One value of a principal object.
fn one(policy: &Policy<'_>, key: PrincipalKey, value: &Text<'_>, findings: &mut Findings) {
    // Variables have a finding of their own, and their `${*}` is not a wildcard.
    if value.value.contains("${") {
        return;
    }
    let everyone = key == PrincipalKey::Aws && value.value == "*";
    if glob::has_wildcard(&value.value) && !everyone {
        let message = format!("`{}` is a pattern, and principals do not support patterns", value.value);
        let finding = Finding::new(&UNSUPPORTED_WILDCARD_IN_PRINCIPAL, value.span, message);
        findings.push(match key {
            PrincipalKey::Aws => {
                finding.help("use `\"*\"` and narrow it with `ArnLike` on `aws:PrincipalArn`".to_owned())
            }
            _ => finding.help("name each principal"),
        });
        return;
    }
    match key {
        PrincipalKey::Aws if !everyone => account_principal(value, findings),
        PrincipalKey::CanonicalUser => canonical_user(policy, value, findings),
        _ => {}
    }
}

fn account_principal(value: &Text<'_>, findings: &mut Findings) {
    let text = value.value.as_ref();
    let id = text.len() >= 8 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    if id && text.starts_with("AIDA") {
        let message = format!("`{text}` is the unique ID of a user, most often of one that was deleted");
        findings
            .push(Finding::new(&INVALID_USER_REFERENCE, value.span, message).help("write the user's ARN"));
        return;
    }
    if id && text.starts_with("AROA") {
        let message = format!("`{text}` is the unique ID of a role, most often of one that was deleted");
        findings
            .push(Finding::new(&INVALID_ROLE_REFERENCE, value.span, message).help("write the role's ARN"));
        return;
    }
    if let Some(why) = account_principal::problem(text) {
        let finding = Finding::new(&INVALID_PRINCIPAL_VALUE, value.span, why);
        findings
            .push(finding.help("name an account ID, or the ARN of an account root, user, role or session"));
    }
}

fn canonical_user(policy: &Policy<'_>, value: &Text<'_>, findings: &mut Findings) {
    let text = value.value.as_ref();
    let why = if !policy.is(Kinds::of(&[Kind::Resource, Kind::S3Bucket])) {
        format!("{} does not support canonical users; S3 does", policy.kind.describe())
    } else if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        "a canonical user ID has 64 hexadecimal digits".to_owned()
    } else {
        return;
    };
    findings.push(Finding::new(&INVALID_PRINCIPAL_VALUE, value.span, why));
}
