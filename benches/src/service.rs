//! A service that authorizes: one compiled policy for every user, role and bucket, and for each request the few that
//! apply, put together without allocating.

#![expect(clippy::expect_used, reason = "a policy of this file that cannot be compiled must stop the bench")]

use bailiwick::{Attached, CompiledPolicy, Decision, Policies, PolicyKind, Principal, Request};

/// The account of them all.
const ACCOUNT: &str = "111122223333";

/// Who asks for what in a request.
#[derive(Clone, Copy, Debug)]
enum Asks {
    /// A user for an object of its own: its policy allows.
    UserForItsOwn,
    /// A user for somebody else's: nothing allows.
    UserForAnothers,
    /// A role for anything in the bucket that names it: the bucket's policy allows.
    Role,
    /// The same without TLS: the bucket's policy denies.
    RoleWithoutTls,
}

/// The policies of a service, by number.
pub struct Service {
    users: Vec<CompiledPolicy>,
    roles: Vec<CompiledPolicy>,
    buckets: Vec<CompiledPolicy>,
    /// How long the documents are together.
    pub document_bytes: usize,
}

/// A request as a service receives it.
pub struct Call {
    asks: Asks,
    principal: Principal<'static>,
    caller: usize,
    bucket: usize,
    resource: String,
}

impl Service {
    /// So many policies: of ten, five are users', three roles' and two buckets'.
    pub fn new(policies: usize) -> Self {
        let (roles, buckets) = (policies * 3 / 10, policies * 2 / 10);
        let mut service =
            Self { users: Vec::new(), roles: Vec::new(), buckets: Vec::new(), document_bytes: 0 };
        let mut compile = |text: String, kind| {
            service.document_bytes += text.len();
            bailiwick::compile(&text, kind).expect("a policy of the service")
        };
        let users =
            (0..policies - roles - buckets).map(|user| compile(of_user(user, buckets), PolicyKind::Identity));
        service.users = users.collect();
        let of_roles = (0..roles).map(|_| compile(OF_ROLE.to_owned(), PolicyKind::Identity));
        service.roles = of_roles.collect();
        let of_buckets = (0..buckets).map(|bucket| compile(of_bucket(bucket, roles), PolicyKind::Resource));
        service.buckets = of_buckets.collect();
        service
    }

    /// How many policies there are.
    pub fn policy_count(&self) -> usize {
        self.users.len() + self.roles.len() + self.buckets.len()
    }

    /// So many calls, spread over users, roles and buckets.
    pub fn calls(&self, count: usize) -> Vec<Call> {
        let mut state = 1_u64;
        let mut draw = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below.max(1)
        };
        let call = |number: usize| {
            let (user, bucket) = (draw(self.users.len()), draw(self.buckets.len()));
            let asks = [Asks::UserForItsOwn, Asks::Role, Asks::UserForAnothers, Asks::RoleWithoutTls];
            let asks = asks.get(number % 4).copied().unwrap_or(Asks::Role);
            let role = bucket % self.roles.len().max(1);
            let (arn, caller, resource) = match asks {
                Asks::UserForItsOwn => {
                    let bucket = user % self.buckets.len().max(1);
                    (user_arn(user), user, format!("arn:aws:s3:::bucket-{bucket}/home/user-{user}/notes.txt"))
                }
                Asks::UserForAnothers => {
                    (user_arn(user), user, format!("arn:aws:s3:::bucket-{bucket}/home/somebody/notes.txt"))
                }
                Asks::Role | Asks::RoleWithoutTls => {
                    let arn = format!("arn:aws:sts::{ACCOUNT}:assumed-role/role-{role}/session");
                    (arn, role, format!("arn:aws:s3:::bucket-{bucket}/reports/{number}.csv"))
                }
            };
            let bucket =
                if matches!(asks, Asks::UserForItsOwn) { user % self.buckets.len().max(1) } else { bucket };
            let principal = Principal::from_arn(arn).expect("a user or session");
            Call { asks, principal, caller, bucket, resource }
        };
        (0..count).map(call).collect()
    }

    /// Decides a request over the two policies that apply to it: the caller's and the bucket's.
    #[inline]
    pub fn decide(&self, call: &Call, request: &Request<'_>) -> Decision {
        let callers = match call.asks {
            Asks::UserForItsOwn | Asks::UserForAnothers => &self.users,
            Asks::Role | Asks::RoleWithoutTls => &self.roles,
        };
        let (Some(caller), Some(bucket)) = (callers.get(call.caller), self.buckets.get(call.bucket)) else {
            return Decision::ImplicitDeny;
        };
        let policies = Policies {
            identity: Attached::List(&[caller]),
            resource: Attached::List(&[bucket]),
            ..Policies::default()
        };
        policies.decide(request)
    }
}

impl Call {
    /// The request.
    pub fn request(&self) -> Request<'_> {
        let tls = if matches!(self.asks, Asks::RoleWithoutTls) { "false" } else { "true" };
        Request::new(&self.principal, "s3:GetObject", &self.resource)
            .with_resource_account(ACCOUNT)
            .with("aws:SecureTransport", tls)
    }

    /// What it must come to.
    pub fn expect(&self) -> Decision {
        match self.asks {
            Asks::UserForItsOwn | Asks::Role => Decision::Allowed,
            Asks::UserForAnothers => Decision::ImplicitDeny,
            Asks::RoleWithoutTls => Decision::ExplicitDeny,
        }
    }
}

fn user_arn(user: usize) -> String {
    format!("arn:aws:iam::{ACCOUNT}:user/user-{user}")
}

fn of_user(user: usize, buckets: usize) -> String {
    let bucket = user % buckets.max(1);
    format!(
        r#"{{"Version":"2012-10-17","Statement":[
        {{"Sid":"Home","Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],
          "Resource":"arn:aws:s3:::bucket-{bucket}/home/${{aws:username}}/*"}},
        {{"Sid":"List","Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::bucket-{bucket}",
          "Condition":{{"StringLike":{{"s3:prefix":"home/user-{user}/*"}}}}}}]}}"#
    )
}

const OF_ROLE: &str = r#"{"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Action":["logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"},
    {"Effect":"Deny","Action":"s3:Delete*","Resource":"*"}]}"#;

fn of_bucket(bucket: usize, roles: usize) -> String {
    let role = bucket % roles.max(1);
    format!(
        r#"{{"Version":"2012-10-17","Statement":[
        {{"Sid":"Readers","Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::{ACCOUNT}:role/role-{role}"}},
          "Action":"s3:Get*","Resource":"arn:aws:s3:::bucket-{bucket}/*"}},
        {{"Sid":"Tls","Effect":"Deny","Principal":"*","Action":"s3:*",
          "Resource":["arn:aws:s3:::bucket-{bucket}","arn:aws:s3:::bucket-{bucket}/*"],
          "Condition":{{"Bool":{{"aws:SecureTransport":"false"}}}}}}]}}"#
    )
}
