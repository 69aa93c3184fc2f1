//! The tree stays as `docs/ARCHITECTURE.md` says it is.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The names in a manifest's `[dependencies]`, our own without their prefix.
fn dependencies(manifest: &str) -> Vec<String> {
    manifest
        .lines()
        .skip_while(|line| *line != "[dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split(['.', '=', ' ']).next())
        .filter(|name| !name.is_empty() && !name.starts_with('#'))
        .map(|name| name.trim_start_matches("bailiwick-").to_owned())
        .collect()
}

#[test]
fn each_library_crate_has_exactly_the_dependencies_it_should() {
    let expected = BTreeMap::from([
        ("matcher", vec!["memchr"]),
        ("parser", vec!["memchr", "strsim"]),
        ("normalizer", vec!["matcher", "parser", "chrono", "ipnet"]),
        ("evaluator", vec!["matcher", "normalizer", "parser", "ipnet"]),
        ("scenario", vec!["evaluator", "normalizer", "parser", "percent-encoding", "serde"]),
        (
            "delivery",
            vec!["evaluator", "normalizer", "parser", "scenario", "percent-encoding", "serde", "serde_json"],
        ),
        ("validator", vec!["matcher", "normalizer", "parser"]),
        (
            "bailiwick",
            vec!["delivery", "evaluator", "matcher", "normalizer", "parser", "scenario", "validator"],
        ),
    ]);
    for (name, expected) in expected {
        let found = dependencies(&read(&format!("crates/{name}/Cargo.toml")));
        assert_eq!(found, expected, "crates/{name}");
    }
}

#[test]
fn every_library_forbids_unsafe_code_and_says_what_it_is() {
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let lib = entry.unwrap().path().join("src/lib.rs");
        if let Ok(text) = fs::read_to_string(&lib) {
            assert!(text.starts_with("//! "), "{} has no header", lib.display());
            assert!(text.contains("#![forbid(unsafe_code)]"), "{}", lib.display());
        }
    }
}

#[test]
fn every_crate_stands_in_the_architecture() {
    let architecture = read("docs/ARCHITECTURE.md");
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(architecture.contains(&format!("| `{name}` |")), "{name} is not in docs/ARCHITECTURE.md");
    }
}

#[test]
fn every_external_dependency_has_its_reason_in_the_architecture() {
    let architecture = read("docs/ARCHITECTURE.md");
    let manifest = read("Cargo.toml");
    let names = manifest
        .lines()
        .skip_while(|line| *line != "[workspace.dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.starts_with("bailiwick") && !line.starts_with('#'))
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name);
    for name in names {
        assert!(architecture.contains(name), "{name} has no reason in docs/ARCHITECTURE.md");
    }
}
