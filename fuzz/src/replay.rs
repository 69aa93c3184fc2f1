//! Runs targets over files: seeds, regressions, and whatever a fuzzer collected here.
//!
//! `fuzz/seeds/TARGET` is where fuzzing starts from. `fuzz/regressions/TARGET` holds what once broke a property; the
//! story of each stands in `fuzz/regressions/README.md`, and a file without one is a failure. `fuzz/corpus/TARGET` is
//! what libFuzzer found new paths with on this machine, and is not part of the project.

use std::collections::BTreeMap;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use crate::{TARGETS, Target};

/// Replays all targets and prints a line for each.
pub fn all() -> ExitCode {
    let stories = stories();
    let mut failures = vec![];
    for target in &TARGETS {
        failures.extend(replay(target, &stories));
    }
    if failures.is_empty() {
        return ExitCode::SUCCESS;
    }
    for failure in failures {
        eprintln!("{failure}");
    }
    ExitCode::FAILURE
}

/// Replays one target: the files named as arguments, or all that are kept for it.
pub fn one(name: &str) -> ExitCode {
    let Some(target) = TARGETS.iter().find(|target| target.name == name) else {
        eprintln!("there is no target {name}");
        return ExitCode::FAILURE;
    };
    let files: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let failures = if files.is_empty() {
        replay(target, &stories())
    } else {
        files.iter().filter_map(|file| run(target, file).err()).collect()
    };
    failures.iter().for_each(|failure| eprintln!("{failure}"));
    if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn replay(target: &Target, stories: &str) -> Vec<String> {
    let started = Instant::now();
    let mut failures = vec![];
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for folder in ["seeds", "regressions", "corpus"] {
        let files = files(&root().join(folder).join(target.name));
        counts.insert(folder, files.len());
        for file in files {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            if folder == "regressions" && !stories.contains(&format!("`{}/{name}`", target.name)) {
                failures.push(format!("{}: its story is missing in regressions/README.md", file.display()));
            }
            failures.extend(run(target, &file).err());
        }
    }
    // A target without any input has shown nothing.
    if counts.values().sum::<usize>() == 0 {
        failures.push(format!("{}: nothing to replay", target.name));
    }
    println!(
        "{:<10} {:>4} seeds, {:>3} regressions, {:>5} of a local corpus: {} ({:.1} s)",
        target.name,
        counts["seeds"],
        counts["regressions"],
        counts["corpus"],
        if failures.is_empty() { "ok" } else { "FAILED" },
        started.elapsed().as_secs_f64(),
    );
    failures
}

fn run(target: &Target, file: &Path) -> Result<(), String> {
    let bytes = fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    // The panic prints its own message.
    panic::catch_unwind(AssertUnwindSafe(|| (target.run)(&bytes)))
        .map_err(|_| format!("{}: not so: {}", file.display(), target.property))
}

fn stories() -> String {
    fs::read_to_string(root().join("regressions/README.md")).unwrap_or_default()
}

/// The folder of the package.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    files.sort();
    files
}
