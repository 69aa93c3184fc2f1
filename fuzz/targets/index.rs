//! See `bailiwick_fuzz::index`.
#![cfg_attr(fuzzing, no_main)]
bailiwick_fuzz::target!(index);
