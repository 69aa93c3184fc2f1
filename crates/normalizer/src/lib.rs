//! From a syntax tree to what it means: typed operands, one spelling, canonical order.
//!
//! [`parse`](bailiwick_parser::parse) says what was written. [`normalize`] says what it means, as [`Policy`]:
//! every operand typed for its operator, every name in one case, every list sorted where order has no
//! meaning; and it refuses what no evaluation could honour, all mistakes at once. [`canonical_json`] writes
//! that meaning down again, as a policy document.
//!
//! It does not know requests: matching them is the evaluator's. It does not judge: whether a document is
//! wise, or would be saved by AWS, is the validator's.
//!
//! ```
//! use bailiwick_normalizer::{PolicyKind, canonical_json, normalize};
//!
//! let text = r#"{"Version": "2012-10-17", "Statement":
//!     {"Effect": "Allow", "Action": ["s3:PutObject", "S3:GetObject"], "Resource": "*"}}"#;
//! let document = bailiwick_parser::parse(text)?;
//! let policy = normalize(&document, Some(PolicyKind::Identity))?;
//! assert_eq!(policy.statements().next().unwrap().action().actions().next().unwrap().text(), "s3:getobject");
//! assert!(canonical_json(&policy).contains(r#""s3:getobject""#));
//! # Ok::<(), bailiwick_source::Errors>(())
//! ```

#![forbid(unsafe_code)]

mod canonical;
pub mod codes;
mod comparison;
mod kind;
mod lower;
mod parts;
mod policy;
mod principal;
#[cfg(test)]
mod tests;
pub mod value;

pub use canonical::canonical_json;
pub use comparison::{Comparison, StringComparison, Test};
pub use kind::{ParsePolicyKindError, PolicyKind};
pub use lower::normalize;
pub use parts::{ConditionParts, ElementParts, Place, PolicyParts, StatementParts};
pub use policy::{Action, ActionElement, Condition, Policy, PrincipalElement, ResourceElement, Statement};
pub use principal::Principal;
