//! What is known of a condition key without a request: its hash, whether it is one of the common ones, and what it
//! follows from when the caller does not give it.

use crate::context::Value;
use crate::hash::{hash, same_folded};
use crate::principal::PrincipalType;
use crate::request::Request;
use crate::services::Service;

/// A condition key as far as it can be known without its name: what look-ups compare first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeyCode {
    pub(crate) hash: u64,
    /// Which of the common keys it is, from 1; 0 is another key.
    pub(crate) common: u8,
    derived: Derived,
}

/// What a key that the caller does not give follows from (rules K-1, K-8).
#[derive(Clone, Copy, Debug)]
enum Derived {
    Nothing,
    PrincipalArn,
    PrincipalAccount,
    PrincipalType,
    UserId,
    UserName,
    PrincipalIsAwsService,
    PrincipalServiceName,
    PrincipalServiceNamesList,
    ResourceAccount,
    RequestAlias,
    PrincipalTag,
    FederatedProvider,
    RoleAuthorizedByIdp,
}

const PRINCIPAL_TAG: &str = "aws:principaltag/";

impl KeyCode {
    /// The code of `aws:PrincipalServiceNamesList`.
    pub(crate) const SERVICE_NAMES: Self = Self {
        hash: hash("aws:principalservicenameslist"),
        common: 18,
        derived: Derived::PrincipalServiceNamesList,
    };

    /// The code of a key in lower case.
    pub(crate) fn of(folded: &str) -> Self {
        let derived = match folded {
            "aws:principalarn" => Derived::PrincipalArn,
            "aws:principalaccount" => Derived::PrincipalAccount,
            "aws:principaltype" => Derived::PrincipalType,
            "aws:userid" => Derived::UserId,
            "aws:username" => Derived::UserName,
            "aws:principalisawsservice" => Derived::PrincipalIsAwsService,
            "aws:principalservicename" => Derived::PrincipalServiceName,
            "aws:principalservicenameslist" => Derived::PrincipalServiceNamesList,
            "aws:resourceaccount" => Derived::ResourceAccount,
            "kms:requestalias" => Derived::RequestAlias,
            "aws:federatedprovider" => Derived::FederatedProvider,
            "sts:roleauthorizedbyidp" => Derived::RoleAuthorizedByIdp,
            _ if folded.starts_with(PRINCIPAL_TAG) => Derived::PrincipalTag,
            _ => Derived::Nothing,
        };
        Self { hash: hash(folded), common: common(folded), derived }
    }

    /// Whether the key may have a value that the caller did not give.
    #[inline]
    pub(crate) fn is_derived(self) -> bool {
        !matches!(self.derived, Derived::Nothing)
    }

    /// What the key has by itself, not being given.
    #[inline(never)]
    pub(crate) fn derive<'r>(self, name: &str, request: &'r Request<'_>) -> Option<Value<'r>> {
        let principal = request.principal();
        let is_service = principal.principal_type() == PrincipalType::Service;
        let value = match self.derived {
            Derived::Nothing => return None,
            Derived::PrincipalArn => principal.principal_arn()?,
            Derived::PrincipalAccount => match principal.principal_type() {
                PrincipalType::Anonymous => "anonymous",
                PrincipalType::Federated => principal.provider_account()?,
                _ => principal.account()?,
            },
            Derived::PrincipalType => match principal.principal_type() {
                PrincipalType::Account => "Account",
                // For whom an identity provider vouches is a user too (observed).
                PrincipalType::User | PrincipalType::Federated => "User",
                PrincipalType::AssumedRole => "AssumedRole",
                PrincipalType::FederatedUser => "FederatedUser",
                PrincipalType::Anonymous => "Anonymous",
                // Services are seen with varying values, never with one of their own.
                PrincipalType::Service | PrincipalType::CanonicalUser => return None,
            },
            // Of a web identity the provider's ARN; of SAML the key is there, and what it holds is not known.
            Derived::UserId if principal.principal_type() == PrincipalType::Federated => {
                let is_known = principal.is_web_identity() && principal.provider_account().is_some();
                is_known.then(|| principal.name())?
            }
            Derived::UserId => principal.user_id()?,
            Derived::UserName => principal.user_name()?,
            Derived::PrincipalIsAwsService => match principal.principal_type() {
                PrincipalType::Anonymous | PrincipalType::Federated => return None,
                PrincipalType::Service => "true",
                _ => "false",
            },
            Derived::PrincipalServiceName => is_service.then(|| principal.service_name())?,
            Derived::PrincipalServiceNamesList => {
                return is_service.then(|| Value::Many(principal.service_names()));
            }
            Derived::ResourceAccount => request.resource_account()?,
            Derived::FederatedProvider => principal.is_web_identity().then(|| principal.name())?,
            // A token that does not list roles authorizes none (observed).
            Derived::RoleAuthorizedByIdp => {
                (request.service() == Service::Sts && principal.is_web_identity()).then_some("false")?
            }
            Derived::RequestAlias => request.request_alias()?,
            Derived::PrincipalTag => principal.tag_of(name.strip_prefix(PRINCIPAL_TAG)?)?,
        };
        Some(Value::One(value))
    }
}

/// Keys that many requests carry and many policies ask for, in lower case. A request knows at once where each of them
/// stands; every other key works the same and is searched for.
///
/// PERF: finding a common key takes 10 instructions, any other some 60.
const COMMON: [&str; COMMON_KEYS] = [
    "aws:assumedroot",
    "aws:calledvia",
    "aws:calledviafirst",
    "aws:calledvialast",
    "aws:currenttime",
    "aws:ec2instancesourceprivateipv4",
    "aws:ec2instancesourcevpc",
    "aws:epochtime",
    "aws:federatedprovider",
    "aws:multifactorauthage",
    "aws:multifactorauthpresent",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "aws:principaltype",
    "aws:referer",
    "aws:requestedregion",
    "aws:resourceaccount",
    "aws:resourceorgid",
    "aws:resourceorgpaths",
    "aws:securetransport",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceidentity",
    "aws:sourceip",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourcevpc",
    "aws:sourcevpcarn",
    "aws:sourcevpce",
    "aws:tagkeys",
    "aws:tokenissuetime",
    "aws:useragent",
    "aws:userid",
    "aws:username",
    "aws:viaawsservice",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
    "aws:vpcsourceip",
    "ec2:roledelivery",
    "ec2:sourceinstancearn",
    "iam:passedtoservice",
    "kms:calleraccount",
    "kms:grantisforawsresource",
    "kms:viaservice",
    "lambda:sourcefunctionarn",
    "s3:authtype",
    "s3:delimiter",
    "s3:max-keys",
    "s3:prefix",
    "s3:resourceaccount",
    "s3:tlsversion",
    "s3:x-amz-acl",
    "s3:x-amz-server-side-encryption",
    "sts:externalid",
];

/// How many common keys there are.
pub(crate) const COMMON_KEYS: usize = 60;

/// The numbers of the common keys from 1, each in the slot that [`first_slot`] says, or behind it.
const SLOTS: [u8; SLOT_COUNT] = slots();

const SLOT_COUNT: usize = 256;

#[expect(clippy::indexing_slicing, reason = "evaluated when the crate is compiled")]
const fn slots() -> [u8; SLOT_COUNT] {
    let mut slots = [0; SLOT_COUNT];
    let mut key = 0;
    while key < COMMON_KEYS {
        // All of them are long enough; one that were not would be searched for like any other key.
        let first = first_slot(COMMON[key]);
        key += 1;
        if let Some(mut slot) = first {
            while slots[slot] != 0 {
                slot = (slot + 1) % SLOT_COUNT;
            }
            slots[slot] = key as u8;
        }
    }
    slots
}

/// Where a key, in any case, is looked for: its length and last bytes say; `None` of one that is shorter than all common
/// keys.
#[inline]
const fn first_slot(key: &str) -> Option<usize> {
    let Some(last) = key.as_bytes().last_chunk::<8>() else { return None };
    // With this bit set letters are alike in both cases, and other characters no less different.
    let last = u64::from_le_bytes(*last) | u64::from_le_bytes([0x20; 8]);
    let product = (last ^ key.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    Some((product >> (u64::BITS - SLOT_COUNT.trailing_zeros())) as usize)
}

/// Which of the common keys a key in any case is, from 1; 0 if none. Letters beyond ASCII are not folded.
///
/// PERF: takes some 40 instructions, where to fold the key and hash it takes twice as many.
#[inline]
pub(crate) fn common(key: &str) -> u8 {
    let Some(mut slot) = first_slot(key) else { return 0 };
    while let Some(&number @ 1..) = SLOTS.get(slot) {
        if COMMON
            .get(usize::from(number) - 1)
            .is_some_and(|name| same_folded(name.as_bytes(), key.as_bytes()))
        {
            return number;
        }
        slot = (slot + 1) % SLOT_COUNT;
    }
    0
}

#[cfg(test)]
mod tests {
    use super::{COMMON, KeyCode, common};

    #[test]
    fn every_common_key_is_known_by_a_number_of_its_own_and_no_other_key_is() {
        for (place, name) in COMMON.iter().enumerate() {
            assert_eq!(usize::from(common(name)), place + 1, "{name}");
            assert_eq!(usize::from(common(&name.to_ascii_uppercase())), place + 1, "{name}");
            for other in [format!("{name}x"), format!("x{name}"), name.replacen('s', "\u{17f}", 1)] {
                assert!(common(&other) == 0 || other == *name, "{other}");
            }
            assert_eq!(*name, name.to_ascii_lowercase(), "{name}");
        }
        let code = KeyCode::of("aws:principalservicenameslist");
        assert_eq!((code.hash, code.common), (KeyCode::SERVICE_NAMES.hash, KeyCode::SERVICE_NAMES.common));
    }
}
