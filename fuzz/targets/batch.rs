//! See `bailiwick_fuzz::batch`.
#![cfg_attr(fuzzing, no_main)]
bailiwick_fuzz::target!(batch);
