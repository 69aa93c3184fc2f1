//! The documents of an environment by their text: each is parsed and compiled once, however many steps consult it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use bailiwick_evaluator::PolicyKind;
use bailiwick_source::Errors;
use bailiwick_source::json::Limits;

use crate::document::PolicySource;

/// The documents read so far. Copies of an environment share them, until one is [forked](Self::fork).
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources(Arc<Mutex<BTreeMap<PolicyKind, ByText>>>);

type ByText = BTreeMap<Arc<str>, Arc<PolicySource>>;

impl Sources {
    /// The document of this text, which was checked within the environment's limits or comes from an operation.
    pub(crate) fn get(&self, kind: PolicyKind, text: &str) -> Result<Arc<PolicySource>, Errors> {
        self.get_within(kind, text, &Limits::NONE)
    }

    /// The document of this text, parsed within `limits` if it was not read before.
    pub(crate) fn get_within(
        &self,
        kind: PolicyKind,
        text: &str,
        limits: &Limits,
    ) -> Result<Arc<PolicySource>, Errors> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_kind = known.entry(kind).or_default();
        if let Some(source) = of_kind.get(text) {
            return Ok(source.clone());
        }
        let source = Arc::new(PolicySource::parse(text, kind, limits)?);
        of_kind.insert(source.text().clone(), source.clone());
        Ok(source)
    }

    /// The same documents, to which others can be added without being kept here.
    pub(crate) fn fork(&self) -> Self {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Self(Arc::new(Mutex::new(known)))
    }
}
