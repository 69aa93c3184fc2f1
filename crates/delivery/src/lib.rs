//! Would this delivery succeed: the delivery catalogue, the simulator and verified fixes.

#![forbid(unsafe_code)]

mod answer;
mod asked;
mod carried;
pub mod catalogue;
mod collect;
mod delivery;
mod docs;
mod evaluate;
mod explicit;
mod fix;
mod form;
mod members;
mod must;
mod operation;
mod plan;
mod policies;
mod quick;
mod simulate;
mod step;
mod tries;
mod values;
mod why;

pub use answer::{Answer, Beyond, Fix, LimitWarning, StepAnswer, StepResult, Verdict};
pub use collect::CollectCommand;
pub use delivery::Delivery;
pub use docs::documentation;
pub use fix::{OneOrMany, Principal, Statement};
pub use quick::QuickError;
