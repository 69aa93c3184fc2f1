//! Condition keys: their types, whether they are multivalued, and what they describe.

use std::borrow::Cow;
use std::sync::LazyLock;

use bailiwick_parser::syntax::Family;
use bailiwick_source::nearest;

use super::services::service;

/// One condition key.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    /// The name after the service prefix, as AWS spells it; after a final `/` or `:` the policy adds a name.
    pub(crate) name: &'static str,
    /// What it is compared as.
    pub(crate) ty: Family,
    /// Whether it is multivalued (rule K-11).
    pub(crate) multivalued: bool,
    /// Whether it names an account, an organization or a network (rule K-6).
    pub(crate) sensitive: bool,
    /// Whether it describes an IAM principal (rule K-1).
    pub(crate) principal: bool,
    /// The only actions that carry it, where the table says so.
    pub(crate) only: Vec<&'static str>,
}

impl Key {
    pub(super) fn read(name: &'static str, words: &[&'static str]) -> Self {
        let has = |word| words.contains(&word);
        let after_only = words.iter().skip_while(|word| **word != "only").nth(1);
        let ty = match words.first() {
            Some(&"arn") => Family::Arn,
            Some(&"bool") => Family::Bool,
            Some(&"numeric") => Family::Numeric,
            Some(&"date") => Family::Date,
            Some(&"ip") => Family::Ip,
            Some(&"binary") => Family::Binary,
            other => {
                debug_assert_eq!(other, Some(&"string"), "the type of {name}");
                Family::String
            }
        };
        Self {
            name,
            ty,
            multivalued: has("multi"),
            sensitive: has("sensitive"),
            principal: has("principal"),
            only: after_only.map(|names| names.split(',').collect()).unwrap_or_default(),
        }
    }

    /// Whether the policy chooses the end of the key's name, as of `aws:ResourceTag/team`.
    pub(crate) fn is_open(&self) -> bool {
        self.name.ends_with(['/', ':'])
    }

    fn is_named(&self, name: &str) -> bool {
        if self.is_open() {
            name.get(..self.name.len()).is_some_and(|start| start.eq_ignore_ascii_case(self.name))
        } else {
            name.eq_ignore_ascii_case(self.name)
        }
    }
}

static GLOBAL: LazyLock<Vec<Key>> = LazyLock::new(|| {
    let lines = super::lines(include_str!("../../data/global-keys.txt"));
    let words = lines.map(|line| line.split_whitespace().collect::<Vec<_>>());
    words.filter_map(|words| words.split_first().map(|(name, rest)| Key::read(name, rest))).collect()
});

/// What is known of a condition key, letter case ignored.
pub(crate) fn of_key(key: &str) -> Option<&'static Key> {
    let (prefix, name) = key.split_once(':')?;
    let keys = if prefix.eq_ignore_ascii_case("aws") { &GLOBAL } else { &service(prefix)?.keys };
    keys.iter().find(|key| key.is_named(name))
}

/// The global condition key that a misspelt one was probably meant to be.
pub(crate) fn nearest_global(key: &str) -> Option<Cow<'static, str>> {
    let (prefix, name) = key.split_once(':')?;
    if !prefix.eq_ignore_ascii_case("aws") {
        return None;
    }
    let (name, rest) = name.split_once('/').map_or((name, ""), |(name, rest)| (name, rest));
    let names: Vec<&str> = GLOBAL.iter().map(|key| key.name.trim_end_matches('/')).collect();
    let found = nearest(name, &names)?;
    let open = GLOBAL.iter().any(|key| key.is_open() && key.name.trim_end_matches('/') == found);
    Some(if open { format!("aws:{found}/{rest}") } else { format!("aws:{found}") }.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_whatever_their_case() {
        let key = of_key("AWS:sourcearn").expect("known");
        assert_eq!((key.name, key.ty), ("SourceArn", Family::Arn));
        assert!(of_key("aws:ResourceTag/team").is_some_and(Key::is_open));
        assert!(of_key("kms:EncryptionContext:aws:logs:arn").is_some());
        assert!(of_key("aws:NoSuchKey").is_none());
        assert!(of_key("iam:PassedToService").is_some_and(|key| key.only == ["PassRole"]));
    }

    #[test]
    fn a_misspelt_global_key_finds_the_one_that_was_meant() {
        assert_eq!(nearest_global("aws:SourceAcount").as_deref(), Some("aws:SourceAccount"));
        assert_eq!(nearest_global("aws:RessourceTag/team").as_deref(), Some("aws:ResourceTag/team"));
        assert_eq!(nearest_global("aws:NoSuchKey"), None);
    }
}
