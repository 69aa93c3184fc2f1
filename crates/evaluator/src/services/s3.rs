//! S3: whose matter the bucket policy and an object are.

use bailiwick_matcher::Arn;

use super::declared::{Actions, Callers, Effects, Owner, Rule};
use super::{Service, ServiceRule};
use crate::request::Request;

const ON_THE_POLICY: Actions = Actions::Only(&["getbucketpolicy", "putbucketpolicy", "deletebucketpolicy"]);

pub(super) const RULES: &[Rule] = &[
    // Rule E-45, S3's way out for a bucket whose policy locks everyone out.
    Rule {
        actions: ON_THE_POLICY,
        callers: Callers::ROOT,
        owner: Owner::Caller,
        ..Rule::that(Effects::SPARES_RESOURCE_DENY)
    },
    // Rule E-64.
    Rule {
        actions: ON_THE_POLICY,
        owner: Owner::Other,
        name: Some(ServiceRule::BucketPolicyOfOwner),
        ..Rule::that(Effects::SILENCES_RESOURCE)
    },
];

/// Whether an operation of S3 is for the owner of the object to permit: what reads the object, or changes
/// what belongs to it. All else, operations that are not known included, is for the bucket's owner (rule
/// E-44).
pub(crate) fn is_up_to_object_owner(request: &Request<'_>) -> bool {
    request.service() == Service::S3
        && (request.action_name().starts_with("getobject") || ON_AN_OBJECT.contains(&request.action_name()))
        && is_object(request.resource())
}

/// The operations of S3 besides the reading ones that are on an object as it is, in lower case.
const ON_AN_OBJECT: [&str; 9] = [
    "deleteobjecttagging",
    "deleteobjectversiontagging",
    "putobjectacl",
    "putobjectlegalhold",
    "putobjectretention",
    "putobjecttagging",
    "putobjectversionacl",
    "putobjectversiontagging",
    "updateobjectencryption",
];

/// Whether an ARN names an object of S3: by its bucket, `BUCKET/KEY`, or through an access point,
/// `accesspoint/NAME/object/KEY`.
pub(crate) fn is_object(resource: &str) -> bool {
    Arn::split(resource).is_some_and(|arn| {
        let mut names = arn.resource().splitn(4, '/');
        arn.service() == "s3"
            && if arn.account().is_empty() {
                names.nth(1).is_some()
            } else {
                names.next() == Some("accesspoint")
                    && names.nth(1) == Some("object")
                    && names.next().is_some()
            }
    })
}

#[cfg(test)]
mod tests {
    use crate::{Principal, Request};

    #[test]
    fn the_owner_of_an_object_is_asked_for_what_is_on_that_object_alone() {
        let owner = Principal::root("222222222222");
        let is_foreign = |action: &str, resource: &str| {
            let request = Request::new(&owner, action, resource).with_resource_account("111111111111");
            request.with_object_owner("222222222222").is_foreign_object()
        };
        let point = "arn:aws:s3:us-east-1:111111111111:accesspoint/ap";
        for object in ["arn:aws:s3:::b/k", "arn:aws-cn:s3:::b/k/l", &format!("{point}/object/k")] {
            for action in ["GetObject", "GetObjectVersionAcl", "PutObjectTagging"] {
                assert!(is_foreign(&format!("s3:{action}"), object), "{action} on {object}");
            }
            for action in
                ["PutObject", "ReplicateObject", "BypassGovernanceRetention", "PutLifecycleConfiguration"]
            {
                assert!(!is_foreign(&format!("s3:{action}"), object), "{action} on {object}");
            }
        }
        for bucket in ["arn:aws:s3:::b", point, "*", "arn:aws:s3:us-east-1:111111111111:job/object/k/l"] {
            for action in
                ["GetObject", "PutLifecycleConfiguration", "PutEncryptionConfiguration", "GetBucketPolicy"]
            {
                assert!(!is_foreign(&format!("s3:{action}"), bucket), "{action} on {bucket}");
            }
        }
    }
}
