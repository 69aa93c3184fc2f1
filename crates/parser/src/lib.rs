//! Policy JSON to a spanned syntax tree: every mistake with its place.

#![forbid(unsafe_code)]

pub mod syntax;
