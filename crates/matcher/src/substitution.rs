//! Matching with variables is substitution and then matching, with what was substituted being literal: shown
//! over every short template, value and text.

use crate::oracle::{strings, substitute};
use crate::steps::{Counted, assert_bounded};
use crate::{
    Arn, ArnPattern, Match, Pattern, Resolved, ResourcePattern, TemplateOptions, TextPattern, Variables,
};

const OPTIONS: TemplateOptions = TemplateOptions { wildcards: true, variables: true };

/// All sequences of up to `longest` of these parts.
fn sequences(parts: &[&str], longest: usize) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..longest {
        last = last.iter().flat_map(|start| parts.iter().map(move |part| format!("{start}{part}"))).collect();
        all.extend_from_slice(&last);
    }
    all
}

/// What a resolver gives for values by index; `None` is an absent key.
fn resolved<'v>(values: &'v [Option<&'v str>]) -> impl Fn(usize) -> Resolved<'v> {
    |index| values.get(index).copied().flatten().map_or(Resolved::Absent, Resolved::Text)
}

#[test]
fn a_template_matches_as_its_substituted_text_does() {
    let texts: Vec<String> = [strings("ab", 5), strings("a*?$", 3), strings("a𐐀", 3)].concat();
    let values = [None, Some(""), Some("a"), Some("ab"), Some("*"), Some("a?"), Some("$"), Some("𐐀")];
    for template in sequences(&["a", "*", "?", "${x}", "${y, 'b'}", "${*}"], 4) {
        for first in values {
            for second in [None, Some(""), Some("ba")] {
                let values = [first, second, first, second];
                check_text(&template, &values, &texts);
            }
        }
    }
}

fn check_text(template: &str, values: &[Option<&str>], texts: &[String]) {
    let compiled = TextPattern::new(template, OPTIONS);
    let substituted = substitute(template, OPTIONS, values);
    let pattern = substituted.as_deref().map(|text| Pattern::with_options(text, OPTIONS));
    for text in texts {
        let expected = pattern.as_ref().map_or(Match::NoValue, |pattern| pattern.is_match(text).into());
        let mut steps = Counted::default();
        let matched = compiled.is_match_counting(text, resolved(values), &mut steps);
        assert_eq!(matched, expected, "{template:?} with {values:?} on {text:?}");
        assert_bounded(&steps, substituted.as_deref().unwrap_or_default(), text);
    }
}

#[test]
fn a_resource_template_matches_as_its_substituted_text_does() {
    let texts: Vec<String> = strings("a:", 6).iter().map(|text| format!("::::{text}")).collect();
    for template in sequences(&["a", ":", "*", "?", "${x}"], 5) {
        // Before the fifth colon a variable is no variable: there the comparison would say nothing.
        let template = format!("::::{template}");
        if template.find("${").is_some_and(|start| template.split_at(start).0.matches(':').count() < 5) {
            continue;
        }
        let compiled = ResourcePattern::new(&template, Variables::Enabled);
        for value in [None, Some(""), Some("a"), Some(":"), Some("a:a")] {
            let values = [value; 5];
            let substituted = substitute(&template, OPTIONS, &values);
            let pattern = substituted.as_deref().map(|text| ResourcePattern::new(text, Variables::Enabled));
            for text in &texts {
                let expected = match &pattern {
                    Some(pattern) => pattern.is_match(text).into(),
                    None if !text.starts_with(compiled.literal_prefix()) => Match::No,
                    None => Match::NoValue,
                };
                let mut steps = Counted::default();
                let matched = compiled.is_match_counting(text, resolved(&values), &mut steps);
                assert_eq!(matched, expected, "{template:?} with {value:?} on {text:?}");
                assert_bounded(&steps, substituted.as_deref().unwrap_or_default(), text);
            }
        }
    }
}

#[test]
fn an_arn_template_is_split_and_judged_after_substitution() {
    let texts: Vec<String> = strings("a:", 6).iter().map(|text| format!("arn:::{text}")).collect();
    for template in sequences(&["arn:", "a", ":", "::", "*", "?", "${x}"], 5) {
        let compiled = ArnPattern::new(&template, Variables::Enabled);
        for value in
            [None, Some(""), Some("a"), Some(":"), Some("a:a"), Some("arn:::"), Some("ar"), Some("arn:::::a")]
        {
            let values = [value; 5];
            let substituted = substitute(&template, OPTIONS, &values);
            let pattern = substituted.as_deref().map(|text| ArnPattern::new(text, Variables::Enabled));
            for arn in texts.iter().filter_map(|text| Arn::split(text)) {
                let expected = pattern.as_ref().map_or(Match::NoValue, |pattern| pattern.is_match(&arn));
                let mut steps = Counted::default();
                let matched = compiled.is_match_counting(&arn, resolved(&values), &mut steps);
                assert_eq!(matched, expected, "{template:?} with {value:?} on {arn:?}");
                assert_bounded(&steps, substituted.as_deref().unwrap_or_default(), arn.as_str());
            }
        }
    }
}

#[test]
fn more_variables_than_are_kept_resolve_the_same() {
    let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let template: String = names.iter().map(|name| format!("${{{name}}}-")).collect();
    let pattern = TextPattern::new(&format!("*{template}*"), OPTIONS);
    let resolve = |index: usize| names.get(index).copied().map_or(Resolved::Absent, Resolved::Text);
    assert_eq!(pattern.is_match_with("a-b-c-a-b-c-d-e-f-g-h-i-", resolve), Match::Yes);
    assert_eq!(pattern.is_match_with("a-b-c-a-b-c-d-e-f-g-i-", resolve), Match::No);
    let last_absent = |index: usize| if index == 7 { Resolved::Absent } else { resolve(index) };
    assert_eq!(pattern.is_match_with("a-b-c-d-e-f-g-h-", last_absent), Match::NoValue);
}

#[test]
fn a_key_without_a_single_value_does_not_take_the_default() {
    let pattern = TextPattern::new("${aws:TagKeys, 'fallback'}", OPTIONS);
    assert_eq!(pattern.is_match_with("fallback", |_| Resolved::Absent), Match::Yes);
    assert_eq!(pattern.is_match_with("fallback", |_| Resolved::Unusable), Match::NoValue);
}
