//! Would this delivery succeed: policy stores, the delivery catalogue, the simulator and verified fixes.

#![forbid(unsafe_code)]

pub mod store;
