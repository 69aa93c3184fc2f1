//! Other engines that answer the workloads, each asked the way its documentation says.
//!
//! iam-rs reads the policies as they are; for Cedar and Rego they are translated ([`translate`]), and what cannot be
//! expressed there is left out.

#![forbid(unsafe_code)]

mod cedar;
mod iam;
mod rego;
mod translate;

use bailiwick_benches::engine::Engine;
use bailiwick_benches::goals::Peers;
use wildmatch::WildMatch;

/// The engines.
pub fn engines() -> Vec<Box<dyn Engine>> {
    vec![Box::new(iam::IamRs), Box::new(cedar::Cedar), Box::new(rego::Regorus)]
}

/// Everything that stands beside ours.
pub fn peers() -> Peers {
    Peers {
        engines: engines(),
        matchers: vec![("wildmatch", |pattern| {
            let pattern = WildMatch::new(pattern);
            Box::new(move |text| pattern.matches(text))
        })],
        readers: vec![("iam-rs", |text| serde_json::from_str::<iam_rs::IAMPolicy>(text).is_ok())],
    }
}
