//! An answer for people: the verdict, the path through the policy kinds, the statement that decided, what nearly
//! applied.
//!
//! Statements and policies are counted from 1 here, as people do, and from 0 in JSON.

use std::fmt::Display;

use anstyle::Style;
use bailiwick_evaluator::answer::{Answer, DecidingGrant, Miss, Place, PolicyLabel, Statement};
use bailiwick_evaluator::{Decision, PolicyKind};
use bailiwick_parser::syntax::Effect;
use bailiwick_scenario::Scenario;
use bailiwick_source::Error;

use crate::failure::Failure;
use crate::render::miss::{missed, some_of};
use crate::screen::{Screen, Short, without_tabs};
use crate::source::Source;
use crate::styles::Styles;

/// How many lines of a statement are shown.
const MOST_LINES: usize = 24;

/// A scenario and its answer.
#[derive(Debug)]
pub(crate) struct Case {
    /// Which of the actions asked for it is about, from 0.
    pub(crate) action: usize,
    pub(crate) scenario: Scenario,
    pub(crate) answer: Answer,
}

/// What the places in an answer refer to.
#[derive(Debug)]
pub(crate) enum Places<'a> {
    /// The scenario's own text; that of the policy where it stood there as a string.
    Scenario(&'a Source),
    /// The files that the policies are named by.
    Files,
}

impl Places<'_> {
    /// A mistake in what was asked.
    pub(crate) fn invalid(&self, error: Error) -> Failure {
        match self {
            Self::Scenario(source) => Failure::Invalid { source: (*source).clone(), errors: vec![error] },
            Self::Files => Failure::usage(error.message, error.help.unwrap_or_default()),
        }
    }
}

/// The answer to a scenario.
pub(crate) fn human(case: &Case, places: &Places<'_>, screen: &mut Screen) {
    let Case { scenario, answer, .. } = case;
    let mut page = Page { scenario, answer, places, screen };
    page.verdict();
    page.path();
    page.deciding_statement();
    page.near_misses();
    page.near_grants();
    page.missing_keys();
    page.notes();
}

/// What a grant is called.
fn grant_name(grant: &DecidingGrant) -> String {
    grant.grant_id.as_ref().map_or_else(|| format!("#{}", grant.grant + 1), |id| Short(id).to_string())
}

/// What a kind of policy is called in a sentence.
fn noun(kind: PolicyKind) -> &'static str {
    match kind {
        PolicyKind::Identity => "identity policy",
        PolicyKind::Resource => "resource policy",
        PolicyKind::PermissionsBoundary => "permissions boundary",
        PolicyKind::Session => "session policy",
        PolicyKind::ServiceControl => "service control policy",
        PolicyKind::ResourceControl => "resource control policy",
        PolicyKind::VpcEndpoint => "VPC endpoint policy",
    }
}

struct Page<'a> {
    scenario: &'a Scenario,
    answer: &'a Answer,
    places: &'a Places<'a>,
    screen: &'a mut Screen,
}

impl Page<'_> {
    fn line(&mut self, text: impl Display) {
        self.screen.line(text);
    }

    fn verdict(&mut self) {
        let (style, word) = match self.answer.decision {
            Decision::Allowed => (self.screen.styles.good, "allowed"),
            Decision::ExplicitDeny => (self.screen.styles.bad, "denied explicitly"),
            Decision::ImplicitDeny => (self.screen.styles.bad, "denied"),
        };
        let name = self.answer.name.as_deref().map(|name| format!("  {}", Short(name)));
        self.screen.styled(style, word).line(name.unwrap_or_default());
        self.line(format!("  principal  {}", Short(self.scenario.principal())));
        self.line(format!("  action     {}", Short(self.scenario.action())));
        self.line(format!("  resource   {}", Short(self.scenario.resource())));
        let reason = self.reason();
        self.line("");
        self.line(reason);
        if let Some(rule) = self.answer.rule {
            self.line(format!("{rule}."));
        }
    }

    /// One sentence.
    fn reason(&self) -> String {
        if let Some(grant) = &self.answer.decided_by_grant {
            return format!("KMS grant {} allows it.", grant_name(grant));
        }
        match (&self.answer.decided_by, self.answer.decision) {
            (Some(statement), Decision::ExplicitDeny) => {
                format!("{} denies it, and an explicit deny overrides every allow.", self.label(statement))
            }
            (Some(statement), _) => format!("{} allows it.", self.label(statement)),
            (None, Decision::Allowed) => "No statement had to allow it.".to_owned(),
            (None, _) => self.nothing_allows(),
        }
    }

    fn nothing_allows(&self) -> String {
        let blocked = &self.answer.blocked_by;
        let Some((first, rest)) = blocked.split_first() else {
            return match self.answer.rule {
                Some(_) => "A rule of the service refuses it, whatever the policies allow.".to_owned(),
                None => "No statement allows it.".to_owned(),
            };
        };
        if rest.is_empty() {
            return format!("No {} allows it.", noun(*first));
        }
        let mut sentence = format!("No {}", noun(*first));
        for (at, kind) in rest.iter().enumerate() {
            let joint = if at + 1 == rest.len() { " and no " } else { ", no " };
            sentence.push_str(joint);
            sentence.push_str(noun(*kind));
        }
        sentence.push_str(" allows it.");
        sentence
    }

    /// Every kind that was given or stands in the way, in the order in which answers name them.
    fn path(&mut self) {
        self.screen.heading("policy kinds");
        let mut absent = Vec::new();
        for kind in PolicyKind::ALL {
            let name = kind.as_str();
            let is_blocking = self.answer.blocked_by.contains(&kind);
            match self.scenario.policy_count(kind) {
                None if !is_blocking => absent.push(name),
                count => {
                    let (style, mark, text) = self.outcome(kind, is_blocking, count);
                    self.screen.put("  ").styled(style, mark).line(format!(" {name:<20} {text}"));
                }
            }
        }
        if !absent.is_empty() {
            let faint = self.screen.styles.faint;
            self.screen.put("  ").styled(faint, format!("- not given: {}", absent.join(", "))).end();
        }
    }

    fn outcome(
        &self,
        kind: PolicyKind,
        is_blocking: bool,
        count: Option<usize>,
    ) -> (Style, &'static str, String) {
        let Styles { good, bad, faint, .. } = self.screen.styles;
        let labels = |effect: Effect| {
            let matched = self.answer.matched_statements.iter();
            let labels: Vec<_> = matched
                .filter(|matched| matched.statement.kind == kind && matched.effect == effect)
                .map(|matched| self.short_label(&matched.statement))
                .collect();
            (!labels.is_empty()).then(|| some_of(&labels))
        };
        let policies = match count {
            None => "none given".to_owned(),
            Some(1) => "1 policy".to_owned(),
            Some(count) => format!("{count} policies"),
        };
        if let Some(denies) = labels(Effect::Deny) {
            (bad, "✗", format!("denies: {denies}"))
        } else if is_blocking {
            (bad, "✗", format!("does not allow it ({policies})"))
        } else if let Some(allows) = labels(Effect::Allow) {
            (good, "✓", format!("allows: {allows}"))
        } else {
            (faint, "-", format!("does not stand in the way ({policies})"))
        }
    }

    fn deciding_statement(&mut self) {
        let Some(decided_by) = &self.answer.decided_by else { return };
        let matched = self.answer.matched_statements.iter();
        let Some(matched) = matched.clone().find(|matched| matched.statement == *decided_by) else { return };
        let place = self.place(&matched.statement, matched.start);
        self.screen.heading(format!("the statement that decided, {place}"));
        let text = match (self.scenario.document_text(decided_by), self.places) {
            (Some(text), _) => text,
            (None, Places::Scenario(source)) => &source.text,
            (None, Places::Files) => return,
        };
        let (first, last) = (matched.start.line as usize, matched.end.line as usize);
        excerpt(text, first, last, self.screen);
    }

    fn near_misses(&mut self) {
        if self.answer.near_misses.is_empty() {
            return;
        }
        self.screen.heading("what nearly allowed it");
        for miss in &self.answer.near_misses {
            self.miss(miss);
        }
    }

    fn miss(&mut self, miss: &Miss) {
        self.line(format!("  {}, {}", self.label(&miss.statement), self.place(&miss.statement, miss.start)));
        for element in std::iter::once(&miss.first).chain(&miss.also_failed) {
            missed(element, self.scenario.action(), 4, self.screen);
        }
    }

    fn near_grants(&mut self) {
        if self.answer.near_miss_grants.is_empty() {
            return;
        }
        self.screen.heading("KMS grants that nearly allowed it");
        for miss in &self.answer.near_miss_grants {
            self.line(format!("  KMS grant {}", grant_name(&miss.grant)));
            for element in std::iter::once(&miss.first).chain(&miss.also_failed) {
                missed(element, self.scenario.action(), 4, self.screen);
            }
        }
    }

    fn missing_keys(&mut self) {
        if self.answer.missing_context_keys.is_empty() {
            return;
        }
        let who = if self.answer.near_miss_grants.is_empty() { "statements" } else { "statements or grants" };
        self.screen.heading(format!("context keys that {who} ask for and the request does not carry"));
        let keys = self.answer.missing_context_keys.join(", ");
        self.line(format!("  {keys}"));
    }

    fn notes(&mut self) {
        for note in &self.answer.notes {
            self.line("");
            self.line(format!("note: {note}"));
        }
    }

    /// The statement with its policy, at the beginning of a sentence.
    fn label(&self, statement: &Statement) -> String {
        let noun = noun(statement.kind);
        let policy = match &statement.policy {
            _ if self.is_plain(statement) => format!("the {noun}"),
            policy => format!("{noun} {}", Short(&policy.to_string())),
        };
        let level = statement.level.map(|level| format!(" on level {}", level + 1)).unwrap_or_default();
        let sid = statement.sid.as_deref().map(|sid| format!(" ({})", Short(sid))).unwrap_or_default();
        format!("Statement {}{sid} of {policy}{level}", statement.statement + 1)
    }

    /// The statement where its kind is plain.
    fn short_label(&self, statement: &Statement) -> String {
        let level = statement.level.map(|level| format!(", level {}", level + 1)).unwrap_or_default();
        let policy = match &statement.policy {
            _ if self.is_plain(statement) => String::new(),
            policy => format!(" of {}", Short(&policy.to_string())),
        };
        let sid = statement.sid.as_deref().map(|sid| format!(" ({})", Short(sid))).unwrap_or_default();
        format!("statement {}{sid}{policy}{level}", statement.statement + 1)
    }

    /// Whether its kind says which policy is meant: there is one, and its name says no more than its place.
    fn is_plain(&self, statement: &Statement) -> bool {
        let is_only_one = self.scenario.policy_count(statement.kind) == Some(1);
        let is_named = matches!(statement.policy, PolicyLabel::Name(_));
        is_only_one && (!is_named || matches!(self.places, Places::Files))
    }

    /// Where a statement stands, as editors and terminals take it.
    fn place(&self, statement: &Statement, place: Place) -> String {
        let Place { line, column } = place;
        match (self.places, self.scenario.document_text(statement)) {
            (Places::Scenario(source), None) => format!("{}:{line}:{column}", source.name),
            (Places::Files, _) => format!("{}:{line}:{column}", statement.policy),
            (Places::Scenario(_), Some(_)) => {
                format!("line {line}, column {column} of the policy's own text")
            }
        }
    }
}

/// The lines of a text from `first` to `last`, counted from 1, with their numbers.
fn excerpt(text: &str, first: usize, last: usize, screen: &mut Screen) {
    let faint = screen.styles.faint;
    let width = last.to_string().len();
    let lines = text.lines().enumerate().skip(first.saturating_sub(1)).take(last + 1 - first.min(last));
    for (shown, (at, line)) in lines.enumerate() {
        screen.put("  ");
        if shown == MOST_LINES {
            screen.styled(faint, format!("{:>width$} |", "")).line(" …");
            break;
        }
        screen.styled(faint, format!("{:>width$} |", at + 1)).line(format!(" {}", shortened(line)));
    }
}

/// A line in a readable length.
fn shortened(line: &str) -> String {
    const LONGEST: usize = 160;
    let line = without_tabs(line);
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line,
    }
}
