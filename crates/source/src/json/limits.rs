//! The limits on a JSON text.

/// How much a document may hold. What is beyond a limit is refused with an error that names the limit.
///
/// The defaults are far above any document that AWS stores (at most 40 KB) and keep a hostile one below about
/// 150 MB of memory, its syntax tree included. Time and memory grow with the text, whatever it holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// The length of the text in bytes; 16 MiB by default. Texts of more than 1 GiB are refused in any case.
    pub max_bytes: usize,
    /// How deep lists and objects may nest; 64 by default. A policy needs 7.
    pub max_depth: usize,
    /// How many values, member names included; 1,000,000 by default.
    pub max_nodes: usize,
    /// How many items or members one list or object may hold, such as the values of a condition; 200,000 by
    /// default.
    pub max_items: usize,
    /// How many statements a policy may have, alone in the text or a part of it; 100,000 by default. It is
    /// the policy grammar that holds to it, not the JSON layer.
    pub max_statements: usize,
    /// The length of one string, as it is written, in bytes; 4 MiB by default.
    pub max_string: usize,
    /// How many mistakes are reported before reading stops; 1,000 by default.
    pub max_errors: usize,
}

impl Limits {
    /// The default, as a constant.
    pub const DEFAULT: Self = Self {
        max_bytes: 16 << 20,
        max_depth: 64,
        max_nodes: 1_000_000,
        max_items: 200_000,
        max_statements: 100_000,
        max_string: 4 << 20,
        max_errors: 1_000,
    };

    /// No limits but the one on length that always holds: for documents from a trusted source.
    pub const NONE: Self = Self {
        max_bytes: usize::MAX,
        max_depth: usize::MAX,
        max_nodes: usize::MAX,
        max_items: usize::MAX,
        max_statements: usize::MAX,
        max_string: usize::MAX,
        max_errors: usize::MAX,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
