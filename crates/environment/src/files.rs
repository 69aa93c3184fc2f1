//! An environment as a folder: `ACCOUNT/REGION/COMMAND.json`, and `ACCOUNT/REGION/COMMAND/SUBJECT.json` where an
//! output does not say what it is about. A file that ends in `.err` holds what the command wrote to standard
//! error. The caller reads the folder and passes paths and texts.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick_source::json::{self, Limits};
use bailiwick_source::object::Reader;
use bailiwick_source::{Code, Error, Errors, Quoted, Span, nearest};

use crate::arn::{is_account, is_region};
use crate::commands::{COMMANDS, Command};
use crate::document::DocumentKind;
use crate::loader::{Loader, Place};
use crate::model::Environment;
use crate::named;
use crate::outputs::services;
use crate::uncollected::{Silence, says_no_such_bucket, silence};

/// One file of a folder.
#[derive(Clone, Copy, Debug)]
pub struct File<'f> {
    /// Its path below the folder, with `/` between the parts.
    pub path: &'f str,
    /// Its text. Where it is empty, the file of the same name that ends in `.err` instead of `.json` says why.
    pub text: &'f str,
}

/// The mistakes of one file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FileErrors {
    /// The file's path below the folder.
    pub path: String,
    /// What is wrong with it.
    pub errors: Errors,
}

impl std::fmt::Display for FileErrors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (place, error) in self.errors.iter().enumerate() {
            write!(f, "{}{}: {error}", if place > 0 { "; " } else { "" }, self.path)?;
        }
        Ok(())
    }
}

impl std::error::Error for FileErrors {}

impl Environment {
    /// Reads a folder: outputs in files that end in `.json`, and what the commands wrote to standard error in files
    /// that end in `.err`. An empty output counts as "there is none" only if the error says so
    /// (`NoSuchBucketPolicy`, …); otherwise it was not collected. All other files are ignored.
    ///
    /// # Errors
    ///
    /// The mistakes of every file that has some.
    ///
    /// ```
    /// use bailiwick_environment::{Environment, File};
    ///
    /// let path = "111122223333/us-east-1/describe-resource-policies.json";
    /// let environment = Environment::from_files(&[File { path, text: r#"{"resourcePolicies": []}"# }])?;
    /// assert!(environment.logs("111122223333", "us-east-1").is_some());
    ///
    /// let errors = Environment::from_files(&[File { path: "1/us-east-1/x.json", text: "" }]).unwrap_err();
    /// assert_eq!(errors.len(), 1);
    /// # Ok::<(), Vec<bailiwick_environment::FileErrors>>(())
    /// ```
    pub fn from_files(files: &[File<'_>]) -> Result<Self, Vec<FileErrors>> {
        Self::from_files_within(files, &Limits::default())
    }

    /// [`from_files`](Self::from_files) within other limits than the default, for each file.
    ///
    /// # Errors
    ///
    /// As [`from_files`](Self::from_files).
    pub fn from_files_within(files: &[File<'_>], limits: &Limits) -> Result<Self, Vec<FileErrors>> {
        let mut environment = Self::default();
        let mut errors = Vec::new();
        let errors_of: BTreeMap<&str, &str> =
            files.iter().filter_map(|file| Some((file.path.strip_suffix(".err")?, file.text))).collect();
        let outputs = files.iter().filter_map(|file| Some((file.path.strip_suffix(".json")?, *file)));
        let outputs: Vec<(&str, File<'_>)> = outputs.collect();
        let with_output: BTreeSet<&str> = outputs.iter().map(|(stem, _)| *stem).collect();
        // An error without an output belongs to a command whose output was not kept.
        let alone = files.iter().filter_map(|file| Some((file.path.strip_suffix(".err")?, file.path)));
        let alone = alone.filter(|(stem, _)| !with_output.contains(stem));
        let alone = alone.map(|(stem, path)| (stem, File { path, text: "" }));
        for (stem, file) in outputs.iter().copied().chain(alone) {
            let mut reader = Reader::default();
            environment.read_file(&mut reader, stem, file.text, errors_of.get(stem).copied(), limits);
            if let Err(found) = reader.finish(Some(())) {
                errors.push(FileErrors { path: file.path.to_owned(), errors: found });
            }
        }
        if errors.is_empty() { Ok(environment) } else { Err(errors) }
    }

    /// Reads the file at `stem` and `.json`.
    fn read_file(
        &mut self,
        reader: &mut Reader,
        stem: &str,
        text: &str,
        error: Option<&str>,
        limits: &Limits,
    ) {
        let is_empty = text.trim().is_empty();
        let document = match json::parse(if is_empty { "null" } else { text }, limits) {
            Ok(document) => document,
            Err(error) => return reader.report(error),
        };
        let value = document.root();
        let parts: Vec<&str> = stem.trim_start_matches("./").split('/').collect();
        let mut refuse = |message: String, help: String| {
            reader.report(Error::new(Code::INVALID_VALUE, Span::default(), message).with_help(help));
        };
        let layout = "files stand in ACCOUNT/REGION/COMMAND.json or ACCOUNT/REGION/COMMAND/SUBJECT.json";
        let (account, region, name, subject) = match parts.as_slice() {
            [account, "policies"] => (account, "global", "policies", ""),
            [account, "serviceControl"] => (account, "global", "serviceControl", ""),
            [account, "resourceControl"] => (account, "global", "resourceControl", ""),
            [account, region, name] => (account, *region, *name, ""),
            [account, region, name, subject] => (account, *region, *name, *subject),
            _ => {
                let message = format!("{} is not a place in an environment", Quoted(stem));
                return refuse(message, layout.to_owned());
            }
        };
        if !is_account(account) {
            return refuse(format!("{} is not an account ID", Quoted(account)), layout.to_owned());
        }
        if region != "global" && !is_region(region) {
            return refuse(format!("{} is neither a Region nor global", Quoted(region)), layout.to_owned());
        }
        let subject = percent_encoding::percent_decode_str(subject).decode_utf8_lossy();
        let command = Command::find(name);
        if command.is_none() && !["policies", "serviceControl", "resourceControl"].contains(&name) {
            let names: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
            let near =
                nearest(name, &names).map_or(layout.to_owned(), |near| format!("did you mean {near:?}?"));
            return refuse(format!("the environment knows no command {}", Quoted(name)), near);
        }
        let mut loader = Loader::new(reader, self);
        let Some(command) = command else {
            match name {
                "policies" => named::read(&mut loader, account, value),
                "serviceControl" => {
                    named::read_levels(&mut loader, account, DocumentKind::ServiceControl, value);
                }
                _ => named::read_levels(&mut loader, account, DocumentKind::ResourceControl, value),
            }
            return;
        };
        if command.subject.is_some() && subject.is_empty() {
            let option = command.subject.unwrap_or_default();
            let message = format!("the output of {name} does not say which {option} it is about");
            let error = Error::new(Code::INVALID_VALUE, Span::default(), message);
            loader.reader.report(error.with_help(format!("put it into {name}/SUBJECT.json")));
            return;
        }
        if region == "global" && !command.global {
            let message = format!("the output of {name} belongs to a Region, not to global");
            loader.reader.report(Error::new(Code::INVALID_VALUE, Span::default(), message).with_help(layout));
            return;
        }
        let region = if region == "global" { "" } else { region };
        let place = Place { account, region, subject: &subject };
        if !is_empty {
            return loader.output(command, &place, value);
        }
        let no_such_bucket = says_no_such_bucket(command, error);
        if no_such_bucket {
            services::missing_bucket(&mut loader, &place);
        }
        match silence(command, error) {
            // What lists nothing has nothing, and so has what cannot be there.
            Silence::None => (command.read)(&mut loader, &place, value),
            Silence::Unknown(_) if no_such_bucket => {}
            Silence::Unknown(why) => loader.environment.set_uncollected(command, &place, &why),
        }
    }
}
