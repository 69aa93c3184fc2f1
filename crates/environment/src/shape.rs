//! Whether an output has the shape of its command's. What is misspelt, doubled or of the wrong type must not pass
//! for "there is nothing"; every mistake has its place and says what was expected.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bailiwick_source::json::{Kind, Value};
use bailiwick_source::object::Reader;
use bailiwick_source::{Code, Error, Quoted, Span, nearest};
use serde::de::DeserializeOwned;

use crate::loader::{Loader, at};

const HELP: &str = "the environment takes what the AWS CLI prints with --output json";

/// The members of an object, each once; what is said twice is a mistake.
pub(crate) fn members<'d, 's>(
    reader: &mut Reader,
    value: Value<'d, 's>,
    what: &str,
) -> Vec<(Cow<'s, str>, Span, Value<'d, 's>)> {
    let mut seen: BTreeMap<Cow<'s, str>, Span> = BTreeMap::new();
    let mut members = Vec::new();
    for (name, member) in value.members() {
        if let Some(first) = seen.get(&name.value) {
            let message = format!("{what} has the member {} twice", Quoted(&name.value));
            let error = Error::new(Code::DUPLICATE_MEMBER, name.span, message);
            reader.report(error.with_related(*first, "first here"));
            continue;
        }
        seen.insert(name.value.clone(), name.span);
        members.push((name.value, name.span, member));
    }
    members
}

impl Loader<'_> {
    /// A member without which this is no output of the command.
    pub(crate) fn need<'d, 's>(&mut self, value: Value<'d, 's>, name: &str) -> Option<Value<'d, 's>> {
        if value.kind() != Kind::Object {
            let message = format!("this is not an output of {}: here is {}", self.call, value.kind());
            self.reader.report(Error::new(Code::DATA_TYPE_MISMATCH, value.span(), message).with_help(HELP));
            return None;
        }
        let found = value.member(name);
        if found.is_none() {
            let names: Vec<Cow<'_, str>> = value.members().map(|(name, _)| name.value).collect();
            let near = names.iter().find(|found| nearest(found, &[name]).is_some());
            let help = match near {
                Some(near) => format!("did you mean {name:?} by {}?", Quoted(near)),
                None => HELP.to_owned(),
            };
            let message = format!("this is not an output of {}: it has no {name:?}", self.call);
            self.reader.report(Error::new(Code::MISSING_MEMBER, value.span(), message).with_help(help));
        }
        found
    }

    /// A text without which this is no output of the command.
    pub(crate) fn need_text(&mut self, value: Value<'_, '_>, name: &str) -> Option<String> {
        let found = self.need(value, name)?;
        self.reader.string(found, name).map(Cow::into_owned)
    }

    /// A list without which this is no output of the command.
    pub(crate) fn need_list<'d, 's>(&mut self, value: Value<'d, 's>, name: &str) -> Vec<Value<'d, 's>> {
        self.need(value, name).map(|found| self.reader.list(found, name)).unwrap_or_default()
    }

    /// The first item of a list that an output of the command is never without.
    pub(crate) fn need_first<'d, 's>(&mut self, value: Value<'d, 's>, name: &str) -> Option<Value<'d, 's>> {
        let list = self.need(value, name)?;
        let first = self.reader.list(list, name).first().copied();
        if first.is_none() && list.kind() == Kind::Array {
            self.reader.invalid(list, format!("{name} is empty"), HELP);
        }
        first
    }

    /// Refuses a member whose name nearly is one of these: AWS may add members, a misspelling is a mistake.
    pub(crate) fn refuse_misspelt(&mut self, value: Value<'_, '_>, names: &[&str]) {
        self.refuse_near(value, names, &mut BTreeMap::new());
    }

    /// The same for every item of a list.
    pub(crate) fn refuse_misspelt_in(&mut self, value: Value<'_, '_>, list: &str, names: &[&str]) {
        // The items of a list have the same members, and comparing names letter by letter takes long.
        let mut nearest_of = BTreeMap::new();
        for item in at(value, &[list]).into_iter().flat_map(Value::items) {
            self.refuse_near(item, names, &mut nearest_of);
        }
    }

    /// `nearest_of` keeps the nearest of `names` of each name that was met.
    fn refuse_near<'s, 'n>(
        &mut self,
        value: Value<'_, 's>,
        names: &[&'n str],
        nearest_of: &mut BTreeMap<Cow<'s, str>, Option<&'n str>>,
    ) {
        for (found, _) in value.members() {
            if names.contains(&&*found.value) {
                continue;
            }
            let near = match nearest_of.get(&found.value) {
                Some(near) => *near,
                None => *nearest_of.entry(found.value.clone()).or_insert(nearest(&found.value, names)),
            };
            if let Some(near) = near.filter(|near| value.member(near).is_none()) {
                let message = format!("the output of {} has no {}", self.call, Quoted(&found.value));
                let error = Error::new(Code::UNKNOWN_MEMBER, found.span, message);
                self.reader.report(error.with_help(format!("did you mean {near:?}?")));
            }
        }
    }

    /// An output in the shape of a type.
    pub(crate) fn typed<T: DeserializeOwned + Default>(&mut self, value: Value<'_, '_>) -> Option<T> {
        if value.kind() == Kind::Null {
            return Some(T::default());
        }
        match serde_json::from_str(value.text()) {
            Ok(output) => Some(output),
            Err(error) => {
                let at = innermost(value, offset(value.text(), error.line(), error.column()));
                let message = format!("this is not an output of {}: {}", self.call, in_words(&error, at));
                let error = Error::new(Code::DATA_TYPE_MISMATCH, at.span(), message);
                self.reader.report(error.with_help(HELP));
                None
            }
        }
    }
}

/// The byte offset of a line and column as serde_json counts them: lines from 1, columns in bytes, after the token.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    before.saturating_add(column.saturating_sub(1))
}

/// The innermost value that holds an offset into the text of `value`.
fn innermost<'d, 's>(value: Value<'d, 's>, offset: usize) -> Value<'d, 's> {
    let at = u32::try_from(offset).unwrap_or(u32::MAX).saturating_add(value.span().start);
    let holds = |value: &Value<'_, '_>| value.span().start <= at && at < value.span().end;
    let mut found = value;
    // Each turn goes one level down, and levels are limited.
    while let Some(inner) = found.items().chain(found.members().map(|(_, value)| value)).find(holds) {
        found = inner;
    }
    found
}

/// What does not fit, in our words.
fn in_words(error: &serde_json::Error, at: Value<'_, '_>) -> String {
    let text = error.to_string();
    if let Some(name) = text.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
        return format!("{} has no {name:?}", at.kind());
    }
    let expected = text.split_once("expected ").map(|(_, rest)| rest);
    let expected = expected.and_then(|rest| rest.rsplit_once(" at line ")).map(|(words, _)| words);
    let expected = match expected {
        Some("a sequence") => "a list",
        Some("a map") => "an object",
        Some("a string" | "a borrowed string") => "a string",
        Some("a boolean") => "true or false",
        Some("u64" | "i64" | "usize" | "u32" | "i32") => "a whole number",
        Some(words) if words.starts_with("struct ") => "an object",
        _ => return format!("{} does not fit here", at.kind()),
    };
    format!("here is {}, expected {expected}", at.kind())
}
