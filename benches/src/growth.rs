//! Sets of up to a million statements, each of which is the one that some request is matched by.

#![expect(clippy::expect_used, reason = "a policy of this file that cannot be compiled must stop the bench")]

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bailiwick::{CompiledPolicy, PolicyKind, PolicySet};

/// What tells the statements of a set apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Shape {
    /// Each is for a service of its own, as in W3.
    Services,
    /// All are for one service; each is for a resource of its own, as in W3S.
    Resources,
}

/// How many statements one policy of a set holds.
const IN_A_POLICY: usize = 100;

impl Shape {
    /// The workload's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Services => "W3",
            Self::Resources => "W3S",
        }
    }

    /// A statement by its number, as JSON.
    pub fn statement(self, number: usize) -> String {
        match self {
            Self::Services => format!(
                r#"{{"Effect":"Allow","Action":["svc{number:05}:Get*","svc{number:05}:List*"],"Resource":"arn:aws:svc{number:05}:us-east-1:123456789012:thing-{number:05}/*"}}"#
            ),
            Self::Resources => format!(
                r#"{{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::bucket-{number:05}/*"}}"#
            ),
        }
    }

    /// The action and the resource of the request that the statement allows.
    pub fn hit(self, number: usize) -> (String, String) {
        match self {
            Self::Services => (
                format!("svc{number:05}:GetThing"),
                format!("arn:aws:svc{number:05}:us-east-1:123456789012:thing-{number:05}/item/42"),
            ),
            Self::Resources => {
                ("s3:GetObject".to_owned(), format!("arn:aws:s3:::bucket-{number:05}/item/42"))
            }
        }
    }

    /// An action and a resource that no statement allows.
    pub fn miss(self) -> (String, String) {
        let (action, resource) = match self {
            Self::Services => ("zzz:GetThing", "arn:aws:zzz:us-east-1:123456789012:thing/item/42"),
            Self::Resources => ("s3:GetObject", "arn:aws:s3:::zzz/item/42"),
        };
        (action.to_owned(), resource.to_owned())
    }
}

/// A document of the statements with these numbers.
pub fn document(shape: Shape, numbers: std::ops::Range<usize>) -> String {
    let mut text = String::from("{\"Version\":\"2012-10-17\",\"Statement\":[");
    let first = numbers.start;
    for number in numbers {
        let comma = if number == first { "" } else { "," };
        _ = write!(text, "{comma}{}", shape.statement(number));
    }
    text.push_str("]}");
    text
}

/// A set, and how long it took to make.
pub struct Grown {
    /// The policies under their index.
    pub set: PolicySet,
    /// From the texts to compiled policies.
    pub compiled_in: Duration,
    /// From compiled policies to the set.
    pub indexed_in: Duration,
}

/// A set of so many statements in policies of a hundred.
pub fn grow(shape: Shape, statements: usize) -> Grown {
    let mut compiled_in = Duration::ZERO;
    let policies: Vec<Arc<CompiledPolicy>> = (0..statements)
        .step_by(IN_A_POLICY)
        .map(|first| {
            let text = document(shape, first..(first + IN_A_POLICY).min(statements));
            let start = Instant::now();
            let policy = bailiwick::compile(&text, PolicyKind::Identity).expect("a policy");
            compiled_in += start.elapsed();
            Arc::new(policy)
        })
        .collect();
    let start = Instant::now();
    let set = policies.into_iter().collect();
    Grown { set, compiled_in, indexed_in: start.elapsed() }
}

/// Numbers below `statements`, first and last among them.
pub fn places(statements: usize, count: usize) -> Vec<usize> {
    let mut state = 1_u64;
    let drawn = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % statements
    });
    [0, statements - 1].into_iter().chain(drawn).take(count).collect()
}
