//! A service that authorizes: it keeps one compiled policy for every user, role and bucket, and for each request puts
//! together the few that apply, without allocating.
//!
//! `cargo run --release -p bailiwick --example embedding [POLICIES]` makes so many (100,000) for users and buckets,
//! lets each user ask for an object of its own and for a neighbour's, and says how long that took.

use std::collections::HashMap;
use std::error::Error;
use std::slice;
use std::sync::Arc;
use std::time::Instant;

use bailiwick::{Attached, CompiledPolicy, Decision, Errors, Policies, PolicyKind, Principal, Request};

/// The account that everything here belongs to.
const ACCOUNT: &str = "111122223333";

/// The policies, by whom or what they are attached to. Each is compiled once, when it is stored, and shared: the users
/// of a group refer to one policy.
#[derive(Default)]
struct Authorizer {
    /// By the name of the user or role.
    identities: HashMap<String, Identity>,
    /// By the bucket's name.
    buckets: HashMap<String, Arc<CompiledPolicy>>,
}

/// What is attached to a user or role.
struct Identity {
    own: Arc<CompiledPolicy>,
    of_groups: Vec<Arc<CompiledPolicy>>,
    boundary: Option<Arc<CompiledPolicy>>,
}

impl Authorizer {
    /// Decides over what is attached to the caller and to the bucket. Everything is borrowed from where it is stored; what
    /// is put together lives on the stack.
    fn decide(&self, caller: &str, bucket: &str, request: &Request<'_>) -> Decision {
        let Some(identity) = self.identities.get(caller) else {
            return Decision::ImplicitDeny;
        };
        Policies {
            identity: Attached::Union(&[
                Attached::Shared(slice::from_ref(&identity.own)),
                Attached::Shared(&identity.of_groups),
            ]),
            permissions_boundary: one(identity.boundary.as_ref()),
            resource: one(self.buckets.get(bucket)),
            ..Policies::default()
        }
        .decide(request)
    }

    /// So many users, each with a policy of its own and that of its group, and a bucket for every ten of them.
    fn of_users(users: usize) -> Result<Self, Errors> {
        let staff = compile(
            r#"{"Version": "2012-10-17", "Statement": {
                "Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": false}}}}"#,
            PolicyKind::Identity,
        )?;
        let boundary = compile(
            r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["s3:*", "logs:*"], "Resource": "*"}}"#,
            PolicyKind::PermissionsBoundary,
        )?;
        let mut authorizer = Self::default();
        for user in 0..users {
            let own = format!(
                r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"],
                    "Resource": "arn:aws:s3:::bucket-{}/${{aws:username}}/*"}}}}"#,
                user / 10
            );
            let identity = Identity {
                own: compile(&own, PolicyKind::Identity)?,
                of_groups: vec![Arc::clone(&staff)],
                boundary: Some(Arc::clone(&boundary)),
            };
            authorizer.identities.insert(format!("user-{user}"), identity);
        }
        for bucket in 0..users.div_ceil(10) {
            let policy = format!(
                r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject",
                    "Resource": "arn:aws:s3:::bucket-{bucket}/*/locked/*"}}}}"#
            );
            authorizer.buckets.insert(format!("bucket-{bucket}"), compile(&policy, PolicyKind::Resource)?);
        }
        Ok(authorizer)
    }
}

/// One policy, or none: then the kind does not apply.
fn one(policy: Option<&Arc<CompiledPolicy>>) -> Attached<'_> {
    policy.map_or(Attached::Nothing, |policy| Attached::Shared(slice::from_ref(policy)))
}

fn compile(document: &str, kind: PolicyKind) -> Result<Arc<CompiledPolicy>, Errors> {
    bailiwick::compile(document, kind).map(Arc::new)
}

/// A call as a service receives it: who, in which bucket, which object.
fn call(authorizer: &Authorizer, user: usize, owner: usize) -> Option<Decision> {
    let (name, bucket) = (format!("user-{user}"), format!("bucket-{}", owner / 10));
    let caller = Principal::from_arn(format!("arn:aws:iam::{ACCOUNT}:user/{name}"))?;
    let object = format!("arn:aws:s3:::{bucket}/user-{owner}/notes.txt");
    let request = Request::new(&caller, "s3:GetObject", &object)
        .with_resource_account(ACCOUNT)
        .with("aws:SecureTransport", "true");
    Some(authorizer.decide(&name, &bucket, &request))
}

fn main() -> Result<(), Box<dyn Error>> {
    let policies: usize = std::env::args().nth(1).map_or(Ok(100_000), |text| text.parse())?;
    let users = policies * 10 / 11;

    let start = Instant::now();
    let authorizer = Authorizer::of_users(users)?;
    let count = authorizer.identities.len() + authorizer.buckets.len();
    println!("{count} policies compiled in {:.2?}", start.elapsed());

    let start = Instant::now();
    for user in 0..users {
        assert_eq!(call(&authorizer, user, user), Some(Decision::Allowed));
        assert_eq!(call(&authorizer, user, user + 1), Some(Decision::ImplicitDeny));
    }
    println!("{} calls, from strings to decision, in {:.2?}", 2 * users, start.elapsed());
    Ok(())
}
