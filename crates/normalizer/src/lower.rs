//! Syntax to meaning: the one place where a document is refused for what it says rather than for its shape.
//!
//! Refused is what no evaluation could honour: a missing or forbidden element of the policy's kind, bytes that are
//! no base64. A text that can match nothing (an action with blanks, a malformed ARN, number, date or address) is
//! kept and evaluated as AWS evaluates it; reporting it is the validator's.

use std::collections::HashSet;

use bailiwick_matcher::{ArnPattern, ResourcePattern, TemplateOptions, TextPattern};
use bailiwick_parser::syntax::{
    self, BaseOperator, ConditionKey, Family, Operator, PrincipalKey, PrincipalValue, Version,
};
use bailiwick_parser::{Code, Error, Errors};

use crate::kind::PolicyKind;
use crate::policy::{
    ActionElement, Comparison, Condition, Policy, Principal, PrincipalElement, ResourceElement, Statement,
    StringComparison, Test,
};
use crate::value::{binary, boolean, date::Timestamp, ip::IpRange, number::Number};

/// What `document` means as a policy of `kind`.
///
/// Without a kind the elements that only some kinds may have are neither required nor refused.
///
/// # Errors
///
/// All reasons why the document cannot be evaluated: an element that the kind must have or must not have, a
/// `BinaryEquals` value that is no base64; that it is what could be read of a text with mistakes.
pub fn normalize(document: &syntax::Document<'_>, kind: Option<PolicyKind>) -> Result<Policy, Errors> {
    let mut lowering = Lowering {
        kind,
        variables: document.version.is_some_and(|v| v.value == Version::V2012),
        errors: Vec::new(),
    };
    if !document.is_complete() {
        let message = "the document had mistakes, and what could be read of it says something else";
        let error = Error::new(Code::IncompleteDocument, document.span, message);
        lowering.errors.push(error.with_help("mend the mistakes and read it again"));
    }
    let statements =
        document.statements.iter().filter_map(|statement| lowering.statement(statement)).collect();
    match Errors::new(lowering.errors) {
        Some(errors) => Err(errors),
        None => Ok(Policy {
            version: document.version.map_or(Version::V2008, |version| version.value),
            id: document.id.as_ref().map(|id| Box::from(&*id.value)),
            statements,
        }),
    }
}

struct Lowering {
    kind: Option<PolicyKind>,
    /// Whether `${…}` is a variable (rule G-7).
    variables: bool,
    errors: Vec<Error>,
}

impl Lowering {
    /// `None` only when an error was recorded.
    fn statement(&mut self, statement: &syntax::Statement<'_>) -> Option<Statement> {
        self.check_elements(statement);
        let conditions = self.conditions(statement);
        let principal = statement.principal.as_ref().map(|element| PrincipalElement {
            negated: element.negated,
            principals: principals(&element.value),
        });
        let resource = statement.resource.as_ref().map(|element| self.resources(element));
        let (Some(effect), Some(action)) = (statement.effect, statement.action.as_ref()) else {
            // A complete tree has both; a partial one must not evaluate.
            let code = if statement.effect.is_none() { Code::MissingEffect } else { Code::MissingAction };
            self.errors.push(Error::new(code, statement.span, "the statement is incomplete"));
            return None;
        };
        Some(Statement {
            span: statement.span,
            sid: statement.sid.as_ref().map(|sid| Box::from(&*sid.value)),
            effect: effect.value,
            principal,
            action: ActionElement::new(action.negated, action.value.items.iter().map(|item| &*item.value)),
            resource,
            conditions,
        })
    }

    fn check_elements(&mut self, statement: &syntax::Statement<'_>) {
        let Some(kind) = self.kind else { return };
        match &statement.principal {
            Some(element) if !kind.has_principal() => {
                let name = if element.negated { "NotPrincipal" } else { "Principal" };
                let message = format!("a policy of kind {kind} must not have {name}");
                self.errors.push(
                    Error::new(Code::UnsupportedPrincipal, element.name_span, message)
                        .with_help(format!("remove {name}: the policy is about whomever it is attached to")),
                );
            }
            None if kind.has_principal() => {
                let message =
                    format!("a statement of a policy of kind {kind} must have Principal or NotPrincipal");
                self.errors.push(Error::new(Code::MissingPrincipal, statement.span, message).with_help(
                    "say whom it is about, for example \"Principal\": {\"AWS\": \"111122223333\"}",
                ));
            }
            _ => {}
        }
        if statement.resource.is_none() && kind.requires_resource() {
            let message = format!("a statement of a policy of kind {kind} must have Resource or NotResource");
            self.errors.push(
                Error::new(Code::MissingResource, statement.span, message)
                    .with_help("add \"Resource\": \"*\" or an ARN"),
            );
        }
    }

    fn resources(&self, element: &syntax::Element<syntax::List<'_>>) -> ResourceElement {
        let mut texts: Vec<Box<str>> =
            element.value.items.iter().map(|item| Box::from(&*item.value)).collect();
        if !texts.is_sorted_by(|a, b| a < b) {
            texts.sort_unstable();
            texts.dedup();
        }
        let resources = texts.iter().map(|text| ResourcePattern::new(text, self.variables)).collect();
        ResourceElement { negated: element.negated, resources, texts }
    }

    fn conditions(&mut self, statement: &syntax::Statement<'_>) -> Vec<Condition> {
        let Some(block) = &statement.condition else { return Vec::new() };
        let mut conditions = Vec::new();
        for condition in &block.value {
            for key in &condition.keys {
                conditions.extend(self.condition(condition.operator.value, key));
            }
        }
        // Conditions are ANDed: their order has no meaning.
        let order = |a: &Condition, b: &Condition| {
            let rank = |c: &Condition| (c.operator.base, c.operator.qualifier, c.operator.if_exists);
            rank(a).cmp(&rank(b)).then_with(|| a.key.cmp(&b.key)).then_with(|| a.texts.cmp(&b.texts))
        };
        conditions.sort_by(order);
        let same_key = |a: &Condition, b: &Condition| a.operator == b.operator && a.key == b.key;
        conditions.dedup_by(|a, b| same_key(a, b) && a.texts == b.texts);
        // The two names of the ARN comparison, both on one key, with different operands: both stay, under both names.
        for place in 1..conditions.len() {
            if let [first, second] = conditions.get_mut(place - 1..=place).unwrap_or_default()
                && same_key(first, second)
            {
                second.operator.base = match second.operator.base {
                    BaseOperator::ArnNotLike => BaseOperator::ArnNotEquals,
                    _ => BaseOperator::ArnEquals,
                };
            }
        }
        conditions.sort_by(order);
        conditions
    }

    fn condition(&mut self, operator: Operator, key: &ConditionKey<'_>) -> Option<Condition> {
        let base = canonical_operator(operator.base);
        let mut texts: Vec<Box<str>> = key.values.iter().map(|value| Box::from(&*value.text.value)).collect();
        if texts.len() < 2 {
            // There is nothing to sort.
        } else if base.family() == Family::Arn && !texts.iter().all(|text| self.is_certainly_an_arn(text)) {
            // Where the reading stops decides, so the order stays.
            let mut seen = HashSet::new();
            texts.retain(|text| seen.insert(text.clone()));
        } else {
            texts.sort_unstable();
            texts.dedup();
        }
        let test = match base {
            BaseOperator::BinaryEquals => {
                let bad: Vec<_> =
                    key.values.iter().filter(|value| binary::decode(&value.text.value).is_none()).collect();
                for value in &bad {
                    let message = "a value of BinaryEquals is not base64";
                    self.errors.push(
                        Error::new(Code::InvalidBase64, value.text.span, message)
                            .with_help("write the bytes as padded base64 without blanks"),
                    );
                }
                if !bad.is_empty() {
                    return None;
                }
                Test::Binary { values: texts.iter().filter_map(|text| binary::decode(text)).collect() }
            }
            base => self.test(base, &texts),
        };
        Some(Condition {
            operator: Operator { base, ..operator },
            written_operator: operator,
            key: key.key.value.to_lowercase().into_boxed_str(),
            written_key: Box::from(&*key.key.value),
            test,
            texts,
        })
    }

    /// Whether an operand of an ARN operator is a well-formed ARN whatever the request holds.
    fn is_certainly_an_arn(&self, text: &str) -> bool {
        let pattern = ArnPattern::new(text, self.variables);
        !pattern.is_malformed() && pattern.variables().is_empty()
    }

    /// The typed operands of every operator but `BinaryEquals`, which alone can be refused.
    fn test(&self, base: BaseOperator, texts: &[Box<str>]) -> Test {
        use BaseOperator as Op;
        if let Some(comparison) = Comparison::of(base) {
            return if matches!(base.family(), Family::Date) {
                Test::Date { comparison, values: texts.iter().map(|text| Timestamp::parse(text)).collect() }
            } else {
                Test::Numeric { comparison, values: texts.iter().map(|text| Number::parse(text)).collect() }
            };
        }
        let negated = base.is_negated();
        let strings = |comparison, wildcards| {
            let options = TemplateOptions { wildcards, variables: self.variables };
            let values = texts.iter().map(|text| TextPattern::new(text, options)).collect();
            Test::String { comparison, negated, values }
        };
        match base {
            Op::StringEqualsIgnoreCase | Op::StringNotEqualsIgnoreCase => {
                strings(StringComparison::EqualsIgnoreCase, false)
            }
            Op::StringLike | Op::StringNotLike => strings(StringComparison::Like, true),
            Op::Bool => Test::Bool { values: texts.iter().map(|text| boolean::is_true(text)).collect() },
            Op::Null => Test::Null { values: texts.iter().map(|text| boolean::is_true(text)).collect() },
            Op::IpAddress | Op::NotIpAddress => {
                Test::Ip { negated, values: texts.iter().map(|text| IpRange::parse(text)).collect() }
            }
            Op::ArnEquals | Op::ArnLike | Op::ArnNotEquals | Op::ArnNotLike => Test::Arn {
                negated,
                values: texts.iter().map(|text| ArnPattern::new(text, self.variables)).collect(),
            },
            _ => strings(StringComparison::Equals, false),
        }
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

fn principals(value: &PrincipalValue<'_>) -> Vec<Principal> {
    let mut principals = match value {
        PrincipalValue::Text(_) => vec![Principal::Everyone],
        PrincipalValue::Map { members, .. } => members
            .iter()
            .flat_map(|member| {
                member.values.items.iter().map(|item| principal(member.key.value, &item.value))
            })
            .collect(),
    };
    principals.sort_unstable();
    principals.dedup();
    principals
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

/// The account a principal text names as a whole: twelve digits, or the account's root ARN.
fn account_of(text: &str) -> Option<&str> {
    let is_account = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_account(text) {
        return Some(text);
    }
    let rest = text.strip_prefix("arn:")?;
    let (_partition, rest) = rest.split_once(':')?;
    let account = rest.strip_prefix("iam::")?.strip_suffix(":root")?;
    is_account(account).then_some(account)
}

/// Whether the text has the form of a user's or role's unique identifier (rule G-46), or a session's, which is its
/// role's and the session's name.
fn is_unique_id(text: &str) -> bool {
    text.starts_with("AIDA") || text.starts_with("AROA")
}
