//! The engine reads the operands of conditions and the values of requests as the definitional model does, also
//! texts that nobody would write.

use std::collections::BTreeSet;

use bailiwick_scenario::{Decision, Scenario};
use bailiwick_tests::model;
use proptest::prelude::*;
use proptest::strategy::{Union, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::json;

/// Texts near enough to a type that many of them are values of it, and many of those equal.
struct Family {
    operators: &'static [&'static str],
    texts: &'static [&'static str],
}

const FAMILIES: [Family; 6] = [
    Family {
        operators: &["NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericGreaterThanEquals"],
        texts: &[
            "[+-]?0?[019]{0,2}(\\.[019]{0,2})?([eE][+-]?[0-2])?",
            "[+-]?[019]{1,2}e[+-]?21474836(4[678]|5)",
            "[0-9.eE+_ -]{0,4}",
        ],
    },
    Family {
        operators: &["DateEquals", "DateNotEquals", "DateLessThanEquals", "DateGreaterThan"],
        texts: &[
            "20(20|30)-0[1-2](-[0-3][0-9])?",
            "2030-01-01[Tt](0[0-2]|24):(00|30|60)(:(00|59|60)(\\.[01]{0,4})?)?([Zz]|[+-]0[0-2]:[0-6]0)?",
            "[+-]?(18934560|0)?0{0,3}",
            "2030-[01][0-3]-[0-3][0-9]T[0-9:.Z+-]{0,9}",
        ],
    },
    Family { operators: &["Bool", "Null"], texts: &["[tT][rR][uU][eE] ?", "(false|False|yes|1)?"] },
    Family { operators: &["BinaryEquals"], texts: &["[AQYg]{0,4}={0,2}", "(YQ==|YWI=|YWJj){0,2}"] },
    Family {
        operators: &["IpAddress", "NotIpAddress"],
        texts: &[
            "1[01]?\\.0{1,3}\\.[0-3]\\.(0|1|255|256)(/[+-]?0?(0|8|9|3[0-3]))?",
            ":{0,3}(1|ffff|FFFF)?:{1,3}(0:)?[01]?:{0,4}(/(0|16|112|12[789]))?",
            "((0:){0,6}|::|:::)(ffff:)?(0?1\\.0\\.0\\.1|0*100:0*1|1)?:?",
            "([01]:){6,8}[01]?",
            "1:1:1:1::1?:?1:1:1?",
        ],
    },
    Family {
        operators: &["StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"],
        texts: &[
            "a1[.,'-]1?a?[Σςσ]",
            "[aAΣσς.1_ -]{0,3}",
            "[Σςσ][aA,.'\u{301}]{0,2}[Σςσ𐐀]",
            "[kKK]?[sſS]?[iİIı]?\u{307}?[ßẞ]?𐐀?",
        ],
    },
];

fn question() -> impl Strategy<Value = (&'static str, Vec<String>, String)> {
    let families = FAMILIES.map(|Family { operators, texts }| {
        let text =
            || Union::new(texts.iter().map(|pattern| proptest::string::string_regex(pattern).unwrap()));
        (proptest::sample::select(operators), proptest::collection::vec(text(), 1..3), text()).boxed()
    });
    Union::new(families)
}

fn answers((operator, operands, value): &(&str, Vec<String>, String)) -> [Option<bool>; 2] {
    let scenario = json!({
        "request": {"principal": "arn:aws:iam::111122223333:user/amy", "action": "s3:GetObject",
            "resource": "arn:aws:s3:::b/k", "resourceAccount": "111122223333", "context": {"x:key": value}},
        "policies": {"identity": [{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Action": "s3:GetObject", "Resource": "*", "Condition": {*operator: {"x:key": operands}}}]}]},
    });
    let expected = model::decide(&scenario).map(|decision| decision == model::Decision::Allowed).ok();
    let answered = Scenario::parse(&scenario.to_string()).map(|read| read.decide() == Decision::Allowed).ok();
    [answered, expected]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16384))]

    #[test]
    fn engine_and_model_read_the_same_texts_alike(question in question()) {
        let [answered, expected] = answers(&question);
        prop_assert_eq!(answered, expected);
    }
}

#[test]
fn every_operator_is_asked_with_either_answer() {
    let mut runner = TestRunner::deterministic();
    let questions = question();
    let mut seen = BTreeSet::new();
    for _ in 0..4096 {
        let question = questions.new_tree(&mut runner).unwrap().current();
        seen.insert((question.0, answers(&question)[1]));
    }
    for operator in FAMILIES.iter().flat_map(|family| family.operators) {
        for answer in [true, false] {
            assert!(seen.contains(&(*operator, Some(answer))), "{operator} never came to {answer}");
        }
    }
    assert!(seen.contains(&("BinaryEquals", None)), "no policy was refused");
}
