//! Answers in the shape of the output of `aws iam simulate-custom-policy`.

use std::collections::BTreeSet;

use bailiwick_evaluator::answer::{Answer, PolicyLabel};
use bailiwick_evaluator::{Decision, PolicyKind};
use bailiwick_parser::syntax::Effect;
use serde_json::{Map, Value, json};

use crate::render::answer::Case;

/// The answers, those about the resources of one action under it. Of a request that nothing allows, AWS names as
/// missing whatever any policy asks for: `keys`.
pub(crate) fn document(cases: &[Case], keys: Option<&BTreeSet<String>>) -> Value {
    let groups = cases.chunk_by(|a, b| a.action == b.action);
    let results: Vec<Value> = groups.filter_map(|group| result(group, keys)).collect();
    json!({"EvaluationResults": results, "IsTruncated": false})
}

fn result(group: &[Case], keys: Option<&BTreeSet<String>>) -> Option<Value> {
    let first = group.first()?;
    let worst = [Decision::ExplicitDeny, Decision::ImplicitDeny, Decision::Allowed]
        .into_iter()
        .find(|decision| group.iter().any(|case| case.answer.decision == *decision));
    let missing: BTreeSet<&str> = group.iter().flat_map(|case| missing(case, keys)).collect();
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
        members.insert(
            "ResourceSpecificResults".to_owned(),
            group.iter().map(|case| resource_result(case, keys)).collect(),
        );
    }
    Some(result)
}

fn resource_result(case: &Case, keys: Option<&BTreeSet<String>>) -> Value {
    let Case { scenario, answer, .. } = case;
    json!({
        "EvalResourceName": scenario.resource(),
        "EvalResourceDecision": answer.decision,
        "MatchedStatements": matched(answer),
        "MissingContextValues": missing(case, keys),
    })
}

fn missing<'a>(case: &'a Case, keys: Option<&'a BTreeSet<String>>) -> Vec<&'a str> {
    if case.answer.decision != Decision::ImplicitDeny {
        return Vec::new();
    }
    match keys {
        Some(keys) => {
            keys.iter().map(String::as_str).filter(|key| !case.scenario.has_context_key(key)).collect()
        }
        None => case.answer.missing_context_keys.iter().map(String::as_str).collect(),
    }
}

/// What limits had to say, where there are some.
fn details(members: &mut Map<String, Value>, group: &[Case]) {
    let applies = |kind| group.iter().any(|case| case.scenario.policy_count(kind).is_some());
    if applies(PolicyKind::PermissionsBoundary) {
        let detail = json!({"AllowedByPermissionsBoundary": group.iter().all(is_allowed_by_boundary)});
        members.insert("PermissionsBoundaryDecisionDetail".to_owned(), detail);
    }
    if applies(PolicyKind::ServiceControl) {
        let is_blocked = |case: &Case| case.answer.blocked_by.contains(&PolicyKind::ServiceControl);
        let is_allowed = !group.iter().any(is_blocked);
        members
            .insert("OrganizationsDecisionDetail".to_owned(), json!({"AllowedByOrganizations": is_allowed}));
    }
}

/// Whether the boundary allows by itself: it may not have to, for a resource policy that names a user.
fn is_allowed_by_boundary(case: &Case) -> bool {
    let matched = case.answer.matched_statements.iter();
    let mut of_boundary =
        matched.filter(|matched| matched.statement.kind == PolicyKind::PermissionsBoundary).peekable();
    of_boundary.peek().is_some() && of_boundary.all(|matched| matched.effect == Effect::Allow)
}

/// The statements that AWS lists: the denying ones of a denied request, the allowing ones of an allowed one, none
/// of limits that allow and none of organizations' policies.
fn matched(answer: &Answer) -> Vec<Value> {
    let effect = match answer.decision {
        Decision::Allowed => Effect::Allow,
        Decision::ExplicitDeny => Effect::Deny,
        Decision::ImplicitDeny => return Vec::new(),
    };
    let listed = answer.matched_statements.iter().filter(|matched| {
        matched.effect == effect
            && match matched.statement.kind {
                PolicyKind::Identity | PolicyKind::Resource => true,
                PolicyKind::PermissionsBoundary => effect == Effect::Deny,
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
                "SourcePolicyType": if matched.statement.kind == PolicyKind::Resource { "Resource Policy" } else { "IAM Policy" },
                "StartPosition": {"Line": matched.start.line, "Column": matched.start.column},
                "EndPosition": {"Line": matched.end.line, "Column": matched.end.column},
            })
        })
        .collect()
}
