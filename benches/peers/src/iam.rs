//! iam-rs: policies are read as they are, the context is given with every key's own type of value.

use bailiwick::Decision;
use bailiwick_benches::engine::{Ask, Engine};
use bailiwick_benches::{Case, Workload};
use iam_rs::{
    Arn, Context, EvaluationOptions, IAMPolicy, IAMRequest, PolicyEvaluator, Principal, PrincipalId,
};
use std::collections::HashMap;
use std::rc::Rc;

/// iam-rs with its default options, but for the number of statements it looks at.
pub struct IamRs;

impl Engine for IamRs {
    fn name(&self) -> &'static str {
        "iam-rs 0.8"
    }

    fn prepare<'w>(&self, workload: &'w Workload) -> Vec<Option<Ask<'w>>> {
        let mut evaluators: HashMap<Option<usize>, Option<Rc<PolicyEvaluator>>> = HashMap::new();
        let prepare = |case: &'w Case| -> Option<Ask<'w>> {
            let evaluator = evaluators.entry(case.document).or_insert_with(|| {
                let documents = workload.documents_of(case);
                let policies: Vec<IAMPolicy> =
                    documents.iter().map(|text| serde_json::from_str(text)).collect::<Result<_, _>>().ok()?;
                let options =
                    EvaluationOptions { max_statements: usize::MAX, ..EvaluationOptions::default() };
                Some(Rc::new(PolicyEvaluator::with_policies(policies).with_options(options)))
            });
            let (evaluator, request) = (evaluator.clone()?, request(case)?);
            Some(Box::new(move || match evaluator.evaluate(&request).map(|result| result.decision) {
                Ok(iam_rs::Decision::Allow) => Decision::Allowed,
                Ok(iam_rs::Decision::Deny) => Decision::ExplicitDeny,
                Ok(iam_rs::Decision::NotApplicable) | Err(_) => Decision::ImplicitDeny,
            }))
        };
        workload.cases.iter().map(prepare).collect()
    }
}

fn request(case: &Case) -> Option<IAMRequest> {
    let (kind, id) = case.principal_text.clone();
    let id = PrincipalId::String(id);
    let principal = if kind == "Service" { Principal::Service(id) } else { Principal::Aws(id) };
    let mut context = Context::new();
    for (key, value) in &case.context {
        context = match value.as_str() {
            "true" | "false" => context.with_boolean(key, value == "true"),
            _ => context.with_string(key, value),
        };
    }
    let resource = Arn::parse(&case.resource).ok()?;
    Some(IAMRequest::new_with_context(principal, &case.action, resource, context))
}
