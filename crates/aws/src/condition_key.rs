//! Condition keys and their types.

use std::fmt;

use crate::pool::Reader;
use crate::text::Text;

/// A condition key: its name and what it carries.
///
/// ```
/// let key = bailiwick_aws::condition_key("aws:principalorgpaths").unwrap();
/// assert_eq!(key.name(), "aws:PrincipalOrgPaths");
/// assert_eq!(key.key_type(), bailiwick_aws::ConditionKeyType::String);
/// assert!(key.is_multivalued());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ConditionKey {
    name: Text,
    key_type: ConditionKeyType,
    is_multivalued: bool,
}

/// What the value of a condition key is, or each value of a multivalued one.
///
/// ```
/// assert_eq!(bailiwick_aws::ConditionKeyType::IpAddress.to_string(), "IPAddress");
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum ConditionKeyType {
    /// A text.
    String,
    /// The name of a resource or principal.
    Arn,
    /// `true` or `false`.
    Bool,
    /// A number.
    Numeric,
    /// A moment.
    Date,
    /// An address or a range of addresses.
    IpAddress,
}

impl fmt::Display for ConditionKeyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::String => "String",
            Self::Arn => "ARN",
            Self::Bool => "Bool",
            Self::Numeric => "Numeric",
            Self::Date => "Date",
            Self::IpAddress => "IPAddress",
        })
    }
}

impl ConditionKey {
    pub(crate) const fn new(name: &'static str, key_type: ConditionKeyType, is_multivalued: bool) -> Self {
        Self { name: Text::plain(name), key_type, is_multivalued }
    }

    pub(crate) fn read(item: &'static [u8]) -> Self {
        let mut reader = Reader { bytes: item };
        let flags = reader.byte();
        let key_type = match flags & 7 {
            1 => ConditionKeyType::Arn,
            2 => ConditionKeyType::Bool,
            3 => ConditionKeyType::Numeric,
            4 => ConditionKeyType::Date,
            5 => ConditionKeyType::IpAddress,
            _ => ConditionKeyType::String,
        };
        Self { name: Text::coded(reader.bytes), key_type, is_multivalued: flags & 8 != 0 }
    }

    /// Its name, as AWS spells it; where the policy chooses a part of the name, that part is a placeholder
    /// such as `${TagKey}`.
    #[must_use]
    pub fn name(&self) -> Text {
        self.name
    }

    /// What its value is, or each of its values.
    #[must_use]
    pub fn key_type(&self) -> ConditionKeyType {
        self.key_type
    }

    /// Whether a request carries a list of values for it, be it of one.
    #[must_use]
    pub fn is_multivalued(&self) -> bool {
        self.is_multivalued
    }

    /// Of keys with placeholders, the one that a name fills in; of several, the one that leaves the least to
    /// the placeholder.
    pub(crate) fn best(keys: impl Iterator<Item = Self>, name: &str) -> Option<Self> {
        let filled = keys.filter_map(|key| Some((key.literal_in(name)?, key)));
        filled.max_by_key(|(literal, _)| *literal).map(|(_, key)| key)
    }

    /// How many bytes of a name are not the placeholder's, if the name fills in this key.
    fn literal_in(&self, name: &str) -> Option<usize> {
        let name = name.as_bytes();
        let mut pattern = self.name.bytes();
        let mut head = 0;
        let close = loop {
            match pattern.next()? {
                b'$' => break b'}',
                b'<' => break b'>',
                byte if byte.eq_ignore_ascii_case(name.get(head)?) => head += 1,
                _ => return None,
            }
        };
        pattern.find(|byte| *byte == close)?;
        let tail = pattern.clone().count();
        let end = name.len().checked_sub(tail).filter(|end| *end > head)?;
        let fits = name.iter().skip(end).zip(pattern).all(|(own, byte)| own.eq_ignore_ascii_case(&byte));
        fits.then_some(head + tail)
    }
}
