//! Compiled policies and a request to a decision, or its explanation.
//!
//! A document becomes a [`CompiledPolicy`] once. A [`Request`] is decided over the [`Policies`] that apply to it
//! right now, combined by reference: [`Policies::decide`] gives the [`Decision`], [`Policies::explain`] the same
//! decision with its reasons, from the same traversal.
//!
//! Evaluation is total: it has no error type. Operands were typed when the policy was normalized; a value of the
//! request that cannot be read makes its condition not match, as AWS does. It does no I/O, reads no clock, takes no
//! lock, and [`decide`](Policies::decide) allocates nothing.

#![forbid(unsafe_code)]

mod action;
mod ask;
mod attached;
mod combine;
mod compiled;
mod condition;
mod context;
mod decide;
mod explain;
mod hash;
mod index;
mod keys;
mod kms;
mod principal;
mod principals;
mod public;
mod request;
mod resource;
mod services;
mod set;
mod statement;

pub use ask::answer::{self, Answer};
pub use ask::{
    ContextValue, Document, Documents, OwnedRequest, RequestBuilder, RequestError, RequestMember,
    canonical_context_key,
};
pub use attached::Attached;
pub use bailiwick_matcher::{Arn, is_account_id};
pub use bailiwick_normalizer::{ParsePolicyKindError, PolicyKind};
pub use combine::{
    Caller, Decision, Grant, KindSet, Outcome, Outcomes, ParseDecisionError, Situation, Verdict, combine,
};
pub use compiled::CompiledPolicy;
pub use context::Value;
pub use decide::Policies;
pub use explain::{Explanation, FailedElement, Failure, GrantMiss, NearMiss, StatementRef};
pub use kms::{GrantConstraint, GrantFailure, GrantPrincipal, KmsGrant};
pub use principal::{Principal, PrincipalType};
pub use request::{Endpoint, PublicAccessBlock, Request, RequestMemory};
pub use services::ServiceRule;
pub use set::{PolicyId, PolicySet};
