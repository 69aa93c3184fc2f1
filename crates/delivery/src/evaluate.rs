//! One call decided: the documents found, handed to the evaluator, and the values nobody knows tried one by one.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick_parser::syntax::Effect;
use bailiwick_scenario::{Answer, Decision, Documents, PolicyLabel, Scenario};
use bailiwick_source::Errors;
use serde_json::{Value, json};

use crate::arn::field;
use crate::document::{Document, DocumentKind};
use crate::environment::{Environment, Found};
use crate::step::{Call, Caller, Combine, ContextValue};
use crate::tries::{self, Open};
use bailiwick_evaluator::PolicyKind;

/// A call, decided.
#[derive(Clone, Debug)]
pub(crate) struct Decided {
    /// The call with all that it is known to carry.
    pub(crate) call: Call,
    pub(crate) decision: Decision,
    pub(crate) answer: Answer,
    /// Keys beyond the call's own context of which nobody knows whether they are carried, or with which value.
    pub(crate) untold: Vec<String>,
    pub(crate) found: Found,
    /// The facts on which the decision hangs; empty when it is certain.
    pub(crate) hangs_on: Vec<String>,
}

impl Decided {
    /// Whether nobody knows whether the call carries the key, or with which value.
    pub(crate) fn is_untold(&self, key: &str) -> bool {
        self.untold.iter().any(|untold| untold.eq_ignore_ascii_case(key))
    }

    /// The document that an answer's label names.
    pub(crate) fn document(&self, label: &PolicyLabel) -> Option<&Document> {
        let PolicyLabel::Name(name) = label else { return None };
        let place = labels(&self.found.documents).iter().position(|label| label == name)?;
        self.found.documents.get(place)
    }
}

/// Decides a call.
///
/// # Errors
///
/// Documents are checked when an environment is read; a document that is no policy can only come from elsewhere.
pub(crate) fn decide(environment: &Environment, call: &Call) -> Result<Decided, Errors> {
    let mut found = Found { missing: call.missing.iter().cloned().collect(), ..Found::default() };
    for want in &call.consult {
        found.extend(environment.find(want));
    }
    if let Caller::Arn(arn) = &call.caller
        && call.combine != Combine::Resource
    {
        found.extend(environment.boundary(arn));
    }
    let written = call;
    let (call, open) = complete(environment, call, &found.documents);
    let (decision, answer) = decide_either(environment, &call, &found.documents, &call.context)?;
    let needed = needed_beside(environment, &call, decision, &found)?;
    found.missing.extend(needed);
    if decision.is_allowed() {
        found.assumed.extend(found.beside.iter().map(|what| format!("{what} does not deny it")));
    }
    // Of the combinations that decide otherwise, those that differ in the fewest values say what it hangs on.
    let mut differing: Vec<Vec<&Open>> = Vec::new();
    let (contexts, are_all) = tries::combinations(&call.context, &open);
    for context in contexts {
        let (other, _) = decide_either(environment, &call, &found.documents, &context)?;
        if other.is_allowed() != decision.is_allowed() {
            differing.push(open.iter().filter(|open| open.differs(&call.context, &context)).collect());
        }
    }
    let fewest = differing.iter().map(Vec::len).min().unwrap_or_default();
    let smallest = differing.into_iter().filter(|open| open.len() == fewest);
    let mut hangs_on: Vec<String> = smallest.flatten().map(|open| open.fact.clone()).collect();
    if hangs_on.is_empty() && !are_all {
        let keys: Vec<&str> = open.iter().flat_map(|open| &open.keys).map(String::as_str).collect();
        hangs_on
            .push(format!("which values the call carries of {}: there are too many to try", keys.join(", ")));
    }
    if !decision.is_allowed() && hangs_on.is_empty() {
        hangs_on.extend(call.doubt.clone());
    }
    // A document nobody looked up may allow or deny, but an explicit deny stays one.
    if decision != Decision::ExplicitDeny {
        hangs_on.extend(found.missing.iter().map(|what| format!("{what}: not in the environment")));
    }
    hangs_on.sort();
    hangs_on.dedup();
    let is_written = |key: &String| written.context.iter().any(|(name, _)| name.eq_ignore_ascii_case(key));
    let untold = open.into_iter().flat_map(|open| open.keys).filter(|key| !is_written(key)).collect();
    Ok(Decided { call, decision, answer, untold, found, hangs_on })
}

/// What of the resource's policies that were not looked up a call hangs on that is not allowed: in one account they may
/// allow it, across accounts they may where the caller's own policies do.
fn needed_beside(
    environment: &Environment,
    call: &Call,
    decision: Decision,
    found: &Found,
) -> Result<BTreeSet<String>, Errors> {
    if decision != Decision::ImplicitDeny || found.beside.is_empty() {
        return Ok(BTreeSet::new());
    }
    if call.combine == Combine::IdentityAndResource && found.missing.is_empty() {
        let alone = Call { combine: Combine::Identity, ..call.clone() };
        if !decide_with(environment, &alone, &found.documents, &call.context)?.0.is_allowed() {
            return Ok(BTreeSet::new());
        }
    }
    Ok(found.beside.clone())
}

/// The call with all that it is known to carry of what the documents ask for, and what nobody knows.
pub(crate) fn complete(environment: &Environment, call: &Call, documents: &[Document]) -> (Call, Vec<Open>) {
    let kinds = controlling(call).into_iter();
    let controls =
        kinds.filter_map(|(kind, account)| environment.controls(account, kind)).flatten().flatten();
    tries::complete(call, documents.iter().chain(controls))
}

/// The same over either name of the resource: AWS documents both, and a statement that covers one of them is taken to
/// be enough.
fn decide_either(
    environment: &Environment,
    call: &Call,
    documents: &[Document],
    context: &[(String, ContextValue)],
) -> Result<(Decision, Answer), Errors> {
    let decided = decide_with(environment, call, documents, context)?;
    if let Some(name) = &call.or_resource
        && decided.0 == Decision::ImplicitDeny
    {
        let renamed = Call { resource: name.clone(), ..call.clone() };
        let other = decide_with(environment, &renamed, documents, context)?;
        if other.0.is_allowed() {
            return Ok(other);
        }
    }
    Ok(decided)
}

/// Decides a call over these documents in this context.
pub(crate) fn decide_with(
    environment: &Environment,
    call: &Call,
    documents: &[Document],
    context: &[(String, ContextValue)],
) -> Result<(Decision, Answer), Errors> {
    let answer = answer(environment, call, documents, context, true)?;
    let decision = answer.decision;
    let both = call.combine == Combine::IdentityAndResource && call.caller.account() == Some(owner(call));
    if both && decision.is_allowed() {
        // Within one account either side is enough to the evaluator; here both are asked for.
        let allows = |kind: PolicyKind| {
            answer.matched_statements.iter().any(|m| m.effect == Effect::Allow && m.statement.kind == kind)
        };
        if !(allows(PolicyKind::Identity) && allows(PolicyKind::Resource)) {
            return Ok((Decision::ImplicitDeny, answer));
        }
    }
    Ok((decision, answer))
}

/// The account that owns the resource.
fn owner(call: &Call) -> &str {
    call.resource_account.as_deref().unwrap_or_else(|| field(&call.resource, 4))
}

fn answer(
    environment: &Environment,
    call: &Call,
    documents: &[Document],
    context: &[(String, ContextValue)],
    with_controls: bool,
) -> Result<Answer, Errors> {
    let account = resource_account(call);
    let request = json!({
        "resourceAccount": account,
        "principal": principal(&call.caller, context),
        "action": call.action,
        "resource": call.resource,
        "context": context.iter().map(|(key, value)| (key.clone(), context_json(value))).collect::<serde_json::Map<_, _>>(),
    });
    let mut policies = Documents::default();
    let labels = labels(documents);
    for kind in PolicyKind::ALL {
        let of_kind = documents.iter().zip(&labels).filter(|(d, _)| d.id.kind.policy_kind() == kind);
        let of_kind =
            of_kind.map(|(document, label)| environment.compiled().get(kind, label, &document.text));
        let of_kind = of_kind.collect::<Result<Vec<_>, _>>()?;
        // A side that is asked and has nothing to say denies; a side that is not asked is left out.
        let is_asked = match kind {
            PolicyKind::Resource => call.combine != Combine::Identity,
            PolicyKind::Identity => {
                !matches!(call.caller, Caller::Service(_)) && call.combine != Combine::Resource
            }
            _ => false,
        };
        if is_asked || !of_kind.is_empty() {
            policies.attach(kind, of_kind);
        }
    }
    if call.combine == Combine::Resource
        && !call.caller.is_service()
        && !policies.applies(PolicyKind::Identity)
    {
        let everything = r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
        let name = "(the caller's policies are not examined)";
        let document = environment.compiled().get(PolicyKind::Identity, name, &everything.into())?;
        policies.attach(PolicyKind::Identity, vec![document]);
    }
    if with_controls {
        controls(environment, call, &mut policies)?;
    }
    Ok(Scenario::over(&request.to_string(), policies)?.answer())
}

/// Policies of the organization: of the caller's account for users and roles, of the owner's for resources.
fn controls(environment: &Environment, call: &Call, policies: &mut Documents) -> Result<(), Errors> {
    for (kind, account) in controlling(call) {
        let Some(levels) = environment.controls(account, kind) else { continue };
        let kind = kind.policy_kind();
        if policies.applies(kind) {
            continue;
        }
        for level in levels {
            let documents = level.iter().map(|d| environment.compiled().get(kind, d.label(), &d.text));
            policies.attach(kind, documents.collect::<Result<Vec<_>, _>>()?);
        }
    }
    Ok(())
}

/// The kinds of an organization's policies, each with the account whose policies decide about the call.
fn controlling(call: &Call) -> [(DocumentKind, &str); 2] {
    [
        (DocumentKind::ServiceControl, call.caller.account().unwrap_or_default()),
        (DocumentKind::ResourceControl, owner(call)),
    ]
}

/// Which account the evaluator is told to own the resource. Where one side alone decides or one side is enough,
/// that is the rule of one account, whoever owns it.
fn resource_account(call: &Call) -> Option<String> {
    match (call.combine, call.caller.account()) {
        (Combine::Identity | Combine::IdentityOrResource, Some(account)) => Some(account.to_owned()),
        _ => call.resource_account.clone(),
    }
}

fn principal(caller: &Caller, context: &[(String, ContextValue)]) -> Value {
    match caller {
        Caller::Service(names) => {
            let listed =
                context.iter().find(|(key, _)| key.eq_ignore_ascii_case("aws:PrincipalServiceNamesList"));
            let mut all = names.clone();
            if let Some((_, ContextValue::Many(more))) = listed {
                all.extend(more.iter().filter(|name| !names.contains(name)).cloned());
            }
            json!({"service": all})
        }
        Caller::Arn(arn) if arn.contains(":role/aws-service-role/") => {
            json!({"arn": arn, "serviceLinkedRole": true})
        }
        Caller::Arn(arn) => json!(arn),
        Caller::Anonymous => json!({"anonymous": true}),
    }
}

pub(crate) fn context_json(value: &ContextValue) -> Value {
    match value {
        ContextValue::One(value) => json!(value),
        ContextValue::Many(values) => json!(values),
    }
}

/// A name for every document that no other has.
pub(crate) fn labels(documents: &[Document]) -> Vec<String> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut labels = Vec::with_capacity(documents.len());
    for document in documents {
        let label = document.label();
        let count = seen.entry(label).or_default();
        *count += 1;
        labels.push(if *count == 1 { label.to_owned() } else { format!("{label} ({count})") });
    }
    labels
}
