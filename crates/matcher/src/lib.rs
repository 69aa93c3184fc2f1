//! Decides whether a text matches a policy's pattern.
//!
//! Policies compare texts by three rules, and each is a type:
//!
//! | type | used for | how far a wildcard reaches |
//! | --- | --- | --- |
//! | [`Pattern`], [`TextPattern`] | action names, string conditions | anywhere |
//! | [`ResourcePattern`] | `Resource`, `NotResource` | in the first five fields it takes no colon, but for a `*` that ends its field |
//! | [`ArnPattern`] | `ArnLike`, `ArnEquals` | never over a colon of the first five fields |
//!
//! In all of them `*` is any run of characters and `?` is exactly one UTF-16 code unit; everything else is
//! literal, the whole text must match, and letter case counts. [`ResourcePattern`], [`ArnPattern`] and
//! [`TextPattern`] may hold policy variables (`${aws:username}`). Their values are matched in place: nothing
//! is substituted into a new text, and what comes from a value is never a wildcard.
//!
//! # What is promised
//!
//! - Matching never allocates, never panics, and takes at most 12 · (pattern + 1) · (text + 1) steps,
//!   a pattern's length being counted after substitution.
//! - Compiled patterns are `Send + Sync` and hold no cache or lock.
//! - Matching is case-sensitive. To compare action names, fold the case of pattern and text first.
//!
//! Policies, requests and context keys are not known here: a caller resolves a variable by its index.
//!
//! ```
//! use bailiwick_matcher::{Match, Resolved, ResourcePattern, Variables};
//!
//! let home = ResourcePattern::new("arn:aws:s3:::home/${aws:username}/*", Variables::Enabled);
//! let resolve = |index: usize| match home.variables()[index].key() {
//!     "aws:username" => Resolved::Text("amy"),
//!     _ => Resolved::Absent,
//! };
//! assert_eq!(home.is_match_with("arn:aws:s3:::home/amy/notes.txt", resolve), Match::Yes);
//! assert_eq!(home.is_match_with("arn:aws:s3:::home/bob/notes.txt", resolve), Match::No);
//! ```

#![forbid(unsafe_code)]

mod arn;
mod arn_pattern;
#[cfg(test)]
mod bounded;
#[cfg(feature = "steps")]
mod counting;
mod cursor;
#[cfg(test)]
mod exhaustive;
mod lanes;
mod literals;
mod needle;
#[cfg(test)]
mod oracle;
mod parts;
mod pattern;
mod program;
mod resource;
mod steps;
#[cfg(test)]
mod substitution;
mod template;
mod text;
mod values;

pub use arn::{Arn, is_account_id};
pub use arn_pattern::ArnPattern;
pub use pattern::Pattern;
pub use resource::ResourcePattern;
pub use template::{
    Match, Part, Resolved, Segment, Segments, TemplateOptions, Variable, VariableMistake, Variables, segments,
};
pub use text::TextPattern;
