//! Paging of the `Describe…` operations: at most 50 items, a token that is valid for 24 hours.

use serde::{Deserialize, Serialize};

use crate::{ServiceError, error::INVALID_PARAMETER, member};

const TOKEN_LIFE_MS: i64 = 24 * 60 * 60 * 1000;
const MAX_ITEMS: u64 = 50;

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

/// An input that asks for one page.
pub(crate) trait Paged {
    fn limit(&self) -> Option<u64>;
    fn next_token(&self) -> Option<&str>;
}

macro_rules! paged {
    ($($input:ty),+ $(,)?) => {$(
        impl Paged for $input {
            fn limit(&self) -> Option<u64> {
                self.limit
            }

            fn next_token(&self) -> Option<&str> {
                self.next_token.as_deref()
            }
        }
    )+};
}

paged!(
    PageInput,
    crate::DescribeDestinationsInput,
    crate::DescribeResourcePoliciesInput,
    crate::DescribeSubscriptionFiltersInput,
);

/// Copies the requested page of `items`, which are sorted by key, and returns the token of the next page.
///
/// A token holds the time it was made and the number of items before the page. An item that is created or deleted
/// between two pages may be missed or returned twice, as at AWS.
pub(crate) fn page<'i, T: Clone + 'i>(
    items: impl Iterator<Item = &'i T>,
    input: &impl Paged,
    now: i64,
) -> Result<(Vec<T>, Option<String>), ServiceError> {
    let limit = input.limit().unwrap_or(MAX_ITEMS);
    member::range(INVALID_PARAMETER, "limit", limit, 1, MAX_ITEMS)?;
    let skip = match input.next_token() {
        None => 0,
        Some(token) => read_token(token, now)
            .ok_or_else(|| ServiceError::new(INVALID_PARAMETER, "The specified nextToken is invalid."))?,
    };
    let take = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut rest = items.skip(skip);
    let items: Vec<T> = rest.by_ref().take(take).cloned().collect();
    let next = rest.next().map(|_| format!("{now}/{}", skip.saturating_add(items.len())));
    Ok((items, next))
}

fn read_token(token: &str, now: i64) -> Option<usize> {
    let (made, skip) = token.split_once('/')?;
    let age = now.checked_sub(made.parse::<i64>().ok()?)?;
    if !(0..=TOKEN_LIFE_MS).contains(&age) {
        return None;
    }
    skip.parse().ok()
}
