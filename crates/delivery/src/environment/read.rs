//! Reading an environment that stands inline: accounts, Regions, commands, outputs.

use std::collections::BTreeMap;

use bailiwick_normalizer::normalize;
use bailiwick_source::json::{Kind, Value};
use bailiwick_source::object::Reader;
use bailiwick_source::url::decode;
use bailiwick_source::{Code, Error, LineIndex, Quoted, Span, nearest};

use super::commands::{COMMANDS, Command, Place};
use super::shape::members;
use super::{Attached, Environment, named, subject};
use crate::arn::{is_account, is_region};
use crate::document::DocumentKind;

/// An environment while it is filled, and the mistakes met.
pub(crate) struct Loader<'l> {
    pub(crate) reader: &'l mut Reader,
    pub(crate) environment: &'l mut Environment,
    /// The command whose output is read, as it is typed.
    pub(super) call: String,
}

/// Reads `{"ACCOUNT": {"REGION" | "global": {"COMMAND": output}, "policies": […]}}` and adds it.
pub(crate) fn read(reader: &mut Reader, environment: &mut Environment, value: Value<'_, '_>) {
    Loader::new(reader, environment).accounts(value);
}

/// Reads `{"ACCOUNT": [policies]}`.
pub(crate) fn read_policies(reader: &mut Reader, environment: &mut Environment, value: Value<'_, '_>) {
    if value.kind() != Kind::Object {
        reader.wrong_type(value, "policies", "an object of accounts, each with a list of policies");
        return;
    }
    for (account, span, policies) in members(reader, value, "policies") {
        if is_account(&account) {
            named::read(&mut Loader::new(reader, environment), &account, policies);
        } else {
            let message = format!("{} is not an account ID", Quoted(&account));
            reader.report(Error::new(Code::INVALID_VALUE, span, message));
        }
    }
}

impl<'l> Loader<'l> {
    pub(crate) fn new(reader: &'l mut Reader, environment: &'l mut Environment) -> Self {
        Self { reader, environment, call: String::new() }
    }
}

impl Loader<'_> {
    fn accounts(&mut self, value: Value<'_, '_>) {
        if value.kind() != Kind::Object {
            self.reader.wrong_type(value, "environment", "an object of accounts");
            return;
        }
        for (name, span, account) in members(self.reader, value, "the environment") {
            if !is_account(&name) {
                let message = format!("{} is not an account ID", Quoted(&name));
                let error = Error::new(Code::INVALID_VALUE, span, message);
                self.reader.report(
                    error.with_help("an environment is an object of accounts, each of twelve digits"),
                );
                continue;
            }
            if account.kind() != Kind::Object {
                self.reader.wrong_type(account, "an account of the environment", "an object of Regions");
                continue;
            }
            for (region, span, outputs) in members(self.reader, account, "an account of the environment") {
                match &*region {
                    "policies" => named::read(self, &name, outputs),
                    "serviceControl" => {
                        named::read_levels(self, &name, DocumentKind::ServiceControl, outputs);
                    }
                    "resourceControl" => {
                        named::read_levels(self, &name, DocumentKind::ResourceControl, outputs);
                    }
                    region if region == "global" || is_region(region) => self.outputs(&name, region, outputs),
                    region => self.no_region(region, span),
                }
            }
        }
    }

    fn no_region(&mut self, region: &str, span: Span) {
        const OTHERS: [&str; 4] = ["global", "policies", "serviceControl", "resourceControl"];
        let message = format!("{} is not a Region", Quoted(region));
        let help = match nearest(region, &OTHERS) {
            Some(near) => format!("did you mean {near:?}?"),
            None => format!("write a Region's code, such as us-east-1, or one of {}", OTHERS.join(", ")),
        };
        self.reader.report(Error::new(Code::INVALID_VALUE, span, message).with_help(help));
    }

    fn outputs(&mut self, account: &str, region: &str, value: Value<'_, '_>) {
        let region = if region == "global" { "" } else { region };
        if value.kind() != Kind::Object {
            self.reader.wrong_type(value, "a Region of the environment", "an object of AWS CLI commands");
            return;
        }
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for (name, span, output) in members(self.reader, value, "a Region of the environment") {
            let Some(command) = Command::find(&name) else {
                let names: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
                let message = format!("the environment knows no command {}", Quoted(&name));
                let mut error = Error::new(Code::UNKNOWN_MEMBER, span, message);
                if let Some(near) = nearest(&name, &names) {
                    error = error.with_help(format!("did you mean {near:?}?"));
                }
                self.reader.report(error);
                continue;
            };
            // A command may be written with its service, and is the same command.
            if let Some(first) = seen.insert(command.name, span) {
                let message = format!("the outputs of {} stand here twice", command.call());
                let error = Error::new(Code::DUPLICATE_MEMBER, span, message);
                self.reader.report(error.with_related(first, "they stand here first"));
                continue;
            }
            if region.is_empty() && !command.global {
                let message = format!("the output of {} belongs to a Region, not to global", command.call());
                let error = Error::new(Code::INVALID_VALUE, span, message);
                self.reader
                    .report(error.with_help("write its code in the place of global, such as us-east-1"));
                continue;
            }
            self.command(command, account, region, output);
        }
    }

    /// One output, a list of outputs, or for commands about one subject an object of outputs by subject.
    fn command(&mut self, command: &'static Command, account: &str, region: &str, value: Value<'_, '_>) {
        if command.subject.is_none() {
            let place = Place { account, region, subject: "" };
            match value.kind() {
                Kind::Array => value.items().for_each(|output| self.output(command, &place, output)),
                _ => self.output(command, &place, value),
            }
        } else if value.kind() == Kind::Object {
            for (subject, _, output) in members(self.reader, value, command.name) {
                self.output(command, &Place { account, region, subject: &subject }, output);
            }
        } else {
            let expected = format!("an object of outputs by {}", command.subject.unwrap_or_default());
            self.reader.wrong_type(value, command.name, &expected);
        }
    }

    /// One output; null stands for a command that printed an error because there is nothing.
    pub(super) fn output(&mut self, command: &'static Command, place: &Place<'_>, value: Value<'_, '_>) {
        self.call = command.call();
        if matches!(value.kind(), Kind::Object | Kind::Null) {
            if self.is_whole(command, value) {
                (command.read)(self, place, value);
            }
        } else {
            self.reader.wrong_type(
                value,
                command.name,
                "the command's output, or null where it found nothing",
            );
        }
    }

    /// A policy document: an object, JSON text, or JSON text in URL encoding. It must be a policy.
    pub(super) fn document(&mut self, kind: DocumentKind, value: Value<'_, '_>) -> Option<String> {
        match value.kind() {
            Kind::Object => {
                let text = value.text().to_owned();
                let result = bailiwick_parser::parse_value(value);
                match result.and_then(|document| normalize(&document, Some(kind.policy_kind()))) {
                    Ok(_) => Some(text),
                    Err(errors) => {
                        errors.into_iter().for_each(|error| self.reader.report(error));
                        None
                    }
                }
            }
            Kind::String => {
                let written = value.as_str()?;
                let text = match decode(&written) {
                    Ok(text) => text.into_owned(),
                    Err(error) => {
                        let message = format!("the {} in this output: {}", kind.words(), error.message);
                        self.reader.report(Error { span: value.span(), message, ..error });
                        return None;
                    }
                };
                self.check_text(kind, &text, value).then_some(text)
            }
            _ => {
                self.reader.wrong_type(value, kind.words(), "a policy document, or one as a JSON string");
                None
            }
        }
    }

    /// Whether a document that stands in `value` as a string is a policy.
    pub(super) fn check_text(&mut self, kind: DocumentKind, text: &str, value: Value<'_, '_>) -> bool {
        let result = bailiwick_parser::parse_with(text, value.document().limits());
        let Err(errors) = result.and_then(|document| normalize(&document, Some(kind.policy_kind()))) else {
            return true;
        };
        let lines = LineIndex::new(text);
        for error in errors {
            let at = lines.position(error.span.start);
            let message = format!(
                "line {}, column {} of the {} in this output: {}",
                at.line,
                at.column,
                kind.words(),
                error.message
            );
            self.reader.report(Error { span: value.span(), message, related: None, ..error });
        }
        false
    }

    /// Keeps the document of a resource, or that it has none.
    pub(super) fn attach(&mut self, kind: DocumentKind, arn: &str, place: &Place<'_>, text: Option<String>) {
        let attached = Attached { account: place.account.to_owned(), region: place.region.to_owned(), text };
        self.environment.attached.insert((kind, subject(kind, arn)), attached);
    }
}

/// A value at a path of members.
pub(super) fn at<'d, 's>(value: Value<'d, 's>, path: &[&str]) -> Option<Value<'d, 's>> {
    let found = path.iter().try_fold(value, |value, name| value.member(name))?;
    (found.kind() != Kind::Null).then_some(found)
}

/// A text at a path of members.
pub(super) fn text_at(value: Value<'_, '_>, path: &[&str]) -> Option<String> {
    at(value, path)?.as_str().map(std::borrow::Cow::into_owned)
}
