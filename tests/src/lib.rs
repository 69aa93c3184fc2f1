//! tests of bailiwick.
