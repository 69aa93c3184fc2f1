//! fuzz of bailiwick.
