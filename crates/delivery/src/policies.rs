//! Which policies a resource may have of its own, by its ARN: those that decide beside the caller's.

use bailiwick_environment::DocumentKind;
use bailiwick_environment::arn::field;

/// The policies of a resource.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Policies {
    /// One document of this kind, attached to the resource of this ARN.
    Document(DocumentKind, String),
    /// The CloudWatch Logs resource policies over the log group of this ARN.
    LogGroup(String),
    /// The service has none, or not for resources of this type.
    None,
    /// Whether the service has any, and how to ask for it, is not known here.
    Unknown,
}

/// The policies that a resource may have and that decide about an action on it.
pub(crate) fn of(action: &str, resource: &str) -> Policies {
    let kind = match (field(resource, 2), action.split(':').next().unwrap_or_default()) {
        ("s3", _) => DocumentKind::Bucket,
        ("kms", _) => DocumentKind::Key,
        ("sqs", _) => DocumentKind::Queue,
        ("sns", _) => DocumentKind::Topic,
        ("lambda", _) => DocumentKind::Function,
        ("kinesis", _) if field(resource, 5).starts_with("stream/") => DocumentKind::Stream,
        ("events", _) if field(resource, 5).starts_with("event-bus/") => DocumentKind::EventBus,
        ("iam", "sts") => DocumentKind::RoleTrust,
        ("logs", _) if resource.contains(":destination:") => DocumentKind::Destination,
        ("logs", _) if resource.contains(":delivery-destination:") => DocumentKind::DeliveryDestination,
        ("logs", _) if resource.contains(":log-group:") => {
            let group = resource.split(":log-stream:").next().unwrap_or(resource);
            return Policies::LogGroup(group.strip_suffix(":*").unwrap_or(group).to_owned());
        }
        (service, _) if WITHOUT.contains(&service) => return Policies::None,
        _ => return Policies::Unknown,
    };
    Policies::Document(kind, resource.to_owned())
}

/// Services none of whose resources that are called here has a policy; the empty one is that of `*`.
const WITHOUT: [&str; 17] = [
    "",
    "appsync",
    "batch",
    "codebuild",
    "codepipeline",
    "ec2",
    "ecs",
    "events",
    "firehose",
    "iam",
    "iot",
    "logs",
    "redshift",
    "route53",
    "sagemaker",
    "ssm",
    "states",
];

#[cfg(test)]
mod tests {
    use super::{Policies, of};
    use bailiwick_environment::DocumentKind;

    #[test]
    fn a_resource_has_the_policies_of_its_type() {
        for (action, resource, kind) in [
            ("sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:q", DocumentKind::Queue),
            ("kinesis:PutRecord", "arn:aws:kinesis:us-east-1:111122223333:stream/s", DocumentKind::Stream),
            ("events:PutEvents", "arn:aws:events:us-east-1:111122223333:event-bus/b", DocumentKind::EventBus),
            ("sts:AssumeRole", "arn:aws:iam::111122223333:role/r", DocumentKind::RoleTrust),
        ] {
            assert_eq!(of(action, resource), Policies::Document(kind, resource.to_owned()));
        }
        let group = "arn:aws:logs:us-east-1:111122223333:log-group:g";
        for resource in [format!("{group}:log-stream:s"), format!("{group}:*"), group.to_owned()] {
            assert_eq!(of("logs:PutLogEvents", &resource), Policies::LogGroup(group.to_owned()));
        }
        for (action, resource) in [
            ("logs:CreateLogDelivery", "*"),
            ("iam:PassRole", "arn:aws:iam::111122223333:role/r"),
            ("firehose:PutRecord", "arn:aws:firehose:us-east-1:111122223333:deliverystream/s"),
            ("events:InvokeApiDestination", "arn:aws:events:us-east-1:111122223333:api-destination/d"),
        ] {
            assert_eq!(of(action, resource), Policies::None, "{resource}");
        }
        let api = "arn:aws:execute-api:us-east-1:111122223333:a/prod/POST/x";
        assert_eq!(of("execute-api:Invoke", api), Policies::Unknown);
    }
}
