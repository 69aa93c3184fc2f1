//! The output of one command, of which nothing may be left out.

use bailiwick_source::json::{Kind, Value};

use crate::commands::Command;
use crate::loader::{Loader, Place, at};
use crate::shape::members;

/// Members that hold a policy, whose own reader finds what is wrong with it.
const DOCUMENTS: [&str; 5] = ["document", "Document", "Policy", "PolicyDocument", "AssumeRolePolicyDocument"];

impl Loader<'_> {
    /// One output; null means that the command printed an error because there is nothing.
    pub(crate) fn output(&mut self, command: &'static Command, place: &Place<'_>, value: Value<'_, '_>) {
        self.call = command.call();
        if matches!(value.kind(), Kind::Object | Kind::Null) {
            if self.is_whole(command, value) {
                (command.read)(self, place, value);
            }
        } else {
            self.reader.wrong_type(
                value,
                command.name,
                "the command's output, or null where it found nothing",
            );
        }
    }

    /// Whether an output says all it should. What a failed call printed, or one page of several, must not pass for
    /// "there is nothing".
    fn is_whole(&mut self, command: &Command, value: Value<'_, '_>) -> bool {
        const PAGES: [&str; 3] = ["nextToken", "NextToken", "NextMarker"];
        const MORE: [&str; 2] = ["IsTruncated", "HasMoreTags"];
        let call = command.call();
        if value.kind() == Kind::Null {
            let prints = command.none.is_empty() && !command.lists();
            if prints {
                let message = format!("{call} always prints something, null is no output of it");
                self.reader.invalid(value, message, "leave the command out if it was not called");
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
}
