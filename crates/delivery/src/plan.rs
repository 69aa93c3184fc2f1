//! From a kind of the catalogue and the members of a delivery to steps.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick_source::json::Value;
use bailiwick_source::object::Reader;
use bailiwick_source::{Code, Error};

use crate::catalogue::{
    self, CallSpec, Check as CheckSpec, CombineSpec, Doc, Kind, RequireSpec, UnknownSpec, Val, When, Who,
};
use crate::collect;
use crate::members;
use crate::must::Must;
use crate::policies::{self, Policies};
use crate::simulate::Around;
use crate::step::{
    Call, Caller, Carries, Check, Combine, ContextValue, Maker, Phase, Requirement, Step, Unknown,
};
use crate::values::Values;
use bailiwick_environment::DocumentKind;
use bailiwick_environment::arn::field;
use bailiwick_environment::{DocumentGroup, Environment};

/// Reads `delivery` of a kind.
pub(crate) fn read(
    reader: &mut Reader,
    value: Value<'_, '_>,
    environment: &Environment,
    around: &mut Around,
) -> Option<Vec<Step>> {
    let (kind, given) = members::read(reader, value)?;
    if !members::key_agrees(reader, value, kind, &given, environment) {
        return None;
    }
    around.uncollected = uncollected(kind, &given, environment);
    around.uncollected.extend(other_owner(&given, environment));
    around.notes.extend(kind.notes.iter().map(|note| (*note).to_owned()));
    match steps(kind, given, environment) {
        Ok((steps, assumed)) => {
            around.assumed = assumed;
            Some(steps)
        }
        Err(names) => {
            // Several values may follow from one member.
            let mut said = BTreeSet::new();
            for name in names {
                let needs = members::needs(kind, &name);
                if !said.insert(needs.split(':').next().unwrap_or_default().to_owned()) {
                    continue;
                }
                let message = format!("a delivery of kind {:?} needs {}", kind.name, needs);
                reader.report(Error::new(Code::MISSING_MEMBER, value.span(), message));
            }
            None
        }
    }
}

/// A bucket whose policy was collected in another account than its owner's.
fn other_owner(given: &BTreeMap<String, String>, environment: &Environment) -> Option<String> {
    let (said, destination) = (given.get("destinationAccount")?, given.get("destination")?);
    let bucket = destination.split('/').next()?;
    let owner = environment.fact(bucket, "account").filter(|owner| owner != said)?;
    Some(format!("whose {bucket} is: destinationAccount says {said}, its policy was collected in {owner}"))
}

/// What was to be collected for this delivery and was not.
fn uncollected(kind: &Kind, given: &BTreeMap<String, String>, environment: &Environment) -> Vec<String> {
    if environment.uncollected().is_empty() {
        return Vec::new();
    }
    // Whose credentials a call needs is not always known before, so accounts are not compared.
    let commands = collect::commands(kind, given);
    let paths: BTreeSet<String> = commands.iter().map(collect::CollectCommand::subject).collect();
    let uncollected = environment.uncollected().iter().filter(|it| paths.contains(&it.path));
    uncollected.map(|it| it.what.clone()).collect()
}

/// The steps of a delivery of a kind, and what was taken to be so.
///
/// # Errors
///
/// The names of the values that are missing.
pub(crate) fn steps(
    kind: &Kind,
    given: BTreeMap<String, String>,
    environment: &Environment,
) -> Result<(Vec<Step>, Vec<String>), Vec<String>> {
    let mut missing: Vec<String> = Vec::new();
    if !kind.source.is_empty() && !given.contains_key("source") {
        missing.push("source".to_owned());
    }
    if !kind.destination.is_empty() && !given.contains_key("destination") {
        missing.push("destination".to_owned());
    }
    let (values, mut assumed) = values_of(kind, given, environment);
    if values.get("group").is_some() && values.get("group.exists").is_none() {
        assumed.extend(
            values.render("the log group {group.name} is under no key that CloudWatch Logs may not use"),
        );
    }
    assumed.extend(without_controls(&values));
    let required = kind.options.iter().filter(|option| option.required && values.get(option.name).is_none());
    missing.extend(required.map(|option| option.name.to_owned()));
    let mut steps = Vec::new();
    if holds(catalogue::BUCKET_EXISTS.when, &values) {
        match requirement(&catalogue::BUCKET_EXISTS, &values) {
            Ok(step) => steps.push(step),
            Err(name) => missing.push(name),
        }
    }
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
    if missing.is_empty() { Ok((steps, assumed)) } else { Err(missing) }
}

/// What is taken to be so where nobody gave the policies of the organizations.
fn without_controls(values: &Values<'_>) -> Option<String> {
    let accounts: BTreeSet<String> =
        ["account", "destination.account"].iter().filter_map(|name| values.get(name)).collect();
    let unknown = accounts.iter().filter(|account| !values.environment().has_controls(account));
    let unknown: Vec<&str> = unknown.map(String::as_str).collect();
    (!unknown.is_empty()).then(|| {
        format!("no service or resource control policy denies it in account {}", unknown.join(" or "))
    })
}

/// The values of a delivery with those that follow from them, and what was taken to be so.
fn values_of<'e>(
    kind: &Kind,
    given: BTreeMap<String, String>,
    environment: &'e Environment,
) -> (Values<'e>, Vec<String>) {
    let mut values = Values::new(given, environment);
    let mut assumed = Vec::new();
    for rule in kind.lets {
        if holds(rule.when, &values)
            && let Ok(value) = values.render(rule.value)
        {
            values.set(rule.name, value);
            if !rule.taken.is_empty() {
                assumed.extend(values.render(rule.taken));
            }
        }
    }
    (values, assumed)
}

/// The documents a delivery of a kind consults, as far as its members say which.
pub(crate) fn wants(
    kind: &Kind,
    given: BTreeMap<String, String>,
    environment: &Environment,
) -> Vec<DocumentGroup> {
    let (values, _) = values_of(kind, given, environment);
    let calls = kind.checks.iter().filter_map(|check| match check {
        CheckSpec::Call(call) if holds(call.when, &values) => Some(call),
        _ => None,
    });
    let mut wants: Vec<DocumentGroup> = Vec::new();
    for call in calls {
        wants.extend(call.documents.iter().filter_map(|doc| want(*doc, &values).ok()));
        if let (Ok(action), Ok(resource)) = (values.render(call.action), values.render(call.resource)) {
            wants.extend(beside(call, &action, &resource));
        }
    }
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
    let owner = spec.owner.and_then(|owner| values.render(owner).ok()).or_else(|| {
        // A bucket's ARN does not say whose it is.
        let by_caller = spec.combine == CombineSpec::Identity && field(&resource, 2) == "s3";
        let bucket = by_caller.then(|| resource.split('/').next())??;
        let known = values.environment().fact(bucket, "account").map(str::to_owned);
        known.or_else(|| values.get("destination.account"))
    });
    let owned_by = owner.clone().unwrap_or_else(|| field(&resource, 4).to_owned());
    let same_account = caller.account().is_some_and(|account| owned_by.is_empty() || account == owned_by);
    let action = values.render(spec.action)?;
    let beside = beside(spec, &action, &resource);
    let combine = match spec.combine {
        CombineSpec::Resource => Combine::Resource,
        CombineSpec::Identity if !same_account => Combine::IdentityAndResource,
        CombineSpec::Identity if beside.is_none() => Combine::Identity,
        CombineSpec::Identity => Combine::IdentityOrResource,
        CombineSpec::ByAccount if same_account => Combine::IdentityOrResource,
        CombineSpec::Both | CombineSpec::ByAccount => Combine::IdentityAndResource,
    };
    let mut consult = spec.documents.iter().map(|doc| want(*doc, values)).collect::<Result<Vec<_>, _>>()?;
    consult.extend(beside);
    let is_given = |unknown: &&UnknownSpec| !context.iter().any(|(key, _)| key == unknown.key);
    let besides: &[UnknownSpec] = match (caller.is_service(), action.starts_with("kms:")) {
        (true, true) => catalogue::BESIDE_KEY,
        (true, false) => catalogue::BESIDE,
        (false, _) => &[],
    };
    let unknowns = spec
        .unknowns
        .iter()
        .chain(besides.iter().filter(is_given))
        .filter(|unknown| holds(unknown.when, values))
        .map(|unknown| self::unknown(unknown, values))
        .collect::<Result<_, _>>()?;
    let carries = Some(carries(spec, &caller, &action, &resource, values));
    let call = Call {
        caller,
        action,
        resource,
        or_resource: spec.or_resource.map(|text| values.render(text)).transpose()?,
        resource_account: owner,
        context,
        carries,
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

/// Which policies of the resource decide along with the caller's own. Those of CloudWatch Logs do not apply
/// to roles (rule E-64).
fn beside(spec: &CallSpec, action: &str, resource: &str) -> Option<DocumentGroup> {
    // Whoever sets a delivery up calls actions for which no resource has a policy.
    let Who::Arn(caller) = spec.who else { return None };
    if spec.combine != CombineSpec::Identity || caller == "{caller}" {
        return None;
    }
    match policies::of(action, resource) {
        // A key that does not allow the account denies, whatever the role may do.
        Policies::Document(DocumentKind::Key, arn) => Some(DocumentGroup::Attached(DocumentKind::Key, arn)),
        Policies::Document(kind, arn) => Some(DocumentGroup::ResourceSide(kind, arn)),
        Policies::Unknown => Some(DocumentGroup::UnknownResourceSide(resource.to_owned())),
        Policies::LogGroup(_) | Policies::None => None,
    }
}

/// What is known of what a call carries beyond its context.
fn carries(spec: &CallSpec, caller: &Caller, action: &str, resource: &str, values: &Values<'_>) -> Carries {
    let by = match (caller, spec.who) {
        (Caller::Service(_), _) => Maker::Service,
        (_, Who::Arn("{caller}")) => Maker::Person,
        _ => Maker::Role,
    };
    // Global services report us-east-1 (rule K-13). Whose endpoint assumes a role or passes it is not said anywhere.
    let region = match (field(resource, 3), action.split(':').next().unwrap_or_default()) {
        ("", "s3") => values.get("bucket.region"),
        ("", "sts" | "iam") => None,
        ("", "route53" | "cloudfront" | "organizations") => Some("us-east-1".to_owned()),
        ("", _) => values.get("region"),
        (region, _) => Some(region.to_owned()),
    };
    let unique_id = match caller {
        Caller::Arn(arn) => values.environment().fact(arn, "uniqueId").map(str::to_owned),
        _ => None,
    };
    let is_source = caller.account().is_none_or(|account| values.get("account").as_deref() == Some(account));
    let organization = values.get("organization").filter(|_| is_source);
    Carries { by, region, organization, unique_id }
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

fn want(doc: Doc, values: &Values<'_>) -> Result<DocumentGroup, String> {
    Ok(match doc {
        Doc::LogGroup(arn) => DocumentGroup::LogGroup(values.render(arn)?),
        Doc::Xray => {
            DocumentGroup::Xray { account: values.render("{account}")?, region: values.render("{region}")? }
        }
        Doc::Attached(kind, arn) => DocumentGroup::Attached(kind, values.render(arn)?),
        Doc::Identity(arn) => DocumentGroup::Identity(values.render(arn)?),
        Doc::LogDeliveryRole => catalogue::log_delivery_role(),
        Doc::LogDeliveryRoleTrust => catalogue::log_delivery_role_trust(),
        Doc::WafLoggingRole => catalogue::waf_logging_role(),
    })
}
