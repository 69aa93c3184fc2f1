//! An item of a `Resource` or `NotResource` element, with what tells most others apart.

use bailiwick_matcher::{Match, ResourcePattern};

use crate::condition::resolve;
use crate::request::Request;

/// A resource pattern and eight bytes that every match has.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    /// Where the pattern's literal beginning ends, and its last bytes, if there are as many.
    ///
    /// PERF: ARNs begin alike and differ where the literal ends. Eight instructions reject nearly every other resource,
    /// where comparing the beginning takes a call.
    end: u32,
    last: u64,
    pattern: ResourcePattern,
}

impl Resource {
    pub(crate) fn new(pattern: ResourcePattern) -> Self {
        let prefix = pattern.literal_prefix().as_bytes();
        // A literal that no number counts says nothing here.
        let (end, last) = match (u32::try_from(prefix.len()), prefix.last_chunk()) {
            (Ok(end), Some(last)) => (end, u64::from_le_bytes(*last)),
            _ => (0, 0),
        };
        Self { end, last, pattern }
    }

    pub(crate) fn pattern(&self) -> &ResourcePattern {
        &self.pattern
    }

    /// Whether `resource`, the request's, matches (rules M-9 to M-21, M-51).
    #[inline(always)]
    pub(crate) fn matches(&self, resource: &str, request: &Request<'_>) -> bool {
        self.may_match(resource)
            && match self.pattern.as_pattern() {
                Some(pattern) => pattern.is_match(resource),
                None => self.matches_by_fields(request),
            }
    }

    #[inline(always)]
    fn may_match(&self, resource: &str) -> bool {
        let Some(beginning) = resource.as_bytes().get(..self.end as usize) else { return false };
        beginning.last_chunk().is_none_or(|last| u64::from_le_bytes(*last) == self.last)
    }

    #[inline(never)]
    fn matches_by_fields(&self, request: &Request<'_>) -> bool {
        let variables = self.pattern.variables();
        self.pattern.is_match_with(request.resource(), |index| resolve(variables, index, request))
            == Match::Yes
    }
}

#[cfg(test)]
mod tests {
    use bailiwick_matcher::{ResourcePattern, Variables};

    use super::Resource;
    use crate::{Principal, Request};

    #[test]
    fn a_landmark_keeps_no_resource_out_that_matches() {
        let amy = Principal::from_arn("arn:aws:iam::111111111111:user/amy").unwrap();
        let mut matched = 0;
        for pattern in [
            "*",
            "arn:*",
            "arn:aws:s3:::b",
            "arn:aws:s3:::b*",
            "arn:aws:s3:::bucket-*/k",
            "arn:aws:s3:::home/${aws:username}/*",
            "arn:aws:s3:::${aws:username}*",
            "arn:aws:iam::1*1:role/app",
            "arn:aws:*",
            "arn:aws*:s3:::b*",
            "arn:aws?",
        ] {
            let pattern = ResourcePattern::new(pattern, Variables::Enabled);
            let compiled = Resource::new(pattern.clone());
            for resource in [
                "*",
                "arn:aws",
                "arn:aws:",
                "arn:aws:s3:::b",
                "arn:aws:s3:::bucket-1/k",
                "arn:aws:s3:::home/amy/x",
                "arn:aws:s3:::home/bob/x",
                "arn:aws:s3:::amy-1",
                "arn:aws:iam::111111111111:role/app",
                "arn:aws-cn:s3:::b",
            ] {
                let request = Request::new(&amy, "s3:GetObject", resource);
                let variables = pattern.variables();
                let resolve = |index| super::resolve(variables, index, &request);
                let expected = pattern.is_match_with(resource, resolve).is_yes();
                assert_eq!(compiled.matches(resource, &request), expected, "{pattern} on {resource}");
                matched += usize::from(expected);
            }
        }
        assert!(matched > 20, "{matched}");
    }
}
