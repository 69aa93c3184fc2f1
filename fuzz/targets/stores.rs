//! See `bailiwick_fuzz::stores`.
#![cfg_attr(fuzzing, no_main)]
bailiwick_fuzz::target!(stores);
