//! Is a bucket policy public, in the sense of S3 Block Public Access (rule E-46), as live `GetBucketPolicyStatus`
//! answers.

use bailiwick_matcher::{Pattern, ResourcePattern};
use bailiwick_normalizer::{Condition, Policy, Principal, Statement, StringComparison, Test};
use bailiwick_parser::syntax::{Effect, Qualifier};

/// Whether some Allow of the policy reaches everyone: its principal is anyone, no condition holds it to fixed values
/// of a key that tells callers apart, and no Deny takes everyone else out again.
pub(crate) fn is_public(policy: &Policy) -> bool {
    let (allows, denies): (Vec<_>, Vec<_>) =
        policy.statements().partition(|statement| statement.effect() == Effect::Allow);
    let open: Vec<_> = allows
        .into_iter()
        .filter(|allow| reaches_everyone(*allow) || allow.principal().is_some_and(|element| element.negated))
        .filter(|allow| !is_restricted(*allow))
        .collect();
    if open.is_empty() {
        return false;
    }
    let denies: Vec<Denied<'_>> = denies.into_iter().filter_map(Denied::new).collect();
    let mut work = Work(MOST_WORK);
    open.into_iter().any(|allow| !denies.iter().any(|deny| deny.covers(allow, &mut work)))
}

fn reaches_everyone(statement: Statement<'_>) -> bool {
    statement
        .principal()
        .is_some_and(|element| !element.negated && element.principals.contains(&Principal::Everyone))
}

/// Whether a condition of the statement is false for everyone without its key, and asks for fixed values of it.
fn is_restricted(statement: Statement<'_>) -> bool {
    let demands_presence = |condition: Condition<'_>| {
        condition.qualifier().is_none()
            && matches!(condition.test(), Test::Null { values } if values == &[false])
    };
    let mut present = [false; TELLING_KEYS.len()];
    for condition in statement.conditions().filter(|condition| demands_presence(*condition)) {
        for (key, is_present) in TELLING_KEYS.iter().zip(&mut present) {
            *is_present |= *key == condition.key();
        }
    }
    let is_present =
        |key: &str| TELLING_KEYS.iter().zip(present).any(|(telling, present)| present && *telling == key);
    statement.conditions().any(|condition| {
        let needs_key = (!condition.operator().if_exists
            && condition.qualifier() != Some(Qualifier::ForAllValues))
            || is_present(condition.key());
        needs_key && !condition.operator().base.is_negated() && has_fixed_values(condition)
    })
}

/// The keys whose fixed values make a statement non-public. `aws:SourceOwner` is documented as one of them and is
/// not treated as one.
const TELLING_KEYS: [&str; 11] = [
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
];

/// Whether the operands, of an operator or its negation, are fixed values of a key that tells callers apart.
fn has_fixed_values(condition: Condition<'_>) -> bool {
    let every = |fixed: &dyn Fn(&str) -> bool| {
        let mut texts = condition.texts();
        texts.len() > 0 && texts.all(|text| !text.contains("${") && fixed(text))
    };
    if !TELLING_KEYS.contains(&condition.key()) {
        return false;
    }
    match condition.test() {
        Test::String { comparison: StringComparison::Like, .. } | Test::Arn { .. } => {
            every(&|text| is_fixed_pattern(condition.key(), text))
        }
        Test::String { .. } => every(&|_| true),
        Test::Ip { values, .. } => {
            !values.is_empty()
                && values.iter().all(|range| range.as_ref().is_some_and(|range| is_narrow(range.network())))
        }
        _ => false,
    }
}

/// Wildcards may stand anywhere but in the account of an ARN; in `aws:userid`, anywhere behind the colon.
fn is_fixed_pattern(key: &str, text: &str) -> bool {
    let is_literal = |text: &str| !text.contains(['*', '?']);
    is_literal(text)
        || if key == "aws:userid" {
            text.split_once(':').is_some_and(|(id, _)| is_literal(id))
        } else {
            text.split(':').nth(4).is_some_and(|account| !account.is_empty() && is_literal(account))
        }
}

/// Ranges of at least /8 (IPv4) and /32 (IPv6) count as fixed.
fn is_narrow(network: ipnet::IpNet) -> bool {
    match network {
        ipnet::IpNet::V4(network) => network.prefix_len() >= 8,
        ipnet::IpNet::V6(network) => network.prefix_len() >= 32,
    }
}

/// The steps of comparing Allows with Denies that are left.
///
/// Every Allow may have to be compared with every Deny, and every item of the one with every pattern of the other,
/// which is quadratic. What is not found in so many steps is not covered, which leaves the policy public and so
/// closes it.
struct Work(u64);

/// Enough for every policy of at most 20 KB, which S3 stores: no two halves of one have a larger product.
const MOST_WORK: u64 = 1 << 27;

impl Work {
    /// Whether so many steps were left.
    fn spend(&mut self, steps: usize) -> bool {
        let left = self.0.checked_sub(steps as u64);
        self.0 = left.unwrap_or(0);
        left.is_some()
    }
}

/// What a Deny of everyone, or of everyone but some fixed values, takes back.
struct Denied<'p> {
    actions: Cover<'p, (Pattern, Pattern)>,
    resources: Cover<'p, &'p ResourcePattern>,
}

impl<'p> Denied<'p> {
    fn new(deny: Statement<'p>) -> Option<Self> {
        let spares_only_fixed_values = match (deny.conditions().next(), deny.conditions().len()) {
            (None, _) => true,
            (Some(condition), 1) => {
                condition.operator().base.is_negated()
                    && condition.qualifier().is_none()
                    && has_fixed_values(condition)
            }
            _ => false,
        };
        let resource = deny.resource().filter(|resource| !resource.negated)?;
        if !reaches_everyone(deny) || !spares_only_fixed_values || deny.action().negated {
            return None;
        }
        // A text without a colon matches no action, but for the `*` of them all.
        let actions = deny
            .action()
            .actions()
            .filter(|action| action.text().contains(':') || is_any(action.text()))
            .map(|action| (action.text(), is_pattern(action.text()).then(|| action.patterns())));
        // The value of a variable is not known, and `${*}` is no wildcard.
        let is_plain = |text: &str| is_pattern(text) && !text.contains("${");
        let resources = resource
            .texts()
            .zip(resource.resources)
            .map(|(text, pattern)| (text, is_plain(text).then_some(pattern)));
        Some(Self { actions: Cover::new(actions), resources: Cover::new(resources) })
    }

    /// Whether it surely applies to all that the Allow does.
    fn covers(&self, allow: Statement<'_>, work: &mut Work) -> bool {
        let Some(resource) = allow.resource().filter(|resource| !resource.negated) else { return false };
        let (mut actions, mut resources) = (allow.action().actions(), resource.texts());
        !allow.action().negated
            && actions.len() > 0
            && resources.len() > 0
            && actions.all(|action| {
                let (service, name) = action.text().split_once(':').unwrap_or(("*", action.text()));
                self.actions.covers(action.text(), work, |(services, names)| {
                    services.is_match(service) && names.is_match(name)
                })
            })
            && resources.all(|text| self.resources.covers(text, work, |pattern| pattern.is_match(text)))
    }
}

fn is_any(action: &str) -> bool {
    !action.is_empty() && action.bytes().all(|byte| byte == b'*')
}

/// Whether the text stands for more than itself in a way that is sure to take another pattern in: a `?` would match
/// the other's `*`.
fn is_pattern(text: &str) -> bool {
    text.contains('*') && !text.contains('?')
}

/// The items of one list of a Deny.
struct Cover<'p, P> {
    /// All of them, sorted.
    texts: Vec<&'p str>,
    /// Those that take in others, the shortest first.
    patterns: Vec<(&'p str, P)>,
}

impl<'p, P> Cover<'p, P> {
    fn new(items: impl Iterator<Item = (&'p str, Option<P>)>) -> Self {
        let (mut texts, mut patterns) = (Vec::new(), Vec::new());
        for (text, pattern) in items {
            texts.push(text);
            patterns.extend(pattern.map(|pattern| (text, pattern)));
        }
        texts.sort_unstable();
        patterns.sort_by_key(|(text, _)| text.len());
        Self { texts, patterns }
    }

    /// Whether an item is the text, or a pattern that matches it and so all that it matches. A doubt leaves the
    /// policy public, which closes it.
    fn covers(&self, text: &str, work: &mut Work, is_match: impl Fn(&P) -> bool) -> bool {
        work.spend(LOOK_UP + text.len())
            && (self.texts.binary_search(&text).is_ok()
                || self.patterns.iter().any(|(pattern, compiled)| {
                    // A single run of anything is compared at both its ends.
                    let steps = match pattern.bytes().filter(|byte| *byte == b'*').nth(1) {
                        None => pattern.len() + text.len() + 1,
                        Some(_) => (pattern.len() + 1).saturating_mul(text.len() + 1),
                    };
                    work.spend(steps) && is_match(compiled)
                }))
    }
}

/// The steps that finding a text among sorted ones counts for.
const LOOK_UP: usize = 64;

#[cfg(test)]
mod tests {
    use super::is_public;
    use bailiwick_normalizer::{PolicyKind, normalize};

    /// A policy that allows everyone the actions `allowed`, and denies everyone the actions `denied`.
    fn is_open(allowed: &[String], denied: &[String]) -> bool {
        let statement = |effect: &str, actions: &[String]| {
            format!(
                r#"{{"Effect":"{effect}","Principal":"*","Action":{actions:?},"Resource":"arn:aws:s3:::b"}}"#
            )
        };
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":[{},{}]}}"#,
            statement("Allow", allowed),
            statement("Deny", denied)
        );
        is_public(&normalize(&bailiwick_parser::parse(&text).unwrap(), Some(PolicyKind::Resource)).unwrap())
    }

    fn actions(count: usize, name: impl Fn(usize) -> String) -> Vec<String> {
        (0..count).map(name).collect()
    }

    #[test]
    fn a_deny_of_very_many_actions_is_compared_with_an_allow_of_as_many() {
        let allowed = actions(100_000, |at| format!("s3:get{at}"));
        assert!(!is_open(&allowed, &allowed));
        let all_but_one = &allowed[1..];
        assert!(is_open(&allowed, all_but_one));
        assert!(!is_open(&allowed, &["s3:get*".to_owned()]));
        assert!(!is_open(all_but_one, &allowed));
    }

    #[test]
    fn what_is_not_found_in_bounded_work_leaves_a_policy_public() {
        // Only the last of the patterns matches each action.
        let denied = |count| actions(count, |at| format!("s3:*x*{at:06}*")).into_iter();
        let allowed = |count| actions(count, |at| format!("s3:gx{:06}", count - 1 - at));
        for (count, expected) in [(300, false), (20_000, true)] {
            assert_eq!(is_open(&allowed(count), &denied(count).collect::<Vec<_>>()), expected, "{count}");
        }
    }

    #[test]
    fn a_variable_of_a_deny_takes_in_nothing_but_itself() {
        let is_open = |allowed: &str, denied: &str| {
            let statement = |effect: &str, resource: &str| {
                format!(
                    r#"{{"Effect":"{effect}","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::{resource}"}}"#
                )
            };
            let text = format!(
                r#"{{"Version":"2012-10-17","Statement":[{},{}]}}"#,
                statement("Allow", allowed),
                statement("Deny", denied)
            );
            is_public(
                &normalize(&bailiwick_parser::parse(&text).unwrap(), Some(PolicyKind::Resource)).unwrap(),
            )
        };
        assert!(is_open("b/*", "b/${*}"));
        assert!(is_open("b/home", "b/${aws:username, 'home'}"));
        assert!(!is_open("b/${aws:username}", "b/*"));
        assert!(!is_open("b/${aws:username}", "b/${aws:username}"));
    }
}
