//! Redundant entries and values of lists: those that others cover.
//!
//! Covering is decided by text: a pattern covers what only it can match. Lists of more than [`MOST`] entries are
//! compared for equal entries only, and all comparisons share a budget, so that hostile documents cost no more than
//! their length. Whole statements are `overlap`'s.

use std::borrow::Cow;
use std::collections::HashMap;

use bailiwick_normalizer::value::number::Number;
use bailiwick_parser::syntax::{BaseOperator, Condition, ConditionKey, Element, List, Statement};
use bailiwick_source::{Span, Text, json};

use crate::Origin::{Aws, Own};
use crate::Severity::Suggestion;
use crate::check::{checks, statements};
use crate::checks::arn;
use crate::checks::key::condition;
use crate::findings::Findings;
use crate::glob::{self, Budget};
use crate::view::{Policy, conditions, members};
use crate::{Check, Finding, Kind, Kinds};

checks! {
    REDUNDANT_ACTION {
        severity: Suggestion, kinds: Kinds::ALL, origin: Aws, rule: "V-127",
        reason: "another action of the list covers the action",
        explanation: "The other entry already matches everything that this one matches.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":["s3:Get*","s3:GetObject"],"Resource":"*""#,
            r#""Effect":"Allow","Action":["s3:Get*"],"Resource":"*""#,
        ),
    }
    REDUNDANT_RESOURCE {
        severity: Suggestion, kinds: Kinds::ALL, origin: Aws, rule: "V-127",
        reason: "another resource of the list covers the resource",
        explanation: "The other entry already matches everything that this one matches.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::b/*","arn:aws:s3:::b/x"]"#,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::b/*"]"#,
        ),
    }
    REDUNDANT_PRINCIPAL {
        severity: Suggestion, kinds: Kinds::PRINCIPAL, origin: Own, rule: "V-127",
        reason: "a principal is repeated in one list",
        explanation: "The second entry has no effect.",
        example: statements!(
            Resource,
            r#""Effect":"Allow","Principal":{"AWS":["111122223333","111122223333"]},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
            r#""Effect":"Allow","Principal":{"AWS":["111122223333"]},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
        ),
    }
    REDUNDANT_CONDITION_VALUE {
        severity: Suggestion, kinds: Kinds::ALL, origin: Own, rule: "V-127",
        reason: "another value of the list covers the condition value",
        explanation: "The value is repeated, or a pattern of the list matches it.",
        example: condition!("s3:ListBucket", r#""StringLike":{"s3:prefix":["home/*","home/a"]}"#, r#""StringLike":{"s3:prefix":["home/*"]}"#),
    }
    REDUNDANT_CONDITION_VALUE_NUM {
        severity: Suggestion, kinds: Kinds::ALL, origin: Aws, rule: "V-127",
        reason: "several bounds of which one decides",
        explanation: "Values are alternatives: of several upper bounds the greatest decides, of several \
            lower bounds the least. Keep one bound; most often the other one was intended.",
        example: condition!("s3:GetObject", r#""NumericLessThan":{"aws:MultiFactorAuthAge":["2700","3600"]}"#, r#""NumericLessThan":{"aws:MultiFactorAuthAge":"3600"}"#),
    }
}

/// The longest list whose entries are compared with each other.
const MOST: usize = 300;

pub(super) fn run(policy: &Policy<'_>, findings: &mut Findings) {
    let budget = Budget::default();
    let actions = |general: &str, specific: &str| glob::covers_within(general, specific, &budget);
    let resources = |general: &str, specific: &str| covers_resource(general, specific, &budget);
    for statement in policy.statements() {
        let lists = Lists { policy, statement };
        if let Some(Element { value, .. }) = &statement.action {
            lists.report(&REDUNDANT_ACTION, value, (lower, actions), findings);
        }
        if let Some(Element { value, .. }) =
            statement.resource.as_ref().filter(|_| policy.kind != Kind::Trust)
        {
            lists.report(&REDUNDANT_RESOURCE, value, (same, resources), findings);
        }
        for member in members(statement) {
            lists.report(&REDUNDANT_PRINCIPAL, &member.values, (same, |_: &str, _: &str| false), findings);
        }
        for (condition, key) in conditions(statement) {
            values(&lists, condition, key, &budget, findings);
        }
    }
}

/// Actions are not case-sensitive (rule M-1).
fn lower(text: &str) -> Cow<'_, str> {
    Cow::Owned(text.to_lowercase())
}

fn same(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}

/// Whether everything that one resource matches is matched by the other too. Fields are compared one by one, since a
/// star in front need not cross a colon.
pub(super) fn covers_resource(general: &str, specific: &str, budget: &Budget) -> bool {
    if general == "*" || general == specific {
        return true;
    }
    // A variable may become any text, which a `?` does not cover.
    if general.contains("${") || (specific.contains("${") && general.contains('?')) {
        return false;
    }
    let (general, specific) = (arn::fields(general), arn::fields(specific));
    let covers = |((_, general), (_, specific)): (&(usize, &str), &(usize, &str))| {
        glob::covers_within(general, specific, budget)
    };
    general.len() == 6 && specific.len() == 6 && general.iter().zip(&specific).all(covers)
}

/// The lists of one statement.
struct Lists<'p> {
    policy: &'p Policy<'p>,
    statement: &'p Statement<'p>,
}

impl Lists<'_> {
    fn report(
        &self,
        check: &Check,
        list: &List<'_>,
        compare: (Fold, impl Fn(&str, &str) -> bool),
        findings: &mut Findings,
    ) {
        let items: Vec<&Text<'_>> = list.items.iter().collect();
        self.report_items(check, &items, list.span, compare, findings);
    }

    /// Reports the entries of a list that others cover.
    fn report_items(
        &self,
        check: &Check,
        items: &[&Text<'_>],
        list: Span,
        compare: (Fold, impl Fn(&str, &str) -> bool),
        findings: &mut Findings,
    ) {
        let covered = covered(items, compare);
        if covered.is_empty() {
            return;
        }
        let removals = self.removals(list);
        for (at, by) in covered {
            let (Some(item), Some(other)) = (items.get(at), items.get(by)) else { continue };
            let message = if item.value == other.value {
                format!("`{}` is repeated", item.value)
            } else {
                format!("`{}` covers `{}`", other.value, item.value)
            };
            let finding = Finding::new(check, item.span, message);
            let finding = finding.related(other.span, "the covering entry").help("remove it");
            findings.push(match removals.get(&item.span) {
                Some(span) => finding.fix(*span, ""),
                None => finding,
            });
        }
    }

    /// For each item of a list the text to delete so that it leaves the list: with the comma in front, or that after
    /// the first item.
    fn removals(&self, list: Span) -> HashMap<Span, Span> {
        let mut removals = HashMap::new();
        let mut values: Vec<json::Value<'_, '_>> = self.policy.json_of(self.statement).into_iter().collect();
        while let Some(value) = values.pop() {
            if value.span() == list && value.kind() == json::Kind::Array {
                let spans: Vec<Span> = value.items().map(json::Value::span).collect();
                if let [first, second, ..] = spans.as_slice() {
                    removals.insert(*first, Span::new(first.start, second.start));
                }
                for pair in spans.windows(2) {
                    if let [before, item] = pair {
                        removals.insert(*item, Span::new(before.end, item.end));
                    }
                }
                break;
            }
            let members = value.members().map(|(_, member)| member);
            values.extend(members.filter(|member| member.span().contains(list)));
        }
        removals
    }
}

/// Makes texts that are compared as equal the same.
type Fold = fn(&str) -> Cow<'_, str>;

/// The entries that others cover, each with the first that does. Of equal ones the first stays.
fn covered(items: &[&Text<'_>], (fold, covers): (Fold, impl Fn(&str, &str) -> bool)) -> Vec<(usize, usize)> {
    let texts: Vec<Cow<'_, str>> = items.iter().map(|item| fold(&item.value)).collect();
    let patterns: Vec<(usize, &str)> = texts
        .iter()
        .enumerate()
        .map(|(at, text)| (at, text.as_ref()))
        .filter(|(_, text)| texts.len() <= MOST && glob::has_wildcard(text))
        .collect();
    let mut first: HashMap<&str, usize> = HashMap::with_capacity(texts.len());
    let mut found = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        let text = text.as_ref();
        if let Some(by) = first.get(text) {
            found.push((at, *by));
            continue;
        }
        first.insert(text, at);
        // Of two that cover each other the first stays.
        let by = patterns
            .iter()
            .find(|(by, other)| *other != text && covers(other, text) && (*by < at || !covers(text, other)));
        found.extend(by.map(|(by, _)| (at, *by)));
    }
    found
}

fn values(
    lists: &Lists<'_>,
    condition: &Condition<'_>,
    key: &ConditionKey<'_>,
    budget: &Budget,
    findings: &mut Findings,
) {
    let base = condition.operator.value.base;
    let greatest = match base {
        BaseOperator::NumericLessThan | BaseOperator::NumericLessThanEquals => Some(true),
        BaseOperator::NumericGreaterThan | BaseOperator::NumericGreaterThanEquals => Some(false),
        _ => None,
    };
    if let Some(greatest) = greatest {
        return bounds(key, greatest, findings);
    }
    let items: Vec<&Text<'_>> = key.values.iter().map(|value| &value.text).collect();
    let like = matches!(base, BaseOperator::StringLike | BaseOperator::StringNotLike);
    // A star alone has findings of its own.
    let covers = |general: &str, specific: &str| {
        let vague = general.contains("${") || (specific.contains("${") && general.contains('?'));
        like && !vague
            && !general.bytes().all(|byte| byte == b'*')
            && glob::covers_within(general, specific, budget)
    };
    lists.report_items(&REDUNDANT_CONDITION_VALUE, &items, key.span, (same, covers), findings);
}

/// Of several bounds, those that do not decide.
fn bounds(key: &ConditionKey<'_>, greatest: bool, findings: &mut Findings) {
    let mut decides: Option<(&Text<'_>, Number)> = None;
    for value in &key.values {
        let Some(number) = Number::parse(&value.text.value) else { continue };
        let wider = match &decides {
            None => true,
            Some((best, _)) => {
                number.cmp_text(&best.value).is_some_and(|order| order.is_gt() == greatest && order.is_ne())
            }
        };
        if wider {
            decides = Some((&value.text, number));
        }
    }
    let Some((decides, _)) = decides else { return };
    for value in key.values.iter().filter(|value| value.text.span != decides.span) {
        if Number::parse(&value.text.value).is_none() {
            continue;
        }
        let message = format!("`{}` has no effect, because `{}` decides", value.text.value, decides.value);
        findings.push(
            Finding::new(&REDUNDANT_CONDITION_VALUE_NUM, value.text.span, message)
                .related(decides.span, "the bound that decides")
                .help("keep one bound"),
        );
    }
}
