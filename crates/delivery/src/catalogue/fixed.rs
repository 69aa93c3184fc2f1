//! Documents that AWS attaches to its service-linked roles and that customers cannot change.

use bailiwick_environment::DocumentGroup;
use bailiwick_environment::{DocumentId, DocumentKind};

/// What `AWSServiceRoleForLogDelivery` may do: write to Firehose streams that carry the tag.
pub(crate) fn log_delivery_role() -> DocumentGroup {
    fixed(
        DocumentKind::ServiceLinkedRole,
        "AWSServiceRoleForLogDelivery",
        r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Action": ["firehose:PutRecord", "firehose:PutRecordBatch", "firehose:ListTagsForDeliveryStream"],
    "Resource": "*",
    "Condition": {"StringEquals": {"aws:ResourceTag/LogDeliveryEnabled": "true"}}
  }]
}"#,
    )
}

/// Who may become `AWSServiceRoleForLogDelivery`.
pub(crate) fn log_delivery_role_trust() -> DocumentGroup {
    fixed(
        DocumentKind::RoleTrust,
        "AWSServiceRoleForLogDelivery",
        r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Service": "delivery.logs.amazonaws.com"},
    "Action": "sts:AssumeRole"
  }]
}"#,
    )
}

/// What `AWSServiceRoleForWAFV2Logging` may do: write to Firehose streams of the reserved name.
pub(crate) fn waf_logging_role() -> DocumentGroup {
    fixed(
        DocumentKind::ServiceLinkedRole,
        "AWSServiceRoleForWAFV2Logging",
        r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Action": ["firehose:PutRecord", "firehose:PutRecordBatch"],
    "Resource": "arn:aws:firehose:*:*:deliverystream/aws-waf-logs-*"
  }]
}"#,
    )
}

fn fixed(kind: DocumentKind, name: &str, text: &'static str) -> DocumentGroup {
    let id = DocumentId {
        account: String::new(),
        region: String::new(),
        kind,
        attached_to: String::new(),
        name: name.to_owned(),
    };
    DocumentGroup::Fixed(id, text)
}
