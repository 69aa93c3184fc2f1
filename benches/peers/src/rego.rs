//! Rego by regorus: a rule for each statement, each clause of it one regular expression.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::rc::Rc;

use bailiwick::Decision;
use bailiwick_benches::engine::{Ask, Engine};
use bailiwick_benches::{Case, Workload};
use serde_json::json;

use crate::translate::{Clause, Subject, statements};

/// regorus, its policies prepared.
pub struct Regorus;

impl Engine for Regorus {
    fn name(&self) -> &'static str {
        "regorus 0.14"
    }

    fn prepare<'w>(&self, workload: &'w Workload) -> Vec<Option<Ask<'w>>> {
        let mut engines: HashMap<Option<usize>, Option<Rc<RefCell<regorus::Engine>>>> = HashMap::new();
        let prepare = |case: &'w Case| -> Option<Ask<'w>> {
            let engine = engines.entry(case.document).or_insert_with(|| {
                let documents = workload.documents_of(case).iter();
                let rules: String = documents.map(|text| rules(text)).collect::<Option<_>>()?;
                let mut engine = regorus::Engine::new();
                engine.add_policy("policy.rego".to_owned(), format!("{HEAD}{rules}")).ok()?;
                Some(Rc::new(RefCell::new(engine)))
            });
            let (engine, input) = (engine.clone()?, input(case)?);
            Some(Box::new(move || {
                let mut engine = engine.borrow_mut();
                engine.set_input(input.clone());
                let answer = engine.eval_rule("data.iam.decision".to_owned());
                match answer.as_ref().ok().and_then(|answer| answer.as_string().ok()).map(|text| &**text) {
                    Some("allow") => Decision::Allowed,
                    Some("deny") => Decision::ExplicitDeny,
                    _ => Decision::ImplicitDeny,
                }
            }))
        };
        workload.cases.iter().map(prepare).collect()
    }
}

/// How the rules combine.
const HEAD: &str = "package iam
import rego.v1
default denied := false
default allowed := false
differs(text, pattern) if not regex.match(pattern, text)
decision := \"deny\" if denied
decision := \"allow\" if { allowed; not denied }
decision := \"none\" if { not allowed; not denied }
";

fn rules(document: &str) -> Option<String> {
    let mut text = String::new();
    for statement in statements(document)? {
        let rule = if statement.denies { "denied" } else { "allowed" };
        let clauses: Vec<String> = statement.clauses.iter().map(clause).collect();
        _ = writeln!(text, "{rule} if {{ {} }}", clauses.join("; "));
    }
    Some(text)
}

fn clause(clause: &Clause) -> String {
    let subject = match &clause.subject {
        Subject::Action => "input.action".to_owned(),
        Subject::Resource => "input.resource".to_owned(),
        Subject::Principal => "input.principal".to_owned(),
        Subject::Context(key) => format!("input.context[{key:?}]"),
    };
    let literal = |text: &String| {
        text.chars().fold(String::new(), |escaped, one| match one {
            '*' if clause.wild => escaped + ".*",
            one if one.is_ascii_alphanumeric() || "/:_- ".contains(one) => escaped + &one.to_string(),
            one => format!("{escaped}\\{one}"),
        })
    };
    let alternatives: Vec<String> = clause.patterns.iter().map(literal).collect();
    let test = match clause.patterns.as_slice() {
        [one] if !clause.wild || !one.contains('*') => format!("{subject} == {one:?}"),
        _ => format!("regex.match(`^(?:{})$`, {subject})", alternatives.join("|")),
    };
    match (clause.negated, clause.or_absent) {
        // What is not there makes a comparison undefined, and `not` makes that true.
        (true, _) => format!("not {test}"),
        (false, true) => format!("not differs({subject}, `^(?:{})$`)", alternatives.join("|")),
        (false, false) => test,
    }
}

fn input(case: &Case) -> Option<regorus::Value> {
    let (kind, id) = &case.principal_text;
    let context: serde_json::Map<_, _> =
        case.context.iter().map(|(key, value)| (key.to_ascii_lowercase(), json!(value))).collect();
    let input = json!({"principal": format!("{kind}:{id}"), "action": case.action.to_ascii_lowercase(),
        "resource": case.resource, "context": context});
    regorus::Value::from_json_str(&input.to_string()).ok()
}
