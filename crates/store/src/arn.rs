//! The ARNs in the operations' inputs.

use crate::error::ServiceError;

/// The service of an ARN that has six parts, the last not empty.
pub(crate) fn service(arn: &str) -> Option<&str> {
    let mut parts = arn.splitn(6, ':');
    if parts.next() != Some("arn") || parts.next().is_none_or(str::is_empty) {
        return None;
    }
    let service = parts.next()?;
    parts.nth(2).filter(|resource| !resource.is_empty()).map(|_| service)
}

/// The name in a log group ARN. Log stream ARNs, ARNs that end in `:*` and all others are refused.
pub(crate) fn log_group_name(arn: &str) -> Result<&str, ServiceError> {
    let mut parts = arn.splitn(7, ':');
    let is_logs = parts.next() == Some("arn") && parts.next().is_some() && parts.next() == Some("logs");
    let kind = parts.nth(2);
    match parts.next() {
        Some(name)
            if is_logs && kind == Some("log-group") && !name.is_empty() && !name.contains([':', '*']) =>
        {
            Ok(name)
        }
        _ => Err(ServiceError::validation("Invalid resourceArn")),
    }
}

/// Whether a text is an account ID.
pub(crate) fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}
