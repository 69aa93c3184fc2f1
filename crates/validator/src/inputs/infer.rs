//! The kind of a policy, from what the policy says.

use std::borrow::Cow;

use bailiwick_source::json::{self, Kind as Json, Limits, Value};
use bailiwick_source::nearest;

use super::recognize::statements;
use crate::Kind;

/// The kind that a document shows. Without a `Principal` it is an identity policy; with one it is a resource policy,
/// whose kind is taken from its actions and resources where these leave no doubt.
///
/// Boundaries, session policies and the policies of organizations and VPC endpoints have nothing that tells them apart
/// from these.
pub(super) fn kind(text: &str) -> Kind {
    let (document, _) = json::parse_partial(text, &Limits::default());
    let Some(document) = document else { return Kind::Identity };
    // A misspelt name must not change the kind.
    let has_principal = |statement: Value<'_, '_>| {
        statement.members().any(|(name, _)| nearest(&name.value, &["Principal", "NotPrincipal"]).is_some())
    };
    let all: Vec<_> = statements_of(document.root()).collect();
    if all.iter().copied().any(has_principal) { of_resource(&all) } else { Kind::Identity }
}

/// The kind of a document that is known to be a resource policy.
pub(super) fn resource_kind(text: &str) -> Kind {
    let (document, _) = json::parse_partial(text, &Limits::default());
    let all: Vec<_> = document.iter().flat_map(|document| statements_of(document.root())).collect();
    match (of_resource(&all), service(&all).as_deref()) {
        // The output is about a bucket, whatever its resources are called.
        (Kind::Resource, Some("s3")) => Kind::S3Bucket,
        (kind @ (Kind::KmsKey | Kind::S3Bucket), _) => kind,
        _ => Kind::Resource,
    }
}

fn of_resource(all: &[Value<'_, '_>]) -> Kind {
    let allows = |statement: &Value<'_, '_>| {
        statement.member("Effect").and_then(Value::as_str).is_some_and(|effect| effect == "Allow")
    };
    let names_resource = |statement: &Value<'_, '_>| {
        statement.member("Resource").is_some() || statement.member("NotResource").is_some()
    };
    let is_of = |part: &str| {
        let mut resources = texts(all, &["Resource"]).peekable();
        resources.peek().is_some() && resources.all(|resource| resource.contains(part))
    };
    match service(all).as_deref() {
        Some("sts") if all.iter().any(allows) || !all.iter().any(names_resource) => Kind::Trust,
        Some("kms") => Kind::KmsKey,
        Some("xray") => Kind::XrayResource,
        Some("logs") if is_of(":delivery-destination:") => Kind::LogsDeliveryDestination,
        Some("logs") if is_of(":destination:") => Kind::LogsDestination,
        Some("logs") => Kind::LogsResource,
        Some("s3") | None if is_one_bucket(all) => Kind::S3Bucket,
        _ => Kind::Resource,
    }
}

/// The service that all actions name, `*` apart; `None` if they name several or none.
fn service(all: &[Value<'_, '_>]) -> Option<String> {
    let mut prefixes = texts(all, &["Action", "NotAction"])
        .filter(|action| action != "*")
        .map(|action| action.split(':').next().unwrap_or_default().to_lowercase());
    let first = prefixes.next()?;
    prefixes.all(|prefix| prefix == first).then_some(first)
}

/// Whether all resources are one bucket and objects in it, and no action is of another service.
fn is_one_bucket(all: &[Value<'_, '_>]) -> bool {
    let has_actions_of_others = texts(all, &["Action", "NotAction"]).any(|action| {
        action != "*" && !action.get(..3).is_some_and(|prefix| prefix.eq_ignore_ascii_case("s3:"))
    });
    let mut buckets = texts(all, &["Resource", "NotResource"]).map(|resource| {
        let mut fields = resource.splitn(6, ':');
        let is_bucket = fields.next() == Some("arn")
            && fields.next().is_some()
            && fields.next() == Some("s3")
            && fields.next() == Some("")
            && fields.next() == Some("");
        let name = fields.next().and_then(|resource| resource.split('/').next());
        name.filter(|_| is_bucket).map(str::to_owned)
    });
    let Some(Some(first)) = buckets.next() else { return false };
    !has_actions_of_others && buckets.all(|bucket| bucket.as_ref() == Some(&first))
}

fn statements_of<'doc, 'src>(root: Value<'doc, 'src>) -> impl Iterator<Item = Value<'doc, 'src>> {
    let named = root.members().find(|(name, _)| nearest(&name.value, &["Statement"]).is_some());
    let bare = named.is_none().then_some(root).filter(|root| root.kind() == Json::Object);
    named.into_iter().flat_map(|(_, value)| statements(value)).chain(bare)
}

/// The texts of the elements in all statements, alone or in lists.
fn texts<'src>(all: &[Value<'_, 'src>], names: &[&str]) -> impl Iterator<Item = Cow<'src, str>> {
    all.iter().flat_map(move |statement| {
        names
            .iter()
            .filter_map(|name| statement.member(name))
            .flat_map(|value| value.as_str().into_iter().chain(value.items().filter_map(Value::as_str)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_follows_from_principal_actions_and_resources() {
        let statement = |effect: &str, rest: &str| format!(r#"{{"Effect": "{effect}", {rest}}}"#);
        let bucket = r#""Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*""#;
        for (statement, expected) in [
            (
                statement("Allow", r#""Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*""#),
                Kind::Identity,
            ),
            (statement("Allow", r#""Action": "sts:AssumeRole", "Resource": "*""#), Kind::Identity),
            (
                statement(
                    "Allow",
                    r#""Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole""#,
                ),
                Kind::Trust,
            ),
            (
                statement(
                    "Allow",
                    r#""Principle": {"AWS": "111122223333"}, "Action": ["sts:AssumeRole", "STS:TagSession"]"#,
                ),
                Kind::Trust,
            ),
            (
                statement("Deny", r#""Principal": "*", "Action": "sts:AssumeRole", "Resource": "*""#),
                Kind::Resource,
            ),
            (statement("Allow", bucket), Kind::S3Bucket),
            (
                statement("Deny", r#""Principal": "*", "Action": "*", "Resource": "arn:aws:s3:::b""#),
                Kind::S3Bucket,
            ),
            (
                format!(
                    "{}, {}",
                    statement("Allow", bucket),
                    statement("Deny", &bucket.replace(":b/", ":c/"))
                ),
                Kind::Resource,
            ),
            (statement("Allow", &bucket.replace("arn:aws:s3:::b/*", "*")), Kind::Resource),
            (
                statement(
                    "Allow",
                    r#""Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:us-east-1:111122223333:accesspoint/a""#,
                ),
                Kind::Resource,
            ),
            (statement("Allow", r#""Principal": "*", "Action": "kms:*", "Resource": "*""#), Kind::KmsKey),
            (
                statement(
                    "Allow",
                    r#""NotPrincipal": {"AWS": "111122223333"}, "Action": "sqs:*", "Resource": "*""#,
                ),
                Kind::Resource,
            ),
            (
                statement("Allow", r#""Principal": "*", "Action": "logs:PutLogEvents", "Resource": "*""#),
                Kind::LogsResource,
            ),
            (
                statement(
                    "Allow",
                    r#""Principal": "*", "Action": "logs:PutSubscriptionFilter", "Resource": "arn:aws:logs:us-east-1:111122223333:destination:d""#,
                ),
                Kind::LogsDestination,
            ),
            (
                statement(
                    "Allow",
                    r#""Principal": "*", "Action": "logs:CreateDelivery", "Resource": "arn:aws:logs:us-east-1:111122223333:delivery-destination:d""#,
                ),
                Kind::LogsDeliveryDestination,
            ),
            (
                statement("Allow", r#""Principal": "*", "Action": "xray:PutTraceSegments", "Resource": "*""#),
                Kind::XrayResource,
            ),
        ] {
            assert_eq!(
                kind(&format!(r#"{{"Version": "2012-10-17", "Statement": [{statement}]}}"#)),
                expected,
                "{statement}"
            );
        }
        assert_eq!(kind(""), Kind::Identity);
        assert_eq!(kind("[]"), Kind::Identity);
    }
}
