//! Syntax trees that outlive their text.

use std::borrow::Cow;

use crate::syntax::{
    Condition, ConditionKey, ConditionValue, Document, Element, List, PrincipalMember, PrincipalValue,
    Spanned, Statement, Text,
};

impl Document<'_> {
    /// The same tree with texts of its own, to be kept without the text it was read from.
    ///
    /// ```
    /// let text = String::from(r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}"#);
    /// let document = bailiwick_parser::parse(&text)?.into_owned();
    /// drop(text);
    /// let action = document.statements[0].action.as_ref().map(|action| &*action.value.items[0].value);
    /// assert_eq!(action, Some("s3:GetObject"));
    /// # Ok::<(), bailiwick_source::Errors>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> Document<'static> {
        Document {
            span: self.span,
            version: self.version,
            id: self.id.map(text),
            statements: self.statements.into_iter().map(statement).collect(),
            is_complete: self.is_complete,
        }
    }
}

fn statement(statement: Statement<'_>) -> Statement<'static> {
    let conditions = |block: Spanned<Vec<Condition<'_>>>| Spanned {
        value: block.value.into_iter().map(condition).collect(),
        span: block.span,
    };
    Statement {
        span: statement.span,
        sid: statement.sid.map(text),
        effect: statement.effect,
        principal: statement.principal.map(|principal| element(principal, principal_value)),
        action: statement.action.map(|action| element(action, list)),
        resource: statement.resource.map(|resource| element(resource, list)),
        condition: statement.condition.map(conditions),
    }
}

fn element<T, O>(element: Element<T>, owned: impl FnOnce(T) -> O) -> Element<O> {
    Element { negated: element.negated, name_span: element.name_span, value: owned(element.value) }
}

fn principal_value(value: PrincipalValue<'_>) -> PrincipalValue<'static> {
    let member =
        |member: PrincipalMember<'_>| PrincipalMember { key: member.key, values: list(member.values) };
    match value {
        PrincipalValue::Text(value) => PrincipalValue::Text(text(value)),
        PrincipalValue::Map { span, members } => {
            PrincipalValue::Map { span, members: members.into_iter().map(member).collect() }
        }
    }
}

fn list(list: List<'_>) -> List<'static> {
    List { span: list.span, is_list: list.is_list, items: list.items.into_iter().map(text).collect() }
}

fn condition(condition: Condition<'_>) -> Condition<'static> {
    Condition { operator: condition.operator, keys: condition.keys.into_iter().map(condition_key).collect() }
}

fn condition_key(key: ConditionKey<'_>) -> ConditionKey<'static> {
    let value = |value: ConditionValue<'_>| ConditionValue { text: text(value.text), json: value.json };
    ConditionKey {
        key: text(key.key),
        span: key.span,
        is_list: key.is_list,
        values: key.values.into_iter().map(value).collect(),
    }
}

fn text(text: Text<'_>) -> Text<'static> {
    Spanned { value: Cow::Owned(text.value.into_owned()), span: text.span }
}
