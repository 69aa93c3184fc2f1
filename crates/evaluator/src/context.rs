//! The condition context of a request: what the caller gave, and what follows from the principal and the resource.
//!
//! Names are folded and hashed once, when a key is given; a condition's key when its policy is compiled. A look-up
//! compares numbers, and then one name.

use std::borrow::Cow;

use crate::hash::{fold_into, hash, same};
use crate::principal::PrincipalType;
use crate::request::Request;

/// The value of a context key.
#[derive(Clone, Copy, Debug)]
pub enum Value<'r> {
    /// A single-valued key.
    One(&'r str),
    /// A multivalued key, also with one element or none.
    Many(&'r [Cow<'r, str>]),
}

/// What the caller gave.
#[derive(Clone, Debug)]
pub(crate) struct Context<'a> {
    /// Something of the request's own, then every key, all in lower case.
    names: String,
    entries: Vec<Entry<'a>>,
    /// The few keys whose case has a meaning, those of an encryption context, as they were given, each with
    /// its folded name's hash.
    cased: Vec<(u64, Box<str>, Given<'a>)>,
}

#[derive(Clone, Debug)]
struct Entry<'a> {
    hash: u64,
    /// Where its name begins and ends.
    name: (u32, u32),
    value: Given<'a>,
}

/// A value as it was given.
#[derive(Clone, Debug)]
pub(crate) enum Given<'a> {
    One(Cow<'a, str>),
    Many(Box<[Cow<'a, str>]>),
}

/// The prefix of the condition keys that carry the encryption context, in lower case.
const ENCRYPTION_CONTEXT: &str = "kms:encryptioncontext:";

impl<'a> Given<'a> {
    fn all(&self) -> &[Cow<'a, str>] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }

    #[inline]
    pub(crate) fn value(&self) -> Option<Value<'_>> {
        match self {
            Self::One(value) => Some(Value::One(value)),
            // A list without elements is no value (rule C-29).
            Self::Many(values) if values.is_empty() => None,
            Self::Many(values) => Some(Value::Many(values)),
        }
    }
}

impl<'a> Context<'a> {
    /// Room for the action and half a dozen keys: one allocation for most requests.
    pub(crate) fn room_for_names() -> String {
        String::with_capacity(192)
    }

    /// A context without keys.
    pub(crate) fn new(names: String) -> Self {
        Self { names, entries: Vec::with_capacity(6), cased: Vec::new() }
    }

    #[inline]
    pub(crate) fn names(&self) -> &str {
        &self.names
    }

    /// Adds a key, or gives it another value.
    pub(crate) fn insert(&mut self, key: &str, value: Given<'a>) {
        let start = self.names.len();
        fold_into(&mut self.names, key);
        let name = self.names.get(start..).unwrap_or_default();
        let hash = hash(name);
        let value = if name.starts_with(ENCRYPTION_CONTEXT) {
            self.insert_cased(start, hash, key, value)
        } else {
            value
        };
        let name = self.names.get(start..).unwrap_or_default();
        if let Some(entry) =
            self.entries.iter_mut().find(|entry| entry.has(hash, || name.as_bytes(), &self.names))
        {
            entry.value = value;
            self.names.truncate(start);
            return;
        }
        self.entries.push(Entry { hash, name: (start as u32, self.names.len() as u32), value });
    }

    /// Keeps a key of the encryption context apart from those it differs from in letter case alone. Returns what a
    /// condition finds under its folded name, which begins at `start`: of several keys, all their values.
    #[cold]
    fn insert_cased(&mut self, start: usize, hash: u64, key: &str, value: Given<'a>) -> Given<'a> {
        match self.cased.iter_mut().find(|(_, cased, _)| **cased == *key) {
            Some((_, _, given)) => *given = value,
            None => self.cased.push((hash, key.into(), value)),
        }
        let name = self.names.get(start..).unwrap_or_default();
        let mut folded = String::new();
        let mut same = self.cased.iter().filter(|(its, cased, given)| {
            folded.clear();
            *its == hash && !given.all().is_empty() && {
                fold_into(&mut folded, cased);
                folded == name
            }
        });
        match (same.next(), same.next()) {
            (Some((_, _, given)), None) => given.clone(),
            (first, second) => {
                let all = first.into_iter().chain(second).chain(same);
                Given::Many(all.flat_map(|(_, _, given)| given.all().iter().cloned()).collect())
            }
        }
    }

    /// The encryption context: every key as it was given, without the prefix, and its value if it has exactly one.
    pub(crate) fn encryption_context(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.cased.iter().filter(|(_, _, given)| !given.all().is_empty()).map(|(_, key, given)| {
            let value = match given {
                Given::One(value) => Some(&**value),
                Given::Many(_) => None,
            };
            (key.splitn(3, ':').nth(2).unwrap_or_default(), value)
        })
    }

    /// The value of a key.
    #[inline]
    pub(crate) fn find<'k>(&self, code: KeyCode, name: impl Fn() -> &'k [u8]) -> Option<&Given<'a>> {
        let entry = self.entries.iter().find(|entry| entry.has(code.hash, &name, &self.names))?;
        Some(&entry.value)
    }
}

impl Entry<'_> {
    #[inline]
    fn has<'k>(&self, hash: u64, name: impl Fn() -> &'k [u8], names: &str) -> bool {
        let own = || names.as_bytes().get(self.name.0 as usize..self.name.1 as usize);
        self.hash == hash && own().is_some_and(|own| same(own, name()))
    }
}

/// A condition key as far as it can be known without its name: what look-ups compare first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeyCode {
    hash: u64,
    derived: Derived,
}

/// What a key that the caller does not give follows from (rules K-1, K-8).
#[derive(Clone, Copy, Debug)]
enum Derived {
    Nothing,
    PrincipalArn,
    PrincipalAccount,
    PrincipalType,
    UserId,
    UserName,
    PrincipalIsAwsService,
    PrincipalServiceName,
    PrincipalServiceNamesList,
    ResourceAccount,
    PrincipalTag,
}

const PRINCIPAL_TAG: &str = "aws:principaltag/";

impl KeyCode {
    /// The code of a key in lower case.
    pub(crate) fn of(folded: &str) -> Self {
        let derived = match folded {
            "aws:principalarn" => Derived::PrincipalArn,
            "aws:principalaccount" => Derived::PrincipalAccount,
            "aws:principaltype" => Derived::PrincipalType,
            "aws:userid" => Derived::UserId,
            "aws:username" => Derived::UserName,
            "aws:principalisawsservice" => Derived::PrincipalIsAwsService,
            "aws:principalservicename" => Derived::PrincipalServiceName,
            "aws:principalservicenameslist" => Derived::PrincipalServiceNamesList,
            "aws:resourceaccount" => Derived::ResourceAccount,
            _ if folded.starts_with(PRINCIPAL_TAG) => Derived::PrincipalTag,
            _ => Derived::Nothing,
        };
        Self { hash: hash(folded), derived }
    }

    /// Whether the key may have a value that the caller did not give.
    #[inline]
    pub(crate) fn is_derived(self) -> bool {
        !matches!(self.derived, Derived::Nothing)
    }

    /// What the key has by itself, not being given.
    #[inline(never)]
    pub(crate) fn derive<'r>(self, name: &str, request: &'r Request<'_>) -> Option<Value<'r>> {
        let principal = request.principal();
        let is_service = principal.principal_type() == PrincipalType::Service;
        let value = match self.derived {
            Derived::Nothing => return None,
            Derived::PrincipalArn => principal.principal_arn()?,
            Derived::PrincipalAccount => match principal.principal_type() {
                PrincipalType::Anonymous => "anonymous",
                _ => principal.account()?,
            },
            Derived::PrincipalType => match principal.principal_type() {
                PrincipalType::Account => "Account",
                PrincipalType::User => "User",
                PrincipalType::AssumedRole => "AssumedRole",
                PrincipalType::FederatedUser => "FederatedUser",
                PrincipalType::Anonymous => "Anonymous",
                // Services are seen with varying values, never with one of their own.
                PrincipalType::Service | PrincipalType::Federated | PrincipalType::CanonicalUser => {
                    return None;
                }
            },
            Derived::UserId => principal.user_id()?,
            Derived::UserName => principal.user_name()?,
            Derived::PrincipalIsAwsService => match principal.principal_type() {
                PrincipalType::Anonymous | PrincipalType::Federated => return None,
                PrincipalType::Service => "true",
                _ => "false",
            },
            Derived::PrincipalServiceName => is_service.then(|| principal.name())?,
            Derived::PrincipalServiceNamesList => {
                return is_service.then(|| Value::Many(principal.service_names()));
            }
            Derived::ResourceAccount => request.resource_account()?,
            Derived::PrincipalTag => principal.tag(name.strip_prefix(PRINCIPAL_TAG)?)?,
        };
        Some(Value::One(value))
    }
}
