//! Answers in the shape of the output of `aws iam simulate-custom-policy`.

use bailiwick::PolicyKind;
use bailiwick::scenario::{Answer, PolicyLabel};
use serde_json::{Map, Value, json};

use crate::render::answer::Case;

/// The answers, those about the resources of one action under it.
pub(crate) fn document(cases: &[Case]) -> Value {
    let results: Vec<Value> = cases.chunk_by(|a, b| a.action == b.action).filter_map(result).collect();
    json!({"EvaluationResults": results, "IsTruncated": false})
}

fn result(group: &[Case]) -> Option<Value> {
    let first = group.first()?;
    let worst = ["explicitDeny", "implicitDeny", "allowed"]
        .into_iter()
        .find(|decision| group.iter().any(|case| case.answer.decision == *decision));
    let mut missing: Vec<&String> = group.iter().flat_map(|case| &case.answer.missing_context_keys).collect();
    missing.sort_unstable();
    missing.dedup();
    let resource = match group {
        [case] => case.scenario.resource(),
        _ => "*",
    };
    let matched: Vec<Value> = match group {
        [case] => matched(&case.answer),
        _ => Vec::new(),
    };
    let mut result = json!({
        "EvalActionName": first.scenario.action(),
        "EvalResourceName": resource,
        "EvalDecision": worst,
        "MatchedStatements": matched,
        "MissingContextValues": missing,
    });
    let members = result.as_object_mut()?;
    details(members, group);
    if group.len() > 1 || resource != "*" {
        members.insert("ResourceSpecificResults".to_owned(), group.iter().map(resource_result).collect());
    }
    Some(result)
}

fn resource_result(case: &Case) -> Value {
    let Case { scenario, answer, .. } = case;
    json!({
        "EvalResourceName": scenario.resource(),
        "EvalResourceDecision": answer.decision,
        "MatchedStatements": matched(answer),
        "MissingContextValues": answer.missing_context_keys,
    })
}

/// What limits had to say, where there are some.
fn details(members: &mut Map<String, Value>, group: &[Case]) {
    let is_allowed_by = |kind: PolicyKind| {
        let applies = group.iter().any(|case| case.scenario.policy_count(kind).is_some());
        applies.then(|| !group.iter().any(|case| case.answer.blocked_by.contains(&kind.as_str())))
    };
    if let Some(allowed) = is_allowed_by(PolicyKind::PermissionsBoundary) {
        let detail = json!({"AllowedByPermissionsBoundary": allowed});
        members.insert("PermissionsBoundaryDecisionDetail".to_owned(), detail);
    }
    if let Some(allowed) = is_allowed_by(PolicyKind::ServiceControl) {
        let detail = json!({"AllowedByOrganizations": allowed});
        members.insert("OrganizationsDecisionDetail".to_owned(), detail);
    }
}

/// The statements that AWS lists: the denying ones of a denied request, the allowing ones of an allowed one, none
/// of limits that allow and none of organizations' policies.
fn matched(answer: &Answer) -> Vec<Value> {
    let effect = match answer.decision {
        "allowed" => "Allow",
        "explicitDeny" => "Deny",
        _ => return Vec::new(),
    };
    let listed = answer.matched_statements.iter().filter(|matched| {
        matched.effect == effect
            && match matched.statement.kind {
                "identity" | "resource" => true,
                "permissionsBoundary" => effect == "Deny",
                _ => false,
            }
    });
    listed
        .map(|matched| {
            let policy = match &matched.statement.policy {
                PolicyLabel::Name(name) => name.clone(),
                PolicyLabel::Place(place) => format!("{}.{}", matched.statement.kind, place + 1),
            };
            json!({
                "SourcePolicyId": policy,
                "SourcePolicyType": if matched.statement.kind == "resource" { "Resource Policy" } else { "IAM Policy" },
                "StartPosition": {"Line": matched.start.line, "Column": matched.start.column},
                "EndPosition": {"Line": matched.end.line, "Column": matched.end.column},
            })
        })
        .collect()
}
