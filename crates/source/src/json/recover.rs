//! What the scanner does where the text is not JSON: name the mistake, and repair it if the repair is plain.
//!
//! Everything here is off the hot path. Each function is called where the scanner found none of what it
//! expected; it reports, and answers how to go on. Whatever answers `Again` has read at least one byte, so
//! reading ends.

use super::node::{BARE, BROKEN, ESCAPED, Kind};
use super::scanner::{NONE, Scanner, Stop};
use super::{decode, mistake};
use crate::display::shown;
use crate::{Error, Span};

/// How the scanner goes on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Next {
    /// Something was skipped: look again for what was expected.
    Again,
    /// What was expected has been put in its place.
    GoOn,
    /// It does not come: the container or string closes here.
    Close,
}

impl<'src> Scanner<'src> {
    /// There is no value where one is expected.
    #[cold]
    pub(super) fn no_value(&mut self) -> Result<Next, Stop> {
        if self.comment()? {
            return Ok(Next::Again);
        }
        let in_list = self.open != NONE && !self.in_object;
        match self.rest().chars().next() {
            Some(']') if in_list => self.closing_comma(),
            Some(',' | '}') if self.in_object => {
                let name = self.nodes.last().copied();
                let name = name.map_or(Span::empty(0), |name| Span::new(name.start, name.end));
                let shown = shown(name.text(self.source).unwrap_or_default().trim_matches('"'));
                let error = mistake::syntax(self.at, self.at + 1, format!("member {shown} has no value"));
                self.report(error.with_related(name, "the member"))?;
                self.push_node(Kind::Null, self.at, self.at, BROKEN)?;
                Ok(Next::GoOn)
            }
            Some(',') if in_list => {
                let error = mistake::unexpected(self.source, self.at, "a value");
                self.report(error.with_help("remove the comma"))?;
                self.skip(1);
                Ok(Next::Again)
            }
            Some('\'') => self.single_quoted(),
            Some('+' | '.') => self.bad_number().map(|()| Next::GoOn),
            Some(first) if first.is_alphanumeric() || first == '_' => self.bare_value(),
            _ => Err(self.give_up("a value")),
        }
    }

    /// There is no member name where one is expected.
    #[cold]
    pub(super) fn no_name(&mut self) -> Result<Next, Stop> {
        const EXPECTED: &str = "a member name in double quotes";
        if self.comment()? {
            return Ok(Next::Again);
        }
        match self.rest().chars().next() {
            Some('}') => self.closing_comma(),
            Some(',') => {
                let error = mistake::unexpected(self.source, self.at, EXPECTED);
                self.report(error.with_help("remove the comma"))?;
                self.skip(1);
                Ok(Next::Again)
            }
            Some('\'') => self.single_quoted(),
            Some(first) if first.is_alphanumeric() || matches!(first, '_' | '$') => {
                let (start, end) = (self.at, self.at + mistake::word_length(self.rest()));
                let word = self.source.get(start..end).unwrap_or_default();
                let error = mistake::syntax(start, end, format!("member name {} is not quoted", shown(word)));
                self.report(error.with_help(format!("write `\"{}\"`", cut(word))))?;
                self.push_node(Kind::String, start, end, BARE)?;
                self.at = end;
                Ok(Next::GoOn)
            }
            _ => Err(self.give_up(EXPECTED)),
        }
    }

    /// There is no colon after a member name.
    #[cold]
    pub(super) fn no_colon(&mut self) -> Result<Next, Stop> {
        const EXPECTED: &str = "`:` and a value after the member name";
        if self.comment()? {
            return Ok(Next::Again);
        }
        match self.peek() {
            b'=' => {
                self.report(mistake::unexpected(self.source, self.at, EXPECTED).with_help("write `:`"))?;
                let arrow = self.rest().starts_with("=>");
                self.skip(1 + usize::from(arrow));
                Ok(Next::GoOn)
            }
            // The missing value is named where the value is expected.
            b',' | b'}' => Ok(Next::GoOn),
            first if begins_value(first) => {
                self.report(mistake::unexpected(self.source, self.at, EXPECTED))?;
                Ok(Next::GoOn)
            }
            _ => Err(self.give_up(EXPECTED)),
        }
    }

    /// There is neither a comma nor the closing bracket after a value.
    #[cold]
    pub(super) fn no_separator(&mut self) -> Result<Next, Stop> {
        if self.comment()? {
            return Ok(Next::Again);
        }
        let expected = if self.in_object { "`,` or `}`" } else { "`,` or `]`" };
        match self.peek() {
            b':' if !self.in_object => {
                // What should have been a name is no value to complain about.
                if let Some(name) = self.nodes.last_mut() {
                    name.flags |= BROKEN;
                }
                let error = mistake::unexpected(self.source, self.at, expected);
                self.errors.push(error.with_help("members with names belong in an object: `{\"name\": …}`"));
                Err(Stop)
            }
            first if begins_value(first) => {
                let error = mistake::unexpected(self.source, self.at, expected);
                self.report(error.with_help("put a comma after the previous value"))?;
                Ok(Next::GoOn)
            }
            _ => Err(self.give_up(expected)),
        }
    }

    /// Something follows the document.
    #[cold]
    pub(super) fn trailing(&mut self) -> Result<Next, Stop> {
        if self.comment()? {
            return Ok(Next::Again);
        }
        if matches!(self.peek(), b'{' | b'[') {
            let error = mistake::syntax(self.at, self.at + 1, "found a second document after the first");
            self.report(
                error.with_help("a text holds one document; put the parts into one, or into a list"),
            )?;
        } else {
            self.report(mistake::unexpected(self.source, self.at, "the end of the text"))?;
        }
        Ok(Next::Close)
    }

    /// There is a control character in a string, or the string does not end.
    #[cold]
    pub(super) fn bad_character(&mut self, start: usize, flags: &mut u8) -> Result<Next, Stop> {
        let byte = self.peek();
        let ends =
            self.at >= self.source.len() || (matches!(byte, b'\n' | b'\r') && self.next_line_is_json());
        if !ends {
            if *flags & BROKEN == 0 {
                let expected = match byte {
                    b'\t' => "the escape `\\t`".to_owned(),
                    b'\n' => "the escape `\\n`".to_owned(),
                    b'\r' => "the escape `\\r`".to_owned(),
                    _ => format!("the escape `\\u{byte:04x}`"),
                };
                let found = shown(self.source.get(self.at..=self.at).unwrap_or_default());
                let message = format!("found {found} in a string, expected {expected}");
                self.report(mistake::syntax(self.at, self.at + 1, message))?;
            }
            *flags |= BROKEN;
            // The blanks after a line break were already examined; skipping them keeps the time linear.
            let blanks = if matches!(byte, b'\n' | b'\r') { self.blanks() } else { 0 };
            self.at += blanks.max(1);
            return Ok(Next::Again);
        }
        // A string without its closing quote ends with its line, less the punctuation that was meant to
        // follow it.
        let line = self.source.get(start..self.at).unwrap_or_default();
        let end = start + line.trim_end_matches([' ', '\t', ',']).len().max(1);
        *flags |= BROKEN;
        if self.at >= self.source.len() {
            self.errors.push(mistake::syntax(start, end, "string is not closed, expected `\"`"));
            self.push_node(Kind::String, start, end, *flags)?;
            return Err(Stop);
        }
        let error = mistake::syntax(start, end, "string is not closed on its line, expected `\"`");
        self.report(error.with_help("a line break in a string is written `\\n`"))?;
        self.at = end;
        Ok(Next::Close)
    }

    /// Whether the next line that is not blank goes on as JSON does: then it is a quote that is missing on
    /// this one, and otherwise the string goes on.
    fn next_line_is_json(&self) -> bool {
        let next = self.rest().as_bytes().get(self.blanks());
        matches!(next, None | Some(b'"' | b'{' | b'}' | b'[' | b']' | b',' | b':'))
    }

    /// How many blanks and line breaks are next.
    fn blanks(&self) -> usize {
        let rest = self.rest();
        rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len()
    }

    /// The length of the `\u` escape that is next, both halves of a surrogate pair, if it is well-formed.
    pub(super) fn unicode_escape_length(&self) -> Option<usize> {
        let (first, rest) = decode::code_unit(self.source.get(self.at + 2..)?)?;
        if char::from_u32(first).is_some() {
            return Some(6);
        }
        let (second, _) = decode::code_unit(rest.strip_prefix("\\u")?)?;
        decode::surrogate_pair(first, second).map(|_| 12)
    }

    /// A backslash begins no escape.
    #[cold]
    pub(super) fn bad_escape(&mut self, flags: &mut u8) -> Result<(), Stop> {
        let rest = self.rest();
        let unit = rest.strip_prefix("\\u").map(decode::code_unit);
        let (length, expected) = match unit {
            Some(Some(_)) => {
                (6, "a surrogate pair: one of `\\ud800` to `\\udbff`, then one of `\\udc00` to `\\udfff`")
            }
            Some(None) => (2, "four hexadecimal digits after `\\u`"),
            None => {
                let escaped = rest.chars().nth(1).filter(|c| !c.is_control()).map_or(0, char::len_utf8);
                (1 + escaped, "one of `\\\"`, `\\\\`, `\\/`, `\\b`, `\\f`, `\\n`, `\\r`, `\\t`, `\\uXXXX`")
            }
        };
        let found = shown(rest.get(..length).unwrap_or_default());
        let mut error = mistake::syntax(
            self.at,
            self.at + length,
            format!("found {found} in a string, expected {expected}"),
        );
        if unit.is_none() {
            error = error.with_help("a backslash itself is written `\\\\`");
        }
        self.report(error)?;
        *flags |= BROKEN;
        self.at += length;
        Ok(())
    }

    /// What begins like a number is none.
    #[cold]
    pub(super) fn bad_number(&mut self) -> Result<(), Stop> {
        let start = self.at;
        let length = mistake::word_length(self.rest()).max(1);
        let number = self.rest().get(..length).unwrap_or_default();
        let digits = number.trim_start_matches(['-', '+']);
        let help = if number.starts_with('+') {
            "a number has no plus sign"
        } else if digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit()) {
            "a number has no leading zeros; write text such as an account ID in double quotes"
        } else if digits.starts_with('.') || digits.ends_with('.') || digits.contains(".e") {
            "a number has digits on both sides of its point"
        } else if ["Infinity", "NaN"].contains(&digits) {
            "JSON has no infinity and no NaN"
        } else {
            "write text in double quotes"
        };
        let message = format!("{} is not a number", shown(number));
        self.report(mistake::syntax(start, start + length, message).with_help(help))?;
        self.push_node(Kind::Null, start, start + length, BROKEN)?;
        self.at = start + length;
        Ok(())
    }

    /// A word where a value is expected: a constant of another language, or text without quotes.
    fn bare_value(&mut self) -> Result<Next, Stop> {
        let (start, end) = (self.at, self.at + mistake::word_length(self.rest()));
        let word = self.source.get(start..end).unwrap_or_default();
        let (constant, help) = match word.to_ascii_lowercase().as_str() {
            "true" => (true, "JSON spells it `true`".to_owned()),
            "false" => (true, "JSON spells it `false`".to_owned()),
            "null" | "none" | "nil" | "undefined" => (true, "JSON spells it `null`".to_owned()),
            "nan" | "infinity" => (true, "JSON has no infinity and no NaN".to_owned()),
            _ => (false, format!("write `\"{}\"`", cut(word))),
        };
        self.report(mistake::unexpected(self.source, start, "a value").with_help(help))?;
        let (kind, flags) = if constant { (Kind::Null, BROKEN) } else { (Kind::String, BARE) };
        self.push_node(kind, start, end, flags)?;
        self.at = end;
        Ok(Next::GoOn)
    }

    /// A string in single quotes.
    fn single_quoted(&mut self) -> Result<Next, Stop> {
        let start = self.at;
        let inner = self.rest().get(1..).unwrap_or_default();
        let Some(length) = inner.find(['\'', '\n']).filter(|&at| inner.as_bytes().get(at) == Some(&b'\''))
        else {
            return Err(self.give_up("a string in double quotes"));
        };
        let end = start + length + 2;
        let error = mistake::syntax(start, end, "found a string in single quotes, expected double quotes");
        let text = inner.get(..length).unwrap_or_default();
        self.report(error.with_help(format!("write `\"{}\"`", cut(text))))?;
        let flags = if text.contains('\\') { ESCAPED | BROKEN } else { 0 };
        self.push_node(Kind::String, start, end, flags)?;
        self.at = end;
        Ok(Next::GoOn)
    }

    /// The closing bracket is next where something else is expected: a comma precedes it, unless only a
    /// comment does.
    fn closing_comma(&mut self) -> Result<Next, Stop> {
        let is_empty = self.open as usize + 1 == self.nodes.len();
        if !is_empty {
            let comma = self.source.get(..self.at).and_then(|before| before.rfind(',')).unwrap_or(self.at);
            let (closing, expected) = if self.in_object { ('}', "member") } else { (']', "value") };
            let message =
                format!("found a comma before the closing `{closing}`, expected another {expected}");
            self.report(mistake::syntax(comma, comma + 1, message).with_help("remove the comma"))?;
        }
        Ok(Next::Close)
    }

    /// Reports and skips a comment if one is next.
    fn comment(&mut self) -> Result<bool, Stop> {
        let rest = self.rest();
        let length = if rest.starts_with("//") || rest.starts_with('#') {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |at| at + 2)
        } else {
            return Ok(false);
        };
        let text = rest.get(..length).unwrap_or_default().trim_end();
        let error =
            mistake::syntax(self.at, self.at + text.len(), "found a comment, which JSON does not have");
        self.report(error.with_help("remove the comment"))?;
        self.skip(length);
        Ok(true)
    }

    /// Reports a mistake that has no plain repair.
    fn give_up(&mut self, expected: &str) -> Stop {
        let error = self.unexpected(expected);
        self.errors.push(error);
        Stop
    }

    fn unexpected(&self, expected: &str) -> Error {
        if self.at >= self.source.len() {
            return mistake::unclosed(self.source, self.opener(), expected);
        }
        let error = mistake::unexpected(self.source, self.at, expected);
        match (self.opener(), self.peek()) {
            (Some((start, kind)), b']' | b'}') => {
                let what = if kind == Kind::Object { "this object is open" } else { "this list is open" };
                error.with_related(Span::new(start, start + 1), what)
            }
            _ => error,
        }
    }

    fn opener(&self) -> Option<(u32, Kind)> {
        self.nodes.get(self.open as usize).map(|node| (node.start, node.kind))
    }

    fn rest(&self) -> &'src str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn skip(&mut self, length: usize) {
        self.at += length;
        self.skip_blank();
    }
}

/// Whether a value or a misspelt one can begin with that byte.
fn begins_value(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'"' | b'\'' | b'{' | b'[' | b'-' | b'_')
}

/// A piece of the document short enough to be repeated in a help line.
fn cut(text: &str) -> &str {
    text.char_indices().nth(60).and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}
