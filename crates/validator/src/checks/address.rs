//! Addresses: whether they can be read, and whether `aws:SourceIp` can ever hold them.

use std::net::IpAddr;

use bailiwick_normalizer::value::ip::{IpRange, parse_address};
use bailiwick_parser::syntax::{BaseOperator, Condition, ConditionKey, Family};
use bailiwick_source::Text;

use crate::Origin::Aws;
use crate::Severity::{Error, Suggestion};
use crate::check::{checks, statements};
use crate::checks::key::condition;
use crate::findings::Findings;
use crate::view::{Policy, conditions, is_key};
use crate::{Finding, Kinds};

checks! {
    TYPE_MISMATCH_IP_RANGE {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-65, C-21",
        reason: "a value is neither an address nor a range",
        explanation: "An address is `203.0.113.7` or `2001:db8::7`, a range `203.0.113.0/24`. IPv6 ranges \
            with bits set after the prefix, and IPv4 addresses written as IPv6, match nothing, and IAM \
            refuses them.",
        example: condition!("s3:GetObject", r#""IpAddress":{"aws:SourceIp":"203.0.113"}"#, r#""IpAddress":{"aws:SourceIp":"203.0.113.0/24"}"#),
    }
    IMPROVE_IP_RANGE {
        severity: Suggestion, kinds: Kinds::ALL, origin: Aws, rule: "V-124",
        reason: "an IPv4 range has bits set after its prefix",
        explanation: "The bits are ignored: `203.0.113.7/24` is the range `203.0.113.0/24`.",
        example: condition!("s3:GetObject", r#""IpAddress":{"aws:SourceIp":"203.0.113.7/24"}"#, r#""IpAddress":{"aws:SourceIp":"203.0.113.0/24"}"#),
    }
    PRIVATE_IP_ADDRESS {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-53",
        reason: "`aws:SourceIp` is compared with private addresses only",
        explanation: "`aws:SourceIp` is the public address of the caller and absent when the call comes \
            through a VPC endpoint, so the condition is never true. `aws:VpcSourceIp` holds private \
            addresses.",
        example: condition!("s3:GetObject", r#""IpAddress":{"aws:SourceIp":"10.0.0.0/8"}"#, r#""IpAddress":{"aws:SourceIp":"203.0.113.0/24"}"#),
    }
    PRIVATE_NOT_IP_ADDRESS {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-53",
        reason: "`aws:SourceIp` is compared with the negation of private addresses only",
        explanation: "`aws:SourceIp` is never a private address, so the condition is always true: a Deny \
            denies everyone. `aws:VpcSourceIp` holds private addresses.",
        example: condition!("s3:GetObject", r#""NotIpAddress":{"aws:SourceIp":"192.168.0.0/16"}"#, r#""NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}"#),
    }
    PRIVATE_IP_ADDRESS_SUBSET {
        severity: Suggestion, kinds: Kinds::ALL, origin: Aws, rule: "V-126",
        reason: "`aws:SourceIp` is compared with private addresses among others",
        explanation: "`aws:SourceIp` is never a private address, so these values do nothing.",
        example: condition!("s3:GetObject", r#""IpAddress":{"aws:SourceIp":["10.0.0.0/8","203.0.113.0/24"]}"#, r#""IpAddress":{"aws:SourceIp":["203.0.113.0/24"]}"#),
    }
    PRIVATE_NOT_IP_ADDRESS_SUBSET {
        severity: Suggestion, kinds: Kinds::ALL, origin: Aws, rule: "V-126",
        reason: "`aws:SourceIp` is compared with the negation of private addresses among others",
        explanation: "`aws:SourceIp` is never a private address, so these values do nothing.",
        example: condition!("s3:GetObject", r#""NotIpAddress":{"aws:SourceIp":["10.0.0.0/8","203.0.113.0/24"]}"#, r#""NotIpAddress":{"aws:SourceIp":["203.0.113.0/24"]}"#),
    }
}

pub(super) fn run(policy: &Policy<'_>, findings: &mut Findings) {
    for statement in policy.statements() {
        for (condition, key) in conditions(statement) {
            if condition.operator.value.base.family() == Family::Ip {
                for value in &key.values {
                    readable(&value.text, findings);
                }
                private(condition, key, findings);
            }
        }
    }
}

fn readable(value: &Text<'_>, findings: &mut Findings) {
    let text = value.value.as_ref();
    if text.contains("${") {
        return;
    }
    let Some(range) = IpRange::parse(text) else {
        let message = format!("`{text}` is neither an address nor a range");
        let finding = Finding::new(&TYPE_MISMATCH_IP_RANGE, value.span, message);
        findings.push(finding.help("write an address, or a range such as `203.0.113.0/24`"));
        return;
    };
    let meant = range.network();
    // In IPv6 such a range is none.
    let written = parse_address(text.split('/').next().unwrap_or_default()).filter(IpAddr::is_ipv4);
    let written = written.filter(|_| meant.addr().is_ipv4());
    if written.is_some_and(|address| address != meant.network()) {
        let message = format!("the bits after the prefix of `{text}` are ignored");
        findings.push(
            Finding::new(&IMPROVE_IP_RANGE, value.span, message)
                .help(format!("write `{meant}`"))
                .fix(value.span, format!("\"{meant}\"")),
        );
    }
}

/// Whether a range lies within what no caller from the internet has (RFC 1918, RFC 4193).
fn is_private(text: &str) -> Option<bool> {
    let network = IpRange::parse(text)?.network();
    Some(match network.addr() {
        IpAddr::V4(address) => {
            let length = network.prefix_len();
            let [a, b, ..] = address.octets();
            (a == 10 && length >= 8)
                || (a == 172 && (16..32).contains(&b) && length >= 12)
                || (a == 192 && b == 168 && length >= 16)
        }
        IpAddr::V6(address) => {
            address.octets().first().is_some_and(|first| first & 0xfe == 0xfc) && network.prefix_len() >= 7
        }
    })
}

fn private(condition: &Condition<'_>, key: &ConditionKey<'_>, findings: &mut Findings) {
    if !is_key(key, "aws:SourceIp") {
        return;
    }
    let private: Vec<_> =
        key.values.iter().filter(|value| is_private(&value.text.value) == Some(true)).collect();
    let Some(first) = private.first() else { return };
    let negated = condition.operator.value.base == BaseOperator::NotIpAddress;
    if private.len() == key.values.len() {
        let (check, always) = match negated {
            true => (&PRIVATE_NOT_IP_ADDRESS, "always true"),
            false => (&PRIVATE_IP_ADDRESS, "never true"),
        };
        let message = format!("`aws:SourceIp` is never a private address, so the condition is {always}");
        findings.push(
            Finding::new(check, first.text.span, message).help("`aws:VpcSourceIp` holds private addresses"),
        );
        return;
    }
    let check = if negated { &PRIVATE_NOT_IP_ADDRESS_SUBSET } else { &PRIVATE_IP_ADDRESS_SUBSET };
    for value in private {
        let message = format!("`aws:SourceIp` is never in the private range `{}`", value.text.value);
        findings.push(
            Finding::new(check, value.text.span, message).help("`aws:VpcSourceIp` holds private addresses"),
        );
    }
}
