//! The global condition keys, and the look-up of any key by its name.

use crate::condition_key::{ConditionKey, ConditionKeyType};
use crate::pool::{search, two};
use crate::service::service;
use crate::table::{KEYS, PATTERNS};

/// The condition key of that name, letter case ignored: a global one, or one of any service. A key with a
/// placeholder, such as `aws:RequestTag/${TagKey}`, is found by any name that fills it in.
///
/// Where services differ about a key's type, the service that the key is named after decides;
/// [`Service::condition_key`](crate::Service::condition_key) says what another one has.
///
/// ```
/// use bailiwick_aws::condition_key;
///
/// assert_eq!(condition_key("aws:RequestTag/team").unwrap().name(), "aws:RequestTag/${TagKey}");
/// assert!(condition_key("aws:TagKeys").unwrap().is_multivalued());
/// assert!(condition_key("kms:EncryptionContext:app").is_some());
/// assert!(condition_key("aws:NoSuchKey").is_none());
/// ```
#[must_use]
pub fn condition_key(name: &str) -> Option<ConditionKey> {
    if let Ok(place) = search(GLOBAL.len(), |place| global(place).name().compare(name)) {
        return Some(global(place));
    }
    let open = (0..GLOBAL.len()).map(global).filter(|key| key.name().bytes().last() == Some(b'}'));
    let named = || name.split_once(':').and_then(|(prefix, _)| service(prefix)?.condition_key(name));
    let exact = || search(KEYS.len(), |place| key(place).name().compare(name)).ok().map(key);
    let patterns = (0..PATTERNS.len() / 2).map(|place| key(two(PATTERNS, place)));
    ConditionKey::best(open, name)
        .or_else(named)
        .or_else(exact)
        .or_else(|| ConditionKey::best(patterns, name))
}

/// The key at a place of the reference.
fn key(place: usize) -> ConditionKey {
    ConditionKey::read(KEYS.get(place))
}

/// The global condition keys, which requests of any service can carry, ordered by name.
///
/// ```
/// assert!(bailiwick_aws::global_condition_keys().any(|key| key.name() == "aws:SourceArn"));
/// ```
pub fn global_condition_keys() -> impl ExactSizeIterator<Item = ConditionKey> + Clone {
    (0..GLOBAL.len()).map(global)
}

fn global(place: usize) -> ConditionKey {
    let (name, key_type, is_multivalued) =
        GLOBAL.get(place).copied().unwrap_or(("", ConditionKeyType::String, false));
    ConditionKey::new(name, key_type, is_multivalued)
}

/// The table of the global keys, ordered by name, letter case ignored.
const GLOBAL: [(&str, ConditionKeyType, bool); 54] = {
    use ConditionKeyType::{Arn, Bool, Date, IpAddress, Numeric, String};
    [
        ("aws:AssumedRoot", Bool, false),
        ("aws:CalledVia", String, true),
        ("aws:CalledViaAWSMCP", String, false),
        ("aws:CalledViaFirst", String, false),
        ("aws:CalledViaLast", String, false),
        ("aws:ChatbotSourceArn", Arn, false),
        ("aws:CurrentTime", Date, false),
        ("aws:Ec2InstanceSourcePrivateIPv4", IpAddress, false),
        ("aws:Ec2InstanceSourceVpc", String, false),
        ("aws:EpochTime", Date, false),
        ("aws:FederatedProvider", String, false),
        ("aws:IsMcpServiceAction", Bool, false),
        ("aws:MultiFactorAuthAge", Numeric, false),
        ("aws:MultiFactorAuthPresent", Bool, false),
        ("aws:PrincipalAccount", String, false),
        ("aws:PrincipalArn", Arn, false),
        ("aws:PrincipalIsAWSService", Bool, false),
        ("aws:PrincipalOrgID", String, false),
        ("aws:PrincipalOrgMasterAccountId", String, false),
        ("aws:PrincipalOrgPaths", String, true),
        ("aws:PrincipalServiceName", String, false),
        ("aws:PrincipalServiceNamesList", String, true),
        ("aws:PrincipalTag/${TagKey}", String, false),
        ("aws:PrincipalType", String, false),
        ("aws:Referer", String, false),
        ("aws:RequestedRegion", String, false),
        ("aws:RequestTag/${TagKey}", String, false),
        ("aws:ResourceAccount", String, false),
        ("aws:ResourceOrgID", String, false),
        ("aws:ResourceOrgPaths", String, true),
        ("aws:ResourceTag/${TagKey}", String, false),
        ("aws:SecureTransport", Bool, false),
        ("aws:SignInSessionArn", Arn, false),
        ("aws:SourceAccount", String, false),
        ("aws:SourceArn", Arn, false),
        ("aws:SourceIdentity", String, false),
        ("aws:SourceIp", IpAddress, false),
        ("aws:SourceOrgID", String, false),
        ("aws:SourceOrgPaths", String, true),
        ("aws:SourceOwner", String, false),
        ("aws:SourceVpc", String, false),
        ("aws:SourceVpcArn", Arn, false),
        ("aws:SourceVpce", String, false),
        ("aws:TagKeys", String, true),
        ("aws:TokenIssueTime", Date, false),
        ("aws:UserAgent", String, false),
        ("aws:userid", String, false),
        ("aws:username", String, false),
        ("aws:ViaAWSMCPService", Bool, false),
        ("aws:ViaAWSService", Bool, false),
        ("aws:VpceAccount", String, false),
        ("aws:VpceOrgID", String, false),
        ("aws:VpceOrgPaths", String, true),
        ("aws:VpcSourceIp", IpAddress, false),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Option<String> {
        condition_key(name).map(|key| key.name().to_string())
    }

    #[test]
    fn the_global_keys_are_ordered() {
        let names: Vec<_> = GLOBAL.iter().map(|(name, ..)| name.to_ascii_lowercase()).collect();
        assert!(names.is_sorted());
        for (name, ..) in GLOBAL {
            assert_eq!(named(&name.to_ascii_uppercase()).as_deref(), Some(name));
        }
    }

    #[test]
    fn a_placeholder_takes_any_text_but_none() {
        assert_eq!(named("AWS:requesttag/a:b/c").as_deref(), Some("aws:RequestTag/${TagKey}"));
        assert_eq!(named("aws:RequestTag/"), None);
        assert_eq!(named("s3:ExistingObjectTag/x").as_deref(), Some("s3:ExistingObjectTag/<key>"));
        assert_eq!(
            named("codebuild:secondarySources/one.auth.type").as_deref(),
            Some("codebuild:secondarySources/${sourceIdentifier}.auth.type")
        );
        assert_eq!(named("codebuild:secondarySources/.auth.type"), None);
        assert_eq!(
            named("token.actions.acme.ghe.com:actor").as_deref(),
            Some("token.actions.${Domain}.ghe.com:actor")
        );
    }

    #[test]
    fn the_service_that_a_key_is_named_after_decides_its_type() {
        let multivalued = |key: Option<ConditionKey>| key.unwrap().is_multivalued();
        assert!(!multivalued(condition_key("identitystore:UserId")));
        assert!(multivalued(service("q").unwrap().condition_key("IdentityStore:userid")));
    }
}
