//! See `bailiwick_fuzz::explain`.
#![cfg_attr(fuzzing, no_main)]
bailiwick_fuzz::target!(explain);
