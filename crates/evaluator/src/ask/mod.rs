//! A question as a value of its own, and its answer.
//!
//! [`Request`](crate::Request) and [`Policies`](crate::Policies) borrow what they are made of, which is what
//! a service that decides wants. An [`OwnedRequest`] and [`Documents`] own it: readers of files, options and
//! environments build them, and an [`Answer`](answer::Answer) is written from them.

pub mod answer;
mod documents;
mod error;
mod notes;
mod principal;
mod request;

pub use documents::{Document, Documents};
pub use error::{RequestError, RequestMember};
pub use request::{ContextValue, OwnedRequest, RequestBuilder, canonical_context_key};
