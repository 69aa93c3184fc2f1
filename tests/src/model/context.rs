//! The context of a request (section 5): keys the caller of the model gave, keys that follow from who asks and
//! from what is asked for.

use std::collections::BTreeMap;

use serde_json::Value;

use super::document::{object, scalar};
use super::principal::{Caller, Who, general_name, is_account};
use super::{Refused, refused};

/// What the request carries under one key.
#[derive(Clone, Debug)]
pub enum Held {
    /// A single-valued key.
    One(String),
    /// A multivalued key, also with one value.
    Many(Vec<String>),
}

impl Held {
    /// The values; one value is a list of one.
    pub fn values(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

/// Keys in lower case (M-38, M-39) and what each holds; a key without entry is absent. Beside them the encryption
/// context, spelled as it was given (E-43).
#[derive(Clone, Debug, Default)]
pub struct Context(BTreeMap<String, Held>, Vec<(String, Held)>);

const ENCRYPTION_CONTEXT: &str = "kms:encryptioncontext:";

impl Context {
    /// What the request carries under a key, however it is spelled.
    pub fn get(&self, key: &str) -> Option<&Held> {
        self.0.get(&key.to_lowercase())
    }

    /// The values under a key; none when it is absent.
    pub fn values(&self, key: &str) -> &[String] {
        self.get(key).map_or(&[], Held::values)
    }

    /// The encryption context as it was spelled, and the value of each key that has exactly one.
    pub fn encryption_context(&self) -> Vec<(&str, Option<&str>)> {
        self.1
            .iter()
            .map(|(key, held)| match held {
                Held::One(value) => (key.as_str(), Some(value.as_str())),
                Held::Many(_) => (key.as_str(), None),
            })
            .collect()
    }

    fn put(&mut self, key: &str, held: Held) {
        self.0.insert(key.to_lowercase(), held);
    }

    pub fn fill(&mut self, key: &str, value: impl Into<String>) {
        self.put(key, Held::One(value.into()));
    }
}

/// K-8: what follows from the principal and the resource; what was given wins.
pub fn context(
    given: Option<&Value>,
    caller: &Caller,
    resource_account: Option<&str>,
) -> Result<Context, Refused> {
    let mut context = from_caller(caller);
    if let Some(account) = resource_account {
        context.fill("aws:ResourceAccount", account);
    }
    let mut seen = vec![];
    for (key, value) in given.map(|given| object(given, "context")).transpose()?.into_iter().flatten() {
        let lower = key.to_lowercase();
        // E-43: the keys of an encryption context differ by letter case too.
        let cased =
            lower.starts_with(ENCRYPTION_CONTEXT).then(|| key.splitn(3, ':').skip(2).collect::<String>());
        let identity =
            cased.as_ref().map_or_else(|| lower.clone(), |key| format!("{ENCRYPTION_CONTEXT}{key}"));
        if seen.contains(&identity) {
            return refused(format!("context key {key} twice"));
        }
        let held = match value {
            Value::Array(list) => list.iter().map(scalar).collect::<Option<_>>().map(Held::Many),
            one => scalar(one).map(Held::One),
        };
        match held {
            None => return refused(format!("context value {value}")),
            // D-75: a list without values is a key without a value.
            Some(Held::Many(list)) if list.is_empty() => {
                if cased.is_none() {
                    context.0.remove(&lower);
                }
            }
            Some(held) => {
                // Conditions see one key (M-38), which has the values of them all.
                let all = context
                    .get(key)
                    .filter(|_| cased.is_some())
                    .map(|before| Held::Many([before.values(), held.values()].concat()));
                context.put(key, all.unwrap_or_else(|| held.clone()));
                context.1.extend(cased.map(|key| (key, held)));
            }
        }
        seen.push(identity);
    }
    Ok(context)
}

/// K-1, M-54, M-55, C-25, E-32, observation 19 (a service principal has no type of its own).
fn from_caller(caller: &Caller) -> Context {
    let mut context = Context::default();
    let account = caller.account.clone().unwrap_or_default();
    let (kind, arn, user_id) = match &caller.who {
        Who::Root => ("Account", caller.forms.first().cloned(), Some(account.clone())),
        Who::User { name } => {
            context.fill("aws:username", name);
            ("User", caller.forms.first().cloned(), caller.unique_id.clone())
        }
        Who::RoleSession { role, session } => {
            // The role's ID and the session's name; without the one or the other it is not known.
            let id = caller.unique_id.as_ref().and_then(|id| match session {
                _ if id.contains(':') => Some(id.clone()),
                Some(session) => Some(format!("{id}:{session}")),
                None => None,
            });
            ("AssumedRole", Some(role.clone()), id)
        }
        Who::FederatedUser { name, .. } => {
            ("FederatedUser", caller.forms.first().cloned(), Some(format!("{account}:{name}")))
        }
        Who::Unnamed => {
            context.fill("aws:PrincipalAccount", account.clone());
            context.fill("aws:PrincipalIsAWSService", "false");
            ("AssumedRole", None, None)
        }
        Who::Anonymous => {
            context.fill("aws:PrincipalAccount", "anonymous");
            ("Anonymous", None, Some("anonymous".to_owned()))
        }
        Who::Service { names } => {
            context.fill("aws:PrincipalIsAWSService", "true");
            if let Some(first) = names.first() {
                // K-1: the general name, of a service that has it beside a Regional one.
                let general = general_name(first).filter(|name| names.contains(name));
                context.fill("aws:PrincipalServiceName", general.unwrap_or_else(|| first.clone()));
            }
            context.put("aws:PrincipalServiceNamesList", Held::Many(names.clone()));
            return context;
        }
        Who::CanonicalUser { .. } => {
            context.fill("aws:PrincipalIsAWSService", "false");
            return context;
        }
        Who::Federated { provider } => {
            // As live STS shows them: a user, of the provider's account.
            context.fill("aws:PrincipalType", "User");
            // D-72: of OpenID Connect alone.
            if !provider.contains(":saml-provider/") {
                context.fill("aws:FederatedProvider", provider);
            }
            if let ["arn", _, "iam", _, account, name] = provider.splitn(6, ':').collect::<Vec<_>>()[..]
                && is_account(account)
            {
                context.fill("aws:PrincipalAccount", account);
                if !name.starts_with("saml-provider/") {
                    context.fill("aws:userid", provider);
                }
            }
            return context;
        }
    };
    context.fill("aws:PrincipalType", kind);
    if let Some(id) = user_id {
        context.fill("aws:userid", id);
    }
    if let Some(arn) = arn {
        context.fill("aws:PrincipalArn", arn);
        context.fill("aws:PrincipalAccount", account);
        context.fill("aws:PrincipalIsAWSService", "false");
    }
    for (tag, value) in &caller.tags {
        context.fill(&format!("aws:PrincipalTag/{tag}"), value);
    }
    context
}
