//! What KMS grants can allow.

/// The operations that a KMS grant can have, as the API `CreateGrant` lists and spells them.
///
/// ```
/// assert!(bailiwick_aws::GRANT_OPERATIONS.contains(&"Decrypt"));
/// assert!(!bailiwick_aws::GRANT_OPERATIONS.contains(&"ScheduleKeyDeletion"));
/// ```
pub const GRANT_OPERATIONS: [&str; 17] = [
    "Decrypt",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyWithoutPlaintext",
    "ReEncryptFrom",
    "ReEncryptTo",
    "Sign",
    "Verify",
    "GetPublicKey",
    "CreateGrant",
    "RetireGrant",
    "DescribeKey",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    "GenerateMac",
    "VerifyMac",
    "DeriveSharedSecret",
];
