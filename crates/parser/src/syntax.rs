//! The syntax tree of a policy document: faithful to the text, spanned everywhere, and nothing more.
//!
//! What an action, a principal or a condition value *means* is the normalizer's; whether a document is wise
//! is the validator's. A tree may be incomplete when its document has mistakes (a statement without
//! `Effect`); `parse` hands out complete trees only, `parse_partial` hands out what could be read,
//! together with the errors.

mod names;
mod operator;

use std::fmt;
use std::str::FromStr;

pub use self::names::UnknownNameError;
pub use self::operator::{BaseOperator, Family, Operator, Qualifier};
pub use bailiwick_source::{Span, Spanned, Text};

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
    /// Private, so that only reading a text makes a document.
    pub(crate) is_complete: bool,
}

impl Document<'_> {
    /// Whether the text had no errors. An incomplete document may lack a condition or a Deny: it is for
    /// tooling, and the normalizer refuses it.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// The version that the document is read under: without `Version`, the older one (rule G-8).
    #[must_use]
    pub fn effective_version(&self) -> Version {
        self.version.map_or(Version::V2008, |version| version.value)
    }
}

/// The version of the policy language. It decides one thing: whether `${…}` is a variable.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Version {
    /// `2008-10-17`, also what a document without `Version` gets: `${…}` is literal text.
    V2008,
    /// `2012-10-17`: `${…}` is a policy variable.
    V2012,
}

impl Version {
    /// The version as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V2008 => "2008-10-17",
            Self::V2012 => "2012-10-17",
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Version {
    type Err = UnknownNameError;

    /// Reads the date exactly as it is written in a policy.
    ///
    /// ```
    /// use bailiwick_parser::syntax::Version;
    ///
    /// assert_eq!("2012-10-17".parse(), Ok(Version::V2012));
    /// let error = "2012-10-18".parse::<Version>().unwrap_err();
    /// assert_eq!(error.to_string(), "`2012-10-18` is not a version of the policy language");
    /// ```
    fn from_str(name: &str) -> Result<Self, UnknownNameError> {
        let version = [Self::V2008, Self::V2012].into_iter().find(|version| version.as_str() == name);
        version.ok_or_else(|| UnknownNameError::new("a version of the policy language", name))
    }
}

/// One statement.
#[derive(Clone, Debug, Default)]
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
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Effect {
    /// `Allow`.
    Allow,
    /// `Deny`.
    Deny,
}

impl Effect {
    /// The name as AWS spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "Allow",
            Self::Deny => "Deny",
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Effect {
    type Err = UnknownNameError;

    /// Reads the name exactly as AWS spells it.
    ///
    /// ```
    /// use bailiwick_parser::syntax::Effect;
    ///
    /// assert_eq!("Deny".parse(), Ok(Effect::Deny));
    /// assert_eq!("deny".parse::<Effect>().unwrap_err().to_string(), "`deny` is not an effect");
    /// ```
    fn from_str(name: &str) -> Result<Self, UnknownNameError> {
        let effect = [Self::Allow, Self::Deny].into_iter().find(|effect| effect.as_str() == name);
        effect.ok_or_else(|| UnknownNameError::new("an effect", name))
    }
}

/// An element that has a `Not…` form: which of the two was written, where, and its value.
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

impl PrincipalKey {
    /// All names.
    pub const ALL: [Self; 4] = [Self::Aws, Self::CanonicalUser, Self::Federated, Self::Service];

    /// The name as AWS spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "AWS",
            Self::CanonicalUser => "CanonicalUser",
            Self::Federated => "Federated",
            Self::Service => "Service",
        }
    }
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
