//! The parts of a pattern in canonical form, from which its shape is chosen.

use crate::template::{Segment, Variable};

/// One part of a pattern.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum OwnedPart {
    /// These characters. Never empty, and never next to another literal.
    Literal(Box<str>),
    /// One UTF-16 code unit.
    One,
    /// Any run of code units; never next to another run. `crosses` frees it although its field is confined:
    /// it is the last thing of its field in a `Resource` (rule M-13).
    Run { crosses: bool },
    /// The value of the variable with this index.
    Variable(usize),
}

/// The parts of a pattern and the variables they name.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    pub(crate) parts: Vec<OwnedPart>,
    pub(crate) variables: Vec<Variable>,
}

/// Collects parts in their canonical form: literals joined, runs of stars reduced to one.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    done: Parts,
    literal: String,
}

impl Builder {
    /// The parts of a text, as its segments give them.
    pub(crate) fn parts<'t>(segments: impl Iterator<Item = Segment<'t>>) -> Parts {
        let mut builder = Self::default();
        segments.for_each(|segment| builder.segment(segment));
        builder.finish()
    }

    /// Adds a segment.
    pub(crate) fn segment(&mut self, segment: Segment<'_>) {
        match segment {
            Segment::Text(text) => self.literal.push_str(text),
            Segment::Escape(character) => self.literal.push(character),
            Segment::Malformed(_) => self.literal.push_str("${"),
            Segment::AnyRun => self.run(false),
            Segment::AnyOne => self.part(OwnedPart::One),
            Segment::Variable { name, default } => {
                self.part(OwnedPart::Variable(self.done.variables.len()));
                self.done.variables.push(Variable::new(name, default));
            }
        }
    }

    /// Adds a run; of several in a row, the last decides how far they reach.
    pub(crate) fn run(&mut self, crosses: bool) {
        self.flush();
        if let Some(OwnedPart::Run { crosses: previous }) = self.done.parts.last_mut() {
            *previous = crosses;
        } else {
            self.done.parts.push(OwnedPart::Run { crosses });
        }
    }

    pub(crate) fn finish(mut self) -> Parts {
        self.flush();
        self.done
    }

    fn part(&mut self, part: OwnedPart) {
        self.flush();
        self.done.parts.push(part);
    }

    fn flush(&mut self) {
        if !self.literal.is_empty() {
            let literal = std::mem::take(&mut self.literal).into_boxed_str();
            self.done.parts.push(OwnedPart::Literal(literal));
        }
    }
}
