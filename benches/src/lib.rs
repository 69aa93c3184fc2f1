//! What the benches measure on: the workloads, with the answer each request must get, other engines, and a clock for
//! tables.
//!
//! A workload is read from the folder that `BAILIWICK_WORKLOADS` names. Without it, one of the same shape that is kept
//! here takes its place. W4 is left out without that folder and without the policies AWS manages, which are in the
//! folder that `BAILIWICK_CORPUS` names; a line says so.

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
