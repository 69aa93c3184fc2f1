//! The typed operands of conditions: how the text of a policy and the text of a request are read and
//! compared.
//!
//! Each module decides one type: which texts are a value of it, and which values are equal or in order. All
//! texts of a request are untrusted, so reading is total, linear in the text, and does not allocate; only the
//! operands of a policy are stored. A text that is no value of the type is `None`, never an error: what an
//! operator makes of it (rules C-14, C-18, C-21) is the evaluator's to know, and whether to complain is the
//! validator's.
//!
//! Where documentation is silent these modules follow live AWS as observed, and where that is silent too, the
//! library of the Java platform that gives what was observed.

pub mod binary;
pub mod boolean;
pub mod date;
mod digit;
pub mod fold;
pub mod ip;
pub mod number;
mod word;
