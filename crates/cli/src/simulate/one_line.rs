//! A request written on the command line: a scenario made of options and policy files.

use std::path::{Path, PathBuf};

use bailiwick_evaluator::{
    ContextValue, Document, Documents, OwnedRequest, PolicyKind, Principal, RequestBuilder, RequestError,
    RequestMember,
};
use bailiwick_scenario::read;
use bailiwick_scenario::{Limits as ScenarioLimits, Scenario};
use bailiwick_source::json::{self, Limits};
use bailiwick_source::object::Reader;
use bailiwick_source::{Errors, Span};

use crate::args::Request;
use crate::failure::Failure;
use crate::source::Source;

/// The scenario that the options describe.
pub(crate) fn scenario(action: &str, args: &Request) -> Result<Scenario, Failure> {
    let documents = documents(args)?;
    let context = context(&args.context)?;
    let mut options = Options::default();
    match &args.principal {
        Some(text) => options.principal(text)?,
        None => options.unnamed(args)?,
    }
    options.set(|builder| builder.action(action));
    options.set(|builder| builder.resource(&args.resource));
    if let Some(account) = &args.resource_account {
        options.set(|builder| builder.resource_account(account));
    }
    for (key, value) in context {
        options.set(|builder| builder.context(&key, value));
    }
    Ok(Scenario::new(options.request()?, documents))
}

/// The request that the options describe, and what is wrong with them.
#[derive(Debug, Default)]
struct Options {
    builder: RequestBuilder,
    failures: Vec<Failure>,
}

impl Options {
    fn set(&mut self, set: impl FnOnce(&mut RequestBuilder) -> Result<&mut RequestBuilder, RequestError>) {
        if let Err(error) = set(&mut self.builder) {
            self.failures.push(wrong(error));
        }
    }

    /// Who asks, in the forms that scenarios have and the few that need no quotes.
    fn principal(&mut self, text: &str) -> Result<(), Failure> {
        let principal = match text {
            "anonymous" | "*" => Ok(Principal::anonymous()),
            service if service.ends_with(".amazonaws.com") || service.ends_with(".amazonaws.com.cn") => {
                Ok(Principal::service(service.to_owned()))
            }
            object if object.starts_with('{') => {
                let document = json::parse(object, &Limits::default()).map_err(|error| {
                    let help =
                        "an object is JSON, for example '{\"arn\": \"…\", \"tags\": {\"team\": \"a\"}}'";
                    Failure::Invalid { source: argument(text), errors: vec![error.with_help(help)] }
                })?;
                let mut reader = Reader::default();
                let read = read::principal(&mut reader, document.root(), &ScenarioLimits::default());
                reader.finish(read)
            }
            name => name.parse().map_err(|error: RequestError| {
                error.at(Span::new(0, u32::try_from(text.len()).unwrap_or(u32::MAX))).into()
            }),
        };
        match principal {
            Ok(principal) => _ = self.builder.principal(principal),
            Err(errors) => self.wrong_principal(text, errors),
        }
        Ok(())
    }

    /// Somebody in the account that owns the resource.
    fn unnamed(&mut self, args: &Request) -> Result<(), Failure> {
        let of_arn = args.resource.split(':').nth(4).filter(|account| !account.is_empty());
        let Some(account) = args.resource_account.as_deref().or(of_arn) else {
            return Err(Failure::usage(
                "nothing says who asks",
                "add --principal, or --resource-account to ask for somebody in the account that owns the resource",
            ));
        };
        self.set(|builder| builder.principal_of_account(account));
        Ok(())
    }

    fn wrong_principal(&mut self, text: &str, errors: Errors) {
        // Each mistake is drawn on its own, like those of the other options.
        let failure = |error| Failure::Invalid { source: argument(text), errors: vec![error] };
        self.failures.extend(errors.into_vec().into_iter().map(failure));
    }

    fn request(self) -> Result<OwnedRequest, Failure> {
        if !self.failures.is_empty() {
            return Err(Failure::Several(self.failures));
        }
        self.builder.build().map_err(wrong)
    }
}

/// The argument of `--principal` as a source that messages show.
fn argument(written: &str) -> Source {
    Source { name: "--principal".to_owned(), text: written.to_owned() }
}

/// A mistake with the option it comes from.
fn wrong(error: RequestError) -> Failure {
    let option = match error.member() {
        RequestMember::Principal => "--principal",
        RequestMember::Action => "--action",
        RequestMember::Resource => "--resource",
        RequestMember::ResourceAccount => "--resource-account",
        _ => "--context",
    };
    Failure::Arguments(vec![(option.into(), error.at(Span::default()))])
}

/// The context keys; a key given several times, or a JSON list, is a multivalued one.
fn context(entries: &[String]) -> Result<Vec<(String, ContextValue)>, Failure> {
    let mut context: Vec<(String, ContextValue)> = Vec::new();
    for entry in entries {
        let Some((key, text)) = entry.split_once('=').filter(|(key, _)| !key.is_empty()) else {
            return Err(Failure::usage(
                format!("--context {entry}: there is no value"),
                "write KEY=VALUE, for example --context aws:SourceAccount=111122223333",
            ));
        };
        let value = context_value(key, text)?;
        match context.iter_mut().find(|(known, _)| known == key) {
            None => context.push((key.to_owned(), value)),
            Some((_, known)) => {
                let values = [known.clone(), value].into_iter().flat_map(|value| match value {
                    ContextValue::One(value) => vec![value],
                    ContextValue::Many(values) => values,
                });
                *known = ContextValue::Many(values.collect());
            }
        }
    }
    Ok(context)
}

/// A value is its text, but for a JSON list.
fn context_value(key: &str, text: &str) -> Result<ContextValue, Failure> {
    let Some(document) = text.starts_with('[').then(|| json::parse(text, &Limits::default()).ok()).flatten()
    else {
        return Ok(text.into());
    };
    let mut reader = Reader::default();
    let value = read::context_value(&mut reader, document.root(), key);
    reader.finish(value).map_err(|errors| {
        let source = Source { name: format!("--context {key}"), text: text.to_owned() };
        Failure::Invalid { source, errors: errors.into_vec() }
    })
}

/// The policies, each named by its file.
fn documents(args: &Request) -> Result<Documents, Failure> {
    let mut files = PolicyFiles::default();
    for (kind, paths) in [
        (PolicyKind::Identity, &args.identity_policy),
        (PolicyKind::Resource, &args.resource_policy),
        (PolicyKind::PermissionsBoundary, &args.permissions_boundary),
        (PolicyKind::Session, &args.session_policy),
        (PolicyKind::VpcEndpoint, &args.vpc_endpoint_policy),
    ] {
        if !paths.is_empty() {
            files.attach(kind, paths.iter().map(PathBuf::as_path));
        }
    }
    for (kind, levels) in [
        (PolicyKind::ServiceControl, &args.service_control_policy),
        (PolicyKind::ResourceControl, &args.resource_control_policy),
    ] {
        for level in levels {
            files.attach(kind, level.split(',').map(Path::new));
        }
    }
    match files.failures.is_empty() {
        true => Ok(files.documents),
        false => Err(Failure::Several(files.failures)),
    }
}

/// Reads policy files and keeps what is wrong with them.
#[derive(Debug, Default)]
struct PolicyFiles {
    documents: Documents,
    failures: Vec<Failure>,
}

impl PolicyFiles {
    fn attach<'p>(&mut self, kind: PolicyKind, files: impl Iterator<Item = &'p Path>) {
        let documents: Vec<_> = files.filter_map(|file| self.read(file, kind)).collect();
        self.documents.attach(kind, documents);
    }

    fn read(&mut self, path: &Path, kind: PolicyKind) -> Option<Document> {
        let read = Source::read(path).and_then(|source| {
            match Document::parse(&source.text, kind, &Limits::default()) {
                Ok(document) => Ok(document.with_name(&source.name)),
                Err(errors) => Err(Failure::invalid(source, errors)),
            }
        });
        read.map_err(|failure| self.failures.push(failure)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_given_twice_is_multivalued_and_so_is_a_json_list() {
        let entries = |entries: &[&str]| {
            let entries: Vec<_> = entries.iter().map(|&entry| entry.to_owned()).collect();
            context(&entries).ok()
        };
        let many = |values: &[&str]| ContextValue::Many(values.iter().map(ToString::to_string).collect());
        let expected = vec![("a".to_owned(), many(&["1", "2"])), ("b".to_owned(), "x=y".into())];
        assert_eq!(entries(&["a=1", "b=x=y", "a=2"]), Some(expected));
        assert_eq!(entries(&[r#"a=["1"]"#, "a=2"]), Some(vec![("a".to_owned(), many(&["1", "2"]))]));
        assert_eq!(entries(&["a=[1e3, true]"]), Some(vec![("a".to_owned(), many(&["1e3", "true"]))]));
        assert_eq!(entries(&["a=[x"]), Some(vec![("a".to_owned(), "[x".into())]));
        assert_eq!(entries(&["a="]), Some(vec![("a".to_owned(), "".into())]));
        assert_eq!(entries(&["a"]), None);
        assert_eq!(entries(&["=a"]), None);
        assert_eq!(entries(&["a=[{}]"]), None);
    }
}
