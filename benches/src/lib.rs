//! benches of bailiwick.
