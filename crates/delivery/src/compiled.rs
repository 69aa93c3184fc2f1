//! Documents compiled once for an environment and all its copies: many calls consult the same ones.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use bailiwick_evaluator::PolicyKind;
use bailiwick_scenario::{Document, read};
use bailiwick_source::Errors;
use bailiwick_source::json::Limits;

/// So many versions of one document are kept: looking for a fix tries changes of it in turn.
const MOST_VERSIONS: usize = 4;

/// The documents compiled so far, by kind and name, each with its text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Compiled(Arc<Mutex<Versions>>);

type Versions = BTreeMap<(PolicyKind, String), Vec<(Arc<str>, Document)>>;

impl Compiled {
    /// The document of this name and text.
    pub(crate) fn get(&self, kind: PolicyKind, name: &str, text: &Arc<str>) -> Result<Document, Errors> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let versions = known.entry((kind, name.to_owned())).or_default();
        if let Some((_, document)) =
            versions.iter().find(|(known, _)| Arc::ptr_eq(known, text) || known == text)
        {
            return Ok(document.clone());
        }
        // The limits were held to when the environment was read.
        let document = read::document(text, kind, &Limits::NONE)?.with_name(name);
        if versions.len() == MOST_VERSIONS {
            versions.remove(0);
        }
        versions.push((text.clone(), document.clone()));
        Ok(document)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_text_is_another_document_and_one_with_mistakes_is_none() {
        let compiled = Compiled::default();
        let get = |text: &str| compiled.get(PolicyKind::Identity, "p", &text.into());
        for text in [r#"{"Statement": []}"#, r#"{"Statement":[]}"#, r#"{"Statement": []}"#] {
            assert!(get(text).is_ok());
        }
        assert!(get(r#"{"Statement": 1}"#).is_err());
        let texts = compiled.0.lock().unwrap().values().map(Vec::len).sum::<usize>();
        assert_eq!(texts, 2);
    }
}
