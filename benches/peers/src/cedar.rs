//! Cedar: `permit` and `forbid` with `when` clauses over the context, which holds action, resource and keys as texts;
//! `like` knows `*`. Who asks is compared as an entity, since Cedar does that best.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::net::IpAddr;
use std::rc::Rc;

use bailiwick::Decision;
use bailiwick_benches::engine::{Ask, Engine};
use bailiwick_benches::{Case, Workload};
use cedar_policy::{Authorizer, Context, Entities, PolicySet, Request};
use serde_json::{Map, Value, json};

use crate::translate::{Clause, Subject, Test, is_date, statements};

/// cedar-policy, asked without a schema.
pub struct Cedar;

impl Engine for Cedar {
    fn name(&self) -> &'static str {
        "cedar-policy 4.14"
    }

    fn prepare<'w>(&self, workload: &'w Workload) -> Vec<Option<Ask<'w>>> {
        let mut sets: HashMap<Option<usize>, Option<Rc<PolicySet>>> = HashMap::new();
        let (authorizer, entities) = (Rc::new(Authorizer::new()), Rc::new(Entities::empty()));
        let prepare = |case: &'w Case| -> Option<Ask<'w>> {
            let set = sets.entry(case.document).or_insert_with(|| {
                let documents = workload.documents_of(case).iter();
                let text: String = documents.map(|text| policies(text)).collect::<Option<_>>()?;
                text.parse().ok().map(Rc::new)
            });
            let (set, request) = (set.clone()?, request(case)?);
            let (authorizer, entities) = (authorizer.clone(), entities.clone());
            Some(Box::new(move || {
                let answer = authorizer.is_authorized(&request, &set, &entities);
                match answer.decision() {
                    cedar_policy::Decision::Allow => Decision::Allowed,
                    cedar_policy::Decision::Deny if answer.diagnostics().reason().next().is_some() => {
                        Decision::ExplicitDeny
                    }
                    cedar_policy::Decision::Deny => Decision::ImplicitDeny,
                }
            }))
        };
        workload.cases.iter().map(prepare).collect()
    }
}

fn policies(document: &str) -> Option<String> {
    let mut text = String::new();
    for statement in statements(document)? {
        let effect = if statement.denies { "forbid" } else { "permit" };
        let clauses: Vec<String> = statement.clauses.iter().map(clause).collect();
        _ = writeln!(text, "{effect}(principal, action, resource) when {{ {} }};", clauses.join(" && "));
    }
    Some(text)
}

fn clause(clause: &Clause) -> String {
    let subject = match (&clause.subject, clause.test) {
        (Subject::Action, _) => "context.action".to_owned(),
        (Subject::Resource, _) => "context.resource".to_owned(),
        (Subject::Principal, _) => "principal".to_owned(),
        (Subject::Context(key), Test::Address) => format!("context[{:?}]", of_address(key)),
        (Subject::Context(key), Test::Before | Test::After) => format!("context[{:?}]", of_date(key)),
        (Subject::Context(key), Test::Equal | Test::Like) => format!("context[{key:?}]"),
    };
    let alternative = |text: &String| match clause.test {
        _ if matches!(clause.subject, Subject::Principal) => format!("principal == Principal::{text:?}"),
        Test::Like if text.contains('*') => format!("{subject} like {text:?}"),
        Test::Equal | Test::Like => format!("{subject} == {text:?}"),
        Test::Address => format!("{subject}.isInRange(ip({text:?}))"),
        Test::Before => format!("{subject} < datetime({text:?})"),
        Test::After => format!("{subject} > datetime({text:?})"),
    };
    let alternatives: Vec<String> = clause.alternatives.iter().map(alternative).collect();
    let mut text = format!("({})", alternatives.join(" || "));
    if clause.negated {
        text = format!("!{text}");
    }
    match &clause.subject {
        Subject::Context(_) => {
            let has = subject.replacen("context[", "context has ", 1).replacen(']', "", 1);
            if clause.negated || clause.or_absent {
                format!("(!({has}) || {text})")
            } else {
                format!("({has} && {text})")
            }
        }
        _ => text,
    }
}

/// Beside its text a key stands as an address and as a date where it is one: Cedar compares them as such.
fn of_address(key: &str) -> String {
    format!("{key} as address")
}

fn of_date(key: &str) -> String {
    format!("{key} as date")
}

fn request(case: &Case) -> Option<Request> {
    let (kind, id) = &case.principal_text;
    let mut context: Map<String, Value> = Map::new();
    for (key, value) in &case.context {
        let key = key.to_ascii_lowercase();
        if value.parse::<IpAddr>().is_ok() {
            context.insert(of_address(&key), json!({"__extn": {"fn": "ip", "arg": value}}));
        }
        if is_date(value) {
            context.insert(of_date(&key), json!({"__extn": {"fn": "datetime", "arg": value}}));
        }
        context.insert(key, value.as_str().into());
    }
    context.insert("action".to_owned(), case.action.to_ascii_lowercase().into());
    context.insert("resource".to_owned(), case.resource.as_str().into());
    let principal = format!("Principal::{:?}", format!("{kind}:{id}")).parse().ok()?;
    let (action, resource) = (r#"Action::"ask""#.parse().ok()?, r#"Resource::"it""#.parse().ok()?);
    let context = Context::from_json_value(Value::Object(context), None).ok()?;
    Request::new(principal, action, resource, context, None).ok()
}
