//! What the tree should have less of may only shrink: words of the list, long files, wide lines.
//!
//! `tests/ratchets` has a file for each package, with a number for each. A count above its number fails. For a count
//! below it `UPDATE=1` writes the smaller number; it makes none larger. Code that moves to another package takes its
//! counts along: a package without a file gets one by `UPDATE=1`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use bailiwick_tests::expected;

use crate::tidy::root;

/// Words and phrases that are not used; `CONTRIBUTING.md` says what to write instead.
const WORDS: [&str; 14] = [
    "as many",
    "behind",
    "beside",
    "hangs on",
    "has a say",
    "mend",
    "mended",
    "mending",
    "mends",
    "nobody",
    "stands",
    "taken to be so",
    "what is no",
    "whoever",
];

/// How many lines a file has at most.
const LINES: usize = 400;

/// How many characters a line has at most.
const WIDTH: usize = 110;

/// The folders of packages.
fn packages() -> Vec<String> {
    let entries = fs::read_dir(root().join("crates")).unwrap().map(|entry| entry.unwrap().file_name());
    let crates = entries.map(|name| format!("crates/{}", name.into_string().unwrap()));
    let mut packages: Vec<String> = crates.chain(["benches", "fuzz", "tests"].map(str::to_owned)).collect();
    packages.sort();
    packages
}

/// The Rust files below a folder.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("target") {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The places of the list's words in a text, as lines from 1. Comments are read on over the ends of their lines.
fn words(text: &str) -> Vec<(usize, &'static str)> {
    let mut joined = String::new();
    let mut starts = Vec::new();
    for line in text.lines() {
        starts.push(joined.len());
        joined.push_str(line.trim().trim_start_matches(['/', '!']).trim());
        joined.push(' ');
    }
    joined.make_ascii_lowercase();
    let mut found = Vec::new();
    for word in WORDS {
        for (at, _) in joined.match_indices(word) {
            let is_letter = |c: char| c.is_alphanumeric() || c == '_';
            let before = joined[..at].chars().next_back().is_some_and(is_letter);
            let after = joined[at + word.len()..].chars().next().is_some_and(is_letter);
            if !before && !after {
                found.push((starts.partition_point(|start| *start <= at), word));
            }
        }
    }
    found
}

/// What a package has too much of, with its places.
fn counted(package: &str) -> BTreeMap<&'static str, Vec<String>> {
    let mut counted =
        BTreeMap::from([("words of the list", vec![]), ("long files", vec![]), ("wide lines", vec![])]);
    let mut paths = Vec::new();
    sources(&root().join(package), &mut paths);
    paths.sort();
    let mut count = |what, place: String| counted.get_mut(what).unwrap().push(place);
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        let lines = text.lines().count();
        if lines > LINES {
            count("long files", format!("{name}: {lines} lines"));
        }
        for (at, line) in text.lines().enumerate().filter(|(_, line)| line.chars().count() > WIDTH) {
            count("wide lines", format!("{name}:{}: {} characters", at + 1, line.chars().count()));
        }
        if package.starts_with("crates/") && path.starts_with(root().join(package).join("src")) {
            for (line, word) in words(&text) {
                count("words of the list", format!("{name}:{line}: \"{word}\""));
            }
        }
    }
    counted
}

#[test]
fn what_there_should_be_less_of_only_shrinks() {
    let mut wrong = Vec::new();
    for package in packages() {
        let file = root().join("tests/ratchets").join(package.replace('/', "-")).with_extension("txt");
        let kept = fs::read_to_string(&file);
        let is_new = kept.is_err() && expected::is_renewed();
        let kept = kept.unwrap_or_default();
        let mut lowered = String::new();
        for (what, places) in counted(&package) {
            let line = kept.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix(": "));
            let most = if is_new { places.len() } else { line.map_or(0, |number| number.parse().unwrap()) };
            lowered.push_str(&format!("{what}: {}\n", places.len().min(most)));
            if places.len() > most {
                let places = places.join("\n  ");
                wrong.push(format!("{package}: more {what} than the {most} of before, among\n  {places}"));
            } else if places.len() < most {
                let number = places.len();
                println!("{package}: {number} {what}, no longer {most}: lower the number with UPDATE=1");
            }
        }
        if expected::is_renewed() {
            fs::write(&file, lowered).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn words_of_the_list_are_found() {
    let text = "//! It depends on whoever\n//! asks: this hangs\n//! on what is recommended, beside\nlet stands_for = \"Stands\";";
    assert_eq!(words(text), [(3, "beside"), (2, "hangs on"), (4, "stands"), (1, "whoever")]);
}
