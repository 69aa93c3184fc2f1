//! The simulator: steps in, answer out.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick_evaluator::Decision;

use crate::answer::{Answer, LimitWarning, StepAnswer, StepResult, Verdict};
use crate::evaluate::{self, context_json};
use crate::operation::{self, Outcome};
use crate::step::{Call, Check, ContextValue, Phase, Requirement, Step};
use crate::why;
use bailiwick_environment::Environment;
use bailiwick_environment::{Document, DocumentKind};
use bailiwick_store::limits;

/// What is known besides the steps: settings for requirements, and what is worth saying.
#[derive(Clone, Debug, Default)]
pub(crate) struct Around {
    pub(crate) name: Option<String>,
    pub(crate) facts: Vec<(String, String)>,
    pub(crate) notes: Vec<String>,
    /// What was taken to be so while the steps were made.
    pub(crate) assumed: Vec<String>,
    /// What was to be collected for this delivery and was not: without it nothing is certain to succeed.
    pub(crate) uncollected: Vec<String>,
}

/// Runs the steps over an environment, without looking for fixes.
pub(crate) fn run(steps: &[Step], environment: &Environment, around: &Around) -> Answer {
    let mut runner = Runner {
        environment: environment.clone(),
        around,
        assumptions: around.assumed.iter().cloned().collect(),
        documents: BTreeMap::new(),
    };
    let mut answers = Vec::with_capacity(steps.len());
    let mut unsettled = Vec::new();
    for (place, step) in steps.iter().enumerate() {
        let (answer, hangs_on) = runner.step(place + 1, step);
        if answer.result == StepResult::Uncertain && !step.optional {
            unsettled.extend(hangs_on);
        }
        answers.push(answer);
    }
    unsettled.extend(around.uncollected.iter().cloned());
    unsettled.sort();
    unsettled.dedup();
    let first =
        |result| answers.iter().find(|answer: &&StepAnswer| answer.result == result && !answer.optional);
    let (verdict, fails_at_step, summary) = match (first(StepResult::Fails), first(StepResult::Uncertain)) {
        (Some(step), _) => (Verdict::Fails, Some(step.step), step.why.clone()),
        (None, Some(step)) => (
            Verdict::Uncertain,
            None,
            format!("it hangs on this: {}", unsettled.first().unwrap_or(&step.why)),
        ),
        (None, None) if !around.uncollected.is_empty() => (
            Verdict::Uncertain,
            None,
            format!("it hangs on this: {}", unsettled.first().map(String::as_str).unwrap_or_default()),
        ),
        (None, None) => (Verdict::Succeeds, None, summary_of_success(&answers)),
    };
    Answer {
        name: around.name.clone(),
        verdict,
        summary,
        fails_at_step,
        steps: answers,
        fixes: Vec::new(),
        unsettled,
        limits: runner.limits(),
        assumptions: runner.assumptions.into_iter().collect(),
        notes: around.notes.clone(),
    }
}

fn summary_of_success(steps: &[StepAnswer]) -> String {
    let noise = steps.iter().filter(|step| step.result != StepResult::Passes).count();
    match (steps.len().saturating_sub(noise), noise) {
        (1, 0) => "the one check passes".to_owned(),
        (count, 0) => format!("all {count} checks pass"),
        (count, 1) => format!("all {count} checks that must pass do; one more, which may fail, does not"),
        (count, noise) => {
            format!("all {count} checks that must pass do; {noise} more, which may fail, do not")
        }
    }
}

struct Runner<'r> {
    environment: Environment,
    around: &'r Around,
    assumptions: BTreeSet<String>,
    /// The documents consulted so far.
    documents: BTreeMap<bailiwick_environment::DocumentId, Document>,
}

impl Runner<'_> {
    /// The answer to a step, and the facts it hangs on.
    fn step(&mut self, number: usize, step: &Step) -> (StepAnswer, Vec<String>) {
        let mut answer = StepAnswer {
            step: number,
            phase: step.phase.as_str(),
            name: step.name.clone(),
            principal: None,
            action: None,
            resource: None,
            context: BTreeMap::new(),
            policies: Vec::new(),
            documents: Vec::new(),
            observed: None,
            required: None,
            result: StepResult::Passes,
            why: String::new(),
            error: None,
            optional: step.optional,
            answer: None,
        };
        let hangs_on = match &step.check {
            Check::Call(call) => self.call(&mut answer, call),
            Check::Requirement(requirement) => self.requirement(&mut answer, requirement),
            Check::Operation(operation) => {
                match operation::perform(&mut self.environment, operation) {
                    Outcome::Done => answer.why = format!("{} is accepted", operation.name),
                    Outcome::Refused(error) => {
                        answer.result = StepResult::Fails;
                        answer.why = format!("{} is refused: {error}", operation.name);
                        answer.error = Some(error.to_string());
                    }
                    Outcome::Unusable(why) => {
                        answer.result = StepResult::Uncertain;
                        answer.why.clone_from(&why);
                        return (answer, vec![why]);
                    }
                }
                Vec::new()
            }
        };
        if answer.result != StepResult::Passes && answer.error.is_none() {
            answer.error.clone_from(&step.error);
        }
        (answer, hangs_on)
    }

    fn call(&mut self, answer: &mut StepAnswer, call: &Call) -> Vec<String> {
        answer.principal = Some(call.caller.to_string());
        answer.action = Some(call.action.clone());
        answer.resource = Some(call.resource.clone());
        let shown = |context: &[(String, ContextValue)]| {
            context.iter().map(|(key, value)| (key.clone(), context_json(value))).collect()
        };
        answer.context = shown(&call.context);
        let decided = match evaluate::decide(&self.environment, call) {
            Ok(decided) => decided,
            Err(errors) => {
                let mistakes: Vec<String> = errors.iter().map(|error| error.message.clone()).collect();
                answer.result = StepResult::Uncertain;
                answer.why = format!("the call cannot be evaluated: {}", mistakes.join("; "));
                return vec![answer.why.clone()];
            }
        };
        // A value that is only tried is nothing the call is known to carry.
        let mut known = decided.call.context.clone();
        known.retain(|(key, _)| !decided.is_untold(key));
        answer.context = shown(&known);
        answer.why = why::of_call(&decided);
        answer.result = match (decided.decision, decided.hangs_on.is_empty()) {
            (_, false) => StepResult::Uncertain,
            (Decision::Allowed, true) => StepResult::Passes,
            (_, true) => StepResult::Fails,
        };
        if let (StepResult::Uncertain, Some(fact)) = (answer.result, decided.hangs_on.first()) {
            answer.why = format!("{}, but it hangs on this: {fact}", answer.why);
        }
        answer.policies = decided.found.documents.iter().map(|document| document.id.to_string()).collect();
        let labels = evaluate::labels(&decided.found.documents);
        answer.documents = labels.into_iter().zip(decided.found.documents.iter().cloned()).collect();
        answer.answer = Some(decided.answer);
        self.assumptions.extend(decided.found.assumed);
        for document in decided.found.documents {
            self.documents.insert(document.id.clone(), document);
        }
        decided.hangs_on
    }

    fn requirement(&mut self, answer: &mut StepAnswer, requirement: &Requirement) -> Vec<String> {
        answer.observed.clone_from(&requirement.observed);
        answer.required = Some(requirement.must.to_string());
        let holds = match (&requirement.observed, &requirement.assume) {
            (Some(observed), _) => requirement.must.holds(observed, &self.around.facts),
            (None, Some(assumed)) => {
                let rule = &requirement.rule;
                self.assumptions.insert(if assumed == "true" {
                    rule.clone()
                } else {
                    format!("{rule}: {assumed}")
                });
                true
            }
            (None, None) => {
                answer.result = StepResult::Uncertain;
                answer.why = why::of_requirement(requirement, false);
                let look_up = requirement.look_up.as_ref().map(|how| format!(" ({how})")).unwrap_or_default();
                return vec![format!("{}{look_up}", requirement.rule)];
            }
        };
        answer.why = why::of_requirement(requirement, holds);
        match (&requirement.doubt, holds) {
            (_, true) => Vec::new(),
            (Some(doubt), false) => {
                answer.result = StepResult::Uncertain;
                vec![doubt.clone()]
            }
            (None, false) => {
                answer.result = StepResult::Fails;
                Vec::new()
            }
        }
    }

    /// Documents and counts at nine tenths of their limits or above.
    fn limits(&self) -> Vec<LimitWarning> {
        let mut warnings = Vec::new();
        let mut warn = |what: String, used: usize, limit: usize, unit: &'static str| {
            if used.saturating_mul(10) >= limit.saturating_mul(9) {
                warnings.push(LimitWarning { what, used, limit, unit });
            }
        };
        let mut counted = BTreeSet::new();
        for (id, document) in &self.documents {
            if let Some((limit, unit)) = id.kind.limit() {
                warn(format!("the {id}"), unit.measure(document.text()), limit, unit.as_str());
            }
            let place = (id.account.clone(), id.region.clone());
            let logs = self.environment.logs(&id.account, &id.region);
            let xray = self.environment.xray(&id.account, &id.region);
            match (id.kind, logs, xray) {
                (DocumentKind::LogsAccount, Some(logs), _) if counted.insert(("logs", place.clone())) => {
                    let count = logs.account_policy_count();
                    let what = format!("resource policies of account {} in {}", id.account, id.region);
                    warn(what, count, limits::ACCOUNT_RESOURCE_POLICIES, "policies");
                }
                (DocumentKind::Xray, _, Some(xray)) if counted.insert(("xray", place)) => {
                    let count = xray.policies().count();
                    let what = format!("X-Ray resource policies of account {} in {}", id.account, id.region);
                    warn(what, count, limits::XRAY_POLICIES, "policies");
                }
                _ => {}
            }
        }
        warnings
    }
}

/// The phase of a whole delivery, where each of its steps has the same.
#[must_use]
pub(crate) fn phase_of(text: &str) -> Option<Phase> {
    [Phase::Setup, Phase::Delivery].into_iter().find(|phase| phase.as_str() == text)
}
