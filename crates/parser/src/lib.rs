//! Policy JSON to a spanned syntax tree: every mistake with its place.

#![forbid(unsafe_code)]

mod code;
mod error;
pub mod json;
mod line_index;
mod read;
mod span;
mod suggest;
pub mod syntax;

pub use self::code::Code;
pub use self::error::{Error, Errors};
pub use self::line_index::{LineIndex, Position};
pub use self::read::{
    parse, parse_partial, parse_partial_with, parse_value, parse_value_partial, parse_with,
};
pub use self::span::{Span, Spanned, Text};
pub use self::suggest::nearest;
