//! Statements that other statements of the document make redundant: covered by one of the same effect, or denied.
//!
//! Covering is decided by text, as for entries of lists. Documents of more than [`MOST`] statements are passed over.

use std::collections::HashSet;

use bailiwick_parser::syntax::{Element, Family, List, PrincipalKey, Statement};

use crate::Origin::{Aws, Own};
use crate::Severity::{Suggestion, Warning};
use crate::check::checks;
use crate::checks::redundant::covers_resource;
use crate::findings::Findings;
use crate::glob::{self, Budget};
use crate::view::{Policy, allows, conditions, denies, members, names_everyone};
use crate::{Example, Finding, Kind, Kinds};

checks! {
    REDUNDANT_STATEMENT {
        severity: Suggestion, kinds: Kinds::ALL, origin: Aws, rule: "V-127",
        reason: "another statement covers the statement",
        explanation: "The other statement has the same effect on every request that this one applies to.",
        example: Example {
            kind: Kind::Identity,
            found: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"},{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#,
            clean: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"},{"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*"}]}"#,
        },
    }
    ALLOW_OVERRIDDEN_BY_DENY {
        severity: Warning, kinds: Kinds::ALL, origin: Own, rule: "E-1",
        reason: "another statement of the document denies everything that an Allow grants",
        explanation: "A Deny overrides every Allow, so the statement never grants anything.",
        example: Example {
            kind: Kind::Identity,
            found: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"},{"Effect":"Deny","Action":"s3:Get*","Resource":"*"}]}"#,
            clean: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"},{"Effect":"Deny","Action":"s3:Get*","Resource":"*"}]}"#,
        },
    }
}

/// The largest number of statements that are compared with each other.
const MOST: usize = 300;

pub(super) fn run(policy: &Policy<'_>, findings: &mut Findings) {
    if policy.statements().len() > MOST {
        return;
    }
    let complete = policy.statements().iter().filter(|statement| is_complete(policy, statement));
    let all: Vec<Side<'_>> = complete.map(Side::new).collect();
    let budget = Budget::default();
    for (at, side) in all.iter().enumerate() {
        let others = all.iter().enumerate().filter(|(by, _)| *by != at);
        let found = others.into_iter().find_map(|(by, other)| {
            let needless = side.same_effect(other)
                && other.covers(side, &budget)
                && (by < at || !side.covers(other, &budget));
            let denied = allows(side.statement) && denies(other.statement);
            let (check, message) = if needless {
                (&REDUNDANT_STATEMENT, "another statement covers this one")
            } else if denied && other.covers(side, &budget) {
                (&ALLOW_OVERRIDDEN_BY_DENY, "another statement denies everything that this one allows")
            } else {
                return None;
            };
            let finding = Finding::new(check, side.statement.span, message);
            Some(finding.related(other.statement.span, "the other statement").help("remove one of them"))
        });
        found.into_iter().for_each(|finding| findings.push(finding));
    }
}

/// Whether the statement has every element that its kind needs.
fn is_complete(policy: &Policy<'_>, statement: &Statement<'_>) -> bool {
    let named = |element: &Option<Element<List<'_>>>| {
        element.as_ref().is_some_and(|element| !element.value.items.is_empty())
    };
    let about = policy.kind == Kind::Trust || named(&statement.resource);
    statement.effect.is_some() && named(&statement.action) && about && !policy.is_partial(statement.span)
}

/// A statement as it is compared with others.
struct Side<'a> {
    statement: &'a Statement<'a>,
    /// In lower case: actions are not case-sensitive (rule M-1).
    actions: Vec<String>,
    resources: Vec<&'a str>,
    principals: HashSet<(PrincipalKey, &'a str)>,
    /// Operator, key in lower case, values.
    conditions: Vec<(String, String, Vec<&'a str>)>,
}

impl<'a> Side<'a> {
    fn new(statement: &'a Statement<'a>) -> Self {
        let actions = statement.action.iter().flat_map(|action| &action.value.items);
        let resources = statement.resource.iter().flat_map(|resource| &resource.value.items);
        let named = members(statement).iter().flat_map(|member| {
            member.values.items.iter().map(|value| (member.key.value, value.value.as_ref()))
        });
        Self {
            statement,
            actions: actions.map(|action| action.value.to_lowercase()).collect(),
            resources: resources.map(|resource| resource.value.as_ref()).collect(),
            principals: named.collect(),
            conditions: rows(statement),
        }
    }

    fn same_effect(&self, other: &Self) -> bool {
        let effect = |side: &Self| side.statement.effect.map(|effect| effect.value);
        effect(self) == effect(other)
    }

    /// Whether the statement applies to every request that `specific` applies to.
    fn covers(&self, specific: &Self, budget: &Budget) -> bool {
        (self.conditions.is_empty() || self.conditions == specific.conditions)
            && self.covers_principals(specific)
            && covers_list(
                (self.statement.action.as_ref(), &self.actions),
                (specific.statement.action.as_ref(), &specific.actions),
                |general, specific| glob::covers_within(general, specific, budget),
            )
            && covers_list(
                (self.statement.resource.as_ref(), &self.resources),
                (specific.statement.resource.as_ref(), &specific.resources),
                |general, specific| covers_resource(general, specific, budget),
            )
    }

    fn covers_principals(&self, specific: &Self) -> bool {
        let (Some(general), Some(inner)) = (&self.statement.principal, &specific.statement.principal) else {
            return self.statement.principal.is_none() && specific.statement.principal.is_none();
        };
        if general.negated || inner.negated {
            return false;
        }
        // A statement for everyone covers every principal that another one names.
        names_everyone(self.statement)
            || (!names_everyone(specific.statement)
                && !specific.principals.is_empty()
                && specific.principals.is_subset(&self.principals))
    }
}

/// Whether all that the items of one element match is matched by those of the other.
fn covers_list<T: AsRef<str>>(
    (general, outer): (Option<&Element<List<'_>>>, &[T]),
    (specific, inner): (Option<&Element<List<'_>>>, &[T]),
    covers: impl Fn(&str, &str) -> bool,
) -> bool {
    let (Some(general), Some(specific)) = (general, specific) else {
        return general.is_none() && specific.is_none();
    };
    let (outer, inner) = match (general.negated, specific.negated) {
        (false, false) => (outer, inner),
        // The element that excludes less covers the one that excludes more.
        (true, true) => (inner, outer),
        _ => return false,
    };
    inner.iter().all(|item| outer.iter().any(|by| covers(by.as_ref(), item.as_ref())))
}

/// The condition without regard to the order of operators and keys.
fn rows<'a>(statement: &'a Statement<'_>) -> Vec<(String, String, Vec<&'a str>)> {
    let mut rows: Vec<_> = conditions(statement)
        .map(|(condition, key)| {
            let operator = condition.operator.value;
            let mut values: Vec<&str> = key.values.iter().map(|value| value.text.value.as_ref()).collect();
            // An ARN operator reads its values in order.
            if operator.base.family() != Family::Arn {
                values.sort_unstable();
            }
            (operator.to_string(), key.key.value.to_lowercase(), values)
        })
        .collect();
    rows.sort();
    rows
}
