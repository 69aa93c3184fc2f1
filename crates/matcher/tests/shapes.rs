//! What a compiled pattern tells about itself.

use bailiwick_matcher::{
    Arn, ArnPattern, Part, Pattern, ResourcePattern, TemplateOptions, TextPattern, Variables,
};

const OPTIONS: TemplateOptions = TemplateOptions { wildcards: true, variables: true };

#[test]
fn patterns_are_shown_as_they_are_written() {
    for text in ["", "*", "abc", "abc*", "*abc", "a*c", "*a*", "a*b*c", "*a*b", "a?c", "?*", "*?", "é*𐐀"]
    {
        assert_eq!(Pattern::new(text).to_string(), text);
        assert_eq!(TextPattern::new(text, OPTIONS).to_string(), text);
    }
    assert_eq!(Pattern::new("a***b**").to_string(), "a*b*");
    assert_eq!(Pattern::literal("a*b?").to_string(), "a${*}b${?}");
    assert_eq!(TextPattern::new("a${*}b", OPTIONS).to_string(), "a${*}b");
    assert_eq!(TextPattern::new("${AWS:UserName, 'x'}/*", OPTIONS).to_string(), "${aws:username, 'x'}/*");
}

#[test]
fn resources_and_arns_are_shown_as_they_are_written() {
    for text in [
        "arn:aws:s3:::bucket/*",
        "arn:aws:iam::*:role/app",
        "arn:aws:sns:us-*-1:1?1:${aws:username}-*",
        "arn:aws:*code*:*:*:*",
        "arn:aws:logs:*",
        "not-an-arn",
        "",
    ] {
        assert_eq!(ResourcePattern::new(text, Variables::Enabled).to_string(), text);
        assert_eq!(ArnPattern::new(text, Variables::Enabled).to_string(), text);
    }
}

#[test]
fn the_literal_ends_are_those_of_the_text() {
    for (text, prefix, suffix) in [
        ("", "", ""),
        ("*", "", ""),
        ("abc", "abc", "abc"),
        ("abc*", "abc", ""),
        ("*abc", "", "abc"),
        ("ab*cd", "ab", "cd"),
        ("*ab*", "", ""),
        ("ab*cd*ef", "ab", "ef"),
        ("ab?cd", "ab", "cd"),
        ("?ab?", "", ""),
    ] {
        let pattern = Pattern::new(text);
        assert_eq!((pattern.literal_prefix(), pattern.literal_suffix()), (prefix, suffix), "{text:?}");
        let resource = ResourcePattern::new(text, Variables::Enabled);
        assert_eq!((resource.literal_prefix(), resource.literal_suffix()), (prefix, suffix), "{text:?}");
    }
    let confined = ResourcePattern::new("arn:aws:s*3:::b/${aws:username}/x", Variables::Enabled);
    assert_eq!((confined.literal_prefix(), confined.literal_suffix()), ("arn:aws:s", "/x"));
    for (text, prefix) in [
        ("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket/"),
        ("arn:aws:iam::*:role/app", "arn:aws:iam::"),
        ("arn:aws:iam::1*:role/app", "arn:aws:iam::"),
        ("arn:aws:s3:::${aws:username}", "arn:aws:s3:::"),
        ("not-an-arn", ""),
    ] {
        assert_eq!(ArnPattern::new(text, Variables::Enabled).literal_prefix(), prefix, "{text:?}");
    }
}

#[test]
fn a_literal_and_everything_are_recognized() {
    assert_eq!(Pattern::new("abc").as_literal(), Some("abc"));
    assert_eq!(Pattern::new("").as_literal(), Some(""));
    assert_eq!(Pattern::new("ab?").as_literal(), None);
    assert!(Pattern::new("***").is_any());
    assert!(!Pattern::new("?*").is_any());
    assert!(!Pattern::literal("*").is_any());
    assert!(ResourcePattern::new("*", Variables::Enabled).is_any());
    assert!(!ResourcePattern::new("arn:*", Variables::Enabled).is_any());
}

#[test]
fn a_resource_is_a_free_pattern_unless_a_wildcard_is_confined() {
    for (text, free) in [
        ("arn:aws:s3:::bucket/*?x", true),
        ("arn:aws:logs:*:*:log-group:*", true),
        ("arn:aws:cloudfront:*", true),
        ("arn:aws*:s3:::b", true),
        ("arn:aws:s3:us-**:1:b", true),
        ("arn:aws:s3:us-*-1:1:b", false),
        ("arn:aws:s3:us-east-?:1:b", false),
        ("arn:aws:s3:us-*?:1:b", false),
        ("arn:aws:s3:::b/${aws:username}", false),
    ] {
        assert_eq!(ResourcePattern::new(text, Variables::Enabled).as_pattern().is_some(), free, "{text:?}");
    }
}

#[test]
fn variables_of_a_resource_begin_behind_the_fifth_colon() {
    let before = ResourcePattern::new("arn:aws:s3:${aws:RequestedRegion}:b", Variables::Enabled);
    assert!(before.variables().is_empty());
    assert!(before.is_match("arn:aws:s3:${aws:RequestedRegion}:b"));
    assert_eq!(ResourcePattern::new("${aws:PrincipalArn}", Variables::Enabled).variables().len(), 0);
    assert_eq!(ResourcePattern::new("arn:aws:s3:::${aws:username}", Variables::Enabled).variables().len(), 1);
    assert_eq!(
        ResourcePattern::new("arn:aws:s3:::${aws:username}", Variables::Disabled).variables().len(),
        0
    );
}

#[test]
fn pieces_are_in_order_and_name_variables_by_index() {
    let pattern = TextPattern::new("a${x}*${y, 'z'}?", OPTIONS);
    let pieces: Vec<_> = pattern.parts().collect();
    assert_eq!(
        pieces,
        [Part::Literal("a"), Part::Variable(0), Part::AnyRun, Part::Variable(1), Part::AnyOne]
    );
    let keys: Vec<_> =
        pattern.variables().iter().map(|variable| (variable.key(), variable.default())).collect();
    assert_eq!(keys, [("x", None), ("y", Some("z"))]);
}

#[test]
fn without_wildcards_stars_are_characters() {
    let equals = TextPattern::new("a*${x}", TemplateOptions { wildcards: false, variables: false });
    assert!(equals.is_match("a*${x}"));
    assert!(!equals.is_match("ab${x}"));
}

#[test]
fn what_is_no_variable_is_text_in_which_wildcards_stay_wildcards() {
    let unclosed = TextPattern::new("${aws:username/*", OPTIONS);
    assert!(unclosed.variables().is_empty());
    assert!(unclosed.is_match("${aws:username/x"));
    assert!(!unclosed.is_match("aws:username/x"));
    assert!(TextPattern::new("${}?", OPTIONS).is_match("${}x"));
}

#[test]
fn escapes_are_characters_in_every_field_of_an_arn() {
    let pattern = ArnPattern::new("arn:a${*}:s3:*:${?}1:${$}{x}", Variables::Enabled);
    for (text, matches) in
        [("arn:a*:s3:r:?1:${x}", true), ("arn:ab:s3:r:?1:${x}", false), ("arn:a*:s3:r:21:${x}", false)]
    {
        assert_eq!(pattern.is_match(&Arn::split(text).unwrap()), matches.into(), "{text:?}");
    }
}

#[test]
fn an_arn_gives_its_fields() {
    let arn = Arn::split("arn:aws-cn:s3:::bucket/a:b").unwrap();
    let fields = [arn.partition(), arn.service(), arn.region(), arn.account(), arn.resource()];
    assert_eq!(fields, ["aws-cn", "s3", "", "", "bucket/a:b"]);
    assert_eq!((arn.field(0), arn.field(5), arn.field(6)), ("arn", "bucket/a:b", ""));
    assert_eq!(arn.as_str(), "arn:aws-cn:s3:::bucket/a:b");
    assert!(Arn::is_well_formed("arn:::::"));
}

#[test]
fn compiled_patterns_are_shared_between_threads() {
    fn shared<T: Send + Sync + Clone + std::fmt::Debug>() {}
    shared::<Pattern>();
    shared::<TextPattern>();
    shared::<ResourcePattern>();
    shared::<ArnPattern>();
    shared::<Arn<'static>>();
}
