//! A step that is an operation on a policy store: it changes the environment of the steps behind it.

use serde::Serialize;
use serde::de::DeserializeOwned;

use bailiwick_evaluator::Decision;

use crate::evaluate::Question;
use crate::step::{Call, Caller, Combine, Operation};
use bailiwick_environment::{DocumentGroup, Environment, FoundDocuments};
use bailiwick_environment::{DocumentId, DocumentKind};
use bailiwick_store::{LogsStore, ServiceError, XrayStore};

/// What an operation came to.
pub(crate) enum Outcome {
    /// It was performed.
    Done,
    /// It was refused.
    Refused(ServiceError),
    /// It is not an operation of the stores, or its input is not the operation's.
    Unusable(String),
}

/// Performs an operation.
pub(crate) fn perform(environment: &mut Environment, operation: &Operation) -> Outcome {
    let Operation { name, account, region, .. } = operation;
    let name = name.strip_prefix("aws ").unwrap_or(name);
    let (service, name) = name.split_once(' ').unwrap_or(("logs", name));
    if service == "xray" {
        let caller = operation.caller.clone();
        let before = environment.clone();
        let may_put = |documents: &[&str]| may_put(&before, caller.as_deref(), account, documents);
        return xray(environment.xray_mut(account, region), name, &operation.input, may_put);
    }
    logs(environment.logs_mut(account, region), name, &operation.input)
}

fn logs(logs: &mut LogsStore, name: &str, input: &str) -> Outcome {
    let member = |name: &str| {
        let value: Option<serde_json::Value> = serde_json::from_str(input).ok();
        value.and_then(|value| value.get(name)?.as_str().map(str::to_owned)).unwrap_or_default()
    };
    match name {
        "put-resource-policy" => run(input, |input| logs.put_resource_policy(&input, 0)),
        "delete-resource-policy" => run(input, |input| logs.delete_resource_policy(&input)),
        "describe-resource-policies" => run(input, |input| logs.describe_resource_policies(&input, 0)),
        "put-destination" => run(input, |input| logs.put_destination(&input, 0)),
        "describe-destinations" => run(input, |input| logs.describe_destinations(&input, 0)),
        "put-destination-policy" => run(input, |input| logs.put_destination_policy(&input)),
        "delete-destination" => done(logs.delete_destination(&member("destinationName"))),
        "put-subscription-filter" => run(input, |input| logs.put_subscription_filter(&input, 0)),
        "describe-subscription-filters" => run(input, |input| logs.describe_subscription_filters(&input, 0)),
        "delete-subscription-filter" => {
            done(logs.delete_subscription_filter(&member("logGroupName"), &member("filterName")))
        }
        "put-delivery-source" => run(input, |input| logs.put_delivery_source(&input)),
        "delete-delivery-source" => done(logs.delete_delivery_source(&member("name"))),
        "put-delivery-destination" => run(input, |input| logs.put_delivery_destination(&input)),
        "delete-delivery-destination" => done(logs.delete_delivery_destination(&member("name"))),
        "put-delivery-destination-policy" => run(input, |input| logs.put_delivery_destination_policy(&input)),
        "delete-delivery-destination-policy" => {
            done(logs.delete_delivery_destination_policy(&member("deliveryDestinationName")))
        }
        "create-delivery" => {
            let id = format!("delivery{}", logs.delivery_count() + 1);
            run(input, |input| logs.create_delivery(&input, None, &id))
        }
        "update-delivery-configuration" => run(input, |input| logs.update_delivery_configuration(&input)),
        "delete-delivery" => done(logs.delete_delivery(&member("id"))),
        _ => Outcome::Unusable(format!("the stores have no operation logs {name}")),
    }
}

fn xray(xray: &mut XrayStore, name: &str, input: &str, may_put: impl Fn(&[&str]) -> bool) -> Outcome {
    match name {
        "put-resource-policy" => run(input, |input| xray.put_resource_policy(&input, 0, may_put)),
        "delete-resource-policy" => run(input, |input| xray.delete_resource_policy(&input)),
        "list-resource-policies" => Outcome::Done,
        _ => Outcome::Unusable(format!("the stores have no operation xray {name}")),
    }
}

fn run<I: DeserializeOwned, O: Serialize>(
    input: &str,
    operation: impl FnOnce(I) -> Result<O, ServiceError>,
) -> Outcome {
    match serde_json::from_str(input) {
        Ok(input) => done(operation(input)),
        Err(error) => Outcome::Unusable(format!("the input is not the operation's: {error}")),
    }
}

fn done<O>(result: Result<O, ServiceError>) -> Outcome {
    match result {
        Ok(_) => Outcome::Done,
        Err(error) => Outcome::Refused(error),
    }
}

/// Whether the caller may call `xray:PutResourcePolicy` under its own policies and these documents. A caller that
/// is not named is taken to be one whose own policies allow it.
fn may_put(environment: &Environment, caller: Option<&str>, account: &str, documents: &[&str]) -> bool {
    let arn = caller.map_or_else(|| format!("arn:aws:iam::{account}:user/caller"), str::to_owned);
    let call = Call {
        caller: Caller::Arn(arn.clone()),
        action: "xray:PutResourcePolicy".to_owned(),
        resource: "*".to_owned(),
        or_resource: None,
        resource_account: None,
        context: Vec::new(),
        carries: None,
        consult: Vec::new(),
        combine: if caller.is_some() { Combine::IdentityOrResource } else { Combine::Resource },
        unknowns: Vec::new(),
        missing: Vec::new(),
        doubt: None,
    };
    let mut found =
        caller.map_or_else(FoundDocuments::default, |_| environment.find(&DocumentGroup::Identity(arn)));
    for text in documents {
        let id = DocumentId {
            account: account.to_owned(),
            region: String::new(),
            kind: DocumentKind::Xray,
            attached_to: String::new(),
            name: String::new(),
        };
        environment.add(&mut found, id, text);
    }
    let question = Question::new(environment, &call, &found.documents);
    found.errors.is_none() && question.decide(&call.context).is_ok_and(Decision::is_allowed)
}
