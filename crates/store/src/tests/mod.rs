//! The operations of the stores, as tables: what was done before, the call, AWS's answer. After every refusal the
//! store is compared with what it was before.

mod deliveries;
mod delivery_destinations;
mod destinations;
mod resource_policies;
mod subscription_filters;
mod xray;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::*;

/// The time at which everything happens.
const NOW: i64 = 1_700_000_000_000;

const GRANT: &str = r#"{"Statement":{"Effect":"Allow","Principal":{"Service":"route53.amazonaws.com"},"Action":"logs:PutLogEvents","Resource":"*"}}"#;

/// What a call must answer.
enum Answer {
    /// An output that holds at least these members.
    Ok(Value),
    /// This exception with this message.
    Refused(&'static str, String),
}

fn ok(value: Value) -> Answer {
    Answer::Ok(value)
}

fn refused(name: &'static str, message: impl Into<String>) -> Answer {
    Answer::Refused(name, message.into())
}

/// One row: what it shows, the calls before, the call, the answer.
struct Row {
    shows: &'static str,
    before: Vec<(&'static str, Value)>,
    call: (&'static str, Value),
    answer: Answer,
}

fn row(
    shows: &'static str,
    before: Vec<(&'static str, Value)>,
    operation: &'static str,
    input: Value,
    answer: Answer,
) -> Row {
    Row { shows, before, call: (operation, input), answer }
}

/// Both stores of one account and Region.
#[derive(Clone, Debug)]
struct Account {
    logs: LogsStore,
    xray: XrayStore,
}

fn check(rows: Vec<Row>) {
    for Row { shows, before, call: (operation, input), answer } in rows {
        let mut account = Account {
            logs: LogsStore::new("aws", "111122223333", "us-east-1"),
            xray: XrayStore::new("111122223333", "us-east-1"),
        };
        account.logs.know_log_groups();
        for group in ["app", "other"] {
            account.logs.add_log_group(LogGroup { log_group_name: group.into(), ..LogGroup::default() });
        }
        for (operation, input) in before {
            let done = perform(&mut account, operation, input);
            assert!(done.is_ok(), "{shows}: {operation} before the call answers {done:?}");
        }
        let state = format!("{account:?}");
        match (perform(&mut account, operation, input), answer) {
            (Ok(output), Answer::Ok(expected)) => {
                assert!(holds(&output, &expected), "{shows}: {output:#} does not hold {expected:#}");
            }
            (Err(error), Answer::Refused(name, message)) => {
                assert_eq!((error.name, error.message), (name, message), "{shows}");
                assert_eq!(format!("{account:?}"), state, "{shows}: the refused call changed something");
            }
            (answer, _) => panic!("{shows}: answered {answer:?}"),
        }
    }
}

/// Whether `value` has every member of `expected`; lists must be equal in length.
fn holds(value: &Value, expected: &Value) -> bool {
    match (value, expected) {
        (Value::Object(value), Value::Object(expected)) => {
            expected.iter().all(|(key, expected)| match value.get(key) {
                Some(value) => holds(value, expected),
                None => expected.is_null(),
            })
        }
        (Value::Array(value), Value::Array(expected)) => {
            value.len() == expected.len() && value.iter().zip(expected).all(|(v, e)| holds(v, e))
        }
        _ => value == expected,
    }
}

fn read<T: DeserializeOwned>(input: Value) -> T {
    serde_json::from_value(input).expect("the input has the operation's shape")
}

fn text(input: &Value, member: &str) -> String {
    input[member].as_str().unwrap_or_default().to_owned()
}

fn print<T: Serialize>(output: Result<T, ServiceError>) -> Result<Value, ServiceError> {
    output.map(|output| serde_json::to_value(output).expect("outputs are JSON"))
}

/// Performs an operation by the name the AWS CLI gives it, on the JSON its `--cli-input-json` takes.
fn perform(account: &mut Account, operation: &str, input: Value) -> Result<Value, ServiceError> {
    let Account { logs, xray } = account;
    match operation {
        "put-resource-policy" => print(logs.put_resource_policy(&read(input), NOW)),
        "delete-resource-policy" => print(logs.delete_resource_policy(&read(input))),
        "describe-resource-policies" => print(logs.describe_resource_policies(&read(input), NOW)),
        "put-destination" => print(logs.put_destination(&read(input), NOW)),
        "describe-destinations" => print(logs.describe_destinations(&read(input), NOW)),
        "delete-destination" => print(logs.delete_destination(&text(&input, "destinationName"))),
        "put-destination-policy" => print(logs.put_destination_policy(&read(input))),
        "put-subscription-filter" => print(logs.put_subscription_filter(&read(input), NOW)),
        "describe-subscription-filters" => print(logs.describe_subscription_filters(&read(input), NOW)),
        "delete-subscription-filter" => {
            print(logs.delete_subscription_filter(&text(&input, "logGroupName"), &text(&input, "filterName")))
        }
        "put-delivery-source" => print(logs.put_delivery_source(&read(input))),
        "get-delivery-source" => print(logs.get_delivery_source(&text(&input, "name"))),
        "describe-delivery-sources" => print(logs.describe_delivery_sources(&read(input), NOW)),
        "delete-delivery-source" => print(logs.delete_delivery_source(&text(&input, "name"))),
        "put-delivery-destination" => print(logs.put_delivery_destination(&read(input))),
        "get-delivery-destination" => print(logs.get_delivery_destination(&text(&input, "name"))),
        "describe-delivery-destinations" => print(logs.describe_delivery_destinations(&read(input), NOW)),
        "delete-delivery-destination" => print(logs.delete_delivery_destination(&text(&input, "name"))),
        "put-delivery-destination-policy" => print(logs.put_delivery_destination_policy(&read(input))),
        "get-delivery-destination-policy" => {
            print(logs.get_delivery_destination_policy(&text(&input, "deliveryDestinationName")))
        }
        "delete-delivery-destination-policy" => {
            print(logs.delete_delivery_destination_policy(&text(&input, "deliveryDestinationName")))
        }
        "create-delivery" => {
            let mut input = input;
            let id = input["id"].take();
            let destination = input["destination"].take();
            let destination: Option<DeliveryDestination> = read(destination);
            input.as_object_mut().expect("an object").retain(|key, _| key != "id" && key != "destination");
            print(logs.create_delivery(&read(input), destination.as_ref(), id.as_str().unwrap_or("d1")))
        }
        "update-delivery-configuration" => print(logs.update_delivery_configuration(&read(input))),
        "get-delivery" => print(logs.get_delivery(&text(&input, "id"))),
        "describe-deliveries" => print(logs.describe_deliveries(&read(input), NOW)),
        "delete-delivery" => print(logs.delete_delivery(&text(&input, "id"))),
        "delete-log-group" => print(logs.delete_log_group(&text(&input, "logGroupName"))),
        // The caller of these tests is locked out by a document that denies.
        "xray put-resource-policy" => {
            let may_put = |documents: &[&str]| !documents.iter().any(|text| text.contains("Deny"));
            print(xray.put_resource_policy(&read(input), NOW / 1000, may_put))
        }
        "xray list-resource-policies" => print(Ok(xray.list_resource_policies())),
        "xray delete-resource-policy" => print(xray.delete_resource_policy(&read(input))),
        other => panic!("no operation {other}"),
    }
}

#[test]
fn a_store_restored_from_its_own_outputs_answers_the_same() {
    let mut account = Account {
        logs: LogsStore::new("aws", "111122223333", "us-east-1"),
        xray: XrayStore::new("111122223333", "us-east-1"),
    };
    let group = "arn:aws:logs:us-east-1:111122223333:log-group:app";
    for (operation, input) in [
        ("put-resource-policy", json!({"policyName": "p", "policyDocument": GRANT})),
        ("put-resource-policy", json!({"resourceArn": group, "policyDocument": GRANT})),
        ("put-destination", destinations::destination("d")),
        ("put-subscription-filter", subscription_filters::filter("f")),
        ("put-delivery-source", deliveries::source("s")),
        ("put-delivery-destination", deliveries::bucket("b")),
        ("create-delivery", deliveries::delivery("s", "b")),
        ("xray put-resource-policy", json!({"PolicyName": "p", "PolicyDocument": GRANT})),
    ] {
        perform(&mut account, operation, input).expect("the operation succeeds");
    }
    let mut logs = LogsStore::new("aws", "111122223333", "us-east-1");
    let mut get = |operation, input| perform(&mut account, operation, input).expect("a description");
    logs.restore_resource_policies(read(get("describe-resource-policies", json!({}))));
    logs.restore_resource_policies(read(get(
        "describe-resource-policies",
        json!({"policyScope": "RESOURCE"}),
    )));
    logs.restore_destinations(read(get("describe-destinations", json!({}))));
    logs.restore_subscription_filters(read(get(
        "describe-subscription-filters",
        json!({"logGroupName": "app"}),
    )));
    logs.restore_delivery_sources(read(get("describe-delivery-sources", json!({}))));
    logs.restore_delivery_destinations(read(get("describe-delivery-destinations", json!({}))));
    logs.restore_deliveries(read(get("describe-deliveries", json!({}))));
    let mut xray = XrayStore::new("111122223333", "us-east-1");
    xray.restore(read(get("xray list-resource-policies", json!({}))));
    assert_eq!(format!("{:?}", Account { logs, xray }), format!("{account:?}"));
}
