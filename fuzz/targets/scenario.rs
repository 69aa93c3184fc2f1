//! See `bailiwick_fuzz::scenario`.
#![cfg_attr(fuzzing, no_main)]
bailiwick_fuzz::target!(scenario);
