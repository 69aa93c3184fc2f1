//! Scenarios out of bytes: one generator for the property tests and for the fuzzer.
//!
//! A draw makes a small world (who could ask, for what, with which context), the policies of every kind around it, and
//! several requests over them. The requests come from the policies' own statements and are then bent: as they should
//! be, one thing wrong, a key missing, a key with several values, another letter case. Requests drawn beside the
//! policies would hardly ever touch what the policies say.
//!
//! A scenario here is the JSON that the program reads, as a [`Value`]; [`mix`] says what is in one. The same bytes make
//! the same scenarios, and bytes that run out make short ones. Nothing here knows what the answer is.

mod condition;
mod draw;
mod grant;
pub mod mix;
mod policy;
mod principal;
mod request;
mod services;
mod statement;
mod text;
mod universe;

use arbitrary::Unstructured;
use serde_json::{Value, json};

use self::draw::Draw;
pub use self::policy::Kind;
use self::universe::World;

/// How many requests are asked of one set of policies.
pub const REQUESTS: usize = 8;

/// Whether two spellings are one context key (rule M-38): a request has each once.
pub fn same_key(left: &str, right: &str) -> bool {
    left.to_lowercase() == right.to_lowercase()
}

/// One set of policies with several requests over it, each as a scenario of its own.
pub fn scenarios(bytes: &mut Unstructured<'_>) -> Vec<Value> {
    let draw = &mut Draw::new(bytes);
    let world = World::new(draw);
    let policies = policy::policies(draw, &world);
    let mut scenario = |_| {
        let request = request::request(draw, &world, &policies.statements);
        json!({"request": request, "policies": policies.json})
    };
    (0..REQUESTS).map(&mut scenario).collect()
}

/// One scenario.
pub fn scenario(bytes: &mut Unstructured<'_>) -> Value {
    let draw = &mut Draw::new(bytes);
    let world = World::new(draw);
    let policies = policy::policies(draw, &world);
    let request = request::request(draw, &world, &policies.statements);
    json!({"request": request, "policies": policies.json})
}

/// One policy document of a kind, mostly well formed.
pub fn document(bytes: &mut Unstructured<'_>, kind: Kind) -> Value {
    let draw = &mut Draw::new(bytes);
    let world = World::new(draw);
    policy::document(draw, &world, kind)
}

/// One statement of a kind with an effect, well formed: for laws that add to policies.
pub fn statement(bytes: &mut Unstructured<'_>, kind: Kind, effect: &str) -> Value {
    let draw = &mut Draw::new(bytes);
    let world = World::new(draw);
    statement::statement(draw, &world, kind, effect)
}

/// One condition on one key, and what a request holds under it.
#[derive(Clone, Debug)]
pub struct Question {
    /// The comparison.
    pub base: &'static str,
    /// `ForAllValues:`, `ForAnyValue:` or nothing.
    pub qualifier: &'static str,
    /// The key.
    pub key: String,
    /// What it is compared with.
    pub operands: Vec<Value>,
    /// What the request holds; `None` for an absent key.
    pub held: Option<Value>,
    /// The rest of the context, for the variables of operands.
    pub context: serde_json::Map<String, Value>,
}

impl Question {
    /// Whether the request holds no value under the key.
    pub fn is_absent(&self) -> bool {
        self.held.as_ref().is_none_or(|held| held.as_array().is_some_and(Vec::is_empty))
    }
}

/// A question.
pub fn question(bytes: &mut Unstructured<'_>) -> Question {
    let draw = &mut Draw::new(bytes);
    let world = World::new(draw);
    condition::question(draw, &world)
}

/// A pattern with wildcards and a text that it may match.
pub fn pattern_and_text(bytes: &mut Unstructured<'_>) -> (String, String) {
    let draw = &mut Draw::new(bytes);
    let world = World::new(draw);
    let base = world.text(draw);
    let pattern = text::pattern(draw, &base, &world, text::Variables::None);
    let text = if draw.chance(20) { base } else { text::expand(draw, &pattern, &world.context) };
    let text = if draw.chance(30) { text::bend(draw, &text) } else { text };
    (pattern, text)
}
