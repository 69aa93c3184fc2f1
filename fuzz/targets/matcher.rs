//! See `bailiwick_fuzz::matcher`.
#![cfg_attr(fuzzing, no_main)]
bailiwick_fuzz::target!(matcher);
