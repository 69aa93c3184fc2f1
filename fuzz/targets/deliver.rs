//! See `bailiwick_fuzz::deliver`.
#![cfg_attr(fuzzing, no_main)]
bailiwick_fuzz::target!(deliver);
