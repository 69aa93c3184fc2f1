//! The exit status of the program.

use std::process::ExitCode;

/// How the program ends; the numbers are part of its interface.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Exit {
    /// Allowed, or as expected; every line of a batch was answered; the delivery would succeed; nothing was found.
    Yes = 0,
    /// Denied, or not as expected; the delivery would fail; something was found.
    No = 1,
    /// The arguments or the input are unusable.
    Unusable = 2,
    /// The answer depends on a fact that the input does not give.
    Uncertain = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
