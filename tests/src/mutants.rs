//! Mutants as data: places of matcher, normalizer and evaluator that are broken one at a time, so that it is seen
//! whether the suites notice. The program `mutants` breaks them.
//!
//! One JSON file per crate under `mutants/`, each a list of `{"file", "before", "after", "breaks"}`: `before` is a text
//! that stands in the file (below `crates/`) exactly once, `breaks` says what no longer holds with `after` in its place.
//! A mutant that no suite can notice says in `equivalent` why its answers are the same.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// One place to break.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mutant {
    /// The file, below `crates/`.
    pub file: String,
    /// What stands there, once.
    pub before: String,
    /// What is put in its place.
    pub after: String,
    /// What no longer holds then.
    pub breaks: String,
    /// Why no answer changes, for a mutant that cannot be noticed.
    pub equivalent: Option<String>,
}

impl Mutant {
    /// The crate it is in, which is the folder's name.
    pub fn krate(&self) -> &str {
        self.file.split('/').next().unwrap_or_default()
    }

    /// The text of the file with this mutant in it.
    ///
    /// # Errors
    ///
    /// One sentence when `before` is not found, or found more than once, or changes nothing.
    pub fn apply(&self, text: &str) -> Result<String, String> {
        let found = text.matches(&self.before).count();
        if found != 1 {
            return Err(format!("{} ({}): found {found} times", self.breaks, self.file));
        }
        if self.before == self.after {
            return Err(format!("{} ({}): changes nothing", self.breaks, self.file));
        }
        Ok(text.replacen(&self.before, &self.after, 1))
    }
}

/// The project's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Reads every mutant, crate by crate.
///
/// # Errors
///
/// One sentence per mistake: a file that is not such a list, a text that is not found once in its file.
pub fn load() -> Result<Vec<Mutant>, Vec<String>> {
    let mut mutants: Vec<Mutant> = vec![];
    let mut mistakes = vec![];
    for name in ["matcher", "normalizer", "evaluator"] {
        let path = root().join("tests/mutants").join(name).with_extension("json");
        let read = fs::read_to_string(&path).map_err(|error| error.to_string());
        match read.and_then(|text| serde_json::from_str(&text).map_err(|error| error.to_string())) {
            Ok(list) => mutants.extend::<Vec<Mutant>>(list),
            Err(error) => mistakes.push(format!("{}: {error}", path.display())),
        }
    }
    for mutant in &mutants {
        let text = fs::read_to_string(root().join("crates").join(&mutant.file));
        let applied = text.map_err(|error| format!("{}: {error}", mutant.file));
        mistakes.extend(applied.and_then(|text| mutant.apply(&text)).err());
    }
    if mistakes.is_empty() { Ok(mutants) } else { Err(mistakes) }
}
