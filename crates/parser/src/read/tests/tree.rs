//! That the tree says what the text says.

use crate::syntax::{
    BaseOperator, Effect, Operator, PrincipalKey, PrincipalValue, Qualifier, Scalar, Version,
};
use crate::{parse, parse_partial, parse_value};
use bailiwick_source::json::{self, Limits};

#[test]
fn the_tree_says_what_was_written() {
    let source = r#"{
        "Id": "i\u0064",
        "Version": "2012-10-17",
        "Statement": {
            "NotPrincipal": {"Service": ["a", "b"], "AWS": "c"},
            "Condition": {"ForAnyValue:NumericLessThanIfExists": {"k": [1.0, "2", true]}, "Null": {"l": "true"}},
            "Resource": "r",
            "NotAction": ["x", "y"],
            "Effect": "Deny",
            "Sid": "s"
        }
    }"#;
    let document = parse(source).unwrap();
    assert_eq!(document.span.text(source), Some(source));
    assert_eq!(document.id.as_ref().map(|id| &*id.value), Some("id"));
    let [statement] = document.statements.as_slice() else { panic!("one statement") };
    assert_eq!(statement.sid.as_ref().map(|sid| &*sid.value), Some("s"));
    assert_eq!(statement.effect.map(|effect| effect.value), Some(Effect::Deny));

    let action = statement.action.as_ref().unwrap();
    assert!(action.negated && action.value.is_list);
    assert_eq!(action.name_span.text(source), Some("\"NotAction\""));
    let actions: Vec<_> = action.value.items.iter().map(|item| &*item.value).collect();
    assert_eq!(actions, ["x", "y"]);
    let resource = statement.resource.as_ref().unwrap();
    assert!(!resource.negated && !resource.value.is_list);
    assert_eq!(resource.value.span.text(source), Some("\"r\""));

    let principal = statement.principal.as_ref().unwrap();
    let PrincipalValue::Map { members, .. } = &principal.value else { panic!("an object") };
    let keys: Vec<_> = members.iter().map(|member| (member.key.value, member.values.items.len())).collect();
    assert!(principal.negated);
    assert_eq!(keys, [(PrincipalKey::Service, 2), (PrincipalKey::Aws, 1)]);

    let conditions = &statement.condition.as_ref().unwrap().value;
    let [numeric, null] = conditions.as_slice() else { panic!("two operators") };
    let expected = Operator {
        qualifier: Some(Qualifier::ForAnyValue),
        base: BaseOperator::NumericLessThan,
        if_exists: true,
    };
    assert_eq!(numeric.operator.value, expected);
    let values: Vec<_> =
        numeric.keys[0].values.iter().map(|value| (&*value.text.value, value.json)).collect();
    assert_eq!(values, [("1.0", Scalar::Number), ("2", Scalar::String), ("true", Scalar::Boolean)]);
    assert!(numeric.keys[0].is_list && !null.keys[0].is_list);
    assert_eq!(numeric.keys[0].span.text(source), Some("[1.0, \"2\", true]"));
}

#[test]
fn a_policy_inside_a_larger_document_has_its_places_there() {
    let source = r#"{"policies": [{"Statement": {"Effect": "Allow", "Action": 1}}, 2]}"#;
    let json = json::parse(source, &Limits::default()).unwrap();
    let list = json.root().member("policies").unwrap();
    let places: Vec<_> = list
        .items()
        .filter_map(|policy| parse_value(policy).err())
        .flatten()
        .map(|error| error.span.text(source).unwrap().to_owned())
        .collect();
    assert_eq!(places, ["1", "2"]);
}

#[test]
fn a_partial_tree_has_the_first_of_repeated_elements_and_no_text_that_could_not_be_read() {
    let source = r#"{
        "Version": "2012-10-17",
        "Version": "2008-10-17",
        "Id": "a",
        "Id": "b",
        "Statement": {
            "Effect": "Deny",
            "Effect": "Allow",
            "Action": ["x", "\y", "z"],
            "NotAction": "w"
        }
    }"#;
    let (document, errors) = parse_partial(source);
    assert_eq!(errors.len(), 5);
    let document = document.unwrap();
    assert_eq!(document.version.map(|version| version.value), Some(Version::V2012));
    assert_eq!(document.id.as_ref().map(|id| &*id.value), Some("a"));
    let statement = &document.statements[0];
    assert_eq!(statement.effect.map(|effect| effect.value), Some(Effect::Deny));
    let action = statement.action.as_ref().unwrap();
    let actions: Vec<_> = action.value.items.iter().map(|item| &*item.value).collect();
    assert_eq!((action.negated, actions), (false, vec!["x", "z"]));
}
