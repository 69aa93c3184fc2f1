//! The documents people write and read: scenarios in, answers out.

#![forbid(unsafe_code)]
