//! From a syntax tree to what it means: typed operands, one spelling, canonical order.

#![forbid(unsafe_code)]

pub mod value;
