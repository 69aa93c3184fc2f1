//! The forms of an `AWS` principal: an account ID, or the ARN of an account root, user, role or session.

use bailiwick_matcher::is_account_id as is_account;

use crate::tables;

/// Why a text is not a principal of an AWS account (rule G-17).
pub(crate) fn problem(text: &str) -> Option<String> {
    if is_account(text) {
        return None;
    }
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if !text.is_empty() && digits {
        return Some(format!("`{text}` has {} digits; an account ID has 12", text.len()));
    }
    let fields: Vec<&str> = text.splitn(6, ':').collect();
    let &["arn", partition, service, region, account, resource] = fields.as_slice() else {
        return Some(format!("`{text}` is neither an account ID nor an ARN"));
    };
    if !tables::is_partition_matched(partition) {
        return Some(format!("`{partition}` is not a partition"));
    }
    // CloudFront's origin access identities are users of an account called `cloudfront`.
    if !region.is_empty() || !(is_account(account) || account == "cloudfront") {
        return Some(format!("`{text}` has no account ID where an ARN of IAM or STS has it"));
    }
    let (kind, name) = resource.split_once('/').unwrap_or((resource, ""));
    let named = !name.is_empty() && !name.ends_with('/');
    match (service, kind) {
        ("iam", "root") if name.is_empty() => None,
        ("iam", "user" | "role") | ("sts", "assumed-role" | "federated-user") if named => None,
        ("iam", "group") => Some("a group is never a principal; name its users or a role".to_owned()),
        _ => Some(format!("`{resource}` is not an account root, user, role or session")),
    }
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn all_forms_of_account_principals_are_accepted() {
        for text in [
            "111122223333",
            "arn:aws:iam::111122223333:root",
            "arn:aws-cn:iam::111122223333:user/div/amy",
            "arn:aws:iam::111122223333:role/app/r",
            "arn:aws:sts::111122223333:assumed-role/r/session",
            "arn:aws:sts::111122223333:federated-user/bob",
            "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1",
        ] {
            assert_eq!(problem(text), None, "{text}");
        }
    }

    #[test]
    fn other_texts_have_a_problem() {
        for text in [
            "",
            "11112222333",
            "arn:aws:iam::111122223333:group/g",
            "arn:aws:iam::111122223333:role/",
            "arn:aws:iam::1111:root",
            "arn:aws:iam:us-east-1:111122223333:root",
            "arn:aws:s3:::bucket",
            "arn:amazon:iam::111122223333:root",
            "amy",
        ] {
            assert!(problem(text).is_some(), "{text}");
        }
    }
}
