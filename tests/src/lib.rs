//! What the suites of bailiwick stand on: the definitional model and the case format.

pub mod case;
pub mod model;
