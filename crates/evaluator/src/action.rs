//! One action pattern against the action of a request, both in lower case.
//!
//! Service prefix and name match apart, no wildcard spans the colon (rule M-4). A pattern whose prefix has no
//! wildcard is matched in one piece all the same: its literal beginning holds the wildcards behind the colon.

use bailiwick_matcher::Pattern;

use crate::compiled::Part;
use crate::hash::{first_marks, short_hash};
use crate::index::Filter;

/// What is known of a request's action when the request is built.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ActionCode {
    /// Where the colon stands, and where the action ends: behind the colon at least.
    colon: u32,
    end: u32,
    /// Where it ends as it was given, perhaps without a colon.
    given: u32,
    pub(crate) hash: u32,
    pub(crate) service_hash: u32,
    /// What an index's filter has of those hashes, if it has them.
    pub(crate) bits: u64,
    pub(crate) service_bits: u64,
    /// The first and the last eight bytes of the name; of a shorter one zeros stand behind, and before it.
    pub(crate) head: u64,
    pub(crate) tail: u64,
}

impl ActionCode {
    /// The code of the action that `names` is: prefix, colon and name, in lower case. An action without a colon is
    /// matched as a prefix without a name, and gets one.
    pub(crate) fn new(names: &mut String) -> Self {
        let given = names.len();
        let colon = colon(names).unwrap_or_else(|| {
            names.push(':');
            given
        });
        Self::of(names, colon, given)
    }

    /// The code of an action in any case, which is put where `names` had another: its first `before` bytes. Says too how
    /// many bytes the action takes there.
    pub(crate) fn replace(names: &mut String, before: usize, action: &str) -> (Self, usize) {
        let given = action.len();
        // PERF: to replace what is all takes half as long this way.
        if before == names.len() {
            names.clear();
            names.push_str(action);
        } else {
            names.replace_range(..before, action);
        }
        let colon = colon(action).unwrap_or_else(|| {
            names.insert(given, ':');
            given
        });
        let length = given.max(colon + 1);
        if let Some(own) = names.get_mut(..length) {
            own.make_ascii_lowercase();
        }
        (Self::of(names.get(..length).unwrap_or_default(), colon, given), length)
    }

    /// The code of an action in lower case by the places of its colon and of where it ends as it was given.
    #[inline(always)]
    fn of(names: &str, colon: usize, given: usize) -> Self {
        // What is longer than any policy's text is matched as far as numbers reach.
        let place = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        let service = names.get(..colon).unwrap_or_default();
        let name = names.get(colon + 1..).unwrap_or_default().as_bytes();
        let (hash, service_hash) = (short_hash(names), short_hash(service));
        Self {
            colon: place(colon),
            end: place(names.len()),
            given: place(given),
            hash,
            service_hash,
            bits: Filter::bits(hash),
            service_bits: Filter::bits(service_hash),
            head: head(name),
            tail: tail(name),
        }
    }

    /// The action itself, which `names` begins with.
    #[inline]
    pub(crate) fn text<'r>(&'r self, names: &'r str) -> ActionText<'r> {
        ActionText { names, code: self }
    }
}

/// Where the first colon stands.
#[inline]
fn colon(text: &str) -> Option<usize> {
    text.bytes().position(|byte| byte == b':')
}

/// The first eight bytes of a text, the first one lowest.
fn head(text: &[u8]) -> u64 {
    if let Some(first) = text.first_chunk() {
        return u64::from_le_bytes(*first);
    }
    let mut bytes = [0; 8];
    bytes.iter_mut().zip(text).for_each(|(to, from)| *to = *from);
    u64::from_le_bytes(bytes)
}

/// The last eight bytes of a text, the last one highest.
fn tail(text: &[u8]) -> u64 {
    if let Some(last) = text.last_chunk() {
        return u64::from_le_bytes(*last);
    }
    let mut bytes = [0; 8];
    bytes.iter_mut().rev().zip(text.iter().rev()).for_each(|(to, from)| *to = *from);
    u64::from_le_bytes(bytes)
}

/// The action of a request, in lower case.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ActionText<'r> {
    /// Begins with the action.
    names: &'r str,
    pub(crate) code: &'r ActionCode,
}

impl<'r> ActionText<'r> {
    /// Prefix, colon and name.
    #[inline]
    pub(crate) fn bytes(&self) -> &'r [u8] {
        self.names.as_bytes().get(..self.code.end as usize).unwrap_or_default()
    }

    /// The prefix.
    #[inline]
    pub(crate) fn service_bytes(&self) -> &'r [u8] {
        self.names.as_bytes().get(..self.code.colon as usize).unwrap_or_default()
    }

    pub(crate) fn text(&self) -> &'r str {
        self.names.get(..self.code.end as usize).unwrap_or_default()
    }

    /// The action as it was given, but in lower case.
    pub(crate) fn given(&self) -> &'r str {
        self.names.get(..self.code.given as usize).unwrap_or_default()
    }

    pub(crate) fn service(&self) -> &'r str {
        self.names.get(..self.code.colon as usize).unwrap_or_default()
    }

    pub(crate) fn name(&self) -> &'r str {
        self.names.get(self.code.colon as usize + 1..self.code.end as usize).unwrap_or_default()
    }

    /// What outlines ask of the name.
    #[inline]
    pub(crate) fn name_ends(&self) -> NameEnds {
        let ActionCode { head, tail, colon, end, .. } = *self.code;
        NameEnds { head, tail, len: (end - colon).wrapping_sub(1) }
    }
}

/// The first and the last bytes of an action's name, as [`ActionCode`] has them, and its length.
#[derive(Clone, Copy)]
pub(crate) struct NameEnds {
    head: u64,
    tail: u64,
    len: u32,
}

/// What the name of an action must have for a pattern to match, as far as two comparisons of numbers tell.
///
/// PERF: four instructions for most patterns that do not match, instead of a call; a service's patterns are told from each
/// other by them. Masks are stored, for shifting by a number that is not known costs three instructions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outline {
    first: Masked,
    last: Masked,
    /// No shorter name matches.
    shortest: u32,
}

/// Some bytes of a word.
#[derive(Clone, Copy, Debug)]
struct Masked {
    bytes: u64,
    mask: u64,
}

impl Masked {
    #[inline]
    fn admits(self, word: u64) -> bool {
        (word ^ self.bytes) & self.mask == 0
    }
}

/// How many bytes of a beginning or end an outline has at most.
const OUTLINED: usize = 8;

impl Outline {
    /// The outline of a pattern whose name begins and ends with these literals.
    fn new(prefix: &[u8], suffix: &[u8]) -> Self {
        const ALL: [u8; OUTLINED] = [u8::MAX; OUTLINED];
        let all = |bytes: &[u8]| ALL.get(..bytes.len()).unwrap_or_default();
        let first = prefix.get(..OUTLINED).unwrap_or(prefix);
        let last = suffix.last_chunk::<OUTLINED>().map_or(suffix, |last| last.as_slice());
        Self {
            first: Masked { bytes: head(first), mask: head(all(first)) },
            last: Masked { bytes: tail(last), mask: tail(all(last)) },
            shortest: u32::try_from(prefix.len() + suffix.len()).unwrap_or(u32::MAX),
        }
    }

    /// Whether the name is long enough and begins and ends so.
    #[inline]
    pub(crate) fn admits(&self, name: NameEnds) -> bool {
        self.first.admits(name.head) && self.last.admits(name.tail) && name.len >= self.shortest
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
        match Marks::of(text).service(text) {
            Some((service, name)) if name.wildcards.is_some() => Lookup::Service(short_hash(service)),
            Some(_) => Lookup::Action(short_hash(text)),
            None => Lookup::Nothing,
        }
    }

    /// The outline of a pattern that is looked up by its service or by nothing, and whether a name that it admits
    /// matches: of a pattern with a literal prefix, if that is the request's.
    pub(crate) fn outline(text: &str) -> (Outline, bool) {
        let Some((service, marks)) = Marks::of(text).service(text) else {
            let everything = matches!(Shape::new(text), Shape::Any);
            return (Outline::new(b"", b""), everything);
        };
        let Some((first, last)) = marks.wildcards else { return (Outline::new(b"", b""), false) };
        let bytes = text.as_bytes();
        let prefix = bytes.get(service.len() + 1..first).unwrap_or_default();
        let suffix = bytes.get(last + 1..).unwrap_or_default();
        let stars = bytes.get(first..=last).is_some_and(|run| run.iter().all(|byte| *byte == b'*'));
        let complete = stars && prefix.len() <= OUTLINED && suffix.len() <= OUTLINED;
        (Outline::new(prefix, suffix), complete)
    }

    /// Whether the action matches; `texts` are those that the pattern's text is part of.
    #[inline(never)]
    pub(crate) fn is_match(&self, texts: &str, action: &ActionText<'_>) -> bool {
        let own = || self.text.bytes(texts);
        let text = action.bytes();
        match &self.shape {
            Shape::Any => true,
            Shape::Exact => text == own(),
            Shape::Around { prefix, suffix } => {
                let (prefix, suffix) = (*prefix as usize, *suffix as usize);
                let ends = |own: &[u8]| {
                    let suffix = own.len().checked_sub(suffix).and_then(|start| own.get(start..));
                    suffix.is_some_and(|suffix| text.ends_with(suffix))
                };
                text.len() >= prefix + suffix
                    && own().get(..prefix).is_some_and(|prefix| text.starts_with(prefix))
                    && (suffix == 0 || ends(own()))
            }
            Shape::General(pattern) => pattern.is_match(action.text()),
            Shape::Apart(parts) => parts.0.is_match(action.service()) && parts.1.is_match(action.name()),
        }
    }
}

/// Where the first colon and the first and last wildcards of a pattern stand.
#[derive(Clone, Copy)]
struct Marks {
    colon: Option<usize>,
    wildcards: Option<(usize, usize)>,
}

impl Marks {
    fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let (colon, first) = first_marks(bytes);
        let wildcards = (first < bytes.len()).then(|| {
            let last = bytes.iter().rposition(|byte| matches!(byte, b'*' | b'?'));
            (first, last.unwrap_or(first))
        });
        Self { colon: Some(colon).filter(|colon| *colon < bytes.len()), wildcards }
    }

    /// The service prefix, if it has no wildcard.
    fn service(self, text: &str) -> Option<(&str, Self)> {
        let colon = self.colon.filter(|colon| self.wildcards.is_none_or(|(first, _)| *colon < first))?;
        Some((text.get(..colon)?, self))
    }
}

impl Shape {
    fn new(text: &str) -> Self {
        let Some((service, name)) = text.split_once(':') else {
            return if !text.is_empty() && text.bytes().all(|byte| byte == b'*') {
                Self::Any
            } else {
                // Its prefix is empty, which is that of no action but one that begins with its colon.
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
    use bailiwick_normalizer::normalize;

    use super::{ActionCode, ActionPattern, Lookup};
    use crate::compiled::Part;

    const ACTIONS: [&str; 16] = [
        "s3:getobjectversion",
        "s3:getobjectversionacl",
        "s3:g",
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
        "s3:getlatestversion",
    ];

    #[test]
    fn every_shape_matches_as_prefix_and_name_do_apart() {
        for pattern in [
            "*",
            "**",
            "s3:*",
            "s3:get*",
            "s3:*object",
            "s3:get*acl",
            "s3:getobjectv*",
            "s3:getobje*",
            "s3:getobj*",
            "s3:*version",
            "s3:*tversion",
            "s3:*ctversion",
            "s3:gob*object",
            "s3:g*versionacl",
            "s3:?etobjectversionac?",
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
            let document = format!(r#"{{"Statement": {{"Effect": "Allow", "Action": "{pattern}"}}}}"#);
            let policy = normalize(&bailiwick_parser::parse(&document).unwrap(), None).unwrap();
            let element = policy.statements().next().unwrap().action();
            let (service, name) = element.actions().next().unwrap().patterns();
            let compiled = ActionPattern::new(pattern, Part::whole(pattern));
            let lookup = ActionPattern::lookup(pattern);
            let (outline, complete) = ActionPattern::outline(pattern);
            for action in ACTIONS {
                let mut names = action.to_owned();
                let code = ActionCode::new(&mut names);
                let action = code.text(&names);
                let expected = service.is_match(action.service()) && name.is_match(action.name());
                assert_eq!(compiled.is_match(pattern, &action), expected, "{pattern} on {}", action.text());
                let found = match lookup {
                    Lookup::Action(hash) => hash == code.hash,
                    Lookup::Service(hash) => hash == code.service_hash,
                    Lookup::Nothing => true,
                };
                assert!(found || !expected, "{pattern} is not looked up for {}", action.text());
                if found && !matches!(lookup, Lookup::Action(_)) {
                    let admitted = outline.admits(action.name_ends());
                    assert!(admitted || !expected, "the outline of {pattern} keeps {} out", action.text());
                    assert!(
                        !complete || admitted == expected,
                        "{pattern} is not complete for {}",
                        action.text()
                    );
                }
            }
        }
    }
}
