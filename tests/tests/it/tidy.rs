//! The tree stays as `docs/ARCHITECTURE.md` says it is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

pub(crate) fn read(path: &str) -> String {
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
        ("aws", vec![]),
        ("matcher", vec!["memchr"]),
        ("source", vec!["memchr", "percent-encoding", "strsim"]),
        ("parser", vec!["source", "serde"]),
        ("normalizer", vec!["matcher", "parser", "source", "chrono", "ipnet", "serde"]),
        ("evaluator", vec!["aws", "matcher", "normalizer", "parser", "source", "ipnet", "serde"]),
        ("scenario", vec!["aws", "evaluator", "normalizer", "parser", "source"]),
        (
            "delivery",
            vec![
                "aws",
                "environment",
                "evaluator",
                "normalizer",
                "parser",
                "source",
                "store",
                "percent-encoding",
                "serde",
                "serde_json",
            ],
        ),
        (
            "environment",
            vec![
                "evaluator",
                "normalizer",
                "parser",
                "source",
                "store",
                "percent-encoding",
                "serde",
                "serde_json",
            ],
        ),
        ("store", vec!["serde", "serde_json"]),
        ("validator", vec!["aws", "matcher", "normalizer", "parser", "source"]),
        (
            "bailiwick",
            vec![
                "delivery",
                "environment",
                "evaluator",
                "normalizer",
                "parser",
                "scenario",
                "source",
                "validator",
            ],
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
fn every_file_that_is_kept_is_a_text_of_some_pages() {
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output();
    let listed = listed.expect("git says which files are kept");
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let names: Vec<_> =
        String::from_utf8(listed.stdout).unwrap().split_terminator('\0').map(str::to_owned).collect();
    assert!(names.len() > 100, "{} files", names.len());
    for name in names {
        // What a change removed is listed until it is committed.
        let Ok(content) = fs::read(root().join(&name)) else { continue };
        assert!(content.len() < 1 << 20, "{name} has {} bytes", content.len());
        let seed = name.starts_with("fuzz/seeds/") || name.starts_with("fuzz/regressions/");
        // Programs read the reference in place, so it is not a text. A test writes it anew from its facts.
        let table = name == "crates/aws/data/reference.bin";
        assert!(seed || table || !content.contains(&0), "{name} is no text");
        assert!(!name.contains("target/"), "{name} is what a build makes");
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
    let mut depended = BTreeSet::new();
    for manifest in ["Cargo.toml", "fuzz/Cargo.toml", "tests/Cargo.toml", "benches/Cargo.toml"] {
        let text = read(manifest);
        let mut among = false;
        for line in text.lines() {
            if line.starts_with('[') {
                among = line.ends_with("dependencies]");
            } else if let Some(name) = line.split(['.', '=', ' ']).next()
                && among
                && !name.is_empty()
                && !name.starts_with(['#', ' ', '}', '"'])
                && !name.starts_with("bailiwick")
            {
                depended.insert(name.to_owned());
            }
        }
    }
    // The table's rows: names, users, reason. Several names may share a row.
    let architecture = read("docs/ARCHITECTURE.md");
    let table = architecture.split_once("## Dependencies, one reason each").map_or("", |(_, table)| table);
    let explained: BTreeSet<String> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split_once(" | "))
        .filter(|(names, rest)| {
            !["crate", "---"].contains(names) && rest.trim_end_matches('|').contains(" | ")
        })
        .flat_map(|(names, _)| names.split(", "))
        .map(str::to_owned)
        .collect();
    assert!(depended.contains("memchr"), "the dependencies are not recognized in Cargo.toml");
    assert_eq!(explained, depended, "docs/ARCHITECTURE.md explains the former, Cargo.toml has the latter");
}

#[test]
fn every_mutant_still_finds_its_place() {
    let mutants =
        bailiwick_tests::mutants::load().unwrap_or_else(|mistakes| panic!("{}", mistakes.join("\n")));
    assert!(mutants.len() >= 60, "{} mutants", mutants.len());
    let names: BTreeSet<&str> = mutants.iter().map(|mutant| mutant.breaks.as_str()).collect();
    assert_eq!(names.len(), mutants.len(), "two mutants break the same");
}

/// The citations in a text: a letter of `"GMCEKVD"`, a hyphen and digits, standing alone, as in a rule's number.
fn citations(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').filter(|word| {
        word.split_once('-').is_some_and(|(letter, number)| {
            matches!(letter, "G" | "M" | "C" | "E" | "K" | "V" | "D")
                && !number.is_empty()
                && number.bytes().all(|byte| byte.is_ascii_digit())
        })
    })
}

/// The rules that `docs/SEMANTICS.md` states: a paragraph or list item opens with the number in bold, a row of a table
/// with the number in its first cell; codes of checks stand two in a row.
fn stated_rules(semantics: &str) -> Vec<&str> {
    let is_number = |text: &&str| citations(text).next() == Some(*text);
    let mut stated = Vec::new();
    for line in semantics.lines() {
        if let Some(bold) = line.strip_prefix("- ").unwrap_or(line).strip_prefix("**") {
            stated.extend(bold.split("**").next().filter(is_number));
        } else if let Some(row) = line.strip_prefix("| ") {
            let cells = row.split(" | ").enumerate();
            let numbers = cells.filter(|(place, cell)| *place == 0 || cell.starts_with("V-"));
            stated.extend(numbers.map(|(_, cell)| cell).filter(is_number));
        }
    }
    stated
}

/// The texts below a directory that people wrote: sources, documents, data.
fn texts_below(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("target") {
                texts_below(&path, found);
            }
        } else if ["rs", "md", "json"]
            .iter()
            .any(|kind| path.extension().is_some_and(|extension| extension == *kind))
        {
            found.push(path);
        }
    }
}

#[test]
fn every_rule_that_is_cited_stands_in_the_rules() {
    let semantics = read("docs/SEMANTICS.md");
    let stated = stated_rules(&semantics);
    let mut once = stated.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), stated.len(), "docs/SEMANTICS.md states a number twice");
    for rule in ["G-14", "M-13", "C-23", "E-13", "K-1", "V-134", "D-75"] {
        assert!(once.binary_search(&rule).is_ok(), "{rule} is not recognized in docs/SEMANTICS.md");
    }

    let mut paths = Vec::new();
    for directory in ["crates", "tests", "docs", "benches", "fuzz"] {
        texts_below(&root().join(directory), &mut paths);
    }
    let mut missing = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for rule in citations(&text).filter(|rule| once.binary_search(rule).is_err()) {
            missing.push(format!("{rule} in {}", path.display()));
        }
        for number in text
            .split("bservation ")
            .skip(1)
            .filter_map(|after| after.split(|c: char| !c.is_ascii_digit()).next())
        {
            // Longer numbers are those of captures, which the name of the capture stands before.
            if (1..3).contains(&number.len()) && !semantics.contains(&format!("**Observation {number}**")) {
                missing.push(format!("observation {number} in {}", path.display()));
            }
        }
    }
    assert!(missing.is_empty(), "cited and not in docs/SEMANTICS.md: {missing:#?}");
}
