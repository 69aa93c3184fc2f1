//! Two actions that grant more than themselves: `iam:PassRole` and `iam:CreateServiceLinkedRole`.
//!
//! Only the patterns decide whether an Allow covers them; of conditions, only the one that names the service counts.

use bailiwick_parser::syntax::Statement;

use crate::Check;
use crate::Origin::Aws;
use crate::Severity::{SecurityWarning, Warning};
use crate::check::{checks, statements};
use crate::findings::Findings;
use crate::view::{Policy, allows, as_pattern, looks_at};
use crate::{Finding, Kinds, glob};

const PASS_ROLE: &str = "A principal that can pass a role to a service can use the permissions of the role \
    through the service. Name the roles, or name the service in a condition on `iam:PassedToService`. \
    Patterns with a prefix (`role/Service*`) are not reported.";

const CREATE_SLR: &str = "The statement allows the service-linked role of every service to be created in the \
    account. Name the role's ARN (`role/aws-service-role/<service>/*`), or name the service in a condition \
    on `iam:AWSServiceName`.";

checks! {
    PASS_ROLE_WITH_STAR_IN_RESOURCE {
        severity: SecurityWarning, kinds: Kinds::IDENTITY, origin: Aws, rule: "V-102",
        reason: "`iam:PassRole` is allowed on all roles",
        explanation: PASS_ROLE,
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"iam:PassRole","Resource":"*""#,
            r#""Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}"#,
        ),
    }
    PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE {
        severity: SecurityWarning, kinds: Kinds::IDENTITY, origin: Aws, rule: "V-102",
        reason: "a wildcard allows `iam:PassRole` on all roles",
        explanation: PASS_ROLE,
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"iam:Pass*","Resource":"*""#,
            r#""Effect":"Allow","Action":"iam:Pass*","Resource":"arn:aws:iam::111122223333:role/app-*""#,
        ),
    }
    PASS_ROLE_WITH_NOT_RESOURCE {
        severity: SecurityWarning, kinds: Kinds::IDENTITY, origin: Aws, rule: "V-102",
        reason: "`iam:PassRole` is allowed on all roles except some",
        explanation: PASS_ROLE,
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"iam:PassRole","NotResource":"arn:aws:iam::111122223333:role/admin""#,
            r#""Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::111122223333:role/app""#,
        ),
    }
    PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE {
        severity: SecurityWarning, kinds: Kinds::IDENTITY, origin: Aws, rule: "V-102",
        reason: "a wildcard allows `iam:PassRole` on all roles except some",
        explanation: PASS_ROLE,
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"iam:P*","NotResource":"arn:aws:iam::111122223333:role/admin""#,
            r#""Effect":"Allow","Action":"iam:P*","Resource":"arn:aws:iam::111122223333:role/app""#,
        ),
    }
    PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION {
        severity: SecurityWarning, kinds: Kinds::IDENTITY, origin: Aws, rule: "V-102",
        reason: "`NotAction` allows `iam:PassRole` on all roles",
        explanation: PASS_ROLE,
        example: statements!(
            Identity,
            r#""Effect":"Allow","NotAction":"iam:Create*","Resource":"*""#,
            r#""Effect":"Allow","NotAction":"iam:*","Resource":"*""#,
        ),
    }
    PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE {
        severity: SecurityWarning, kinds: Kinds::IDENTITY, origin: Aws, rule: "V-102",
        reason: "`NotAction` allows `iam:PassRole` on all roles except some",
        explanation: PASS_ROLE,
        example: statements!(
            Identity,
            r#""Effect":"Allow","NotAction":"iam:Create*","NotResource":"arn:aws:iam::111122223333:role/admin""#,
            r#""Effect":"Allow","NotAction":"iam:*","NotResource":"arn:aws:iam::111122223333:role/admin""#,
        ),
    }
    CREATE_SLR_WITH_STAR_IN_RESOURCE {
        severity: Warning, kinds: Kinds::IDENTITY, origin: Aws, rule: "V-80",
        reason: "`iam:CreateServiceLinkedRole` is allowed for all services",
        explanation: CREATE_SLR,
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"iam:CreateServiceLinkedRole","Resource":"*""#,
            r#""Effect":"Allow","Action":"iam:CreateServiceLinkedRole","Resource":"arn:aws:iam::*:role/aws-service-role/ops.apigateway.amazonaws.com/*""#,
        ),
    }
    CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE {
        severity: Warning, kinds: Kinds::IDENTITY, origin: Aws, rule: "V-80",
        reason: "a wildcard allows `iam:CreateServiceLinkedRole` for all services",
        explanation: CREATE_SLR,
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"iam:Create*","Resource":"*""#,
            r#""Effect":"Allow","Action":"iam:CreateUser","Resource":"*""#,
        ),
    }
    CREATE_SLR_WITH_NOT_RESOURCE {
        severity: Warning, kinds: Kinds::IDENTITY, origin: Aws, rule: "V-80",
        reason: "`iam:CreateServiceLinkedRole` is allowed for all services except some",
        explanation: CREATE_SLR,
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"iam:CreateServiceLinkedRole","NotResource":"arn:aws:iam::111122223333:role/admin""#,
            r#""Effect":"Allow","Action":"iam:CreateServiceLinkedRole","Resource":"arn:aws:iam::*:role/aws-service-role/ops.apigateway.amazonaws.com/*""#,
        ),
    }
    CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE {
        severity: Warning, kinds: Kinds::IDENTITY, origin: Aws, rule: "V-80",
        reason: "a wildcard allows `iam:CreateServiceLinkedRole` for all services except some",
        explanation: CREATE_SLR,
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"iam:Create*","NotResource":"arn:aws:iam::111122223333:role/admin""#,
            r#""Effect":"Allow","Action":"iam:CreateUser","NotResource":"arn:aws:iam::111122223333:user/admin""#,
        ),
    }
    CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION {
        severity: Warning, kinds: Kinds::IDENTITY, origin: Aws, rule: "V-80",
        reason: "`NotAction` allows `iam:CreateServiceLinkedRole` for all services",
        explanation: CREATE_SLR,
        example: statements!(
            Identity,
            r#""Effect":"Allow","NotAction":"iam:Pass*","Resource":"*""#,
            r#""Effect":"Allow","NotAction":"iam:*","Resource":"*""#,
        ),
    }
    CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE {
        severity: Warning, kinds: Kinds::IDENTITY, origin: Aws, rule: "V-80",
        reason: "`NotAction` allows `iam:CreateServiceLinkedRole` for all services except some",
        explanation: CREATE_SLR,
        example: statements!(
            Identity,
            r#""Effect":"Allow","NotAction":"iam:Pass*","NotResource":"arn:aws:iam::111122223333:role/admin""#,
            r#""Effect":"Allow","NotAction":"iam:*","NotResource":"arn:aws:iam::111122223333:role/admin""#,
        ),
    }
}

/// One of the two actions.
struct Power {
    action: &'static str,
    /// A role that no pattern names by accident, with `{a}` for the account.
    probe: &'static str,
    /// The condition key that names the service and thereby silences the finding.
    key: &'static str,
    checks: Shapes,
}

/// The check for each way in which a statement can cover the action.
struct Shapes {
    star_in_resource: &'static Check,
    star_in_action_and_resource: &'static Check,
    not_resource: &'static Check,
    star_in_action_and_not_resource: &'static Check,
    star_in_resource_and_not_action: &'static Check,
    not_action_and_not_resource: &'static Check,
}

const POWERS: [Power; 2] = [
    Power {
        action: "iam:PassRole",
        probe: "arn:aws:iam::{a}:role/\u{1}",
        key: "iam:PassedToService",
        checks: Shapes {
            star_in_resource: &PASS_ROLE_WITH_STAR_IN_RESOURCE,
            star_in_action_and_resource: &PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE,
            not_resource: &PASS_ROLE_WITH_NOT_RESOURCE,
            star_in_action_and_not_resource: &PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE,
            star_in_resource_and_not_action: &PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION,
            not_action_and_not_resource: &PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE,
        },
    },
    Power {
        action: "iam:CreateServiceLinkedRole",
        probe: "arn:aws:iam::{a}:role/aws-service-role/\u{1}.amazonaws.com/AWSServiceRoleFor\u{1}",
        key: "iam:AWSServiceName",
        checks: Shapes {
            star_in_resource: &CREATE_SLR_WITH_STAR_IN_RESOURCE,
            star_in_action_and_resource: &CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE,
            not_resource: &CREATE_SLR_WITH_NOT_RESOURCE,
            star_in_action_and_not_resource: &CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE,
            star_in_resource_and_not_action: &CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION,
            not_action_and_not_resource: &CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE,
        },
    },
];

pub(super) fn run(policy: &Policy<'_>, findings: &mut Findings) {
    for statement in policy.statements().iter().filter(|statement| allows(statement)) {
        for power in POWERS {
            judge(statement, &power, findings);
        }
    }
}

fn judge(statement: &Statement<'_>, power: &Power, findings: &mut Findings) {
    let (Some(action), Some(resource)) = (&statement.action, &statement.resource) else { return };
    if looks_at(statement, &[power.key]) {
        return;
    }
    let covering =
        action.value.items.iter().find(|item| glob::covers_ignoring_case(&item.value, power.action));
    let star_in_action = match (action.negated, covering) {
        (false, Some(item)) => Some(glob::has_wildcard(&item.value)),
        (true, None) => None,
        _ => return,
    };
    let all = resource.value.items.iter().find(|item| {
        let pattern = as_pattern(&item.value);
        // The role is in the account that the pattern names.
        let account = pattern
            .split(':')
            .nth(4)
            .filter(|account| !glob::has_wildcard(account))
            .unwrap_or("111122223333");
        glob::matches(&pattern, &power.probe.replace("{a}", account))
    });
    let shapes = &power.checks;
    let check = match (star_in_action, resource.negated, all) {
        (Some(false), false, Some(_)) => shapes.star_in_resource,
        (Some(true), false, Some(_)) => shapes.star_in_action_and_resource,
        (None, false, Some(_)) => shapes.star_in_resource_and_not_action,
        (Some(false), true, None) => shapes.not_resource,
        (Some(true), true, None) => shapes.star_in_action_and_not_resource,
        (None, true, None) => shapes.not_action_and_not_resource,
        _ => return,
    };
    let span = match all {
        Some(item) => item.span,
        None => resource.name_span,
    };
    let finding = Finding::new(check, span, check.reason);
    let finding = match covering {
        Some(item) => finding.related(item.span, "the action"),
        None => finding.related(action.name_span, "the excluded actions"),
    };
    findings.push(finding.help(format!("name the roles, or add a condition on `{}`", power.key)));
}
