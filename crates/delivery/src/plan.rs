//! From a kind of the catalogue and the members of a delivery to steps.

use std::collections::BTreeMap;

use bailiwick_parser::json::{Kind as JsonKind, Value};
use bailiwick_parser::{Code, Error, Quoted, nearest};
use bailiwick_scenario::read::Reader;

use crate::arn::{field, is_arn};
use crate::catalogue::{
    self, CallSpec, Check as CheckSpec, CombineSpec, Doc, Kind, RequireSpec, UnknownSpec, Val, When, Who,
};
use crate::environment::read::is_account;
use crate::environment::{Environment, Want};
use crate::must::Must;
use crate::simulate::Around;
use crate::step::{Call, Caller, Check, Combine, ContextValue, Phase, Requirement, Step, Unknown};
use crate::values::Values;

/// The members every kind has.
pub(crate) const COMMON: [&str; 8] = [
    "kind",
    "source",
    "destination",
    "sourceAccount",
    "destinationAccount",
    "region",
    "caller",
    "organization",
];

/// Reads `delivery` of a kind.
pub(crate) fn read(
    reader: &mut Reader,
    value: Value<'_, '_>,
    environment: &Environment,
    around: &mut Around,
) -> Option<Vec<Step>> {
    let (kind, given) = members(reader, value)?;
    around.notes.extend(kind.notes.iter().map(|note| (*note).to_owned()));
    match steps(kind, given, environment) {
        Ok(steps) => Some(steps),
        Err(names) => {
            for name in names {
                let message = format!("a delivery of kind {:?} needs {}", kind.name, needs(kind, &name));
                reader.report(Error::new(Code::MissingMember, value.span(), message));
            }
            None
        }
    }
}

/// The kind of a delivery and its members.
pub(crate) fn members(
    reader: &mut Reader,
    value: Value<'_, '_>,
) -> Option<(&'static Kind, BTreeMap<String, String>)> {
    if value.kind() != JsonKind::Object {
        reader.wrong_type(value, "delivery", "an object");
        return None;
    }
    let Some(name) = value.member("kind") else {
        let message = "a delivery must have the member \"kind\", or the member \"steps\"";
        reader.report(Error::new(Code::MissingMember, value.span(), message).with_help(kinds_help("")));
        return None;
    };
    let text = reader.string(name, "kind")?;
    let Some(kind) = Kind::find(&text) else {
        reader.invalid(name, format!("there is no kind of delivery {}", Quoted(&text)), &kinds_help(&text));
        return None;
    };
    let members: Vec<&str> =
        COMMON.iter().copied().chain(kind.options.iter().map(|option| option.name)).collect();
    let fields = reader.object(value, &format!("a delivery of kind {text:?}"), &members)?;
    let mut given = BTreeMap::new();
    for member in members {
        let Some(value) = fields.get(member) else { continue };
        let text = match value.kind() {
            JsonKind::Boolean | JsonKind::Number => value.text().to_owned(),
            _ => reader.string(value, member)?.into_owned(),
        };
        let wants_arn =
            matches!(member, "source" | "destination" | "caller" | "role" | "senderRole" | "destinationRole");
        if wants_arn && !is_arn(&text) {
            let help = "an ARN has six parts: arn:partition:service:region:account:resource";
            reader.invalid(value, format!("{member} is {}, not an ARN", Quoted(&text)), help);
            return None;
        }
        if matches!(member, "sourceAccount" | "destinationAccount") && !is_account(&text) {
            reader.invalid(
                value,
                format!("{member} is {}, not an account ID", Quoted(&text)),
                "write its twelve digits",
            );
            return None;
        }
        if member == "region" && !is_region(&text) {
            let help = "write its code, such as us-east-1";
            reader.invalid(value, format!("region is {}, not a Region", Quoted(&text)), help);
            return None;
        }
        given.insert(member.to_owned(), text);
    }
    Some((kind, given))
}

/// Whether a text has the shape of a Region's code: words of small letters and a number, such as `us-gov-west-1`.
fn is_region(text: &str) -> bool {
    text.rsplit_once('-').is_some_and(|(words, number)| {
        let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
        words.contains('-')
            && words.split('-').all(is_word)
            && !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn kinds_help(name: &str) -> String {
    let names: Vec<&str> = catalogue::kinds().map(|kind| kind.name).collect();
    match nearest(name, &names) {
        Some(near) => format!("did you mean {near:?}?"),
        None => format!("kinds are {}", names.join(", ")),
    }
}

/// What to write where a value is missing.
fn needs(kind: &Kind, name: &str) -> String {
    let subject = name.split('.').next().unwrap_or(name);
    match subject {
        "source" if name == "source.account" => {
            "\"sourceAccount\": the ARN of the source names none".to_owned()
        }
        "source" => format!("\"source\": {}", kind.source),
        "destination" if name == "destination.account" => {
            "\"destinationAccount\": the ARN of the destination names none".to_owned()
        }
        "destination" => format!("\"destination\": {}", kind.destination),
        "group" => "\"destination\" to be the ARN of a log group".to_owned(),
        "bucket" if name == "bucket.account" => {
            "\"destinationAccount\": the account that owns the bucket".to_owned()
        }
        "bucket" => "\"destination\" to be the ARN of a bucket".to_owned(),
        "account" => "\"sourceAccount\": the ARN of the source names none".to_owned(),
        "role" | "target" if !kind.options.iter().any(|option| option.name == subject && option.required) => {
            format!("{name:?}, or the destination in the environment (aws logs describe-destinations)")
        }
        _ => match kind.options.iter().find(|option| option.name == subject) {
            Some(option) => format!("{:?}: {}", option.name, option.meaning),
            None => format!("{subject:?}"),
        },
    }
}

/// The steps of a delivery of a kind.
///
/// # Errors
///
/// The names of the values that are missing.
pub(crate) fn steps(
    kind: &Kind,
    given: BTreeMap<String, String>,
    environment: &Environment,
) -> Result<Vec<Step>, Vec<String>> {
    let mut missing: Vec<String> = Vec::new();
    if !kind.source.is_empty() && !given.contains_key("source") {
        missing.push("source".to_owned());
    }
    if !kind.destination.is_empty() && !given.contains_key("destination") {
        missing.push("destination".to_owned());
    }
    let mut values = Values::new(given, environment);
    for rule in kind.lets {
        if holds(rule.when, &values)
            && let Ok(value) = values.render(rule.value)
        {
            values.set(rule.name, value);
        }
    }
    let required = kind.options.iter().filter(|option| option.required && values.get(option.name).is_none());
    missing.extend(required.map(|option| option.name.to_owned()));
    let mut steps = Vec::new();
    for check in kind.checks {
        let step = match check {
            CheckSpec::Call(call) if holds(call.when, &values) => self::call(call, &values),
            CheckSpec::Require(require) if holds(require.when, &values) => requirement(require, &values),
            CheckSpec::Call(_) | CheckSpec::Require(_) => continue,
        };
        match step {
            Ok(step) => steps.push(step),
            Err(name) => missing.push(name),
        }
    }
    missing.sort();
    missing.dedup();
    if missing.is_empty() { Ok(steps) } else { Err(missing) }
}

/// The documents a delivery of a kind consults, as far as its members say which.
pub(crate) fn wants(kind: &Kind, given: BTreeMap<String, String>, environment: &Environment) -> Vec<Want> {
    let mut values = Values::new(given, environment);
    for rule in kind.lets {
        if holds(rule.when, &values)
            && let Ok(value) = values.render(rule.value)
        {
            values.set(rule.name, value);
        }
    }
    let calls = kind.checks.iter().filter_map(|check| match check {
        CheckSpec::Call(call) if holds(call.when, &values) => Some(call),
        _ => None,
    });
    let mut wants: Vec<Want> =
        calls.flat_map(|call| call.documents).filter_map(|doc| want(*doc, &values).ok()).collect();
    let mut seen = std::collections::BTreeSet::new();
    wants.retain(|want| seen.insert(want.clone()));
    wants
}

fn holds(when: When, values: &Values<'_>) -> bool {
    match when {
        When::Always => true,
        When::If(name) => values.get(name).is_some(),
        When::Unless(name) => values.get(name).is_none(),
        When::Is(name, value) => values.get(name).as_deref() == Some(value),
        When::IsNot(name, value) => values.get(name).is_none_or(|given| given != value),
        When::OneOf(name, these) => values.get(name).is_some_and(|given| these.contains(&&*given)),
        When::NoneOf(name, these) => values.get(name).is_none_or(|given| !these.contains(&&*given)),
        When::All(all) => all.iter().all(|when| holds(*when, values)),
    }
}

fn requirement(spec: &RequireSpec, values: &Values<'_>) -> Result<Step, String> {
    // What is compared with something nobody looked up is taken to be right, where that is the usual case.
    let (required, observed) = match (values.render(spec.required), spec.assume) {
        (Ok(required), _) => (required, values.render(spec.observed).ok()),
        (Err(_), Some(assume)) => (values.render(assume)?, None),
        (Err(name), None) => return Err(name),
    };
    let requirement = Requirement {
        rule: values.render(spec.rule)?,
        observed,
        must: Must::parse(&required),
        assume: spec.assume.map(|text| values.render(text)).transpose()?,
        look_up: spec.look_up.map(str::to_owned),
        doubt: spec.doubt.map(str::to_owned),
    };
    Ok(Step {
        phase: Phase::Setup,
        name: requirement.rule.clone(),
        check: Check::Requirement(requirement),
        optional: false,
        error: spec.error.map(str::to_owned),
    })
}

fn call(spec: &CallSpec, values: &Values<'_>) -> Result<Step, String> {
    let caller = match spec.who {
        Who::Service(names) => {
            let mut names = names.iter().map(|name| values.render(name)).collect::<Result<Vec<_>, _>>()?;
            names.dedup();
            Caller::Service(names)
        }
        Who::Arn(arn) => Caller::Arn(values.render(arn)?),
    };
    let mut missing = Vec::new();
    let mut context = Vec::new();
    for (key, value) in spec.context {
        let value = match value {
            Val::One(text) => ContextValue::One(values.render(text)?),
            Val::Many(texts) => {
                ContextValue::Many(texts.iter().map(|text| values.render(text)).collect::<Result<_, _>>()?)
            }
            Val::Fact(text, what) => match values.render(text) {
                Ok(value) if value == "absent" => continue,
                Ok(value) => ContextValue::One(value),
                Err(_) if what.is_empty() => continue,
                Err(_) => {
                    missing.push(values.render(what)?);
                    continue;
                }
            },
        };
        context.push(((*key).to_owned(), value));
    }
    let resource = values.render(spec.resource)?;
    let owner = spec.owner.and_then(|owner| values.render(owner).ok());
    let owned_by = owner.clone().unwrap_or_else(|| field(&resource, 4).to_owned());
    let same_account = caller.account().is_some_and(|account| owned_by.is_empty() || account == owned_by);
    let combine = match spec.combine {
        CombineSpec::Resource => Combine::Resource,
        CombineSpec::Identity => Combine::Identity,
        CombineSpec::ByAccount if same_account => Combine::IdentityOrResource,
        CombineSpec::Both | CombineSpec::ByAccount => Combine::IdentityAndResource,
    };
    let consult = spec.documents.iter().map(|doc| want(*doc, values)).collect::<Result<_, _>>()?;
    let unknowns = spec
        .unknowns
        .iter()
        .chain(caller.is_service().then_some(&catalogue::ORGANIZATION))
        .filter(|unknown| holds(unknown.when, values))
        .map(|unknown| self::unknown(unknown, values))
        .collect::<Result<_, _>>()?;
    let call = Call {
        caller,
        action: values.render(spec.action)?,
        resource,
        or_resource: spec.or_resource.map(|text| values.render(text)).transpose()?,
        resource_account: owner,
        context,
        consult,
        combine,
        unknowns,
        missing,
        doubt: spec.doubt.map(str::to_owned),
    };
    Ok(Step {
        phase: if spec.setup { Phase::Setup } else { Phase::Delivery },
        name: values.render(spec.name)?,
        check: Check::Call(call),
        optional: spec.optional,
        error: spec.error.map(|error| values.render(error)).transpose()?,
    })
}

fn unknown(spec: &UnknownSpec, values: &Values<'_>) -> Result<Unknown, String> {
    let render = |text: &Option<&str>| text.map(|text| values.render(text)).transpose();
    Ok(Unknown {
        key: spec.key.to_owned(),
        fact: spec.fact.to_owned(),
        values: spec.values.iter().map(render).collect::<Result<_, _>>()?,
        prefix: render(&spec.prefix)?,
        pattern: render(&spec.pattern)?,
        any: spec.any,
    })
}

fn want(doc: Doc, values: &Values<'_>) -> Result<Want, String> {
    Ok(match doc {
        Doc::LogGroup(arn) => Want::LogGroup(values.render(arn)?),
        Doc::Xray => Want::Xray { account: values.render("{account}")?, region: values.render("{region}")? },
        Doc::Attached(kind, arn) => Want::Attached(kind, values.render(arn)?),
        Doc::Identity(arn) => Want::Identity(values.render(arn)?),
        Doc::LogDeliveryRole => Want::Fixed(catalogue::log_delivery_role()),
        Doc::LogDeliveryRoleTrust => Want::Fixed(catalogue::log_delivery_role_trust()),
        Doc::WafLoggingRole => Want::Fixed(catalogue::waf_logging_role()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_has_words_and_a_number() {
        for region in ["us-east-1", "us-gov-west-1", "cn-north-1", "eusc-de-east-1", "ap-southeast-7"] {
            assert!(is_region(region), "{region}");
        }
        for other in
            ["", "us-east", "useast1", "us-east-", "-1", "us--1", "US-EAST-1", "us-east-1a", "us east-1"]
        {
            assert!(!is_region(other), "{other}");
        }
    }

    #[test]
    fn accounts_and_regions_are_what_they_say() {
        let refused = |member: &str| {
            let text = format!(
                r#"{{"delivery": {{"kind": "route53-query-logging", "source": "arn:aws:route53:::hostedzone/Z1",
                    "destination": "arn:aws:logs:us-east-1:111122223333:log-group:/aws/route53/e", {member}}}}}"#
            );
            crate::Delivery::parse(&text).map(drop).unwrap_err().to_string()
        };
        assert!(refused(r#""sourceAccount": "12""#).contains("not an account ID"));
        assert!(refused(r#""region": "Ireland""#).contains("not a Region"));
    }
}
