//! An IAM policy evaluation engine: allow or deny exactly as AWS IAM would.

#![forbid(unsafe_code)]
