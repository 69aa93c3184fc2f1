//! Rego by regorus: a rule for each statement, compiled for regorus' register machine. Each pattern becomes the cheapest
//! that says it: membership in a set, a prefix, a suffix, or a regular expression, which regorus keeps compiled.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::rc::Rc;

use bailiwick::Decision;
use bailiwick_benches::engine::{Ask, Engine};
use bailiwick_benches::{Case, Workload};
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use serde_json::json;

use crate::translate::{Clause, Subject, Test, statements};

/// regorus, its policies compiled.
pub struct Regorus;

impl Engine for Regorus {
    fn name(&self) -> &'static str {
        "regorus 0.14"
    }

    fn prepare<'w>(&self, workload: &'w Workload) -> Vec<Option<Ask<'w>>> {
        let all = regorus::cache::Config::MAX_CAPACITY;
        regorus::cache::configure(regorus::cache::Config { regex: all, glob: all });
        let mut machines: HashMap<Option<usize>, Option<Rc<RefCell<RegoVM>>>> = HashMap::new();
        let prepare = |case: &'w Case| -> Option<Ask<'w>> {
            let machine = machines
                .entry(case.document)
                .or_insert_with(|| machine(workload.documents_of(case)).map(|it| Rc::new(RefCell::new(it))));
            let (machine, input) = (machine.clone()?, input(case)?);
            Some(Box::new(move || {
                let mut machine = machine.borrow_mut();
                machine.set_input(input.clone());
                let answer = machine.execute();
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

/// What is asked.
const DECISION: &str = "data.iam.decision";

/// How the rules combine.
const HEAD: &str = "package iam
import rego.v1
default denied := false
default allowed := false
decision := \"deny\" if denied
decision := \"allow\" if { allowed; not denied }
decision := \"none\" if { not allowed; not denied }
";

/// How many statements stand in one module: regorus bounds the lines and bytes of a module.
const OF_A_MODULE: usize = 500;

fn machine(documents: &[String]) -> Option<RegoVM> {
    let mut engine = regorus::Engine::new();
    engine.add_policy("head.rego".to_owned(), HEAD.to_owned()).ok()?;
    let mut all = Vec::new();
    for document in documents {
        all.extend(statements(document)?);
    }
    let mut tests = Tests::default();
    for (number, some) in all.chunks(OF_A_MODULE).enumerate() {
        let mut module = "package iam\nimport rego.v1\n".to_owned();
        for statement in some {
            let rule = if statement.denies { "denied" } else { "allowed" };
            let clauses: Vec<String> = statement.clauses.iter().map(|clause| tests.clause(clause)).collect();
            _ = writeln!(
                module,
                "{}{rule} if {{\n{}\n}}",
                std::mem::take(&mut tests.written),
                clauses.join("\n")
            );
        }
        engine.add_policy(format!("{number}.rego"), module).ok()?;
    }
    let policy = engine.compile_with_entrypoint(&DECISION.into()).ok()?;
    let program = Compiler::compile_from_policy(&policy, &[DECISION]).ok()?;
    let mut machine = RegoVM::new();
    machine.load_program(program);
    Some(machine)
}

/// Functions that clauses call.
#[derive(Default)]
struct Tests {
    count: usize,
    written: String,
}

impl Tests {
    fn clause(&mut self, clause: &Clause) -> String {
        let subject = match &clause.subject {
            Subject::Action => "input.action".to_owned(),
            Subject::Resource => "input.resource".to_owned(),
            Subject::Principal => "input.principal".to_owned(),
            Subject::Context(key) => format!("input.context[{key:?}]"),
        };
        let alternatives = alternatives(clause);
        let plain = !clause.or_absent || clause.negated;
        if let [one] = alternatives.as_slice()
            && !one.contains(';')
            && plain
        {
            let not = if clause.negated { "not " } else { "" };
            return format!("{not}{}", one.replace("SUBJECT", &subject));
        }
        self.count += 1;
        let name = format!("test{}", self.count);
        for one in alternatives {
            let one = one.replace("SUBJECT", "x").replace("; ", "\n");
            _ = writeln!(self.written, "{name}(x) if {{\n{one}\n}}");
        }
        if plain {
            // What is not there makes a call undefined, and `not` makes that true.
            return format!("{}{name}({subject})", if clause.negated { "not " } else { "" });
        }
        _ = writeln!(
            self.written,
            "{name}_or_absent if not {subject}\n{name}_or_absent if {name}({subject})"
        );
        format!("{name}_or_absent")
    }
}

/// Expressions about `SUBJECT`, of which one must be true.
fn alternatives(clause: &Clause) -> Vec<String> {
    let is_wild = |text: &&String| clause.test == Test::Like && text.contains('*');
    let other = |text: &String| match clause.test {
        Test::Equal | Test::Like => like(text),
        Test::Address => format!("net.cidr_contains({text:?}, SUBJECT)"),
        Test::Before => format!("SUBJECT < {text:?}"),
        Test::After => format!("SUBJECT > {text:?}"),
    };
    if !matches!(clause.test, Test::Equal | Test::Like) {
        return clause.alternatives.iter().map(other).collect();
    }
    let exact: Vec<String> =
        clause.alternatives.iter().filter(|text| !is_wild(text)).map(|text| format!("{text:?}")).collect();
    let exact = match exact.as_slice() {
        [] => None,
        [one] => Some(format!("SUBJECT == {one}")),
        // A line each, for lines are bounded.
        some => Some(format!("SUBJECT in {{{}}}", some.join(",\n"))),
    };
    exact.into_iter().chain(clause.alternatives.iter().filter(is_wild).map(other)).collect()
}

/// A pattern with a star.
fn like(pattern: &str) -> String {
    let pieces: Vec<&str> = pattern.split('*').collect();
    match pieces.as_slice() {
        ["", ""] => "is_string(SUBJECT)".to_owned(),
        [start, ""] => format!("startswith(SUBJECT, {start:?})"),
        ["", end] => format!("endswith(SUBJECT, {end:?})"),
        [start, end] => {
            let least = start.chars().count() + end.chars().count();
            format!("startswith(SUBJECT, {start:?}); endswith(SUBJECT, {end:?}); count(SUBJECT) >= {least}")
        }
        [start, middle, ""] => {
            format!("startswith(SUBJECT, {start:?}); contains(trim_prefix(SUBJECT, {start:?}), {middle:?})")
        }
        _ => format!(
            "regex.match(`^(?s:{})$`, SUBJECT)",
            pieces.iter().map(|piece| escaped(piece)).collect::<Vec<_>>().join(".*")
        ),
    }
}

/// For a regular expression.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for one in text.chars() {
        if !(one.is_ascii_alphanumeric() || "/:_- ".contains(one)) {
            escaped.push('\\');
        }
        escaped.push(one);
    }
    escaped
}

fn input(case: &Case) -> Option<regorus::Value> {
    let (kind, id) = &case.principal_text;
    let context: serde_json::Map<_, _> =
        case.context.iter().map(|(key, value)| (key.to_ascii_lowercase(), json!(value))).collect();
    let input = json!({"principal": format!("{kind}:{id}"), "action": case.action.to_ascii_lowercase(),
        "resource": case.resource, "context": context});
    regorus::Value::from_json_str(&input.to_string()).ok()
}
