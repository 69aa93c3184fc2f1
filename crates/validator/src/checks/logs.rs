//! CloudWatch Logs resource policies: what makes a delivery to a log group fail although a policy seems to allow it.

use bailiwick_parser::syntax::{PrincipalKey, Statement};
use bailiwick_source::Text;

use crate::Origin::{Aws, Own};
use crate::Severity::{Error, Suggestion, Warning};
use crate::check::{checks, statements};
use crate::checks::arn;
use crate::findings::Findings;
use crate::glob;
use crate::view::{Policy, actions, allows, as_pattern, members, names_everyone, principals, resources};
use crate::{Finding, Kind, Kinds};

const LOGS: Kinds = Kinds::of(&[Kind::LogsResource]);

/// A statement of a CloudWatch Logs resource policy, from its principal on.
macro_rules! delivery {
    ($found:literal, $clean:literal) => {
        statements!(
            LogsResource,
            concat!(
                r#""Effect":"Allow","#,
                $found,
                r#","Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}"#
            ),
            concat!(
                r#""Effect":"Allow","#,
                $clean,
                r#","Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}"#
            ),
        )
    };
}

checks! {
    LOGS_RESOURCE_WITHOUT_LOG_STREAMS {
        severity: Warning, kinds: LOGS, origin: Own, rule: "docs/DELIVERIES.md, resource ARNs",
        reason: "the resource is a log group, and deliveries write to its log streams",
        explanation: "The resource of `logs:PutLogEvents` is `log-group:NAME:log-stream:STREAM`. The bare \
            ARN of the log group matches no log stream, so nothing is delivered. End the ARN with `:*` or \
            `:log-stream:*`.",
        example: delivery!(
            r#""Principal":{"Service":"es.amazonaws.com"},"Action":"logs:PutLogEvents","Resource":"arn:aws:logs:us-east-1:111122223333:log-group:/es/d""#,
            r#""Principal":{"Service":"es.amazonaws.com"},"Action":"logs:PutLogEvents","Resource":"arn:aws:logs:us-east-1:111122223333:log-group:/es/d:*""#
        ),
    }
    LOGS_ACTION_NEVER_GRANTED {
        severity: Warning, kinds: LOGS, origin: Own, rule: "docs/DELIVERIES.md, PutResourcePolicy",
        reason: "an action that a CloudWatch Logs resource policy cannot grant",
        explanation: "CloudWatch Logs stores any action, and applies `logs:CreateLogStream` and \
            `logs:PutLogEvents` only. Grant other actions in an identity-based policy.",
        example: delivery!(
            r#""Principal":{"Service":"es.amazonaws.com"},"Action":["logs:PutLogEvents","logs:DeleteLogGroup"],"Resource":"arn:aws:logs:us-east-1:111122223333:log-group:/es/d:*""#,
            r#""Principal":{"Service":"es.amazonaws.com"},"Action":["logs:PutLogEvents","logs:CreateLogStream"],"Resource":"arn:aws:logs:us-east-1:111122223333:log-group:/es/d:*""#
        ),
    }
    LOGS_PRINCIPAL_NOT_ENFORCED {
        severity: Warning, kinds: LOGS, origin: Own, rule: "docs/DELIVERIES.md, PutResourcePolicy",
        reason: "a principal to whom CloudWatch Logs does not apply resource policies",
        explanation: "Resource policies are applied when an AWS service principal calls. Statements for \
            accounts, users and roles are stored and ignored, Allow and Deny alike. Use identity-based \
            policies; across accounts, a role or a destination.",
        example: delivery!(
            r#""Principal":{"AWS":"111122223333"},"Action":"logs:PutLogEvents","Resource":"arn:aws:logs:us-east-1:111122223333:log-group:/es/d:*""#,
            r#""Principal":{"Service":"es.amazonaws.com"},"Action":"logs:PutLogEvents","Resource":"arn:aws:logs:us-east-1:111122223333:log-group:/es/d:*""#
        ),
    }
    LOGS_SERVICE_WITHOUT_RESOURCE_POLICY {
        severity: Warning, kinds: LOGS, origin: Own, rule: "docs/DELIVERIES.md, who writes how",
        reason: "a service that writes its logs through a role",
        explanation: "CloudTrail, VPC flow logs, API Gateway's execution logs, IoT Core and AppSync assume a \
            role to write their logs; they are never the principal of the request, so the statement has no \
            effect. Give the permissions to the role. (Their vended logs come from \
            `delivery.logs.amazonaws.com`.)",
        example: delivery!(
            r#""Principal":{"Service":"vpc-flow-logs.amazonaws.com"},"Action":"logs:PutLogEvents","Resource":"arn:aws:logs:us-east-1:111122223333:log-group:/vpc:*""#,
            r#""Principal":{"Service":"delivery.logs.amazonaws.com"},"Action":"logs:PutLogEvents","Resource":"arn:aws:logs:us-east-1:111122223333:log-group:/vpc:*""#
        ),
    }
    LOGS_MISSPELT_LOG_GROUP {
        severity: Warning, kinds: LOGS, origin: Own, rule: "docs/DELIVERIES.md, X-Ray Transaction Search",
        reason: "X-Ray's log group is misspelt",
        explanation: "Transaction Search writes to `aws/spans`, without a leading slash, and to \
            `/aws/application-signals/data`, with one.",
        example: delivery!(
            r#""Principal":{"Service":"xray.amazonaws.com"},"Action":"logs:PutLogEvents","Resource":"arn:aws:logs:us-east-1:111122223333:log-group:/aws/spans:*""#,
            r#""Principal":{"Service":"xray.amazonaws.com"},"Action":"logs:PutLogEvents","Resource":"arn:aws:logs:us-east-1:111122223333:log-group:aws/spans:*""#
        ),
    }
    ROUTE53_LOGS_OUTSIDE_US_EAST_1 {
        severity: Warning, kinds: LOGS, origin: Own, rule: "docs/DELIVERIES.md, Route 53",
        reason: "Route 53 is given a log group outside us-east-1",
        explanation: "Query logs of public hosted zones go to log groups in us-east-1; the policy must be \
            there too.",
        example: delivery!(
            r#""Principal":{"Service":"route53.amazonaws.com"},"Action":"logs:PutLogEvents","Resource":"arn:aws:logs:eu-west-1:111122223333:log-group:/aws/route53/*""#,
            r#""Principal":{"Service":"route53.amazonaws.com"},"Action":"logs:PutLogEvents","Resource":"arn:aws:logs:us-east-1:111122223333:log-group:/aws/route53/*""#
        ),
    }
    EVENTS_WITHOUT_LOG_DELIVERY {
        severity: Suggestion, kinds: LOGS, origin: Own, rule: "docs/DELIVERIES.md, EventBridge",
        reason: "EventBridge is allowed to write and log delivery is not",
        explanation: "AWS documents both principals, `events.amazonaws.com` and \
            `delivery.logs.amazonaws.com`, for a log group as target of a rule; deliveries without the \
            second were reported to fail.",
        example: delivery!(
            r#""Principal":{"Service":"events.amazonaws.com"},"Action":"logs:PutLogEvents","Resource":"arn:aws:logs:us-east-1:111122223333:log-group:/aws/events/*:*""#,
            r#""Principal":{"Service":["events.amazonaws.com","delivery.logs.amazonaws.com"]},"Action":"logs:PutLogEvents","Resource":"arn:aws:logs:us-east-1:111122223333:log-group:/aws/events/*:*""#
        ),
    }
    UNSUPPORTED_RESOURCE_ARN_IN_POLICY {
        severity: Error,
        kinds: Kinds::of(&[
            Kind::LogsResource,
            Kind::LogsDestination,
            Kind::LogsDeliveryDestination,
            Kind::S3Bucket,
            Kind::KmsKey,
        ]),
        origin: Aws, rule: "V-44, G-42, observation 22",
        reason: "a resource that the policy cannot be attached to",
        explanation: "A resource-based policy applies to the resource it is attached to. S3 refuses `*`, \
            another bucket and other services; a CloudWatch Logs resource policy applies to log groups, a \
            destination policy to the destination, a key policy to `*`, which means the key itself.",
        example: statements!(
            S3Bucket,
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"*""#,
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
        ),
    }
}

/// The actions that a resource policy grants.
const GRANTED: [&str; 2] = ["logs:CreateLogStream", "logs:PutLogEvents"];

/// Services whose logs a role writes.
const BY_ROLE: [&str; 5] = [
    "cloudtrail.amazonaws.com",
    "vpc-flow-logs.amazonaws.com",
    "apigateway.amazonaws.com",
    "iot.amazonaws.com",
    "appsync.amazonaws.com",
];

pub(super) fn run(policy: &Policy<'_>, findings: &mut Findings) {
    attached(policy, findings);
    if policy.kind != Kind::LogsResource {
        return;
    }
    for statement in policy.statements() {
        for action in actions(statement) {
            grantable(action, findings);
        }
        writers(statement, findings);
        for resource in resources(statement) {
            group(statement, resource, findings);
        }
    }
    events(policy, findings);
}

fn grantable(action: &Text<'_>, findings: &mut Findings) {
    let named =
        action.value.split_once(':').is_some_and(|(prefix, name)| !prefix.is_empty() && !name.is_empty());
    let granted = GRANTED.iter().any(|known| glob::covers_ignoring_case(&action.value, known));
    if named && !granted && !action.value.contains("${") {
        let message = format!("`{}` is stored, and never granted by a resource policy", action.value);
        let finding = Finding::new(&LOGS_ACTION_NEVER_GRANTED, action.span, message);
        findings.push(finding.help("resource policies grant `logs:CreateLogStream` and `logs:PutLogEvents`"));
    }
}

fn writers(statement: &Statement<'_>, findings: &mut Findings) {
    for member in members(statement).iter().filter(|member| member.key.value == PrincipalKey::Aws) {
        if let Some(first) = member.values.items.first() {
            let message = format!(
                "`{}` is not a service principal: CloudWatch Logs does not apply resource \
                policies to it",
                first.value
            );
            let finding = Finding::new(&LOGS_PRINCIPAL_NOT_ENFORCED, member.values.span, message);
            findings.push(finding.help("name a service principal, or use an identity-based policy"));
        }
    }
    for service in principals(statement, PrincipalKey::Service) {
        if BY_ROLE.contains(&service.value.as_ref()) {
            let message = format!("`{}` writes its logs through a role", service.value);
            let finding = Finding::new(&LOGS_SERVICE_WITHOUT_RESOURCE_POLICY, service.span, message);
            findings.push(finding.help("give the permissions to the role that the service assumes"));
        }
    }
}

/// The parts of a statement on a log group.
fn group(statement: &Statement<'_>, resource: &Text<'_>, findings: &mut Findings) {
    let pattern = as_pattern(&resource.value);
    let fields = arn::fields(&pattern);
    let &[_, _, _, (_, region), _, (_, last)] = fields.as_slice() else { return };
    let Some(name) = last.strip_prefix("log-group:") else { return };
    let writes = actions(statement)
        .iter()
        .any(|action| glob::covers_ignoring_case(&action.value, "logs:PutLogEvents"));
    if writes && !glob::fits(&pattern, "arn:{p}:logs:{r}:{a}:log-group:{s}:log-stream:{x}") {
        let message = format!("no log stream matches `{}`", resource.value);
        let finding = Finding::new(&LOGS_RESOURCE_WITHOUT_LOG_STREAMS, resource.span, message);
        findings.push(finding.help(format!("write `{}:*`", resource.value.trim_end_matches(':'))));
    }
    let serves =
        |wanted: &str| principals(statement, PrincipalKey::Service).any(|service| service.value == wanted);
    let name = name.split(':').next().unwrap_or_default();
    let xray = serves("xray.amazonaws.com");
    for (wrong, right) in
        [("/aws/spans", "aws/spans"), ("aws/application-signals/data", "/aws/application-signals/data")]
    {
        if xray && name == wrong {
            let message = format!("X-Ray writes to `{right}`, not to `{wrong}`");
            let finding = Finding::new(&LOGS_MISSPELT_LOG_GROUP, resource.span, message);
            findings.push(finding.help(format!("write `{}`", resource.value.replace(wrong, right))));
        }
    }
    if serves("route53.amazonaws.com") && !region.is_empty() && !glob::matches(region, "us-east-1") {
        let message = format!("Route 53 writes query logs in us-east-1, not in `{region}`");
        findings.push(Finding::new(&ROUTE53_LOGS_OUTSIDE_US_EAST_1, resource.span, message));
    }
}

/// Whether EventBridge may write anywhere and log delivery nowhere.
fn events(policy: &Policy<'_>, findings: &mut Findings) {
    let named = |wanted: &str| {
        let allowing = policy.statements().iter().filter(|statement| allows(statement));
        let mut services = allowing.flat_map(|statement| principals(statement, PrincipalKey::Service));
        services.find(|service| service.value == wanted).map(|service| service.span)
    };
    if let (Some(span), None) = (named("events.amazonaws.com"), named("delivery.logs.amazonaws.com"))
        && !policy.statements().iter().any(names_everyone)
    {
        let message = "`delivery.logs.amazonaws.com` is missing, and AWS documents it together with \
                `events.amazonaws.com`";
        findings.push(
            Finding::new(&EVENTS_WITHOUT_LOG_DELIVERY, span, message)
                .help("add `delivery.logs.amazonaws.com`"),
        );
    }
}

/// Resources that policies of the kind cannot apply to.
fn attached(policy: &Policy<'_>, findings: &mut Findings) {
    let (formats, what): (&[&str], _) = match policy.kind {
        Kind::LogsResource => (&["arn:{p}:logs:{r}:{a}:log-group:{x}"], "log groups"),
        Kind::LogsDestination => (&["arn:{p}:logs:{r}:{a}:destination:{s}"], "the destination"),
        Kind::LogsDeliveryDestination => {
            (&["arn:{p}:logs:{r}:{a}:delivery-destination:{s}"], "the delivery destination")
        }
        Kind::S3Bucket => (&["arn:{p}:s3:::{n}", "arn:{p}:s3:::{n}/{x}"], "the bucket and its objects"),
        Kind::KmsKey => (&["arn:{p}:kms:{r}:{a}:key/{x}"], "the key, as `*`"),
        _ => return,
    };
    let mut first: Option<(String, &Text<'_>)> = None;
    for resource in policy.statements().iter().filter_map(|statement| statement.resource.as_ref()) {
        for item in &resource.value.items {
            let pattern = as_pattern(&item.value);
            let star = item.value == "*" && policy.kind == Kind::S3Bucket;
            // A text that is not an ARN has a finding of its own.
            let is_arn = pattern.starts_with("arn:") && arn::fields(&pattern).len() == 6;
            if star || (is_arn && !formats.iter().any(|format| glob::fits(&pattern, format))) {
                let message =
                    format!("{} applies to {what}, not to `{}`", policy.kind.describe(), item.value);
                findings.push(Finding::new(&UNSUPPORTED_RESOURCE_ARN_IN_POLICY, item.span, message));
            } else if policy.kind == Kind::S3Bucket && is_arn {
                another_bucket(item, &mut first, findings);
            }
        }
    }
}

/// A bucket policy names one bucket.
fn another_bucket<'a>(
    item: &'a Text<'a>,
    first: &mut Option<(String, &'a Text<'a>)>,
    findings: &mut Findings,
) {
    let fields = arn::fields(&item.value);
    let bucket = fields.last().and_then(|(_, last)| last.split('/').next()).unwrap_or_default();
    if glob::has_wildcard(bucket) || bucket.contains("${") {
        return;
    }
    match first {
        None => *first = Some((bucket.to_owned(), item)),
        Some((other, place)) if other != bucket => {
            let message = format!(
                "`{bucket}` is another bucket than `{other}`, and a bucket policy applies \
                to one bucket"
            );
            findings.push(
                Finding::new(&UNSUPPORTED_RESOURCE_ARN_IN_POLICY, item.span, message)
                    .related(place.span, "the first bucket"),
            );
        }
        Some(_) => {}
    }
}
