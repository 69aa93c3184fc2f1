//! The input of `aws iam simulate-custom-policy --cli-input-json`, as it is: one request for every action and resource.
//!
//! The answers are those of live authorization, which the policy simulator does not give in every case. Without
//! `CallerArn` somebody asks of whom only the account is known.

use std::borrow::Cow;
use std::collections::BTreeSet;

use bailiwick_evaluator::{ContextValue, Document, Documents, OwnedRequest, PolicyKind, RequestError};
use bailiwick_scenario::Scenario;
use bailiwick_scenario::read;
use bailiwick_source::json::{Kind, Value};
use bailiwick_source::object::{Fields, Reader};
use bailiwick_source::url::decode;
use bailiwick_source::{Code, Error, Span};

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
        reported: BTreeSet::new(),
    };
    let requests = input.read(value);
    if !input.failures.is_empty() {
        return Err(Failure::Several(input.failures));
    }
    let requests = match std::mem::take(&mut input.reader).finish(requests) {
        Ok(requests) => requests,
        Err(errors) => return Err(Failure::invalid(source.clone(), errors)),
    };
    let Input { documents, keys, .. } = input;
    let scenario = |(name, request): Named| Scenario::new(request, documents.clone()).with_name(&name);
    let scenarios = |requests: Vec<Named>| requests.into_iter().map(scenario).collect();
    Ok(Asked { actions: requests.into_iter().map(scenarios).collect(), keys })
}

/// The most requests that one input may ask: actions times resources.
const MOST_REQUESTS: usize = 10_000;

/// A request and what answers call it.
type Named = (String, OwnedRequest);

/// A text of the input and where it is.
type Text<'t> = (Span, Cow<'t, str>);

/// What all requests of an input have in common.
struct Common<'t> {
    caller: Option<Text<'t>>,
    owner: Option<Text<'t>>,
    context: Vec<(String, ContextValue)>,
}

struct Input<'s> {
    source: &'s Source,
    reader: Reader,
    /// What is wrong with policy documents, which have places of their own.
    failures: Vec<Failure>,
    /// Every context key that some policy asks for.
    keys: BTreeSet<String>,
    documents: Documents,
    /// The mistakes of requests that were reported, by place and message.
    reported: BTreeSet<(Span, String)>,
}

impl Input<'_> {
    /// The requests for every action.
    fn read(&mut self, value: Value<'_, '_>) -> Option<Vec<Vec<Named>>> {
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
            self.documents.attach(PolicyKind::Resource, document);
        }
        if let Some(value) = fields.get("OrderedOrganizationPolicyInputList") {
            self.levels(value);
        }
        let context = fields.get("ContextEntries").map(|value| self.context(value)).unwrap_or_default();
        let actions = self.reader.required(&fields, "ActionNames", "the input of simulate-custom-policy")?;
        let actions = self.texts(actions, "ActionNames");
        let resources = fields.get("ResourceArns").map(|value| self.texts(value, "ResourceArns"));
        let resources = resources.filter(|list| !list.is_empty());
        let resources = resources.unwrap_or_else(|| vec![(Span::default(), Cow::Borrowed("*"))]);
        if actions.len().saturating_mul(resources.len()) > MOST_REQUESTS {
            let message = format!(
                "{} actions on {} resources are more than the limit of {MOST_REQUESTS} requests",
                actions.len(),
                resources.len()
            );
            let start = value.span().start;
            let error = Error::new(
                bailiwick_scenario::codes::ITEMS_EXCEED_LIMIT,
                Span::new(start, start.saturating_add(1)),
                message,
            );
            self.reader.report(error.with_help("split the input"));
            return None;
        }
        let caller = self.text(&fields, "CallerArn");
        let owner = self.text(&fields, "ResourceOwner");
        let common = Common { caller, owner, context };
        let requests = actions.iter().map(|action| {
            let of_action = resources.iter().map(|resource| {
                let name = format!("{} on {}", action.1, resource.1);
                Some((name, self.request(&common, action, resource)?))
            });
            of_action.collect()
        });
        requests.collect()
    }

    fn request(
        &mut self,
        common: &Common<'_>,
        action: &Text<'_>,
        resource: &Text<'_>,
    ) -> Option<OwnedRequest> {
        let account = |text: &str| match text.split(':').nth(4) {
            Some("") | None => None,
            Some(account) => Some(account.to_owned()),
        };
        let owner =
            common.owner.as_ref().map(|(_, owner)| account(owner).unwrap_or_else(|| owner.to_string()));
        let callers_account = common.caller.as_ref().and_then(|(_, caller)| account(caller));
        let owner = owner
            .or_else(|| account(&resource.1))
            .or_else(|| callers_account.clone())
            .unwrap_or_else(|| SOME_ACCOUNT.to_owned());
        let mut builder = OwnedRequest::builder();
        let place_of_caller = common.caller.as_ref().map_or(resource.0, |(span, _)| *span);
        // A group is not a principal: somebody who is in it asks.
        match common.caller.as_ref().filter(|(_, caller)| !caller.contains(":group/")) {
            Some((span, caller)) => {
                if let Some(principal) = self.checked(*span, caller.parse()) {
                    builder.principal(principal);
                }
            }
            None => {
                let account = callers_account.as_ref().unwrap_or(&owner);
                self.checked(place_of_caller, builder.principal_of_account(account).map(drop));
                // There is always a user ID, if an unknown one.
                if !common.context.iter().any(|(key, _)| key.eq_ignore_ascii_case("aws:userid")) {
                    self.checked(place_of_caller, builder.context("aws:userid", "unknown").map(drop));
                }
            }
        }
        self.checked(action.0, builder.action(&action.1).map(drop));
        self.checked(resource.0, builder.resource(&resource.1).map(drop));
        let place_of_owner = common.owner.as_ref().map_or(resource.0, |(span, _)| *span);
        self.checked(place_of_owner, builder.resource_account(&owner).map(drop));
        for (key, value) in &common.context {
            // A key that is given twice was reported where it is.
            let _ = builder.context(key, value.clone());
        }
        builder.build().ok()
    }

    /// A part of a request, or its error at the place it was read from; reported once, however many requests have it.
    fn checked<T>(&mut self, span: Span, result: Result<T, RequestError>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                let error = error.at(span);
                if !self.reported.contains(&(span, error.message.clone())) {
                    self.reported.insert((span, error.message.clone()));
                    self.reader.report(error);
                }
                None
            }
        }
    }

    /// A member that is a text, if it is there.
    fn text<'t>(&mut self, fields: &Fields<'_, 't>, name: &str) -> Option<Text<'t>> {
        let value = fields.get(name)?;
        Some((value.span(), self.reader.string(value, name)?))
    }

    fn texts<'t>(&mut self, value: Value<'_, 't>, what: &str) -> Vec<Text<'t>> {
        let items = self.reader.list(value, what);
        let texts = items
            .into_iter()
            .filter_map(|item| self.reader.string(item, what).map(|text| (item.span(), text)));
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
        match read::document(&text, kind, value.document().limits()) {
            Ok(document) => Some(document.with_name(name)),
            Err(errors) => {
                let source = Source { name: format!("{} {name}", self.source.name), text };
                self.failures.push(Failure::invalid(source, errors));
                None
            }
        }
    }

    fn context(&mut self, value: Value<'_, '_>) -> Vec<(String, ContextValue)> {
        let mut context = Vec::new();
        for entry in self.reader.list(value, "ContextEntries") {
            let Some((name, values)) = self.entry(entry) else { continue };
            if context.iter().any(|(key, _): &(String, _)| key.eq_ignore_ascii_case(&name)) {
                let message = format!("the context key `{name}` is given twice; letter case does not matter");
                self.reader.report(Error::new(Code::DUPLICATE_MEMBER, entry.span(), message));
            }
            context.push((name, values));
        }
        context
    }

    fn entry(&mut self, value: Value<'_, '_>) -> Option<(String, ContextValue)> {
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
        let values = self.texts(list, "ContextKeyValues").into_iter();
        let values: Vec<String> = values.map(|(_, text)| text.into_owned()).collect();
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
