//! Service principals: how they are spelled, and whether a grant to one says for whom the service may act.

use bailiwick_parser::syntax::{BaseOperator, Family, PrincipalKey, Statement};
use bailiwick_source::Text;

use crate::Origin::Aws;
use crate::Severity::{Error, SecurityWarning, Suggestion};
use crate::check::{checks, statements};
use crate::findings::Findings;
use crate::glob;
use crate::tables;
use crate::view::{Policy, allows, conditions, is_key, known, looks_at, members, principals};
use crate::{Finding, Kind, Kinds};

checks! {
    INVALID_SERVICE_PRINCIPAL_FORMAT {
        severity: Error,
        kinds: Kinds::ALL,
        origin: Aws,
        rule: "V-56, G-20",
        reason: "the name of a service principal is not `service.amazonaws.com`",
        explanation: "A service principal is a host name in lower case: `logs.amazonaws.com`, regional where \
            the service has such names (`logs.us-east-1.amazonaws.com`), with the suffix of the partition. \
            The same applies to condition values that name services (`iam:PassedToService`, `aws:CalledVia`, \
            …); `kms:ViaService` needs the Region.",
        example: statements!(
            Resource,
            r#""Effect":"Allow","Principal":{"Service":"lambda"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}"#,
            r#""Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}"#,
        ),
    }
    RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL {
        severity: SecurityWarning,
        kinds: Kinds::RESOURCE,
        origin: Aws,
        rule: "V-105",
        reason: "a service may act on behalf of anyone",
        explanation: "An Allow for a service principal without `aws:SourceArn`, `aws:SourceAccount`, \
            `aws:SourceOrgID` or `aws:SourceOrgPaths` allows the service to act on behalf of any customer \
            who directs it to the resource (the confused deputy problem). Name the account, and where the \
            service sends it, the source resource.",
        example: statements!(
            LogsResource,
            r#""Effect":"Allow","Principal":{"Service":"es.amazonaws.com"},"Action":"logs:PutLogEvents","Resource":"arn:aws:logs:us-east-1:111122223333:log-group:/es:*""#,
            r#""Effect":"Allow","Principal":{"Service":"es.amazonaws.com"},"Action":"logs:PutLogEvents","Resource":"arn:aws:logs:us-east-1:111122223333:log-group:/es:*","Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}"#,
        ),
    }
    RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL {
        severity: Suggestion,
        kinds: Kinds::RESOURCE,
        origin: Aws,
        rule: "V-130",
        reason: "a grant to a service has a condition on a key that callers can set",
        explanation: "`aws:Referer` and `aws:UserAgent` are set by the caller; `aws:SourceOwner` is \
            deprecated. `aws:SourceArn`, `aws:SourceAccount`, `aws:SourceOrgID` and `aws:SourceOrgPaths` are \
            set by AWS.",
        example: statements!(
            S3Bucket,
            r#""Effect":"Allow","Principal":{"Service":"ses.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"aws:Referer":"111122223333"}}"#,
            r#""Effect":"Allow","Principal":{"Service":"ses.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}"#,
        ),
    }
    UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL {
        severity: Error,
        kinds: Kinds::RESOURCE.with(&[Kind::Trust]),
        origin: Aws,
        rule: "V-61, K-1",
        reason: "a grant to a service has a condition on a key that is absent for services",
        explanation: "Keys that describe an IAM principal (`aws:PrincipalOrgID`, `aws:PrincipalAccount`, \
            `aws:PrincipalArn`, tags, …) are absent when a service calls on its own behalf, so the statement \
            never applies. `aws:SourceOrgID`, `aws:SourceAccount` and `aws:SourceArn` describe on whose \
            behalf the service calls.",
        example: statements!(
            S3Bucket,
            r#""Effect":"Allow","Principal":{"Service":"cloudfront.amazonaws.com"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-abcdefghij","aws:SourceAccount":"111122223333"}}"#,
            r#""Effect":"Allow","Principal":{"Service":"cloudfront.amazonaws.com"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}"#,
        ),
    }
}

/// The keys that say for whom a service acts.
pub(super) const SOURCE_KEYS: [&str; 4] =
    ["aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths"];

/// Keys that are used for the same purpose and serve it badly.
const WEAK_KEYS: [&str; 3] = ["aws:Referer", "aws:UserAgent", "aws:SourceOwner"];

/// Condition keys whose values are names of services.
const NAMING_KEYS: [&str; 9] = [
    "iam:PassedToService",
    "iam:AWSServiceName",
    "sts:AWSServiceName",
    "kms:ViaService",
    "aws:PrincipalServiceName",
    "aws:PrincipalServiceNamesList",
    "aws:CalledVia",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
];

pub(super) fn run(policy: &Policy<'_>, findings: &mut Findings) {
    for statement in policy.statements() {
        for member in members(statement).iter().filter(|member| member.key.value == PrincipalKey::Service) {
            for value in &member.values.items {
                spelling(value, false, findings);
            }
        }
        for (condition, key) in conditions(statement) {
            let named = NAMING_KEYS.iter().any(|wanted| is_key(key, wanted));
            if !named || condition.operator.value.base.family() != Family::String {
                continue;
            }
            let like = matches!(
                condition.operator.value.base,
                BaseOperator::StringLike | BaseOperator::StringNotLike
            );
            for value in &key.values {
                if !(like && glob::has_wildcard(&value.text.value)) {
                    spelling(&value.text, is_key(key, "kms:ViaService"), findings);
                }
            }
        }
        grant(statement, findings);
    }
}

fn spelling(value: &Text<'_>, regional: bool, findings: &mut Findings) {
    let text = value.value.as_ref();
    // Patterns and variables have findings of their own.
    if glob::has_wildcard(text) || text.contains("${") {
        return;
    }
    let Some(name) = service_name(text) else {
        let message = format!("`{text}` is not the name of a service principal");
        let finding = Finding::new(&INVALID_SERVICE_PRINCIPAL_FORMAT, value.span, message);
        findings.push(finding.help(suggested(text)));
        return;
    };
    let region = name.rsplit_once('.').map(|(_, last)| last).filter(|last| tables::is_region(last));
    if regional && region.is_none() {
        let message = format!("`{text}` has no Region");
        findings.push(Finding::new(&INVALID_SERVICE_PRINCIPAL_FORMAT, value.span, message).help(format!(
            "write `{name}.<region>.amazonaws.com`, or `{name}.*.amazonaws.com` under `StringLike`"
        )));
    }
}

/// The part before the domain in the name of a service principal.
fn service_name(text: &str) -> Option<&str> {
    // Alexa's are the one family outside the domain of the partition.
    let name = tables::domains()
        .chain(["amazon.com", "aws.internal"])
        .find_map(|domain| text.strip_suffix(domain)?.strip_suffix('.'))?;
    let label = |label: &str| {
        let plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_';
        !label.is_empty() && label.bytes().all(plain)
    };
    name.split('.').all(label).then_some(name)
}

fn suggested(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    if service_name(&lower).is_some() {
        return format!("write `{lower}`");
    }
    if tables::is_prefix(text) && !text.contains('.') {
        return format!("write `{lower}.amazonaws.com`");
    }
    "write `service.amazonaws.com`".to_owned()
}

fn grant(statement: &Statement<'_>, findings: &mut Findings) {
    if !allows(statement) {
        return;
    }
    let mut services =
        principals(statement, PrincipalKey::Service).filter(|value| !value.value.contains('*'));
    let Some(first) = services.next() else { return };
    if !looks_at(statement, &SOURCE_KEYS) {
        let message = format!("`{}` may act on behalf of anyone", first.value);
        findings.push(Finding::new(&RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL, first.span, message).help(
            "add a condition on `aws:SourceAccount`, and on `aws:SourceArn` where the service sends it",
        ));
    }
    let only_services = members(statement).iter().all(|member| member.key.value == PrincipalKey::Service);
    for (condition, key) in conditions(statement) {
        if WEAK_KEYS.iter().any(|weak| is_key(key, weak)) {
            let message =
                format!("`{}` does not restrict on whose behalf `{}` acts", key.key.value, first.value);
            findings.push(
                Finding::new(&RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL, key.key.span, message).help(
                    "use `aws:SourceArn`, `aws:SourceAccount`, `aws:SourceOrgID` or `aws:SourceOrgPaths`",
                ),
            );
        }
        let operator = condition.operator.value;
        let asks = !operator.if_exists
            && operator.qualifier != Some(bailiwick_parser::syntax::Qualifier::ForAllValues)
            && !operator.base.is_negated()
            && (operator.base != BaseOperator::Null || asks_for_presence(key));
        let principal = known(key).is_some_and(|known| known.principal) && key.key.value.len() > 4;
        if only_services && asks && principal {
            let message = format!(
                "`{}` is absent when `{}` calls, so the statement never applies",
                key.key.value, first.value
            );
            findings.push(
                Finding::new(&UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL, key.key.span, message).help(
                    "use `aws:SourceAccount`, `aws:SourceArn`, `aws:SourceOrgID` or `aws:SourceOrgPaths`",
                ),
            );
        }
    }
}

fn asks_for_presence(key: &bailiwick_parser::syntax::ConditionKey<'_>) -> bool {
    key.values.iter().any(|value| value.text.value.eq_ignore_ascii_case("false"))
}

#[cfg(test)]
mod tests {
    use super::service_name;

    #[test]
    fn names_of_all_partitions_are_known() {
        for (text, name) in [
            ("logs.amazonaws.com", "logs"),
            ("logs.us-east-1.amazonaws.com", "logs.us-east-1"),
            ("delivery.logs.amazonaws.com", "delivery.logs"),
            ("s3.data-source.lustre.fsx.amazonaws.com", "s3.data-source.lustre.fsx"),
            ("ec2.amazonaws.com.cn", "ec2"),
            ("ec2.c2s.ic.gov", "ec2"),
            ("alexa-appkit.amazon.com", "alexa-appkit"),
        ] {
            assert_eq!(service_name(text), Some(name));
        }
    }

    #[test]
    fn other_texts_are_no_service_principals() {
        for text in [
            "lambda",
            "Lambda.amazonaws.com",
            "amazonaws.com",
            ".amazonaws.com",
            "a..amazonaws.com",
            "logs.amazonaws.co",
        ] {
            assert_eq!(service_name(text), None, "{text}");
        }
    }
}
