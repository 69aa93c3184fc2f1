//! The table of the Service Authorization Reference holds what its source says, and finds it.

use bailiwick_aws as aws;
use bailiwick_tests::reference::{Reference, encode};
use proptest::prelude::*;

use crate::tidy::root;

#[test]
fn the_table_is_what_its_own_facts_are_written_as() {
    let table = std::fs::read(root().join("crates/aws/data/reference.bin")).unwrap();
    assert!(table.len() < 400_000, "{} bytes", table.len());
    let written = encode(&Reference::embedded()).unwrap();
    assert!(written == table, "cargo run -p bailiwick-tests --bin reference writes another table");
}

#[test]
#[ignore = "needs BAILIWICK_REFERENCE: the file services.ndjson, the service authorization reference"]
fn every_fact_of_the_source_is_in_the_table() {
    let path =
        std::env::var_os("BAILIWICK_REFERENCE").expect("BAILIWICK_REFERENCE is the path of the source");
    let source = Reference::read(&std::fs::read_to_string(path).unwrap()).unwrap();
    let embedded = Reference::embedded();
    assert_eq!(embedded.services.len(), source.services.len());
    let (mut actions, mut types, mut keys) = (0, 0, 0);
    for (embedded, source) in embedded.services.iter().zip(&source.services) {
        assert_eq!(embedded, source);
        actions += source.actions.len();
        types += source.resource_types.len();
        keys += source.condition_keys.len();
    }
    println!("{} services, {actions} actions, {types} resource types, {keys} keys", source.services.len());
}

/// A name in the two letter cases that it is not written in.
fn cases(name: aws::Text) -> [String; 2] {
    let name = name.to_string();
    [name.to_ascii_lowercase(), name.to_ascii_uppercase()]
}

#[test]
fn every_name_is_found_whatever_its_letter_case() {
    for service in aws::services() {
        for prefix in cases(service.prefix()) {
            assert_eq!(aws::service(&prefix).unwrap().prefix(), service.prefix());
        }
        for action in service.actions() {
            for name in cases(action.name()) {
                assert_eq!(service.action(&name).unwrap().name(), action.name());
            }
        }
        for resource_type in service.resource_types() {
            for name in cases(resource_type.name()) {
                assert_eq!(service.resource_type(&name).unwrap().name(), resource_type.name());
            }
        }
        for key in service.condition_keys() {
            for name in cases(key.name()) {
                assert_eq!(service.condition_key(&name).unwrap().name(), key.name());
                assert_eq!(aws::condition_key(&name).unwrap().name(), key.name());
            }
        }
    }
}

#[test]
fn global_keys_have_one_type() {
    for key in aws::global_condition_keys() {
        for service in aws::services() {
            let listed = service.condition_keys().find(|listed| listed.name() == key.name());
            let facts = |key: aws::ConditionKey| (key.key_type(), key.is_multivalued());
            assert!(listed.is_none_or(|listed| facts(listed) == facts(key)), "{key:?} of {service:?}");
        }
    }
}

/// A name, and how it may be misspelt.
fn name() -> impl Strategy<Value = String> {
    let known: Vec<String> = aws::services()
        .flat_map(|service| {
            let actions = service.actions().step_by(7).map(|action| action.name().to_string());
            let keys = service.condition_keys().step_by(7).map(|key| key.name().to_string());
            actions.chain(keys).chain([service.prefix().to_string()]).collect::<Vec<_>>()
        })
        .collect();
    let misspelt = (proptest::sample::select(known), any::<proptest::sample::Index>(), ".{0,2}");
    prop_oneof![
        ".{0,40}",
        misspelt.prop_map(|(known, place, by)| {
            let place = place.index(known.len() + 1);
            let (start, end) = known.split_at(place);
            format!("{start}{by}{end}")
        }),
    ]
}

proptest! {
    #[test]
    fn what_is_found_has_the_name_that_was_asked_for(prefix in name(), name in name()) {
        if let Some(service) = aws::service(&prefix) {
            prop_assert!(service.prefix().eq_ignore_ascii_case(&prefix));
        }
        let services = [aws::service(&prefix), aws::service("s3"), aws::service("ec2")];
        for service in services.into_iter().flatten() {
            let found = service.action(&name).map(|action| action.name());
            let found = found.or_else(|| service.resource_type(&name).map(|of| of.name()));
            prop_assert!(found.is_none_or(|found| found.eq_ignore_ascii_case(&name)));
            if let Some(key) = service.condition_key(&name) {
                prop_assert!(aws::condition_key(&name).is_some(), "{:?}", key);
            }
        }
        if let Some(key) = aws::condition_key(&name) {
            let open = key.name().bytes().any(|byte| matches!(byte, b'$' | b'<'));
            prop_assert!(open || key.name().eq_ignore_ascii_case(&name));
        }
        prop_assert_eq!(
            aws::condition_key(&name).map(|key| key.name().to_string()),
            aws::condition_key(&name.to_ascii_uppercase()).map(|key| key.name().to_string())
        );
    }
}
