//! One call decided: the documents found, handed to the evaluator, and the values nobody knows tried one by one.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick_parser::Errors;
use bailiwick_parser::json::Limits;
use bailiwick_scenario::{Answer, Decision, Documents, PolicyLabel, Scenario};
use serde_json::{Value, json};

use crate::arn::field;
use crate::document::{Document, DocumentKind};
use crate::environment::{Environment, Found, Want};
use crate::step::{Call, Caller, Combine, ContextValue, Unknown};
use bailiwick_evaluator::PolicyKind;

/// The most combinations of unknown values that are tried.
const MOST_COMBINATIONS: usize = 64;

/// A call, decided.
#[derive(Clone, Debug)]
pub(crate) struct Decided {
    pub(crate) decision: Decision,
    pub(crate) answer: Answer,
    pub(crate) found: Found,
    /// The facts on which the decision hangs; empty when it is certain.
    pub(crate) hangs_on: Vec<String>,
}

impl Decided {
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
    let (mut decision, mut answer) = decide_with(environment, call, &found.documents, &call.context)?;
    // AWS documents both names; a statement that covers one of them is taken to be enough.
    if let Some(name) = &call.or_resource
        && decision == Decision::ImplicitDeny
    {
        let renamed = Call { resource: name.clone(), ..call.clone() };
        let other = decide_with(environment, &renamed, &found.documents, &call.context)?;
        if other.0.is_allowed() {
            (decision, answer) = other;
        }
    }
    let mut doubts = doubts(environment, call, decision, &mut found)?;
    let needed = needed_beside(environment, call, decision, &found)?;
    found.missing.extend(needed);
    if decision.is_allowed() {
        found.assumed.extend(found.beside.iter().map(|what| format!("{what} does not deny it")));
    }
    // Of the combinations that decide otherwise, those that differ in the fewest values say what it hangs on.
    let mut differing: Vec<Vec<&Unknown>> = Vec::new();
    for context in combinations(call, &found.documents) {
        let (other, _) = decide_with(environment, call, &found.documents, &context)?;
        if other.is_allowed() != decision.is_allowed() {
            differing.push(call.unknowns.iter().filter(|u| differs(u, &call.context, &context)).collect());
        }
    }
    let fewest = differing.iter().map(Vec::len).min().unwrap_or_default();
    let smallest = differing.into_iter().filter(|unknowns| unknowns.len() == fewest);
    let mut hangs_on: Vec<String> = smallest.flatten().map(|unknown| unknown.fact.clone()).collect();
    hangs_on.append(&mut doubts);
    if !decision.is_allowed() && hangs_on.is_empty() {
        hangs_on.extend(call.doubt.clone());
    }
    // A document nobody looked up may allow or deny, but an explicit deny stays one.
    if decision != Decision::ExplicitDeny {
        hangs_on.extend(found.missing.iter().map(|what| format!("{what}: not in the environment")));
    }
    hangs_on.sort();
    hangs_on.dedup();
    Ok(Decided { decision, answer, found, hangs_on })
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

/// What keeps an allowed call uncertain: a Deny in documents that AWS documents not to decide about it.
fn doubts(
    environment: &Environment,
    call: &Call,
    decision: Decision,
    found: &mut Found,
) -> Result<Vec<String>, Errors> {
    let Some(group) = call.doubted.as_ref().filter(|_| decision.is_allowed()) else { return Ok(Vec::new()) };
    let doubted = environment.find(&Want::LogGroup(group.clone()));
    found.assumed.extend(doubted.missing.iter().map(|what| format!("{what} do not deny it")));
    found.assumed.extend(doubted.assumed);
    let mut documents = found.documents.clone();
    documents.extend(doubted.documents.iter().cloned());
    let with = Call { combine: Combine::IdentityOrResource, ..call.clone() };
    let (decision, answer) = decide_with(environment, &with, &documents, &call.context)?;
    if decision != Decision::ExplicitDeny {
        return Ok(Vec::new());
    }
    let labels = labels(&documents);
    let denies = |label: &String| {
        let mut denying = answer.matched_statements.iter().filter(|matched| matched.effect == "Deny");
        denying.any(|matched| matches!(&matched.statement.policy, PolicyLabel::Name(name) if name == label))
    };
    let named = labels.iter().zip(&documents).filter(|(label, _)| denies(label));
    let names: Vec<String> = named.map(|(_, document)| document.id.to_string()).collect();
    Ok(vec![format!(
        "whether CloudWatch Logs applies its resource policies to calls of a role, of which the {} would deny this \
         one (AWS documents that it applies them to services alone)",
        names.join(" or the ")
    )])
}

fn differs(unknown: &Unknown, base: &[(String, ContextValue)], other: &[(String, ContextValue)]) -> bool {
    let value = |context: &[(String, ContextValue)]| {
        context.iter().find(|(key, _)| key.eq_ignore_ascii_case(&unknown.key)).map(|(_, value)| value.clone())
    };
    value(base) != value(other)
}

/// Every combination of the values the unknown keys may have, but for the one in the call itself.
fn combinations(call: &Call, documents: &[Document]) -> Vec<Vec<(String, ContextValue)>> {
    let mut contexts = vec![call.context.clone()];
    for unknown in &call.unknowns {
        let mut values = unknown.values.clone();
        if unknown.any || unknown.prefix.is_some() {
            values.extend(asked_for(unknown, documents).into_iter().map(Some));
        }
        let mut more = Vec::new();
        for context in &contexts {
            for value in &values {
                let mut context = context.clone();
                context.retain(|(key, _)| !key.eq_ignore_ascii_case(&unknown.key));
                if let Some(value) = value {
                    context.push((unknown.key.clone(), ContextValue::One(value.clone())));
                }
                more.push(context);
            }
        }
        contexts.extend(more);
        contexts.truncate(MOST_COMBINATIONS);
    }
    contexts.into_iter().skip(1).collect()
}

/// Values of the key that some document asks for, its wildcards filled in.
fn asked_for(unknown: &Unknown, documents: &[Document]) -> Vec<String> {
    let mut values = Vec::new();
    for document in documents {
        let Ok(document) = bailiwick_parser::parse_with(&document.text, &Limits::NONE) else { continue };
        let conditions = document.statements.iter().filter_map(|statement| statement.condition.as_ref());
        let keys = conditions.flat_map(|condition| &condition.value).flat_map(|operator| &operator.keys);
        for key in keys.filter(|key| key.key.value.eq_ignore_ascii_case(&unknown.key)) {
            for value in &key.values {
                let filled = value.text.value.replace(['*', '?'], "x");
                values.push(match &unknown.prefix {
                    Some(prefix) => format!("{prefix}{}", field(&filled, 5)),
                    None => filled,
                });
            }
        }
    }
    values.sort();
    values.dedup();
    values
}

/// Decides a call over these documents in this context.
pub(crate) fn decide_with(
    environment: &Environment,
    call: &Call,
    documents: &[Document],
    context: &[(String, ContextValue)],
) -> Result<(Decision, Answer), Errors> {
    let answer = answer(environment, call, documents, context, true)?;
    let decision = decision_of(&answer);
    let both = call.combine == Combine::IdentityAndResource && call.caller.account() == Some(owner(call));
    if both && decision.is_allowed() {
        // Within one account either side is enough to the evaluator; here both are asked for.
        let allows = |kind: PolicyKind| {
            answer.matched_statements.iter().any(|m| m.effect == "Allow" && m.statement.kind == kind.as_str())
        };
        if !(allows(PolicyKind::Identity) && allows(PolicyKind::Resource)) {
            return Ok((Decision::ImplicitDeny, answer));
        }
    }
    Ok((decision, answer))
}

fn decision_of(answer: &Answer) -> Decision {
    [Decision::Allowed, Decision::ExplicitDeny]
        .into_iter()
        .find(|decision| decision.as_str() == answer.decision)
        .unwrap_or(Decision::ImplicitDeny)
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
    let kinds = [
        (DocumentKind::ServiceControl, call.caller.account().unwrap_or_default()),
        (DocumentKind::ResourceControl, owner(call)),
    ];
    for (kind, account) in kinds {
        let Some(levels) = environment.controls(account, kind) else { continue };
        let kind = kind.policy_kind();
        if policies.applies(kind) {
            continue;
        }
        for level in levels {
            let documents = level.iter().map(|d| environment.compiled().get(kind, d.label(), &d.text));
            policies.attach(kind, documents.collect::<Result<_, _>>()?);
        }
    }
    Ok(())
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
