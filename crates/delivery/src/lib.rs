//! Would this delivery succeed: policy stores, the delivery catalogue, the simulator and verified fixes.

#![forbid(unsafe_code)]

mod answer;
mod arn;
#[expect(dead_code, reason = "the kinds that use the rest of the vocabulary follow")]
pub mod catalogue;
mod delivery;
pub mod document;
pub mod environment;
mod evaluate;
mod explicit;
mod fix;
mod must;
mod operation;
mod plan;
mod simulate;
mod step;
pub mod store;
mod values;
mod why;

pub use answer::{Answer, Beyond, Fix, LimitWarning, StepAnswer, StepResult, Verdict};
pub use delivery::Delivery;
pub use fix::{OneOrMany, Principal, Statement};
