//! The documented limits of policies and of their number. AWS raises none of them on request, except the length of
//! trust policies.

/// Resource policies without a `resourceArn`, in an account and Region.
pub const ACCOUNT_RESOURCE_POLICIES: usize = 10;
/// The longest `policyDocument` of a resource policy the API accepts, in characters.
pub const RESOURCE_POLICY_CHARACTERS: usize = 51_200;
/// The longest resource policy of account scope that older documentation names, in characters. Whether AWS still
/// enforces it is not known.
pub const ACCOUNT_RESOURCE_POLICY_CHARACTERS: usize = 5_120;
/// The largest `accessPolicy` of a destination, in bytes.
pub const ACCESS_POLICY_BYTES: usize = 5_120;
/// Subscription filters of a log group. It was 2 until the quota was raised in 2026.
pub const SUBSCRIPTION_FILTERS: usize = 5;
/// The longest policy of a delivery destination, in characters.
pub const DELIVERY_DESTINATION_POLICY_CHARACTERS: usize = 51_200;
/// X-Ray resource policies.
pub const XRAY_POLICIES: usize = 5;
/// The largest X-Ray resource policy, in bytes.
pub const XRAY_POLICY_BYTES: usize = 5 * 1024;
/// The largest bucket policy, in bytes.
pub const BUCKET_POLICY_BYTES: usize = 20 * 1024;
/// The largest key policy, in bytes.
pub const KEY_POLICY_BYTES: usize = 32 * 1024;
/// The longest trust policy of a role unless the quota was raised, in characters without blanks.
pub const TRUST_POLICY_CHARACTERS: usize = 2_048;
