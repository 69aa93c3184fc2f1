//! Source texts of all formats: places in them, errors about them, and their JSON.
//!
//! Every reader of the project is built on this crate: [`json`] reads any JSON text into a flat list of
//! values with their places, [`object`] reads objects whose members are known, [`Error`] carries a [`Code`],
//! a [`Span`] and a message, [`LineIndex`] turns offsets into lines and columns, and [`display`] shows
//! untrusted text so that it has no effect on a screen. What a policy is, is not known here.
//!
//! ```
//! use bailiwick_source::{LineIndex, json};
//!
//! let text = "{\n  \"name\": 1,\n}";
//! let error = json::parse(text, &json::Limits::default()).unwrap_err();
//! let place = LineIndex::new(text).position(error.span.start);
//! assert_eq!(
//!     format!("{place} {} {}", error.code, error.message),
//!     "2:12 JSON_SYNTAX_ERROR found a comma before the closing `}`, expected another member",
//! );
//! ```
//!
//! # Input safety
//!
//! No text panics or recurses. Time is linear in the text, memory is bounded by [`json::Limits`].

#![forbid(unsafe_code)]

mod code;
pub mod display;
mod error;
pub mod json;
mod line_index;
pub mod object;
mod span;
mod suggest;
pub mod url;

pub use self::code::Code;
pub use self::display::{Escaped, Quoted, acts};
pub use self::error::{Error, Errors};
pub use self::line_index::{LineIndex, Position};
pub use self::span::{Span, Spanned, Text};
pub use self::suggest::nearest;
