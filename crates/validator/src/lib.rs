//! Policy checks: what AWS's own policy validation finds, offline.

#![forbid(unsafe_code)]
