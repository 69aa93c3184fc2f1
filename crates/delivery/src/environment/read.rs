//! Reading an environment that stands inline: accounts, Regions, commands, outputs.

use bailiwick_normalizer::normalize;
use bailiwick_parser::json::{Kind, Value};
use bailiwick_parser::{Code, Error, LineIndex, Quoted, nearest};
use bailiwick_scenario::read::{Reader, decode};
use serde::de::DeserializeOwned;

use super::commands::{COMMANDS, Command, Place};
use super::{Attached, Environment, named, subject};
use crate::document::DocumentKind;

/// An environment while it is filled, and the mistakes met.
pub(crate) struct Loader<'l> {
    pub(crate) reader: &'l mut Reader,
    pub(crate) environment: &'l mut Environment,
}

/// Reads `{"ACCOUNT": {"REGION" | "global": {"COMMAND": output}, "policies": […]}}`.
pub(crate) fn read(reader: &mut Reader, value: Value<'_, '_>) -> Environment {
    let mut environment = Environment::default();
    let mut loader = Loader { reader, environment: &mut environment };
    loader.accounts(value);
    environment
}

/// Reads `{"ACCOUNT": [policies]}`.
pub(crate) fn read_policies(reader: &mut Reader, environment: &mut Environment, value: Value<'_, '_>) {
    if value.kind() != Kind::Object {
        reader.wrong_type(value, "policies", "an object of accounts, each with a list of policies");
        return;
    }
    let mut loader = Loader { reader, environment };
    for (account, policies) in value.members() {
        if is_account(&account.value) {
            named::read(&mut loader, &account.value, policies);
        } else {
            let message = format!("{} is not an account ID", Quoted(&account.value));
            loader.reader.report(Error::new(Code::InvalidValue, account.span, message));
        }
    }
}

impl Loader<'_> {
    fn accounts(&mut self, value: Value<'_, '_>) {
        if value.kind() != Kind::Object {
            self.reader.wrong_type(value, "environment", "an object of accounts");
            return;
        }
        for (name, account) in value.members() {
            if !is_account(&name.value) {
                let message = format!("{} is not an account ID", Quoted(&name.value));
                let error = Error::new(Code::InvalidValue, name.span, message);
                self.reader.report(
                    error.with_help("an environment is an object of accounts, each of twelve digits"),
                );
                continue;
            }
            if account.kind() != Kind::Object {
                self.reader.wrong_type(account, "an account of the environment", "an object of Regions");
                continue;
            }
            for (region, outputs) in account.members() {
                match &*region.value {
                    "policies" => named::read(self, &name.value, outputs),
                    "serviceControl" => {
                        named::read_levels(self, &name.value, DocumentKind::ServiceControl, outputs);
                    }
                    "resourceControl" => {
                        named::read_levels(self, &name.value, DocumentKind::ResourceControl, outputs);
                    }
                    region => self.outputs(&name.value, region, outputs),
                }
            }
        }
    }

    fn outputs(&mut self, account: &str, region: &str, value: Value<'_, '_>) {
        let region = if region == "global" { "" } else { region };
        if value.kind() != Kind::Object {
            self.reader.wrong_type(value, "a Region of the environment", "an object of AWS CLI commands");
            return;
        }
        for (name, output) in value.members() {
            let Some(command) = Command::find(&name.value) else {
                let names: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
                let message = format!("the environment knows no command {}", Quoted(&name.value));
                let mut error = Error::new(Code::UnknownMember, name.span, message);
                if let Some(near) = nearest(&name.value, &names) {
                    error = error.with_help(format!("did you mean {near:?}?"));
                }
                self.reader.report(error);
                continue;
            };
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
            for (subject, output) in value.members() {
                self.output(command, &Place { account, region, subject: &subject.value }, output);
            }
        } else {
            let expected = format!("an object of outputs by {}", command.subject.unwrap_or_default());
            self.reader.wrong_type(value, command.name, &expected);
        }
    }

    /// One output; null stands for a command that printed an error because there is nothing.
    pub(super) fn output(&mut self, command: &'static Command, place: &Place<'_>, value: Value<'_, '_>) {
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

    /// Whether an output says all it should. What a failed call printed, or one page of several, must not pass for
    /// "there is nothing".
    fn is_whole(&mut self, command: &Command, value: Value<'_, '_>) -> bool {
        const PAGES: [&str; 3] = ["nextToken", "NextToken", "NextMarker"];
        let call = format!("aws {} {}", command.service, command.name);
        if let Some(page) = PAGES.iter().find_map(|name| at(value, &[name])) {
            let help = "collect it without --max-items, --starting-token and --no-paginate";
            self.reader.invalid(
                page,
                format!("this is one page of the output of {call}, and more follow"),
                help,
            );
            return false;
        }
        match command.list() {
            Some(list) if value.kind() == Kind::Object && value.member(&list).is_none() => {
                let message = format!("this is not an output of {call}: it has no {list:?}");
                let help = "the environment takes what the AWS CLI prints with --output json; where there is \
                            nothing, an empty list or null";
                self.reader.report(Error::new(Code::MissingMember, value.span(), message).with_help(help));
                false
            }
            _ => true,
        }
    }

    /// An output in the shape of a type.
    pub(super) fn typed<T: DeserializeOwned + Default>(
        &mut self,
        what: &str,
        value: Value<'_, '_>,
    ) -> Option<T> {
        if value.kind() == Kind::Null {
            return Some(T::default());
        }
        match serde_json::from_str(value.text()) {
            Ok(output) => Some(output),
            Err(error) => {
                let help = "the environment takes what the AWS CLI prints with --output json";
                self.reader.invalid(value, format!("this is not an output of {what}: {error}"), help);
                None
            }
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

pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}
