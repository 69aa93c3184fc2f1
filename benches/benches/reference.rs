//! The Service Authorization Reference: what the first look-up of a program takes, and those after it, next
//! to a `HashMap` of the same facts, which a program has to build before it can ask.
//!
//! The map is built from the file that `BAILIWICK_REFERENCE` names, one service a line; without it, from the
//! table's own facts.

#![expect(clippy::expect_used, reason = "a failure is the program's")]

use std::collections::HashMap;
use std::hint::black_box;
use std::time::Instant;

use bailiwick_benches::clock::{Contender, Effort, measure};
use bailiwick_tests::reference::{Action, Reference};

fn main() {
    let start = Instant::now();
    let found = black_box(bailiwick_aws::service("s3")).and_then(|service| service.action("GetObject"));
    let first = start.elapsed();
    assert!(found.is_some(), "s3:GetObject is known");

    let path = std::env::var_os("BAILIWICK_REFERENCE");
    let source = path.map(|path| std::fs::read_to_string(path).expect("BAILIWICK_REFERENCE is a file"));
    let start = Instant::now();
    let reference = source.as_deref().map_or_else(Reference::embedded, |source| {
        Reference::read(source).expect("BAILIWICK_REFERENCE is the reference")
    });
    let map = map(&reference);
    let built = start.elapsed();
    let from = if source.is_some() { "its source" } else { "the table" };
    println!(
        "first look-up: {:.2} µs; the map, built from {from}: {:.1} ms",
        micros(first),
        micros(built) / 1e3
    );

    let names: Vec<(String, String)> = bailiwick_aws::services()
        .flat_map(|service| service.actions().step_by(20).map(move |action| (service, action)))
        .map(|(service, action)| (service.prefix().to_string(), action.name().to_string().to_lowercase()))
        .collect();
    let keys: Vec<String> = bailiwick_aws::services()
        .flat_map(|service| service.condition_keys())
        .map(|key| key.name().to_string())
        .collect();
    let mut contenders = [
        Contender::new("an action, in the table", names.len(), || {
            for (prefix, name) in &names {
                let found = bailiwick_aws::service(prefix).and_then(|service| service.action(name));
                assert!(black_box(found).is_some());
            }
        }),
        Contender::new("an action, in the map", names.len(), || {
            for (prefix, name) in &names {
                let found = map.get(prefix.as_str()).and_then(|actions| actions.get(&name.to_lowercase()));
                assert!(black_box(found).is_some());
            }
        }),
        Contender::new("a condition key, in the table", keys.len(), || {
            for key in &keys {
                assert!(black_box(bailiwick_aws::condition_key(key)).is_some());
            }
        }),
    ];
    for figure in measure(Effort::from_arguments(), &mut contenders) {
        println!("{}: {:.0} ns", figure.name, figure.median);
    }
}

/// Actions by prefix and by name in lower case.
fn map(reference: &Reference) -> HashMap<&str, HashMap<String, &Action>> {
    let services = reference.services.iter().map(|service| {
        let actions = service.actions.iter().map(|(name, action)| (name.to_lowercase(), action));
        (service.service.as_str(), actions.collect())
    });
    services.collect()
}

fn micros(time: std::time::Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
