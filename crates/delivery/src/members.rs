//! The members of a delivery of a kind: which there are, and the form each must have.

use std::collections::BTreeMap;

use bailiwick_source::json::{Kind as JsonKind, Value};
use bailiwick_source::object::{Fields, Reader};
use bailiwick_source::{Code, Error, Quoted, nearest};

use crate::catalogue::{self, Kind};
use crate::form;
use bailiwick_environment::Environment;
use bailiwick_environment::arn::{field, is_account, is_arn, is_region};

/// The members every kind has.
pub(crate) const COMMON: [&str; 8] = [
    "kind",
    "source",
    "destination",
    "sourceAccount",
    "destinationAccount",
    "region",
    "caller",
    "organization",
];

/// The kind of a delivery and its members.
pub(crate) fn read(
    reader: &mut Reader,
    value: Value<'_, '_>,
) -> Option<(&'static Kind, BTreeMap<String, String>)> {
    if value.kind() != JsonKind::Object {
        reader.wrong_type(value, "delivery", "an object");
        return None;
    }
    let Some(name) = value.member("kind") else {
        let message = "a delivery must have the member \"kind\", or the member \"steps\"";
        reader.report(Error::new(Code::MISSING_MEMBER, value.span(), message).with_help(kinds_help("")));
        return None;
    };
    let text = reader.string(name, "kind")?;
    let Some(kind) = Kind::find(&text) else {
        reader.invalid(name, format!("there is no kind of delivery {}", Quoted(&text)), &kinds_help(&text));
        return None;
    };
    // Some kinds say more about a member that all have.
    let of_kind = kind.options.iter().map(|option| option.name).filter(|name| !COMMON.contains(name));
    let members: Vec<&str> = COMMON.iter().copied().chain(of_kind).collect();
    let fields = reader.object(value, &format!("a delivery of kind {text:?}"), &members)?;
    let mut given = BTreeMap::new();
    let mut all_read = true;
    for member in members {
        let Some(value) = fields.get(member) else { continue };
        match self::member(reader, kind, member, value) {
            Some(text) => {
                given.insert(member.to_owned(), text);
            }
            None => all_read = false,
        }
    }
    all_read &= agree(reader, &fields, &given);
    all_read.then_some((kind, given))
}

/// Whether members say nothing else than the ARNs: what an ARN names cannot be said otherwise.
fn agree(reader: &mut Reader, fields: &Fields<'_, '_>, given: &BTreeMap<String, String>) -> bool {
    let part = |end: &str, place| given.get(end).map(|arn| field(arn, place)).filter(|part| !part.is_empty());
    let mut agree = true;
    for (member, end, place) in
        [("sourceAccount", "source", 4), ("destinationAccount", "destination", 4), ("region", "source", 3)]
    {
        if let (Some(said), Some(named), Some(value)) =
            (given.get(member), part(end, place), fields.get(member))
            && said != named
        {
            let message = format!("{member} is {}, and the ARN of the {end} says {named}", Quoted(said));
            reader.invalid(value, message, "leave it out, the ARN says it");
            agree = false;
        }
    }
    if let (Some(source), Some(destination), Some(value)) =
        (part("source", 1), part("destination", 1), fields.get("destination"))
        && source != destination
    {
        let message = format!("the source is in the partition {source}, the destination in {destination}");
        reader.invalid(value, message, "nothing is delivered from one partition to another");
        agree = false;
    }
    agree
}

/// Whether `key` says nothing else than the environment, which was asked for the destination's key.
pub(crate) fn key_agrees(
    reader: &mut Reader,
    value: Value<'_, '_>,
    kind: &Kind,
    given: &BTreeMap<String, String>,
    environment: &Environment,
) -> bool {
    let (Some(said), Some(destination)) = (given.get("key"), given.get("destination")) else { return true };
    let subject = match field(destination, 2) {
        "s3" => destination.split('/').next().unwrap_or_default(),
        _ => destination,
    };
    let Some(known) = environment.fact(subject, "key") else { return true };
    // What is delivered may be under a key of its own, whatever the destination is under.
    let own = kind.options.iter().any(|option| option.meaning == catalogue::OWN_KEY.meaning);
    if !contradicts(said, known) || (own && said != "none") {
        return true;
    }
    if let Some(value) = value.member("key") {
        let message =
            format!("key is {}, and {subject} is encrypted under {known} in the environment", Quoted(said));
        reader.invalid(value, message, "leave it out, the environment says it");
    }
    false
}

/// Whether two names of a key are those of different keys, as far as names tell.
fn contradicts(said: &str, known: &str) -> bool {
    let of_aws = |key: &str| key.contains("alias/aws/");
    let is_alias = |key: &str| key.contains("alias/");
    let id = |key: &str| key.rsplit(['/', ':']).next().unwrap_or_default().to_owned();
    match (said.starts_with("arn:"), known.starts_with("arn:")) {
        _ if said == "none" => true,
        _ if of_aws(said) || of_aws(known) => id(said) != id(known) || of_aws(said) != of_aws(known),
        _ if is_alias(said) || is_alias(known) => false,
        (true, true) => said != known,
        _ => id(said) != id(known),
    }
}

/// The text of a member, in the form it must have.
fn member(reader: &mut Reader, kind: &Kind, member: &str, value: Value<'_, '_>) -> Option<String> {
    const FLAGS: [&str; 2] = ["hivePath", "organizationTrail"];
    if value.kind() == JsonKind::Boolean && FLAGS.contains(&member) {
        return Some(value.text().to_owned());
    }
    let text = reader.string(value, member)?.into_owned();
    let forms = match member {
        "source" => kind.forms.0,
        "destination" => kind.forms.1,
        "caller" => form::CALLER,
        "role" | "senderRole" | "targetRole" if text != "absent" => form::ROLE,
        "key" if text.starts_with("arn:") => form::KEY,
        "target" => form::STREAM,
        _ => &[],
    };
    let ends = matches!(member, "source" | "destination");
    let (what, help) = if ends && forms.is_empty() {
        (format!("a {member}, and deliveries of kind {} have none", kind.name), "leave it out".to_owned())
    } else if !forms.is_empty() {
        if form::fits(&text, forms) {
            return Some(text);
        }
        let help = format!("write {}", forms.join(", or "));
        match member {
            _ if !is_arn(&text) => {
                let parts = "an ARN has six parts: arn:partition:service:region:account:resource";
                ("not an ARN".to_owned(), format!("{parts}; {help}"))
            }
            "source" if !kind.source.is_empty() => (format!("not {}", words(kind.source)), help),
            "destination" if !kind.destination.is_empty() => {
                (format!("not {}", words(kind.destination)), help)
            }
            _ => (format!("no ARN of a {member}"), help),
        }
    } else {
        let (fits, what, help) = match member {
            "sourceAccount" | "destinationAccount" | "account" | "balancerAccount" => {
                (is_account(&text), "not an account ID", "write its twelve digits, as a string")
            }
            "region" => (is_region(&text), "not a Region", "write its code, such as us-east-1"),
            "organization" => {
                (is_organization(&text), "not the ID of an organization", "write it as o-exampleorgid")
            }
            // Keys of objects may have any character.
            "prefix" | "objectKey" => (true, "", ""),
            _ if FLAGS.contains(&member) => {
                (matches!(&*text, "true" | "false"), "neither true nor false", "write true or false")
            }
            _ => (
                form::is_concrete(&text),
                "not a name",
                "it names one thing: no blanks, no wildcards, no control characters",
            ),
        };
        if fits {
            return Some(text);
        }
        (what.to_owned(), help.to_owned())
    };
    reader.invalid(value, format!("{member} is {}, {what}", Quoted(&text)), &help);
    None
}

/// What an end is, without the form that follows.
fn words(end: &'static str) -> &'static str {
    end.split([',', ';', ':']).next().unwrap_or(end)
}

fn is_organization(text: &str) -> bool {
    text.strip_prefix("o-").is_some_and(|id| {
        !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    })
}

fn kinds_help(name: &str) -> String {
    let names: Vec<&str> = catalogue::kinds().map(|kind| kind.name).collect();
    match nearest(name, &names) {
        Some(near) => format!("did you mean {near:?}?"),
        None => format!("kinds are {}", names.join(", ")),
    }
}

/// What to write where a value is missing.
pub(crate) fn needs(kind: &Kind, name: &str) -> String {
    let subject = name.split('.').next().unwrap_or(name);
    match subject {
        "source" if name == "source.account" => {
            "\"sourceAccount\": the ARN of the source names none".to_owned()
        }
        "source" => format!("\"source\": {}", kind.source),
        "destination" if name == "destination.account" => {
            "\"destinationAccount\": the ARN of the destination names none".to_owned()
        }
        "destination" => format!("\"destination\": {}", kind.destination),
        "group" => "\"destination\" to be the ARN of a log group".to_owned(),
        "bucket" if name == "bucket.account" => {
            "\"destinationAccount\": the account that owns the bucket".to_owned()
        }
        "bucket" => "\"destination\" to be the ARN of a bucket".to_owned(),
        "account" => "\"sourceAccount\": the ARN of the source names none".to_owned(),
        "role" | "target" if !kind.options.iter().any(|option| option.name == subject && option.required) => {
            format!("{name:?}, or the destination in the environment (aws logs describe-destinations)")
        }
        _ => match kind.options.iter().find(|option| option.name == subject) {
            Some(option) => format!("{:?}: {}", option.name, option.meaning),
            None => format!("{subject:?}"),
        },
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn accounts_and_regions_are_what_they_say() {
        let refused = |member: &str| {
            let text = format!(
                r#"{{"delivery": {{"kind": "route53-query-logging", "source": "arn:aws:route53:::hostedzone/Z1",
                    "destination": "arn:aws:logs:us-east-1:111122223333:log-group:/aws/route53/e", {member}}}}}"#
            );
            crate::Delivery::parse(&text).map(drop).unwrap_err().to_string()
        };
        assert!(refused(r#""sourceAccount": "12""#).contains("not an account ID"));
        assert!(refused(r#""region": "Ireland""#).contains("not a Region"));
    }
}
