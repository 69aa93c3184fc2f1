//! The answer to a delivery for people: the verdict, the steps, the first failure in full, the fixes.

use std::fmt::Display;

use anstyle::Style;
use bailiwick_delivery::{Answer, Fix, StepAnswer, StepResult, Verdict};
use bailiwick_evaluator::answer::{ElementKind, Miss};

use crate::render::miss::missed;
use crate::screen::{Screen, Short};
use crate::styles::Styles;
use crate::terminal::Terminal;

/// The whole answer.
pub(crate) fn human(answer: &Answer, terminal: &Terminal) -> Screen {
    let mut page = Page { screen: terminal.screen() };
    page.verdict(answer);
    page.steps(answer);
    for fix in &answer.fixes {
        page.fix(fix);
    }
    page.list("unresolved", &answer.unsettled);
    let limits = answer.limits.iter();
    let limits =
        limits.map(|limit| format!("{}: {} of {} {}", limit.what, limit.used, limit.limit, limit.unit));
    page.list("close to a limit", &limits.collect::<Vec<_>>());
    page.list("assumptions", &answer.assumptions);
    page.list("notes", &answer.notes);
    page.screen
}

struct Page {
    screen: Screen,
}

impl Page {
    fn line(&mut self, text: impl Display) {
        self.screen.line(text);
    }

    fn list(&mut self, heading: &str, entries: &[String]) {
        if entries.is_empty() {
            return;
        }
        self.screen.heading(heading);
        for entry in entries {
            self.line(format!("  {entry}"));
        }
    }

    fn verdict(&mut self, answer: &Answer) {
        let Styles { good, bad, unsure, .. } = self.screen.styles;
        let (style, word) = match answer.verdict {
            Verdict::Succeeds => (good, "would succeed"),
            Verdict::Fails => (bad, "would fail"),
            Verdict::Uncertain => (unsure, "uncertain"),
        };
        let name = answer.name.as_deref().map(|name| format!("  {}", Short(name))).unwrap_or_default();
        self.screen.styled(style, word).line(name);
        self.line("");
        self.line(sentence(&answer.summary));
    }

    fn steps(&mut self, answer: &Answer) {
        if answer.steps.is_empty() {
            return;
        }
        self.screen.heading("steps");
        let first = answer.first_failure().map(|step| step.step);
        for step in &answer.steps {
            let (style, mark) = self.mark(step);
            let number = step.step;
            let optional = if step.optional { " (optional)" } else { "" };
            self.screen.put("  ").styled(style, mark).line(format!(" {number:>2}  {}{optional}", step.name));
            match step.result {
                StepResult::Fails if Some(number) == first => self.details(step),
                StepResult::Fails | StepResult::Uncertain => self.line(format!("        {}", step.why)),
                StepResult::Passes => self.call(step),
            }
        }
    }

    fn mark(&self, step: &StepAnswer) -> (Style, &'static str) {
        let Styles { good, bad, unsure, faint, .. } = self.screen.styles;
        match step.result {
            StepResult::Passes => (good, "✓"),
            StepResult::Fails if step.optional => (faint, "✗"),
            StepResult::Fails => (bad, "✗"),
            StepResult::Uncertain => (unsure, "?"),
        }
    }

    /// The call of a step that passes, in one line.
    fn call(&mut self, step: &StepAnswer) {
        if let (Some(principal), Some(action)) = (&step.principal, &step.action) {
            let faint = self.screen.styles.faint;
            let call = format!("{} as {}", Short(action), Short(principal));
            self.screen.put("        ").styled(faint, call).end();
        }
    }

    /// Everything about the step at which the delivery fails.
    fn details(&mut self, step: &StepAnswer) {
        let mut member = |name: &str, value: &str| {
            self.screen.line(format!("        {name:<10} {value}"));
        };
        for (name, value) in [
            ("principal", &step.principal),
            ("action", &step.action),
            ("resource", &step.resource),
            ("required", &step.required),
            ("observed", &step.observed),
        ] {
            if let Some(value) = value {
                member(name, &Short(value).to_string());
            }
        }
        for (at, (key, value)) in step.context.iter().enumerate() {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            member(if at == 0 { "context" } else { "" }, &format!("{key} = {}", Short(&value)));
        }
        for (at, policy) in step.policies.iter().enumerate() {
            member(if at == 0 { "consulted" } else { "" }, policy);
        }
        if let Some(error) = &step.error {
            member("AWS says", error);
        }
        let misses = step.answer.iter().flat_map(|answer| &answer.near_misses);
        for miss in misses.filter(|miss| miss.first.failed != ElementKind::Action) {
            self.near_miss(miss, step.action.as_deref().unwrap_or_default());
        }
    }

    fn near_miss(&mut self, miss: &Miss, action: &str) {
        let statement = &miss.statement;
        let sid = statement.sid.as_deref().map(|sid| format!(" ({})", Short(sid))).unwrap_or_default();
        let number = statement.statement + 1;
        self.line(format!("        nearly allowed by statement {number}{sid} of {}", statement.policy));
        for element in std::iter::once(&miss.first).chain(&miss.also_failed) {
            missed(element, action, 10, &mut self.screen);
        }
    }

    fn fix(&mut self, fix: &Fix) {
        let heading = if fix.verified {
            "verified fix (simulated again: the delivery succeeds)".to_owned()
        } else {
            format!("partial fix (simulated again: {})", partly(&fix.fixed_steps))
        };
        self.screen.heading(&heading);
        self.line(format!("  document  {}", fix.document));
        self.line(format!("  change    {}", fix.change));
        if let Some(wider) = &fix.wider {
            self.line(format!("  wider     {wider}"));
        }
        for beyond in &fix.beyond {
            let before = if beyond.allowed_before { ", as before" } else { "" };
            self.line(format!("  beyond    the same call with {}: {}{before}", beyond.with, beyond.decision));
        }
        for (at, left) in fix.leaves.iter().enumerate() {
            self.line(format!("  {:<9} {left}", if at == 0 { "leaves" } else { "" }));
        }
        let good = self.screen.styles.good;
        for statement in &fix.statements {
            // A statement has string keys, so it can be written.
            let statement = serde_json::to_string_pretty(statement).unwrap_or_default();
            self.line("");
            self.screen.lines(good, "  ", &statement);
        }
        self.line("");
        self.screen.whole_line(format!("  $ {}", fix.command));
    }
}

/// What a partial fix achieves.
fn partly(fixed_steps: &[usize]) -> String {
    let numbers: Vec<String> = fixed_steps.iter().map(ToString::to_string).collect();
    match numbers.as_slice() {
        [] => "the delivery does not succeed yet".to_owned(),
        [one] => format!("step {one} passes, the delivery does not succeed yet"),
        [init @ .., last] => {
            format!("steps {} and {last} pass, the delivery does not succeed yet", init.join(", "))
        }
    }
}

/// A text as a sentence.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    // A name keeps its letters.
    let begins_with_name = text.split(' ').next().is_some_and(|word| word.contains(['.', ':']));
    let first = if begins_with_name { text.chars().take(1).collect() } else { first };
    format!("{first}{}.", characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_begins_with_a_capital_unless_with_a_name() {
        assert_eq!(sentence("every step passes"), "Every step passes.");
        assert_eq!(sentence("route53.amazonaws.com may not"), "route53.amazonaws.com may not.");
        assert_eq!(sentence(""), ".");
    }
}
