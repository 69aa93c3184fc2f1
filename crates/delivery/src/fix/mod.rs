//! Fixes: the smallest changes of policies that make a delivery succeed, each tried before it is offered.
//!
//! A failing call gets its candidates, smallest first: a value more in the one element that does not match, a
//! statement of its own, a document of its own. A candidate stands when the call passes with it and when nothing
//! beyond the delivery passes that did not before: another source account, another source ARN, another service.
//! Then the whole delivery is run again, until no call fails that a policy could let through. A fix is verified only if
//! that last run succeeds, requirements and unresolved facts included; otherwise the fix is partial and names the rest.

mod beyond;
mod candidates;
mod command;
mod edit;
mod need;
mod statement;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use command::quote;
pub use statement::{OneOrMany, Principal, Statement};

use bailiwick_evaluator::Decision;

use crate::answer::{Answer, Beyond, Fix, StepAnswer, StepResult, Verdict};
use crate::evaluate;
use crate::simulate::{self, Around};
use crate::step::{Call, Check, Step};
use bailiwick_environment::DocumentId;
use bailiwick_environment::Environment;
use candidates::Edit;

/// More changes than this are no fix any more.
const MOST_EDITS: usize = 24;

/// Where the documents, read once for each step, are longer than this together, no fix is looked for: it would
/// take minutes.
const MOST_BYTES: usize = 64 << 20;

/// What has been done to one document.
#[derive(Clone, Debug, Default)]
struct Draft {
    words: Vec<String>,
    /// The places of statements that were changed or added.
    statements: BTreeSet<usize>,
    /// The places of statements that were added.
    new: Vec<usize>,
    beyond: Vec<Beyond>,
}

/// Finds the fixes of a delivery that fails.
pub(crate) fn find(steps: &[Step], environment: &Environment, around: &Around, answer: &Answer) -> Vec<Fix> {
    if answer.verdict == Verdict::Succeeds {
        return Vec::new();
    }
    let bytes =
        answer.steps.iter().flat_map(|step| &step.documents).map(|(_, document)| document.text().len());
    if bytes.fold(0, usize::saturating_add).saturating_mul(answer.steps.len()) > MOST_BYTES {
        return Vec::new();
    }
    let mut fixed = environment.fork();
    let mut drafts: BTreeMap<DocumentId, Draft> = BTreeMap::new();
    let mut last = answer.clone();
    let mut mended: Vec<&Call> = Vec::new();
    for _ in 0..MOST_EDITS {
        let mut calls = failing_calls(steps, &last).into_iter();
        let Some((call, (edit, next, tried))) = calls.find_map(|call| Some((call, mend(&fixed, call)?)))
        else {
            break;
        };
        mended.push(call);
        fixed = next;
        let draft = drafts.entry(edit.id).or_default();
        // What is added to a statement that is new itself goes without saying.
        let grows = !edit.is_new && draft.new.contains(&edit.statement);
        if !grows && !draft.words.contains(&edit.words) {
            draft.words.push(edit.words);
        }
        if edit.is_new {
            draft.new.push(edit.statement);
        }
        draft.statements.insert(edit.statement);
        for beyond in tried {
            if !draft.beyond.iter().any(|known| known.with == beyond.with) {
                draft.beyond.push(beyond);
            }
        }
        last = simulate::run(steps, &fixed, around);
    }
    // What was changed must hold whatever is unknown.
    let passes = |step: &Step, answer: &StepAnswer| match &step.check {
        Check::Call(call) if mended.iter().any(|mended| std::ptr::eq(*mended, call)) => {
            answer.result == StepResult::Passes
        }
        _ => true,
    };
    let calls_pass = failing_calls(steps, &last).is_empty()
        && steps.iter().zip(&last.steps).all(|(step, answer)| passes(step, answer));
    if answer.verdict == Verdict::Uncertain && !calls_pass {
        return Vec::new();
    }
    let outcome = FixOutcome {
        verified: calls_pass && last.verdict == Verdict::Succeeds,
        fixed_steps: fixed_steps(answer, &last),
        leaves: leaves(&last),
    };
    drafts.into_iter().filter_map(|(id, draft)| fix(environment, &fixed, &id, draft, &outcome)).collect()
}

/// What the delivery comes to with all fixes in place.
struct FixOutcome {
    verified: bool,
    fixed_steps: Vec<usize>,
    leaves: Vec<String>,
}

/// The numbers of the steps that do not pass as things are, and pass with the fixes in place.
fn fixed_steps(before: &Answer, after: &Answer) -> Vec<usize> {
    let steps = before.steps.iter().zip(&after.steps);
    let fixed = steps
        .filter(|(before, after)| before.result != StepResult::Passes && after.result == StepResult::Passes);
    fixed.map(|(_, after)| after.step).collect()
}

/// What still keeps the delivery from a certain success: the steps that do not pass, then the facts that are unresolved.
pub(crate) fn leaves(answer: &Answer) -> Vec<String> {
    if answer.verdict == Verdict::Succeeds {
        return Vec::new();
    }
    let failing = answer.steps.iter().filter(|step| !step.optional && step.result == StepResult::Fails);
    let mut left: Vec<String> =
        failing.map(|step| format!("step {} ({}) fails: {}", step.step, step.name, step.why)).collect();
    left.extend(answer.unsettled.iter().map(|fact| format!("unresolved: {fact}")));
    left
}

/// The calls that a change may mend: those that are denied, for certain or as far as is known.
fn failing_calls<'s>(steps: &'s [Step], answer: &Answer) -> Vec<&'s Call> {
    let is_denied =
        |answer: &StepAnswer| answer.answer.as_ref().is_some_and(|answer| !answer.decision.is_allowed());
    steps
        .iter()
        .zip(&answer.steps)
        .filter_map(|(step, answer)| match (&step.check, answer.result) {
            (Check::Call(call), StepResult::Fails) if !step.optional => Some(call),
            (Check::Call(call), StepResult::Uncertain) if !step.optional && is_denied(answer) => Some(call),
            _ => None,
        })
        .collect()
}

/// The first candidate that helps and grants nothing beyond. Where a limit stood in the way of earlier ones, its
/// words say so.
fn mend(environment: &Environment, call: &Call) -> Option<(Edit, Environment, Vec<Beyond>)> {
    let decided = evaluate::decide(environment, call).ok()?;
    if !decided.found.not_collected.is_empty() || !decided.found.resource_side_not_collected.is_empty() {
        // What nobody looked up may allow already.
        return None;
    }
    let blocked = decided.answer.blocked_by.len();
    let mut limits: Vec<String> = Vec::new();
    for mut edit in candidates::of_call(&decided) {
        let mut changed = environment.clone();
        if let Err(limit) = changed.put_document(&edit.id, &edit.after) {
            if !limits.contains(&limit) {
                limits.push(limit);
            }
            continue;
        }
        let after = evaluate::decide(&changed, call).ok()?;
        // Two sides may have to be mended, one after the other; and a Deny may hide that nothing allows.
        let helps = (after.decision.is_allowed() && after.hangs_on.is_empty())
            || after.answer.blocked_by.len() < blocked
            || (decided.decision == Decision::ExplicitDeny && after.decision != decided.decision);
        let tried = beyond::of_call(environment, &changed, call);
        if helps && beyond::grants_nothing(&tried) {
            if !limits.is_empty() {
                edit.words = format!("{}, because {}", edit.words, limits.join(", and "));
            }
            return Some((edit, changed, tried));
        }
    }
    None
}

fn fix(
    before: &Environment,
    after: &Environment,
    id: &DocumentId,
    draft: Draft,
    outcome: &FixOutcome,
) -> Option<Fix> {
    let document = after.document(id)?;
    let changed = draft.statements.iter().filter_map(|place| document.statement(*place));
    let statements: Vec<Statement> = changed.map(Statement::from).collect();
    let statement = statements.first()?.clone();
    let command = command::put(before, id, document.text(), &statements);
    let mut leaves = outcome.leaves.clone();
    let granting = draft.beyond.iter().filter(|beyond| beyond::is_granted(beyond));
    leaves
        .extend(granting.map(|beyond| format!("the change also allows the same call with {}", beyond.with)));
    Some(Fix {
        id: id.clone(),
        document: id.to_string(),
        change: draft.words.join("; "),
        statement,
        statements,
        verified: outcome.verified && leaves.is_empty(),
        fixed_steps: outcome.fixed_steps.clone(),
        leaves,
        before: before.document(id).map(|document| document.text().to_owned()),
        after: document.text().to_owned(),
        command,
        wider: None,
        beyond: draft.beyond,
    })
}
