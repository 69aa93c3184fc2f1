//! Cases about documents: what `check` finds in one.

use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{files, topic_of};

/// A document and what is found in it: `codes`, all of them and no others, or `has` and `hasNot`, some of them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DocumentCase {
    /// The file below `cases/`, without extension: `checks/grammar`.
    #[serde(skip)]
    pub topic: String,
    /// States what is found; no other case of the file has it.
    pub name: String,
    /// Rule numbers, or the observation.
    pub source: String,
    /// The kind of policy, as `check --kind` takes it.
    pub kind: String,
    document: Option<Box<RawValue>>,
    text: Option<String>,
    /// The codes of all findings.
    pub codes: Option<Vec<String>>,
    /// Codes among those of the findings.
    pub has: Option<Vec<String>>,
    /// Codes that no finding has.
    pub has_not: Option<Vec<String>>,
}

impl DocumentCase {
    /// The document, as it is written.
    pub fn text(&self) -> &str {
        self.document.as_deref().map(RawValue::get).or(self.text.as_deref()).unwrap_or_default()
    }

    /// Whether findings with these codes are what the case says.
    pub fn fits(&self, found: &[&str]) -> bool {
        let has = |code: &String| found.contains(&code.as_str());
        match &self.codes {
            Some(codes) => {
                codes.iter().all(has) && found.iter().all(|code| codes.iter().any(|it| it == code))
            }
            None => self.has.iter().flatten().all(has) && !self.has_not.iter().flatten().any(has),
        }
    }

    /// What should be found, in words.
    pub fn expected(&self) -> String {
        match (&self.codes, &self.has, &self.has_not) {
            (Some(codes), ..) => format!("{codes:?}"),
            (None, Some(has), None) => format!("{has:?} and more"),
            (None, has, has_not) => {
                format!(
                    "{:?}, but none of {:?}",
                    has.as_deref().unwrap_or_default(),
                    has_not.as_deref().unwrap_or_default()
                )
            }
        }
    }

    /// Reads the cases of those topics that are wanted.
    ///
    /// # Errors
    ///
    /// One sentence per mistake, as of [`load`](super::load).
    pub fn load_of(folder: &Path, wants: impl Fn(&str) -> bool) -> Result<Vec<Self>, Vec<String>> {
        let mut mistakes = vec![];
        let mut cases: Vec<Self> = vec![];
        for file in files(&folder.join("checks"), &mut mistakes) {
            let topic = topic_of(folder, &file);
            if !wants(&topic) {
                continue;
            }
            let text = fs::read_to_string(&file).map_err(|error| error.to_string());
            let list = text
                .and_then(|text| serde_json::from_str::<Vec<Self>>(&text).map_err(|error| error.to_string()));
            match list {
                Ok(list) => cases.extend(list.into_iter().map(|case| Self { topic: topic.clone(), ..case })),
                Err(mistake) => mistakes.push(format!("{topic}: {mistake}")),
            }
        }
        let mut names = std::collections::BTreeSet::new();
        for case in &cases {
            let (topic, name) = (&case.topic, &case.name);
            if !names.insert((topic, name)) {
                mistakes.push(format!("{topic}: two cases are called \"{name}\""));
            }
            if case.source.is_empty() {
                mistakes.push(format!("{topic}: {name} has no source"));
            }
            if case.document.is_some() == case.text.is_some() {
                mistakes.push(format!("{topic}: {name} has to have either a document or a text"));
            }
            if case.codes.is_some() == (case.has.is_some() || case.has_not.is_some()) {
                mistakes.push(format!("{topic}: {name} has to have either `codes`, or `has` and `hasNot`"));
            }
        }
        if mistakes.is_empty() { Ok(cases) } else { Err(mistakes) }
    }
}
