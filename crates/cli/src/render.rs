//! Answers as text: JSON as it is, and for people.

pub(crate) mod answer;
pub(crate) mod aws;
pub(crate) mod delivery;
pub(crate) mod findings;
mod miss;

use serde::Serialize;

/// An answer as an indented JSON document with a final line feed.
pub(crate) fn json(answer: &impl Serialize) -> String {
    // Answers have string keys and no failing serializers, so this does not fail.
    let mut text = serde_json::to_string_pretty(answer).unwrap_or_default();
    text.push('\n');
    text
}
