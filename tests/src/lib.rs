//! What the suites of bailiwick share: the definitional model, the generators and the case formats.

pub mod case;
pub mod compare;
pub mod embed;
pub mod expected;
pub mod generate;
pub mod minimize;
pub mod model;
pub mod mutants;
pub mod mutate;
pub mod reference;
pub mod rewrite;
