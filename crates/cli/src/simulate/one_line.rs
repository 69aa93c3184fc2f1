//! A request written on the command line: a scenario made of options and policy files.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use bailiwick_evaluator::PolicyKind;
use bailiwick_scenario::Scenario;
use bailiwick_source::json::{self, Limits};
use bailiwick_source::{Error, Span};
use serde_json::{Map, Value, json};

use crate::args::Request;
use crate::failure::Failure;
use crate::source::Source;

/// The scenario that the options describe.
pub(crate) fn scenario(action: &str, args: &Request) -> Result<Scenario, Failure> {
    let policies = policies(args)?;
    let principal = principal(args)?;
    let mut request = json!({
        "action": action,
        "resource": args.resource,
        "context": context(&args.context)?,
    });
    if let (Some(account), Value::Object(request)) = (&args.resource_account, &mut request) {
        request.insert("resourceAccount".to_owned(), account.as_str().into());
    }
    // The principal is put in as it was written: what reads the scenario says what is wrong with it.
    let request = request.to_string();
    let rest = request.strip_prefix('{').unwrap_or_default();
    const BEFORE: &str = r#"{"request":{"principal":"#;
    let text = format!("{BEFORE}{principal},{rest},\"policies\":{policies}}}");
    Scenario::parse(&text).map_err(|errors| {
        let place = Span::new(to_offset(BEFORE.len()), to_offset(BEFORE.len() + principal.len()));
        let failures = errors.into_vec().into_iter().map(|error| match &args.principal {
            Some(written) if place.contains(error.span) => Failure::Invalid {
                source: argument(written),
                errors: vec![within(error, place.start, written)],
            },
            _ => Failure::Arguments(vec![named(&error, &text)]),
        });
        Failure::Several(failures.collect())
    })
}

/// An argument as a source that messages show.
fn argument(written: &str) -> Source {
    Source { name: "--principal".to_owned(), text: written.to_owned() }
}

/// A mistake with its places in the argument, which is JSON from `start` on, or else a text that is wrong as a whole.
fn within(error: Error, start: u32, written: &str) -> Error {
    let back = |span: Span| match written.starts_with('{') {
        true => Span::new(span.start.saturating_sub(start), span.end.saturating_sub(start)),
        false => Span::new(0, to_offset(written.len())),
    };
    let related = error.related.map(|(span, what)| (back(span), what));
    Error { span: back(error.span), related, ..error }
}

fn to_offset(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Who asks, in the forms that scenarios have and the few that need no quotes.
fn principal(args: &Request) -> Result<String, Failure> {
    let Some(text) = args.principal.as_deref() else { return unnamed(args) };
    if text.starts_with('{') {
        return match json::parse(text, &Limits::default()) {
            Ok(_) => Ok(text.to_owned()),
            Err(error) => {
                let help = "an object is JSON, for example '{\"arn\": \"…\", \"tags\": {\"team\": \"a\"}}'";
                Err(Failure::Invalid { source: argument(text), errors: vec![error.with_help(help)] })
            }
        };
    }
    let principal = match text {
        "anonymous" | "*" => json!({"anonymous": true}),
        service if service.ends_with(".amazonaws.com") || service.ends_with(".amazonaws.com.cn") => {
            json!({"service": service})
        }
        other => other.into(),
    };
    Ok(principal.to_string())
}

/// Somebody in the account that owns the resource.
fn unnamed(args: &Request) -> Result<String, Failure> {
    let of_arn = args.resource.split(':').nth(4).filter(|account| !account.is_empty());
    match args.resource_account.as_deref().or(of_arn) {
        Some(account) => Ok(json!({"account": account}).to_string()),
        None => Err(Failure::usage(
            "nothing says who asks",
            "add --principal, or --resource-account to ask for somebody in the account that owns the resource",
        )),
    }
}

/// The context keys; a key given several times, or a JSON list, is a multivalued one.
fn context(entries: &[String]) -> Result<Value, Failure> {
    let mut context: Map<String, Value> = Map::new();
    for entry in entries {
        let Some((key, text)) = entry.split_once('=').filter(|(key, _)| !key.is_empty()) else {
            return Err(Failure::usage(
                format!("--context {entry}: there is no value"),
                "write KEY=VALUE, for example --context aws:SourceAccount=111122223333",
            ));
        };
        let value = if text.starts_with('[') {
            serde_json::from_str(text).unwrap_or_else(|_| text.into())
        } else {
            text.into()
        };
        match context.get_mut(key) {
            None => {
                context.insert(key.to_owned(), value);
            }
            Some(Value::Array(values)) => match value {
                Value::Array(more) => values.extend(more),
                one => values.push(one),
            },
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }
    Ok(Value::Object(context))
}

/// The policies, each named by its file.
fn policies(args: &Request) -> Result<Value, Failure> {
    let mut reader = Reader::default();
    let mut policies = Map::new();
    for (kind, files) in [
        (PolicyKind::Identity, &args.identity_policy),
        (PolicyKind::Resource, &args.resource_policy),
        (PolicyKind::PermissionsBoundary, &args.permissions_boundary),
        (PolicyKind::Session, &args.session_policy),
        (PolicyKind::VpcEndpoint, &args.vpc_endpoint_policy),
    ] {
        if !files.is_empty() {
            policies.insert(kind.to_string(), reader.list(files.iter().map(PathBuf::as_path), kind));
        }
    }
    for (kind, levels) in [
        (PolicyKind::ServiceControl, &args.service_control_policy),
        (PolicyKind::ResourceControl, &args.resource_control_policy),
    ] {
        if !levels.is_empty() {
            let levels = levels.iter().map(|level| reader.list(level.split(',').map(Path::new), kind));
            let levels: Vec<_> = levels.collect();
            policies.insert(kind.to_string(), levels.into());
        }
    }
    match reader.failures.is_empty() {
        true => Ok(Value::Object(policies)),
        false => Err(Failure::Several(reader.failures)),
    }
}

/// Reads policy files and keeps what is wrong with them.
#[derive(Debug, Default)]
struct Reader {
    failures: Vec<Failure>,
}

impl Reader {
    fn list<'p>(&mut self, files: impl Iterator<Item = &'p Path>, kind: PolicyKind) -> Value {
        files.filter_map(|file| self.file(file, kind)).collect()
    }

    /// The entry for one file. What is wrong with it is found here, where its own places are known.
    fn file(&mut self, path: &Path, kind: PolicyKind) -> Option<Value> {
        let read = Source::read(path).and_then(|source| {
            let checked = bailiwick_parser::parse(&source.text)
                .and_then(|document| bailiwick_normalizer::normalize(&document, Some(kind)).map(drop));
            match checked {
                Ok(()) => Ok(source),
                Err(errors) => Err(Failure::invalid(source, errors)),
            }
        });
        match read {
            Ok(source) => Some(json!({"name": source.name, "document": source.text})),
            Err(failure) => {
                self.failures.push(failure);
                None
            }
        }
    }
}

/// A mistake with the option it comes from.
fn named(error: &Error, text: &str) -> (Cow<'static, str>, Error) {
    let pointer = json::parse(text, &Limits::default())
        .map(|document| document.pointer_to(error.span))
        .unwrap_or_default();
    let option = match pointer.strip_prefix("/request/").and_then(|rest| rest.split('/').next()) {
        Some("principal") => "--principal",
        Some("action") => "--action",
        Some("resource") => "--resource",
        Some("resourceAccount") => "--resource-account",
        Some("context") => "--context",
        _ => return (pointer.into(), error.clone()),
    };
    (option.into(), error.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_given_twice_is_multivalued_and_so_is_a_json_list() {
        let entries = |entries: &[&str]| {
            let entries: Vec<_> = entries.iter().map(|&entry| entry.to_owned()).collect();
            context(&entries).ok().map(|value| value.to_string())
        };
        assert_eq!(entries(&["a=1", "b=x=y", "a=2"]).as_deref(), Some(r#"{"a":["1","2"],"b":"x=y"}"#));
        assert_eq!(entries(&[r#"a=["1"]"#, "a=2"]).as_deref(), Some(r#"{"a":["1","2"]}"#));
        assert_eq!(entries(&["a=[x"]).as_deref(), Some(r#"{"a":"[x"}"#));
        assert_eq!(entries(&["a="]).as_deref(), Some(r#"{"a":""}"#));
        assert_eq!(entries(&["a"]), None);
        assert_eq!(entries(&["=a"]), None);
    }
}
