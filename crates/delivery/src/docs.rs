//! `docs/DELIVERIES.md`, written from the catalogue.

use std::fmt::Write as _;

use crate::catalogue::{self, CallSpec, Check, CombineSpec, Doc, Kind, RequireSpec, Val, When, Who};
use crate::members::COMMON;
use bailiwick_environment::COMMANDS;

const HEAD: &str = include_str!("docs/head.md");

/// The documentation of deliveries: the layout of a delivery and its environment, and every kind with its checks.
///
/// ```
/// let text = bailiwick_delivery::documentation();
/// assert!(text.contains("## `route53-query-logging`"));
/// ```
#[must_use]
pub fn documentation() -> String {
    let mut text =
        String::from("<!-- Written from the catalogue of bailiwick-delivery; a test compares. -->\n\n");
    text.push_str(HEAD);
    text.push_str("\n### Outputs an environment knows\n\n| command | in | by | what it gives |\n| --- | --- | --- | --- |\n");
    for command in COMMANDS {
        let place = if command.global { "`global`" } else { "the Region" };
        let subject = command.subject.map_or_else(String::new, |option| format!("`{option}`"));
        let _ = writeln!(
            text,
            "| `{} {}` | {place} | {subject} | {} |",
            command.service, command.name, command.gives
        );
    }
    text.push_str("\n## Kinds\n\n| kind | what |\n| --- | --- |\n");
    for kind in catalogue::kinds() {
        let _ = writeln!(text, "| [`{0}`](#{0}) | {1} |", kind.name, kind.title);
    }
    for kind in catalogue::kinds() {
        of_kind(&mut text, kind);
    }
    text
}

fn of_kind(text: &mut String, kind: &Kind) {
    let _ = write!(text, "\n## `{}`\n\n{}.\n\n", kind.name, kind.title);
    let mut members = Vec::new();
    if !kind.source.is_empty() {
        members.push(format!("`source`: {}", kind.source));
    }
    if !kind.destination.is_empty() {
        members.push(format!("`destination`: {}", kind.destination));
    }
    for option in kind.options.iter().filter(|option| !COMMON.contains(&option.name)) {
        let needed = if option.required { " (needed)" } else { "" };
        members.push(format!("`{}`{needed}: {}", option.name, option.meaning));
    }
    for member in members {
        let _ = writeln!(text, "- {member}");
    }
    text.push_str("\n| | who | what | on | sends | decided by |\n| --- | --- | --- | --- | --- | --- |\n");
    for (place, check) in kind.checks.iter().enumerate() {
        match check {
            Check::Call(call) => of_call(text, place + 1, call),
            Check::Require(require) => of_requirement(text, place + 1, require),
        }
    }
    for note in kind.notes {
        let _ = write!(
            text,
            "\n{}{}.\n",
            note.get(..1).unwrap_or_default().to_uppercase(),
            note.get(1..).unwrap_or_default()
        );
    }
    let _ = write!(text, "\nAfter: {}.\n", kind.from);
}

fn of_call(text: &mut String, number: usize, call: &CallSpec) {
    let who = match call.who {
        Who::Service(names) => names.first().copied().unwrap_or_default(),
        Who::Arn(arn) => arn,
    };
    let sends: Vec<String> = call
        .context
        .iter()
        .filter(|(key, value)| !(*key == "aws:PrincipalOrgID" && matches!(value, Val::Fact(_, ""))))
        .map(|(key, value)| match value {
            Val::One(value) | Val::Fact(value, _) => format!("`{key}` = `{value}`"),
            Val::Many(values) => format!("`{key}` = `{}`", values.join("`, `")),
        })
        .collect();
    let mut documents: Vec<String> = call.documents.iter().map(|doc| of_document(*doc)).collect();
    documents.extend(beside(call));
    let both = if call.combine == CombineSpec::Both { ", both" } else { "" };
    let mut what = format!("`{}`", call.action);
    if call.optional {
        what.push_str(", failure is noise");
    }
    if let Some(doubt) = call.doubt {
        let _ = write!(what, ", uncertain if denied: {doubt}");
    }
    for unknown in call.unknowns {
        let _ = write!(what, "; not known{}: {}", of_when(unknown.when), unknown.fact);
    }
    if let Some(other) = call.or_resource {
        let _ = write!(what, "; the resource may also be written `{other}`");
    }
    let phase = if call.setup { "setup" } else { "delivery" };
    let _ = writeln!(
        text,
        "| {number} {phase}{} | `{who}` | {what} | `{}` | {} | {}{both} |",
        of_when(call.when),
        call.resource,
        sends.join(", "),
        documents.join(" and "),
    );
}

/// What decides beside the policies of a role, by the resource it calls.
fn beside(call: &CallSpec) -> Option<String> {
    let by_role = matches!(call.who, Who::Arn(arn) if arn != "{caller}" && !arn.contains(":role/aws-service-role/"))
        && call.combine == CombineSpec::Identity;
    let resource = call.resource;
    let of_group = resource.contains("{group}") || resource.contains("{source.group}");
    // Firehose streams have none.
    let of_stream = call.action.starts_with("firehose:");
    if !by_role {
        None
    } else if !of_group && !of_stream && (resource.contains("{destination}") || resource.contains("{target}"))
    {
        Some(format!("the policy of `{resource}`, if it can have one"))
    } else {
        None
    }
}

fn of_requirement(text: &mut String, number: usize, require: &RequireSpec) {
    let assume = require.assume.map_or_else(String::new, |_| ", taken to be so unless looked up".to_owned());
    let doubt = require.doubt.map_or_else(String::new, |doubt| format!(", uncertain if not: {doubt}"));
    let _ = writeln!(
        text,
        "| {number} setup{} | | {}: `{}` must be `{}`{assume}{doubt} | | | |",
        of_when(require.when),
        require.rule,
        require.observed,
        require.required
    );
}

fn of_document(doc: Doc) -> String {
    match doc {
        Doc::LogGroup(arn) => format!("the CloudWatch Logs resource policies over `{arn}`"),
        Doc::Xray => "the X-Ray resource policies".to_owned(),
        Doc::Attached(kind, arn) => format!("the {} of `{arn}`", kind.words()),
        Doc::Identity(arn) => format!("the policies of `{arn}`"),
        Doc::LogDeliveryRole | Doc::WafLoggingRole => {
            "the policy AWS gives the service-linked role".to_owned()
        }
        Doc::LogDeliveryRoleTrust => "the trust policy AWS gives the service-linked role".to_owned(),
    }
}

fn of_when(when: When) -> String {
    match when {
        When::Always => String::new(),
        When::If(name) | When::IsNot(name, "") => format!(", if there is `{name}`"),
        When::Unless(name) => format!(", if there is no `{name}`"),
        When::Is(name, value) => format!(", if `{name}` is `{value}`"),
        When::IsNot(name, value) => format!(", if `{name}` is not `{value}`"),
        When::OneOf(name, these) => format!(", if `{name}` is one of `{}`", these.join("`, `")),
        When::NoneOf(name, these) => format!(", if `{name}` is none of `{}`", these.join("`, `")),
        When::All(all) => all.iter().map(|when| of_when(*when)).collect(),
    }
}
