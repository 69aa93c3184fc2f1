//! What the AWS CLI prints where there is nothing.

/// The two files that a collecting command leaves where AWS holds nothing: its output, and what it wrote to
/// standard error. `path` is that of the output.
pub fn printed(path: &str) -> [(String, String); 2] {
    let stem = path.strip_suffix(".json").expect("outputs are JSON");
    let command = stem.split('/').nth(2).expect("a path has an account, a Region and a command");
    let (output, error) = of(command);
    let operation: String = command.split('-').map(capitalized).collect();
    let error = match error {
        "" => String::new(),
        code => format!(
            "\nAn error occurred ({code}) when calling the {operation} operation: it does not exist\n"
        ),
    };
    [(path.to_owned(), output.to_owned()), (format!("{stem}.err"), error)]
}

fn capitalized(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    format!("{}{rest}", first.to_ascii_uppercase())
}

/// Output and error code of a command.
fn of(command: &str) -> (&'static str, &'static str) {
    match command {
        "describe-resource-policies" => (r#"{"resourcePolicies": []}"#, ""),
        "describe-log-groups" => (r#"{"logGroups": []}"#, ""),
        "describe-destinations" => (r#"{"destinations": []}"#, ""),
        "describe-subscription-filters" => (r#"{"subscriptionFilters": []}"#, ""),
        "describe-delivery-sources" => (r#"{"deliverySources": []}"#, ""),
        "describe-deliveries" => (r#"{"deliveries": []}"#, ""),
        "list-resource-policies" => (r#"{"ResourcePolicies": []}"#, ""),
        "get-trace-segment-destination" => (r#"{"Destination": "XRay", "Status": "ACTIVE"}"#, ""),
        "get-bucket-location" => (r#"{"LocationConstraint": null}"#, ""),
        "get-bucket-request-payment" => (r#"{"Payer": "BucketOwner"}"#, ""),
        "get-account-authorization-details" => {
            (r#"{"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [], "Policies": []}"#, "")
        }
        "get-bucket-policy" => ("", "NoSuchBucketPolicy"),
        "get-bucket-encryption" => ("", "ServerSideEncryptionConfigurationNotFoundError"),
        "get-bucket-ownership-controls" => ("", "OwnershipControlsNotFoundError"),
        "get-object-lock-configuration" => ("", "ObjectLockConfigurationNotFoundError"),
        "get-key-policy" | "describe-key" => ("", "NotFoundException"),
        "get-queue-attributes" => ("", "AWS.SimpleQueueService.NonExistentQueue"),
        "get-topic-attributes" => ("", "NotFound"),
        "get-role" => ("", "NoSuchEntity"),
        _ => ("", "ResourceNotFoundException"),
    }
}
