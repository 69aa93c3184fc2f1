//! One action pattern against the action of a request, both in lower case.
//!
//! Service prefix and name match apart, no wildcard spans the colon (rule M-4). A pattern whose prefix has no
//! wildcard is matched in one piece all the same: its literal beginning holds the wildcards behind the colon.

use bailiwick_matcher::Pattern;

use crate::compiled::Part;
use crate::hash::short_hash;

/// The action of a request, in lower case, with its hashes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ActionText<'r> {
    /// Begins with the action.
    names: &'r str,
    colon: u32,
    end: u32,
    pub(crate) hash: u32,
    pub(crate) service_hash: u32,
}

impl<'r> ActionText<'r> {
    /// The action that `names` begins with: prefix, colon and name, which ends at `end`.
    #[inline]
    pub(crate) fn new(names: &'r str, colon: u32, end: u32, hash: u32, service_hash: u32) -> Self {
        Self { names, colon, end, hash, service_hash }
    }

    /// Prefix, colon and name.
    #[inline]
    pub(crate) fn bytes(&self) -> &'r [u8] {
        self.names.as_bytes().get(..self.end as usize).unwrap_or_default()
    }

    fn text(&self) -> &'r str {
        self.names.get(..self.end as usize).unwrap_or_default()
    }

    fn service(&self) -> &'r str {
        self.names.get(..self.colon as usize).unwrap_or_default()
    }

    fn name(&self) -> &'r str {
        self.names.get(self.colon as usize + 1..self.end as usize).unwrap_or_default()
    }
}

/// What an index looks a pattern up by.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Lookup {
    /// The hash of the whole action.
    Action(u32),
    /// The hash of the service prefix.
    Service(u32),
    /// Nothing: it is tried on every action.
    Nothing,
}

/// An action pattern, its text being part of somebody's texts.
#[derive(Clone, Debug)]
pub(crate) struct ActionPattern {
    pub(crate) text: Part,
    shape: Shape,
}

#[derive(Clone, Debug)]
enum Shape {
    /// Matches every action. Used if and only if the pattern is one or more `*`.
    Any,
    /// Matches an action if and only if it is this text. Used if and only if there is a colon and no wildcard.
    Exact,
    /// Matches an action if and only if it begins with that many bytes of the text and ends with that many, which
    /// do not overlap. Used if and only if the prefix is literal and one or more `*` in a row are all the wildcards.
    Around { prefix: u32, suffix: u32 },
    /// Used if and only if the prefix is literal and no simpler shape is equivalent.
    General(Box<Pattern>),
    /// Prefix and name. Used if and only if there is a wildcard in the prefix, or no colon.
    Apart(Box<(Pattern, Pattern)>),
}

impl ActionPattern {
    /// Reads a pattern in lower case, which stands at `part` of the texts it will be matched with.
    pub(crate) fn new(text: &str, part: Part) -> Self {
        Self { text: part, shape: Shape::new(text) }
    }

    /// What to look a pattern in lower case up by.
    pub(crate) fn lookup(text: &str) -> Lookup {
        match text.split_once(':') {
            Some((service, name)) if !has_wildcard(service) => {
                if has_wildcard(name) {
                    Lookup::Service(short_hash(service))
                } else {
                    Lookup::Action(short_hash(text))
                }
            }
            _ => Lookup::Nothing,
        }
    }

    /// Whether the action matches; `texts` are those that the pattern's text is part of.
    #[inline]
    pub(crate) fn is_match(&self, texts: &str, action: &ActionText<'_>) -> bool {
        let own = || self.text.bytes(texts);
        let text = action.bytes();
        match &self.shape {
            Shape::Any => true,
            Shape::Exact => text == own(),
            Shape::Around { prefix, suffix } => {
                let (prefix, suffix) = (*prefix as usize, *suffix as usize);
                text.len() >= prefix + suffix
                    && own().get(..prefix).is_some_and(|prefix| text.starts_with(prefix))
                    // PERF: most patterns end in a star, and comparing with an empty slice costs a call.
                    && (suffix == 0
                        || own().len().checked_sub(suffix).and_then(|start| own().get(start..))
                            .is_some_and(|suffix| text.ends_with(suffix)))
            }
            Shape::General(pattern) => pattern.is_match(action.text()),
            Shape::Apart(parts) => parts.0.is_match(action.service()) && parts.1.is_match(action.name()),
        }
    }
}

impl Shape {
    fn new(text: &str) -> Self {
        let Some((service, name)) = text.split_once(':') else {
            return if !text.is_empty() && text.bytes().all(|byte| byte == b'*') {
                Self::Any
            } else {
                // No request has an action with an empty prefix, so this matches nothing.
                Self::Apart(Box::new((Pattern::literal(""), Pattern::literal(text))))
            };
        };
        if has_wildcard(service) {
            return Self::Apart(Box::new((Pattern::new(service), Pattern::new(name))));
        }
        let Some(first) = text.find(WILDCARDS) else { return Self::Exact };
        let last = text.rfind(WILDCARDS).unwrap_or(first);
        let stars = text.as_bytes().get(first..=last).is_some_and(|run| run.iter().all(|byte| *byte == b'*'));
        match (u32::try_from(first), u32::try_from(text.len() - last - 1)) {
            (Ok(prefix), Ok(suffix)) if stars => Self::Around { prefix, suffix },
            _ => Self::General(Box::new(Pattern::new(text))),
        }
    }
}

const WILDCARDS: [char; 2] = ['*', '?'];

fn has_wildcard(text: &str) -> bool {
    text.contains(WILDCARDS)
}

#[cfg(test)]
mod tests {
    use bailiwick_normalizer::Action;

    use super::{ActionPattern, ActionText, Lookup};
    use crate::compiled::Part;
    use crate::hash::short_hash;

    const ACTIONS: [&str; 12] = [
        "s3:getobject",
        "s3:getobjectacl",
        "s3:",
        "s3:get",
        "s3:object",
        "ec2:getobject",
        ":foo",
        "s3:a:b",
        "s3:gobject",
        "s3express:getobject",
        "foo:",
        "*:x",
    ];

    fn text(action: &str) -> ActionText<'_> {
        let (service, _) = action.split_once(':').unwrap();
        let (colon, end) = (service.len() as u32, action.len() as u32);
        ActionText::new(action, colon, end, short_hash(action), short_hash(service))
    }

    #[test]
    fn every_shape_matches_as_prefix_and_name_do_apart() {
        for pattern in [
            "*",
            "**",
            "s3:*",
            "s3:get*",
            "s3:*object",
            "s3:get*acl",
            "s3:g**t",
            "s3:g*o*t",
            "s3:ge?object",
            "s3:getobject",
            "s3:getobject*",
            "s3:get*getobject",
            "s3*:getobject",
            "*:getobject",
            "s?:get*",
            "foo",
            "",
            ":foo",
            "s3:",
            "s3:*:b",
            "s3:a:b",
            "s*",
            "foo:",
            "foo:*",
            "?:*",
            "*:x",
            "s3:?",
        ] {
            let meaning = Action::new(pattern);
            let compiled = ActionPattern::new(pattern, Part::whole(pattern));
            let lookup = ActionPattern::lookup(pattern);
            for action in ACTIONS {
                let action = text(action);
                let expected =
                    meaning.service.is_match(action.service()) && meaning.name.is_match(action.name());
                assert_eq!(compiled.is_match(pattern, &action), expected, "{pattern} on {}", action.text());
                let found = match lookup {
                    Lookup::Action(hash) => hash == action.hash,
                    Lookup::Service(hash) => hash == action.service_hash,
                    Lookup::Nothing => true,
                };
                assert!(found || !expected, "{pattern} is not looked up for {}", action.text());
            }
        }
    }
}
