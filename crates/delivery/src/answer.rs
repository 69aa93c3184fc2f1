//! The answer: verdict, steps, the first failure in one sentence, fixes. It serializes to the document that
//! `bailiwick deliver` prints.

use std::collections::BTreeMap;

use bailiwick_evaluator::Decision;
use serde::Serialize;

use bailiwick_environment::Document;

/// Would the delivery succeed?
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// Every check passes.
    Succeeds,
    /// A check fails for certain.
    Fails,
    /// No check fails for certain, and some cannot be decided.
    Uncertain,
}

/// What became of one check.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum StepResult {
    /// It passes.
    Passes,
    /// It fails.
    Fails,
    /// It hangs on a fact that is not known.
    Uncertain,
}

/// The answer to a delivery.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// The delivery's name, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Would it succeed?
    pub verdict: Verdict,
    /// The first failure, or what the answer hangs on, or that all is well, in one sentence.
    pub summary: String,
    /// The number of the first step that fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fails_at_step: Option<usize>,
    /// The checks in order.
    pub steps: Vec<StepAnswer>,
    /// Changes of policies that let calls of the delivery through, tried together: verified if the whole delivery
    /// succeeds with them, else partial.
    pub fixes: Vec<Fix>,
    /// What the answer hangs on, when it is uncertain.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unsettled: Vec<String>,
    /// Limits that are nearly met.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<LimitWarning>,
    /// What was taken to be so because nobody looked it up.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assumptions: Vec<String>,
    /// What else is worth knowing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// One check and what became of it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepAnswer {
    /// Its number, from 1.
    pub step: usize,
    /// `setup` or `delivery`.
    pub phase: &'static str,
    /// What it is about.
    pub name: String,
    /// Who calls: a service name, an ARN or an account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
    /// The action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// The resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// The context the caller sends.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub context: BTreeMap<String, serde_json::Value>,
    /// The documents that were consulted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<String>,
    /// The documents that were consulted with their texts, under the names `answer` gives them.
    #[serde(skip)]
    pub documents: Vec<(String, Document)>,
    /// Of a requirement, what is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed: Option<String>,
    /// Of a requirement, what must be so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<String>,
    /// What became of it.
    pub result: StepResult,
    /// Why, in one sentence.
    pub why: String,
    /// What AWS answers, or where the failure shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Whether a failure is noise only.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// The decision with its reasons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<bailiwick_evaluator::Answer>,
}

/// A change of one document that lets calls of the delivery through. All fixes of an answer were tried together.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fix {
    /// The identity of the document to change.
    #[serde(skip)]
    pub id: bailiwick_environment::DocumentId,
    /// Which document to change, in words.
    pub document: String,
    /// The change in words.
    pub change: String,
    /// The first statement that changes, as it must read; what is sent is the whole document in `after`.
    pub statement: crate::fix::Statement,
    /// All statements that change or are added, as they must read, in the order of the document.
    pub statements: Vec<crate::fix::Statement>,
    /// Whether the whole delivery, requirements and unresolved facts included, was simulated again with all fixes in
    /// place and succeeds, and nothing beyond it is allowed that was not before.
    pub verified: bool,
    /// The numbers of the steps that do not pass as things are, and pass with all fixes in place.
    pub fixed_steps: Vec<usize>,
    /// What still keeps the delivery from succeeding with all fixes in place; empty if the fix is verified.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub leaves: Vec<String>,
    /// The document as it is; absent when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The document as it must be.
    pub after: String,
    /// The AWS CLI command that puts it.
    pub command: String,
    /// Whether the change grants more than the delivery needs, and what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wider: Option<String>,
    /// Calls beyond the delivery that were tried with the fix in place, and their decisions.
    pub beyond: Vec<Beyond>,
}

/// A call that the fix must not allow.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Beyond {
    /// What differs from the delivery's own call.
    pub with: String,
    /// The decision with the fix in place.
    pub decision: Decision,
    /// Whether the call was allowed before the fix, too.
    pub allowed_before: bool,
}

/// A document or a count close to its limit.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LimitWarning {
    /// What is limited.
    pub what: String,
    /// How much of it there is.
    pub used: usize,
    /// How much there may be.
    pub limit: usize,
    /// The unit.
    pub unit: &'static str,
}

impl Answer {
    /// The first step that fails for certain.
    #[must_use]
    pub fn first_failure(&self) -> Option<&StepAnswer> {
        self.steps.iter().find(|step| Some(step.step) == self.fails_at_step)
    }
}
