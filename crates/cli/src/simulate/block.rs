//! The answers to a block of lines: for every line the answer to its scenario, or what is wrong with the line.

use std::fmt::Write as _;
use std::ops::AddAssign;
use std::str;
use std::time::Duration;

use bailiwick_scenario::Scenario;
use bailiwick_source::json::{Limits, decode_utf8};
use bailiwick_source::{Code, Error, LineIndex, Position, Span};
use serde::Serialize;

use super::expectation::Expectation;
use super::lines::{Block, Content};
use crate::exit::Exit;
use crate::terminal::inert_json;

/// The longest line that is answered, in bytes: a document's limit, 16 MiB.
pub(crate) const LONGEST_LINE: usize = Limits::DEFAULT.max_bytes;

/// A line of a batch is longer than [`LONGEST_LINE`].
const LINE_EXCEEDS_LIMIT: Code = Code::new("LINE_EXCEEDS_LIMIT");

/// The answers to a block.
#[derive(Debug)]
pub(crate) struct Answers {
    /// One JSON document a line, each line ended.
    pub(crate) text: Vec<u8>,
    pub(crate) counts: Counts,
    /// How many bytes of the input they answer.
    pub(crate) length: u64,
}

/// What became of lines.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    allowed: u64,
    denied: u64,
    unusable: u64,
    /// Of those decided, how many are not as expected.
    unexpected: u64,
    /// How many are not as their scenarios expect, where nobody asked for that to count.
    unmet: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.allowed += other.allowed;
        self.denied += other.denied;
        self.unusable += other.unusable;
        self.unexpected += other.unexpected;
        self.unmet += other.unmet;
    }
}

impl Counts {
    pub(crate) fn exit(self) -> Exit {
        if self.unusable > 0 {
            Exit::Unusable
        } else if self.unexpected > 0 {
            Exit::No
        } else {
            Exit::Yes
        }
    }

    /// Whether there was no line at all.
    pub(crate) fn is_empty(self) -> bool {
        self.allowed + self.denied + self.unusable == 0
    }

    /// What to say of scenarios that do not come to what they expect themselves.
    pub(crate) fn warning(self) -> Option<String> {
        (self.unmet > 0).then(|| {
            let lines = self.unmet;
            format!("warning: lines not as their scenarios expect: {lines} (with --expect that is exit 1)")
        })
    }

    /// One line for standard error.
    pub(crate) fn summary(self, elapsed: Duration) -> String {
        let lines = self.allowed + self.denied + self.unusable;
        let seconds = elapsed.as_secs_f64().max(1e-6);
        let unit = if lines == 1 { "line" } else { "lines" };
        let mut text = format!("{lines} {unit}: {} allowed, {} denied", self.allowed, self.denied);
        if self.unusable > 0 {
            let _ = write!(text, ", {} unusable", self.unusable);
        }
        if self.unexpected > 0 {
            let _ = write!(text, ", {} not as expected", self.unexpected);
        }
        let _ = write!(text, "; {seconds:.2} s, {:.0} lines a second", lines as f64 / seconds);
        text
    }
}

/// A line that could not be answered.
#[derive(Debug, Serialize)]
struct Unanswered<'a> {
    line: u64,
    error: Mistake<'a>,
    /// Further mistakes in the line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    others: Vec<Mistake<'a>>,
}

/// What is wrong with a line; the place is that within the line's text.
#[derive(Debug, Serialize)]
struct Mistake<'a> {
    code: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    line: u32,
    column: u32,
}

/// Answers every line of a block.
pub(crate) fn answer(block: &Block, expectation: Expectation) -> Answers {
    let mut answers = Answers { text: Vec::new(), counts: Counts::default(), length: block.length };
    match &block.content {
        Content::TooLong => answers.too_long(block.first),
        Content::Lines(bytes) => {
            let lines = bytes.strip_suffix(b"\n").unwrap_or(bytes);
            for (number, line) in (block.first..).zip(lines.split(|byte| *byte == b'\n')) {
                answers.line(number, line, expectation);
            }
        }
    }
    answers
}

impl Answers {
    fn too_long(&mut self, number: u64) {
        let message = format!("the line is longer than the limit of {LONGEST_LINE} bytes");
        self.unusable(number, "", &[Error::new(LINE_EXCEEDS_LIMIT, Span::default(), message)]);
    }

    fn line(&mut self, number: u64, bytes: &[u8], expectation: Expectation) {
        // A line that came whole may be longer, by what is read at once.
        if bytes.len() > LONGEST_LINE {
            return self.too_long(number);
        }
        let text = match decode_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let readable = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
                return self.unusable(number, readable, &[error]);
            }
        };
        let scenario = match Scenario::parse(text) {
            Ok(scenario) => scenario,
            Err(errors) => return self.unusable(number, text, errors.as_slice()),
        };
        let expected = match expectation.of(&scenario) {
            Ok(expected) => expected,
            Err(error) => return self.unusable(number, text, &[error]),
        };
        let answer = scenario.answer();
        if expectation.unmet(&scenario, answer.decision).is_some() {
            self.counts.unmet += 1;
        }
        if answer.decision.is_allowed() {
            self.counts.allowed += 1;
        } else {
            self.counts.denied += 1;
        }
        if expected.is_some_and(|expected| expected != answer.decision) {
            self.counts.unexpected += 1;
        }
        self.push(&answer);
    }

    fn unusable(&mut self, number: u64, text: &str, errors: &[Error]) {
        let index = LineIndex::new(text);
        let mut mistakes = errors.iter().map(|error| {
            let Position { line, column } = index.position(error.span.start);
            let (code, help) = (error.code.as_str(), error.help.as_deref());
            Mistake { code, message: &error.message, help, line, column }
        });
        self.counts.unusable += 1;
        if let Some(error) = mistakes.next() {
            self.push(&Unanswered { line: number, error, others: mistakes.collect() });
        }
    }

    fn push(&mut self, document: &impl Serialize) {
        // The documents have string keys, so this does not fail.
        let document = serde_json::to_string(document).unwrap_or_default();
        self.text.extend_from_slice(inert_json(&document).as_bytes());
        self.text.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes of the answers to a block.
    fn codes(content: Content) -> Vec<String> {
        let block = Block { first: 7, content, length: 0 };
        let text = answer(&block, Expectation::None).text;
        let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let answers = lines.map(|line| serde_json::from_slice::<serde_json::Value>(line).unwrap());
        answers.map(|answer| format!("{} {}", answer["line"], answer["error"]["code"])).collect()
    }

    #[test]
    fn a_line_at_the_limit_is_read_and_one_above_it_has_its_own_error() {
        let line = |length: usize| [b" ".repeat(length), b"\n".to_vec()].concat();
        assert_eq!(codes(Content::Lines(line(LONGEST_LINE))), ["7 \"JSON_SYNTAX_ERROR\""]);
        assert_eq!(codes(Content::Lines(line(LONGEST_LINE + 1))), ["7 \"LINE_EXCEEDS_LIMIT\""]);
        assert_eq!(codes(Content::TooLong), ["7 \"LINE_EXCEEDS_LIMIT\""]);
    }
}
