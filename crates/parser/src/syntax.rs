//! The syntax tree of a policy document: faithful to the text, spanned everywhere, and nothing more.
//!
//! What an action, a principal or a condition value *means* is the normalizer's; whether a document is wise is
//! the validator's. A tree may be incomplete when its document has mistakes (a statement without `Effect`);
//! `parse` hands out complete trees only, `parse_partial` hands out whatever could be read together with the
//! mistakes.

use std::borrow::Cow;

/// A half-open range of bytes of the document; both ends lie on character boundaries.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

/// A value and where it stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands; of a string, the quotes included.
    pub span: Span,
}

/// A string of the document, decoded; borrowed from the source unless it held escapes.
pub type Text<'a> = Spanned<Cow<'a, str>>;

/// One policy document.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    /// The whole object.
    pub span: Span,
    /// `Version`, if given and known.
    pub version: Option<Spanned<Version>>,
    /// `Id`, if given.
    pub id: Option<Text<'a>>,
    /// The statements in order; one object and a list of one are the same.
    pub statements: Vec<Statement<'a>>,
}

/// The version of the policy language. It decides one thing: whether `${…}` is a variable.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Version {
    /// `2008-10-17`, also what a document without `Version` gets: `${…}` is literal text.
    V2008,
    /// `2012-10-17`: `${…}` is a policy variable.
    V2012,
}

/// One statement.
#[derive(Clone, Debug)]
pub struct Statement<'a> {
    /// The statement's object.
    pub span: Span,
    /// `Sid`.
    pub sid: Option<Text<'a>>,
    /// `Effect`; absent only in a partial tree.
    pub effect: Option<Spanned<Effect>>,
    /// `Principal` or `NotPrincipal`.
    pub principal: Option<Element<PrincipalValue<'a>>>,
    /// `Action` or `NotAction`; absent only in a partial tree.
    pub action: Option<Element<List<'a>>>,
    /// `Resource` or `NotResource`.
    pub resource: Option<Element<List<'a>>>,
    /// `Condition`: its span and its operators in order.
    pub condition: Option<Spanned<Vec<Condition<'a>>>>,
}

/// `Allow` or `Deny`.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Effect {
    /// `Allow`.
    Allow,
    /// `Deny`.
    Deny,
}

/// An element with a `Not…` twin: which of the two was written, where, and its value.
#[derive(Clone, Debug)]
pub struct Element<T> {
    /// Whether it is the `Not…` form.
    pub negated: bool,
    /// The member's name.
    pub name_span: Span,
    /// What was written.
    pub value: T,
}

/// A string or a list of strings.
#[derive(Clone, Debug)]
pub struct List<'a> {
    /// The whole value.
    pub span: Span,
    /// Whether it was written as a list.
    pub is_list: bool,
    /// The strings.
    pub items: Vec<Text<'a>>,
}

/// The value of `Principal` or `NotPrincipal`.
#[derive(Clone, Debug)]
pub enum PrincipalValue<'a> {
    /// The bare string `"*"`; any other string is a mistake and kept as it is in a partial tree.
    Text(Text<'a>),
    /// An object.
    Map {
        /// The object.
        span: Span,
        /// Its members in order.
        members: Vec<PrincipalMember<'a>>,
    },
}

/// One member of a principal object.
#[derive(Clone, Debug)]
pub struct PrincipalMember<'a> {
    /// Which kind of principal the values name.
    pub key: Spanned<PrincipalKey>,
    /// The values.
    pub values: List<'a>,
}

/// The member names a principal object may have.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum PrincipalKey {
    /// `AWS`.
    Aws,
    /// `CanonicalUser`.
    CanonicalUser,
    /// `Federated`.
    Federated,
    /// `Service`.
    Service,
}

/// One operator of a condition block with its keys.
#[derive(Clone, Debug)]
pub struct Condition<'a> {
    /// The operator's name as a whole.
    pub operator: Spanned<Operator>,
    /// The keys in order.
    pub keys: Vec<ConditionKey<'a>>,
}

/// One key of a condition operator with its values.
#[derive(Clone, Debug)]
pub struct ConditionKey<'a> {
    /// The key as written.
    pub key: Text<'a>,
    /// The span of the whole value.
    pub span: Span,
    /// Whether the values were written as a list.
    pub is_list: bool,
    /// The values.
    pub values: Vec<ConditionValue<'a>>,
}

/// One condition value: its text and the JSON type it was written in. Numbers and booleans mean the same as
/// their text (rule G-30).
#[derive(Clone, Debug)]
pub struct ConditionValue<'a> {
    /// The value as text; of a number, exactly as written.
    pub text: Text<'a>,
    /// The JSON type.
    pub json: Scalar,
}

/// The JSON types a condition value may be written in.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Scalar {
    /// A string.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
}

/// A condition operator: optional set qualifier, base, optional `IfExists`.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Operator {
    /// `ForAllValues:` or `ForAnyValue:`.
    pub qualifier: Option<Qualifier>,
    /// The comparison.
    pub base: BaseOperator,
    /// Whether the name ends in `IfExists`.
    pub if_exists: bool,
}

/// A set qualifier.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Qualifier {
    /// `ForAllValues:`.
    ForAllValues,
    /// `ForAnyValue:`.
    ForAnyValue,
}

/// The comparisons of the policy language, in the order of AWS's documentation.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[expect(missing_docs, reason = "each name is AWS's own and says what it is")]
pub enum BaseOperator {
    StringEquals,
    StringNotEquals,
    StringEqualsIgnoreCase,
    StringNotEqualsIgnoreCase,
    StringLike,
    StringNotLike,
    NumericEquals,
    NumericNotEquals,
    NumericLessThan,
    NumericLessThanEquals,
    NumericGreaterThan,
    NumericGreaterThanEquals,
    DateEquals,
    DateNotEquals,
    DateLessThan,
    DateLessThanEquals,
    DateGreaterThan,
    DateGreaterThanEquals,
    Bool,
    BinaryEquals,
    IpAddress,
    NotIpAddress,
    ArnEquals,
    ArnLike,
    ArnNotEquals,
    ArnNotLike,
    Null,
}
