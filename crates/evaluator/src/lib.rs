//! Compiled policies and a request to a decision, or its explanation.

#![forbid(unsafe_code)]
