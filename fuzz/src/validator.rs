//! The target over checks: findings have places, and what they offer as a fix mends.

use arbitrary::Unstructured;
use bailiwick_tests::generate;
use bailiwick_validator::{Finding, Kind, check};
use serde_json::Value;

/// The first byte chooses the kind of the policy, and whether the rest is its text or the generator's choices.
pub fn validator(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let kind = Kind::ALL[usize::from(*first) % Kind::ALL.len()];
    if *first < 0xc0 {
        if let Ok(text) = std::str::from_utf8(rest) {
            assert_findings(text, kind);
        }
    } else {
        let drawn =
            if usize::from(*first) % 2 == 0 { generate::Kind::Resource } else { generate::Kind::Identity };
        let document = generate::document(&mut Unstructured::new(rest), drawn);
        assert_findings(&format!("{document:#}"), kind);
    }
}

fn assert_findings(text: &str, kind: Kind) {
    let findings = check(text, kind);
    let json = serde_json::from_str::<Value>(text).ok();
    for finding in &findings {
        let places = [
            Some(finding.span),
            finding.related.map(|(span, _)| span),
            finding.fix.as_ref().map(|fix| fix.span),
        ];
        for span in places.into_iter().flatten() {
            assert!(
                span.start <= span.end && span.text(text).is_some(),
                "{span:?} of {} bytes: {finding:?}",
                text.len()
            );
        }
        if let Some(json) = &json {
            assert!(json.pointer(&finding.pointer).is_some(), "no such place: {finding:?}\n{text}");
        }
        assert!(!finding.message.is_empty() && !finding.message.ends_with('.'), "{finding:?}");
        assert_fix(text, kind, finding, &findings, json.is_some());
    }
    assert!(findings.is_sorted_by_key(|finding| finding.span.start), "in reading order: {findings:#?}");
}

/// A fix leaves JSON that is JSON, and one finding less of its code.
fn assert_fix(text: &str, kind: Kind, finding: &Finding, before: &[Finding], was_json: bool) {
    let Some(fix) = &finding.fix else { return };
    let mut mended = text.to_owned();
    mended.replace_range(fix.span.start as usize..fix.span.end as usize, &fix.replacement);
    assert_ne!(mended, text, "a fix changes something: {finding:?}");
    assert!(
        !was_json || serde_json::from_str::<Value>(&mended).is_ok(),
        "{finding:?}\n{text}\nbecomes\n{mended}"
    );
    let after = check(&mended, kind);
    let count = |findings: &[Finding]| findings.iter().filter(|other| other.code == finding.code).count();
    assert!(count(&after) < count(before), "{finding:?}\n{text}\nbecomes\n{mended}\nwith\n{after:#?}");
}
