//! Policy JSON to a spanned syntax tree: every mistake with its place.
//!
//! [`parse`] reads the grammar of policies over the JSON of [`bailiwick_source`] into a [`syntax::Document`]
//! that is faithful to the text. What elements mean is not known here: a document that this crate accepts has
//! the structure of a policy, no more.
//!
//! ```
//! use bailiwick_parser::parse;
//! use bailiwick_source::LineIndex;
//!
//! let source = r#"{
//!   "Version": "2012-10-17",
//!   "Statement": [{"Effect": "Allow", "Actions": "s3:GetObject", "Resource": "*",}]
//! }"#;
//! let lines = LineIndex::new(source);
//! let errors = parse(source).unwrap_err();
//! let report: Vec<_> = errors
//!     .iter()
//!     .map(|error| format!("{} {} {}", lines.position(error.span.start), error.code, error.message))
//!     .collect();
//! assert_eq!(
//!     report,
//!     [
//!         "3:17 MISSING_ACTION statement has neither `Action` nor `NotAction`",
//!         "3:37 INVALID_POLICY_ELEMENT `Actions` is not an element of a statement",
//!         "3:79 JSON_SYNTAX_ERROR found a comma before the closing `}`, expected another member",
//!     ],
//! );
//! assert_eq!(errors.as_slice()[1].help.as_deref(), Some("did you mean `Action`?"));
//! ```
//!
//! # Mistakes
//!
//! A document is read to its end whatever is wrong with it, so that one run reports every mistake and none
//! hides another; mistakes of the JSON itself are read over where the repair is plain. Each has a
//! [`Code`](bailiwick_source::Code) (AWS's own where AWS has one), a [`Span`](bailiwick_source::Span), a
//! sentence, often a hint, and sometimes a second place. A document with any mistake is refused: nothing
//! decides on half of it. [`parse_partial`] is for tooling that shows what could be read.
//!
//! AWS's older policies may repeat an element, which AWS no longer saves (rule G-4). They are refused here
//! too: the two ways of reading them (the last one wins, the values are merged) grant different things.
//!
//! # Input safety
//!
//! No text panics or recurses. Time is linear in the text, memory is bounded by
//! [`json::Limits`](bailiwick_source::json::Limits).

#![forbid(unsafe_code)]

pub mod codes;
mod owned;
mod read;
mod suggest;
pub mod syntax;

pub use self::read::{
    parse, parse_partial, parse_partial_with, parse_value, parse_value_partial, parse_with,
};
