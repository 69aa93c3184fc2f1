//! Breaks matcher, normalizer and evaluator one place at a time and reports which suites notice.
//!
//! `mutants` runs them all, `mutants TEXT…` those whose file or description holds one of the texts. Each is put into a
//! copy of the tree below `target/mutants/`, and the suites that could notice run there, the quickest first, until
//! one fails. Ends with a table; fails when a mutant survives that is not explained as equivalent in `mutants/`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use bailiwick_tests::mutants::{Mutant, load, root};
use serde_json::Value;

/// How long a suite may run before it counts as one that noticed: by far longer than any takes.
const PATIENCE: Duration = Duration::from_secs(300);

/// How many suites there are to notice a mutant.
const SUITES: usize = 5;

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(mistake) => {
            eprintln!("{mistake}");
            ExitCode::from(2)
        }
    }
}

fn run(wanted: &[String]) -> Result<bool, String> {
    let mut mutants = load().map_err(|mistakes| mistakes.join("\n"))?;
    if !wanted.is_empty() {
        mutants.retain(|mutant| {
            wanted.iter().any(|text| mutant.file.contains(text) || mutant.breaks.contains(text))
        });
    }
    let tree = Tree::copy()?;
    let mut crates: Vec<&str> = mutants.iter().map(Mutant::krate).collect();
    crates.dedup();
    for krate in crates {
        // What takes longer than these is run for its own sake, and only survivors come as far.
        if let Some(by) = tree.noticed_by(krate, 2)? {
            return Err(format!("{by} fails on the tree as it is"));
        }
    }
    let mut made: BTreeMap<&str, (usize, usize, usize)> = BTreeMap::new();
    let mut survivors = vec![];
    // A mutant that does not compile is a mistake of the list; the others are run all the same.
    let mut mistakes = vec![];
    for mutant in &mutants {
        let start = Instant::now();
        let by = match tree.with(mutant, || tree.noticed_by(mutant.krate(), SUITES)) {
            Ok(by) => by,
            Err(mistake) => {
                mistakes.push(mistake);
                continue;
            }
        };
        let seconds = start.elapsed().as_secs();
        let told = match (&by, &mutant.equivalent) {
            (Some(by), _) => by,
            (None, Some(_)) => "(equivalent)",
            (None, None) => "SURVIVED",
        };
        println!("{:42} {:70} {told} ({seconds}s)", mutant.file, mutant.breaks);
        let (killed, equivalent, all) = made.entry(mutant.krate()).or_default();
        *all += 1;
        *killed += usize::from(by.is_some());
        *equivalent += usize::from(by.is_none() && mutant.equivalent.is_some());
        if by.is_some() && mutant.equivalent.is_some() {
            mistakes.push(format!("{}: is noticed and so not equivalent", mutant.breaks));
        }
        if by.is_none() {
            survivors.push(mutant);
        }
    }
    println!("\n{:12} {:>6} {:>6} {:>11}", "crate", "made", "killed", "equivalent");
    for (krate, (killed, equivalent, all)) in &made {
        println!("{krate:12} {all:>6} {killed:>6} {equivalent:>11}");
    }
    let sum = |of: fn(&(usize, usize, usize)) -> usize| made.values().map(of).sum::<usize>();
    println!("{:12} {:>6} {:>6} {:>11}", "together", sum(|m| m.2), sum(|m| m.0), sum(|m| m.1));
    for mutant in &survivors {
        let why = mutant.equivalent.as_deref().unwrap_or("NOT EXPLAINED");
        println!("survived: {} ({}): {why}", mutant.breaks, mutant.file);
    }
    if !mistakes.is_empty() {
        return Err(mistakes.join("\n"));
    }
    Ok(survivors.iter().all(|mutant| mutant.equivalent.is_some()))
}

/// A copy of the project with a build directory of its own.
struct Tree {
    root: PathBuf,
    build: PathBuf,
}

impl Tree {
    /// Copies what git knows or would know of, as it is now. A file that is the same already stays, so that it is not
    /// compiled again.
    fn copy() -> Result<Self, String> {
        let from = fs::canonicalize(root()).map_err(|error| error.to_string())?;
        let below = from.join("target/mutants");
        let tree = Self { root: below.join("tree"), build: below.join("build") };
        let listed = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(&from)
            .output()
            .map_err(|error| format!("git ls-files: {error}"))?;
        for name in String::from_utf8_lossy(&listed.stdout).split_terminator('\0') {
            let Ok(bytes) = fs::read(from.join(name)) else { continue };
            let to = tree.root.join(name);
            if fs::read(&to).is_ok_and(|old| old == bytes) {
                continue;
            }
            let made = to.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&to, bytes));
            made.map_err(|error| format!("{}: {error}", to.display()))?;
        }
        Ok(tree)
    }

    /// What comes of `work` with the mutant in the tree.
    fn with<T>(&self, mutant: &Mutant, work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
        let path = self.root.join("crates").join(&mutant.file);
        let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
        fs::write(&path, mutant.apply(&text)?).map_err(|error| error.to_string())?;
        let done = work().map_err(|mistake| format!("{} ({}): {mistake}", mutant.breaks, mutant.file));
        fs::write(&path, text).map_err(|error| error.to_string())?;
        done
    }

    /// The first test that fails: of the crate's own, of every case, of the laws on generated scenarios. What the
    /// evaluator does wrong the cases notice soonest.
    fn noticed_by(&self, krate: &str, suites: usize) -> Result<Option<String>, String> {
        let own = format!("bailiwick-{krate}");
        let suite = |name| vec!["test", "--no-run", "-p", "bailiwick-tests", "--test", name];
        // What is built, the tests of it that are run, and what the table calls them.
        let mut all = [
            (vec!["test", "--no-run", "-p", &own, "--lib", "--tests"], "", krate),
            (vec!["build", "-p", "bailiwick-tests", "--bin", "agreement"], "", "cases"),
            (suite("cases"), "", "answers"),
            (suite("it"), "laws::", "laws"),
            (suite("it"), "operands::", "operands"),
        ];
        if krate == "evaluator" {
            all.swap(0, 1);
        }
        for (args, tests, name) in all.into_iter().take(suites) {
            for (program, folder) in self.built(&args)? {
                if let Some(by) = failing(&program, tests, &folder)? {
                    return Ok(Some(format!("{name}: {by}")));
                }
            }
        }
        Ok(None)
    }

    /// Builds, and lists the programs that were built, each with the folder of its package.
    fn built(&self, args: &[&str]) -> Result<Vec<(PathBuf, PathBuf)>, String> {
        let output = Command::new("cargo")
            .args(args)
            .args(["--quiet", "--locked", "--message-format=json"])
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.build)
            // One profile for programs and tests, so that each crate is compiled once; and what builds quickest.
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_PROFILE_TEST_OPT_LEVEL", "0")
            // But the matcher is tried on all short texts, which takes minutes unless it is optimized.
            .args(["--config", "profile.dev.package.bailiwick-matcher.opt-level=1"])
            .args(["--config", "profile.test.package.bailiwick-matcher.opt-level=1"])
            .env("CARGO_INCREMENTAL", "1")
            .env("RUSTFLAGS", "--cap-lints=allow")
            .output()
            .map_err(|error| format!("cargo: {error}"))?;
        if !output.status.success() {
            return Err(format!("does not compile:\n{}", String::from_utf8_lossy(&output.stderr)));
        }
        let messages = String::from_utf8_lossy(&output.stdout);
        let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        // To build a package's tests is to build its programs too.
        let program = |message: Value| {
            let is_test = message.pointer("/profile/test")?.as_bool()?;
            if is_test != (args.first() == Some(&"test")) {
                return None;
            }
            let program = message.get("executable")?.as_str().map(PathBuf::from)?;
            let manifest = message.get("manifest_path")?.as_str().map(PathBuf::from)?;
            Some((program, manifest.parent()?.to_owned()))
        };
        Ok(messages.filter_map(program).collect())
    }
}

/// The first test of the program that fails, if one does, of those whose names hold `tests`.
fn failing(program: &Path, tests: &str, folder: &Path) -> Result<Option<String>, String> {
    let log = program.with_extension("log");
    let output = fs::File::create(&log).map_err(|error| error.to_string())?;
    let mut child = Command::new(program)
        .args(Some(tests).filter(|tests| !tests.is_empty()))
        .current_dir(folder)
        // A tenth of the generated inputs, which these programs try as slowly as they were built quickly.
        .env("BAILIWICK_LAWS_FEWER", "10")
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    let start = Instant::now();
    let end = |child: &mut Child| {
        child.kill().and_then(|()| child.wait()).map(|_| ()).map_err(|error| error.to_string())
    };
    loop {
        let ended = child.try_wait().map_err(|error| error.to_string())?;
        if ended.is_some_and(|status| status.success()) {
            return Ok(None);
        }
        // One failure is enough: the other tests need not come to their end.
        let told = fs::read_to_string(&log).unwrap_or_default();
        let failure = first_failure(&told);
        if failure.is_some() || start.elapsed() > PATIENCE {
            end(&mut child)?;
            return Ok(Some(failure.unwrap_or_else(|| "does not end".to_owned())));
        }
        if ended.is_some() {
            return Ok(Some("panics".to_owned()));
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// The name of the first test, or of the first case, that a log says failed.
fn first_failure(log: &str) -> Option<String> {
    let failed = log
        .lines()
        .find_map(|line| line.strip_suffix(" ... FAILED")?.strip_prefix("test "))
        .or_else(|| log.split_once("\nfailures:\n\n---- ")?.1.split_once(" ----").map(|(name, _)| name))
        .or_else(|| log.split_once("not as the case says:\n").and_then(|(_, cases)| cases.lines().next()));
    failed.map(str::to_owned)
}
