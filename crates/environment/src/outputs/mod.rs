//! What an environment takes from the outputs of commands.

pub(crate) mod iam;
pub(crate) mod logs;
pub(crate) mod services;
