//! What live AWS answered about patterns, variables and malformed ARNs.

use bailiwick_matcher::{
    Arn, ArnPattern, Match, Pattern, Resolved, ResourcePattern, TemplateOptions, TextPattern, Variables,
};

const OPTIONS: TemplateOptions = TemplateOptions { wildcards: true, variables: true };

#[test]
fn a_question_mark_is_one_utf_16_code_unit() {
    for (pattern, text, matches) in [
        ("?", "𐐀", false),
        ("??", "𐐀", true),
        ("?", "é", true),
        ("?", "e\u{301}", false),
        ("a?b", "a𐐀b", false),
        ("a??b", "a𐐀b", true),
        ("a*?b", "a𐐀b", true),
        ("a?*b", "a𐐀b", true),
        ("a?", "a𐐀", false),
        ("a??", "a𐐀", true),
        ("𐐀?", "𐐀x", true),
        ("𐐀?", "𐐀𐐨", false),
    ] {
        assert_eq!(Pattern::new(pattern).is_match(text), matches, "{pattern:?} on {text:?}");
        let arn = |text: &str| format!("arn:aws:s3:::bucket/{text}");
        let resource = ResourcePattern::new(&arn(pattern), Variables::Enabled);
        assert_eq!(resource.is_match(&arn(text)), matches, "Resource {pattern:?} on {text:?}");
        let text = arn(text);
        let answer = ArnPattern::new(&arn(pattern), Variables::Enabled).is_match(&Arn::split(&text).unwrap());
        assert_eq!(answer, matches.into(), "ArnLike {pattern:?} on {text:?}");
    }
}

#[test]
fn wildcards_take_slashes_colons_and_line_breaks_and_nothing_else_is_one() {
    for (pattern, text, matches) in [
        ("a*b", "a/b", true),
        ("a?b", "a:b", true),
        ("a*b", "a\nb", true),
        ("a?b", "a\nb", true),
        ("a[b]", "ab", false),
        ("a[b]", "a[b]", true),
        ("a\\*b", "a*b", false),
        ("a\\*b", "a\\xb", true),
    ] {
        assert_eq!(Pattern::new(pattern).is_match(text), matches, "{pattern:?} on {text:?}");
    }
}

#[test]
fn a_value_takes_part_as_the_code_units_it_is() {
    let pattern = TextPattern::new("${aws:RequestTag/pattern}?", OPTIONS);
    assert_eq!(pattern.is_match_with("𐐀x", |_| Resolved::Text("𐐀")), Match::Yes);
    assert_eq!(pattern.is_match_with("𐐀𐐨", |_| Resolved::Text("𐐀")), Match::No);
}

#[test]
fn a_policy_value_that_is_no_arn_is_malformed_also_when_it_comes_from_a_variable() {
    let user = Arn::split("arn:aws:iam::123456789012:user/test").unwrap();
    assert_eq!(ArnPattern::new("not-an-arn", Variables::Enabled).is_match(&user), Match::Malformed);

    let variable = ArnPattern::new("${aws:RequestTag/pattern}", Variables::Enabled);
    assert_eq!(variable.is_match_with(&user, |_| Resolved::Text("not-an-arn")), Match::Malformed);
    let value = "arn:aws:iam::123456789012:user/test";
    assert_eq!(variable.is_match_with(&user, |_| Resolved::Text(value)), Match::Yes);
    // What the value holds is no wildcard.
    assert_eq!(variable.is_match_with(&user, |_| Resolved::Text("arn:aws:iam::*:user/*")), Match::No);

    let users = ArnPattern::new("arn:aws:iam::*:user/*", Variables::Enabled);
    assert_eq!(users.is_match(&user), Match::Yes);
    assert_eq!(users.is_match(&Arn::split("arn:aws:iam::123456789012:role/test").unwrap()), Match::No);
}

#[test]
fn a_request_value_that_is_no_arn_does_not_split() {
    for text in
        ["not-an-arn", "", "arn", "arn:", "arn:aws:s3", "arn:aws:logs:*", "arn:a:b:c:d", "ARN:a:b:c:d:e"]
    {
        assert_eq!(Arn::split(text), None, "{text:?}");
    }
}
