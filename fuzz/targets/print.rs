//! See `bailiwick_fuzz::print`.
#![cfg_attr(fuzzing, no_main)]
bailiwick_fuzz::target!(print);
