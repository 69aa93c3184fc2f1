//! What is in a scenario, as names that can be counted: so that a test can hold the generator to drawing everything.
//!
//! It looks at the text alone and does not decide anything; documents that stand as text are looked into too.

mod form;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use self::form::{caller_kind, caller_traits, is_odd, lower_case, principal_kind, shape, texts};
use super::condition::family;
use super::policy::Kind;
use super::universe::{OPERATORS, SERVICES};

/// Everything in a scenario.
pub fn features(scenario: &Value) -> BTreeSet<String> {
    let (request, policies) = (&scenario["request"], &scenario["policies"]);
    let mut seen = Seen {
        names: BTreeSet::new(),
        context: lower_case(&request["context"]),
        has_boundary: policies["permissionsBoundary"].is_array(),
        by_alias: request["resource"].as_str().is_some_and(|resource| resource.contains(":alias/")),
    };
    seen.request(request);
    for kind in Kind::ALL {
        seen.kind(kind, &policies[kind.member()]);
    }
    for grant in policies["grants"].as_array().into_iter().flatten() {
        seen.grant(grant);
    }
    seen.names
}

/// What many draws together must have.
pub fn expected() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut product = |start: &str, first: &[&str], second: &[&str]| {
        for first in first {
            names.extend(second.iter().map(|second| format!("{start} {first} {second}")));
        }
    };
    let kinds = Kind::ALL.map(Kind::member);
    product("kind", &kinds, &["applies", "is empty", "is null", "denies", "allows"]);
    product("kind", &["serviceControl", "resourceControl"], &["has two levels", "has an empty level"]);
    product("document", &["object", "text", "encoded"], &["named", "plain"]);
    product("version", &["2012", "2008", "none"], &["with variables"]);
    for base in OPERATORS {
        for suffix in ["", "IfExists"].iter().filter(|suffix| suffix.is_empty() || base != "Null") {
            let operators = ["", "ForAllValues:", "ForAnyValue:"].map(|set| format!("{set}{base}{suffix}"));
            product("operator", &operators.each_ref().map(String::as_str), &["one", "many", "absent"]);
        }
        product("operand", &[base], &["none", "one", "several"]);
        product("operator", &[base], &["in Allow", "in Deny"]);
    }
    product("odd", &["String", "Numeric", "Date", "Bool", "Ip", "Arn"], &["operand", "value"]);
    product("odd", &["Null"], &["operand"]);
    product("operand", &["Numeric", "Bool", "Date"], &["typed"]);
    let places = ["Resource", "NotResource", "String", "Arn"];
    product("variable", &places, &["holding one", "holding many", "holding nothing"]);
    product(
        "variable",
        &places,
        &["with default", "with default holding many", "escape *", "escape ?", "escape $", "broken"],
    );
    product("variable", &["Resource"], &["in a leading field"]);
    let shapes = [
        "none",
        "all",
        "prefix",
        "suffix",
        "inner",
        "prefix and suffix",
        "pieces",
        "one",
        "one and run",
        "double run",
        "over non-ASCII",
    ];
    product("wildcard", &["Resource", "StringLike", "ArnLike", "StringEquals"], &shapes);
    product(
        "wildcard",
        &["Resource", "ArnLike"],
        &["run in a field", "field of a run", "one in a field", "short"],
    );
    product("wildcard", &["Action"], &shapes[..8]);
    product("element", &["NotAction", "NotResource"], &["in Allow", "in Deny"]);
    product("element", &["NotResource"], &["in Allow with a key by alias"]);
    product("element", &["NotPrincipal"], &["in Allow", "in Deny", "in Deny with boundary"]);
    product("element", &["Resource"], &["missing"]);
    product("caller", &CALLERS, &["asks"]);
    product(
        "caller",
        &[
            "of another partition",
            "a role with unique ID",
            "with another session's ID",
            "federated with unique ID",
            "a service in a Region by two labels",
            "with non-ASCII tags",
        ],
        &["asks"],
    );
    product("principal", &PRINCIPALS, &["in Principal", "in NotPrincipal"]);
    product("service", &SERVICES.map(|service| service.name), &["is asked"]);
    product("owner", &["of the caller's account", "of another account", "given", "not given"], &["resource"]);
    product(
        "request",
        &["gateway", "dependentActions", "blockPublicAccess", "objectOwner", "no context"],
        &["set"],
    );
    product(
        "object owner",
        &["and"],
        &["s3:getobject", "s3:putobject", "s3:putobjecttagging", "s3:replicateobject"],
    );
    product(
        "grant",
        &["user", "session", "role", "federated user", "account", "service", "unique ID"],
        &["grantee"],
    );
    product("grant", &["subset", "equals", "issuer", "key", "retiring"], &["set"]);
    names
}

const CALLERS: [&str; 14] = [
    "account",
    "root",
    "user",
    "session",
    "session with role ARN",
    "role",
    "federated user",
    "federated user with issuer",
    "service",
    "service with several names",
    "anonymous",
    "federated",
    "canonical user",
    "service-linked role",
];

const PRINCIPALS: [&str; 11] = [
    "everybody",
    "account",
    "root ARN",
    "user",
    "role",
    "session",
    "federated user",
    "unique ID",
    "service",
    "provider",
    "canonical user",
];

struct Seen {
    names: BTreeSet<String>,
    context: Map<String, Value>,
    has_boundary: bool,
    /// The request names its key by an alias.
    by_alias: bool,
}

impl Seen {
    fn add(&mut self, name: impl Into<String>) {
        self.names.insert(name.into());
    }

    fn request(&mut self, request: &Value) {
        let caller = &request["principal"];
        let kind = caller_kind(caller);
        self.add(format!("caller {kind} asks"));
        for name in caller_traits(caller) {
            self.add(format!("caller {name} asks"));
        }
        let text = |name: &str| request[name].as_str().unwrap_or_default();
        let service = text("action").split(':').next().unwrap_or_default().to_ascii_lowercase();
        self.add(format!("service {service} is asked"));
        let arn = caller["arn"].as_str().or(caller.as_str()).unwrap_or_default();
        let account = arn.split(':').nth(4).unwrap_or(arn);
        let given = !text("resourceAccount").is_empty();
        let owner = if given {
            text("resourceAccount")
        } else {
            text("resource").split(':').nth(4).unwrap_or_default()
        };
        let same = owner == account || owner.is_empty();
        self.add(format!(
            "owner {} resource",
            if same { "of the caller's account" } else { "of another account" }
        ));
        self.add(format!("owner {} resource", if given { "given" } else { "not given" }));
        if request["vpcEndpointType"] == "gateway" {
            self.add("request gateway set");
        }
        for member in ["dependentActions", "blockPublicAccess", "objectOwner"] {
            if !request[member].is_null() {
                self.add(format!("request {member} set"));
            }
        }
        if !request["objectOwner"].is_null() {
            self.add(format!("object owner and {}", text("action").to_ascii_lowercase()));
        }
        if self.context.is_empty() {
            self.add("request no context set");
        }
    }

    fn kind(&mut self, kind: Kind, value: &Value) {
        let member = kind.member();
        let lists: Vec<&Value> = match value {
            Value::Null => return self.add(format!("kind {member} is null")),
            Value::Array(levels) if kind.has_levels() => {
                if levels.len() > 1 {
                    self.add(format!("kind {member} has two levels"));
                }
                if levels.iter().any(|level| level.as_array().is_some_and(Vec::is_empty)) {
                    self.add(format!("kind {member} has an empty level"));
                }
                levels.iter().collect()
            }
            list => vec![list],
        };
        self.add(format!("kind {member} applies"));
        let entries: Vec<&Value> = lists.iter().filter_map(|list| list.as_array()).flatten().collect();
        if entries.is_empty() {
            self.add(format!("kind {member} is empty"));
        }
        for entry in entries {
            self.entry(kind, entry);
        }
    }

    fn entry(&mut self, kind: Kind, entry: &Value) {
        let named = entry.get("document");
        let document = named.unwrap_or(entry);
        let how = if named.is_some() { "named" } else { "plain" };
        let document = match document.as_str() {
            None => {
                self.add(format!("document object {how}"));
                document.clone()
            }
            Some(text) if text.starts_with('%') => {
                self.add(format!("document encoded {how}"));
                return;
            }
            Some(text) => {
                self.add(format!("document text {how}"));
                serde_json::from_str(text).unwrap_or_default()
            }
        };
        let statements = match &document["Statement"] {
            Value::Array(list) => list.clone(),
            one => vec![one.clone()],
        };
        for statement in &statements {
            self.statement(kind, &document["Version"], statement);
        }
    }

    fn statement(&mut self, kind: Kind, version: &Value, statement: &Value) {
        let Some(effect) = statement["Effect"].as_str().filter(|effect| ["Allow", "Deny"].contains(effect))
        else {
            return;
        };
        self.add(format!("kind {} {}", kind.member(), if effect == "Deny" { "denies" } else { "allows" }));
        let variables = version == "2012-10-17";
        if statement.to_string().contains("${") {
            let version = version.as_str().map_or("none", |version| &version[..4]);
            self.add(format!("version {version} with variables"));
        }
        for name in ["NotAction", "NotResource", "NotPrincipal"] {
            if statement.get(name).is_some() {
                self.add(format!("element {name} in {effect}"));
                if self.has_boundary {
                    self.add(format!("element {name} in {effect} with boundary"));
                }
            }
        }
        for name in ["Action", "NotAction"] {
            for text in texts(&statement[name]) {
                self.wildcards("Action", text.split_once(':').map_or(text, |(_, name)| name));
            }
        }
        for name in ["Resource", "NotResource"] {
            for text in texts(&statement[name]) {
                self.wildcards("Resource", text);
                if variables {
                    self.variables(name, text);
                }
            }
        }
        if self.by_alias && texts(&statement["NotResource"]).iter().any(|text| text.contains(":key/")) {
            self.add(format!("element NotResource in {effect} with a key by alias"));
        }
        if statement.get("Resource").or(statement.get("NotResource")).is_none() {
            self.add("element Resource missing");
        }
        for name in ["Principal", "NotPrincipal"] {
            self.principals(name, &statement[name]);
        }
        for (operator, keys) in statement["Condition"].as_object().into_iter().flatten() {
            for (key, operands) in keys.as_object().into_iter().flatten() {
                self.condition(effect, variables, operator, key, operands);
            }
        }
    }

    fn principals(&mut self, name: &str, element: &Value) {
        if element == "*" {
            self.add(format!("principal everybody in {name}"));
        }
        for (member, values) in element.as_object().into_iter().flatten() {
            for value in texts(values) {
                self.add(format!("principal {} in {name}", principal_kind(member, value)));
            }
        }
    }

    fn condition(&mut self, effect: &str, variables: bool, operator: &str, key: &str, operands: &Value) {
        let base = operator.rsplit(':').next().unwrap_or_default();
        let base = base.strip_suffix("IfExists").unwrap_or(base);
        if !OPERATORS.contains(&base) {
            return;
        }
        let held = self.context.get(&key.to_ascii_lowercase()).cloned();
        let presence = match &held {
            None => "absent",
            Some(Value::Array(list)) if list.is_empty() => "absent",
            Some(Value::Array(_)) => "many",
            Some(_) => "one",
        };
        self.add(format!("operator {operator} {presence}"));
        self.add(format!("operator {base} in {effect}"));
        let list: Vec<&Value> =
            operands.as_array().map_or_else(|| vec![operands], |list| list.iter().collect());
        self.add(format!("operand {base} {}", ["none", "one", "several"][list.len().min(2)]));
        let family = family(base);
        let name = family.map_or("Null".to_owned(), |family| format!("{family:?}"));
        for operand in list {
            let Some(text) = operand.as_str() else {
                self.add(format!("operand {name} typed"));
                continue;
            };
            if is_odd(family, text) {
                self.add(format!("odd {name} operand"));
            }
            let like = match base.replace("Not", "").as_str() {
                "StringLike" => "StringLike",
                "StringEquals" => "StringEquals",
                "ArnLike" | "ArnEquals" => "ArnLike",
                _ => continue,
            };
            self.wildcards(like, text);
            if variables {
                self.variables(&name, text);
            }
        }
        if held.as_ref().and_then(Value::as_str).is_some_and(|text| is_odd(family, text)) {
            self.add(format!("odd {name} value"));
        }
    }

    fn wildcards(&mut self, place: &str, text: &str) {
        self.add(format!("wildcard {place} {}", shape(text)));
        if text.contains(['*', '?']) && !text.is_ascii() {
            self.add(format!("wildcard {place} over non-ASCII"));
        }
        let fields: Vec<&str> = text.splitn(6, ':').collect();
        if fields.len() < 6 && text.starts_with("arn:") && text.ends_with('*') {
            self.add(format!("wildcard {place} short"));
        }
        for field in fields.iter().take(5).filter(|_| fields.len() == 6) {
            if *field == "*" {
                self.add(format!("wildcard {place} field of a run"));
            } else if field.contains('*') {
                self.add(format!("wildcard {place} run in a field"));
            } else if field.contains('?') {
                self.add(format!("wildcard {place} one in a field"));
            }
        }
    }

    fn variables(&mut self, place: &str, text: &str) {
        for (at, _) in text.match_indices("${") {
            if place == "Resource" && text[..at].matches(':').count() < 5 {
                self.add("variable Resource in a leading field");
            }
            let Some((inside, _)) = text[at + 2..].split_once('}') else {
                self.add(format!("variable {place} broken"));
                continue;
            };
            let (key, default) =
                inside.split_once(", ").map_or((inside, None), |(key, rest)| (key, Some(rest)));
            let held = match self.context.get(&key.to_ascii_lowercase()) {
                Some(Value::Array(_)) => "holding many",
                Some(_) => "holding one",
                None => "holding nothing",
            };
            let what = match (key, default) {
                ("*" | "?" | "$", None) => format!("escape {key}"),
                (_, Some(default)) if !default.starts_with('\'') || !default.ends_with('\'') => {
                    "broken".to_owned()
                }
                (_, Some(_)) if held == "holding many" => "with default holding many".to_owned(),
                (_, Some(_)) => "with default".to_owned(),
                _ if key.is_empty() || key.contains([' ', '{', ',']) => "broken".to_owned(),
                _ => held.to_owned(),
            };
            self.add(format!("variable {place} {what}"));
        }
    }

    fn grant(&mut self, grant: &Value) {
        if let Some(grantee) = grant["GranteePrincipal"].as_str() {
            let kind = match principal_kind("AWS", grantee) {
                "root ARN" => "account",
                other => other,
            };
            self.add(format!("grant {kind} grantee"));
        }
        let members = [
            ("GranteeServicePrincipal", "service grantee"),
            ("IssuingAccount", "issuer set"),
            ("KeyId", "key set"),
            ("RetiringPrincipal", "retiring set"),
        ];
        for (member, name) in members {
            if !grant[member].is_null() {
                self.add(format!("grant {name}"));
            }
        }
        for (member, name) in [("EncryptionContextSubset", "subset"), ("EncryptionContextEquals", "equals")] {
            if !grant["Constraints"][member].is_null() {
                self.add(format!("grant {name} set"));
            }
        }
    }
}
