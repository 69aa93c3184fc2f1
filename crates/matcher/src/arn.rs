//! The six fields of an ARN.
//!
//! Only the form is known here: which services, Regions and resource types exist is not.

use std::ops::Range;

use crate::lanes::{LANES, load, lowest, splat, without_lowest, zeros};

/// What every ARN begins with.
pub(crate) const PREFIX: &str = "arn:";

/// The number of fields before the resource, and of the colons that end them.
pub(crate) const LEADING_FIELDS: usize = 5;

/// Whether a text is the ID of an AWS account: twelve digits.
///
/// ```
/// use bailiwick_matcher::is_account_id;
///
/// assert!(is_account_id("111122223333"));
/// assert!(!is_account_id("1") && !is_account_id("11112222333x") && !is_account_id(""));
/// ```
#[must_use]
pub fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A well-formed ARN, split into its six fields: `arn:partition:service:region:account:resource`.
///
/// A text is well-formed if and only if its first field is `arn` and it has at least five colons; the fields
/// end at the first five, and the sixth is the rest, colons included (rule M-11). Fields may be empty, as the
/// Region and account of an S3 bucket are.
///
/// ```
/// use bailiwick_matcher::Arn;
///
/// let arn = Arn::split("arn:aws:logs:us-east-1:111111111111:log-group:app:*").unwrap();
/// assert_eq!(arn.service(), "logs");
/// assert_eq!(arn.account(), "111111111111");
/// assert_eq!(arn.resource(), "log-group:app:*");
///
/// assert!(Arn::split("not-an-arn").is_none());
/// assert!(Arn::split("arn:aws:s3").is_none());
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Arn<'a> {
    text: &'a str,
    /// The offsets of the first five colons.
    colons: [usize; LEADING_FIELDS],
}

impl<'a> Arn<'a> {
    /// Splits a text, or `None` if it is not a well-formed ARN.
    #[must_use]
    pub fn split(text: &'a str) -> Option<Self> {
        if !text.starts_with(PREFIX) {
            return None;
        }
        let mut colons = [0; LEADING_FIELDS];
        let mut ends = colons.iter_mut();
        let (blocks, rest) = text.as_bytes().as_chunks();
        for (start, block) in (0..).step_by(LANES).zip(blocks) {
            let mut found = zeros(load(*block) ^ splat(b':'));
            while found != 0 {
                let Some(end) = ends.next() else { return Some(Self { text, colons }) };
                *end = start + lowest(found);
                found = without_lowest(found);
            }
        }
        let start = text.len() - rest.len();
        for (offset, _) in (start..).zip(rest).filter(|(_, byte)| **byte == b':') {
            let Some(end) = ends.next() else { break };
            *end = offset;
        }
        ends.next().is_none().then_some(Self { text, colons })
    }

    /// Whether a text is a well-formed ARN.
    #[must_use]
    pub fn is_well_formed(text: &'a str) -> bool {
        Self::split(text).is_some()
    }

    /// The whole text.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.text
    }

    /// The partition: `aws`, `aws-cn`, `aws-us-gov`.
    #[must_use]
    pub fn partition(&self) -> &'a str {
        self.field(1)
    }

    /// The service's namespace: `s3`, `logs`.
    #[must_use]
    pub fn service(&self) -> &'a str {
        self.field(2)
    }

    /// The Region, or empty.
    #[must_use]
    pub fn region(&self) -> &'a str {
        self.field(3)
    }

    /// The account ID, or empty.
    #[must_use]
    pub fn account(&self) -> &'a str {
        self.field(4)
    }

    /// The resource: everything after the fifth colon.
    #[must_use]
    pub fn resource(&self) -> &'a str {
        self.field(LEADING_FIELDS)
    }

    /// The field with an index from 0, `arn` itself, to 5, the resource; an empty text beyond.
    #[must_use]
    pub fn field(&self, index: usize) -> &'a str {
        self.text.get(self.range(index)).unwrap_or_default()
    }

    #[inline]
    pub(crate) fn field_bytes(&self, index: usize) -> &'a [u8] {
        self.text.as_bytes().get(self.range(index)).unwrap_or_default()
    }

    #[inline]
    fn range(&self, index: usize) -> Range<usize> {
        let start = match index.checked_sub(1) {
            None => 0,
            Some(before) => self.colons.get(before).map_or(self.text.len(), |colon| colon + 1),
        };
        start..self.colons.get(index).copied().unwrap_or(self.text.len())
    }
}
