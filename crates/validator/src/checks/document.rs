//! The document as a whole: its version, its `Id`, its characters and its length.

use bailiwick_source::Span;

use crate::Origin::{Aws, Own};
use crate::Severity::{Error, Suggestion, Warning};
use crate::check::checks;
use crate::findings::Findings;
use crate::tables;
use crate::view::{Policy, actions, opening};
use crate::{Example, Finding, Kind, Kinds};

checks! {
    MISSING_VERSION {
        severity: Warning,
        kinds: Kinds::ALL,
        origin: Aws,
        rule: "V-84, G-8",
        reason: "the document has no `Version`",
        explanation: "Without `Version` a document is read as version 2008-10-17, in which `${…}` is literal \
            text and not a policy variable. Everything else works in both versions. Write `\"Version\": \
            \"2012-10-17\"`.",
        example: Example {
            kind: Kind::Identity,
            found: r#"{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#,
            clean: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#,
        },
    }
    ID_IN_IDENTITY_POLICY {
        severity: Warning,
        kinds: Kinds::IDENTITY,
        origin: Own,
        rule: "G-9",
        reason: "`Id` is not an element of this kind of policy",
        explanation: "`Id` belongs to resource-based policies. In an identity-based policy, a boundary or a \
            session policy the grammar does not have it; it does not affect evaluation.",
        example: Example {
            kind: Kind::Identity,
            found: r#"{"Version":"2012-10-17","Id":"x","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#,
            clean: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#,
        },
    }
    UNSUPPORTED_CHARACTER {
        severity: Error,
        kinds: Kinds::IAM,
        origin: Own,
        rule: "G-43",
        reason: "the text holds a character that IAM refuses",
        explanation: "IAM accepts tab, line feed, carriage return and the characters U+0020 to U+00FF in the \
            text of a policy. IAM refuses a policy with other characters, most often typographic quotes and \
            dashes.",
        example: Example {
            kind: Kind::Identity,
            found: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/→"}]}"#,
            clean: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/é"}]}"#,
        },
    }
    POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA {
        severity: Warning,
        kinds: Kinds::of(&[Kind::Identity, Kind::PermissionsBoundary]),
        origin: Aws,
        rule: "V-87, G-44",
        reason: "a managed policy would be longer than 6,144 characters without white space",
        explanation: "A managed policy holds at most 6,144 characters, white space not counted. Inline \
            policies have other limits, and these count all inline policies of the user (2,048), group \
            (5,120) or role (10,240) together. Split the policy, or use wildcards where actions share a \
            prefix.",
        example: SIZES,
    }
    POLICY_SIZE_EXCEEDS_SESSION_POLICY_QUOTA {
        severity: Error,
        kinds: Kinds::of(&[Kind::Session]),
        origin: Own,
        rule: "G-44, G-39",
        reason: "a session policy is longer than 2,048 characters",
        explanation: "The text of an inline session policy and the ARNs of managed session policies hold at \
            most 2,048 characters together, white space included; a packed-size limit shared with session \
            tags may be reached earlier. AssumeRole refuses the call.",
        example: SIZES,
    }
    POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA {
        severity: Warning,
        kinds: Kinds::of(&[Kind::Trust]),
        origin: Aws,
        rule: "V-87, G-44",
        reason: "a role trust policy is longer than 2,048 characters without white space",
        explanation: "A role trust policy holds 2,048 characters by default, white space not counted; the \
            quota can be raised to 8,192.",
        example: SIZES,
    }
    POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA {
        severity: Warning,
        kinds: Kinds::RESOURCE,
        origin: Aws,
        rule: "V-87, G-44",
        reason: "a resource-based policy is longer than its service accepts",
        explanation: "Each service has a limit of its own: 20,480 bytes for bucket and VPC endpoint \
            policies, 32,768 for KMS key policies, 51,200 for CloudWatch Logs resource and delivery \
            destination policies, 5,120 for subscription destination and X-Ray policies. A policy of another \
            service has the limit of the service that its actions name, and 20,480 where that is unknown.",
        example: SIZES,
    }
    POLICY_SIZE_EXCEEDS_SCP_QUOTA {
        severity: Error,
        kinds: Kinds::of(&[Kind::ServiceControl]),
        origin: Aws,
        rule: "V-54, G-44",
        reason: "a service control policy is longer than 10,240 characters",
        explanation: "Organizations counts every character, white space included (the console strips it \
            before saving). The limit was 5,120 until May 2026.",
        example: SIZES,
    }
    POLICY_SIZE_EXCEEDS_RCP_QUOTA {
        severity: Error,
        kinds: Kinds::of(&[Kind::ResourceControl]),
        origin: Aws,
        rule: "V-55, G-44",
        reason: "a resource control policy is longer than 5,120 characters",
        explanation: "Organizations counts every character, white space included (the console strips it \
            before saving).",
        example: SIZES,
    }
    POLICY_SIZE_NEAR_QUOTA {
        severity: Suggestion,
        kinds: Kinds::ALL,
        origin: Own,
        rule: "G-44",
        reason: "the document uses more than 90 % of its limit",
        explanation: "The document is close to its limit. For CloudWatch Logs, a document may hold 51,200 \
            characters, but services that add statements to an account's resource policy (Step Functions, \
            vended logs) stop at the older limit of 5,120, with errors that do not name the cause. Name log \
            groups `/aws/vendedlogs/…` and grant them by one wildcard, or use policies of single log groups.",
        example: SIZES,
    }
}

/// Documents of the sizes in question would fill pages; the sizes are tested one by one.
const SIZES: Example = Example { kind: Kind::Identity, found: "", clean: "" };

pub(super) fn run(policy: &Policy<'_>, findings: &mut Findings) {
    let Some(document) = policy.document else { return };
    let written = policy.json.and_then(|json| json.root().member("Version")).is_some();
    if !written && policy.is_whole() {
        let brace = opening(document.span);
        findings.push(
            Finding::new(
                &MISSING_VERSION,
                brace,
                "the document has no `Version`, so policy variables are literal text",
            )
            .help("add `\"Version\": \"2012-10-17\"`"),
        );
    }
    if let Some(id) = &document.id {
        let message = format!("`Id` is not an element of {}", policy.kind.describe());
        findings.push(Finding::new(&ID_IN_IDENTITY_POLICY, id.span, message).help("remove it"));
    }
    characters(policy, findings);
    size(policy, document.span, findings);
}

fn characters(policy: &Policy<'_>, findings: &mut Findings) {
    let foreign = |found: char| !matches!(found, '\t' | '\n' | '\r' | '\u{20}'..='\u{ff}');
    // One finding per run of such characters, so that a text in another script has few findings.
    let mut run: Option<(Span, char)> = None;
    for (at, found) in policy.source.char_indices().filter(|(_, found)| foreign(*found)) {
        let (Ok(start), Ok(end)) = (u32::try_from(at), u32::try_from(at + found.len_utf8())) else { return };
        match &mut run {
            Some((span, _)) if span.end == start => span.end = end,
            _ => {
                report_character(run.replace((Span::new(start, end), found)), findings);
            }
        }
    }
    report_character(run, findings);
}

fn report_character(run: Option<(Span, char)>, findings: &mut Findings) {
    let Some((span, found)) = run else { return };
    let message = format!("IAM refuses the character U+{:04X} in the text of a policy", u32::from(found));
    findings.push(
        Finding::new(&UNSUPPORTED_CHARACTER, span, message)
            .help("tab, line feed, carriage return and U+0020 to U+00FF are accepted"),
    );
}

/// How a kind counts, its limit, and the check that reports an excess.
struct Quota {
    limit: usize,
    length: usize,
    unit: &'static str,
    check: &'static crate::Check,
}

fn quota(policy: &Policy<'_>) -> Quota {
    let source = policy.source.trim();
    let characters = source.chars().count();
    // The console, the SDKs and IAM itself drop white space between the elements, not inside strings; a policy
    // whose strings hold blanks is counted a little short here.
    let dense = source.chars().filter(|found| !found.is_whitespace()).count();
    let resource = &POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA;
    let (limit, length, unit, check) = match policy.kind {
        Kind::Identity | Kind::PermissionsBoundary => {
            (6_144, dense, "characters without white space", &POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA)
        }
        Kind::Session => (2_048, characters, "characters", &POLICY_SIZE_EXCEEDS_SESSION_POLICY_QUOTA),
        Kind::Trust => {
            (2_048, dense, "characters without white space", &POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA)
        }
        Kind::ServiceControl => (10_240, characters, "characters", &POLICY_SIZE_EXCEEDS_SCP_QUOTA),
        Kind::ResourceControl => (5_120, characters, "characters", &POLICY_SIZE_EXCEEDS_RCP_QUOTA),
        Kind::VpcEndpoint => (20_480, characters, "characters", resource),
        Kind::S3Bucket => (20_480, source.len(), "bytes", resource),
        Kind::KmsKey => (32_768, source.len(), "bytes", resource),
        Kind::LogsResource | Kind::LogsDeliveryDestination => (51_200, characters, "characters", resource),
        Kind::LogsDestination | Kind::XrayResource => (5_120, source.len(), "bytes", resource),
        Kind::Resource => (limit_of_service(policy), source.len(), "bytes", resource),
    };
    Quota { limit, length, unit, check }
}

/// The limit of the service whose actions a resource-based policy names.
fn limit_of_service(policy: &Policy<'_>) -> usize {
    let mut prefixes =
        policy.statements().iter().flat_map(actions).filter_map(|action| action.value.split_once(':'));
    let Some((first, _)) = prefixes.next() else { return 20_480 };
    if !prefixes.all(|(prefix, _)| prefix.eq_ignore_ascii_case(first)) || !tables::is_prefix(first) {
        return 20_480;
    }
    match first.to_lowercase().as_str() {
        "ecr" | "events" | "glue" => 10_240,
        "sns" => 30_720,
        "kms" => 32_768,
        "organizations" => 40_000,
        "logs" => 51_200,
        "xray" => 5_120,
        _ => 20_480,
    }
}

fn size(policy: &Policy<'_>, document: Span, findings: &mut Findings) {
    let Quota { limit, length, unit, check } = quota(policy);
    let at = opening(document);
    if length > limit {
        let message =
            format!("the document has {length} {unit}; {} holds at most {limit}", policy.kind.describe());
        findings.push(
            Finding::new(check, at, message).help("split it, or use wildcards where names share a prefix"),
        );
        return;
    }
    if length * 10 > limit * 9 {
        let message =
            format!("the document has {length} of the {limit} {unit} that {} holds", policy.kind.describe());
        findings.push(Finding::new(&POLICY_SIZE_NEAR_QUOTA, at, message));
    } else if policy.kind == Kind::LogsResource && length > AUTOMATIC_LIMIT * 9 / 10 {
        let message = format!(
            "the document has {length} characters; services that add statements to it stop at \
                {AUTOMATIC_LIMIT}"
        );
        findings.push(Finding::new(&POLICY_SIZE_NEAR_QUOTA, at, message).help(
            "grant log groups by one wildcard, `/aws/vendedlogs/*`, or use policies of single log groups",
        ));
    }
}

/// Up to where services extend an account's CloudWatch Logs resource policy.
const AUTOMATIC_LIMIT: usize = 5_120;

#[cfg(test)]
mod tests {
    use crate::{Kind, check};

    fn codes(kind: Kind, text: &str) -> Vec<&'static str> {
        check(text, kind)
            .into_iter()
            .map(|finding| finding.code)
            .filter(|code| code.contains("SIZE"))
            .collect()
    }

    fn document(length: usize, rest: &str) -> String {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Deny","Sid":"","Action":"s3:GetObject"{rest}}}]}}"#
        );
        let sid = "a".repeat(length - text.len());
        text.replace(r#""Sid":"""#, &format!(r#""Sid":"{sid}""#))
    }

    const TO_ALL: &str = r#","Resource":"*""#;
    const FROM_ALL: &str = r#","Resource":"*","Principal":"*""#;

    #[test]
    fn each_kind_has_its_limit() {
        for (kind, limit, rest, code) in [
            (Kind::Identity, 6_144, TO_ALL, "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA"),
            (Kind::PermissionsBoundary, 6_144, TO_ALL, "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA"),
            (Kind::Session, 2_048, TO_ALL, "POLICY_SIZE_EXCEEDS_SESSION_POLICY_QUOTA"),
            (Kind::Trust, 2_048, r#","Principal":"*""#, "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA"),
            (Kind::ServiceControl, 10_240, TO_ALL, "POLICY_SIZE_EXCEEDS_SCP_QUOTA"),
            (Kind::ResourceControl, 5_120, FROM_ALL, "POLICY_SIZE_EXCEEDS_RCP_QUOTA"),
            (Kind::S3Bucket, 20_480, FROM_ALL, "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA"),
            (Kind::KmsKey, 32_768, FROM_ALL, "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA"),
            (Kind::VpcEndpoint, 20_480, FROM_ALL, "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA"),
            (Kind::LogsResource, 51_200, FROM_ALL, "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA"),
            (Kind::LogsDestination, 5_120, FROM_ALL, "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA"),
            (Kind::LogsDeliveryDestination, 51_200, FROM_ALL, "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA"),
            (Kind::XrayResource, 5_120, FROM_ALL, "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA"),
            (Kind::Resource, 20_480, FROM_ALL, "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA"),
        ] {
            assert_eq!(codes(kind, &document(limit + 1, rest)), [code], "{kind} above");
            assert_eq!(
                codes(kind, &document(limit, rest)),
                ["POLICY_SIZE_NEAR_QUOTA"],
                "{kind} at the limit"
            );
            assert_eq!(codes(kind, &document(256, rest)), [""; 0], "{kind} far below");
        }
    }

    #[test]
    fn white_space_counts_where_the_service_counts_it() {
        let padded = format!(
            "{}{}",
            document(5_900, TO_ALL).replacen('{', "{\n", 1).replacen(
                ',',
                &format!(",{}", " ".repeat(900)),
                1
            ),
            ""
        );
        assert_eq!(codes(Kind::Identity, &padded), ["POLICY_SIZE_NEAR_QUOTA"]);
        assert_eq!(codes(Kind::Session, &padded), ["POLICY_SIZE_EXCEEDS_SESSION_POLICY_QUOTA"]);
    }

    #[test]
    fn a_logs_policy_is_told_before_services_stop_extending_it() {
        assert_eq!(codes(Kind::LogsResource, &document(4_700, FROM_ALL)), ["POLICY_SIZE_NEAR_QUOTA"]);
        assert_eq!(codes(Kind::LogsResource, &document(4_500, FROM_ALL)), [""; 0]);
    }
}
