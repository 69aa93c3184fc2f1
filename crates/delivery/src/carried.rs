//! What a call of the catalogue carries beyond its own context.
//!
//! Of some keys it is known: every call carries the transport, the Region and the time (rule K-5), calls of services
//! carry nothing of networks and organizations of callers. What no table here settles, nobody knows: [`crate::tries`]
//! tries its presence and its values. Calls that are written out step by step carry what is written and no more.

use crate::step::{Call, Caller, Carries, ContextValue, Maker};
use bailiwick_environment::arn::field;

/// What is known of a key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Carried {
    /// It has this value.
    Known(ContextValue),
    /// The evaluator knows it from the caller.
    Follows,
    /// It is not carried.
    Absent,
    /// It is the moment of the call.
    Moment,
    /// Nobody knows; what is known of the values is said besides.
    Unsettled(Values),
}

/// What is known of a value that nobody knows.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Values {
    /// Whether the key is carried in any case.
    pub(crate) is_present: bool,
    /// The values it may have, where they are known.
    pub(crate) only: Option<Vec<String>>,
    /// What each value begins with.
    pub(crate) prefix: Option<String>,
}

/// Keys that no call of a service or of a role it assumed carries: those of the network the call came through, for
/// services redact their own, and those of calls that forward somebody's session.
const NO_NETWORK: [&str; 11] = [
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourcevpcarn",
    "aws:vpcsourceip",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
    "aws:calledvia",
    "aws:calledviafirst",
    "aws:calledvialast",
];

/// Keys of users and roles, which services are not.
const NO_IDENTITY: [&str; 4] =
    ["aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn"];

/// Keys that services alone carry.
const OF_SERVICES: [&str; 6] = [
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:principalservicename",
    "aws:principalservicenameslist",
];

/// What a call carries under a key, named in lower case, that its context does not give.
pub(crate) fn of(key: &str, call: &Call, carries: &Carries) -> Carried {
    let known = |value: &str| Carried::Known(ContextValue::One(value.to_owned()));
    let present = || Carried::Unsettled(Values { is_present: true, ..Values::default() });
    match key {
        "aws:securetransport" => return known("true"),
        "aws:currenttime" | "aws:epochtime" => return Carried::Moment,
        "aws:requestedregion" => return carries.region.as_deref().map_or_else(present, known),
        "aws:resourceaccount" | "s3:resourceaccount" => {
            return owner(call).map_or(Carried::Unsettled(Values::default()), known);
        }
        "aws:principalisawsservice" => return Carried::Follows,
        _ => {}
    }
    if let Some(absent) = of_service_prefix(key, call) {
        return absent;
    }
    match carries.by {
        Maker::Service => of_service(key, carries),
        Maker::Role | Maker::Person => of_identity(key, call, carries),
    }
}

fn of_service(key: &str, carries: &Carries) -> Carried {
    match key {
        "aws:viaawsservice" => Carried::Known(ContextValue::One("false".to_owned())),
        // Seen with either type and never with one of its own (observation 19).
        "aws:principaltype" => Carried::Unsettled(Values {
            only: Some(vec!["User".to_owned(), "AssumedRole".to_owned()]),
            ..Values::default()
        }),
        "aws:principalservicename" | "aws:principalservicenameslist" => Carried::Follows,
        "aws:sourceorgpaths" => Carried::Unsettled(Values {
            prefix: carries.organization.as_ref().map(|id| format!("{id}/")),
            ..Values::default()
        }),
        _ if NO_NETWORK.contains(&key) || NO_IDENTITY.contains(&key) => Carried::Absent,
        _ => Carried::Unsettled(Values::default()),
    }
}

fn of_identity(key: &str, call: &Call, carries: &Carries) -> Carried {
    let is_role = carries.by == Maker::Role;
    let Caller::Arn(arn) = &call.caller else { return Carried::Unsettled(Values::default()) };
    match key {
        "aws:principalarn" | "aws:principalaccount" | "aws:principaltype" | "aws:username" => {
            Carried::Follows
        }
        "aws:userid" if !arn.ends_with(":root") => Carried::Unsettled(Values {
            is_present: true,
            prefix: carries
                .unique_id
                .as_ref()
                .map(|id| if arn.contains(":user/") { id.clone() } else { format!("{id}:") }),
            ..Values::default()
        }),
        "aws:userid" => Carried::Follows,
        "aws:principalorgid" if carries.organization.is_some() => {
            carries.organization.clone().map_or(Carried::Absent, |id| Carried::Known(ContextValue::One(id)))
        }
        "aws:principalorgpaths" => Carried::Unsettled(Values {
            prefix: carries.organization.as_ref().map(|id| format!("{id}/")),
            ..Values::default()
        }),
        "aws:viaawsservice" if is_role => Carried::Known(ContextValue::One("false".to_owned())),
        "aws:viaawsservice" => Carried::Unsettled(Values {
            is_present: true,
            only: Some(vec!["false".to_owned(), "true".to_owned()]),
            ..Values::default()
        }),
        "aws:tokenissuetime" if is_role => Carried::Moment,
        _ if OF_SERVICES.contains(&key) => Carried::Absent,
        _ if is_role && NO_NETWORK.contains(&key) => Carried::Absent,
        _ => Carried::Unsettled(Values::default()),
    }
}

/// A key of a service is carried by calls of that service or on its resources alone, and headers of S3 objects
/// where objects are written.
fn of_service_prefix(key: &str, call: &Call) -> Option<Carried> {
    let (prefix, name) = key.split_once(':')?;
    let (service, operation) = call.action.split_once(':').unwrap_or((&call.action, ""));
    if prefix == "aws" {
        return None;
    }
    if !prefix.eq_ignore_ascii_case(service) && prefix != field(&call.resource, 2) {
        return Some(Carried::Absent);
    }
    let operation = operation.to_ascii_lowercase();
    let is_elsewhere = prefix == "s3"
        && ((name.starts_with("x-amz-") && !operation.starts_with("put"))
            || (matches!(name, "prefix" | "delimiter" | "max-keys") && !operation.starts_with("list")));
    is_elsewhere.then_some(Carried::Absent)
}

/// The account that owns the resource, where it is known.
fn owner(call: &Call) -> Option<&str> {
    let owner = call.resource_account.as_deref().unwrap_or_else(|| field(&call.resource, 4));
    (!owner.is_empty()).then_some(owner)
}
