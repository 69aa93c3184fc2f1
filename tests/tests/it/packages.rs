//! Every package can be published: it says what it is and carries its licence texts.

use std::fs;

use crate::tidy::{read, root};

/// The value of a member of a manifest's `[package]`, as it is written.
fn member<'m>(manifest: &'m str, name: &str) -> Option<&'m str> {
    let package = manifest.strip_prefix("[package]\n")?.split("\n\n").next()?;
    package.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = "))
}

#[test]
fn every_package_says_what_it_is_and_carries_its_licences() {
    let entries = fs::read_dir(root().join("crates")).unwrap().map(|entry| entry.unwrap().file_name());
    let crates = entries.map(|name| format!("crates/{}", name.into_string().unwrap()));
    for package in crates.chain(["benches", "fuzz", "tests"].map(str::to_owned)) {
        let manifest = read(&format!("{package}/Cargo.toml"));
        let of = |name| member(&manifest, name).unwrap_or_else(|| panic!("{package} has no {name}"));
        assert!(
            of("description").trim_matches('"').ends_with('.'),
            "{package}: the description is a sentence"
        );
        let keywords = of("keywords").matches('"').count() / 2;
        assert!((1..=5).contains(&keywords), "{package} has {keywords} keywords");
        assert!(of("categories").contains('"'), "{package} has no category");
        for file in [of("readme").trim_matches('"'), "LICENSE-MIT", "LICENSE-APACHE"] {
            assert!(!read(&format!("{package}/{file}")).is_empty(), "{package}/{file}");
        }
    }
}
