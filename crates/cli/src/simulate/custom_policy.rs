//! The input of `aws iam simulate-custom-policy --cli-input-json`, as it is: one request for every action and resource.
//!
//! The answers are those of live authorization, which the policy simulator does not give in every case. Without
//! `CallerArn` somebody asks of whom only the account is known.

use std::collections::BTreeSet;

use bailiwick_evaluator::PolicyKind;
use bailiwick_scenario::{Document, Documents, Scenario};
use bailiwick_source::json::{Kind, Value};
use bailiwick_source::object::{Fields, Reader};
use bailiwick_source::url::decode;
use bailiwick_source::{Code, Error, Span};
use serde_json::{Map, json};

use crate::failure::Failure;
use crate::source::Source;

const MEMBERS: [&str; 12] = [
    "PolicyInputList",
    "PermissionsBoundaryPolicyInputList",
    "OrderedOrganizationPolicyInputList",
    "ActionNames",
    "ResourceArns",
    "ResourcePolicy",
    "ResourceOwner",
    "CallerArn",
    "ContextEntries",
    "ResourceHandlingOption",
    "MaxItems",
    "Marker",
];

/// The account of a caller and a resource that nobody named.
const SOME_ACCOUNT: &str = "123456789012";

/// Whether a document is such an input.
pub(crate) fn is_input(value: Value<'_, '_>) -> bool {
    value.member("ActionNames").is_some() || value.member("PolicyInputList").is_some()
}

/// What an input asks.
#[derive(Debug)]
pub(crate) struct Asked {
    /// For every action the scenarios of all resources, in the order of the input.
    pub(crate) actions: Vec<Vec<Scenario>>,
    /// Every context key that some policy asks for.
    pub(crate) keys: BTreeSet<String>,
}

/// Reads an input.
pub(crate) fn read(source: &Source, value: Value<'_, '_>) -> Result<Asked, Failure> {
    let mut input = Input {
        source,
        reader: Reader::default(),
        failures: Vec::new(),
        keys: BTreeSet::new(),
        documents: Documents::default(),
    };
    let requests = input.read(value);
    if !input.failures.is_empty() {
        return Err(Failure::Several(input.failures));
    }
    let requests = match input.reader.finish(requests) {
        Ok(requests) => requests,
        Err(errors) => return Err(Failure::invalid(source.clone(), errors)),
    };
    let documents = &input.documents;
    let scenarios = |(span, requests): &(Span, Vec<Request>)| {
        requests.iter().map(|request| scenario(source, *span, request, documents)).collect()
    };
    let actions = requests.iter().map(scenarios).collect::<Result<_, _>>()?;
    Ok(Asked { actions, keys: input.keys })
}

/// The most requests that one input may ask: actions times resources.
const MOST_REQUESTS: usize = 10_000;

/// What answers call a request, and the request as a scenario writes it.
type Request = (String, serde_json::Value);

/// A scenario over the policies. What is still wrong with it concerns its action or resource.
fn scenario(
    source: &Source,
    span: Span,
    (name, request): &Request,
    documents: &Documents,
) -> Result<Scenario, Failure> {
    let scenario = Scenario::over(&request.to_string(), documents.clone());
    scenario.map(|scenario| scenario.with_name(name)).map_err(|errors| {
        let errors = errors.into_vec().into_iter();
        Failure::Invalid {
            source: source.clone(),
            errors: errors.map(|error| Error { span, related: None, ..error }).collect(),
        }
    })
}

struct Input<'s> {
    source: &'s Source,
    reader: Reader,
    /// What is wrong with policy documents, which have places of their own.
    failures: Vec<Failure>,
    /// Every context key that some policy asks for.
    keys: BTreeSet<String>,
    documents: Documents,
}

impl Input<'_> {
    /// The requests for every action, with the action's place.
    fn read(&mut self, value: Value<'_, '_>) -> Option<Vec<(Span, Vec<Request>)>> {
        let fields = self.reader.object(value, "the input of simulate-custom-policy", &MEMBERS)?;
        for (member, kind) in [
            ("PolicyInputList", PolicyKind::Identity),
            ("PermissionsBoundaryPolicyInputList", PolicyKind::PermissionsBoundary),
        ] {
            if let Some(value) = fields.get(member) {
                let documents = self.list(value, member, kind);
                self.documents.attach(kind, documents);
            }
        }
        if let Some(value) = fields.get("ResourcePolicy") {
            let document = self.document(value, "ResourcePolicy", PolicyKind::Resource);
            self.documents.attach(PolicyKind::Resource, document.into_iter().collect());
        }
        if let Some(value) = fields.get("OrderedOrganizationPolicyInputList") {
            self.levels(value);
        }
        let context = fields.get("ContextEntries").map(|value| self.context(value)).unwrap_or_default();
        let actions = self.reader.required(&fields, "ActionNames", "the input of simulate-custom-policy")?;
        let actions = self.texts(actions, "ActionNames");
        let resources = fields.get("ResourceArns").map(|value| self.texts(value, "ResourceArns"));
        let resources = resources.filter(|list| !list.is_empty());
        let resources = resources.unwrap_or_else(|| vec![(Span::default(), "*".to_owned())]);
        if actions.len().saturating_mul(resources.len()) > MOST_REQUESTS {
            let message = format!(
                "{} actions on {} resources are more than the limit of {MOST_REQUESTS} requests",
                actions.len(),
                resources.len()
            );
            let start = value.span().start;
            let error =
                Error::new(Code::ItemsExceedLimit, Span::new(start, start.saturating_add(1)), message);
            self.reader.report(error.with_help("split the input"));
            return None;
        }
        let requests = actions.into_iter().map(|(span, action)| {
            let of_action = resources.iter().map(|(_, resource)| {
                (format!("{action} on {resource}"), self.request(&fields, &action, resource, &context))
            });
            (span, of_action.collect())
        });
        Some(requests.collect())
    }

    fn request(
        &mut self,
        fields: &Fields<'_, '_>,
        action: &str,
        resource: &str,
        context: &Map<String, serde_json::Value>,
    ) -> serde_json::Value {
        let caller = fields.get("CallerArn").and_then(|value| self.reader.string(value, "CallerArn"));
        let owner = fields.get("ResourceOwner").and_then(|value| self.reader.string(value, "ResourceOwner"));
        let account = |text: &str| match text.split(':').nth(4) {
            Some("") | None => None,
            Some(account) => Some(account.to_owned()),
        };
        let owner = owner.map(|owner| account(&owner).unwrap_or_else(|| owner.into_owned()));
        let callers_account = caller.as_deref().and_then(account);
        let owner = owner
            .or_else(|| account(resource))
            .or_else(|| callers_account.clone())
            .unwrap_or_else(|| SOME_ACCOUNT.to_owned());
        let mut context = context.clone();
        let principal = match caller {
            // A group is no principal: whoever is in it asks.
            Some(caller) if !caller.contains(":group/") => json!(caller),
            _ => {
                // There is always a user ID, if an unknown one.
                if !context.keys().any(|key| key.eq_ignore_ascii_case("aws:userid")) {
                    context.insert("aws:userid".to_owned(), "unknown".into());
                }
                json!({"account": callers_account.unwrap_or_else(|| owner.clone())})
            }
        };
        json!({
            "principal": principal, "action": action, "resource": resource,
            "resourceAccount": owner, "context": context,
        })
    }

    fn texts(&mut self, value: Value<'_, '_>, what: &str) -> Vec<(Span, String)> {
        let items = self.reader.list(value, what);
        let texts = items
            .into_iter()
            .filter_map(|item| self.reader.string(item, what).map(|text| (item.span(), text.into_owned())));
        texts.collect()
    }

    fn levels(&mut self, value: Value<'_, '_>) {
        const MEMBER: &str = "ServiceControlPolicyInputList";
        for level in self.reader.list(value, "OrderedOrganizationPolicyInputList") {
            let fields = self.reader.object(level, "a level", &[MEMBER]);
            let list = fields.and_then(|fields| self.reader.required(&fields, MEMBER, "a level"));
            if let Some(list) = list {
                let documents = self.list(list, MEMBER, PolicyKind::ServiceControl);
                self.documents.attach(PolicyKind::ServiceControl, documents);
            }
        }
    }

    fn list(&mut self, value: Value<'_, '_>, what: &str, kind: PolicyKind) -> Vec<Document> {
        let items = self.reader.list(value, what).into_iter().enumerate();
        items.filter_map(|(at, item)| self.document(item, &format!("{what}.{}", at + 1), kind)).collect()
    }

    /// One document under the name that AWS's answer gives it.
    fn document(&mut self, value: Value<'_, '_>, name: &str, kind: PolicyKind) -> Option<Document> {
        let text = match value.kind() {
            Kind::Object => value.text().to_owned(),
            _ => {
                let text = self.reader.string(value, name)?;
                match decode(&text) {
                    Ok(decoded) => decoded.into_owned(),
                    Err(error) => {
                        self.reader.report(Error { span: value.span(), ..error });
                        return None;
                    }
                }
            }
        };
        if let Ok(document) = bailiwick_parser::parse(&text) {
            collect_keys(&document, &mut self.keys);
        }
        match Document::parse(&text, kind, name, value.document().limits()) {
            Ok(document) => Some(document),
            Err(errors) => {
                let source = Source { name: format!("{} {name}", self.source.name), text };
                self.failures.push(Failure::invalid(source, errors));
                None
            }
        }
    }

    fn context(&mut self, value: Value<'_, '_>) -> Map<String, serde_json::Value> {
        let mut context = Map::new();
        for entry in self.reader.list(value, "ContextEntries") {
            let Some((name, values)) = self.entry(entry) else { continue };
            if context.keys().any(|key: &String| key.eq_ignore_ascii_case(&name)) {
                let message = format!("the context key `{name}` is given twice; letter case does not matter");
                self.reader.report(Error::new(Code::DuplicateMember, entry.span(), message));
            }
            context.insert(name, values);
        }
        context
    }

    fn entry(&mut self, value: Value<'_, '_>) -> Option<(String, serde_json::Value)> {
        const TYPES: &str =
            "the types are string, numeric, boolean, ip, binary, date, and each of them with List behind it";
        let members = ["ContextKeyName", "ContextKeyValues", "ContextKeyType"];
        if value.kind() == Kind::Object && value.members().next().is_none() {
            return None;
        }
        let fields = self.reader.object(value, "a context entry", &members)?;
        let mut text = |name: &str| {
            let value = self.reader.required(&fields, name, "a context entry")?;
            Some((value, self.reader.string(value, name)?))
        };
        let ((_, name), (type_value, type_name)) = (text("ContextKeyName")?, text("ContextKeyType")?);
        let scalar = type_name.strip_suffix("List").unwrap_or(&type_name);
        if !["string", "numeric", "boolean", "ip", "binary", "date"].contains(&scalar) {
            self.reader.invalid(type_value, format!("`{type_name}` is no type of a context key"), TYPES);
            return None;
        }
        let list = self.reader.required(&fields, "ContextKeyValues", "a context entry")?;
        let values: Vec<_> = self.texts(list, "ContextKeyValues").into_iter().map(|(_, text)| text).collect();
        let is_list = scalar.len() < type_name.len();
        match values.as_slice() {
            [one] if !is_list => Some((name.into_owned(), one.as_str().into())),
            [_, ..] if is_list => Some((name.into_owned(), values.into())),
            other => {
                let message = format!(
                    "`{name}` has {} values, expected {}",
                    other.len(),
                    if is_list { "some" } else { "one" }
                );
                self.reader.invalid(list, message, "a key with several values has a type that ends in List");
                None
            }
        }
    }
}

/// The keys of a document's conditions and variables.
fn collect_keys(document: &bailiwick_parser::syntax::Document<'_>, keys: &mut BTreeSet<String>) {
    for statement in &document.statements {
        for text in statement.resource.iter().flat_map(|element| &element.value.items) {
            keys.extend(variables(&text.value).map(str::to_owned));
        }
        let conditions = statement.condition.iter().flat_map(|block| &block.value);
        for key in conditions.flat_map(|condition| &condition.keys) {
            keys.insert(key.key.value.clone().into_owned());
            for value in &key.values {
                keys.extend(variables(&value.text.value).map(str::to_owned));
            }
        }
    }
}

/// The keys of the variables in a text.
fn variables(text: &str) -> impl Iterator<Item = &str> {
    text.split("${").skip(1).filter_map(|rest| rest.split_once('}')).filter_map(|(variable, _)| {
        let (key, _default) = variable.split_once(',').unwrap_or((variable, ""));
        (!matches!(key, "*" | "?" | "$")).then_some(key.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_keys_unless_they_stand_for_a_character() {
        let text = "a${aws:username}b${*}${aws:PrincipalTag/x, 'y'}${ aws:userid }${open";
        assert_eq!(variables(text).collect::<Vec<_>>(), ["aws:username", "aws:PrincipalTag/x", "aws:userid"]);
    }
}
