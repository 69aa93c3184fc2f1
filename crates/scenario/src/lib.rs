//! The documents people write and read: scenarios in, answers out.
//!
//! A [`Scenario`] is one request and the policies that apply to it, as one JSON document; an [`Answer`] is the
//! decision with its reasons, as another. Both formats are described in `docs/SCENARIOS.md` of the project.
//!
//! This crate does no I/O and prints nothing. Mistakes have the form of the parser's: code, place, message, help.

#![forbid(unsafe_code)]

pub mod codes;
mod grants;
mod limits;
mod policies;
mod principal;
pub mod read;
mod request;
mod scenario;
#[cfg(test)]
mod tests;

pub use bailiwick_evaluator::answer::{
    Answer, DecidingGrant, ElementKind, GrantMiss, MatchedStatement, Miss, MissedElement, Place, PolicyLabel,
    Statement,
};
pub use bailiwick_evaluator::{
    ContextValue, Decision, Document, Documents, OwnedRequest, RequestBuilder, RequestError, ServiceRule,
};
pub use limits::Limits;
pub use scenario::Scenario;
