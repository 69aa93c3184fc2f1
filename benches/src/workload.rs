//! The workloads: policies, requests and the answers they must get.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a workload that cannot be read must stop the bench"
)]

use std::borrow::Cow;
use std::hint::black_box;
use std::path::Path;
use std::{env, fs};

use bailiwick::{
    Attached, CompiledPolicy, Decision, Policies, PolicyKind, Principal, Request, RequestMemory,
};
use serde_json::{Value, json};

use crate::growth::{self, Shape};

/// Policies of one kind and requests over them.
#[derive(Clone, Debug)]
pub struct Workload {
    /// `W1`, `W3 at 10`.
    pub name: String,
    /// What the policies are attached as.
    pub kind: PolicyKind,
    /// The documents, as JSON text.
    pub documents: Vec<String>,
    /// The requests.
    pub cases: Vec<Case>,
}

/// A request and its answer.
#[derive(Clone, Debug)]
pub struct Case {
    /// Which one it is: `allow`, `hit3`.
    pub name: String,
    /// Who asks.
    pub principal: Principal<'static>,
    /// The principal as the workload spells it: `AWS` or `Service`, and its ARN or name.
    pub principal_text: (String, String),
    /// The action.
    pub action: String,
    /// The resource.
    pub resource: String,
    /// Who owns the resource, where the workload says so.
    pub resource_account: Option<String>,
    /// The context, in the workload's order.
    pub context: Vec<(String, String)>,
    /// Which of the workload's documents it is about; `None` is all of them.
    pub document: Option<usize>,
    /// The answer.
    pub expect: Decision,
}

impl Case {
    /// The request.
    pub fn request(&self) -> Request<'_> {
        let mut request = Request::new(&self.principal, &self.action, &self.resource);
        self.complete(&mut request);
        request
    }

    /// The request, in the memory of another.
    pub fn request_in(&self, memory: RequestMemory) -> Request<'_> {
        let mut request = Request::new_in(memory, &self.principal, &self.action, &self.resource);
        self.complete(&mut request);
        request
    }

    /// Builds the principal and the request from their strings, and lets them go.
    pub fn build(&self) {
        let (kind, id) = &self.principal_text;
        let principal = match kind.as_str() {
            "Service" => Principal::service(id.as_str()),
            _ => Principal::from_arn(id.as_str()).expect("a workload's principal is a user or role"),
        };
        let mut request = Request::new(&principal, &self.action, &self.resource);
        self.complete(&mut request);
        black_box(&request);
    }

    /// Adds all that the case says of the request.
    fn complete<'r>(&'r self, request: &mut Request<'r>) {
        if let Some(account) = &self.resource_account {
            request.set_resource_account(account);
        }
        for (key, value) in &self.context {
            request.set(key, value.as_str());
        }
    }

    fn read(value: &Value) -> Self {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let (kind, id) = (text(&value["principal"]["type"]), text(&value["principal"]["id"]));
        let principal = match kind.as_str() {
            "Service" => Principal::service(id.clone()),
            _ => Principal::from_arn(id.clone()).expect("a workload's principal is a user or role"),
        };
        let context = value["context"].as_object().expect("a context");
        Self {
            name: text(value.get("name").or(value.get("policy")).expect("a request has a name")),
            principal,
            principal_text: (kind, id),
            action: text(&value["action"]),
            resource: text(&value["resource"]),
            resource_account: context.get("aws:ResourceAccount").map(text),
            context: context.iter().map(|(key, value)| (key.clone(), text(value))).collect(),
            document: None,
            expect: match value["expect"].as_str() {
                Some("allow") => Decision::Allowed,
                Some("deny") => Decision::ExplicitDeny,
                _ => Decision::ImplicitDeny,
            },
        }
    }

    /// The case as a scenario of the program.
    pub fn scenario(&self, kind: PolicyKind, documents: &[Value]) -> Value {
        let (principal_type, id) = &self.principal_text;
        let principal = match principal_type.as_str() {
            "Service" => json!({"service": id}),
            _ => json!(id),
        };
        let context: Value = self.context.iter().map(|(key, value)| (key.clone(), json!(value))).collect();
        let mut request = json!({"principal": principal, "action": self.action, "resource": self.resource, "context": context});
        if let Some(account) = &self.resource_account {
            request["resourceAccount"] = json!(account);
        }
        let mut policies = json!({});
        policies[kind.as_str()] = documents.into();
        json!({"request": request, "policies": policies})
    }
}

impl Workload {
    /// The Route 53 resource policy on CloudWatch Logs: one statement with two conditions.
    pub fn w1() -> Self {
        Self::read(&file("w1", include_str!("../workloads/w1.json")))
    }

    /// The same shape with S3 actions, as an identity policy.
    pub fn w1s() -> Self {
        Self::read(&file("w1s", include_str!("../workloads/w1s.json")))
    }

    /// An identity policy of several statements: allowed by the last, explicitly denied, implicitly denied.
    pub fn w2() -> Self {
        Self::read(&file("w2", include_str!("../workloads/w2.json")))
    }

    /// As many statements, each for a service and a resource prefix of its own.
    pub fn w3(statements: usize) -> Self {
        Self::grown(Shape::Services, statements)
    }

    /// As many statements of one service: only the resource tells them apart.
    pub fn w3s(statements: usize) -> Self {
        Self::grown(Shape::Resources, statements)
    }

    /// Requests over the policies AWS manages, each over one of them; `None` where those are not at hand.
    pub fn w4() -> Option<Self> {
        let Some(folder) = env::var_os("BAILIWICK_WORKLOADS") else {
            eprintln!("W4 is left out: it needs BAILIWICK_WORKLOADS, the folder of w4.json");
            return None;
        };
        let path = Path::new(&folder).join("w4.json");
        let text = fs::read_to_string(path).expect("the folder of workloads has w4.json");
        let corpus = corpus()?;
        let value: Value = serde_json::from_str(&text).expect("w4.json is JSON");
        let mut documents = Vec::new();
        let mut places = std::collections::HashMap::new();
        let requests = value["requests"].as_array().expect("W4 has requests");
        let cases = requests.iter().map(|request| {
            let name = request["policy"].as_str().expect("a request of W4 names its policy");
            let place = *places.entry(name.to_owned()).or_insert_with(|| {
                let found = corpus.iter().find(|(policy, _)| policy == name);
                documents.push(found.expect("W4's policies are in the corpus").1.clone());
                documents.len() - 1
            });
            Case { document: Some(place), ..Case::read(request) }
        });
        let cases = cases.collect();
        Some(Self { name: "W4".to_owned(), kind: PolicyKind::Identity, documents, cases })
    }

    /// W3 and W3S, as their files hold them, at any size.
    fn grown(shape: Shape, statements: usize) -> Self {
        let name = shape.name();
        let workload = |document: String, cases: Vec<Case>| Self {
            name: format!("{name} at {}", thousands(statements)),
            kind: PolicyKind::Identity,
            documents: vec![document],
            cases,
        };
        let kept: Option<Value> =
            of_the_folder(&name.to_ascii_lowercase()).and_then(|text| serde_json::from_str(&text).ok());
        if let Some(kept) = kept
            && let Some(requests) = kept["requests"][statements.to_string()].as_array()
        {
            let taken: Value =
                kept["statements"].as_array().into_iter().flatten().take(statements).cloned().collect();
            let document = json!({"Version": "2012-10-17", "Statement": taken});
            return workload(document.to_string(), requests.iter().map(Case::read).collect());
        }
        let case = |name: String, (action, resource): (String, String), expect: &str| {
            Case::read(&json!({"name": name, "action": action, "resource": resource, "context": {},
                "principal": {"type": "AWS", "id": "arn:aws:iam::123456789012:role/app"}, "expect": expect}))
        };
        let places = growth::places(statements, 16).into_iter().enumerate();
        let hits = places.map(|(number, place)| case(format!("hit{number:02}"), shape.hit(place), "allow"));
        let cases = hits.chain([case("miss".to_owned(), shape.miss(), "none")]).collect();
        workload(growth::document(shape, 0..statements), cases)
    }

    fn read(text: &str) -> Self {
        let value: Value = serde_json::from_str(text).expect("a workload is JSON");
        let array = |member: &str| value[member].as_array().expect("policies and requests are lists").iter();
        Self {
            name: value["name"].as_str().unwrap_or_default().to_owned(),
            kind: match value["kind"].as_str() {
                Some("resource") => PolicyKind::Resource,
                _ => PolicyKind::Identity,
            },
            documents: array("policies").map(Value::to_string).collect(),
            cases: array("requests").map(Case::read).collect(),
        }
    }

    /// The documents that a request is about.
    pub fn documents_of(&self, case: &Case) -> &[String] {
        case.document.map_or(self.documents.as_slice(), |document| &self.documents[document..=document])
    }

    /// The documents, compiled.
    pub fn compile(&self) -> Vec<CompiledPolicy> {
        let compile = |text: &String| bailiwick::compile(text, self.kind);
        self.documents.iter().map(|text| compile(text).expect("a workload's policies are policies")).collect()
    }
}

/// Attaches policies as the kind of a workload.
pub fn attach<'p>(kind: PolicyKind, policies: &'p [&'p CompiledPolicy]) -> Policies<'p> {
    match kind {
        PolicyKind::Resource => Policies { resource: Attached::List(policies), ..Policies::default() },
        _ => Policies { identity: Attached::List(policies), ..Policies::default() },
    }
}

/// A number with commas between its thousands.
pub fn thousands(number: usize) -> String {
    match number {
        0..1_000 => number.to_string(),
        _ => format!("{},{:03}", thousands(number / 1_000), number % 1_000),
    }
}

/// The policies AWS manages, by name, as JSON text; `None`, with a line that says so, where they are not at hand.
pub fn corpus() -> Option<Vec<(String, String)>> {
    let read = |line: String| {
        let value: Value = serde_json::from_str(&line).expect("a line of the corpus is JSON");
        (value["name"].as_str().unwrap_or_default().to_owned(), value["document"].to_string())
    };
    Some(corpus_lines()?.into_iter().map(read).collect())
}

/// The same, each as the line of the corpus that holds it.
pub fn corpus_lines() -> Option<Vec<String>> {
    let name = "aws-managed-policies.ndjson";
    let Some(folder) = env::var_os("BAILIWICK_CORPUS") else {
        eprintln!("the policies AWS manages are left out: they need BAILIWICK_CORPUS, the folder of {name}");
        return None;
    };
    let text = fs::read_to_string(Path::new(&folder).join(name)).expect("the folder has the policies");
    Some(text.lines().map(str::to_owned).collect())
}

fn file(name: &str, builtin: &'static str) -> Cow<'static, str> {
    of_the_folder(name).map_or(Cow::Borrowed(builtin), Cow::Owned)
}

/// A file of the folder of workloads, if one is named and has it.
fn of_the_folder(name: &str) -> Option<String> {
    let folder = env::var_os("BAILIWICK_WORKLOADS")?;
    fs::read_to_string(Path::new(&folder).join(name).with_extension("json")).ok()
}
