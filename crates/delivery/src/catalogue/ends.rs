//! What the ends of deliveries are called: the forms of their ARNs.

use crate::form::{ANY as ANY_RESOURCE, Forms};

pub(super) const NONE: Forms = &[];
pub(super) const ANY: Forms = &[ANY_RESOURCE];
pub(super) const ANY_OR_DELIVERY_SOURCE: Forms =
    &[ANY_RESOURCE, "arn:aws:logs:REGION:ACCOUNT:delivery-source:NAME"];
pub(super) const BALANCER: Forms = &["arn:aws:elasticloadbalancing:REGION:ACCOUNT:loadbalancer/PATH"];
pub(super) const APPLICATION_BALANCER: Forms =
    &["arn:aws:elasticloadbalancing:REGION:ACCOUNT:loadbalancer/app/PATH"];
pub(super) const NETWORK_BALANCER: Forms =
    &["arn:aws:elasticloadbalancing:REGION:ACCOUNT:loadbalancer/net/PATH"];
pub(super) const BROKER: Forms = &["arn:aws:mq:REGION:ACCOUNT:broker:PATH"];
pub(super) const BUCKET: Forms = &["arn:aws:s3:::BUCKET"];
pub(super) const BUCKET_OR_PREFIX: Forms = &["arn:aws:s3:::BUCKET[/PREFIX]"];
pub(super) const DASHBOARD: Forms = &["arn:aws:s3:REGION:ACCOUNT:storage-lens/NAME"];
pub(super) const DESTINATION: Forms = &["arn:aws:logs:REGION:ACCOUNT:destination:NAME"];
pub(super) const DOMAIN: Forms = &["arn:aws:es:REGION:ACCOUNT:domain/NAME"];
pub(super) const FLOW_LOG: Forms = &["arn:aws:ec2:REGION:ACCOUNT:vpc-flow-log/NAME"];
pub(super) const FUNCTION: Forms = &["arn:aws:lambda:REGION:ACCOUNT:function:FUNCTION[:ALIAS]"];
pub(super) const GROUP: Forms = &["arn:aws:logs:REGION:ACCOUNT:log-group:GROUP"];
pub(super) const HOSTED_ZONE: Forms = &["arn:aws:route53:::hostedzone/NAME"];
pub(super) const KINESIS: Forms = &["arn:aws:kinesis:REGION:ACCOUNT:stream/NAME"];
pub(super) const FIREHOSE: Forms = &["arn:aws:firehose:REGION:ACCOUNT:deliverystream/NAME"];
/// What has traffic, or the flow log itself.
pub(super) const NETWORK: Forms = &[
    "arn:aws:ec2:REGION:ACCOUNT:vpc/NAME",
    "arn:aws:ec2:REGION:ACCOUNT:subnet/NAME",
    "arn:aws:ec2:REGION:ACCOUNT:network-interface/NAME",
    "arn:aws:ec2:REGION:ACCOUNT:transit-gateway/NAME",
    "arn:aws:ec2:REGION:ACCOUNT:transit-gateway-attachment/NAME",
    "arn:aws:ec2:REGION:ACCOUNT:vpc-flow-log/NAME",
];
pub(super) const QUEUE: Forms = &["arn:aws:sqs:REGION:ACCOUNT:NAME"];
pub(super) const RULE: Forms = &["arn:aws:events:REGION:ACCOUNT:rule/PATH"];
pub(super) const RULE_OR_BUS: Forms =
    &["arn:aws:events:REGION:ACCOUNT:rule/PATH", "arn:aws:events:REGION:ACCOUNT:event-bus/PATH"];
pub(super) const TOPIC: Forms = &["arn:aws:sns:REGION:ACCOUNT:NAME"];
pub(super) const TRAIL: Forms = &["arn:aws:cloudtrail:REGION:ACCOUNT:trail/NAME"];
pub(super) const WEB_ACL: Forms =
    &["arn:aws:wafv2:REGION:ACCOUNT:regional/webacl/PATH", "arn:aws:wafv2:REGION:ACCOUNT:global/webacl/PATH"];
