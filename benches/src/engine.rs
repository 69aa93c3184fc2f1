//! Engines that answer the workloads: ours, as an embedder uses it, and those that stand beside it in tables.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a workload that cannot be prepared must stop the bench"
)]

use std::cell::RefCell;
use std::collections::HashMap;
use std::mem;
use std::rc::Rc;

use bailiwick::{CompiledPolicy, Decision, Policies, Request};
use bailiwick_tests::model;
use serde_json::Value;

use crate::workload::{Case, Workload, attach};

/// Decides one request, everything that can be prepared being prepared.
pub type Ask<'w> = Box<dyn FnMut() -> Decision + 'w>;

/// An engine that decides beside ours.
pub trait Engine {
    /// Its name in tables, with its version.
    fn name(&self) -> &'static str;

    /// The workload's requests in their order; `None` of those that the engine cannot express.
    fn prepare<'w>(&self, workload: &'w Workload) -> Vec<Option<Ask<'w>>>;
}

/// The requests of a workload, ready to be decided by an engine.
pub struct Asks<'w> {
    /// The engine's name.
    pub name: &'static str,
    /// The requests in their order; `None` of those that it cannot express.
    pub asks: Vec<Option<Ask<'w>>>,
    /// How many it answers wrongly.
    pub wrong: usize,
}

impl<'w> Asks<'w> {
    /// Prepares the requests and asks each once.
    pub fn new(engine: &dyn Engine, workload: &'w Workload) -> Self {
        let mut asks = engine.prepare(workload);
        let wrong = asks.iter_mut().zip(&workload.cases);
        let wrong = wrong.filter_map(|(ask, case)| Some(ask.as_mut()?() != case.expect));
        let wrong = wrong.filter(|wrong| *wrong).count();
        Self { name: engine.name(), asks, wrong }
    }

    /// What is to be said of its answers, where they are not all right.
    pub fn note(&self, workload: &Workload) -> Option<String> {
        let left_out = self.asks.iter().filter(|ask| ask.is_none()).count();
        let said = (self.wrong, left_out) != (0, 0);
        let (name, of) = (self.name, &workload.name);
        said.then(|| match self.asks.len() - left_out {
            0 => format!("{name}: no request of {of} can be expressed."),
            asked => {
                let wrong = self.wrong;
                format!("{name}: {wrong} of {asked} answers of {of} are wrong, {left_out} requests cannot be expressed.")
            }
        })
    }
}

/// A request of a workload over its policies, for our own engine.
pub type Asked<'w> = (Policies<'w>, Request<'w>);

/// The requests of a workload over the policies it compiles to; every answer is asserted.
pub fn asked<'w>(workload: &'w Workload, compiled: &'w [&'w CompiledPolicy]) -> Vec<Asked<'w>> {
    let prepare = |case: &'w Case| {
        let policies = match case.document {
            Some(document) => compiled.get(document..=document).expect("the case's document is compiled"),
            None => compiled,
        };
        let (policies, request) = (attach(workload.kind, policies), case.request());
        assert_eq!(policies.decide(&request), case.expect, "{} {}", workload.name, case.name);
        (policies, request)
    };
    workload.cases.iter().map(prepare).collect()
}

/// The definitional model: what interpreting the documents costs.
pub struct Model;

impl Engine for Model {
    fn name(&self) -> &'static str {
        "model"
    }

    fn prepare<'w>(&self, workload: &'w Workload) -> Vec<Option<Ask<'w>>> {
        let read = |text: &String| serde_json::from_str(text).expect("a document is JSON");
        let documents: Vec<Value> = workload.documents.iter().map(read).collect();
        // Requests over the same documents share a scenario; each puts itself in when it is asked.
        let mut scenarios: HashMap<Option<usize>, Rc<RefCell<Value>>> = HashMap::new();
        let prepare = |case: &'w Case| -> Option<Ask<'w>> {
            let documents = match case.document {
                Some(document) => documents.get(document..=document)?,
                None => documents.as_slice(),
            };
            let mut request = case.scenario(workload.kind, &[])["request"].take();
            let scenario = scenarios
                .entry(case.document)
                .or_insert_with(|| Rc::new(RefCell::new(case.scenario(workload.kind, documents))))
                .clone();
            Some(Box::new(move || {
                let mut scenario = scenario.borrow_mut();
                mem::swap(&mut scenario["request"], &mut request);
                let answer = model::decide(&scenario).expect("a workload's scenario is one");
                mem::swap(&mut scenario["request"], &mut request);
                match answer {
                    model::Decision::Allowed => Decision::Allowed,
                    model::Decision::ExplicitDeny => Decision::ExplicitDeny,
                    model::Decision::ImplicitDeny => Decision::ImplicitDeny,
                }
            }))
        };
        workload.cases.iter().map(prepare).collect()
    }
}
