//! OpenID Connect providers in trust policies: the claims that a token must have.
//!
//! The rules for shared providers are those that IAM was seen to apply when a trust policy was saved; the claims
//! that it accepts beyond those seen are accepted here.

use bailiwick_parser::syntax::{BaseOperator, Condition, ConditionKey, PrincipalKey, Qualifier, Statement};

use crate::Origin::{Aws, Own};
use crate::Severity::{Error, SecurityWarning, Suggestion, Warning};
use crate::check::{checks, statements};
use crate::checks::trust::BUILT_IN;
use crate::findings::Findings;
use crate::view::{Policy, actions, allows, conditions, principals};
use crate::{Finding, Kind, Kinds};

checks! {
    MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL {
        severity: SecurityWarning,
        kinds: Kinds::of(&[Kind::Trust]),
        origin: Aws,
        rule: "V-106",
        reason: "an OpenID Connect provider is trusted without a condition on the token",
        explanation: "Without a condition on the provider's claims (`<host>:sub`, `<host>:aud`, …) every \
            user of the provider can assume the role.",
        example: statements!(
            Trust,
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/idp.example.com"},"Action":"sts:AssumeRoleWithWebIdentity""#,
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/idp.example.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"idp.example.com:sub":"x"}}"#,
        ),
    }
    MISSING_GITHUB_REPO_CONDITION_KEY {
        severity: SecurityWarning,
        kinds: Kinds::of(&[Kind::Trust]),
        origin: Aws,
        rule: "V-107",
        reason: "GitHub Actions is trusted without a condition on the repository",
        explanation: "`token.actions.githubusercontent.com` issues tokens to every workflow on GitHub. Add a \
            condition on `token.actions.githubusercontent.com:sub` with your repository and branch.",
        example: statements!(
            Trust,
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"}}"#,
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:sub":"repo:org/repo:ref:refs/heads/main"}}"#,
        ),
    }
    SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED {
        severity: Warning,
        kinds: Kinds::of(&[Kind::Trust]),
        origin: Aws,
        rule: "V-90",
        reason: "the GitHub repository or branch is a pattern",
        explanation: "A `*` in `token.actions.githubusercontent.com:sub` may match more repositories, \
            branches and pull requests than intended.",
        example: statements!(
            Trust,
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:org/*"}}"#,
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:org/repo:ref:refs/heads/main"}}"#,
        ),
    }
    OIDC_PROVIDER_CLAIM_REQUIRED {
        severity: Error,
        kinds: Kinds::of(&[Kind::Trust]),
        origin: Own,
        rule: "observed: IAM, saving trust policies",
        reason: "a shared identity provider is trusted without the condition that IAM requires",
        explanation: "IAM refuses trust policies for providers that many customers share unless each Allow \
            has a condition, with `StringEquals`, `StringLike` or `StringEqualsIgnoreCase` without \
            `IfExists`, on the claim that identifies the customer, with another value than `*`: `:sub` of \
            GitLab and Terraform Cloud, `:sub` or `:job_workflow_ref` of GitHub (no value may be empty or \
            begin with `*`), `:aud` of Cognito, and the application of Google, Amazon and Facebook (`:aud`, \
            `:app_id` or `:sub`, in exactly this letter case).",
        example: statements!(
            Trust,
            r#""Effect":"Allow","Principal":{"Federated":"cognito-identity.amazonaws.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"cognito-identity.amazonaws.com:aud":"*"}}"#,
            r#""Effect":"Allow","Principal":{"Federated":"cognito-identity.amazonaws.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"cognito-identity.amazonaws.com:aud":"us-east-1:x"}}"#,
        ),
    }
    FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE {
        severity: SecurityWarning,
        kinds: Kinds::of(&[Kind::Trust]),
        origin: Aws,
        rule: "V-112",
        reason: "`ForAnyValue` on an audience claim",
        explanation: "A token with several audiences matches if one of them is listed. Most providers issue \
            a single audience: remove the set operator.",
        example: statements!(
            Trust,
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/idp.example.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"ForAnyValue:StringEquals":{"idp.example.com:aud":"x"}}"#,
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/idp.example.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"idp.example.com:aud":"x"}}"#,
        ),
    }
    CONFIRM_AUDIENCE_CLAIM_TYPE {
        severity: Suggestion,
        kinds: Kinds::of(&[Kind::Trust]),
        origin: Aws,
        rule: "V-134",
        reason: "a set operator on an audience claim",
        explanation: "Whether `aud` is multivalued depends on the provider. With a single audience the set \
            operator is not needed, and `ForAllValues` is true for a token without an audience.",
        example: statements!(
            Trust,
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/idp.example.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"ForAllValues:StringEquals":{"idp.example.com:aud":"x"}}"#,
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/idp.example.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"idp.example.com:aud":"x"}}"#,
        ),
    }
}

const GITHUB: &str = "token.actions.githubusercontent.com";

pub(super) fn run(policy: &Policy<'_>, findings: &mut Findings) {
    if policy.kind != Kind::Trust {
        return;
    }
    for statement in policy.statements() {
        for (condition, key) in conditions(statement) {
            claims(condition, key, findings);
        }
        let web_identity = actions(statement)
            .iter()
            .any(|action| action.value.eq_ignore_ascii_case("sts:AssumeRoleWithWebIdentity"));
        if !allows(statement) || !web_identity {
            continue;
        }
        for value in principals(statement, PrincipalKey::Federated) {
            let named = value.value.split_once(":oidc-provider/").map(|(_, host)| host);
            let built_in = BUILT_IN.into_iter().find(|name| *name == value.value);
            if let Some(host) = named.or(built_in) {
                provider(statement, host, named.is_some(), value.span, findings);
            }
        }
    }
}

fn provider(
    statement: &Statement<'_>,
    host: &str,
    named: bool,
    span: bailiwick_source::Span,
    findings: &mut Findings,
) {
    let claim = |key: &ConditionKey<'_>| claim_of(&key.key.value, host).map(str::to_owned);
    if named && !conditions(statement).any(|(_, key)| claim(key).is_some()) {
        let message = format!("every user of `{host}` can assume the role");
        findings.push(
            Finding::new(&MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL, span, message)
                .help(format!("add a condition on `{host}:sub` or another claim of `{host}`")),
        );
    }
    let asks = |wanted: &str| {
        conditions(statement)
            .any(|(_, key)| claim(key).is_some_and(|claim| claim.eq_ignore_ascii_case(wanted)))
    };
    if host == GITHUB && !asks("sub") {
        let message = "every workflow on GitHub that passes the other conditions can assume the role";
        findings.push(
            Finding::new(&MISSING_GITHUB_REPO_CONDITION_KEY, span, message)
                .help(format!("add a condition on `{GITHUB}:sub` with your repository and branch")),
        );
    }
    if let Some(rule) = Rule::of(host)
        && !rule.is_met(statement, host)
    {
        let keys =
            rule.claims.iter().map(|claim| format!("`{host}:{claim}`")).collect::<Vec<_>>().join(" or ");
        let message = format!("IAM refuses to trust `{host}` without a condition on {keys}");
        let finding = Finding::new(&OIDC_PROVIDER_CLAIM_REQUIRED, span, message);
        findings.push(finding.help(format!(
            "add a condition on {keys} with `StringEquals` and another value \
            than `*`"
        )));
    }
}

/// The claim that a key names, if it is one of this provider.
fn claim_of<'k>(key: &'k str, host: &str) -> Option<&'k str> {
    let start = key.get(..host.len())?;
    if !start.eq_ignore_ascii_case(host) {
        return None;
    }
    key.get(host.len()..)?.strip_prefix(':')
}

/// What IAM requires of a shared provider.
struct Rule {
    claims: &'static [&'static str],
    /// Whether the key's letter case counts.
    exact: bool,
    refuses: fn(&str) -> bool,
}

impl Rule {
    fn of(host: &str) -> Option<Self> {
        let all = |value: &str| value == "*";
        // GitHub's rule takes in any issuer whose text begins as GitHub's does.
        if host.starts_with(GITHUB) {
            let refuses = |value: &str| value.is_empty() || value.starts_with('*');
            return Some(Self { claims: &["sub", "job_workflow_ref"], exact: false, refuses });
        }
        Some(match host {
            "gitlab.com" | "app.terraform.io" => Self { claims: &["sub"], exact: false, refuses: all },
            "cognito-identity.amazonaws.com" => Self { claims: &["aud"], exact: false, refuses: all },
            "accounts.google.com" => {
                Self { claims: &["aud", "oaud", "sub"], exact: true, refuses: |_| false }
            }
            "www.amazon.com" | "graph.facebook.com" => {
                Self { claims: &["app_id", "aud", "sub"], exact: true, refuses: |_| false }
            }
            _ => return None,
        })
    }

    fn is_met(&self, statement: &Statement<'_>, host: &str) -> bool {
        let mut met = false;
        for (condition, key) in conditions(statement) {
            let Some(claim) = claim_of(&key.key.value, host) else { continue };
            let wanted = self.claims.iter().any(|wanted| {
                if self.exact {
                    *wanted == claim && key.key.value.starts_with(host)
                } else {
                    wanted.eq_ignore_ascii_case(claim)
                }
            });
            let compares = matches!(
                condition.operator.value.base,
                BaseOperator::StringEquals | BaseOperator::StringLike | BaseOperator::StringEqualsIgnoreCase
            );
            if !wanted || !compares || condition.operator.value.if_exists {
                continue;
            }
            if key.values.iter().any(|value| (self.refuses)(&value.text.value)) {
                return false;
            }
            met = true;
        }
        met
    }
}

fn claims(condition: &Condition<'_>, key: &ConditionKey<'_>, findings: &mut Findings) {
    let Some((host, claim)) = key.key.value.rsplit_once(':') else { return };
    if host.eq_ignore_ascii_case(GITHUB) && claim.eq_ignore_ascii_case("sub") {
        for value in key.values.iter().filter(|value| value.text.value.contains('*')) {
            let message =
                format!("`{}` may match more repositories and branches than intended", value.text.value);
            findings.push(
                Finding::new(&SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED, value.text.span, message)
                    .help("name the repository and the branch: `repo:org/repo:ref:refs/heads/main`"),
            );
        }
    }
    let qualifier = condition.operator.value.qualifier;
    if !claim.eq_ignore_ascii_case("aud") || !host.contains('.') {
        return;
    }
    if qualifier == Some(Qualifier::ForAnyValue) {
        let message =
            format!("`{}` matches if one audience of the token is listed", condition.operator.value);
        let finding = Finding::new(&FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE, key.key.span, message);
        findings.push(finding.help("leave the qualifier out if the provider issues one audience"));
    }
    if qualifier.is_some() {
        let message =
            format!("`{}` is multivalued only if the provider issues several audiences", key.key.value);
        findings.push(Finding::new(&CONFIRM_AUDIENCE_CLAIM_TYPE, key.key.span, message));
    }
}
