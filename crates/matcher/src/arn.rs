//! The six fields of an ARN.
//!
//! Only the form is known here: which services, Regions and resource types exist is not.

use memchr::memchr_iter;

/// A well-formed ARN, split into its six fields: `arn:partition:service:region:account:resource`.
///
/// A text is well-formed if and only if its first field is `arn` and it has at least five colons; the fields end at
/// the first five, and the sixth is the rest, colons included (rule M-11). Fields may be empty, as the Region and
/// account of an S3 bucket are.
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
    fields: [&'a str; 6],
}

impl<'a> Arn<'a> {
    /// Splits a text, or `None` if it is not a well-formed ARN.
    #[must_use]
    pub fn split(text: &'a str) -> Option<Self> {
        let rest = text.strip_prefix("arn:")?;
        let mut fields = [""; 6];
        let (prefix, behind) = fields.split_first_mut()?;
        *prefix = "arn";
        let mut start = 0;
        let mut colons = memchr_iter(b':', rest.as_bytes());
        let (resource, middle) = behind.split_last_mut()?;
        for field in middle {
            let end = colons.next()?;
            *field = rest.get(start..end)?;
            start = end + 1;
        }
        *resource = rest.get(start..)?;
        Some(Self { text, fields })
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
    pub const fn partition(&self) -> &'a str {
        self.fields[1]
    }

    /// The service's namespace: `s3`, `logs`.
    #[must_use]
    pub const fn service(&self) -> &'a str {
        self.fields[2]
    }

    /// The Region, or empty.
    #[must_use]
    pub const fn region(&self) -> &'a str {
        self.fields[3]
    }

    /// The account ID, or empty.
    #[must_use]
    pub const fn account(&self) -> &'a str {
        self.fields[4]
    }

    /// The resource: everything behind the fifth colon.
    #[must_use]
    pub const fn resource(&self) -> &'a str {
        self.fields[5]
    }

    /// The six fields, the leading `arn` first.
    #[must_use]
    pub const fn fields(&self) -> &[&'a str; 6] {
        &self.fields
    }
}
