//! Whether an output has the shape of its command's. What is misspelt, doubled or of the wrong type must not pass
//! for "there is nothing"; every mistake has its place and says what was expected.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bailiwick_source::json::{Kind, Value};
use bailiwick_source::object::Reader;
use bailiwick_source::{Code, Error, Quoted, Span, nearest};
use serde::de::DeserializeOwned;

use super::commands::Command;
use super::read::{Loader, at};

const HELP: &str = "the environment takes what the AWS CLI prints with --output json";

/// Members that hold a policy, whose own reader finds what is wrong with it.
const DOCUMENTS: [&str; 5] = ["document", "Document", "Policy", "PolicyDocument", "AssumeRolePolicyDocument"];

/// The members of an object, each once; what is said twice is a mistake.
pub(super) fn members<'d, 's>(
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
            reader.report(error.with_related(*first, "it stands here first"));
            continue;
        }
        seen.insert(name.value.clone(), name.span);
        members.push((name.value, name.span, member));
    }
    members
}

impl Loader<'_> {
    /// Whether an output says all it should. What a failed call printed, or one page of several, must not pass for
    /// "there is nothing".
    pub(super) fn is_whole(&mut self, command: &Command, value: Value<'_, '_>) -> bool {
        const PAGES: [&str; 3] = ["nextToken", "NextToken", "NextMarker"];
        const MORE: [&str; 2] = ["IsTruncated", "HasMoreTags"];
        let call = command.call();
        if value.kind() == Kind::Null {
            let prints = command.none.is_empty() && !command.lists();
            if prints {
                let message = format!("{call} always prints something, null is no output of it");
                self.reader.invalid(value, message, "leave the command out where nobody called it");
            }
            return !prints;
        }
        let more =
            MORE.iter().filter_map(|name| at(value, &[name])).find(|more| more.as_bool() == Some(true));
        if let Some(page) = PAGES.iter().find_map(|name| at(value, &[name])).or(more) {
            let message = format!("this is one page of the output of {call}, and more follow");
            let help = "collect it without --max-items, --starting-token and --no-paginate";
            self.reader.invalid(page, message, help);
            return false;
        }
        // Where a delivery destination has no policy, the output may be empty.
        let may_be_empty = command.name == "get-delivery-destination-policy";
        if may_be_empty && value.members().next().is_none() {
            return true;
        }
        self.says_all_once(value) && self.need(value, command.member).is_some()
    }

    /// Whether no object of an output has a member twice.
    fn says_all_once(&mut self, value: Value<'_, '_>) -> bool {
        let mut once = true;
        let mut pending = vec![value];
        while let Some(value) = pending.pop() {
            pending.extend(value.items());
            let count = value.members().count();
            let members = members(self.reader, value, "an object of this output");
            once &= members.len() == count;
            pending.extend(
                members
                    .into_iter()
                    .filter(|(name, ..)| !DOCUMENTS.contains(&&**name))
                    .map(|(.., value)| value),
            );
        }
        once
    }

    /// A member without which this is no output of the command.
    pub(super) fn need<'d, 's>(&mut self, value: Value<'d, 's>, name: &str) -> Option<Value<'d, 's>> {
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
    pub(super) fn need_text(&mut self, value: Value<'_, '_>, name: &str) -> Option<String> {
        let found = self.need(value, name)?;
        self.reader.string(found, name).map(Cow::into_owned)
    }

    /// A list without which this is no output of the command.
    pub(super) fn need_list<'d, 's>(&mut self, value: Value<'d, 's>, name: &str) -> Vec<Value<'d, 's>> {
        self.need(value, name).map(|found| self.reader.list(found, name)).unwrap_or_default()
    }

    /// The first item of a list that an output of the command is never without.
    pub(super) fn need_first<'d, 's>(&mut self, value: Value<'d, 's>, name: &str) -> Option<Value<'d, 's>> {
        let list = self.need(value, name)?;
        let first = self.reader.list(list, name).first().copied();
        if first.is_none() && list.kind() == Kind::Array {
            self.reader.invalid(list, format!("{name} is empty"), HELP);
        }
        first
    }

    /// Refuses a member that is nearly called as one of these: AWS's names are open, a misspelling is not.
    pub(super) fn refuse_misspelt(&mut self, value: Value<'_, '_>, names: &[&str]) {
        for (found, _) in value.members() {
            if !names.contains(&&*found.value)
                && let Some(near) = nearest(&found.value, names)
                && value.member(near).is_none()
            {
                let message = format!("the output of {} has no {}", self.call, Quoted(&found.value));
                let error = Error::new(Code::UNKNOWN_MEMBER, found.span, message);
                self.reader.report(error.with_help(format!("did you mean {near:?}?")));
            }
        }
    }

    /// The same for every item of a list.
    pub(super) fn refuse_misspelt_in(&mut self, value: Value<'_, '_>, list: &str, names: &[&str]) {
        for item in at(value, &[list]).into_iter().flat_map(Value::items) {
            self.refuse_misspelt(item, names);
        }
    }

    /// An output in the shape of a type.
    pub(super) fn typed<T: DeserializeOwned + Default>(&mut self, value: Value<'_, '_>) -> Option<T> {
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

/// The byte offset of a line and column as serde_json counts them: lines from 1, columns in bytes behind the token.
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
