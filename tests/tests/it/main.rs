//! The suites, in one program, so that it is linked once. What decides each case is `tests/cases`; what counts
//! allocations is `tests/allocations.rs`.

mod checks;
mod circles;
mod closed;
mod codes;
mod corpus;
mod deliveries;
mod delivery_closed;
mod delivery_mistakes;
mod environments;
mod fixes;
mod generator;
mod laws;
mod limits;
mod nothing;
mod operands;
mod packages;
mod ratchets;
mod reference;
mod threads;
mod tidy;
