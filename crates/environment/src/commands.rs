//! The AWS CLI commands whose outputs an environment holds.

use bailiwick_source::json::Value;

use crate::loader::{Loader, Place};
use crate::outputs::{iam, logs, services};

/// One command of the AWS CLI.
#[derive(Debug)]
pub struct Command {
    /// The service, as in `aws logs …`.
    pub service: &'static str,
    /// The command, as in `aws logs describe-resource-policies`.
    pub name: &'static str,
    /// Whether its output belongs to the account and no Region.
    pub global: bool,
    /// The option that names what the output is about, for commands whose output does not say it itself.
    pub subject: Option<&'static str>,
    /// What an environment takes from the output.
    pub gives: &'static str,
    /// The member that every output of the command has.
    pub(crate) member: &'static str,
    /// The errors by which AWS says that there is none; any other says nothing about what there is.
    pub(crate) none: &'static [&'static str],
    pub(crate) read: fn(&mut Loader<'_>, &Place<'_>, Value<'_, '_>),
}

macro_rules! commands {
    ($($service:literal $name:literal $scope:ident $subject:expr, $gives:literal, $member:literal $none:tt => $read:path;)+) => {
        /// Every command an environment knows.
        pub static COMMANDS: &[Command] = &[$(Command {
            service: $service,
            name: $name,
            global: is_global(stringify!($scope)),
            subject: $subject,
            gives: $gives,
            member: $member,
            none: &$none,
            read: $read,
        },)+];
    };
}

const fn is_global(scope: &str) -> bool {
    // "global" and "region" differ in their first letter.
    matches!(scope.as_bytes(), [b'g', ..])
}

commands! {
    "logs" "describe-resource-policies" region None,
        "the resource policies of the account, and with `--policy-scope RESOURCE` of a log group", "resourcePolicies" ["ResourceNotFoundException"] => logs::resource_policies;
    "logs" "describe-log-groups" region None, "which log groups exist, their class and key", "logGroups" [] => logs::log_groups;
    "logs" "describe-destinations" region None, "destinations of subscription filters with their policies", "destinations" [] => logs::destinations;
    "logs" "describe-subscription-filters" region None, "the subscription filters of a log group", "subscriptionFilters" ["ResourceNotFoundException"] => logs::subscription_filters;
    "logs" "describe-delivery-sources" region None, "delivery sources", "deliverySources" [] => logs::delivery_sources;
    "logs" "describe-delivery-destinations" region None, "delivery destinations", "deliveryDestinations" [] => logs::delivery_destinations;
    "logs" "get-delivery-destination-policy" region Some("--delivery-destination-name"),
        "the policy of a delivery destination", "policy" ["ResourceNotFoundException"] => logs::delivery_destination_policy;
    "logs" "describe-deliveries" region None, "deliveries", "deliveries" [] => logs::deliveries;
    "xray" "list-resource-policies" region None, "X-Ray resource policies", "ResourcePolicies" [] => logs::xray_policies;
    "xray" "get-trace-segment-destination" region None, "whether Transaction Search is on", "Destination" [] => services::trace_destination;
    "s3api" "get-bucket-policy" global Some("--bucket"), "the bucket policy", "Policy" ["NoSuchBucketPolicy", "NoSuchBucket"] => services::bucket_policy;
    "s3api" "get-bucket-location" global Some("--bucket"), "the bucket's Region", "LocationConstraint" [] => services::bucket_location;
    "s3api" "get-bucket-encryption" global Some("--bucket"), "the default encryption and its key", "ServerSideEncryptionConfiguration" ["ServerSideEncryptionConfigurationNotFoundError"] => services::bucket_encryption;
    "s3api" "get-bucket-ownership-controls" global Some("--bucket"), "whether ACLs are disabled", "OwnershipControls" ["OwnershipControlsNotFoundError"] => services::bucket_ownership;
    "s3api" "get-object-lock-configuration" global Some("--bucket"), "whether Object Lock is on", "ObjectLockConfiguration" ["ObjectLockConfigurationNotFoundError"] => services::object_lock;
    "s3api" "get-bucket-request-payment" global Some("--bucket"), "whether the requester pays", "Payer" [] => services::request_payment;
    "kms" "get-key-policy" region Some("--key-id"), "the key policy", "Policy" ["NotFoundException"] => services::key_policy;
    "kms" "describe-key" region None, "who manages the key, and whether it is enabled", "KeyMetadata" ["NotFoundException"] => services::key;
    "sqs" "get-queue-attributes" region Some("--queue-url"), "the queue policy and the queue's key", "Attributes" ["AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"] => services::queue;
    "sns" "get-topic-attributes" region None, "the topic policy and the topic's key", "Attributes" ["NotFound", "NotFoundException"] => services::topic;
    "lambda" "get-policy" region Some("--function-name"), "the function policy", "Policy" ["ResourceNotFoundException"] => services::function_policy;
    "kinesis" "get-resource-policy" region Some("--resource-arn"), "the policy of a Kinesis stream", "Policy" ["ResourceNotFoundException"] => services::stream_policy;
    "events" "describe-event-bus" region None, "the policy of an event bus", "Arn" ["ResourceNotFoundException"] => services::event_bus;
    "firehose" "describe-delivery-stream" region None, "what the stream takes its records from", "DeliveryStreamDescription" ["ResourceNotFoundException"] => services::delivery_stream;
    "firehose" "list-tags-for-delivery-stream" region Some("--delivery-stream-name"), "the stream's tags", "Tags" ["ResourceNotFoundException"] => services::stream_tags;
    "iam" "get-role" global None, "the trust policy and the permissions boundary of a role", "Role" ["NoSuchEntity"] => iam::role;
    "iam" "list-role-policies" global Some("--role-name"), "the names of a role's inline policies", "PolicyNames" ["NoSuchEntity"] => iam::role_policy_names;
    "iam" "get-role-policy" global None, "an inline policy of a role", "PolicyDocument" ["NoSuchEntity"] => iam::role_policy;
    "iam" "list-attached-role-policies" global Some("--role-name"), "the managed policies of a role", "AttachedPolicies" ["NoSuchEntity"] => iam::attached_role_policies;
    "iam" "list-user-policies" global Some("--user-name"), "the names of a user's inline policies", "PolicyNames" ["NoSuchEntity"] => iam::user_policy_names;
    "iam" "get-user-policy" global None, "an inline policy of a user", "PolicyDocument" ["NoSuchEntity"] => iam::user_policy;
    "iam" "list-attached-user-policies" global Some("--user-name"), "the managed policies of a user", "AttachedPolicies" ["NoSuchEntity"] => iam::attached_user_policies;
    "iam" "get-policy-version" global Some("--policy-arn"), "the text of a managed policy", "PolicyVersion" ["NoSuchEntity"] => iam::policy_version;
    "iam" "get-account-authorization-details" global None,
        "users, roles and policies, all in one", "RoleDetailList" [] => iam::authorization_details;
    "organizations" "describe-organization" global None, "the organization's ID and management account", "Organization" ["AWSOrganizationsNotInUseException"] => iam::organization;
}

impl Command {
    /// Whether the command lists, and so prints an empty list where there is nothing.
    pub(crate) fn lists(&self) -> bool {
        match self.service {
            "logs" => self.name.starts_with("describe-"),
            "xray" => self.name.starts_with("list-"),
            _ => false,
        }
    }

    /// The command as it is typed.
    pub(crate) fn call(&self) -> String {
        format!("aws {} {}", self.service, self.name)
    }

    /// The command of that name: `describe-resource-policies`, with or without `aws` and the service before it.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        let name = name.trim();
        let words = name.strip_prefix("aws ").unwrap_or(name);
        COMMANDS.iter().find(|command| match words.split_once([' ', '-', ':']) {
            _ if words == command.name => true,
            Some((service, rest)) if service == command.service => rest.trim() == command.name,
            _ => false,
        })
    }
}
