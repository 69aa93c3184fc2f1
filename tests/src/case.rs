//! The case formats: one JSON file per topic under `cases/`, each a list of cases with a reason. `cases/README.md`
//! describes them for those who write one. Most are scenarios ([`Case`]); those under `cases/checks/` are about documents
//! ([`DocumentCase`]) and those under `cases/deliveries/` about deliveries ([`DeliveryCase`]).
//!
//! A case is a scenario of the program (`name`, `request`, `policies`, `expect`) whose name states the behaviour,
//! and two members more: `because` says why in a sentence, `source` names the rule (`C-5`) or the observation
//! (`observed kms: …`). `expect` is a decision, or `refused` for a scenario that is not one. `answer`, where it is
//! there, holds members of the answer that the explanation must have so (of a member that is an object, the members
//! that it must have).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::model;

mod delivery;
mod document;

pub use delivery::DeliveryCase;
pub use document::DocumentCase;

/// One case.
#[derive(Clone, Debug)]
pub struct Case {
    /// The file below `cases/`, without extension: `conditions/null`.
    pub topic: String,
    /// States the behaviour; no other case has it.
    pub name: String,
    /// Why the answer is this one.
    pub because: String,
    /// Rule numbers, or `observed FILE: ID`.
    pub source: String,
    /// `request` and `policies` of the scenario.
    pub members: Map<String, Value>,
    /// What the scenario comes to.
    pub expect: Expect,
    /// Members of the answer.
    pub answer: Map<String, Value>,
}

/// What a scenario comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// A decision.
    Decision(model::Decision),
    /// An error, nothing is decided.
    Refused,
}

impl Expect {
    /// As it is written in a case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Decision(model::Decision::Allowed) => "allowed",
            Self::Decision(model::Decision::ExplicitDeny) => "explicitDeny",
            Self::Decision(model::Decision::ImplicitDeny) => "implicitDeny",
            Self::Refused => "refused",
        }
    }

    fn read(text: &str) -> Option<Self> {
        Some(match text {
            "allowed" => Self::Decision(model::Decision::Allowed),
            "explicitDeny" => Self::Decision(model::Decision::ExplicitDeny),
            "implicitDeny" => Self::Decision(model::Decision::ImplicitDeny),
            "refused" => Self::Refused,
            _ => return None,
        })
    }
}

impl Case {
    /// The scenario as the program reads it.
    pub fn scenario(&self) -> Value {
        let mut scenario = self.members.clone();
        scenario.insert("name".to_owned(), self.name.clone().into());
        Value::Object(scenario)
    }

    /// The observation file that the case was rebuilt from, if it was.
    pub fn observation(&self) -> Option<&str> {
        self.source.strip_prefix("observed ").and_then(|rest| rest.split([':', ';', ' ']).next())
    }
}

/// Where the cases are.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases")
}

/// The file of a topic.
pub fn file_of(topic: &str) -> PathBuf {
    folder().join(topic).with_extension("json")
}

/// The line of a case in its file, from 1.
pub fn line_of(topic: &str, name: &str) -> Option<usize> {
    let text = fs::read_to_string(file_of(topic)).ok()?;
    let name = format!("\"name\": {}", Value::from(name));
    text.lines().position(|line| line.contains(&name)).map(|line| line + 1)
}

/// Reads every case, in the order of files and of cases in them.
///
/// # Errors
///
/// One sentence per mistake: a file that is not a list of cases, a member that is missing or unknown, a name that
/// another case has.
pub fn load(folder: &Path) -> Result<Vec<Case>, Vec<String>> {
    load_of(folder, |_| true)
}

/// Reads the cases of those topics that are wanted.
///
/// # Errors
///
/// As [`load`].
pub fn load_of(folder: &Path, wants: impl Fn(&str) -> bool) -> Result<Vec<Case>, Vec<String>> {
    let mut mistakes = vec![];
    let mut cases: Vec<Case> = vec![];
    for file in files(folder, &mut mistakes) {
        let topic = topic_of(folder, &file);
        if !wants(&topic) {
            continue;
        }
        let text = fs::read_to_string(&file).map_err(|error| error.to_string());
        match text.and_then(|text| model::parse(&text).map_err(|refused| refused.0)) {
            Ok(Value::Array(list)) => {
                for (at, case) in list.into_iter().enumerate() {
                    match read(&topic, case) {
                        Ok(case) => cases.push(case),
                        Err(mistake) => mistakes.push(format!("{topic}, case {at}: {mistake}")),
                    }
                }
            }
            Ok(_) => mistakes.push(format!("{topic}: not a list")),
            Err(mistake) => mistakes.push(format!("{topic}: {mistake}")),
        }
    }
    let mut named: BTreeMap<&str, &str> = BTreeMap::new();
    for case in &cases {
        if let Some(topic) = named.insert(&case.name, &case.topic) {
            mistakes.push(format!("{}: the name \"{}\" is used in {topic} too", case.topic, case.name));
        }
    }
    if mistakes.is_empty() { Ok(cases) } else { Err(mistakes) }
}

/// The path of a file below the folder of the cases, without extension and with `/` on every system.
fn topic_of(folder: &Path, file: &Path) -> String {
    let path = file.strip_prefix(folder).unwrap_or(file).with_extension("");
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

fn read(topic: &str, case: Value) -> Result<Case, String> {
    let Value::Object(mut members) = case else { return Err("not an object".to_owned()) };
    let mut text = |name: &str| match members.remove(name) {
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(text),
        _ => Err(format!("{name} is missing or no text")),
    };
    let (name, because, source, expect) = (text("name")?, text("because")?, text("source")?, text("expect")?);
    let expect = Expect::read(&expect).ok_or_else(|| format!("expect \"{expect}\""))?;
    let answer = match members.remove("answer") {
        None => Map::new(),
        Some(Value::Object(answer)) => answer,
        Some(_) => return Err("answer is no object".to_owned()),
    };
    if let Some(unknown) = members.keys().find(|name| !["request", "policies"].contains(&name.as_str())) {
        return Err(format!("unknown member {unknown}"));
    }
    if !members.contains_key("request") || !members.contains_key("policies") {
        return Err("no request or no policies".to_owned());
    }
    Ok(Case { topic: topic.to_owned(), name, because, source, members, expect, answer })
}

fn files(folder: &Path, mistakes: &mut Vec<String>) -> Vec<PathBuf> {
    let mut found = vec![];
    match fs::read_dir(folder) {
        Ok(entries) => {
            for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
                if path.ends_with("checks") || path.ends_with("deliveries") {
                    continue;
                } else if path.is_dir() {
                    found.extend(files(&path, mistakes));
                } else if path.extension().is_some_and(|extension| extension == "json") {
                    found.push(path);
                }
            }
        }
        Err(error) => mistakes.push(format!("{}: {error}", folder.display())),
    }
    found.sort();
    found
}
