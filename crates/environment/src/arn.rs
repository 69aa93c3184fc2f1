//! The parts of ARNs.

/// A field of an ARN, counted from 0 (`arn`): 1 partition, 2 service, 3 Region, 4 account, 5 the resource with
/// all its colons. Empty where the text has none.
///
/// ```
/// use bailiwick_environment::arn::field;
///
/// assert_eq!(field("arn:aws:s3:::bucket/key", 2), "s3");
/// assert_eq!(field("bucket", 2), "");
/// ```
#[must_use]
pub fn field(arn: &str, place: usize) -> &str {
    arn.splitn(6, ':').nth(place).unwrap_or_default()
}

/// The name of the log group in the ARN of a log group or log stream.
#[must_use]
pub fn log_group_of(arn: &str) -> &str {
    let resource = field(arn, 5);
    let name = resource.strip_prefix("log-group:").unwrap_or_default();
    name.split(':').next().unwrap_or_default()
}

/// The last part of a resource, after the last `/` or `:`.
#[must_use]
pub fn last_part(arn: &str) -> &str {
    field(arn, 5).rsplit(['/', ':']).next().unwrap_or_default()
}

/// Whether a text has the six parts of an ARN, and a service and a resource among them.
#[must_use]
pub fn is_arn(text: &str) -> bool {
    text.starts_with("arn:")
        && !field(text, 1).is_empty()
        && !field(text, 2).is_empty()
        && !field(text, 5).is_empty()
}

/// Whether a text is an account ID.
pub use bailiwick_evaluator::is_account_id as is_account;

/// Whether a text has the form of a Region's code: short words, then a direction and a number, such as
/// `us-gov-west-1`. New Regions have new words, but the same directions.
#[must_use]
pub fn is_region(text: &str) -> bool {
    const DIRECTIONS: [&str; 9] =
        ["north", "south", "east", "west", "central", "northeast", "northwest", "southeast", "southwest"];
    let parts: Vec<&str> = text.split('-').collect();
    let [places @ .., direction, number] = parts.as_slice() else { return false };
    let is_place =
        |word: &&str| (2..=4).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_number = |word: &str| matches!(word.as_bytes(), [b'1'..=b'9'] | [b'1'..=b'9', b'0'..=b'9']);
    (1..=2).contains(&places.len())
        && places.iter().all(is_place)
        && DIRECTIONS.contains(direction)
        && is_number(number)
}

#[cfg(test)]
mod tests {
    use super::{field, is_account, is_arn, is_region, last_part, log_group_of};

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
    fn a_region_has_places_a_direction_and_a_number() {
        for region in [
            "us-east-1",
            "us-gov-west-1",
            "us-isob-east-1",
            "cn-north-1",
            "eusc-de-east-1",
            "ap-southeast-7",
            "me-central-12",
        ] {
            assert!(is_region(region), "{region}");
        }
        for other in [
            "",
            "us-east",
            "useast1",
            "us-east-",
            "-1",
            "us--1",
            "US-EAST-1",
            "us-east-1a",
            "us east-1",
            "us-bad-9",
            "nowhere",
            "global",
            "east-1",
            "us-east-0",
            "us-east-1-1",
            "\u{ff55}s-east-1",
            "lunar-east-1",
        ] {
            assert!(!is_region(other), "{other}");
        }
    }

    #[test]
    fn an_account_has_twelve_digits() {
        assert!(is_account("111122223333"));
        assert!(!is_account("12") && !is_account("1111222233334") && !is_account("11112222333x"));
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
