//! See `bailiwick_fuzz::validator`.
#![cfg_attr(fuzzing, no_main)]
bailiwick_fuzz::target!(validator);
