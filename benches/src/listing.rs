//! A list that is filtered: which of a bucket's objects may one user read, and which of the actions on one of them. Each
//! question is put in every way there is.

#![expect(clippy::expect_used, reason = "a policy of this file that cannot be compiled must stop the bench")]

use std::hint::black_box;
use std::mem;
use std::sync::Arc;

use bailiwick::{
    Attached, CompiledPolicy, Policies, PolicyKind, Principal, PublicAccessBlock, Request, RequestMemory,
};

/// The account of the user and the bucket.
const ACCOUNT: &str = "111122223333";

/// Who asks.
const AMY: &str = "arn:aws:iam::111122223333:user/amy";

/// What every request carries.
const CONTEXT: [(&str, &str); 4] = [
    ("aws:SecureTransport", "true"),
    ("aws:SourceIp", "192.0.2.10"),
    ("aws:RequestedRegion", "eu-central-1"),
    ("aws:PrincipalOrgID", "o-a1b2c3d4e5"),
];

/// What is asked for of one object: more actions than its user may do.
const ACTIONS: [&str; 10] = [
    "s3:GetObject",
    "s3:GetObjectAcl",
    "s3:GetObjectTagging",
    "s3:GetObjectVersion",
    "s3:PutObject",
    "s3:PutObjectAcl",
    "s3:PutObjectTagging",
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:RestoreObject",
];

/// How the request for one question comes about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum How {
    /// It was built before.
    Before,
    /// The one for the question before is moved.
    Moved,
    /// It is built in the memory of the one before.
    InMemory,
    /// It is built.
    Anew,
    /// It is built, and its principal is too.
    WithPrincipal,
}

/// A list to filter.
pub struct Listing {
    user: [Arc<CompiledPolicy>; 1],
    bucket: [Arc<CompiledPolicy>; 1],
    principal: Principal<'static>,
    /// Which action on which object.
    questions: Vec<(&'static str, String)>,
}

impl Listing {
    /// A thousand objects to read: every second is the user's own.
    pub fn of_objects() -> Self {
        let home = |number: usize| if number.is_multiple_of(2) { "amy" } else { "bob" };
        let object = |number| format!("arn:aws:s3:::reports/home/{}/2026/{number:04}.csv", home(number));
        Self::new((0..1_000).map(|number| ("s3:GetObject", object(number))).collect())
    }

    /// A thousand actions on an object of the user's.
    pub fn of_actions() -> Self {
        let object = "arn:aws:s3:::reports/home/amy/2026/0000.csv";
        let actions = ACTIONS.iter().cycle().take(1_000);
        Self::new(actions.map(|action| (*action, object.to_owned())).collect())
    }

    fn new(questions: Vec<(&'static str, String)>) -> Self {
        let compile = |text, kind| [Arc::new(bailiwick::compile(text, kind).expect("a policy of the list"))];
        Self {
            user: compile(OF_USER, PolicyKind::Identity),
            bucket: compile(OF_BUCKET, PolicyKind::Resource),
            principal: Principal::from_arn(AMY).expect("a user"),
            questions,
        }
    }

    /// How many questions there are.
    pub fn len(&self) -> usize {
        self.questions.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.questions.is_empty()
    }

    /// Asks and decides all questions, and counts how many are allowed.
    pub fn asked(&self, how: How) -> Box<dyn FnMut() -> usize + '_> {
        let policies = Policies {
            identity: Attached::Shared(&self.user),
            resource: Attached::Shared(&self.bucket),
            ..Policies::default()
        };
        let is_allowed = move |request: &Request<'_>| policies.decide(black_box(request)).is_allowed();
        let principal = &self.principal;
        let questions = self.questions.iter().map(|(action, object)| (*action, object.as_str()));
        match how {
            How::Before => {
                let built = |(action, object)| with_context(Request::new(principal, action, object));
                let requests: Vec<_> = questions.map(built).collect();
                Box::new(move || requests.iter().filter(|request| is_allowed(request)).count())
            }
            How::Moved => {
                let Some((action, object)) = questions.clone().next() else { return Box::new(|| 0) };
                let mut request = with_context(Request::new(principal, action, object));
                // Of many objects the action stays, of many actions the object.
                let is_one_action = questions.clone().all(|(other, _)| other == action);
                let mut allowed = move |(action, object)| {
                    if is_one_action {
                        request.set_resource(object);
                    } else {
                        request.set_action(action);
                    }
                    is_allowed(&request)
                };
                Box::new(move || questions.clone().filter(|question| allowed(*question)).count())
            }
            How::InMemory => {
                let mut memory = RequestMemory::default();
                let mut allowed = move |(action, object)| {
                    let request = Request::new_in(mem::take(&mut memory), principal, action, object);
                    let request = with_context(request);
                    let allowed = is_allowed(&request);
                    memory = request.into_memory();
                    allowed
                };
                Box::new(move || questions.clone().filter(|question| allowed(*question)).count())
            }
            How::Anew => {
                let allowed = move |(action, object): &(&str, &str)| {
                    is_allowed(&with_context(Request::new(principal, action, object)))
                };
                Box::new(move || questions.clone().filter(allowed).count())
            }
            How::WithPrincipal => {
                let allowed = move |(action, object): &(&str, &str)| {
                    let principal = Principal::from_arn(black_box(AMY)).expect("a user");
                    is_allowed(&with_context(Request::new(&principal, action, object)))
                };
                Box::new(move || questions.clone().filter(allowed).count())
            }
        }
    }
}

impl How {
    /// Every way, the one with least to do first.
    pub const ALL: [Self; 5] = [Self::Before, Self::Moved, Self::InMemory, Self::Anew, Self::WithPrincipal];

    /// What the tables call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Before => "requests built before",
            Self::Moved => "one request, moved",
            Self::InMemory => "each built in the memory of the one before",
            Self::Anew => "each built anew",
            Self::WithPrincipal => "each built anew, with its principal",
        }
    }
}

fn with_context(request: Request<'_>) -> Request<'_> {
    let mut request = request
        .with_resource_account(ACCOUNT)
        .with_public_access_block(PublicAccessBlock { restrict_public_buckets: true });
    for (key, value) in CONTEXT {
        request.set(key, value);
    }
    request
}

const OF_USER: &str = r#"{"Version":"2012-10-17","Statement":[
    {"Sid":"Home","Effect":"Allow","Action":["s3:GetObject*","s3:PutObject"],
      "Resource":"arn:aws:s3:::reports/home/${aws:username}/*"},
    {"Sid":"List","Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::reports",
      "Condition":{"StringLike":{"s3:prefix":"home/${aws:username}/*"}}}]}"#;

const OF_BUCKET: &str = r#"{"Version":"2012-10-17","Statement":[
    {"Sid":"Tls","Effect":"Deny","Principal":"*","Action":"s3:*",
      "Resource":["arn:aws:s3:::reports","arn:aws:s3:::reports/*"],
      "Condition":{"Bool":{"aws:SecureTransport":"false"}}},
    {"Sid":"Organization","Effect":"Deny","Principal":"*","Action":"s3:*",
      "Resource":["arn:aws:s3:::reports","arn:aws:s3:::reports/*"],
      "Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}]}"#;
