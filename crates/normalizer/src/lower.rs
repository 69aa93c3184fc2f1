//! Syntax to meaning: the one place where a document is refused for what it says rather than for its shape.
//!
//! Refused is what no evaluation could honour: a missing or forbidden element of the policy's kind, bytes
//! that are no base64. A text that can match nothing (an action with blanks, a malformed ARN, number, date or
//! address) is kept and evaluated as AWS evaluates it; reporting it is the validator's.

use std::collections::HashSet;

use bailiwick_matcher::{
    ArnPattern, ResourcePattern, TemplateOptions, TextPattern, Variables, is_account_id,
};
use bailiwick_parser::syntax::{
    self, BaseOperator, ConditionKey, Effect, Family, Operator, PrincipalKey, PrincipalValue, Text, Version,
};
use bailiwick_source::{Error, Errors};

use crate::codes;
use crate::comparison::{Comparison, StringComparison, Test};
use crate::kind::PolicyKind;
use crate::parts::{ConditionParts, ElementParts, Place, PolicyParts, StatementParts};
use crate::policy::Policy;
use crate::principal::Principal;
use crate::value::{binary, boolean, date::Timestamp, ip::IpRange, number::Number};

/// What `document` means as a policy of `kind`.
///
/// Without a kind the elements that only some kinds may have are neither required nor refused.
///
/// # Errors
///
/// All reasons why the document cannot be evaluated: an element that the kind must have or must not have, a
/// `BinaryEquals` value that is not base64; a document that was parsed with errors.
pub fn normalize(document: &syntax::Document<'_>, kind: Option<PolicyKind>) -> Result<Policy, Errors> {
    let mut lowering = Lowering {
        kind,
        variables: Variables::enabled_if(document.version.is_some_and(|v| v.value == Version::V2012)),
        parts: room(document),
        errors: Vec::new(),
    };
    if !document.is_complete() {
        let message = "the document has errors and cannot be normalized";
        let error = Error::new(codes::INCOMPLETE_DOCUMENT, document.span, message);
        lowering.errors.push(error.with_help("fix the errors and parse it again"));
    }
    lowering.all_actions(document);
    lowering.parts.id = document.id.as_ref().map(|id| Place::push(&mut lowering.parts.texts, &id.value));
    let mut actions = 0;
    for statement in &document.statements {
        lowering.statement(statement, &mut actions);
    }
    match Errors::new(lowering.errors) {
        Some(errors) => Err(errors),
        None => Ok(Policy::new(lowering.parts)),
    }
}

struct Lowering {
    kind: Option<PolicyKind>,
    /// Whether `${…}` is a variable (rule G-7).
    variables: Variables,
    parts: PolicyParts,
    errors: Vec<Error>,
}

impl Lowering {
    /// Takes the texts of the actions of all statements, one statement's after the other's.
    fn all_actions(&mut self, document: &syntax::Document<'_>) {
        let PolicyParts { texts, lower, actions, .. } = &mut self.parts;
        for item in document.statements.iter().flat_map(items) {
            actions.push(Place::push(texts, &item.value));
        }
        lower.push_str(texts);
        lower.make_ascii_lowercase();
    }

    /// Takes a statement whose actions begin at a place among those of all statements, which is moved behind
    /// them.
    fn statement(&mut self, statement: &syntax::Statement<'_>, actions: &mut usize) {
        self.check_elements(statement);
        let conditions = self.conditions(statement);
        let principal = statement.principal.as_ref().map(|element| ElementParts {
            negated: element.negated,
            items: principals(&element.value, &mut self.parts.principals),
        });
        let resource = statement.resource.as_ref().map(|element| self.resources(element));
        if statement.effect.is_none() || statement.action.is_none() {
            // A complete tree has both; a partial one must not evaluate.
            let code = if statement.effect.is_none() {
                bailiwick_parser::codes::MISSING_EFFECT
            } else {
                bailiwick_parser::codes::MISSING_ACTION
            };
            self.errors.push(Error::new(code, statement.span, "the statement is incomplete"));
        }
        let first = *actions;
        *actions += items(statement).len();
        let parts = StatementParts {
            span: statement.span,
            sid: statement.sid.as_ref().map(|sid| Place::push(&mut self.parts.texts, &sid.value)),
            effect: statement.effect.map_or(Effect::Deny, |effect| effect.value),
            principal,
            action: ElementParts {
                negated: statement.action.as_ref().is_some_and(|element| element.negated),
                items: self.actions(first, *actions),
            },
            resource,
            conditions,
        };
        self.parts.statements.push(parts);
    }

    /// Sorts actions by their text in lower case, leaves those out that are like others, and says where they
    /// stand.
    fn actions(&mut self, first: usize, end: usize) -> Place {
        let PolicyParts { lower, actions, .. } = &mut self.parts;
        let places = actions.get_mut(first..end).unwrap_or_default();
        let text = |place: &Place| place.bytes(lower);
        if places.is_sorted_by(|a, b| text(a) < text(b)) {
            return Place::between(first, end);
        }
        places.sort_by(|a, b| text(a).cmp(text(b)));
        Place::between(first, first + dedup(places, |a, b| text(a) == text(b)))
    }

    fn check_elements(&mut self, statement: &syntax::Statement<'_>) {
        let Some(kind) = self.kind else { return };
        match &statement.principal {
            Some(element) if !kind.has_principal() => {
                let name = if element.negated { "NotPrincipal" } else { "Principal" };
                let message = format!("a policy of kind {kind} must not have {name}");
                self.errors.push(
                    Error::new(codes::UNSUPPORTED_PRINCIPAL, element.name_span, message).with_help(format!(
                        "remove {name}: the policy applies to the identity or resource it is attached to"
                    )),
                );
            }
            None if kind.has_principal() => {
                let message =
                    format!("a statement of a policy of kind {kind} must have Principal or NotPrincipal");
                self.errors.push(Error::new(codes::MISSING_PRINCIPAL, statement.span, message).with_help(
                    "name the principals, for example \"Principal\": {\"AWS\": \"111122223333\"}",
                ));
            }
            _ => {}
        }
        if statement.resource.is_none() && kind.requires_resource() {
            let message = format!("a statement of a policy of kind {kind} must have Resource or NotResource");
            self.errors.push(
                Error::new(codes::MISSING_RESOURCE, statement.span, message)
                    .with_help("add \"Resource\": \"*\" or an ARN"),
            );
        }
    }

    fn resources(&mut self, element: &syntax::Element<syntax::List<'_>>) -> ElementParts {
        let PolicyParts { texts, resources, resource_texts, .. } = &mut self.parts;
        let first = resource_texts.len();
        for item in &element.value.items {
            resource_texts.push(Place::push(texts, &item.value));
        }
        sort_texts(resource_texts, first, texts);
        let added = resource_texts.get(first..).unwrap_or_default();
        resources.extend(added.iter().map(|place| ResourcePattern::new(place.of(texts), self.variables)));
        ElementParts { negated: element.negated, items: Place::between(first, resources.len()) }
    }

    fn conditions(&mut self, statement: &syntax::Statement<'_>) -> Place {
        let first = self.parts.conditions.len();
        for condition in statement.condition.iter().flat_map(|block| &block.value) {
            for key in &condition.keys {
                let condition = self.condition(condition.operator.value, key);
                self.parts.conditions.extend(condition);
            }
        }
        if self.parts.conditions.len() > first + 1 {
            self.sort_conditions(first);
        }
        Place::between(first, self.parts.conditions.len())
    }

    /// Sorts the conditions from a place on, and leaves those out that are like others.
    fn sort_conditions(&mut self, first: usize) {
        let PolicyParts { texts, conditions: all, operands, .. } = &mut self.parts;
        let operands =
            |c: &ConditionParts| c.operands.slice(operands).iter().map(|operand| operand.of(texts));
        // Conditions are ANDed: their order has no meaning.
        let order = |a: &ConditionParts, b: &ConditionParts| {
            let rank = |c: &ConditionParts| (c.operator.base, c.operator.qualifier, c.operator.if_exists);
            rank(a)
                .cmp(&rank(b))
                .then_with(|| a.key.of(texts).cmp(b.key.of(texts)))
                .then_with(|| operands(a).cmp(operands(b)))
        };
        let mut conditions = all.split_off(first);
        conditions.sort_by(order);
        let same_key = |a: &ConditionParts, b: &ConditionParts| {
            a.operator == b.operator && a.key.of(texts) == b.key.of(texts)
        };
        conditions.dedup_by(|a, b| same_key(a, b) && operands(a).eq(operands(b)));
        // The two names of the ARN comparison, both on one key, with different operands: both stay, under
        // both names.
        let mut renamed = false;
        for place in 1..conditions.len() {
            if let [first, second] = conditions.get_mut(place - 1..=place).unwrap_or_default()
                && same_key(first, second)
            {
                renamed = true;
                second.operator.base = match second.operator.base {
                    BaseOperator::ArnNotLike => BaseOperator::ArnNotEquals,
                    _ => BaseOperator::ArnEquals,
                };
            }
        }
        if renamed {
            conditions.sort_by(order);
        }
        all.append(&mut conditions);
    }

    fn condition(&mut self, operator: Operator, key: &ConditionKey<'_>) -> Option<ConditionParts> {
        let base = canonical_operator(operator.base);
        let PolicyParts { texts, operands, .. } = &mut self.parts;
        let first = operands.len();
        for value in &key.values {
            operands.push(Place::push(texts, &value.text.value));
        }
        let written_key = Place::push(texts, &key.key.value);
        let lower_key = lower_case(texts, written_key);
        let added = operands.get(first..).unwrap_or_default();
        if added.len() < 2 {
            // There is nothing to sort.
        } else if base.family() == Family::Arn
            && !added.iter().all(|place| is_certainly_an_arn(place.of(texts), self.variables))
        {
            // Where the reading stops decides, so the order stays.
            let mut seen = HashSet::new();
            let kept: Vec<_> = added.iter().copied().filter(|place| seen.insert(place.of(texts))).collect();
            operands.truncate(first);
            operands.extend(kept);
        } else {
            sort_texts(operands, first, texts);
        }
        let values = operands.get(first..).unwrap_or_default().iter().map(|place| place.of(texts));
        let test = match base {
            BaseOperator::BinaryEquals => {
                let bad: Vec<_> =
                    key.values.iter().filter(|value| binary::decode(&value.text.value).is_none()).collect();
                for value in &bad {
                    let message = "a value of BinaryEquals is not base64";
                    self.errors.push(
                        Error::new(codes::INVALID_BASE64, value.text.span, message)
                            .with_help("write the bytes as padded base64 without blanks"),
                    );
                }
                if !bad.is_empty() {
                    return None;
                }
                Test::Binary { values: values.filter_map(binary::decode).collect() }
            }
            base => test(base, values, self.variables),
        };
        Some(ConditionParts {
            operator: Operator { base, ..operator },
            written_operator: operator,
            key: lower_key,
            written_key,
            test,
            operands: Place::between(first, operands.len()),
        })
    }
}

/// The items of `Action` or `NotAction`.
fn items<'d, 'src>(statement: &'d syntax::Statement<'src>) -> &'d [Text<'src>] {
    statement.action.as_ref().map_or(&[], |element| &element.value.items)
}

/// Room for all that the document holds.
fn room(document: &syntax::Document<'_>) -> PolicyParts {
    let [mut actions, mut resources, mut conditions, mut operands, mut written, mut bytes] = [0; 6];
    let length = |items: &[Text<'_>]| items.iter().map(|item| item.value.len()).sum::<usize>();
    for statement in &document.statements {
        actions += items(statement).len();
        written += length(items(statement));
        bytes += statement.sid.as_ref().map_or(0, |sid| sid.value.len());
        if let Some(element) = &statement.resource {
            resources += element.value.items.len();
            bytes += length(&element.value.items);
        }
        for key in statement.condition.iter().flat_map(|block| &block.value).flat_map(|block| &block.keys) {
            conditions += 1;
            operands += key.values.len();
            bytes += 2 * key.key.value.len();
            bytes += key.values.iter().map(|value| value.text.value.len()).sum::<usize>();
        }
    }
    bytes += document.id.as_ref().map_or(0, |id| id.value.len());
    PolicyParts {
        version: document.version.map_or(Version::V2008, |version| version.value),
        id: None,
        statements: Vec::with_capacity(document.statements.len()),
        texts: String::with_capacity(written + bytes),
        lower: String::with_capacity(written),
        actions: Vec::with_capacity(actions),
        principals: Vec::new(),
        resources: Vec::with_capacity(resources),
        resource_texts: Vec::with_capacity(resources),
        conditions: Vec::with_capacity(conditions),
        operands: Vec::with_capacity(operands),
    }
}

/// Sorts the texts from a place of a list on, and leaves those out that are like others.
fn sort_texts(places: &mut Vec<Place>, first: usize, texts: &str) {
    let added = places.get_mut(first..).unwrap_or_default();
    let text = |place: &Place| place.bytes(texts);
    if !added.is_sorted_by(|a, b| text(a) < text(b)) {
        added.sort_unstable_by(|a, b| text(a).cmp(text(b)));
        let kept = dedup(added, |a, b| text(a) == text(b));
        places.truncate(first + kept);
    }
}

/// Moves the items that are not like the one before to the front, and says how many they are.
fn dedup<T: Copy>(items: &mut [T], same: impl Fn(&T, &T) -> bool) -> usize {
    let mut kept = 0_usize;
    for at in 0..items.len() {
        let before = kept.checked_sub(1).and_then(|last| items.get(last));
        let Some(&item) = items.get(at) else { break };
        if before.is_some_and(|before| same(before, &item)) {
            continue;
        }
        if let Some(slot) = items.get_mut(kept) {
            *slot = item;
        }
        kept += 1;
    }
    kept
}

/// The place of a key's name in lower case: its own, if it is so.
fn lower_case(texts: &mut String, written: Place) -> Place {
    let name = written.of(texts);
    if name.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return written;
    }
    if !name.is_ascii() {
        let lower = name.to_lowercase();
        return Place::push(texts, &lower);
    }
    let start = texts.len();
    texts.extend_from_within(written.start as usize..written.end as usize);
    if let Some(added) = texts.get_mut(start..) {
        added.make_ascii_lowercase();
    }
    Place::between(start, texts.len())
}

/// Whether an operand of an ARN operator is a well-formed ARN whatever the request holds.
fn is_certainly_an_arn(text: &str, variables: Variables) -> bool {
    let pattern = ArnPattern::new(text, variables);
    !pattern.is_malformed() && pattern.variables().is_empty()
}

/// The typed operands of every operator but `BinaryEquals`, which alone can be refused.
fn test<'t>(base: BaseOperator, texts: impl Iterator<Item = &'t str> + Clone, variables: Variables) -> Test {
    use BaseOperator as Op;
    if let Some(comparison) = Comparison::of(base) {
        return if matches!(base.family(), Family::Date) {
            Test::Date { comparison, values: texts.map(Timestamp::parse).collect() }
        } else {
            Test::Numeric { comparison, values: texts.map(Number::parse).collect() }
        };
    }
    let negated = base.is_negated();
    let strings = |comparison, wildcards| {
        let options = TemplateOptions { wildcards, variables: variables.are_enabled() };
        let values = texts.clone().map(|text| TextPattern::new(text, options)).collect();
        Test::String { comparison, negated, values }
    };
    match base {
        Op::StringEqualsIgnoreCase | Op::StringNotEqualsIgnoreCase => {
            strings(StringComparison::EqualsIgnoreCase, false)
        }
        Op::StringLike | Op::StringNotLike => strings(StringComparison::Like, true),
        Op::Bool => Test::Bool { values: texts.map(boolean::is_true).collect() },
        Op::Null => Test::Null { values: texts.map(boolean::is_true).collect() },
        Op::IpAddress | Op::NotIpAddress => Test::Ip { negated, values: texts.map(IpRange::parse).collect() },
        Op::ArnEquals | Op::ArnLike | Op::ArnNotEquals | Op::ArnNotLike => {
            Test::Arn { negated, values: texts.map(|text| ArnPattern::new(text, variables)).collect() }
        }
        _ => strings(StringComparison::Equals, false),
    }
}

/// `ArnEquals` and `ArnLike` are one comparison (rule C-22); every other operator has one name.
fn canonical_operator(base: BaseOperator) -> BaseOperator {
    match base {
        BaseOperator::ArnEquals => BaseOperator::ArnLike,
        BaseOperator::ArnNotEquals => BaseOperator::ArnNotLike,
        other => other,
    }
}

fn principals(value: &PrincipalValue<'_>, all: &mut Vec<Principal>) -> Place {
    let first = all.len();
    match value {
        PrincipalValue::Text(_) => all.push(Principal::Everyone),
        PrincipalValue::Map { members, .. } => all.extend(members.iter().flat_map(|member| {
            member.values.items.iter().map(|item| principal(member.key.value, &item.value))
        })),
    }
    if all.len() > first + 1 {
        let mut principals = all.split_off(first);
        principals.sort_unstable();
        principals.dedup();
        all.append(&mut principals);
    }
    Place::between(first, all.len())
}

fn principal(key: PrincipalKey, text: &str) -> Principal {
    match key {
        PrincipalKey::CanonicalUser => Principal::CanonicalUser(text.into()),
        PrincipalKey::Federated => Principal::Federated(text.into()),
        PrincipalKey::Service => Principal::Service(text.into()),
        PrincipalKey::Aws if text == "*" => Principal::Everyone,
        PrincipalKey::Aws => match account_of(text) {
            Some(account) => Principal::Account(account.into()),
            None if is_unique_id(text) => Principal::UniqueId(text.into()),
            None => Principal::Arn(text.into()),
        },
    }
}

/// The account a principal text names as a whole: twelve digits, or the account's root ARN, of any partition
/// (rule M-22).
fn account_of(text: &str) -> Option<&str> {
    if is_account_id(text) {
        return Some(text);
    }
    let rest = text.strip_prefix("arn:")?;
    let (partition, rest) = rest.split_once(':')?;
    let account = rest.strip_prefix("iam::")?.strip_suffix(":root")?;
    // Wildcards match no principal (rule G-18).
    let is_partition = !partition.is_empty() && !partition.contains(['*', '?']);
    (is_partition && is_account_id(account)).then_some(account)
}

/// Whether the text has the form of a user's or role's unique identifier (rule G-46), or a session's, which
/// is its role's and the session's name.
fn is_unique_id(text: &str) -> bool {
    text.starts_with("AIDA") || text.starts_with("AROA")
}
