//! The parts of ARNs that deliveries ask for.

/// A field of an ARN, counted from 0 (`arn`): 1 partition, 2 service, 3 Region, 4 account, 5 the resource with
/// all its colons. Empty where the text has none.
pub(crate) fn field(arn: &str, place: usize) -> &str {
    arn.splitn(6, ':').nth(place).unwrap_or_default()
}

/// The name of the log group in the ARN of a log group or log stream.
pub(crate) fn log_group_of(arn: &str) -> &str {
    let resource = field(arn, 5);
    let name = resource.strip_prefix("log-group:").unwrap_or_default();
    name.split(':').next().unwrap_or_default()
}

/// The last part of a resource, behind the last `/` or `:`.
pub(crate) fn last_part(arn: &str) -> &str {
    field(arn, 5).rsplit(['/', ':']).next().unwrap_or_default()
}

/// Whether a text has the six parts of an ARN, and a service and a resource among them.
pub(crate) fn is_arn(text: &str) -> bool {
    text.starts_with("arn:")
        && !field(text, 1).is_empty()
        && !field(text, 2).is_empty()
        && !field(text, 5).is_empty()
}

#[cfg(test)]
mod tests {
    use super::{field, is_arn, last_part, log_group_of};

    #[test]
    fn fields_are_those_of_the_arn_and_the_resource_keeps_its_colons() {
        let stream = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/x:log-stream:s";
        assert_eq!(
            (field(stream, 2), field(stream, 3), field(stream, 4)),
            ("logs", "us-east-1", "111122223333")
        );
        assert_eq!(field(stream, 5), "log-group:/aws/x:log-stream:s");
        assert_eq!(log_group_of(stream), "/aws/x");
        assert_eq!(log_group_of("arn:aws:logs:us-east-1:111122223333:log-group:aws/spans:*"), "aws/spans");
        assert_eq!(field("bucket", 5), "");
    }

    #[test]
    fn the_last_part_is_behind_the_last_separator() {
        assert_eq!(last_part("arn:aws:route53:::hostedzone/Z1"), "Z1");
        assert_eq!(last_part("arn:aws:sns:us-east-1:111122223333:topic"), "topic");
    }

    #[test]
    fn an_arn_has_a_service_and_a_resource() {
        assert!(is_arn("arn:aws:s3:::bucket"));
        assert!(!is_arn("arn:aws:s3"));
        assert!(!is_arn("arn:aws::::x"));
        assert!(!is_arn("bucket"));
    }
}
