//! Deciding in many threads while the policies are replaced under them.
//!
//! A thread takes the set that holds at the moment, an `Arc`, and decides with it without a lock: the lock is held
//! only while the `Arc` is cloned or put. Whoever took the earlier set ends his decision with it; no decision sees a
//! mixture of two.
//!
//! `cargo run -p bailiwick --example swap`

use std::sync::{Arc, PoisonError, RwLock};
use std::thread;

use bailiwick::{Attached, Decision, Errors, Policies, PolicyKind, PolicySet, Principal, Request};

/// The policies that hold at the moment.
struct Live(RwLock<Arc<PolicySet>>);

impl Live {
    /// The set of now: kept as long as it is needed, whatever is put meanwhile.
    fn now(&self) -> Arc<PolicySet> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces the set for whoever asks from now on.
    fn put(&self, policies: PolicySet) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(policies);
    }
}

/// A set is compiled and indexed before anybody sees it.
fn compiled(documents: &[&str]) -> Result<PolicySet, Errors> {
    let mut set = PolicySet::new();
    for document in documents {
        set.insert(bailiwick::compile(document, PolicyKind::Identity)?);
    }
    set.index();
    Ok(set)
}

fn main() -> Result<(), Errors> {
    let reading = r#"{"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}"#;
    let nothing = r#"{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}"#;
    // What has a mistake fails here, and the set that holds stays as it is.
    let later = compiled(&[reading, nothing])?;
    let live = Live(RwLock::new(Arc::new(compiled(&[reading])?)));

    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let service = Principal::from_arn("arn:aws:iam::111122223333:role/service");
                let Some(service) = service else { return };
                let request = Request::new(&service, "s3:GetObject", "arn:aws:s3:::reports/q3.csv")
                    .with_resource_account("111122223333");
                loop {
                    let set = live.now();
                    let policies = Policies { identity: Attached::Set(&set), ..Policies::default() };
                    match policies.decide(&request) {
                        Decision::Allowed => {}
                        Decision::ExplicitDeny | Decision::ImplicitDeny => break,
                    }
                }
            });
        }
        live.put(later);
    });
    println!("every thread has seen the new policies");
    Ok(())
}
