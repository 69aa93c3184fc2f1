//! See `bailiwick_fuzz::model`.
#![cfg_attr(fuzzing, no_main)]
bailiwick_fuzz::target!(model);
