//! A delivery written out step by step: who calls what, in which context, and which documents decide.

mod usual;

use std::collections::BTreeSet;

use bailiwick_source::json::{Kind, Value};
use bailiwick_source::object::{Fields, Reader};
use bailiwick_source::{Quoted, nearest};

use crate::must::Must;
use crate::step::{Call, Caller, Check, Combine, ContextValue, Operation, Phase, Requirement, Step};
use bailiwick_environment::{DocumentGroup, Environment};
use usual::{owner, usual_combine, usual_documents, with_resource};

/// More steps than this are no delivery.
const MOST_STEPS: usize = 200;

const CALL: [&str; 16] = [
    "step",
    "phase",
    "name",
    "principal",
    "action",
    "resource",
    "resourceAccount",
    "context",
    "consult",
    "combine",
    "optional",
    "error",
    "why",
    "note",
    "expected_decision",
    "expectedDecision",
];
const STATIC: [&str; 13] = [
    "step",
    "phase",
    "name",
    "check",
    "rule",
    "observed",
    "required",
    "optional",
    "error",
    "why",
    "note",
    "expected_decision",
    "expectedDecision",
];
const OPERATION: [&str; 11] = [
    "step",
    "phase",
    "name",
    "operation",
    "account",
    "region",
    "input",
    "principal",
    "optional",
    "error",
    "why",
];

/// Reads a list of steps. `phase` holds for those that do not say theirs.
pub(crate) fn read(
    reader: &mut Reader,
    value: Value<'_, '_>,
    environment: &Environment,
    phase: Option<Phase>,
) -> Vec<Step> {
    let items = reader.list(value, "the list of steps");
    if items.is_empty() && value.kind() == Kind::Array {
        reader.invalid(value, "a delivery has at least one step", "write who calls what");
    }
    if items.len() > MOST_STEPS {
        let message = format!("a delivery has {} steps", items.len());
        reader.invalid(value, message, "at most 200 steps are run");
        return Vec::new();
    }
    items.into_iter().filter_map(|item| step(reader, item, environment, phase)).collect()
}

fn step(
    reader: &mut Reader,
    value: Value<'_, '_>,
    environment: &Environment,
    phase: Option<Phase>,
) -> Option<Step> {
    let is = |member: &str| value.member(member).is_some();
    let (fields, check) = if is("operation") {
        let fields = reader.object(value, "an operation", &OPERATION)?;
        let check = Check::Operation(operation(reader, &fields)?);
        (fields, check)
    } else if is("check") || is("rule") {
        let fields = reader.object(value, "a requirement", &STATIC)?;
        let check = Check::Requirement(requirement(reader, &fields)?);
        (fields, check)
    } else {
        let fields = reader.object(value, "a step", &CALL)?;
        let check = Check::Call(call(reader, &fields, environment)?);
        (fields, check)
    };
    let name = text(reader, &fields, "name").unwrap_or_else(|| match &check {
        Check::Call(call) => call.action.clone(),
        Check::Requirement(requirement) => requirement.rule.clone(),
        Check::Operation(operation) => operation.name.clone(),
    });
    let phase = match fields.get("phase") {
        Some(value) => self::phase(reader, value)?,
        None => phase.unwrap_or(match check {
            Check::Call(_) => Phase::Delivery,
            Check::Requirement(_) | Check::Operation(_) => Phase::Setup,
        }),
    };
    let optional =
        fields.get("optional").and_then(|value| reader.boolean(value, "optional")).unwrap_or(false);
    Some(Step { phase, name, check, optional, error: text(reader, &fields, "error") })
}

/// Reads `setup` or `delivery`.
pub(crate) fn phase(reader: &mut Reader, value: Value<'_, '_>) -> Option<Phase> {
    match &*reader.string(value, "phase")? {
        "setup" => Some(Phase::Setup),
        "delivery" => Some(Phase::Delivery),
        other => {
            reader.invalid(
                value,
                format!("there is no phase {}", Quoted(other)),
                "phases are setup and delivery",
            );
            None
        }
    }
}

fn text(reader: &mut Reader, fields: &Fields<'_, '_>, name: &str) -> Option<String> {
    let value = fields.get(name)?;
    match value.kind() {
        Kind::Number | Kind::Boolean => Some(value.text().to_owned()),
        _ => reader.string(value, name).map(std::borrow::Cow::into_owned),
    }
}

fn required(reader: &mut Reader, fields: &Fields<'_, '_>, name: &str, what: &str) -> Option<String> {
    reader.required(fields, name, what)?;
    text(reader, fields, name)
}

fn requirement(reader: &mut Reader, fields: &Fields<'_, '_>) -> Option<Requirement> {
    let what = "a requirement";
    let rule = text(reader, fields, "rule").or_else(|| text(reader, fields, "name"));
    let observed = required(reader, fields, "observed", what);
    let required = required(reader, fields, "required", what)?;
    Some(Requirement {
        rule: rule.unwrap_or_else(|| "requirement".to_owned()),
        observed: Some(observed?),
        must: Must::parse(&required),
        assume: None,
        look_up: None,
        doubt: None,
    })
}

fn operation(reader: &mut Reader, fields: &Fields<'_, '_>) -> Option<Operation> {
    let what = "an operation";
    let name = required(reader, fields, "operation", what);
    let account = required(reader, fields, "account", what);
    let region = required(reader, fields, "region", what);
    let input = reader.required(fields, "input", what).map(|value| value.text().to_owned());
    let caller = text(reader, fields, "principal");
    Some(Operation { name: name?, account: account?, region: region?, input: input?, caller })
}

fn call(reader: &mut Reader, fields: &Fields<'_, '_>, environment: &Environment) -> Option<Call> {
    let what = "a step";
    let caller = reader.required(fields, "principal", what).and_then(|value| caller(reader, value));
    let action = required(reader, fields, "action", what).filter(|action| action.contains(':'));
    let resource = required(reader, fields, "resource", what);
    let context = fields.get("context").map_or_else(Vec::new, |value| context(reader, value));
    let account = text(reader, fields, "resourceAccount");
    let combine = match fields.get("combine") {
        Some(value) => Some(combine(reader, value)?),
        None => None,
    };
    let (caller, resource) = (caller?, resource?);
    let Some(action) = action else {
        if let Some(value) = fields.get("action") {
            reader.invalid(
                value,
                "an action has the form service:Name",
                "write for example logs:PutLogEvents",
            );
        }
        return None;
    };
    let listed = fields.get("consult").map(|value| consult(reader, value, environment));
    let combine = combine.unwrap_or_else(|| usual_combine(&caller, &resource));
    let usual = usual_documents(&caller, &action, &resource, combine);
    let consult = match listed {
        Some(listed) => with_resource(listed, &usual, environment),
        None => usual,
    };
    let resource_account = account.or_else(|| owner(environment, &resource, &consult));
    Some(Call {
        caller,
        action,
        resource,
        or_resource: None,
        resource_account,
        context,
        carries: None,
        consult,
        combine,
        unknowns: Vec::new(),
        missing: Vec::new(),
        doubt: None,
    })
}

/// A principal: as scenarios write it, or `{"type", "value"}`.
fn caller(reader: &mut Reader, value: Value<'_, '_>) -> Option<Caller> {
    const MEMBERS: [&str; 7] = ["type", "value", "account", "service", "arn", "anonymous", "note"];
    if value.kind() == Kind::String {
        let text = value.as_str()?;
        let is_service = !text.starts_with("arn:") && text.contains('.');
        return Some(if is_service { Caller::Service(vec![text.into()]) } else { Caller::Arn(text.into()) });
    }
    let fields = reader.object(value, "principal", &MEMBERS)?;
    if let Some(service) = fields.get("service") {
        let names = match service.kind() {
            Kind::Array => service
                .items()
                .filter_map(|name| reader.string(name, "a service name"))
                .map(Into::into)
                .collect(),
            _ => vec![reader.string(service, "service")?.into()],
        };
        return Some(Caller::Service(names));
    }
    if let Some(arn) = text(reader, &fields, "arn") {
        return Some(Caller::Arn(arn));
    }
    if fields.get("anonymous").is_some() {
        return Some(Caller::Anonymous);
    }
    let kind = required(reader, &fields, "type", "principal")?;
    match kind.as_str() {
        "Anonymous" => Some(Caller::Anonymous),
        "Service" => Some(Caller::Service(vec![required(reader, &fields, "value", "principal")?])),
        "User" | "Role" | "AssumedRole" | "Session" | "FederatedUser" | "Root" | "Account" | "AWS"
        | "ServiceLinkedRole" => Some(Caller::Arn(required(reader, &fields, "value", "principal")?)),
        other => {
            let kinds = [
                "Service",
                "Role",
                "User",
                "AssumedRole",
                "FederatedUser",
                "Root",
                "Account",
                "ServiceLinkedRole",
                "Anonymous",
            ];
            let help = nearest(other, &kinds).map_or_else(
                || format!("types are {}", kinds.join(", ")),
                |near| format!("did you mean {near:?}?"),
            );
            reader.invalid(value, format!("there is no type of principal {}", Quoted(other)), &help);
            None
        }
    }
}

fn context(reader: &mut Reader, value: Value<'_, '_>) -> Vec<(String, ContextValue)> {
    if value.kind() != Kind::Object {
        reader.wrong_type(value, "context", "an object");
        return Vec::new();
    }
    let mut context: Vec<(String, ContextValue)> = Vec::new();
    let mut names = BTreeSet::new();
    for (key, value) in value.members() {
        if !names.insert(key.value.to_ascii_lowercase()) {
            reader.invalid(
                value,
                format!("the context key {} is given twice", Quoted(&key.value)),
                "letter case does not matter",
            );
            continue;
        }
        let scalar = |value: Value<'_, '_>| match value.kind() {
            Kind::String => value.as_str().map(std::borrow::Cow::into_owned),
            Kind::Number | Kind::Boolean => Some(value.text().to_owned()),
            _ => None,
        };
        let read = match value.kind() {
            // A key that is null is absent.
            Kind::Null => continue,
            Kind::Array => value.items().map(scalar).collect::<Option<Vec<_>>>().map(ContextValue::Many),
            _ => scalar(value).map(ContextValue::One),
        };
        match read {
            Some(read) => context.push((key.value.into_owned(), read)),
            None => {
                reader.wrong_type(value, "a context value", "a string, number, boolean, or a list of them");
            }
        }
    }
    context
}

fn combine(reader: &mut Reader, value: Value<'_, '_>) -> Option<Combine> {
    let names = ["resource", "identity", "identity_and_resource", "identity_or_resource"];
    match &*reader.string(value, "combine")? {
        "resource" | "trust" => Some(Combine::Resource),
        "identity" => Some(Combine::Identity),
        "identity_and_resource" => Some(Combine::IdentityAndResource),
        "identity_or_resource" => Some(Combine::IdentityOrResource),
        other => {
            reader.invalid(
                value,
                format!("combine is {}", Quoted(other)),
                &format!("write one of {}", names.join(", ")),
            );
            None
        }
    }
}

fn consult(reader: &mut Reader, value: Value<'_, '_>, environment: &Environment) -> Vec<DocumentGroup> {
    let references = environment.references();
    let mut wants = Vec::new();
    for item in reader.list(value, "consult") {
        let Some(reference) = reader.string(item, "a ref") else { continue };
        if references.contains(&*reference) {
            wants.push(DocumentGroup::Named(reference.into_owned()));
        } else {
            let known: Vec<&str> = references.iter().map(String::as_str).collect();
            let help = match nearest(&reference, &known) {
                Some(near) => format!("did you mean {}?", Quoted(near)),
                None => "consult names policies of the environment by their ref".to_owned(),
            };
            reader.invalid(item, format!("no policy has the ref {}", Quoted(&reference)), &help);
        }
    }
    wants
}
