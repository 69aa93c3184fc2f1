//! Facts of AWS, and no logic of evaluation: partitions and Regions, condition keys and their types, the
//! operations of KMS grants, and the Service Authorization Reference of all services.
//!
//! The reference is a table inside the program. A look-up reads it in place: nothing is parsed or allocated,
//! at the start or later. Names of services, actions and condition keys are found whatever their letter case,
//! as in policies.
//!
//! ```
//! let action = bailiwick_aws::service("logs").unwrap().action("putlogevents").unwrap();
//! assert_eq!(action.name(), "PutLogEvents");
//! assert_eq!(action.access_level(), bailiwick_aws::AccessLevel::Write);
//! let on: Vec<String> = action.resource_types().map(|on| on.resource_type().name().to_string()).collect();
//! assert_eq!(on, ["log-stream"]);
//! ```

#![forbid(unsafe_code)]

mod action;
mod condition_key;
mod grants;
mod keys;
mod pool;
mod region;
mod service;
mod table;
mod text;

pub use action::{AccessLevel, Action, ActionResourceType};
pub use condition_key::{ConditionKey, ConditionKeyType};
pub use grants::GRANT_OPERATIONS;
pub use keys::{condition_key, global_condition_keys};
pub use region::{ParsePartitionError, ParseRegionError, Partition, Region};
pub use service::{ResourceType, Service, service, services};
pub use text::{Pieces, Text};
