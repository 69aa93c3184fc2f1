//! Paging of the `Describe…` operations: at most 50 items, a token that lives for 24 hours.

use serde::{Deserialize, Serialize};

use super::{
    ServiceError,
    validate::{self, INVALID_PARAMETER},
};

const TOKEN_LIFE_MS: i64 = 24 * 60 * 60 * 1000;

/// `limit` and `nextToken` of a `Describe…` operation.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PageInput {
    /// How many items at most, 1–50; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// The `nextToken` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// Cuts one page out of `items`, which come in the order of their keys.
///
/// A token names the time it was made and how many items are behind it. Items that come or go between two pages
/// may be missed or seen twice, as at AWS.
pub(crate) fn cut<T>(
    items: impl Iterator<Item = T>,
    limit: Option<u64>,
    next_token: Option<&str>,
    now: i64,
) -> Result<(Vec<T>, Option<String>), ServiceError> {
    let limit = limit.unwrap_or(50);
    validate::range(INVALID_PARAMETER, "limit", limit, 1, 50)?;
    let skip = match next_token {
        None => 0,
        Some(token) => read_token(token, now)
            .ok_or_else(|| ServiceError::new(INVALID_PARAMETER, "The specified nextToken is invalid."))?,
    };
    let take = usize::try_from(limit).unwrap_or(50);
    let mut rest = items.skip(skip);
    let items: Vec<T> = rest.by_ref().take(take).collect();
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
