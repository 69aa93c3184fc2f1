//! What the benches measure on: the workloads, with the answer each request must get, other engines, and a clock for
//! tables.
//!
//! A workload is read from `../shared/workloads` beside the project (or the folder that `BAILIWICK_WORKLOADS`
//! names); where that is absent a smaller one of the same shape, kept here, takes its place, and what needs the
//! policies AWS manages is left out with a line that says so.

#![forbid(unsafe_code)]

pub mod clock;
pub mod collisions;
pub mod engine;
pub mod globs;
pub mod goals;
pub mod growth;
pub mod listing;
pub mod memory;
pub mod service;
pub mod surroundings;
pub mod table;
pub mod workload;

pub use self::workload::{Case, Workload};
