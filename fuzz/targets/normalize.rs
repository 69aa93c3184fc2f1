//! See `bailiwick_fuzz::normalize`.
#![cfg_attr(fuzzing, no_main)]
bailiwick_fuzz::target!(normalize);
