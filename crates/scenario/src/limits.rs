//! How much a scenario may hold beyond what its text may.

use bailiwick_source::json;

/// How much a scenario may hold. What is beyond a limit is refused with an error that names the limit.
///
/// The defaults are far above any request that AWS makes. A condition is tested with every value of its key, a tag is
/// looked for among all of the principal's, and every action is decided by itself: these limits are what keeps the time
/// of a decision from growing with the square of the text.
///
/// ```
/// use bailiwick_scenario::{Limits, Scenario};
///
/// let limits = Limits { max_context_keys: 1, ..Limits::default() };
/// let errors = Scenario::parse_with(r#"{"request": {"principal": "111122223333", "action": "s3:GetObject",
///     "resource": "arn:aws:s3:::b/k", "context": {"aws:SourceIp": "192.0.2.1", "aws:SecureTransport": true}}}"#, &limits)
///     .unwrap_err();
/// assert_eq!(errors.to_string(), "the context has 2 keys, more than the limit of 1");
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// The limits of the text.
    pub json: json::Limits,
    /// How many keys the context may have; 1,000 by default.
    pub max_context_keys: usize,
    /// How many values all multivalued keys of the context may have together; 10,000 by default.
    pub max_context_values: usize,
    /// How many tags a principal may have, and how many session tags; 1,000 by default.
    pub max_tags: usize,
    /// How many further actions a call may need; 100 by default.
    pub max_dependent_actions: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            json: json::Limits::default(),
            max_context_keys: 1_000,
            max_context_values: 10_000,
            max_tags: 1_000,
            max_dependent_actions: 100,
        }
    }
}
