//! The input of the `Describe…` operations that only list.

use serde::{Deserialize, Serialize};

/// `limit` and `nextToken` of a `Describe…` operation that has no other member.
///
/// ```
/// use bailiwick_store::{LogsStore, PageInput, PutDeliverySourceInput};
///
/// let mut logs = LogsStore::new("aws", "111122223333", "us-east-1");
/// for name in ["a", "b"] {
///     logs.put_delivery_source(&PutDeliverySourceInput {
///         name: name.into(),
///         resource_arn: format!("arn:aws:cloudfront::111122223333:distribution/{name}"),
///         log_type: "ACCESS_LOGS".into(),
///         tags: None,
///     })?;
/// }
/// let first = logs.describe_delivery_sources(&PageInput { limit: Some(1), next_token: None }, 0)?;
/// assert_eq!(first.delivery_sources[0].name, "a");
/// let next = PageInput { limit: Some(1), next_token: first.next_token };
/// let last = logs.describe_delivery_sources(&next, 0)?;
/// assert_eq!((last.delivery_sources[0].name.as_str(), last.next_token), ("b", None));
/// # Ok::<(), bailiwick_store::ServiceError>(())
/// ```
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PageInput {
    /// The maximum number of items, 1–50; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// The `nextToken` of the previous page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}
