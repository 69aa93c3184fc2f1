//! What the suites of bailiwick stand on: the definitional model, the generator and the case format.

pub mod case;
pub mod compare;
pub mod embed;
pub mod generate;
pub mod minimize;
pub mod model;
pub mod mutants;
pub mod rewrite;
