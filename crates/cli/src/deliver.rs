//! `bailiwick deliver`: would this delivery succeed, and what to collect to say so.

use std::collections::BTreeSet;
use std::path::Path;

use bailiwick_delivery::catalogue::Kind;
use bailiwick_delivery::{Answer, CollectCommand, Delivery, QuickError, Verdict, catalogue};
use bailiwick_environment::{Environment, File, FileErrors};
use bailiwick_source::nearest;
use serde_json::{Value, json};

use crate::args::{Deliver, Format, Quick};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::files_below;
use crate::render;
use crate::screen::Screen;
use crate::source::Source;
use crate::terminal::Terminal;

/// The folder of outputs where none is named.
const FOLDER: &str = "environment";

pub(crate) fn run(args: &Deliver, terminal: &Terminal) -> Result<Exit, Failure> {
    if args.list {
        return kinds(args.format, terminal).map(|()| Exit::Yes);
    }
    let Some(path) = args.delivery.as_deref() else {
        return Err(Failure::usage("there is no delivery", "name a file, or - for standard input"));
    };
    let members = args.quick.members(path)?;
    if args.collect {
        let commands = collect(path, members.as_deref())?;
        let folder = args.environment.as_deref().unwrap_or(Path::new(FOLDER));
        match args.format {
            Format::Human => terminal.show(&script(&commands, &folder.to_string_lossy()))?,
            Format::Json => terminal.print_json(&list(&commands))?,
        }
        return Ok(Exit::Yes);
    }
    let answer = match members {
        Some(members) if args.environment.is_none() => quick(&members, &args.quick)?,
        Some(members) => simulate(document(&members), args)?,
        None => simulate(read(path)?, args)?,
    };
    match args.format {
        Format::Json => terminal.print_json(&render::json(&answer))?,
        Format::Human => terminal.show(&render::delivery::human(&answer, terminal))?,
    }
    Ok(match answer.verdict {
        Verdict::Succeeds => Exit::Yes,
        Verdict::Fails => Exit::No,
        Verdict::Uncertain => Exit::Uncertain,
    })
}

/// Reads the file of a delivery; what is no file may be meant for a kind.
fn read(path: &Path) -> Result<Source, Failure> {
    Source::read(path).map_err(|failure| match failure {
        Failure::Unreadable { name, message, help } if !path.exists() => {
            let kinds: Vec<&str> = catalogue::kinds().map(|kind| kind.name).collect();
            let meant =
                nearest(&name, &kinds).map(|kind| format!("did you mean the kind of delivery {kind:?}?"));
            Failure::Unreadable { name, message, help: meant.or(help) }
        }
        other => other,
    })
}

fn simulate(source: Source, args: &Deliver) -> Result<Answer, Failure> {
    let environment = args.environment.as_deref().map(environment).transpose()?;
    match Delivery::parse_with(&source.text, environment) {
        Ok(delivery) => Ok(delivery.simulate()),
        Err(errors) => Err(Failure::invalid(source, errors)),
    }
}

impl Quick {
    /// The members of a delivery that is written in options; `None` when it is in a file.
    fn members(&self, kind: &Path) -> Result<Option<Vec<(String, String)>>, Failure> {
        let Self { source, destination, set, policy } = self;
        let is_kind = || !kind.exists() && kind.to_str().is_some_and(|name| Kind::find(name).is_some());
        if source.is_none() && destination.is_none() && set.is_empty() && policy.is_empty() && !is_kind() {
            return Ok(None);
        }
        let mut members = vec![("kind".to_owned(), kind.to_string_lossy().into_owned())];
        for (name, value) in [("source", source), ("destination", destination)] {
            members.extend(value.iter().map(|value| (name.to_owned(), value.clone())));
        }
        for pair in set {
            let (name, value) = pair.split_once('=').ok_or_else(|| {
                Failure::usage(
                    format!("--set {pair}: there is no value"),
                    "write NAME=VALUE, for example --set region=us-east-1",
                )
            })?;
            members.push((name.to_owned(), value.to_owned()));
        }
        Ok(Some(members))
    }
}

/// A delivery of these members as the document that it is short for.
fn document(members: &[(String, String)]) -> Source {
    let members: serde_json::Map<String, Value> =
        members.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
    Source { name: "<options>".to_owned(), text: json!({ "delivery": members }).to_string() }
}

fn quick(members: &[(String, String)], args: &Quick) -> Result<Answer, Failure> {
    let mut failures = Vec::new();
    let mut sources = Vec::new();
    for path in &args.policy {
        match Source::read(path) {
            Ok(source) => sources.push((source.name.clone(), source)),
            Err(failure) => failures.push(failure),
        }
    }
    let members: Vec<_> = members.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let read = Delivery::quick(&members, &files(&sources));
    match read {
        Ok(delivery) if failures.is_empty() => return Ok(delivery.simulate()),
        Ok(_) => {}
        Err(QuickError::Policies(mistakes)) => failures.extend(in_files(mistakes, &sources)),
        Err(QuickError::Members(errors)) => {
            let errors = errors.into_vec().into_iter();
            failures.push(Failure::Arguments(errors.map(|error| ("deliver".into(), error)).collect()));
        }
    }
    Err(Failure::Several(failures))
}

/// Reads a folder of AWS CLI outputs.
fn environment(folder: &Path) -> Result<Environment, Failure> {
    let mut failures = Vec::new();
    let mut sources = Vec::new();
    for path in files_below(folder, &["json", "err"])? {
        match Source::read(&path) {
            Ok(source) => sources.push((below(&path, folder), source)),
            Err(failure) => failures.push(failure),
        }
    }
    let read = Environment::from_files(&files(&sources));
    match read {
        Ok(environment) if failures.is_empty() => return Ok(environment),
        Ok(_) => {}
        Err(mistakes) => failures.extend(in_files(mistakes, &sources)),
    }
    Err(Failure::Several(failures))
}

fn files(sources: &[(String, Source)]) -> Vec<File<'_>> {
    sources.iter().map(|(path, source)| File { path, text: &source.text }).collect()
}

/// Mistakes in files that were read from these sources.
fn in_files(mistakes: Vec<FileErrors>, sources: &[(String, Source)]) -> impl Iterator<Item = Failure> {
    mistakes.into_iter().map(|mistake| {
        let source = sources.iter().find(|(path, _)| *path == mistake.path).map(|(_, source)| source.clone());
        let source = source.unwrap_or_else(|| Source { name: mistake.path, text: String::new() });
        Failure::invalid(source, mistake.errors)
    })
}

/// A path below a folder, with `/` between its parts.
fn below(path: &Path, folder: &Path) -> String {
    let parts = path.strip_prefix(folder).unwrap_or(path).components();
    parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn collect(path: &Path, members: Option<&[(String, String)]>) -> Result<Vec<CollectCommand>, Failure> {
    let source = match members {
        Some(members) => document(members),
        None => read(path)?,
    };
    match Delivery::collect(&source.text) {
        // Without its ends there is nothing to collect for a delivery.
        Ok(commands) if commands.is_empty() => match Delivery::parse(&source.text) {
            Ok(_) => Ok(commands),
            Err(errors) => Err(Failure::invalid(source, errors)),
        },
        Ok(commands) => Ok(commands),
        Err(errors) => Err(Failure::invalid(source, errors)),
    }
}

/// The commands as a script: by account, whose credentials they need.
fn script(commands: &[CollectCommand], folder: &str) -> Screen {
    let mut script = Screen::plain("#!/bin/sh");
    script.line("# Beside each output stands what the call wrote to standard error: it tells \"there is none\" from \"nobody may look\".");
    if commands.iter().any(|command| !command.knows_account()) {
        script.line("");
        script.line("# Run it with ACCOUNT=… before it, or give the delivery its destinationAccount:");
        script.line(": \"${ACCOUNT:?set ACCOUNT to the ID of the account that owns the destination}\"");
    }
    for of_account in commands.chunk_by(|a, b| a.account == b.account) {
        let account = of_account.first().map(|command| command.account.as_str()).unwrap_or_default();
        script.line("");
        script.line(format!("# With credentials of account {account}:"));
        let folders: BTreeSet<String> = of_account
            .iter()
            .filter_map(|command| {
                let (below, _) = command.path.rsplit_once('/')?;
                Some(command.place(folder, below))
            })
            .collect();
        for below in folders {
            script.whole_line(format!("mkdir -p {below}"));
        }
        for command in of_account {
            script.whole_line(command.shell(folder));
        }
    }
    script
}

fn list(commands: &[CollectCommand]) -> String {
    let commands = commands
        .iter()
        .map(|command| json!({"account": command.account, "command": command.command, "path": command.path}));
    render::json(&commands.collect::<Vec<_>>())
}

/// The kinds of deliveries.
fn kinds(format: Format, terminal: &Terminal) -> Result<(), Failure> {
    let kinds = catalogue::kinds();
    match format {
        Format::Json => {
            let kinds = kinds.map(|kind| {
                let options = kind.options.iter();
                let options = options.map(|option| {
                    json!({"name": option.name, "meaning": option.meaning, "required": option.required})
                });
                json!({
                    "kind": kind.name, "title": kind.title, "source": kind.source, "destination": kind.destination,
                    "options": options.collect::<Vec<_>>(),
                })
            });
            terminal.print_json(&render::json(&kinds.collect::<Vec<_>>()))
        }
        Format::Human => {
            let kinds: Vec<_> = kinds.collect();
            let width = kinds.iter().map(|kind| kind.name.len()).max().unwrap_or_default();
            let mut screen = terminal.screen();
            kinds.iter().for_each(|kind| screen.line(format!("{:<width$}  {}", kind.name, kind.title)));
            terminal.show(&screen)
        }
    }
}
