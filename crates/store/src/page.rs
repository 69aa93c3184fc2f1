//! Paging of the `Describe…` operations: at most 50 items, a token that is valid for 24 hours.

use crate::error::{INVALID_PARAMETER, ServiceError};
use crate::member;
use crate::shapes::destinations::DescribeDestinationsInput;
use crate::shapes::page::PageInput;
use crate::shapes::resource_policies::DescribeResourcePoliciesInput;
use crate::shapes::subscription_filters::DescribeSubscriptionFiltersInput;

const TOKEN_LIFE_MS: i64 = 24 * 60 * 60 * 1000;
const MAX_ITEMS: u64 = 50;

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

paged!(PageInput, DescribeDestinationsInput, DescribeResourcePoliciesInput, DescribeSubscriptionFiltersInput,);

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
