//! The AWS CLI command that puts a document.

use super::edit::compact;
use super::statement::{OneOrMany, Principal, Statement};
use bailiwick_environment::Environment;
use bailiwick_environment::arn::last_part;
use bailiwick_environment::{DocumentId, DocumentKind};

/// The command, ready to paste into a POSIX shell. `statements` are those of the document that changed.
pub(crate) fn put(
    environment: &Environment,
    id: &DocumentId,
    text: &str,
    statements: &[Statement],
) -> String {
    let policy = quote(&compact(text));
    let region = if id.region.is_empty() { String::new() } else { format!(" --region {}", id.region) };
    let name = quote(if id.name.is_empty() { "delivery" } else { &id.name });
    let attached = quote(&id.attached_to);
    let last = quote(last_part(&id.attached_to));
    match id.kind {
        DocumentKind::LogsAccount => {
            format!("aws logs put-resource-policy --policy-name {name} --policy-document {policy}{region}")
        }
        DocumentKind::LogGroup => {
            let revision = environment
                .revision_of(id)
                .map(|id| format!(" --expected-revision-id {id}"))
                .unwrap_or_default();
            format!(
                "aws logs put-resource-policy --resource-arn {attached}{revision} --policy-document {policy}{region}"
            )
        }
        DocumentKind::Bucket => format!("aws s3api put-bucket-policy --bucket {attached} --policy {policy}"),
        DocumentKind::Key => {
            format!(
                "aws kms put-key-policy --key-id {attached} --policy-name default --policy {policy}{region}"
            )
        }
        DocumentKind::RoleTrust => {
            format!("aws iam update-assume-role-policy --role-name {last} --policy-document {policy}")
        }
        DocumentKind::UserIdentity => {
            format!(
                "aws iam put-user-policy --user-name {last} --policy-name {name} --policy-document {policy}"
            )
        }
        DocumentKind::RoleIdentity | DocumentKind::ServiceLinkedRole => {
            format!(
                "aws iam put-role-policy --role-name {last} --policy-name {name} --policy-document {policy}"
            )
        }
        DocumentKind::Destination => {
            format!(
                "aws logs put-destination-policy --destination-name {last} --access-policy {policy}{region}"
            )
        }
        DocumentKind::DeliveryDestination => format!(
            "aws logs put-delivery-destination-policy --delivery-destination-name {last} \
             --delivery-destination-policy {policy}{region}"
        ),
        DocumentKind::Xray => {
            format!("aws xray put-resource-policy --policy-name {name} --policy-document {policy}{region}")
        }
        DocumentKind::Queue => {
            let url = format!(
                "https://sqs.{}.amazonaws.com/{}/{}",
                id.region,
                id.account,
                last_part(&id.attached_to)
            );
            let attributes =
                format!("{{\"Policy\":{}}}", serde_json::to_string(&compact(text)).unwrap_or_default());
            format!(
                "aws sqs set-queue-attributes --queue-url {url} --attributes {}{region}",
                quote(&attributes)
            )
        }
        DocumentKind::Topic => format!(
            "aws sns set-topic-attributes --topic-arn {attached} --attribute-name Policy --attribute-value {policy}{region}"
        ),
        DocumentKind::Function => {
            let commands = statements.iter().map(|statement| add_permission(id, statement, &region));
            commands.collect::<Vec<_>>().join(" && ")
        }
        other => format!("# put this document in the place of the {}: {policy}", other.words()),
    }
}

/// A function's policy grows statement by statement.
fn add_permission(id: &DocumentId, statement: &Statement, region: &str) -> String {
    let one = |values: &OneOrMany| values.values().first().cloned().unwrap_or_default();
    let condition = |key: &str| {
        let mut keys = statement.condition.values().flatten();
        keys.find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, values)| one(values))
    };
    let principal = match &statement.principal {
        Some(Principal::Named(names)) => names.values().next().map(one).unwrap_or_default(),
        _ => "*".to_owned(),
    };
    let mut command = format!(
        "aws lambda add-permission --function-name {} --statement-id {} --action {} --principal {}",
        quote(&id.attached_to),
        quote(statement.sid.as_deref().unwrap_or("delivery")),
        statement.action.as_ref().map(one).unwrap_or_default(),
        quote(&principal),
    );
    for (key, option) in [("aws:SourceArn", "--source-arn"), ("aws:SourceAccount", "--source-account")] {
        if let Some(value) = condition(key) {
            command.push_str(&format!(" {option} {}", quote(&value)));
        }
    }
    command + region
}

/// A word of a POSIX shell.
pub(crate) fn quote(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@,+".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn words_are_quoted_when_the_shell_would_read_them() {
        assert_eq!(quote("arn:aws:s3:::b/k"), "arn:aws:s3:::b/k");
        assert_eq!(quote("a b"), "'a b'");
        assert_eq!(quote("it's"), r"'it'\''s'");
        assert_eq!(quote(""), "''");
    }
}
