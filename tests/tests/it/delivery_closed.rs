//! No delivery is said to succeed on the word of an output that is not there or says something else: wherever an
//! output could make it fail, leaving it out, losing its text or misspelling any of its members is noticed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use bailiwick_delivery::{Delivery, Verdict, catalogue};
use bailiwick_environment::{Environment, File};
use serde_json::{Map, Value, json};

/// What an answer is, as far as a reader can tell whether to rely on it.
#[derive(Debug, PartialEq)]
enum Outcome {
    Refused,
    Doubted,
    Fails,
    /// On these assumptions.
    Succeeds(Vec<String>),
}

fn outcome(delivery: &str, files: &BTreeMap<String, String>) -> Outcome {
    let files: Vec<File<'_>> = files.iter().map(|(path, text)| File { path, text }).collect();
    let Ok(environment) = Environment::from_files(&files) else { return Outcome::Refused };
    let answer = Delivery::parse_with(delivery, Some(environment)).expect("the delivery is one").simulate();
    match answer.verdict {
        Verdict::Succeeds => Outcome::Succeeds(answer.assumptions),
        Verdict::Fails => Outcome::Fails,
        Verdict::Uncertain => Outcome::Doubted,
    }
}

const ACCOUNTS: [&str; 2] = ["111122223333", "444455556666"];

fn allow(principal: &str) -> Value {
    let mut statement = json!({"Effect": "Allow", "Action": "*"});
    if principal != "trust" {
        statement["Resource"] = json!("*");
    }
    if principal != "identity" {
        statement["Principal"] = json!("*");
    }
    json!({"Version": "2012-10-17", "Statement": [statement]})
}

fn role(arn: &str) -> Value {
    json!({"Arn": arn, "AssumeRolePolicyDocument": allow("trust"),
        "RolePolicyList": [{"PolicyName": "all", "PolicyDocument": allow("identity")}], "AttachedManagedPolicies": []})
}

/// An output under which everything is allowed, and one under which as much as possible is not.
fn outputs(command: &str, subject: &str, account: &str, roles: &[String]) -> Option<(Value, Value)> {
    let text = |policy: &str| json!(allow(policy).to_string());
    let deny = json!(
        json!({"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}})
            .to_string()
    );
    let key = format!("arn:aws:kms:us-east-1:{account}:key/{subject}");
    Some(match command {
        "describe-resource-policies" if subject.is_empty() => {
            let list = |document: &Value| json!({"resourcePolicies": [{"policyName": "p", "policyDocument": document}]});
            (list(&text("resource")), list(&deny))
        }
        "describe-resource-policies" => {
            let arn = format!("arn:aws:logs:us-east-1:{account}:log-group:{subject}");
            let own = json!({"policyDocument": deny, "resourceArn": arn, "policyScope": "RESOURCE", "revisionId": "1"});
            (json!({"resourcePolicies": []}), json!({"resourcePolicies": [own]}))
        }
        "describe-log-groups" => {
            let of = |key: Option<&str>| {
                let arn = format!("arn:aws:logs:us-east-1:{account}:log-group:{subject}");
                let mut group =
                    json!({"logGroupName": subject, "logGroupArn": arn, "arn": format!("{arn}:*")});
                if let Some(key) = key {
                    group["kmsKeyId"] = json!(key);
                }
                json!({"logGroups": [group]})
            };
            (of(None), of(Some("arn:aws:kms:us-east-1:111122223333:key/of-the-group")))
        }
        "describe-subscription-filters" => {
            let filter = |number| {
                json!({"filterName": format!("f{number}"), "logGroupName": subject, "filterPattern": "",
                "destinationArn": "arn:aws:lambda:us-east-1:111122223333:function:f", "creationTime": 1})
            };
            let full: Vec<Value> = (0..6).map(filter).collect();
            (json!({"subscriptionFilters": []}), json!({ "subscriptionFilters": full }))
        }
        "list-resource-policies" => {
            let list = |document: &Value| json!({"ResourcePolicies": [{"PolicyName": "p", "PolicyDocument": document}]});
            (list(&text("resource")), list(&deny))
        }
        "get-trace-segment-destination" => (
            json!({"Destination": "CloudWatchLogs", "Status": "ACTIVE"}),
            json!({"Destination": "XRay", "Status": "ACTIVE"}),
        ),
        "get-bucket-policy" | "get-key-policy" | "get-policy" | "get-resource-policy" => {
            (json!({"Policy": text("resource")}), json!({ "Policy": deny }))
        }
        "get-bucket-location" => {
            (json!({"LocationConstraint": null}), json!({"LocationConstraint": "eu-west-1"}))
        }
        "get-bucket-encryption" => {
            let of = |rule: Value| json!({"ServerSideEncryptionConfiguration": {"Rules": [{"ApplyServerSideEncryptionByDefault": rule}]}});
            let key = "arn:aws:kms:us-east-1:111122223333:key/of-another";
            (
                of(json!({"SSEAlgorithm": "AES256"})),
                of(json!({"SSEAlgorithm": "aws:kms:dsse", "KMSMasterKeyID": key})),
            )
        }
        "get-object-lock-configuration" => {
            // Where it is off, the call fails.
            let on = json!({"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}});
            (Value::Null, on)
        }
        "get-bucket-request-payment" => (json!({"Payer": "BucketOwner"}), json!({"Payer": "Requester"})),
        "describe-key" => {
            let of = |state: &str| json!({"KeyMetadata": {"Arn": key, "KeyManager": "CUSTOMER", "KeyState": state}});
            (of("Enabled"), of("Disabled"))
        }
        "describe-event-bus" => {
            let arn = format!("arn:aws:events:us-east-1:{account}:event-bus/{subject}");
            let of = |policy: &Value| json!({"Name": subject, "Arn": arn, "Policy": policy});
            (of(&text("resource")), of(&deny))
        }
        "get-queue-attributes" => {
            let arn = format!("arn:aws:sqs:us-east-1:{account}:{subject}");
            let of = |policy: &Value| json!({"Attributes": {"QueueArn": arn, "Policy": policy}});
            (of(&text("resource")), of(&deny))
        }
        "get-topic-attributes" => {
            let arn = format!("arn:aws:sns:us-east-1:{account}:{subject}");
            let of = |policy: &Value| json!({"Attributes": {"TopicArn": arn, "Policy": policy}});
            (of(&text("resource")), of(&deny))
        }
        "get-role" => {
            let arn = format!("arn:aws:iam::{account}:role/{subject}");
            let of = |trust: Value| json!({"Role": {"Arn": arn, "AssumeRolePolicyDocument": trust}});
            let deny = json!({"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*"}});
            (of(allow("trust")), of(deny))
        }
        "get-account-authorization-details" => {
            let list: Vec<Value> = roles.iter().map(|arn| role(arn)).collect();
            let of = |roles: &[Value]| json!({"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": roles, "Policies": []});
            (of(&list), of(&[]))
        }
        "get-delivery-destination-policy" => {
            let of = |policy: &Value| json!({"policy": {"deliveryDestinationPolicy": policy}});
            (of(&text("resource")), of(&deny))
        }
        "describe-delivery-stream" => {
            let arn = format!("arn:aws:firehose:us-east-1:{account}:deliverystream/{subject}");
            let of = |kind: &str| json!({"DeliveryStreamDescription": {"DeliveryStreamARN": arn, "DeliveryStreamType": kind}});
            (of("DirectPut"), of("KinesisStreamAsSource"))
        }
        "list-tags-for-delivery-stream" => {
            (json!({"Tags": [{"Key": "LogDeliveryEnabled", "Value": "true"}]}), json!({"Tags": []}))
        }
        "describe-delivery-sources" => (json!({"deliverySources": []}), json!({"deliverySources": []})),
        "describe-deliveries" => (json!({"deliveries": []}), json!({"deliveries": []})),
        // Whether ACLs are disabled matters only to policies that ask for an ACL.
        "get-bucket-ownership-controls" => return None,
        other => panic!("there is no output of {other}"),
    })
}

/// Every document that differs from this one in the name of one member.
fn misspelt(value: &Value) -> Vec<Value> {
    match value {
        Value::Object(members) => {
            let mut all = Vec::new();
            for (name, inner) in members {
                let mut renamed = members.clone();
                renamed.remove(name);
                renamed.insert(format!("{}x", &name[..name.len() - 1]), inner.clone());
                all.push(Value::Object(renamed));
                for changed in misspelt(inner) {
                    let mut members = members.clone();
                    members.insert(name.clone(), changed);
                    all.push(Value::Object(members));
                }
            }
            all
        }
        Value::Array(items) => {
            let mut all = Vec::new();
            for (place, inner) in items.iter().enumerate() {
                for changed in misspelt(inner) {
                    let mut items = items.clone();
                    items[place] = changed;
                    all.push(Value::Array(items));
                }
            }
            all
        }
        _ => Vec::new(),
    }
}

/// The members of one delivery of each kind that all outputs can let succeed.
fn deliveries() -> BTreeMap<String, Map<String, Value>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/deliveries/ends.json");
    let text = fs::read_to_string(path).expect("the ends are there");
    let mut ends: BTreeMap<String, Map<String, Value>> = serde_json::from_str(&text).expect("they are JSON");
    let network = "arn:aws:ec2:us-east-1:111122223333:vpc/vpc-1";
    let stream = "arn:aws:firehose:us-east-1:111122223333:deliverystream/s";
    for (kind, source) in [
        ("vended-v1-firehose", "arn:aws:bedrock:us-east-1:111122223333:knowledge-base/K"),
        ("vended-v2-firehose", "arn:aws:bedrock:us-east-1:111122223333:knowledge-base/K"),
        ("vpc-flow-logs-firehose", network),
    ] {
        let members = json!({"source": source, "destination": stream});
        ends.insert(kind.to_owned(), members.as_object().cloned().unwrap_or_default());
    }
    ends
}

#[test]
fn no_delivery_succeeds_on_an_output_that_is_lost_or_misspelt() {
    let mut open = Vec::new();
    let mut tried = 0;
    for kind in catalogue::kinds() {
        let Some(mut members) = deliveries().remove(kind.name) else { continue };
        members.insert("kind".to_owned(), json!(kind.name));
        let delivery = json!({ "delivery": members }).to_string();
        let roles: Vec<String> =
            members.get("role").and_then(Value::as_str).map(str::to_owned).into_iter().collect();
        let mut good = BTreeMap::new();
        let mut bad = BTreeMap::new();
        for command in Delivery::collect(&delivery).expect("it can be collected") {
            let stem =
                command.path.trim_end_matches(".json").replace("%2F", "/").replace("ACCOUNT", ACCOUNTS[0]);
            let mut parts = stem.splitn(4, '/');
            let (account, _, name) = (parts.next().unwrap(), parts.next(), parts.next().unwrap());
            let Some((yes, no)) = outputs(name, parts.next().unwrap_or_default(), account, &roles) else {
                continue;
            };
            // A key that the delivery names otherwise would be refused, whatever else the output says.
            let no = match members.get("key").and_then(Value::as_str) {
                Some(key) if name == "get-bucket-encryption" => {
                    let text =
                        no.to_string().replace("arn:aws:kms:us-east-1:111122223333:key/of-another", key);
                    serde_json::from_str(&text).expect("it stays JSON")
                }
                _ => no,
            };
            let path = command.path.replace("ACCOUNT", ACCOUNTS[0]);
            good.insert(path.clone(), yes);
            bad.insert(path, no);
        }
        let text = |files: &BTreeMap<String, Value>| -> BTreeMap<String, String> {
            let mut texts = BTreeMap::new();
            for (path, output) in files {
                let off = "An error occurred (ObjectLockConfigurationNotFoundError) when calling the \
                           GetObjectLockConfiguration operation: off";
                match output {
                    Value::Null => texts.insert(path.replace(".json", ".err"), off.to_owned()),
                    output => texts.insert(path.clone(), output.to_string()),
                };
            }
            texts
        };
        let base = outcome(&delivery, &text(&good));
        assert!(matches!(base, Outcome::Succeeds(_)), "{}: {base:?}", kind.name);
        for (path, no) in &bad {
            let with = |output: &Value| {
                let mut files = good.clone();
                files.insert(path.clone(), output.clone());
                text(&files)
            };
            if outcome(&delivery, &with(no)) == base {
                // It has no say in this kind.
                continue;
            }
            let mut files = text(&good);
            files.remove(path);
            files.remove(&path.replace(".json", ".err"));
            let mut changes = Vec::new();
            // The trust of a role stands in the account's details as well.
            if !path.contains("/get-role/") {
                changes.push(("left out".to_owned(), files.clone()));
            }
            files.insert(path.clone(), String::new());
            changes.push(("emptied".to_owned(), files));
            for output in [&good[path], no] {
                let changed = misspelt(output).into_iter();
                changes.extend(changed.map(|output| (format!("changed to {output}"), with(&output))));
            }
            for (change, files) in changes {
                tried += 1;
                if outcome(&delivery, &files) == base {
                    open.push(format!("{}: {path} {change}", kind.name));
                }
            }
        }
    }
    assert!(tried > 300, "only {tried} changes were tried");
    assert!(open.is_empty(), "{} of {tried}:\n{}", open.len(), open.join("\n"));
}
