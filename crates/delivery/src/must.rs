//! Requirements that are not policies, in words: what must hold of an observed text.
//!
//! A requirement is written as people write it: `≤ 5120 bytes`, `1..51200`, `< 10`, `aws-waf-logs-*`,
//! `not enabled`, `us-east-1`. What stands in parentheses is a remark.

/// What must hold of an observed text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Must {
    /// A number between two others, both included.
    Between(u64, u64),
    /// Anything but this.
    Not(String),
    /// A text of this form, `*` standing for any characters.
    Like(String),
    /// A setting with this value, by the beginning of its name.
    Setting(String, String),
    /// This text, or one that is part of it.
    Be(String),
}

impl Must {
    /// Reads a requirement.
    pub(crate) fn parse(required: &str) -> Self {
        let text = without_remarks(required);
        let at_most = ["≤", "<=", "at most ", "not more than "];
        if let Some(number) = at_most.iter().find_map(|prefix| text.strip_prefix(prefix)).and_then(number) {
            return Self::Between(0, number);
        }
        if let Some(number) =
            ["<", "less than ", "fewer than "].iter().find_map(|p| text.strip_prefix(p)).and_then(number)
        {
            return number
                .checked_sub(1)
                .map_or_else(|| Self::Not(String::new()), |most| Self::Between(0, most));
        }
        let at_least = ["≥", ">=", "at least "];
        if let Some(number) = at_least.iter().find_map(|prefix| text.strip_prefix(prefix)).and_then(number) {
            return Self::Between(number, u64::MAX);
        }
        if let Some((low, high)) = text.split_once("..")
            && let (Some(low), Some(high)) = (number(low), number(high))
        {
            return Self::Between(low, high);
        }
        if let Some(rest) = text.strip_prefix("not ").or_else(|| text.strip_prefix("no ")) {
            return Self::Not(rest.trim().to_owned());
        }
        if let Some((name, value)) = text.split_once('=')
            && !name.contains(' ')
        {
            return Self::Setting(name.trim().to_owned(), value.trim().to_owned());
        }
        if text.contains('*') && !text.contains(' ') { Self::Like(text) } else { Self::Be(text) }
    }

    /// Whether it holds. `facts` are settings that were given besides.
    pub(crate) fn holds(&self, observed: &str, facts: &[(String, String)]) -> bool {
        let text = without_remarks(observed);
        match self {
            Self::Between(low, high) => {
                number_observed(&text).is_some_and(|number| (*low..=*high).contains(&number))
            }
            Self::Not(other) => !same(&text, other),
            Self::Like(pattern) => is_like(pattern, &text),
            Self::Setting(name, value) => {
                let given = facts.iter().find(|(fact, _)| starts_with(fact, name));
                given.map_or_else(|| same(&text, value), |(_, given)| same(given, value))
            }
            Self::Be(required) => match (number(required), number_observed(&text)) {
                (Some(required), Some(observed)) => required == observed,
                _ => same(&text, required) || has_words(required, &text),
            },
        }
    }
}

impl std::fmt::Display for Must {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Between(0, high) => write!(f, "at most {high}"),
            Self::Between(low, u64::MAX) => write!(f, "at least {low}"),
            Self::Between(low, high) => write!(f, "{low} to {high}"),
            Self::Not(other) => write!(f, "not {other}"),
            Self::Like(text) | Self::Be(text) => f.write_str(text),
            Self::Setting(name, value) => write!(f, "{name}={value}"),
        }
    }
}

fn without_remarks(text: &str) -> String {
    let mut depth = 0_u32;
    let mut kept = String::new();
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept.trim().to_owned()
}

fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

fn starts_with(text: &str, beginning: &str) -> bool {
    text.get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning))
}

/// Whether `words` stand in `text`, from one word's beginning to another's end.
fn has_words(text: &str, words: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '.' | ':');
    !words.is_empty()
        && text.match_indices(words).any(|(start, found)| {
            let before = text.get(..start).and_then(|before| before.chars().next_back());
            let after = text.get(start + found.len()..).and_then(|after| after.chars().next());
            !before.is_some_and(is_part) && !after.is_some_and(is_part)
        })
}

/// A number at the beginning of a text, with or without separators, in units or in kilobytes.
fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != ',').unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    let number: u64 = digits.replace(',', "").parse().ok()?;
    match rest.trim_start().split(' ').next()? {
        "KB" | "KiB" | "kB" => number.checked_mul(1024),
        _ => Some(number),
    }
}

/// As [`number`]; what exists before something is added counts with what is added.
fn number_observed(text: &str) -> Option<u64> {
    let number = number(text)?;
    if text.trim_end().ends_with("existing") { number.checked_add(1) } else { Some(number) }
}

/// `*` stands for any characters; everything else for itself.
fn is_like(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        let Some((_, after)) = rest.split_once(piece) else { return false };
        rest = after;
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::Must;

    fn holds(required: &str, observed: &str) -> bool {
        Must::parse(required).holds(observed, &[])
    }

    #[test]
    fn numbers_are_compared_with_their_limits() {
        assert!(holds("≤ 51200", "20000") && holds("1..51200", "51200") && holds("<10", "9"));
        assert!(!holds("1..51200", "51201") && !holds("<10", "10") && !holds("≤ 5120 bytes", "5121 bytes"));
        assert!(holds("≤ 5 KB", "5,120 bytes") && !holds("≤ 5 KB", "5,300 bytes"));
        assert!(holds("≤ 5", "4 existing") && !holds("≤ 5", "5 existing"));
        assert!(!holds("≤ 5", "many"));
    }

    #[test]
    fn words_must_be_those_required_or_part_of_them() {
        assert!(holds("us-east-1", "us-east-1") && holds("load balancer Region us-east-1", "us-east-1"));
        assert!(!holds("load balancer Region us-east-1", "us-west-2") && !holds("us-east-1", "us-east"));
        assert!(holds("SSE-S3 only", "SSE-S3") && !holds("SSE-S3 only", "SSE-KMS"));
        assert!(holds("true", "True") && !holds("true", "false"));
    }

    #[test]
    fn a_remark_in_parentheses_says_nothing() {
        assert!(!holds("2", "1 (current 2)") && holds("2", "2 (current)"));
        assert!(!holds("absent (not supported)", "present") && holds("absent (not supported)", "absent"));
    }

    #[test]
    fn a_negation_holds_of_everything_else() {
        assert!(holds("not enabled", "disabled") && !holds("not enabled", "enabled"));
    }

    #[test]
    fn a_form_is_a_prefix_a_suffix_or_both() {
        assert!(holds("aws-waf-logs-*", "aws-waf-logs-app") && !holds("aws-waf-logs-*", "my-waf-logs"));
        assert!(holds("a*b*c", "a1b2c") && !holds("a*b*c", "a1c") && holds("*", "") && !holds("ab*b", "ab"));
    }

    #[test]
    fn a_setting_is_found_by_the_beginning_of_its_name() {
        let facts = [("BypassPolicyLockoutCheck".to_owned(), "true".to_owned())];
        assert!(Must::parse("bypass=true").holds("bypassed", &facts));
        assert!(!Must::parse("bypass=true").holds("bypassed", &[]));
    }
}
