//! The goals, each beside what other engines need, in tables: what they are and how to run them is said in
//! `docs/PERFORMANCE.md`.

use std::process::ExitCode;

use bailiwick_benches::goals::{self, Peers};

fn main() -> ExitCode {
    goals::main(&Peers::default(), env!("CARGO_BIN_EXE_memory"), "goals")
}
