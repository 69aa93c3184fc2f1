//! One call decided: the documents found, handed to the evaluator, and the values nobody knows tried one by one.

use std::collections::{BTreeMap, BTreeSet};

use std::borrow::Cow;

use bailiwick_evaluator::answer::{PolicyLabel, Statement};
use bailiwick_evaluator::{Answer, Decision, Documents, OwnedRequest, PolicyKind, Principal, RequestError};
use bailiwick_parser::syntax::Effect;
use bailiwick_source::{Errors, Span};
use serde_json::{Value, json};

use crate::step::{Call, Caller, Combine, ContextValue};
use crate::tries::{self, Open};
use bailiwick_environment::arn::field;
use bailiwick_environment::{Document, DocumentKind};
use bailiwick_environment::{Environment, FoundDocuments};

/// A call, decided.
#[derive(Clone, Debug)]
pub(crate) struct Decided {
    /// The call with all that it is known to carry.
    pub(crate) call: Call,
    pub(crate) decision: Decision,
    pub(crate) answer: Answer,
    /// Keys beyond the call's own context of which nobody knows whether they are carried, or with which value.
    pub(crate) untold: Vec<String>,
    pub(crate) found: FoundDocuments,
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
    let mut found =
        FoundDocuments { not_collected: call.missing.iter().cloned().collect(), ..FoundDocuments::default() };
    for want in &call.consult {
        found.extend(environment.find(want));
    }
    if let Caller::Arn(arn) = &call.caller
        && call.combine != Combine::Resource
    {
        found.extend(environment.boundary(arn));
    }
    if let Some(mistakes) = found.errors.take() {
        return Err(mistakes);
    }
    let written = call;
    let (call, open) = complete(environment, call, &found.documents);
    let question = Question::new(environment, &call, &found.documents);
    let (decision, answer) = question.answer_either(&call.context)?;
    let needed = needed_beside(environment, &call, decision, &found)?;
    found.not_collected.extend(needed);
    if decision.is_allowed() {
        found
            .assumed
            .extend(found.resource_side_not_collected.iter().map(|what| format!("{what} does not deny it")));
    }
    // Of the combinations that decide otherwise, those that differ in the fewest values say what it hangs on.
    let mut differing: Vec<Vec<&Open>> = Vec::new();
    let (contexts, are_all) = tries::combinations(&call.context, &open);
    for context in contexts {
        let other = question.decide_either(&context)?;
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
        hangs_on.extend(found.not_collected.iter().map(|what| format!("{what}: not in the environment")));
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
    found: &FoundDocuments,
) -> Result<BTreeSet<String>, Errors> {
    if decision != Decision::ImplicitDeny || found.resource_side_not_collected.is_empty() {
        return Ok(BTreeSet::new());
    }
    if call.combine == Combine::IdentityAndResource && found.not_collected.is_empty() {
        let alone = Call { combine: Combine::Identity, ..call.clone() };
        if !Question::new(environment, &alone, &found.documents).decide(&call.context)?.is_allowed() {
            return Ok(BTreeSet::new());
        }
    }
    Ok(found.resource_side_not_collected.clone())
}

/// The call with all that it is known to carry of what the documents ask for, and what nobody knows.
pub(crate) fn complete(environment: &Environment, call: &Call, documents: &[Document]) -> (Call, Vec<Open>) {
    let kinds = controlling(call).into_iter();
    let controls =
        kinds.filter_map(|(kind, account)| environment.controls(account, kind)).flatten().flatten();
    tries::complete(call, documents.iter().chain(controls))
}

/// A call with the policies that decide about it, to be decided in one context or another.
pub(crate) struct Question<'c> {
    call: &'c Call,
    policies: Documents,
    /// The names of the policies by kind and level, in their order.
    names: BTreeMap<(PolicyKind, usize), Vec<String>>,
}

impl<'c> Question<'c> {
    pub(crate) fn new(environment: &Environment, call: &'c Call, documents: &[Document]) -> Self {
        let mut question = Self { call, policies: Documents::default(), names: BTreeMap::new() };
        let labels = labels(documents);
        for kind in PolicyKind::ALL {
            let of_kind = documents.iter().zip(&labels).filter(|(d, _)| d.id.kind.policy_kind() == kind);
            let (of_kind, names): (Vec<&Document>, Vec<String>) =
                of_kind.map(|(document, label)| (document, label.clone())).unzip();
            // A side that is asked and has nothing to say denies; a side that is not asked is left out.
            let is_asked = match kind {
                PolicyKind::Resource => call.combine != Combine::Identity,
                PolicyKind::Identity => !call.caller.is_service() && call.combine != Combine::Resource,
                _ => false,
            };
            if is_asked || !of_kind.is_empty() {
                question.attach(kind, 0, &of_kind, names);
            }
        }
        if call.combine == Combine::Resource
            && !call.caller.is_service()
            && !question.policies.applies(PolicyKind::Identity)
        {
            question.policies.skip_identity();
        }
        question.attach_controls(environment);
        question
    }

    /// Policies of the organization: of the caller's account for users and roles, of the owner's for resources.
    fn attach_controls(&mut self, environment: &Environment) {
        for (kind, account) in controlling(self.call) {
            let Some(levels) = environment.controls(account, kind) else { continue };
            let kind = kind.policy_kind();
            if self.policies.applies(kind) {
                continue;
            }
            for (level, documents) in levels.iter().enumerate() {
                let names = documents.iter().map(|document| document.label().to_owned()).collect();
                self.attach(kind, level, &documents.iter().collect::<Vec<_>>(), names);
            }
        }
    }

    fn attach(&mut self, kind: PolicyKind, level: usize, documents: &[&Document], names: Vec<String>) {
        self.policies.attach(kind, documents.iter().map(|document| document.source.compiled().clone()));
        self.names.insert((kind, level), names);
    }

    /// The decision in a context.
    pub(crate) fn decide(&self, context: &[(String, ContextValue)]) -> Result<Decision, Errors> {
        if self.needs_both_sides() {
            return self.answer(context).map(|(decision, _)| decision);
        }
        Ok(self.policies.decide(&self.request(&self.call.resource, context)?))
    }

    /// The decision over either name of the resource: AWS documents both, and a statement that covers one of them is
    /// assumed to be enough.
    fn decide_either(&self, context: &[(String, ContextValue)]) -> Result<Decision, Errors> {
        if self.call.or_resource.is_some() {
            return self.answer_either(context).map(|(decision, _)| decision);
        }
        self.decide(context)
    }

    /// As [`decide_either`](Self::decide_either), with the reasons.
    fn answer_either(&self, context: &[(String, ContextValue)]) -> Result<(Decision, Answer), Errors> {
        let decided = self.answer(context)?;
        if let Some(name) = &self.call.or_resource
            && decided.0 == Decision::ImplicitDeny
        {
            let other = self.answer_on(name, context)?;
            if other.0.is_allowed() {
                return Ok(other);
            }
        }
        Ok(decided)
    }

    fn answer(&self, context: &[(String, ContextValue)]) -> Result<(Decision, Answer), Errors> {
        self.answer_on(&self.call.resource, context)
    }

    fn answer_on(
        &self,
        resource: &str,
        context: &[(String, ContextValue)],
    ) -> Result<(Decision, Answer), Errors> {
        let mut answer = self.policies.answer(&self.request(resource, context)?);
        let matched = answer.matched_statements.iter_mut().map(|matched| &mut matched.statement);
        let missed = answer.near_misses.iter_mut().map(|miss| &mut miss.statement);
        for statement in answer.decided_by.iter_mut().chain(matched).chain(missed) {
            self.name_policy(statement);
        }
        if answer.decision.is_allowed() && self.needs_both_sides() {
            // Within one account either side is enough to the evaluator; here both are asked for.
            let allows = |kind: PolicyKind| {
                let mut matched = answer.matched_statements.iter();
                matched.any(|m| m.effect == Effect::Allow && m.statement.kind == kind)
            };
            if !(allows(PolicyKind::Identity) && allows(PolicyKind::Resource)) {
                return Ok((Decision::ImplicitDeny, answer));
            }
        }
        Ok((answer.decision, answer))
    }

    fn needs_both_sides(&self) -> bool {
        let call = self.call;
        call.combine == Combine::IdentityAndResource && call.caller.account() == Some(owner(call))
    }

    /// Names the policy of a statement as the call's documents are named.
    fn name_policy(&self, statement: &mut Statement) {
        let names = self.names.get(&(statement.kind, statement.level.unwrap_or_default()));
        if let Some(name) = names.and_then(|names| names.get(statement.place)) {
            statement.policy = PolicyLabel::Name(name.clone());
        }
    }

    fn request(&self, resource: &str, context: &[(String, ContextValue)]) -> Result<OwnedRequest, Errors> {
        let mut builder = OwnedRequest::builder();
        let mut mistakes: Vec<RequestError> = Vec::new();
        mistakes.extend(builder.action(&self.call.action).err());
        for (key, value) in context {
            mistakes.extend(builder.context(key, value.clone()).err());
        }
        match principal(&self.call.caller, context) {
            Ok(principal) => _ = builder.principal(principal),
            Err(error) => mistakes.push(error),
        }
        mistakes.extend(builder.resource(resource).err());
        if let Some(account) = resource_account(self.call) {
            mistakes.extend(builder.resource_account(account).err());
        }
        let mistakes = mistakes.into_iter().map(|mistake| mistake.at(Span::default())).collect();
        match Errors::new(mistakes) {
            Some(mistakes) => Err(mistakes),
            None => builder.build().map_err(|mistake| Errors::from(mistake.at(Span::default()))),
        }
    }
}

/// The account that owns the resource.
fn owner(call: &Call) -> &str {
    call.resource_account.as_deref().unwrap_or_else(|| field(&call.resource, 4))
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
fn resource_account(call: &Call) -> Option<&str> {
    match (call.combine, call.caller.account()) {
        (Combine::Identity | Combine::IdentityOrResource, Some(account)) => Some(account),
        _ => call.resource_account.as_deref(),
    }
}

fn principal(
    caller: &Caller,
    context: &[(String, ContextValue)],
) -> Result<Principal<'static>, RequestError> {
    match caller {
        Caller::Service(names) => {
            let listed =
                context.iter().find(|(key, _)| key.eq_ignore_ascii_case("aws:PrincipalServiceNamesList"));
            let mut all = names.clone();
            if let Some((_, ContextValue::Many(more))) = listed {
                all.extend(more.iter().filter(|name| !names.contains(name)).cloned());
            }
            let first = all.first().cloned().unwrap_or_default();
            Ok(Principal::service(first).with_service_names(all.into_iter().map(Cow::Owned)))
        }
        Caller::Arn(arn) => {
            let is_linked = arn.contains(":role/aws-service-role/");
            arn.parse().map(|principal: Principal<'static>| principal.service_linked_role(is_linked))
        }
        Caller::Anonymous => Ok(Principal::anonymous()),
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
