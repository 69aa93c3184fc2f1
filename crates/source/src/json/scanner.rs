//! The state of a scan, and its elementary steps.

use super::limits::Limits;
use super::mistake;
use super::node::{BROKEN, Kind, Node, to_offset};
use crate::{Error, Span};

/// What a mistake does.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum OnMistake {
    /// It ends reading.
    Stop,
    /// Reading goes on where the repair is plain.
    GoOn,
}

/// Reading has ended early; the reason is the last of the errors.
pub(super) struct Stop;

/// No container is open.
pub(super) const NONE: u32 = u32::MAX;

/// What was read so far, and what is open.
pub(super) struct Scanner<'src> {
    pub(super) source: &'src str,
    pub(super) at: usize,
    pub(super) nodes: Vec<Node>,
    /// The index of the innermost open container.
    pub(super) open: u32,
    /// Whether the innermost open container is an object.
    pub(super) in_object: bool,
    pub(super) limits: Limits,
    pub(super) on_mistake: OnMistake,
    pub(super) errors: Vec<Error>,
    pub(super) depth: usize,
    /// A limit was exceeded: what was read says nothing about the rest.
    pub(super) exceeded: bool,
}

impl<'src> Scanner<'src> {
    pub(super) fn new(source: &'src str, limits: &Limits, on_mistake: OnMistake) -> Self {
        // Policies have one node in 13 to 40 bytes.
        let nodes = Vec::with_capacity((source.len() / 12 + 4).min(limits.max_nodes));
        Self {
            source,
            at: 0,
            nodes,
            open: NONE,
            in_object: false,
            limits: *limits,
            on_mistake,
            errors: Vec::new(),
            depth: 0,
            exceeded: false,
        }
    }

    pub(super) fn begin(&mut self, kind: Kind) -> Result<(), Stop> {
        if self.depth >= self.limits.max_depth {
            let span = Span::new(to_offset(self.at), to_offset(self.at + 1));
            return Err(self.exceed(mistake::too_deep(span, &self.limits)));
        }
        let index = to_offset(self.nodes.len());
        let start = to_offset(self.at);
        self.push(Node { start, end: start, next: self.open, kind, flags: 0 })?;
        self.open = index;
        self.in_object = kind == Kind::Object;
        self.depth += 1;
        self.at += 1;
        self.skip_blank();
        Ok(())
    }

    /// Closes the innermost open container with the byte that is next.
    pub(super) fn end(&mut self) {
        self.at += 1;
        self.close(0);
    }

    pub(super) fn close(&mut self, flags: u8) {
        let next = to_offset(self.nodes.len());
        if let Some(node) = self.nodes.get_mut(self.open as usize) {
            self.open = node.next;
            node.next = next;
            node.end = to_offset(self.at);
            node.flags = flags;
        }
        self.in_object = self.nodes.get(self.open as usize).is_some_and(|node| node.kind == Kind::Object);
        self.depth = self.depth.saturating_sub(1);
    }

    /// Closes what is open where reading ended; a member without value gets a broken one.
    pub(super) fn close_all(&mut self) {
        self.at = self.at.min(self.source.len());
        if self.in_object && !self.exceeded {
            let (mut at, mut children) = (self.open as usize + 1, 0usize);
            while let Some(node) = self.nodes.get(at) {
                at = node.next as usize;
                children += 1;
            }
            if children % 2 == 1 {
                let _ = self.push_node(Kind::Null, self.at, self.at, BROKEN);
            }
        }
        while self.open != NONE {
            self.close(BROKEN);
        }
    }

    /// Adds a value that holds no others.
    pub(super) fn push_node(&mut self, kind: Kind, start: usize, end: usize, flags: u8) -> Result<(), Stop> {
        let next = to_offset(self.nodes.len() + 1);
        self.push(Node { start: to_offset(start), end: to_offset(end), next, kind, flags })
    }

    #[inline]
    fn push(&mut self, node: Node) -> Result<(), Stop> {
        if self.nodes.len() >= self.limits.max_nodes {
            return Err(self.exceed(mistake::too_many(Span::new(node.start, node.end), &self.limits)));
        }
        self.nodes.push(node);
        Ok(())
    }

    #[cold]
    fn exceed(&mut self, error: Error) -> Stop {
        self.exceeded = true;
        self.errors.push(error);
        Stop
    }

    /// Notes a mistake that can be repaired.
    pub(super) fn report(&mut self, error: Error) -> Result<(), Stop> {
        let span = error.span;
        self.errors.push(error);
        if self.on_mistake == OnMistake::Stop {
            return Err(Stop);
        }
        if self.errors.len() >= self.limits.max_errors {
            self.errors.push(Error::too_many(self.limits.max_errors, span));
            return Err(Stop);
        }
        Ok(())
    }

    /// The next byte; 0, which no document may hold, at the end.
    #[inline]
    pub(super) fn peek(&self) -> u8 {
        self.source.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    #[inline]
    pub(super) fn skip_blank(&mut self) {
        while matches!(self.peek(), b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
        }
    }
}
