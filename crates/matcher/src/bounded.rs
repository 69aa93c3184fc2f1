//! The bound on steps holds for the patterns that make other matchers explode.

use crate::steps::{Counted, assert_bounded};
use crate::{
    Arn, ArnPattern, Match, Pattern, Resolved, ResourcePattern, TemplateOptions, TextPattern, Variables,
};

/// Patterns against which a backtracking matcher is cubic, exponential or worse, and texts for them.
fn evil_pairs() -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for length in [16, 64, 256, 1_024, 4_096] {
        let run = "a".repeat(length);
        let half = "a".repeat(length / 2);
        for pattern in [
            "*a*a*a*a*a*a*b".to_owned(),
            "*a*a*a*a*a*a*b*".to_owned(),
            format!("*{half}b*"),
            format!("*b{half}*"),
            format!("*{half}?b*"),
            format!("{}b", "*a".repeat(64)),
            format!("{}b", "*a?".repeat(64)),
            format!("{}b", "*?a".repeat(64)),
            format!("{}b", "?*".repeat(64)),
            format!("*{}b", "?".repeat(length / 2)),
            format!("*{}b", "?a".repeat(16)),
        ] {
            pairs.push((pattern.clone(), run.clone()));
            pairs.push((pattern.clone(), format!("{run}b")));
            pairs.push((pattern, format!("{}b", "a".repeat(31)).repeat(length / 32 + 1)));
        }
        pairs.push(("*𐐀?𐐀*?x".to_owned(), "𐐀".repeat(length / 4)));
        pairs.push(("*ab*abab*ababb".to_owned(), "ab".repeat(length / 2)));
    }
    pairs
}

#[test]
fn evil_patterns_take_bounded_steps() {
    for (pattern, text) in evil_pairs() {
        let mut steps = Counted::default();
        let compiled = Pattern::new(&pattern);
        compiled.is_match_counting(text.as_bytes(), &mut steps);
        assert_bounded(&steps, &pattern, &text);
    }
}

#[test]
fn evil_resources_take_bounded_steps() {
    let fields = ["", "a", ":", "::", ":::::", "aaaaaaaaaaaaaaaa", "a:a:a:a:", "aaaa:aaaa:aaaa:"];
    for (middle, _) in evil_pairs() {
        for head in
            ["*:", "a*a:", "*:*a*a*:", "*a:*a:*a:*a:*a:", "*a*a:*a*a:*a*a:*a*a:*a*a:", "*:*a*b:*:*a*b:"]
        {
            let pattern = format!("{head}{middle}");
            let compiled = ResourcePattern::new(&pattern, Variables::Disabled);
            for field in fields {
                for repeat in [1, 64] {
                    let text = field.repeat(repeat);
                    let mut steps = Counted::default();
                    let _ = compiled.is_match_counting(&text, |_| Resolved::Absent, &mut steps);
                    assert_bounded(&steps, &pattern, &text);
                }
            }
        }
    }
}

#[test]
fn evil_arns_and_values_take_bounded_steps() {
    let options = TemplateOptions { wildcards: true, variables: true };
    for (pattern, text) in evil_pairs() {
        // The value of the variable is as evil as the pattern and counts like it.
        let value = text.get(..text.len().min(64)).unwrap_or_default();
        let resolve = |_| Resolved::Text(value);
        for template in [format!("*${{x}}{pattern}"), format!("{pattern}*${{x}}*${{x}}b")] {
            let substituted = template.replace("${x}", value);

            let mut steps = Counted::default();
            let _ = TextPattern::new(&template, options).is_match_counting(&text, resolve, &mut steps);
            assert_bounded(&steps, &substituted, &text);

            let arn = format!("arn:{0}:{0}:{0}:{0}:{text}", "a".repeat(64));
            let template = format!("arn:*a*a*b:*a*a*:*${{x}}*:a*:{template}");
            let substituted = template.replace("${x}", value);
            let mut steps = Counted::default();
            let compiled = ArnPattern::new(&template, Variables::Enabled);
            let _ = compiled.is_match_counting(&Arn::split(&arn).unwrap(), resolve, &mut steps);
            assert_bounded(&steps, &substituted, &arn);
        }
    }
}

#[test]
fn steps_grow_with_the_text_and_not_with_its_square() {
    let steps = |pattern: &str, length: usize| {
        let mut steps = Counted::default();
        let matched = Pattern::new(pattern).is_match_counting("a".repeat(length).as_bytes(), &mut steps);
        assert!(!matched, "{pattern:?}");
        steps.0
    };
    for pattern in ["*a*a*a*a*a*a*b", "*aab*", "*a?a?b", "*?a*?a*?b"] {
        let (short, long) = (steps(pattern, 10_000), steps(pattern, 20_000));
        assert!(long <= 3 * short, "{pattern:?}: {short} steps, then {long}");
    }
}

#[test]
fn a_run_at_the_end_does_not_look_at_the_text() {
    let steps = |length: usize| {
        let mut steps = Counted::default();
        assert!(Pattern::new("a?*").is_match_counting("a".repeat(length).as_bytes(), &mut steps));
        steps.0
    };
    assert_eq!(steps(10), steps(10_000));
}

#[test]
fn an_answer_is_the_same_however_long_the_text() {
    let text = "ab".repeat(10_000);
    assert!(Pattern::new("*ab?b*").is_match(&text));
    assert!(!Pattern::new("*abb*").is_match(&text));
    let pattern = TextPattern::new("*${x}?", TemplateOptions { wildcards: true, variables: true });
    assert_eq!(pattern.is_match_with(&text, |_| Resolved::Text("ba")), Match::Yes);
    assert_eq!(pattern.is_match_with(&text, |_| Resolved::Text("ab")), Match::No);
}
