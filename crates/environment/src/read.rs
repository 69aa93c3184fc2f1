//! Reading an environment that is one JSON value: accounts, Regions, commands, outputs.

use std::collections::BTreeMap;

use bailiwick_source::json::{Kind, Value};
use bailiwick_source::object::Reader;
use bailiwick_source::{Code, Error, Quoted, Span, nearest};

use crate::arn::{is_account, is_region};
use crate::commands::{COMMANDS, Command};
use crate::document::DocumentKind;
use crate::loader::{Loader, Place};
use crate::model::Environment;
use crate::named;
use crate::shape::members;

impl Environment {
    /// Reads `{"ACCOUNT": {"REGION" | "global": {"COMMAND": output}, "policies": […]}}` and adds it; mistakes go to
    /// `reader`.
    pub fn read(&mut self, reader: &mut Reader, value: Value<'_, '_>) {
        Loader::new(reader, self).accounts(value);
    }

    /// Reads `{"ACCOUNT": [policies]}` and adds it; mistakes go to `reader`.
    pub fn read_policies(&mut self, reader: &mut Reader, value: Value<'_, '_>) {
        if value.kind() != Kind::Object {
            reader.wrong_type(value, "policies", "an object of accounts, each with a list of policies");
            return;
        }
        for (account, span, policies) in members(reader, value, "policies") {
            if is_account(&account) {
                named::read(&mut Loader::new(reader, self), &account, policies);
            } else {
                let message = format!("{} is not an account ID", Quoted(&account));
                reader.report(Error::new(Code::INVALID_VALUE, span, message));
            }
        }
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
}
