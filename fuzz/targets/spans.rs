//! See `bailiwick_fuzz::spans`.
#![cfg_attr(fuzzing, no_main)]
bailiwick_fuzz::target!(spans);
