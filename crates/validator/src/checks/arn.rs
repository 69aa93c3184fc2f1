//! `Resource` and `NotResource`: the form of ARNs, field by field, and their formats per service.
//!
//! Formats are known for the services of `data/services.txt`. A field that is a pattern is compared with what it
//! can match; a variable in the last field matches any text, in the others none (rule M-45).

use bailiwick_source::{Text, nearest};

use crate::Origin::{Aws, Own};
use crate::Severity::{Error, Suggestion, Warning};
use crate::check::{checks, statements};
use crate::findings::Findings;
use crate::glob;
use crate::tables::{self, ArnFormat};
use crate::view::{Policy, as_pattern, inside, opening};
use crate::{Check, Finding, Kind, Kinds};

/// An identity policy for one action on one resource.
macro_rules! resource {
    ($action:literal, $found:literal, $clean:literal) => {
        statements!(
            Identity,
            concat!(r#""Effect":"Allow","Action":""#, $action, r#"","Resource":""#, $found, "\""),
            concat!(r#""Effect":"Allow","Action":""#, $action, r#"","Resource":""#, $clean, "\""),
        )
    };
}

checks! {
    MISSING_RESOURCE {
        severity: Error,
        kinds: Kinds::IDENTITY
            .with(&[Kind::ServiceControl, Kind::ResourceControl, Kind::VpcEndpoint, Kind::S3Bucket, Kind::KmsKey, Kind::LogsResource]),
        origin: Aws, rule: "V-34, G-14, G-15",
        reason: "a statement has neither `Resource` nor `NotResource`",
        explanation: "Only trust policies, and the policies of a few services, apply to the resource they \
            are attached to without `Resource`. Write `\"Resource\": \"*\"` for an action without resource \
            types.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"s3:GetObject""#,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
        ),
    }
    EMPTY_ARRAY_RESOURCE {
        severity: Suggestion, kinds: Kinds::ALL, origin: Aws, rule: "V-120, G-33",
        reason: "`Resource` is an empty list",
        explanation: "The statement names no resource and never applies.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":[]"#,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::b/*"]"#,
        ),
    }
    INVALID_ARN_PREFIX {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-7, G-28",
        reason: "a resource is not an ARN",
        explanation: "A resource is `*` or an ARN, which begins with `arn:`.",
        example: resource!("s3:GetObject", "aws:s3:::bucket:b/*", "arn:aws:s3:::b/*"),
    }
    MISSING_ARN_FIELD {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-29, G-28",
        reason: "an ARN has fewer than six fields",
        explanation: "An ARN has six fields, `arn:partition:service:region:account:resource`; Region and \
            account may be empty, but not their colons. Fewer fields are accepted only when a `*` at the end \
            replaces the rest.",
        example: resource!("s3:GetObject", "arn:aws:s3", "arn:aws:s3:::b/*"),
    }
    INVALID_PARTITION {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-17",
        reason: "an ARN's partition is unknown",
        explanation: "The partitions are `aws`, `aws-cn`, `aws-us-gov`, `aws-eusc` and the isolated ones.",
        example: resource!("s3:GetObject", "arn:amazon:s3:::b/*", "arn:aws:s3:::b/*"),
    }
    INVALID_ARN_SERVICE_CASE {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-10",
        reason: "an ARN's service is not in lower case",
        explanation: "The service field of an ARN is in lower case, and matching is case-sensitive.",
        example: resource!("s3:GetObject", "arn:aws:S3:::b/*", "arn:aws:s3:::b/*"),
    }
    INVALID_SERVICE {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-22",
        reason: "an ARN's service is unknown",
        explanation: "The service is looked up in a list of service names; one newer than this program's \
            list is unknown to it.",
        example: resource!("s3:GetObject", "arn:aws:s4:::b/*", "arn:aws:s3:::b/*"),
    }
    WILDCARD_IN_SERVICE_NAME {
        severity: Suggestion, kinds: Kinds::ALL, origin: Aws, rule: "V-128, D-66",
        reason: "the service field of an ARN is a pattern",
        explanation: "A pattern also matches services with similar names, including future ones. Name the \
            service.",
        example: resource!("s3:GetObject", "arn:aws:s3*:::b/*", "arn:aws:s3:::b/*"),
    }
    INVALID_ARN_REGION {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-8",
        reason: "an ARN's Region is unknown",
        explanation: "The Region field is a Region's code, a pattern for some, or empty. Variables do not \
            work in it.",
        example: resource!("sqs:SendMessage", "arn:aws:sqs:us-east-9:111122223333:q", "arn:aws:sqs:us-east-1:111122223333:q"),
    }
    INVALID_ARN_ACCOUNT {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-6",
        reason: "an ARN's account is not an account ID",
        explanation: "The account field is 12 digits, `*`, `aws` for what AWS owns, or empty. Variables do \
            not work in it.",
        example: resource!("sqs:SendMessage", "arn:aws:sqs:us-east-1:1111:q", "arn:aws:sqs:us-east-1:111122223333:q"),
    }
    INVALID_ARN_RESOURCE {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-9",
        reason: "an ARN's last field does not match a resource type of its service",
        explanation: "The last field is compared with the formats of the service's resource types, where \
            these are known (docs/CHECKS.md lists the services).",
        example: resource!("kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:keys/x", "arn:aws:kms:us-east-1:111122223333:key/x"),
    }
    ARN_PATTERN_MATCHES_NOTHING {
        severity: Warning, kinds: Kinds::ALL, origin: Own, rule: "V-9, V-30, V-71",
        reason: "a pattern matches no ARN of its service",
        explanation: "The pattern leaves the Region, the account or the type of the resource empty where the \
            service's ARNs have them. It is not an error, because AWS managed policies contain such \
            patterns.",
        example: resource!("logs:PutLogEvents", "arn:aws:logs:::log-group:app*", "arn:aws:logs:*:*:log-group:app*"),
    }
    ARN_REGION_NOT_ALLOWED {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-2",
        reason: "an ARN has a Region where its resource type has none",
        explanation: "Resources of that type have ARNs with an empty Region field, so this ARN matches none \
            of them.",
        example: resource!("s3:GetObject", "arn:aws:s3:us-east-1::b/*", "arn:aws:s3:::b/*"),
    }
    ARN_ACCOUNT_NOT_ALLOWED {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-1",
        reason: "an ARN has an account where its resource type has none",
        explanation: "Resources of that type have ARNs with an empty account field, so this ARN matches none \
            of them.",
        example: resource!("s3:GetObject", "arn:aws:s3::111122223333:b/*", "arn:aws:s3:::b/*"),
    }
    MISSING_ARN_REGION {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-30",
        reason: "an ARN lacks the Region its resource type has",
        explanation: "Resources of that type have ARNs with a Region, so this ARN matches none of them. \
            Write the Region or `*`.",
        example: resource!("sqs:SendMessage", "arn:aws:sqs::111122223333:q", "arn:aws:sqs:*:111122223333:q"),
    }
    MISSING_ARN_ACCOUNT {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-71",
        reason: "an ARN lacks the account its resource type has",
        explanation: "Resources of that type have ARNs with an account, so this ARN matches none of them. \
            Write the account or `*`.",
        example: resource!("sqs:SendMessage", "arn:aws:sqs:us-east-1::q", "arn:aws:sqs:us-east-1:111122223333:q"),
    }
}

pub(super) use bailiwick_matcher::is_account_id as is_account;

/// The colon-separated fields of a text, six at most, each with its place; colons of variables do not count.
pub(super) fn fields(text: &str) -> Vec<(usize, &str)> {
    let mut fields = Vec::with_capacity(6);
    let (mut start, mut inside_variable, mut before) = (0, false, ' ');
    for (at, found) in text.char_indices() {
        match found {
            '{' if before == '$' => inside_variable = true,
            '}' => inside_variable = false,
            ':' if !inside_variable && fields.len() < 5 => {
                fields.push((start, text.get(start..at).unwrap_or_default()));
                start = at + 1;
            }
            _ => {}
        }
        before = found;
    }
    fields.push((start, text.get(start..).unwrap_or_default()));
    fields
}

pub(super) fn run(policy: &Policy<'_>, findings: &mut Findings) {
    for statement in policy.statements() {
        let Some(element) = &statement.resource else {
            let written = ["Resource", "NotResource"].iter().any(|name| policy.is_written(statement, name));
            if policy.is_whole() && !written {
                let message = "the statement has neither `Resource` nor `NotResource`";
                findings.push(
                    Finding::new(&MISSING_RESOURCE, opening(statement.span), message)
                        .help("add `\"Resource\": …`"),
                );
            }
            continue;
        };
        // A trust policy has no such element, so its value does not matter.
        if policy.kind == Kind::Trust {
            continue;
        }
        if element.value.is_list && element.value.items.is_empty() && !policy.is_partial(element.value.span) {
            let name = if element.negated { "NotResource" } else { "Resource" };
            let message = format!("`{name}` is empty, so the statement never applies");
            findings.push(Finding::new(&EMPTY_ARRAY_RESOURCE, element.value.span, message));
        }
        for item in &element.value.items {
            if item.value != "*" {
                Arn { text: item, fields: fields(&item.value) }.check(findings);
            }
        }
    }
}

/// One ARN of a policy.
struct Arn<'a> {
    text: &'a Text<'a>,
    fields: Vec<(usize, &'a str)>,
}

impl Arn<'_> {
    fn report(
        &self,
        check: &Check,
        field: usize,
        message: String,
        help: Option<String>,
        findings: &mut Findings,
    ) {
        let span = match self.fields.get(field) {
            Some((at, text)) if !text.is_empty() => inside(self.text, *at, at + text.len()),
            _ => self.text.span,
        };
        let finding = Finding::new(check, span, message);
        findings.push(match help {
            Some(help) => finding.help(help),
            None => finding,
        });
    }

    fn check(&self, findings: &mut Findings) {
        let shown = self.text.value.as_ref();
        let help = Some("write `arn:partition:service:region:account:resource`, or `*`".to_owned());
        let prefixed = self.fields.first().is_some_and(|(_, first)| *first == "arn");
        if !prefixed {
            self.report(
                &INVALID_ARN_PREFIX,
                0,
                format!("`{shown}` does not begin with `arn:`"),
                help.clone(),
                findings,
            );
        }
        let short = self.fields.len() < 6;
        // A star at the end of a short ARN replaces the missing fields.
        if short && !(prefixed && shown.ends_with('*')) {
            let message = format!("`{shown}` has {} of the six fields of an ARN", self.fields.len());
            self.report(&MISSING_ARN_FIELD, usize::MAX, message, help, findings);
        }
        if !prefixed {
            return;
        }
        let last = if short { self.fields.len() - 1 } else { usize::MAX };
        let field = |at: usize| self.fields.get(at).map(|(_, text)| *text).filter(|_| at != last);
        self.partition(field(1), findings);
        let known = self.service(field(2), findings);
        self.region(field(3), findings);
        self.account(field(4), findings);
        if let (true, &[_, _, (_, service), (_, region), (_, account), (_, resource)]) =
            (known, self.fields.as_slice())
        {
            self.format(service, region, account, resource, findings);
        }
    }

    fn partition(&self, field: Option<&str>, findings: &mut Findings) {
        let Some(partition) = field.filter(|partition| !tables::is_partition_matched(partition)) else {
            return;
        };
        let known: Vec<&str> = tables::partitions().collect();
        let meant = nearest(partition, &known).map(|meant| format!("did you mean `{meant}`?"));
        let message = format!("`{partition}` is not a partition");
        self.report(&INVALID_PARTITION, 1, message, meant, findings);
    }

    /// Whether the service is one that formats may be known of.
    fn service(&self, field: Option<&str>, findings: &mut Findings) -> bool {
        let Some(service) = field else { return false };
        if glob::has_wildcard(service) {
            let message = format!("`{service}` also matches services with similar names");
            let help = Some("name the service".to_owned());
            self.report(&WILDCARD_IN_SERVICE_NAME, 2, message, help, findings);
            return false;
        }
        if tables::is_arn_service(service) {
            return true;
        }
        let lower = service.to_lowercase();
        if lower != service {
            let message = format!("`{service}` is not in lower case");
            self.report(&INVALID_ARN_SERVICE_CASE, 2, message, Some(format!("write `{lower}`")), findings);
        }
        if !tables::is_arn_service(&lower) {
            let mut known: Vec<&str> = tables::prefixes().collect();
            known.sort_unstable();
            let meant = nearest(service, &known).map(|meant| format!("did you mean `{meant}`?"));
            self.report(&INVALID_SERVICE, 2, format!("`{service}` is not a service"), meant, findings);
        }
        false
    }

    fn region(&self, field: Option<&str>, findings: &mut Findings) {
        let Some(region) = field.filter(|region| !region.is_empty() && !tables::is_region_matched(region))
        else {
            return;
        };
        let known: Vec<&str> = tables::regions().collect();
        let help = if region.contains("${") {
            Some("policy variables work only after the fifth colon".to_owned())
        } else {
            nearest(region, &known).map(|meant| format!("did you mean `{meant}`?"))
        };
        self.report(&INVALID_ARN_REGION, 3, format!("`{region}` is not a Region"), help, findings);
    }

    fn account(&self, field: Option<&str>, findings: &mut Findings) {
        let Some(account) = field else { return };
        // Patterns for some accounts are odd, but they match; marketplace and other owners are named by AWS.
        let named =
            ["", "*", "aws", "aws-marketplace", "aws-managed", "third-party", "partner", "cloudfront"];
        let pattern = glob::has_wildcard(account)
            && account.bytes().all(|byte| byte.is_ascii_digit() || b"*?".contains(&byte));
        if named.contains(&account) || is_account(account) || pattern {
            return;
        }
        let help = if account.contains("${") {
            "policy variables work only after the fifth colon"
        } else {
            "write 12 digits, `*`, or nothing where the resource has no account"
        };
        let message = format!("`{account}` is not an account ID");
        self.report(&INVALID_ARN_ACCOUNT, 4, message, Some(help.to_owned()), findings);
    }

    /// Compares the ARN with the formats of its service.
    fn format(&self, service: &str, region: &str, account: &str, resource: &str, findings: &mut Findings) {
        let Some(known) = tables::service(service) else { return };
        let resource = as_pattern(resource);
        let fits = |format: &&ArnFormat| {
            let [.., wanted] = format.fields();
            glob::fits(&resource, wanted)
        };
        let formats: Vec<&ArnFormat> = known.formats.iter().filter(fits).collect();
        if formats.is_empty() || resource.is_empty() {
            let names = names(&mut known.formats.iter(), "`, `");
            let message = format!("`{resource}` is not a resource of `{service}`");
            let help = format!("its resource types are `{names}`");
            let check = if resource.starts_with(['/', ':']) {
                &ARN_PATTERN_MATCHES_NOTHING
            } else {
                &INVALID_ARN_RESOURCE
            };
            self.report(check, 5, message, Some(help), findings);
            return;
        }
        let types = names(&mut formats.iter().copied(), "` or `");
        // The pattern may fit several types; only what is wrong for all of them is wrong.
        let never = |field: usize| formats.iter().all(|format| format.fields().get(field) == Some(&""));
        let always = |field: usize| formats.iter().all(|format| format.fields().get(field) != Some(&""));
        for (field, text, (article, what), forbidden, missing) in [
            (3, region, ("a", "Region"), &ARN_REGION_NOT_ALLOWED, &MISSING_ARN_REGION),
            (4, account, ("an", "account"), &ARN_ACCOUNT_NOT_ALLOWED, &MISSING_ARN_ACCOUNT),
        ] {
            if !text.is_empty() && !text.contains('*') && never(field) {
                let message = format!("ARNs of type `{types}` have no {what}");
                self.report(forbidden, field, message, Some(format!("leave the {what} empty")), findings);
            } else if text.is_empty() && always(field) {
                let message = format!("ARNs of type `{types}` have {article} {what}");
                let missing =
                    if glob::has_wildcard(&resource) { &ARN_PATTERN_MATCHES_NOTHING } else { missing };
                self.report(missing, field, message, Some(format!("write the {what} or `*`")), findings);
            }
        }
    }
}

/// The types of the formats, each once.
fn names(formats: &mut dyn Iterator<Item = &ArnFormat>, between: &str) -> String {
    let mut names: Vec<&str> = formats.map(|format| format.name).collect();
    names.dedup();
    names.join(between)
}

#[cfg(test)]
mod tests {
    use super::fields;

    #[test]
    fn colons_of_variables_separate_no_fields() {
        let fields: Vec<&str> =
            fields("arn:aws:s3:::b/${aws:username}:x").into_iter().map(|(_, field)| field).collect();
        assert_eq!(fields, ["arn", "aws", "s3", "", "", "b/${aws:username}:x"]);
    }
}
