//! The policies of subscription destinations, delivery destinations and X-Ray: what their services refuse, and what
//! they cannot grant.
//!
//! The rules for subscription destinations are those that CloudWatch Logs was seen to apply in PutDestinationPolicy.

use bailiwick_parser::syntax::{PrincipalKey, PrincipalValue, Statement};

use crate::Origin::Own;
use crate::Severity::{Error, Warning};
use crate::check::{checks, statements};
use crate::checks::arn;
use crate::findings::Findings;
use crate::glob;
use crate::tables;
use crate::view::{
    Policy, actions, allows, conditions, is_key, members, names_everyone, principal_span, principals,
    resources,
};
use crate::{Finding, Kind, Kinds};

const DESTINATION: Kinds = Kinds::of(&[Kind::LogsDestination]);

/// A statement of a destination policy, between effect and condition.
macro_rules! destination {
    ($found:literal, $clean:literal) => {
        statements!(
            LogsDestination,
            concat!(
                r#""Effect":"Allow","Resource":"arn:aws:logs:us-east-1:111122223333:destination:d","#,
                $found
            ),
            concat!(
                r#""Effect":"Allow","Resource":"arn:aws:logs:us-east-1:111122223333:destination:d","#,
                $clean
            ),
        )
    };
}

checks! {
    LOGS_DESTINATION_PRINCIPAL_NOT_ACCOUNT {
        severity: Error, kinds: DESTINATION, origin: Own, rule: "observation 14",
        reason: "the principal of a destination policy is not an account ID",
        explanation: "CloudWatch Logs accepts account IDs of 12 digits and unique role IDs. It refuses ARNs \
            (\"Principal section of policy contains ARN instead of account ID\"), `*` without a condition on \
            the organization, and statements that name services or identity providers only.",
        example: destination!(
            r#""Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":"logs:PutSubscriptionFilter""#,
            r#""Principal":{"AWS":"444455556666"},"Action":"logs:PutSubscriptionFilter""#
        ),
    }
    LOGS_DESTINATION_CONDITION_KEY {
        severity: Error, kinds: DESTINATION, origin: Own, rule: "observation 14",
        reason: "a condition key that destination policies do not support",
        explanation: "CloudWatch Logs accepts `aws:PrincipalOrgID` and `aws:PrincipalOrgPaths`, in exactly \
            this letter case, and refuses every other key: \"Only 'aws:PrincipalOrgID' and \
            'aws:PrincipalOrgPaths' condition keys are allowed in Condition block of the policy.\"",
        example: destination!(
            r#""Principal":"*","Action":"logs:PutSubscriptionFilter","Condition":{"StringEquals":{"aws:PrincipalAccount":"444455556666"}}"#,
            r#""Principal":"*","Action":"logs:PutSubscriptionFilter","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}}"#
        ),
    }
    LOGS_DESTINATION_ACTION {
        severity: Warning, kinds: DESTINATION, origin: Own, rule: "docs/DELIVERIES.md, destination policies",
        reason: "an action that no request to a destination needs",
        explanation: "CloudWatch Logs stores any action in the policy, and authorizes \
            `logs:PutSubscriptionFilter` and, for account-level subscriptions, `logs:PutAccountPolicy`.",
        example: destination!(
            r#""Principal":{"AWS":"444455556666"},"Action":"logs:PutLogEvents""#,
            r#""Principal":{"AWS":"444455556666"},"Action":"logs:PutSubscriptionFilter""#
        ),
    }
    LOGS_DELIVERY_DESTINATION_ACTION {
        severity: Warning, kinds: Kinds::of(&[Kind::LogsDeliveryDestination]), origin: Own,
        rule: "docs/DELIVERIES.md, delivery destination policies",
        reason: "an action that no request to a delivery destination needs",
        explanation: "The policy authorizes principals of other accounts to connect a delivery source to the \
            destination: `logs:CreateDelivery`.",
        example: statements!(
            LogsDeliveryDestination,
            r#""Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"logs:PutDeliverySource","Resource":"arn:aws:logs:us-east-1:111122223333:delivery-destination:d""#,
            r#""Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"logs:CreateDelivery","Resource":"arn:aws:logs:us-east-1:111122223333:delivery-destination:d""#,
        ),
    }
    XRAY_RESOURCE_NOT_STAR {
        severity: Warning, kinds: Kinds::of(&[Kind::XrayResource]), origin: Own,
        rule: "docs/DELIVERIES.md, X-Ray resource policies",
        reason: "an X-Ray policy names a resource, and the action has no resource types",
        explanation: "`xray:PutTraceSegments` and the sampling actions have no resource types; a request for \
            them has the resource `*`, which no ARN matches.",
        example: statements!(
            XrayResource,
            r#""Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"xray:PutTraceSegments","Resource":"arn:aws:xray:us-east-1:111122223333:*","Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}"#,
            r#""Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"xray:PutTraceSegments","Resource":"*","Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}"#,
        ),
    }
}

/// The keys that a destination policy takes, letter case included.
const ORGANIZATION: [&str; 2] = ["aws:PrincipalOrgID", "aws:PrincipalOrgPaths"];

pub(super) fn run(policy: &Policy<'_>, findings: &mut Findings) {
    for statement in policy.statements() {
        match policy.kind {
            Kind::LogsDestination => {
                keys(statement, findings);
                subscribers(statement, findings);
                let asked = ["logs:PutSubscriptionFilter", "logs:PutAccountPolicy"];
                unasked(statement, &asked, &LOGS_DESTINATION_ACTION, findings);
            }
            Kind::LogsDeliveryDestination => {
                unasked(statement, &["logs:CreateDelivery"], &LOGS_DELIVERY_DESTINATION_ACTION, findings);
            }
            Kind::XrayResource => xray(statement, findings),
            _ => {}
        }
    }
}

fn keys(statement: &Statement<'_>, findings: &mut Findings) {
    for (_, key) in conditions(statement) {
        if ORGANIZATION.contains(&key.key.value.as_ref()) {
            continue;
        }
        let message = format!("destination policies do not support `{}`", key.key.value);
        let finding = Finding::new(&LOGS_DESTINATION_CONDITION_KEY, key.key.span, message);
        findings.push(match ORGANIZATION.into_iter().find(|known| is_key(key, known)) {
            Some(known) => finding.help(format!("write `{known}`")).fix(key.key.span, format!("\"{known}\"")),
            None => finding.help("use `aws:PrincipalOrgID` or `aws:PrincipalOrgPaths`"),
        });
    }
}

fn subscribers(statement: &Statement<'_>, findings: &mut Findings) {
    let organization = conditions(statement).any(|(_, key)| ORGANIZATION.contains(&key.key.value.as_ref()));
    let mut report = |span, message: String, help: &str| {
        findings.push(Finding::new(&LOGS_DESTINATION_PRINCIPAL_NOT_ACCOUNT, span, message).help(help));
    };
    if names_everyone(statement) && !organization {
        let message = "`*` as principal needs a condition on the organization".to_owned();
        report(
            principal_span(statement),
            message,
            "add `\"StringEquals\": {\"aws:PrincipalOrgID\": …}`, or name accounts",
        );
    }
    let mut accounts = 0;
    for value in principals(statement, PrincipalKey::Aws) {
        accounts += 1;
        if value.value.starts_with("arn:") {
            let message = format!("`{}` is an ARN, and destination policies accept account IDs", value.value);
            let account = value.value.split(':').nth(4).filter(|account| arn::is_account(account));
            let help = account
                .map_or_else(|| "write the account ID".to_owned(), |account| format!("write `{account}`"));
            report(value.span, message, &help);
        }
    }
    let map = statement
        .principal
        .as_ref()
        .is_some_and(|principal| matches!(principal.value, PrincipalValue::Map { .. }));
    if map && accounts == 0 && !members(statement).is_empty() {
        let message = "the statement names no account".to_owned();
        report(principal_span(statement), message, "name the sender's account in `AWS`");
    }
}

/// Actions that the service never asks of the resource.
fn unasked(statement: &Statement<'_>, asked: &[&str], check: &crate::Check, findings: &mut Findings) {
    for action in actions(statement) {
        let named = action.value == "*" || action.value.contains(':');
        let covers = asked.iter().any(|known| glob::covers_ignoring_case(&action.value, known));
        if named && !covers && !action.value.contains("${") {
            let message = format!("no request to the destination needs `{}`", action.value);
            findings.push(
                Finding::new(check, action.span, message)
                    .help(format!("requests to it need `{}`", asked.join("`, `"))),
            );
        }
    }
}

fn xray(statement: &Statement<'_>, findings: &mut Findings) {
    let Some(first) = resources(statement).first() else { return };
    if !allows(statement) || resources(statement).iter().any(|resource| glob::matches(&resource.value, "*")) {
        return;
    }
    let untyped = |name: &str| {
        tables::service("xray")
            .and_then(|xray| xray.action(name))
            .is_some_and(|action| action.types.contains(&"*"))
    };
    let named = actions(statement)
        .iter()
        .find(|action| action.value.split_once(':').is_some_and(|(_, name)| untyped(name)));
    if let Some(action) = named {
        let message = format!(
            "a request for `{}` has the resource `*`, which `{}` does not match",
            action.value, first.value
        );
        let finding = Finding::new(&XRAY_RESOURCE_NOT_STAR, first.span, message);
        findings.push(finding.related(action.span, "the action").help("write `\"Resource\": \"*\"`"));
    }
}
