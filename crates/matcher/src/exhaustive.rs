//! Every short pattern against every short text, with the steps counted.

use crate::oracle::{self, strings};
use crate::steps::{Counted, assert_bounded};
use crate::{Arn, ArnPattern, Match, Pattern, Resolved, ResourcePattern, Variables};

fn check_pattern(text_of_pattern: &str, texts: &[String]) {
    let pattern = Pattern::new(text_of_pattern);
    for text in texts {
        let mut steps = Counted::default();
        let matched = pattern.is_match_counting(text.as_bytes(), &mut steps);
        assert_eq!(
            matched,
            oracle::pattern(text_of_pattern, text),
            "{text_of_pattern:?} on {text:?}: {pattern:?}"
        );
        assert_bounded(&steps, text_of_pattern, text);
    }
}

fn check_resource(text_of_pattern: &str, texts: &[String]) {
    let pattern = ResourcePattern::new(text_of_pattern, Variables::Disabled);
    for text in texts {
        let mut steps = Counted::default();
        let matched = pattern.is_match_counting(text, |_| Resolved::Absent, &mut steps).is_yes();
        assert_eq!(
            matched,
            oracle::resource(text_of_pattern, text),
            "{text_of_pattern:?} on {text:?}: {pattern:?}"
        );
        assert_bounded(&steps, text_of_pattern, text);
    }
}

fn check_arn(text_of_pattern: &str, texts: &[String]) {
    let pattern = ArnPattern::new(text_of_pattern, Variables::Disabled);
    for text in texts {
        let Some(arn) = Arn::split(text) else {
            assert_eq!(oracle::arn("arn:::::", text), None, "{text:?}");
            continue;
        };
        let mut steps = Counted::default();
        let matched = pattern.is_match_counting(&arn, |_| Resolved::Absent, &mut steps);
        let expected = oracle::arn(text_of_pattern, text).map_or(Match::Malformed, Match::from);
        assert_eq!(matched, expected, "{text_of_pattern:?} on {text:?}: {pattern:?}");
        assert_bounded(&steps, text_of_pattern, text);
    }
}

#[test]
fn patterns_agree_with_the_oracle_on_all_short_strings() {
    let texts = strings("ab", 7);
    strings("ab*?", 6).iter().for_each(|pattern| check_pattern(pattern, &texts));
}

#[test]
fn patterns_agree_with_the_oracle_on_characters_of_one_two_and_four_bytes() {
    let texts = strings("aé𐐀", 5);
    strings("aé𐐀*?", 5).iter().for_each(|pattern| check_pattern(pattern, &texts));
}

#[test]
fn resources_agree_with_the_oracle_on_all_short_strings() {
    let texts = strings("a:", 8);
    strings("a:*?", 6).iter().for_each(|pattern| check_resource(pattern, &texts));
}

#[test]
fn resources_agree_with_the_oracle_about_the_fifth_colon() {
    let texts: Vec<String> = strings("a:", 7).iter().map(|text| format!("b:::{text}")).collect();
    strings("a:*?", 6).iter().for_each(|pattern| check_resource(&format!("b:::{pattern}"), &texts));
}

#[test]
fn arns_agree_with_the_oracle_about_the_fifth_colon() {
    let texts: Vec<String> = strings("a:", 6).iter().map(|text| format!("arn:a::{text}")).collect();
    strings("a:*?", 6).iter().for_each(|pattern| check_arn(&format!("arn:a::{pattern}"), &texts));
}

#[test]
fn arns_agree_with_the_oracle_on_all_leading_fields() {
    let texts: Vec<String> = strings("a:", 8).iter().map(|text| format!("arn:{text}")).collect();
    strings("a:*", 7).iter().for_each(|pattern| check_arn(&format!("arn:{pattern}"), &texts));
}

#[test]
fn only_the_literal_prefix_arn_makes_a_pattern_well_formed() {
    let texts = ["arn:::::".to_owned(), "arn:a:a:a:a:a".to_owned()];
    strings("arn:*", 4).iter().for_each(|start| check_arn(&format!("{start}:*:*:*:*"), &texts));
}
