//! The AWS CLI commands that collect what a delivery depends on, into a folder that an environment can be read
//! from.

use std::collections::BTreeMap;

use crate::catalogue::Kind;
use crate::fix::quote;
use crate::plan;
use bailiwick_environment::DocumentKind;
use bailiwick_environment::arn::{field, last_part, log_group_of};
use bailiwick_environment::{DocumentGroup, Environment, bucket_name};

/// What stands for the account where the delivery does not say whose the destination is: a variable of the shell.
const NO_ACCOUNT: &str = "ACCOUNT";

/// One command to run.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct CollectCommand {
    /// The account whose credentials it needs; `ACCOUNT` where the delivery does not say it.
    pub account: String,
    /// The file below the folder that takes its output.
    pub path: String,
    /// The command, without the redirection.
    pub command: String,
}

impl CollectCommand {
    /// The command with its redirections into `folder`, as a POSIX shell takes it: the output, and beside it what a
    /// call that fails writes to standard error, which tells "there is none" from "nobody may look".
    #[must_use]
    pub fn shell(&self, folder: &str) -> String {
        let stem = self.path.strip_suffix(".json").unwrap_or(&self.path);
        let (output, error) = (self.place(folder, &self.path), self.place(folder, &format!("{stem}.err")));
        format!("{} > {output} 2> {error} || true", self.command)
    }

    /// A path below `folder` as a POSIX shell takes it; an account that is not known is the variable `ACCOUNT`.
    #[must_use]
    pub fn place(&self, folder: &str, path: &str) -> String {
        match path.strip_prefix(NO_ACCOUNT).filter(|_| !self.knows_account()) {
            Some(rest) => format!("{}\"$ACCOUNT\"{}", quote(&format!("{folder}/")), quote(rest)),
            None => quote(&format!("{folder}/{path}")),
        }
    }

    /// Whether the delivery says whose credentials the command needs.
    #[must_use]
    pub fn knows_account(&self) -> bool {
        self.account != NO_ACCOUNT
    }

    /// Where the output belongs within its account, and what it is about.
    pub(crate) fn subject(&self) -> String {
        let path = self.path.strip_suffix(".json").unwrap_or(&self.path);
        let (_, within) = path.split_once('/').unwrap_or_default();
        percent_encoding::percent_decode_str(within).decode_utf8_lossy().into_owned()
    }
}

/// What to collect for a delivery of a kind.
pub(crate) fn commands(kind: &Kind, given: &BTreeMap<String, String>) -> Vec<CollectCommand> {
    let environment = Environment::default();
    let mut list = Commands::default();
    for want in plan::wants(kind, given.clone(), &environment) {
        list.documents(&want, given);
    }
    if let Some(destination) = given.get("destination") {
        list.destination(destination, given);
    }
    if kind.name.starts_with("vended-v2")
        && let Some(source) = given.get("source")
    {
        let (account, region) = (owner(source, given, "sourceAccount"), region(source, given));
        list.add(&account, &region, "logs describe-delivery-sources", "", "");
        list.add(&account, &region, "logs describe-deliveries", "", "");
    }
    if kind.name.starts_with("subscription")
        && let Some(group) = given.get("source")
    {
        let name = log_group_of(group);
        let options = format!("--log-group-name {}", quote(name));
        list.add(field(group, 4), field(group, 3), "logs describe-subscription-filters", &options, name);
    }
    list.0.sort();
    list.0.dedup();
    list.0
}

fn owner(arn: &str, given: &BTreeMap<String, String>, member: &str) -> String {
    match field(arn, 4) {
        "" => [member, "sourceAccount", "account"]
            .iter()
            .find_map(|name| given.get(*name))
            .cloned()
            .unwrap_or_else(|| NO_ACCOUNT.to_owned()),
        account => account.to_owned(),
    }
}

fn region(arn: &str, given: &BTreeMap<String, String>) -> String {
    match field(arn, 3) {
        "" => given.get("region").cloned().unwrap_or_else(|| "us-east-1".to_owned()),
        region => region.to_owned(),
    }
}

#[derive(Default)]
struct Commands(Vec<CollectCommand>);

impl Commands {
    /// `subject` names the file where the output does not say what it is about.
    fn add(&mut self, account: &str, region: &str, command: &str, options: &str, subject: &str) {
        let name = command.split(' ').nth(1).unwrap_or(command);
        let (place, at) = if region.is_empty() {
            ("global", String::new())
        } else {
            (region, format!(" --region {region}"))
        };
        let file = if subject.is_empty() { String::new() } else { format!("/{}", encode(subject)) };
        let options = if options.is_empty() { String::new() } else { format!(" {options}") };
        self.0.push(CollectCommand {
            account: account.to_owned(),
            path: format!("{account}/{place}/{name}{file}.json"),
            command: format!("aws {command}{options}{at} --output json"),
        });
    }

    fn documents(&mut self, want: &DocumentGroup, given: &BTreeMap<String, String>) {
        match want {
            DocumentGroup::LogGroup(arn) => {
                let (account, region, group) = (field(arn, 4), field(arn, 3), log_group_of(arn));
                self.add(account, region, "logs describe-resource-policies", "", "");
                let scope = format!("--policy-scope RESOURCE --resource-arn {}", quote(arn));
                self.add(account, region, "logs describe-resource-policies", &scope, group);
                let prefix = format!("--log-group-name-prefix {}", quote(group));
                // Other log groups have an output of their own.
                self.add(account, region, "logs describe-log-groups", &prefix, group);
            }
            DocumentGroup::Xray { account, region } => {
                self.add(account, region, "xray list-resource-policies", "", "");
                self.add(account, region, "xray get-trace-segment-destination", "", "");
            }
            DocumentGroup::Identity(arn) => {
                self.add(field(arn, 4), "", "iam get-account-authorization-details", "", "");
            }
            DocumentGroup::Attached(kind, arn)
            | DocumentGroup::AttachedOrNone(kind, arn)
            | DocumentGroup::ResourceSide(kind, arn) => {
                self.attached(*kind, arn, given);
            }
            DocumentGroup::UnknownResourceSide(_) | DocumentGroup::Named(_) | DocumentGroup::Fixed(..) => {}
        }
    }

    fn attached(&mut self, kind: DocumentKind, arn: &str, given: &BTreeMap<String, String>) {
        let (account, region) = (owner(arn, given, "destinationAccount"), region(arn, given));
        match kind {
            DocumentKind::Bucket => {
                let bucket = bucket_name(arn);
                for command in [
                    "s3api get-bucket-policy",
                    "s3api get-bucket-location",
                    "s3api get-bucket-encryption",
                    "s3api get-bucket-ownership-controls",
                    "s3api get-object-lock-configuration",
                    "s3api get-bucket-request-payment",
                ] {
                    self.add(&account, "", command, &format!("--bucket {}", quote(bucket)), bucket);
                }
            }
            DocumentKind::Key => {
                let key = last_part(arn);
                let options = format!("--key-id {} --policy-name default", quote(arn));
                self.add(&account, &region, "kms get-key-policy", &options, key);
                self.add(&account, &region, "kms describe-key", &format!("--key-id {}", quote(arn)), key);
            }
            DocumentKind::RoleTrust => {
                let role = last_part(arn);
                self.add(&account, "", "iam get-role", &format!("--role-name {}", quote(role)), role);
            }
            DocumentKind::Destination => {
                let name = last_part(arn);
                let prefix = format!("--destination-name-prefix {}", quote(name));
                // Other destinations have an output of their own.
                self.add(&account, &region, "logs describe-destinations", &prefix, name);
            }
            DocumentKind::DeliveryDestination => {
                let name = last_part(arn);
                let options = format!("--delivery-destination-name {}", quote(name));
                self.add(&account, &region, "logs get-delivery-destination-policy", &options, name);
            }
            DocumentKind::Queue => {
                let name = last_part(arn);
                let url = format!("https://sqs.{region}.amazonaws.com/{account}/{name}");
                let options = format!("--queue-url {url} --attribute-names All");
                self.add(&account, &region, "sqs get-queue-attributes", &options, name);
            }
            DocumentKind::Topic => {
                let options = format!("--topic-arn {}", quote(arn));
                self.add(&account, &region, "sns get-topic-attributes", &options, last_part(arn));
            }
            DocumentKind::Stream => {
                let options = format!("--resource-arn {}", quote(arn));
                self.add(&account, &region, "kinesis get-resource-policy", &options, last_part(arn));
            }
            DocumentKind::EventBus => {
                let options = format!("--name {}", quote(arn));
                self.add(&account, &region, "events describe-event-bus", &options, last_part(arn));
            }
            DocumentKind::Function => {
                let options = format!("--function-name {}", quote(arn));
                self.add(&account, &region, "lambda get-policy", &options, last_part(arn));
            }
            _ => {}
        }
    }

    /// What a destination's own settings are read from.
    fn destination(&mut self, arn: &str, given: &BTreeMap<String, String>) {
        let (account, region) = (owner(arn, given, "destinationAccount"), region(arn, given));
        match field(arn, 2) {
            "firehose" => {
                let name = last_part(arn);
                let options = format!("--delivery-stream-name {}", quote(name));
                self.add(&account, &region, "firehose describe-delivery-stream", &options, name);
                self.add(&account, &region, "firehose list-tags-for-delivery-stream", &options, name);
            }
            "logs" if arn.contains(":destination:") => self.attached(DocumentKind::Destination, arn, given),
            _ => {}
        }
    }
}

/// A subject as the name of a file: percent-encoded where a path would read it.
fn encode(subject: &str) -> String {
    subject.replace('%', "%25").replace('/', "%2F").replace(':', "%3A")
}
